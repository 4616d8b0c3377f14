package syntax

// langBrightScript is BrightScript.
func langBrightScript() *language {
	return &language{name: "brightscript",
		endings: ".brs",
		fences:  "brs",
		code: &codeLang{
			line: []string{"'", "rem", "REM"}, caseless: true, wordTail: "$%",
			quotes: []codeQuote{{open: `"`, close: `"`, esc: escDoubled}, {open: "`", close: "`",
				holes: holeDollarBrace, multi: true}},
			ends:    wordSet("sub function class namespace interface enum"),
			closers: wordSet("end endsub endfunction endclass endnamespace"), closersNamed: true, opens: opensBasic,
			words: vocabulary(
				wModifier, "public private protected override static",
				wVar, "dim const",
				wFunc, "sub function",
				wClass, "class namespace interface enum",
				wImport, "import library",
				wReturn, "return",
				wControl, "if for while elseif else catch",
				wElse, "then try next endwhile endif endfor",
				wPrefix, "new throw print stop",
				wInfix, "and or not mod to step in each",
				wCast, "as",
				wLambda, "function sub",
				wEnd, "exit end goto",
			),
			exported: byTop, concat: "+", brace: braceTable,
			traits: traits{
				ifBehind: true, bareHeads: true, asTypes: true, bareBodies: true,
			},
		}}
}
