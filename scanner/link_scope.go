package scanner

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
)

// A top is what stands under one name at the top of a file.
type top struct {
	defs  []*def
	class *classFact
}

// A classFact is a class that a file declares.
type classFact struct {
	name   string
	bases  []string
	params []string // of its constructor, where they are fields
	// section is the part of the program's configuration that fills its fields, "" where nothing says so
	section string
	line    int
	members []classMember
	texts   map[string]string // of its constants that are names, by theirs
}

// A derivedClass is a class and the file that declares it.
type derivedClass struct {
	*classFact
	file *fileFacts
}

// topsOf are the names at the top of a file.
func (e *engine) topsOf(f *fileFacts) map[string]*top {
	tops, ok := e.tops[f]
	if ok {
		return tops
	}
	tops = map[string]*top{}
	at := func(name string) *top {
		t := tops[name]
		if t == nil {
			t = &top{}
			tops[name] = t
		}
		return t
	}
	for _, d := range f.defs {
		if !d.soft {
			t := at(d.path[0])
			t.defs = append(t.defs, d)
			for k := 1; k <= e.spaces(d) && k < len(d.path); k++ { // a member of a namespace is known by its own name too
				inner := *d
				inner.path = d.path[k:]
				t := at(inner.path[0])
				t.defs = append(t.defs, &inner)
			}
		}
	}
	for _, c := range f.classes {
		t := at(c.name)
		t.class = c.with(t.class)
	}
	e.tops[f] = tops
	return tops
}

// with is a class together with another one of its name in its file: an object of Scala beside its class.
func (c *classFact) with(other *classFact) *classFact {
	if other == nil {
		return c
	}
	both := *c
	both.bases = slices.Concat(other.bases, c.bases)
	both.params = slices.Concat(other.params, c.params[min(len(other.params), len(c.params)):])
	both.section = firstOf(other.section, c.section)
	both.members = slices.Concat(other.members, c.members)
	both.texts = maps.Clone(other.texts)
	for name, text := range c.texts {
		if both.texts == nil {
			both.texts = map[string]string{}
		}
		both.texts[name] = text
	}
	return &both
}

// spaces is how many names of a path are only those of the namespaces around a definition, which those who are in them or
// bring them in leave out.
func (e *engine) spaces(d *def) int {
	switch d.file.lang {
	case "csharp", "php", "cpp", "vb", "fsharp":
		return d.spaces
	}
	return 0
}

// families are languages whose files see each other's names.
func family(lang string) string {
	switch lang {
	case "java", "kotlin", "scala", "groovy":
		return "jvm"
	case "javascript", "typescript", "tsx", "vue", "svelte", "astro", "html":
		return "js"
	case "csharp", "fsharp", "vb":
		return "net"
	}
	return lang
}

// scopeFiles are the files whose names a file sees without an import, of those that may define a name: the same folder
// and package of Go, the same package of the JVM's languages, the same namespace or one around it of C#, the same target
// of Swift, constants that Ruby loads by themselves, the same folder of Terraform.
func (e *engine) scopeFiles(f *fileFacts, name string) []*fileFacts {
	if name == "" {
		return nil
	}
	e.demandScope(f, name)
	var out []*fileFacts
	for _, g := range e.byTop[name] {
		if g != f && e.inScope(f, g) && sameTests(g, f) {
			out = append(out, g)
		}
	}
	return out
}

// inScope reports whether f sees the names at the top of g.
func (e *engine) inScope(f, g *fileFacts) bool {
	if family(f.lang) != family(g.lang) {
		return false
	}
	switch family(f.lang) {
	case "go":
		return f.dir == g.dir && (f.namespace == g.namespace || g.namespace == "" || f.namespace == "")
	case "jvm":
		return f.namespace == g.namespace && (f.namespace != "" && f.pkg == g.pkg || f.dir == g.dir)
	case "net":
		return (f.namespace == g.namespace || strings.HasPrefix(f.namespace, g.namespace+".") || g.namespace == "") &&
			(f.pkg == g.pkg || g.namespace != "") || e.bringsIn(f, g.namespace)
	case "php":
		return f.namespace == g.namespace && f.namespace != "" && f.pkg == g.pkg
	case "swift":
		return f.pkg == g.pkg && target(f.filePath) == target(g.filePath)
	case "ruby", "elixir", "clojure":
		return f.pkg == g.pkg
	case "hcl":
		return f.dir == g.dir
	}
	return false
}

// bringsIn reports whether a file brings in a namespace as a whole.
func (e *engine) bringsIn(f *fileFacts, namespace string) bool {
	for _, i := range f.imports {
		if i.Module == namespace && namespace != "" {
			return true
		}
	}
	return false
}

// target is the folder of a Swift package's target, "" outside of one.
func target(p string) string {
	for _, top := range []string{"Sources/", "Tests/"} {
		if i := strings.Index(p, top); i == 0 || i > 0 && p[i-1] == '/' {
			rest := p[i+len(top):]
			if j := strings.IndexByte(rest, '/'); j > 0 {
				return p[:i+len(top)+j]
			}
		}
	}
	return ""
}

// snake is a name as files of Ruby and Python are called: FlagSettings, flag_settings.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 && !unicode.IsUpper(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// packageClause is the package or namespace that a text says it is of, "" where it says none.
func packageClause(lang string, text []byte) string {
	word := ""
	switch lang {
	case "go", "java", "kotlin", "scala", "groovy":
		word = "package "
	case "csharp", "php", "fsharp", "vb":
		word = "namespace "
	default:
		return ""
	}
	for n := 0; len(text) > 0 && n < 400; n++ {
		line := text
		if i := strings.IndexByte(string(text[:min(len(text), 1<<10)]), '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			line, text = text[:min(len(text), 1<<10)], text[min(len(text), 1<<10):]
		}
		s := strings.TrimSpace(string(line))
		if rest, is := strings.CutPrefix(s, word); is || lang == "vb" && strings.HasPrefix(strings.ToLower(s), word) {
			if !is {
				rest = s[len(word):]
			}
			rest = strings.TrimRight(rest, " \t;{")
			if j := strings.IndexAny(rest, " /;{\t"); j > 0 {
				rest = rest[:j]
			}
			return strings.ReplaceAll(rest, "\\", ".")
		}
	}
	return ""
}

// sees reports whether a name in one file can be the one that another file defines at its top: by scope, or because it
// imports the file, or what passes the file's names on.
func (e *engine) sees(from, to *fileFacts, name string) bool {
	if from == to || e.inScope(from, to) {
		return true
	}
	return e.reaches(from, to, 0)
}

// barrelDepth bounds the barrels in a row that pass a name on.
const barrelDepth = 8

// reaches reports whether a file imports another, or what passes its names on. Files are read only where they may be
// such: what the others import is not asked.
func (e *engine) reaches(from, to *fileFacts, depth int) bool {
	l := e.linksOf(from)
	if yes, known := l.reached[to]; known {
		return yes
	}
	l.reached[to] = false
	var barrels []string
	for _, i := range from.imports {
		for _, m := range importModules(from, i) {
			for _, p := range e.pathsOf(from, m.module) {
				if p == to.filePath {
					l.reached[to] = true
					return true
				}
				if p != from.filePath && depth < barrelDepth && e.mayPass(p, family(from.lang)) {
					barrels = append(barrels, p)
				}
			}
		}
	}
	for _, p := range barrels {
		if f := e.file(p); f != nil && e.passes(f) && e.reaches(f, to, depth+1) {
			l.reached[to] = true
			return true
		}
	}
	return false
}

// isBarrel reports whether files of a name pass names of others on as a rule.
func isBarrel(p string) bool {
	base := path.Base(p)
	return strings.HasPrefix(base, "index.") || base == "__init__.py" || base == "mod.rs" || base == "lib.rs" ||
		base == "main.ts"
}

// mayPass reports whether passes can hold of a file of a family, which need not have been read.
func (e *engine) mayPass(p, family string) bool {
	if f := e.byPath[p]; f != nil && !f.hollow {
		return e.passes(f)
	}
	if isBarrel(p) {
		return true
	}
	if family == "go" { // what a package imports is its own
		return false
	}
	may, known := e.ask.barrels[p]
	if !known {
		text := e.text(p)
		switch family {
		case "js":
			may = bytes.Contains(text, []byte("export *")) || bytes.Contains(text, []byte("export*"))
		case "python":
			may = bytes.Contains(text, []byte("import *"))
		default:
			may = text != nil
		}
		e.ask.barrels[p] = may
	}
	return may
}

// passes reports whether a file passes names of others on: a barrel, a package's __init__.
func (e *engine) passes(f *fileFacts) bool {
	if isBarrel(f.filePath) {
		return true
	}
	for _, i := range f.imports {
		if i.Local == "*" {
			return true
		}
	}
	return false
}
