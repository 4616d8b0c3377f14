package scanner

import (
	"bytes"
	"sort"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// A glimpse is what a text shows before anyone knows its path.
type glimpse struct {
	secrets   []rules.Secret
	mentioned bool
	placed    []uint64 // see wording
	trouble   bool     // not everything of it could be read
	odd       bool     // it may hold what no run of digits tells, so that what is unfolded from it has to be read whole
}

// look finds the credentials of a text, encoded ones and those in archives too. It keeps nothing of it.
func (s *historyScan) look(k *worker, name string, text []byte) glimpse {
	var g glimpse
	o := &opening{in: s.quiet(), k: k, blob: Blob{Path: name}}
	o.look = func(v *View, hits []Hit, mentioned bool) {
		g.mentioned = g.mentioned || mentioned
		if mentioned {
			w := wording{placed: g.placed}
			w.read(v.Text, 0, len(v.Text))
			w.split(v.Text, 0, len(v.Text))
			g.placed = w.placed
		}
		for i := range hits {
			g.secrets = append(g.secrets, hits[i].Secret)
		}
	}
	o.bytes(member{path: name, depth: o.in.opts.depth}, text)
	g.trouble = len(o.in.skips) > 0
	return g
}

// glance is look for a piece of a text that is neither an archive nor in another encoding, without what only its place
// makes a credential.
func (s *historyScan) glance(k *worker, name string, text []byte) glimpse {
	o := &opening{in: s.quiet(), k: k, blob: Blob{Path: name}}
	hits, mentioned := o.find(&View{Path: name, Text: text, To: len(text)})
	g := glimpse{mentioned: mentioned, trouble: len(o.in.skips) > 0}
	for i := range hits {
		g.secrets = append(g.secrets, hits[i].Secret)
	}
	return g
}

// whole is look for a text that is neither an archive nor in another encoding.
func (s *historyScan) whole(k *worker, name string, text []byte) glimpse {
	var w wording
	w.read(text, 0, len(text))
	binary := isBinary(text)
	var g glimpse
	if w.mail {
		name += ".eml" // its broken lines are joined
	}
	// All credentials have a long run of digits, but published defaults, those with a NUL beside each byte, and those
	// on the broken lines of a message.
	if w.defaults || w.mail || wholeTells(text) || binary && wideTells(text) {
		g = s.glance(k, name, text)
	}
	g.odd = binary || w.mail
	if g.mentioned = g.mentioned || w.mentioned; g.mentioned {
		w.split(text, 0, len(text))
		g.placed = w.placed
	}
	return g
}

// quiet is an intake to which nothing matters: what it is told is asked again when the path is known.
func (s *historyScan) quiet() *Intake { return &Intake{ctx: s.ctx, opts: s.in.opts} }

// special reports whether a text is not what its bytes say one by one: an archive, or text in another encoding.
func special(text []byte) bool {
	return sniff("", text) != noArchive || sniffWide(text) != 0 || hides(text)
}

// How far around a change a text is read. Whether there is a credential at a place depends on nothing farther away than
// seam; but all credentials except published defaults have a long run of digits, and so it is enough to look for one
// from before in front of the change to behind: as far as the longest scope reaches. Only where there is one, more is
// read. A name that takes a value stands no more than before in front of it.
const (
	seam   = rules.Overlap + escapeBefore
	before = 256
	behind = 320
	// mentionReach is how far what says that a text has to do with Unleash reaches: no farther than before.
	mentionReach = rules.MentionReach + 16
)

// smallText is the size below which a text is read whole.
const smallText = 2 << 10

// blob looks for credentials in a blob. One that was unfolded from a blob without any is read only where it differs:
// what is copied was read there. That is the same as reading it whole, because whether a credential stands at a place
// depends on the bytes next to it (seam), and on the whole of an encoded text that it is in (widen).
func (s *historyScan) blob(k *worker, v *gitdb.Visit) {
	var g glimpse
	switch {
	case special(v.Data):
		g = s.look(k, v.ID.String(), v.Data)
		v.Mark |= markWhole
	case !v.Derived || v.BaseMark&(markHits|markWhole) != 0 || len(v.Data) <= smallText || isBinary(v.Data):
		g = s.whole(k, v.ID.String(), v.Data)
	default:
		g = s.changes(k, v)
	}
	if g.mentioned {
		v.Mark |= markMentions
	}
	if g.odd {
		v.Mark |= markWhole
	}
	if len(g.secrets) > 0 {
		v.Mark |= markHits
	}
	s.marks[v.N] |= uint8(v.Mark)
	if len(v.Data) > mostPlacedText && len(g.secrets) == 0 {
		g.placed = nil
	}
	pointer := s.wanting(v.Data)
	if len(g.secrets) == 0 && len(g.placed) == 0 && !g.trouble && !pointer {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &blobRec{id: v.ID, n: v.N, placed: g.placed, trouble: g.trouble, pointer: pointer}
	for _, secret := range g.secrets {
		id := s.secretID(secret)
		if !contains(b.secrets, id) {
			b.secrets = append(b.secrets, id)
		}
	}
	s.blobs[v.N] = b
}

// changes looks for credentials where a blob differs from the one without any that it was unfolded from.
func (s *historyScan) changes(k *worker, v *gitdb.Visit) glimpse {
	t := s.reader()
	defer s.readers.Put(t)
	var g glimpse
	var w wording
	text := v.Data
	known := v.BaseMark&markMentions != 0
	g.mentioned = known
	t.spans = spread(t.spans[:0], text, v.Changed, before, behind)
	n := 0
	for _, p := range t.spans {
		w.defaults = false
		w.read(text, p.Start, p.End)
		if w.mentioned && !known || w.mail {
			// What nothing said of the rest until now, is said of it too.
			return s.whole(k, v.ID.String(), text)
		}
		if known {
			w.split(text, p.Start, p.End)
		}
		if w.defaults || telling(text, p, v.Changed) {
			t.spans[n] = p
			n++
		}
	}
	if n > 0 {
		t.wide = widen(t.wide[:0], text, t.spans[:n], seam)
		for _, p := range t.wide {
			one := s.glance(k, v.ID.String(), text[p.Start:p.End])
			g.trouble = g.trouble || one.trouble
			g.secrets = append(g.secrets, one.secrets...)
		}
	}
	if known {
		g.placed = w.placed
	}
	return g
}

// telling reports whether there is a long run of digits in a span of a text that can be a token's, or hold one that has
// to be decoded. Most are the digests of lock files, which nothing that begins a token stands before, and which decode
// to nothing. changed is where the text differs from one without credentials.
func telling(text []byte, span gitdb.Span, changed []gitdb.Span) bool {
	piece := text[span.Start:span.End]
	for at := 0; ; {
		start, end := nextBase64Run(piece, at)
		if start < 0 {
			return false
		}
		at = end
		start, end = start+span.Start, end+span.Start
		for start > 0 && base64Value[text[start-1]] != 0xff {
			start--
		}
		for end < len(text) && base64Value[text[end]] != 0xff {
			end++
		}
		if followsMark(text, start) {
			return true
		}
		// A run that was copied as it is was looked at in the text that it was copied from.
		i := sort.Search(len(changed), func(i int) bool { return changed[i].End >= start })
		if i < len(changed) && changed[i].Start <= end && mayDecode(text[start:end]) {
			return true
		}
		// What a line of an encoded text holds, the others may tell.
		if from, to, ok := lineBefore(text, start); ok && to-from >= minRun {
			return true
		}
		if from, to, ok := lineAfter(text, end); ok && to-from >= minRun {
			return true
		}
	}
}

// runTells reports whether the run text[start:end] can be a token's or hold one, by itself.
func runTells(text []byte, start, end int) bool {
	return followsMark(text, start) || mayDecode(text[start:end])
}

// followsMark reports whether what stands before the run that begins at start can stand before a token's digits, and
// the run can be those.
func followsMark(text []byte, start int) bool {
	return start > 0 && mayEndEscape[text[start-1]] && (text[start-1] == '\\' ||
		!bytes.ContainsAny(text[start:start+minRun], "+/"))
}

// isBinary reports whether a text may hold others in two bytes a character.
func isBinary(text []byte) bool { return bytes.IndexByte(text[:min(len(text), binaryHead)], 0) >= 0 }

// wideTells is wholeTells for what stands in two bytes or four a character.
func wideTells(text []byte) bool {
	for _, width := range wideWidths {
		if start, _ := nextWideRun(text, 0, width); start >= 0 {
			return true
		}
	}
	return false
}

// wholeTells is telling for a text that is read as a whole: each line is looked at.
func wholeTells(text []byte) bool {
	for at := 0; ; {
		start, end := nextBase64Run(text, at)
		if start < 0 {
			return false
		}
		if runTells(text, start, end) {
			return true
		}
		at = end
	}
}

// spread appends to out the spans, each with some bytes before and behind it, joined where they meet.
func spread(out []gitdb.Span, text []byte, changed []gitdb.Span, before, behind int) []gitdb.Span {
	for _, c := range changed {
		from, to := max(0, c.Start-before), min(len(text), c.End+behind)
		if n := len(out); n > 0 && from <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, to)
			continue
		}
		out = append(out, gitdb.Span{Start: from, End: to})
	}
	return out
}

func contains(ids []int32, id int32) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

// widen is spread, and on to where the text may be cut: with the whole of an encoded text that is touched.
func widen(out []gitdb.Span, text []byte, changed []gitdb.Span, by int) []gitdb.Span {
	for _, c := range changed {
		if n := len(out); n > 0 && c.End+by <= out[n-1].End {
			continue
		}
		from, to := max(0, c.Start-by), widenOn(text, min(len(text), c.End+by))
		if n := len(out); n > 0 && from <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, to)
			continue
		}
		from = widenBack(text, from)
		for len(out) > 0 && from <= out[len(out)-1].End {
			from = min(from, out[len(out)-1].Start)
			to = max(to, out[len(out)-1].End)
			out = out[:len(out)-1]
		}
		out = append(out, gitdb.Span{Start: from, End: to})
	}
	return out
}

// widenBack goes back from at to where a text may be cut: in no run of digits that is long enough to be looked at, and
// behind no line of such digits.
func widenBack(text []byte, at int) int {
	for at > 0 {
		cut := at
		for cut > 0 && base64Value[text[cut-1]] != 0xff {
			cut--
		}
		if at-cut >= minRun {
			at = max(0, cut-seam)
			continue
		}
		low := max(0, at-seam)
		line := bytes.LastIndexByte(text[low:at], '\n')
		if line < 0 {
			return cut
		}
		if at = low + line + 1; !encodedEnd(text[:at]) {
			return at
		}
		at--
	}
	return 0
}

// widenOn goes on from at to where a text may be cut.
func widenOn(text []byte, at int) int {
	for at < len(text) {
		cut := at
		for cut < len(text) && base64Value[text[cut]] != 0xff {
			cut++
		}
		if cut-at >= minRun {
			at = min(len(text), cut+seam)
			continue
		}
		line := bytes.IndexByte(text[at:min(len(text), at+seam)], '\n')
		if line < 0 {
			return cut
		}
		if at += line; !encodedBegin(text[at+1:]) {
			return at
		}
		at++
	}
	return len(text)
}

// encodedEnd reports whether a long run of digits ends a text, but for blanks and the marks that follow Base64.
func encodedEnd(text []byte) bool {
	i := len(text)
	for i > 0 && bytes.IndexByte([]byte("\r\n\"'\\`<=,n"), text[i-1]) >= 0 && len(text)-i < 8 {
		i--
	}
	n := i
	for n > 0 && i-n < minRun && base64Value[text[n-1]] != 0xff {
		n--
	}
	return i-n >= minRun
}

// encodedBegin reports whether a long run of digits begins a text, but for indentation.
func encodedBegin(text []byte) bool {
	i := 0
	for i < len(text) && i < maxIndent && bytes.IndexByte([]byte(" \t\"'`"), text[i]) >= 0 {
		i++
	}
	n := i
	for n < len(text) && n-i < minRun && base64Value[text[n]] != 0xff {
		n++
	}
	return n-i >= minRun
}
