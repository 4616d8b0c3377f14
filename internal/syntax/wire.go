package syntax

import "strings"

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

// putText hangs a quoted text, its escapes resolved.
func (r *reading) putText(n *Node, start, end int) {
	n.putLit(decodeEscapes(r.src[start:end]), start, end, Quoted)
}

// readCSV reads tables of comma, semicolon, tab or bar: the first row names the cells.
func readCSV(r *reading, root *Node) {
	src := strings.TrimPrefix(r.src, "\ufeff")
	first := firstLine(src)
	sep, most := byte(','), 0
	for _, c := range []byte(",;\t|") {
		if n := strings.Count(first, string(c)); n > most {
			sep, most = c, n
		}
	}
	at := len(r.src) - len(src)
	list := root.putGroup(List, at)
	var heads []span
	for row := 0; at < len(r.src); row++ {
		r.step()
		var cells []csvCell
		cells, at = csvRow(r.src, at, sep)
		if row == 0 && headRow(r.src, cells) {
			for _, c := range cells {
				heads = append(heads, span{start: c.start, end: c.end})
			}
			continue
		}
		t := list.putNext(Element, at).putGroup(Table, at)
		for i, c := range cells {
			if c.start >= c.end {
				continue
			}
			n := t
			if i < len(heads) && heads[i].end > heads[i].start {
				n = t.putBind(r.src[heads[i].start:heads[i].end], heads[i].start)
				n.Start, n.End = c.start, c.end
			}
			text := r.src[c.start:c.end]
			flags := Flags(0)
			if c.quoted {
				text, flags = strings.ReplaceAll(text, `""`, `"`), Quoted
			}
			n.putLit(text, c.start, c.end, flags)
		}
		if len(t.Kids) > 0 {
			t.Start, t.End = t.Kids[0].Start, t.Kids[len(t.Kids)-1].End
			t.Parent.Start, t.Parent.End = t.Start, t.End
		}
		pairUp(t)
	}
}

type csvCell struct {
	start, end int
	quoted     bool
}

func csvRow(src string, at int, sep byte) ([]csvCell, int) {
	var cells []csvCell
	for {
		c := csvCell{start: at, end: at}
		if at < len(src) && src[at] == '"' {
			c.quoted = true
			c.start++
			k := at + 1
			for k < len(src) && (src[k] != '"' || k+1 < len(src) && src[k+1] == '"') {
				if src[k] == '"' {
					k++
				}
				k++
			}
			if k >= len(src) { // never closed
				k = lineEnd(src, at)
			}
			c.end = max(k, c.start)
			at = min(k+1, len(src))
			for at < len(src) && src[at] != sep && src[at] != '\n' {
				at++
			}
		} else {
			for at < len(src) && src[at] != sep && src[at] != '\n' {
				at++
			}
			c.start, c.end = trim(src, c.start, at)
		}
		cells = append(cells, c)
		if at >= len(src) {
			return cells, at
		}
		at++
		if src[at-1] == '\n' {
			return cells, at
		}
	}
}

// headRow says that a row holds names: short words, none of which looks like a value.
func headRow(src string, cells []csvCell) bool {
	if len(cells) < 2 {
		return false
	}
	for _, c := range cells {
		t := src[c.start:c.end]
		if len(t) > 48 || strings.ContainsAny(t, ":@=") || t != "" && t[0] >= '0' && t[0] <= '9' {
			return false
		}
	}
	return true
}
