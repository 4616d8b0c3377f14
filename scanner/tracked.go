package scanner

import (
	"bytes"
	"errors"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// What git tracks may not be in the work tree: a sparse checkout leaves it out, a bit in the index says that git does not
// look, a folder has become a link. It belongs to the repository all the same, and is read from the object database. What
// is just not there was deleted.

// A trackedFile is a line of `git ls-files -t --stage`.
type trackedFile struct {
	path   string
	id     string
	module bool // a submodule
	left   bool // git leaves it out of the work tree, or does not look at it there
}

// parseTracked reads a line; ok is false where it is none.
func parseTracked(line string) (f trackedFile, ok bool) {
	head, path, ok := strings.Cut(line, "\t")
	part := strings.Fields(head)
	if !ok || len(part) != 4 {
		return f, false
	}
	return trackedFile{path: path, id: part[2], module: part[1] == "160000", left: part[0] == "S"}, true
}

// trackedStore reads objects of a work tree's repository.
type trackedStore struct {
	once sync.Once
	repo *gitdb.Repo
	err  error
}

// absentFile reads a tracked file that is not in the work tree from the object database.
func (l *gitListing) absentFile(k *worker, f trackedFile) {
	w, name := l.walk, l.show(f.path)
	if f.module {
		w.in.elsewhere(absentSubmodule, name)
		return
	}
	if !w.first(name) {
		return
	}
	store := w.store(l.top)
	w.in.Count(1, 0, 0, 0)
	if store.err != nil {
		w.in.Skip(name, "it is tracked and not in the work tree, and its object cannot be read: "+store.err.Error())
		return
	}
	id, err := gitdb.ParseHash(f.id)
	var text []byte
	if err == nil {
		err = gitdb.Guard(func() error {
			_, data, err := store.repo.DB.Read(id)
			text = bytes.Clone(data)
			return err
		})
	}
	switch {
	case errors.Is(err, gitdb.ErrMissing) && store.repo.Promisor:
		w.in.elsewhere(absentPartial, name)
		return
	case err != nil:
		w.in.Skip(name, "it is tracked and not in the work tree, and its object cannot be read: "+err.Error())
		return
	}
	if w.pointed(k, join(l.abs, f.path), name, text, false) {
		return
	}
	w.in.blobWith(k, Blob{Path: name, Text: text})
}

// store is the object database of the work tree with this top.
func (w *walk) store(top string) *trackedStore {
	w.mu.Lock()
	s := w.stores[top]
	if s == nil {
		if w.stores == nil {
			w.stores = map[string]*trackedStore{}
		}
		s = &trackedStore{}
		w.stores[top] = s
	}
	w.mu.Unlock()
	s.once.Do(func() { s.repo, s.err = gitdb.Open(top, nil) })
	return s
}

// closeStores lets go of the object databases.
func (w *walk) closeStores() {
	for _, s := range w.stores {
		if s.repo != nil {
			s.repo.Close()
		}
	}
}
