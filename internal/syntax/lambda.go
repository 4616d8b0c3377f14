package syntax

// arrowFunction reads (a, b) => … and its like; it gives i where there is none.
func (r *codeReader) arrowFunction(i, m, end int, p *Node) int {
	k := m + 1
	if k >= end {
		return i
	}
	if r.l.braceLambdas && (r.opens(k, end, '{') && !r.noBrace || (r.word(k, end) == "async" ||
		r.word(k, end) == "sync") && !r.toks[k].nl) {
		b := p.newBlock("", r.pos(i))
		b.Params = r.params(i+1, m, b)
		j := r.functionBody(k, end, b)
		b.End = max(b.End, r.endPos(j))
		return j
	}
	if r.l.typedLambdas && r.op(k, end) == ":" {
		if t := r.skipType(k+1, end); t > k+1 && r.op(t, end) == "=>" {
			k = t
		}
	}
	if r.l.arrows == "" || r.op(k, end) != r.l.arrows || r.l.fat || r.l.offside || r.l.innerArrows {
		return i
	}
	b := p.newBlock("", r.pos(i))
	b.Params = r.params(i+1, m, b)
	return r.lambdaBody(k+1, end, b)
}

// lambdaBody reads the body of an anonymous function: a block or an expression.
func (r *codeReader) lambdaBody(i, end int, b *Node) int {
	if r.opens(i, end, '{') {
		m := r.mate(i, end)
		r.inside(true, func() { r.body(i+1, m, b, true) })
		b.End = max(b.End, r.endPos(min(m+1, end)))
		return min(m+1, end)
	}
	if r.opens(i, end, 'I') {
		m := r.mate(i, end)
		r.inside(true, func() { r.body(i+1, m, b, true) })
		b.End = max(b.End, r.endPos(m))
		return min(m+1, end)
	}
	j := r.expressionBody(i, end, b)
	b.End = max(b.End, r.endPos(j))
	return j
}

// lambda reads an anonymous function that a word or sign begins.
func (r *codeReader) lambda(i, end int, p *Node) int {
	w := r.word(i, end)
	b := p.newBlock("", r.pos(i))
	b.End = int(r.toks[i].end)
	limit := end
	mate := int(r.toks[i].mate)
	mated := w != "" && mate > i
	if mated {
		end = min(mate, end)
	}
	j := i + 1
	switch s := r.op(i, end); {
	case s == "||":
	case s == "|": // |a, b| of Rust
		k := j
		for k < end && r.op(k, end) != "|" {
			r.step()
			k = r.next(k, end)
		}
		b.Params = r.params(j, k, b)
		j = k + 1
		if r.op(j, end) == "->" {
			j = r.skipType(j+1, end)
		}
	case s == "->", w == "lambda" && r.l.arrowLambdas: // of Ruby
		if r.opens(j, end, '(') {
			m := r.mate(j, end)
			b.Params = r.params(j+1, m, b)
			j = m + 1
		}
		if r.opens(j, end, '{') || r.word(j, end) == "do" && int(r.toks[j].mate) > j {
			m := r.mate(j, end)
			r.inside(true, func() { r.body(j+1, m, b, true) })
			b.End = r.endPos(min(m+1, end))
			return min(m+1, end)
		}
		return j
	// up to the arrow or colon
	case s == "\\", w == "fun" && r.l.offside, w == "lambda", w == "fn" && r.l.fnArms:
		k := j
		for k < end && r.op(k, end) != "->" && r.op(k, end) != ":" && k < j+60 {
			r.step()
			if r.toks[k].kind == tWord {
				b.Params = append(b.Params, r.text(k))
			}
			k = r.next(k, end)
		}
		j = k + 1
		if mated {
			r.inside(true, func() { r.body(j, end, b, true) })
			b.End = r.endPos(min(mate+1, limit))
			return min(mate+1, limit)
		}
	case r.opens(i, end, '['): // of C++
		j = r.mate(i, end) + 1
		if r.opens(j, end, '(') {
			m := r.mate(j, end)
			b.Params = r.params(j+1, m, b)
			j = m + 1
		}
		j = r.functionBody(j, end, b)
		b.End = max(b.End, r.endPos(j))
		return j
	default: // function name(params)
		if r.op(j, end) == "*" || r.op(j, end) == "&" {
			j++
		}
		if r.word(j, end) != "" {
			b.Name, j = r.path(j, end)
		}
		if r.op(j, end) == "<" {
			if k := r.angles(j, end); k > j {
				j = k
			}
		}
		if r.opens(j, end, '(') {
			m := r.mate(j, end)
			b.Params = r.params(j+1, m, b)
			j = m + 1
		}
		if r.l.spaceType && j < end && !r.opens(j, end, '{') {
			j = max(r.skipType(j, end), j)
		}
		j = r.functionBody(j, end, b)
		if mated {
			j = min(mate+1, limit)
		}
		b.End = max(b.End, r.endPos(j))
		if r.opens(j, limit, '(') { // called at once
			c := &Node{Kind: Call, Start: r.pos(j)}
			m := r.mate(j, limit)
			r.inside(false, func() { r.entries(j+1, m, c, Arg) })
			if len(c.Kids) > 0 {
				p.put(c)
			}
			j = min(m+1, limit)
		}
		return j
	}
	return r.lambdaBody(j, end, b)
}

// closure reads { a, b -> … }, { a in … }, { |a| … } and do |a| … end.
func (r *codeReader) closure(i, end int, p *Node) int {
	m := r.mate(i, end)
	b := p.newBlock("", r.pos(i))
	b.End = r.endPos(min(m+1, end))
	j := i + 1
	if r.op(j, m) == "||" {
		j++
	} else if r.op(j, m) == "|" {
		k := j + 1
		for k < m && r.op(k, m) != "|" {
			r.step()
			k = r.next(k, m)
		}
		b.Params = r.params(j+1, k, b)
		j = k + 1
	} else if k := r.closureArrow(j, m); k > j {
		e := k
		if r.op(e-1, m) == "->" { // (a: T) -> U in
			e--
		}
		if r.opens(j, m, '(') && r.mate(j, m) < k {
			b.Params = r.params(j+1, r.mate(j, m), b)
		} else {
			b.Params = r.params(j, k, b)
		}
		j = k + 1
	} else if k == j {
		j++
	}
	if r.l.closureArms {
		r.inside(true, func() { r.statements(j, m, b, inArms) })
		return min(m+1, end)
	}
	where := inBody
	if r.word(j, m) == "case" && r.l.caseArms {
		where = inArms
		r.inside(true, func() { r.statements(j, m, b, where) })
		return min(m+1, end)
	}
	r.inside(true, func() { r.body(j, m, b, true) })
	return min(m+1, end)
}

// closureArrow finds what ends the parameters of a closure.
func (r *codeReader) closureArrow(i, end int) int {
	for j := i; j < end && j-i < 40; j = r.next(j, end) {
		r.step()
		switch t := &r.toks[j]; t.kind {
		case tWord:
			if r.l.inClosures && r.text(j) == "in" {
				return j
			}
			if c := r.class(j, end); c == wReturn || c == wControl {
				return -1
			}
		case tOp:
			switch s := r.text(j); s {
			case "->":
				if !r.l.inClosures {
					return j
				}
			case "=>":
				if r.l.fatClosures {
					return j
				}
				return -1
			case ",", ":", "?", ".", "<", ">", "_", "*", "@", "=":
			default:
				return -1
			}
		case tOpen:
			if t.open == '{' {
				return -1
			}
		case tStr:
			return -1
		}
		if j > i && r.toks[j].nl {
			return -1
		}
	}
	return -1
}
