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
	r.commentedLines(root, func(k, e, _ int) int {
		c := strings.IndexByte(src[k:e], ':')
		if c <= 0 {
			r.proseLine(root, k, e)
			return 0
		}
		b := root.putBind(src[k:k+c], k)
		b.End = e
		v, _ := trim(src, k+c+1, e)
		r.embed(b, "shell", "", src[v:e], shifted(v))
		return 0
	})
}
