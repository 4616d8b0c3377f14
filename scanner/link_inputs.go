package scanner

import (
	"path"
	"slices"
	"strings"
)

// This file knows values that are handed to a part of a pipeline or a stack: parameters of CircleCI's commands and jobs and
// of Azure's templates, inputs of GitHub's workflows and actions and of GitLab's, and what files of the Serverless
// Framework and CloudFormation keep under their own keys.

// anyKey stands in a path of keys for what is chosen when the settings are used.
const anyKey = "[]"

// ownKeys follows a reference by which a file of settings names keys of its own or of another file, and reports whether it
// is one.
func (w *follower) ownKeys(ref string, f *fileFacts, depth int, way []hop) bool {
	switch {
	case strings.HasPrefix(ref, "self:"): // the Serverless Framework
		key, _, _ := strings.Cut(withoutHoles(strings.TrimPrefix(ref, "self:"), anyKey), ",") // a comma: where there is none
		w.atKeys(keysIn(strings.TrimSpace(key)), []*fileFacts{f}, depth, way)
	case strings.HasPrefix(ref, "param:"):
		w.atKeys([]string{"params", anyKey, strings.TrimPrefix(ref, "param:")}, []*fileFacts{f}, depth, way)
	case strings.HasPrefix(ref, "file("):
		name, key, _ := strings.Cut(strings.TrimPrefix(ref, "file("), ")")
		w.e.index()
		var files []*fileFacts
		for _, p := range w.e.matching(path.Join(f.dir, withoutHoles(name, "*"))) {
			if g := w.e.file(p); g != nil {
				files = append(files, g)
			}
		}
		if key = strings.TrimPrefix(key, ":"); key != "" {
			w.atKeys(keysIn(key), files, depth, way)
		}
	case strings.HasPrefix(ref, "Mappings."):
		w.atKeys(keysIn(ref), []*fileFacts{f}, depth, way)
	default:
		return false
	}
	return true
}

// withoutHoles is a text with another one in the place of each ${…}.
func withoutHoles(text, with string) string {
	for range 8 {
		i := strings.Index(text, "${")
		if i < 0 {
			break
		}
		end, deep := i, 0
		for end < len(text) {
			if text[end] == '{' {
				deep++
			} else if text[end] == '}' {
				if deep--; deep == 0 {
					end++
					break
				}
			}
			end++
		}
		text = text[:i] + with + text[end:]
	}
	return text
}

// keysIn are the keys of a dotted path, in which what is chosen later is anyKey.
func keysIn(key string) []string { return strings.Split(withoutHoles(key, anyKey), ".") }

// atKeys follows a path of keys in files.
func (w *follower) atKeys(want []string, files []*fileFacts, depth int, way []hop) {
	for _, g := range files {
		if !w.first("at", g.path, strings.Join(want, ".")) {
			continue
		}
		for _, d := range g.defs {
			if len(d.path) == len(want) && slices.EqualFunc(d.path, want, func(have, want string) bool {
				return want == anyKey || sameKeys([]string{have}, []string{want})
			}) {
				w.atoms(d.atoms, g, depth+1, with1(way, hop{byImport, g.path, d.line, strings.Join(d.path, ".")}))
			}
		}
	}
}

// isInputName reports whether a name is that of an input: parameters.x, pipeline.parameters.x, inputs.x.
func isInputName(parts []string) bool {
	switch len(parts) {
	case 2:
		return parts[0] == "parameters" || parts[0] == "inputs"
	case 3:
		return parts[0] == "pipeline" && parts[1] == "parameters"
	}
	return false
}

// input follows a parameter of a part of a pipeline to its default and to what those hand over who use the part. at is the
// process that asks, nil for none.
func (w *follower) input(name string, at *processFact, f *fileFacts, depth int, way []hop) {
	part := ""
	for p := at; p != nil; p = p.outer {
		part = firstOf(p.name, part)
	}
	if !w.first("input", f.path, part, name) {
		return
	}
	take := func(d *def) {
		w.atoms(d.atoms, d.file, depth+1, with1(way, hop{byProcess, d.file.path, d.line, name}))
	}
	for _, d := range f.defs {
		if isInput(d.path, part, name) || part != "" && hasInput(d.path, part, name) {
			take(d)
		}
	}
	if f.lang == "json" { // a template of Azure, and the files of parameters beside it
		for _, p := range w.e.inFolder(f.dir) {
			g := w.e.file(p)
			if g == nil || g == f || g.lang != "json" || !strings.Contains(strings.ToLower(path.Base(p)), "param") {
				continue
			}
			for _, d := range g.defs {
				if isInput(d.path, "", name) {
					take(d)
				}
			}
		}
		return
	}
	for _, g := range w.e.usersOf(f) {
		for _, d := range g.defs {
			if n := len(d.path); n < 2 || d.path[n-1] != name || !slices.Contains([]string{"with", "parameters", "inputs"}, d.path[n-2]) {
				continue
			}
			if w.e.usesFile(d, f) {
				take(d)
			}
		}
	}
}

// matrix follows an entry of the matrix of a job to what it is in each of the job's runs.
func (w *follower) matrix(name string, at *processFact, f *fileFacts, depth int, way []hop) {
	for _, d := range f.defs {
		n := len(d.path)
		i := slices.Index(d.path, "matrix")
		if i < 0 || d.path[n-1] != name || n-i > 3 || at != nil && d.process != nil && !d.process.givesTo(at) {
			continue
		}
		w.atoms(d.atoms, f, depth+1, with1(way, hop{byProcess, f.path, d.line, "matrix." + name}))
	}
}

// isInput reports whether a path of keys is that of the default or value of an input: of the whole file, or of a part.
func isInput(keys []string, part, name string) bool {
	for i, k := range keys {
		if k != "parameters" && k != "inputs" || i+1 >= len(keys) {
			continue
		}
		rest := keys[i+1:]
		if rest[0] != name && rest[len(rest)-1] != name || len(rest) > 3 {
			return false
		}
		if last := rest[len(rest)-1]; last != name && last != "default" && last != "defaultValue" && last != "value" {
			return false
		}
		return i == 0 || keys[i-1] == part || keys[i-1] == "workflow_call" || keys[i-1] == "workflow_dispatch" || keys[0] == "spec"
	}
	return false
}

// hasInput reports whether a path of keys is that of what a job hands to a command, or a workflow to a job, of its file.
func hasInput(keys []string, part, name string) bool {
	n := len(keys)
	return n > 2 && keys[n-1] == name && keys[n-2] == part && (keys[n-3] == "steps" || keys[n-3] == "jobs")
}

// substitutes reports whether a definition is what Flux puts in the place of a variable in the manifests of a folder, and
// whether a file is one of these; known is false for other definitions.
func (e *engine) substitutes(d *def, f *fileFacts) (yes, known bool) {
	i := slices.Index(d.path, "substitute")
	if i < 1 || d.path[i-1] != "postBuild" {
		return false, false
	}
	var at *def // of the folder, in the same document
	for _, o := range d.file.defs {
		if len(o.path) == i && o.path[i-1] == "path" && slices.Equal(o.path[:i-1], d.path[:i-1]) && (at == nil || o.start < d.start) {
			at = o
		}
	}
	if at == nil {
		return false, true
	}
	for _, text := range e.textsOf(at.atoms, d.file) {
		yes = yes || liesIn(f.filePath, path.Clean(text))
	}
	return yes, true
}

// usersOf are the files of pipelines that may use a file as a part.
func (e *engine) usersOf(f *fileFacts) []*fileFacts {
	e.index()
	paths := slices.Concat(e.byExt[".yml"], e.byExt[".yaml"])
	name := path.Base(f.filePath)
	if strings.HasPrefix(name, "action.") {
		name = path.Base(f.dir)
	}
	if e.once("users", f.filePath) {
		e.holding(paths, name, callersFiles)
	}
	var out []*fileFacts
	for _, p := range paths {
		if g := e.byPath[p]; g != nil && g != f && !g.hollow {
			out = append(out, g)
		}
	}
	return out
}

// usesFile reports whether what stands nearest before a definition, under the same keys, names a file as the part to use.
func (e *engine) usesFile(d *def, f *fileFacts) bool {
	var best *def
	around := len(d.path) - 2
	for _, u := range d.file.defs {
		n := len(u.path) - 1
		if n != around || !slices.Equal(u.path[:n], d.path[:n]) || u.start > d.start && best != nil {
			continue
		}
		switch u.path[n] {
		case "uses", "template", "local":
			best = u
		}
	}
	if best == nil {
		return false
	}
	root, _ := ciRoot(d.file.filePath)
	for _, text := range e.textsOf(best.atoms, d.file) {
		for _, dir := range []string{root, d.file.dir} {
			at := path.Join(dir, text)
			if at == f.filePath || strings.HasPrefix(path.Base(f.filePath), "action.") && at == path.Clean(f.dir) {
				return true
			}
		}
	}
	return false
}
