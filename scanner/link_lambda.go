package scanner

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file follows fields of a class to lambdas that set them: rollout { secret = x } of Kotlin, AddFlags(o => o.Secret = x)
// of C#, configure { |c| c.secret = x } of Ruby. Of which class the object is that a lambda gets, the function says that
// takes the lambda, by the type of its parameter or by what it hands over; or the call itself.

// A lenderFact is a function that hands an object of a class to a lambda which it is given.
type lenderFact struct {
	file    *fileFacts
	fn      string // the name that it is called by
	class   string // whose method it is, "" of a function that is none's
	objects []string
}

// A fieldSet is a field that a lambda sets, of the object that it gets.
type fieldSet struct {
	path  []string
	atoms []atom
}

// lambdasOf are the lambdas that a call hands over.
func lambdasOf(call *syntax.Node) []*syntax.Node {
	var out []*syntax.Node
	for _, k := range call.Kids {
		if (k.Kind == syntax.Arg || k.Kind == syntax.Bind) && len(k.Kids) == 1 {
			k = k.Kids[0]
		}
		if k.Kind == syntax.Block && k.Name == "" && k.Flags&syntax.Class == 0 {
			out = append(out, k)
		}
	}
	return out
}

// setsOf are the fields that the lambdas of a call set.
func (r *reader) setsOf(call *syntax.Node) []fieldSet {
	var out []fieldSet
	for _, block := range lambdasOf(call) {
		for _, k := range block.Kids {
			if k.Kind == syntax.Return && len(k.Kids) == 1 { // o => o.Secret = x
				k = k.Kids[0]
			}
			if path := r.fieldOfObject(block, k); path != nil && len(out) < followDepth*followDepth && r.tokenish(k, 0) {
				out = append(out, fieldSet{path, r.atomsOf(&syntax.Node{Kind: syntax.Table, Kids: k.Kids, Parent: k.Parent,
					Start: k.Start, End: k.End}, nil)})
			}
		}
	}
	return out
}

// fieldOfObject is the field, as a path, that a statement of a lambda sets of the object that the lambda gets; nil for
// other statements.
func (r *reader) fieldOfObject(block, k *syntax.Node) []string {
	parts := r.parts(k.Name)
	switch {
	case k.Kind == syntax.Call && len(k.Kids) == 1 && k.Kids[0].Kind == syntax.Arg && len(parts) > 1: // o.setSecret(x)
		field, is := strings.CutPrefix(parts[len(parts)-1], "set")
		if !is || field == "" {
			return nil
		}
		parts = append(parts[:len(parts)-1:len(parts)-1], field)
	case k.Kind != syntax.Bind || k.Flags&syntax.Declared != 0:
		return nil
	}
	if len(parts) == 0 {
		return nil
	}
	if len(block.Params) > 0 {
		if len(parts) > 1 && parts[0] == strings.TrimLeft(block.Params[0], "@$*&") {
			return parts[1:]
		}
		return nil
	}
	if len(parts) > 1 && (parts[0] == "it" || parts[0] == "0" && r.doc.Lang == "swift") {
		return parts[1:]
	}
	if hasReceivers(r.doc.Lang) && r.scopeOf(k, parts[0]).block == r.doc.Root &&
		len(r.index().declares[declaring{r.doc.Root, parts[0]}]) == 0 {
		return parts
	}
	return nil
}

// hasReceivers reports whether the bare names in a lambda of a language may be fields of an object that it gets.
func hasReceivers(lang string) bool { return lang == "kotlin" || lang == "groovy" }

// subjects are the classes that an object which a call hands to its lambda may be of, by what the file itself says: the
// lambda's own parameter, the object that the call is made on, a type argument.
func (r *reader) subjects(call *syntax.Node) []string {
	lambdas := lambdasOf(call)
	if len(lambdas) == 0 {
		return nil
	}
	var out []string
	for _, b := range lambdas {
		if len(b.Types) > 0 && len(b.Params) > 0 {
			if t := onlyType(b.Types[0]); t != "" {
				out = append(out, rules.LastName(t))
			}
		}
	}
	switch rules.LastName(call.Name) {
	case "apply", "also", "run", "let", "tap", "then", "with", "use":
		if t := r.receiverOf(call).typ; t != "" {
			out = append(out, t)
		}
		for _, k := range call.Kids { // with(spec) { secret = x }
			if k.Kind == syntax.Arg && k.Index == 0 {
				out = append(out, r.classOfValue(onlyKid(k), 0)...)
			}
		}
	case "Configure", "PostConfigure", "ConfigureAll":
		for _, t := range typeNames(call.Type) {
			out = append(out, rules.LastName(t))
		}
	}
	return out
}

// classOfField is the class whose field the name is that a node reads, whose scope is of; "" where it is no field.
func (r *reader) classOfField(n *syntax.Node, of scope) string {
	if of.param < 0 && of.block.Flags&syntax.Class != 0 {
		return rules.LastName(of.block.Name)
	}
	if isField(n.Name) && !r.settings() {
		return classAround(n)
	}
	return ""
}

// classOfValue is the class of a value: what constructs it, what its name was given, what a function of the file gives.
// Nil where the file does not say.
func (r *reader) classOfValue(v *syntax.Node, depth int) []string {
	if v == nil || depth > 3 {
		return nil
	}
	if v.Kind == syntax.Block { // self
		return nil
	}
	if t := constructedType(v); t != "" {
		return []string{rules.LastName(t)}
	}
	if v.Kind != syntax.Ref && v.Kind != syntax.Call {
		return nil
	}
	parts := r.parts(v.Name)
	if len(parts) == 0 { // self
		if class := classAround(v); class != "" && v.Kind == syntax.Ref {
			return []string{class}
		}
		return nil
	}
	if v.Kind == syntax.Ref {
		if t := r.typeOf(parts, v, 0); t != "" {
			return []string{rules.LastName(t)}
		}
		if classes := r.classesOf(parts[0], v); len(parts) == 1 && len(classes) == 1 {
			return classes
		}
	}
	for _, f := range r.index().funcs[parts[len(parts)-1]] { // what a function gives
		if f.Flags&syntax.Class != 0 || len(f.Params) > 0 || encloses(f, v) {
			continue
		}
		if t := onlyType(f.Result()); t != "" {
			return []string{rules.LastName(t)}
		}
		if len(f.Kids) > 0 {
			last := f.Kids[len(f.Kids)-1]
			if out := r.classOfValue(onlyKid(last), depth+1); out != nil {
				return out
			}
		}
	}
	return nil
}

// gatherLenders keeps the functions that hand an object to a lambda which they are given.
func (r *reader) gatherLenders() {
	if r.settings() {
		return
	}
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		for _, k := range n.Kids {
			if k.Kind != syntax.Block && k.Kind != syntax.Bind || depth > 6 || len(r.f.lenders) > 500 {
				continue
			}
			if k.Kind == syntax.Block {
				if objects := r.lends(k); len(objects) > 0 {
					fn, class := functionName(k)
					if fn == "invoke" && class != "" { // Rollout { secret = x }
						fn, class = class, ""
					}
					if fn != "" {
						r.f.lenders = append(r.f.lenders, &lenderFact{r.f, fn, class, objects})
					}
				}
			}
			walk(k, depth+1)
		}
	}
	walk(r.doc.Root, 0)
}

// lends are the classes whose objects a function hands to the lambdas that it is given.
func (r *reader) lends(fn *syntax.Node) []string {
	var out []string
	for i, p := range fn.Params {
		if i < len(fn.Types) {
			if objects := subjectOfType(fn.Types[i]); objects != nil {
				out = append(out, objects...)
				continue
			}
		}
		if fn.Flags&syntax.Class != 0 {
			continue
		}
		p = strings.TrimLeft(p, "@$*&")
		for _, name := range []string{p, "call", "accept"} {
			for _, call := range r.index().calls[name] {
				if firstName(call.Name) == p && encloses(fn, call) {
					out = append(out, r.firstArgument(call)...)
				}
			}
		}
	}
	switch {
	case r.doc.Lang == "ruby":
		out = append(out, r.yielded(fn)...)
	case hasReceivers(r.doc.Lang) && fn.Flags&syntax.Class == 0:
		out = append(out, r.delegates(fn)...)
	}
	return out
}

// delegates are the classes of the objects on which a function runs the lambdas that it is given: spec.with(fill),
// fill.delegate = spec.
func (r *reader) delegates(fn *syntax.Node) []string {
	var out []string
	for _, p := range fn.Params {
		for _, name := range []string{"with", "apply", "also", "tap", "run"} {
			for _, call := range r.index().calls[name] {
				if len(call.Kids) == 1 && encloses(fn, call) && nameOf(onlyValue(call.Kids[0])) == p {
					out = append(out, lastNames([]string{r.receiverOf(call).typ})...)
				}
			}
		}
		for _, b := range r.index().binds[p] {
			if strings.HasSuffix(b.Name, ".delegate") && encloses(fn, b) {
				out = append(out, r.classOfValue(onlyKid(b), 0)...)
			}
		}
	}
	return out
}

// onlyKid is the one thing that a node holds, nil where it holds none or several.
func onlyKid(n *syntax.Node) *syntax.Node {
	if len(n.Kids) != 1 {
		return nil
	}
	return n.Kids[0]
}

// nameOf is the name that a node reads, "" for others.
func nameOf(n *syntax.Node) string {
	if n == nil || n.Kind != syntax.Ref {
		return ""
	}
	return n.Name
}

func (r *reader) firstArgument(call *syntax.Node) []string {
	for _, k := range call.Kids {
		if k.Kind == syntax.Arg && k.Index == 0 {
			return r.classOfValue(onlyKid(k), 0)
		}
	}
	return nil
}

// yielded are the classes of what a method of Ruby hands to its block: yield(configuration), yield self.
func (r *reader) yielded(fn *syntax.Node) []string {
	var out []string
	text := r.doc.Text
	look := func(n *syntax.Node) {
		if n.Kind != syntax.Ref && n.Kind != syntax.Call || n.Start > len(text) {
			return
		}
		if before := bytes.TrimRight(text[:n.Start], " ("); bytes.HasSuffix(before, []byte("yield")) {
			out = append(out, r.classOfValue(n, 0)...)
		}
	}
	for _, k := range fn.Kids {
		look(k)
		for _, v := range k.Kids {
			look(v)
		}
	}
	return out
}

// subjectOfType are the classes of the objects that functions of a type are handed, nil where a type, as written, is none
// of functions: Spec.() -> Unit, (Spec) -> Void, Action<Spec>, Consumer<Spec>, (spec: Spec) => void, FnOnce(&mut Spec).
func subjectOfType(text string) []string {
	text = strings.TrimSpace(text)
	if before, _, is := strings.Cut(text, ".("); is && strings.Contains(text, "->") { // Spec.() -> Unit
		return lastNames(typeNames(before))
	}
	for _, arrow := range []string{"->", "=>"} {
		if before, _, is := strings.Cut(text, arrow); is {
			if _, typed, labelled := strings.Cut(before, ":"); labelled { // (spec: Spec) => void
				before = typed
			}
			return lastNames(typeNames(before))
		}
	}
	for _, word := range []string{"Action<", "Consumer<", "UnaryOperator<", "Customizer<", "Fn(", "FnOnce(", "FnMut(",
		"Function(", "func(", "Callable[["} {
		if _, inside, is := strings.Cut(text, word); is {
			return lastNames(typeNames(inside))
		}
	}
	return nil
}

func lastNames(names []string) []string {
	for i := range names {
		names[i] = rules.LastName(names[i])
	}
	return slices.DeleteFunc(names, func(n string) bool { return !isUpper(n) })
}

// setBy follows fields of a class to the lambdas that set them.
func (w *follower) setBy(g *fileFacts, class *classFact, fields []string, depth int, way []hop) {
	follow := func(c *callFact) {
		if c.onlyTests(g) {
			return
		}
		for _, s := range c.arguments().sets {
			common := commonNames(append([]string{""}, s.path...), append([]string{""}, fields...))
			if common <= len(s.path) {
				continue
			}
			at := hop{byScope, c.file.path, c.line, fields[0] + " of " + class.name}
			w.atoms(extended(s.atoms, fields[len(s.path):]), c.file, depth+1, with1(way, at))
		}
	}
	for _, c := range w.e.subjects[class.name] {
		if w.e.sees(c.file, g, class.name) {
			follow(c)
		}
	}
	for _, t := range w.e.lenders[class.name] {
		if !w.e.sees(t.file, g, class.name) || !sameTests(t.file, g) {
			continue
		}
		w.e.demandCallers(t.file, t.fn)
		for _, c := range w.e.calls[t.fn] {
			// What is called on something with a name of its own is that one's method, whether or not it was read.
			other := t.class != "" && c.recv.typ != "" && c.recv.typ != t.class && w.e.classSeen(c.recv.whole, c.file).class == nil
			if !other && (w.e.sees(c.file, t.file, t.fn) || w.e.callsBy(c, t.file)) && w.e.fits(c, t.fn, t.class, t.file) {
				follow(c)
			}
		}
	}
}
