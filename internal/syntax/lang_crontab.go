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
	r.commentedLines(root, func(k, e, _ int) int {
		if _, v := assignment(src[k:e]); v > 0 {
			r.dotenvLine(root, k, e, e)
			return 0
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
		return 0
	})
}
