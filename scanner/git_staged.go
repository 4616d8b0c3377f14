package scanner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/internal/plain"
)

// A Staged is the source of `staged`: what `git commit` would record now, the index against HEAD.
//
// It reads the index that git hands to its hooks (GIT_INDEX_FILE), so that it sees what `commit -a` and `commit PATH`
// record, and never the work tree. Only credentials that HEAD does not hold at the same path are findings: nobody is
// kept from working by an old leak.
type Staged struct {
	// Dir is a folder in the repository; "" is the working folder.
	Dir string
	// Env is the environment of git's hooks; nil for none.
	Env func(string) string

	root string
}

// NewStaged is the source for the repository around dir, in the environment of the process.
func NewStaged(dir string) *Staged { return &Staged{Dir: dir, Env: os.Getenv} }

// Mode is what Result.Mode says.
func (t *Staged) Mode() string { return "staged" }

// Root is the top of the work tree.
func (t *Staged) Root() string {
	if t.root == "" {
		if r, err := gitdb.Locate(orDot(t.Dir), t.Env); err == nil {
			t.root = repoRoot(r)
		}
	}
	return t.root
}

// A change is a path at which a blob is new.
type change struct {
	path   string
	id     gitdb.Hash
	before []gitdb.Hash // what stood there, none where nothing did
	module bool         // it is a submodule's commit, and no blob
}

// Scan reads what is staged.
func (t *Staged) Scan(ctx context.Context, in *Intake) error {
	r, err := gitdb.Open(orDot(t.Dir), t.Env)
	if err != nil {
		return err
	}
	t.root = repoRoot(r)
	err = gitdb.Guard(func() error { return scanStaged(ctx, in, r) })
	if in.after == nil {
		r.Close() // else what is to be told at the end closes it
	}
	return err
}

func scanStaged(ctx context.Context, in *Intake, r *gitdb.Repo) error {
	x, err := r.ReadIndex()
	if err != nil {
		if errors.Is(err, plain.ErrNotRegular) {
			return err // git would wait for it
		}
		// A version or an extension to come: git lists the index then.
		listed, gerr := gitdb.Plumbing{GitDir: r.GitDir}.Index(ctx, r.IndexFile)
		if gerr != nil {
			return fmt.Errorf("%w; and git does not read it either: %w", err, gerr)
		}
		x = listed
	}
	tellProblems(in, r, "")
	s := newHistoryScan(ctx, in, r, "")
	head := s.db.EmptyTree()
	if id, ok, err := r.Head(); err != nil {
		return err
	} else if ok {
		c, err := r.ReadCommit(id)
		if err != nil {
			return err
		}
		head = c.Tree
	}
	var changes []change
	d := indexDiff{db: s.db, entries: x.Entries, add: func(c change) { changes = append(changes, c) }}
	if err := d.folder(head, x.Cache, "", 0); err != nil {
		return err
	}
	changes = slices.DeleteFunc(changes, s.tellModule)
	if changes, err = withoutMerged(r, changes); err != nil {
		return err
	}
	in.Expect(len(changes))
	n := newNewness(s)
	sub := in.sub()
	brought := make([]tidings, len(changes))
	s.during(len(changes), func(i int) {
		c := &changes[i]
		_, text, err := s.db.Read(c.id)
		if err != nil {
			in.Skip(c.path, "the staged object cannot be read: "+err.Error())
			return
		}
		in.Count(1, 0, 0, int64(len(text)))
		brought[i] = n.brings(text, c.path, c.before)
	})
	around := indexContext{s: s, to: sub, entries: x.Entries, given: map[string]bool{}}
	var give []*change
	var sure []string
	for i := range changes {
		c := &changes[i]
		if brought[i] == noNews {
			continue
		}
		give = append(give, c)
		around.given[c.path] = true
		n.before[newKey{"", c.path}] = c.before
		if brought[i] == aSecret {
			sure = append(sure, c.path)
		}
	}
	// While the changed files are read, what may help to judge them is looked for.
	s.during(len(give)+1, func(i int) {
		if i == 0 {
			around.prepare(sure)
			return
		}
		c := give[i-1]
		if _, text, err := s.db.Read(c.id); err == nil {
			s.read(sub, Blob{Path: c.path, Text: text})
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	sub.inOrder()
	var found []Finding
	var hits []string
	for _, f := range sub.settle() {
		if n.isNew(&f) {
			found = append(found, f)
			name, _, _ := strings.Cut(f.File, "!")
			if !around.given[name] {
				name = f.File
			}
			hits = append(hits, name)
		}
	}
	for i := range sub.units {
		if u := &sub.units[i]; u.facts != nil && around.clues.undecided(u.facts) {
			name, _, _ := strings.Cut(u.path, "!")
			hits = append(hits, name)
		}
	}
	if len(hits) > 0 {
		around.prepare(hits)
		around.read(found)
	}
	in.merge(sub)
	if len(hits) > 0 {
		in.libraries = map[string]*library{"": around.library()}
	}
	in.after = func(all []Finding) []Finding {
		defer r.Close()
		kept := all[:0]
		for i := range all {
			if n.isNew(&all[i]) {
				kept = append(kept, all[i])
			}
		}
		return kept
	}
	// Everything that isNew will ask for is read while the repository is open.
	for _, c := range give {
		for _, id := range c.before {
			n.older(id)
		}
	}
	return ctx.Err()
}

// An indexDiff compares the index with a tree. A folder whose tree git remembers, and which is that of HEAD, is passed
// over as a whole.
type indexDiff struct {
	db      *gitdb.DB
	entries []gitdb.IndexEntry // those that are left
	add     func(change)
}

// folder compares the entries below dir ("" or "x/") with a tree. The entries stand in the order of bytes of their
// paths, those of a folder together.
func (d *indexDiff) folder(tree gitdb.Hash, cache *gitdb.CacheTree, dir string, depth int) error {
	if cache != nil && cache.Entries >= 0 && cache.ID == tree && cache.Entries <= len(d.entries) &&
		(dir == "" || cache.Entries > 0) {
		// Where it is true, these are the entries of the folder.
		if n := cache.Entries; n == 0 || strings.HasPrefix(d.entries[0].Path, dir) &&
			strings.HasPrefix(d.entries[n-1].Path, dir) {
			d.entries = d.entries[n:]
			return nil
		}
	}
	if depth >= 4096 {
		tree = d.db.EmptyTree()
	}
	old, err := entriesByName(d.db, tree)
	if err != nil {
		return err
	}
	for len(d.entries) > 0 {
		e := &d.entries[0]
		rest, ok := strings.CutPrefix(e.Path, dir)
		if !ok {
			return nil
		}
		name, _, below := strings.Cut(rest, "/")
		was, had := old[name]
		switch {
		case e.IsTree(): // of a sparse index: the folder is not in the work tree
			id := gitdb.Hash{}
			if had && was.IsTree() {
				id = was.ID()
			}
			path := e.Path
			now := e.ID
			d.entries = d.entries[1:]
			if err := treeChanges(d.db, now, []gitdb.Hash{id}, strings.TrimSuffix(path, "/"), 0, d.add); err != nil {
				return err
			}
			continue
		case below:
			id := d.db.EmptyTree()
			if had && was.IsTree() {
				id = was.ID()
			}
			if err := d.folder(id, cache.Kid(name), dir+name+"/", depth+1); err != nil {
				return err
			}
			continue
		}
		d.entries = d.entries[1:]
		if e.Stage != 0 || e.IntentToAdd || !e.IsBlob() && !e.IsModule() {
			continue // git commits no conflict, and no name alone
		}
		if e.IsModule() {
			if !had || was.ID() != e.ID {
				d.add(change{path: e.Path, id: e.ID, module: true})
			}
			continue
		}
		c := change{path: e.Path, id: e.ID}
		if had && was.IsBlob() {
			if was.ID() == e.ID {
				continue
			}
			c.before = []gitdb.Hash{was.ID()}
		}
		d.add(c)
	}
	return nil
}

// withoutMerged leaves out what stands at its path in a commit that a merge in the making joins to HEAD: it was
// recorded there. For what was changed in both, all sides are what was before.
func withoutMerged(r *gitdb.Repo, changes []change) ([]change, error) {
	for _, id := range r.MergeHeads() {
		c, err := r.ReadCommit(id)
		if err != nil {
			return nil, err
		}
		trees := map[gitdb.Hash]map[string]gitdb.TreeEntry{}
		kept := changes[:0]
		for _, ch := range changes {
			was, ok, err := entryAt(r.DB, trees, c.Tree, ch.path)
			if err != nil {
				return nil, err
			}
			if ok && was.IsBlob() {
				if was.ID() == ch.id {
					continue
				}
				ch.before = append(ch.before, was.ID())
			}
			kept = append(kept, ch)
		}
		changes = kept
	}
	return changes, nil
}

// entryAt is what stands at a path of a tree. trees are those that were read.
func entryAt(db *gitdb.DB, trees map[gitdb.Hash]map[string]gitdb.TreeEntry, tree gitdb.Hash,
	p string) (e gitdb.TreeEntry, ok bool, err error) {
	for below := true; below; {
		var name string
		name, p, below = strings.Cut(p, "/")
		entries := trees[tree]
		if entries == nil {
			if entries, err = entriesByName(db, tree); err != nil {
				return e, false, err
			}
			trees[tree] = entries
		}
		if e, ok = entries[name]; !ok || below && !e.IsTree() {
			return e, false, nil
		}
		tree = e.ID()
	}
	return e, ok, nil
}

// entriesByName are the entries of a tree, none where the hash is zero: a tree that is not there.
func entriesByName(db *gitdb.DB, tree gitdb.Hash) (map[string]gitdb.TreeEntry, error) {
	if tree.IsZero() || tree == db.EmptyTree() {
		return map[string]gitdb.TreeEntry{}, nil
	}
	list, err := db.ReadTree(tree)
	if err != nil {
		return nil, err
	}
	entries := make(map[string]gitdb.TreeEntry, len(list))
	for _, e := range list {
		entries[string(e.Name)] = e
	}
	return entries, nil
}

// treeChanges tells of the blobs of a tree that stand at their path in none of the trees before; a zero hash is a tree
// that is not there.
func treeChanges(db *gitdb.DB, tree gitdb.Hash, before []gitdb.Hash, dir string, depth int, add func(change)) error {
	for _, b := range before {
		if b == tree {
			return nil
		}
	}
	if tree == db.EmptyTree() || depth > 4096 {
		return nil
	}
	entries, err := db.ReadTree(tree)
	if err != nil {
		return err
	}
	old := make([]map[string]gitdb.TreeEntry, 0, len(before))
	for _, b := range before {
		m, err := entriesByName(db, b)
		if err != nil {
			return err
		}
		old = append(old, m)
	}
next:
	for i := range entries {
		e := &entries[i]
		name := path.Join(dir, string(e.Name))
		if dir != "" {
			name = dir + "/" + string(e.Name)
		}
		var was []gitdb.Hash
		for _, m := range old {
			o, ok := m[string(e.Name)]
			if !ok {
				continue
			}
			if o.ID() == e.ID() && (o.IsTree() == e.IsTree()) {
				continue next
			}
			if o.IsTree() == e.IsTree() && (o.IsTree() || o.IsBlob()) {
				was = append(was, o.ID())
			}
		}
		switch {
		case e.IsTree():
			if err := treeChanges(db, e.ID(), was, name, depth+1, add); err != nil {
				return err
			}
		case e.IsBlob():
			add(change{path: name, id: e.ID(), before: was})
		case e.IsModule():
			add(change{path: name, id: e.ID(), module: true})
		}
	}
	return nil
}
