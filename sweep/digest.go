package sweep

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/internal/plain"
)

// A digest tells one state of a repository from another without reading its objects: by what its git folder says (refs,
// logs, configuration, index), by the names and sizes of what holds its objects, here and in its alternates, and by the
// sizes and times of the files of its work tree.
type digest struct {
	hash.Hash
	failed bool      // something could not be seen: nobody can tell whether it has changed
	newest time.Time // when the last of the files changed that count by their times
	room   []byte    // to read into
	text   []byte    // to write into
}

func newDigest() *digest { return &digest{Hash: sha256.New()} }

// digestOf is the digest of what stands at a path, "" where it cannot be told.
func digestOf(name string) string {
	d := newDigest()
	d.add(name)
	if d.failed {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(d.Sum(nil))
}

func (d *digest) add(name string) {
	info, err := os.Stat(name)
	if err != nil {
		d.failed = true
		return
	}
	switch repositoryKind(name, info) {
	case worktree:
		d.files(name, func(path string) bool { return path == filepath.Join(name, ".git") })
		d.git(name)
	case bare:
		d.git(name)
	case folder:
		d.files(name, func(string) bool { return false })
	case archive:
		d.file(name, info)
	}
}

func (d *digest) line(format string, args ...any) { _, _ = fmt.Fprintf(d, format+"\n", args...) }

// file is one by its size and times: a change that leaves all of them as they are is not known.
func (d *digest) file(path string, info fs.FileInfo) {
	changed, inode := changeOf(info)
	for _, t := range []time.Time{info.ModTime(), changed} {
		if t.After(d.newest) {
			d.newest = t
		}
	}
	b := strconv.AppendQuote(d.text[:0], path)
	for _, n := range [...]int64{info.Size(), info.ModTime().UnixNano(), changed.UnixNano(), int64(inode), int64(info.Mode())} {
		b = strconv.AppendInt(append(b, ' '), n, 10)
	}
	d.text = append(b, '\n')
	_, _ = d.Write(d.text)
}

// files are all below a folder, but what leave says.
func (d *digest) files(root string, leave func(path string) bool) {
	d.walk(root, leave, func(path string, info fs.FileInfo) { d.file(path, info) })
}

func (d *digest) walk(root string, leave func(path string) bool, file func(path string, info fs.FileInfo)) {
	to, err := filepath.EvalSymlinks(root) // nobody walks through a link, and a repository may be named by one
	if err != nil {
		d.failed = true
		return
	}
	if to != root {
		d.line("%q -> %q", root, to)
		from, own := root, leave
		root, leave = to, func(path string) bool { return own(from + strings.TrimPrefix(path, to)) }
	}
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			d.failed = true
			return nil
		case leave(path):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			d.line("%q/", path)
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			d.failed = true
			return nil
		}
		file(path, info)
		return nil
	})
}

// git is what the git folders of a repository say. Objects count by the names of their files, for those never change.
func (d *digest) git(name string) {
	r, err := gitdb.Open(name, nil)
	if r == nil || err != nil {
		d.failed = true
		return
	}
	defer r.Close()
	objects := r.DB.Dirs()
	roots := []string{r.CommonDir}
	if rel, err := filepath.Rel(r.CommonDir, r.GitDir); err != nil || !filepath.IsLocal(rel) {
		roots = append(roots, r.GitDir)
	}
	for _, root := range roots {
		d.walk(root, func(path string) bool { return slices.Contains(objects, path) }, d.content)
	}
	for _, dir := range objects {
		d.walk(dir, func(string) bool { return false }, func(path string, info fs.FileInfo) {
			d.line("%q %d", path, info.Size())
		})
	}
}

// mostText is the size of the largest file of a git folder that counts by its text, in bytes: larger ones count by their
// times.
const mostText = 1 << 20

func (d *digest) content(path string, info fs.FileInfo) {
	if !info.Mode().IsRegular() || info.Size() > mostText {
		d.file(path, info)
		return
	}
	f, _, err := plain.Open(path)
	if err != nil {
		d.failed = true
		return
	}
	defer f.Close()
	d.line("%q %d", path, info.Size())
	if d.room == nil {
		d.room = make([]byte, 32<<10)
	}
	// A reader that is no more than that: of a file, copying would make room of its own.
	if _, err := io.CopyBuffer(struct{ io.Writer }{d}, struct{ io.Reader }{io.LimitReader(f, mostText)}, d.room); err != nil {
		d.failed = true
	}
}
