//go:build unix

package scanner

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/unleaked/unleaked/scanner/internal/open"
)

// openFile opens a file for reading. Unless follow is set a symbolic link is not followed (isLink tells it by the
// error), also where it took the file's place a moment ago. It never waits: a pipe without a writer opens at once.
func openFile(path string, follow bool) (open.Content, fs.FileMode, int64, error) {
	if follow {
		// A named pipe is waited for, as by any program that is given one.
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
	fd, err := retry(func() (int, error) {
		return syscall.Open(path, syscall.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, 0, 0, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := &descriptor{fd, path}
	var st syscall.Stat_t
	if _, err := retry(func() (int, error) { return 0, syscall.Fstat(fd, &st) }); err != nil {
		f.Close()
		return nil, 0, 0, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	mode := fs.ModeIrregular
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		mode = 0
	case syscall.S_IFDIR:
		mode = fs.ModeDir
	}
	return f, mode, int64(st.Size), nil
}

// A descriptor is a file that only the system knows. An os.File would be offered to the poller first, which takes no
// regular file: a system call in six for a tree of small files.
type descriptor struct {
	fd   int
	path string
}

func (f *descriptor) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := retry(func() (int, error) { return syscall.Read(f.fd, p) })
	return f.read(n, err)
}

// ReadAt reads as io.ReaderAt says: less than p only at the end, or with an error.
func (f *descriptor) ReadAt(p []byte, off int64) (int, error) {
	total := 0
	for total < len(p) {
		n, err := retry(func() (int, error) { return syscall.Pread(f.fd, p[total:], off+int64(total)) })
		if n, err = f.read(n, err); err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// read is what a read of n bytes gave.
func (f *descriptor) read(n int, err error) (int, error) {
	switch {
	case err != nil:
		return 0, &fs.PathError{Op: "read", Path: f.path, Err: err}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

func (f *descriptor) Seek(offset int64, whence int) (int64, error) {
	at, err := syscall.Seek(f.fd, offset, whence)
	if err != nil {
		return 0, &fs.PathError{Op: "seek", Path: f.path, Err: err}
	}
	return at, nil
}

func (f *descriptor) Close() error { return syscall.Close(f.fd) }

// retry makes a system call until no signal interrupts it.
func retry(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); err != syscall.EINTR {
			return n, err
		}
	}
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
