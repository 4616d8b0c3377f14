package scanner

import (
	"context"
	"maps"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// An Intake takes what a Source yields. Its methods are safe for concurrent use.
type Intake struct {
	ctx     context.Context
	opts    Options
	session *open.Session

	files, total     atomic.Int64
	objects, commits atomic.Int64
	bytes            atomic.Int64
	left             atomic.Int64
	lists            atomic.Int64 // that are still being made, so that total is not all

	mu    sync.Mutex
	after func([]Finding) []Finding            // what a source has to say of all findings at the end; nil for nothing
	join  func(trees []string, all []resolved) // lets sets of files say something of each other; nil for nothing
	units []unit
	// libraries give files that a question leads to, by Blob.Tree; none where the source has none
	libraries map[string]*library
	concluded map[string]resolved // sets of files that are whole and resolved, by Blob.Tree
	own       bool                // what was read does not hold in another repository
	images    images
	demand    demandCount // of the links between what was kept, set by settle
	skips     []Skip
	notices   []Place
	absent    [elsewhereKinds]map[string]bool // paths whose content is not here
}

// A unit is what one view left to settle, with the key that orders it.
type unit struct {
	tree                      string // Blob.Tree
	path, blob, where, commit string
	seq                       int // the order of the views of one blob
	facts                     *fileFacts
	directives                []policy.Directive
	hashes                    map[int]string // of lines that hold credentials, see lineHashes
}

func newIntake(ctx context.Context, opts Options) *Intake {
	return &Intake{ctx: ctx, opts: opts, session: open.NewSession(ctx, opts.Limits)}
}

// sub is an intake of its own for a part of what in takes, with nothing in it.
func (in *Intake) sub() *Intake { return &Intake{ctx: in.ctx, opts: in.opts, session: in.session} }

// Jobs is the number of goroutines that a source should use.
func (in *Intake) Jobs() int { return in.opts.jobs() }

// Skip records that something was not read, and why; the scan is incomplete then.
func (in *Intake) Skip(what, why string) {
	in.mu.Lock()
	in.skips = append(in.skips, Skip{What: what, Why: why})
	in.mu.Unlock()
}

// Notice records something that wants attention but makes the scan neither incomplete nor a finding.
func (in *Intake) Notice(p Place) {
	in.mu.Lock()
	in.notices = append(in.notices, p)
	in.mu.Unlock()
}

// Count adds to the coverage.
func (in *Intake) Count(files, objects, commits int, bytes int64) {
	// Adding nothing takes as long as adding something, and this is called for every object of a history.
	for _, c := range [...]struct {
		to *atomic.Int64
		n  int64
	}{{&in.files, int64(files)}, {&in.objects, int64(objects)}, {&in.commits, int64(commits)}, {&in.bytes, bytes}} {
		if c.n != 0 {
			c.to.Add(c.n)
		}
	}
}

// Expect adds to the number of things that the progress is measured against.
func (in *Intake) Expect(n int) { in.total.Add(int64(n)) }

// openLists adds to the number of lists that are still being made: while there are any, the total is not known.
func (in *Intake) openLists(n int) { in.lists.Add(int64(n)) }

// LeftOut counts files that the user's own patterns ignore.
func (in *Intake) LeftOut(n int) { in.left.Add(int64(n)) }

// watch tells the progress until stop is called.
func (in *Intake) watch() (stop func()) {
	if in.opts.Progress == nil {
		return func() {}
	}
	done, gone := make(chan struct{}), make(chan struct{})
	tell := func() {
		total := in.total.Load()
		if in.lists.Load() > 0 {
			total = 0
		}
		in.opts.Progress(int(in.files.Load()+in.objects.Load()), int(total), in.bytes.Load())
	}
	go func() {
		defer close(gone)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				tell()
				return
			case <-tick.C:
				tell()
			}
		}
	}()
	return func() { close(done); <-gone }
}

func (in *Intake) keep(u unit) {
	in.mu.Lock()
	in.units = append(in.units, u)
	in.mu.Unlock()
}

// leave is a copy of what the intake has taken so far, without what leads to more: its source is still at work.
func (in *Intake) leave() *Intake {
	out := in.sub()
	out.Count(int(in.files.Load()), int(in.objects.Load()), int(in.commits.Load()), in.bytes.Load())
	out.left.Store(in.left.Load())
	in.mu.Lock()
	defer in.mu.Unlock()
	out.units, out.skips, out.notices = slices.Clone(in.units), slices.Clone(in.skips), slices.Clone(in.notices)
	out.concluded = maps.Clone(in.concluded)
	for i, paths := range in.absent {
		out.absent[i] = maps.Clone(paths)
	}
	return out
}

// inOrder sorts the units: their order must not come from goroutines.
func (in *Intake) inOrder() {
	sort.SliceStable(in.units, func(i, j int) bool { return in.units[i].less(&in.units[j]) })
}

// result settles and judges what was kept. Order comes from the units' keys, never from the scheduler.
func (in *Intake) result() *Result {
	in.inOrder()
	all := in.settle() // which may tell of more that was not read
	in.images.tell(all)
	for _, s := range in.demand.unread {
		in.Skip(s.What, s.Why)
	}
	sort.Slice(in.skips, func(i, j int) bool {
		a, b := in.skips[i], in.skips[j]
		return a.What < b.What || a.What == b.What && a.Why < b.Why
	})
	in.skips = slices.Compact(in.skips) // several commits may ask for the same file
	res := &Result{}
	res.Coverage = Coverage{
		Files: int(in.files.Load()), Bytes: in.bytes.Load(), Objects: int(in.objects.Load()),
		Commits: int(in.commits.Load()),
		Ignored: int(in.left.Load()), Linked: in.demand.files, Skipped: in.skips,
	}
	var directives []policy.Directive
	for i := range in.units {
		directives = append(directives, in.units[i].directives...)
	}
	var unread []Place
	res.Coverage.Skipped, res.Coverage.Accepted, unread = in.opts.Policy.AcceptUnread(res.Coverage.Skipped)
	finding.Sort(all)
	all = finding.DropRepeats(all)
	all = res.Hide(all, in.opts.Public, in.opts.Examples)
	setLineHashes(all, in.units)
	all, res.Suppressed, res.Notices = in.opts.Policy.Apply(all, directives)
	res.Findings = all
	res.Notices = append(res.Notices, in.notices...)
	var told []Place
	told, res.Coverage.Elsewhere = in.elsewhereNotices()
	res.Notices = slices.Concat(res.Notices, told, in.demand.notices(), unread)
	finding.SortPlaces(res.Notices)
	seen := map[rules.Secret]bool{}
	for i := range all {
		if s := all[i].Secret; !s.IsZero() && !seen[s] {
			seen[s] = true
			res.Credentials++
		}
	}
	return res
}

func (u *unit) less(v *unit) bool {
	switch {
	case u.path != v.path:
		return u.path < v.path
	case u.blob != v.blob:
		return u.blob < v.blob
	case u.where != v.where:
		return u.where < v.where
	case u.commit != v.commit:
		return u.commit < v.commit
	}
	return u.seq < v.seq
}
