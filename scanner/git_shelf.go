package scanner

import (
	"slices"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// A shelf lists the files of trees, and gives those that a question leads to. What two trees have in common is read
// once.
type shelf struct {
	s  *historyScan
	mu sync.Mutex
	// folders are the entries of trees that were read, asked the facts of files that questions led to.
	folders map[gitdb.Hash][]gitdb.TreeEntry
	asked   map[askedKey]*fileFacts
	texts   map[gitdb.Hash][]byte
	held    int // bytes of texts
	late    lateShelf
}

type askedKey struct {
	id   gitdb.Hash
	path string
}

// Bounds of what a shelf keeps.
const (
	shelfFolders = 1 << 14
	shelfAsked   = 1 << 12
	shelfBytes   = 32 << 20
	treeFiles    = 200_000 // of one tree
	mostDepth    = 4096    // of folders
)

func newShelf(s *historyScan) *shelf {
	return &shelf{s: s, folders: map[gitdb.Hash][]gitdb.TreeEntry{}, asked: map[askedKey]*fileFacts{},
		texts: map[gitdb.Hash][]byte{}}
}

// folder are the entries of a tree, none where it cannot be read.
func (h *shelf) folder(id gitdb.Hash) []gitdb.TreeEntry {
	h.mu.Lock()
	entries, ok := h.folders[id]
	h.mu.Unlock()
	if ok {
		return entries
	}
	entries, err := h.s.db.ReadTree(id)
	if err != nil {
		entries = nil
	}
	h.mu.Lock()
	if len(h.folders) < shelfFolders {
		h.folders[id] = entries
	}
	h.mu.Unlock()
	return entries
}

// modules lists the paths of the submodules of a tree.
func (h *shelf) modules(tree gitdb.Hash) []string {
	var out []string
	h.walk(tree, func(dir string, e *gitdb.TreeEntry) bool {
		if e.IsModule() {
			out = append(out, dir+string(e.Name))
		}
		return len(out) < treeFiles
	})
	return out
}

// files lists the files of a tree in the order of the bytes of their paths, as an index does.
func (h *shelf) files(tree gitdb.Hash) []gitdb.IndexEntry {
	var out []gitdb.IndexEntry
	h.walk(tree, func(dir string, e *gitdb.TreeEntry) bool {
		if e.IsBlob() {
			out = append(out, gitdb.IndexEntry{Path: dir + string(e.Name), Mode: e.Mode, ID: e.ID()})
		}
		return len(out) < treeFiles
	})
	if !slices.IsSortedFunc(out, byPath) { // git's own trees are in order
		slices.SortFunc(out, byPath)
	}
	return out
}

// entry is the file at a path of a tree.
func (h *shelf) entry(tree gitdb.Hash, path string) (id gitdb.Hash, ok bool) {
	for below := true; below; {
		var name string
		name, path, below = strings.Cut(path, "/")
		entries := h.folder(tree)
		i := slices.IndexFunc(entries, func(e gitdb.TreeEntry) bool { return string(e.Name) == name })
		if i < 0 || entries[i].IsTree() != below {
			return gitdb.Hash{}, false
		}
		tree = entries[i].ID()
	}
	return tree, true
}

func byPath(a, b gitdb.IndexEntry) int { return strings.Compare(a.Path, b.Path) }

// entryOf is the file of a path in such a list, nil for none.
func entryOf(entries []gitdb.IndexEntry, path string) *gitdb.IndexEntry {
	i, ok := slices.BinarySearchFunc(entries, path, func(e gitdb.IndexEntry, path string) int {
		return strings.Compare(e.Path, path)
	})
	if !ok {
		return nil
	}
	return &entries[i]
}

// text is the text of a blob that is no larger than a question may read.
func (h *shelf) text(id gitdb.Hash) ([]byte, bool) {
	h.mu.Lock()
	text, ok := h.texts[id]
	h.mu.Unlock()
	if ok {
		return text, text != nil
	}
	_, text, err := h.s.db.Read(id)
	if err != nil || len(text) > demandSize {
		text = nil
	} else if text == nil {
		text = []byte{}
	}
	h.mu.Lock()
	if h.held+len(text) <= shelfBytes {
		h.held += len(text)
		h.texts[id] = text
	}
	h.mu.Unlock()
	return text, text != nil
}

// library gives those of a list of files that a question may lead to. git says which commit they are of; it is nil for
// the index, of which no facts are kept: it is asked once.
func (h *shelf) library(entries []gitdb.IndexEntry, wanted func(*gitdb.IndexEntry) bool,
	git func(gitdb.Hash) *GitPlace) *library {
	lib := &library{}
	prefix := h.s.prefix
	for i := range entries {
		if len(lib.names) == libraryFiles {
			break
		}
		if wanted(&entries[i]) {
			lib.names = append(lib.names, prefix+entries[i].Path)
		}
	}
	find := func(name string) *gitdb.IndexEntry { return entryOf(entries, strings.TrimPrefix(name, prefix)) }
	lib.open = func(name string) ([]byte, bool) {
		if e := find(name); e != nil {
			return h.text(e.ID)
		}
		return nil, false
	}
	if git == nil {
		return lib
	}
	lib.recall = func(name string) *fileFacts {
		e := find(name)
		if e == nil {
			return nil
		}
		h.mu.Lock()
		f := h.asked[askedKey{e.ID, name}]
		h.mu.Unlock()
		if f == nil {
			return nil
		}
		return f.of(git(e.ID), false)
	}
	lib.keep = func(name string, f *fileFacts) *fileFacts {
		e := find(name)
		if e == nil {
			return f
		}
		id := e.ID // and not the list that it is of
		f.keepLate(&h.late, func() ([]byte, bool) { return h.text(id) })
		h.mu.Lock()
		if len(h.asked) < shelfAsked {
			h.asked[askedKey{e.ID, name}] = f
		}
		h.mu.Unlock()
		return f.of(git(e.ID), false)
	}
	return lib
}

// walk calls f with each entry of a tree that is no folder, and with the folder that it is in, "" or one that ends in a
// slash, until f says no.
func (h *shelf) walk(tree gitdb.Hash, f func(dir string, e *gitdb.TreeEntry) bool) {
	var walk func(id gitdb.Hash, dir string, depth int) bool
	walk = func(id gitdb.Hash, dir string, depth int) bool {
		if id == h.s.db.EmptyTree() || depth > mostDepth {
			return true
		}
		entries := h.folder(id)
		for i := range entries {
			e := &entries[i]
			if e.IsTree() {
				if !walk(e.ID(), dir+string(e.Name)+"/", depth+1) {
					return false
				}
			} else if !f(dir, e) {
				return false
			}
		}
		return true
	}
	walk(tree, "", 0)
}
