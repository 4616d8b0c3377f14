package syntax

import "strings"

// langCMake is CMake.
func langCMake() *language {
	return &language{name: "cmake",
		files:   "cmakelists.txt",
		endings: ".cmake",
		read:    readCMake,
	}
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
