package sweep

import (
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A stamp tells at a glance that nothing has happened to a repository: it is made of what the file system says of the
// files and folders of its work tree and its git folder, and not of what is in them. Another stamp says nothing: who
// fetches writes the same files anew, and a copy has other times. The digest decides then.

// stampOf is the stamp of the repository at a path; "" where there is none to be had, or where it could not tell apart what
// is yet to happen, because something has happened just now.
func stampOf(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	git := name
	d := newDigest()
	switch repositoryKind(name, info) {
	case worktree:
		git = filepath.Join(name, ".git")
		d.files(name, func(path string) bool { return path == git })
	case bare:
	default:
		return ""
	}
	// Where some of a repository lies elsewhere, only who opens it knows.
	if info, err := os.Lstat(git); err != nil || !info.IsDir() {
		return ""
	}
	for _, elsewhere := range []string{"commondir", "objects/info/alternates"} {
		if _, err := os.Lstat(filepath.Join(git, filepath.FromSlash(elsewhere))); err == nil {
			return ""
		}
	}
	d.gitFolder(git)
	if d.failed || !d.settled() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(d.Sum(nil))
}

// gitFolder is what the file system says of a git folder. Of the folders of loose objects their own times say whether an
// object has come or gone.
func (d *digest) gitFolder(git string) {
	_ = filepath.WalkDir(git, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			d.failed = true
			return fs.SkipAll
		}
		info, err := entry.Info()
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			d.failed = true // of what a link leads to its times say nothing
			return fs.SkipAll
		}
		d.file(path, info)
		if entry.IsDir() && len(entry.Name()) == 2 && filepath.Base(filepath.Dir(path)) == "objects" {
			return fs.SkipDir
		}
		return nil
	})
}

// settling is how long a file system may give the same time to two changes.
const settling = 2 * time.Second

// now is what a clock says.
var now = time.Now

// settled reports whether everything that was seen was there long enough that a change would show.
func (d *digest) settled() bool { return !d.newest.IsZero() && now().Sub(d.newest) > settling }
