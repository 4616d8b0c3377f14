package open

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// An Opener opens one piece of content, with all that is found in it: members of an archive, texts in other encodings.
// It is used once, by one goroutine.
type Opener struct {
	session *Session
	buffers *Buffers
	path    string // as findings show it
	to      Visitor
	hits    int
	layers  int    // around the text, where it was decoded from another
	budget  budget // of the archive that the content is
}

func (o *Opener) limits() *Limits { return &o.session.limits }

// own is the content by itself.
func (o *Opener) own() member { return member{path: o.path, depth: o.session.depth} }

// A member is a piece of content on its way to being read: a file, a member of an archive, what a compressed file
// holds.
type member struct {
	path   string   // as findings show it
	inner  string   // View.InnerPath
	layers []string // what was opened to get here
	depth  int      // archives around it
}

// Content is an open file.
type Content interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
}

// File reads an open file of size bytes, 0 where nobody knows, from its beginning.
func (o *Opener) File(f Content, size int64) {
	m := o.own()
	if limit := o.limits().Whole; size > int64(limit) && size <= int64(limit)*embeddedFactor && mayEmbed(m.path) {
		// Only one of these at a time, in a buffer that does not stay.
		o.session.large.Lock()
		defer o.session.large.Unlock()
		small := o.buffers
		o.buffers = &Buffers{}
		defer func() { o.buffers = small }()
		text, whole, err := o.buffers.read(f, nil, size, int(size)+1)
		if err != nil {
			o.unreadable(m.path, err)
			whole = true
		}
		o.leaf(m, text, whole, f)
		return
	}
	text, whole, err := o.buffers.read(f, nil, size, o.limits().Whole)
	if err != nil {
		// What came before the error is read all the same.
		o.unreadable(m.path, err)
		whole = true
	}
	kind := sniff(m.path, text)
	var behind []payload
	if kind == noArchive {
		var all io.ReaderAt = f
		if whole {
			all, size = bytes.NewReader(text), int64(len(text))
		}
		if behind = payloadsOf(text, all, size); len(behind) == 0 {
			o.leaf(m, text, whole, f)
			return
		}
	}
	o.begin(size)
	if kind == noArchive {
		o.hiding(m, behind, text, whole, f, f, size)
		return
	}
	if size > 0 {
		o.to.Count(0, size)
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			o.to.Skip(m.path, Reason(err))
			return
		}
		o.archive(m, kind, f, f, size)
		return
	}
	o.archive(m, kind, io.MultiReader(&prefix{slices.Clone(text)}, f), nil, 0)
}

// Stream reads content of which only a reader is known.
func (o *Opener) Stream(r io.Reader) { o.stream(o.own(), r) }

// stream reads content of which only a reader is known.
func (o *Opener) stream(m member, r io.Reader) {
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		o.unreadable(m.path, err)
		r = &prefix{}
	}
	if kind := sniff(m.path, head); kind != noArchive {
		o.begin(0)
		o.archive(m, kind, io.MultiReader(&prefix{head}, r), nil, 0)
		return
	}
	text, whole, err := o.buffers.read(r, head, 0, o.limits().Whole)
	if err != nil {
		o.unreadable(m.path, err)
		whole = true
	}
	if hides(text) {
		own := bytes.Clone(text) // the buffer is used again for what is in it
		at, size := bytes.NewReader(own), int64(len(own))
		o.hiding(m, payloadsOf(own, at, size), text, whole, r, at, size)
		return
	}
	o.leaf(m, text, whole, r)
}

// Bytes reads content that is in memory. text must not change before it returns.
func (o *Opener) Bytes(text []byte) { o.bytes(o.own(), text) }

// Plain reads text that is what it is: it is neither an archive nor in another encoding as a whole.
func (o *Opener) Plain(text []byte) { o.plain(o.own(), text) }

func (o *Opener) bytes(m member, text []byte) {
	if kind := sniff(m.path, text); kind != noArchive {
		o.begin(int64(len(text)))
		r := bytes.NewReader(text)
		o.archive(m, kind, r, r, int64(len(text)))
		return
	}
	at := bytes.NewReader(text)
	if list := payloadsOf(text, at, at.Size()); len(list) > 0 {
		o.begin(at.Size())
		o.hiding(m, list, text, true, nil, at, at.Size())
		return
	}
	o.text(m, text)
}

// leaf reads what is no archive: text is all of it, or the beginning of what rest goes on with.
func (o *Opener) leaf(m member, text []byte, whole bool, rest io.Reader) {
	if whole {
		o.to.Count(0, int64(len(text)))
		o.text(m, text)
		return
	}
	o.windows(m, text, rest)
}

// text reads one text that is held whole.
func (o *Opener) text(m member, text []byte) {
	if enc := sniffWide(text); enc != 0 {
		o.buffers.decoded = appendNarrow(o.buffers.decoded[:0], text, enc)
		text = o.buffers.decoded
		m.layers = with(m.layers, enc.layer())
	}
	if parts := embedded(m.path, text); parts != nil {
		o.embedded(m, text, parts)
		return
	}
	o.plain(m, text)
}

// plain reads one text whose lines are those of the blob.
func (o *Opener) plain(m member, text []byte) {
	if len(text) > o.limits().Whole {
		o.windowsOf(m, text)
		return
	}
	o.view(o.newView(m, text, newPositions(text, top)))
}

func (o *Opener) newView(m member, text []byte, places *positions) *View {
	return &View{Path: m.path, InnerPath: m.inner, Text: text, Layers: m.layers, To: len(text), places: places}
}

// view finds the credentials of a view and hands it on.
func (o *Opener) view(v *View) {
	hits, mentioned := o.Find(v)
	o.to.View(v, hits, mentioned)
}

// Find returns what a view holds: credentials that stand in it as they are, and those that have to be decoded, by where
// they begin; and whether it mentions Unleash.
func (o *Opener) Find(v *View) (hits []Hit, mentioned bool) {
	o.buffers.found, mentioned = rules.Search(o.buffers.found[:0], v.Text)
	for _, c := range o.buffers.found {
		hits = append(hits, Hit{Credential: c, Start: c.Start, End: c.End})
	}
	d := decoding{text: v.Text, hits: hits, mentioned: mentioned, mail: isMail(v.Path, v.Text), limits: o.limits(),
		left: o.limits().Decode * max(len(v.Text), 1<<10), depth: o.layers}
	d.open = func(packed []byte, depth int) []Hit { return o.decoded(v, packed, depth) }
	hits = d.run()
	if d.deep {
		o.to.Skip(v.Path, "something is encoded more often than is decoded")
	}
	if d.bitten {
		o.to.Skip(v.Path, "more encoded text than is decoded of one file")
	}
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Start < v.From || h.Start >= v.To })
	if o.hits += len(hits); o.hits > o.limits().HitsPerBlob {
		o.to.Skip(o.path, fmt.Sprintf("more than %d credentials: the rest was left out", o.limits().HitsPerBlob))
		hits = hits[:max(0, len(hits)-(o.hits-o.limits().HitsPerBlob))]
		o.hits = o.limits().HitsPerBlob
	}
	return hits, mentioned
}

// decoded reads an archive that was decoded from a view, through so many layers. The hits stand in decoded texts of
// their own.
func (o *Opener) decoded(v *View, packed []byte, depth int) []Hit {
	b := spare.Get().(*Buffers)
	defer spare.Put(b)
	g := gathering{Visitor: o.to, most: o.limits().InnerTextBytes}
	sub := o.session.Opener(b, o.path, &g)
	sub.layers = depth
	sub.bytes(member{path: v.Path, depth: o.session.depth + depth}, packed)
	return g.hits
}

// A gathering takes the hits of an archive that stands encoded in a text, and hands nothing else on than what was not
// read, and how much was.
type gathering struct {
	Visitor
	hits []Hit
	most int // bytes of decoded text that goes with a hit
}

// View implements Visitor.
func (g *gathering) View(v *View, found []Hit, _ bool) {
	for _, h := range found {
		if h.Inner == nil {
			h.Inner, h.Credential.Start, h.Credential.End = around(v.Text, h.Credential.Start, h.Credential.End, g.most)
		}
		h.Layers = append(slices.Clone(v.Layers), h.Layers...)
		g.hits = append(g.hits, h)
	}
}

// Repository implements Visitor.
func (g *gathering) Repository(Pack) (bool, error) { return false, nil }

// with is layers and one more, in a list of its own.
func with(layers []string, more ...string) []string {
	return append(layers[:len(layers):len(layers)], more...)
}

// Reason returns an error in words for a Skip: without the path, which stands beside it.
func Reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Sprint(err)
}
