package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file follows values that a container, or a tree of components, is given under a key in one place and asked for by
// it in another: provide and inject of Angular and Vue, contexts of React and Svelte, providers of Nest.

// given is the first name of the definitions of what is given under a key: no name of a program has its parentheses.
const given = "provide()"

// gives reports whether a function (its last name, lower case) gives its second argument under the key that is its first.
func gives(name string) bool {
	switch name {
	case "provide", "setcontext", "register", "registerinstance":
		return true
	}
	return false
}

// takes reports whether a function (its last name, lower case) gives back what its argument is the key of.
func takes(name string) bool {
	switch name {
	case "inject", "usecontext", "getcontext", "injectlocal":
		return true
	}
	return false
}

// givenAs is the path under which a leaf is given: its key, and the entries of the value that it stands in. Nil for most.
func (r *reader) givenAs(n *syntax.Node) []string {
	if r.settings() {
		return nil
	}
	var rev []string // innermost first
	under := func(key string) []string {
		slices.Reverse(rev)
		if len(rev) > 0 && rev[0] == "useValue" { // container.register(key, { useValue: x })
			rev = rev[1:]
		}
		return append([]string{given, key}, rev...)
	}
	for child, p, up := n, n.Parent, 0; p != nil && up < 24; child, p, up = p, p.Parent, up+1 {
		switch p.Kind {
		case syntax.Bind:
			switch {
			case p.Parent != nil && p.Parent.Kind == syntax.Bind && (p.Parent.Name == "useValue" || p.Parent.Name == "useFactory"):
				return under(p.Name) // the syntax has put the name that stands beside around it
			case statementLevel(p):
				return r.railsPath(p, rev)
			}
			parts := r.parts(p.Name)
			for i := len(parts) - 1; i >= 0; i-- {
				rev = append(rev, parts[i])
			}
		case syntax.Table, syntax.Element, syntax.Return, syntax.Chain:
		case syntax.Block:
			if p.Name != "" {
				return nil
			}
		case syntax.Arg:
			if path := r.applicationPath(p.Parent, p, rev); path != nil {
				return path
			}
			if call := p.Parent; call != nil && p.Index == 1 && gives(strings.ToLower(rules.LastName(call.Name))) {
				if key := keyGiven(call); key != "" {
					return under(key)
				}
			}
			return nil
		case syntax.Call: // <FlagContext.Provider value={…}>
			if path := r.applicationPath(p, child, rev); path != nil {
				return path
			}
			if key := qualifiedBy(p); child.Kind == syntax.Block && key != "" { // single(named("x")) { … } of Koin
				return under(key)
			}
			if context, is := strings.CutSuffix(p.Name, ".Provider"); is && child.Kind == syntax.Bind && child.Name == "value" {
				rev = rev[:len(rev)-1]
				return under(context)
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// qualifiedBy is the name that a definition of Koin's, or a question for one, is qualified by: single(named("x")) { … },
// get(named("x")); "" for other calls.
func qualifiedBy(call *syntax.Node) string {
	switch rules.LastName(call.Name) {
	case "single", "factory", "scoped", "get", "inject", "koinInject":
	default:
		return ""
	}
	if len(call.Kids) == 0 || call.Kids[0].Kind != syntax.Arg || len(call.Kids[0].Kids) != 1 {
		return ""
	}
	if q := call.Kids[0].Kids[0]; q.Kind == syntax.Call && (q.Name == "named" || q.Name == "qualifier") {
		if lit := onlyLiteral(q); lit != nil {
			return `"` + lit.Text
		}
	}
	return ""
}

// qualifies reports whether a literal is the name of a definition or a word of a setting's schema, and no value: get(named("x"))
// of Koin, envField.string({ context: "client" }) of Astro.
func (r *reader) qualifies(n *syntax.Node) bool {
	for p, up := n.Parent, 0; p != nil && up < 4; p, up = p.Parent, up+1 {
		if p.Kind == syntax.Call {
			return r.describes(p)
		}
	}
	return false
}

// describes reports whether the arguments of a call are no values: see qualifies.
func (r *reader) describes(call *syntax.Node) bool {
	return r.doc.Lang == "kotlin" && (call.Name == "named" || call.Name == "qualifier") || strings.HasPrefix(call.Name, "envField.")
}

// keyGiven is the key that is the first argument of a call: a name, or a text behind a quote; "" for none.
func keyGiven(call *syntax.Node) string {
	for _, k := range call.Kids {
		if k.Kind != syntax.Arg || k.Index != 0 {
			continue
		}
		switch v := onlyValue(k); {
		case v == nil:
		case v.Kind == syntax.Ref:
			return v.Name
		case isName(v.Text):
			return `"` + v.Text
		}
	}
	return ""
}

// railsRoot is the first name of the definitions of an application of Rails's settings.
const railsRoot = "config()"

// railsPath is the path of a setting of an application of Rails, config.x.flags.token = …, with the entries of its value
// (innermost first); nil for other assignments.
func (r *reader) railsPath(b *syntax.Node, entries []string) []string {
	if r.doc.Lang != "ruby" {
		return nil
	}
	for _, before := range []string{"config.", "Rails.application.config.", "Rails.configuration."} {
		rest, is := strings.CutPrefix(b.Name, before)
		if !is {
			continue
		}
		out := append([]string{railsRoot}, r.parts(rest)...)
		for i := len(entries) - 1; i >= 0; i-- {
			out = append(out, entries[i])
		}
		return out
	}
	return nil
}

// taken is the key by which a call asks for a value, "" for other calls, and the entries of it that it asks for.
func (c *collector) taken(call *syntax.Node) (key string, entries []string) {
	last := rules.LastName(call.Name)
	switch {
	case c.r.doc.Lang == "kotlin":
		return qualifiedBy(call), nil
	case c.r.doc.Lang == "elixir":
		if key, entry := c.r.applicationTaken(call); key != "" {
			return key, []string{entry}
		}
		return "", nil
	case c.r.doc.Lang == "csharp" && last == "CreateClient": // of IHttpClientFactory
		return keyGiven(call), nil
	}
	if !takes(strings.ToLower(last)) || family(c.r.doc.Lang) != "js" || len(c.r.index().funcs[last]) > 0 {
		return "", nil
	}
	return keyGiven(call), nil
}

// factoryArgument is the key of what a container hands to a parameter of a provider's factory, nil where p is none:
// { inject: [KEY], useFactory: (x) => … }.
func factoryArgument(p *syntax.Node, index int) *syntax.Node {
	table := p.Parent
	factory := false
	for table != nil && table.Kind == syntax.Bind {
		factory = factory || table.Name == "useFactory"
		table = table.Parent
	}
	if !factory || table == nil || table.Kind != syntax.Table {
		return nil
	}
	for _, b := range table.Kids {
		if b.Kind != syntax.Bind || b.Name != "inject" && b.Name != "deps" || len(b.Kids) != 1 {
			continue
		}
		for _, item := range b.Kids[0].Kids {
			if v := onlyValue(item); item.Kind == syntax.Element && item.Index == index && v != nil && v.Kind == syntax.Ref {
				return v
			}
		}
	}
	return nil
}

// annotated is the key that an annotation of a parameter says it is the value of, @Inject(KEY), nil where none does.
func annotated(p *syntax.Node, param string) *syntax.Node {
	for _, b := range p.Kids {
		if b.Kind != syntax.Bind || b.Name != param || b.Flags&syntax.Typed == 0 {
			continue
		}
		if key := injectedAs(b); key != nil {
			return key
		}
	}
	return nil
}

// injectedAs is the key that an annotation of a declaration says it is the value of, nil where none does.
func injectedAs(b *syntax.Node) *syntax.Node {
	for _, note := range b.Kids {
		if note.Kind == syntax.Call && strings.EqualFold(note.Name, "@inject") && len(note.Kids) == 1 {
			return onlyValue(note.Kids[0])
		}
	}
	return nil
}

// injected follows the parameter of a provider's factory to what the container hands over.
func (c *collector) injected(key *syntax.Node, fields []string, depth int, via []string) {
	if key.Kind == syntax.Literal {
		c.emit(atom{given: `"` + key.Text, fields: fields, line: c.r.line(key.Start), via: via})
		return
	}
	parts := c.r.parts(key.Name)
	if n := len(parts); n > 1 && parts[n-1] == "KEY" { // what registerAs gives
		c.named(key, parts[:n-1], fields, depth+1, via)
		return
	}
	c.emit(atom{given: key.Name, fields: fields, line: c.r.line(key.Start), via: via})
}

// provided follows a key to what is given under it in the same program.
func (w *follower) provided(a atom, f *fileFacts, depth int, way []hop) {
	if !w.first("g", f.path, a.given, strings.Join(a.fields, ".")) {
		return
	}
	key, isText := strings.CutPrefix(a.given, `"`)
	last := rules.LastName(key)
	home := w.e.home(f, key, 0)
	w.e.demandCallers(f, last)
	for _, g := range w.e.byTop[given] {
		apart := g.pkg != f.pkg && (f.lang != "elixir" || !liesIn(f.filePath, g.pkg)) // the umbrella's settings are its parts'
		if family(g.lang) != family(f.lang) || !sameTests(g, f) || isText && apart || !isText && home == nil {
			continue
		}
		for _, other := range w.e.keysGiven(g) {
			if other == a.given && isText || !isText && rules.LastName(other) == last && w.e.home(g, other, 0) == home {
				w.member(g, append([]string{given, other}, a.fields...), true, depth+1, way, byFramework)
			}
		}
	}
}

// keysGiven are the keys under which a file gives values, each once.
func (e *engine) keysGiven(g *fileFacts) []string {
	var out []string
	for _, d := range e.topsOf(g)[given].defs {
		if len(d.path) > 1 && !slices.Contains(out, d.path[1]) {
			out = append(out, d.path[1])
		}
	}
	return out
}

// home is the file that declares what a file knows by a name, nil where that is not known.
func (e *engine) home(f *fileFacts, name string, depth int) *fileFacts {
	if depth > 4 {
		return nil
	}
	if parts := nameParts(name); len(parts) > 1 { // of a module that is brought in as a whole
		for _, i := range e.linksOf(f).byLocal[parts[0]] {
			for _, t := range e.importFiles(f, i) {
				if h := e.home(t.file, parts[len(parts)-1], depth+1); h != nil {
					return h
				}
			}
		}
		if family(f.lang) == "net" { // a constant of a class that the file sees
			if e.topsOf(f)[parts[0]] != nil {
				return f
			}
			for _, g := range e.scopeFiles(f, parts[0]) {
				return g
			}
		}
		return nil
	}
	if imports := e.linksOf(f).byLocal[name]; len(imports) > 0 {
		for _, t := range e.importFiles(f, imports[0]) {
			called := name
			if len(t.names) > 0 {
				called = t.names[len(t.names)-1]
			}
			if h := e.home(t.file, called, depth+1); h != nil {
				return h
			}
		}
		return nil
	}
	if e.topsOf(f)[name] != nil {
		return f
	}
	for _, i := range f.imports {
		if i.Local != "*" || i.Name != "*" {
			continue
		}
		for _, g := range e.moduleFiles(f, i.Module) {
			if h := e.home(g, name, depth+1); h != nil {
				return h
			}
		}
	}
	return nil
}

// plugged follows a parameter of a plugin to what an application hands over where it uses the plugin: install(app, options)
// and use(plugin, options) of Vue, plugins of Fastify.
func (w *follower) plugged(a atom, f *fileFacts, depth int, way []hop) {
	if family(f.lang) != "js" || a.index == 0 {
		return
	}
	if stem, _, _ := strings.Cut(path.Base(f.filePath), "."); stem != "index" {
		w.e.demandCallers(f, stem) // it is imported by the name of its file
	}
	for _, name := range []string{"use", "register"} {
		for _, c := range w.e.calls[name] {
			if c.file == f || c.first == "" || c.onlyTests(f) {
				continue
			}
			for _, i := range w.e.linksOf(c.file).byLocal[firstName(c.first)] {
				for _, t := range w.e.importFiles(c.file, i) {
					if t.file == f && (a.fn == "install" || len(t.names) == 0 || t.names[len(t.names)-1] == a.fn ||
						t.names[len(t.names)-1] == "default") {
						w.argument(c, a, depth, way)
					}
				}
			}
		}
	}
}

// fixture follows a parameter of a test to the fixture that pytest hands over for it: a function of its name in the same
// file, or in a conftest.py beside or above it.
func (w *follower) fixture(a atom, f *fileFacts, depth int, way []hop) {
	if f.lang != "python" || !rules.InTestCode(f.filePath) || a.param == "" ||
		a.class != "" && !strings.HasPrefix(a.fn, "test") {
		return
	}
	want := append([]string{a.param}, a.fields...)
	if w.member(f, want, true, depth+1, way, byFramework) {
		return
	}
	for dir := f.dir; ; dir = path.Dir(dir) {
		g := w.e.file(path.Join(dir, "conftest.py"))
		if g != nil && g != f && w.member(g, want, true, depth+1, way, byFramework) {
			return
		}
		if dir == "." || dir == "" || dir == "/" {
			return
		}
	}
}
