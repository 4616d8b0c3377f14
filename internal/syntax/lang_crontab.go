package syntax

// langCrontab is a crontab.
func langCrontab() *language {
	return &language{name: "crontab",
		files:   "crontab",
		endings: ".cron .crontab",
		read:    readCrontab,
	}
}

// readCrontab reads NAME=value, and commands behind their times.
func readCrontab(r *reading, root *Node) {
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
		if _, v := assignment(src[k:e]); v > 0 {
			r.dotenvLine(root, k, e, e)
			continue
		}
		fields := 5
		if src[k] == '@' {
			fields = 1
		}
		v := k
		for range fields {
			v, _ = trim(src, wordEnd(src, v, e), e)
		}
		r.embed(root, "shell", "", src[v:e], shifted(v))
	}
}
