package syntax

import "strings"

// langDiff is a patch.
func langDiff() *language {
	return &language{name: "diff",
		endings: ".diff .patch",
		fences:  "patch udiff",
		read:    readDiff,
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
