package excerpt

import (
	"cmp"
	"slices"
	"sort"
)

// A mask is the spans of a text that no excerpt may show: quick to ask for those that touch a line, however many there
// are.
type mask struct {
	spans []span // by their starts
	ends  []int  // the furthest end of spans[:i+1]
	// lines are what was cut of lines before: the neighbours of a credential are shown with others too.
	lines map[span][]cut
}

// cutsIn is secretsIn, remembered where secret is one of the mask's spans, or none.
func (t *Text) cutsIn(line, secret span) []cut {
	m := &t.mask
	if secret != (span{}) && !m.has(secret) {
		return t.secretsIn(line.start, line.end, secret)
	}
	cuts, ok := m.lines[line]
	if !ok {
		cuts = t.secretsIn(line.start, line.end, span{})
		if m.lines == nil {
			m.lines = map[span][]cut{}
		}
		m.lines[line] = cuts
	}
	return cuts
}

func (m *mask) has(s span) bool {
	_, ok := slices.BinarySearchFunc(m.spans, s, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	return ok
}

func newMask(places [][2]int) mask {
	spans := make([]span, len(places))
	for i, p := range places {
		spans[i] = span{p[0], p[1]}
	}
	sort.Slice(spans, func(i, j int) bool {
		a, b := spans[i], spans[j]
		return a.start < b.start || a.start == b.start && a.end < b.end
	})
	var m mask
	for _, s := range spans {
		if n := len(m.spans); n > 0 && m.spans[n-1] == s {
			continue
		}
		end := s.end
		if n := len(m.ends); n > 0 {
			end = max(end, m.ends[n-1])
		}
		m.spans, m.ends = append(m.spans, s), append(m.ends, end)
	}
	return m
}

// touching calls visit with every span that shares a byte with [from, to).
func (m *mask) touching(from, to int, visit func(span)) {
	for i := sort.SearchInts(m.ends, from+1); i < len(m.spans) && m.spans[i].start < to; i++ {
		if m.spans[i].end > from {
			visit(m.spans[i])
		}
	}
}
