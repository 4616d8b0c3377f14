package syntax

import "strings"

// langProperties is key=value, of Java.
func langProperties() *language {
	return &language{name: "properties",
		files:   "manifest.mf",
		endings: ".properties",
		fences:  "java-properties",
		read:    readProperties,
	}
}

// readProperties reads Java properties: name=value, name: value, name value, with escapes and continued lines.
func readProperties(r *reading, root *Node) {
	src := r.src
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		if k >= e {
			i = end + 1
			continue
		}
		if src[k] == '#' || src[k] == '!' {
			hold := &Node{}
			c := k
			for c < e && strings.IndexByte("#! \t", src[c]) >= 0 {
				c++
			}
			if !r.property(hold, c, e, true) {
				r.proseLine(hold, c, e)
			}
			flagAll(hold.Kids, InComment)
			for _, n := range hold.Kids {
				root.put(n)
			}
			i = end + 1
			continue
		}
		// A line that ends in an odd number of backslashes goes on.
		for end < len(src) && oddBackslashes(src[k:end]) {
			r.step()
			end = lineEnd(src, end+1)
		}
		_, e = trimLine(src, k, end)
		r.property(root, k, e, false)
		i = end + 1
	}
}

// property reads one logical line. In a comment the separator must be plain, and the name one word.
func (r *reading) property(root *Node, k, e int, comment bool) bool {
	src := r.src
	n := k
	for n < e && !isSpace(src[n]) && src[n] != '=' && src[n] != ':' {
		if src[n] == '\\' {
			n++
		}
		n++
	}
	n = min(n, e)
	v, _ := trim(src, n, e)
	if v < e && (src[v] == '=' || src[v] == ':') {
		v++
		v, _ = trim(src, v, e)
	} else if comment {
		return false
	}
	if comment && (n < len(src) && src[n] == ':' || strings.IndexByte(src[k:n], '.') < 0 && strings.IndexByte(src[n:e], '=') < 0) {
		return false
	}
	if n == k {
		return false
	}
	b := root.putBind(decodeEscapes(src[k:n]), k)
	b.End = e
	flags := Flags(0)
	if strings.IndexByte(src[v:e], '\n') >= 0 {
		flags = Multiline
	}
	r.value(b, v, e, flags, refSettings, decodeEscapes)
	return true
}
