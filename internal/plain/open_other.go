//go:build !unix

package plain

import "os"

func open(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, notRegular(name)
	}
	return os.Open(name)
}
