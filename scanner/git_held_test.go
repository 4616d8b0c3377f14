package scanner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestPointerInABundle scans a bundle that holds a pointer to a large file, in a folder that has such an object where
// a git folder would have it: that is no part of what the bundle holds.
func TestPointerInABundle(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	r := newGitRepo(t)
	r.write("big.env", "version https://git-lfs.github.com/spec/v1\noid sha256:"+id+"\nsize 70\n# "+madeUp("small")+"\n")
	r.commit("a pointer")
	out := t.TempDir()
	r.git("bundle", "create", "-q", filepath.Join(out, "a.bundle"), "--all")
	bundle, err := os.ReadFile(filepath.Join(out, "a.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, out, "lfs/objects/01/23/"+id, "x\nTOKEN="+madeUp("large")+"\n")
	t.Chdir(out)
	res, err := scanner.Scan(context.Background(), oneBlob{scanner.Blob{Path: "a.bundle", Text: bundle}}, scanner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Findings {
		if f.Secret.Reveal() == madeUp("large") {
			t.Errorf("%s:%d is none of the bundle's", f.File, f.Line)
		}
	}
	if len(res.Notices) != 1 || !strings.Contains(res.Notices[0].Text, "a.bundle!big.env") {
		t.Errorf("told %v, want that the object is not here", res.Notices)
	}
}
