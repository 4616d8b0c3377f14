// Package glimpse says what a text shows before anyone knows its path: of the texts of a history, most of which hold
// nothing, and differ little from others.
package glimpse

import (
	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A Glimpse is what a text shows.
type Glimpse struct {
	Secrets   []rules.Secret
	Mentioned bool // it mentions Unleash
	// Placed are the hashes of the values which, in a text that has to do with Unleash, only their place may make
	// credentials; they are those of one process.
	Placed  []uint64
	Trouble bool // not everything of it could be read
	Odd     bool // it may hold what no run of digits tells, so that what is unfolded from it has to be read whole
}

func (g *Glimpse) add(hits []open.Hit, mentioned bool) {
	g.Mentioned = g.Mentioned || mentioned
	for i := range hits {
		g.Secrets = append(g.Secrets, hits[i].Secret)
	}
}

// A Looker looks at texts. It is used by one goroutine.
type Looker struct {
	Session *open.Session
	Buffers *open.Buffers
	Spans   *Spans
}

// Spans is the room that a Looker uses again. The zero value is ready to be used.
type Spans struct{ near, wide []gitdb.Span }

// A lookout takes what is found in a text of which nothing is kept: it is asked again when its path is known.
type lookout struct{ Glimpse }

// View implements open.Visitor.
func (o *lookout) View(v *open.View, hits []open.Hit, mentioned bool) {
	o.add(hits, mentioned)
	if mentioned {
		w := wording{placed: o.Placed}
		w.read(v.Text, 0, len(v.Text))
		w.split(v.Text, 0, len(v.Text))
		o.Placed = w.placed
	}
}

// Skip implements open.Visitor.
func (o *lookout) Skip(string, string) { o.Trouble = true }

// Count implements open.Visitor.
func (o *lookout) Count(int, int64) {}

// Repository implements open.Visitor.
func (o *lookout) Repository(open.Pack) (bool, error) { return false, nil }

// Content returns what a piece of content shows, with what is encoded and what is in archives.
func (l Looker) Content(name string, text []byte) Glimpse {
	var o lookout
	l.Session.Opener(l.Buffers, name, &o).Bytes(text)
	return o.Glimpse
}

// piece is Text for a piece of one, without what only its place makes a credential.
func (l Looker) piece(name string, text []byte) Glimpse {
	var o lookout
	o.add(l.Session.Opener(l.Buffers, name, &o).Find(open.NewView(name, text)))
	return o.Glimpse
}

// Text is Content for a text that is neither an archive nor in another encoding, see open.IsSpecial.
func (l Looker) Text(name string, text []byte) Glimpse {
	var w wording
	w.read(text, 0, len(text))
	binary := open.IsBinary(text)
	var g Glimpse
	if w.mail {
		name += ".eml" // its broken lines are joined
	}
	// All credentials have a long run of digits, but published defaults, those with a NUL beside each byte, and those
	// on the broken lines of a message.
	if w.defaults || w.mail || open.Tells(text) || binary && open.TellsWide(text) {
		g = l.piece(name, text)
	}
	g.Odd = binary || w.mail
	if g.Mentioned = g.Mentioned || w.mentioned; g.Mentioned {
		w.split(text, 0, len(text))
		w.digits(text, 0, len(text))
		g.Placed = w.placed
	}
	return g
}

// How far around a change a text is read. Whether there is a credential at a place depends on nothing farther away
// than open.Seam; but all credentials except published defaults have a long run of digits, and so it is enough to look
// for one from before in front of the change to behind: as far as the longest scope reaches. Only where there is one,
// more is read. A name that takes a value stands no more than before in front of it.
const (
	before = 256
	behind = 320
	// mentionReach is how far what says that a text has to do with Unleash reaches: no farther than before.
	mentionReach = rules.MentionReach + 16
)

// Changes is Text for one that is known where it is not changed: nothing but a mention of Unleash, which mentioned
// says, stands in there. It is the same as to read it whole, because whether a credential stands at a place depends on
// the bytes next to it (open.Seam), and on the whole of an encoded text that it is in (open.Widen).
func (l Looker) Changes(name string, text []byte, changed []gitdb.Span, mentioned bool) Glimpse {
	g := Glimpse{Mentioned: mentioned}
	var w wording
	near := spread(l.Spans.near[:0], text, changed, before, behind)
	l.Spans.near = near
	n := 0
	for _, p := range near {
		w.defaults = false
		w.read(text, p.Start, p.End)
		if w.mentioned && !mentioned || w.mail {
			// What nothing said of the rest until now, is said of it too.
			return l.Text(name, text)
		}
		if mentioned {
			w.split(text, p.Start, p.End)
			w.digits(text, p.Start, p.End)
		}
		if w.defaults || open.TellsNew(text, p, changed) {
			near[n] = p
			n++
		}
	}
	if n > 0 {
		l.Spans.wide = open.Widen(l.Spans.wide[:0], text, near[:n], open.Seam)
		for _, p := range l.Spans.wide {
			one := l.piece(name, text[p.Start:p.End])
			g.Trouble = g.Trouble || one.Trouble
			g.Secrets = append(g.Secrets, one.Secrets...)
		}
	}
	if mentioned {
		g.Placed = w.placed
	}
	return g
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
