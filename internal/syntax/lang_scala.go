package syntax

// langScala is Scala.
func langScala() *language {
	return &language{name: "scala",
		endings:  ".scala .sc .sbt",
		programs: "scala",
		code: &codeLang{
			ticks: true, line: slashes, block: slashBox, nested: true, bareApos: true, squareType: true,
			quotes: join(prefixed(triple.raw().with(holeDollarBrace|holeDollarName), "s f raw"),
				prefixed(dq.with(holeDollarBrace|holeDollarName), "s f raw"),
				[]codeQuote{triple.raw(), dq, char}),
			layout: wordSet(":"), bracketsRule: true,
			words: vocabulary(
				wModifier, "private protected override final abstract sealed implicit lazy inline case open "+
					"transparent opaque",
				wVar, "val var given",
				wFunc, "def",
				wClass, "class trait object enum package",
				wImport, "import export",
				wReturn, "return",
				wControl, "if for while catch",
				wElse, "else try finally do yield then",
				wCase, "case",
				wPrefix, "new throw",
				wInfix, "match with",
				wType, "type",
			),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, arrows: "=>", trailing: true,
			thin: true, tuples: true,
			imports: (*codeReader).importJava,
			traits: traits{
				onlyTypes: true, fatClosures: true, blockValues: true, caseArms: true, varTuples: true, curried: true,
				equalsBodies: true, equalsHeads: true, squareModifiers: true, fatTypes: true,
			},
		}}
}
