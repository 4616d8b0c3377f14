package scanner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestTrackedFilesThatAreNotInTheWorkTree scans work trees that lack what git tracks. What the object database holds is
// read from there; what is in another store is told in a notice, and the scan is complete.
func TestTrackedFilesThatAreNotInTheWorkTree(t *testing.T) {
	pointer := func(id string) string {
		return "version https://git-lfs.github.com/spec/v1\noid sha256:" + id + "\nsize 70\n"
	}
	lfsID := strings.Repeat("0123456789abcdef", 4)
	rename := func(t *testing.T, from, to string) {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		name    string
		prepare func(t *testing.T, dir string)
		want    []string // findings
		told    string   // in a notice; "" is that everything was read
	}{
		{"a sparse checkout", func(t *testing.T, dir string) { git(t, dir, "sparse-checkout", "set", "a") },
			[]string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, ""},
		{"with a sparse index", func(t *testing.T, dir string) {
			git(t, dir, "sparse-checkout", "set", "--cone", "--sparse-index", "a")
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, ""},
		{"a file that git does not look at", func(t *testing.T, dir string) {
			git(t, dir, "update-index", "--skip-worktree", "b/y.env")
			if err := os.Remove(filepath.Join(dir, "b", "y.env")); err != nil {
				t.Fatal(err)
			}
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, ""},
		{"a folder that became a link", func(t *testing.T, dir string) {
			rename(t, filepath.Join(dir, "b"), filepath.Join(t.TempDir(), "b"))
			if err := os.Symlink("a", filepath.Join(dir, "b")); err != nil {
				t.Skip(err)
			}
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, ""},
		{"a folder that became a file", func(t *testing.T, dir string) {
			rename(t, filepath.Join(dir, "b"), filepath.Join(t.TempDir(), "b"))
			write(t, dir, "b", "x\n")
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, ""},
		{"deleted, and not looked for", func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "b")); err != nil {
				t.Fatal(err)
			}
		}, []string{"a/x.env:1:1"}, ""},
		{"submodules", func(t *testing.T, dir string) {
			for _, name := range []string{"mod1", "mod2"} {
				git(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+","+name)
			}
			write(t, dir, "mod2/own.env", token(7))
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1", "mod2/own.env:1:1"},
			"2 submodules are not here: mod1, mod2"},
		{"large files without their objects", func(t *testing.T, dir string) {
			write(t, dir, "big.bin", pointer(lfsID))
			write(t, dir, "big2.bin", "/annex/objects/SHA256E-s70--"+lfsID+".bin\n")
			if err := os.Symlink(".git/annex/objects/xx/yy/k/k", filepath.Join(dir, "big3.bin")); err != nil {
				t.Skip(err)
			}
			git(t, dir, "add", ".")
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, "3 pointers to large files have no object here"},
		{"a large file with its object", func(t *testing.T, dir string) {
			write(t, dir, "big.env", pointer(lfsID))
			write(t, dir, ".git/lfs/objects/01/23/"+lfsID, token(8))
			git(t, dir, "add", ".")
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1", "big.env:1:1"}, ""},
		{"folders and files called .git that are none", func(t *testing.T, dir string) {
			write(t, dir, "a/.git", token(8))
			write(t, dir, "b/.git/notes.txt", token(9))
		}, []string{"a/.git:1:1", "a/x.env:1:1", "b/.git/notes.txt:1:1", "b/deep/z.env:1:1", "b/y.env:1:1"}, ""},
		{"a repository inside", func(t *testing.T, dir string) {
			write(t, dir, "own/n.env", token(8))
			git(t, filepath.Join(dir, "own"), "init", "-q")
		}, []string{"a/x.env:1:1", "b/deep/z.env:1:1", "b/y.env:1:1", "own/n.env:1:1"}, "its history was not: own"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			git(t, dir, "init", "-q")
			write(t, dir, "a/x.env", token(1))
			write(t, dir, "b/y.env", token(2))
			write(t, dir, "b/deep/z.env", token(3))
			git(t, dir, "add", ".")
			git(t, dir, "commit", "-q", "-m", "x")
			row.prepare(t, dir)
			res, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, _ := scan(t, scanner.NewTree(dir), scanner.Options{})
			same(t, "findings", got, row.want)
			if !res.Complete() {
				t.Errorf("skipped %v", res.Coverage.Skipped)
			}
			text := ""
			for _, n := range res.Notices {
				text += n.Text + "\n"
			}
			if (res.Coverage.Elsewhere > 0) != (row.told != "") || !strings.Contains(text, row.told) {
				t.Errorf("told %q of %d, want %q", text, res.Coverage.Elsewhere, row.told)
			}
		})
	}
}

// TestPartialCloneOfASparseCheckout has objects that the clone left with the remote, and one that is missing.
func TestPartialCloneOfASparseCheckout(t *testing.T) {
	src := t.TempDir()
	git(t, src, "init", "-q")
	write(t, src, "a/x.env", token(1))
	write(t, src, "b/y.env", token(2))
	git(t, src, "add", ".")
	git(t, src, "commit", "-q", "-m", "x")
	git(t, src, "config", "uploadpack.allowFilter", "true")
	dir := filepath.Join(t.TempDir(), "clone")
	git(t, src, "clone", "-q", "--no-local", "--filter=blob:none", "--sparse", "file://"+src, dir)
	git(t, dir, "sparse-checkout", "set", "a")
	got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
	same(t, "findings", got, []string{"a/x.env:1:1"})
	same(t, "skips", skips, nil)
	res, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{})
	if err != nil || res.Coverage.Elsewhere != 1 {
		t.Errorf("%d told, %v", res.Coverage.Elsewhere, err)
	}
	git(t, dir, "config", "--unset", "remote.origin.promisor")
	if _, skips = scan(t, scanner.NewTree(dir), scanner.Options{}); len(skips) != 1 || !strings.HasPrefix(skips[0], "b/y.env: ") {
		t.Errorf("a missing object: %q", skips)
	}
}
