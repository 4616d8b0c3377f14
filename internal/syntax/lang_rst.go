package syntax

import "strings"

// langReST is reStructuredText.
func langReST() *language {
	return &language{name: "rst",
		endings: ".rst .rest",
		read:    readReST,
	}
}

// readReST reads reStructuredText: code-block directives, literal blocks behind ::, prose.
func readReST(r *reading, root *Node) {
	src := r.src
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		col := k - i
		i = end + 1
		if k >= e {
			continue
		}
		lang, name, code := "", "", false
		if d := strings.Index(src[k:e], "::"); strings.HasPrefix(src[k:e], ".. ") && d > 0 {
			switch word := strings.TrimSpace(src[k+3 : k+d]); word {
			case "code-block", "code", "sourcecode", "highlight", "prompt", "parsed-literal", "literalinclude":
				lang, code = langOfFence(strings.ToLower(strings.TrimSpace(src[k+d+2:e]))), true
			case "envvar", "option":
				r.proseLine(root, k+d+2, e)
				continue
			}
		} else if strings.HasSuffix(src[k:e], "::") {
			code = true
			r.proseLine(root, k, e-1)
		}
		if !code {
			r.sentence(root, k, e)
			continue
		}
		start, last := i, i
		for i < len(src) {
			r.step()
			le := lineEnd(src, i)
			c, blank := indentOf(src, i, le)
			if !blank && c <= col {
				break
			}
			if !blank {
				line := strings.TrimSpace(src[i:le])
				if last == start && strings.HasPrefix(line, ":") && strings.Index(line[1:], ":") > 0 { // :caption: x
					if strings.HasPrefix(line, ":caption:") || strings.HasPrefix(line, ":name:") {
						name = strings.TrimSpace(line[strings.Index(line[1:], ":")+2:])
					}
					start = min(le+1, len(src))
				}
				last = max(le, start)
			}
			i = le + 1
		}
		i = min(i, len(src))
		if start < last {
			b := root.putBlock(name, start)
			b.End = last
			r.codeBlock(b, lang, name, start, last)
		}
	}
}
