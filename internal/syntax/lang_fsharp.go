package syntax

// langFSharp is F#.
func langFSharp() *language {
	return &language{name: "fsharp",
		endings: ".fs .fsx .fsi",
		fences:  "f#",
		code: &codeLang{
			line: slashes, block: [][2]string{{"(*", "*)"}}, nested: true, wordBytes: "'",
			bareApos: true, offside: true, angles: true,
			quotes: []codeQuote{{open: `$"""`, close: `"""`, holes: holeBrace, multi: true}, triple.raw(),
				dq.with(holeBrace).as(`$"`).over(),
				{open: `@"`, close: `"`, esc: escDoubled, multi: true}, dq.over(), char},
			layout: wordSet("= -> with then else do try finally of : <- lazy"),
			words: vocabulary(
				wModifier, "private public internal mutable inline rec static abstract override default member",
				wVar, "let use and",
				wClass, "module namespace interface",
				wImport, "open",
				wReturn, "return",
				wControl, "if for while match elif when",
				wElse, "else try finally do then with",
				wPrefix, "new upcast downcast raise failwith function",
				wInfix, "in of not",
				wCast, ":> :?>",
				wLambda, "fun",
				wType, "type",
			),
			exported: byTop, implicit: true, concat: "+", brace: braceRecord, arrows: "->", juxtapose: true,
			tuples:   true,
			imports:  (*codeReader).importFSharp,
			typeBody: (*codeReader).typeFSharp,
			traits: traits{
				methodArgs: true, builders: true, flexTypes: true, braceValues: true, armBraces: true, bareHeads: true,
				leftArrows: true, selfNames: true, angleNotes: true, parenNames: true, functionTypes: true,
			},
		}}
}

func (r *codeReader) typeFSharp(name string, i, j, end int, p *Node, d *decl) int {
	b := r.flag(p.newBlock(name, r.pos(i+1)), inFile, d)
	b.Flags |= Class
	if r.opens(j, end, '(') {
		m := r.mate(j, end)
		b.Params = r.params(j+1, m, b)
		j = m + 1
	}
	for j < end && r.op(j, end) != "=" && !r.breaks(j, d.at) {
		r.step()
		j = r.next(j, end)
	}
	if r.op(j, end) == "=" {
		j++
	}
	if r.opens(j, end, 'I') {
		m := r.mate(j, end)
		r.inside(true, func() { r.statements(j+1, m, b, inClass) })
		j = m + 1
	} else {
		j = r.statementEnd(j, end, d.at)
	}
	b.End = r.endPos(j)
	return max(j, i+1)
}

// importFSharp reads open A.B.
func (r *codeReader) importFSharp(_ string, i, e int) int {
	name, _ := r.path(i+1, e)
	r.addImport(name, "", "", r.pos(i))
	return e
}
