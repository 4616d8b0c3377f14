package scanner

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// A links is what a file's imports lead to, found once.
type links struct {
	byLocal map[string][]syntax.Import // by the name that they have in the file
	paths   map[string][]string        // by the module as written
	files   map[string][]*fileFacts    // likewise
	reached map[*fileFacts]bool        // files that were asked for
}

func (e *engine) linksOf(f *fileFacts) *links {
	l := e.links[f]
	if l == nil {
		l = &links{byLocal: map[string][]syntax.Import{}, paths: map[string][]string{},
			files: map[string][]*fileFacts{}, reached: map[*fileFacts]bool{}}
		for _, i := range f.imports {
			local := i.Local
			if local == "" {
				local = i.Name
			}
			if local == "" && f.lang == "go" {
				local = goPackage(i.Module)
			}
			if local == "" && f.lang == "php" {
				local = lastOf(i.Module)
			}
			if local != "" && local != "*" {
				l.byLocal[local] = append(l.byLocal[local], i)
			}
		}
		e.links[f] = l
	}
	return l
}

// lastOf is the last name of a dotted one.
func lastOf(name string) string {
	return name[strings.LastIndexAny(name, "./\\:")+1:]
}

// goPackage is the name that an import of Go has without an alias: the last folder, but for a major version.
func goPackage(module string) string {
	last := path.Base(module)
	if len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = path.Base(path.Dir(module))
	}
	return last
}

// An imported is a file that an import leads to, and the names in it that the local name stands for: none for the
// module as a whole.
type importedName struct {
	file  *fileFacts
	names []string
}

// A moduleName is a module as an import may mean it, and the names in it that the local name stands for.
type moduleName struct {
	module string
	names  []string
}

// importFiles are the files that an import may lead to, with what its local name stands for in each.
func (e *engine) importFiles(f *fileFacts, i syntax.Import) []importedName {
	var out []importedName
	for _, m := range importModules(f, i) {
		for _, g := range e.moduleFiles(f, m.module) {
			out = append(out, importedName{g, m.names})
		}
	}
	return out
}

// packageFiles gives what importFiles gives of an import of Go, of the files that have a name.
func (e *engine) packageFiles(name string) func(*fileFacts, syntax.Import) []importedName {
	return func(f *fileFacts, i syntax.Import) []importedName {
		var out []importedName
		for _, p := range e.pathsOf(f, i.Module) {
			if g := e.byPath[p]; g == nil || g.hollow {
				if !e.hasWord(p, name) {
					continue
				}
			}
			if g := e.file(p); g != nil {
				out = append(out, importedName{g, nil})
			}
		}
		return out
	}
}

// importModules are the modules that an import of a file may mean, the likeliest first.
func importModules(f *fileFacts, i syntax.Import) []moduleName {
	name := i.Name
	if name == "*" {
		name = ""
	}
	module := moduleName{module: i.Module}
	switch family(f.lang) {
	case "python":
		if name == "" {
			return []moduleName{module}
		}
		// from app import settings: the module is app/settings.
		sep := "."
		if strings.HasSuffix(i.Module, ".") {
			sep = ""
		}
		return []moduleName{{module: i.Module + sep + name}, {i.Module, []string{name}}}
	case "jvm":
		// import a.b.C, import static a.b.C.X, import a.b.f
		if i.Name == "*" {
			return []moduleName{{module: i.Module + ".*"}}
		}
		out := []moduleName{{i.Module, []string{lastOf(i.Module)}}}
		if outer := parentOf(i.Module); outer != "" {
			out = append(out, moduleName{outer, []string{lastOf(outer), lastOf(i.Module)}})
		}
		return out
	case "rust":
		if name == "" {
			return nil
		}
		outer := parentOf(i.Module)
		return []moduleName{module, {outer, []string{lastOf(i.Module)}},
			{parentOf(outer), []string{lastOf(outer), lastOf(i.Module)}}}
	case "elixir": // alias A.B
		module.names = strings.Split(i.Module, ".")
	case "php", "net":
		if !strings.HasSuffix(i.Module, ".php") { // $config = require 'flags.php'
			module.names = []string{lastOf(i.Module)}
		}
	default:
		if name != "" { // const { flags: { token } } = require('./config') brings in flags.token
			module.names = strings.Split(name, ".")
		}
	}
	return []moduleName{module}
}

// parentOf is a dotted name without its last part, "" for a name of one part.
func parentOf(module string) string {
	i := strings.LastIndexAny(module, ".:\\/")
	if i <= 0 {
		return ""
	}
	return strings.TrimRight(module[:i], ":")
}

// moduleFiles are the files of the scan that a module named in f is.
func (e *engine) moduleFiles(f *fileFacts, module string) []*fileFacts {
	l := e.linksOf(f)
	list, known := l.files[module]
	if known {
		return list
	}
	if module != "" {
		seen := map[*fileFacts]bool{f: true}
		for _, p := range e.pathsOf(f, module) {
			if g := e.file(p); g != nil && !seen[g] && len(list) < 64 {
				seen[g] = true
				list = append(list, g)
			}
		}
	}
	l.files[module] = list
	return list
}

// pathsOf are the paths of the files of the scan that a module named in f is.
func (e *engine) pathsOf(f *fileFacts, module string) []string {
	l := e.linksOf(f)
	list, known := l.paths[module]
	if !known && module != "" {
		list = e.modulePaths(f, module)
		l.paths[module] = list
	}
	return list
}

var scriptEndings = []string{"", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue",
	".svelte", "/index.ts", "/index.tsx", "/index.mts", "/index.js", "/index.jsx", "/index.mjs", "/index.cjs"}

// modulePaths are the paths of the files that a module named in f is, by the rules of its language.
func (e *engine) modulePaths(f *fileFacts, module string) []string {
	switch family(f.lang) {
	case "go":
		return e.goPaths(f, module)
	case "jvm":
		return e.jvmPaths(module)
	case "python":
		return e.pythonPaths(f, module)
	case "ruby":
		return e.rubyPaths(f, module)
	case "rust":
		return e.rustPaths(f, module)
	case "php":
		return e.phpPaths(f, module)
	case "dart":
		return e.dartPaths(f, module)
	case "elixir":
		return e.elixirPaths(f, module)
	case "net":
		return nil // namespaces: see inScope
	case "js":
		return e.scriptPaths(f, module)
	case "cpp":
		name := strings.Trim(module, "<>\"")
		return e.existing(path.Join(f.dir, name), name, path.Join(f.pkg, "include", name), path.Join(f.pkg, name))
	case "swift":
		return e.swiftPaths(f, module)
	}
	if strings.HasPrefix(module, ".") || strings.Contains(module, "/") {
		return e.existing(path.Join(f.dir, module), module)
	}
	return nil
}

// existing are those of the paths that the scan has, in this order.
func (e *engine) existing(paths ...string) []string {
	var out []string
	for _, p := range paths {
		if e.has(p) {
			out = append(out, p)
		}
	}
	return out
}

func (e *engine) scriptPaths(f *fileFacts, module string) []string {
	var bases []string
	switch {
	case strings.HasPrefix(module, "."):
		bases = append(bases, path.Join(f.dir, module))
	case strings.HasPrefix(module, "$lib/"):
		bases = append(bases, path.Join(f.pkg, "src/lib", module[5:]))
	default:
		bases = e.aliased(f, module)
		if name, sub := packageName(module); e.packages[name] != nil {
			for _, dir := range e.packages[name] {
				bases = append(bases, e.entries(dir, sub)...)
			}
		}
	}
	for _, b := range bases {
		var out []string
		for _, end := range scriptEndings {
			if e.has(b + end) {
				out = append(out, b+end)
				break
			}
		}
		for _, js := range []string{".js", ".mjs", ".jsx"} { // TypeScript imports what will be there
			if stem, is := strings.CutSuffix(b, js); is && len(out) == 0 {
				out = append(out, e.existing(stem+".ts", stem+".tsx", stem+".mts")...)
			}
		}
		out = append(out, e.variants(b)...)
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// packageName splits a module into the package and the path in it: @shop/shared/keys.
func packageName(module string) (name, sub string) {
	parts := strings.SplitN(module, "/", 3)
	if strings.HasPrefix(module, "@") && len(parts) > 1 {
		if len(parts) > 2 {
			sub = parts[2]
		}
		return parts[0] + "/" + parts[1], sub
	}
	name, sub, _ = strings.Cut(module, "/")
	return name, sub
}

// entries are the files, without their endings, that a package of the workspace gives.
func (e *engine) entries(dir, sub string) []string {
	if sub != "" {
		return []string{path.Join(dir, sub), path.Join(dir, "src", sub)}
	}
	var out []string
	if m := e.manifests[dir]; m != nil {
		for _, main := range m.Entries {
			out = append(out, path.Join(dir, main))
		}
	}
	return append(out, path.Join(dir, "src/index"), path.Join(dir, "index"), path.Join(dir, "src/main"),
		path.Join(dir, "lib/index"))
}

// aliased are the paths that a bundler's or TypeScript's aliases make of a module.
func (e *engine) aliased(f *fileFacts, module string) []string {
	var out []string
	for dir := f.dir; ; dir = path.Dir(dir) {
		if cfg := e.tsconfig(dir); cfg != nil {
			out = append(out, cfg.resolve(dir, module)...)
			break
		}
		if dir == "." || dir == "/" || dir == "" {
			break
		}
	}
	if len(module) > 2 && (strings.HasPrefix(module, "@/") || strings.HasPrefix(module, "~/") ||
		strings.HasPrefix(module, "#/")) {
		rest := module[2:]
		out = append(out, path.Join(f.pkg, "src", rest), path.Join(f.pkg, rest), path.Join(f.pkg, "app", rest),
			path.Join(f.pkg, "src/app", rest))
	}
	return out
}

// variants are the siblings of a module that a build puts in its place: environment.prod.ts for environment.ts,
// keys.ios.ts and keys.android.ts for keys, also where the module itself is not in the tree (VOCABULARY, item 38).
func (e *engine) variants(base string) []string {
	stem := base
	for _, end := range scriptEndings[1:9] {
		stem = strings.TrimSuffix(stem, end)
	}
	prefix := path.Base(stem) + "."
	var out []string
	siblings := e.inFolder(path.Dir(stem)) // sorted, and all in one folder
	first := sort.Search(len(siblings), func(i int) bool { return path.Base(siblings[i]) >= prefix })
	for _, p := range siblings[first:] {
		rest, is := strings.CutPrefix(path.Base(p), prefix)
		if !is {
			break
		}
		variant, ext, two := strings.Cut(rest, ".")
		if !two || !isVariant(variant) {
			continue
		}
		switch ext {
		case "ts", "tsx", "js", "jsx", "mjs", "cjs", "json":
			out = append(out, p)
		}
	}
	return out
}

// isVariant reports whether the word between a module's name and its ending says of which build it is.
func isVariant(word string) bool {
	switch word {
	case "d", "test", "spec", "stories", "story", "mock", "module", "config", "types", "min", "e2e", "cy", "server",
		"client", "service", "component", "routing", "css", "scss":
		return false
	}
	return word != ""
}

func (e *engine) pythonPaths(f *fileFacts, module string) []string {
	var bases []string
	if strings.HasPrefix(module, ".") {
		rest := strings.TrimLeft(module, ".")
		dir := f.dir
		for up := len(module) - len(rest); up > 1; up-- {
			dir = path.Dir(dir)
		}
		bases = []string{path.Join(dir, strings.ReplaceAll(rest, ".", "/"))}
	} else {
		rel := strings.ReplaceAll(module, ".", "/")
		for dir := f.dir; ; dir = path.Dir(dir) {
			bases = append(bases, path.Join(dir, rel), path.Join(dir, "src", rel))
			if dir == "." || dir == "/" {
				break
			}
		}
	}
	for _, b := range bases {
		if out := e.existing(b+".py", b+"/__init__.py", b+".pyi"); len(out) > 0 {
			return append(out, e.settingsVariants(b)...)
		}
		if out := e.settingsVariants(b); len(out) > 0 {
			return out
		}
	}
	return nil
}

// settingsVariants are the modules of a package called settings, of which a deployment chooses one.
func (e *engine) settingsVariants(base string) []string {
	if b := path.Base(base); b != "settings" && b != "config" && path.Base(path.Dir(base)) != "settings" {
		return nil
	}
	var out []string
	dir := base
	if path.Base(base) != "settings" && path.Base(base) != "config" {
		dir = path.Dir(base)
	}
	for _, p := range e.inFolder(dir) {
		if strings.HasSuffix(p, ".py") && path.Base(p) != "__init__.py" && p != base+".py" {
			out = append(out, p)
		}
	}
	return out
}

func (e *engine) goPaths(f *fileFacts, module string) []string {
	for dir := f.dir; ; dir = path.Dir(dir) {
		key := dir
		if dir == "." {
			key = ""
		}
		if m := e.manifests[key]; m != nil && m.GoModule != "" {
			if rel, is := strings.CutPrefix(module, m.GoModule); is && (rel == "" || rel[0] == '/') {
				return e.goFolder(path.Join(key, strings.TrimPrefix(rel, "/")))
			}
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	for _, m := range e.goModules {
		if rel, is := strings.CutPrefix(module, m.GoModule); is && (rel == "" || rel[0] == '/') {
			return e.goFolder(path.Join(m.Dir, strings.TrimPrefix(rel, "/")))
		}
	}
	if len(e.goModules) > 0 || !strings.Contains(module, "/") {
		return nil
	}
	// Without a go.mod the folders of a path tell the package: the longest end that the tree has.
	for rest := module; ; {
		_, after, more := strings.Cut(rest, "/")
		if !more {
			return nil
		}
		if list := e.goFolder(after); len(list) > 0 {
			return list
		}
		rest = after
	}
}

func (e *engine) goFolder(dir string) []string {
	var out []string
	for _, p := range e.inFolder(dir) {
		if strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go") {
			out = append(out, p)
		}
	}
	return out
}

func (e *engine) jvmPaths(module string) []string {
	rel := strings.ReplaceAll(module, ".", "/")
	var out []string
	if strings.HasSuffix(rel, "/*") {
		return nil // names of a whole package: see byTop
	}
	base := path.Base(rel)
	for _, end := range []string{".java", ".kt", ".scala", ".groovy"} {
		for _, p := range e.byBase[base+end] {
			if p == rel+end || strings.HasSuffix(p, "/"+rel+end) {
				out = append(out, p)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	// Kotlin's functions and constants stand in files of any name.
	namespace := parentOf(module)
	for _, g := range e.byTop[lastOf(module)] {
		if g.namespace == namespace {
			out = append(out, g.filePath)
		}
	}
	if len(out) == 0 {
		folder := path.Dir(rel)
		for _, dir := range e.foldersEnding(folder) {
			for _, p := range e.inFolder(dir) {
				if strings.HasSuffix(p, ".kt") || strings.HasSuffix(p, ".scala") {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

func (e *engine) rubyPaths(f *fileFacts, module string) []string {
	module = strings.TrimSuffix(module, ".rb")
	if strings.HasPrefix(module, ".") {
		return e.existing(path.Join(f.dir, module) + ".rb")
	}
	return e.existing(path.Join(f.pkg, "lib", module)+".rb", path.Join(f.pkg, module)+".rb",
		path.Join(f.pkg, "app", module)+".rb", path.Join(f.dir, module)+".rb")
}

// elixirPaths are the files of the package that are called after a module, by the custom of Elixir: a/b_c.ex of A.BC.
func (e *engine) elixirPaths(f *fileFacts, module string) []string {
	e.index()
	var out []string
	for _, end := range []string{".ex", ".exs"} {
		for _, p := range e.byBase[snake(lastOf(module))+end] {
			if e.packageOf(p) == f.pkg && e.hasWord(p, lastOf(module)) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (e *engine) rustPaths(f *fileFacts, module string) []string {
	parts := strings.Split(module, "::")
	root := path.Join(f.pkg, "src")
	dir := root
	switch parts[0] {
	case "crate":
		parts = parts[1:]
	case "super":
		dir = path.Dir(f.filePath)
		if b := path.Base(f.filePath); b == "mod.rs" || b == "lib.rs" || b == "main.rs" {
			dir = path.Dir(dir)
		}
		parts = parts[1:]
	case "self":
		dir, parts = f.dir, parts[1:]
	default:
		if dirs := e.packages[strings.ReplaceAll(parts[0], "_", "-")]; dirs != nil {
			dir, parts = path.Join(dirs[0], "src"), parts[1:]
		} else if dirs := e.packages[parts[0]]; dirs != nil {
			dir, parts = path.Join(dirs[0], "src"), parts[1:]
		} else {
			dir = f.dir
		}
	}
	rel := path.Join(dir, strings.Join(parts, "/"))
	if len(parts) == 0 {
		return e.existing(path.Join(dir, "lib.rs"), path.Join(dir, "main.rs"))
	}
	return e.existing(rel+".rs", rel+"/mod.rs")
}

// rustModule are the files of a module that is named without use: one below the file's own module, or of the crate.
func (e *engine) rustModule(f *fileFacts, name string) []*fileFacts {
	dir := f.dir
	switch b := path.Base(f.filePath); b {
	case "mod.rs", "lib.rs", "main.rs":
	default:
		dir = strings.TrimSuffix(f.filePath, ".rs")
	}
	var out []*fileFacts
	for _, p := range e.existing(path.Join(dir, name)+".rs", path.Join(dir, name, "mod.rs"),
		path.Join(f.pkg, "src", name)+".rs", path.Join(f.pkg, "src", name, "mod.rs")) {
		if g := e.file(p); g != nil && g != f && len(out) == 0 {
			out = append(out, g)
		}
	}
	return out
}

// callsBy reports whether a call names the module that a file is, without use: gate::open(x) of Rust.
func (e *engine) callsBy(c *callFact, f *fileFacts) bool {
	parts := nameParts(c.whole)
	if family(c.file.lang) != "rust" || family(f.lang) != "rust" || len(parts) < 2 {
		return false
	}
	if parts[0] == "crate" || parts[0] == "super" {
		parts = parts[1:]
	}
	return slices.Contains(e.rustModule(c.file, strings.Join(parts[:len(parts)-1], "/")), f)
}

func (e *engine) phpPaths(f *fileFacts, module string) []string {
	if strings.HasSuffix(module, ".php") {
		return e.existing(path.Join(f.dir, module), path.Join(f.pkg, module))
	}
	parts := strings.FieldsFunc(module, func(c rune) bool { return c == '\\' || c == '.' })
	if len(parts) == 0 {
		return nil
	}
	var out []string
	for _, p := range e.byBase[parts[len(parts)-1]+".php"] {
		if len(parts) < 3 || strings.HasSuffix(path.Dir(p), parts[len(parts)-2]) {
			out = append(out, p)
		}
	}
	return out
}

func (e *engine) dartPaths(f *fileFacts, module string) []string {
	rest, is := strings.CutPrefix(module, "package:")
	if !is {
		return e.existing(path.Join(f.dir, module))
	}
	name, sub, _ := strings.Cut(rest, "/")
	var out []string
	for _, dir := range e.packages[name] {
		out = append(out, e.existing(path.Join(dir, "lib", sub))...)
	}
	return out
}

func (e *engine) swiftPaths(f *fileFacts, module string) []string {
	var out []string
	for _, p := range e.byExt[".swift"] {
		if target(p) != "" && path.Base(target(p)) == module {
			out = append(out, p)
		}
	}
	return out[:min(len(out), 64)]
}
