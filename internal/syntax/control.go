package syntax

// caseLabel reads up to what follows a label.
func (r *codeReader) caseLabel(i, end int, p *Node) int {
	j := i + 1
	for j < end && j-i < 1000 {
		r.step()
		if r.breaks(j, i) {
			break
		}
		switch s := r.op(j, end); s {
		case ":", "->", "=>":
			r.label(i+1, j, p)
			if s != ":" {
				return r.armBody(j+1, end, p)
			}
			return j + 1
		case ";":
			return j
		}
		if w := r.word(j, end); w == "then" || w == "of" && r.l.caseOf {
			break
		}
		j = r.next(j, end)
	}
	r.label(i+1, j, p)
	return j
}

// label keeps what a label or pattern holds of literals, as an argument of a call named case.
func (r *codeReader) label(i, end int, p *Node) {
	for k := i; k < end; k++ {
		r.step()
		if r.toks[k].kind == tStr {
			c := p.newCall("case", r.pos(i))
			c.NameStart = r.pos(i)
			a := c.putNext(Arg, r.pos(i))
			r.inside(false, func() {
				for k := i; k < end; {
					r.step()
					if n := r.expr(k, end, a); n > k {
						k = n
					} else {
						k++
					}
				}
			})
			return
		}
	}
}

// arrow finds the -> or => that parts pattern and value at the start of an arm.
func (r *codeReader) arrow(i, end int) int {
	for j := i; j < end && j-i < 64; j = r.next(j, end) {
		r.step()
		if j > i && r.toks[j].nl && r.op(j, end) == "" && r.op(j-1, end) != "," && r.op(j-1, end) != "|" {
			return -1
		}
		switch r.op(j, end) {
		case "->", "=>":
			return j
		case ";", "=", "<-":
			return -1
		case ",":
			if r.l.armCommas {
				return -1
			}
		}
	}
	return -1
}

// armBody reads what an arm gives.
func (r *codeReader) armBody(i, end int, p *Node) int {
	if i >= end {
		return i
	}
	if r.opens(i, end, '{') || r.opens(i, end, 'I') {
		m := r.mate(i, end)
		if !r.l.armBraces || r.opens(i, end, 'I') {
			r.nested(i+1, m, p, inBody)
			return m + 1
		}
	}
	if c := r.class(i, end); c == wReturn || c == wControl || c == wVar {
		return i
	}
	return r.expression(i, end, p)
}

// control reads the head of an if, for, while, switch …; the body is read with what is around it, for it is no scope
// that a name is looked for in. Arms of when and match are read here.
func (r *codeReader) control(i, end int, p *Node, where place) int {
	w := r.word(i, end)
	j, n := i+1, len(p.Kids)
	head, body := j, j
	if m := int(r.toks[i].mate); m > i { // if … end
		m = min(m, end)
		k := j
		for k < m && !(r.toks[k].nl && r.breaks(k, i)) && r.word(k, m) != "then" && r.word(k, m) != "do" &&
			r.op(k, m) != ";" {
			r.step()
			k = r.next(k, m)
		}
		r.head(w, head, k, p, i)
		r.confine(p, n, r.endPos(m))
		r.nested(k, m, p, where)
		return min(m+1, end)
	}
	if !r.l.bareHeads {
		for k := j; k < end && k < j+4; k++ {
			if r.opens(k, end, '(') {
				head, body = k+1, r.mate(k, end)
				break
			}
			if r.toks[k].kind != tWord || r.toks[k].nl {
				break
			}
		}
		if body > j || r.opens(j, end, '(') {
			r.head(w, head, body, p, i)
			j = body + 1
		}
	} else {
		k := j
		for k < end && k-j < 2000 {
			r.step()
			if r.opens(k, end, '{') && !r.lambdaBrace(k, end) || r.opens(k, end, 'I') || r.breaks(k, i) {
				break
			}
			if s := r.op(k, end); s == ":" && r.l.colonBodies || s == ";" && !r.l.spaceType {
				break
			}
			if s := r.word(k, end); s == "then" || s == "do" || s == "of" || s == "with" && w == "match" {
				break
			}
			k = r.next(k, end)
		}
		r.head(w, head, k, p, i)
		j = k
		if r.op(j, end) == ":" || r.word(j, end) == "then" || r.word(j, end) == "of" || r.word(j, end) == "with" ||
			r.word(j, end) == "do" && r.toks[j].mate == 0 {
			j++
		}
	}
	if (r.opens(j, end, '{') || r.opens(j, end, 'I')) && w != "guard" && w != "with" {
		r.confine(p, n, r.endPos(r.mate(j, end)))
	}
	r.alone = j
	if j < end && (w == "when" || w == "match" || w == "case" || w == "switch" || w == "cond" || w == "receive" ||
		w == "with") {
		if r.opens(j, end, '{') || r.opens(j, end, 'I') {
			m := r.mate(j, end)
			r.nested(j+1, m, p, inArms)
			return m + 1
		}
		if r.word(j, end) == "do" && r.toks[j].mate > 0 {
			m := r.mate(j, end)
			r.nested(j+1, m, p, inArms)
			return m + 1
		}
		if w == "match" && r.l.offside {
			e := j
			base := r.column(r.lineStart(i))
			for e < end && !(r.toks[e].nl && (r.column(e) < base || r.column(e) == base && r.op(e, end) != "|")) {
				r.step()
				e = r.next(e, end)
			}
			r.arms(j, e, p)
			return e
		}
	}
	return max(j, i+1)
}

// arms reads | pattern -> value, one behind the other.
func (r *codeReader) arms(i, end int, p *Node) {
	for i < end {
		r.step()
		j := i
		for j < end && r.op(j, end) != "->" {
			r.step()
			j = r.next(j, end)
		}
		r.label(i, j, p)
		k := j + 1
		for k < end && !(r.op(k, end) == "|" && r.toks[k].nl) {
			r.step()
			k = r.next(k, end)
		}
		if j < end {
			r.nested(j+1, min(k, end), p, inBody)
		}
		i = k
	}
}

// lambdaBrace says that a { in the head of a statement hands a closure over: if xs.contains { … } {
func (r *codeReader) lambdaBrace(i, end int) bool {
	m := r.mate(i, end)
	if r.l.spaceType { // for _, x := range []T{ … } {
		return m+1 < end && !r.toks[m+1].nl && r.word(m+1, end) != "else" && r.op(m+1, end) != ";" &&
			r.toks[m+1].kind != tClose
	}
	return r.l.trailing && (r.opens(m+1, end, '{') && !r.toks[m+1].nl || r.op(m+1, end) == "." || r.op(m+1, end) == ",")
}

// loop reads the head of a loop over the elements of something: for x in xs, for (k, v) in xs, foreach ($xs as $k => $v).
// What an element is called last holds what the elements are. It reports whether it is one.
func (r *codeReader) loop(i, end int, p *Node) bool {
	at, from, to := -1, 0, 0
	for k := i; k < end && k < i+64; k = r.next(k, end) {
		r.step()
		switch w := r.word(k, end); {
		case w == "in" && k > i && !r.l.typeFirst && !r.l.tableJS:
			at, from, to = r.lastName(i, k), k+1, end
		case w == "as" && r.l.loopAs && k > i:
			at, from, to = r.lastName(k+1, end), i, k
		default:
			continue
		}
		break
	}
	if at < 0 || from >= to {
		return false
	}
	b := p.newBind(cleanName(r.text(at)), r.pos(at))
	b.Flags |= Declared
	l, brace := r.lines, r.noBrace
	r.lines, r.noBrace = false, true
	r.value(b, from, to, from)
	r.lines, r.noBrace = l, brace
	if len(b.Kids) == 0 {
		p.Kids = p.Kids[:len(p.Kids)-1]
		return false
	}
	return true
}

// contexts reads the head of with, whose values have names: with open(x) as f, session() as s. It reports whether one has.
func (r *codeReader) contexts(i, end int, p *Node, at int) bool {
	if r.opens(i, end, '(') && r.mate(i, end)+1 >= end {
		i, end = i+1, r.mate(i, end)
	}
	named := false
	for k := i; k < end && !named; k = r.next(k, end) {
		r.step()
		named = r.word(k, end) == "as" && r.word(k+1, end) != ""
	}
	for from := i; named && from < end; {
		r.step()
		as, k := -1, from
		for ; k < end && r.op(k, end) != ","; k = r.next(k, end) {
			r.step()
			if r.word(k, end) == "as" && r.word(k+1, end) != "" {
				as = k
			}
		}
		if as > from {
			b := p.newBind(cleanName(r.text(as+1)), r.pos(as+1))
			b.Flags |= Declared
			l, brace := r.lines, r.noBrace
			r.lines, r.noBrace = false, true
			r.value(b, from, as, from)
			r.lines, r.noBrace = l, brace
		} else {
			r.head("with", from, min(k, end), p, at)
		}
		from = k + 1
	}
	return named
}

// lastName is the last token of a pattern that is a name, -1 where none is.
func (r *codeReader) lastName(i, end int) int {
	at := -1
	for k := i; k < end; k++ {
		r.step()
		if r.toks[k].kind == tWord && r.class(k, end) == wNone && r.text(k) != "_" {
			if at = k; r.op(k+1, end) == ":" { // of a type no name
				return at
			}
		}
	}
	return at
}

// head reads the head of a statement: what it declares stands with the statements, what it only computes in the
// argument of a call with the name of the keyword.
func (r *codeReader) head(w string, i, end int, p *Node, at int) {
	if i >= end || (w == "for" || w == "foreach") && r.loop(i, end, p) || w == "with" && r.l.withAs && r.contexts(i, end, p, at) {
		return
	}
	tmp := &Node{Kind: File}
	l, b := r.lines, r.noBrace
	r.noBrace = true
	r.lines = false
	r.depth++
	r.statements(i, end, tmp, inBody)
	r.depth--
	r.lines, r.noBrace = l, b
	var arg *Node
	for _, k := range tmp.Kids {
		if k.Kind == Bind && !r.l.caseless {
			p.put(k)
			continue
		}
		if arg == nil {
			c := p.newCall(w, r.pos(at))
			arg = c.putNext(Arg, r.pos(i))
		}
		if k.Kind == Bind { // = compares here
			arg.newRef(k.Name, k.NameStart)
			for _, v := range k.Kids {
				arg.put(v)
			}
			continue
		}
		arg.put(k)
	}
}
