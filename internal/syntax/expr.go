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
	e := exprState{from: i, first: len(p.Kids)}
	for i < end {
		r.step()
		if i > e.from && r.breaks(i, e.from) {
			return i
		}
		var stop bool
		switch r.toks[i].kind {
		case tClose:
			i++
		case tOp:
			i, stop = r.exprOp(i, end, p, &e)
		case tText:
			p.putLit(r.text(i), int(r.toks[i].start), int(r.toks[i].end), 0)
			i++
		default:
			i, stop = r.exprAtom(i, end, p, &e)
		}
		if stop {
			return i
		}
	}
	return i
}

// An exprState is what is known of the expression that is being read.
type exprState struct {
	from    int
	first   int  // where among the kids the operand of a ? begins
	waiting int  // ? without their :
	fold    bool // a string may join the one before
	operand bool // an operand has just been read
	isNew   bool // new stands in front of what follows
}

// exprOp reads an operator; stop says that the expression ends in front of it.
func (r *codeReader) exprOp(i, end int, p *Node, e *exprState) (next int, stop bool) {
	s := r.op(i, end)
	switch {
	case s == "," || s == ";":
		return i, true
	case r.isAssign(s) && s != "<-" && !(r.l.caseless && s == "="):
		if j := r.chained(i, end, p, e.first); j > i {
			return j, true
		}
		i++
	case s == "?" || s == "?:" || s == "??" || s == "||":
		if s == "?" && !r.l.noTernary && e.operand && (r.toks[i].sp || !r.l.angles) {
			r.condition(p, e.first, "if", i)
			e.waiting++
			e.first = len(p.Kids)
		}
		i++
	case s == ":":
		if e.waiting == 0 {
			symbol := r.l.quotedSymbols && r.isStr(i+1, end)
			if symbol {
				i++
			}
			return i, !symbol
		}
		e.waiting--
		e.first = len(p.Kids)
		i++
	case s == "@" && r.l.innerNotes && r.word(i+1, end) != "":
		_, i = r.path(i+1, end)
	case s == "&" && r.l.captures && i+1 < end && r.toks[i+1].kind == tNum:
		i += 2
	default:
		if j := r.exprSign(i, end, p, e, s); j > i {
			return j, false
		}
		i++
	}
	e.fold = e.operand && r.joins(s)
	e.operand = false
	return i, false
}

// exprSign reads an operator that begins an operand or belongs to one; it gives i where s is none such.
func (r *codeReader) exprSign(i, end int, p *Node, e *exprState, s string) int {
	word := r.word(i+1, end) != ""
	switch {
	case s == "." && word && (!e.operand || r.l.concat != "."):
		i = r.operand(i+1, end, p, false)
		e.operand, e.fold = true, false
	case s == "->" && r.l.arrowLambdas, s == "\\" && r.l.backslashLambdas, s == "|" && r.l.barLambdas && !e.operand:
		i = r.lambda(i, end, p)
		e.operand = true
	case s == "#" && r.l.flexTypes, s == "%" && r.l.structs && (word || r.opens(i+1, end, '{')),
		s == "::" && word && !e.operand:
		i++
	case s == "<" && !e.operand && r.l.angles:
		i = max(r.angles(i, end), i+1)
	}
	return i
}

// exprAtom reads a keyword or an operand; stop says that the expression ends in front of it.
func (r *codeReader) exprAtom(i, end int, p *Node, e *exprState) (next int, stop bool) {
	t := &r.toks[i]
	if class := r.class(i, end); class != wNone && (class == wImport || class == wPrefix || r.op(i+1, end) != ".") {
		n := len(p.Kids)
		j := r.exprKeyword(&wordIn{i: i, end: end, p: p, class: class, exprState: e})
		if j == i {
			return i, true
		}
		if j > i {
			e.operand = len(p.Kids) > n || e.operand && class == wCast
			e.fold = false
			return j, false
		}
	}
	if e.operand && r.endsWithBrace(i) && t.kind != tOpen && !r.l.juxtapose && !r.l.command ||
		e.operand && t.nl && r.isKey(i, end) { // an entry after a forgotten comma
		return i, true
	}
	join := e.fold || e.operand && r.l.adjacent && t.kind == tStr
	n := len(p.Kids)
	j := max(r.operand(i, end, p, e.isNew), i+1)
	if join {
		r.join(p, n)
	}
	e.isNew, e.fold, e.operand = false, false, true
	return j, false
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

// A wordIn is a keyword in an expression. What reads it gives i to stop there, and -1 to read the word as a name.
type wordIn struct {
	i, end  int
	p       *Node
	w, next string // the word, and the operator behind it
	class   wordClass
	*exprState
}

// exprKeyword reads a keyword in an expression.
func (r *codeReader) exprKeyword(k *wordIn) int {
	k.w, k.next = r.word(k.i, k.end), r.op(k.i+1, k.end)
	switch k.class {
	case wPrefix:
		return r.exprPrefix(k)
	case wInfix:
		return r.exprInfix(k)
	case wCast:
		return r.exprCast(k)
	case wControl:
		if k.next == "=" || k.next == ":" && r.l.kwargs || k.next == "," {
			return -1
		}
		return r.controlExpr(k.i, k.end, k.p, k.w, k.exprState)
	case wElse:
		return r.exprElse(k)
	case wCase:
		if r.l.caseArms || r.l.tableJS || r.l.typeFirst {
			return k.i
		}
		return k.i + 1
	case wLambda:
		return r.lambda(k.i, k.end, k.p)
	case wFunc:
		return r.exprFunc(k)
	case wClass:
		return r.exprClass(k)
	case wVar:
		if r.word(k.i+1, k.end) != "" && k.next == "" && !r.toks[k.i+1].nl {
			return k.i + 1
		}
	case wModifier:
		return r.exprModifier(k)
	case wReturn:
		if k.operand || k.w == "return" {
			return k.i + 1
		}
	case wEnd:
		if !r.opens(k.i+1, k.end, '(') && k.next != "=" && k.next != "." {
			return k.i + 1
		}
	case wImport:
		if r.l.requires && k.w != "use" && !r.opens(k.i+1, k.end, '(') &&
			(k.i+1 >= k.end || k.next == "" || k.next == "@") {
			return r.required(k.i, k.end, k.p)
		}
	}
	return -1
}

// exprPrefix reads new, await, typeof.
func (r *codeReader) exprPrefix(k *wordIn) int {
	after := k.i + 1
	switch {
	case k.next == "=" || k.next == ":" && !r.l.tableJS || k.next == ")" || after >= k.end && k.w != "await":
		return -1
	case k.next == "." && k.w != "new" && k.w != "await":
		return -1
	case r.opens(after, k.end, '(') && r.prefixCalls(k.w):
		return -1
	case k.w == "raise" && r.l.command && r.isStr(after, k.end):
		return -1
	}
	if k.w == "new" {
		k.isNew = true
	}
	return after
}

// prefixCalls reports whether a word in front of parentheses is the name of what they call.
func (r *codeReader) prefixCalls(w string) bool {
	switch w {
	case "new", "raise", "assert", "nameof":
		return true
	case "print":
		return !r.l.barePrint
	case "typeof":
		return r.l.typeofCalls
	}
	return false
}

// exprInfix reads and, in, match.
func (r *codeReader) exprInfix(k *wordIn) int {
	i, end := k.i, k.end
	braces := r.opens(i+1, end, '{')
	switch {
	case r.op(i-1, end) == ".":
		return -1
	case k.w == "match" && braces: // x match { … } of Scala
		r.condition(k.p, k.first, k.w, i)
		m := r.mate(i+1, end)
		r.nested(i+2, m, k.p, inArms)
		return min(m+1, end)
	case k.w == "with" && braces:
		m := r.mate(i+1, end)
		r.table(i+1, m, k.p)
		return min(m+1, end)
	case r.l.fromWith && (k.w == "with" || k.w == "from"):
		return i + 1
	case !k.operand && (k.w == "to" || k.w == "by" || k.w == "x" || k.w == "of" || k.w == "on"):
		return -1
	}
	return i + 1
}

// exprCast skips the type behind as, is, instanceof.
func (r *codeReader) exprCast(k *wordIn) int {
	if !k.operand {
		return -1
	}
	if r.word(k.i+1, k.end) == "const" && r.l.tableJS {
		return k.i + 2
	}
	j := r.skipType(k.i+1, k.end)
	if k.next == "?" || k.next == "!" { // as? T
		j = r.skipType(k.i+2, k.end)
	}
	return max(j, k.i+1)
}

// exprElse reads else, try, do and the body behind.
func (r *codeReader) exprElse(k *wordIn) int {
	i, end := k.i, k.end
	k.first = len(k.p.Kids)
	if m := int(r.toks[i].mate); m > i {
		if k.w == "do" && r.noDo {
			return i
		}
		if k.operand && (k.w == "do" || k.w == "fn") { // a closure behind a command
			return r.closure(i, end, k.p)
		}
		m = min(m, end)
		if k.w == "begin" {
			r.beginBlock(i, m, k.p)
		} else {
			r.nested(i+1, m, k.p, inBody)
		}
		return min(m+1, end)
	}
	if r.opens(i+1, end, '{') && k.w != "loop" {
		m := r.mate(i+1, end)
		r.nested(i+2, m, k.p, inBody)
		return min(m+1, end)
	}
	return i + 1
}

// beginBlock reads x = begin … end of Ruby as a function that is called at once: what it declares is not what it gives. It
// gives what stands last before its rescue or else, and last of all.
func (r *codeReader) beginBlock(i, end int, p *Node) {
	b := p.newBlock("", r.pos(i))
	if r.tooDeep() {
		r.flat(i+1, end, b)
		return
	}
	r.inside(true, func() {
		for j := i + 1; j < end; {
			r.step()
			n := len(b.Kids)
			j = max(r.statement(j, end, b, inBody), j+1)
			if w := r.word(j, end); (j >= end || w == "rescue" || w == "else" || w == "ensure") && len(b.Kids) > n {
				giveBack(b, n)
			}
		}
	})
	b.End = r.endPos(end)
}

// exprFunc reads a function whose word also begins declarations.
func (r *codeReader) exprFunc(k *wordIn) int {
	switch k.w {
	case "function", "fun", "func", "sub", "fn":
		if r.opens(k.i+1, k.end, '(') || r.word(k.i+1, k.end) != "" || k.next == "*" || k.next == "<" ||
			r.opens(k.i+1, k.end, '{') {
			return r.lambda(k.i, k.end, k.p)
		}
	}
	return -1
}

// exprClass reads a class without a name.
func (r *codeReader) exprClass(k *wordIn) int {
	braces := r.opens(k.i+1, k.end, '{')
	if k.next == ":" && k.w == "object" {
		return r.anonymousObject(k.i, k.end, k.p)
	}
	if k.next == "" && r.word(k.i+1, k.end) != "" || braces {
		if j := r.classLike(k.i, k.end, k.p, &decl{at: k.i}); j > k.i {
			return j
		}
	}
	return -1
}

// exprModifier reads async and the like in front of a function or a value.
func (r *codeReader) exprModifier(k *wordIn) int {
	i, end := k.i, k.end
	if !(k.w == "async" && r.opens(i+1, end, '(')) && !r.modifies(k) {
		return -1
	}
	if k.w == "async" && r.opens(i+1, end, '(') {
		m := r.mate(i+1, end)
		if s := r.op(m+1, end); r.l.arrows == "=>" && s != "=>" && s != ":" && !r.opens(m+1, end, '{') {
			return -1 // a call of what is named so
		}
	}
	return i + 1
}

// modifies reports whether the word behind a modifier is one that it says something of.
func (r *codeReader) modifies(k *wordIn) bool {
	if r.word(k.i+1, k.end) == "" {
		return false
	}
	if k.w == "async" {
		return true
	}
	c := r.class(k.i+1, k.end)
	return !r.breaks(k.i+1, k.i) && c != wInfix && c != wCast &&
		(r.l.tableJS || c == wLambda || c == wFunc || k.w == "const" || k.w == "static")
}

// controlExpr reads if, when, switch, match, try in an expression: their values are atoms of it.
func (r *codeReader) controlExpr(i, end int, p *Node, w string, e *exprState) int {
	if e.operand {
		switch w {
		case "switch", "match": // x switch { a => b } of C#
			if r.opens(i+1, end, '{') {
				r.condition(p, e.first, w, i)
				m := r.mate(i+1, end)
				r.nested(i+2, m, p, inArms)
				return min(m+1, end)
			}
			return -1
		case "if", "unless":
			if r.l.ifBehind {
				// value if condition else value
				to := i + 1
				for to < end && r.word(to, end) != "else" && r.op(to, end) != "," && r.op(to, end) != ";" &&
					!r.breaks(to, i) {
					r.step()
					to = r.next(to, end)
				}
				n := len(p.Kids)
				for k := i + 1; k < to; {
					r.step()
					k = max(r.expr(k, to, p), k+1)
				}
				r.condition(p, n, "if", to)
				e.first = len(p.Kids)
				return to
			}
		case "for", "while", "async":
			if r.l.comprehends {
				to := i + 1
				for to < end && r.op(to, end) != "," && !r.breaks(to, i) {
					r.step()
					to = r.next(to, end)
				}
				r.head(w, i+1, to, p, i)
				return to
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
	e.first = len(p.Kids)
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
