package syntax

// langDart is Dart.
func langDart() *language {
	return &language{name: "dart",
		endings:  ".dart",
		programs: "dart",
		code: &codeLang{
			line: slashes, block: slashBox, nested: true, semicolons: true, typeFirst: true, angles: true,
			sigils: "$", wordBytes: "$",
			quotes: []codeQuote{{open: `r"""`, close: `"""`, multi: true}, {open: "r'''", close: "'''", multi: true},
				triple.with(holeDollarBrace | holeDollarName),
				triple.with(holeDollarBrace | holeDollarName).as("'''").closed("'''"), dq.raw().as(`r"`),
				sq.raw().as("r'"), dq.with(holeDollarBrace | holeDollarName),
				sq.with(holeDollarBrace | holeDollarName)},
			words: vocabulary(
				wModifier, "static final const late external abstract covariant required sealed base",
				wVar, "var",
				wClass, "class enum mixin extension",
				wImport, "import export part library",
				wReturn, "return yield",
				wControl, "if for while switch catch",
				wElse, "else try finally do",
				wCase, "case default",
				wPrefix, "new throw await assert",
				wInfix, "in on",
				wCast, "as is",
				wType, "typedef",
				wEnd, "break continue rethrow",
			),
			exported: byTop, concat: "+", adjacent: true, brace: braceTable, arrows: "=>", kwargs: true,
			imports: (*codeReader).importDart,
			traits: traits{
				cascades: true, forced: true, braceLambdas: true, innerNotes: true, bracePatterns: true,
				bareFunctions: true, prototypes: true, arrowBodies: true, getters: true, optionalParams: true,
				colonDefaults: true, dottedNames: true,
			},
		}}
}

// importDart reads import "m" as x.
func (r *codeReader) importDart(_ string, i, e int) int {
	if !r.isStr(i+1, e) {
		return e
	}
	module := r.keyText(i + 1)
	local := "*"
	for j := i + 2; j < e; j++ {
		if r.word(j, e) == "as" {
			local = r.word(j+1, e)
		}
	}
	r.addImport(module, "*", local, r.pos(i))
	return e
}
