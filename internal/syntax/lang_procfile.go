package syntax

import "strings"

// langProcfile is a Procfile.
func langProcfile() *language {
	return &language{name: "procfile",
		files: "procfile procfile.dev",
		read:  readProcfile,
	}
}

// readProcfile reads name: command.
func readProcfile(r *reading, root *Node) {
	src := r.src
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		i = end + 1
		if k >= e {
			continue
		}
		if src[k] == '#' {
			r.dotenvComment(root, k, e)
			continue
		}
		c := strings.IndexByte(src[k:e], ':')
		if c <= 0 {
			r.proseLine(root, k, e)
			continue
		}
		b := root.putBind(src[k:k+c], k)
		b.End = e
		v, _ := trim(src, k+c+1, e)
		r.embed(b, "shell", "", src[v:e], shifted(v))
	}
}
