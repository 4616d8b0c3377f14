package syntax

// langSwift is Swift.
func langSwift() *language {
	return &language{name: "swift",
		endings:  ".swift",
		programs: "swift",
		code: &codeLang{
			ticks: true, line: slashes, block: slashBox, nested: true, special: specialSwift,
			angles: true,
			quotes: []codeQuote{triple.with(holeParen), dq.with(holeParen)},
			words: vocabulary(
				wModifier, "public private fileprivate internal open static final override lazy weak unowned mutating "+
					"nonisolated required convenience dynamic indirect optional",
				wVar, "let var",
				wFunc, "func init subscript deinit",
				wClass, "class struct enum protocol extension actor",
				wImport, "import",
				wReturn, "return",
				wControl, "if for while switch catch guard",
				wElse, "else do defer repeat",
				wCase, "case default",
				wPrefix, "try await throw inout some any",
				wInfix, "in where",
				wCast, "as is",
				wType, "typealias associatedtype",
				wEnd, "break continue fallthrough",
			),
			exported: notPrivate, implicit: true, concat: "+", brace: braceClosure, trailing: true, kwargs: true,
			tuples:    true,
			imports:   (*codeReader).importSwift,
			gives:     givesSwift,
			accessors: accessorsSwift,
			traits: traits{
				forced: true, forcedTargets: true, optionalChain: true, inClosures: true, bareHeads: true,
				varTuples: true, bareVars: true, argLabels: true, scopedModifiers: true, intersections: true,
				functionTypes: true,
			},
		}}
}

func specialSwift(x *codeLexer) bool {
	return x.src[x.p] == '#' && (x.peek(1) == '"' || x.peek(1) == '#') && x.hashed(x.p, true)
}

// importSwift reads import M and import struct M.T.
func (r *codeReader) importSwift(_ string, i, e int) int {
	j := i + 1
	if r.class(j, e) != wNone && r.word(j+1, e) != "" {
		j++
	}
	name, _ := r.path(j, e)
	r.addImport(name, "", "", r.pos(i))
	return e
}

// givesSwift says that a body of one expression gives it.
func givesSwift(_ *codeReader, _ int, _ bool, count int, _ *Node) bool { return count == 1 }

// accessorsSwift reads { didSet { … } } behind a property.
func accessorsSwift(r *codeReader, i, end int, b *Node) int {
	if !r.opens(i, end, '{') || r.noBrace || r.toks[i].nl {
		return i
	}
	m := r.mate(i, end)
	r.inside(true, func() { r.statements(i+1, m, b, inBody) })
	return m + 1
}
