package scanner

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A Tree is the source of `scan`: files and folders as they are on disk, and standard input.
//
// In a git work tree it reads what git tracks and what git does not ignore; what is named in Paths is read whatever git
// says, and outside git everything is. It never follows a symbolic link that it was not given by name: the link's text
// is content.
type Tree struct {
	// Paths are files and folders; "-" is Stdin. Empty is ".".
	Paths []string
	// Ignore are the user's own patterns, relative to Root. They hold for named paths too.
	Ignore *Ignore
	// Stdin is what "-" reads, and StdinName what findings call it ("<stdin>" where empty).
	Stdin     io.Reader
	StdinName string
	// NoGit reads everything, as outside git.
	NoGit bool

	root string
}

// NewTree is the source that reads these paths.
func NewTree(paths ...string) *Tree {
	t := &Tree{Paths: paths}
	t.root = t.findRoot()
	return t
}

// Root is the absolute path that the findings' paths are relative to, so that one file has one path in every command:
// the top of the work tree that holds all paths; outside of one, the folder that is all that was asked for, else the
// working folder.
func (t *Tree) Root() string {
	if t.root == "" {
		t.root = t.findRoot()
	}
	return t.root
}

// Mode is what Result.Mode says.
func (t *Tree) Mode() string { return "tree" }

func (t *Tree) paths() []string {
	if len(t.Paths) == 0 {
		return []string{"."}
	}
	return t.Paths
}

func (t *Tree) findRoot() string {
	cwd, err := filepath.Abs(".")
	if err != nil {
		cwd = string(filepath.Separator)
	}
	var all []string // what is named, absolute
	for _, p := range t.paths() {
		if p == "-" {
			continue
		}
		if abs, err := filepath.Abs(p); err == nil {
			all = append(all, abs)
		}
	}
	if !t.NoGit {
		// A repository within another is a part of what holds both.
		for _, p := range append([]string{cwd}, all...) {
			if top := topOf(p); top != "" && allBelow(top, all) {
				return top
			}
		}
	}
	if len(all) == 1 {
		if info, err := os.Stat(all[0]); err == nil && info.IsDir() {
			return all[0]
		}
	}
	return cwd
}

// allBelow reports whether all paths are in the work tree with this top.
func allBelow(top string, paths []string) bool {
	for _, p := range paths {
		if _, ok := below(top, p); !ok {
			return false
		}
	}
	return true
}

// below is path relative to top, with links resolved where they lead there; ok is false where path is elsewhere. Both are
// absolute and clean.
func below(top, path string) (rel string, ok bool) {
	if !within(top, path) {
		real, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", false
		}
		if path = filepath.Join(real, filepath.Base(path)); !within(top, path) {
			return "", false
		}
	}
	rel, err := filepath.Rel(top, path)
	return rel, err == nil
}

// topOf is the top of the work tree that path is of, a file or a folder, "" outside of one. It is one of the folders on
// the path as it was given, where one of those is, so that the path is below it also where it leads over links.
func topOf(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		real = path
	}
	for _, start := range []string{path, real} {
		for dir := start; ; dir = filepath.Dir(dir) {
			if _, ok := gitDirOf(dir); ok {
				return dir
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return ""
}

// within reports whether path is dir or below it; both are absolute and clean.
func within(dir, path string) bool {
	if dir == path {
		return true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return strings.HasPrefix(path, dir)
}

// Scan reads everything that the paths name.
func (t *Tree) Scan(ctx context.Context, in *Intake) error {
	w := &walk{ctx: ctx, in: in, tree: t, root: t.Root(), crew: newCrew(), plain: t.NoGit || in.opts.Ignored}
	named := map[string]bool{}
	for _, p := range t.paths() {
		if p == "-" {
			w.crew.add(func(k *worker) { w.stdin(k) })
			continue
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			in.Skip(filepath.ToSlash(p), open.Reason(err))
			continue
		}
		if !named[abs] {
			named[abs] = true
			w.named(p, abs)
		}
	}
	w.remember.Store(len(named) > 1)
	var names []string
	w.crew.home = func(k *worker) { names = append(names, k.names...) }
	w.crew.run(ctx, in.Jobs())
	w.closeStores()
	sort.Strings(names)
	in.libraries = map[string]*library{"": {names: names, open: w.text}}
	return ctx.Err()
}

// named begins with a path of the command line. Unlike what is found below it, it is followed where it is a link, and
// it is an error where it cannot be read.
func (w *walk) named(given, abs string) {
	name := w.name(abs)
	info, err := os.Stat(abs)
	if err != nil {
		w.in.Skip(filepath.ToSlash(given), open.Reason(err))
		return
	}
	if name != "." && w.tree.Ignore.Match(name, info.IsDir()) {
		w.in.LeftOut(1)
		return
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		w.list(func(k *worker) { w.folder(k, abs, name, true) })
	case mode.IsRegular(), mode&fs.ModeNamedPipe != 0:
		w.in.Expect(1)
		w.crew.add(func(k *worker) { w.file(k, abs, name, true) })
	default:
		w.in.Skip(filepath.ToSlash(given), "it is neither a file nor a folder")
	}
}

// name is how findings call a path.
func (w *walk) name(abs string) string {
	rel, ok := below(w.root, abs)
	if !ok {
		var err error
		if rel, err = filepath.Rel(w.root, abs); err != nil {
			rel = abs
		}
	}
	return filepath.ToSlash(rel)
}

func (w *walk) stdin(k *worker) {
	name := w.tree.StdinName
	if name == "" {
		name = "<stdin>"
	}
	if w.tree.Stdin == nil {
		w.in.Skip(name, "there is no standard input")
		return
	}
	w.in.Count(1, 0, 0, 0)
	defer w.in.survive(name)
	w.in.opener(k, Blob{Path: name}).Stream(w.tree.Stdin)
}
