package scanner_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/scanner"
)

// wholeOf is all that a result says, in one text.
func wholeOf(r *scanner.Result) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s:%d:%d-%d:%d %v %v %s %s %s %q %q %v %v\n", f.File, f.Line, f.Column, f.EndLine, f.EndColumn, f.Rule,
			f.Also, f.Severity, f.Kind, f.Certainty, f.Message, f.Fix, f.Evidence, f.Related)
	}
	return b.String()
}

func writeTree(t *testing.T, dir string, files []txtar.File) {
	t.Helper()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func scanTree(t *testing.T, dir string) *scanner.Result {
	t.Helper()
	tree := scanner.NewTree(dir)
	tree.NoGit = true
	r, err := scanner.Scan(context.Background(), tree, scanner.Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWorkspaceSaysWhatScanSays edits the files of every case of the corpus, one after the other, and compares with a
// scan of what is on disk then; in the end the texts are those of the case again.
func TestWorkspaceSaysWhatScanSays(t *testing.T) {
	cases, err := filepath.Glob("../testdata/corpus/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(err, len(cases))
	}
	step := 1
	if testing.Short() {
		step = 9
	}
	for i := 0; i < len(cases); i += step {
		ar, err := txtar.ParseFile(cases[i])
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		writeTree(t, dir, ar.Files)
		want := wholeOf(scanTree(t, dir))
		tree := scanner.NewTree(dir)
		tree.NoGit = true
		w := scanner.NewWorkspace(tree, scanner.Options{Public: true})
		if err := w.Load(context.Background(), scanner.Options{Public: true}, nil); err != nil {
			t.Fatal(err)
		}
		if got := wholeOf(w.Result(context.Background())); got != want {
			t.Fatalf("%s: loaded, it says\n%s\nand a scan\n%s", cases[i], got, want)
		}
		for _, f := range ar.Files {
			w.Set(f.Name, f.Data[:len(f.Data)/2], true)
		}
		_ = w.Result(context.Background())
		// What was half a file for a while is whole again.
		for _, f := range ar.Files {
			w.Set(f.Name, f.Data, true)
		}
		if got := wholeOf(w.Result(context.Background())); got != want {
			t.Fatalf("%s: edited, it says\n%s\nand a scan\n%s", cases[i], got, want)
		}
		for _, f := range ar.Files {
			w.Unset(f.Name)
		}
		if got := wholeOf(w.Result(context.Background())); got != want {
			t.Fatalf("%s: closed, it says\n%s\nand a scan\n%s", cases[i], got, want)
		}
	}
}

// TestWorkspaceEdits edits at random, saves now and then, and compares with a fresh scan each time.
func TestWorkspaceEdits(t *testing.T) {
	ar, err := txtar.ParseFile("../testdata/corpus/" + firstCaseWithFiles(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeTree(t, dir, ar.Files)
	tree := scanner.NewTree(dir)
	tree.NoGit = true
	w := scanner.NewWorkspace(tree, scanner.Options{Public: true})
	if err := w.Load(context.Background(), scanner.Options{Public: true}, nil); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 30 {
		f := &ar.Files[r.IntN(len(ar.Files))]
		lines := strings.SplitAfter(string(f.Data), "\n")
		at := r.IntN(len(lines))
		switch r.IntN(3) {
		case 0:
			lines = append(lines[:at:at], lines[at+1:]...)
		case 1:
			lines[at] += "UNLEASH_BACKEND_TOKEN=default:production." + strings.Repeat("0123456789abcdef", 4)[:56] + "\n"
		default:
			lines[at] = strings.ReplaceAll(lines[at], "a", "e")
		}
		f.Data = []byte(strings.Join(lines, ""))
		w.Set(f.Name, f.Data, true)
		writeTree(t, dir, []txtar.File{*f})
		if r.IntN(4) == 0 {
			if !w.Saved(f.Name) {
				t.Fatalf("%s is not known", f.Name)
			}
			w.Unset(f.Name)
		}
		if got, want := wholeOf(w.Result(context.Background())), wholeOf(scanTree(t, dir)); got != want {
			t.Fatalf("after edit %d of %s it says\n%s\nand a scan\n%s", n, f.Name, got, want)
		}
	}
}

func firstCaseWithFiles(t *testing.T, n int) string {
	t.Helper()
	cases, _ := filepath.Glob("../testdata/corpus/*.txtar")
	for _, c := range cases {
		if ar, err := txtar.ParseFile(c); err == nil && len(ar.Files) >= n {
			return filepath.Base(c)
		}
	}
	t.Fatal("no such case")
	return ""
}
