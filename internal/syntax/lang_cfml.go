package syntax

// langCFML is CFML.
func langCFML() *language {
	return &language{name: "cfml",
		endings: ".cfc .cfm .cfs",
		code: &codeLang{
			line: slashes, block: [][2]string{{"/*", "*/"}, {"<!---", "--->"}}, wordBytes: "$",
			caseless: true, elvis: true,
			quotes: []codeQuote{{open: `"`, close: `"`, esc: escDoubled, holes: holeHash}, {open: "'", close: "'",
				esc: escDoubled, holes: holeHash}},
			words: vocabulary(
				wModifier, "public private remote package static required final any string numeric boolean struct "+
					"array void",
				wVar, "var",
				wFunc, "function",
				wClass, "component interface",
				wImport, "import include",
				wReturn, "return",
				wControl, "if for while switch catch",
				wElse, "else try finally do",
				wCase, "case default",
				wPrefix, "new throw",
				wInfix, "in and or eq neq is contains",
				wEnd, "break continue",
			),
			exported: notPrivate, concat: "&", brace: braceTable, arrows: "=>", tableJS: true,
			traits: traits{
				listPatterns: true, propertyTags: true, bareFunctions: true, typeMembers: true, intersections: true,
			},
		}}
}
