package syntax

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// tokKind is what a token of a program is.
type tokKind uint8

const (
	tWord  tokKind = iota // a name, with the sigils that its language counts to names, or a keyword
	tNum                  // a number
	tStr                  // a string, character, regular expression or symbol: strs[ref]
	tOp                   // an operator or a separator
	tOpen                 // a bracket, the '<' of a tag, or what an indented block begins with
	tClose                // what closes it, or the keyword that closes a keyword
	tText                 // the text between tags
)

// A codeTok is a token. Brackets know their mate, and so do keywords that a keyword closes (def … end).
type codeTok struct {
	start, end int32
	mate       int32 // index of the other one; of an opening one that nothing closes, len(toks); else 0
	ref        int32
	kind       tokKind
	nl         bool // first on its line
	sp         bool // a blank stands before it
	open       byte // of tOpen: ( [ { < or 'I' for indentation; of a tClose that does not look its part, what it closes
}

// A codeStr is what the lexer knows about a string.
type codeStr struct {
	start, end int // inside the quotes
	esc        escapes
	quote      byte       // what is doubled where esc has escDoubled
	holes      []codeHole // parts that are computed
	flags      Flags
	mark       strMark
}

// strMark tells strings that are not plain apart.
type strMark uint8

const (
	plainStr strMark = iota
	charStr
	regexStr
	symbolStr
	tickStr // a back-quoted template, which may be tagged
)

// A codeHole is a part of a string that is computed: [start,end) is left out of the text, [from,to) is the expression.
type codeHole struct{ start, end, from, to int }

// A comment is the range of one comment, markers included.
type codeComment struct {
	start, end int
	block      bool
}

// A codeLexer cuts a program into tokens. It reads every byte a bounded number of times: a search for a closing quote
// that failed once is not begun again.
type codeLexer struct {
	*meter
	l        *codeLang
	src      string
	p        int
	toks     []codeTok
	strs     []codeStr
	comments []codeComment
	modes    []lexMode // of JSX; empty in plain code
	unclosed map[string]bool
	heredocs []heredoc
	nl, sp   bool
	prose    bool // the text of a comment: apostrophes may be those of English
	nest     int  // strings in strings
	wasted   int  // bytes read in searches that failed
	noJSX    bool
}

func newCodeLexer(m *meter, l *codeLang, src string) *codeLexer {
	return &codeLexer{meter: m, l: l, src: src, nl: true, unclosed: map[string]bool{}, toks: make([]codeTok, 0, len(src)/5+8)}
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= utf8.RuneSelf
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }

func isAlphaByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func (x *codeLexer) peek(n int) byte {
	if x.p+n < len(x.src) && x.p+n >= 0 {
		return x.src[x.p+n]
	}
	return 0
}

func (x *codeLexer) has(s string) bool { return strings.HasPrefix(x.src[x.p:], s) }

func (x *codeLexer) push(kind tokKind, start, end int) *codeTok {
	x.toks = append(x.toks, codeTok{kind: kind, start: int32(start), end: int32(end), nl: x.nl, sp: x.sp})
	x.nl, x.sp = false, false
	x.p = end
	return &x.toks[len(x.toks)-1]
}

func (x *codeLexer) pushOpen(c byte, start, end int) {
	x.push(tOpen, start, end).open = c
}

func (x *codeLexer) pushStr(s codeStr, start, end int) {
	t := x.push(tStr, start, end)
	t.ref = int32(len(x.strs))
	x.strs = append(x.strs, s)
}

// run cuts the whole text.
func (x *codeLexer) run() {
	for x.p < len(x.src) {
		x.step()
		if len(x.modes) > 0 && x.modes[len(x.modes)-1].kind != modeCode {
			x.tagStep()
			continue
		}
		x.cut()
	}
	for _, m := range x.modes {
		if m.kind == modeKids && !x.noJSX {
			// A tag that never ends is more likely not a tag.
			*x = codeLexer{meter: x.meter, l: x.l, src: x.src, nl: true, unclosed: map[string]bool{}, prose: x.prose, nest: x.nest,
				noJSX: true}
			x.run()
			return
		}
	}
}

// cut cuts one token of code.
func (x *codeLexer) cut() {
	c := x.src[x.p]
	switch {
	case c == '\n':
		x.p++
		x.nl, x.sp = true, true
		if len(x.heredocs) > 0 {
			x.readHeredocs()
		}
		return
	case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
		x.p++
		x.sp = true
		return
	case c == '\\' && (x.peek(1) == '\n' || x.peek(1) == '\r' && x.peek(2) == '\n'):
		x.p += 2 // a line that goes on
		if x.src[x.p-1] == '\r' {
			x.p++
		}
		x.sp = true
		return
	case c == 0xEF && x.has("\ufeff"): // a mark of byte order
		x.p += len("\ufeff")
		return
	}
	if x.comment() {
		return
	}
	if x.l.special != nil && x.l.special(x) {
		return
	}
	if x.quoted() {
		return
	}
	switch {
	case c == '`' && x.l.ticks:
		e := strings.IndexAny(x.src[x.p+1:min(len(x.src), x.p+300)], "`\n")
		if e <= 0 || x.src[x.p+1+e] != '`' {
			x.p++
			return
		}
		x.push(tWord, x.p, x.p+e+2)
	case isDigitByte(c):
		x.number()
	case isAlphaByte(c) || x.l.isSigil(x, c):
		x.word()
	case c == '(' || c == '[' || c == '{':
		if c == '{' && len(x.modes) > 0 {
			x.modes[len(x.modes)-1].depth++
		}
		x.pushOpen(c, x.p, x.p+1)
	case c == ')' || c == ']' || c == '}':
		x.push(tClose, x.p, x.p+1)
		if c == '}' && len(x.modes) > 0 {
			m := &x.modes[len(x.modes)-1]
			if m.depth--; m.depth <= 0 {
				x.modes = x.modes[:len(x.modes)-1]
			}
		}
	case c == '<' && x.l.jsx && !x.noJSX && x.startsOperand() && x.startsTag():
		x.pushOpen('<', x.p, x.p+1)
		x.modes = append(x.modes, lexMode{kind: modeTag})
	case c == '/' && x.l.regex && x.startsOperand() && x.regex():
	case c == '#' && x.nl && x.l.preproc:
		x.preprocessor()
	default:
		x.push(tOp, x.p, x.p+x.operator())
	}
}

// comment skips a comment and remembers where it stands.
func (x *codeLexer) comment() bool {
	for _, m := range x.l.block {
		if !x.has(m[0]) || m[0][0] == '=' && (!x.nl || x.peek(-1) != '\n' && x.p > 0) {
			continue
		}
		end := x.blockEnd(m)
		if end < 0 {
			continue
		}
		x.comments = append(x.comments, codeComment{x.p, end, true})
		if strings.IndexByte(x.src[x.p:end], '\n') >= 0 {
			x.nl = true
		}
		x.p = end
		x.sp = true
		return true
	}
	for _, m := range x.l.line {
		if !x.has(m) || (m == "#" || m == "'" || m == "rem") && !x.l.commentHere(x, m) {
			continue
		}
		end := x.lineEnd(x.p)
		x.comments = append(x.comments, codeComment{x.p, end, false})
		x.p = end
		x.sp = true
		return true
	}
	return false
}

func (x *codeLexer) lineEnd(p int) int {
	if i := strings.IndexByte(x.src[p:], '\n'); i >= 0 {
		if i > 0 && x.src[p+i-1] == '\r' {
			return p + i - 1
		}
		return p + i
	}
	return len(x.src)
}

// blockEnd finds the end of a block comment; one that is not closed ends with the text if anything like it stands in
// front of the text's end, else it is none.
func (x *codeLexer) blockEnd(m [2]string) int {
	p := x.p + len(m[0])
	depth := 1
	if x.unclosed[m[0]] {
		return -1
	}
	for p < len(x.src) {
		x.step()
		i := strings.Index(x.src[p:], m[1])
		if i < 0 {
			x.unclosed[m[0]] = true
			if x.l.nested && depth > 1 {
				return p // more opened than closed: the last one that was closed ends them all
			}
			if m[0] == "/*" || m[0] == "{-" || m[0] == "(*" {
				return len(x.src)
			}
			return -1
		}
		if x.l.nested {
			depth += strings.Count(x.src[p:p+i], m[0])
		}
		p += i + len(m[1])
		if depth--; depth <= 0 {
			return p
		}
	}
	return p
}

func (x *codeLexer) number() {
	p := x.p + 1
	for p < len(x.src) {
		x.step()
		c := x.src[p]
		if isWordByte(c) || c == '.' && p+1 < len(x.src) && isDigitByte(x.src[p+1]) && x.src[p-1] != '.' ||
			c == '\'' && x.l.quotedDigits && p+1 < len(x.src) && isDigitByte(x.src[p+1]) {
			p++
			continue
		}
		break
	}
	x.push(tNum, x.p, p)
}

func (x *codeLexer) word() {
	p := x.p
	if x.l.isSigil(x, x.src[p]) {
		p++
		for p < len(x.src) && (x.src[p] == '@' || x.src[p] == '$') && x.l.sigils != "" && !x.l.lisp {
			p++
		}
	}
	for p < len(x.src) && (isWordByte(x.src[p]) || strings.IndexByte(x.l.wordBytes, x.src[p]) >= 0) {
		p++
	}
	if p < len(x.src) && strings.IndexByte(x.l.wordTail, x.src[p]) >= 0 && (p+1 >= len(x.src) || x.src[p+1] != '=' && x.src[p+1] != '.' || x.l.tailAlways) {
		p++
	}
	if p == x.p {
		p++
	}
	x.push(tWord, x.p, p)
}

// codeOperators, longest first.
var codeOperators = sync.OnceValue(func() *[256][]string {
	var by [256][]string
	for _, s := range strings.Fields(`>>>= <=> === !== ... ??= ||= &&= //= **= <<= <|> <$> <*> >>= ..< ..= &&& ||| <<<
		=> -> <- &. := == != <= >= && || ?? ?. ?: :: ++ -- += -= *= /= .= %= |= &= ^= .. |> <| <> =~ !~ ** !! ~> <<`) {
		by[s[0]] = append(by[s[0]], s)
	}
	return &by
})

func (x *codeLexer) operator() int {
	for _, s := range codeOperators()[x.src[x.p]] {
		if !x.has(s) {
			continue
		}
		switch s {
		case "?.":
			if isDigitByte(x.peek(2)) {
				return 1
			}
		case "&.", ".=", "//=", "!!", "=~":
			if !x.writes(s) {
				return 1
			}
		case "?:":
			if !x.l.elvis {
				return 1
			}
		case "<-":
			if x.l.semicolons {
				return 1
			}
		case "::":
			if x.l.lisp {
				return 1
			}
		}
		return len(s)
	}
	_, n := utf8.DecodeRuneInString(x.src[x.p:])
	return n
}

// writes says that an operator which few languages have is one of this one's.
func (x *codeLexer) writes(op string) bool {
	return strings.Contains(" "+x.l.operators+" ", " "+op+" ")
}

// startsOperand says whether an operand, not an operator, may come next: it tells a tag from less-than, and a
// regular expression from a division.
func (x *codeLexer) startsOperand() bool {
	if len(x.toks) == 0 {
		return true
	}
	t := x.toks[len(x.toks)-1]
	switch t.kind {
	case tOpen:
		return true
	case tOp:
		s := x.src[t.start:t.end]
		return s != "++" && s != "--" && !(s == "!" && !t.sp)
	case tWord:
		return operandKeywords(x.src[t.start:t.end])
	case tClose:
		return x.src[t.start] == '}' && x.nl
	}
	return false
}

var operandKeywords = lazyWords(`return typeof case in of do else void delete throw new instanceof yield await default extends
	if unless elsif when and or not while until then puts raise`)

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// lazyWords reports whether a word is one of words. The set is made when it is first asked for.
func lazyWords(words string) func(word string) bool {
	set := sync.OnceValue(func() map[string]bool { return wordSet(words) })
	return func(word string) bool { return set()[word] }
}

// preprocessor handles a line of C's preprocessor: #define NAME value and #include are read, the other words skipped.
func (x *codeLexer) preprocessor() {
	x.push(tOp, x.p, x.p+1)
}
