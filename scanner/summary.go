package scanner

import (
	"cmp"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// A Summary is what the records of one credential come to, whatever their number: enough to settle what it is, and to
// tell of each of its places what the others say. The summaries of parts of the records join to that of all, in any order
// and grouping, and none grows beyond some hundred entries. It holds no secret. The zero value is that of no record.
type Summary struct {
	First   Order // of all
	Live    Half  // of records that stand for themselves
	Waiting Half  // of those that wait for a designation
	Some    bool  // there is a record
}

// An Order is where a record stands among all of a sweep: repositories by name, the records of each by number.
type Order struct {
	Repository string
	Index      int
}

// Compare orders as cmp.Compare does.
func (o Order) Compare(p Order) int {
	return cmp.Or(cmp.Compare(o.Repository, p.Repository), cmp.Compare(o.Index, p.Index))
}

// A Half is what one part of a credential's records say.
type Half struct {
	First      *Writing `json:",omitempty"` // the first record
	Fixed      *Writing `json:",omitempty"` // the first that its text alone makes a credential
	ClientKey  bool     `json:",omitempty"` // a place makes a client key of it
	Designates bool     `json:",omitempty"` // a place designates it as one
	Evidence   []Saying `json:",omitempty"`
	Places     []Stand  `json:",omitempty"` // the first that are shown
	Known      *Heard   `json:",omitempty"` // the first that is known of it
	Answered   *Heard   `json:",omitempty"` // the first that a server said
}

// A Writing is how a record has the credential written.
type Writing struct {
	Order  Order
	Format rules.Format
	Kind   rules.Kind
}

// A Saying is a piece of evidence of a record, the N-th of it.
type Saying struct {
	Order Order
	N     int
	rules.Evidence
}

// A Stand is a place of the credential that is reported.
type Stand struct {
	Order Order
	Place Place
}

// A Heard is what an oracle said.
type Heard struct {
	Order Order
	rules.Knowledge
}

// mostSayings bounds the pieces of evidence of one class that are kept. A finding shows evidenceShown of them, beside those
// of its own place.
const mostSayings = 16

// A class is the evidence that says the same.
type class struct {
	rules.Certainty
	rules.Kind
	prefix bool
}

func classOf(e *rules.Evidence) class { return class{e.Certainty, e.Kind, e.Prefix} }

// Add takes a record into the summary.
func (s *Summary) Add(r *Record, at Order) {
	half := Half{}
	c := &r.Site.Credential
	w := &Writing{at, c.Format, c.Kind}
	half.First = w
	if !r.ByPlace {
		half.Fixed = w
	}
	half.ClientKey = r.ByPlace && c.Format == rules.ClientKeyFormat
	half.Designates = slices.ContainsFunc(r.Site.Uses, func(u rules.Use) bool { return u.Designates })
	for i, e := range r.Site.Evidence {
		half.Evidence = append(half.Evidence, Saying{at, i, e})
	}
	if !r.Context {
		half.Places = []Stand{{at, Place{Repository: r.Site.Repository, File: r.Site.File, Line: r.Site.Line,
			Text: "the same credential stands here"}}}
	}
	if !r.Known.IsZero() {
		half.Known = &Heard{at, r.Known}
		if v := r.Known.Verification; v == rules.Live || v == rules.NotLive {
			half.Answered = half.Known
		}
	}
	one := Summary{First: at, Some: true}
	if r.Waiting {
		one.Waiting = half
	} else {
		one.Live = half
	}
	s.Join(&one)
}

// Join takes the records of another summary of the same credential into s.
func (s *Summary) Join(o *Summary) {
	if !o.Some {
		return
	}
	if !s.Some || o.First.Compare(s.First) < 0 {
		s.First = o.First
	}
	s.Some = true
	s.Live.join(&o.Live)
	s.Waiting.join(&o.Waiting)
}

func (h *Half) join(o *Half) {
	h.First, h.Fixed = earlier(h.First, o.First), earlier(h.Fixed, o.Fixed)
	h.ClientKey, h.Designates = h.ClientKey || o.ClientKey, h.Designates || o.Designates
	h.Known, h.Answered = earlier(h.Known, o.Known), earlier(h.Answered, o.Answered)
	h.Evidence = joinSayings(h.Evidence, o.Evidence)
	if full := len(h.Places) > mostElsewherePlaces; len(o.Places) > 0 &&
		!(full && o.Places[0].Order.Compare(h.Places[len(h.Places)-1].Order) > 0) {
		h.Places = append(h.Places[:len(h.Places):len(h.Places)], o.Places...)
		slices.SortFunc(h.Places, func(a, b Stand) int { return a.Order.Compare(b.Order) })
		h.Places = h.Places[:min(len(h.Places), mostElsewherePlaces+1)]
	}
}

// at is where it stands.
func (w *Writing) at() Order { return w.Order }
func (h *Heard) at() Order   { return h.Order }

// earlier is the one of two that stands before the other, either may be nil.
func earlier[T any, P interface {
	*T
	at() Order
}](a, b P) P {
	if a == nil || b != nil && b.at().Compare(a.at()) < 0 {
		return b
	}
	return a
}

// joinSayings joins two lists: the first mostSayings of each class, each told once of a file.
func joinSayings(a, b []Saying) []Saying {
	if len(b) == 0 || len(a) > 0 && compareSayings(a[len(a)-1], b[0]) < 0 && !slices.ContainsFunc(b, func(e Saying) bool { return news(a, e) }) {
		return a
	}
	all := append(a[:len(a):len(a)], b...)
	slices.SortFunc(all, compareSayings)
	count := map[class]int{}
	kept := all[:0]
	for _, e := range all {
		c := classOf(&e.Evidence)
		if count[c] == mostSayings || slices.ContainsFunc(kept, func(k Saying) bool { return sameEvidence(&k.Evidence, &e.Evidence) }) {
			continue
		}
		count[c]++
		kept = append(kept, e)
	}
	return kept
}

// news reports whether a list lacks a saying that comes later, and has room for it.
func news(list []Saying, e Saying) bool {
	same := 0
	for i := range list {
		switch l := &list[i]; {
		case sameEvidence(&l.Evidence, &e.Evidence):
			return false
		case classOf(&l.Evidence) == classOf(&e.Evidence):
			same++
		}
	}
	return same < mostSayings
}

// sameEvidence reports whether two pieces tell the same of a file: a finding tells it once (see teller.first).
func sameEvidence(a, b *rules.Evidence) bool {
	return classOf(a) == classOf(b) && a.Repository == b.Repository && a.File == b.File && a.Text == b.Text
}

func compareSayings(a, b Saying) int { return cmp.Or(a.Order.Compare(b.Order), cmp.Compare(a.N, b.N)) }

// all is both halves where the credential is designated, else the live one.
func (s *Summary) all() Half {
	h := Half{}
	h.join(&s.Live)
	if s.Live.Designates {
		h.join(&s.Waiting)
	}
	return h
}

// A settled is what the records of one credential come to, and those of them that are judged.
type settled struct {
	records []*Record
	orders  []Order // of the records
	sites   []rules.Site
	verdict rules.Verdict // of all records
	basis   rules.Site    // the credential as verdict is of it
	said    []Saying
	known   rules.Knowledge
	places  []Stand
	first   Order
}

// settle decides over all records of a credential, and takes those of them that it is given: the records of one
// repository, or of all.
func (s *Summary) settle(records []*Record, orders []Order) *settled {
	h := s.all()
	c := &settled{places: h.Places, first: s.First}
	switch { // one answer of a server is worth more than that another was not reached
	case h.Answered != nil:
		c.known = h.Answered.Knowledge
	case h.Known != nil:
		c.known = h.Known.Knowledge
	}
	// One string is written in one format: what a place makes of a text holds for all of it.
	format := rules.Format("")
	switch {
	case h.Fixed != nil:
		format = h.Fixed.Format
	case h.Designates && h.ClientKey:
		format = rules.ClientKeyFormat
	case h.First != nil:
		format = h.First.Format
	}
	for i, r := range records {
		if r.Waiting && !s.Live.Designates {
			continue
		}
		if r.Waiting || r.ByPlace && r.Site.Credential.Format != format {
			w := *r
			w.Waiting = false
			if w.ByPlace {
				w.Site.Credential.Format = format
			}
			r = &w
		}
		site := r.Site
		site.Evidence = append(site.Evidence[:len(site.Evidence):len(site.Evidence)], c.known.Evidence(site.File, site.Line)...)
		c.records, c.orders, c.sites = append(c.records, r), append(c.orders, orders[i]), append(c.sites, site)
	}
	if h.First == nil {
		return c
	}
	c.basis.Credential = rules.Credential{Format: h.First.Format, Kind: h.First.Kind}
	if h.Fixed == nil || h.Fixed.Order != h.First.Order {
		c.basis.Credential.Format = format
	}
	c.said = h.Evidence
	c.verdict = c.over(c.said)
	return c
}

// over is the verdict over pieces of evidence and what is known.
func (c *settled) over(said []Saying) rules.Verdict {
	site := c.basis
	for _, e := range said {
		site.Evidence = append(site.Evidence, e.Evidence)
	}
	site.Evidence = append(site.Evidence, c.known.Evidence("", 0)...)
	return rules.Settle([]rules.Site{site})
}

// verdictAt is the verdict as it is told at a place: with what is said there, whatever room there was for it among all.
func (c *settled) verdictAt(i int) rules.Verdict {
	said := c.said[:len(c.said):len(c.said)]
	for n, e := range c.records[i].Site.Evidence {
		own := Saying{c.orders[i], n, e}
		if _, among := slices.BinarySearchFunc(c.said, own, compareSayings); !among {
			said = append(said, own)
		}
	}
	if len(said) == len(c.said) {
		return c.verdict
	}
	slices.SortFunc(said, compareSayings)
	return c.over(said)
}

// elsewhere lists the other places of a record's credential.
func (c *settled) elsewhere(at Order) []Place {
	var out []Place
	for _, p := range c.places {
		if p.Order != at && len(out) < mostElsewherePlaces {
			out = append(out, p.Place)
		}
	}
	return out
}

// Summarise returns the summaries of the credentials of some records by their keys. The records of a repository are all
// there, in their order: their numbers are those that JudgeRecords gives them.
func Summarise(records []*Record) map[any]*Summary {
	out := map[any]*Summary{}
	for i, r := range records {
		k := r.key()
		if out[k] == nil {
			out[k] = &Summary{}
		}
		out[k].Add(r, Order{r.Site.Repository, i})
	}
	return out
}

// JudgeRecords judges the places of the records of a repository, or of one scan, whose credentials are what all records of
// a sweep say: of gives the summary of a key. The findings stand in the order of the credentials' first records. Each
// finding's Origin is its *Record.
func JudgeRecords(records []*Record, of func(key any) *Summary) []Finding {
	order := collateRecords(records, of)
	mismatch := coverEdges(order)
	var out []Finding
	for _, c := range order {
		for i, r := range c.records {
			if r.Context {
				continue
			}
			ids := rules.Judge(c.sites[i], c.verdict)
			m := mismatch[r]
			if m == nil {
				m = r.Mismatch
			}
			if m != nil {
				ids = append(ids, rules.EdgeScopeMismatch)
				rules.Sort(ids)
			}
			// A near miss, or what reads as a digest or an image, is a credential only where a token belongs.
			if (r.Site.Credential.Malformed || r.Site.Credential.Weak) && !r.Site.Placed {
				continue
			}
			f := r.tell(c.verdictAt(i), ids, c.known)
			f.Origin = r
			if m != nil {
				f.Related = append(f.Related, *m)
			}
			f.Related = append(f.Related, c.elsewhere(c.orders[i])...)
			out = append(out, f.Discreet())
		}
	}
	return out
}

// collate is collateRecords of records that are all there are.
func collate(records []*Record) []*settled {
	all := Summarise(records)
	return collateRecords(records, func(key any) *Summary { return all[key] })
}

// collateRecords brings together the records of each credential and settles what it is.
func collateRecords(records []*Record, of func(key any) *Summary) []*settled {
	type group struct {
		records []*Record
		orders  []Order
	}
	byKey := map[any]*group{}
	var keys []any
	for i, r := range records {
		k := r.key()
		g := byKey[k]
		if g == nil {
			g = &group{}
			byKey[k] = g
			keys = append(keys, k)
		}
		g.records, g.orders = append(g.records, r), append(g.orders, Order{r.Site.Repository, i})
	}
	var order []*settled
	for _, k := range keys {
		order = append(order, of(k).settle(byKey[k].records, byKey[k].orders))
	}
	slices.SortStableFunc(order, func(a, b *settled) int { return a.first.Compare(b.first) })
	return order
}
