package syntax

import "strings"

// variables reads the declarations behind let, const, val, var, Dim, my: names, types, values.
func (r *codeReader) variables(i, end int, p *Node, where place, d *decl) int {
	from := d.at
	if r.opens(i, end, '(') && r.l.groupedVars { // const ( … )
		m := r.mate(i, end)
		r.inside(true, func() {
			for k := i + 1; k < m; {
				r.step()
				dd := decl{at: k, exported: d.exported, private: d.private}
				n := r.variables(k, m, p, where, &dd)
				k = max(n, k+1)
			}
		})
		return m + 1
	}
	for i < end && (r.class(i, end) == wModifier || r.class(i, end) == wVar) && i+1 < end && r.toks[i+1].kind == tWord {
		i++ // let mut x, const enum E
	}
	if c := r.class(i, end); (c == wClass || c == wFunc) && r.word(i+1, end) != "" {
		return r.keywordOr(i, end, p, where, d, c)
	}
	if r.l.typedVars && r.op(i, end) == "<" {
		if k := r.angles(i, end); k > i {
			i = k
		}
	}
	if i >= end {
		return i
	}
	switch {
	case r.opens(i, end, '{') && (r.l.tableJS || r.l.bracePatterns):
		return r.destructure(i, end, p, where, d)
	case r.opens(i, end, '('), r.opens(i, end, '['):
		m := r.mate(i, end)
		name, at := r.firstName(i+1, m)
		j := m + 1
		if !r.assigned(j, end) && r.op(j, end) != ":" {
			if r.assigned(j, end) || name == "" {
				return j
			}
		}
		j = r.skipDeclType(j, end)
		if names := r.patternNames(i+1, m); len(names) > 1 && r.assigned(j, end) {
			return r.tuple(names, j+1, end, p, where, d, true)
		}
		b := r.declare(p.newBind(name, r.pos(at)), where, d)
		return r.bindValue(b, j, end)
	case r.toks[i].kind != tWord:
		if r.op(i, end) == "&" || r.op(i, end) == "*" {
			return r.variables(i+1, end, p, where, d)
		}
		return i
	}
	if r.l.varFunctions && r.opens(i+1, end, '(') && r.opens(r.mate(i+1, end)+1, end, '{') {
		if j := r.function(i-1, end, p, d); j > i {
			return j
		}
	}
	if r.l.typeFirst && !r.l.plainVars {
		if k, ok := r.typed(i, end, where); ok {
			i = k
		}
	}
	if r.l.juxtapose {
		return r.equation(i, end, p, where, d)
	}
	// if let Some(x) = …
	if r.opens(i+1, end, '(') && r.assigned(r.mate(i+1, end)+1, end) {
		m := r.mate(i+1, end)
		name, at := r.firstName(i+2, m)
		b := r.declare(p.newBind(name, r.pos(at)), where, d)
		return r.bindValue(b, m+1, end)
	}
	name, k := r.path(i, end)
	if k < end && r.op(k, end) == "?" || r.op(k, end) == "!" {
		k++
	}
	// Several names for the values behind the =.
	names := []int{i}
	for r.l.severalVars && r.op(k, end) == "," && r.word(k+1, end) != "" {
		r.step()
		names = append(names, k+1)
		k += 2
	}
	j := r.skipDeclType(k, end)
	if !r.assigned(j, end) && j == k && len(names) == 1 && r.l.spaceType && j < end && !r.breaks(j, from) &&
		r.toks[j].kind != tOp {
		j = r.skipType(j, end)
	}
	b := r.declare(p.newBind(name, r.pos(i)), where, d)
	if b.Type = r.typeText(k, j); j == k && i > from && r.l.typeFirst {
		b.Type = r.typeText(from, i)
	}
	// var cli struct{ … }
	if r.l.spaceType && r.word(k, end) == "struct" && r.opens(k+1, end, '{') && !r.assigned(j, end) {
		m := r.mate(k+1, end)
		t := b.putGroup(Table, r.pos(k+1))
		t.End = r.endPos(m + 1)
		r.inside(true, func() { r.fields(k+2, m, t) })
	}
	if r.l.asNew && r.word(j, end) == "as" && r.word(j+1, end) == "new" {
		return r.value(b, j+2, end, from)
	}
	if r.word(j, end) == "by" && r.l.delegates {
		return r.value(b, j+1, end, from)
	}
	if r.assigned(j, end) {
		if len(names) > 1 {
			p.Kids = p.Kids[:len(p.Kids)-1]
			return r.several(names, j+1, end, p, where, d, true)
		}
		j = r.bindValue(b, j, end)
		r.notePatterns(b)
		return r.accessors(j, end, b)
	}
	if r.word(j, end) == "from" && r.l.fromWith || r.word(j, end) == "of" || r.word(j, end) == "in" {
		return r.value(b, j+1, end, from) // for (const x of xs)
	}
	if r.opens(j, end, '{') && !r.noBrace && !r.l.tableJS {
		// A property that is computed.
		b.Kind, b.Type = Block, ""
		b.giveType(r.typeText(k, j))
		m := r.mate(j, end)
		r.inside(true, func() { r.body(j+1, m, b, false) })
		b.End = r.endPos(min(m+1, end))
		return m + 1
	}
	b.End = r.endPos(j)
	if j > k || r.l.bareVars || r.l.typeFirst {
		b.Flags |= Typed
	} else {
		p.Kids = p.Kids[:len(p.Kids)-1] // only its name
	}
	return r.accessors(max(j, i+1), end, b)
}

func (r *codeReader) keywordOr(i, end int, p *Node, where place, d *decl, c wordClass) int {
	if j := r.keyword(i, end, p, where, d, c); j > i {
		return j
	}
	return i + 1
}

// accessors reads what stands behind a property of the language and belongs to it.
func (r *codeReader) accessors(i, end int, b *Node) int {
	if r.l.accessors == nil {
		return i
	}
	return r.l.accessors(r, i, end, b)
}

// firstName finds the name in a pattern: Some(x), (a, b), [a, b].
func (r *codeReader) firstName(i, end int) (string, int) {
	at := i
	for k := i; k < end; k++ {
		if r.toks[k].kind == tWord && r.class(k, end) == wNone && r.text(k) != "_" {
			at = k
			if !r.opens(k+1, end, '(') && !r.opens(k+1, end, '{') {
				return cleanName(r.text(k)), k
			}
		}
	}
	if at < end && r.toks[at].kind == tWord {
		return cleanName(r.text(at)), at
	}
	return "", min(i, len(r.toks)-1)
}

// several binds a, b = x, y: one to one where there are as many values as names, else each name to its part of the value.
func (r *codeReader) several(names []int, i, end int, p *Node, where place, d *decl, declares bool) int {
	tmp := &Node{Kind: File}
	var starts []int
	j := i
	for j < end {
		r.step()
		starts = append(starts, len(tmp.Kids))
		k := r.expr(j, end, tmp)
		if k <= j {
			k++
		}
		j = k
		if r.op(j, end) != "," || len(starts) > 64 {
			break
		}
		j++
	}
	starts = append(starts, len(tmp.Kids))
	bind := func(at, part int, kids []*Node) {
		name, _ := r.path(at, end)
		if name == "_" || len(kids) == 0 {
			return
		}
		r.bindPart(p.newBind(name, r.pos(at)), at, part, kids, where, d, declares)
	}
	if len(starts) == len(names)+1 {
		for n, at := range names {
			bind(at, 0, tmp.Kids[starts[n]:starts[n+1]])
		}
		return j
	}
	if r.word(i, end) == "range" { // the index, and the elements
		bind(names[len(names)-1], 0, tmp.Kids)
		return j
	}
	r.parts(names, tmp.Kids, bind)
	return j
}

// patternNames are the tokens of the names that the elements of a pattern bind, -1 of an element without one; at most 16.
func (r *codeReader) patternNames(i, end int) []int {
	var names []int
	for i < end && len(names) < 16 {
		r.step()
		e := i
		for e < end && r.op(e, end) != "," {
			r.step()
			e = r.next(e, end)
		}
		at := -1
		if r.l.typeFirst {
			at = r.lastName(i, e)
		} else if name, k := r.firstName(i, e); name != "" && k < e && r.toks[k].kind == tWord && name != "_" {
			at = k
		}
		names = append(names, at)
		i = e + 1
	}
	return names
}

// bindPart gives a name, whose token is at, its part of a value: part is the part's place, from 1, where kids are the whole.
func (r *codeReader) bindPart(b *Node, at, part int, kids []*Node, where place, d *decl, declares bool) {
	b = r.flag(b, where, d)
	if declares {
		b.Flags |= Declared
	}
	b.Start, b.Index = r.pos(at), part
	for _, k := range kids {
		b.put(k)
		b.End = max(b.End, k.End)
	}
}

// tuple binds the names of a pattern to the elements of the value at i.
func (r *codeReader) tuple(names []int, i, end int, p *Node, where place, d *decl, declares bool) int {
	tmp := &Node{Kind: File}
	j := r.value(tmp, i, end, i)
	bind := func(at, part int, kids []*Node) {
		r.bindPart(p.newBind(cleanName(r.text(at)), r.pos(at)), at, part, kids, where, d, declares)
	}
	if len(tmp.Kids) == 1 && tmp.Kids[0].Kind == List && len(tmp.Kids[0].Kids) == len(names) {
		for n, at := range names {
			if at >= 0 {
				bind(at, 0, tmp.Kids[0].Kids[n].Kids)
			}
		}
		return j
	}
	r.parts(names, tmp.Kids, bind)
	return j
}

// parts gives each of several names its part of a value. The value itself is the first name's; the others have what
// tells where it comes from.
func (r *codeReader) parts(names []int, value []*Node, bind func(at, part int, kids []*Node)) {
	whole := value
	for n, at := range names {
		r.step()
		if at < 0 || r.text(at) == "_" {
			continue
		}
		bind(at, n+1, whole)
		if len(value) != 1 {
			return
		}
		v := value[0]
		if v.Kind == Chain && len(v.Kids) == 1 {
			v = v.Kids[0]
		}
		if v.Kind != Call && v.Kind != Ref {
			return
		}
		whole = []*Node{{Kind: v.Kind, Name: v.Name, NameStart: v.NameStart, Start: v.Start, End: v.End}}
	}
}

// bindValue reads an assignment operator and the value behind it.
func (r *codeReader) bindValue(b *Node, i, end int) int {
	if r.assigned(i, end) || r.op(i, end) == ":" || r.op(i, end) == "=>" {
		i++
	}
	if i < end && r.toks[i].nl && r.l.lines() && r.looksLikeStatement(i, end) {
		return i // cut off behind the =
	}
	return r.value(b, i, end, i)
}

// lines says that a new line ends a statement in the language.
func (l *codeLang) lines() bool { return !l.semicolons && !l.offside }

func (r *codeReader) looksLikeStatement(i, end int) bool {
	c := r.class(i, end)
	return (c == wVar || c == wImport) && r.word(i+1, end) != "" && r.toks[i].mate == 0
}

// value reads the value of b.
func (r *codeReader) value(b *Node, i, end, from int) int {
	if r.tooDeep() {
		e := r.statementEnd(i, end, from)
		return r.flat(i, e, b)
	}
	r.depth++
	j := r.expr(i, end, b)
	r.depth--
	if j < i {
		j = i
	}
	b.End = max(b.End, r.endPos(j))
	return j
}

// equation reads name args = value of F# and Haskell: with arguments it is a function.
func (r *codeReader) equation(i, end int, p *Node, where place, d *decl) int {
	k := i
	var params []string
	typed := -1
	tmp := &Node{Kind: File}
	for k < end && !r.breaks(k, d.at) {
		r.step()
		switch {
		case r.op(k, end) == "=" || r.op(k, end) == "<-":
			goto found
		case r.op(k, end) == ":" || r.op(k, end) == "::":
			if typed < 0 {
				typed = k
			}
		case typed >= 0:
		case r.opens(k, end, '('):
			m := r.mate(k, end)
			if k > i {
				params = append(params, r.params(k+1, m, tmp)...)
			}
		case r.toks[k].kind == tWord && k > i && r.op(k-1, end) != "." && r.op(k, end) == "":
			params = append(params, cleanName(r.text(k)))
		case r.op(k, end) == "," || r.op(k, end) == "->" || r.op(k, end) == "|":
			return i
		}
		k = r.next(k, end)
	}
	if typed > 0 && k > i {
		b := r.declare(p.newBind(cleanName(r.text(i)), r.pos(i)), where, d)
		b.Flags |= Typed
		b.End = r.endPos(k)
		return k
	}
	return i
found:
	name, after := r.path(i, end)
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 && r.l.selfNames && where != inBody {
		name = name[dot+1:] // member this.Name
	}
	if name == "" && r.opens(i, end, '(') {
		name, _ = r.firstName(i+1, r.mate(i, end))
		params = nil
	}
	if len(params) == 0 && !r.opens(after, end, '(') {
		b := r.declare(p.newBind(name, r.pos(i)), where, d)
		return r.bindValue(b, k, end)
	}
	blk := r.flag(p.newBlock(name, r.pos(i)), where, d)
	blk.Params = params
	for _, n := range tmp.Kids {
		blk.put(n)
	}
	j := k + 1
	if r.opens(j, end, 'I') {
		m := r.mate(j, end)
		r.inside(true, func() { r.body(j+1, m, blk, false) })
		j = m + 1
	} else {
		ret := blk.put(&Node{Kind: Return, Start: r.pos(j), End: r.pos(j)})
		j = r.value(ret, j, end, d.at)
	}
	blk.End = max(blk.End, r.endPos(j))
	return j
}

// destructure reads const { A: b, C = "x" } = value.
func (r *codeReader) destructure(i, end int, p *Node, where place, d *decl) int {
	m := r.mate(i, end)
	j := r.skipDeclType(m+1, end)
	if !r.assigned(j, end) && r.word(j, end) != "of" {
		return m + 1
	}
	tmp := &Node{Kind: File}
	e := r.value(tmp, j+1, end, j+1)
	pats := r.pattern(i+1, m)
	if len(tmp.Kids) == 1 && tmp.Kids[0].Kind == Ref {
		ref := tmp.Kids[0]
		for _, pt := range pats {
			b := r.declare(p.newBind(pt.local, pt.at), where, d)
			b.Start, b.End = pt.at, pt.end
			if pt.rest {
				b.putRef(ref.Name, ref.Start).End = ref.End
				continue
			}
			b.putRef(ref.Name+"."+pt.key, pt.at).End = pt.end
			for _, k := range pt.value.Kids {
				b.put(k)
			}
		}
		return e
	}
	b := r.declare(p.newBind(patternName(pats), r.pos(i)), where, d)
	b.End = r.endPos(e)
	for _, k := range tmp.Kids {
		b.put(k)
	}
	r.notePatterns(b)
	for _, pt := range pats {
		if len(pt.value.Kids) > 0 {
			def := p.newBind(pt.local, pt.at)
			def.End = pt.end
			for _, k := range pt.value.Kids {
				def.put(k)
			}
		}
	}
	return e
}

// A patternPart is one name of a pattern { key: local = value }.
type patternPart struct {
	key, local string
	at, end    int
	rest       bool
	value      *Node
}

// patternName writes a pattern as the name of what holds it: "{url,clientKey:key}".
func patternName(pats []patternPart) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, pt := range pats {
		if i > 0 {
			b.WriteByte(',')
		}
		if pt.rest {
			b.WriteString("...")
		}
		b.WriteString(pt.key)
		if pt.local != pt.key {
			b.WriteString(":" + pt.local)
		}
	}
	b.WriteByte('}')
	return b.String()
}

func (r *codeReader) pattern(i, end int) (pats []patternPart) {
	for i < end {
		r.step()
		pt := patternPart{value: &Node{Kind: File}}
		if r.op(i, end) == "..." {
			pt.rest = true
			i++
		}
		if r.op(i, end) == "," {
			i++
			continue
		}
		if i < end && (r.toks[i].kind == tWord || r.toks[i].kind == tStr) {
			pt.key = r.keyText(i)
			pt.local, pt.at, pt.end = pt.key, r.pos(i), int(r.toks[i].end)
			i++
			if r.op(i, end) == ":" && i+1 < end {
				if r.toks[i+1].kind == tWord {
					pt.local, pt.at, pt.end = r.text(i+1), r.pos(i+1), int(r.toks[i+1].end)
					i += 2
				} else if r.opens(i+1, end, '{') && r.depth < 20 {
					m := r.mate(i+1, end)
					r.depth++
					for _, in := range r.pattern(i+2, m) {
						in.key = pt.key + "." + in.key
						pats = append(pats, in)
					}
					r.depth--
					i = m + 1
					pt.key = ""
				}
			}
			if r.op(i, end) == "=" {
				i = r.value(pt.value, i+1, end, i+1)
				pt.end = r.endPos(i)
			}
			if pt.key != "" {
				pats = append(pats, pt)
			}
		}
		for i < end && r.op(i, end) != "," {
			r.step()
			i = r.next(i, end)
		}
		i++
	}
	return pats
}

// keyText is the text of a key: a word, a string, a number.
func (r *codeReader) keyText(i int) string {
	if r.toks[i].kind == tStr {
		return r.strs[r.toks[i].ref].text(r.src)
	}
	return cleanName(r.text(i))
}

// skipDeclType skips the type that follows a name: ": T", "As T", and in Go a plain T.
func (r *codeReader) skipDeclType(i, end int) int {
	switch {
	case i >= end:
		return i
	case r.op(i, end) == ":" || r.op(i, end) == "::" && r.l.doubleColon:
		j := r.skipType(i+1, end)
		if j == i+1 && !r.assigned(j, end) {
			return i
		}
		return j
	case r.word(i, end) == "as" && r.l.asTypes:
		if r.word(i+1, end) == "new" {
			return i // Dim x As New T(…) is a value
		}
		return r.skipType(i+1, end)
	case r.l.spaceType && !r.assigned(i, end) && r.op(i, end) != "," && r.op(i, end) != ";":
		if r.lines && r.toks[i].nl {
			return i
		}
		return r.skipType(i, end)
	case r.opens(i, end, '[') && r.l.typeFirst: // char x[] = …
		for r.opens(i, end, '[') {
			r.step()
			i = r.mate(i, end) + 1
		}
	}
	return min(i, end)
}

// typeLike reads type Name = …, typealias, and the types of Go, Rust and F# that have a body.
func (r *codeReader) typeLike(i, end int, p *Node, d *decl) int {
	if r.opens(i+1, end, '(') && r.l.spaceType {
		m := r.mate(i+1, end)
		r.inside(true, func() {
			for k := i + 2; k < m; {
				r.step()
				n := r.typeLike(k-1, m, p, &decl{at: k})
				k = max(n, k+1)
			}
		})
		return m + 1
	}
	name, j := r.path(i+1, end)
	if name == "" {
		return i + 1
	}
	if r.op(j, end) == "<" {
		if k := r.angles(j, end); k > j {
			j = k
		}
	}
	if r.opens(j, end, '[') && r.l.squareType && !r.toks[j].sp {
		j = r.mate(j, end) + 1
	}
	switch {
	case r.l.spaceType && r.word(j, end) == "struct" && r.opens(j+1, end, '{'):
		m := r.mate(j+1, end)
		b := r.flag(p.newBlock(name, r.pos(i+1)), inFile, d)
		b.Flags |= Class
		b.End = r.endPos(m + 1)
		r.inside(true, func() { r.fields(j+2, m, b) })
		return m + 1
	case r.l.spaceType:
		return max(r.skipType(j, end), j)
	case r.l.typeBody != nil:
		return r.l.typeBody(r, name, i, j, end, p, d)
	case r.l.tableJS && r.op(j, end) == "=" && r.opens(j+1, end, '{'):
		m := r.mate(j+1, end)
		b := r.flag(p.newBlock(name, r.pos(i+1)), inFile, d)
		b.Flags |= Class
		b.End = r.endPos(m + 1)
		r.inside(true, func() { r.statements(j+2, m, b, inType) })
		return m + 1
	}
	if r.op(j, end) == "=" || r.op(j, end) == ":" {
		j = r.skipType(j+1, end)
	}
	return max(r.statementEnd(j, end, d.at), i+1)
}
