package scanner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/rules"
)

// An opening is one blob being read, with all that is found in it: members of an archive, texts in other encodings.
// It is used by one goroutine; seq numbers its views, so that their order does not depend on which blob was read first.
type opening struct {
	in        *Intake
	k         *worker
	blob      Blob
	seq       int
	hits      int
	layers    int    // around the text, where it was decoded from another
	seen      int    // bytes of large texts that the engine saw
	toldSites bool   // that it will see less from here on
	budget    budget // of the archive that the blob is
	told      map[string]bool
	// look, where set, is told what each view holds, in place of the engine: for those who want to know before a path
	// is known.
	look func(v *View, hits []Hit, mentioned bool)
}

func (o *opening) limits() *Limits { return &o.in.opts.Limits }

// skip records once what of this blob was not read.
func (o *opening) skip(what, why string) {
	if o.told[what+"\x00"+why] {
		return
	}
	if o.told == nil {
		o.told = map[string]bool{}
	}
	o.told[what+"\x00"+why] = true
	o.in.Skip(what, why)
}

// A member is a piece of content on its way to being read: a file, a member of an archive, what a compressed file
// holds.
type member struct {
	path   string   // as findings show it
	inner  string   // View.InnerPath
	layers []string // what was opened to get here
	depth  int      // archives around it
}

// content is an open file, as openFile gives it.
type content interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
}

// file reads an open file from its beginning.
func (o *opening) file(name string, f content, size int64) {
	m := member{path: name}
	if limit := o.limits().Whole; size > int64(limit) && size <= int64(limit)*embeddedFactor && mayEmbed(name) {
		// Only one of these at a time, in a buffer that does not stay.
		o.in.large.Lock()
		defer o.in.large.Unlock()
		small := o.k
		o.k = newWorker()
		defer func() { o.k = small }()
		text, whole, err := o.k.read(f, nil, size, int(size)+1)
		if err != nil {
			o.unreadable(name, err)
			whole = true
		}
		o.leaf(m, text, whole, f)
		return
	}
	text, whole, err := o.k.read(f, nil, size, o.limits().Whole)
	if err != nil {
		// What came before the error is read all the same.
		o.unreadable(name, err)
		whole = true
	}
	kind := sniff(name, text)
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
		o.in.bytes.Add(size)
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			o.skip(name, reason(err))
			return
		}
		o.archive(m, kind, f, f, size)
		return
	}
	o.archive(m, kind, io.MultiReader(&prefix{slices.Clone(text)}, f), nil, 0)
}

// stream reads content of which only a reader is known.
func (o *opening) stream(m member, r io.Reader) {
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
	text, whole, err := o.k.read(r, head, 0, o.limits().Whole)
	if err != nil {
		o.unreadable(m.path, err)
		whole = true
	}
	if hides(text) {
		own := bytes.Clone(text) // the worker's buffer is used again for what is in it
		at, size := bytes.NewReader(own), int64(len(own))
		o.hiding(m, payloadsOf(own, at, size), text, whole, r, at, size)
		return
	}
	o.leaf(m, text, whole, r)
}

// bytes reads content that is in memory, which is not changed before it returns.
func (o *opening) bytes(m member, text []byte) {
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
func (o *opening) leaf(m member, text []byte, whole bool, rest io.Reader) {
	if whole {
		o.in.bytes.Add(int64(len(text)))
		o.text(m, text)
		return
	}
	o.windows(m, text, rest)
}

// text reads one text that is held whole.
func (o *opening) text(m member, text []byte) {
	if enc := sniffWide(text); enc != 0 {
		o.k.decoded = appendNarrow(o.k.decoded[:0], text, enc)
		text = o.k.decoded
		m.layers = with(m.layers, enc.layer())
	}
	if parts := embedded(m.path, text); parts != nil {
		o.embedded(m, text, parts)
		return
	}
	o.plain(m, text)
}

// plain reads one text whose lines are those of the blob.
func (o *opening) plain(m member, text []byte) {
	if len(text) > o.limits().Whole {
		o.windowsOf(m, text)
		return
	}
	v := o.newView(m, text)
	v.To = len(text)
	o.view(v, newPositions(text, Position{Line: 1, Column: 1, UTF16Column: 1}))
}

func (o *opening) newView(m member, text []byte) *View {
	return &View{Path: m.path, InnerPath: m.inner, Text: text, Layers: m.layers, Ignored: o.blob.Ignored,
		Git: o.blob.Git}
}

// view finds the credentials of a view and hands it to the engine, where there is something in it to read.
func (o *opening) view(v *View, pos *positions) {
	hits, mentioned := o.find(v)
	if o.look != nil {
		o.look(v, hits, mentioned)
		return
	}
	if len(hits) == 0 && !mentioned && !wantsFile(v.FilePath()) {
		return
	}
	if v.Position == nil {
		v.Position = pos.at
	}
	if len(v.Text) <= o.limits().Site || v.To-v.From == len(v.Text) && wantsFile(v.FilePath()) {
		o.keep(v, hits)
		return
	}
	o.pieces(v, hits, mentioned)
}

// keep hands a view to the engine and keeps what it found out.
func (o *opening) keep(v *View, hits []Hit) {
	seq := o.seq
	o.seq++
	v.hits = hits
	u := unit{tree: o.blob.Tree, path: v.Path, seq: seq, facts: readFile(v, hits),
		hashes: lineHashes(v, hits)}
	if !v.Ignored {
		u.directives = policy.Directives(policy.Text{File: v.Path, Blob: v.blob(), Text: v.Text,
			Line: func(offset int) int { return v.Position(offset).Line }})
	}
	if u.facts == nil && u.directives == nil {
		return
	}
	if g := v.Git; g != nil {
		u.blob, u.where, u.commit = g.Blob, g.Where, g.Commit
	}
	if u.facts != nil && u.facts.unread != nil {
		o.skip(v.Path, u.facts.unread.Error())
	}
	o.in.keep(u)
}

// find finds what a view holds: credentials that stand in it as they are, and those that have to be decoded.
func (o *opening) find(v *View) (hits []Hit, mentioned bool) {
	o.k.found, mentioned = rules.Search(o.k.found[:0], v.Text)
	for _, c := range o.k.found {
		hits = append(hits, Hit{Credential: c, Start: c.Start, End: c.End})
	}
	d := decoding{text: v.Text, hits: hits, mentioned: mentioned, mail: isMail(v.Path, v.Text), limits: o.limits(),
		left: o.limits().Decode * max(len(v.Text), 1<<10), depth: o.layers}
	d.open = func(packed []byte, depth int) []Hit { return o.decoded(v, packed, depth) }
	hits = d.run()
	if d.deep {
		o.skip(v.Path, "something is encoded more often than is decoded")
	}
	if d.bitten {
		o.skip(v.Path, "more encoded text than is decoded of one file")
	}
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Start < v.From || h.Start >= v.To })
	if o.hits += len(hits); o.hits > o.limits().HitsPerBlob {
		o.skip(o.blob.Path, fmt.Sprintf("more than %d credentials: the rest was left out", o.limits().HitsPerBlob))
		hits = hits[:max(0, len(hits)-(o.hits-o.limits().HitsPerBlob))]
		o.hits = o.limits().HitsPerBlob
	}
	return hits, mentioned
}

// decoded reads an archive that was decoded from a view, through so many layers. The hits stand in decoded texts of
// their own.
func (o *opening) decoded(v *View, packed []byte, depth int) (hits []Hit) {
	k := workers.Get().(*worker)
	defer workers.Put(k)
	sub := &opening{in: o.in, k: k, blob: o.blob, layers: depth, told: o.told}
	sub.look = func(v *View, found []Hit, _ bool) {
		for _, h := range found {
			if h.Inner == nil {
				h.Inner, h.Credential.Start, h.Credential.End = around(v.Text, h.Credential.Start, h.Credential.End,
					o.limits().InnerTextBytes)
			}
			h.Layers = append(slices.Clone(v.Layers), h.Layers...)
			hits = append(hits, h)
		}
	}
	sub.bytes(member{path: v.Path, depth: o.in.opts.depth + depth}, packed)
	o.told = sub.told
	return hits
}

// with is layers and one more, in a list of its own.
func with(layers []string, more ...string) []string {
	return append(layers[:len(layers):len(layers)], more...)
}
