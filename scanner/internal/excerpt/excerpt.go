// Package excerpt cuts the lines to show around a place of a text, with everything masked that is a secret or may be
// one: somebody else's is none that we would know.
package excerpt

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A span is a byte range of a text.
type span struct{ start, end int }

const (
	keptBefore = 48  // bytes kept of a long line before the credential
	keptAfter  = 64  // and behind it
	widest     = 160 // bytes of a line that is shown whole
	reach      = 1 << 10
	margin     = rules.MaxLen + 20
)

// A Text is a text of which excerpts are shown. It is used by one goroutine.
type Text struct {
	*open.View
	hits []open.Hit
	mask mask
}

// NewText returns the text of a view with these hits, all of them by where they begin. secrets are further places, as
// offsets where they begin and end, that no excerpt shows.
func NewText(v *open.View, hits []open.Hit, secrets [][2]int) *Text {
	return &Text{View: v, hits: hits, mask: newMask(secrets)}
}

// Around returns the lines to show around a credential at Text[start:end]: the line before, the line itself, the line
// after; nil for what is no place of the text. Whatever looks like a credential on them is masked, and so are all
// values (see veil). Long lines are cut around the credential. secret is its text, of which no part may stand beside
// it in another spelling.
func (t *Text) Around(start, end int, secret rules.Secret) []finding.ExcerptLine {
	lines := t.lines(start, end, span{start, end})
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

// Showing is Around for what is no secret, the name of a setting: it is marked and not masked.
func (t *Text) Showing(start, end int) []finding.ExcerptLine { return t.lines(start, end, span{}) }

// lines cuts and masks the lines; secret is what is masked though the mask does not have it.
func (t *Text) lines(start, end int, secret span) []finding.ExcerptLine {
	text := t.Text
	if start < 0 || end > len(text) || start >= end {
		return nil
	}
	from, to := Line(text, start)
	at := t.Position(start)
	own := span{start, end}
	var out []finding.ExcerptLine
	add := func(a, b, number int, own span) {
		out = append(out, t.line(a, b, number, secret, own))
	}
	// A neighbour that is not whole in sight could begin within a credential: it is not shown.
	whole := func(a, b int) bool {
		return (a == 0 && !t.CutBefore || a > 0 && text[a-1] == '\n') &&
			(b == len(text) && !t.CutBehind || b < len(text) && (text[b] == '\n' || text[b] == '\r')) &&
			len(bytes.TrimSpace(text[a:b])) > 0
	}
	if from > 0 && text[from-1] == '\n' && t.InnerPath == "" {
		a, b := Line(text, from-1)
		if whole(a, b) {
			add(a, b, at.Line-1, span{})
		}
	}
	add(from, to, at.Line, own)
	if to < len(text) && text[to] == '\r' {
		to++
	}
	if to < len(text) && text[to] == '\n' && t.InnerPath == "" {
		a, b := Line(text, to+1)
		if whole(a, b) {
			add(a, b, at.Line+1, span{})
		}
	}
	return out
}

// Line returns where the line is that holds the byte at offset, without its line end, and no more of it than 1 KiB each
// way.
func Line(text []byte, offset int) (from, to int) {
	low, high := max(0, offset-reach), min(len(text), offset+reach)
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

// line shows Text[from:to]. own is what the finding stands on, empty on the lines around it.
func (t *Text) line(from, to, number int, secret, own span) finding.ExcerptLine {
	text := t.Text
	keepFrom, keepTo := from, to
	if to-from > widest {
		keepTo = from + widest
		if own.end > 0 {
			keepFrom = max(from, own.start-keptBefore)
			keepTo = max(keepFrom, min(to, own.end+keptAfter))
		}
	}
	// Of a long line only what is shown matters, and what may reach into it.
	cuts := t.cutsIn(span{max(from, keepFrom-margin), min(to, keepTo+margin)}, secret)
	if to-from > widest {
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
	cuts = withValues(cuts, valuesOn(t.FilePath(), text, from, to, cuts, own), own)
	line := finding.ExcerptLine{Number: number}
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

// secretsIn is everything on Text[from:to] that must not be shown, in order and without overlaps.
func (t *Text) secretsIn(from, to int, secret span) []cut {
	var all []cut
	text := t.Text
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
	i := sort.Search(len(t.hits), func(i int) bool { return t.hits[i].Start >= from-reach })
	for ; i < len(t.hits) && t.hits[i].Start < to; i++ {
		add(span{t.hits[i].Start, t.hits[i].End}, t.hits[i].Secret.String())
	}
	masked := func(s span) {
		if s.start < s.end && s.end <= len(text) && s.start < to && s.end > from {
			add(s, rules.NewSecret(string(text[s.start:s.end]), rules.Custom).String())
		}
	}
	masked(secret)
	t.mask.touching(from, to, masked)
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
