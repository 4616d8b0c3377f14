package scanner

import (
	"context"
	"runtime"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/scanner/internal/glimpse"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// An entry is one blob on its way into an intake: it takes the texts that open finds in it. It is used by one
// goroutine; seq numbers its units, so that their order does not depend on which blob was read first.
type entry struct {
	in     *Intake
	blob   Blob
	seq    int
	pieces open.Pieces
	narrow bool // it was told that less than all is read
	told   map[[2]string]bool
}

// A worker is what one goroutine keeps between two blobs.
type worker struct {
	open.Buffers
	spans glimpse.Spans
	names []string // files of a tree that it read
	told  int      // texts that it handed in, and what it could not read, of objects that are no blobs
}

// workers are those of sources that have goroutines of their own.
var workers = sync.Pool{New: func() any { return &worker{} }}

// opener is what opens a blob for the intake.
func (in *Intake) opener(k *worker, b Blob) *open.Opener {
	return in.session.Opener(&k.Buffers, b.Path, &entry{in: in, blob: b})
}

// file reads an open file of size bytes, 0 where nobody knows.
func (in *Intake) file(k *worker, b Blob, f open.Content, size int64) {
	defer in.survive(b.Path)
	in.opener(k, b).File(f, size)
}

// Blob reads one blob: finds its credentials and keeps what is needed to settle and judge them later. b.Text must not
// change until it returns.
func (in *Intake) Blob(b Blob) {
	k := workers.Get().(*worker)
	defer workers.Put(k)
	in.blobWith(k, b)
}

// blobWith is Blob with a worker at hand.
func (in *Intake) blobWith(k *worker, b Blob) {
	in.bytes.Add(int64(len(b.Text)))
	defer in.survive(b.Path)
	in.opener(k, b).Bytes(b.Text)
}

// survive ends the reading of one blob where it made something panic. The rest of the scan goes on, and is incomplete.
func (in *Intake) survive(path string) {
	switch e := recover().(type) {
	case nil:
	case runtime.Error:
		in.Skip(path, "internal error: "+e.Error()) // which quotes no text
	default:
		in.Skip(path, "internal error")
	}
}

// Skip implements open.Visitor: it records once what of the blob was not read.
func (e *entry) Skip(what, why string) {
	key := [2]string{what, why}
	if e.told[key] {
		return
	}
	if e.told == nil {
		e.told = map[[2]string]bool{}
	}
	e.told[key] = true
	e.in.Skip(what, why)
}

// Count implements open.Visitor.
func (e *entry) Count(files int, bytes int64) { e.in.Count(files, 0, 0, bytes) }

// View implements open.Visitor: it hands a text to the engine, where there is something in it to read.
func (e *entry) View(v *open.View, hits []Hit, mentioned bool) {
	e.in.images.note(v)
	wanted := wantsFile(v.FilePath())
	limits := e.in.session.Limits()
	switch {
	case len(hits) == 0 && !mentioned && !wanted:
	case len(v.Text) <= limits.Site || v.Whole() && wanted:
		e.keep(v, hits)
	default:
		list, narrow := e.pieces.Of(limits, v, hits, mentioned)
		if narrow && mentioned && !e.narrow {
			e.narrow = true
			e.in.Notice(Place{File: e.blob.Path, Line: v.Position(v.From).Line,
				Text: "too large to look for operator-chosen tokens from here on; all other tokens were looked for"})
		}
		for _, p := range list {
			e.keep(p.View, p.Hits)
		}
	}
}

// keep reads a text for its sites and keeps what it found out.
func (e *entry) keep(opened *open.View, hits []Hit) {
	v := &view{View: opened, ignored: e.blob.Ignored, git: e.blob.Git, hits: hits}
	u := unit{tree: e.blob.Tree, path: v.Path, seq: e.seq, facts: readFile(v, hits), hashes: lineHashes(v, hits)}
	e.seq++
	if !e.blob.Ignored {
		u.directives = policy.Directives(policy.Text{File: v.Path, Blob: v.object(), Text: v.Text,
			Line: func(offset int) int { return v.Position(offset).Line }})
	}
	if u.facts == nil && u.directives == nil {
		return
	}
	if g := e.blob.Git; g != nil {
		u.blob, u.where, u.commit = g.Blob, g.Where, g.Commit
	}
	if u.facts != nil && u.facts.unread != nil {
		e.Skip(v.Path, u.facts.unread.Error())
	}
	e.in.keep(u)
}

// Repository implements open.Visitor: a repository in an archive is read as one with a folder is, and the paths in its
// commits are those of the archive's members.
func (e *entry) Repository(p open.Pack) (taken bool, err error) {
	in := e.in
	sub := in.sub()
	sub.session, sub.opts.Jobs = in.session.Within(p.Depth), 1
	s := newHistoryScan(in.ctx, sub, p.Repo, p.Prefix)
	s.held, s.mostUnfolded = true, p.Most
	s.marks = make([]uint8, p.Repo.DB.Count())
	for _, step := range []func() error{s.objects, s.trees, func() error { s.arrange(); return s.locate() }} {
		if err := gitdb.Guard(step); err != nil {
			return true, err
		}
	}
	s.feed()
	in.merge(sub)
	in.Count(0, int(sub.objects.Load()), int(sub.commits.Load()), sub.bytes.Load())
	return true, context.Cause(in.ctx)
}

// A view is a text of a blob as the reader of its facts sees it.
type view struct {
	*open.View
	ignored bool      // see Blob.Ignored
	git     *GitPlace // nil outside history
	hits    []Hit     // all of them; an excerpt masks them
}

// object is the object of git's that holds the text, "" outside history.
func (v *view) object() string {
	if v.git == nil {
		return ""
	}
	return v.git.Blob
}
