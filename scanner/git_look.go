package scanner

import (
	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A glimpse is what a text shows before anyone knows its path.
type glimpse struct {
	secrets   []rules.Secret
	mentioned bool
	placed    []uint64 // see wording
	trouble   bool     // not everything of it could be read
	odd       bool     // it may hold what no run of digits tells, so that what is unfolded from it has to be read whole
}

// A lookout takes what is found in a text of which nothing is kept: it is asked again when its path is known.
type lookout struct{ glimpse }

// View implements open.Visitor.
func (o *lookout) View(v *open.View, hits []Hit, mentioned bool) {
	o.add(hits, mentioned)
	if mentioned {
		w := wording{placed: o.placed}
		w.read(v.Text, 0, len(v.Text))
		w.split(v.Text, 0, len(v.Text))
		o.placed = w.placed
	}
}

// Skip implements open.Visitor.
func (o *lookout) Skip(string, string) { o.trouble = true }

// Count implements open.Visitor.
func (o *lookout) Count(int, int64) {}

// Repository implements open.Visitor.
func (o *lookout) Repository(open.Pack) (bool, error) { return false, nil }

func (g *glimpse) add(hits []Hit, mentioned bool) {
	g.mentioned = g.mentioned || mentioned
	for i := range hits {
		g.secrets = append(g.secrets, hits[i].Secret)
	}
}

// look finds the credentials of a text, encoded ones and those in archives too. It keeps nothing of it.
func (s *historyScan) look(k *worker, name string, text []byte) glimpse {
	var o lookout
	s.in.session.Opener(&k.Buffers, name, &o).Bytes(text)
	return o.glimpse
}

// glance is look for a piece of a text that is neither an archive nor in another encoding, without what only its place
// makes a credential.
func (s *historyScan) glance(k *worker, name string, text []byte) glimpse {
	var o lookout
	o.add(s.in.session.Opener(&k.Buffers, name, &o).Find(open.NewView(name, text)))
	return o.glimpse
}

// whole is look for a text that is neither an archive nor in another encoding.
func (s *historyScan) whole(k *worker, name string, text []byte) glimpse {
	var w wording
	w.read(text, 0, len(text))
	binary := open.IsBinary(text)
	var g glimpse
	if w.mail {
		name += ".eml" // its broken lines are joined
	}
	// All credentials have a long run of digits, but published defaults, those with a NUL beside each byte, and those
	// on the broken lines of a message.
	if w.defaults || w.mail || open.Tells(text) || binary && open.TellsWide(text) {
		g = s.glance(k, name, text)
	}
	g.odd = binary || w.mail
	if g.mentioned = g.mentioned || w.mentioned; g.mentioned {
		w.split(text, 0, len(text))
		g.placed = w.placed
	}
	return g
}

// How far around a change a text is read. Whether there is a credential at a place depends on nothing farther away than
// open.Seam; but all credentials except published defaults have a long run of digits, and so it is enough to look for one
// from before in front of the change to behind: as far as the longest scope reaches. Only where there is one, more is
// read. A name that takes a value stands no more than before in front of it.
const (
	before = 256
	behind = 320
	// mentionReach is how far what says that a text has to do with Unleash reaches: no farther than before.
	mentionReach = rules.MentionReach + 16
)

// smallText is the size below which a text is read whole.
const smallText = 2 << 10

// blob looks for credentials in a blob. One that was unfolded from a blob without any is read only where it differs:
// what is copied was read there. That is the same as reading it whole, because whether a credential stands at a place
// depends on the bytes next to it (open.Seam), and on the whole of an encoded text that it is in (open.Widen).
func (s *historyScan) blob(k *worker, v *gitdb.Visit) {
	var g glimpse
	switch {
	case open.IsSpecial(v.Data):
		g = s.look(k, v.ID.String(), v.Data)
		v.Mark |= markWhole
	case !v.Derived || v.BaseMark&(markHits|markWhole) != 0 || len(v.Data) <= smallText || open.IsBinary(v.Data):
		g = s.whole(k, v.ID.String(), v.Data)
	default:
		g = s.changes(k, v)
	}
	if g.mentioned {
		v.Mark |= markMentions
	}
	if g.odd || len(g.placed) > 0 || g.trouble {
		v.Mark |= markWhole // what is copied says the same there
	}
	if len(g.secrets) > 0 {
		v.Mark |= markHits
	}
	s.marks[v.N] |= uint8(v.Mark)
	if len(v.Data) > mostPlacedText && len(g.secrets) == 0 {
		g.placed = nil
	}
	pointer := s.wanting(v.Data)
	if isPointer(v.Data) {
		k.told++ // each repository has large files of its own
	}
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
		if w.defaults || open.TellsNew(text, p, v.Changed) {
			t.spans[n] = p
			n++
		}
	}
	if n > 0 {
		t.wide = open.Widen(t.wide[:0], text, t.spans[:n], open.Seam)
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
