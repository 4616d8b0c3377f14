package syntax

// langKotlin is Kotlin.
func langKotlin() *language {
	return &language{name: "kotlin",
		endings:  ".kt .kts",
		fences:   "kt kts",
		programs: "kotlin kscript",
		code: &codeLang{
			ticks: true, line: slashes, block: slashBox, nested: true, elvis: true, angles: true,
			quotes: []codeQuote{{open: `"""`, close: `"""`, multi: true, holes: holeDollarBrace | holeDollarName},
				dq.with(holeDollarBrace | holeDollarName), char},
			words: vocabulary(
				wModifier, "public private protected internal override open abstract final sealed const lateinit "+
					"inline suspend operator infix tailrec external data inner companion expect actual vararg "+
					"noinline crossinline reified annotation value enum",
				wVar, "val var",
				wFunc, "fun constructor init",
				wClass, "class interface object",
				wImport, "import package",
				wReturn, "return",
				wControl, "if for while when catch",
				wElse, "else try finally do",
				wPrefix, "throw",
				wInfix, "in by to",
				wCast, "as is",
				wType, "typealias",
				wEnd, "break continue",
			),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, arrows: "->", trailing: true,
			kwargs:    true,
			imports:   (*codeReader).importJava,
			gives:     givesKotlin,
			accessors: accessorsKotlin,
			operators: "!!",
			traits: traits{
				classRefs: true, noTernary: true, innerArrows: true, innerNotes: true, toPairs: true,
				returnLabels: true, controlNames: true, namelessClasses: true, varTuples: true, typedVars: true,
				bareVars: true, delegates: true, arrowResults: true, noteTargets: true, scopedModifiers: true,
				functionTypes: true,
			},
		}}
}

// anonymousObject reads object : Interface { … } of Kotlin.
func (r *codeReader) anonymousObject(i, end int, p *Node) int {
	j := i + 2
	for j < end && !r.opens(j, end, '{') && !r.breaks(j, i) && r.op(j, end) != "," {
		r.step()
		j = r.next(j, end)
	}
	if !r.opens(j, end, '{') {
		return j
	}
	m := r.mate(j, end)
	b := p.newBlock("", r.pos(i))
	b.End = r.endPos(m + 1)
	r.inside(true, func() { r.statements(j+1, m, b, inClass) })
	return min(m+1, end)
}

// givesKotlin says that a lambda gives its last expression.
func givesKotlin(_ *codeReader, _ int, lambda bool, _ int, _ *Node) bool { return lambda }

// accessorsKotlin reads get() = … behind a property.
func accessorsKotlin(r *codeReader, i, end int, b *Node) int {
	if r.word(i, end) != "get" || !r.opens(i+1, end, '(') {
		return i
	}
	m := r.mate(i+1, end)
	blk := b.newBlock("", r.pos(i))
	return r.functionBody(m+1, end, blk)
}
