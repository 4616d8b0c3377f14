package syntax

import "strings"

// readMakefile reads variables, and recipes as shell. It serves just's files too.
func readMakefile(r *reading, root *Node) {
	src := r.src
	target := root
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		if k >= e {
			i = end + 1
			continue
		}
		indented := k > i
		if src[k] == '#' {
			for k < e && (src[k] == '#' || src[k] == ' ') {
				k++
			}
			hold := &Node{}
			if !r.makeVariable(hold, k, e) {
				r.proseLine(hold, k, e)
			}
			flagAll(hold.Kids, InComment)
			for _, n := range hold.Kids {
				target.put(n)
			}
			i = end + 1
			continue
		}
		for end < len(src) && oddBackslashes(src[k:end]) {
			r.step()
			end = lineEnd(src, end+1)
		}
		_, e = trimLine(src, k, end)
		if !indented {
			i = end + 1
			if r.makeVariable(root, k, e) {
				continue
			}
			if c := strings.IndexByte(src[k:e], ':'); c > 0 {
				target = root.putBlock(strings.TrimSpace(src[k:k+c]), k)
				target.End = e
				if v, _ := trim(src, k+c+1, e); v < e {
					r.makeVariable(target, v, e) // target: NAME = value
					if s := strings.IndexByte(src[v:e], ';'); s >= 0 {
						r.recipe(target, v+s+1, e)
					}
				}
			}
			continue
		}
		if target == root && r.makeVariable(root, k, e) {
			i = end + 1
			continue
		}
		// All lines of a recipe.
		start := i
		last := end
		for i = end + 1; i < len(src); {
			r.step()
			le := lineEnd(src, i)
			if c, blank := indentOf(src, i, le); !blank && c == 0 {
				break
			} else if !blank {
				last = le
			}
			i = le + 1
		}
		i = min(i, len(src))
		r.recipe(target, start, last)
		target.End = last
	}
}

// makeVariable reads NAME = value with all of make's kinds of assignment.
func (r *reading) makeVariable(n *Node, k, e int) bool {
	src := r.src
	flags := Flags(0)
	for _, word := range []string{"export ", "override ", "set ", "unexport "} {
		if strings.HasPrefix(src[k:e], word) {
			flags = Env | Exported
			k, _ = trim(src, k+len(word), e)
		}
	}
	v := k
	for v < e && (isNameByte(src[v]) || strings.IndexByte(".-", src[v]) >= 0) {
		v++
	}
	if v == k {
		return false
	}
	name := src[k:v]
	v, _ = trim(src, v, e)
	op := v
	for v < e && strings.IndexByte(":?+!", src[v]) >= 0 {
		v++
	}
	if v >= e || src[v] != '=' || v-op > 3 {
		return false
	}
	if isUpperName(name) {
		flags |= Env
	}
	b := n.putBind(name, k)
	b.Flags, b.End = flags, e
	v, e = trim(src, v+1, e)
	if c := strings.Index(src[v:e], " #"); c >= 0 {
		_, e = trim(src, v, v+c)
	}
	if e-v >= 2 && (src[v] == '"' || src[v] == '\'') && src[e-1] == src[v] {
		r.value(b, v+1, e-1, Quoted, refSettings|refDollar, nil)
		return true
	}
	r.value(b, v, e, 0, refSettings|refDollar, nil)
	return true
}

// recipe reads lines of shell: without their tabs and marks, $(X) as ${X}, $$ as $.
func (r *reading) recipe(n *Node, start, end int) {
	src := r.src
	var b strings.Builder
	var m offsets
	continued := false
	for i := start; i < end; {
		r.step()
		e := min(lineEnd(src, i), end)
		k := i
		for k < e && (src[k] == ' ' || src[k] == '\t' || !continued && strings.IndexByte("@-+", src[k]) >= 0) {
			k++
		}
		at := k
		for ; k < e; k++ {
			r.step()
			if src[k] != '$' || k+1 >= e {
				continue
			}
			switch src[k+1] {
			case '$':
				m = append(m, seam{b.Len(), at})
				b.WriteString(src[at:k])
				at = k + 1
				k++
			case '(':
				c := strings.IndexByte(src[k:e], ')')
				if c > 2 && nameEnd(src[:k+c], k+2) == k+c {
					m = append(m, seam{b.Len(), at})
					b.WriteString(src[at:k+1] + "{" + src[k+2:k+c] + "}")
					k += c
					at = k + 1
				}
			}
		}
		m = append(m, seam{b.Len(), at})
		b.WriteString(src[at:e])
		b.WriteByte('\n')
		continued = oddBackslashes(src[i:e])
		i = e + 1
	}
	r.embed(n, "shell", "", b.String(), m)
}

// readBatch reads batch files of Windows: set NAME=value, and commands.
func readBatch(r *reading, root *Node) {
	src := r.src
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		for k < e && (src[k] == '@' || src[k] == '(' || src[k] == ')' || src[k] == ' ') {
			k++
		}
		line := src[k:e]
		comment := false
		for _, mark := range []string{"rem ", "::", "rem\t", "#"} {
			if hasPrefixFold(line, mark) {
				k, _ = trim(src, k+len(mark), e)
				comment = true
				break
			}
		}
		for !comment && end < len(src) && strings.HasSuffix(strings.TrimRight(src[k:end], " \r"), "^") {
			r.step()
			end = lineEnd(src, end+1)
			_, e = trimLine(src, k, end)
		}
		i = end + 1
		if k >= e {
			continue
		}
		hold := &Node{}
		if !r.batchSet(hold, k, e) {
			if comment {
				r.proseLine(hold, k, e)
			} else {
				// ^ continues a line as \ does, and both are one byte.
				text := strings.ReplaceAll(strings.ReplaceAll(src[k:e], "^\n", "\\\n"), "^\r\n", "\\\r\n")
				r.embed(hold, "batchline", "", text, shifted(k))
			}
		}
		if comment {
			flagAll(hold.Kids, InComment)
		}
		for _, n := range hold.Kids {
			root.put(n)
		}
	}
}

// readBatchLine reads a command of a batch file.
func readBatchLine(r *reading, root *Node) {
	s := &shell{reading: r, blocks: []*Node{root}, style: refPercent}
	s.statements()
}

func (r *reading) batchSet(n *Node, k, e int) bool {
	src := r.src
	if !hasPrefixFold(src[k:e], "set ") && !hasPrefixFold(src[k:e], "if not defined ") {
		return false
	}
	s := strings.Index(strings.ToLower(src[k:e]), "set ")
	if s < 0 {
		return false
	}
	k, e = trim(src, k+s+4, e)
	for k < e && src[k] == '/' {
		r.step()
		// set /p NAME=
		k, _ = trim(src, nextBlank(src, k, e), e)
	}
	if k < e && src[k] == '"' {
		k++
		if c := strings.LastIndexByte(src[k:e], '"'); c >= 0 {
			e = k + c
		}
	}
	eq := strings.IndexByte(src[k:e], '=')
	if eq <= 0 {
		return false
	}
	for _, sep := range []string{" & ", " && "} {
		if c := strings.Index(src[k+eq:e], sep); c >= 0 {
			e = k + eq + c
		}
	}
	b := n.putBind(strings.TrimSpace(src[k:k+eq]), k)
	b.Flags, b.End = Env, e
	v := k + eq + 1
	if e-v >= 2 && src[v] == '"' && src[e-1] == '"' {
		v, e = v+1, e-1
	}
	r.value(b, v, e, 0, refPercent|refTwig, nil)
	return true
}

// readCMake reads commands: set(NAME value), and calls whose words may be NAME=value.
func readCMake(r *reading, root *Node) {
	src := r.src
	for i := 0; i < len(src); {
		r.step()
		if src[i] == '#' {
			end := lineEnd(src, i)
			hold := &Node{}
			r.proseLine(hold, i+1, end)
			flagAll(hold.Kids, InComment)
			for _, k := range hold.Kids {
				root.put(k)
			}
			i = end
			continue
		}
		k := nameEnd(src, i)
		if k == i {
			i++
			continue
		}
		name, at := src[i:k], i
		i = k
		for i < len(src) && src[i] == ' ' {
			i++
		}
		if i >= len(src) || src[i] != '(' {
			continue
		}
		i = r.cmakeWords(root, name, at, i+1)
	}
}

// cmakeWords reads the words of a command up to its closing bracket, and returns the offset behind it.
func (r *reading) cmakeWords(root *Node, name string, at, i int) int {
	src := r.src
	c := &Node{Kind: Call, Name: name, NameStart: at, Start: at}
	depth := 0
	for i < len(src) {
		r.step()
		switch b := src[i]; {
		case b == ')' && depth == 0, b == '(' && depth > maxNesting:
			i++
			c.End = i
			hangCMake(root, c)
			return i
		case b == ')':
			depth--
			i++
		case b == '(':
			depth++
			i++
		case b == '#':
			i = lineEnd(src, i)
		case isSpace(b):
			i++
		default:
			start, quoted := i, b == '"'
			for i < len(src) && (!isSpace(src[i]) && src[i] != ')' && src[i] != '(') {
				r.step()
				if src[i] == '"' {
					if e, ok := quoteEnd(src, i, false); ok {
						i = e
					}
				}
				i++
			}
			r.cmakeWord(c, start, min(i, len(src)), quoted)
		}
	}
	c.End = len(src)
	hangCMake(root, c)
	return i
}

func (r *reading) cmakeWord(c *Node, start, end int, quoted bool) {
	src := r.src
	if quoted && end-start >= 2 && src[end-1] == '"' {
		if k := nameEnd(src[:end], start+1); k > start+1 && src[k] == '=' {
			b := c.putBind(src[start+1:k], start+1)
			b.End = end
			r.value(b, k+1, end-1, Quoted, refBrace, decodeEscapes)
			return
		}
		a := c.putNext(Arg, start)
		a.End = end
		r.value(a, start+1, end-1, Quoted, refBrace, decodeEscapes)
		return
	}
	n := start
	for n < end && src[n] == '-' || n < end && n == start+1 && src[start] == '-' && src[n] == 'D' { // -DNAME=value
		n++
	}
	if k := nameEnd(src[:end], n); k > n && k < end && src[k] == '=' {
		b := c.putBind(src[n:k], n)
		b.End = end
		v := k + 1
		for v < end && (src[v] == '"' || src[v] == '\\') {
			v++
		}
		e := end
		for e > v && (src[e-1] == '"' || src[e-1] == '\\') {
			e--
		}
		r.value(b, v, e, 0, refBrace, nil)
		return
	}
	a := c.putNext(Arg, start)
	a.End = end
	r.value(a, start, end, 0, refBrace, nil)
}

// hangCMake hangs a command; set(NAME value) is a Bind.
func hangCMake(root, c *Node) {
	if (strings.EqualFold(c.Name, "set") || strings.EqualFold(c.Name, "option")) && len(c.Kids) > 1 &&
		len(c.Kids[0].Kids) == 1 && c.Kids[0].Kids[0].Kind == Literal {
		l := c.Kids[0].Kids[0]
		b := root.putBind(l.Text, l.Start)
		b.Start, b.End = c.Start, c.End
		for _, k := range c.Kids[1:] {
			for _, v := range k.Kids {
				if v.Kind == Literal && (v.Text == "CACHE" || v.Text == "PARENT_SCOPE") {
					return
				}
				b.put(v)
			}
		}
		return
	}
	root.put(c)
}
