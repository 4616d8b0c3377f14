// Package open turns bytes into texts, with the credentials that stand in them: it unpacks archives, undoes encodings
// and looks behind escapes. What a credential is used for, and what a text says of it, it does not know: it hands each
// text to a Visitor.
package open

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// A Visitor takes what is found in one piece of content. Its methods are called from the goroutine that reads it.
type Visitor interface {
	// View takes one text and its credentials, by where they begin. mentioned reports whether the text mentions
	// Unleash. It is called for every text, also for those without a credential. v.Text is good until View returns;
	// hits are the visitor's.
	View(v *View, hits []Hit, mentioned bool)
	// Skip is told what was not read, and why; of the same thing more than once.
	Skip(what, why string)
	// Count is told of packed files that were met, and of bytes that were read.
	Count(files int, bytes int64)
	// Repository is offered the objects of a repository that is in an archive, where Session.Within(p.Depth) is what to
	// open them with. It returns false where it does not take them: then each is read as a file of the archive.
	Repository(p Pack) (taken bool, err error)
}

// A Pack is the objects of a repository of git's in an archive.
type Pack struct {
	Repo   *gitdb.Repo
	Prefix string // of the paths in it, as findings show them
	Depth  int    // archives around it
	Most   int64  // bytes that may be unfolded from it
}

// A Session is what all that is opened in one scan has in common: its limits, and what archives have cost so far. Its
// methods are safe for concurrent use.
type Session struct {
	ctx    context.Context
	limits Limits
	depth  int // archives around all that is opened
	spent  *spending
	large  sync.Mutex // held while a text is read whole that is larger than others may be
}

// A spending is what all archives of a session have cost so far.
type spending struct{ packed, unpacked atomic.Int64 }

// NewSession returns a session that ends with ctx. A limit that is zero has its default.
func NewSession(ctx context.Context, limits Limits) *Session {
	return &Session{ctx: ctx, limits: limits.withDefaults(), spent: &spending{}}
}

// Within returns a session for content that has so many archives around it. What it costs counts for s too.
func (s *Session) Within(depth int) *Session {
	return &Session{ctx: s.ctx, limits: s.limits, depth: depth, spent: s.spent}
}

// Limits returns the limits of the session, which are not changed.
func (s *Session) Limits() *Limits { return &s.limits }

// Opener returns what opens the content of this path, once, and tells to of it. It uses b, which no other may use
// meanwhile.
func (s *Session) Opener(b *Buffers, path string, to Visitor) *Opener {
	return &Opener{session: s, buffers: b, path: path, to: to}
}
