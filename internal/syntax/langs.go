package syntax

import (
	"strings"
	"sync"
)

// A language is one way to write a text: what tells it, and what reads it. Each stands in a file of its own, lang_*.go,
// and in languages.
type language struct {
	name string

	// What tells it, each list blank-separated and in lower case.
	files    string // whole names of files
	endings  string // of names of files
	fences   string // what people call it where they quote it, besides its name
	programs string // what runs it, in a first line with #!

	named  func(base string) bool         // other names of files; nil for none
	really func(head, text string) string // the language of a text that is named so; nil: this one

	// What reads it: one of the two. A language without either is read as prose.
	code *codeLang
	read reader

	// data says that it is one of trees of settings, where conventions hold: name and value pairs, scripts in strings,
	// lists of NAME=value.
	data bool
}

// A codeLang is what tells one programming language from another: how it writes comments and strings, what ends a
// statement, which words begin what, and its traits. The readers know no language by name.
type codeLang struct {
	traits

	// Lexical.
	line         []string    // what begins a comment to the end of the line
	block        [][2]string // what begins and ends a comment
	nested       bool        // block comments nest
	quotes       []codeQuote // longer opening quotes first
	special      func(*codeLexer) bool
	sigils       string // bytes that begin a name and belong to it: $ @
	wordBytes    string // bytes besides letters and digits that a name may hold
	wordTail     string // bytes that a name may end with: ? !
	ticks        bool   // a name may stand in back quotes
	bareApos     bool   // an apostrophe need not be a quote
	regex        bool
	jsx          bool
	preproc      bool
	caseless     bool
	elvis        bool   // ?: is an operator
	operators    string // those of "&. .= //= !! =~" that it has, blank-separated
	lisp         bool
	heredocHoles holes

	// Pairs.
	layout       map[string]bool // what announces an indented block at the end of a line
	bracketsRule bool            // in brackets indentation says nothing
	ends         map[string]bool // keywords that a keyword closes
	closers      map[string]bool
	closersNamed bool // End Sub closes Sub
	opens        func(p *pairer, i int, w, prev, next string) bool

	// Statements.
	semicolons bool      // only ; ends a statement
	offside    bool      // a line indented deeper goes on with the statement
	exported   exporting // what other files see
	typeFirst  bool      // String name, not name: String
	spaceType  bool      // name String, as in Go
	implicit   bool      // the last expression of a body is what it gives back
	words      *keywords

	// Expressions.
	concat     string // operators that join strings, blank-separated
	adjacent   bool   // strings side by side are one
	brace      braceKind
	fat        bool   // k => v is an entry
	arrows     string // operators of anonymous functions, blank-separated
	thin       bool   // k -> v is an entry
	juxtapose  bool   // f x y is a call
	command    bool   // so it is at the start of a statement
	tuples     bool   // (a, b) is a list
	angles     bool   // Name<Type>(…)
	squareType bool   // Name[Type](…)
	colonCall  bool   // a:b() is a call of a method
	trailing   bool   // f { … } hands a closure over
	kwargs     bool   // name: value is an argument
	tableJS    bool   // { a, b() {} } of JavaScript

	// Hooks, nil where the engine's own way does. Those that read give the index where they stopped, and i where they
	// read nothing.
	imports   func(r *codeReader, w string, i, e int) int                // the import statement [i,e), which w begins
	accessors func(r *codeReader, i, end int, b *Node) int               // what stands behind the property b
	typeBody  func(*codeReader, string, int, int, int, *Node, *decl) int // as typeFSharp: what stands behind type name
	// gives reports whether a body's last expression is what it gives back, where implicit says so of some only.
	gives func(r *codeReader, end int, lambda bool, count int, last *Node) bool
}

type exporting uint8

const (
	byWord     exporting = iota // only what says so
	byTop                       // all of the module's level
	notPrivate                  // all that is not private, of classes too
)

// braceKind is what a { means behind an operand, or in its place.
type braceKind uint8

const (
	braceTable   braceKind = iota // in an operand's place, a table
	braceInit                     // Name{…} is a value of that type
	braceNew                      // only behind new
	braceClosure                  // { … } is a function
	braceRecord                   // { a = b } in an operand's place; Name { a = b } too
	braceHash                     // table in an operand's place, closure behind one
)

// wordClass is what a keyword begins.
type wordClass uint8

const (
	wNone     wordClass = iota
	wModifier           // public, static, async, …
	wVar                // let, const, val: a declaration with a name
	wFunc
	wClass
	wImport
	wReturn
	wControl // if, for, while: a head and a body
	wCase    // case, default, when: a label
	wPrefix  // new, await, typeof: nothing by itself
	wInfix   // and, or, in: an operator
	wCast    // as, is, instanceof: a type follows
	wLambda  // an anonymous function in an expression
	wType    // a name for a type
	wElse    // else, try, finally, do: a body follows
	wEnd     // break, pass, next
)

func words(class wordClass, list string, m map[string]wordClass) {
	for _, w := range strings.Fields(list) {
		m[w] = class
	}
}

// A keywords is the table of a language's keywords. It is made when the first text of the language is read: a hook
// reads one or two.
type keywords struct {
	pairs []any                      // a class, and its words
	but   func(map[string]wordClass) // what is different, nil for nothing
	once  sync.Once
	table map[string]wordClass
}

func vocabulary(pairs ...any) *keywords { return &keywords{pairs: pairs} }

// class is what a word is.
func (k *keywords) class(word string) wordClass {
	k.once.Do(func() {
		k.table = map[string]wordClass{}
		for i := range len(k.pairs) / 2 {
			words(k.pairs[2*i].(wordClass), k.pairs[2*i+1].(string), k.table)
		}
		if k.but != nil {
			k.but(k.table)
		}
	})
	return k.table[word]
}

func (l *codeLang) isSigil(x *codeLexer, c byte) bool {
	if l.sigils == "" || strings.IndexByte(l.sigils, c) < 0 {
		return false
	}
	if l.lisp {
		return true
	}
	n := x.peek(1)
	if c == '%' {
		return isAlphaByte(n) && x.startsOperand()
	}
	if c == '@' && l.attributes {
		return isAlphaByte(n)
	}
	return isAlphaByte(n) || n == c || c == '$' && (n == '{' && l.sigilBraces || l.dollarAlone) || n == '$' ||
		c == '@' && n == '$'
}

// commentHere tells the marks of comments from what looks like them.
func (l *codeLang) commentHere(x *codeLexer, m string) bool {
	switch m {
	case "#":
		if x.peek(1) == '[' && l.hashNotes || x.p > 0 && x.src[x.p-1] == '$' {
			return false
		}
		return true
	case "rem":
		return x.nl && (x.peek(3) == ' ' || x.peek(3) == '\n')
	}
	return true
}

func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}

var (
	slashes  = []string{"//"}
	slashBox = [][2]string{{"/*", "*/"}}
	hash     = []string{"#"}

	dq     = codeQuote{open: `"`, close: `"`, esc: escBackslash}
	sq     = codeQuote{open: "'", close: "'", esc: escBackslash}
	char   = codeQuote{open: "'", close: "'", esc: escBackslash, mark: charStr}
	triple = codeQuote{open: `"""`, close: `"""`, esc: escBackslash, multi: true}
)

func (q codeQuote) with(h holes) codeQuote { q.holes = h; return q }
func (q codeQuote) as(open string) codeQuote {
	q.open = open
	return q
}
func (q codeQuote) raw() codeQuote  { q.esc = 0; return q }
func (q codeQuote) over() codeQuote { q.multi = true; return q }

// prefixed gives the kinds of strings once for every prefix.
func prefixed(q codeQuote, prefixes string) (res []codeQuote) {
	for _, p := range strings.Fields(prefixes) {
		res = append(res, q.as(p+q.open))
	}
	return res
}

func join(lists ...[]codeQuote) (res []codeQuote) {
	for _, l := range lists {
		res = append(res, l...)
	}
	return res
}

func (q codeQuote) closed(c string) codeQuote { q.close = c; return q }
