package scanner

import (
	"path"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// A links is what a file's imports lead to, found once.
type links struct {
	byLocal map[string][]syntax.Import // by the name that they have in the file
	targets map[string][]*fileFacts    // by the module as written
	from    map[string]map[*fileFacts]bool
	reached map[*fileFacts]bool // every file that it imports
	names   map[string]bool     // every package, by name, that it imports something of
}

func (e *engine) linksOf(f *fileFacts) *links {
	l := e.links[f]
	if l == nil {
		l = &links{byLocal: map[string][]syntax.Import{}, targets: map[string][]*fileFacts{},
			from: map[string]map[*fileFacts]bool{}}
		for _, i := range f.imports {
			local := i.Local
			if local == "" {
				local = i.Name
			}
			if local == "" {
				local = rules.LastName(i.Module)
			}
			l.byLocal[local] = append(l.byLocal[local], i)
		}
		e.links[f] = l
	}
	return l
}

// importTargets are the files of the scan that a module named in f may be.
func (e *engine) importTargets(f *fileFacts, module string) []*fileFacts {
	l := e.linksOf(f)
	list, known := l.targets[module]
	if !known {
		list = e.findTargets(f, module)
		l.targets[module] = list
	}
	return list
}

// importedFrom are the files that a name's first part was imported from.
func (e *engine) importedFrom(first string, f *fileFacts) map[*fileFacts]bool {
	l := e.linksOf(f)
	out, known := l.from[first]
	if known {
		return out
	}
	add := func(list []*fileFacts) {
		for _, t := range list {
			if out == nil {
				out = map[*fileFacts]bool{}
			}
			out[t] = true
		}
	}
	for _, i := range l.byLocal[first] {
		add(e.importTargets(f, i.Module))
		add(e.packageFiles(i.Module))
		// from app import settings: the module is app/settings.
		if i.Name != "" && i.Name != "*" {
			add(e.importTargets(f, i.Module+"."+i.Name))
		}
	}
	l.from[first] = out
	return out
}

// reaches reports whether one file imports another, or the package that holds it.
func (e *engine) reaches(from, to *fileFacts) bool {
	if from == to {
		return true
	}
	l := e.linksOf(from)
	if l.reached == nil {
		l.reached, l.names = map[*fileFacts]bool{}, map[string]bool{}
		for _, i := range from.imports {
			for _, t := range e.importTargets(from, i.Module) {
				l.reached[t] = true
			}
			name, dart := strings.CutPrefix(i.Module, "package:")
			if !dart {
				l.names[name] = true
			}
			for k := 0; k < len(name); k++ {
				if name[k] == '/' {
					l.names[name[:k]] = true
				}
			}
		}
	}
	if l.reached[to] {
		return true
	}
	m := e.manifests[to.pkg]
	return m != nil && m.Name != "" && l.names[m.Name]
}

// together reports whether two files can share settings: the package of one holds the other's, or they are of the same
// package.
func together(a, b *fileFacts) bool {
	return a.pkg == b.pkg || holds(a.pkg, b.pkg) || holds(b.pkg, a.pkg)
}

func holds(outer, inner string) bool {
	return outer == "" || len(inner) > len(outer) && inner[len(outer)] == '/' && strings.HasPrefix(inner, outer)
}

var scriptEndings = []string{"", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".py", ".dart",
	".php", ".rb", "/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/__init__.py"}

// findTargets are the files of the scan that a module named in f may be.
func (e *engine) findTargets(f *fileFacts, module string) []*fileFacts {
	if module == "" {
		return nil
	}
	var bases []string
	switch {
	case strings.HasPrefix(module, "."):
		if strings.HasPrefix(module, "./") || strings.HasPrefix(module, "../") || module == "." || module == ".." {
			bases = append(bases, path.Join(f.dir, module))
		} else { // Python: .settings, ..config
			up := len(module) - len(strings.TrimLeft(module, "."))
			dir := f.dir
			for ; up > 1; up-- {
				dir = path.Dir(dir)
			}
			bases = append(bases, path.Join(dir, strings.ReplaceAll(strings.TrimLeft(module, "."), ".", "/")))
		}
	case strings.HasPrefix(module, "@/") || strings.HasPrefix(module, "~/"):
		root := f.pkg
		bases = append(bases, path.Join(root, "src", module[2:]), path.Join(root, module[2:]), path.Join(root, "app",
			module[2:]))
	case strings.HasPrefix(module, "$lib/"):
		bases = append(bases, path.Join(f.pkg, "src/lib", module[5:]))
	case strings.HasPrefix(module, "package:"):
		if i := strings.IndexByte(module, '/'); i > 0 {
			bases = append(bases, path.Join(f.pkg, "lib", module[i+1:]))
		}
	default:
		bases = append(bases, path.Join(f.dir, module), path.Join(f.pkg, strings.ReplaceAll(module, ".", "/")),
			strings.ReplaceAll(module, ".", "/"))
	}
	var out []*fileFacts
	if f.lang == "go" && strings.Contains(module, "/") {
		// A module's path ends in the folder of the package.
		segs := strings.Split(module, "/")
		for i := 1; i < len(segs); i++ {
			if list := e.folders[strings.Join(segs[i:], "/")]; len(list) > 0 {
				return list
			}
		}
		return nil
	}
	for _, b := range bases {
		for _, end := range scriptEndings {
			if t := e.byPath[b+end]; t != nil && t != f {
				out = append(out, t)
			}
		}
		if strings.HasSuffix(b, ".js") {
			for _, end := range []string{".ts", ".tsx"} {
				if t := e.byPath[strings.TrimSuffix(b, ".js")+end]; t != nil && t != f {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// packageFiles are the files of the scan's package that is called so ("@shop/shared", "package:shop/keys.dart"), at
// most 200 of them.
func (e *engine) packageFiles(module string) []*fileFacts {
	name := strings.TrimPrefix(module, "package:")
	for name != "" && name != "." {
		if list := e.named[name]; len(list) > 0 {
			return list[:min(len(list), 200)]
		}
		name = path.Dir(name)
	}
	return nil
}
