package syntax

func langJavaScript() *language {
	return langJS(language{name: "javascript",
		endings:  ".js .mjs .cjs .jsx .es6",
		fences:   "js jsx mjs cjs node nodejs",
		programs: "node deno bun zx k nodejs",
	}, true)
}

func langTypeScript() *language {
	return langJS(language{name: "typescript",
		endings:  ".ts .mts .cts",
		fences:   "ts mts",
		programs: "ts-node tsx",
	}, false)
}

func langTSX() *language {
	return langJS(language{name: "tsx",
		endings: ".tsx",
	}, true)
}

// langJS is JavaScript or TypeScript: javascript, typescript, tsx.
func langJS(row language, jsx bool) *language {
	name := row.name
	w := vocabulary(
		wModifier, "export default public private protected static readonly abstract declare override async accessor",
		wVar, "const let var",
		wFunc, "function",
		wClass, "class interface enum namespace",
		wImport, "import",
		wReturn, "return yield",
		wControl, "if for while switch catch with",
		wElse, "else try finally do",
		wCase, "case",
		wPrefix, "new await typeof void delete throw keyof infer unique asserts",
		wInfix, "in of",
		wCast, "as satisfies instanceof is extends",
		wLambda, "function",
		wType, "type",
		wEnd, "break continue debugger",
	)
	w.but = func(w map[string]wordClass) {
		if name != "javascript" {
			w["module"], w["global"] = wClass, wClass
			return
		}
		for _, t := range []string{"interface", "namespace", "type", "declare", "abstract", "readonly", "private",
			"public", "protected", "keyof", "infer", "unique", "asserts", "is"} {
			delete(w, t)
		}
		// Flow and code that comes from elsewhere still write these as TypeScript does.
		w["interface"], w["type"] = wClass, wType
	}
	row.code = &codeLang{
		line: slashes, block: slashBox, sigils: "$#@"[:1], wordBytes: "$", regex: true, jsx: jsx,
		quotes: []codeQuote{{open: "`", close: "`", esc: escBackslash, holes: holeDollarBrace, multi: true,
			mark: tickStr}, dq, sq},
		exported: byWord, words: w, concat: "+", brace: braceTable, arrows: "=>", angles: true, tableJS: true,
		imports: (*codeReader).importJS,
		traits: traits{
			dollarAlone: true, typedLambdas: true, listPatterns: true, bareFunctions: true, typeMembers: true,
			intersections: true,
			untyped:       name == "javascript", casts: name != "javascript", genericArrows: name == "tsx",
		},
	}
	return &row
}

// importJS reads import … from "m", import "m" and import x = require("m").
func (r *codeReader) importJS(_ string, i, e int) int {
	if s := r.op(i+1, e); s == "." || r.opens(i+1, e, '(') {
		return i // import.meta, import(…)
	}
	if r.isStr(i+1, e) {
		r.addImport(r.keyText(i+1), "", "", r.pos(i))
		return e
	}
	module, from := r.moduleAfter(i+1, e)
	if from < 0 {
		if r.word(i+1, e) != "" && r.op(i+2, e) == "=" { // import x = require("m")
			local := r.text(i + 1)
			if r.word(i+3, e) == "require" && r.opens(i+4, e, '(') && r.isStr(i+5, e) {
				r.addImport(r.keyText(i+5), "*", local, r.pos(i))
			}
		}
		return e
	}
	j := i + 1
	if w := r.word(j, from); (w == "type" || w == "typeof" || w == "defer") && r.op(j+1, from) != "," && j+1 < from {
		j++
	}
	for j < from {
		r.step()
		switch {
		case r.op(j, from) == "*":
			if r.word(j+1, from) == "as" {
				r.addImport(module, "*", r.text(j+2), r.pos(j+2))
				j += 2
			}
		case r.opens(j, from, '{'):
			r.namedImports(module, j+1, r.mate(j, from))
			j = r.mate(j, from)
		case r.toks[j].kind == tWord:
			r.addImport(module, "default", r.text(j), r.pos(j))
		}
		j++
	}
	return min(from+2, e)
}

// moduleAfter finds from "module" in [i,e).
func (r *codeReader) moduleAfter(i, e int) (string, int) {
	for k := i; k < e; k = r.next(k, e) {
		r.step()
		if r.word(k, e) == "from" && r.isStr(k+1, e) {
			return r.keyText(k + 1), k
		}
	}
	return "", -1
}

func (r *codeReader) namedImports(module string, i, end int) {
	for i < end {
		j := i
		if r.word(j, end) == "type" && r.toks[min(j+1, end-1)].kind == tWord && r.word(j+1, end) != "as" && j+1 < end {
			j++
		}
		if j < end && (r.toks[j].kind == tWord || r.toks[j].kind == tStr) {
			name := r.keyText(j)
			local, at := name, j
			if r.word(j+1, end) == "as" && j+2 < end {
				local, at = r.text(j+2), j+2
			}
			r.addImport(module, name, local, r.pos(at))
		}
		for i < end && r.op(i, end) != "," {
			i++
		}
		i++
	}
}

// exportList reads export { a, b as c } and export { a } from "m".
func (r *codeReader) exportList(i, end int, p *Node) int {
	m := r.mate(i, end)
	module, e := "", m+1
	if r.word(m+1, end) == "from" && r.isStr(m+2, end) {
		module, e = r.keyText(m+2), m+3
	}
	for j := i + 1; j < m; {
		k := j
		if r.word(k, m) == "type" && r.word(k+1, m) != "" && r.word(k+1, m) != "as" {
			k++
		}
		if r.word(k, m) != "" {
			name := r.text(k)
			out, at := name, k
			if r.word(k+1, m) == "as" && k+2 < m {
				out, at = r.keyText(k+2), k+2
			}
			b := p.newBind(out, r.pos(at))
			b.Flags |= Exported
			b.putRef(name, r.pos(k))
			if module != "" {
				r.addImport(module, name, name, r.pos(k))
			}
		}
		for j < m && r.op(j, m) != "," {
			j++
		}
		j++
	}
	return min(e, end)
}

// exportAll reads what follows export *: as name from "m". The import's local name is then "*".
func (r *codeReader) exportAll(i, end int, p *Node) int {
	local := "*"
	j := i + 1
	if r.word(j, end) == "as" {
		local = r.text(j + 1)
		j += 2
	}
	if r.word(j, end) != "from" || !r.isStr(j+1, end) {
		return i
	}
	r.addImport(r.keyText(j+1), "*", local, r.pos(i))
	if local != "*" {
		b := p.newBind(local, r.pos(i+2))
		b.Flags |= Exported
		b.putRef(local, r.pos(i+2))
	}
	return j + 2
}

// jsMember reads a member of a class of JavaScript: a method, an accessor, a field.
func (r *codeReader) jsMember(i, end int, p *Node, d *decl) int {
	j := i
	for (r.word(j, end) == "get" || r.word(j, end) == "set" || r.word(j, end) == "async" ||
		r.word(j, end) == "static") && j+1 < end &&
		(r.toks[j+1].kind == tWord || r.toks[j+1].kind == tStr || r.op(j+1, end) == "*" || r.op(j+1, end) == "#" ||
			r.opens(j+1, end, '[')) {
		j++
	}
	for r.op(j, end) == "*" || r.op(j, end) == "#" {
		j++
	}
	if j >= end {
		return i
	}
	at := j
	name := ""
	switch {
	case r.toks[j].kind == tWord || r.toks[j].kind == tStr || r.toks[j].kind == tNum:
		name = r.keyText(j)
		j++
	case r.opens(j, end, '['):
		m := r.mate(j, end)
		name = r.targetName(j, m+1)
		j = m + 1
	default:
		return i
	}
	if r.op(j, end) == "?" || r.op(j, end) == "!" {
		j++
	}
	if r.op(j, end) == "<" {
		if k := r.angles(j, end); k > j {
			j = k
		}
	}
	if r.opens(j, end, '(') && !r.toks[j].nl {
		b := r.flag(p.newBlock(name, r.keyPos(at)), inClass, d)
		m := r.mate(j, end)
		b.Params = r.constructed(p, name, func() []string { return r.params(j+1, m, b) })
		j = r.functionBody(m+1, end, b)
		b.End = max(b.End, r.endPos(j))
		return j
	}
	k := j
	annotated := ""
	if r.op(j, end) == ":" {
		j = r.skipType(j+1, end)
		annotated = r.typeText(k+1, j)
		if j < end && !r.assigned(j, end) && !r.breaks(j, i) && r.op(j, end) != ";" && r.op(j, end) != "," {
			j = r.statementEnd(j, end, i)
		}
	}
	switch {
	case r.assigned(j, end):
		b := r.flag(p.newBind(name, r.keyPos(at)), inClass, d)
		b.Type = annotated
		return r.bindValue(b, j, end)
	case j > k, j >= end, r.op(j, end) == ";", r.breaks(j, i):
		b := r.flag(p.newBind(name, r.keyPos(at)), inClass, d)
		b.Flags |= Typed
		b.Type = annotated
		b.End = r.endPos(j)
		return j
	}
	return i
}

// jsEntry reads a method or accessor of an object of JavaScript.
func (r *codeReader) jsEntry(i, end int, p *Node) int {
	j := i
	for (r.word(j, end) == "get" || r.word(j, end) == "set" || r.word(j, end) == "async") && j+1 < end &&
		(r.toks[j+1].kind == tWord || r.toks[j+1].kind == tStr || r.op(j+1, end) == "*" || r.opens(j+1, end, '[')) {
		j++
	}
	if r.op(j, end) == "*" {
		j++
	}
	at := j
	name := ""
	switch {
	case j >= end:
		return i
	case r.toks[j].kind == tWord || r.toks[j].kind == tStr || r.toks[j].kind == tNum:
		if c := r.class(j, end); c == wFunc || c == wPrefix && j == i && r.text(j) != "delete" {
			return i
		}
		name = r.keyText(j)
		j++
	case r.opens(j, end, '['):
		m := r.mate(j, end)
		name = r.targetName(j, m+1)
		j = m + 1
	default:
		return i
	}
	if r.op(j, end) == "<" {
		if k := r.angles(j, end); k > j {
			j = k
		}
	}
	if !r.opens(j, end, '(') {
		return i
	}
	m := r.mate(j, end)
	if !r.opens(m+1, end, '{') {
		if r.op(m+1, end) != ":" || r.l.untyped {
			return i
		}
		if t := r.skipType(m+2, end); !r.opens(t, end, '{') {
			return i
		}
	}
	b := p.newBlock(name, r.keyPos(at))
	b.Start = r.pos(i)
	b.Params = r.params(j+1, m, b)
	k := r.functionBody(m+1, end, b)
	b.End = max(b.End, r.endPos(k))
	return max(k, m+1)
}
