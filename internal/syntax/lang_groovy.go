package syntax

import "strings"

// langGroovy is Groovy.
func langGroovy() *language {
	return &language{name: "groovy",
		named:    namedJenkinsfile,
		endings:  ".groovy .gradle .gvy",
		fences:   "gradle jenkinsfile",
		programs: "groovy",
		code: &codeLang{
			line: slashes, block: slashBox, elvis: true, wordBytes: "$", typeFirst: true, angles: true,
			special: specialGroovy,
			quotes: []codeQuote{triple.with(holeDollarBrace | holeDollarName), {open: "'''", close: "'''",
				esc: escBackslash, multi: true},
				dq.with(holeDollarBrace | holeDollarName), sq},
			words: vocabulary(
				wModifier, "public private protected static final abstract synchronized transient volatile",
				wVar, "def var",
				wClass, "class interface enum trait",
				wImport, "import package",
				wReturn, "return",
				wControl, "if for while switch catch",
				wElse, "else try finally do",
				wCase, "case default",
				wPrefix, "new throw assert",
				wInfix, "in",
				wCast, "as instanceof",
				wEnd, "break continue",
			),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, arrows: "->", trailing: true,
			command: true, kwargs: true,
			imports:   (*codeReader).importJava,
			gives:     givesGroovy,
			operators: "=~",
			traits: traits{
				statementCalls: true, quotedMembers: true, innerArrows: true, groupArgs: true, controlNames: true,
				varFunctions: true,
			},
		}}
}

func specialGroovy(x *codeLexer) bool {
	if x.has("$/") && x.startsOperand() {
		if i := strings.Index(x.src[x.p+2:], "/$"); i >= 0 && !x.unclosed["$/"] {
			x.pushStr(codeStr{start: x.p + 2, end: x.p + 2 + i, flags: Quoted}, x.p, x.p+4+i)
			return true
		}
		x.unclosed["$/"] = true
	}
	return x.src[x.p] == '/' && x.startsOperand() && x.regex()
}

// givesGroovy says that a body gives its last expression, but for a call: what ends a block of settings is no value.
func givesGroovy(_ *codeReader, _ int, _ bool, _ int, last *Node) bool { return last.Kind != Call }

func namedJenkinsfile(base string) bool { return strings.HasPrefix(base, "jenkinsfile") }
