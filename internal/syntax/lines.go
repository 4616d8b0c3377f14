package syntax

import "strings"

// readNetrc reads machine, login, password.
func readNetrc(r *reading, root *Node) {
	src := r.src
	n := root
	for i := 0; i < len(src); {
		r.step()
		if isSpace(src[i]) {
			i++
			continue
		}
		if src[i] == '#' {
			end := lineEnd(src, i)
			r.proseLine(root, i+1, end)
			i = end
			continue
		}
		w := wordEnd(src, i, len(src))
		word := src[i:w]
		v, _ := trim(src, w, len(src))
		ve := wordEnd(src, v, len(src))
		switch word {
		case "machine", "host":
			n = root.putBlock(src[v:ve], v)
			i = ve
		case "default":
			n = root.putBlock(word, i)
			i = w
		default:
			b := n.putBind(word, i)
			b.End = ve
			n.End = ve
			if v < ve {
				r.lit(b, v, ve, 0)
			}
			i = max(ve, w)
		}
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

// readDiff reads patches: for each file what it became, in the file's language, and what was taken away.
func readDiff(r *reading, root *Node) {
	src := r.src
	d := &patch{reading: r, root: root}
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		line := strings.TrimRight(src[i:end], "\r")
		switch {
		case strings.HasPrefix(line, "diff ") || strings.HasPrefix(line, "Index: ") || strings.HasPrefix(line,
			"commit "):
			d.flush()
			d.path = ""
			d.hunk = false
		case !d.hunk && strings.HasPrefix(line, "--- "):
			d.flush()
			if p := patchPath(line[4:]); p != "" {
				d.path, d.pathAt = p, i+4
			}
		case !d.hunk && strings.HasPrefix(line, "+++ "):
			if p := patchPath(line[4:]); p != "" {
				d.path, d.pathAt = p, i+4
			}
		case strings.HasPrefix(line, "@@"):
			d.hunk = true
			d.add(&d.now, &d.nowAt, end, end)
			d.add(&d.was, &d.wasAt, end, end)
		case strings.HasPrefix(line, "--- ") && strings.HasPrefix(src[min(end+1, len(src)):], "+++ "):
			d.hunk = false
			continue
		case d.hunk && line != "" && line[0] == '+':
			d.add(&d.now, &d.nowAt, i+1, end)
		case d.hunk && line != "" && line[0] == '-':
			d.removed = append(d.removed, span{start: i + 1, end: end})
			d.add(&d.was, &d.wasAt, i+1, end)
		case d.hunk && (line == "" || line[0] == ' '):
			at := min(i+1, end)
			d.add(&d.now, &d.nowAt, at, end)
			d.add(&d.was, &d.wasAt, at, end)
		case strings.HasPrefix(line, "\\ No newline"):
		default:
			if d.hunk {
				d.flush()
				d.hunk = false
			}
			r.proseLine(root, i, end)
		}
		i = end + 1
	}
	d.flush()
}

func patchPath(s string) string {
	s, _, _ = strings.Cut(s, "\t")
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if s == "/dev/null" {
		return ""
	}
	for _, p := range []string{"a/", "b/"} {
		s = strings.TrimPrefix(s, p)
	}
	return s
}

type patch struct {
	*reading
	root         *Node
	path         string
	pathAt       int
	hunk         bool
	now, was     strings.Builder
	nowAt, wasAt offsets
	removed      []span
}

func (d *patch) add(b *strings.Builder, m *offsets, start, end int) {
	*m = append(*m, seam{b.Len(), start})
	b.WriteString(d.src[start:end])
	if end < len(d.src) { // a line that the text ends in has no end of its own to stand for
		b.WriteByte('\n')
	}
}

// flush reads the file that was gathered.
func (d *patch) flush() {
	if d.now.Len() == 0 && d.was.Len() == 0 {
		return
	}
	now, was := d.now.String(), d.was.String()
	b := d.root.putBlock(d.path, d.pathAt)
	if len(d.nowAt) > 0 {
		b.Start, b.End = d.nowAt[0].out, d.nowAt.end(len(now))
	}
	lang := langOf(d.path, now)
	d.embed(b, lang, d.path, now, d.nowAt)
	if len(d.removed) > 0 {
		hold := &Node{}
		d.embed(hold, lang, d.path, was, d.wasAt)
		d.keepRemoved(hold)
		for _, k := range hold.Kids {
			b.put(k)
		}
	}
	d.now.Reset()
	d.was.Reset()
	d.nowAt, d.wasAt, d.removed = nil, nil, nil
}

// keepRemoved drops what the old text shares with the new one.
func (d *patch) keepRemoved(root *Node) {
	gone := func(at int) bool {
		lo, hi := 0, len(d.removed)
		for lo < hi {
			d.step()
			mid := (lo + hi) / 2
			if d.removed[mid].end < at {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		return lo < len(d.removed) && at >= d.removed[lo].start
	}
	var order []*Node
	walk(root, func(n *Node) { order = append(order, n) })
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		kept := n.Kids[:0]
		for _, k := range n.Kids {
			leaf := k.Kind == Literal || k.Kind == Ref || len(k.Kids) == 0
			if leaf && gone(k.Start) || !leaf && len(k.Kids) > 0 {
				kept = append(kept, k)
			}
		}
		n.Kids = kept
	}
}
