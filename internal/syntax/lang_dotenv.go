package syntax

import (
	"path"
	"strings"
)

// langDotenv is NAME=value, of .env files.
func langDotenv() *language {
	return &language{name: "dotenv",
		files:   ".flaskenv environment env .dev.vars dotenv env_file .vars secrets.vars .secrets",
		endings: ".env .envrc",
		fences:  "env .env envfile",
		named:   namedDotenv,
		read:    readDotenv,
	}
}

// namedDotenv knows .env.local, prod.env, and env.prod where prod is no ending of something else.
func namedDotenv(base string) bool {
	return strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env") ||
		strings.HasPrefix(base, "env.") && path.Ext(base) != "" && langOfEnding(path.Ext(base)) == ""
}

// readDotenv reads files of NAME=value.
func readDotenv(r *reading, root *Node) {
	r.commentedLines(root, func(k, e, end int) int {
		next, ok := r.dotenvLine(root, k, e, end)
		if !ok {
			r.proseLine(root, k, e)
		}
		return next
	})
}

// commentedLines reads a text line by line: comments begin with #, and read has what else stands between k and e, without
// blanks around it, in a line that ends at end. Where read says how far it has read, it goes on from there.
func (r *reading) commentedLines(root *Node, read func(k, e, end int) (next int)) {
	for i := 0; i < len(r.src); {
		r.step()
		end := lineEnd(r.src, i)
		k, e := trimLine(r.src, i, end)
		i = end + 1
		switch {
		case k >= e:
		case r.src[k] == '#':
			r.dotenvComment(root, k, e)
		default:
			i = max(i, read(k, e, end))
		}
	}
}

// dotenvComment reads a comment as the setting that it was, or as prose.
func (r *reading) dotenvComment(root *Node, k, e int) {
	for k < e && (r.src[k] == '#' || r.src[k] == ' ' || r.src[k] == '\t') {
		k++
	}
	hold := &Node{}
	if _, ok := r.dotenvLine(hold, k, e, e); !ok {
		r.proseLine(hold, k, e)
	}
	flagAll(hold.Kids, InComment)
	for _, n := range hold.Kids {
		root.put(n)
	}
}

// dotenvLine reads NAME=value that begins at k. A quoted value may go on behind the line's end; next is the offset of
// the line to go on with.
func (r *reading) dotenvLine(root *Node, k, e, end int) (next int, ok bool) {
	src := r.src
	start := k
	for _, word := range []string{"export", "set", "setx", "local", "-", "ENV", "ARG"} {
		if strings.HasPrefix(src[k:e], word) && k+len(word) < e && (src[k+len(word)] == ' ' ||
			src[k+len(word)] == '\t') {
			k, _ = trimLine(src, k+len(word), e)
			break
		}
	}
	n := k
	for n < e && (isNameByte(src[n]) || n > k && strings.IndexByte(".-[]:", src[n]) >= 0) {
		n++
	}
	if n > k && src[n-1] == ':' {
		n--
	}
	if n == k {
		return 0, false
	}
	v := n
	for v < e && (src[v] == ' ' || src[v] == '\t') {
		v++
	}
	if v >= e || src[v] != '=' && !(src[v] == ':' && (v+1 == e || isSpace(src[v+1]))) || v > n && src[v] == ':' {
		return 0, false
	}
	if src[v] == ':' && !isUpperName(src[k:n]) {
		return 0, false
	}
	if src[v] == '=' && strings.IndexByte(src[k:n], ':') >= 0 {
		return 0, false
	}
	v++
	for v < e && (src[v] == ' ' || src[v] == '\t') {
		v++
	}
	b := root.putBind(src[k:n], k)
	b.Flags |= Env
	b.Start, b.End = start, e
	if v >= e {
		return 0, true
	}
	if q := src[v]; q == '"' || q == '\'' || q == '`' {
		flags := Quoted
		close, closed := dotenvQuote(src[:e], v)
		if !closed && end < len(src) {
			// A value over lines, unless the next quote is far away: then this one was never closed.
			limit := min(len(src), v+1<<14)
			if c, ok := dotenvQuote(src[:limit], v); ok {
				close, closed = c, true
				flags |= Multiline
				next = lineEnd(src, close) + 1
			}
		}
		if !closed {
			close = e
		}
		style, decode := refSettings|refDollar, decodeEscapes
		if q == '\'' {
			style, decode = refTwig, nil
		}
		r.value(b, v+1, close, flags, style, decode)
		b.End = close
		if c, ce := trimLine(src, min(close+1, len(src)), min(e, len(src))); closed && c < ce && src[c] == '#' {
			r.dotenvComment(root, c, ce)
		}
		return next, true
	}
	stop := e
	if c := strings.Index(src[v:e], " #"); c >= 0 {
		stop = v + c
	} else if c := strings.Index(src[v:e], "\t#"); c >= 0 {
		stop = v + c
	}
	tail := stop
	for stop > v && isSpace(src[stop-1]) {
		stop--
	}
	if src[v] == '#' {
		stop = v
	}
	b.End = stop
	if stop > v && src[v] == '{' && src[stop-1] == '}' && !strings.HasPrefix(src[v:], "{{") && r.embed(b, "json", "", src[v:stop], shifted(v)) {
		return 0, true
	}
	r.value(b, v, stop, 0, refSettings|refDollar, nil)
	if tail < e {
		r.dotenvComment(root, tail+1, e)
	}
	return 0, true
}

// dotenvQuote finds the quote that closes the one at i.
func dotenvQuote(src string, i int) (int, bool) {
	q := src[i]
	for k := i + 1; k < len(src); k++ {
		if src[k] == '\\' && q == '"' {
			k++
			continue
		}
		if src[k] == q {
			return k, true
		}
	}
	return len(src), false
}

func oddBackslashes(line string) bool {
	line = strings.TrimSuffix(line, "\r")
	n := 0
	for n < len(line) && line[len(line)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}
