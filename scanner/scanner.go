// Package scanner turns content into findings. A Source yields Blobs; in each blob it finds credentials and reads the
// site of each; it collates all sites of one credential, settles what it is and judges every site by the rules.
package scanner

import (
	"context"
	"runtime"
	"time"

	"github.com/unleaked/unleaked/policy"
)

// A Source yields what is to be scanned: files, the index of a repository, its history.
//
// A source may also have the methods Mode() string, whose answer is Result.Mode ("tree" without one), and Root()
// string, the absolute path that the findings' paths are relative to.
type Source interface {
	// Scan hands every blob to in, from as many goroutines as it likes and in any order, and tells in what it could not
	// read. It returns an error only where nothing useful can be said at all, or when ctx ends.
	Scan(ctx context.Context, in *Intake) error
}

// A Blob is one piece of content: a file, an object of a repository, the text of a commit.
type Blob struct {
	Path    string // relative to the scanned root, forward slashes
	Text    []byte
	Ignored bool      // git ignores it and nobody asked for it: it serves to resolve names, and has no findings
	Git     *GitPlace // nil outside history
	// Tree names the set of files that the blob belongs to: names are followed within it only. "" is the one set of a
	// source that has no other.
	Tree string
}

// Options say how to scan and what to report. The zero value reports secrets and hides public credentials.
type Options struct {
	Public   bool // also report public credentials (frontend tokens, client keys)
	Examples bool // also report documented examples
	Ignored  bool // also read what git ignores
	Jobs     int  // goroutines; 0 is the number of CPUs
	// Policy is what the owners of the text have accepted; nil hears only the comments in the text.
	Policy *Policy
	// Limits bound the work that one hostile input can cause; a zero field has its default.
	Limits Limits
	// Progress, where set, is told now and then how much was read of how much there is; total is 0 while nobody knows.
	// It is called from one goroutine at a time.
	Progress func(done, total int, bytes int64)

	// Oracle, where set, knows of credentials what no text says: what it says is stronger than any text.
	Oracle Oracle

	collect *collection // nil but for Collect
	memo    *memo       // nil but for repositories of a family
}

func (o Options) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// Scan reads all that src yields and says what is to be said of it. When ctx ends it reports what was found until then,
// as an incomplete result, and does not wait long for what is still being read. An error means that nothing useful can
// be said at all.
func Scan(ctx context.Context, src Source, opts Options) (*Result, error) {
	in := newIntake(ctx, opts)
	stop := in.watch()
	err := scanUntil(ctx, src, &in)
	stop()
	if ctx.Err() != nil {
		in.Skip(policy.WholeScan, "interrupted")
	} else if err != nil {
		return nil, err
	}
	res := in.result()
	res.Mode = "tree"
	if m, ok := src.(interface{ Mode() string }); ok {
		res.Mode = m.Mode()
	}
	if m, ok := src.(interface{ Root() string }); ok {
		res.Root = m.Root()
	}
	return res, nil
}

// afterEnd is how long after the end of its context a source has to return by itself.
const afterEnd = time.Second

// scanUntil lets src fill *in. A source that does not return soon after ctx ends is left behind, with an intake that
// nobody looks at: *in becomes a copy of what it had yielded.
func scanUntil(ctx context.Context, src Source, in **Intake) error {
	done := make(chan error, 1)
	to := *in
	go func() { done <- src.Scan(ctx, to) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(afterEnd):
		*in = to.leave()
		return ctx.Err()
	}
}
