package syntax

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the trees that TestCode expects")

// TestCode reads the programs of testdata/code; behind each stands its tree.
func TestCode(t *testing.T) {
	files, err := filepath.Glob("testdata/code/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range ar.Files {
			if strings.HasSuffix(f.Name, ".tree") {
				continue
			}
			if i+1 >= len(ar.Files) || ar.Files[i+1].Name != f.Name+".tree" {
				t.Fatalf("%s: %s has no tree behind it", file, f.Name)
			}
			want := &ar.Files[i+1]
			doc := parsed(t, f.Name, f.Data)
			if err := badTree(doc); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
			var got bytes.Buffer
			if err := Dump(&got, doc); err != nil {
				t.Fatal(err)
			}
			if *update {
				want.Data = got.Bytes()
				continue
			}
			if line, g, w := firstDifference(got.String(), string(want.Data)); line > 0 {
				t.Errorf("%s: %s: line %d of the tree is\n%s\nnot\n%s", file, f.Name, line, g, w)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func firstDifference(got, want string) (line int, g, w string) {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		g, w = "", ""
		if i < len(a) {
			g = a[i]
		}
		if i < len(b) {
			w = b[i]
		}
		if g != w {
			return i + 1, g, w
		}
	}
	return 0, "", ""
}
