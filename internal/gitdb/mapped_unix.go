//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package gitdb

import (
	"os"
	"syscall"
)

// mapFile maps the first size bytes of f. A nil slice without an error means that the caller has to read instead.
func mapFile(f *os.File, size int64) ([]byte, func() error, error) {
	if size <= 0 || int64(int(size)) != size {
		return nil, nil, nil
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, nil // a file system that cannot map: read it
	}
	return data, func() error { return syscall.Munmap(data) }, nil
}
