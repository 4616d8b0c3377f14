package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLanguagesClaimOnce holds that no two languages are told by the same name, ending, fence or program.
func TestLanguagesClaimOnce(t *testing.T) {
	seen := map[string]string{}
	claim := func(kind, list, lang string) {
		for _, w := range strings.Fields(list) {
			key := kind + " " + w
			if other, ok := seen[key]; ok && other != lang {
				t.Errorf("%s is of %s and of %s", key, other, lang)
			}
			if seen[key] = lang; w != strings.ToLower(w) {
				t.Errorf("%s: %s is not in lower case", lang, key)
			}
		}
	}
	for _, l := range languages() {
		claim("name", l.name, l.name)
		claim("file", l.files, l.name)
		claim("ending", l.endings, l.name)
		claim("fence", l.fences+" "+l.name, l.name)
		claim("program", l.programs, l.name)
		for _, e := range strings.Fields(l.endings) {
			if !strings.HasPrefix(e, ".") || strings.Contains(e[1:], ".") {
				t.Errorf("%s: no file has the ending %s", l.name, e)
			}
		}
		if l.code != nil && l.read != nil {
			t.Errorf("%s has two readers", l.name)
		}
	}
}

// TestLanguagesHaveTrees holds that every programming language has programs and their trees in testdata/code.
func TestLanguagesHaveTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/code/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, l := range languages() {
		if l.code != nil && !strings.Contains(all.String(), "\nlang "+l.name+"\n") {
			t.Errorf("no tree of %s stands in testdata/code", l.name)
		}
	}
}
