//go:build unix

package scanner

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openFile opens a file for reading. Unless follow is set a symbolic link is not followed (isLink tells it by the
// error), also where it took the file's place a moment ago. It never waits: a pipe without a writer opens at once.
func openFile(path string, follow bool) (*os.File, fs.FileInfo, error) {
	flags := os.O_RDONLY
	if !follow {
		// A named pipe is waited for, as by any program that is given one.
		flags |= syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	}
	f, err := os.OpenFile(path, flags, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// isLink reports the error of opening a symbolic link. FreeBSD answers EMLINK, NetBSD EFTYPE.
func isLink(err error) bool {
	return errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK)
}

// isGone reports that there is no such file, or that it is a socket.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENXIO) ||
		errors.Is(err, syscall.EOPNOTSUPP)
}
