package syntax

import "strings"

// expr reads an expression: all its atoms become kids of p, in order. It stops at a comma, a semicolon, a stray colon,
// and where a new statement begins.
func (r *codeReader) expr(i, end int, p *Node) int {
	if r.tooDeep() {
		e := i
		for e < end && r.op(e, end) != "," && r.op(e, end) != ";" && !r.breaks(e, i) {
			r.step()
			e = r.next(e, end)
		}
		return r.flat(i, e, p)
	}
	r.depth++
	defer func() { r.depth-- }()
	from := i
	first := len(p.Kids) // where the operand of a ? begins
	waiting := 0         // ? without their :
	fold := false        // a string may join the one before
	operand := false     // an operand has just been read
	isNew := false
	for i < end {
		r.step()
		if i > from && r.breaks(i, from) {
			return i
		}
		t := &r.toks[i]
		switch t.kind {
		case tClose:
			i++
			continue
		case tOp:
			s := r.op(i, end)
			switch {
			case s == "," || s == ";":
				return i
			case r.isAssign(s) && s != "<-" && !(r.l.caseless && s == "="):
				if j := r.chained(i, end, p, first); j > i {
					return j
				}
				i++
			case s == "?" || s == "?:" || s == "??" || s == "||":
				if s == "?" && !r.l.noTernary && operand && (t.sp || !r.l.angles) {
					r.condition(p, first, "if", i)
					waiting++
					first = len(p.Kids)
				}
				i++
			case s == ":":
				if waiting == 0 {
					if r.l.colonBodies || r.opens(i+1, end, 'I') {
						return i
					}
					if r.l.quotedSymbols && r.isStr(i+1, end) {
						i++
						continue
					}
					return i
				}
				waiting--
				first = len(p.Kids)
				i++
			case s == "." && i+1 < end && r.toks[i+1].kind == tWord && (!operand || r.l.concat != "."):
				i = r.operand(i+1, end, p, false)
				operand = true
				fold = false
				continue
			case s == "->" && r.l.arrowLambdas:
				i = r.lambda(i, end, p)
				operand = true
				continue
			case s == "\\" && r.l.backslashLambdas, (s == "|" || s == "||") && r.l.barLambdas && !operand:
				i = r.lambda(i, end, p)
				operand = true
				continue
			case s == "@" && r.word(i+1, end) != "" && r.l.innerNotes:
				_, i = r.path(i+1, end)
			case s == "#" && r.l.flexTypes, s == "%" && (r.opens(i+1, end, '{') || r.word(i+1, end) != "") &&
				r.l.structs:
				i++
				continue
			case s == "&" && r.l.captures && i+1 < end && r.toks[i+1].kind == tNum:
				i += 2
			case s == "::" && r.word(i+1, end) != "" && !operand:
				i++
				continue
			case s == "<" && !operand && r.l.angles:
				if k := r.angles(i, end); k > i {
					i = k
				} else {
					i++
				}
				continue
			default:
				i++
			}
			fold = operand && r.joins(s)
			operand = false
			continue
		case tText:
			p.putLit(r.text(i), int(t.start), int(t.end), 0)
			i++
			continue
		case tWord:
			if class := r.class(i, end); class != wNone && !(r.op(i+1, end) == "." && class != wImport &&
				class != wPrefix) {
				n := len(p.Kids)
				j := r.exprKeyword(i, end, p, class, &first, operand, &isNew)
				if j == i {
					return i
				}
				if j > i {
					i = j
					operand = len(p.Kids) > n || operand && class == wCast
					fold = false
					continue
				}
			}
		}
		if operand && r.endsWithBrace(i) && (t.kind == tWord || t.kind == tStr || t.kind == tNum) && !r.l.juxtapose &&
			!r.l.command {
			return i
		}
		if operand && t.nl && r.isKey(i, end) {
			return i // an entry after a forgotten comma
		}
		join := fold || operand && r.l.adjacent && t.kind == tStr
		n := len(p.Kids)
		j := r.operand(i, end, p, isNew)
		if j <= i {
			j = i + 1
		}
		isNew = false
		if join {
			r.join(p, n)
		}
		fold = false
		operand = true
		i = j
	}
	return i
}

// joins says that an operator joins strings.
func (r *codeReader) joins(s string) bool {
	c := r.l.concat
	return s == c || c != "" && strings.Contains(" "+c+" ", " "+s+" ")
}

// join makes one literal of the last one before n and the first of the kids from n on, if both are constant.
func (r *codeReader) join(p *Node, n int) {
	if n == 0 || n >= len(p.Kids) {
		return
	}
	a, b := p.Kids[n-1], p.Kids[n]
	if a.Kind != Literal || b.Kind != Literal || a.Flags&Template != 0 || b.Flags&Template != 0 ||
		(a.Flags|b.Flags)&Quoted == 0 || a.End > b.Start {
		return
	}
	// long texts of many parts stay apart, or joining were quadratic
	if len(a.Text) > 1<<12 && len(b.Text) < len(a.Text) {
		return
	}
	a.Text += b.Text
	a.End = b.End
	a.Flags |= b.Flags
	p.Kids = append(p.Kids[:n], p.Kids[n+1:]...)
}

// endsWithBrace says that what was read last was a { }: without an operator nothing goes on behind it.
func (r *codeReader) endsWithBrace(i int) bool {
	return i > 0 && r.toks[i-1].kind == tClose && r.toks[i-1].end > r.toks[i-1].start && r.src[r.toks[i-1].end-1] == '}'
}

// isKey says that a token on a new line is the key of an entry, so that a comma was forgotten.
func (r *codeReader) isKey(i, end int) bool {
	return i+1 < end && (r.toks[i].kind == tWord || r.toks[i].kind == tStr) && r.op(i+1, end) == ":" &&
		!r.l.semicolons && !r.lines
}

// condition puts what has been read of a ? into the argument of a call with the name of the keyword.
func (r *codeReader) condition(p *Node, first int, name string, at int) {
	if first >= len(p.Kids) {
		return
	}
	kids := append([]*Node(nil), p.Kids[first:]...)
	p.Kids = p.Kids[:first]
	c := p.newCall(name, kids[0].Start)
	c.NameStart = kids[0].Start
	c.End = r.pos(at)
	a := c.putNext(Arg, kids[0].Start)
	for _, k := range kids {
		a.put(k)
	}
}

// chained reads a = b = value inside an expression.
func (r *codeReader) chained(i, end int, p *Node, first int) int {
	if len(p.Kids) <= first {
		return i
	}
	last := p.Kids[len(p.Kids)-1]
	if last.Kind != Ref {
		return i
	}
	p.Kids = p.Kids[:len(p.Kids)-1]
	b := p.newBind(last.Name, last.Start)
	return max(r.value(b, i+1, end, i+1), i+1)
}

// exprKeyword reads a keyword in an expression. It gives i to stop there, and -1 to read the word as a name.
func (r *codeReader) exprKeyword(i, end int, p *Node, class wordClass, first *int, operand bool, isNew *bool) int {
	w := r.word(i, end)
	next := r.op(i+1, end)
	switch class {
	case wPrefix:
		if next == "=" || next == ":" && !r.l.tableJS || next == ")" || i+1 >= end && w != "await" {
			return -1
		}
		if next == "." && w != "new" && w != "await" || r.opens(i+1, end, '(') && (w == "new" || w == "print" &&
			!r.l.barePrint || w == "raise" || w == "assert" || w == "typeof" && r.l.typeofCalls ||
			w == "nameof") {
			return -1
		}
		if w == "new" {
			*isNew = true
			if r.opens(i+1, end, '[') || r.opens(i+1, end, '{') {
				return i + 1
			}
		}
		if w == "raise" && r.l.command && r.isStr(i+1, end) {
			return -1
		}
		return i + 1
	case wInfix:
		if r.op(i-1, end) == "." {
			return -1
		}
		if w == "match" && r.opens(i+1, end, '{') { // x match { … } of Scala
			r.condition(p, *first, w, i)
			m := r.mate(i+1, end)
			r.nested(i+2, m, p, inArms)
			return min(m+1, end)
		}
		if w == "with" && r.opens(i+1, end, '{') {
			m := r.mate(i+1, end)
			r.table(i+1, m, p)
			return min(m+1, end)
		}
		if r.l.fromWith && (w == "with" || w == "from") {
			return i + 1
		}
		if !operand && (w == "to" || w == "by" || w == "x" || w == "of" || w == "on") {
			return -1
		}
		return i + 1
	case wCast:
		if !operand {
			return -1
		}
		if r.word(i+1, end) == "const" && r.l.tableJS {
			return i + 2
		}
		j := r.skipType(i+1, end)
		if r.op(i+1, end) == "?" || r.op(i+1, end) == "!" { // as? T
			j = r.skipType(i+2, end)
		}
		return max(j, i+1)
	case wControl:
		if next == "=" || next == ":" && r.l.kwargs || next == "," {
			return -1
		}
		return r.controlExpr(i, end, p, w, first, operand)
	case wElse:
		*first = len(p.Kids)
		j := i + 1
		if m := int(r.toks[i].mate); m > i {
			if w == "do" && r.noDo {
				return i
			}
			if operand && (w == "do" || w == "fn") { // a closure behind a command
				return r.closure(i, end, p)
			}
			m = min(m, end)
			r.nested(j, m, p, inBody)
			return min(m+1, end)
		}
		if r.opens(j, end, '{') && (w != "loop") {
			m := r.mate(j, end)
			r.nested(j+1, m, p, inBody)
			return min(m+1, end)
		}
		return j
	case wCase:
		if r.l.caseArms || r.l.tableJS || r.l.typeFirst {
			return i
		}
		return i + 1
	case wLambda:
		return r.lambda(i, end, p)
	case wFunc:
		if w == "function" || w == "fun" || w == "func" || w == "sub" || w == "fn" {
			if r.opens(i+1, end, '(') || r.word(i+1, end) != "" || r.op(i+1, end) == "*" || r.op(i+1, end) == "<" ||
				r.opens(i+1, end, '{') {
				return r.lambda(i, end, p)
			}
		}
		return -1
	case wClass:
		if next == "" && i+1 < end && (r.word(i+1, end) != "" || r.opens(i+1, end, '{')) || next == ":" &&
			w == "object" || r.opens(i+1, end, '{') {
			if w == "object" && next == ":" {
				return r.anonymousObject(i, end, p)
			}
			if j := r.classLike(i, end, p, &decl{at: i}); j > i {
				return j
			}
		}
		return -1
	case wVar:
		if r.word(i+1, end) != "" && next == "" && !r.toks[i+1].nl {
			return i + 1
		}
		return -1
	case wModifier:
		if w == "async" && (r.opens(i+1, end, '(') || r.word(i+1, end) != "") || r.word(i+1, end) != "" &&
			!r.breaks(i+1, i) && r.class(i+1, end) != wInfix && r.class(i+1, end) != wCast &&
			(r.l.tableJS || r.class(i+1, end) == wLambda || r.class(i+1, end) == wFunc || w == "const" ||
				w == "static") {
			if w == "async" && r.opens(i+1, end, '(') && r.op(r.mate(i+1, end)+1, end) != "=>" && r.l.arrows == "=>" &&
				!r.opens(r.mate(i+1, end)+1, end, '{') && r.op(r.mate(i+1, end)+1, end) != ":" {
				return -1
			}
			return i + 1
		}
		return -1
	case wReturn:
		if operand || w == "return" {
			return i + 1
		}
		return -1
	case wEnd:
		if r.opens(i+1, end, '(') || next == "=" || next == "." {
			return -1
		}
		return i + 1
	case wImport:
		if r.l.requires && w != "use" && !r.opens(i+1, end, '(') && (i+1 >= end || next == "" || next == "@") {
			return r.required(i, end, p)
		}
		return -1
	}
	return -1
}

// controlExpr reads if, when, switch, match, try in an expression: their values are atoms of it.
func (r *codeReader) controlExpr(i, end int, p *Node, w string, first *int, operand bool) int {
	if operand {
		switch w {
		case "switch", "match": // x switch { a => b } of C#
			if r.opens(i+1, end, '{') {
				r.condition(p, *first, w, i)
				m := r.mate(i+1, end)
				r.nested(i+2, m, p, inArms)
				return min(m+1, end)
			}
			return -1
		case "if", "unless":
			if r.l.ifBehind {
				// value if condition else value
				e := i + 1
				for e < end && r.word(e, end) != "else" && r.op(e, end) != "," && r.op(e, end) != ";" &&
					!r.breaks(e, i) {
					r.step()
					e = r.next(e, end)
				}
				n := len(p.Kids)
				for k := i + 1; k < e; {
					r.step()
					k = max(r.expr(k, e, p), k+1)
				}
				r.condition(p, n, "if", e)
				*first = len(p.Kids)
				return e
			}
		case "for", "while", "async":
			if r.l.comprehends {
				e := i + 1
				for e < end && r.op(e, end) != "," && !r.breaks(e, i) {
					r.step()
					e = r.next(e, end)
				}
				r.head(w, i+1, e, p, i)
				return e
			}
		case "rescue":
			return i + 1
		case "with", "select":
			return -1
		case "when", "where", "guard", "until", "using", "lock":
			return i + 1
		}
		return i // a statement of its own
	}
	j := r.control(i, end, p, inBody)
	if r.l.ends != nil && int(r.toks[i].mate) > i {
		return j
	}
	*first = len(p.Kids)
	// The body that the head has left.
	if r.opens(j, end, '{') || r.opens(j, end, 'I') {
		m := r.mate(j, end)
		where := inBody
		if w == "match" || w == "when" || w == "switch" || w == "case" {
			where = inArms
		}
		r.nested(j+1, m, p, where)
		return min(m+1, end)
	}
	return max(j, i+1)
}

// operand reads one operand with all that hangs on it.
func (r *codeReader) operand(i, end int, p *Node, isNew bool) int {
	t := &r.toks[i]
	switch t.kind {
	case tStr:
		n := len(p.Kids)
		r.str(i, p)
		i++
		if s := r.op(i, end); s == "." || s == "?." || s == "&." {
			return r.members(i, end, p, &link{node: p, base: n})
		}
		return i
	case tNum:
		p.putLit(r.text(i), int(t.start), int(t.end), 0)
		i++
		if r.op(i, end) == "." && r.word(i+1, end) != "" {
			return r.members(i, end, p, &link{node: p})
		}
		return i
	case tOpen:
		j, done := r.group(i, end, p, isNew)
		if done {
			return j
		}
		return r.members(j, end, p, &link{node: p})
	case tWord:
		return r.name(i, end, p, isNew)
	}
	return i + 1
}

// str makes the literal of a string, and what its holes hold.
func (r *codeReader) str(i int, p *Node) *Node {
	s := &r.strs[r.toks[i].ref]
	n := p.putLit(s.text(r.src), s.start, s.end, s.flags)
	if s.mark == regexStr {
		n.Flags &^= Quoted
	}
	if len(s.holes) == 0 {
		return n
	}
	n.Flags |= Template
	if r.depth > 20 {
		return n
	}
	for _, h := range s.holes {
		r.hole(h, p)
	}
	return n
}

// hole reads an expression inside a string.
func (r *codeReader) hole(h codeHole, p *Node) {
	src := r.src[h.from:h.to]
	if len(src) < 200 && isDotted(src) {
		n := p.putRef(strings.TrimPrefix(src, "$"), h.from)
		n.End = h.to
		return
	}
	in := r.l
	x := newCodeLexer(r.meter, in, src)
	x.nest = r.depth / 4
	x.run()
	k := &codeReader{meter: r.meter, l: in, src: src, strs: x.strs, depth: r.depth + 4}
	k.toks = pair(r.meter, in, src, x.toks)
	tmp := &Node{Kind: File}
	for i := 0; i < len(k.toks); {
		r.step()
		i = max(k.expr(i, len(k.toks), tmp), i+1)
	}
	for _, c := range tmp.Kids {
		walk(c, func(n *Node) { n.Start += h.from; n.End += h.from; n.NameStart += h.from })
		p.put(c)
	}
}

func isDotted(s string) bool {
	if s == "" || !isAlphaByte(s[0]) && s[0] != '$' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !isWordByte(s[i]) && s[i] != '.' {
			return false
		}
	}
	return true
}

// group reads what stands in brackets in an operand's place; done says that nothing hangs on it.
func (r *codeReader) group(i, end int, p *Node, isNew bool) (j int, done bool) {
	m := r.mate(i, end)
	after := min(m+1, end)
	switch r.toks[i].open {
	case '(':
		if k := r.arrowFunction(i, m, end, p); k > i {
			return k, true
		}
		// (0, m.f)(x) of bundles
		if r.l.tableJS && r.opens(after, end, '(') && m > i+3 && r.text(i+1) == "0" && r.op(i+2, m) == "," {
			if name, k := r.path(i+3, m); k == m {
				l := &link{node: p, base: -1, path: name, at: r.pos(i + 3), to: r.endPos(m)}
				return r.chain(after, end, p, l, false, i), true
			}
		}
		if r.isCast(i, m, end) {
			return after, true
		}
		if r.l.tuples && r.hasComma(i+1, m) {
			r.list(i, m, p)
			return after, false
		}
		r.inside(r.l.trailing && r.l.command, func() {
			for k := i + 1; k < m; {
				r.step()
				k2 := r.expr(k, m, p)
				if r.op(k2, m) == ":" || r.op(k2, m) == "," || r.op(k2, m) == ";" || k2 <= k {
					k2++
				}
				k = k2
			}
		})
		return after, false
	case '[':
		if r.l.captureLists && (r.opens(after, end, '(') || r.opens(after, end, '{')) {
			return r.lambda(i, end, p), true
		}
		if r.l.spaceType {
			if k := r.goLiteral(i, end, p); k > i {
				return k, false
			}
		}
		if r.l.messages && r.message(i, m, p) {
			return after, false
		}
		if isNew && r.l.newFields && r.opens(after, end, '{') { // new[] { … }
			r.table(after, r.mate(after, end), p)
			return min(r.mate(after, end)+1, end), false
		}
		if r.l.listPatterns && r.assigned(after, end) { // [a, b] = x
			if names := r.patternNames(i+1, m); len(names) > 1 {
				return r.tuple(names, after+1, end, p, inBody, &decl{at: i}, false), true
			}
			name, at := r.firstName(i+1, m)
			b := p.newBind(name, r.pos(at))
			return r.bindValue(b, after, end), true
		}
		r.list(i, m, p)
		return after, false
	case '{':
		switch r.l.brace {
		case braceClosure:
			return r.closure(i, end, p), false
		}
		if r.l.blockValues {
			r.nested(i+1, m, p, inBody)
			return after, false
		}
		r.table(i, m, p)
		return after, false
	case '<':
		return r.element(i, end, p), true
	default: // an indented block
		r.nested(i+1, m, p, inBody)
		return after, true
	}
}

// hasComma says that a range holds a comma at its own level.
func (r *codeReader) hasComma(i, end int) bool {
	for ; i < end; i = r.next(i, end) {
		r.step()
		if r.op(i, end) == "," {
			return true
		}
	}
	return false
}

// isCast says that (…) is the type of what follows.
func (r *codeReader) isCast(i, m, end int) bool {
	if !r.l.typeFirst && !r.l.casts || m <= i+1 || m-i > 40 || m+1 >= end ||
		r.toks[m+1].nl {
		return false
	}
	switch t := &r.toks[m+1]; t.kind {
	case tWord:
		if r.class(m+1, end) == wInfix || r.class(m+1, end) == wCast {
			return false
		}
	case tStr, tNum:
	case tOpen:
		if t.open != '(' || !r.l.typeFirst || r.l.groupArgs {
			return false
		}
		if k := r.skipType(i+1, m); k != m || !r.toks[m+1].sp {
			return false
		}
	default:
		return false
	}
	return r.skipType(i+1, m) == m
}
