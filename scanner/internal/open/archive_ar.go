package open

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// ar reads the members of an ar archive: a Debian package, a library of objects. Long names stand in a table (GNU) or
// before the content (BSD).
func (o *Opener) ar(m member, in *bufio.Reader) (whole bool) {
	_, _ = in.Discard(len("!<arch>\n"))
	var table string
	for {
		if next, _ := in.Peek(1); len(next) == 0 {
			return true
		}
		head, err := in.Peek(60)
		if err != nil || string(head[58:60]) != "`\n" {
			return true // text, or another archive
		}
		size, err := strconv.ParseInt(strings.TrimRight(string(head[48:58]), " "), 10, 64)
		if err != nil || size < 0 {
			o.to.Skip(m.path, "the size of a member is damaged")
			return false
		}
		name := strings.TrimRight(string(head[:16]), " ")
		_, _ = in.Discard(len(head))
		body := &io.LimitedReader{R: in, N: size}
		if name, table, err = arName(name, table, body); err != nil {
			o.unreadable(m.path, err)
			return false
		}
		if name != "" && !o.packed(member{path: inside(m.path, name), depth: m.depth}, body) {
			return false
		}
		if size%2 == 1 {
			_, _ = in.Discard(1)
		}
	}
}

// arName is the name of a member, "" of a table; what it reads of the body is no content. It returns the table of
// names.
func arName(name, table string, body *io.LimitedReader) (string, string, error) {
	const mostNames = 1 << 20
	switch {
	case name == "//":
		if body.N > mostNames {
			return "", "", errors.New("the table of names is too large")
		}
		names, err := io.ReadAll(body)
		if err == nil && body.N > 0 {
			err = io.ErrUnexpectedEOF
		}
		return "", string(names), err
	case strings.HasPrefix(name, "#1/"):
		n, err := strconv.Atoi(name[3:])
		if err != nil || n < 0 || int64(n) > min(body.N, mostNames) {
			return "", table, errors.New("the name of a member is damaged")
		}
		long := make([]byte, n)
		_, err = io.ReadFull(body, long)
		return strings.TrimRight(string(long), "\x00"), table, err
	case len(name) > 1 && name[0] == '/':
		if at, err := strconv.Atoi(name[1:]); err == nil && at >= 0 && at < len(table) {
			long, _, _ := strings.Cut(table[at:], "\n")
			return strings.TrimSuffix(long, "/"), table, nil
		}
	}
	if len(name) > 1 {
		name = strings.TrimSuffix(name, "/")
	}
	return name, table, nil
}

// packed reads a member that stands as it is in an archive, all of body. It reports whether the archive goes on behind
// it.
func (o *Opener) packed(m member, body *io.LimitedReader) bool {
	if !o.enter(m.path) {
		return false
	}
	o.to.Count(1, 0)
	meter := &metered{o: o, r: body}
	o.stream(m, meter)
	if meter.err != nil || o.budget.spent != "" || o.session.ctx.Err() != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, body); err == nil && body.N > 0 {
		o.unreadable(m.path, io.ErrUnexpectedEOF)
		return false
	}
	return true
}
