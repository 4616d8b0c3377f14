// Package plain opens regular files and nothing else: a named pipe, a socket or a device in place of one is an error with
// its path, and nothing waits for it.
package plain

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrNotRegular says that a pipe, a socket, a device or a folder stands where a file is needed.
var ErrNotRegular = errors.New("not a regular file: a pipe, a socket, a device or a folder")

// Open opens a regular file for reading, over symbolic links, and returns what is known of it.
func Open(name string) (*os.File, fs.FileInfo, error) {
	f, err := open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular(name)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// ReadFile returns the text of a regular file.
func ReadFile(name string) ([]byte, error) {
	f, info, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, 0, info.Size()+1)
	for {
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
		n, err := f.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case err == io.EOF:
			return text, nil
		case err != nil:
			return text, err
		}
	}
}

func notRegular(name string) error { return fmt.Errorf("%s: %w", name, ErrNotRegular) }
