//go:build !unix

package scanner

import (
	"errors"
	"io/fs"
	"os"

	"github.com/unleaked/unleaked/scanner/internal/open"
)

var errLink = errors.New("it is a symbolic link")

// openFile opens a file for reading. Unless follow is set a symbolic link is not followed: the error is one that isLink
// knows.
func openFile(path string, follow bool) (open.Content, fs.FileMode, int64, error) {
	if !follow {
		info, err := os.Lstat(path)
		if err != nil {
			return nil, 0, 0, err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, 0, 0, &fs.PathError{Op: "open", Path: path, Err: errLink}
		}
		if !info.Mode().IsRegular() && !info.IsDir() {
			return nil, 0, 0, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, 0, err
	}
	return f, info.Mode(), info.Size(), nil
}

func isLink(err error) bool { return errors.Is(err, errLink) }

func isGone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
