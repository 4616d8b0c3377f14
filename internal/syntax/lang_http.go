package syntax

import "strings"

// langHTTP is requests and responses as written.
func langHTTP() *language {
	return &language{name: "http",
		endings: ".http",
		fences:  "https rest",
		read:    readHTTP,
	}
}

// readHTTP reads requests and captures: a request line is a Call of its method, its URL the first Arg, its headers
// Binds under it, and its body what it looks like.
func readHTTP(r *reading, root *Node) {
	w := &wire{reading: r, root: root}
	for w.at < len(r.src) {
		r.step()
		w.line()
	}
	w.body()
}

type wire struct {
	*reading
	root   *Node
	at     int
	call   *Node // the message that is being read
	pseudo bool  // its last line was a pseudo-header of HTTP/2
	inBody bool
	start  int // of the body
}

func (w *wire) line() {
	src := w.src
	end := lineEnd(src, w.at)
	k, e := trimLine(src, w.at, end)
	at := w.at
	w.at = end + 1
	if w.inBody && !strings.HasPrefix(src[k:e], "###") && !isRequestLine(src[k:e]) && !isStatusLine(src[k:e]) &&
		requestIn(src[k:e]) < 0 && !isPseudoHeader(src[k:e]) {
		return
	}
	if w.inBody {
		w.bodyTo(at)
	}
	// Marks of curl -v and of proxies' captures.
	if k+1 < e && (src[k] == '>' || src[k] == '<' || src[k] == '*') && src[k+1] == ' ' {
		k, _ = trimLine(src, k+1, e)
	} else if k+1 == e && (src[k] == '>' || src[k] == '<') {
		return
	}
	k, e = bracketed(src, k, e)
	line := src[k:e]
	pseudo := line != "" && line[0] == ':' && isPseudoHeader(line)
	if pseudo && !w.pseudo { // a message of HTTP/2 begins with them
		w.call = w.root.putCall("", k)
	}
	w.pseudo = pseudo
	if w.call != nil {
		w.call.End = max(w.call.End, e)
	}
	if at := requestIn(line); at > 0 {
		w.call = w.requestLine(w.root, k+at, e)
		return
	}
	switch {
	case line == "":
		if w.call != nil {
			w.inBody, w.start = true, w.at
		}
	case strings.HasPrefix(line, "###"):
		w.call = nil
	case line[0] == '#' || strings.HasPrefix(line, "//"):
		for k < e && (src[k] == '#' || src[k] == '/' || src[k] == ' ') {
			k++
		}
		hold := &Node{}
		if h := headerName(src[k:e]); h > 0 && w.call != nil {
			w.header(hold, k, e)
		} else {
			w.proseLine(hold, k, e)
		}
		flagAll(hold.Kids, InComment)
		n := w.root
		if w.call != nil {
			n = w.call
		}
		for _, h := range hold.Kids {
			n.put(h)
		}
	case line[0] == '@' && strings.IndexByte(line, '=') > 0:
		eq := k + strings.IndexByte(line, '=')
		b := w.root.putBind(strings.TrimSpace(src[k+1:eq]), k+1)
		v, ve := trim(src, eq+1, e)
		w.value(b, v, ve, 0, refSettings, nil)
		b.End = e
	case isRequestLine(line):
		w.call = w.requestLine(w.root, k, e)
	case isStatusLine(line):
		w.call = w.root.putCall(nextWord(line), k)
		w.call.End = e
	case w.call == nil && (strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://")):
		w.call = w.root.putCall("GET", k)
		w.value(w.call.putNext(Arg, k), k, e, 0, refTwig, nil)
	default:
		n := w.root
		if w.call != nil {
			n = w.call
			if line[0] == '?' || line[0] == '&' { // a query over lines
				for _, c := range w.call.Kids {
					if c.Kind == Arg {
						w.value(c, k, e, 0, refTwig, nil)
						return
					}
				}
			}
		}
		if !w.header(n, k, e) {
			w.proseLine(n, k, e)
		}
	}
}

// bracketed is the header in a line of a trace that stands in brackets behind others ([HTTP/2] [1] [:path: /x]), the
// line itself where there is none.
func bracketed(src string, k, e int) (start, end int) {
	if k >= e || src[e-1] != ']' || src[k] != '[' && src[k] != 'h' {
		return k, e
	}
	for i := k; i < e; i++ {
		if src[i] != '[' {
			continue
		}
		if rest := src[i+1 : e-1]; strings.HasPrefix(rest, ":") && isPseudoHeader(rest) || headerName(rest) > 0 {
			return i + 1, e - 1
		}
	}
	return k, e
}

func nextWord(s string) string { return s[:nextBlank(s, 0, len(s))] }

func isStatusLine(line string) bool { return strings.HasPrefix(line, "HTTP/") }

// requestLine reads METHOD URL VERSION.
func (r *reading) requestLine(n *Node, k, e int) *Node {
	src := r.src
	m := nextBlank(src, k, e)
	c := n.putCall(src[k:m], k)
	c.End = e
	v, _ := trimLine(src, m, e)
	stop := e
	if h := strings.LastIndex(src[v:e], " HTTP/"); h > 0 {
		stop = v + h
	}
	r.value(c.putNext(Arg, v), v, stop, 0, refTwig|refBrace, nil)
	return c
}

// header reads Name: value.
func (r *reading) header(n *Node, k, e int) bool {
	src := r.src
	h := k
	if h < e && src[h] == ':' { // :authority of HTTP/2
		h++
	}
	for h < e && (isNameByte(src[h]) || src[h] == '-') {
		h++
	}
	if h == k || h >= e || src[h] != ':' || h+1 < e && src[h+1] == '/' {
		return false
	}
	b := n.putBind(src[k:h], k)
	b.End = e
	v, ve := trim(src, h+1, e)
	r.value(b, v, ve, 0, refSettings, nil)
	return true
}

func (w *wire) body() {
	if w.inBody {
		w.bodyTo(len(w.src))
	}
}

func (w *wire) bodyTo(end int) {
	w.inBody = false
	start := w.start
	if start >= end {
		return
	}
	b := w.call.putBlock("", start)
	b.End = end
	text := w.src[start:end]
	switch t := strings.TrimSpace(text); {
	case t == "":
		w.call.Kids = w.call.Kids[:len(w.call.Kids)-1]
	case t[0] == '{' || t[0] == '[':
		w.embed(b, "json", "", text, shifted(start))
	default:
		w.embed(b, sniff(text), "", text, shifted(start))
	}
}

// putText hangs a quoted text, its escapes resolved.
func (r *reading) putText(n *Node, start, end int) {
	n.putLit(decodeEscapes(r.src[start:end]), start, end, Quoted)
}
