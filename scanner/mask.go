package scanner

import "sort"

// A mask is the spans of a text that no excerpt may show: quick to ask for those that touch a line, however many there are.
type mask struct {
	spans []span // by their starts
	ends  []int  // the furthest end of spans[:i+1]
}

func newMask(spans []span) *mask {
	sort.Slice(spans, func(i, j int) bool {
		a, b := spans[i], spans[j]
		return a.start < b.start || a.start == b.start && a.end < b.end
	})
	m := &mask{}
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
	if m == nil {
		return
	}
	for i := sort.SearchInts(m.ends, from+1); i < len(m.spans) && m.spans[i].start < to; i++ {
		if m.spans[i].end > from {
			visit(m.spans[i])
		}
	}
}
