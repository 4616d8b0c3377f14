package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCitations holds that what code and documents cite exists: items of the vocabulary and of the facts, and documents
// by their paths.
func TestCitations(t *testing.T) {
	root := filepath.Join("..", "..")
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	items := func(name string) map[string]bool {
		found := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^(\d+)\. `).FindAllStringSubmatch(read(name), -1) {
			found[m[1]] = true
		}
		return found
	}
	settled, facts := items("docs/vocabulary.md"), items("docs/facts.md")
	if len(settled) < 40 || len(facts) < 10 {
		t.Fatalf("%d items of the vocabulary, %d facts", len(settled), len(facts))
	}
	cmd := exec.Command("git", "ls-files", "*.go", "*.md", "*.yml", "*.sh", "*.txtar")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	item := regexp.MustCompile(`(VOCABULARY|docs/facts\.md),\s+(?://\s+)?items?\s+(?://\s+)?(\d+)(?:(?:,| and| to)\s+(\d+))*`)
	number := regexp.MustCompile(`\d+`)
	document := regexp.MustCompile(`\b(?:docs|\.\./shared|facts)/[a-z0-9-]+\.md\b`)
	cited := 0
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSpace(name)
		if strings.HasPrefix(name, "testdata/corpus/") {
			continue // the owner's, word by word
		}
		text := read(name)
		for _, m := range item.FindAllString(text, -1) {
			list, what := settled, "VOCABULARY"
			if strings.HasPrefix(m, "docs/facts") {
				list, what = facts, "docs/facts.md"
			}
			for _, n := range number.FindAllString(m, -1) {
				cited++
				if !list[n] {
					t.Errorf("%s cites %s, item %s, which does not exist", name, what, n)
				}
			}
		}
		if strings.HasSuffix(name, ".txtar") || strings.HasSuffix(name, "_test.go") {
			continue // made-up projects have documents of their own
		}
		for _, d := range document.FindAllString(text, -1) {
			if _, err := os.Stat(filepath.Join(root, d)); err != nil {
				t.Errorf("%s speaks of %s, which does not exist", name, d)
			}
		}
	}
	if cited < 20 {
		t.Fatalf("%d citations found", cited)
	}
}
