package scanner

import (
	"bytes"
	"context"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A Workspace is a tree whose facts are kept, so that what changes in it is all that is read again: the texts that an
// editor holds, and files that were saved. Its methods are safe for concurrent use.
type Workspace struct {
	tree *Tree
	opts Options

	mu      sync.Mutex
	loaded  bool
	units   []unit // of the files as they are on disk
	library *library
	listed  map[string]bool // names in the library
	texts   map[string][]unit
	buffers map[string]bool       // names of texts, also of those that left nothing
	facts   map[string]*fileFacts // of files that questions led to
	kept    *kept
	last    *Result  // nil where something has changed since
	names   []string // of all files, those of texts included; nil where they have to be listed
	bytes   map[string]libraryText
	held    int // bytes of bytes
	late    lateShelf
}

// A libraryText is what the library gave for a name.
type libraryText struct {
	text []byte
	ok   bool
}

// NewWorkspace returns the workspace of a tree. It reads nothing before its first Result.
func NewWorkspace(tree *Tree, opts Options) *Workspace {
	w := &Workspace{tree: tree, opts: opts, texts: map[string][]unit{}, buffers: map[string]bool{}}
	w.forget()
	return w
}

// Root is the absolute path that names are relative to.
func (w *Workspace) Root() string { return w.tree.Root() }

// Load reads the tree as it is on disk, again where it was read before; opts and ignore hold from now on. Texts that
// were set stay.
func (w *Workspace) Load(ctx context.Context, opts Options, ignore *Ignore) error {
	opts.Progress = nil
	tree := *w.tree
	tree.Ignore = ignore
	in := newIntake(ctx, opts)
	if err := tree.Scan(ctx, in); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tree, w.opts, w.loaded = &tree, opts, true
	w.units, w.library = in.units, in.libraries[""]
	w.listed = map[string]bool{}
	if w.library != nil {
		for _, name := range w.library.names {
			w.listed[name] = true
		}
	}
	for _, u := range w.units {
		if !u.ignored() {
			w.listed[u.path] = true
		}
	}
	w.forget()
	return nil
}

// ignored reports whether what the unit is of has no findings.
func (u *unit) ignored() bool { return u.facts != nil && u.facts.ignored }

// forget drops what was read because a question led to it.
func (w *Workspace) forget() {
	old := w.bytes
	w.facts, w.bytes, w.held = map[string]*fileFacts{}, map[string]libraryText{}, 0
	w.kept, w.last, w.names = newKept(w.buffers), nil, nil
	for name := range w.buffers {
		w.bytes[name] = old[name]
	}
}

// Set says that the file of this name has this text, whatever is on disk. What git ignores has no findings, as in a scan
// of the tree; onDisk says that there is such a file, so that one that the tree does not list is ignored.
func (w *Workspace) Set(name string, text []byte, onDisk bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	was, had := w.bytes[name], w.buffers[name]
	same := had && len(w.texts[name]) == 0 && w.facts[name] == nil && !w.kept.opened[name]
	if !had {
		w.buffers[name] = true
		w.relist()
	}
	delete(w.facts, name)
	w.bytes[name] = libraryText{text: slices.Clone(text), ok: len(text) <= demandSize}
	w.texts[name] = nil
	if !w.tree.Ignore.Match(name, false) {
		w.texts[name] = w.read(name, text, onDisk && w.loaded && !w.listed[name])
	}
	wordsWas := w.kept.words[name]
	w.kept.words[name] = hashedNames(searchable(w.bytes[name]))
	// A text that left nothing, and of which no question knows more than words that it still has or has not, changes
	// nothing.
	same = same && len(w.texts[name]) == 0 &&
		!w.kept.cares(searchable(was), searchable(w.bytes[name]), wordsWas, w.kept.words[name])
	if !same {
		w.last = nil
	}
}

// searchable is the text in which words are looked for, nil where none are.
func searchable(t libraryText) []byte {
	if !t.ok || len(t.text) > demandSize || bytes.IndexByte(t.text[:min(len(t.text), 1<<10)], 0) >= 0 {
		return nil
	}
	return t.text
}

// relist says that other files are there, or held by the editor, than before.
func (w *Workspace) relist() {
	w.last, w.names = nil, nil
	w.kept.relist()
}

// read is what one text leaves to settle.
func (w *Workspace) read(name string, text []byte, ignored bool) []unit {
	in := newIntake(context.Background(), w.opts)
	in.Blob(Blob{Path: name, Text: text, Ignored: ignored})
	return in.units
}

// Unset says that the file of this name is what is on disk, or nothing.
func (w *Workspace) Unset(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.buffers, name)
	delete(w.texts, name)
	delete(w.facts, name)
	delete(w.kept.words, name)
	delete(w.bytes, name)
	w.relist()
}

// Saved says that a file that the tree has was written; it returns false where the tree does not have it, or where its
// text cannot be had, and has to be loaded.
func (w *Workspace) Saved(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.loaded || w.library == nil || !w.listed[name] {
		return false
	}
	text, ok := w.library.open(name)
	if !ok || open.IsArchive(name, text) {
		return false
	}
	w.units = slices.DeleteFunc(w.units, func(u unit) bool { return fileOf(u.path) == name })
	w.units = append(w.units, w.read(name, text, false)...)
	if !w.buffers[name] {
		delete(w.facts, name)
		delete(w.kept.words, name)
		delete(w.bytes, name)
	}
	w.relist()
	return true
}

// fileOf is the file that holds what is called so: the archive of a member.
func fileOf(p string) string {
	name, _, _ := strings.Cut(p, "!")
	return name
}

// Result settles what is known now, as Scan does of a whole tree.
func (w *Workspace) Result(ctx context.Context) *Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last != nil {
		again := *w.last
		return &again
	}
	in := newIntake(ctx, w.opts)
	for _, u := range w.units {
		if !w.buffers[fileOf(u.path)] {
			in.units = append(in.units, u)
		}
	}
	names := make([]string, 0, len(w.texts))
	for name := range w.texts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		in.units = append(in.units, w.texts[name]...)
	}
	if lib := w.shelf(names); lib != nil {
		in.libraries = map[string]*library{"": lib}
	}
	res := in.result()
	res.Mode, res.Root = "tree", w.tree.Root()
	if ctx.Err() == nil {
		last := *res
		w.last = &last
	}
	return res
}

// shelf is the library with the texts that were set, and without asking the disk twice.
func (w *Workspace) shelf(set []string) *library {
	if w.library == nil {
		return nil
	}
	lib := &library{names: w.listing(set), kept: w.kept, recall: func(name string) *fileFacts { return w.facts[name] }}
	lib.keep = func(name string, f *fileFacts) *fileFacts {
		f.keepLate(&w.late, func() ([]byte, bool) { return lib.open(name) })
		w.facts[name] = f
		return f
	}
	lib.open = func(name string) ([]byte, bool) {
		t, ok := w.bytes[name]
		if !ok {
			t.text, t.ok = w.library.open(name)
			if w.held+len(t.text) <= searchBytes {
				w.held += len(t.text)
				w.bytes[name] = t
			}
		}
		return t.text, t.ok
	}
	return lib
}

// listing is the names of the library, sorted, with those of the texts that were set.
func (w *Workspace) listing(set []string) []string {
	if w.names == nil {
		w.names = slices.Clone(w.library.names)
		for _, name := range set {
			if !w.listed[name] && path.Clean(name) == name {
				w.names = append(w.names, name)
			}
		}
		slices.Sort(w.names)
	}
	return w.names
}
