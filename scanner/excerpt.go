package scanner

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/unleaked/unleaked/rules"
)

// A span is a byte range of a text.
type span struct{ start, end int }

const (
	excerptBefore = 48  // bytes kept of a long line before the credential
	excerptAfter  = 64  // and behind it
	excerptWidth  = 160 // bytes of a line that is shown whole
	excerptReach  = 1 << 10
	excerptMargin = rules.MaxLen + 20
)

// excerpt is the lines to show around text[start:end] of a view: the line before, the line itself, the line after.
// Whatever looks like a credential on them is masked, and so are the spans of m and all values (see veil): somebody
// else's secret is none that we would know. Long lines are cut around the credential.
func excerpt(v *view, start, end int, secret rules.Secret, m *mask) []ExcerptLine {
	lines := excerptLines(v, start, end, span{start, end}, m)
	w := witness{secret: secret.Reveal()}
	for i := range lines {
		l := &lines[i]
		if before, behind := l.Text[:l.Start], l.Text[l.End:]; w.tells(l.Text) {
			marked := l.Text[l.Start:l.End]
			if w.tells(marked) {
				marked = hidden
			}
			if before != "" {
				before = hidden
			}
			if behind != "" {
				behind = hidden
			}
			l.Text, l.Start, l.End = before+marked+behind, len(before), len(before)+len(marked)
		}
	}
	return lines
}

// excerptShown is excerpt for what is no secret, the name of a setting: it is marked and not masked.
func excerptShown(v *view, start, end int, m *mask) []ExcerptLine {
	return excerptLines(v, start, end, span{}, m)
}

// excerptLines cuts and masks the lines; secret is what is masked though m does not have it.
func excerptLines(v *view, start, end int, secret span, m *mask) []ExcerptLine {
	text := v.Text
	if start < 0 || end > len(text) || start >= end {
		return nil
	}
	from, to := lineAround(text, start)
	at := v.Position(start)
	own := span{start, end}
	var out []ExcerptLine
	add := func(a, b, number int, own span) {
		out = append(out, maskedLine(v, a, b, number, secret, m, own))
	}
	// A neighbour that is not whole in sight could begin within a credential: it is not shown.
	whole := func(a, b int) bool {
		return (a == 0 && !v.CutBefore || a > 0 && text[a-1] == '\n') &&
			(b == len(text) && !v.CutBehind || b < len(text) && (text[b] == '\n' || text[b] == '\r')) &&
			len(bytes.TrimSpace(text[a:b])) > 0
	}
	if from > 0 && text[from-1] == '\n' && v.InnerPath == "" {
		a, b := lineAround(text, from-1)
		if whole(a, b) {
			add(a, b, at.Line-1, span{})
		}
	}
	add(from, to, at.Line, own)
	if to < len(text) && text[to] == '\r' {
		to++
	}
	if to < len(text) && text[to] == '\n' && v.InnerPath == "" {
		a, b := lineAround(text, to+1)
		if whole(a, b) {
			add(a, b, at.Line+1, span{})
		}
	}
	return out
}

// lineAround is the line that holds the byte at offset, without its line end, and no more of it than excerptReach each
// way.
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

// maskedLine shows text[from:to]. own is what the finding stands on, empty on the lines around it.
func maskedLine(v *view, from, to, number int, secret span, m *mask, own span) ExcerptLine {
	text := v.Text
	keepFrom, keepTo := from, to
	if to-from > excerptWidth {
		keepTo = from + excerptWidth
		if own.end > 0 {
			keepFrom = max(from, own.start-excerptBefore)
			keepTo = max(keepFrom, min(to, own.end+excerptAfter))
		}
	}
	// Of a long line only what is shown matters, and what may reach into it.
	cuts := m.cutsIn(v, span{max(from, keepFrom-excerptMargin), min(to, keepTo+excerptMargin)}, secret)
	if to-from > excerptWidth {
		// What is left out must not begin or end within a masked span, nor within a code point.
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
	cuts = withValues(cuts, valuesOn(v.FilePath(), text, from, to, cuts, own), own)
	line := ExcerptLine{Number: number}
	var b bytes.Buffer
	// copyTo copies text as it is, and notes where what the finding stands on begins and ends.
	at := keepFrom
	copyTo := func(end int) {
		if own.end > 0 && at <= own.start && own.start < end {
			line.Start = b.Len() + own.start - at
			line.End = b.Len() + min(own.end, end) - at
		}
		b.Write(text[at:end])
		at = end
	}
	if keepFrom > from {
		b.WriteString("…")
	}
	for _, c := range cuts {
		if c.end <= at || c.start >= keepTo {
			continue
		}
		if c.start > at {
			copyTo(c.start)
		}
		if start := b.Len(); own.end > 0 && c.start <= own.start && own.start < c.end {
			line.Start, line.End = start, start+len(c.shown)
		}
		b.WriteString(c.shown)
		at = c.end
	}
	if at < keepTo {
		copyTo(keepTo)
	}
	if keepTo < to {
		b.WriteString("…")
	}
	line.Text = b.String()
	if !utf8.ValidString(line.Text) {
		before, marked := validText(line.Text[:line.Start]), validText(line.Text[line.Start:line.End])
		line.Text = before + marked + validText(line.Text[line.End:])
		line.Start, line.End = len(before), len(before)+len(marked)
	}
	return line
}

func validText(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// A cut is a span of a line and what is shown in its place.
type cut struct {
	span
	shown string
}

// secretSpans is everything on text[from:to] that must not be shown, in order and without overlaps.
func secretSpans(v *view, from, to int, secret span, m *mask) []cut {
	var all []cut
	text := v.Text
	add := func(s span, shown string) {
		if s.start < to && s.end > from && s.start < s.end {
			all = append(all, cut{s, shown})
		}
	}
	line := text[from:to]
	for _, c := range rules.AppendCredentials(nil, line) {
		add(span{from + c.Start, from + c.End}, c.Secret.String())
	}
	// Hits are in the order of their starts; none that matters here begins much before the line.
	for i := sort.Search(len(v.hits), func(i int) bool { return v.hits[i].Start >= from-excerptReach }); i < len(v.hits) && v.hits[i].Start < to; i++ {
		add(span{v.hits[i].Start, v.hits[i].End}, v.hits[i].Secret.String())
	}
	masked := func(s span) {
		if s.start < s.end && s.end <= len(text) && s.start < to && s.end > from {
			add(s, rules.NewSecret(string(text[s.start:s.end]), rules.Custom).String())
		}
	}
	masked(secret)
	m.touching(from, to, masked)
	// What would be a credential if only it stood in the right place: another finding may say that it does.
	for _, c := range rules.AppendBareHex(nil, line) {
		add(span{from + c.Start, from + c.End}, c.Secret.String())
	}
	for _, w := range words(line) {
		if c, ok := rules.ParseValue(string(line[w.start:w.end])); ok {
			add(span{from + w.start + c.Start, from + w.start + c.End}, c.Secret.String())
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

// words are the pieces of a line that could be an operator's own token: they have a scope, and no blanks or quotes.
func words(line []byte) []span {
	var list []span
	for i := 0; i < len(line); {
		n := bytes.IndexAny(line[i:], " \t\"'`=,;<>(){}&|\\")
		if n < 0 {
			n = len(line) - i
		}
		if w := line[i : i+n]; n >= 8 && n < 400 && bytes.IndexByte(w, ':') > 0 && !bytes.Contains(w, []byte("://")) {
			list = append(list, span{i, i + n})
		}
		i += n + 1
	}
	return list
}
