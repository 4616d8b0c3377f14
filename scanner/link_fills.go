package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows calls that fill the fields of a class from the program's configuration: services.Configure<T>(section),
// viper.UnmarshalKey("flags", &cfg), envconfig.Process("app", &cfg). To add one add a row, with a case that needs it.

// A filler is a call that fills an instance of a class. The class is its type argument, one that a literal of the class
// names (T.class, typeof(T)), or that of the variable which an argument is.
type filler struct {
	calls []string // last names of the callee
	langs string   // family of languages
	// section is the index of the argument that names the section, also as a call of its own
	// (GetSection("Flags")); noSection where the class is the whole configuration
	section int
	// behind are calls of which one must stand before it in its chain, with the section or the type; nil for none
	behind []string
	env    bool   // the environment fills it; the section is a prefix
	nests  bool   // the name of a field of another class stands before the names of that one's
	test   string // the case that needs the row
}

const noSection = -1

var fillers = []filler{
	{calls: []string{"Configure", "BindConfiguration"}, langs: "net", section: 0, test: "dotnet-ioptions-section"},
	{calls: []string{"Bind"}, langs: "net", section: 0, test: "row-dotnet-add-options-bind"},
	{calls: []string{"Get"}, langs: "net", section: 0, behind: []string{"GetSection", "GetRequiredSection"},
		test: "row-dotnet-section-get"},
	{calls: []string{"UnmarshalKey", "Unmarshal"}, langs: "go", section: 0, test: "row-go-viper-unmarshal-key"},
	{calls: []string{"Unmarshal", "UnmarshalExact", "Decode", "UnmarshalStrict"}, langs: "go", section: noSection,
		test: "r2-hard-go-embed-json-config"},
	{calls: []string{"DecodeFile", "ReadConfig", "LoadConfiguration", "ReadFile"}, langs: "go", section: noSection,
		test: "row-go-toml-decode-file"},
	{calls: []string{"Process", "MustProcess"}, langs: "go", section: 0, env: true, nests: true,
		test: "b3-go-envconfig-tag-and-dotenv"},
	{calls: []string{"Parse", "ParseWithOptions", "ReadEnv"}, langs: "go", section: noSection, env: true,
		test: "row-go-env-prefix-nested"},
	{calls: []string{"readValue", "loadAs", "load", "bind", "extract", "loadConfigOrThrow", "decodeFromString", "as"},
		langs: "jvm", section: noSection, test: "row-java-jackson-read-value"},
	{calls: []string{"from_str", "from_reader", "from_slice", "try_deserialize", "extract", "try_into"}, langs: "rust",
		section: noSection, test: "row-rust-toml-from-str"},
	{calls: []string{"decode"}, langs: "swift", section: noSection, test: "row-swift-json-decoder"},
}

// A fillFact is a call that fills the fields of classes.
type fillFact struct {
	file    *fileFacts
	classes []string // last names of those that it may be
	section string   // as written, "" for the whole configuration
	// holder and field are the class and its constant that hold the section's name, "" where it is written
	holder, field string
	env, nests    bool
	line          int
}

// gatherFills keeps the calls that fill classes.
func (r *reader) gatherFills() {
	if r.settings() {
		return
	}
	index := r.index().calls
	for i := range fillers {
		row := &fillers[i]
		if row.langs != family(r.doc.Lang) {
			continue
		}
		for _, name := range row.calls {
			for _, call := range index[name] {
				if fact := r.fillOf(row, call); fact != nil && len(r.f.fills) < 500 {
					r.f.fills = append(r.f.fills, fact)
				}
			}
		}
	}
}

// fillOf is what a call fills, nil where it fills nothing that is known.
func (r *reader) fillOf(row *filler, call *syntax.Node) *fillFact {
	fact := &fillFact{file: r.f, env: row.env, nests: row.nests, line: r.line(call.Start)}
	around := []*syntax.Node{call}
	if chain := call.Parent; chain != nil && chain.Kind == syntax.Chain {
		for i, k := range chain.Kids {
			if k == call {
				around = append(around, chain.Kids[:i]...)
			}
		}
	}
	behind := row.behind == nil
	for _, c := range around {
		behind = behind || has(row.behind, rules.LastName(c.Name))
		for _, t := range typeNames(c.Type) {
			fact.classes = append(fact.classes, rules.LastName(t))
		}
		for _, k := range c.Kids {
			fact.classes = append(fact.classes, r.classesIn(k)...)
		}
	}
	for p := call.Parent; p != nil && len(fact.classes) == 0; p = p.Parent { // let c: Config = toml::from_str(…)?
		if p.Kind == syntax.Bind {
			for _, t := range typeNames(beforeTag(p.Type)) {
				fact.classes = append(fact.classes, rules.LastName(t))
			}
		}
		if p.Kind == syntax.Return { // fn load() -> Result<Config> { figment.extract() }
			if fn := functionAround(p); fn != nil {
				for _, t := range typeNames(fn.Result()) {
					fact.classes = append(fact.classes, rules.LastName(t))
				}
			}
		}
		if p.Kind != syntax.Chain {
			break
		}
	}
	if len(fact.classes) == 0 {
		fact.classes = givenClasses(call)
	}
	if len(fact.classes) == 0 || !behind {
		return nil
	}
	if row.section == noSection {
		return fact
	}
	for _, c := range around {
		if r.section(fact, c, row.section, c == call) {
			return fact
		}
	}
	return nil
}

// givenClasses are the classes that a function gives whose result a call is: fn load() -> Result<Settings>.
func givenClasses(call *syntax.Node) (out []string) {
	p := call.Parent
	if p != nil && p.Kind == syntax.Chain && p.Kids[len(p.Kids)-1] == call {
		p = p.Parent
	}
	if p == nil || p.Kind != syntax.Return || p.Parent == nil || p.Parent.Kind != syntax.Block {
		return nil
	}
	for _, t := range typeNames(p.Parent.Result()) {
		out = append(out, rules.LastName(t))
	}
	return out
}

// section notes the section that an argument of a call names, itself or by a call of its own, and reports whether it
// does.
func (r *reader) section(fact *fillFact, call *syntax.Node, index int, own bool) bool {
	for _, k := range call.Kids {
		if k.Kind != syntax.Arg || k.Index != index || len(k.Kids) != 1 {
			continue
		}
		v := k.Kids[0]
		if v.Kind == syntax.Call && v.Name == "nameof" && len(v.Kids) == 1 && len(v.Kids[0].Kids) == 1 {
			fact.section = rules.LastName(v.Kids[0].Kids[0].Name)
			return fact.section != ""
		}
		switch v.Kind {
		case syntax.Literal:
			fact.section = v.Text
			return own || isName(v.Text)
		case syntax.Ref:
			if parts := r.parts(v.Name); len(parts) > 1 {
				fact.holder, fact.field = parts[len(parts)-2], parts[len(parts)-1]
				return true
			}
		case syntax.Call:
			return r.section(fact, v, 0, false)
		}
	}
	return false
}

// classesIn are the classes that an argument names or whose instance it is: T.class, typeof(T), &cfg.
func (r *reader) classesIn(arg *syntax.Node) []string {
	if arg.Kind != syntax.Arg || len(arg.Kids) != 1 {
		return nil
	}
	v := arg.Kids[0]
	if v.Kind == syntax.Call && v.Name == "typeof" && len(v.Kids) == 1 && len(v.Kids[0].Kids) == 1 {
		return []string{rules.LastName(v.Kids[0].Kids[0].Name)}
	}
	if v.Kind != syntax.Ref {
		return nil
	}
	parts := r.parts(v.Name)
	if namesClass(parts) {
		return parts[:1]
	}
	if len(parts) != 1 {
		return nil
	}
	return r.classesOf(parts[0], v)
}

// classesOf are the classes of a variable as its declarations say: its type, or what constructs it.
func (r *reader) classesOf(name string, n *syntax.Node) []string {
	var out []string
	for _, b := range r.index().binds[name] {
		if b.Kind != syntax.Bind || b.Name != name || !visible(b, n) || len(out) > 3 {
			continue
		}
		if b.Flags&syntax.Typed != 0 || b.Type != "" && b.Type != "var" {
			for _, t := range typeNames(b.Type) {
				out = append(out, rules.LastName(t))
			}
			continue
		}
		for _, k := range b.Kids {
			// Go's literals of a struct look like calls, and its names need not begin with a capital.
			if k.Kind == syntax.Call && (isUpper(strings.TrimSuffix(k.Name, ".new")) || r.doc.Lang == "go") {
				out = append(out, rules.LastName(strings.TrimSuffix(k.Name, ".new")))
			}
			if k.Kind == syntax.Call && k.Name == "new" && len(k.Kids) == 1 {
				out = append(out, r.classesIn(k.Kids[0])...)
			}
		}
	}
	return out
}

// filled follows fields of a class to what fills them: the section that its annotation names, the calls that fill it,
// and, where nothing says more, the section that is called as it is.
func (w *follower) filled(g *fileFacts, class *classFact, fields []string, depth int, way []hop) {
	if !w.first("f", g.path, class.name, strings.Join(fields, ".")) {
		return
	}
	before := w.found()
	keys := w.e.keysOf(g, class, fields)
	at := func(section string) string {
		return strings.TrimPrefix(section+"."+strings.Join(keys, "."), ".")
	}
	if class.section != "" {
		w.key(atom{key: at(class.section)}, g, depth+1, way)
	}
	w.e.demandCallers(g, class.name)
	seen := false
	for _, fill := range w.e.fills[class.name] {
		if fill.file != g && !w.e.sees(fill.file, g, class.name) || !sameTests(fill.file, g) {
			continue
		}
		section, ok := w.e.sectionName(fill)
		if !ok {
			continue
		}
		seen = true
		way := with1(way, hop{byFramework, fill.file.path, fill.line, class.name})
		if fill.env {
			name := section + "_" + strings.Join(w.e.envKeys(g, class, fields, fill.nests), "_")
			w.setting(atom{setting: strings.ToUpper(strings.TrimPrefix(name, "_"))}, fill.file, depth+1, way)
			continue
		}
		w.keyIn(at(section), fill.file, depth+1, way)
	}
	if w.found() == before && !seen {
		w.filledWithin(g, class, fields, depth, way)
	}
	if w.found() > before || seen || family(g.lang) != "net" {
		return
	}
	for _, name := range []string{"Section", "SectionName", "Position", "SectionKey", "ConfigurationSection"} {
		if text := class.texts[name]; text != "" {
			w.key(atom{key: at(text)}, g, depth+1, way)
			return
		}
	}
	for _, end := range []string{"", "Options", "Settings", "Configuration", "Config"} {
		if stem := strings.TrimSuffix(class.name, end); stem != class.name || end == "" {
			w.key(atom{key: at(stem)}, g, depth+1, way)
		}
	}
}

// filledWithin follows fields of a class to what fills the class that it is a part of: that which has one field of it,
// where the file has no other such field.
func (w *follower) filledWithin(g *fileFacts, class *classFact, fields []string, depth int, way []hop) {
	var outer *classFact
	field := ""
	for _, c := range g.classes {
		for _, m := range c.members {
			if m.class != class.name || c == class {
				continue
			}
			if outer != nil {
				return
			}
			outer, field = c, m.name
		}
	}
	if outer != nil && depth < reachDepth {
		w.filled(g, outer, append([]string{field}, fields...), depth+1, way)
	}
}

// sectionName is the name of the section that a call takes, false where it is not known.
func (e *engine) sectionName(fill *fillFact) (string, bool) {
	if fill.holder == "" {
		return fill.section, true
	}
	for _, f := range append([]*fileFacts{fill.file}, e.scopeFiles(fill.file, fill.holder)...) {
		for _, c := range f.classes {
			if text := c.texts[fill.field]; c.name == fill.holder && text != "" {
				return text, true
			}
		}
	}
	return "", false
}

// keysOf are the keys by which files of settings call a path of fields: what their tags and annotations say, else their
// names.
func (e *engine) keysOf(g *fileFacts, class *classFact, fields []string) []string {
	var out []string
	for _, field := range fields {
		key, next := propertyOf(field), ""
		if m, ok := class.memberOf(field); ok {
			if m.key != "" {
				key = m.key
			}
			next = m.class
		}
		out = append(out, key)
		if c := e.classIn(g, next); c != nil {
			g, class = c.in, c.classFact
		}
	}
	return out
}

// envKeys are the names of the variables, without the prefix, that fill a path of fields.
func (e *engine) envKeys(g *fileFacts, class *classFact, fields []string, nests bool) []string {
	var out []string
	for i, field := range fields {
		key, next := field, ""
		if !nests && i+1 < len(fields) {
			key = ""
		}
		if m, ok := class.memberOf(field); ok {
			if next = m.class; m.prefix != "" {
				key = strings.TrimSuffix(m.prefix, "_")
			} else if m.env != "" {
				key = m.env
			} else if m.split {
				key = rules.NormalName(field)
			}
		}
		if key != "" {
			out = append(out, key)
		}
		if c := e.classIn(g, next); c != nil {
			g, class = c.in, c.classFact
		}
	}
	return out
}

// A placedClass is a class and the file that declares it.
type placedClass struct {
	*classFact
	in *fileFacts
}

// classIn is a class that a file sees by its name, nil for none.
func (e *engine) classIn(f *fileFacts, name string) *placedClass {
	if name == "" {
		return nil
	}
	if t := e.topsOf(f)[name]; t != nil && t.class != nil {
		return &placedClass{t.class, f}
	}
	for _, g := range e.byTop[name] {
		if t := e.topsOf(g)[name]; t != nil && t.class != nil && e.sees(f, g, name) {
			return &placedClass{t.class, g}
		}
	}
	return nil
}

// keyIn follows a key to the files of settings that a file of code names by their paths; where it names none, to those
// of its program.
func (w *follower) keyIn(key string, f *fileFacts, depth int, way []hop) {
	files := w.e.namedFiles(f)
	if len(files) == 0 {
		w.key(atom{key: key}, f, depth, way)
		return
	}
	w.inNamed(key, files, depth, way)
}

// inNamed follows a key in files that code names by their paths.
func (w *follower) inNamed(key string, files []*fileFacts, depth int, way []hop) {
	want := strings.Split(key, ".")
	for _, g := range files {
		if !w.first("i", g.path, key) {
			continue
		}
		for _, d := range g.defs {
			if sameKeys(keysBelow(d.path), want) {
				w.atoms(d.atoms, g, depth+1, with1(way, hop{byImport, g.path, d.line, strings.Join(d.path, ".")}))
			}
		}
	}
}

// keysBelow is a path of keys as programs know it: without the elements of a property list that hold them.
func keysBelow(keys []string) []string {
	if len(keys) < 3 || keys[0] != "plist" || keys[1] != "dict" {
		return keys
	}
	return slices.DeleteFunc(slices.Clone(keys[2:]), func(key string) bool { return key == "dict" })
}

// namedFiles are the files of settings whose paths a file of code names: relative to it, to its package, to the
// folders that build tools keep resources in.
func (e *engine) namedFiles(f *fileFacts) []*fileFacts {
	var out []*fileFacts
	for _, name := range f.paths {
		rel := strings.TrimPrefix(path.Clean(strings.TrimPrefix(name, "classpath:")), "/")
		dirs := []string{f.dir, e.programFolder(f), path.Join(e.programFolder(f), "src/main/resources"), ""}
		for _, dir := range dirs {
			if g := e.file(path.Join(dir, rel)); g != nil && settingsLangs(g.lang) {
				out = append(out, g)
				rel = ""
				break
			}
		}
		if same := e.byBase[rel]; len(same) == 1 && rel != "" && e.packageOf(same[0]) == f.pkg { // of the bundle
			if g := e.file(same[0]); g != nil && settingsLangs(g.lang) {
				out = append(out, g)
			}
		}
	}
	return out
}

// A classMember is a field of a class.
type classMember struct {
	name string
	key  string // by which files of settings call it, "" where it has no other name there
	env  string // the variable of the environment that fills it, without a prefix
	// prefix stands before the variables that fill the fields of its class
	prefix string
	split  bool   // the variable has its words apart
	class  string // the class that it is of, by its last name
}

// memberOf is the field of a name.
func (c *classFact) memberOf(name string) (classMember, bool) {
	for _, m := range c.members {
		if m.name == name || strings.EqualFold(m.name, name) || strings.EqualFold(m.name, propertyOf(name)) {
			return m, true
		}
	}
	return classMember{}, false
}

// gatherMembers keeps the fields of a class, and the texts of its constants.
func (r *reader) gatherMembers(class *syntax.Node, c *classFact) {
	for _, b := range class.Kids {
		if b.Kind != syntax.Bind || len(c.members) > 500 {
			continue
		}
		m := classMember{name: rules.LastName(b.Name)}
		for _, note := range b.Kids {
			if note.Kind != syntax.Call || !strings.HasPrefix(note.Name, "@") {
				continue
			}
			switch lit := noteArg(note, ""); {
			case strings.EqualFold(note.Name, "@split_words"):
				m.split = true
			case lit != nil && strings.EqualFold(note.Name, "@envPrefix"):
				m.prefix = lit.Text
			case lit != nil && strings.EqualFold(note.Name, "@env"):
				_, m.prefix, _ = strings.Cut(lit.Text, "prefix=")
			}
			name, kind := boundTo(&syntax.Node{Kids: []*syntax.Node{note}})
			switch {
			case name == "":
			case kind == envLookup:
				m.env = name
			case kind == keyLookup && m.key == "":
				m.key = name
			}
		}
		if names := typeNames(beforeTag(b.Type)); len(names) > 0 {
			m.class = rules.LastName(names[len(names)-1])
		}
		if strings.HasPrefix(b.Type, "struct") {
			m.class = c.name // the syntax puts the fields of a struct without a name beside it
		}
		c.members = append(c.members, m)
		for _, k := range b.Kids {
			if k.Kind == syntax.Literal && k.Flags&syntax.Quoted != 0 && isName(k.Text) && len(r.sites[k]) == 0 {
				if c.texts == nil {
					c.texts = map[string]string{}
				}
				c.texts[m.name] = k.Text
			}
		}
	}
	for i, p := range class.Params {
		m := classMember{name: p}
		if i < len(class.Types) {
			if names := typeNames(class.Types[i]); len(names) > 0 {
				m.class = rules.LastName(names[len(names)-1])
			}
		}
		if _, known := c.memberOf(p); !known {
			c.members = append(c.members, m)
		}
	}
}

// beforeTag is a type of Go without the tag behind it.
func beforeTag(text string) string {
	text, _, _ = strings.Cut(text, "`")
	return text
}
