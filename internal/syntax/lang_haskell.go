package syntax

// langHaskell is Haskell.
func langHaskell() *language {
	return &language{name: "haskell",
		endings:  ".hs .lhs",
		fences:   "hs",
		programs: "runghc runhaskell stack",
		code: &codeLang{
			line: []string{"--"}, block: [][2]string{{"{-", "-}"}}, nested: true, wordBytes: "'",
			bareApos: true, offside: true,
			quotes: []codeQuote{dq.over(), char}, layout: wordSet("= -> do of where then else let <-"),
			words: vocabulary(
				wModifier, "let where",
				wClass, "class instance data newtype module deriving",
				wImport, "import",
				wControl, "if case",
				wElse, "else do then of",
				wInfix, "in",
			),
			exported: byTop, implicit: true, concat: "<> ++", brace: braceRecord, arrows: "->", juxtapose: true,
			tuples:  true,
			imports: (*codeReader).importHaskell,
			traits: traits{
				dotComposes: true, recordBraces: true, backslashLambdas: true, comprehends: true, braceValues: true,
				caseOf: true, armBraces: true, bareHeads: true, leftArrows: true, equations: true, doubleColon: true,
				functionTypes: true,
			},
		}}
}

// importHaskell reads import qualified A.B as C (d, e).
func (r *codeReader) importHaskell(_ string, i, e int) int {
	j := i + 1
	if r.word(j, e) == "qualified" {
		j++
	}
	name, j := r.path(j, e)
	local := ""
	for ; j < e; j = r.next(j, e) {
		r.step()
		if r.word(j, e) == "as" {
			local, _ = r.path(j+1, e)
		}
		if r.opens(j, e, '(') {
			for k := j + 1; k < r.mate(j, e); k++ {
				if n := r.word(k, e); n != "" {
					r.addImport(name, n, n, r.pos(i))
				}
			}
		}
	}
	r.addImport(name, "", local, r.pos(i))
	return e
}
