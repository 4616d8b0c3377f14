package syntax

import (
	"strings"
	"sync"
)

// A codeLang is what tells one programming language from another: how it writes comments and strings, what ends a
// statement, which words begin what. The readers know no language by name where a field here can say it.
type codeLang struct {
	name string

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
	elvis        bool // ?: is an operator
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
	if c == '@' && l.name == "elixir" {
		return isAlphaByte(n)
	}
	return isAlphaByte(n) || n == c || c == '$' && (n == '{' && l.name == "perl" || l.name == "javascript" ||
		l.name == "typescript" || l.name == "tsx" || l.name == "java") || n == '$' || c == '@' && n == '$'
}

// commentHere tells the marks of comments from what looks like them.
func (l *codeLang) commentHere(x *codeLexer, m string) bool {
	switch m {
	case "#":
		if x.peek(1) == '[' && l.name == "php" || x.p > 0 && x.src[x.p-1] == '$' {
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

func jsLang(name string, jsx bool) *codeLang {
	w := vocabulary(
		wModifier, "export default public private protected static readonly abstract declare override async accessor",
		wVar, "const let var", wFunc, "function", wClass, "class interface enum namespace", wImport, "import",
		wReturn, "return yield", wControl, "if for while switch catch with", wElse, "else try finally do",
		wCase, "case", wPrefix, "new await typeof void delete throw keyof infer unique asserts", wInfix, "in of",
		wCast, "as satisfies instanceof is extends", wLambda, "function", wType, "type", wEnd,
		"break continue debugger")
	w.but = func(w map[string]wordClass) {
		if name != "javascript" {
			w["module"], w["global"] = wClass, wClass
			return
		}
		for _, t := range []string{"interface", "namespace", "type", "declare", "abstract", "readonly", "private",
			"public", "protected", "keyof", "infer", "unique", "asserts", "is"} {
			delete(w, t)
		}
		// Flow and code that comes from elsewhere still write these as TypeScript does.
		w["interface"], w["type"] = wClass, wType
	}
	return &codeLang{
		name: name, line: slashes, block: slashBox, sigils: "$#@"[:1], wordBytes: "$", regex: true, jsx: jsx,
		quotes: []codeQuote{{open: "`", close: "`", esc: escBackslash, holes: holeDollarBrace, multi: true,
			mark: tickStr}, dq, sq},
		exported: byWord, words: w, concat: "+", brace: braceTable, arrows: "=>", angles: true, tableJS: true,
	}
}

// codeLangs are the programming languages, by name.
var codeLangs = sync.OnceValue(func() map[string]*codeLang {
	m := map[string]*codeLang{}
	for _, l := range allCodeLangs() {
		m[l.name] = l
	}
	return m
})

func allCodeLangs() []*codeLang {
	return []*codeLang{
		jsLang("javascript", true), jsLang("typescript", false), jsLang("tsx", true),
		{
			name: "cfml", line: slashes, block: [][2]string{{"/*", "*/"}, {"<!---", "--->"}}, wordBytes: "$",
			caseless: true, elvis: true,
			quotes: []codeQuote{{open: `"`, close: `"`, esc: escDoubled, holes: holeHash}, {open: "'", close: "'",
				esc: escDoubled, holes: holeHash}},
			words: vocabulary(wModifier, "public private remote package static required final any string numeric boolean struct array void", wVar, "var",
				wFunc, "function", wClass, "component interface", wImport, "import include", wReturn, "return",
				wControl, "if for while switch catch",
				wElse, "else try finally do", wCase, "case default", wPrefix, "new throw", wInfix,
				"in and or eq neq is contains", wEnd, "break continue"),
			exported: notPrivate, concat: "&", brace: braceTable, arrows: "=>", tableJS: true,
		},
		{
			name: "java", line: slashes, block: slashBox, wordBytes: "$", semicolons: true, typeFirst: true,
			angles: true,
			quotes: []codeQuote{triple, dq, char},
			words: vocabulary(wModifier, "public private protected static final abstract native synchronized transient volatile strictfp default sealed",
				wVar, "var", wClass, "class interface enum record @interface", wImport, "import package", wReturn,
				"return yield",
				wControl, "if for while switch catch synchronized", wElse, "else try finally do", wCase, "case default",
				wPrefix, "new throw assert", wCast, "instanceof extends super", wEnd, "break continue"),
			exported: notPrivate, concat: "+", brace: braceNew, arrows: "->",
		},
		{
			name: "kotlin", ticks: true, line: slashes, block: slashBox, nested: true, elvis: true, angles: true,
			quotes: []codeQuote{{open: `"""`, close: `"""`, multi: true, holes: holeDollarBrace | holeDollarName},
				dq.with(holeDollarBrace | holeDollarName), char},
			words: vocabulary(wModifier, `public private protected internal override open abstract final sealed const lateinit inline
				suspend operator infix tailrec external data inner companion expect actual vararg noinline crossinline reified annotation value enum`,
				wVar, "val var", wFunc, "fun constructor init", wClass, "class interface object", wImport,
				"import package", wReturn, "return",
				wControl, "if for while when catch", wElse, "else try finally do", wPrefix, "throw", wInfix, "in by to",
				wCast, "as is", wType, "typealias", wEnd, "break continue"),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, arrows: "->", trailing: true,
			kwargs: true,
		},
		{
			name: "groovy", line: slashes, block: slashBox, elvis: true, wordBytes: "$", typeFirst: true, angles: true,
			special: specialGroovy,
			quotes: []codeQuote{triple.with(holeDollarBrace | holeDollarName), {open: "'''", close: "'''",
				esc: escBackslash, multi: true},
				dq.with(holeDollarBrace | holeDollarName), sq},
			words: vocabulary(wModifier, "public private protected static final abstract synchronized transient volatile", wVar, "def var",
				wClass, "class interface enum trait", wImport, "import package", wReturn, "return", wControl,
				"if for while switch catch",
				wElse, "else try finally do", wCase, "case default", wPrefix, "new throw assert", wInfix, "in", wCast,
				"as instanceof", wEnd, "break continue"),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, arrows: "->", trailing: true,
			command: true, kwargs: true,
		},
		{
			name: "scala", ticks: true, line: slashes, block: slashBox, nested: true, bareApos: true, squareType: true,
			quotes: join(prefixed(triple.raw().with(holeDollarBrace|holeDollarName), "s f raw"),
				prefixed(dq.with(holeDollarBrace|holeDollarName), "s f raw"),
				[]codeQuote{triple.raw(), dq, char}),
			layout: wordSet(":"), bracketsRule: true,
			words: vocabulary(wModifier, "private protected override final abstract sealed implicit lazy inline case open transparent opaque", wVar, "val var given",
				wFunc, "def", wClass, "class trait object enum package", wImport, "import export", wReturn, "return",
				wControl, "if for while catch", wElse, "else try finally do yield then", wCase, "case", wPrefix,
				"new throw", wInfix, "match with",
				wType, "type"),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, arrows: "=>", trailing: true,
			thin: true, tuples: true,
		},
		{
			name: "clojure", line: []string{";"}, lisp: true, special: specialClojure, sigils: "-+*/<>=!?&%$.|:#",
			wordBytes: "-+*/<>=!?&%$.|:#'",
			quotes:    []codeQuote{dq.over()}, exported: byTop,
		},
		{
			name: "go", line: slashes, block: slashBox, quotes: []codeQuote{dq, dq.raw().as("`").closed("`").over(),
				char},
			words: vocabulary(wVar, "const var", wFunc, "func", wImport, "import package", wReturn, "return", wControl,
				"if for switch select",
				wElse, "else defer go", wCase, "case default", wInfix, "range", wLambda, "func", wType, "type", wEnd,
				"break continue fallthrough goto"),
			exported: byTop, spaceType: true, concat: "+", brace: braceInit, squareType: true,
		},
		{
			name: "python", line: hash, bracketsRule: true, layout: wordSet(":"),
			quotes: join(
				prefixed(triple.with(holeBrace), "f F rf fr Rf fR"),
				prefixed(triple.with(holeBrace).as("'''").closed("'''"), "f F rf fr Rf fR"),
				prefixed(triple, "r R b B u br rb"), prefixed(triple.as("'''").closed("'''"), "r R b B u br rb"),
				[]codeQuote{triple, triple.as("'''").closed("'''")},
				prefixed(dq.with(holeBrace), "f F rf fr Rf fR"), prefixed(sq.with(holeBrace), "f F rf fr Rf fR"),
				prefixed(dq.raw(), "r R br rb"), prefixed(sq.raw(), "r R br rb"), prefixed(dq, "b B u"),
				prefixed(sq, "b B u"),
				[]codeQuote{dq, sq}),
			words: vocabulary(wModifier, "async", wFunc, "def", wClass, "class", wImport, "import from", wReturn,
				"return yield",
				wControl, "if for while with except elif match", wElse, "else try finally", wCase, "case", wPrefix,
				"await raise assert del global nonlocal print",
				wInfix, "in and or not is", wCast, "as", wLambda, "lambda", wEnd, "break continue pass"),
			exported: byTop, concat: "+", adjacent: true, brace: braceTable, tuples: true,
		},
		{
			name: "ruby", line: hash, block: [][2]string{{"=begin", "\n=end"}}, special: specialRuby, sigils: "@$",
			wordTail: "?!", heredocHoles: holeHashBrace,
			quotes: []codeQuote{dq.with(holeHashBrace).over(), {open: "'", close: "'", esc: escOnlyQuote, multi: true},
				dq.with(holeHashBrace).as("`").closed("`")},
			ends: wordSet("def class module begin do case if unless while until for"), closers: wordSet("end"),
			opens: opensRuby,
			words: vocabulary(wModifier, "private protected public private_class_method module_function", wFunc, "def",
				wClass, "class module",
				wImport, "require require_relative load autoload", wReturn, "return yield", wControl,
				"if unless while until for elsif rescue case when",
				wElse, "else begin ensure do then", wPrefix, "raise not", wInfix, "in and or", wEnd,
				"break next redo retry"),
			exported: byTop, implicit: true, concat: "+", adjacent: true, brace: braceHash, fat: true, command: true,
			trailing: true, kwargs: true,
		},
		{
			name: "php", line: []string{"//", "#"}, block: slashBox, special: specialPHP, sigils: "$", elvis: true,
			semicolons: true, typeFirst: true,
			heredocHoles: holeDollarName | holeBrace,
			quotes: []codeQuote{dq.with(holeDollarName | holeDollarBrace | holeBrace).over(),
				{open: "'", close: "'", esc: escOnlyQuote, multi: true}},
			words: vocabulary(wModifier, "public private protected static final abstract readonly var", wVar,
				"const global", wFunc, "function",
				wClass, "class interface trait enum namespace", wImport,
				"use require require_once include include_once", wReturn, "return yield",
				wControl, "if for while switch match catch foreach elseif declare", wElse, "else try finally do", wCase,
				"case default",
				wPrefix, "new throw echo print clone", wInfix, "and or xor", wCast, "as instanceof", wLambda,
				"function fn", wEnd, "break continue"),
			exported: notPrivate, concat: ".", brace: braceTable, fat: true, arrows: "=>", kwargs: true,
		},
		{
			name: "csharp", line: slashes, block: slashBox, special: specialCSharp, semicolons: true, typeFirst: true,
			angles: true, preproc: true,
			quotes: join([]codeQuote{{open: `$@"`, close: `"`, esc: escDoubled, holes: holeBrace, multi: true},
				{open: `@$"`, close: `"`, esc: escDoubled, holes: holeBrace, multi: true},
				dq.with(holeBrace).as(`$"`), {open: `@"`, close: `"`, esc: escDoubled, multi: true}, dq, char}),
			sigils: "@",
			words: vocabulary(wModifier, `public private protected internal static readonly sealed abstract override virtual partial async extern
				unsafe volatile const required file event`, wVar, "var", wClass, "class interface struct enum namespace record", wImport, "using", wReturn, "return yield",
				wControl, "if for while switch catch foreach lock fixed when", wElse,
				"else try finally do checked unchecked", wCase, "case default",
				wPrefix, "new throw await ref out in params stackalloc nameof typeof", wInfix, "and or not with", wCast,
				"as is", wEnd, "break continue"),
			exported: notPrivate, concat: "+", brace: braceNew, arrows: "=>", kwargs: true, tuples: true,
		},
		{
			name: "fsharp", line: slashes, block: [][2]string{{"(*", "*)"}}, nested: true, wordBytes: "'",
			bareApos: true, offside: true, angles: true,
			quotes: []codeQuote{{open: `$"""`, close: `"""`, holes: holeBrace, multi: true}, triple.raw(),
				dq.with(holeBrace).as(`$"`).over(),
				{open: `@"`, close: `"`, esc: escDoubled, multi: true}, dq.over(), char},
			layout: wordSet("= -> with then else do try finally of : <- lazy"),
			words: vocabulary(wModifier, "private public internal mutable inline rec static abstract override default member", wVar, "let use and",
				wClass, "module namespace interface", wImport, "open", wReturn, "return", wControl,
				"if for while match elif when",
				wElse, "else try finally do then with", wPrefix, "new upcast downcast raise failwith function", wInfix,
				"in of not", wCast, ":> :?>", wLambda, "fun", wType, "type"),
			exported: byTop, implicit: true, concat: "+", brace: braceRecord, arrows: "->", juxtapose: true,
			tuples: true,
		},
		{
			name: "vb", line: []string{"'"}, caseless: true, wordTail: "",
			quotes: []codeQuote{{open: `$"`, close: `"`, esc: escDoubled, holes: holeBrace}, {open: `"`, close: `"`,
				esc: escDoubled}},
			ends:    wordSet("sub function class module namespace property structure interface enum"),
			closers: wordSet("end"), closersNamed: true, opens: opensBasic,
			words: vocabulary(wModifier, `public private protected friend shared readonly const overrides overridable mustinherit partial async
				notinheritable withevents shadows overloads default writeonly notoverridable iterator`, wVar, "dim const", wFunc, "sub function property",
				wClass, "class module namespace structure interface enum", wImport, "imports", wReturn, "return",
				wControl, "if for while select with using elseif catch",
				wElse, "else try finally do loop next wend then", wCase, "case", wPrefix,
				"new await throw byval byref optional of call set", wInfix,
				"and or andalso orelse not is isnot mod from to step in each", wCast, "as",
				wEnd, "exit end inherits implements option"),
			exported: notPrivate, concat: "& +", brace: braceTable, tuples: false,
		},
		{
			name: "rust", line: slashes, block: slashBox, nested: true, special: specialRust, bareApos: true,
			semicolons: true, angles: true,
			quotes: []codeQuote{dq.over(), dq.as(`b"`).over(), char},
			words: vocabulary(wModifier, "pub unsafe async extern default mut ref crate dyn", wVar, "let const static",
				wFunc, "fn", wClass, "struct enum trait impl mod union macro_rules",
				wImport, "use", wReturn, "return", wControl, "if for while match", wElse, "else loop unsafe", wPrefix,
				"move await", wInfix, "in",
				wCast, "as", wType, "type", wEnd, "break continue"),
			exported: byWord, implicit: true, concat: "+", brace: braceInit, arrows: "", tuples: true,
		},
		{
			name: "swift", ticks: true, line: slashes, block: slashBox, nested: true, special: specialSwift,
			angles: true,
			quotes: []codeQuote{triple.with(holeParen), dq.with(holeParen)},
			words: vocabulary(wModifier, `public private fileprivate internal open static final override lazy weak unowned mutating nonisolated
				required convenience dynamic indirect optional`, wVar, "let var", wFunc, "func init subscript deinit", wClass, "class struct enum protocol extension actor",
				wImport, "import", wReturn, "return", wControl, "if for while switch catch guard", wElse,
				"else do defer repeat", wCase, "case default",
				wPrefix, "try await throw inout some any", wInfix, "in where", wCast, "as is", wType,
				"typealias associatedtype", wEnd, "break continue fallthrough"),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, trailing: true, kwargs: true,
			tuples: true,
		},
		{
			name: "dart", line: slashes, block: slashBox, nested: true, semicolons: true, typeFirst: true, angles: true,
			sigils: "$", wordBytes: "$",
			quotes: []codeQuote{{open: `r"""`, close: `"""`, multi: true}, {open: "r'''", close: "'''", multi: true},
				triple.with(holeDollarBrace | holeDollarName),
				triple.with(holeDollarBrace | holeDollarName).as("'''").closed("'''"), dq.raw().as(`r"`),
				sq.raw().as("r'"), dq.with(holeDollarBrace | holeDollarName),
				sq.with(holeDollarBrace | holeDollarName)},
			words: vocabulary(wModifier, "static final const late external abstract covariant required sealed base",
				wVar, "var", wClass, "class enum mixin extension",
				wImport, "import export part library", wReturn, "return yield", wControl, "if for while switch catch",
				wElse, "else try finally do", wCase, "case default",
				wPrefix, "new throw await assert", wInfix, "in on", wCast, "as is", wType, "typedef", wEnd,
				"break continue rethrow"),
			exported: byTop, concat: "+", adjacent: true, brace: braceTable, arrows: "=>", kwargs: true,
		},
		{
			name: "elixir", line: hash, special: specialElixir, sigils: "@", wordTail: "?!",
			heredocHoles: holeHashBrace,
			quotes: []codeQuote{triple.with(holeHashBrace), {open: "'''", close: "'''", esc: escBackslash, multi: true,
				holes: holeHashBrace},
				dq.with(holeHashBrace).over(), sq.with(holeHashBrace).over()},
			ends: wordSet("do fn"), closers: wordSet("end"), opens: opensElixir,
			words: vocabulary(wFunc, "def defp defmacro defmacrop test", wClass, "defmodule defprotocol defimpl",
				wImport, "import alias use require",
				wControl, "if for unless case cond with receive quote describe", wElse, "else try after rescue do",
				wPrefix, "raise not", wInfix, "and or in when", wLambda, "fn"),
			exported: byTop, implicit: true, concat: "<>", brace: braceTable, command: true, kwargs: true, fat: true,
		},
		{
			name: "haskell", line: []string{"--"}, block: [][2]string{{"{-", "-}"}}, nested: true, wordBytes: "'",
			bareApos: true, offside: true,
			quotes: []codeQuote{dq.over(), char}, layout: wordSet("= -> do of where then else let <-"),
			words: vocabulary(wModifier, "let where", wClass, "class instance data newtype module deriving", wImport,
				"import", wControl, "if case",
				wElse, "else do then of", wInfix, "in"),
			exported: byTop, implicit: true, concat: "<> ++", brace: braceRecord, arrows: "->", juxtapose: true,
			tuples: true,
		},
		{
			name: "cpp", line: slashes, block: slashBox, special: specialCpp, semicolons: true, typeFirst: true,
			angles: true, preproc: true, adjacent: true,
			quotes: join(prefixed(dq, "u8 u U L"), []codeQuote{dq, char}),
			words: vocabulary(wModifier, `static const constexpr extern inline virtual explicit volatile mutable typename register constinit
				consteval friend thread_local unsigned signed public private protected template __attribute__ __declspec`, wVar, "", wClass, "class struct enum union namespace @interface @implementation @protocol",
				wImport, "", wReturn, "return co_return co_yield", wControl, "if for while switch catch", wElse,
				"else try do", wCase, "case default",
				wPrefix, "new delete throw co_await sizeof", wInfix, "and or not", wType, "typedef using", wEnd,
				"break continue goto"),
			exported: byTop, concat: "", brace: braceInit,
		},
		{
			name: "perl", line: hash, special: specialPerl, sigils: "$@%", semicolons: true,
			heredocHoles: holeDollarName | holeDollarBrace,
			quotes: []codeQuote{dq.with(holeDollarName | holeDollarBrace).over(), {open: "'", close: "'",
				esc: escOnlyQuote, multi: true}, dq.as("`").closed("`")},
			words: vocabulary(wVar, "my our local state", wFunc, "sub", wClass, "package", wImport, "use require no",
				wReturn, "return", wControl, "if for while foreach unless until elsif",
				wElse, "else do eval BEGIN", wPrefix, "defined ref scalar die print warn", wInfix,
				"and or not eq ne lt gt x cmp", wLambda, "sub", wEnd, "last next redo"),
			exported: byTop, implicit: true, concat: ".", brace: braceTable, fat: true, tuples: true, command: true,
		},
		{
			name: "lua", line: []string{"--"}, block: [][2]string{{"--[[", "]]"}, {"--[=[", "]=]"}, {"--[==[", "]==]"}},
			special: specialLua,
			quotes:  []codeQuote{dq, sq}, ends: wordSet("function do if repeat"), closers: wordSet("end until"),
			opens: opensLua,
			words: vocabulary(wModifier, "local", wFunc, "function", wReturn, "return", wControl,
				"if for while elseif until", wElse, "else do repeat then", wInfix, "and or not in", wLambda, "function",
				wEnd, "break goto"),
			exported: byTop, concat: "..", brace: braceTable, colonCall: true, command: true,
		},
		{
			name: "brightscript", line: []string{"'", "rem", "REM"}, caseless: true, wordTail: "$%",
			quotes: []codeQuote{{open: `"`, close: `"`, esc: escDoubled}, {open: "`", close: "`",
				holes: holeDollarBrace, multi: true}},
			ends:    wordSet("sub function class namespace interface enum"),
			closers: wordSet("end endsub endfunction endclass endnamespace"), closersNamed: true, opens: opensBasic,
			words: vocabulary(wModifier, "public private protected override static", wVar, "dim const", wFunc,
				"sub function", wClass, "class namespace interface enum", wImport, "import library", wReturn, "return",
				wControl, "if for while elseif else catch", wElse, "then try next endwhile endif endfor", wPrefix,
				"new throw print stop", wInfix, "and or not mod to step in each", wCast, "as", wLambda,
				"function sub", wEnd, "exit end goto"),
			exported: byTop, concat: "+", brace: braceTable,
		},
	}
}

func (q codeQuote) closed(c string) codeQuote { q.close = c; return q }
