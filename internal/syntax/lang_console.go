package syntax

import "strings"

// langConsole is a session of a shell, prompts and output.
func langConsole() *language {
	return &language{name: "console",
		fences: "shell-session bash-session shellsession sh-session",
		read:   readConsole,
	}
}

// readConsole reads a session in a terminal: what stands behind prompts is shell, the rest is what programs said.
func readConsole(r *reading, root *Node) {
	src := r.src
	prompted := strings.HasPrefix(src, "$ ") || strings.Contains(src, "\n$ ") || strings.Contains(src, "\n# ") || strings.HasPrefix(src, "# ") ||
		strings.HasPrefix(src, "> ") || strings.HasPrefix(src, "% ") || strings.HasPrefix(src, "PS ") || strings.Contains(src, "$ ")
	if !prompted {
		readShell(r, root)
		return
	}
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		i = end + 1
		if k >= e {
			continue
		}
		at := promptEnd(src[k:e])
		if at == 0 {
			r.proseLine(root, k, e)
			continue
		}
		for end < len(src) && oddBackslashes(src[k:end]) {
			r.step()
			end = lineEnd(src, end+1)
		}
		// A here-document belongs to its command.
		if strings.Contains(src[k:e], "<<") {
			end = r.heredocEnd(k, end)
		}
		i = end + 1
		lang := "shell"
		if strings.HasPrefix(src[k:e], "PS ") {
			lang = "powershell"
		}
		r.embed(root, lang, "", src[k+at:end], shifted(k+at))
	}
}

// promptEnd is the length of a prompt: "$ ", "user@host:~$ ", "PS C:\> ".
func promptEnd(line string) int {
	for _, p := range []string{"$ ", "# ", "% ", "> "} {
		if strings.HasPrefix(line, p) {
			return len(p)
		}
	}
	for _, p := range []string{"$ ", "# ", "> "} {
		if k := strings.Index(line, p); k > 0 && k < 60 && (strings.ContainsAny(line[:k], "@~]") || strings.HasPrefix(line, "PS ")) && strings.IndexByte(line[:k], '=') < 0 {
			return k + len(p)
		}
	}
	return 0
}
