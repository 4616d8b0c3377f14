package scanner

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A pointer is a text that stands for a file kept in another store.
const (
	minPointer = 40   // bytes of the smallest
	maxPointer = 1024 // and of the largest: what git-lfs takes for one
)

// lfsObject is the path below the git folder of the object that a text of Git LFS points to; ok is false of any other
// text.
func lfsObject(text []byte) (rel string, ok bool) {
	if len(text) < minPointer || len(text) > maxPointer || !bytes.HasPrefix(text, []byte("version https://git-lfs")) &&
		!bytes.HasPrefix(text, []byte("version http://git-media")) {
		return "", false
	}
	for line := range strings.Lines(string(text)) {
		id, is := strings.CutPrefix(strings.TrimSpace(line), "oid sha256:")
		if is && len(id) == 64 && strings.Trim(id, "0123456789abcdef") == "" {
			return filepath.Join("lfs", "objects", id[:2], id[2:4], id), true
		}
	}
	return "", false
}

// annexed reports whether a text, or the target of a link, is a pointer of git-annex.
func annexed(text []byte) bool {
	if len(text) > maxPointer {
		return false
	}
	return bytes.HasPrefix(text, []byte("/annex/objects/")) || bytes.Contains(text, []byte(".git/annex/objects/"))
}

// isPointer reports whether a text stands for a file kept in another store.
func isPointer(text []byte) bool {
	_, ok := lfsObject(text)
	return ok || annexed(text)
}

// pointed reads what a pointer stands for, where it is in the git folder, or notes that it is not here. It reports whether
// the text is a pointer.
func (w *walk) pointed(k *worker, abs, name string, text []byte, ignored bool) bool {
	rel, isLFS := lfsObject(text)
	if !isLFS && !annexed(text) {
		return false
	}
	if isLFS {
		if gitDir := w.commonDirOf(abs); gitDir != "" {
			f, mode, size, err := openFile(filepath.Join(gitDir, rel), false)
			if err == nil {
				defer f.Close()
				if mode.IsRegular() {
					w.in.file(k, Blob{Path: name, Ignored: ignored}, f, size)
					return true
				}
			} else if !errors.Is(err, os.ErrNotExist) && !isGone(err) {
				w.in.Skip(name, "its large file cannot be read: "+open.Reason(err))
				return true
			}
		}
	}
	w.in.elsewhere(absentLarge, name)
	return true
}

// commonDirOf is the git folder of the work tree around a file, the common one of linked work trees; "" outside of one.
func (w *walk) commonDirOf(abs string) string {
	top, gitDir, ok := findWorkTree(filepath.Dir(abs))
	if !ok {
		return ""
	}
	if r, err := gitdb.Locate(top, nil); err == nil {
		return r.CommonDir
	}
	return gitDir
}

// pointerText is the whole text of a small file, read at its beginning without moving in it; nil of a larger one.
func pointerText(f io.ReaderAt, size int64) []byte {
	if size < minPointer || size > maxPointer {
		return nil
	}
	text := make([]byte, size)
	if n, err := f.ReadAt(text, 0); n < len(text) && err != nil {
		return nil
	}
	return text
}
