package syntax

import "strings"

// langPowerShell is PowerShell.
func langPowerShell() *language {
	return &language{name: "powershell",
		endings:  ".ps1 .psm1 .psd1",
		fences:   "ps ps1 pwsh posh",
		programs: "pwsh powershell",
		read:     readPowerShell,
	}
}

// readPowerShell reads assignments, hashtables, and commands with their parameters.
func readPowerShell(r *reading, root *Node) {
	p := &power{reading: r}
	p.statements(root, 0, 0)
}

type power struct {
	*reading
	at     int
	params bool // a list of parameters is read: a comma ends the default of one
}

// parameters reads a list of parameters up to its closing bracket.
func (p *power) parameters(n *Node, nesting int) {
	outside := p.params
	p.params = true
	p.at++
	p.statements(n, ')', nesting+1)
	p.params = outside
}

// space passes over blanks, continued lines and comments; over lines too where asked.
func (p *power) space(n *Node, lines bool) {
	src := p.src
	for p.at < len(src) {
		p.step()
		switch c := src[p.at]; {
		case c == '\n' && !lines:
			return
		case isSpace(c):
			p.at++
		case c == '`' && p.at+1 < len(src) && (src[p.at+1] == '\n' || src[p.at+1] == '\r'):
			p.at += 2
		case strings.HasPrefix(src[p.at:], "<#"):
			end := strings.Index(src[p.at:], "#>")
			if end < 0 {
				p.at = len(src)
				return
			}
			p.at += end + 2
		case c == '#':
			end := lineEnd(src, p.at)
			k := p.at
			for k < end && (src[k] == '#' || src[k] == ' ') {
				k++
			}
			hold := &Node{}
			if strings.HasPrefix(src[k:end], "$") {
				p.embed(hold, "powershell", "", src[k:end], shifted(k))
			} else if strings.ContainsAny(src[k:end], "=:.") {
				p.proseLine(hold, k, end)
			}
			flagAll(hold.Kids, InComment)
			for _, h := range hold.Kids {
				n.put(h)
			}
			p.at = end
		default:
			return
		}
	}
}

// statements reads up to a closing bracket.
func (p *power) statements(n *Node, closer byte, nesting int) {
	src := p.src
	for {
		p.step()
		p.space(n, true)
		if p.at >= len(src) {
			return
		}
		start := p.at
		switch c := src[p.at]; {
		case c == closer && closer != 0:
			p.at++
			return
		case c == ';' || c == '|' || c == '&' || c == '}' || c == ')' || c == ',' || c == '.':
			p.at++
		case c == '{' || c == '(':
			p.at++
			if nesting < maxNesting {
				p.statements(n, map[byte]byte{'{': '}', '(': ')'}[c], nesting+1)
			}
		case c == '[':
			p.typeOrCall(n, nesting)
		default:
			p.statement(n, nesting)
		}
		if p.at == start {
			p.at++
		}
	}
}

// typeOrCall reads [type] in front of a variable, and [Type]::Method(…).
func (p *power) typeOrCall(n *Node, nesting int) {
	src := p.src
	e := matching(src, p.at+1, '[', ']')
	if e < 0 {
		p.at++
		return
	}
	name, at := src[p.at+1:e], p.at+1
	p.at = e + 1
	if !strings.HasPrefix(src[p.at:], "::") {
		return
	}
	k := nameEnd(src, p.at+2)
	method := src[p.at+2 : k]
	p.at = k
	if k >= len(src) || src[k] != '(' {
		return
	}
	c := n.putCall(name+"."+method, at)
	p.at++
	p.arguments(c, nesting+1)
	if strings.EqualFold(method, "SetEnvironmentVariable") {
		nameFirst(c)
	}
}

// nameFirst puts the second argument under a Bind of the name that the first one is.
func nameFirst(c *Node) {
	if len(c.Kids) < 2 || len(c.Kids[0].Kids) != 1 || c.Kids[0].Kids[0].Kind != Literal {
		return
	}
	l, v := c.Kids[0].Kids[0], c.Kids[1]
	b := &Node{Kind: Bind, Flags: Env, Name: l.Text, NameStart: l.Start, Start: v.Start, End: v.End, Parent: v, Kids: v.Kids}
	for _, k := range b.Kids {
		k.Parent = b
	}
	v.Kids = []*Node{b}
}

func (p *power) arguments(c *Node, nesting int) {
	for p.at < len(p.src) {
		p.step()
		p.space(c, true)
		if p.at >= len(p.src) {
			return
		}
		switch p.src[p.at] {
		case ')':
			p.at++
			return
		case ',':
			p.at++
			continue
		}
		start := p.at
		a := c.putNext(Arg, p.at)
		p.value(a, nesting)
		a.End = p.at
		if p.at == start {
			p.at++
		}
	}
}

// variable reads $name, $env:NAME, ${name}.
func (p *power) variable() (name string, at int) {
	src := p.src
	k := p.at + 1
	if k < len(src) && src[k] == '{' {
		e := matching(src, k+1, '{', '}')
		if e > 0 {
			name, at = src[k+1:e], k+1
			p.at = e + 1
			if c := strings.IndexByte(name, ':'); c > 0 {
				name, at = name[c+1:], at+c+1
			}
			return name, at
		}
	}
	at = k
	for k < len(src) && (isNameByte(src[k]) || (src[k] == '.' || src[k] == ':') && k+1 < len(src) && isNameStart(src[k+1])) {
		if src[k] == ':' {
			at = k + 1 // the drive's name is noise
		}
		k++
	}
	p.at = k
	return src[at:k], at
}

func (p *power) statement(n *Node, nesting int) {
	src := p.src
	start := p.at
	if src[p.at] == '$' {
		name, at := p.variable()
		env := strings.EqualFold(strings.TrimSuffix(strings.TrimPrefix(src[start:at], "$"), ":"), "env")
		if p.at < len(src) && src[p.at] == '[' { // $headers["X"] = v
			if e := matching(src, p.at+1, '[', ']'); e > 0 {
				key := strings.Trim(src[p.at+1:e], `"' `)
				if !strings.HasPrefix(key, "$") && key != "" {
					name += "." + key
				}
				p.at = e + 1
			}
		}
		p.space(n, false)
		if p.at < len(src) && (src[p.at] == '=' || strings.HasPrefix(src[p.at:], "+=") || strings.HasPrefix(src[p.at:], "??=")) && name != "" {
			p.at += strings.IndexByte(src[p.at:], '=') + 1
			b := n.putBind(name, at)
			if env {
				b.Flags |= Env
			}
			p.space(b, true)
			p.values(b, nesting)
			b.End = max(b.End, p.at)
			return
		}
		if strings.HasPrefix(src[p.at:], "(") || strings.Contains(name, ".") && p.at < len(src) && src[p.at] == '(' { // $h.Add("X", v)
			c := n.putCall(name, at)
			p.at++
			p.arguments(c, nesting+1)
			c.End = p.at
			return
		}
		n.putRef(name, at).End = p.at
		return
	}
	if c := src[p.at]; c == '"' || c == '\'' || c == '@' {
		p.value(n, nesting)
		return
	}
	k := p.at
	for k < len(src) && !isSpace(src[k]) && strings.IndexByte("(){};|,\"'$=", src[k]) < 0 {
		k++
	}
	word := src[p.at:k]
	at := p.at
	p.at = k
	if strings.HasPrefix(word, "-") { // an operator: -not, -and
		return
	}
	switch strings.ToLower(word) {
	case "":
		p.at++
		return
	case "if", "else", "elseif", "foreach", "while", "for", "try", "catch", "finally", "switch", "return", "param", "begin",
		"process", "end", "do", "until", "throw", "using", "in":
		p.space(n, true)
		if strings.EqualFold(word, "param") && strings.HasPrefix(src[p.at:], "(") && nesting < maxNesting {
			p.parameters(n, nesting)
		}
		return
	case "function", "filter", "class":
		p.space(n, false)
		f := p.at
		for p.at < len(src) && (isNameByte(src[p.at]) || src[p.at] == '-' || src[p.at] == ':') {
			p.at++
		}
		b := n.putBlock(src[f:p.at], f)
		p.space(b, true)
		if p.at < len(src) && src[p.at] == '(' && nesting < maxNesting {
			p.parameters(b, nesting)
			p.space(b, true)
		}
		if p.at < len(src) && src[p.at] == '{' && nesting < maxNesting {
			p.at++
			p.statements(b, '}', nesting+1)
		}
		b.End = p.at
		return
	}
	p.space(n, false)
	if p.at < len(src) && src[p.at] == '=' && isNameStart(word[0]) { // Name = value, in a hashtable's body
		p.at++
		b := n.putBind(word, at)
		p.space(b, true)
		p.values(b, nesting)
		b.End = max(b.End, p.at)
		return
	}
	p.command(n, word, at, nesting)
}

// values reads an expression: values, and operators between them.
func (p *power) values(n *Node, nesting int) {
	for p.at < len(p.src) {
		p.step()
		p.space(n, false)
		if p.at >= len(p.src) {
			return
		}
		start := p.at
		switch c := p.src[p.at]; {
		case c == '\n' || c == ';' || c == '}' || c == ')' || c == ']' || c == '|':
			return
		case c == ',' && p.params:
			return
		case c == ',' || c == '+' || c == '?' || c == ':':
			p.at++
			p.space(n, true)
			continue
		case c == '-' && p.at+1 < len(p.src) && isNameStart(p.src[p.at+1]): // -replace, -f, -or
			p.at = nameEnd(p.src, p.at+1)
			continue
		case isNameStart(c) || c == '&': // a command whose result is assigned
			k := p.at
			for k < len(p.src) && !isSpace(p.src[k]) && strings.IndexByte("(){};|,\"'$", p.src[k]) < 0 {
				k++
			}
			word := p.src[p.at:k]
			at := p.at
			p.at = k
			switch strings.ToLower(word) {
			case "if", "else", "return":
				continue
			}
			p.command(n, word, at, nesting)
			return
		default:
			p.value(n, nesting)
		}
		if p.at == start {
			p.at++
		}
	}
}

// value reads one value.
func (p *power) value(n *Node, nesting int) {
	src := p.src
	if p.at >= len(src) {
		return
	}
	if nesting > maxNesting {
		p.at = len(src)
		return
	}
	switch c := src[p.at]; {
	case c == '"' || c == '\'':
		p.quoted(n)
	case c == '@' && p.at+1 < len(src) && (src[p.at+1] == '"' || src[p.at+1] == '\''):
		q := src[p.at+1 : p.at+2]
		start := min(lineEnd(src, p.at)+1, len(src))
		end := strings.Index(src[start:], "\n"+q+"@")
		if end < 0 {
			p.at = len(src)
			return
		}
		style := refStyle(0)
		if q == `"` {
			style = refDollar
		}
		p.reading.value(n, start, start+end, Quoted|Multiline, style, nil)
		p.at = start + end + 3
	case c == '@' && p.at+1 < len(src) && src[p.at+1] == '{':
		t := n.putGroup(Table, p.at)
		p.at += 2
		p.table(t, nesting+1)
		t.End = p.at
	case c == '@' && p.at+1 < len(src) && src[p.at+1] == '(':
		l := n.putGroup(List, p.at)
		p.at += 2
		for p.at < len(src) {
			p.step()
			p.space(l, true)
			if p.at >= len(src) {
				break
			}
			if src[p.at] == ')' {
				p.at++
				break
			}
			if src[p.at] == ',' || src[p.at] == ';' {
				p.at++
				continue
			}
			start := p.at
			e := l.putNext(Element, p.at)
			p.value(e, nesting+1)
			e.End = p.at
			if p.at == start {
				p.at++
			}
		}
		l.End = p.at
	case c == '$' && p.at+1 < len(src) && src[p.at+1] == '(':
		p.at += 2
		p.statements(n, ')', nesting+1)
	case c == '$' || c == '@' && p.at+1 < len(src) && isNameStart(src[p.at+1]):
		name, at := p.variable()
		if name != "" {
			n.putRef(name, at).End = p.at
		}
	case c == '(':
		p.at++
		p.statements(n, ')', nesting+1)
	case c == '{':
		p.at++
		p.statements(n, '}', nesting+1)
	case c == '[':
		p.typeOrCall(n, nesting)
	default:
		k := p.at
		for k < len(src) && !isSpace(src[k]) && strings.IndexByte("(){};|,", src[k]) < 0 {
			k++
		}
		p.reading.value(n, p.at, k, 0, refDollar, nil)
		p.at = k
	}
}

func (p *power) table(t *Node, nesting int) {
	src := p.src
	for p.at < len(src) {
		p.step()
		p.space(t, true)
		if p.at >= len(src) {
			return
		}
		start := p.at
		switch c := src[p.at]; {
		case c == '}':
			p.at++
			return
		case c == ';' || c == ',':
			p.at++
			continue
		case c == '"' || c == '\'':
			e, ok := quoteEnd(src[:lineEnd(src, p.at)], p.at, true)
			if !ok {
				p.at++
				continue
			}
			name, at := src[p.at+1:e], p.at+1
			p.at = e + 1
			p.entry(t, name, at, nesting)
		case isNameStart(c):
			k := p.at
			for k < len(src) && (isNameByte(src[k]) || src[k] == '-' || src[k] == '.') {
				k++
			}
			name, at := src[p.at:k], p.at
			p.at = k
			p.entry(t, name, at, nesting)
		default:
			p.value(t, nesting)
		}
		if p.at == start {
			p.at++
		}
	}
}

func (p *power) entry(t *Node, name string, at, nesting int) {
	p.space(t, false)
	if p.at >= len(p.src) || p.src[p.at] != '=' {
		return
	}
	p.at++
	b := t.putBind(name, at)
	p.space(b, true)
	p.values(b, nesting)
	b.End = max(b.End, p.at)
}

func (p *power) quoted(n *Node) {
	src := p.src
	q := src[p.at]
	k := p.at + 1
	for k < len(src) {
		p.step()
		if src[k] == '`' && q == '"' {
			k += 2
			continue
		}
		if src[k] == q {
			if k+1 < len(src) && src[k+1] == q {
				k += 2
				continue
			}
			break
		}
		k++
	}
	closed := k < len(src)
	if !closed {
		k = lineEnd(src, p.at)
	}
	decode := func(s string) string { return strings.ReplaceAll(s, "''", "'") }
	style := refStyle(0)
	if q == '"' {
		style = refDollar | refTwig
		decode = func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, `""`, `"`), "`", "") }
	}
	p.reading.value(n, p.at+1, k, Quoted, style, decode)
	p.at = k
	if closed {
		p.at++
	}
}

// command reads a command's words: values of parameters that PowerShell knows as values, the rest as shells do.
func (p *power) command(n *Node, word string, at, nesting int) {
	src := p.src
	var words []shellWord
	words = append(words, shellWord{text: word, raw: word, start: at, end: at + len(word)})
	for {
		p.step()
		p.space(n, false)
		if p.at >= len(src) || strings.IndexByte("\n;|})", src[p.at]) >= 0 {
			break
		}
		if src[p.at] == ',' {
			p.at++
			p.space(n, true)
			continue
		}
		start := p.at
		w := shellWord{start: start}
		switch c := src[p.at]; {
		case c == '"' || c == '\'' || c == '@' || c == '$' || c == '(' || c == '{' || c == '[':
			hold := &Node{}
			p.value(hold, nesting+1)
			w.nodes = hold.Kids
			if len(hold.Kids) > 0 && hold.Kids[0].Kind == Literal {
				w.text = hold.Kids[0].Text
				if len(hold.Kids) == 1 && (c == '"' || c == '\'') {
					w.whole = true
				}
			}
		default:
			for p.at < len(src) && !isSpace(src[p.at]) && strings.IndexByte("(){};|,", src[p.at]) < 0 {
				p.step()
				if src[p.at] == '"' || src[p.at] == '\'' {
					e, ok := quoteEnd(src[:lineEnd(src, p.at)], p.at, true)
					if ok {
						p.at = e
					}
				}
				p.at++
			}
			w.text = strings.NewReplacer(`"`, "", "'", "").Replace(src[start:p.at])
			if k := strings.IndexByte(w.text, ':'); k > 1 && w.text[0] == '-' && k == len(w.text)-1 { // -Name: value
				w.text = w.text[:k]
			}
		}
		w.end = p.at
		w.raw = src[start:p.at]
		w.quoted = len(w.raw) > 1 && (w.raw[0] == '"' || w.raw[0] == '\'') && w.raw[len(w.raw)-1] == w.raw[0]
		if w.quoted && strings.IndexByte(w.raw, '=') > 0 { // "NAME=value" is read as shells read it
			w.nodes, w.whole = nil, false
		}
		words = append(words, w)
		if p.at == start {
			p.at++
		}
	}
	s := &shell{reading: p.reading}
	c := s.command(n, words)
	if c != nil && (strings.EqualFold(word, "setx") || strings.EqualFold(word, "New-Item") || strings.EqualFold(word, "Set-Item") || strings.EqualFold(word, "Set-Content")) {
		pathAndValue(c)
	}
}

// pathAndValue reads Set-Item -Path Env:NAME -Value v.
func pathAndValue(c *Node) {
	var name, value *Node
	for _, k := range c.Kids {
		if len(k.Kids) == 0 || k.Kids[0].Kind != Literal {
			continue
		}
		if t := k.Kids[0].Text; hasPrefixFold(t, "env:") && name == nil {
			name = k.Kids[0]
		} else if strings.EqualFold(k.Name, "-Value") || k.Kind == Arg && name != nil {
			value = k
		}
	}
	if name == nil || value == nil {
		return
	}
	b := &Node{Kind: Bind, Flags: Env, Name: strings.TrimLeft(name.Text[4:], `\/`), NameStart: name.Start, Start: value.Start, End: value.End, Parent: value, Kids: value.Kids}
	for _, k := range b.Kids {
		k.Parent = b
	}
	value.Kids = []*Node{b}
}
