package scanner

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file follows names to what they hold. Every step has a reason that a person can check; there is none because two
// files use the same word.

// A linkReason is why a name of one place is the name of another.
type linkReason string

// The reasons, as docs/architecture.md explains them.
const (
	byScope     linkReason = "scope"     // the language's own scoping: the file, the package, the class
	byImport    linkReason = "import"    // the file imports the module that exports it, or reads the file by its path
	byProcess   linkReason = "process"   // the process that runs the code is given the setting
	byFramework linkReason = "framework" // a framework binds the setting to the name
	byWrapper   linkReason = "wrapper"   // the project's own function hands its parameter on
)

// A hop is one link of the chain from a place to what it takes.
type hop struct {
	reason linkReason
	file   string
	line   int
	text   string // the name that it is known by there, as "through X in FILE:LINE" says it
}

// A reach is a place and the sites whose credentials come to it, each with the way that it takes.
type reach struct {
	place *placeFact
	sites []reachedSite
	api   rules.API // the place's, with URLs from other files
	host  string
	based bool // what stands before the place's path is a URL
}

type reachedSite struct {
	site *siteFact
	via  []hop
}

const (
	reachLimit = 200 // atoms followed for one place
	reachDepth = 24  // names in a row that are followed
)

// reachPlaces follows every place's names to the credentials that they hold, over all files.
func (e *engine) reachPlaces() []reach {
	var out []reach
	for k := 0; k < len(e.files); k++ { // files that a question leads to are appended on the way
		f := e.files[k]
		for _, p := range f.places {
			if !e.allowed(p) || p.header != nil && !e.isHeader(p.header, f) {
				continue
			}
			r := reach{place: p, api: p.api, host: p.host}
			w := newFollower(e)
			w.atoms(p.atoms, f, 0, nil)
			r.sites = w.sites
			if w.work > reachLimit && p.match.Sink != nil && p.header == nil {
				e.ask.count.bite(atomsLimit, f.path)
			}
			if p.below != "" && len(w.sites) > 0 {
				r.api, r.host = apiBelow(e.textsOf(p.base, f), p.below, p.api)
			}
			switch {
			case p.inURL && len(r.sites) > 0:
				r.based = slices.ContainsFunc(e.textsOf(p.urls, f), isHTTP)
			case r.api == rules.NoAPI && len(p.urls) > 0 && !p.inURL:
				r.api, r.host = oneAPI(e.urlsOf(p))
			}
			out = append(out, r)
		}
	}
	return out
}

// urlsOf are the URLs beside a place, each with the path that follows it there.
func (e *engine) urlsOf(p *placeFact) []string {
	var out []string
	u := newFollower(e)
	for i, a := range p.urls {
		if i > 0 && a.tail != p.urls[i-1].tail { // it asks what was asked before again
			u = newFollower(e)
		}
		before := len(u.texts)
		u.atoms([]atom{a}, p.file, 0, nil)
		for _, text := range u.texts[before:] {
			out = append(out, joinURL(text, a.tail))
		}
	}
	return out
}

// oneAPI is the API that URLs name, rules.NoAPI where they disagree: then nothing tells which of them is asked.
func oneAPI(urls []string) (api rules.API, host string) {
	for _, t := range urls {
		a := rules.ClassifyURL(t)
		if api == rules.BaseAPI || a == rules.BaseAPI && api != rules.NoAPI { // the rest of one address may be another text
			if takesToken(a) {
				api = a
			}
			continue
		}
		if a != rules.NoAPI && api != rules.NoAPI && a != api || a == rules.NoAPI && hasPath(t) {
			return rules.NoAPI, ""
		}
		if a != rules.NoAPI && api == rules.NoAPI {
			api, host = a, hostOf(t)
		}
	}
	return api, host
}

// A follower follows the atoms of one place.
type follower struct {
	e     *engine
	seen  map[string]bool
	sites []reachedSite
	texts []string
	work  int
	stack []entered // the calls that the way leads into, outermost first
}

// An entered is a call of a function of another file whose result is followed. Its call is nil where it hands over
// nothing that matters.
type entered struct {
	fn   string
	at   int // of the call, in its view
	call *callFact
}

// within reports whether the way leads into a call of a function.
func (w *follower) within(fn string) bool {
	return fn != "" && slices.ContainsFunc(w.stack, func(c entered) bool { return c.fn == fn })
}

// textsOf are the texts that some atoms of a file come to.
func (e *engine) textsOf(list []atom, f *fileFacts) []string {
	w := newFollower(e)
	w.atoms(list, f, 0, nil)
	return w.texts
}

func newFollower(e *engine) *follower { return &follower{e: e, seen: map[string]bool{}} }

// found counts what was reached so far.
func (w *follower) found() int { return len(w.sites) + len(w.texts) }

// first reports whether a question was not asked yet.
func (w *follower) first(parts ...string) bool {
	key := strings.Join(parts, "\x00")
	for _, c := range w.stack[max(0, len(w.stack)-3):] { // what a call gives depends on what it is handed
		key += "\x00" + c.fn + ":" + strconv.Itoa(c.at)
	}
	if w.seen[key] {
		return false
	}
	w.seen[key] = true
	return true
}

// reach keeps a site with the shortest way to it.
func (w *follower) reach(s *siteFact, way []hop) {
	for i := range w.sites {
		if w.sites[i].site == s {
			if len(way) < len(w.sites[i].via) {
				w.sites[i].via = way
			}
			return
		}
	}
	w.sites = append(w.sites, reachedSite{s, way})
}

func with1(way []hop, h hop) []hop { return append(way[:len(way):len(way)], h) }

func (w *follower) atoms(list []atom, f *fileFacts, depth int, way []hop) {
	for _, a := range list {
		if w.work++; w.work > reachLimit || depth > reachDepth {
			return
		}
		if w.within(a.through) {
			continue // another caller's; what this one hands over is the parameter's
		}
		if a.ifs != nil && !w.e.isHeader(a.ifs, f) {
			continue
		}
		at := way
		if len(a.via) > 0 {
			at = with1(way, hop{byScope, f.path, a.line, strings.Join(a.via, ", ")})
		}
		switch {
		case a.site != nil:
			if len(a.fields) == 0 {
				w.reach(a.site, at)
			}
		case a.text != "":
			if len(a.fields) == 0 {
				w.texts = append(w.texts, a.text)
			}
		case a.fn != "":
			w.param(a, f, depth, at)
		case a.object != nil:
			w.object(a, f, depth, at)
		case a.given != "":
			w.provided(a, f, depth, at)
		default:
			before := w.found()
			if a.setting != "" {
				w.setting(a, f, depth, at)
			}
			if a.ref != "" && w.found() == before {
				w.name(a, f, depth, at)
			}
			if a.key != "" && w.found() == before {
				w.key(a, f, depth, at)
			}
		}
	}
}

// extended are atoms of which only some entries are asked for.
func extended(list []atom, fields []string) []atom {
	if len(fields) == 0 {
		return list
	}
	out := make([]atom, len(list))
	for i, a := range list {
		a.fields = append(a.fields[:len(a.fields):len(a.fields)], fields...)
		out[i] = a
	}
	return out
}

// param follows a parameter to the arguments of the calls that reach its function by scope or import.
func (w *follower) param(a atom, f *fileFacts, depth int, way []hop) {
	if !w.first("p", f.path, a.fn, a.param, strings.Join(a.fields, ".")) {
		return
	}
	for i := len(w.stack) - 1; i >= 0; i-- {
		if w.stack[i].fn != a.fn {
			continue
		}
		if c := w.stack[i].call; c != nil {
			inside := w.stack
			w.stack = inside[:i:i]
			w.argument(c, a, depth, way)
			w.stack = inside
		}
		return
	}
	w.e.demandCallers(f, a.fn)
	for _, c := range w.e.calls[a.fn] {
		if c.file == f || !w.e.sees(c.file, f, a.fn) && !w.e.callsBy(c, f) || c.onlyTests(f) || !w.e.fits(c, a.fn, a.class, f) {
			continue
		}
		w.argument(c, a, depth, way)
	}
	w.injected(a, f, depth, way)
	w.plugged(a, f, depth, way)
	w.handled(a, f, depth, way)
	w.fixture(a, f, depth, way)
	w.pageProps(a, f, depth, way)
}

// pageProps follows the properties of a page of Next to what the page's own function on the server gives for them.
func (w *follower) pageProps(a atom, f *fileFacts, depth int, way []hop) {
	if family(f.lang) != "js" || a.index != 0 || a.class != "" || !strings.Contains("/"+f.filePath, "/pages/") {
		return
	}
	fields := a.fields
	if a.entry {
		fields = append([]string{a.param}, fields...)
	}
	if len(fields) == 0 {
		return
	}
	for _, name := range []string{"getServerSideProps", "getStaticProps"} {
		if w.e.topsOf(f)[name] != nil {
			w.member(f, append([]string{name, "props"}, fields...), true, depth+1, way, byFramework)
		}
	}
}

// argument follows what a call hands over for a parameter.
func (w *follower) argument(c *callFact, a atom, depth int, way []hop) {
	given := c.arguments()
	atoms, fields := given.args[a.index], a.fields
	if named, ok := given.named[a.param]; ok {
		atoms = named
	} else if len(a.fields) > 0 && given.named[a.fields[0]] != nil {
		atoms, fields = given.named[a.fields[0]], a.fields[1:] // <Flags token=…> is props.token
	} else if a.entry {
		fields = append([]string{a.param}, fields...)
	}
	w.atoms(extended(atoms, fields), c.file, depth+1, with1(way, hop{byWrapper, c.file.path, c.line,
		"an argument of " + a.fn}))
}

// sameTests reports whether a link from one file to the other leads out of no test: what a test hands over says nothing
// of the program.
func sameTests(from, to *fileFacts) bool {
	return !rules.InTestCode(from.filePath) || rules.InTestCode(to.filePath)
}

// inTests reports whether a file is test code; it is asked of each definition and each reader of a setting.
func (e *engine) inTests(f *fileFacts) bool {
	is, known := e.tests[f]
	if !known {
		is = rules.InTestCode(f.filePath)
		e.tests[f] = is
	}
	return is
}

// onlyTests reports whether a call says nothing of a file's program: a test makes it, and the file is none.
func (c *callFact) onlyTests(of *fileFacts) bool { return c.test && !rules.InTestCode(of.filePath) }

// name follows a name that its own file does not define, or whose entries it does not know.
func (w *follower) name(a atom, f *fileFacts, depth int, way []hop) {
	parts := append(nameParts(a.ref), a.fields...)
	if len(parts) == 0 || depth > reachDepth {
		return
	}
	inst := ""
	if a.inst {
		inst = "()"
	}
	if !w.first("n", f.path, strings.Join(parts, ".")+inst, a.process.key()) {
		return
	}
	if settingsLangs(f.lang) {
		w.settingsName(parts, a.process, f, depth, way)
		return
	}
	if a.call > 0 {
		outside := w.stack
		w.stack = append(outside[:len(outside):len(outside)], entered{parts[len(nameParts(a.ref))-1], a.call, w.e.callAt(f, a.call-1)})
		defer func() { w.stack = outside }()
	}
	if w.source(parts, f, depth, way) {
		return
	}
	before := w.found()
	defer func() {
		if w.found() == before {
			w.less(parts, a, f, depth, way)
		}
	}()
	if w.imported(parts, f, a, depth, way) {
		return
	}
	if k := len(parts) - 1; f.lang == "elixir" && k > 0 && isUpper(parts[k-1]) { // A.B.function, wherever A.B stands
		w.e.moduleFiles(f, strings.Join(parts[:k], "."))
	}
	if w.nested(parts, a, f, depth, way) || w.qualified(parts, a, f, depth, way) {
		return
	}
	if family(f.lang) == "rust" && len(parts) > 1 {
		for _, g := range w.e.rustModule(f, parts[0]) {
			if w.member(g, parts[1:], a.inst, depth, way, byImport) {
				return
			}
		}
	}
	if w.member(f, parts, a.inst, depth, way, byScope) {
		return
	}
	for _, g := range w.e.scopeFiles(f, parts[0]) {
		if w.member(g, parts, a.inst, depth, way, byScope) {
			return
		}
	}
	for _, i := range f.imports {
		if !bringsAll(f, i) {
			continue
		}
		for _, g := range w.e.moduleFiles(f, i.Module) {
			if w.e.topsOf(g)[parts[0]] != nil && w.member(g, parts, a.inst, depth, way, byImport) {
				return
			}
		}
	}
}

// bringsAll reports whether an import brings the names of its module into a file as they are.
func bringsAll(f *fileFacts, i syntax.Import) bool {
	switch family(f.lang) {
	case "go":
		return i.Local == "."
	case "js", "python":
		return i.Local == "*"
	case "net":
		return i.Local == "*" || i.Name == ""
	}
	return i.Local == "*" || i.Name == "" && i.Local == ""
}

// nested follows a name to the modules that it stands in, the innermost first, and reports whether one of them has it.
func (w *follower) nested(parts []string, a atom, f *fileFacts, depth int, way []hop) bool {
	if len(a.within) > 0 { // the files that hold it are called after it, or brought in
		w.e.demandScope(f, parts[0])
		for _, i := range f.imports {
			w.e.moduleFiles(f, i.Module)
		}
	}
	for k := len(a.within); k > 0; k-- {
		full := append(nameParts(strings.Join(a.within[:k], "::")), parts...)
		for _, g := range append([]*fileFacts{f}, w.e.scopeFiles(f, full[0])...) {
			if before := w.found(); w.member(g, full, a.inst, depth, way, byScope) && w.found() > before {
				return true
			}
		}
	}
	return false
}

// qualified follows a name that has its package or namespace before it, and reports whether that leads to something.
func (w *follower) qualified(parts []string, a atom, f *fileFacts, depth int, way []hop) bool {
	for k := len(parts) - 1; k > 0; k-- {
		for _, g := range w.e.byTop[parts[k]] {
			if family(g.lang) != family(f.lang) || !sameTests(g, f) || !w.e.spaceNamed(g, strings.Join(parts[:k], "."), f) {
				continue
			}
			if before := w.found(); w.member(g, parts[k:], a.inst, depth, way, byImport) && w.found() > before {
				return true
			}
		}
	}
	return false
}

// spaceNamed reports whether a name is that of the package or namespace of g for f.
func (e *engine) spaceNamed(g *fileFacts, name string, f *fileFacts) bool {
	switch family(g.lang) {
	case "jvm", "php":
		return g.namespace == name
	case "net":
		for space := f.namespace; ; space = parentOf(space) { // the namespaces around this one need not be named
			if strings.TrimPrefix(space+"."+name, ".") == g.namespace {
				return true
			}
			if space == "" {
				return false
			}
		}
	}
	return false
}

// less follows a name of which a part is not known: the method that an object's entries come through
// (schema.parse(x).token), an option of the command line that its file declares (args.token).
func (w *follower) less(parts []string, a atom, f *fileFacts, depth int, way []hop) {
	n := len(nameParts(a.ref))
	if a.inst && n > 1 && len(a.fields) > 0 {
		w.name(atom{ref: strings.Join(parts[:n-1], "."), fields: a.fields, inst: true}, f, depth+1, way)
	}
	if (family(f.lang) == "js" || f.lang == "php") && !a.inst {
		w.defined(strings.Join(parts, "."), f, depth, way)
	}
	if len(parts) < 2 {
		return
	}
	last := rules.NormalName(parts[len(parts)-1])
	for _, g := range w.e.flagFiles(f, parts) {
		for _, d := range g.defs {
			if d.soft && rules.NormalName(d.raw) == last {
				w.atoms(d.atoms, g, depth+1, with1(way, hop{byScope, g.path, d.line, d.raw}))
			}
		}
	}
}

// flagFiles are the files that may declare the flag which a file asks for: itself, and of Go those of its package.
func (e *engine) flagFiles(f *fileFacts, parts []string) []*fileFacts {
	out := []*fileFacts{f}
	if f.lang != "go" || parts[0] != "options" {
		return out
	}
	if e.once("flag", f.dir, parts[len(parts)-1]) {
		e.holding(withEndings(e.inFolder(f.dir), extensions("go")), parts[len(parts)-1], callersFiles)
	}
	for _, p := range e.inFolder(f.dir) {
		if g := e.byPath[p]; g != nil && g != f && e.inScope(f, g) && sameTests(g, f) {
			out = append(out, g)
		}
	}
	return out
}

// imported follows a name whose first part is imported, and reports whether it is.
func (w *follower) imported(parts []string, f *fileFacts, a atom, depth int, way []hop) bool {
	is := false
	for _, i := range w.e.linksOf(f).byLocal[parts[0]] {
		is = true
		// import a.b as x, import * as x, require: what follows x are the module's names.
		found := false
		files := w.e.importFiles
		if f.lang == "go" && len(parts) > 1 { // a package is many files
			files = w.e.packageFiles(parts[1])
		}
		for _, t := range files(f, i) { // several where builds swap files
			names := append(t.names[:len(t.names):len(t.names)], parts[1:]...)
			if len(names) == 0 {
				names = []string{"default"}
			}
			is := w.member(t.file, names, a.inst, depth, way, byImport)
			if !is && len(t.names) == 0 && len(parts) > 1 { // module.exports = Object.assign({…}, others)
				is = w.member(t.file, append([]string{"default"}, parts[1:]...), a.inst, depth, way, byImport)
			}
			found = found || is
		}
		if found {
			return true
		}
	}
	return is
}

// member follows a name from the top of a file, and reports whether the file defines it.
func (w *follower) member(g *fileFacts, parts []string, inst bool, depth int, way []hop, why linkReason) bool {
	if len(parts) == 0 || depth > reachDepth {
		return false
	}
	if !w.first("m", g.path, strings.Join(parts, "."), string(why)) {
		return true
	}
	top := w.e.topsOf(g)[parts[0]]
	if top == nil {
		if parts[0] == "default" && len(parts) > 1 { // module.exports = { … }
			return w.member(g, parts[1:], inst, depth+1, way, why)
		}
		return w.reexported(g, parts, inst, depth, way)
	}
	before, defined := w.found(), false
	for _, whole := range [2]bool{false, true} {
		for _, d := range top.defs {
			k := commonNames(d.path, parts)
			switch {
			case k == len(d.path) && !whole:
				w.held(d, parts[k:], inst, depth, way, why)
				defined = true
			case k == len(parts) && whole && !(top.class != nil && (inst || k == 1)):
				w.held(d, nil, inst, depth, way, why)
				defined = true
			}
		}
		if w.found() > before {
			return true
		}
	}
	if top.class != nil && len(parts) > 1 {
		w.filled(g, top.class, parts[1:], depth, way)
		w.constructed(g, top.class, parts[1:], depth, way)
		w.setBy(g, top.class, parts[1:], depth, way)
		for _, base := range top.class.bases {
			if w.found() == before {
				w.name(atom{ref: base, fields: parts[1:], inst: true}, g, depth+1, way)
			}
		}
		if w.found() == before {
			w.derived(g, top.class, parts[1:], depth, way)
		}
		return true
	}
	if asksHeader(parts[1:]) && w.found() == before {
		w.setElsewhere(g, parts, depth, way)
	}
	// What a factory gives: Settings.load().token.
	return defined
}

// held follows what a definition holds. inst reports whether it is called: a function that is only named gives nothing.
func (w *follower) held(d *def, rest []string, inst bool, depth int, way []hop, why linkReason) {
	if len(rest) > 0 && slices.Contains(d.hidden, rest[0]) || d.ifs != nil && !w.e.isHeader(d.ifs, d.file) {
		return
	}
	at := with1(way, hop{why, d.file.path, d.line, strings.TrimPrefix(strings.Join(d.path, "."), given+".")})
	if len(rest) > 0 && numeric(rest[0]) && d.part > 0 {
		if rest[0] != strconv.Itoa(d.part-1) {
			return // another part of what it holds
		}
		rest = rest[1:]
	}
	if d.alias != "" && len(rest) > 0 {
		before := w.found()
		a := atom{ref: d.alias, fields: rest, inst: d.inst}
		if d.inst {
			a.call = d.start + 1
		}
		w.name(a, d.file, depth+1, at)
		sure := true
		for _, m := range d.merged {
			if w.found() > before && sure {
				break
			}
			w.name(atom{ref: m.name, fields: rest}, d.file, depth+1, at)
			sure = m.sure
		}
		if w.found() > before {
			return
		}
	}
	for len(rest) > 0 && passesOn(rest[0]) {
		rest = rest[1:]
	}
	list := d.atoms
	if !inst {
		list = slices.DeleteFunc(slices.Clone(list), func(a atom) bool { return a.fn == d.raw || a.through == d.raw })
	}
	w.atoms(extended(list, rest), d.file, depth+1, at)
}

// passesOn reports whether a member gives what its object holds.
func passesOn(name string) bool { return rules.PassesOn(name) || unwraps(strings.ToLower(name)) }

// commonNames is how many names at the beginning two paths share. Behind the first one a getter is the property's name.
func commonNames(have, want []string) int {
	n := 0
	for n < len(have) && n < len(want) && (have[n] == want[n] || want[n] == anyField || n > 0 && isMember(have[n], want[n])) {
		n++
	}
	return n
}

// reexported follows a name that a file only passes on: an import of its own, export * from, from x import *.
func (w *follower) reexported(g *fileFacts, parts []string, inst bool, depth int, way []hop) bool {
	if w.imported(parts, g, atom{inst: inst}, depth+1, way) {
		return true
	}
	for _, i := range g.imports {
		if i.Local != "*" || i.Name != "*" {
			continue
		}
		for _, t := range w.e.moduleFiles(g, i.Module) {
			if w.member(t, parts, inst, depth+1, way, byImport) && w.found() > 0 {
				return true
			}
		}
	}
	return false
}

// constructed follows a field of a class to what constructions of it put in.
func (w *follower) constructed(g *fileFacts, class *classFact, fields []string, depth int, way []hop) {
	if !w.first("c", g.path, class.name, strings.Join(fields, ".")) {
		return
	}
	field := fields[0]
	w.e.demandCallers(g, class.name)
	for _, c := range w.e.calls[class.name] {
		if !w.e.sees(c.file, g, class.name) || c.onlyTests(g) {
			continue
		}
		var atoms []atom
		given := c.arguments()
		for _, name := range slices.Sorted(maps.Keys(given.named)) {
			if isMember(name, field) {
				atoms = append(atoms, given.named[name]...)
			}
		}
		for i, p := range class.params {
			if isMember(p, field) {
				atoms = append(atoms, given.args[i]...)
			}
		}
		w.atoms(extended(atoms, fields[1:]), c.file, depth+1, with1(way, hop{byScope, c.file.path, c.line,
			field + " of " + class.name}))
	}
}

// derived follows a member that a class only declares to the classes that derive from it.
func (w *follower) derived(g *fileFacts, class *classFact, fields []string, depth int, way []hop) {
	if !w.first("d", g.path, class.name, strings.Join(fields, ".")) {
		return
	}
	w.e.demandCallers(g, class.name)
	for _, c := range w.e.byBases[class.name] {
		f := c.file
		if c.name != class.name && family(f.lang) == family(g.lang) && sameTests(f, g) && w.e.sees(f, g, class.name) {
			w.member(f, append([]string{c.name}, fields...), true, depth+1, way, byScope)
		}
	}
}
