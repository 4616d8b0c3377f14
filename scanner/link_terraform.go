package scanner

import (
	"path"
	"strings"
)

// This file knows modules of Terraform and OpenTofu: a folder is a module, its variables are what its own defaults,
// files of variables, the modules that call it and Terragrunt give them, its locals are its own.

// terraform follows var.x to its default, to what .tfvars set and to what those who call the module give it, and
// local.x to the locals, of the module's folder.
func (w *follower) terraform(parts []string, f *fileFacts, depth int, way []hop) {
	// local.creds[terraform.workspace] may be any entry of the map.
	for i, p := range parts {
		if name, _, dynamic := strings.Cut(p, "["); dynamic {
			parts = append(parts[:i:i], name)
			break
		}
	}
	if len(parts) < 2 || parts[0] != "var" && parts[0] != "local" {
		return
	}
	w.e.demandScope(f, parts[1])
	for _, p := range w.e.inFolder(f.dir) {
		if !isTerraform(p) && !strings.HasSuffix(p, ".tfvars") && !strings.HasSuffix(p, ".json") {
			continue
		}
		g := w.e.byPath[p]
		if g == nil {
			continue
		}
		var want []string
		switch {
		case parts[0] == "var" && strings.Contains(path.Base(p), "tfvars"):
			want = parts[1:]
		case parts[0] == "var":
			want = append([]string{"variable"}, parts[1:]...)
		default:
			want = append([]string{"locals"}, parts[1:]...)
		}
		for _, d := range w.e.defsUnder(g, want) {
			if commonNames(d.path, want) == len(want) {
				w.atoms(d.atoms, g, depth+1, with1(way, hop{byScope, g.path, d.line, strings.Join(parts, ".")}))
			}
		}
	}
	if parts[0] == "var" {
		w.moduleInput(parts[1:], f, depth, way)
	}
}

// isTerraform reports whether a file is of a module of Terraform or OpenTofu.
func isTerraform(p string) bool { return strings.HasSuffix(p, ".tf") || strings.HasSuffix(p, ".tofu") }

// moduleInput follows a variable of the module that f is of to what the modules that call it and Terragrunt's files
// give it. Both name its folder as their source.
func (w *follower) moduleInput(name []string, f *fileFacts, depth int, way []hop) {
	for _, c := range w.e.moduleCalls(f.dir) {
		want := append(c.inputs[:len(c.inputs):len(c.inputs)], name...)
		for _, d := range w.e.defsUnder(c.file, want) {
			n := commonNames(d.path, want)
			if n < len(d.path) && n < len(want) || n <= len(c.inputs) {
				continue
			}
			w.atoms(extended(d.atoms, want[n:]), c.file, depth+1, with1(way, hop{byImport, c.file.path, d.line,
				strings.Join(d.path, ".")}))
		}
	}
}

// A moduleCall is a block that names a module's folder as its source, and where the inputs stand that it gives.
type moduleCall struct {
	file   *fileFacts
	inputs []string // the names around them, outermost first
}

// moduleCalls are the blocks whose source is a folder.
func (e *engine) moduleCalls(dir string) []moduleCall {
	if e.once("module", dir) {
		e.index()
		for _, ext := range []string{".tf", ".tofu", ".hcl"} {
			e.holding(e.byExt[ext], path.Base(dir), callersFiles)
		}
	}
	var out []moduleCall
	for _, d := range e.bySetting["source"] {
		if d.file.lang != "hcl" || !d.names(dir) {
			continue
		}
		switch terraform := isTerraform(d.file.filePath); {
		case terraform && len(d.path) == 3 && d.path[0] == "module":
			out = append(out, moduleCall{d.file, d.path[:2]})
		case !terraform && len(d.path) == 2 && d.path[0] == "terraform":
			out = append(out, moduleCall{d.file, []string{"inputs"}})
		}
	}
	return out
}

// names reports whether a definition holds the path of a folder, from the folder of its file.
func (d *def) names(dir string) bool {
	for _, a := range d.atoms {
		if strings.HasPrefix(a.text, ".") && path.Join(d.file.dir, a.text) == path.Clean(dir) {
			return true
		}
	}
	return false
}
