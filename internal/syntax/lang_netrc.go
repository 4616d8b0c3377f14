package syntax

// langNetrc is .netrc.
func langNetrc() *language {
	return &language{name: "netrc",
		files: ".netrc _netrc .authinfo",
		read:  readNetrc,
	}
}

// readNetrc reads machine, login, password.
func readNetrc(r *reading, root *Node) {
	src := r.src
	n := root
	for i := 0; i < len(src); {
		r.step()
		if isSpace(src[i]) {
			i++
			continue
		}
		if src[i] == '#' {
			end := lineEnd(src, i)
			r.proseLine(root, i+1, end)
			i = end
			continue
		}
		w := wordEnd(src, i, len(src))
		word := src[i:w]
		v, _ := trim(src, w, len(src))
		ve := wordEnd(src, v, len(src))
		switch word {
		case "machine", "host":
			n = root.putBlock(src[v:ve], v)
			i = ve
		case "default":
			n = root.putBlock(word, i)
			i = w
		default:
			b := n.putBind(word, i)
			b.End = ve
			n.End = ve
			if v < ve {
				r.lit(b, v, ve, 0)
			}
			i = max(ve, w)
		}
	}
}
