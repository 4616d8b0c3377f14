package report

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// WriteFile writes a file whole or not at all: into a new file beside it that only its owner can read, which then takes
// its name. A symbolic link of that name is replaced, never followed; a relative name never leads out of the current
// folder through a link on the way, for a scanned repository may have planted one. Devices and pipes are written to as
// they are.
func WriteFile(name string, write func(io.Writer) error) error {
	if info, err := os.Lstat(name); err == nil && info.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0 ||
		strings.HasPrefix(name, "/dev/") {
		return writeThrough(name, write)
	} else if err == nil && info.IsDir() {
		return fmt.Errorf("writing %s: it is a folder", name)
	}
	dir, base, err := open(name)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer dir.Close()

	temp := filepath.Join(filepath.Dir(base), "."+toolName+"-"+rand.Text()+".tmp")
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = dir.Rename(temp, base)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", name, err), dir.Remove(temp))
	}
	return nil
}

// open is the folder that a name is resolved in, and the name in it. Where the name says itself that it leaves the
// current folder, whoever gave it meant that.
func open(name string) (dir *os.Root, base string, err error) {
	if filepath.IsLocal(name) {
		dir, err = os.OpenRoot(".")
		return dir, name, err
	}
	dir, err = os.OpenRoot(filepath.Dir(name))
	return dir, filepath.Base(name), err
}

func writeThrough(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
