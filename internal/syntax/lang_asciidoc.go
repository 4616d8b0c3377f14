package syntax

import "strings"

// langAsciiDoc is AsciiDoc.
func langAsciiDoc() *language {
	return &language{name: "asciidoc",
		endings: ".adoc .asciidoc .asc",
		read:    readAsciiDoc,
	}
}

// readAsciiDoc reads AsciiDoc: [source,lang] blocks between ----, prose.
func readAsciiDoc(r *reading, root *Node) {
	src := r.src
	lang, name := "", ""
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		i = end + 1
		if k >= e {
			continue
		}
		line := src[k:e]
		switch {
		case strings.HasPrefix(line, "[source"):
			f := strings.FieldsFunc(strings.Trim(line, "[]"), func(c rune) bool { return c == ',' || c == '%' })
			if len(f) > 1 {
				lang = langOfFence(strings.ToLower(strings.TrimSpace(f[1])))
			}
		case line[0] == '.' && len(line) > 1 && line[1] != '.' && line[1] != ' ':
			name = strings.Trim(line[1:], "`")
		case len(line) >= 4 && (strings.Trim(line, "-") == "" || strings.Trim(line, ".") == "") || fenceAt(line) > 0:
			mark := line
			if f := fenceAt(line); f > 0 {
				mark = line[:f]
				lang = langOfFence(strings.ToLower(strings.TrimSpace(line[f:])))
			}
			start, stop := i, len(src)
			next := len(src)
			for j := i; j < len(src); {
				r.step()
				le := lineEnd(src, j)
				if strings.TrimRight(src[j:le], " \r") == mark {
					stop, next = j, min(le+1, len(src))
					break
				}
				j = le + 1
			}
			i = next
			if start < stop {
				b := root.putBlock(name, start)
				b.End = stop
				r.codeBlock(b, lang, name, start, stop)
			}
			lang, name = "", ""
		default:
			r.sentence(root, k, e)
		}
	}
}
