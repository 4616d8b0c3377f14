package syntax

import "strings"

// langINI is [section] and key = value.
func langINI() *language {
	return &language{name: "ini",
		files: ".npmrc .yarnrc .pypirc .editorconfig .gitconfig .gitmodules .pnpmrc pip.conf .flaskenv.ini " +
			".coveragerc tox.ini .hgrc .boto .s3cfg .my.cnf supervisord.conf .curlrc .wgetrc",
		endings: ".ini .cfg .cnf .service .timer .socket .mount .desktop .reg .inf .container .kube .pod " +
			".netdev .network .slice .target .npmrc .gitconfig .prefs .override .rc .xcconfig",
		fences: "cfg systemd conf-ini xcconfig npmrc",
		really: iniOrOther,
		read:   readINI,
	}
}

// iniOrOther is what the text looks like: many formats are called .cfg and .rc.
func iniOrOther(_, text string) string {
	switch l := sniff(text); l {
	case "", "dotenv", "properties":
		return "ini"
	default:
		return l
	}
}

// readINI reads sections of name = value: INI, systemd units, .npmrc, git's configuration, xcconfig.
func readINI(r *reading, root *Node) {
	src := r.src
	section := root
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		at := i
		i = end + 1
		if k >= e {
			continue
		}
		switch c := src[k]; {
		case c == ';' || c == '#' || c == '/' && strings.HasPrefix(src[k:e], "//") && !strings.Contains(src[k:e], ":_"):
			if strings.HasPrefix(src[k:e], "#include") {
				continue
			}
			for k < e && strings.IndexByte(";#/ \t", src[k]) >= 0 {
				k++
			}
			hold := &Node{}
			if !r.iniEntry(hold, k, e, true) {
				r.proseLine(hold, k, e)
			}
			flagAll(hold.Kids, InComment)
			for _, n := range hold.Kids {
				section.put(n)
			}
		case c == '[':
			stop := strings.LastIndexByte(src[k:e], ']')
			if stop < 0 {
				stop = e - k
			}
			name := strings.TrimSpace(src[k+1 : max(k+stop, k+1)])
			if sub := strings.IndexByte(name, '"'); sub > 0 { // [section "sub"]
				name = strings.TrimSpace(name[:sub]) + "." + strings.Trim(name[sub:], `"`)
			}
			section.End = max(section.End, at)
			section = root.putBlock(name, k+1)
			section.Start, section.End = k, e
		default:
			// A line that ends in a backslash goes on; so do lines indented below a name without a value.
			for end < len(src) && oddBackslashes(src[k:end]) {
				r.step()
				end = lineEnd(src, end+1)
			}
			_, e = trimLine(src, k, end)
			i = end + 1
			if src[e-1] == '=' || src[e-1] == ':' {
				if next := r.iniIndented(i, k-at); next > i {
					b := section.putBind(strings.TrimSpace(src[k:e-1]), k)
					r.iniLines(b, i, next)
					i = next
					continue
				}
			}
			if !r.iniEntry(section, k, e, false) {
				r.proseLine(section, k, e)
			}
		}
	}
}

// iniIndented says how far the lines go on that are indented deeper than col.
func (r *reading) iniIndented(i, col int) int {
	for i < len(r.src) {
		r.step()
		end := lineEnd(r.src, i)
		c, blank := indentOf(r.src, i, end)
		if blank || c <= col {
			return i
		}
		i = min(end+1, len(r.src))
	}
	return i
}

// iniLines reads the indented lines below a name.
func (r *reading) iniLines(b *Node, i, end int) {
	for i < end {
		r.step()
		e := lineEnd(r.src, i)
		k, stop := trimLine(r.src, i, e)
		i = e + 1
		if k < stop && !r.iniEntry(b, k, stop, false) {
			r.value(b, k, stop, 0, refSettings|refDollar, nil)
		}
	}
	for _, k := range b.Kids {
		if k.Kind == Bind && isUpperName(k.Name) {
			k.Flags |= Env
		}
	}
}

// iniEntry reads name = value or name: value.
func (r *reading) iniEntry(n *Node, k, e int, comment bool) bool {
	src := r.src
	start := k
	if strings.HasPrefix(src[k:e], "export ") {
		k += 7
	}
	if k < e && (src[k] == '"' || src[k] == '\'') && !comment { // a quoted name
		if c, ok := quoteEnd(src[:e], k, false); ok {
			if v, _ := trim(src, c+1, e); v < e && (src[v] == '=' || src[v] == ':') {
				b := n.putBind(src[k+1:c], k+1)
				b.Start, b.End = start, e
				r.iniValue(b, v+1, e)
				return true
			}
		}
	}
	v := k
	for v < e && src[v] != '=' && (src[v] != ':' || v+1 < e && !isSpace(src[v+1])) {
		v++
	}
	if v >= e || v == k || v-k > 256 {
		return false
	}
	name := strings.TrimSpace(src[k:v])
	if comment && strings.ContainsAny(name, " \t") || name == "" {
		return false
	}
	if name[len(name)-1] == '+' || name[len(name)-1] == '?' {
		name = strings.TrimSpace(name[:len(name)-1])
	}
	if b := strings.IndexByte(name, '['); b > 0 && strings.HasSuffix(name, "]") &&
		(name[:b] == "env" || name[:b] == "ENV") {
		k += b + 1 // env[NAME] = value
		name = name[b+1 : len(name)-1]
	}
	b := n.putBind(name, k)
	b.Start, b.End = start, e
	if isUpperName(name) && isShellName(name) {
		b.Flags |= Env
	}
	r.iniValue(b, v+1, e)
	return true
}

// iniValue reads the value src[v:e].
func (r *reading) iniValue(b *Node, v, e int) {
	src := r.src
	v, e = trim(src, v, e)
	if e > v && src[e-1] == ';' && src[v] != ';' && strings.IndexByte(src[v:e-1], ';') < 0 {
		e--
	}
	switch name := strings.ToLower(b.Name); {
	case v >= e:
		return
	case name == "environment" || name == "env" || name == "setenv" || name == "passenv":
		if r.settingsLine(b, v, e) {
			return
		}
	case strings.HasPrefix(name, "execst") || strings.HasPrefix(name, "exec") || name == "command":
		for v < e && strings.IndexByte("-@+!:", src[v]) >= 0 {
			v++
		}
		if r.embed(b, "shell", "", src[v:e], shifted(v)) {
			return
		}
	}
	if q := src[v]; q == '"' || q == '\'' {
		if c, ok := quoteEnd(src[:e], v, false); ok {
			rest := strings.TrimSpace(src[c+1 : e])
			if rest == "" || rest[0] == ';' || rest[0] == '#' || rest[0] == ',' {
				r.value(b, v+1, c, Quoted, refSettings|refDollar, decodeEscapes)
				r.headerOf(b)
				return
			}
		}
	}
	for _, mark := range []string{" ;", " #", "\t;", "\t#", " //"} {
		if c := strings.Index(src[v:e], mark); c > 0 {
			_, e = trim(src, v, v+c)
		}
	}
	flags := Flags(0)
	if strings.IndexByte(src[v:e], '\n') >= 0 {
		flags = Multiline
	}
	r.value(b, v, e, flags, refSettings|refDollar, nil)
	r.headerOf(b)
}

// headerOf puts a lone "Name: value" under a Bind of its name.
func (r *reading) headerOf(b *Node) {
	if len(b.Kids) > 0 && b.Kids[0].Kind == Literal {
		r.headerIn(b, b.Kids[0])
	}
}

// settingsLine reads several NAME=value on a line: Environment=A=b "C=d", environment=A="b",C="d".
func (r *reading) settingsLine(b *Node, v, e int) bool {
	src := r.src
	before := len(b.Kids)
	for i := v; i < e; {
		r.step()
		if isSpace(src[i]) || src[i] == ',' || src[i] == '\\' {
			i++
			continue
		}
		stop := 0
		quote := byte(0)
		if src[i] == '"' || src[i] == '\'' {
			c, ok := quoteEnd(src[:e], i, false)
			if !ok {
				break
			}
			quote, stop = src[i], c
			i++
		}
		k := nameEnd(src[:e], i)
		if k == i || k >= e || src[k] != '=' {
			if quote == 0 {
				i = max(wordEnd(src, i, e), i+1)
			} else {
				i = stop + 1
			}
			continue
		}
		s := b.putBind(src[i:k], i)
		s.Flags |= Env
		val, flags := k+1, Flags(0)
		switch {
		case quote != 0:
			flags = Quoted
		case val < e && (src[val] == '"' || src[val] == '\''):
			c, ok := quoteEnd(src[:e], val, false)
			if !ok {
				c = e
			}
			val, stop, flags = val+1, c, Quoted
		default:
			stop = wordEnd(src, val, e)
			if stop > val && src[stop-1] == ',' {
				stop--
			}
		}
		s.End = stop
		var decode func(string) string
		if flags&Quoted != 0 {
			decode = decodeEscapes
		}
		r.value(s, val, stop, flags, refSettings|refDollar, decode)
		i = stop + 1
	}
	return len(b.Kids) > before
}
