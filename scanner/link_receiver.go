package scanner

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file tells which function a call means where several have its name: a method is its class's, and what a method
// is called on is of a type.

// A receiver is what a function is called on.
type receiver struct {
	bare  bool   // nothing: the name stands alone
	typ   string // the class, by its last name, "" where the file does not say
	whole string // the class as the file calls it: with its package, where it says that
}

// A param is a parameter of a function of the file.
type param struct {
	block     *syntax.Node
	fn, class string
	index     int    // from 0
	outside   string // the name by which callers know it
	name      string // the name that it has in the function
	entry     bool   // outside is an entry of what is handed over: the function takes it apart
}

// functionName is the name by which a function is called, and the class whose method it is. A constructor is called by
// its class's name. The name is "" where nobody can call it by one.
func functionName(p *syntax.Node) (fn, class string) {
	fn = p.Name
	if fn == "" && p.Parent != nil && p.Parent.Kind == syntax.Bind {
		fn = p.Parent.Name
	}
	fn, class = rules.LastName(fn), methodClass(p)
	if outer := resultOf(p, fn); outer != "" {
		return outer + "()", ""
	}
	switch fn {
	case "constructor", "__init__", "init", "initialize", "__construct":
		for q := p.Parent; q != nil; q = q.Parent {
			if q.Kind == syntax.Block && q.Name != "" {
				return rules.LastName(q.Name), ""
			}
		}
	case class:
		return fn, "" // Java and C# call constructors after their class
	}
	return fn, class
}

// methodClass is the class that a function is a method of, "" where it is none.
func methodClass(p *syntax.Node) string {
	if p.Flags&syntax.Class != 0 {
		return "" // its parameters are its constructor's
	}
	if _, class, is := strings.Cut(p.Type, " "); is {
		if names := typeNames(class); len(names) == 1 {
			return rules.LastName(names[0]) // Go
		}
	}
	for q := p.Parent; q != nil; q = q.Parent {
		if q.Kind == syntax.Block {
			if q.Flags&syntax.Class != 0 {
				return rules.LastName(q.Name)
			}
			return "" // a function inside a function
		}
	}
	return ""
}

// entered follows a parameter of a function that the walk came into by a call, and reports whether it is one.
func (c *collector) entered(p param, fields []string, depth int, via []string) bool {
	for i := len(c.frames) - 1; i >= 0; i-- {
		f := c.frames[i]
		constructs := f.fn.Flags&syntax.Class != 0 && p.block.Parent == f.fn && p.fn == rules.LastName(f.fn.Name)
		if f.fn != p.block && !constructs {
			continue
		}
		inside := c.frames
		c.frames = inside[:i:i]
		c.seen[f.fn]--
		c.argument(f.call, p, fields, depth, via)
		c.seen[f.fn]++
		c.frames = inside
		return true
	}
	return false
}

// callers follows a parameter to all calls of its function in the file. n is the node that asks.
func (c *collector) callers(n *syntax.Node, p param, fields []string, depth int, via []string) {
	outer := c.through
	if outer == "" {
		c.through = p.fn
	}
	for _, call := range c.r.index().calls[p.fn] {
		if c.r.inTests(call) && !c.r.inTests(n) || p.class != "" && !c.r.calls(call, p.block) {
			continue // what a test hands over says nothing of the program
		}
		c.argument(call, p, fields, depth, via)
	}
	c.through = outer
}

// argument follows what a call hands over for a parameter.
func (c *collector) argument(call *syntax.Node, p param, fields []string, depth int, via []string) {
	for _, k := range call.Kids {
		if c.spent() {
			return
		}
		v := handed(k, p.index, p.outside)
		if k.Kind == syntax.Bind && p.index == 0 && len(fields) > 0 && rules.LastName(k.Name) == fields[0] {
			// <Flags token=…> is props.token
			c.kids(k, fields[1:], depth+1, append(via[:len(via):len(via)], "the property "+fields[0]+" of "+p.fn))
		}
		if v != nil {
			fields := fields
			if v == k && k.Kind == syntax.Arg && p.entry {
				fields = append([]string{p.outside}, fields...)
			}
			c.kids(v, fields, depth+1, append(via[:len(via):len(via)], "the parameter "+p.name+" of "+p.fn))
		}
	}
}

// calls reports whether a call can mean a function of the same file.
func (r *reader) calls(call, f *syntax.Node) bool {
	class := methodClass(f)
	if class == "" && f.Flags&syntax.Class == 0 && r.ofModule(call.Name) {
		return false
	}
	recv := r.receiverOf(call)
	switch {
	case class == "" || recv.typ == "" && !recv.bare:
		return true
	case recv.bare:
		if !needsReceiver(r.doc.Lang) {
			return true
		}
		fn, _ := functionName(f)
		return fn == class // a constructor
	case recv.typ == class || r.inherits(class, recv.typ, 0) || r.inherits(recv.typ, class, 0):
		return true
	}
	// A class that is derived from one of another file may be derived from whatever stands there.
	return !r.declaresClass(recv.typ) && slices.ContainsFunc(r.index().funcs[class], func(t *syntax.Node) bool {
		return t.Flags&syntax.Class != 0 && slices.ContainsFunc(typeNames(t.Type), func(b string) bool {
			return len(r.index().funcs[rules.LastName(b)]) == 0
		})
	})
}

// ofModule reports whether what stands before a dotted name is a module, or what one exports, that the file brings in.
func (r *reader) ofModule(name string) bool {
	first := firstName(name)
	return first != name && slices.ContainsFunc(r.doc.Imports, func(i syntax.Import) bool {
		return i.Local == first || i.Local == "" && r.doc.Lang == "go" && goPackage(i.Module) == first
	})
}

func (r *reader) declaresClass(name string) bool {
	return slices.ContainsFunc(r.index().funcs[name], func(n *syntax.Node) bool { return n.Flags&syntax.Class != 0 })
}

// needsReceiver reports whether a language calls methods on something at all times, on this or self within the class.
func needsReceiver(lang string) bool {
	switch family(lang) {
	case "js", "go", "python", "rust", "php":
		return true
	}
	return false
}

func named(class string) receiver { return receiver{typ: rules.LastName(class), whole: class} }

// receiverOf tells what a function is called on.
func (r *reader) receiverOf(call *syntax.Node) receiver {
	i := strings.LastIndexAny(call.Name, ".>:\\")
	if i < 0 {
		if p := call.Parent; p != nil && p.Kind == syntax.Chain && len(p.Kids) > 0 && p.Kids[0] != call {
			if p.Kids[1] == call {
				return named(constructedType(p.Kids[0]))
			}
			return receiver{}
		}
		return receiver{bare: true}
	}
	parts := r.parts(strings.TrimRight(call.Name[:i], ".>:\\-?!"))
	if len(parts) == 0 { // this, self
		return named(classAround(call))
	}
	return named(r.typeOf(parts, call, 0))
}

// classAround is the class that a node stands in, "" outside of one.
func classAround(n *syntax.Node) string {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != syntax.Block {
			continue
		}
		if p.Flags&syntax.Class != 0 {
			return rules.LastName(p.Name)
		}
		if class := methodClass(p); class != "" {
			return class
		}
	}
	return ""
}

// constructedType is the class that a call constructs, by the custom that classes begin with a capital and functions
// do not; "" for other nodes.
func constructedType(n *syntax.Node) string {
	if n.Kind == syntax.Chain && len(n.Kids) == 1 {
		n = n.Kids[0]
	}
	if n.Kind != syntax.Call {
		return ""
	}
	name := strings.TrimSuffix(n.Name, ".new")
	if !isUpper(name) || wrapper(strings.ToLower(rules.LastName(name))) || typeWord(rules.LastName(name)) {
		return ""
	}
	return name
}

// typeOf is the class of what a name holds at a node, "" where the file does not say, or says several.
func (r *reader) typeOf(parts []string, at *syntax.Node, depth int) string {
	if depth > 3 {
		return ""
	}
	for p := at.Parent; p != nil; p = p.Parent {
		if p.Kind != syntax.Block {
			continue
		}
		if self, class, is := strings.Cut(p.Type, " "); is && self == parts[0] && p.Flags&syntax.Class == 0 {
			names := typeNames(class)
			if len(names) != 1 {
				return ""
			}
			if len(parts) == 1 {
				return rules.LastName(names[0])
			}
			return r.fieldType(rules.LastName(names[0]), parts[1:])
		}
		for i, name := range p.Params {
			if strings.TrimLeft(name, "@$*&") == parts[0] && len(parts) == 1 {
				if i < len(p.Types) {
					return onlyType(p.Types[i])
				}
				if p.Flags&syntax.Class == 0 {
					return ""
				}
			}
		}
	}
	found := ""
	for i, b := range r.index().binds[parts[0]] {
		if i > followDepth*followDepth {
			return ""
		}
		if b.Kind != syntax.Bind || len(r.parts(b.Name)) != len(parts) || !visible(b, at) && !isField(b.Name) {
			continue
		}
		t := r.typeOfBind(b, depth)
		if t == "" || found != "" && found != t {
			return ""
		}
		found = t
	}
	if found == "" && len(parts) == 1 && len(r.index().binds[parts[0]]) == 0 && isUpper(parts[0]) &&
		strings.ToUpper(parts[0]) != parts[0] {
		return parts[0] // a class by its own name: a method of the class itself
	}
	return found
}

// typeOfBind is the class of what a declaration or an assignment binds, "" where it does not say.
func (r *reader) typeOfBind(b *syntax.Node, depth int) string {
	if t := onlyType(b.Type); t != "" {
		return t
	}
	if len(b.Kids) != 1 {
		return ""
	}
	if v := b.Kids[0]; v.Kind == syntax.Ref {
		if parts := r.parts(v.Name); len(parts) > 0 {
			return r.typeOf(parts, b, depth+1)
		}
	}
	return constructedType(b.Kids[0])
}

// fieldType is the type that a class of this file gives a field, "" where it does not.
func (r *reader) fieldType(class string, parts []string) string {
	if len(parts) != 1 {
		return ""
	}
	for _, c := range r.index().funcs[class] {
		for _, b := range c.Kids {
			if c.Flags&syntax.Class != 0 && b.Kind == syntax.Bind && b.Name == parts[0] {
				return onlyType(b.Type)
			}
		}
	}
	return ""
}

// onlyType is the one class that a type as written names, "" where it names none or several.
func onlyType(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return ""
	}
	names := typeNames(text)
	if len(names) != 1 || !isUpper(names[0]) {
		return ""
	}
	return names[0]
}

// callAt is the call of a file that begins there in its view, nil where none is kept: it hands over nothing that
// matters.
func (e *engine) callAt(f *fileFacts, start int) *callFact {
	calls, known := e.callsAt[f]
	if !known {
		calls = make(map[int]*callFact, len(f.calls))
		for _, c := range f.calls {
			if _, has := calls[c.start]; !has {
				calls[c.start] = c
			}
		}
		e.callsAt[f] = calls
	}
	return calls[start]
}

// fits reports whether a call can mean a function of another file: a method of the class, or a function that is none's
// (class is "").
func (e *engine) fits(c *callFact, fn, class string, g *fileFacts) bool {
	switch {
	case class == "" || c.recv.typ == class:
		return true
	case c.recv.bare:
		return !needsReceiver(c.file.lang)
	case c.recv.typ == "":
		return true
	}
	t := e.classSeen(c.recv.whole, c.file)
	switch {
	case t.class == nil:
		return !t.outside && !namesTypes(family(g.lang)) || e.derives(class, c.recv.typ, g, 0)
	case t.class.name == class:
		return true
	case family(g.lang) == "go":
		return !e.hasMethod(t, fn) // it may embed the other
	}
	return e.derives(class, t.class.name, g, 0) || e.derives(t.class.name, class, t.file, 0)
}

// namesTypes reports whether what a class is derived from stands with it, in a family of languages: a type that it does
// not name is not its own, whether or not that type's file was read.
func namesTypes(family string) bool {
	switch family {
	case "jvm", "net", "php", "swift", "dart", "rust":
		return true
	}
	return false
}

// A seenClass is what a file knows by a name.
type seenClass struct {
	class   *classFact // nil where it is no class, or none that was found
	file    *fileFacts // its file
	outside bool       // the name is brought in from something that is not in the tree
}

// classSeen is the class that a file knows by a name, with or without its package before it.
func (e *engine) classSeen(name string, f *fileFacts) seenClass {
	parts := nameParts(name)
	if len(parts) == 0 {
		return seenClass{}
	}
	last := parts[len(parts)-1]
	at := func(g *fileFacts, name string) *classFact {
		if t := e.topsOf(g)[name]; t != nil {
			return t.class
		}
		return nil
	}
	imports, found := e.linksOf(f).byLocal[parts[0]], false
	for _, i := range imports {
		for _, t := range e.importFiles(f, i) {
			found = true
			called := last
			if len(parts) == 1 && len(t.names) > 0 && t.names[len(t.names)-1] != "default" {
				called = t.names[len(t.names)-1]
			}
			if c := at(t.file, called); c != nil {
				return seenClass{class: c, file: t.file}
			}
		}
	}
	if len(imports) > 0 {
		return seenClass{outside: !found}
	}
	if c := at(f, last); c != nil {
		return seenClass{class: c, file: f}
	}
	for _, g := range e.scopeFiles(f, last) {
		if c := at(g, last); c != nil {
			return seenClass{class: c, file: g}
		}
	}
	return seenClass{}
}

// hasMethod reports whether a class of Go declares a method itself.
func (e *engine) hasMethod(t seenClass, fn string) bool {
	method := t.class.name + "." + fn
	for _, g := range append(e.scopeFiles(t.file, t.class.name), e.scopeFiles(t.file, fn)...) {
		if slices.Contains(g.methods, method) {
			return true
		}
	}
	return slices.Contains(t.file.methods, method)
}

// derives reports whether a class is derived from another by what they and the classes between them say.
func (e *engine) derives(class, from string, seenBy *fileFacts, depth int) bool {
	c := e.classSeen(class, seenBy)
	if c.class == nil || depth > 6 {
		return false
	}
	for _, b := range c.class.bases {
		if rules.LastName(b) == from || e.derives(b, from, c.file, depth+1) {
			return true
		}
	}
	return false
}

// resultOf is the name of the function whose result a function is, "" for others: what openAt gives in
// openAt = (url) => (token) => …
func resultOf(p *syntax.Node, name string) string {
	outer := functionAround(p)
	if outer == nil || p.Flags&syntax.Class != 0 {
		return ""
	}
	returned := p.Parent != nil && p.Parent.Kind == syntax.Return
	if !returned && name != "" {
		for _, k := range outer.Kids {
			if v := onlyValue(k); k.Kind == syntax.Return && v != nil && v.Kind == syntax.Ref && v.Name == name {
				returned = true
			}
		}
	}
	if !returned {
		return ""
	}
	fn, _ := functionName(outer)
	return fn
}

// functionAround is the function around another one, nil where none is.
func functionAround(p *syntax.Node) *syntax.Node {
	for q := p.Parent; q != nil; q = q.Parent {
		if q.Kind == syntax.Block {
			if q.Flags&syntax.Class != 0 {
				return nil
			}
			return q
		}
	}
	return nil
}
