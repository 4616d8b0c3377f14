package scanner

import (
	"path"
	"slices"
	"strings"
)

// This file knows names of Terraform and of what is written as it is: Nomad, Packer, Terragrunt.

// terraform follows var.x to its default, to what files of variables set, and to what those hand over who call the
// module; local.x to the locals of the module's folder; module.x.y to an output of that module.
func (w *follower) terraform(parts []string, f *fileFacts, depth int, way []hop) {
	// local.creds[terraform.workspace] may be any entry of the map.
	for i, p := range parts {
		if name, _, dynamic := strings.Cut(p, "["); dynamic {
			parts = append(parts[:i:i], name)
			break
		}
	}
	if len(parts) < 2 {
		return
	}
	switch parts[0] {
	case "var":
		w.e.demandScope(f, parts[1])
		w.inModule(f.dir, append([]string{"variable"}, parts[1:]...), parts, depth, way)
		for _, p := range w.e.variableFiles(f.dir) {
			w.defsAt(w.e.file(p), parts[1:], parts, depth, way)
		}
		w.moduleArgument(f.dir, parts, depth, way)
	case "local":
		w.e.demandScope(f, parts[1])
		w.inModule(f.dir, append([]string{"locals"}, parts[1:]...), parts, depth, way)
	case "module":
		if len(parts) > 2 {
			for _, dir := range w.e.moduleSources(f, parts[1]) {
				w.e.holding(w.e.inFolder(dir), parts[2], callersFiles)
				w.inModule(dir, append([]string{"output"}, parts[2:]...), parts, depth, way)
			}
		}
	}
}

// inModule follows a path of names in the files of a module's folder.
func (w *follower) inModule(dir string, want, parts []string, depth int, way []hop) {
	for _, p := range w.e.inFolder(dir) {
		if g := w.e.byPath[p]; g != nil && (isModuleFile(p) || strings.HasSuffix(p, ".json")) {
			w.defsAt(g, want, parts, depth, way)
		}
	}
}

// defsAt follows the definitions of a file at a path of names.
func (w *follower) defsAt(g *fileFacts, want, parts []string, depth int, way []hop) {
	if g == nil {
		return
	}
	for _, d := range w.e.defsUnder(g, want) {
		n := commonNames(d.path, want)
		if n == len(want) || n == len(d.path) && n > len(want)-len(parts)+1 { // the whole object may be another name
			w.atoms(extended(d.atoms, want[n:]), g, depth+1, with1(way, hop{byScope, g.path, d.line, strings.Join(parts, ".")}))
		}
	}
}

// isModuleFile reports whether a file is one of a module's: Terraform's, OpenTofu's, a job of Nomad, a template of Packer.
func isModuleFile(p string) bool {
	switch path.Ext(p) {
	case ".tf", ".tofu", ".nomad", ".hcl":
		return true
	}
	return false
}

// variableFiles are the files that may set the variables of a module: beside it, and in folders below that hold no module.
func (e *engine) variableFiles(dir string) []string {
	e.index()
	var out []string
	for _, p := range e.inFolder(dir) {
		if path.Ext(p) == ".hcl" || strings.HasSuffix(p, ".vars") || strings.Contains(path.Base(p), "tfvars") {
			out = append(out, p)
		}
	}
	for _, p := range e.byExt[".tfvars"] {
		if at := folder(p); at != dir && liesIn(p, dir) && !slices.ContainsFunc(e.inFolder(at), isModuleFile) {
			out = append(out, p)
		}
	}
	return out
}

// moduleArgument follows a variable of the module in a folder to what those hand over who call it, and to the inputs of a
// file of Terragrunt that names it.
func (w *follower) moduleArgument(dir string, parts []string, depth int, way []hop) {
	if !w.first("module", dir, strings.Join(parts, ".")) {
		return
	}
	w.e.index()
	name := path.Base(dir)
	if name == "." || name == "/" {
		return
	}
	calling := slices.Concat(w.e.byExt[".tf"], w.e.byExt[".tofu"], w.e.byBase["terragrunt.hcl"])
	if w.e.once("module", dir) {
		w.e.holding(calling, name, callersFiles)
	}
	for _, p := range calling {
		g := w.e.byPath[p]
		if g == nil || g.dir == dir {
			continue
		}
		for _, d := range g.defs {
			at := len(d.path) - 1
			if d.path[at] != "source" || !w.e.hasSource(d, dir) {
				continue
			}
			switch {
			case at == 2 && d.path[0] == "module":
				w.defsAt(g, append([]string{"module", d.path[1]}, parts[1:]...), parts, depth, way)
			case at == 1 && d.path[0] == "terraform":
				w.defsAt(g, append([]string{"inputs"}, parts[1:]...), parts, depth, way)
			}
		}
	}
}

// hasSource reports whether the source of a module that a definition holds is a folder of the tree.
func (e *engine) hasSource(d *def, dir string) bool {
	for _, text := range e.textsOf(d.atoms, d.file) {
		if sourceFolder(d.file, text) == path.Clean(dir) {
			return true
		}
	}
	return false
}

// sourceFolder is the folder that the source of a module names.
func sourceFolder(f *fileFacts, source string) string {
	source = strings.TrimPrefix(source, "${get_repo_root()}/")
	source = strings.Replace(strings.Replace(source, "//", "/", 1), "//", "/", 1)
	return path.Join(f.dir, source)
}

// moduleSources are the folders of the module that a file calls by a name.
func (e *engine) moduleSources(f *fileFacts, name string) []string {
	var out []string
	for _, p := range e.inFolder(f.dir) {
		g := e.byPath[p]
		if g == nil || !isModuleFile(p) {
			continue
		}
		for _, d := range e.defsUnder(g, []string{"module", name}) {
			if len(d.path) == 3 && d.path[1] == name && d.path[2] == "source" {
				for _, text := range e.textsOf(d.atoms, g) {
					out = append(out, sourceFolder(g, text))
				}
			}
		}
	}
	return out
}
