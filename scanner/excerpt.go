package scanner

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"github.com/unleaked/unleaked/rules"
)

// A span is a byte range of a text.
type span struct{ start, end int }

const (
	excerptBefore = 48  // bytes kept of a long line before the credential
	excerptAfter  = 64  // and behind it
	excerptWidth  = 160 // bytes of a line that is shown whole
	excerptReach  = 4 << 10
)

// excerpt is the lines to show around text[start:end] of a view: the line before, the line itself, the line after. Whatever
// looks like a credential on them is masked, and so are the spans of mask. Long lines are cut around the credential.
func excerpt(v *View, start, end int, mask []span) []ExcerptLine {
	text := v.Text
	if start < 0 || end > len(text) || start >= end {
		return nil
	}
	from, to := lineAround(text, start)
	at := v.Position(start)
	spans := append([]span{{start, end}}, mask...)
	var out []ExcerptLine
	add := func(a, b, number int, own bool) {
		out = append(out, maskedLine(v, a, b, number, spans, own))
	}
	// A neighbour that is not whole in sight could begin within a credential: it is not shown.
	whole := func(a, b int) bool {
		return (a == 0 || text[a-1] == '\n') && (b == len(text) || text[b] == '\n' || text[b] == '\r') && len(bytes.TrimSpace(text[a:b])) > 0
	}
	if from > 0 && text[from-1] == '\n' && v.InnerPath == "" {
		a, b := lineAround(text, from-1)
		if whole(a, b) {
			add(a, b, at.Line-1, false)
		}
	}
	add(from, to, at.Line, true)
	if to < len(text) && text[to] == '\n' && v.InnerPath == "" {
		a, b := lineAround(text, to+1)
		if whole(a, b) {
			add(a, b, at.Line+1, false)
		}
	}
	return out
}

// lineAround is the line that holds the byte at offset, without its line end, and no more of it than excerptReach each way.
func lineAround(text []byte, offset int) (from, to int) {
	low, high := max(0, offset-excerptReach), min(len(text), offset+excerptReach)
	from, to = low, high
	if i := bytes.LastIndexByte(text[low:offset], '\n'); i >= 0 {
		from = low + i + 1
	}
	if i := bytes.IndexByte(text[offset:high], '\n'); i >= 0 {
		to = offset + i
	}
	if to > from && text[to-1] == '\r' {
		to--
	}
	return from, to
}

// maskedLine shows text[from:to]. own is the first of spans: the credential of the finding.
func maskedLine(v *View, from, to, number int, spans []span, own bool) ExcerptLine {
	text := v.Text
	cuts := secretSpans(v, from, to, spans)
	keepFrom, keepTo := from, to
	if to-from > excerptWidth {
		if own {
			keepFrom = max(from, spans[0].start-excerptBefore)
			keepTo = min(to, spans[0].end+excerptAfter)
		} else {
			keepTo = from + excerptWidth
		}
		// A cut must not show a part of a masked span, nor half a code point.
		for _, c := range cuts {
			if c.start < keepFrom && keepFrom < c.end {
				keepFrom = c.start
			}
			if c.start < keepTo && keepTo < c.end {
				keepTo = c.end
			}
		}
		for keepFrom > from && !utf8.RuneStart(text[keepFrom]) {
			keepFrom--
		}
		for keepTo < to && !utf8.RuneStart(text[keepTo]) {
			keepTo++
		}
	}
	line := ExcerptLine{Number: number}
	var b bytes.Buffer
	if keepFrom > from {
		b.WriteString("…")
	}
	i := keepFrom
	for _, c := range cuts {
		if c.end <= i || c.start >= keepTo {
			continue
		}
		if c.start > i {
			b.Write(text[i:c.start])
		}
		s := b.Len()
		b.WriteString(c.shown)
		if own && c.start <= spans[0].start && spans[0].start < c.end {
			line.Start, line.End = s, b.Len()
		}
		i = c.end
	}
	if i < keepTo {
		b.Write(text[i:keepTo])
	}
	if keepTo < to {
		b.WriteString("…")
	}
	line.Text = string(bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD")))
	return line
}

// A cut is a span of a line and what is shown in its place.
type cut struct {
	span
	shown string
}

// secretSpans is everything on text[from:to] that must not be shown, in order and without overlaps.
func secretSpans(v *View, from, to int, spans []span) []cut {
	var all []cut
	text := v.Text
	add := func(s span, shown string) {
		if s.start < to && s.end > from && s.start < s.end {
			all = append(all, cut{s, shown})
		}
	}
	for _, c := range rules.AppendCredentials(nil, text[from:to]) {
		add(span{from + c.Start, from + c.End}, c.Secret.String())
	}
	for i := sort.Search(len(v.hits), func(i int) bool { return v.hits[i].End > from }); i < len(v.hits) && v.hits[i].Start < to; i++ {
		add(span{v.hits[i].Start, v.hits[i].End}, v.hits[i].Secret.String())
	}
	for _, s := range spans {
		if s.start < s.end && s.end <= len(text) {
			add(s, redactText(text[s.start:s.end]))
		}
	}
	// At one place the first to be added wins: what was recognised is shown with its parts.
	sort.SliceStable(all, func(i, j int) bool { return all[i].start < all[j].start })
	kept := all[:0]
	for _, c := range all {
		c.start, c.end = max(c.start, from), min(c.end, to)
		if n := len(kept); n > 0 && c.start < kept[n-1].end {
			kept[n-1].end = max(kept[n-1].end, c.end)
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

func redactText(text []byte) string {
	format := rules.ClientKeyFormat
	if i := bytes.IndexByte(text, ':'); i > 0 && bytes.IndexByte(text[i:], '.') > 0 {
		format = rules.Custom
	}
	return rules.NewSecret(string(text), format).String()
}
