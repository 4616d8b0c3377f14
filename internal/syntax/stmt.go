package syntax

import "strings"

// A decl is what stands in front of a declaration.
type decl struct {
	at       int // its first token
	where    place
	notes    []*Node
	exported bool
	private  bool
	isDef    bool // export default
	words    int  // how many modifiers
}

// statement reads one statement, or one of several declarations that a comma parts.
func (r *codeReader) statement(i, end int, p *Node, where place) int {
	switch t := &r.toks[i]; t.kind {
	case tClose:
		return i + 1
	case tText:
		p.putLit(r.text(i), int(t.start), int(t.end), 0)
		return i + 1
	case tOp:
		switch s := r.text(i); s {
		case "@", "#", ".", "&", "*", "(", "...", "-", "+", "!", "<", "~", "\\", "%", "::", "->":
		default:
			return i + 1
		}
	}
	d := decl{at: i, where: where}
	alone := r.alone == i && i > 0
	if j := r.annotations(i, end, &d); j > i {
		i = j
		if i >= end {
			for _, n := range d.notes {
				p.put(n)
			}
			return i
		}
		kept := d.notes[:0]
		for _, n := range d.notes {
			if n.Kind == Bind { // #define
				p.put(n)
			} else {
				kept = append(kept, n)
			}
		}
		d.notes = kept
	}
	i = r.modifiers(i, end, &d)
	if i >= end {
		return i
	}
	if r.op(i, end) == "*" && d.exported && r.l.tableJS {
		if j := r.exportAll(i, end, p); j > i {
			return j
		}
	}
	if r.op(i, end) == "#" || r.op(i, end) == "*" && r.l.tableJS {
		i++
		if i >= end {
			return i
		}
	}
	n := len(p.Kids)
	j := r.stated(i, end, p, where, &d)
	if alone {
		r.confine(p, n, r.endPos(j))
	}
	if len(d.notes) > 0 {
		r.annotate(p, n, d.notes)
	}
	return j
}

// annotate hangs annotations under the first declaration among the kids from n on, else beside them.
func (r *codeReader) annotate(p *Node, n int, notes []*Node) {
	for _, k := range p.Kids[n:] {
		if k.Kind == Bind || k.Kind == Block {
			for _, a := range notes {
				a.Parent = k
			}
			k.Kids = append(notes[:len(notes):len(notes)], k.Kids...)
			return
		}
	}
	for _, a := range notes {
		p.put(a)
	}
}

// stated reads a statement behind its modifiers.
func (r *codeReader) stated(i, end int, p *Node, where place, d *decl) int {
	if r.l.messages && (where == inFile || where == inClass) && (r.op(i, end) == "-" || r.op(i, end) == "+") &&
		r.opens(i+1, end, '(') {
		if j := r.method(i, end, p); j > i {
			return j
		}
	}
	if where == inArms {
		if j := r.arrow(i, end); j > i {
			r.label(i, j, p)
			return r.armBody(j+1, end, p)
		}
	}
	if r.opens(i, end, '{') && r.l.braceValues {
		if m := r.mate(i, end); r.l.braceTuples && r.op(m+1, end) == "=" {
			if names := r.patternNames(i+1, m); len(names) > 1 {
				return max(r.tuple(names, m+2, end, p, where, d, true), i+1)
			}
		}
		return r.expression(i, end, p)
	}
	if r.opens(i, end, '{') || r.opens(i, end, 'I') {
		if m := r.mate(i, end); !r.assigned(m+1, end) && !(d.words > 0 && r.l.tableJS && where == inFile) {
			if r.op(m+1, end) == "." || r.opens(m+1, end, '(') || r.l.tableJS && r.op(m+1, end) == "," {
				return r.expression(i, end, p)
			}
			r.nested(i+1, m, p, where)
			return m + 1
		}
	}
	if r.opens(i, end, '(') && d.words > 0 && !d.isDef {
		m := r.mate(i, end)
		r.inside(true, func() { r.statements(i+1, m, p, where) })
		return m + 1
	}
	if w := r.word(i, end); w != "" {
		if w == "default" && r.op(i+1, end) == ":" && where != inClass &&
			!((r.isStr(i+2, end) || r.class(i+2, end) == wPrefix) && (i+3 >= end || r.op(i+3, end) == "," ||
				r.toks[i+3].nl)) {
			return i + 2 // a label
		}
		class := r.l.words.class(w)
		if class != wNone && r.isName(i, end, class, where) {
			class = wNone
		}
		if j := r.keyword(i, end, p, where, d, class); j > i {
			return j
		}
	}
	return r.expressionOrDecl(i, end, p, where, d)
}

// isName says that a keyword stands as a plain name: default: "x", type = "y", module.exports.
func (r *codeReader) isName(i, end int, class wordClass, where place) bool {
	n := r.op(i+1, end)
	switch class {
	case wControl, wElse, wCase:
		if r.toks[i].mate > 0 {
			return false
		}
		return n == "=" || n == "." && class != wCase || n == ":=" || n == ":" && (r.l.tableJS && class != wCase &&
			!r.isDefault(i, end) || r.l.controlNames && class == wControl)
	case wImport:
		return n == "." && r.l.tableJS || n == "=" || n == ":" || n == "=>"
	case wReturn:
		return n == ":" && r.l.layout == nil || n == "=" || n == "=>"
	case wVar, wModifier, wType, wClass, wFunc, wLambda:
		switch n {
		case "=", ":", ".", "=>", "?.", "+=", "->", ",", ";":
			return !(class == wVar && n == ".") && !(class == wFunc && r.l.strictFuncs)
		case "?":
			return r.l.tableJS
		}
		if class == wType || class == wClass {
			switch {
			case i+1 >= end || r.breaks(i+1, i):
				return !r.l.namelessClasses
			case r.opens(i+1, end, '('), r.isStr(i+1, end) && r.l.command:
				return !(class == wType && r.l.spaceType) && r.toks[i].mate == 0
			case r.opens(i+1, end, '['):
				return true
			}
		}
		return r.opens(i+1, end, '(') && (class == wVar && !r.l.varTuples || class == wFunc && r.l.funcCalls)
	}
	return false
}

func (r *codeReader) isDefault(i, end int) bool { return r.word(i, end) == "default" }

// keyword reads a statement that a keyword begins. It gives i where it is none.
func (r *codeReader) keyword(i, end int, p *Node, where place, d *decl, class wordClass) int {
	switch class {
	case wImport:
		return r.importStatement(i, end)
	case wReturn:
		return r.returned(i, end, p)
	case wVar:
		return r.variables(i+1, end, p, where, d)
	case wFunc, wLambda:
		if w := r.word(i, end); class == wLambda && w != "function" && w != "func" && w != "sub" {
			break
		}
		if j := r.function(i, end, p, d); j > i {
			return j
		}
	case wClass:
		if j := r.classLike(i, end, p, d); j > i {
			return j
		}
	case wType:
		return r.typeLike(i, end, p, d)
	case wControl:
		return r.control(i, end, p, where)
	case wCase:
		if where == inEnum || r.class(i+1, end) == wClass {
			return i + 1
		}
		return r.caseLabel(i, end, p)
	case wElse:
		if r.word(i+1, end) == "if" {
			return i + 1
		}
		if r.l.layout != nil || r.op(i+1, end) == ":" {
			if r.op(i+1, end) == ":" {
				return i + 2
			}
		}
		if m := int(r.toks[i].mate); m > i {
			r.nested(i+1, min(m, end), p, where)
			return min(m+1, end)
		}
		r.alone = i + 1
		return i + 1
	case wEnd:
		if r.l.closersNamed {
			return r.statementEnd(i+1, end, i)
		}
		return i + 1
	case wInfix:
		return i + 1
	}
	return i
}

// annotations reads @Name(…), [Name(…)] and #[name(…)] in front of a declaration.
func (r *codeReader) annotations(i, end int, d *decl) int {
	for i < end {
		r.step()
		switch {
		case r.l.atDirectives && r.op(i, end) == "@" && r.toks[i].nl && r.word(i+1, end) != "": // @implementation X
			i++
			for i < end && !r.toks[i].nl {
				i++
			}
		case r.op(i, end) == "@" && i+1 < end && r.toks[i+1].kind == tWord && !r.l.noAtNotes &&
			!r.toks[i+1].sp:
			if r.word(i+1, end) == "interface" && r.l.noteTypes {
				return i + 1
			}
			n := &Node{Kind: File}
			j := r.annotation(i+1, end, n)
			d.notes = append(d.notes, n.Kids...)
			i = j
		case (r.l.bracketNotes || r.l.angleNotes && r.op(i+1, end) == "<") && r.opens(i, end, '['):
			m := r.mate(i, end)
			if r.assigned(m+1, end) || m+1 < end && r.toks[m+1].kind == tOp && r.op(m+1, end) != "@" ||
				!r.namesFirst(i+1, m) {
				return i
			}
			d.notes = append(d.notes, r.attributes(i+1, m)...)
			i = m + 1
		case r.op(i, end) == "#" && (r.opens(i+1, end, '[') || r.op(i+1, end) == "!" && r.opens(i+2, end, '[')) &&
			r.l.hashNotes:
			j := i + 1
			if !r.opens(j, end, '[') {
				j++
			}
			m := r.mate(j, end)
			d.notes = append(d.notes, r.attributes(j+1, m)...)
			i = m + 1
		case r.opens(i, end, '[') && r.opens(i+1, end, '[') && r.l.doubleNotes:
			i = r.mate(i, end) + 1
		case r.op(i, end) == "#" && r.l.preproc:
			j := r.directive(i, end, d)
			if j <= i {
				return i
			}
			i = j
		default:
			return min(i, end)
		}
	}
	return min(i, end)
}

// namesFirst says that a range begins like an attribute, with a name.
func (r *codeReader) namesFirst(i, end int) bool {
	return r.word(i, end) != "" && (i+1 >= end || r.op(i+1, end) != "" || r.toks[i+1].kind == tOpen)
}

// annotation reads name(args) behind the @.
func (r *codeReader) annotation(i, end int, p *Node) int {
	at := r.pos(i)
	name, j := r.path(i, end)
	for r.op(j, end) == ":" && r.l.noteTargets && r.word(j+1, end) != "" {
		r.step()
		name, j = r.path(j+1, end) // @field:Name
	}
	c := p.newCall("@"+name, at)
	c.End = r.endPos(j)
	if r.opens(j, end, '(') && !r.toks[j].nl {
		m := r.mate(j, end)
		r.inside(false, func() { r.entries(j+1, m, c, Arg) })
		j = m + 1
	}
	return min(j, end)
}

// attributes reads the parts of [A, B(x)].
func (r *codeReader) attributes(i, end int) []*Node {
	n := &Node{Kind: File}
	for i < end {
		r.step()
		if r.word(i, end) == "" {
			i++
			continue
		}
		if r.op(i+1, end) == ":" {
			i += 2 // [assembly: …]
			continue
		}
		if r.op(i+1, end) == "=" { // #[name = "x"]
			c := n.newCall("@"+r.text(i), r.pos(i))
			i = r.expr(i+2, end, c.putNext(Arg, r.pos(i+2)))
			continue
		}
		i = r.annotation(i, end, n)
		for i < end && r.op(i, end) != "," {
			r.step()
			i = r.next(i, end)
		}
	}
	return n.Kids
}

// path reads a dotted name.
func (r *codeReader) path(i, end int) (string, int) {
	if r.word(i, end) == "" {
		return "", i
	}
	name := cleanName(r.text(i))
	i++
	for i+1 < end && r.toks[i+1].kind == tWord {
		r.step()
		switch r.op(i, end) {
		case ".", "::", "\\", "?.", "&.":
			if len(name) < maxName {
				name += "." + cleanName(r.text(i+1))
			}
			i += 2
			continue
		}
		break
	}
	return name, i
}

// cleanName takes sigils and quotes off a name.
func cleanName(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '$', '%':
		if len(s) > 1 {
			return strings.TrimLeft(s, "$%")
		}
	case '`':
		return strings.Trim(s, "`")
	}
	return s
}

// modifiers skips the words in front of a declaration and notes what they say.
func (r *codeReader) modifiers(i, end int, d *decl) int {
	for i < end && r.toks[i].kind == tWord && r.l.words.class(r.word(i, end)) == wModifier {
		r.step()
		w := r.word(i, end)
		j := i + 1
		if r.op(j, end) == ":" && r.l.accessLabels {
			i = j + 1 // public:
			continue
		}
		if r.opens(j, end, '(') && (r.l.scopedModifiers || r.l.modifierArgs) {
			m := r.mate(j, end)
			if r.l.scopedModifiers && m == j+2 || r.l.modifierArgs && strings.HasPrefix(w, "__") {
				j = m + 1 // private(set), pub(crate)
			}
		}
		if r.opens(j, end, '[') && r.l.squareModifiers {
			j = r.mate(j, end) + 1 // private[this]
		}
		if w == "template" && r.op(j, end) == "<" {
			if k := r.angles(j, end); k > j {
				j = k
			}
		}
		if j >= end || r.breaks(j, i) && r.toks[j].kind != tWord {
			if r.l.modifierCalls && j >= end || r.toks[min(j, end-1)].nl {
				return j
			}
			return i
		}
		ok := false
		switch t := &r.toks[j]; t.kind {
		case tWord:
			ok = true
			if c := r.class(j, end); c == wInfix || c == wCast && !r.l.castNames {
				ok = false
			}
		case tOpen:
			ok = t.open == '{' && (w == "export" || w == "static" || w == "default" || w == "module") ||
				t.open == '[' && r.l.tableJS ||
				t.open == '(' && (r.l.parenNames || w == "default" && d.exported || w == "const") ||
				(w == "default" || w == "export") && d.words > 0
		case tStr, tNum:
			ok = w == "default" && d.exported || r.l.modifierCalls || w == "extern"
		case tOp:
			s := r.text(j)
			ok = s == "*" && (w == "export" || w == "async" || r.l.declarators) || s == "@" || s == "#" || s == "&" &&
				r.l.declarators ||
				w == "default" && d.exported && s != "=" && s != ":" || s == "?" && r.l.nullableTypes || s == "[" ||
				s == "<" && r.l.declarators
		}
		if !ok {
			return i
		}
		d.words++
		switch w {
		case "export", "public", "pub", "open", "internal", "protected", "global", "external":
			d.exported = true
		case "private", "fileprivate", "local", "friend", "inner":
			d.private = true
		case "default":
			d.isDef = d.exported
		}
		i = j
		i = r.annotations(i, end, d)
	}
	return i
}

// flag gives a declaration its visibility.
func (r *codeReader) flag(n *Node, where place, d *decl) *Node {
	if n == nil {
		return n
	}
	n.Start = min(n.Start, r.pos(d.at))
	exported := d.exported
	switch r.l.exported {
	case byTop:
		exported = (where == inFile || where == inClass) && !d.private
	case notPrivate:
		exported = (where == inFile || where == inClass || where == inEnum) && !d.private
	case byWord:
		if (where == inClass || where == inEnum) && !d.private && r.l.tableJS {
			exported = true
		}
	}
	if exported {
		n.Flags |= Exported
	}
	return n
}

// declare is flag of a Bind that brings a name in.
func (r *codeReader) declare(n *Node, where place, d *decl) *Node {
	n.Flags |= Declared
	return r.flag(n, where, d)
}

// returned reads return and its value.
func (r *codeReader) returned(i, end int, p *Node) int {
	ret := p.put(&Node{Kind: Return, Start: r.pos(i), End: int(r.toks[i].end)})
	w := r.word(i, end)
	j := i + 1
	if r.word(j, end) == "from" || w == "yield" && r.word(j, end) == "return" {
		j++
	}
	if r.op(j, end) == "@" && r.l.returnLabels { // return@label
		j += 2
	}
	if r.op(j, end) == "*" {
		j++
	}
	if j < end && !r.breaks(j, i) {
		if c := r.class(j, end); c == wControl && (r.word(j, end) == "if" || r.word(j, end) == "unless") &&
			r.l.ends != nil && r.toks[j].mate == 0 {
			return j
		}
		j = r.given(i, j, end, ret)
	}
	ret.End = max(ret.End, r.endPos(j))
	if len(ret.Kids) == 0 {
		p.Kids = p.Kids[:len(p.Kids)-1]
	}
	return max(j, i+1)
}

// given reads what the return at i gives back: several values are a List.
func (r *codeReader) given(i, j, end int, ret *Node) int {
	list := ret.putGroup(List, r.pos(j))
	for j < end {
		r.step()
		e := list.putNext(Element, r.pos(j))
		j = r.expr(j, end, e)
		e.End = r.endPos(j)
		if r.op(j, end) != "," || r.breaks(j, i) || r.l.tableJS {
			break
		}
		j++
	}
	list.End = r.endPos(j)
	if len(list.Kids) == 1 {
		ret.Kids = ret.Kids[:0]
		for _, k := range list.Kids[0].Kids {
			ret.put(k)
		}
	}
	return j
}

// assigned says that an assignment operator stands at i.
func (r *codeReader) assigned(i, end int) bool { return r.isAssign(r.op(i, end)) }

func (r *codeReader) isAssign(s string) bool {
	switch s {
	case "=", ":=", "+=", "||=", "??=", "&&=", ".=", "?=", "//=":
		return true
	case "<-":
		return r.l.leftArrows
	}
	return false
}

// expression reads an expression that is a statement.
func (r *codeReader) expression(i, end int, p *Node) int {
	j := r.expr(i, end, p)
	return max(j, i+1)
}
