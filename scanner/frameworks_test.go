package scanner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestFrameworks takes every row of sources, fillers and containers away, one at a time: the case that it names must then
// give something else.
func TestFrameworks(t *testing.T) {
	for i := range sources {
		row := sources[i]
		needed(t, "source "+row.name+" of "+row.langs, row.test, func() func() {
			sources[i].langs = "none"
			return func() { sources[i] = row }
		})
	}
	for i := range fillers {
		row := fillers[i]
		needed(t, "filler "+row.calls[0]+" of "+row.langs, row.test, func() func() {
			fillers[i].langs = "none"
			return func() { fillers[i] = row }
		})
	}
	for i := range containers {
		row := containers[i]
		needed(t, fmt.Sprint("container ", row.entries, row.calls, row.notes), row.test, func() func() {
			containers[i] = container{}
			return func() { containers[i] = row }
		})
	}
}

// needed reports a row whose case says the same without it. take takes the row away and returns what puts it back.
func needed(t *testing.T, row, test string, take func() func()) {
	ar, err := txtar.ParseFile(filepath.Join("../testdata/cases", test+".txtar"))
	if err != nil {
		t.Errorf("%s: %v", row, err)
		return
	}
	dir := t.TempDir()
	for _, f := range ar.Files {
		p := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	with := kindsIn(t, dir)
	back := take()
	without := kindsIn(t, dir)
	back()
	if slices.Equal(with, without) {
		t.Errorf("%s: case %s does not need it: %s", row, test, strings.Join(with, ", "))
	}
}

// kindsIn are the places of what a scan of a folder finds, what each is and what that rests on.
func kindsIn(t *testing.T, dir string) []string {
	res, err := Scan(context.Background(), NewTree(dir), Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range res.Findings {
		out = append(out, fmt.Sprintf("%s:%d %s %s %s", f.File, f.Line, f.Kind, f.Certainty, f.Rules()))
	}
	slices.Sort(out)
	return out
}
