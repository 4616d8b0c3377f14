package scanner

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file tells which declaration a name of a file means, by the scoping of its language: a parameter or a local name
// hides the one of the same name around it, and a value that was replaced is none any more.

// A declaring is a block and a name that it brings in.
type declaring struct {
	block *syntax.Node
	name  string
}

// A scope is the block that brings a name in: the file's root for one that nothing nearer does.
type scope struct {
	block *syntax.Node
	param int // index of the parameter that it is, -1 of other names
}

// implicit reports whether an assignment in a function brings a name in, in a language.
func implicit(lang string) bool {
	switch lang {
	case "python", "ruby", "php", "elixir":
		return true
	}
	return false
}

// bareFields reports whether methods of a language see fields of their object by their bare names.
func bareFields(lang string) bool { return !needsReceiver(lang) }

// blockOf is the innermost block around a node, the root where there is none. In Ruby a block that is handed to a method
// brings in no name by assignment.
func (r *reader) blockOf(n *syntax.Node) *syntax.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.Block && (p.Name != "" || r.doc.Lang != "ruby") {
			return p
		}
	}
	return r.doc.Root
}

// open reports whether a block lets what is around it see its names: a companion object, a namespace without a name.
func (r *reader) open(block *syntax.Node) bool {
	if block.Kind != syntax.Block || block.Parent == nil || block.Parent.Kind != syntax.Block && block.Parent.Kind != syntax.File {
		return false
	}
	if block.Name == "" {
		return true
	}
	head := r.doc.Text[min(block.Start, len(r.doc.Text)):min(block.Start+40, len(r.doc.Text))]
	return r.doc.Lang == "kotlin" && bytes.Contains(head, []byte("companion "))
}

// isModule reports whether a block is a module or a namespace: it holds declarations and gives nothing back.
func (r *reader) isModule(b *syntax.Node) bool {
	holds := false
	for _, k := range b.Kids {
		if k.Kind == syntax.Return {
			return false
		}
		holds = holds || k.Kind == syntax.Block && k.Name != "" || k.Kind == syntax.Bind && k.Flags&syntax.Exported != 0
	}
	return holds && len(b.Params) == 0
}

// declare notes the names that a Bind brings in.
func (r *reader) declare(x *localIndex, b *syntax.Node, names ...string) {
	block := r.blockOf(b)
	if b.Flags&(syntax.Declared|syntax.Typed) == 0 && block != r.doc.Root && block.Flags&syntax.Class == 0 {
		if !implicit(r.doc.Lang) || strings.ContainsAny(b.Name, ".@") || r.outward(block, b.Name) {
			return
		}
	}
	for {
		for _, name := range names {
			key := declaring{block, name}
			if len(x.declares[key]) < followDepth*followDepth { // one is enough but for names of nested blocks
				x.declares[key] = append(x.declares[key], b)
			}
		}
		if !r.open(block) {
			return
		}
		block = block.Parent
	}
}

// outward reports whether a function says that a name is one from outside: global x, nonlocal x.
func (r *reader) outward(block *syntax.Node, name string) bool {
	if r.doc.Lang != "python" && r.doc.Lang != "php" {
		return false
	}
	for _, k := range block.Kids {
		if k.Kind != syntax.Ref || strings.TrimLeft(k.Name, "$") != strings.TrimLeft(name, "$") {
			continue
		}
		line := r.doc.Text[bytes.LastIndexByte(r.doc.Text[:k.Start], '\n')+1 : k.Start]
		word, _, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if word == "global" || word == "nonlocal" {
			return true
		}
	}
	return false
}

// scopeOf is the scope of the name that a node reads or gives a value to.
func (r *reader) scopeOf(n *syntax.Node, name string) scope {
	x := r.index()
	inner := false // the walk came out of a function
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != syntax.Block {
			continue
		}
		class := p.Flags&syntax.Class != 0
		for i, param := range p.Params {
			if r.isParam(param, name) && (!class || bareFields(r.doc.Lang)) {
				return scope{p, i}
			}
		}
		if self, _, is := strings.Cut(p.Type, " "); is && !class && self == name {
			return scope{p, -1} // the receiver of a method of Go
		}
		if r.doc.Lang == "go" && namesResult(p.Result(), name) {
			return scope{p, -1}
		}
		if class && inner && !bareFields(r.doc.Lang) {
			continue
		}
		for _, b := range x.declares[declaring{p, name}] {
			if !r.knownAt(b, n, class) {
				continue
			}
			for r.open(p) { // the name is one of the block around it
				p = p.Parent
			}
			return scope{p, -1}
		}
		if !class && p.Name != "" && r.closed(n) {
			return scope{p, -1}
		}
		inner = inner || !class
	}
	return scope{r.doc.Root, -1}
}

// namesResult reports whether the type of what a function of Go gives back gives a result a name.
func namesResult(result, name string) bool {
	if !strings.HasPrefix(result, "(") {
		return false
	}
	for _, part := range strings.Split(strings.Trim(result, "()"), ",") {
		if w := strings.Fields(part); len(w) == 2 && w[0] == name {
			return true
		}
	}
	return false
}

func (r *reader) isParam(param, name string) bool {
	if _, is := destructured(param, name); is {
		return true
	}
	return strings.TrimLeft(param, "@$*&") == name
}

// closed reports whether a function sees no variables around it, and a node is one: those of PHP.
func (r *reader) closed(n *syntax.Node) bool {
	if r.doc.Lang != "php" {
		return false
	}
	at := nameStart(n)
	return at < len(r.doc.Text) && r.doc.Text[at] == '$' || at > 0 && at <= len(r.doc.Text) && r.doc.Text[at-1] == '$'
}

// knownAt reports whether a name that b brings in is known at a node of its block.
func (r *reader) knownAt(b, n *syntax.Node, class bool) bool {
	if b == n {
		return true
	}
	if encloses(b, n) {
		return false // let x = x.trim()
	}
	if implicit(r.doc.Lang) || class || r.hoisted(b) {
		return true
	}
	return b.Start < n.Start && (b.Until == 0 || n.Start < int(b.Until))
}

// hoisted reports whether a declaration holds for the whole of its function: var of JavaScript.
func (r *reader) hoisted(b *syntax.Node) bool {
	return family(r.doc.Lang) == "js" && bytes.HasPrefix(r.doc.Text[min(b.Start, len(r.doc.Text)):], []byte("var "))
}

// means reports whether a Bind gives a value to the name that a node reads, whose scope is of. first is the first part
// of the name.
func (r *reader) means(b, n *syntax.Node, first string, of scope) bool {
	if r.doc.Lang == "dockerfile" {
		return r.inStage(b, n)
	}
	if r.settings() {
		return (visible(b, n) || isField(b.Name)) && r.processAround(b).givesTo(r.processAround(n))
	}
	mine, its := isField(n.Name), isField(b.Name)
	block := r.blockOf(b)
	switch {
	case mine && its:
		return r.sameClass(n, b)
	case mine:
		return (block.Flags&syntax.Class != 0 || isPromoted(block, b)) && r.sameClass(n, b)
	case its:
		return bareFields(r.doc.Lang) && (of.block == r.doc.Root || of.block.Flags&syntax.Class != 0) && r.sameClass(n, b)
	}
	return r.scopeOf(b, first) == of || of.block == r.doc.Root && block.Flags&syntax.Class != 0 && r.opened(block)
}

// opened reports whether the file brings in all names of one of its own classes or objects.
func (r *reader) opened(block *syntax.Node) bool {
	return slices.ContainsFunc(r.doc.Imports, func(i syntax.Import) bool {
		return i.Name == "*" && lastOf(strings.TrimSuffix(i.Module, ".*")) == block.Name
	})
}

// isPromoted reports whether a declaration is a parameter of a constructor, which may be a field of its class too.
func isPromoted(block, b *syntax.Node) bool {
	fn, class := functionName(block)
	return fn != "" && class == "" && fn != block.Name && slices.Contains(block.Params, strings.TrimLeft(b.Name, "$"))
}

// sameClass reports whether two nodes stand in one class, or in one that is derived from the other's.
func (r *reader) sameClass(a, b *syntax.Node) bool {
	x, y := classAround(a), classAround(b)
	return x == y || r.inherits(x, y, 0) || r.inherits(y, x, 0)
}

func (r *reader) inherits(class, from string, depth int) bool {
	if class == "" || from == "" || depth > 3 {
		return false
	}
	for _, c := range r.index().funcs[class] {
		if c.Flags&syntax.Class == 0 {
			continue
		}
		for _, base := range typeNames(c.Type) {
			if base = rules.LastName(base); base == from || r.inherits(base, from, depth+1) {
				return true
			}
		}
	}
	return false
}

// dominant is the last of some Binds of a name that gives it a new value in any case before a node reads it; nil where
// none does. Earlier ones say nothing then, and the parameter of the name neither.
func (r *reader) dominant(binds []*syntax.Node, n *syntax.Node, name string) *syntax.Node {
	page := isPage(r.doc.Lang)
	if r.settings() && !page || isField(n.Name) {
		return nil
	}
	block := r.blockOf(n)
	if block.Flags&syntax.Class != 0 || block == r.doc.Root && !page && !sequential(r.doc.Lang) {
		return nil
	}
	var last *syntax.Node
	for _, b := range binds {
		if b.Kind != syntax.Bind || len(b.Kids) == 0 || b.End > n.Start || b.Until != 0 && n.Start >= int(b.Until) ||
			strings.TrimLeft(b.Name, "$@*&") != name && b.Index == 0 || r.blockOf(b) != block || !r.replaces(b) ||
			r.inHead(b, block) {
			continue
		}
		if last == nil || b.Start > last.Start {
			last = b
		}
	}
	return last
}

// inHead reports whether a Bind is the default of a parameter of a function.
func (r *reader) inHead(b, block *syntax.Node) bool {
	if len(block.Params) == 0 || b.Start < block.Start || b.Start > len(r.doc.Text) {
		return false
	}
	head := r.doc.Text[block.Start:min(b.Start, block.Start+2000)]
	return bytes.Count(head, []byte("(")) > bytes.Count(head, []byte(")")) && bytes.IndexByte(head, '{') < 0
}

// isPage reports whether files of a language are pages for people, whose pieces of code go on one after the other.
func isPage(lang string) bool { return lang == "markdown" || lang == "asciidoc" || lang == "rst" }

// sequential reports whether the statements at the top of a file of a language run one after the other.
func sequential(lang string) bool {
	switch lang {
	case "javascript", "typescript", "tsx", "python", "ruby", "php", "swift":
		return true
	}
	return false
}

// replaces reports whether a Bind gives a new value whatever the old one is, and in any case.
func (r *reader) replaces(b *syntax.Node) bool {
	text := r.doc.Text
	at := nameStart(b)
	if at < 0 || at >= b.End || b.End > len(text) {
		return false
	}
	if i := bytes.IndexByte(text[at:min(b.End, at+400)], '='); i > 0 && bytes.IndexByte([]byte("|+?&.-"), text[at+i-1]) >= 0 {
		return false // x ||= y
	}
	rest := text[b.End:min(len(text), b.End+80)]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	rest = bytes.TrimLeft(rest, " \t\"')")
	return !(r.doc.Lang == "ruby" || r.doc.Lang == "perl") || !bytes.HasPrefix(rest, []byte("if ")) &&
		!bytes.HasPrefix(rest, []byte("unless "))
}

// binding are the Binds and calls that give a value to the name that a node reads, and the scope of that name. Where a
// value replaces what was before it, replaced says so: the parameter of the name says nothing.
func (c *collector) binding(n *syntax.Node, first string) (binds []*syntax.Node, of scope, replaced bool) {
	of = c.r.scopeOf(n, first)
	all := c.r.meant(n, first, of)
	last := c.r.dominant(all, n, first)
	block := c.r.blockOf(n)
	out := func(b *syntax.Node) bool {
		return b == n || encloses(b, n) || last != nil && (c.r.blockOf(b) == block || isPage(c.r.doc.Lang)) &&
			(b.End <= last.Start || b.Start >= n.Start && b.Until == 0)
	}
	if slices.ContainsFunc(all, out) {
		all = slices.DeleteFunc(slices.Clone(all), out)
	}
	return all, of, last != nil
}

// A meaning is a name in a scope, as it is written in a class.
type meaning struct {
	scope
	first string
	field bool         // it is written with this or self before it
	class string       // around the node, where that says which fields are meant
	block *syntax.Node // around the node, where that says which Binds are visible: in settings
	// process is the one around the node, which says so too
	process *processFact
}

// bindsKept bounds the Binds of one name that are looked at for a node.
const bindsKept = 256

// meant are the Binds that give a value to the name that a node reads, whose scope is of, at most bindsKept. They are
// looked for once.
func (r *reader) meant(n *syntax.Node, first string, of scope) []*syntax.Node {
	key := meaning{scope: of, first: first, field: isField(n.Name), class: classAround(n)}
	if r.settings() {
		key.block, key.process = r.blockOf(n), r.processAround(n)
	}
	x := r.index()
	if list, known := x.meant[key]; known {
		r.pay(len(list))
		return list
	}
	var list []*syntax.Node
	for i, b := range x.binds[first] {
		if i > collectLimit || len(list) == bindsKept {
			break
		}
		if r.means(b, n, first, of) {
			list = append(list, b)
		}
	}
	for q := key.process; q != nil; q = q.outer { // what a job sets hides what stands around it
		if inner := r.setIn(q, list); len(inner) > 0 {
			list = inner
			break
		}
	}
	r.pay(min(len(x.binds[first]), collectLimit))
	x.meant[key] = list
	return list
}

// setIn are those of some Binds that a process sets in its environment.
func (r *reader) setIn(p *processFact, binds []*syntax.Node) []*syntax.Node {
	var out []*syntax.Node
	for _, b := range binds {
		if b.Flags&syntax.Env != 0 && r.processAround(b) == p {
			out = append(out, b)
		}
	}
	return out
}
