package syntax

import "strings"

// maxName bounds a dotted name: what is longer is no name, and building it would take time that grows with its square.
const maxName = 1 << 10

// A link is a chain of members and calls that is being read.
type link struct {
	node  *Node
	base  int // kids of node from here on are what the chain begins with, where that is no name
	path  string
	at    int // offset of path
	to    int
	types string // the type arguments behind path, as written
	calls []*Node
	extra []*Node // what computed indices hold
}

// members reads what hangs on an operand: members, indices, calls, closures. A name comes in as l.path.
func (r *codeReader) members(i, end int, p *Node, l *link) int {
	return r.chain(i, end, p, l, false, i)
}

// name reads an operand that begins with a name.
func (r *codeReader) name(i, end int, p *Node, isNew bool) int {
	at := i
	w := r.text(i)
	// x => …
	if op := r.op(i+1, end); op != "" && op == r.l.arrows && r.l.brace != braceClosure && !r.l.offside && !r.l.fat &&
		!r.noBrace {
		b := p.newBlock("", r.pos(i))
		b.Params = []string{cleanName(w)}
		return r.lambdaBody(i+2, end, b)
	}
	switch w {
	case "true", "false", "True", "False", "TRUE", "FALSE":
		if s := r.op(i+1, end); s != "." && !r.opens(i+1, end, '(') {
			p.putLit(lower(w), r.pos(i), int(r.toks[i].end), 0)
			return i + 1
		}
	case "null", "nil", "None", "undefined", "NULL", "nullptr", "Nothing", "invalid":
		if s := r.op(i+1, end); s != "." && !r.opens(i+1, end, '(') {
			return i + 1
		}
	case "map", "struct", "interface", "chan":
		if r.l.spaceType {
			if j := r.goLiteral(i, end, p); j > i {
				return j
			}
		}
	}
	l := &link{node: p, base: -1, path: cleanName(w), at: r.pos(i), to: int(r.toks[i].end)}
	if r.l.caseless && w == "createobject" {
		l.path = w
	}
	i++
	if (w == "new" || r.word(at, end) == "new") && r.l.brace == braceNew {
		isNew = true
	}
	if r.l.juxtapose && !r.noArgs {
		return r.applied(i, end, p, l, at)
	}
	if r.l.statementStrings && !r.noArgs && r.isStr(i, end) && r.toks[i].sp && !r.toks[i].nl {
		if !r.l.sigilVars || !strings.HasPrefix(w, "$") && !strings.HasPrefix(w, "@") &&
			!strings.HasPrefix(w, "%") {
			if s := r.strs[r.toks[i].ref]; s.mark != regexStr {
				return r.commandCall(i, end, p, l)
			}
		}
	}
	return r.chain(i, end, p, l, isNew, at)
}

// chain is members with what name knows.
func (r *codeReader) chain(i, end int, p *Node, l *link, isNew bool, from int) int {
	for i < end {
		r.step()
		t := &r.toks[i]
		if t.nl && r.breaks(i, from) {
			break
		}
		if t.kind == tOp {
			if j := r.member(i, end, l); j > i {
				i = j
				continue
			}
			break
		}
		if t.kind == tStr {
			if s := &r.strs[t.ref]; l.path != "" && (s.mark == tickStr && !t.sp || r.l.colonCall && !t.nl) {
				c := r.called(l)
				a := c.putNext(Arg, r.pos(i))
				r.str(i, a)
				a.End = int(t.end)
				c.End = a.End
				i++
				continue
			}
			break
		}
		if t.kind == tWord {
			if r.word(i, end) == "do" && int(t.mate) > i && !r.noBrace && !r.noArgs && !r.noDo && r.l.doBlocks &&
				(l.path != "" || len(l.calls) > 0) {
				i = r.closure(i, end, r.lastCall(l))
				r.lastCall(l).End = r.endPos(i)
				continue
			}
			if w := r.word(i, end); r.l.fromWith && (w == "from" || w == "with") && r.opens(i+1, end, '{') &&
				(l.path != "" || len(l.calls) > 0) {
				c := r.lastCall(l)
				m := r.mate(i+1, end)
				r.inside(false, func() { r.entries(i+2, m, c, Arg) })
				i = min(m+1, end)
				c.End = r.endPos(i)
				continue
			}
			break
		}
		if t.kind != tOpen {
			break
		}
		j := i
		switch t.open {
		case '(':
			if t.sp && r.noArgs || l.path == "" && len(l.calls) == 0 && l.base < 0 {
				return r.linked(i, end, p, l)
			}
			j = r.callArgs(i, end, l)
		case '[':
			if t.sp && (r.noArgs || r.l.command || r.l.juxtapose) || t.nl && !r.l.semicolons {
				return r.linked(i, end, p, l)
			}
			j = r.index(i, end, l, isNew)
		case '{':
			j = r.braces(i, end, l, isNew)
		}
		if j <= i {
			break
		}
		i = j
	}
	return r.linked(i, end, p, l)
}

// member reads a dot and the name behind it, and what is noise between. It gives i where none stands there.
func (r *codeReader) member(i, end int, l *link) int {
	s := r.text(i)
	var dotted bool
	switch s {
	case ".", "?.", "&.", "!.", "..":
		dotted = r.dotMember(i, end, s)
	case "::", "\\":
		dotted = s == "::" || r.l.backslashPaths
		if dotted && r.op(i+1, end) == "<" { // turbofish
			if k := r.angles(i+1, end); k > i+1 {
				l.types = r.typeArgs(i+1, k)
				return k
			}
		}
	case "->":
		if dotted = r.l.arrowMembers; dotted && i+1 < end && r.toks[i+1].kind == tOpen {
			if r.opens(i+1, end, '(') {
				return r.callArgs(i+1, end, l)
			}
			m := r.mate(i+1, end)
			l.add(r.indexName(i+2, m), r.endPos(m+1))
			return min(m+1, end)
		}
	case ":":
		dotted = r.l.colonCall && r.word(i+1, end) != "" && (r.opens(i+2, end, '(') || r.isStr(i+2, end) ||
			r.opens(i+2, end, '{'))
	case "!", "!!", "?":
		return r.postfix(i, end, l, s)
	case "<", "<>":
		return r.typedCall(i, end, l, s)
	}
	if !dotted {
		return i
	}
	return r.memberName(i+1, end, l, s)
}

// dotMember reports whether the dot at i parts a member from what it is of.
func (r *codeReader) dotMember(i, end int, s string) bool {
	switch s {
	case ".":
		return r.l.concat != "." && !(r.l.dotComposes && (r.toks[i].sp || i+1 < end && r.toks[i+1].sp))
	case "..":
		return r.l.cascades
	}
	return true
}

// postfix reads the ! of a macro, and ! and ? that change nothing.
func (r *codeReader) postfix(i, end int, l *link, s string) int {
	t := &r.toks[i]
	switch {
	case s == "!!":
		return i + 1
	case s == "?":
		if r.l.tryMark || r.l.optionalChain && !t.sp && (r.opens(i+1, end, '[') || r.opens(i+1, end, '(')) {
			return i + 1
		}
	case t.sp:
	case r.l.macros && i+1 < end && r.toks[i+1].kind == tOpen:
		if !r.opens(i+1, end, '[') {
			return i + 1
		}
		m := r.mate(i+1, end) // vec![…]
		c := r.called(l)
		r.inside(false, func() { r.entries(i+2, m, c, Arg) })
		c.End = r.endPos(m + 1)
		return min(m+1, end)
	case r.l.tableJS || r.l.forced:
		return i + 1
	}
	return i
}

// typedCall reads the type arguments of a call, a value or a member.
func (r *codeReader) typedCall(i, end int, l *link, s string) int {
	if !r.l.angles {
		return i
	}
	k := i + 1
	if s == "<" {
		k = r.angles(i, end)
	}
	if k > i && k < end && (r.opens(k, end, '(') || r.opens(k, end, '{') && r.l.brace != braceTable ||
		r.op(k, end) == "." || r.op(k, end) == "::" || r.opens(k, end, '[')) {
		l.types = r.typeArgs(i, k)
		return k
	}
	return i
}

// memberName reads what stands behind the dot s.
func (r *codeReader) memberName(i, end int, l *link, s string) int {
	if r.op(i, end) == "#" { // a private member
		i++
	}
	if i >= end {
		return i
	}
	n := &r.toks[i]
	switch {
	case n.kind == tWord:
		if w := r.text(i); (w == "await" || w == "class" && r.l.classRefs) && s != "->" {
			return i + 1
		}
		l.add(cleanName(r.text(i)), int(n.end))
		if l.at < 0 || len(l.path) == len(cleanName(r.text(i))) {
			l.at = int(n.start)
		}
		return i + 1
	case n.kind == tOpen && n.open == '(':
		if s == "?." || r.l.dotCalls {
			return r.callArgs(i, end, l)
		}
		return min(r.mate(i, end)+1, end) // a type assertion
	case n.kind == tOpen && n.open == '[':
		return r.index(i, end, l, false)
	case n.kind == tStr && r.l.quotedMembers:
		l.add(r.keyText(i), int(n.end))
		return i + 1
	case n.kind == tNum: // a field of a tuple
		return i + 1
	}
	return i
}

// typeArgs is the text of the type arguments in the brackets [i,k), "" where a comparison may be meant.
func (r *codeReader) typeArgs(i, k int) string {
	if k < i+3 {
		return ""
	}
	return r.typeText(i+1, k-1)
}

func (l *link) add(name string, to int) {
	if name == "" || len(l.path) > maxName {
		return
	}
	if l.path != "" {
		l.path += "."
	}
	l.path += name
	l.to = to
}

// called makes a call of the path.
func (r *codeReader) called(l *link) *Node {
	at := max(l.at, 0)
	c := &Node{Kind: Call, Name: l.path, Type: l.types, NameStart: at, Start: at, End: l.to}
	l.calls = append(l.calls, c)
	l.path, l.types, l.at = "", "", -1
	return c
}

// lastCall is the call that a closure belongs to; a name that stands alone becomes one.
func (r *codeReader) lastCall(l *link) *Node {
	if l.path != "" || len(l.calls) == 0 {
		return r.called(l)
	}
	return l.calls[len(l.calls)-1]
}

func (r *codeReader) callArgs(i, end int, l *link) int {
	m := r.mate(i, end)
	if r.l.ofTypes && r.word(i+1, m) == "of" { // (Of T)
		return min(m+1, end)
	}
	if l.path == "" && len(l.calls) > 0 { // f(x)(y): all are arguments of f
		c := l.calls[len(l.calls)-1]
		r.inside(false, func() { r.entries(i+1, m, c, Arg) })
		c.End = r.endPos(min(m+1, end))
		return min(m+1, end)
	}
	if l.path == "" {
		l.at = r.pos(i)
	}
	c := r.called(l)
	r.inside(false, func() { r.entries(i+1, m, c, Arg) })
	c.End = r.endPos(min(m+1, end))
	if c.Name == "" && len(c.Kids) == 0 { // called at once
		l.calls = l.calls[:0]
	}
	return min(m+1, end)
}

// index reads x[…].
func (r *codeReader) index(i, end int, l *link, isNew bool) int {
	m := r.mate(i, end)
	after := min(m+1, end)
	if r.l.onlyTypes {
		return after // types
	}
	if isNew && r.opens(after, end, '{') { // new String[] {…}
		n := &Node{Kind: List, Start: r.pos(after)}
		k := r.mate(after, end)
		r.inside(false, func() { r.entries(after+1, k, n, Element) })
		n.End = r.endPos(min(k+1, end))
		l.extra = append(l.extra, n)
		l.path = ""
		return min(k+1, end)
	}
	if name := r.indexName(i+1, m); name != "" && (l.path != "" || len(l.calls) > 0 && r.isStr(i+1, m)) {
		if l.path == "" { // json.load(f)["flags"]
			l.at = r.pos(i + 1)
		}
		l.add(name, r.endPos(after))
		return after
	}
	tmp := &Node{Kind: File}
	r.inside(false, func() {
		for k := i + 1; k < m; {
			r.step()
			k = max(r.expr(k, m, tmp), k+1)
		}
	})
	for _, k := range tmp.Kids {
		if k.Kind != Ref && !(k.Kind == Literal && k.Flags&Quoted == 0) {
			l.extra = append(l.extra, k)
		}
	}
	l.to = r.endPos(after)
	return after
}

// braces reads the { } behind a name or call: what initialises it, or a closure that is handed over.
func (r *codeReader) braces(i, end int, l *link, isNew bool) int {
	t := &r.toks[i]
	m := r.mate(i, end)
	after := min(m+1, end)
	fields := func(c *Node) int {
		r.inside(r.l.offside, func() { r.entries(i+1, m, c, Arg) })
		c.End = r.endPos(after)
		return after
	}
	switch {
	case r.noBrace || r.noArgs && t.sp:
		return i
	case r.l.brace == braceInit && l.path != "" && len(l.calls) == 0 && l.base < 0:
		if t.nl && !r.l.looseInit || r.l.capitalInit && !upperLast(l.path) {
			return i
		}
		return fields(r.called(l))
	case r.l.brace == braceNew && isNew && r.l.newFields:
		return fields(r.lastCall(l))
	case r.l.brace == braceNew && isNew:
		c := r.lastCall(l)
		b := c.newBlock("", r.pos(i))
		b.End = r.endPos(after)
		r.inside(true, func() { r.statements(i+1, m, b, inClass) })
		c.End = b.End
		return after
	case (r.l.brace == braceClosure || r.l.brace == braceHash) && !t.nl:
		if l.path == "" && len(l.calls) == 0 {
			return i
		}
		c := r.lastCall(l)
		j := r.closure(i, end, c)
		c.End = r.endPos(j)
		return j
	case (r.l.recordBraces || r.l.structs && !t.sp) && l.path != "":
		return fields(r.called(l))
	case r.l.builders && l.path != "":
		c := r.called(l)
		b := c.newBlock("", r.pos(i))
		r.inside(true, func() { r.statements(i+1, m, b, inBody) })
		b.End = r.endPos(after)
		c.End = b.End
		return after
	case r.l.hashEntries && l.path != "":
		if !t.sp {
			l.add(r.indexName(i+1, m), r.endPos(after))
			return after
		}
		if l.path == "map" || l.path == "grep" || l.path == "sort" || l.path == "try" || l.path == "catch" {
			b := r.called(l).newBlock("", r.pos(i))
			r.inside(true, func() { r.body(i+1, m, b, true) })
			b.End = r.endPos(after)
			return after
		}
	case r.l.colonCall && l.path != "" && !t.nl: // f{…} of Lua
		c := r.called(l)
		a := c.putNext(Arg, r.pos(i))
		r.table(i, m, a)
		a.End = r.endPos(after)
		c.End = a.End
		return after
	}
	return i
}

func upperLast(path string) bool {
	c := path[strings.LastIndexByte(path, '.')+1]
	return c >= 'A' && c <= 'Z'
}

// carried are methods that give what they are called on, near enough.
var carried = lazyWords(`trim strip toString to_s to_string clone into to_owned freeze orEmpty as_str dup rstrip chomp
	unwrap unwrap_or_default toLowerCase lower String String() data c_str str get! as_deref as_ref cloned toString()
	presence to_str strip! ToString Trim Value value text`)

// linked hangs what a chain has given under p.
func (r *codeReader) linked(i, end int, p *Node, l *link) int {
	for len(l.calls) > 0 {
		r.step()
		last := l.calls[len(l.calls)-1]
		name := last.Name[strings.LastIndexByte(last.Name, '.')+1:]
		if len(last.Kids) > 0 || !carried(name) && !(l.base >= 0 && len(l.calls) == 1) || l.path != "" {
			break
		}
		if len(l.calls) == 1 && l.base < 0 {
			dot := strings.LastIndexByte(last.Name, '.')
			if dot < 0 {
				break
			}
			l.path, l.at, l.to = last.Name[:dot], last.NameStart, last.NameStart+dot
		} else if len(l.calls) > 1 && strings.IndexByte(last.Name, '.') >= 0 {
			break
		}
		l.calls = l.calls[:len(l.calls)-1]
		if len(l.calls) > 0 {
			l.path = ""
		}
	}
	if r.l.newMethod && l.base < 0 && strings.HasSuffix(l.path, ".new") {
		r.called(l)
	}
	switch {
	case len(l.calls) == 1:
		p.put(l.calls[0])
		r.noteRequire(l)
	case len(l.calls) > 1:
		c := p.put(&Node{Kind: Chain, Start: l.calls[0].Start, End: l.calls[len(l.calls)-1].End})
		for _, k := range l.calls {
			c.put(k)
		}
		r.noteRequire(l)
	case l.path != "" && l.base < 0:
		p.putRef(l.path, l.at).End = max(l.to, l.at)
	}
	// What is read of a call's value is a name too: program.opts().auth is program.opts.auth.
	if n := len(l.calls); n > 0 && l.path != "" && !carried(l.path[strings.LastIndexByte(l.path, '.')+1:]) {
		name := l.path
		for k := n - 1; k >= 0 && len(name) < maxName; k-- {
			name = l.calls[k].Name + "." + name
		}
		p.putRef(name, l.at).End = max(l.to, l.at)
	}
	for _, k := range l.extra {
		p.put(k)
	}
	return i
}

// applied reads f x y of the languages that call so.
func (r *codeReader) applied(i, end int, p *Node, l *link, from int) int {
	for i < end && r.toks[i].kind == tOp && !r.breaks(i, from) {
		r.step()
		j := r.member(i, end, l)
		if j <= i {
			break
		}
		i = j
	}
	if !r.startsArg(i, end, from) || r.opens(i, end, '(') && !r.toks[i].sp {
		return r.chain(i, end, p, l, false, from)
	}
	if r.opens(i, end, '{') {
		return r.chain(i, end, p, l, false, from)
	}
	if r.l.methodArgs && r.opens(i, end, '(') && r.hasComma(i+1, r.mate(i, end)) {
		return r.chain(i, end, p, l, false, from)
	}
	c := r.called(l)
	for r.startsArg(i, end, from) {
		r.step()
		a := c.putNext(Arg, r.pos(i))
		r.noArgs = true
		j := r.operand(i, end, a, false)
		r.noArgs = false
		if j <= i {
			j = i + 1
		}
		i = j
		a.End = r.endPos(i)
		c.End = a.End
		if len(a.Kids) == 0 {
			c.Kids = c.Kids[:len(c.Kids)-1]
			break
		}
	}
	if s := r.op(i, end); (s == "$" || s == "<|") && i+1 < end && !r.breaks(i, from) {
		a := c.putNext(Arg, r.pos(i+1))
		i = r.value(a, i+1, end, from)
		c.End = a.End
	}
	return r.linked(i, end, p, l)
}

// startsArg says that an argument stands at i behind a function's name.
func (r *codeReader) startsArg(i, end, from int) bool {
	if i >= end || r.breaks(i, from) {
		return false
	}
	switch t := &r.toks[i]; t.kind {
	case tWord:
		return r.class(i, end) == wNone && r.op(i+1, end) != "="
	case tStr, tNum:
		return true
	case tOpen:
		return t.open != 'I'
	}
	return false
}

// command reads a call without parentheses at the start of a statement: config :unleash, token: "x".
func (r *codeReader) command(i, end int, p *Node) int {
	if r.word(i, end) == "" || !r.l.statementCalls || r.class(i, end) != wNone && r.class(i, end) != wPrefix {
		return i
	}
	if c := r.text(i)[0]; r.l.sigils != "" && strings.IndexByte(r.l.sigils, c) >= 0 && !r.l.attributes &&
		r.op(i+1, end) == "" {
		return i
	}
	l := &link{node: p, base: -1, at: r.pos(i)}
	l.path, l.to = cleanName(r.text(i)), int(r.toks[i].end)
	j := i + 1
	for j < end && (r.op(j, end) == "." || r.op(j, end) == "::" || r.op(j, end) == "&.") && r.word(j+1, end) != "" {
		r.step()
		l.add(cleanName(r.text(j+1)), int(r.toks[j+1].end))
		j += 2
	}
	if j >= end || !r.toks[j].sp || r.breaks(j, i) || r.toks[j].nl {
		return i
	}
	switch t := &r.toks[j]; t.kind {
	case tWord:
		if c := r.class(j, end); c == wInfix || c == wCast || c == wControl || c == wElse {
			return i
		}
		if r.isAssign(r.op(j+1, end)) && !r.l.bindArgs || t.mate > 0 && r.word(j, end) == "do" {
			return i
		}
	case tStr:
		if r.strs[t.ref].mark == regexStr && r.l.slashDivides {
			return i
		}
	case tNum:
	case tOpen:
		if t.open != '[' {
			return i
		}
	case tOp:
		switch r.text(j) {
		case "->", "*", "&", "**":
			if j+1 >= end || r.toks[j+1].sp {
				return i
			}
		case "@", "%":
		default:
			return i
		}
	default:
		return i
	}
	return r.commandCall(j, end, p, l)
}

// commandCall reads the arguments of a call without parentheses.
func (r *codeReader) commandCall(i, end int, p *Node, l *link) int {
	c := r.called(l)
	from := i
	index := 0
	outer := r.noDo
	r.noDo = true
	for i < end {
		r.step()
		if r.word(i, end) == "do" && r.toks[i].mate > 0 {
			break
		}
		j := r.entry(i, end, c, Arg, &index, false)
		if j <= i {
			break
		}
		i = j
		if r.op(i, end) != "," || r.breaks(i, from) {
			break
		}
		i++
	}
	r.noDo = outer
	c.End = r.endPos(i)
	if i < end && r.word(i, end) == "do" && int(r.toks[i].mate) > i && !r.noBrace && !r.noDo {
		i = r.closure(i, end, c)
		c.End = r.endPos(i)
	}
	if r.opens(i, end, '{') && r.l.trailing && !r.toks[i].nl && !r.noBrace {
		i = r.closure(i, end, c)
		c.End = r.endPos(i)
	}
	return r.chain(i, end, p, l, false, from)
}
