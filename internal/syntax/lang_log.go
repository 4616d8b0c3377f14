package syntax

import "strings"

// langLog is lines of a log.
func langLog() *language {
	return &language{name: "log",
		endings: ".log .out .trace",
		fences:  "logs",
		named:   namedLog, really: logOrDiff,
		read: readLog,
	}
}

func namedLog(base string) bool {
	return strings.HasPrefix(base, "access.log") || strings.HasPrefix(base, "error.log")
}

// logOrDiff tells mailed patches.
func logOrDiff(head, text string) string {
	if strings.HasPrefix(head, "From ") && strings.Contains(text, "\ndiff --git ") {
		return "diff"
	}
	return "log"
}

// readLog reads what programs wrote down, line by line: JSON, requests, headers, name=value, prose.
func readLog(r *reading, root *Node) {
	src := r.src
	var call *Node // the request whose headers may follow
	pseudo := false
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		i = end + 1
		if k >= e {
			call = nil
			continue
		}
		if src[k] == '{' && r.embed(root, "json", "", src[k:e], shifted(k)) {
			call = nil
			continue
		}
		body := k
		if e-body > 2 && (src[body] == '>' || src[body] == '<') && src[body+1] == ' ' {
			body += 2
		}
		if at := requestIn(src[body:e]); at >= 0 {
			call = r.requestLine(root, body+at, e)
			continue
		}
		if isRequestLine(src[body:e]) {
			call = r.requestLine(root, body, e)
			continue
		}
		if hk, he := bracketed(src, logPrefix(src, body, e), e); src[hk] == ':' && isPseudoHeader(src[hk:he]) {
			if call == nil || call.Name != "" || !pseudo {
				call = root.putCall("", hk)
			}
			pseudo = true
			r.header(call, hk, he)
			call.End = he
			continue
		} else if pseudo = false; call != nil && hk > body && r.header(call, hk, he) {
			call.End = he
			continue
		}
		if call != nil && r.header(call, body, e) {
			continue
		}
		if body > k && r.header(root, body, e) {
			continue
		}
		call = nil
		r.logLine(root, k, e)
	}
}

// logPrefix is where in a line stands what a trace says behind its mark.
func logPrefix(src string, k, e int) int {
	if k+2 < e && src[k] == '*' && src[k+1] == ' ' {
		return k + 2
	}
	return k
}

// logLine reads one line: the requests in quotes, JSON at its end, settings, long words.
func (r *reading) logLine(root *Node, k, e int) {
	src := r.src
	if e-k > 1<<16 {
		r.words(root, k, e)
		return
	}
	for i := k; i < e; i++ {
		if src[i] == '{' && i > k && (i+1 < e && (src[i+1] == '"' || src[i+1] == '\'')) {
			r.logWords(root, k, i)
			if r.embed(root, "json", "", src[i:e], shifted(i)) {
				return
			}
		}
	}
	r.logWords(root, k, e)
}

func (r *reading) logWords(root *Node, k, e int) {
	src := r.src
	var command *Node // what the line's options are of
	for i := k; i < e; {
		r.step()
		switch c := src[i]; {
		case c == '-' && i > k && isSpace(src[i-1]) && strings.HasPrefix(src[i:e], "--") && nameEnd(src[:e], i+2) > i+2:
			if command == nil {
				command = root.putCall("", k)
				command.End = e
			}
			i = r.logOption(command, i, e)
		case c == '"' || c == '\'' || c == '`':
			end, ok := quoteEnd(src[:e], i, false)
			if !ok || c == '\'' && i > k && isNameByte(src[i-1]) {
				i++
				continue
			}
			r.logPiece(root, i+1, end)
			i = end + 1
		case isNameStart(c) || c >= '0' && c <= '9' || c == '*' || c == '[' || c == '/':
			stop := i
			for stop < e && !isSpace(src[stop]) && src[stop] != '"' {
				stop++
			}
			if isMethod(src[i:stop]) && isRequestLine(src[i:e]) {
				line := e
				if h := strings.Index(src[i:e], " HTTP/"); h > 0 {
					line = wordEnd(src, i+h+1, e)
				} else {
					u, _ := trim(src, stop, e)
					line = wordEnd(src, u, e)
				}
				r.requestLine(root, i, line)
				i = line
				continue
			}
			n := i
			for n < stop && (isNameByte(src[n]) || strings.IndexByte(".-", src[n]) >= 0) {
				n++
			}
			if n > i && n < e && (src[n] == '=' || src[n] == ':' && n+1 < e && (isSpace(src[n+1]) || src[n+1] == '"')) && n < len(src) {
				v := n + 1
				for v < e && src[v] == ' ' {
					v++
				}
				if v >= e {
					return
				}
				b := root.putBind(src[i:n], i)
				if src[v] == '"' || src[v] == '\'' {
					if end, ok := quoteEnd(src[:e], v, false); ok {
						r.value(b, v+1, end, Quoted, 0, decodeEscapes)
						b.End = end
						i = end + 1
						continue
					}
				}
				w := wordEnd(src, v, e)
				if next := src[v:w]; strings.EqualFold(next, "bearer") {
					w = wordEnd(src, min(w+1, e), e)
				}
				ve := w
				for ve > v && strings.IndexByte(",;)}]", src[ve-1]) >= 0 {
					ve--
				}
				if isMethod(src[v:ve]) {
					i = v
					root.Kids = root.Kids[:len(root.Kids)-1]
					continue
				}
				r.lit(b, v, ve, 0)
				b.End = ve
				i = max(w, i+1)
				continue
			}
			r.words(root, i, stop)
			i = max(stop, i+1)
		default:
			i++
		}
	}
}

// logOption reads --name value and --name=value in the line of a process list or a trace, and says where it ends.
func (r *reading) logOption(n *Node, i, e int) int {
	src := r.src
	w := wordEnd(src, i, e)
	v := w
	if eq := strings.IndexByte(src[i:w], '='); eq > 0 {
		w, v = i+eq, i+eq+1
	} else {
		v, _ = trim(src, v, e)
	}
	b := n.putBind(src[i:w], i)
	b.End = w
	if v >= e || src[v] == '-' {
		return max(w, i+1)
	}
	stop := wordEnd(src, v, e)
	if src[v] == '"' || src[v] == '\'' {
		if end, ok := quoteEnd(src[:e], v, false); ok {
			r.value(b, v+1, end, Quoted, 0, nil)
			b.End = end
			return end + 1
		}
	}
	if stop > v {
		r.lit(b, v, stop, 0)
	}
	b.End = stop
	return max(stop, i+1)
}

// logPiece reads a quoted part of a line.
func (r *reading) logPiece(root *Node, start, end int) {
	src := r.src
	if isRequestLine(src[start:end]) {
		r.requestLine(root, start, end)
		return
	}
	if headerName(src[start:end]) > 0 && r.header(root, start, end) {
		return
	}
	if end-start < 8 {
		return
	}
	r.putText(root, start, end)
}
