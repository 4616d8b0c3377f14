//go:build unix

package plain

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	if l, err := net.Listen("unix", at("socket")); err == nil {
		defer l.Close()
	}
	for _, name := range []string{"pipe", "."} {
		if err := os.Symlink(name, at("to-"+filepath.Base(name))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("file"), []byte(strings.Repeat("x", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", at("to-file")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{at("pipe"), at("socket"), at("to-pipe"), dir, at("to-."), "/dev/null", "/dev/zero"} {
		if _, err := ReadFile(name); !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"file", "to-file"} {
		if text, err := ReadFile(at(name)); err != nil || len(text) != 5000 {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	if _, err := ReadFile(at("none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing: %v", err)
	}
}
