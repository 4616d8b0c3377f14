package syntax

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// badTree says what is wrong with the tree of a document: offsets out of range or out of order, a parent that is not,
// arguments that do not count up.
func badTree(doc *Document) error {
	n := len(doc.Text)
	if doc.Root == nil || doc.Root.Kind != File {
		return fmt.Errorf("no root")
	}
	var bad error
	fail := func(k *Node, what string) {
		if bad == nil {
			bad = fmt.Errorf("%s %q [%d,%d) of %d: %s", k.Kind, k.Name, k.Start, k.End, n, what)
		}
	}
	seen := map[*Node]bool{}
	walk(doc.Root, func(k *Node) {
		if seen[k] {
			fail(k, "stands in two places")
			k.Kids = nil
			return
		}
		seen[k] = true
		if k.Start < 0 || k.End > n || k.Start > k.End {
			fail(k, "range")
		}
		if k.NameStart < 0 || k.NameStart > n {
			fail(k, "place of the name")
		}
		if (k.Kind == Literal || k.Kind == Ref) && len(k.Kids) > 0 {
			fail(k, "a leaf with kids")
		}
		last := -1
		for _, c := range k.Kids {
			if c.Parent != k {
				fail(c, "parent")
			}
			if c.Kind == Arg && c.Flags&InComment == 0 {
				if c.Index <= last {
					fail(c, "index")
				}
				last = c.Index
			}
		}
	})
	for _, i := range doc.Imports {
		if i.Start < 0 || i.Start > n {
			return fmt.Errorf("import %q at %d of %d", i.Module, i.Start, n)
		}
	}
	return bad
}

// TestTrees checks the trees of all files of a folder: go test ./internal/syntax -run TestTrees -file FOLDER.
func TestTrees(t *testing.T) {
	if *dumpFile == "" {
		t.Skip("no -file")
	}
	err := filepath.WalkDir(*dumpFile, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.Contains(path, "/.git/") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := badTree(parsed(t, path, text)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
