package syntax

import (
	"math"
	"strings"
)

// maxCodeDepth bounds how deep the tree goes: below, only strings are read.
const maxCodeDepth = 160

// parseCode reads a text of a programming language. Offsets count from the start of text.
func parseCode(m *meter, lang *codeLang, text string) (root *Node, imports []Import, directives []string) {
	root = &Node{Kind: File, End: len(text)}
	r := readProgram(m, lang, text, root, 0)
	return root, r.imports, r.directives
}

// readProgram hangs what the program holds under root; comments counts the comments that it stands in.
func readProgram(m *meter, l *codeLang, src string, root *Node, comments int) *codeReader {
	x := newCodeLexer(m, l, src)
	x.prose = comments > 0
	if l.pages && comments == 0 && strings.Contains(src, "<?") {
		x.outsidePHP()
	}
	x.run()
	r := &codeReader{meter: m, l: l, src: src, strs: x.strs, lines: true}
	r.toks = pair(m, l, src, x.toks)
	switch {
	case l.lisp:
		r.forms(0, len(r.toks), root)
	default:
		if comments == 0 {
			r.readDirectives()
		}
		r.statements(0, len(r.toks), root, inFile)
	}
	stretch(root)
	clamp(root, len(src))
	if comments < 2 {
		r.readComments(root, x.comments, comments)
	}
	return r
}

// A codeReader reads token trees. Its methods take a range of tokens [i,end) and give the index where they stopped;
// every group of tokens is read once.
type codeReader struct {
	*meter
	l          *codeLang
	src        string
	toks       []codeTok
	strs       []codeStr
	imports    []Import
	directives []string
	depth      int
	lines      bool // a new line may begin a statement
	// where a statement begins that an if, else or loop without braces governs
	alone    int
	noBrace  bool // a { begins the body of a statement whose head is being read
	noDo     bool // a do belongs to the command whose arguments are being read
	promotes bool // a parameter with a modifier was read, which is a field too
	noArgs   bool // an argument of a call without parentheses is being read: what follows it is the next one
}

// A place is what statements stand in.
type place uint8

const (
	inFile place = iota
	inClass
	inType // members have types, not values
	inBody
	inArms // pattern -> value
	inEnum
)

// text gives a token as written, in lower case where case says nothing.
func (r *codeReader) text(i int) string {
	if i < 0 || i >= len(r.toks) {
		return ""
	}
	t := &r.toks[i]
	return r.src[t.start:t.end]
}

// word gives the text of a word, else "".
func (r *codeReader) word(i, end int) string {
	if i < 0 || i >= end || r.toks[i].kind != tWord {
		return ""
	}
	if r.l.caseless {
		return lower(r.text(i))
	}
	return r.text(i)
}

// op gives the text of an operator, else "".
func (r *codeReader) op(i, end int) string {
	r.step()
	if i < 0 || i >= end || r.toks[i].kind != tOp {
		return ""
	}
	if r.toks[i].start == r.toks[i].end { // between the words of a list of words
		return ","
	}
	return r.text(i)
}

// opens says whether a bracket of the kind opens at i.
func (r *codeReader) opens(i, end int, c byte) bool {
	return i >= 0 && i < end && r.toks[i].kind == tOpen && r.toks[i].open == c
}

func (r *codeReader) isStr(i, end int) bool { return i < end && r.toks[i].kind == tStr }

// class is what the word at i begins, as a keyword.
func (r *codeReader) class(i, end int) wordClass {
	if i < 0 || i >= end || r.toks[i].kind != tWord {
		return wNone
	}
	return r.l.words.class(r.word(i, end))
}

// mate gives the index of what closes the group at i, or end.
func (r *codeReader) mate(i, end int) int {
	if i >= len(r.toks) {
		return end
	}
	m := int(r.toks[i].mate)
	if m <= i || m > end {
		return end
	}
	return m
}

// next gives the index behind the token or group at i.
func (r *codeReader) next(i, end int) int {
	r.step()
	if t := &r.toks[i]; t.kind == tOpen || t.kind == tWord && t.mate > 0 {
		return min(r.mate(i, end)+1, end)
	}
	return i + 1
}

func (r *codeReader) pos(i int) int {
	if i < len(r.toks) {
		return int(r.toks[i].start)
	}
	return len(r.src)
}

// endPos is the offset behind the token in front of i.
func (r *codeReader) endPos(i int) int {
	if i > 0 && i <= len(r.toks) {
		return int(r.toks[i-1].end)
	}
	return 0
}

// column is how far in its line a token stands.
func (r *codeReader) column(i int) int {
	p := int(r.toks[i].start)
	n := 0
	for p > 0 && r.src[p-1] != '\n' && n < 1<<12 {
		p--
		n++
	}
	return n
}

// breaks says whether the token at i begins a new statement; from is where the one that is being read began.
func (r *codeReader) breaks(i, from int) bool {
	if i >= len(r.toks) {
		return true
	}
	t := &r.toks[i]
	if !t.nl || i <= from || !r.lines || t.kind == tClose {
		return false
	}
	if t.kind == tOpen && t.open == 'I' {
		return false
	}
	if r.l.preproc && r.op(i, i+1) == "#" {
		return true
	}
	if r.l.offside {
		at := r.lineStart(from)
		// { A = x: the next field stands below A
		for k := 0; k < 4 && at < from && r.toks[at].kind == tOpen && int(r.toks[at].mate) > from; k++ {
			at++
		}
		return r.column(i) <= r.column(at)
	}
	prev := &r.toks[i-1]
	switch prev.kind {
	case tOp:
		switch r.text(i - 1) {
		case "++", "--", ";", ">":
		case "!", "?", "!!":
			if prev.sp {
				return false
			}
		case ":":
			return r.l.layout != nil
		default:
			return false
		}
	case tWord:
		switch r.class(i-1, len(r.toks)) {
		case wInfix, wPrefix, wCast, wModifier, wVar:
			if r.op(i-2, len(r.toks)) != "." {
				return false
			}
		}
	}
	switch t.kind {
	case tOp:
		switch s := r.text(i); s {
		case ".", "?.", "&.", "::", "&&", "||", "??", "?:", "|>", "=", ",", ")", "=>", "->", "..", "<|>":
			return false
		case "?", ":", "+", "-", "*", "&", "|", "<", "==", "===", "!=", "!==", "<>", "++", "^", "%", "/":
			// Text of a diff has its signs close to what follows.
			return i+1 >= len(r.toks) || !r.toks[i+1].sp
		}
	case tWord:
		switch r.class(i, len(r.toks)) {
		case wInfix, wCast:
			return r.op(i+1, len(r.toks)) != "" && strings.HasPrefix(r.op(i+1, len(r.toks)), ":")
		}
	}
	if r.l.semicolons {
		// A line without its semicolon, where what follows can only begin a statement.
		switch r.class(i, len(r.toks)) {
		case wVar, wFunc, wClass, wImport, wReturn, wControl:
			return prev.kind != tOp && r.class(i-1, len(r.toks)) == wNone && r.text(i-1) != ")"
		}
		return false
	}
	return true
}

// lineStart is the first token of the line that token i stands on.
func (r *codeReader) lineStart(i int) int {
	for i > 0 && i < len(r.toks) && !r.toks[i].nl {
		i--
	}
	return i
}

// statementEnd finds where the statement that began at from ends.
func (r *codeReader) statementEnd(i, end, from int) int {
	for i < end && !r.breaks(i, from) {
		r.step()
		if s := r.op(i, end); s == ";" {
			return i
		}
		i = r.next(i, end)
	}
	return i
}

// inside reads a group with the settings that hold in it.
func (r *codeReader) inside(lines bool, read func()) {
	l, b, a, d := r.lines, r.noBrace, r.noArgs, r.noDo
	r.lines, r.noBrace, r.noArgs, r.noDo = lines, false, false, false
	r.depth++
	read()
	r.depth--
	r.lines, r.noBrace, r.noArgs, r.noDo = l, b, a, d
}

// flat reads only the strings of a range: it stands too deep for more.
func (r *codeReader) flat(i, end int, p *Node) int {
	for ; i < end; i++ {
		if r.toks[i].kind == tStr {
			s := &r.strs[r.toks[i].ref]
			p.putLit(s.text(r.src), s.start, s.end, s.flags)
		}
	}
	return end
}

func (r *codeReader) tooDeep() bool { return r.depth > maxCodeDepth }

// readDirectives notes the strings that stand as statements before anything else.
func (r *codeReader) readDirectives() {
	for i := 0; r.l.tableJS && i < len(r.toks) && r.toks[i].kind == tStr; i++ {
		if i+1 < len(r.toks) && !r.toks[i+1].nl && r.op(i+1, len(r.toks)) != ";" {
			return
		}
		r.directives = append(r.directives, r.strs[r.toks[i].ref].text(r.src))
		if r.op(i+1, len(r.toks)) == ";" {
			i++
		}
	}
}

// statements reads all statements of a range.
func (r *codeReader) statements(i, end int, p *Node, where place) {
	if r.tooDeep() {
		r.flat(i, end, p)
		return
	}
	for i < end {
		r.step()
		next := r.statement(i, end, p, where)
		if next <= i {
			next = i + 1
		}
		i = next
	}
}

// nested reads the statements of a block within a body.
func (r *codeReader) nested(i, end int, p *Node, where place) {
	n := len(p.Kids)
	r.inside(true, func() { r.statements(i, end, p, where) })
	r.confine(p, n, r.endPos(end))
}

// confine notes of the Binds among the kids from n on that they stand in a block that ends there.
func (r *codeReader) confine(p *Node, n, until int) {
	for _, k := range p.Kids[min(n, len(p.Kids)):] {
		r.step()
		if k.Kind == Bind && k.Until == 0 && until <= math.MaxInt32 {
			k.Until = int32(until)
		}
	}
}

// body reads the statements of a function; what the last one gives is what the function gives where the language has
// it so.
func (r *codeReader) body(i, end int, b *Node, lambda bool) {
	if r.tooDeep() {
		r.flat(i, end, b)
		return
	}
	last, count := -1, 0
	for i < end {
		r.step()
		n := len(b.Kids)
		next := r.statement(i, end, b, inBody)
		if next <= i {
			next = i + 1
		}
		i = next
		if len(b.Kids) > n {
			last = n
			count++
		}
	}
	if last >= 0 && r.gives(end, lambda, count, b.Kids[len(b.Kids)-1]) {
		giveBack(b, last)
	}
}

// gives says whether a body's last expression is what it gives back.
func (r *codeReader) gives(end int, lambda bool, count int, last *Node) bool {
	return r.l.implicit && (r.l.gives == nil || r.l.gives(r, end, lambda, count, last))
}

// giveBack makes the kids of b from the index on what b gives back.
func giveBack(b *Node, from int) {
	kids := b.Kids[from:]
	var kept, given []*Node
	for _, k := range kids {
		switch {
		case k.Kind == Return:
			return
		case k.Kind == Bind || k.Kind == Block && k.Name != "":
			kept = append(kept, k)
		default:
			given = append(given, k)
		}
	}
	if len(given) == 0 {
		return
	}
	ret := &Node{Kind: Return, Start: given[0].Start, End: given[len(given)-1].End}
	for _, k := range given {
		ret.put(k)
	}
	b.Kids = append(b.Kids[:from:from], kept...)
	b.put(ret)
}

// The new… methods hang a node that ends where it begins: its name may be longer than what stands there. Reading what
// belongs to it stretches it.
func (n *Node) newBind(name string, at int) *Node  { return n.named(Bind, name, at) }
func (n *Node) newCall(name string, at int) *Node  { return n.named(Call, name, at) }
func (n *Node) newBlock(name string, at int) *Node { return n.named(Block, name, at) }

func (n *Node) newRef(name string, at int) *Node { return n.named(Ref, name, at) }

func (n *Node) newNext(k Kind, at int) *Node { return n.putNext(k, at) }

func (n *Node) named(k Kind, name string, at int) *Node {
	return n.put(&Node{Kind: k, Name: name, NameStart: at, Start: at, End: at})
}

// clamp holds every node to the text.
func clamp(root *Node, n int) {
	walk(root, func(k *Node) {
		k.Start = max(0, min(k.Start, n))
		k.End = max(k.Start, min(k.End, n))
		k.NameStart = max(0, min(k.NameStart, n))
	})
}
