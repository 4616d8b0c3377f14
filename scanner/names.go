package scanner

import (
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

const defsLimit = 20000 // names kept of one file

// define keeps a name that holds a value which other files may read.
func (r *reader) define(n *syntax.Node, t rules.Trail, lookup bool) {
	if lookup || n.Flags&syntax.InComment != 0 || inNote(n) {
		return
	}
	if len(r.f.defs) >= defsLimit {
		r.f.bounded = true
		return
	}
	at := r.pathOf(n)
	names, bind, whole := at.names, at.bind, at.whole
	soft := softName(t)
	if at := pointedAround(n); at != nil && len(names) == 0 { // StringVar(&token, "token", "default", "…")
		names, whole = r.parts(at.Name), false
	}
	program := r.programSetting(n)
	givenAs := r.givenAs(n)
	if givenAs == nil && r.doc.Lang == "csharp" {
		givenAs = r.httpClientAs(n)
	}
	if soft == "" && len(names) == 0 && program == "" && len(r.providedAs(n)) == 0 && givenAs == nil &&
		(r.settings() || r.interceptorOf(n) == nil) {
		return
	}
	raw := soft
	if len(names) > 0 {
		raw = names[len(names)-1]
	}
	atoms := r.heldBy(n, raw, whole)
	if bind != nil && bind.Index > 0 && n.Kind != syntax.Literal && len(atoms) > 0 {
		atoms = r.atomsOf(n, []string{strconv.Itoa(bind.Index - 1)})
	}
	if (givenAs != nil || len(names) == 0) && len(atoms) == 0 && n.Kind != syntax.Literal {
		atoms = r.atomsOf(n, nil)
	}
	alias, inst := r.aliasOf(n)
	variable := r.variableIn(n)
	if len(atoms) == 0 && (alias == "" || !whole) && variable == "" {
		return
	}
	d := def{file: r.f, line: r.line(n.Start), atoms: atoms, start: n.Start, part: at.part, process: r.processAround(n),
		object: r.objectAround(n), stage: r.stageAround(n), spaces: at.spaces}
	d.variable = variable
	d.alias, d.inst, d.hidden = alias, inst, r.hiddenIn(n)
	if n.Kind == syntax.Call {
		d.merged = r.mergedIn(n)
	}
	d.call = callAround(t)
	if variable != "" && raw == "__name" && len(names) > 1 {
		names, raw = names[:len(names)-1], names[len(names)-2]
	}
	if len(names) > 0 {
		d.path, d.raw = names, raw
		d.env = bind != nil && bind.Flags&syntax.Env != 0
		d.command = r.commandAround(n, raw)
		r.f.defs = append(r.f.defs, &d)
	}
	if path, ifs := r.headerPath(n, t, names); path != nil && !slices.Equal(path, names) {
		s := d
		s.path, s.raw, s.ifs, s.spaces = path, authHeader, ifs, 0
		r.f.defs = append(r.f.defs, &s)
		if len(names) > 0 && isHeaders(names[len(names)-1]) { // headers: [{"Authorization", x}]
			in := s
			in.path = append(slices.Clip(names), authHeader)
			r.f.defs = append(r.f.defs, &in)
		}
	}
	if soft != "" {
		s := d
		s.path, s.raw, s.soft = []string{soft}, soft, !definesConstant(t)
		r.f.defs = append(r.f.defs, &s)
	}
	if program != "" && len(names) == 0 {
		s := d
		s.path, s.raw, s.env = []string{"process", "env", program}, program, true
		r.f.defs = append(r.f.defs, &s)
	}
	if givenAs != nil {
		s := d
		s.path, s.raw, s.spaces = givenAs, givenAs[len(givenAs)-1], 0
		r.f.defs = append(r.f.defs, &s)
	}
	for _, name := range r.providedAs(n) {
		s := d
		s.path, s.raw, s.soft = []string{name}, name, true
		r.f.defs = append(r.f.defs, &s)
	}
}

// callAround is the last name of the innermost call around a value, "" for none.
func callAround(t rules.Trail) string {
	for _, s := range t {
		if s.Kind == rules.Arg {
			return rules.LastName(s.Name)
		}
	}
	return ""
}

// heldBy are the atoms of a leaf that a name holds, nil where it is nothing that anybody would follow. whole reports
// whether the leaf is all of what the name holds in this place.
func (r *reader) heldBy(n *syntax.Node, raw string, whole bool) []atom {
	if n.Kind != syntax.Literal {
		if !whole {
			return nil
		}
		return r.atomsOf(n, nil)
	}
	sites := r.sites[n]
	if len(sites) == 0 && (len(n.Text) < 4 || len(n.Text) > 300) {
		return nil
	}
	if name, _ := r.referenceIn(n); name != "" {
		return r.atomsOf(n, nil)
	}
	if len(sites) == 0 && !strings.Contains(n.Text, "/") && (strings.ContainsAny(n.Text, "0123456789:@") ||
		rules.ClassifyName(raw).Holds) {
		sites = r.sitesIn(n)
	}
	var atoms []atom
	for _, s := range sites {
		atoms = append(atoms, atom{site: s, line: s.at.Line})
	}
	if len(sites) == 0 && (strings.Contains(n.Text, "/") || strings.EqualFold(n.Text, "authorization") || raw == "template") {
		atoms = append(atoms, atom{text: n.Text, line: r.line(n.Start)})
	}
	return atoms
}

// softName is the name that stands as a literal before a value: of the flag that it is the default of, of the setting
// that a call sets. "" for none.
func softName(t rules.Trail) string {
	soft, raw := "", ""
	for _, s := range t {
		switch s.Kind {
		case rules.Key, rules.Var, rules.Func:
			if !s.Soft {
				if raw == "" {
					raw = lastSetting(s.Name)
				}
				continue
			}
			if soft == "" && (raw == "" || rules.PassesOn(raw)) {
				soft = s.Name
			}
		}
	}
	return soft
}

// A namePath is how other files know a value.
type namePath struct {
	// names lead to it from the top of the file, outermost first: a constant and the entries of its table, a class and
	// its member, a function that returns it, a key and the keys around it. None where only the function that it stands
	// in knows it.
	names  []string
	spaces int          // how many of names are those of the namespaces and modules around it
	bind   *syntax.Node // that gives it its name
	whole  bool         // the leaf is the value, and not a part of an argument that the call around it passes on
	part   int          // the place, from 1, of the element that it stands in, 0 for none
}

// pathOf is how other files know the value that a leaf stands in.
func (r *reader) pathOf(n *syntax.Node) (at namePath) {
	settings := r.settings()
	var rev []string                // innermost first
	returned, field := false, false // field: it is set of something that more than the function knows
	var bind *syntax.Node
	whole, part, spaces := true, 0, 0
	add := func(name string) {
		parts := r.parts(name)
		for i := len(parts) - 1; i >= 0; i-- {
			rev = append(rev, parts[i])
		}
	}
	depth := 0
	for child, p := n, n.Parent; p != nil; child, p = p, p.Parent {
		if depth++; depth > 200 || len(rev) > 24 {
			return namePath{}
		}
		switch p.Kind {
		case syntax.Bind:
			if strings.HasPrefix(p.Name, "{") || numeric(p.Name) {
				if !settings && statementLevel(p) {
					return namePath{}
				}
				continue
			}
			if bind == nil && !rules.PassesOn(p.Name) {
				bind = p
			}
			if !settings && (isField(p.Name) || r.setsOutside(p)) {
				field = true
			}
			returned = returned && !settings && child.Kind == syntax.Block
			spaces = 0
			add(p.Name)
		case syntax.Element:
			part = p.Index + 1
		case syntax.Call:
			if child.Kind == syntax.Arg && !settings {
				if field := r.fieldAt(p, child.Index); field != "" {
					add(field)
					continue
				}
			}
			if child.Kind == syntax.Arg && bind == nil && !returned && leafCall(p) {
				whole = false
			}
		case syntax.Return:
			returned = true
		case syntax.Block:
			own := p.Name
			if p.Parent.Kind == syntax.Bind && family(r.doc.Lang) == "js" {
				own = "" // of a function or a class that is a value only its own text knows the name
			}
			switch {
			case settings || p.Flags&syntax.Class != 0 || len(p.Params) == 0 && p.Flags&syntax.Exported != 0 &&
				bind != nil && isModule(p):
				if spaces += len(r.parts(own)); settings || p.Flags&syntax.Class != 0 {
					spaces = 0
				}
				if own != "" {
					add(own)
				}
			case field:
				// A field that a method sets is its class's.
			case returned || (child.Kind == syntax.Literal || child.Kind == syntax.Ref || child.Kind == syntax.Call) &&
				bind == nil && len(p.Kids) == 1:
				if spaces = 0; own != "" {
					add(own)
					if recv := typeNames(p.Type); p.Flags&syntax.Class == 0 && len(recv) > 0 {
						add(recv[len(recv)-1]) // a method of Go
					}
				}
				if bind == nil {
					bind = p
				}
			default:
				return namePath{} // only that function knows it
			}
			returned = false
		}
	}
	if returned && !settings {
		rev = append(rev, "default") // a file of PHP returns its settings
	}
	// What a module gives as a whole.
	slices.Reverse(rev)
	names := rev
	if len(names) > 1 && names[0] == "module" && names[1] == "exports" {
		names = names[2:]
		if len(names) == 0 {
			names = []string{"default"}
		}
	} else if len(names) > 1 && names[0] == "exports" {
		names = names[1:]
	}
	return namePath{names, spaces, bind, whole, part}
}

// fieldAt is the field that the index-th argument of a construction fills, by a class of the same file: of a NamedTuple
// or a dataclass, in their order. "" for others.
func (r *reader) fieldAt(call *syntax.Node, index int) string {
	if r.doc.Lang != "python" || !isUpper(call.Name) {
		return ""
	}
	for _, class := range r.index().funcs[rules.LastName(call.Name)] {
		if class.Flags&syntax.Class == 0 || !isRecord(class) {
			continue
		}
		n := 0
		for _, b := range class.Kids {
			if b.Kind != syntax.Bind {
				continue
			}
			if n == index {
				return b.Name
			}
			n++
		}
	}
	return ""
}

// isRecord reports whether a class of Python is made of its fields: a NamedTuple, a dataclass.
func isRecord(class *syntax.Node) bool {
	if strings.Contains(class.Type, "NamedTuple") {
		return true
	}
	return slices.ContainsFunc(class.Kids, func(k *syntax.Node) bool {
		return k.Kind == syntax.Call && strings.Contains(k.Name, "dataclass") || k.Kind == syntax.Block && k.Name == "__new__"
	})
}

// isModule reports whether a block is a module or a namespace, whose members others see: it holds declarations that are
// exported, and no parameters of its own.
func isModule(b *syntax.Node) bool {
	for _, k := range b.Kids {
		if (k.Kind == syntax.Bind || k.Kind == syntax.Block) && k.Flags&syntax.Exported != 0 {
			return true
		}
	}
	return false
}

// leafCall reports whether a call is itself a leaf whose atoms hold those of its arguments.
func leafCall(c *syntax.Node) bool {
	if c.Name == "" || c.Parent == nil {
		return false
	}
	switch c.Parent.Kind {
	case syntax.Bind, syntax.Arg, syntax.Element, syntax.Return:
		return true
	}
	return false
}

// aliasOf is the name that a value is, or whose result it is, for those who ask for entries of it.
func (r *reader) aliasOf(n *syntax.Node) (string, bool) {
	if r.settings() || n.Kind == syntax.Literal || len(n.Name) > 120 {
		return "", false
	}
	parts := r.parts(strings.TrimSuffix(n.Name, ".new"))
	names := r.dug(n)
	if len(names) > 0 {
		parts = append(parts[:len(parts)-1:len(parts)-1], names...)
	}
	if (n.Kind == syntax.Ref || len(names) > 0) && len(parts) > 0 {
		of := r.scopeOf(n, parts[0])
		if r.doc.Lang == "ruby" && of.param < 0 && of.block != r.doc.Root && isUpper(parts[0]) {
			// A constant is known by the modules and classes around it.
			return strings.Join(append(r.spaceOf(of.block), parts...), "."), false
		}
		if of.block != r.doc.Root && of.block.Flags&syntax.Class == 0 {
			alias, inst := r.localAlias(n, parts, of, 0) // nobody else knows the name
			if alias == "" && len(parts) == 1 {
				if classes := r.classesOf(parts[0], n); len(classes) > 0 {
					return classes[0], true
				}
			}
			return alias, inst
		}
	}
	return strings.Join(parts, "."), n.Kind == syntax.Call && len(names) == 0
}

// spaceOf are the names of a module or class and of those around it, the outermost first.
func (r *reader) spaceOf(block *syntax.Node) []string {
	var out []string
	for ; block != nil && block != r.doc.Root; block = block.Parent {
		if block.Kind == syntax.Block && block.Name != "" {
			out = append(r.parts(block.Name), out...)
		}
	}
	return out
}

// localAlias is what a name that a function brings in is by what others know: the class that it is of, the function
// whose result it is. "" for neither.
func (r *reader) localAlias(n *syntax.Node, parts []string, of scope, depth int) (string, bool) {
	named := func(class string) (string, bool) {
		return strings.Join(append([]string{class}, parts[1:]...), "."), true
	}
	if class := onlyClass(r.declaredType(n, parts[0], of)); class != "" {
		return named(class)
	}
	c := collector{r: r}
	binds, _, _ := c.binding(n, parts[0])
	if len(binds) != 1 || binds[0].Kind != syntax.Bind || len(binds[0].Kids) != 1 || depth > 3 {
		return "", false
	}
	v := binds[0].Kids[0]
	if v.Kind == syntax.Chain && len(v.Kids) == 1 {
		v = v.Kids[0]
	}
	switch {
	case v.Kind == syntax.Call && v.Name != "" && len(r.parts(binds[0].Name)) == 1:
		return named(strings.Join(r.parts(strings.TrimSuffix(v.Name, ".new")), "."))
	case v.Kind == syntax.Ref && len(r.parts(v.Name)) > 0:
		inner := append(slices.Clone(r.parts(v.Name)), parts[1:]...)
		if of := r.scopeOf(v, inner[0]); of.block != r.doc.Root && of.block.Flags&syntax.Class == 0 {
			return r.localAlias(v, inner, of, depth+1)
		}
		return strings.Join(inner, "."), false
	}
	return "", false
}

// declaredType is the type, as written, that a function gives a name of its own, "" where it gives none.
func (r *reader) declaredType(n *syntax.Node, name string, of scope) string {
	if of.param >= 0 {
		if of.param < len(of.block.Types) {
			return of.block.Types[of.param]
		}
		return ""
	}
	for _, b := range r.index().declares[declaring{of.block, name}] {
		if b.Type != "" && r.knownAt(b, n, false) {
			return b.Type
		}
	}
	for _, part := range strings.Split(strings.Trim(of.block.Result(), "()"), ",") { // a named result of Go
		if w := strings.Fields(part); len(w) == 2 && w[0] == name {
			return w[1]
		}
	}
	return ""
}

// onlyClass is the one class that a type names, "" where it names none or several.
func onlyClass(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return ""
	}
	if names := typeNames(text); len(names) == 1 {
		return names[0]
	}
	return ""
}

// gatherClasses keeps the classes that a file declares.
func (r *reader) gatherClasses() {
	if r.settings() {
		return
	}
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		for _, k := range n.Kids {
			if k.Kind != syntax.Block && k.Kind != syntax.Bind || depth > 6 || len(r.f.classes) > 2000 {
				continue
			}
			if r.doc.Lang == "go" && depth == 0 && k.Kind == syntax.Block {
				if class := methodClass(k); class != "" && len(r.f.methods) < 2000 {
					r.f.methods = append(r.f.methods, class+"."+k.Name)
				}
			}
			if k.Kind == syntax.Block && k.Flags&syntax.Class != 0 && k.Name != "" {
				c := &classFact{name: rules.LastName(k.Name), bases: typeNames(k.Type), params: k.Params,
					line: r.line(nameStart(k))}
				c.section = sectionOf(k)
				for _, m := range k.Kids {
					if m.Kind == syntax.Call && !strings.HasPrefix(m.Name, "@") && m.Name != "" && isUpper(m.Name) {
						c.bases = append(c.bases, m.Name) // class X : Base("x")
					}
				}
				r.f.classes = append(r.f.classes, c)
				r.gatherMembers(k, c)
				r.defineFields(k, c)
			}
			walk(k, depth+1)
		}
	}
	walk(r.doc.Root, 0)
}

func isUpper(name string) bool {
	last := rules.LastName(name)
	return last != "" && last[0] >= 'A' && last[0] <= 'Z'
}

// definesConstant reports whether the innermost call around a value defines a constant of the whole program: define of
// PHP.
func definesConstant(t rules.Trail) bool {
	for _, s := range t {
		if s.Kind == rules.Arg {
			return s.Name == "define" && s.Index == 1
		}
	}
	return false
}

// defineFields keeps the fields of a class that have no value of their own: what a setting fills, what is of a type.
func (r *reader) defineFields(class *syntax.Node, c *classFact) {
	for _, b := range class.Kids {
		if b.Kind != syntax.Bind || len(r.f.defs) >= defsLimit {
			continue
		}
		col := collector{r: r, seen: map[*syntax.Node]int{}}
		if b.Flags&syntax.Typed != 0 && onlyNotes(b) {
			col.declared(class, b, nil, 0, nil)
		} else if !col.boundValue(class, b) {
			continue
		}
		d := &def{file: r.f, path: []string{c.name, rules.LastName(b.Name)}, raw: rules.LastName(b.Name),
			start: b.Start, line: r.line(b.Start), atoms: col.out}
		if names := typeNames(b.Type); len(names) > 0 {
			d.alias, d.inst = names[len(names)-1], true
		}
		if len(d.atoms) > 0 || d.alias != "" {
			r.f.defs = append(r.f.defs, d)
		}
	}
}

// boundValue keeps the setting that fills a field with a value, which is what a generator wrote or what stands in where the
// setting is not set, and reports whether one does.
func (c *collector) boundValue(class, b *syntax.Node) bool {
	name, kind := boundTo(b)
	if name == "" && b.Type != "" {
		name, kind = fieldSetting(class, b), envLookup
	}
	if name == "" {
		return false
	}
	c.setting(b, name, kind, nil, nil)
	return true
}

// pointedAround is the variable that the call around a literal fills, nil for none.
func pointedAround(n *syntax.Node) *syntax.Node {
	if n.Kind != syntax.Literal || n.Parent == nil || n.Parent.Kind != syntax.Arg || n.Parent.Parent == nil {
		return nil
	}
	return pointedTo(n.Parent.Parent)
}

// inNote reports whether a node is an annotation or stands in one, where it says something of the declaration behind it
// and is not what that holds: a default is.
func inNote(n *syntax.Node) bool {
	for p := n; p != nil && p.Kind != syntax.Block && p.Kind != syntax.File; p = p.Parent {
		if strings.Contains(strings.ToLower(p.Name), "default") || p.Kind == syntax.Table {
			return false
		}
		if p.Kind == syntax.Call && strings.HasPrefix(p.Name, "@") {
			return p != n || !slices.ContainsFunc(p.Kids, func(k *syntax.Node) bool {
				return strings.Contains(strings.ToLower(k.Name), "default")
			})
		}
	}
	return false
}
