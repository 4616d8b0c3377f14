package syntax

import (
	"strconv"
	"strings"
)

// function reads a function that a keyword begins: its name, parameters, body.
func (r *codeReader) function(i, end int, p *Node, d *decl) int {
	limit := end
	mate := int(r.toks[i].mate)
	if mate > i {
		end = min(mate, end)
	}
	done := func(j int) int {
		if mate > i {
			return min(mate+1, limit)
		}
		return min(j, limit)
	}
	w := r.word(i, end)
	j := i + 1
	if w == "property" && mate <= i {
		return r.variables(j, end, p, d.where, d)
	}
	if r.op(j, end) == "*" || r.op(j, end) == "&" {
		j++
	}
	if w == "defprotocol" || w == "test" && !r.isStr(j, end) {
		return i
	}
	receiver := ""
	if r.l.spaceType && r.opens(j, end, '(') { // func (c *Client) Name()
		m := r.mate(j, end)
		if r.word(m+1, end) == "" {
			return i
		}
		receiver = r.typeText(j+1, m)
		j = m + 1
	}
	if r.op(j, end) == "<" { // fun <T> name()
		if k := r.angles(j, end); k > j {
			j = k
		}
	}
	at := j
	name, j := r.functionName(w, i, j, end)
	if name == "" {
		switch {
		case w == "init" || w == "constructor" || w == "subscript" || w == "deinit":
			name, at = w, i
		case r.l.quotedFuncs && r.isStr(j, end):
			name, at = r.keyText(j), j
			j++
		default:
			return i // anonymous: an expression
		}
	}
	if r.opens(j, end, '[') && r.l.squareType {
		j = r.mate(j, end) + 1
	}
	if r.op(j, end) == "<" {
		if k := r.angles(j, end); k > j {
			j = k
		}
	}
	b := r.flag(p.newBlock(name, r.pos(min(at, len(r.toks)-1))), d.where, d)
	b.Type = receiver
	if r.l.exported == byWord && !d.exported {
		b.Flags &^= Exported
	}
	if d.isDef {
		def := r.bindDefault(p, b)
		defer func() { def.End = b.End }()
	}
	if r.opens(j, end, '(') {
		for k := 0; r.opens(j, end, '(') && (k == 0 || r.l.curried); k++ { // Scala has several lists
			m := r.mate(j, end)
			b.Params = append(b.Params, r.constructed(p, name, func() []string { return r.params(j+1, m, b) })...)
			j = m + 1
		}
	} else if r.l.ends != nil && mate > i && j < end && !r.toks[j].nl && (r.toks[j].kind == tWord ||
		r.op(j, end) == "*" || r.op(j, end) == "&") && r.word(j, end) != "do" && !r.l.closersNamed {
		e := j // def name a, b
		for e < end && !r.toks[e].nl && r.op(e, end) != ";" {
			r.step()
			e = r.next(e, end)
		}
		b.Params = r.params(j, e, b)
		j = e
	}
	j = r.functionBody(j, end, b)
	b.End = max(b.End, r.endPos(done(j)))
	return done(j)
}

// functionName reads the name behind func, def, function: also a dotted or quoted one.
func (r *codeReader) functionName(w string, i, j, end int) (string, int) {
	if w == "property" && (r.word(j, end) == "get" || r.word(j, end) == "set" || r.word(j, end) == "let") &&
		r.word(j+1, end) != "" {
		j++
	}
	if r.l.tableJS && (r.word(j, end) == "get" || r.word(j, end) == "set") && r.word(j+1, end) != "" {
		j++
	}
	if r.l.spaceType && r.word(j, end) == "" || r.breaks(j, i) {
		return "", j
	}
	if j < end && (w == "init" || w == "constructor" || w == "subscript") {
		if r.op(j, end) == "?" || r.op(j, end) == "!" {
			j++
		}
		return "", j
	}
	if w == "def" && r.op(j, end) != "" || r.opens(j, end, '[') && w == "def" { // def ==(other)
		at := j
		for j < end && !r.opens(j, end, '(') && !r.toks[j].nl {
			r.step()
			j = r.next(j, end)
		}
		return r.src[r.pos(at):r.endPos(j)], j
	}
	name, j := r.path(j, end)
	if r.l.colonCall && r.op(j, end) == ":" && r.word(j+1, end) != "" {
		name += "." + r.text(j+1)
		j += 2
	}
	if r.op(j, end) == "=" && r.l.setters && !r.toks[j].sp && r.opens(j+1, end, '(') {
		j++ // def name=(value)
	}
	return name, j
}

// functionBody reads what follows parameters: results, what is thrown, the body or the expression.
func (r *codeReader) functionBody(j, end int, b *Node) int {
	from := j
	mated := r.l.ends != nil
	throws := false
	if r.l.spaceType && r.opens(j, end, '(') {
		r.results(j, b)
	}
	for k := 0; j < end; k++ {
		r.step()
		switch s := r.op(j, end); s {
		case ":":
			if r.l.fieldInits { // a constructor's list
				j = r.initialisers(j+1, end, b)
				continue
			}
			if r.l.layout != nil && r.opens(j+1, end, 'I') || r.l.colonBodies {
				j++
				if r.opens(j, end, 'I') {
					continue
				}
				return r.oneLine(j, end, b)
			}
			if t := r.skipType(j+1, end); t > j+1 {
				b.giveType(r.typeText(j+1, t))
				j = t
				continue
			}
			j++
			continue
		case "->":
			if r.l.arrows != "->" || r.l.arrowResults {
				t := r.skipType(j+1, end)
				if t > j+1 {
					b.giveType(r.typeText(j+1, t))
					j = t
					continue
				}
			}
			j++
			continue
		case "=>", "=":
			if s == "=" && (r.word(j+1, end) == "default" || r.word(j+1, end) == "delete" || j+1 < end &&
				r.toks[j+1].kind == tNum && r.l.zeroBodies) {
				return j + 2
			}
			if r.opens(j+1, end, '{') && r.l.equalsBodies || r.opens(j+1, end, 'I') {
				j++
				continue
			}
			return r.expressionBody(j+1, end, b)
		case ",":
			if r.word(j+1, end) == "do" && r.op(j+2, end) == ":" {
				return r.expressionBody(j+3, end, b)
			}
			if throws {
				j++
				continue
			}
			return j
		case ";":
			return j
		}
		switch {
		case r.opens(j, end, '{'), r.opens(j, end, 'I'):
			m := r.mate(j, end)
			r.inside(true, func() { r.body(j+1, m, b, false) })
			b.End = max(b.End, r.endPos(min(m+1, end)))
			return m + 1
		case r.word(j, end) == "do" && int(r.toks[j].mate) > j:
			m := r.mate(j, end)
			r.inside(true, func() { r.body(j+1, m, b, false) })
			b.End = max(b.End, r.endPos(min(m+1, end)))
			return m + 1
		case r.isStr(j, end) && !r.breaks(j, from):
			j++
			continue
		case mated && r.word(j, end) != "when" && (r.word(j, end) != "as" || !r.l.closersNamed) &&
			r.l.bareBodies:
			r.inside(true, func() { r.body(j, end, b, false) })
			return end
		case r.l.closersNamed && r.word(j, end) == "as":
			j = max(r.skipType(j+1, end), j+1)
			continue
		}
		if r.breaks(j, from) && !r.opens(j, end, '{') || k > 60 {
			return j
		}
		switch c := r.class(j, end); c {
		case wNone, wModifier, wInfix, wPrefix, wCast, wControl, wType:
			if c == wControl && r.word(j, end) != "with" && r.word(j, end) != "when" {
				return j
			}
			if r.l.spaceType {
				if t := r.skipType(j, end); t > j {
					b.giveType(r.typeText(j, t))
					j = t
					continue
				}
			}
			throws = throws || r.word(j, end) == "throws"
			if w := r.word(j, end); (w == "use" || w == "throws" || w == "rethrows") && r.opens(j+1, end, '(') {
				j += 2
				j = r.mate(j-1, end) + 1
				continue
			}
			if r.toks[j].kind == tClose {
				return j
			}
			j = r.next(j, end)
		default:
			if r.word(j, end) == "use" {
				j++
				continue
			}
			return j
		}
	}
	return j
}

// oneLine reads the statements behind a colon on the same line.
func (r *codeReader) oneLine(i, end int, b *Node) int {
	e := i
	for e < end && !r.toks[e].nl {
		r.step()
		e = r.next(e, end)
	}
	r.inside(true, func() { r.body(i, e, b, false) })
	return e
}

// expressionBody reads the expression that a function is.
func (r *codeReader) expressionBody(i, end int, b *Node) int {
	if i >= end {
		return i
	}
	ret := &Node{Kind: Return, Start: r.pos(i), End: r.pos(i)}
	j := r.value(ret, i, end, i)
	if len(ret.Kids) > 0 {
		b.put(ret)
	}
	b.End = max(b.End, ret.End)
	return max(j, i)
}

// A classHead is what has been read of a class in front of its body.
type classHead struct {
	w     string // the word that begins it
	block *Node
	body  int // the token that opens the body, -1 for none
}

// classLike reads class, struct, interface, object, enum, module, namespace: the name, what it derives from, the body.
func (r *codeReader) classLike(i, end int, p *Node, d *decl) int {
	limit := end
	mate := int(r.toks[i].mate)
	if mate > i {
		end = min(mate, end)
	}
	h := classHead{w: r.word(i, end)}
	j := i + 1
	for j < end && (r.class(j, end) == wClass || r.class(j, end) == wModifier) && r.word(j+1, end) != "" {
		if h.w == "enum" || r.word(j, end) == "enum" {
			h.w = "enum"
		}
		j++ // enum class X, package object x
	}
	if h.w == "class" && r.op(j, end) == "<<" { // class << self
		r.inside(true, func() { r.statements(j+2, end, p, inClass) })
		return min(mate+1, limit)
	}
	j = r.pastAngles(j, end) // impl<T> X
	name, at, j := r.className(h.w, j, end)
	switch {
	case name == "" && !mayBeNameless(h.w):
		return i
	case h.w == "namespace" && r.l.namespaceAliases && r.op(j, end) == "=":
		return r.statementEnd(j, end, i)
	// struct stat st;
	case r.l.structVars && r.word(j, end) != "" && r.class(j, end) == wNone && !r.toks[j].nl && h.w != "namespace":
		return i
	}
	h.block = &Node{Kind: Block, Name: name, NameStart: r.pos(min(at, len(r.toks)-1)), Start: r.pos(d.at), End: r.endPos(j)}
	if name == "" {
		h.block.NameStart = r.pos(i)
	}
	j = r.classHead(i, j, end, &h)
	where := r.membersOf(h.w)
	if where != inFile {
		h.block.Flags |= Class
	}
	p.put(h.block)
	r.flag(h.block, d.where, d)
	if r.l.exported == byWord && !d.exported {
		h.block.Flags &^= Exported
	}
	if d.isDef {
		r.bindDefault(p, h.block)
	}
	switch {
	case h.body >= 0:
		m := r.mate(h.body, end)
		r.inside(true, func() { r.statements(h.body+1, m, h.block, where) })
		j = m + 1
	case mate > i:
		r.inside(true, func() { r.statements(j, end, h.block, where) })
		j = end
	case r.op(j, end) == ":" && r.l.layout != nil:
		j = r.oneLine(j+1, end, h.block)
	case h.w == "namespace" || h.w == "package" || h.w == "module":
		p.Kids = p.Kids[:len(p.Kids)-1] // of all of the file
	}
	if mate > i {
		j = min(mate+1, limit)
	}
	j = min(j, limit)
	h.block.End = max(h.block.End, r.endPos(j))
	if r.word(j, limit) != "" && r.l.structVars && !r.toks[j].nl { // struct { … } name;
		j = r.statementEnd(j, limit, j)
	}
	return max(j, i+1)
}

// pastAngles skips the type parameters at j, if there are any.
func (r *codeReader) pastAngles(j, end int) int {
	if r.op(j, end) == "<" {
		return max(r.angles(j, end), j)
	}
	return j
}

// bindDefault makes the last kid of p, b, the value of what the module exports as default.
func (r *codeReader) bindDefault(p, b *Node) *Node {
	def := &Node{Kind: Bind, Name: "default", NameStart: b.NameStart, Start: b.Start, End: b.End, Flags: Exported,
		Parent: p}
	p.Kids[len(p.Kids)-1] = def
	def.put(b)
	return def
}

// className reads the name behind the word w: where it stands, and where reading goes on.
func (r *codeReader) className(w string, j, end int) (name string, at, next int) {
	at = j
	if s := r.word(j, end); s != "extends" && s != "implements" {
		name, j = r.path(j, end)
	}
	if w != "impl" || !r.l.implFor {
		return name, at, j
	}
	for k := j; k < end && !r.opens(k, end, '{') && k < j+60; k = r.next(k, end) {
		r.step()
		if r.word(k, end) == "for" {
			name, j = r.path(k+1, end)
			return name, k + 1, j
		}
	}
	return name, at, j
}

func mayBeNameless(w string) bool {
	switch w {
	case "object", "enum", "namespace", "struct", "class", "union", "component", "interface":
		return true
	}
	return false
}

// membersOf says what stands in the body of a class that the word w begins.
func (r *codeReader) membersOf(w string) place {
	switch w {
	case "enum":
		return inEnum
	case "interface", "struct", "union", "protocol":
		if r.l.typeMembers {
			return inType
		}
	case "namespace", "module", "package", "mod", "defmodule":
		return inFile
	}
	return inClass
}

// classHead reads what stands between the name of a class, which ends at j, and its body: type parameters, the
// parameters of its constructor, what it derives from.
func (r *codeReader) classHead(i, j, end int, h *classHead) int {
	j = r.pastAngles(j, end)
	if r.opens(j, end, '[') && r.l.squareType {
		j = r.mate(j, end) + 1
	}
	for {
		r.step()
		if k := r.skipNotes(j, end); k > j && (r.word(k, end) != "" || r.op(k, end) == "@") {
			j = k // class X @Inject constructor(…)
		} else if r.class(j, end) == wModifier && (r.opens(j+1, end, '(') || r.word(j+1, end) == "constructor") ||
			r.word(j, end) == "constructor" {
			j++ // class X private constructor(…)
		} else {
			break
		}
	}
	if r.opens(j, end, '(') {
		m := r.mate(j, end)
		if !r.l.basesInParens {
			h.block.Params = r.params(j+1, m, h.block)
		} else {
			h.block.Type = r.typeText(j+1, m)
			r.inside(false, func() { r.entries(j+1, m, &Node{}, Arg) })
		}
		j = m + 1
	}
	head := j
	j, h.body = r.bases(i, j, end, h.block)
	if h.block.Type == "" {
		h.block.Type = r.typeText(head, j)
	}
	return j
}

// bases reads what a class derives from up to its body: the calls of their constructors hang under b. body is the token
// that opens the body, -1 where none follows.
func (r *codeReader) bases(i, j, end int, b *Node) (next, body int) {
	mated := int(r.toks[i].mate) > i
	for k := 0; j < end && k < 300; k++ {
		if r.opens(j, end, '{') || r.opens(j, end, 'I') || r.word(j, end) == "do" && int(r.toks[j].mate) > j {
			return j, j
		}
		s, c := r.op(j, end), r.class(j, end)
		if mated && r.toks[j].nl || s == ";" || s == "=" && !r.l.equalsHeads || r.breaks(j, i) ||
			r.l.lines() && r.toks[j].nl && (c == wClass || c == wFunc || c == wVar) {
			break
		}
		if r.word(j, end) != "" && r.opens(j+1, end, '(') && !r.l.basesInParens { // class X : Base("x")
			m := r.mate(j+1, end)
			c := b.newCall(cleanName(r.text(j)), r.pos(j))
			r.inside(false, func() { r.entries(j+2, m, c, Arg) })
			j = min(m+1, end)
			continue
		}
		j = r.next(j, end)
	}
	return j, -1
}

// constructed gives the class the parameters of its constructor where some are fields too (constructor(private url:
// string)), as the constructors of other languages stand in the head of the class.
func (r *codeReader) constructed(class *Node, name string, read func() []string) []string {
	r.promotes = false
	params := read()
	if r.promotes && (name == "constructor" || name == "__construct") && class.Kind == Block && class.Params == nil {
		class.Params = params
	}
	return params
}

// params reads parameters: their names, and as binds under b those with a value or an annotation.
func (r *codeReader) params(i, end int, b *Node) (names []string) {
	for n := 0; i < end && n < 1000; n++ {
		from := i
		if name, next := r.param(i, end, b); next > i {
			switch {
			case strings.HasPrefix(name, "{"):
				names = append(names, name)
			case name != "":
				names = append(names, strings.Split(name, ",")...)
			}
			if t := r.paramType(from, next, name); t != "" {
				for len(b.Types) < len(names)-1 {
					r.step()
					b.Types = append(b.Types, "")
				}
				b.Types = append(b.Types[:len(names)-1], t)
			}
			i = next
		} else {
			i++
		}
		for i < end && r.op(i, end) != "," && r.op(i, end) != ";" {
			r.step()
			i = r.next(i, end)
		}
		i++
	}
	return names
}

func (r *codeReader) param(i, end int, b *Node) (string, int) {
	d := decl{at: i}
	i = r.annotations(i, end, &d)
	i = r.modifiers(i, end, &d)
	r.promotes = r.promotes || d.words > 0
	for i < end {
		r.step()
		c := r.class(i, end)
		if s := r.op(i, end); s == "..." || s == "*" || s == "**" || s == "&" || s == "@" && !r.l.attributes ||
			s == "#" || s == "'" {
			i++
			continue
		}
		if (c == wVar || c == wModifier || c == wPrefix) && r.word(i+1, end) != "" {
			i++
			continue
		}
		break
	}
	if i >= end {
		return "", i
	}
	if r.toks[i].kind == tOpen {
		return r.paramPattern(i, end, b)
	}
	at := i
	switch {
	case r.l.typeFirst:
		at = r.lastParamName(i, end)
		i = at
	case r.l.argLabels && r.word(i+1, end) != "" && r.op(i+2, end) == ":":
		at = i + 1 // label name: Type
		i++
	}
	if r.toks[i].kind != tWord {
		if r.toks[i].kind == tStr || r.toks[i].kind == tNum { // a pattern
			return "_", i + 1
		}
		return "", i + 1
	}
	name := cleanName(r.text(at))
	i++
	if r.op(i, end) == "." && r.word(i+1, end) != "" { // this.name of Dart
		name = r.text(i + 1)
		i += 2
	}
	if r.op(i, end) == "?" || r.op(i, end) == "!" {
		i++
	}
	if name == "self" && !r.l.selfIsName || name == "cls" && r.l.clsParams {
		name = ""
	}
	j := i
	switch {
	case r.op(i, end) == ":" && r.l.keywordParams:
		if i+1 < end && r.op(i+1, end) != "," { // name: default
			n := b.newBind(name, r.pos(at))
			return name, r.value(n, i+1, end, i+1)
		}
		return name, i + 1
	case r.op(i, end) == ":" || r.op(i, end) == "::":
		j = r.skipType(i+1, end)
		if j == i+1 {
			j = i
		}
	case r.word(i, end) == "as" && r.l.asTypes:
		j = r.skipType(i+1, end)
	case r.opens(i, end, '['):
		j = r.mate(i, end) + 1
	}
	if op := r.op(j, end); op == "=" || op == "\\" && r.op(j+1, end) == "\\" || op == ":" && r.l.colonDefaults {
		n := &Node{Kind: Bind, Name: name, NameStart: r.pos(at), Start: r.pos(at), End: r.endPos(j)}
		for _, a := range d.notes {
			n.put(a)
		}
		j++
		if r.op(j, end) == "\\" {
			j++
		}
		b.put(n)
		return name, r.value(n, j, end, j)
	}
	if len(d.notes) > 0 {
		n := b.newBind(name, r.pos(at))
		n.Flags |= Typed
		n.End = r.endPos(j)
		n.Start = r.pos(d.at)
		for _, a := range d.notes {
			n.put(a)
		}
	}
	return name, max(j, i)
}

// paramPattern reads the parameter that begins with a bracket at i: a pattern, or a group of parameters.
func (r *codeReader) paramPattern(i, end int, b *Node) (string, int) {
	m := r.mate(i, end)
	switch {
	case r.l.optionalParams && (r.opens(i, end, '{') || r.opens(i, end, '[')):
		return strings.Join(r.params(i+1, m, b), ","), m + 1
	case r.opens(i, end, '[') && r.l.tableJS:
		return r.tuplePattern(i+1, m), m + 1
	case !r.opens(i, end, '{') || !r.l.tableJS:
		return "_", m + 1
	}
	pats := r.pattern(i+1, m)
	for _, pt := range pats {
		if len(pt.value.Kids) > 0 {
			n := b.newBind(pt.local, pt.at)
			n.End = pt.end
			for _, k := range pt.value.Kids {
				n.put(k)
			}
		}
	}
	j := m + 1
	if r.op(j, end) == ":" {
		j = r.skipType(j+1, end)
	}
	if r.op(j, end) == "=" {
		j = r.value(b, j+1, end, j+1)
	}
	return patternName(pats), j
}

// lastParamName is the token of the last name in front of a parameter's value, i where none is.
func (r *codeReader) lastParamName(i, end int) int {
	at := i
	for k := i; k < end; {
		r.step()
		s := r.op(k, end)
		if s == "=" || s == "," || s == ";" || s == ":" && !r.l.colonParams {
			break
		}
		if r.toks[k].kind == tWord {
			at = k
		}
		if s == "<" {
			if g := r.angles(k, end); g > k {
				k = g
				continue
			}
		}
		if r.opens(k, end, '[') && at > i {
			break
		}
		k = r.next(k, end)
	}
	return at
}

// tuplePattern is the name of the parameter [a, b], as one that takes the entries 0 and 1 apart; "_" where it holds more
// than names.
func (r *codeReader) tuplePattern(i, end int) string {
	var entries []string
	for k := 0; i < end && k < 20; k++ {
		r.step()
		if w := r.word(i, end); w != "" && (i+1 >= end || r.op(i+1, end) == ",") {
			entries = append(entries, strconv.Itoa(k)+":"+cleanName(r.text(i)))
			i++
		} else if r.op(i, end) != "," {
			return "_"
		}
		i++
	}
	if len(entries) == 0 {
		return "_"
	}
	return "{" + strings.Join(entries, ",") + "}"
}

// paramType is the type of the parameter in [i,end), as written: what stands in front of its name, or behind it. ""
// where none is.
func (r *codeReader) paramType(i, end int, name string) string {
	at := -1
	for k := i; k < end; k++ {
		r.step()
		if r.toks[k].kind == tWord && cleanName(r.text(k)) == name {
			at = k
			if !r.l.typeFirst {
				break
			}
		}
		if r.op(k, end) == "=" {
			break
		}
		k = r.next(k, end) - 1
	}
	switch {
	case strings.HasPrefix(name, "{") && r.opens(i, end, '{'):
		at = r.mate(i, end)
	case at < 0:
		return ""
	}
	if r.l.typeFirst {
		for i < at {
			r.step()
			// annotations and modifiers are no part of it
			if j := r.skipNotes(i, at); j > i {
				i = j
				continue
			}
			if c := r.class(i, at); (c == wModifier || c == wVar) && i+1 < at {
				i++
				continue
			}
			break
		}
		return r.typeText(i, at)
	}
	j := at + 1
	for r.op(j, end) == "?" || r.op(j, end) == ":" || r.word(j, end) == "as" {
		j++
	}
	if r.op(j, end) == "=" {
		return ""
	}
	if r.l.spaceType { // the parameter was read up to its name
		for end < len(r.toks) && r.op(end, len(r.toks)) != "," && r.toks[end].kind != tClose {
			r.step()
			end = r.next(end, len(r.toks))
		}
		return r.typeText(j, end)
	}
	return r.typeText(j, r.skipType(j, end))
}

// skipNotes skips one annotation, @Name or @Name(…).
func (r *codeReader) skipNotes(i, end int) int {
	if r.opens(i, end, '[') && r.l.bracketNotes {
		return r.mate(i, end) + 1
	}
	if w := r.word(i, end); strings.HasPrefix(w, "@") {
		i++
	} else if r.op(i, end) == "@" {
		_, i = r.path(i+1, end)
	} else {
		return i
	}
	if r.opens(i, end, '(') {
		return r.mate(i, end) + 1
	}
	return i
}

// typeText is the text of a type that stands in [i,end), "" where that is empty or longer than types are.
func (r *codeReader) typeText(i, end int) string {
	if i >= end || end > len(r.toks) {
		return ""
	}
	a, b := r.pos(i), r.endPos(end)
	if a >= b || b > len(r.src) || b-a > 400 {
		return ""
	}
	return strings.Trim(r.src[a:min(b, a+120)], ": \t\n")
}
