package sweep

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
)

// later has the clock go on for a test, so that nothing has happened just now.
func later(t *testing.T) {
	t.Helper()
	now = func() time.Time { return time.Now().Add(time.Minute) }
	t.Cleanup(func() { now = time.Now })
}

// stamped is a repository with one commit.
func stamped(t *testing.T) (dir string, git func(args ...string)) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "repo")
	git = func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@b.example"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	put(t, filepath.Join(dir, "a", "b.txt"), "one\n")
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("commit", "-q", "-m", "one")
	return dir, git
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestStampKnowsEveryChange changes a repository in the ways in which repositories change.
func TestStampKnowsEveryChange(t *testing.T) {
	dir, git := stamped(t)
	if s := stampOf(dir); s != "" {
		t.Errorf("what was made just now has the stamp %q: a change of the same moment would not show", s)
	}
	later(t)
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	blob := at("../blob")
	put(t, blob, "nobody refers to it\n")
	last := stampOf(dir)
	for _, change := range []struct {
		what string
		do   func()
	}{
		{"an object that nothing refers to", func() { git("hash-object", "-w", blob) }},
		{"a branch", func() { git("branch", "other") }},
		{"a setting of the same length", func() { put(t, at(".git/description"), "Unnamed repository") }},
		{"a hook", func() { put(t, at(".git/hooks/post-merge"), "#!/bin/sh\n") }},
		{"a file that is not committed", func() { put(t, at("a/c.txt"), "two\n") }},
		{"a text of the same length", func() { put(t, at("a/b.txt"), "two\n") }},
		{"the index", func() { git("add", "-A") }},
		{"a stash", func() { git("stash", "-q") }},
		{"a pack", func() { git("gc", "-q") }},
	} {
		change.do()
		next := stampOf(dir)
		if next == "" || next == last {
			t.Errorf("%s: the stamp is %q, and was %q", change.what, next, last)
		}
		if again := stampOf(dir); again != next {
			t.Errorf("%s: nothing has happened, and the stamp is another", change.what)
		}
		last = next
	}
	for _, elsewhere := range []string{"objects/info/alternates", "commondir"} {
		put(t, at(".git/"+elsewhere), "../other\n")
		if s := stampOf(dir); s != "" {
			t.Errorf("with %s the stamp is %q, and says nothing of what lies elsewhere", elsewhere, s)
		}
		_ = os.Remove(at(".git/" + elsewhere))
	}
	if err := os.Symlink(t.TempDir(), at(".git/refs/linked")); err == nil && stampOf(dir) != "" {
		t.Error("there is a stamp though a link leads out of the repository")
	}
}

// TestStampSpares sweeps twice: what has the stamp of its records is not looked into, and what has another one is, as
// after a fetch that brings nothing or a copy, and has its new one then.
func TestStampSpares(t *testing.T) {
	later(t)
	dir, _ := stamped(t)
	o := Options{State: t.TempDir(), Key: bytes.Repeat([]byte{7}, KeySize), Version: "v1.2.3"}
	r, err := NewReader(o)
	if err != nil {
		t.Fatal(err)
	}
	f := r.Read(context.Background(), dir)
	if f.Stamp == "" || f.Digest == "" {
		t.Fatalf("stamp %q, digest %q", f.Stamp, f.Digest)
	}
	digest := f.Digest
	f.Digest = "of nothing"
	if err := r.store.write(f); err != nil {
		t.Fatal(err)
	}
	if r.recall(dir) == nil {
		t.Error("what has its stamp is read again")
	}
	f.Digest = digest
	if err := r.store.write(f); err != nil {
		t.Fatal(err)
	}
	head := filepath.Join(dir, ".git", "HEAD")
	text, err := os.ReadFile(head)
	if err != nil {
		t.Fatal(err)
	}
	put(t, head, string(text))
	if r.recall(dir) == nil {
		t.Fatal("a file of git's that says the same makes a repository be read again")
	}
	if kept, err := r.store.read(r.store.path(dir)); err != nil || kept.Stamp == f.Stamp || kept.Stamp != r.store.sealed(stampOf, dir, &o) {
		t.Errorf("the stamp is %q still: %v", kept.Stamp, err)
	}
}

// TestDigestThroughALink names a repository by a link to it: a change is one all the same.
func TestDigestThroughALink(t *testing.T) {
	later(t)
	dir, _ := stamped(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	digest, stamp := digestOf(link), stampOf(link)
	put(t, filepath.Join(dir, "a", "c.txt"), "two\n")
	if digestOf(link) == digest || stampOf(link) == stamp {
		t.Error("a new file does not show")
	}
}

// TestPackedBytes measures what a sweep reads alone from some size on.
func TestPackedBytes(t *testing.T) {
	dir, git := stamped(t)
	if n := packedBytes(dir); n != 0 {
		t.Errorf("%d bytes without a pack", n)
	}
	git("gc", "-q")
	tree, bare := packedBytes(dir), packedBytes(filepath.Join(dir, ".git"))
	if tree == 0 || tree != bare {
		t.Errorf("%d bytes in a work tree, %d in its git folder", tree, bare)
	}
}

// TestLargeRepositories has every repository with a pack be a large one: nothing else is said of it.
func TestLargeRepositories(t *testing.T) {
	one, _ := stamped(t)
	two, git := stamped(t)
	git("gc", "-q")
	three, git := stamped(t)
	git("gc", "-q")
	o := Options{Key: bytes.Repeat([]byte{7}, KeySize), Version: "v1.2.3"}
	names := []string{one, two, three}
	want, err := Run(context.Background(), names, o)
	if err != nil {
		t.Fatal(err)
	}
	largeRepository = 1
	t.Cleanup(func() { largeRepository = 64 << 20 })
	done := 0
	o.Progress = func(n, total int, _ string) { done = n }
	got, err := Run(context.Background(), names, o)
	if err != nil || done != 3 || got.Coverage.Objects != want.Coverage.Objects || len(got.Coverage.Skipped) != 0 {
		t.Errorf("%d of 3 were read, %d objects, not %d: %v", done, got.Coverage.Objects, want.Coverage.Objects, err)
	}
}

// TestForksShareRecords reads the state of two forks: what both say is read once, and the rest is each one's own.
func TestForksShareRecords(t *testing.T) {
	r, err := NewReader(Options{State: t.TempDir(), Key: bytes.Repeat([]byte{7}, KeySize), Version: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	var got []*Facts
	for i, name := range []string{"a", `b,"records":[`, "c"} {
		f := &Facts{Version: wireVersion, Repository: name, Commits: i, Notices: []finding.Place{{File: name, Text: `,"records":[]`}},
			Records: []wireRecord{{Join: "x"}, {Join: "y"}}, Settings: []wireFinding{{File: "z"}}}
		if name == "c" {
			f.Records[1].Join = "of its own"
		}
		if err := r.store.write(f); err != nil {
			t.Fatal(err)
		}
		kept, err := r.store.read(r.store.path(name))
		if err != nil || !reflect.DeepEqual(kept, f) {
			t.Errorf("%+v is kept as %+v: %v", f, kept, err)
		}
		got = append(got, kept)
	}
	if &got[0].Records[0] != &got[1].Records[0] || &got[0].Records[0] == &got[2].Records[0] {
		t.Error("the records of forks are not shared, or others are")
	}
}
