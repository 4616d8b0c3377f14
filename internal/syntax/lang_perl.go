package syntax

import "strings"

// langPerl is Perl.
func langPerl() *language {
	return &language{name: "perl",
		endings:  ".pl .pm .t",
		programs: "perl",
		code: &codeLang{
			line: hash, special: specialPerl, sigils: "$@%", semicolons: true,
			heredocHoles: holeDollarName | holeDollarBrace,
			quotes: []codeQuote{dq.with(holeDollarName | holeDollarBrace).over(), {open: "'", close: "'",
				esc: escOnlyQuote, multi: true}, dq.as("`").closed("`")},
			words: vocabulary(
				wVar, "my our local state",
				wFunc, "sub",
				wClass, "package",
				wImport, "use require no",
				wReturn, "return",
				wControl, "if for while foreach unless until elsif",
				wElse, "else do eval BEGIN",
				wPrefix, "defined ref scalar die print warn",
				wInfix, "and or not eq ne lt gt x cmp",
				wLambda, "sub",
				wEnd, "last next redo",
			),
			exported: byTop, implicit: true, concat: ".", brace: braceTable, fat: true, tuples: true, command: true,
			imports:   (*codeReader).importPerl,
			operators: ".= //= =~",
			traits: traits{
				sigilBraces: true, slashDivides: true, statementStrings: true, statementCalls: true, sigilVars: true,
				arrowMembers: true, bareKeys: true, hashEntries: true, plainColon: true, varTuples: true,
				bareFunctions: true,
			},
		}}
}

// importPerl reads use A::B qw(c), require "x.pl".
func (r *codeReader) importPerl(w string, i, e int) int {
	if r.isStr(i+1, e) {
		r.addImport(r.keyText(i+1), "", "", r.pos(i))
		return e
	}
	name, j := "", i+1
	for j < e && (r.toks[j].kind == tWord || r.op(j, e) == "::") {
		if r.toks[j].sp && name != "" {
			break
		}
		name += r.text(j)
		j++
	}
	if name == "" || w == "no" {
		return e
	}
	if name == "constant" { // use constant NAME => "x"
		return j
	}
	any := false
	for k := j; k < e; k++ {
		if r.isStr(k, e) {
			n := r.keyText(k)
			r.addImport(name, n, n, r.pos(k))
			any = true
		}
	}
	if !any {
		r.addImport(name, "", "", r.pos(i))
	}
	return e
}

func specialPerl(x *codeLexer) bool {
	c := x.src[x.p]
	switch {
	case c == '<' && x.startsOperandOrArg():
		return x.heredocTag("<<")
	case c == '/' && x.startsOperandOrArg():
		return x.regex()
	case c == '_' && x.nl && (x.has("__END__") || x.has("__DATA__")):
		x.p = len(x.src)
		return true
	case c == '=' && x.nl && isAlphaByte(x.peek(1)) && (x.p == 0 || x.peek(-1) == '\n'):
		end := len(x.src)
		if i := strings.Index(x.src[x.p:], "\n=cut"); i >= 0 {
			end = x.lineEnd(x.p + i + 1)
		}
		x.comments = append(x.comments, codeComment{x.p, end, true})
		x.p = end
		return true
	case c != 'q' && c != 'm' && c != 's' && c != 'y' && c != 't' || x.p > 0 && (isWordByte(x.src[x.p-1]) ||
		strings.IndexByte("$@%&>{-", x.src[x.p-1]) >= 0):
		return false
	}
	p := x.p
	for p < len(x.src) && p-x.p < 3 && isAlphaByte(x.src[p]) {
		p++
	}
	op := x.src[x.p:p]
	d := p
	for d < len(x.src) && x.src[d] == ' ' && op[0] == 'q' {
		d++
	}
	if d >= len(x.src) || strings.IndexByte("=,;)", x.src[d]) >= 0 {
		return false
	}
	switch op {
	case "q":
		return x.delimited(d, escOnlyQuote, 0, plainStr)
	case "qq", "qx":
		return x.delimited(d, escBackslash, x.l.heredocHoles, plainStr)
	case "qw":
		return x.words(d)
	case "qr", "m":
		return x.delimited(d, escBackslash, 0, regexStr)
	case "s", "tr", "y":
		if !x.delimited(d, escBackslash, 0, regexStr) {
			return false
		}
		if c := x.peek(-1); c == '}' || c == ')' || c == ']' || c == '>' {
			return true
		}
		x.p-- // the middle delimiter also opens the replacement
		if !x.delimited(x.p, escBackslash, 0, regexStr) {
			x.p++
		}
		return true
	}
	return false
}
