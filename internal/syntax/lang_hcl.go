package syntax

import "strings"

// langHCL is HCL: Terraform, Nomad.
func langHCL() *language {
	return &language{name: "hcl",
		endings: ".hcl .tf .tfvars .nomad .workflow .pkr .sentinel .tofu",
		fences:  "tf terraform tfvars",
		data:    true,
		read:    readHCL,
	}
}

// readHCL reads blocks, attributes and expressions of HCL: Terraform, Nomad, Packer.
func readHCL(r *reading, root *Node) {
	h := &hcl{reading: r}
	h.body(root, 0)
}

type hcl struct {
	*reading
	at int
}

// space passes over blanks and comments, lines too where asked.
func (h *hcl) space(n *Node, lines bool) {
	src := h.src
	for h.at < len(src) {
		h.step()
		switch c := src[h.at]; {
		case c == '\n' && !lines:
			return
		case isSpace(c):
			h.at++
		case c == '#' || strings.HasPrefix(src[h.at:], "//"):
			end := lineEnd(src, h.at)
			k := h.at
			for k < end && (src[k] == '#' || src[k] == '/' || src[k] == ' ') {
				k++
			}
			h.commentedOut(n, k, end)
			h.at = end
		case strings.HasPrefix(src[h.at:], "/*"):
			end := strings.Index(src[h.at+2:], "*/")
			if end < 0 {
				h.at = len(src)
				return
			}
			h.commentedOut(n, h.at+2, h.at+2+end)
			h.at += end + 4
		default:
			return
		}
	}
}

func (h *hcl) commentedOut(n *Node, k, end int) {
	if !strings.ContainsAny(h.src[k:end], "=:.") {
		return
	}
	hold := &Node{}
	lang := "prose"
	if e := strings.IndexByte(h.src[k:end], '='); e > 0 && len(strings.Fields(h.src[k:k+e])) == 1 ||
		strings.IndexByte(h.src[k:end], '\n') > 0 {
		lang = "hcl"
	}
	h.embed(hold, lang, "", h.src[k:end], shifted(k))
	flagAll(hold.Kids, InComment)
	for _, c := range hold.Kids {
		n.put(c)
	}
}

// body reads attributes and blocks up to the closing brace.
func (h *hcl) body(n *Node, nesting int) {
	src := h.src
	for {
		h.step()
		h.space(n, true)
		if h.at >= len(src) {
			return
		}
		start := h.at
		switch c := src[h.at]; {
		case c == '}':
			h.at++
			if nesting > 0 {
				return
			}
		case c == '"' || isNameStart(c) || c == '-':
			h.entry(n, nesting)
		default:
			h.at++
		}
		if h.at == start {
			h.at++
		}
	}
}

// word reads a name, or a quoted one.
func (h *hcl) word() (name string, at int) {
	src := h.src
	if h.at < len(src) && src[h.at] == '"' {
		end, ok := quoteEnd(src[:lineEnd(src, h.at)], h.at, false)
		name, at = src[h.at+1:min(end, len(src))], h.at+1
		h.at = end
		if ok {
			h.at++
		}
		return name, at
	}
	k := h.at
	for k < len(src) && (isNameByte(src[k]) || src[k] == '-' || src[k] == '.') {
		k++
	}
	name, at = src[h.at:k], h.at
	h.at = k
	return name, at
}

func (h *hcl) entry(n *Node, nesting int) {
	src := h.src
	name, at := h.word()
	if name == "" && h.at < len(src) {
		h.at++
		return
	}
	var labels []string
	for {
		h.step()
		h.space(n, false)
		if h.at >= len(src) {
			return
		}
		switch c := src[h.at]; {
		case (c == '=' || c == ':') && !strings.HasPrefix(src[h.at:], "=="):
			h.at++
			b := n.putBind(name, at)
			if n.Kind == Block && (isEnvKey(n.Name) || strings.HasSuffix(n.Name, ".env") || n.Name == "variables") {
				b.Flags |= Env
			}
			if l := strings.TrimPrefix(n.Name, "variable."); name == "default" && l != n.Name {
				// The default of variable X is what var.X reads.
				b = b.putBind(l, n.NameStart)
			}
			h.space(b, true)
			h.expression(b, nesting+1, false)
			b.End = max(b.End, h.at)
			return
		case c == '{':
			h.at++
			b := n.putBlock(strings.Join(append([]string{name}, labels...), "."), at)
			if len(labels) > 0 && name == "variable" {
				b.NameStart = at
			}
			if nesting >= maxNesting {
				h.at = len(src)
				return
			}
			h.body(b, nesting+1)
			b.End = h.at
			return
		case c == '"' || isNameStart(c):
			l, _ := h.word()
			labels = append(labels, l)
		default:
			return
		}
	}
}

// expression reads a value and hangs its atoms. It ends at the line's end, or inside brackets at a comma.
func (h *hcl) expression(n *Node, nesting int, inside bool) {
	src := h.src
	if nesting > maxNesting {
		h.at = len(src)
		return
	}
	open := true // an operand is still to come
	for h.at < len(src) {
		h.step()
		h.space(n, inside || open)
		if h.at >= len(src) {
			return
		}
		switch c := src[h.at]; {
		case c == '\n':
			// A line that begins with an operator goes on.
			k := h.at
			for k < len(src) && isSpace(src[k]) {
				k++
			}
			if k < len(src) && (src[k] == '?' || src[k] == ':' || strings.HasPrefix(src[k:], "||") ||
				strings.HasPrefix(src[k:], "&&")) {
				h.at = k
				continue
			}
			return
		case c == ',' || c == '}' || c == ']' || c == ')':
			return
		case c == '"':
			h.str(n)
			open = false
		case strings.HasPrefix(src[h.at:], "<<"):
			h.heredoc(n)
			return
		case c == '{':
			t := n.putGroup(Table, h.at)
			h.at++
			h.object(t, nesting+1)
			t.End = h.at
			open = false
		case c == '[':
			l := n.putGroup(List, h.at)
			h.at++
			h.list(l, Element, ']', nesting+1)
			l.End = h.at
			open = false
		case c == '(':
			h.at++
			h.expression(n, nesting+1, true)
			if h.at < len(src) && src[h.at] == ')' {
				h.at++
			}
			open = false
		case isNameStart(c):
			h.name(n, nesting)
			open = false
		case c >= '0' && c <= '9':
			k := h.at
			for k < len(src) && (isNameByte(src[k]) || src[k] == '.') {
				k++
			}
			h.lit(n, h.at, k, 0)
			h.at = k
			open = false
		default:
			h.at++
			open = strings.IndexByte("?:|&+-*/=!<>%", c) >= 0
		}
	}
}

// name reads a reference or a call.
func (h *hcl) name(n *Node, nesting int) {
	src := h.src
	k := h.at
	for k < len(src) {
		h.step()
		if isNameByte(src[k]) || src[k] == '.' || src[k] == '-' && k+1 < len(src) && isNameByte(src[k+1]) {
			k++
			continue
		}
		if src[k] == '[' { // x["y"], x[0]
			if e := matching(src, k+1, '[', ']'); e > 0 && strings.IndexByte(src[k:e], '\n') < 0 {
				k = e + 1
				continue
			}
		}
		break
	}
	word := src[h.at:k]
	at := h.at
	h.at = k
	if k < len(src) && src[k] == '(' {
		h.at++
		c := n.putCall(word, at)
		h.list(c, Arg, ')', nesting+1)
		c.End = h.at
		return
	}
	switch word {
	case "true", "false", "null":
		h.lit(n, at, k, 0)
	case "for", "in", "if":
	default:
		name := word
		if strings.IndexByte(name, '[') >= 0 {
			name = strings.NewReplacer(`["`, ".", `"]`, "").Replace(name)
		}
		n.putRef(name, at).End = k
	}
}

func (h *hcl) list(l *Node, kind Kind, closer byte, nesting int) {
	for h.at < len(h.src) {
		h.step()
		h.space(l, true)
		if h.at >= len(h.src) {
			return
		}
		switch c := h.src[h.at]; c {
		case closer:
			h.at++
			return
		case ',':
			h.at++
			continue
		case '}', ']', ')':
			return
		}
		start := h.at
		e := l.putNext(kind, h.at)
		h.expression(e, nesting, true)
		e.End = h.at
		if h.at == start {
			h.at++
		}
	}
}

// object reads { key = value, "key" : value }.
func (h *hcl) object(t *Node, nesting int) {
	src := h.src
	for h.at < len(src) {
		h.step()
		h.space(t, true)
		if h.at >= len(src) {
			return
		}
		start := h.at
		switch c := src[h.at]; {
		case c == '}':
			h.at++
			return
		case c == ']' || c == ')':
			return
		case c == '"' || isNameStart(c) || c == '(':
			if c == '(' {
				h.at++
			}
			name, at := h.word()
			for h.at < len(src) && (src[h.at] == ' ' || src[h.at] == ')' || src[h.at] == '\t') {
				h.at++
			}
			if h.at < len(src) && (src[h.at] == '=' || src[h.at] == ':') {
				h.at++
				if strings.HasPrefix(src[h.at:], ">") {
					h.at++
				}
				b := t.putBind(name, at)
				h.space(b, true)
				h.expression(b, nesting, false)
				b.End = h.at
			}
		default:
			h.at++
		}
		if h.at == start {
			h.at++
		}
	}
}

// str reads a quoted text with its ${…}.
func (h *hcl) str(n *Node) {
	src := h.src
	stop := lineEnd(src, h.at)
	k := h.at + 1
	for k < stop && src[k] != '"' {
		h.step()
		switch {
		case src[k] == '\\':
			k++
		case src[k] == '$' && k+1 < stop && src[k+1] == '{':
			if e := matching(src[:stop], k+2, '{', '}'); e > 0 {
				k = e
			}
		}
		k++
	}
	k = min(k, stop)
	h.value(n, h.at+1, k, Quoted, refBrace|refTwig, decodeEscapes)
	h.at = min(k+1, len(src))
}

func (h *hcl) heredoc(n *Node) {
	src := h.src
	end := lineEnd(src, h.at)
	tag := strings.TrimLeft(strings.TrimSpace(src[h.at+2:end]), "-")
	start := min(end+1, len(src))
	stop, next := len(src), len(src)
	for i := start; i < len(src); {
		h.step()
		e := lineEnd(src, i)
		if strings.TrimSpace(src[i:e]) == tag {
			stop, next = i, e
			break
		}
		i = e + 1
	}
	h.at = next
	if start >= stop {
		return
	}
	text := src[start:stop]
	indent := commonIndent(text)
	text, m := dedent(text, indent, start)
	if lang := sniff(text); lang == "" || !h.embed(n, lang, "", text, m) {
		n.putLit(text, m.at(0), stop, Multiline)
	}
}
