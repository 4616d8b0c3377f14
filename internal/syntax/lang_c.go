package syntax

import "strings"

// langC is C, C++ and Objective-C.
func langC() *language {
	return &language{name: "cpp",
		endings: ".c .h .cc .cpp .cxx .hh .hpp .hxx .m .mm .ino",
		fences:  "objc objective-c objectivec c c++ h hpp",
		code: &codeLang{
			line: slashes, block: slashBox, special: specialCpp, semicolons: true, typeFirst: true,
			angles: true, preproc: true, adjacent: true,
			quotes: join(prefixed(dq, "u8 u U L"), []codeQuote{dq, char}),
			words: vocabulary(
				wModifier, "static const constexpr extern inline virtual explicit volatile mutable typename register "+
					"constinit consteval friend thread_local unsigned signed public private protected template "+
					"__attribute__ __declspec",
				wVar, "",
				wClass, "class struct enum union namespace @interface @implementation @protocol",
				wImport, "",
				wReturn, "return co_return co_yield",
				wControl, "if for while switch catch",
				wElse, "else try do",
				wCase, "case default",
				wPrefix, "new delete throw co_await sizeof",
				wInfix, "and or not",
				wType, "typedef using",
				wEnd, "break continue goto",
			),
			exported: byTop, concat: "", brace: braceInit,
			traits: traits{
				quotedDigits: true, arrowMembers: true, looseInit: true, constructs: true, captureLists: true,
				messages: true, bareFunctions: true, trailingResults: true, fieldInits: true, zeroBodies: true,
				namespaceAliases: true, structVars: true, colonParams: true, dottedNames: true, noAtNotes: true,
				atDirectives: true, doubleNotes: true, accessLabels: true, modifierArgs: true, declarators: true,
				cTypes: true,
			},
		}}
}

// directive reads a line of C's preprocessor: #include brings in, #define binds.
func (r *codeReader) directive(i, end int, d *decl) int {
	j := i + 1
	e := j
	for e < end && !r.toks[e].nl {
		e++ // one line, whatever brackets say
	}
	switch r.word(j, end) {
	case "include", "import":
		if r.isStr(j+1, e) {
			r.addImport(`"`+r.keyText(j+1)+`"`, "", "", r.pos(i))
		} else if r.op(j+1, e) == "<" && e > j+1 {
			r.addImport(strings.TrimSpace(r.src[r.pos(j+1):r.endPos(e)]), "", "", r.pos(i))
		}
	case "define":
		if r.word(j+1, e) != "" && e > j+2 && !(r.opens(j+2, e, '(') && !r.toks[j+2].sp) {
			b := &Node{Kind: Bind, Flags: Exported, Name: r.text(j + 1), NameStart: r.pos(j + 1), Start: r.pos(i),
				End: r.endPos(e)}
			l := r.lines
			r.lines = false
			for k := j + 2; k < e; {
				r.step()
				k = max(r.expr(k, e, b), k+1)
			}
			r.lines = l
			d.notes = append(d.notes, b)
		}
	case "if", "ifdef", "ifndef", "elif", "else", "endif", "pragma", "undef", "error", "warning", "line", "region",
		"endregion", "nullable":
	default:
		return i
	}
	return max(e, j)
}

func specialCpp(x *codeLexer) bool {
	if x.src[x.p] == '@' && x.peek(1) == '"' {
		x.p++ // a string of Objective-C
		return true
	}
	if x.p > 0 && isWordByte(x.src[x.p-1]) {
		return false
	}
	p := x.p
	for p < len(x.src) && strings.IndexByte("uUL8", x.src[p]) >= 0 && p-x.p < 2 {
		p++
	}
	if !strings.HasPrefix(x.src[p:], `R"`) {
		return false
	}
	p += 2
	e := p
	for e < len(x.src) && e-p < 17 && x.src[e] != '(' && x.src[e] > ' ' {
		e++
	}
	if e >= len(x.src) || x.src[e] != '(' {
		return false
	}
	close := ")" + x.src[p:e] + `"`
	if x.unclosed[close] {
		return false
	}
	i := strings.Index(x.src[e+1:], close)
	if i < 0 {
		x.unclosed[close] = true
		return false
	}
	x.pushStr(codeStr{start: e + 1, end: e + 1 + i, flags: Quoted}, x.p, e+1+i+len(close))
	return true
}

// method reads - (type)name:(type)arg … { … } of Objective-C.
func (r *codeReader) method(i, end int, p *Node) int {
	j := r.mate(i+1, end) + 1
	if r.word(j, end) == "" {
		return i
	}
	b := &Node{Kind: Block, Name: r.text(j), NameStart: r.pos(j), Start: r.pos(i)}
	for j++; j < end && !r.opens(j, end, '{') && r.op(j, end) != ";" && !r.opens(j, end, 'I'); j = r.next(j, end) {
		r.step()
		if r.word(j, end) != "" && r.text(j-1) == ")" {
			b.Params = append(b.Params, r.text(j))
		}
	}
	if !r.opens(j, end, '{') {
		return j
	}
	p.put(b)
	return r.functionBody(j, end, b)
}

// message reads [receiver name:arg more:arg] of Objective-C.
func (r *codeReader) message(i, m int, p *Node) bool {
	k := r.skipOperand(i+1, m)
	if k <= i+1 || r.word(k, m) == "" || k+1 < m && r.op(k+1, m) != ":" {
		return false
	}
	name := r.text(k)
	if recv := r.targetName(i+1, k); recv != "" {
		name = recv + "." + name
	}
	if r.toks[i+1].kind == tOpen {
		r.expr(i+1, k, p)
	}
	c := p.newCall(name, r.pos(i+1))
	into := func(j int) *Node { return c.newNext(Arg, r.pos(j)) }
	for j := k + 1; j < m; {
		r.step()
		if r.op(j, m) == ":" || r.op(j, m) == "," {
			e := j + 1
			for e < m && r.op(e, m) != "," && !(e > j+1 && r.word(e, m) != "" && r.op(e+1, m) == ":") {
				r.step()
				e = r.next(e, m)
			}
			a := into(j + 1)
			for q := j + 1; q < e; {
				r.step()
				q = max(r.expr(q, e, a), q+1)
			}
			a.End = r.endPos(e)
			j = e
			continue
		}
		if w := r.word(j, m); w != "" && r.op(j+1, m) == ":" {
			at := r.pos(j)
			into = func(int) *Node { return c.newBind(w, at) }
		}
		j++
	}
	c.End = r.endPos(m + 1)
	return true
}

// initialisers reads the list behind the colon of a constructor: : a_(x), b_{y}.
func (r *codeReader) initialisers(j, end int, b *Node) int {
	for j < end && !r.opens(j, end, '{') {
		r.step()
		at := j
		name, k := r.path(j, end)
		if r.op(k, end) == "<" {
			if g := r.angles(k, end); g > k {
				k = g
			}
		}
		if name == "" || !(r.opens(k, end, '(') || r.opens(k, end, '{')) {
			return j
		}
		m := r.mate(k, end)
		n := b.newBind(name, r.pos(at))
		r.inside(false, func() {
			for q := k + 1; q < m; {
				r.step()
				q = max(r.expr(q, m, n), q+1)
			}
		})
		n.End = r.endPos(min(m+1, end))
		j = m + 1
		if r.op(j, end) != "," {
			break
		}
		j++
	}
	return j
}
