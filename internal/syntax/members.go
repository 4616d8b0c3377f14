package syntax

import "strings"

// expressionOrDecl reads a statement that no keyword begins: a typed declaration, a member, an assignment, an
// expression.
func (r *codeReader) expressionOrDecl(i, end int, p *Node, where place, d *decl) int {
	if d.isDef {
		b := p.newBind("default", r.pos(i))
		b.Flags |= Exported
		b.Start = r.pos(d.at)
		return max(r.value(b, i, end, i), i+1)
	}
	if d.exported && r.l.tableJS && r.opens(i, end, '{') {
		return r.exportList(i, end, p)
	}
	if r.l.propertyTags && r.word(i, end) == "property" && r.word(i+1, end) != "" { // property name="x" default="y";
		c := p.newCall("property", r.pos(i))
		j := i + 1
		for j < end && r.op(j, end) != ";" && !r.breaks(j, i) {
			r.step()
			j = r.attribute(j, end, c)
		}
		return j
	}
	if r.l.modifierVars && d.words > 0 && r.word(i, end) != "" && where != inBody {
		return r.variables(i, end, p, where, d)
	}
	if where == inType {
		return r.typeMember(i, end, p, d)
	}
	if r.l.tableJS && where == inClass {
		if j := r.jsMember(i, end, p, d); j > i {
			return j
		}
	}
	if r.l.typeFirst {
		if k, ok := r.typed(i, end, where); ok {
			if j := r.typedDecl(i, k, end, p, where, d); j > i {
				return j
			}
		}
	}
	if r.l.juxtapose && (r.l.equations || d.words > 0 && where != inBody) {
		if j := r.equation(i, end, p, where, d); j > i {
			return j
		}
	}
	if j := r.bareFunction(i, end, p, where, d); j > i {
		return j
	}
	if w := r.word(i, end); r.l.attributes && strings.HasPrefix(w, "@") && i+1 < end && !r.breaks(i+1, i) &&
		r.op(i+1, end) == "" {
		b := r.flag(p.newBind(w, r.pos(i)), where, d)
		return r.value(b, i+1, end, i)
	}
	k := r.skipOperand(i, end)
	if k > i && k < end {
		if j := r.assignment(i, k, end, p, where, d); j > i {
			return j
		}
	}
	if where == inEnum && r.word(i, end) != "" && (k >= end || r.op(k, end) == "," || r.op(k, end) == ";" ||
		r.opens(k, end, '{')) {
		if r.opens(k, end, '{') && !r.l.tableJS { // a constant of an enum with a body
			m := r.mate(k, end)
			r.expr(i, k, p)
			r.inside(true, func() { r.statements(k+1, m, p, inClass) })
			return m + 1
		}
		// LIVE("x") is a LIVE = new Enum("x")
		if r.opens(i+1, k, '(') && p.Kind == Block && p.Name != "" && !r.l.tableJS {
			b := r.flag(p.newBind(r.text(i), r.pos(i)), where, d)
			r.expr(i, k, b)
			if len(b.Kids) == 1 && b.Kids[0].Kind == Call {
				b.Kids[0].Name = p.Name
			}
			return k
		}
		return max(r.expr(i, k, p), k)
	}
	if r.l.command {
		if j := r.command(i, end, p); j > i {
			return j
		}
	}
	return r.expression(i, end, p)
}

// assignment reads what the operand in [i,k) is bound to by what follows it.
func (r *codeReader) assignment(i, k, end int, p *Node, where place, d *decl) int {
	op := r.op(k, end)
	if op == "?" && r.l.tableJS && r.op(k+1, end) == ":" && where == inClass {
		k++
		op = ":"
	}
	switch {
	case r.isAssign(op):
		if r.breaks(k, i) && op == "=" && r.toks[k].nl && r.l.strictLines {
			return i
		}
		name := r.targetName(i, k)
		if at := i; name == "" {
			if r.word(i, end) == "var" && r.opens(i+1, end, '(') { // var (a, b) = f() of C#
				at++
			}
			if m := r.mate(at, end); r.toks[at].kind == tOpen && m+1 == k {
				if names := r.patternNames(at+1, m); len(names) > 1 && op != "+=" {
					return max(r.tuple(names, k+1, end, p, where, d, at > i || r.l.typeFirst), k+1)
				}
			}
			return i
		}
		b := r.flag(p.newBind(name, r.pos(i)), where, d)
		if op == ":=" && r.l.spaceType {
			b.Flags |= Declared
		}
		r.callsOf(i, k, b)
		j := r.bindValue(b, k, end)
		if name == "module.exports" || strings.HasPrefix(name, "exports.") || strings.HasPrefix(name,
			"module.exports.") {
			b.Flags |= Exported
		} else if r.l.exported == byTop && strings.ContainsAny(name, ".") && !strings.HasPrefix(name, "this.") {
			b.Flags &^= Exported
		}
		r.notePatterns(b)
		for r.op(j, end) == "," && r.l.tuples && !r.l.tableJS && !r.breaks(j, i) && j+1 < end &&
			!r.opens(j+1, end, 'I') && where != inEnum && !r.l.tuplesInParens {
			r.step()
			n := r.skipOperand(j+1, end)
			if r.isAssign(r.op(n, end)) || r.op(n, end) == ":" {
				break
			}
			j = r.value(b, j+1, end, i) // a tuple without parentheses
		}
		return max(j, k+1)
	case op == ":" && !r.l.colonCall:
		return r.colon(i, k, end, p, where, d)
	case op == "=>" && r.l.fat:
		name := r.targetName(i, k)
		if name == "" {
			return i
		}
		b := p.newBind(name, r.keyPos(i))
		return max(r.bindValue(b, k, end), k+1)
	case op == "," && (r.l.tuples || r.l.spaceType || r.l.severalTargets) && where != inEnum &&
		r.toks[i].kind == tWord:
		names := []int{i}
		j := k
		for r.op(j, end) == "," && len(names) < 16 && r.word(j+1, end) != "" {
			r.step()
			names = append(names, j+1)
			j = r.skipOperand(j+1, end)
		}
		if !r.isAssign(r.op(j, end)) || r.breaks(j, i) && r.l.strictLines {
			return i
		}
		return max(r.several(names, j+1, end, p, where, d, r.op(j, end) == ":="), j+1)
	}
	return i
}

// keyPos is where the text of a key begins: inside its quotes.
func (r *codeReader) keyPos(i int) int {
	if i < len(r.toks) && r.toks[i].kind == tStr {
		return r.strs[r.toks[i].ref].start
	}
	return r.pos(i)
}

// colon reads name: type, name: value and "name": value as a statement.
func (r *codeReader) colon(i, k, end int, p *Node, where place, d *decl) int {
	if r.toks[i].kind == tOpen && r.toks[i].open != '[' {
		return i
	}
	if c := r.class(k+1, end); c == wControl || r.opens(k+1, end, 'I') {
		return k + 1 // a label
	}
	name := r.targetName(i, k)
	if name == "" || k+1 >= end {
		return i
	}
	typed := r.toks[i].kind == tWord && (r.l.annotatedVars || r.l.tableJS && where == inClass) &&
		r.op(i+1, end) != "-"
	if r.l.annotatedVars && (k+1 < end && r.toks[k+1].kind != tWord || r.breaks(k+1, i)) {
		typed = typed && where == inClass && r.isStr(k+1, end) && r.isAssign(r.op(k+2, end))
	}
	if typed {
		j := r.skipType(k+1, end)
		if j > k+1 && (j >= end || r.assigned(j, end) || r.breaks(j, i) || r.op(j, end) == ";" || r.op(j, end) == ",") {
			b := r.flag(p.newBind(name, r.pos(i)), where, d)
			b.Type = r.typeText(k+1, j)
			if r.assigned(j, end) {
				return r.bindValue(b, j, end)
			}
			if r.op(j, end) == "," { // an entry of a table, without its table
				b.putRef(name, r.pos(i))
				b.Kids = nil
				b.NameStart = r.pos(i)
				return r.value(b, k+1, end, i)
			}
			b.Flags |= Typed
			b.End = r.endPos(j)
			return j
		}
	}
	b := p.newBind(name, r.keyPos(i))
	b.Start = r.pos(i)
	return max(r.value(b, k+1, end, i), k+1)
}

// typeMember reads a member of a type.
func (r *codeReader) typeMember(i, end int, p *Node, d *decl) int {
	e := i
	for e < end && r.op(e, end) != ";" && r.op(e, end) != "," && !(e > i && r.toks[e].nl && r.breaks(e, i)) {
		r.step()
		e = r.next(e, end)
	}
	if r.toks[i].kind == tWord || r.toks[i].kind == tStr {
		j := i + 1
		if r.op(j, end) == "?" {
			j++
		}
		if r.op(j, e) == ":" {
			b := p.newBind(r.keyText(i), r.keyPos(i))
			b.Flags |= Typed
			if d.exported || r.l.tableJS {
				b.Flags |= Exported
			}
			b.Start, b.End = r.pos(i), r.endPos(e)
			b.Type = r.typeText(j+1, e)
			if r.opens(j+1, e, '{') && r.l.tableJS {
				m := r.mate(j+1, e)
				r.inside(true, func() { r.statements(j+2, m, b, inType) })
			}
		}
	}
	return max(e, i+1)
}

// bareFunction reads a function that only its shape tells: name(params) { … }.
func (r *codeReader) bareFunction(i, end int, p *Node, where place, d *decl) int {
	if r.word(i, end) == "" || !r.l.bareFunctions || r.noBrace {
		return i
	}
	if c := r.class(i, end); c != wNone && c != wModifier {
		return i
	}
	name, j := r.path(i, end)
	if r.op(j, end) == "<" {
		if k := r.angles(j, end); k > j {
			j = k
		}
	}
	if !r.opens(j, end, '(') || r.toks[j].nl {
		return i
	}
	m := r.mate(j, end)
	if where == inEnum && d.words > 0 && name == p.Name { // its constructor, not one of its constants
		where = inClass
	}
	if !r.isFunction(m+1, end, where, strings.Contains(name, ".")) {
		return i
	}
	b := r.flag(p.newBlock(name, r.pos(i)), where, d)
	b.Params = r.params(j+1, m, b)
	k := r.functionBody(m+1, end, b)
	b.End = max(b.End, r.endPos(k))
	return max(k, m+1)
}

// isFunction says whether what stands behind name(…) shows that it is declared there.
func (r *codeReader) isFunction(k, end int, where place, dotted bool) bool {
	if k >= end {
		return false
	}
	if r.opens(k, end, '{') {
		return true
	}
	if s := r.op(k, end); where == inClass && r.l.prototypes && (s == ";" || s == ":") {
		return true
	}
	switch s := r.op(k, end); s {
	case ":":
		if r.l.fieldInits {
			return r.word(k+1, end) != "" && (dotted || where == inClass || where == inFile)
		}
		if r.l.tableJS && !r.l.untyped {
			t := r.skipType(k+1, end)
			return t > k+1 && r.opens(t, end, '{')
		}
		return false
	case "=>":
		return r.l.arrowBodies && where != inBody || r.l.localArrows && where != inArms
	case "->":
		t := r.skipType(k+1, end)
		return r.l.trailingResults && r.opens(t, end, '{')
	}
	switch r.word(k, end) {
	case "throws", "const", "override", "noexcept", "async", "where", "final", "volatile", "sync":
		return true
	}
	return false
}

// typedDecl reads a declaration whose name stands at k behind its type.
func (r *codeReader) typedDecl(i, k, end int, p *Node, where place, d *decl) int {
	getter := false
	if w := r.word(k, end); (w == "get" || w == "set" || w == "operator") && r.word(k+1, end) != "" &&
		r.l.getters {
		getter = true
		k++
	}
	name, j := r.path(k, end)
	if r.op(j, end) == "<" {
		if g := r.angles(j, end); g > j {
			j = g
		}
	}
	if r.opens(j, end, '(') {
		m := r.mate(j, end)
		after := m + 1
		semi := after >= end || r.op(after, end) == ";" || r.op(after, end) == "," || r.breaks(after, i)
		if r.isFunction(after, end, where, strings.Contains(name, ".")) || !semi {
			if r.op(after, end) != "" && !r.isFunction(after, end, where, false) && r.op(after, end) != "=" &&
				r.op(after, end) != "->" && r.op(after, end) != "&" {
				return i
			}
			b := r.flag(p.newBlock(name, r.pos(k)), where, d)
			b.Params = r.params(j+1, m, b)
			b.giveType(r.typeText(i, k))
			n := r.functionBody(after, end, b)
			b.End = max(b.End, r.endPos(n))
			r.nameNew(b, i, k)
			return max(n, after)
		}
		if !r.l.constructs || where == inClass || !r.holdsValue(j+1, m) && where == inFile {
			if r.l.constructs || where == inClass || where == inFile || where == inType { // a prototype
				tmp := &Node{Kind: Block, Name: name, NameStart: r.pos(k), Start: r.pos(i), End: r.endPos(after)}
				tmp.Params = r.params(j+1, m, tmp)
				if len(tmp.Kids) > 0 {
					p.put(tmp)
				}
				return after
			}
			return i
		}
		// A variable and the arguments of its constructor.
		b := r.declare(p.newBind(name, r.pos(k)), where, d)
		b.Start = r.pos(i)
		c := b.newCall(r.typeName(i, k), r.pos(i))
		r.inside(false, func() { r.entries(j+1, m, c, Arg) })
		c.End = r.endPos(after)
		b.End = c.End
		return after
	}
	for r.opens(j, end, '[') {
		r.step()
		j = r.mate(j, end) + 1
	}
	if getter {
		b := r.flag(p.newBlock(name, r.pos(k)), where, d)
		n := r.functionBody(j, end, b)
		b.End = max(b.End, r.endPos(n))
		return max(n, j)
	}
	switch {
	case r.assigned(j, end):
		b := r.declare(p.newBind(name, r.pos(k)), where, d)
		n := r.bindValue(b, j, end)
		r.target(b, i, k)
		return n
	case r.op(j, end) == "=>":
		b := r.flag(p.newBlock(name, r.pos(k)), where, d)
		b.giveType(r.typeText(i, k))
		n := r.expressionBody(j+1, end, b)
		r.nameNew(b, i, k)
		return n
	case r.opens(j, end, '{'):
		m := r.mate(j, end)
		if r.l.constructs {
			b := r.declare(p.newBind(name, r.pos(k)), where, d)
			b.Start = r.pos(i)
			c := b.newCall(r.typeName(i, k), r.pos(i))
			r.inside(false, func() { r.entries(j+1, m, c, Arg) })
			c.End = r.endPos(m + 1)
			b.End = c.End
			return m + 1
		}
		b := r.declare(p.newBind(name, r.pos(k)), where, d)
		b.End = r.endPos(m + 1)
		b.Type = r.typeText(i, k)
		if r.op(m+1, end) == "=" {
			return r.bindValue(b, m+1, end)
		}
		acc := &Node{Kind: Block, Start: r.pos(j), End: r.endPos(m + 1)}
		r.inside(true, func() { r.accessorList(j+1, m, acc) })
		if len(acc.Kids) > 0 {
			b.put(acc)
			r.nameNew(acc, i, k)
		} else {
			b.Flags |= Typed
		}
		return m + 1
	case r.op(j, end) == ":" && r.word(j+1, end) != "" || r.word(j, end) == "in" || r.word(j, end) == "of":
		b := r.declare(p.newBind(name, r.pos(k)), where, d) // for (T x : xs)
		n := r.value(b, j+1, end, i)
		if where == inClass {
			b.Flags |= Typed
		}
		return n
	}
	b := r.declare(p.newBind(name, r.pos(k)), where, d)
	b.Flags |= Typed
	b.Type = r.typeText(i, k)
	b.End = r.endPos(j)
	return max(j, k+1)
}

// target makes new(…) and {…} behind an = calls of the declared type: UnleashSettings s = new() { … }.
func (r *codeReader) target(b *Node, i, k int) {
	if len(b.Kids) != 1 {
		return
	}
	c := b.Kids[0]
	if c.Kind == Call && c.Name == "new" && r.word(i, k) != "var" {
		c.Name = r.typeName(i, k)
		c.NameStart = r.pos(i)
	}
	if r.l.constructs && (c.Kind == List || c.Kind == Table) && !r.opens(k+1, len(r.toks), '[') {
		name := r.typeName(i, k)
		if name == "auto" || name == "" {
			return
		}
		c.Kind, c.Name, c.NameStart = Call, name, r.pos(i)
		for _, e := range c.Kids {
			if e.Kind == Element {
				e.Kind = Arg
			}
		}
	}
}

// nameNew gives new(…) that a function gives back the name of the function's type.
func (r *codeReader) nameNew(b *Node, i, k int) {
	for _, ret := range b.Kids {
		if ret.Kind != Return {
			continue
		}
		for _, c := range ret.Kids {
			if c.Kind == Call && c.Name == "new" {
				c.Name = r.typeName(i, k)
			}
		}
	}
}

// accessorList reads the { get; set; } of a property.
func (r *codeReader) accessorList(i, end int, b *Node) {
	for i < end {
		r.step()
		switch w := r.word(i, end); {
		case (w == "get" || w == "set" || w == "init" || w == "add" || w == "remove") && r.op(i+1, end) == "=>":
			i = r.expressionBody(i+2, end, b)
		case r.opens(i, end, '{'):
			m := r.mate(i, end)
			r.inside(true, func() { r.body(i+1, m, b, false) })
			i = m + 1
		default:
			i = r.next(i, end)
		}
	}
}

// typeName is the dotted name of the type in [i,k).
func (r *codeReader) typeName(i, k int) string {
	for i < k {
		r.step()
		if c := r.class(i, k); c == wModifier || r.word(i, k) == "const" || r.toks[i].kind != tWord {
			i++
			continue
		}
		name, _ := r.path(i, k)
		return name
	}
	return ""
}

// holdsValue says that a range holds a string, a number or a group, so that it is no list of parameters.
func (r *codeReader) holdsValue(i, end int) bool {
	for ; i < end; i++ {
		switch r.toks[i].kind {
		case tStr, tNum:
			return true
		case tOp:
			if s := r.text(i); s == "." || s == "=" {
				return s == "."
			}
		}
	}
	return false
}

// skipOperand skips a name with its members, indices and calls, or one group or string.
func (r *codeReader) skipOperand(i, end int) int {
	if i >= end {
		return i
	}
	start := i
	switch t := &r.toks[i]; t.kind {
	case tWord:
		if t.mate > 0 {
			return i
		}
		i++
	case tStr, tNum:
		i++
	case tOpen:
		if t.open == 'I' || t.open == '<' {
			return i
		}
		i = r.mate(i, end) + 1
	case tOp:
		if s := r.text(i); (s == "." || s == "*" || s == "&" || s == "#" || s == "@") && r.word(i+1, end) != "" {
			i += 2
			break
		}
		return i
	default:
		return i
	}
	for i < end {
		r.step()
		t := &r.toks[i]
		if t.kind == tOpen && (t.open == '[' || t.open == '(') && !t.nl && !(t.sp && (r.l.command || r.l.juxtapose)) {
			i = r.mate(i, end) + 1
			continue
		}
		if t.kind == tOpen && t.open == '{' && r.l.hashEntries && !t.sp {
			i = r.mate(i, end) + 1
			continue
		}
		switch s := r.op(i, end); s {
		case ":":
			if r.l.colonCall && r.word(i+1, end) != "" && (r.opens(i+2, end, '(') || r.isStr(i+2, end) ||
				r.opens(i+2, end, '{')) {
				i += 2
				continue
			}
		case ".", "?.", "&.", "::", "!.":
			if i+1 < end && r.op(i+1, end) == "#" {
				i++
			}
			if i+1 < end && (r.toks[i+1].kind == tWord || r.toks[i+1].kind == tOpen && r.toks[i+1].open != 'I') &&
				!(t.nl && !r.lines && start == i) {
				i += 2
				if r.toks[i-1].kind == tOpen {
					i = r.mate(i-1, end) + 1
				}
				continue
			}
		case "->":
			if r.l.arrowMembers && i+1 < end &&
				(r.toks[i+1].kind == tWord || r.toks[i+1].kind == tOpen) {
				i++
				if r.toks[i].kind == tOpen {
					i = r.mate(i, end) + 1
				} else {
					i++
				}
				continue
			}
		case "-":
			if t.kind == tOp && !t.sp && r.toks[start].kind == tWord && r.word(i+1, end) != "" && !r.toks[i+1].sp &&
				r.op(i+2, end) == ":" {
				i += 2 // api-key: of text that is not quite code
				continue
			}
		case "!":
			if !t.sp && (r.l.tableJS || r.l.forcedTargets) {
				i++
				continue
			}
		}
		break
	}
	return min(i, end)
}

// targetName writes the operand in [i,k) as a dotted name: this.token, headers.Authorization.
func (r *codeReader) targetName(i, k int) string {
	if k == i+1 && r.toks[i].kind != tOpen {
		if r.toks[i].kind == tOp {
			return ""
		}
		return r.keyText(i)
	}
	name := ""
	add := func(s string) {
		if s == "" || len(name) > maxName {
			return
		}
		if name != "" {
			name += "."
		}
		name += s
	}
	for j := i; j < k; {
		r.step()
		t := &r.toks[j]
		switch t.kind {
		case tWord, tNum:
			if t.kind == tWord && j > i && r.op(j-1, k) == "-" {
				name += "-" + r.text(j)
			} else {
				add(cleanName(r.text(j)))
			}
		case tStr:
			add(r.keyText(j))
		case tOpen:
			m := r.mate(j, k)
			switch t.open {
			case '[', '{':
				add(r.indexName(j+1, m))
			case '(':
				if j == i || r.l.parenIndex && r.indexName(j+1, m) != "" {
					add(r.indexName(j+1, m))
				} else {
					name = "" // of what the call gives
				}
			}
			j = m + 1
			continue
		}
		j++
	}
	return name
}

// indexName is the name that an index stands for: a string, a constant, what a function makes of a string.
func (r *codeReader) indexName(i, end int) string {
	if end == i+1 {
		switch r.toks[i].kind {
		case tStr:
			if s := &r.strs[r.toks[i].ref]; len(s.holes) == 0 {
				return s.text(r.src)
			}
		case tWord:
			if r.l.bareKeys || r.l.lisp || r.word(i-2, end) == "" || isConstant(r.text(i)) {
				return cleanName(r.text(i))
			}
		}
		return ""
	}
	name, j := r.path(i, end)
	if j == end {
		if dot := strings.LastIndexByte(name, '.'); dot > 0 && isConstant(name[dot+1:]) {
			return name
		}
		return ""
	}
	// m[os.Getenv("X")] has any entry, not X.
	if r.opens(j, end, '(') && r.mate(j, end) == j+2 && r.isStr(j+1, end) && j+3 == end && !readsOutside(name) {
		return r.keyText(j + 1)
	}
	return ""
}

// readsOutside says that a function gives what its argument names outside of the program.
func readsOutside(fn string) bool {
	switch lower(fn[strings.LastIndexAny(fn, ".:")+1:]) {
	case "getenv", "env", "get", "lookup", "lookupenv", "fetch", "getenvironmentvariable", "var", "getproperty",
		"getstring":
		return true
	}
	return false
}

// isConstant says that a name is written as constants are: all in capitals, or Authorization itself.
func isConstant(s string) bool {
	upper := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a' && c <= 'z':
			return len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && s == "Authorization"
		}
	}
	return upper
}

// callsOf reads the calls that a target holds: what is bound is a part of what they give.
func (r *codeReader) callsOf(i, k int, b *Node) {
	for j := i; j < k; j++ {
		r.step()
		if r.opens(j, k, '(') {
			m := r.mate(j, k)
			if j > i && r.holdsValue(j+1, m) && !r.l.parenIndex {
				n := j
				for n > i && (r.toks[n-1].kind == tWord || r.op(n-1, k) == "." || r.op(n-1, k) == "::" ||
					r.op(n-1, k) == "->") {
					n--
				}
				c := b.newCall(r.targetName(n, j), r.pos(n))
				r.inside(false, func() { r.entries(j+1, m, c, Arg) })
				c.End = r.endPos(m + 1)
			}
			j = m
		}
	}
}
