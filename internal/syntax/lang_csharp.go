package syntax

import "strings"

// langCSharp is C#.
func langCSharp() *language {
	return &language{name: "csharp",
		endings: ".cs .csx",
		fences:  "cs c# dotnet",
		code: &codeLang{
			line: slashes, block: slashBox, special: specialCSharp, semicolons: true, typeFirst: true,
			angles: true, preproc: true,
			quotes: join([]codeQuote{{open: `$@"`, close: `"`, esc: escDoubled, holes: holeBrace, multi: true},
				{open: `@$"`, close: `"`, esc: escDoubled, holes: holeBrace, multi: true},
				dq.with(holeBrace).as(`$"`), {open: `@"`, close: `"`, esc: escDoubled, multi: true}, dq, char}),
			sigils: "@",
			words: vocabulary(
				wModifier, "public private protected internal static readonly sealed abstract override virtual "+
					"partial async extern unsafe volatile const required file event",
				wVar, "var",
				wClass, "class interface struct enum namespace record",
				wImport, "using",
				wReturn, "return yield",
				wControl, "if for while switch catch foreach lock fixed when",
				wElse, "else try finally do checked unchecked",
				wCase, "case default",
				wPrefix, "new throw await ref out in params stackalloc nameof typeof",
				wInfix, "and or not with",
				wCast, "as is",
				wEnd, "break continue",
			),
			exported: notPrivate, concat: "+", brace: braceNew, arrows: "=>", kwargs: true, tuples: true,
			imports: (*codeReader).importCSharp,
			traits: traits{
				forced: true, optionalChain: true, newFields: true, typeofCalls: true, tuplesInParens: true,
				controlNames: true, bareFunctions: true, prototypes: true, localArrows: true, bracketNotes: true,
			},
		}}
}

func specialCSharp(x *codeLexer) bool {
	p := x.p
	for p < len(x.src) && x.src[p] == '$' {
		p++
	}
	n := 0
	for p+n < len(x.src) && x.src[p+n] == '"' {
		n++
	}
	if n < 3 {
		return false
	}
	close := x.src[p : p+n]
	if x.unclosed[close] {
		return false
	}
	i := strings.Index(x.src[p+n:], close)
	if i < 0 {
		x.unclosed[close] = true
		return false
	}
	s := codeStr{start: p + n, end: p + n + i, flags: Quoted | Multiline}
	x.pushStr(s, x.p, s.end+n)
	return true
}

// importCSharp reads using A.B, using static A.B and using C = A.B.
func (r *codeReader) importCSharp(_ string, i, e int) int {
	if r.opens(i+1, e, '(') || r.word(i+1, e) == "var" || r.word(i+1, e) == "await" {
		return i + 1 // a using statement: what it declares is read as such
	}
	name, j := r.path(i+1, e)
	switch {
	case r.op(j, e) == "=":
		full, _ := r.path(j+1, e)
		r.addImport(full, "", name, r.pos(i))
	case r.word(j, e) != "" && r.word(i+1, e) != "static" && r.word(i+1, e) != "global":
		return i + 1
	default:
		if name == "static" || name == "global" {
			name, _ = r.path(j, e)
		}
		r.addImport(name, "", "", r.pos(i))
	}
	return e
}
