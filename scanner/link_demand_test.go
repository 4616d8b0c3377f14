package scanner

import (
	"slices"
	"testing"
)

// What is near comes first; files as near as each other come by their endings (.ts before .js), then by their paths.
func TestNearestFirst(t *testing.T) {
	lib := &library{names: []string{"a/b/c.ts", "a/b/d/e.ts", "a/f.ts", "a/g.js", "h.ts", "z/y/x/w.ts"}}
	e := &engine{byPath: map[string]*fileFacts{}, near: map[[2]string][]string{}, ask: demand{lib: lib}}
	e.index()
	want := []string{"a/b/c.ts", "a/b/d/e.ts", "a/f.ts", "a/g.js", "h.ts", "z/y/x/w.ts"}
	if got := e.nearestFirst("a/b", "js"); !slices.Equal(got, want) {
		t.Errorf("from a/b: %q, want %q", got, want)
	}
	if got := e.nearestFirst("z/y/x", "js"); got[0] != "z/y/x/w.ts" || len(got) != len(want) {
		t.Errorf("from z/y/x: %q", got)
	}
}

// A word is one between bytes that no name has; what is no name is looked for as it stands.
func TestHasWord(t *testing.T) {
	lib := &library{names: []string{"a.rb"}, open: func(string) ([]byte, bool) {
		return []byte("makeClient(token)\nready? $key fünf\nend"), true
	}}
	e := &engine{ask: demand{lib: lib, texts: map[string][]byte{}, words: map[string][]uint32{}}}
	for word, want := range map[string]bool{"makeClient": true, "Client": false, "token": true, "end": true,
		"ready?": true, "$key": true, "key": true, "fünf": true, "nf": false, "": true} {
		if got := e.hasWord("a.rb", word); got != want {
			t.Errorf("%q: %v, want %v", word, got, want)
		}
	}
}
