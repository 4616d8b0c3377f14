package syntax

import "strings"

// langGo is Go.
func langGo() *language {
	return &language{name: "go",
		endings: ".go",
		fences:  "golang",
		code: &codeLang{
			line: slashes, block: slashBox, quotes: []codeQuote{dq, dq.raw().as("`").closed("`").over(),
				char},
			words: vocabulary(
				wVar, "const var",
				wFunc, "func",
				wImport, "import package",
				wReturn, "return",
				wControl, "if for switch select",
				wElse, "else defer go",
				wCase, "case default",
				wInfix, "range",
				wLambda, "func",
				wType, "type",
				wEnd, "break continue fallthrough goto",
			),
			exported: byTop, spaceType: true, concat: "+", brace: braceInit, squareType: true,
			imports: (*codeReader).importGo,
			traits: traits{
				bareHeads: true, groupedVars: true, severalVars: true, varTuples: true,
			},
		}}
}

// importGo reads import "path" and import ( … ).
func (r *codeReader) importGo(w string, i, e int) int {
	if w == "import" {
		r.importPaths(i+1, e)
	}
	return e
}

func (r *codeReader) importPaths(j, e int) {
	if r.opens(j, e, '(') {
		e = r.mate(j, e)
		j++
	}
	alias := ""
	for ; j < e; j++ {
		switch r.toks[j].kind {
		case tStr:
			r.addImport(r.keyText(j), "", alias, r.pos(j))
			alias = ""
		case tWord:
			alias = r.text(j)
		case tOp:
			alias = ""
			if s := r.text(j); s == "." {
				alias = s
			}
		}
	}
}

// fields reads the fields of a struct of Go: names, a type, a tag.
func (r *codeReader) fields(i, end int, p *Node) {
	for i < end {
		r.step()
		e := r.statementEnd(i, end, i)
		if e <= i {
			i++
			continue
		}
		name, j := r.path(i, end)
		b := &Node{Kind: Bind, Flags: Typed | Exported, Name: name, NameStart: r.pos(i), Start: r.pos(i),
			End: r.endPos(e)}
		if r.isStr(e-1, end) && e-1 > i {
			s := r.strs[r.toks[e-1].ref]
			r.tag(b, s.start, s.end)
			for k, c := range b.Kids { // the value that stands in is no annotation: default:"x", envDefault:"x"
				if c.Name == "@default" || c.Name == "@envDefault" {
					b.Kids[k] = c.Kids[0].Kids[0]
					b.Kids[k].Parent = b
					b.Flags &^= Typed
					break
				}
			}
		}
		if name != "" && j < e {
			b.Type = r.typeText(j, e)
			p.put(b)
		}
		if r.word(j, e) == "struct" && r.opens(j+1, e, '{') {
			r.inside(true, func() { r.fields(j+2, r.mate(j+1, e), p) })
		}
		i = e
	}
}

// tag reads the tag of a field, `env:"X" json:"y"`, as annotations.
func (r *codeReader) tag(b *Node, i, end int) {
	for i < end {
		r.step()
		for i < end && r.src[i] == ' ' {
			i++
		}
		k := strings.IndexByte(r.src[i:end], ':')
		if k <= 0 || i+k+1 >= end || r.src[i+k+1] != '"' {
			return
		}
		v := i + k + 2
		e := strings.IndexByte(r.src[v:end], '"')
		if e < 0 {
			return
		}
		c := b.newCall("@"+r.src[i:i+k], i)
		c.putNext(Arg, v).putLit(r.src[v:v+e], v, v+e, Quoted)
		i = v + e + 1
	}
}

// goLiteral reads a composite literal that begins with a type: []string{…}, map[K]V{…}; and conversions.
func (r *codeReader) goLiteral(i, end int, p *Node) int {
	if r.opens(i, end, '[') {
		m := r.mate(i, end)
		if m > i+2 || m+1 >= end || m == i+2 && r.toks[i+1].kind != tNum && r.op(i+1, end) != "..." {
			return i
		}
		if r.toks[m+1].sp || r.toks[m+1].kind != tWord && r.op(m+1, end) != "*" && !r.opens(m+1, end, '[') {
			return i
		}
	} else if !r.opens(i+1, end, '[') && !r.opens(i+1, end, '{') {
		return i
	}
	j := r.skipType(i, end)
	if j <= i {
		return i
	}
	switch {
	case r.opens(j, end, '{') && !r.noBrace:
		m := r.mate(j, end)
		r.table(j, m, p)
		return min(m+1, end)
	case r.opens(j, end, '('):
		c := p.newCall(r.src[r.pos(i):r.endPos(j)], r.pos(i))
		m := r.mate(j, end)
		r.inside(false, func() { r.entries(j+1, m, c, Arg) })
		c.End = r.endPos(min(m+1, end))
		return min(m+1, end)
	}
	return j
}

// results declares the results that have names in the parentheses at i, func Load() (c Config, err error).
func (r *codeReader) results(i int, b *Node) {
	m := r.mate(i, len(r.toks))
	tmp := &Node{Kind: Block}
	names := r.params(i+1, m, tmp)
	for k, t := range tmp.Types {
		if t == "" || names[k] == "_" {
			continue
		}
		n := b.newBind(names[k], r.pos(i))
		n.Flags |= Typed
		n.Type = t
		n.End = r.endPos(m)
	}
}
