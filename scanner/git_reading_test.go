package scanner

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// TestReadingsAreBounded asks for more texts than are kept.
func TestReadingsAreBounded(t *testing.T) {
	l := newReadings()
	key := func(i int) readingKey { return readingKey{path: fmt.Sprint(i)} }
	ask := func(i, size int) *reading {
		r := l.of(key(i))
		r.once.Do(func() { r.size = size; l.fit(r) })
		return r
	}
	const size = mostReadings/4 - smallReading
	first := ask(0, size)
	for i := 1; i < 4; i++ {
		ask(i, size)
	}
	if ask(0, size) != first {
		t.Fatal("what has room was let go")
	}
	ask(4, size)
	if l.all[key(1)] != nil || l.all[key(0)] == nil {
		t.Error("not the one that nobody asked for the longest was let go")
	}
	l.forget(key(0))
	if l.size != 3*mostReadings/4 || len(l.all) != 3 || l.last.Len() != 3 {
		t.Errorf("%d bytes, %d and %d readings are kept", l.size, len(l.all), l.last.Len())
	}
	ask(5, 2*mostReadings)
	if l.last.Len() != 1 || l.all[key(5)] == nil {
		t.Errorf("beside one that is larger than all room %d are kept", l.last.Len()-1)
	}
	if whole := l.of(key(6)); whole != l.of(readingKey{path: "6", small: true}) {
		t.Error("a file that was read whole is read again as a small one")
	}
}

// manyTokens is a repository with n commits, each of which brings a token to a path of its own.
func manyTokens(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	var in strings.Builder
	for i := range n {
		text := fmt.Sprintf("UNLEASH_API_TOKEN=default:development.%x\n", sha256.Sum224([]byte{byte(i)}))
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter a <a@b.example> %d +0000\ndata 1\n.\nM 100644 inline a%d/b.env\ndata %d\n%s\n",
			1_700_000_000+i, i, len(text), text)
		if i > 0 {
			fmt.Fprintf(&in, "D a%d\n", i-1)
		}
	}
	for _, args := range [][]string{{"init", "-q", "--bare", "-b", "main", dir}, {"-C", dir, "fast-import", "--quiet"}} {
		cmd := exec.Command("git", args...)
		cmd.Stdin = strings.NewReader(in.String())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return dir
}

// TestHistoryLetsFactsGo reads a history: of what commits bring in, what it comes to is kept, and not what was read.
func TestHistoryLetsFactsGo(t *testing.T) {
	const n = 10
	in := newIntake(context.Background(), Options{Jobs: 2})
	h := History{Repo: manyTokens(t, n)}
	if err := h.Scan(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	for i := range in.units {
		if u := &in.units[i]; u.facts != nil && (strings.HasPrefix(u.tree, "tree:") || strings.HasPrefix(u.tree, "tip:")) {
			t.Errorf("the facts of %s are kept", u.path)
		}
	}
	if res := in.result(); len(res.Findings) != n {
		t.Errorf("%d findings, not %d", len(res.Findings), n)
	}
}

// TestForksAreNotReadAgain reads a fork after the repository that it was made of: of its commits nothing is read, for
// what they come to is known.
func TestForksAreNotReadAgain(t *testing.T) {
	const n = 10
	first := manyTokens(t, n)
	fork := filepath.Join(t.TempDir(), "fork")
	if err := os.CopyFS(fork, os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	family := NewFamily([]string{first, fork})
	if family == nil {
		t.Fatal("no family")
	}
	defer family.Close()
	for i, repo := range []string{first, fork} {
		family.readings = newReadings()
		res, err := Scan(context.Background(), &History{Repo: repo, Family: family}, Options{Jobs: 2})
		if err != nil || len(res.Findings) != n {
			t.Fatalf("%d findings: %v", len(res.Findings), err)
		}
		read := 0
		for key := range family.readings.all {
			if key.id != (gitdb.Hash{}) {
				read++
			}
		}
		if want := []int{n, 1}[i]; read != want { // the one that stands at the tip
			t.Errorf("%d texts were read in repository %d, not %d", read, i, want)
		}
	}
}
