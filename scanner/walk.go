package scanner

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A walk is one reading of a Tree.
type walk struct {
	ctx   context.Context
	in    *Intake
	tree  *Tree
	root  string // absolute
	crew  *crew
	plain bool // git is not asked

	// Where several paths are named they may lie in one another, and where git stops half-way its folder is read again.
	remember atomic.Bool
	mu       sync.Mutex
	seen     map[string]bool // names of what was read, where remember

	stores map[string]*trackedStore // by the top of the work tree

	gitOnce     sync.Once
	gitPath     string // "" where there is no git
	gitExcludes string
}

// first reports whether name was not read yet.
func (w *walk) first(name string) bool {
	if !w.remember.Load() {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen[name] {
		return false
	}
	if w.seen == nil {
		w.seen = map[string]bool{}
	}
	w.seen[name] = true
	return true
}

// filesPerTask is how many files of one folder a worker takes at a time.
const filesPerTask = 32

// list adds a task that begins with finding out what there is to read; listed ends that part of it.
func (w *walk) list(task func(*worker)) {
	w.in.openLists(1)
	w.crew.add(task)
}

func (w *walk) listed() { w.in.openLists(-1) }

// folder reads a folder: what git lists of it where it is part of a work tree (named folders and nested repositories
// ask that), else everything.
func (w *walk) folder(k *worker, abs, name string, ask bool) {
	if ask && !w.plain {
		if top, gitDir, ok := findWorkTree(abs); ok && w.gitList(abs, name, top, gitDir) {
			return
		}
	}
	w.everything(k, abs, name)
}

// everything reads all of a folder but the git directories in it.
func (w *walk) everything(k *worker, abs, name string) {
	dir, err := os.Open(abs)
	if err != nil {
		w.listed()
		w.in.Skip(name, open.Reason(err))
		return
	}
	entries, err := dir.ReadDir(-1)
	dir.Close()
	if err != nil {
		// What came before the error is read all the same.
		w.in.Skip(name, open.Reason(err))
	}
	var files []string
	for _, e := range entries {
		base := e.Name()
		sub := path.Join(name, base)
		// The folder of a repository is left to the reading of its history. One that is none is read like any other.
		if base == ".git" {
			if _, ok := gitDirOf(abs); ok {
				if abs != w.root && e.IsDir() {
					w.in.elsewhere(ownHistory, name)
				}
				continue
			}
		}
		if w.tree.Ignore.MatchBelow(sub, e.IsDir()) {
			w.in.LeftOut(1)
			continue
		}
		switch t := e.Type(); {
		case t.IsDir():
			below := filepath.Join(abs, base)
			w.list(func(k *worker) { w.below(k, below, sub) })
		case t.IsRegular(), t&fs.ModeSymlink != 0:
			files = append(files, base)
		default:
			w.in.elsewhere(noContent, sub)
		}
	}
	w.in.Expect(len(files))
	w.listed()
	for len(files) > filesPerTask {
		some := files[:filesPerTask]
		files = files[filesPerTask:]
		w.crew.add(func(k *worker) { w.some(k, abs, name, some) })
	}
	w.some(k, abs, name, files)
}

// below reads a folder found in a walk. One that is a work tree of its own is asked of git, as a submodule would be.
func (w *walk) below(k *worker, abs, name string) {
	if !w.plain {
		if gitDir, ok := gitDirOf(abs); ok && w.gitList(abs, name, abs, gitDir) {
			if info, err := os.Lstat(filepath.Join(abs, ".git")); err == nil && info.IsDir() {
				w.in.elsewhere(ownHistory, name)
			}
			return
		}
	}
	w.everything(k, abs, name)
}

func (w *walk) some(k *worker, abs, name string, bases []string) {
	for _, base := range bases {
		if w.ctx.Err() != nil {
			return
		}
		w.file(k, join(abs, base), path.Join(name, base), false)
	}
}

func join(dir, base string) string {
	if strings.HasSuffix(dir, string(filepath.Separator)) {
		return dir + base
	}
	return dir + string(filepath.Separator) + base
}

// file reads one file. Named ones are followed where they are links, and are errors where they are gone or no files.
func (w *walk) file(k *worker, abs, name string, named bool) {
	w.fileAs(k, abs, name, named, false)
}

func (w *walk) fileAs(k *worker, abs, name string, named, ignored bool) {
	if !w.first(name) {
		return
	}
	f, mode, size, err := openFile(abs, named)
	switch {
	case err == nil:
	case isLink(err):
		w.link(k, abs, name, ignored)
		return
	case !named && isGone(err):
		// Deleted in the work tree, or since the folder was listed.
		return
	default:
		w.in.Count(1, 0, 0, 0)
		w.in.Skip(name, open.Reason(err))
		return
	}
	defer f.Close()
	switch {
	case mode.IsRegular():
	case mode.IsDir():
		// git lists submodules and nested repositories as if they were files.
		w.list(func(k *worker) { w.below(k, abs, name) })
		return
	case !named:
		w.in.elsewhere(noContent, name)
		return
	}
	w.in.Count(1, 0, 0, 0)
	if text := pointerText(f, size); text != nil && w.pointed(k, abs, name, text, ignored) {
		return
	}
	w.in.file(k, Blob{Path: name, Ignored: ignored}, f, size)
	if !ignored && size <= demandSize {
		k.names = append(k.names, name)
	}
}

// link reads the text of a symbolic link, which is all that git stores of it too.
func (w *walk) link(k *worker, abs, name string, ignored bool) {
	target, err := os.Readlink(abs)
	if err != nil {
		if !isGone(err) {
			w.in.Skip(name, open.Reason(err))
		}
		return
	}
	w.in.Count(1, 0, 0, int64(len(target)))
	if _, err := os.Stat(abs); err != nil && annexed([]byte(filepath.ToSlash(target))) {
		w.in.elsewhere(absentLarge, name)
	}
	w.in.opener(k, Blob{Path: name, Ignored: ignored}).Plain([]byte(target))
}

// text is the whole text of a file that was read before, false where it has gone or has grown.
func (w *walk) text(name string) ([]byte, bool) {
	f, mode, size, err := openFile(filepath.Join(w.root, filepath.FromSlash(name)), false)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	if !mode.IsRegular() || size > demandSize {
		return nil, false
	}
	text := make([]byte, size+1) // one byte more than there should be
	n, err := io.ReadFull(f, text)
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, false
	}
	return text[:n], true
}
