package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/unleaked/unleaked"

// A listed package is what `go list` says of one.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func listPackages(t *testing.T) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
	return packages
}

// TestImports holds the arrows between the packages. Direct means an import of the package itself, for the standard
// library's own fmt reaches os; of the network nothing may be reached at all.
func TestImports(t *testing.T) {
	packages := listPackages(t)
	for _, row := range []struct {
		from   string // a package of ours, or all that begin with it where it ends in "..."
		never  []string
		direct bool
	}{
		{"rules", []string{"os", "os/exec", "io/fs", "path/filepath", "net", "net/http", "syscall", module + "/..."},
			true},
		{"rules", []string{"net", "net/http"}, false},
		{"scanner/...", []string{"net", "net/http", module + "/report", module + "/analyzer", module + "/verify",
			module + "/cmd/..."}, false},
		{"scanner/internal/excerpt", []string{"os", "net", module + "/scanner", module + "/policy", module + "/internal/gitdb"}, true},
		{"scanner/internal/glimpse", []string{"os", "net", module + "/scanner", module + "/policy", module + "/finding",
			module + "/internal/syntax"}, true},
		{"scanner/internal/open", []string{"os", "net", module + "/scanner", module + "/policy", module + "/internal/syntax"},
			true},
		{"internal/...", []string{"net", "net/http", module + "/rules", module + "/scanner", module + "/report"},
			false},
		{"finding", []string{"os", "net", module + "/scanner/...", module + "/report", module + "/internal/..."}, true},
		{"policy", []string{"net", module + "/scanner/...", module + "/report", module + "/internal/syntax",
			module + "/internal/gitdb"}, false},
		{"report", []string{"net/http"}, true},
		{"report", []string{module + "/scanner/...", module + "/analyzer", module + "/internal/...", module + "/cmd/..."},
			false},
		{"sweep", []string{"net", "net/http", module + "/report", module + "/internal/syntax", module + "/cmd/..."}, true},
		{"inventory", []string{"os", "net", "net/http", module + "/scanner/...", module + "/report", module + "/verify"}, true},
		{"rotation", []string{"os", "net", "net/http", module + "/scanner/...", module + "/report", module + "/verify"}, true},
		{"export", []string{"os", "net", module + "/scanner/...", module + "/report", module + "/cmd/..."}, true},
		{"verify", []string{"os", module + "/scanner/...", module + "/report", module + "/inventory", module + "/cmd/..."}, true},
		{"analyzer/...", []string{module + "/scanner", module + "/report", module + "/internal/..."}, false},
	} {
		matched := 0
		for path, p := range packages {
			if !matchPackage(module+"/"+row.from, path) {
				continue
			}
			matched++
			imports := p.Deps
			if row.direct {
				imports = p.Imports
			}
			for _, dep := range imports {
				if dep != path && slices.ContainsFunc(row.never,
					func(pattern string) bool { return matchPackage(pattern, dep) }) {
					t.Errorf("%s must not reach %s", path, dep)
				}
			}
		}
		if matched == 0 {
			t.Errorf("no package matches %s", row.from)
		}
	}
}

func matchPackage(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	return pattern == path
}

// TestOneConnects holds that one package alone speaks to servers.
func TestOneConnects(t *testing.T) {
	for path, p := range listPackages(t) {
		if path != module+"/verify" && slices.Contains(p.Imports, "net/http") {
			t.Errorf("%s imports net/http, which only verify may", path)
		}
	}
}
