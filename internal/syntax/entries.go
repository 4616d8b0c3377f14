package syntax

// table reads { … } in an operand's place: a Table, or a List where it holds no names.
func (r *codeReader) table(i, m int, p *Node) {
	n := p.putGroup(Table, r.pos(i))
	r.inside(r.l.offside, func() { r.entries(i+1, m, n, Element) })
	n.End = r.endPos(min(m+1, len(r.toks)))
	r.settleGroup(n, len(n.Kids) == 0)
}

// list reads […] or (…) in an operand's place: a List, or a Table where it holds names.
func (r *codeReader) list(i, m int, p *Node) {
	n := p.putGroup(List, r.pos(i))
	r.inside(r.l.offside, func() { r.entries(i+1, m, n, Element) })
	n.End = r.endPos(min(m+1, len(r.toks)))
	r.settleGroup(n, false)
}

func (r *codeReader) settleGroup(n *Node, table bool) {
	for _, k := range n.Kids {
		if k.Kind == Bind || k.Kind == Block && k.Name != "" {
			table = true
			break
		}
	}
	n.Kind = List
	if table {
		n.Kind = Table
	}
}

// entries reads what stands between brackets, parted by commas: arguments, elements, and binds.
func (r *codeReader) entries(i, end int, p *Node, kind Kind) {
	if r.tooDeep() {
		r.flat(i, end, p)
		return
	}
	index := 0
	for k := len(p.Kids) - 1; k >= 0; k-- {
		if p.Kids[k].Kind == kind {
			index = p.Kids[k].Index + 1
			break
		}
	}
	for i < end {
		r.step()
		if s := r.op(i, end); s == "," || s == ";" {
			i++
			continue
		}
		j := r.entry(i, end, p, kind, &index, kind == Element && r.isBraces(p))
		if j <= i {
			j = i + 1
		}
		i = j
	}
}

// entry reads one of them.
func (r *codeReader) entry(i, end int, p *Node, kind Kind, index *int, table bool) int {
	for {
		r.step()
		switch s := r.op(i, end); s {
		case "...", "*", "**", "&", "..", "!", "^":
			if r.l.offside || i+1 >= end || r.l.notIsKept && s == "!" {
				break
			}
			i++
			if s == "..." && i < end && r.op(i, end) == "" {
				// What is spread is no element of its own.
				j := r.expr(i, end, p)
				return max(j, i+1)
			}
			continue
		case ":", "@", "#", "|":
			if s == "@" && r.l.attributes || s == "|" && r.l.barLambdas {
				break
			}
			return i + 1
		}
		break
	}
	start := i
	if table && r.l.tableJS {
		if j := r.jsEntry(i, end, p); j > i {
			return j
		}
	}
	if c := r.class(i, end); c != wLambda && !(c == wControl && r.opens(i+1, end, '(')) &&
		!(c == wFunc && r.op(i+1, end) != ":") {
		k := r.skipOperand(i, end)
		if k > i && k < end {
			if j := r.keyed(i, k, end, p); j > i {
				return j
			}
		}
		if k > i && table && r.l.tableJS && k == i+1 && r.toks[i].kind == tWord && (k >= end || r.op(k, end) == ",") {
			if w := r.text(i); w != "true" && w != "false" && w != "null" && w != "undefined" && r.isBraces(p) {
				b := p.newBind(w, r.pos(i))
				b.putRef(w, r.pos(i))
				return k
			}
		}
	}
	n := p.put(&Node{Kind: kind, Index: *index, Start: r.pos(start), End: r.pos(start)})
	*index++
	j := i
	for j < end {
		r.step()
		k := r.expr(j, end, n)
		if k <= j {
			k = j
		}
		j = k
		if j >= end {
			break
		}
		if s := r.op(j, end); s == "," || s == ";" {
			break
		}
		if r.toks[j].nl && (r.isKey(j, end) || r.lines) || r.lines && (r.breaks(j, start) || kind == Arg &&
			r.l.command && r.class(j, end) != wNone) {
			break
		}
		if r.l.command && (r.lines || r.noDo) && r.toks[j].kind == tWord {
			break
		}
		if r.op(j, end) == ":" && r.l.tableJS && len(n.Kids) == 1 && n.Kids[0].Kind == Ref {
			// (name: Type) of what was no function after all.
			if t := r.skipType(j+1, end); t > j+1 {
				j = t
				continue
			}
		}
		j++
	}
	n.End = max(n.End, r.endPos(j))
	if len(n.Kids) == 0 {
		p.Kids = p.Kids[:len(p.Kids)-1]
	}
	return j
}

// isBraces says that a group being read stands in braces, not in brackets.
func (r *codeReader) isBraces(p *Node) bool {
	return p.Start < len(r.src) && r.src[p.Start] == '{'
}

// keyed reads key: value, key = value, key => value, key to value, where the key stands in [i,k).
func (r *codeReader) keyed(i, k, end int, p *Node) int {
	ok := false
	switch s := r.op(k, end); s {
	case ":":
		ok = !(r.toks[i].kind == tOpen && r.toks[i].open == '{') && !(r.l.concat == ".." || r.l.plainColon)
	case "?":
		if r.l.tableJS && r.op(k+1, end) == ":" { // a member of a type
			k++
			ok = true
		}
	case "=>":
		ok = r.l.fat
	case "->":
		ok = r.l.thin && (r.toks[i].kind == tStr || isConstant(r.targetName(i, k)))
	case "=", ":=", "||=", "<-", "?=":
		ok = r.isAssign(s) || s == "="
	case "":
		ok = r.word(k, end) == "to" && r.l.toPairs
	}
	if !ok {
		return i
	}
	name := r.targetName(i, k)
	if name == "" {
		if r.toks[i].kind != tOpen && r.op(k, end) != ":" {
			return i
		}
		if r.word(k, end) == "to" {
			return i
		}
	}
	b := p.newBind(name, r.keyPos(i))
	b.Start = r.pos(i)
	b.End = r.endPos(k + 1)
	r.callsOf(i, k, b)
	if k+1 >= end || r.op(k+1, end) == "," {
		return k + 1
	}
	j := r.value(b, k+1, end, k+1)
	for j < end && r.op(j, end) != "," && r.op(j, end) != ";" && !(r.toks[j].nl && (r.isKey(j, end) || r.lines)) {
		r.step()
		if r.lines && r.breaks(j, i) || r.lines && r.l.command && r.toks[j].kind == tWord {
			break
		}
		n := j + 1
		if j+1 < end && r.op(j, end) != "" {
			n = max(r.value(b, j+1, end, j+1), j+1)
		}
		j = n
	}
	return max(j, k+1)
}

// element reads an element of JSX: a call with its attributes as binds and its children.
func (r *codeReader) element(i, end int, p *Node) int {
	m := r.mate(i, end)
	j := i + 1
	name := ""
	at := r.pos(i)
	if r.word(j, m) != "" {
		name, at = r.text(j), r.pos(j)
		j++
	}
	c := p.newCall(name, at)
	c.Start = r.pos(i)
	c.End = r.endPos(min(m+1, end))
	if r.tooDeep() {
		r.flat(j, m, c)
		return min(m+1, end)
	}
	r.inside(false, func() {
		if r.op(j, m) == "<" {
			if k := r.angles(j, m); k > j {
				j = k
			}
		}
		for j < m && r.op(j, m) != ">" {
			r.step()
			j = r.attribute(j, m, c)
		}
		for j++; j < m; {
			r.step()
			switch t := &r.toks[j]; {
			case t.kind == tText:
				c.putLit(r.text(j), int(t.start), int(t.end), 0)
				j++
			case r.opens(j, m, '{'):
				e := r.mate(j, m)
				r.inside(false, func() {
					for k := j + 1; k < e; {
						r.step()
						k = max(r.expr(k, e, c), k+1)
					}
				})
				j = e + 1
			case r.opens(j, m, '<'):
				j = r.element(j, m, c)
			default:
				j++
			}
		}
	})
	return min(m+1, end)
}

func (r *codeReader) attribute(j, m int, c *Node) int {
	if r.opens(j, m, '{') { // {...props}
		e := r.mate(j, m)
		for k := j + 1; k < e; {
			r.step()
			k = max(r.expr(k, e, c), k+1)
		}
		return e + 1
	}
	if r.word(j, m) == "" {
		return j + 1
	}
	name := r.text(j)
	if r.op(j+1, m) != "=" || j+2 >= m {
		return j + 1
	}
	b := c.newBind(name, r.pos(j))
	switch k := j + 2; {
	case r.opens(k, m, '{'):
		e := r.mate(k, m)
		r.inside(false, func() {
			for q := k + 1; q < e; {
				r.step()
				q = max(r.expr(q, e, b), q+1)
			}
		})
		b.End = r.endPos(min(e+1, m))
		return e + 1
	case r.opens(k, m, '<'):
		e := r.element(k, m, b)
		b.End = r.endPos(e)
		return e
	case r.isStr(k, m):
		r.str(k, b)
		b.End = int(r.toks[k].end)
		return k + 1
	}
	return j + 2
}
