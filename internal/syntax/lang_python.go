package syntax

import "strings"

// langPython is Python.
func langPython() *language {
	return &language{name: "python",
		files:    "tiltfile build workspace build.bazel workspace.bazel sconstruct sconscript snakefile",
		endings:  ".py .pyi .pyw .bzl .star",
		fences:   "py python3 pycon ipython",
		programs: "python pypy uv",
		code: &codeLang{
			line: hash, bracketsRule: true, layout: wordSet(":"),
			quotes: join(
				prefixed(triple.with(holeBrace), "f F rf fr Rf fR"),
				prefixed(triple.with(holeBrace).as("'''").closed("'''"), "f F rf fr Rf fR"),
				prefixed(triple, "r R b B u br rb"), prefixed(triple.as("'''").closed("'''"), "r R b B u br rb"),
				[]codeQuote{triple, triple.as("'''").closed("'''")},
				prefixed(dq.with(holeBrace), "f F rf fr Rf fR"), prefixed(sq.with(holeBrace), "f F rf fr Rf fR"),
				prefixed(dq.raw(), "r R br rb"), prefixed(sq.raw(), "r R br rb"), prefixed(dq, "b B u"),
				prefixed(sq, "b B u"),
				[]codeQuote{dq, sq}),
			words: vocabulary(
				wModifier, "async",
				wFunc, "def",
				wClass, "class",
				wImport, "import from",
				wReturn, "return yield",
				wControl, "if for while with except elif match",
				wElse, "else try finally",
				wCase, "case",
				wPrefix, "await raise assert del global nonlocal print",
				wInfix, "in and or not is",
				wCast, "as",
				wLambda, "lambda",
				wEnd, "break continue pass",
			),
			exported: byTop, concat: "+", adjacent: true, brace: braceTable, tuples: true,
			imports: (*codeReader).importPython,
			traits: traits{
				colonBodies: true, ifBehind: true, comprehends: true, braceValues: true, bareHeads: true,
				strictLines: true, annotatedVars: true, withAs: true, basesInParens: true, clsParams: true,
			},
		}}
}

// importPython reads import a.b as c and from a import b as c.
func (r *codeReader) importPython(w string, i, e int) int {
	r.pythonNames(w, i, e)
	return e
}

func (r *codeReader) pythonNames(w string, i, e int) {
	if w == "import" {
		for j := i + 1; j < e; {
			name, k := r.path(j, e)
			local := name
			if dot := strings.IndexByte(name, '.'); dot > 0 {
				local = name[:dot]
			}
			if r.word(k, e) == "as" {
				local = r.text(k + 1)
			}
			r.addImport(name, "", local, r.pos(j))
			for j < e && r.op(j, e) != "," {
				j++
			}
			j++
		}
		return
	}
	j := i + 1
	dots := ""
	for s := r.op(j, e); s == "." || s == ".." || s == "..."; s = r.op(j, e) {
		r.step()
		dots += s
		j++
	}
	name, j := r.path(j, e)
	if r.word(j, e) != "import" {
		if name == "import" {
			name = ""
			j--
		} else {
			return
		}
	}
	module := dots + name
	j++
	if r.opens(j, e, '(') {
		e = r.mate(j, e)
		j++
	}
	if r.op(j, e) == "*" {
		r.addImport(module, "*", "*", r.pos(i))
		return
	}
	for j < e {
		if n := r.word(j, e); n != "" {
			local := n
			if r.word(j+1, e) == "as" {
				local = r.text(j + 2)
			}
			r.addImport(module, n, local, r.pos(j))
		}
		for j < e && r.op(j, e) != "," {
			j++
		}
		j++
	}
}
