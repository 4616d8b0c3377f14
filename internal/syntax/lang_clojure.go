package syntax

import "strings"

// langClojure is Clojure.
func langClojure() *language {
	return &language{name: "clojure",
		endings:  ".clj .cljs .cljc .edn",
		fences:   "clj edn",
		programs: "clojure bb",
		code: &codeLang{
			line: []string{";"}, lisp: true, special: specialClojure, sigils: "-+*/<>=!?&%$.|:#",
			wordBytes: "-+*/<>=!?&%$.|:#'",
			quotes:    []codeQuote{dq.over()}, exported: byTop,
		}}
}

func specialClojure(x *codeLexer) bool {
	switch c := x.src[x.p]; {
	case c == ',':
		x.p++
		return true
	case c == '\\' && x.p+1 < len(x.src):
		e := x.p + 2
		for e < len(x.src) && isWordByte(x.src[e]) {
			e++
		}
		x.push(tNum, x.p, e)
		return true
	case c == '#' && x.peek(1) == '"':
		x.p++
		return true
	case c == '#' && x.peek(1) == '_', c == '#' && (x.peek(1) == '{' || x.peek(1) == '('), c == '\'', c == '`', c == '~', c == '@', c == '^':
		x.p++
		if x.peek(0) == '_' {
			x.p++
		}
		x.sp = true
		return true
	}
	return false
}

// forms reads the forms of a Lisp: (f a b) is a call, (def x v) and (let [x v] …) bind, {:k v} is a table.
func (r *codeReader) forms(i, end int, p *Node) {
	if r.tooDeep() {
		r.flat(i, end, p)
		return
	}
	r.depth++
	for i < end {
		r.step()
		i = r.form(i, end, p)
	}
	r.depth--
}

// form reads one.
func (r *codeReader) form(i, end int, p *Node) int {
	t := &r.toks[i]
	switch t.kind {
	case tStr:
		r.str(i, p)
	case tNum:
		p.putLit(r.text(i), int(t.start), int(t.end), 0)
	case tWord:
		w := r.text(i)
		switch {
		case strings.HasPrefix(w, ":") && len(w) > 1:
			p.putLit(strings.TrimLeft(w, ":"), int(t.start)+1, int(t.end), 0)
		case w == "nil":
		case w == "true" || w == "false":
			p.putLit(w, int(t.start), int(t.end), 0)
		default:
			p.putRef(lispName(w), int(t.start)).End = int(t.end)
		}
	case tOpen:
		m := r.mate(i, end)
		if r.tooDeep() {
			r.flat(i, m, p)
			return min(m+1, end)
		}
		r.depth++
		switch t.open {
		case '(':
			r.call(i+1, m, p)
		case '[':
			n := p.putGroup(List, r.pos(i))
			r.items(i+1, m, n, Element)
			n.End = r.endPos(min(m+1, end))
		case '{':
			n := p.putGroup(Table, r.pos(i))
			r.pairs(i+1, m, n, true)
			n.End = r.endPos(min(m+1, end))
		}
		r.depth--
		return min(m+1, end)
	}
	return i + 1
}

// lispName writes a symbol as a dotted name: .apiKey and apiKey, ns/f is ns.f, Class. is Class.
func lispName(w string) string {
	if len(w) > 1 {
		w = strings.TrimPrefix(strings.TrimPrefix(w, ".-"), ".")
		w = strings.TrimSuffix(w, ".")
		if k := strings.IndexByte(w, '/'); k > 0 {
			w = w[:k] + "." + w[k+1:]
		}
	}
	return w
}

func (r *codeReader) items(i, end int, n *Node, kind Kind) {
	for index := 0; i < end; index++ {
		r.step()
		a := n.put(&Node{Kind: kind, Index: index, Start: r.pos(i), End: r.endPos(r.next(i, end))})
		i = r.form(i, end, a)
	}
}

// pairs reads keys and values in turn; keys of a map lose their colon.
func (r *codeReader) pairs(i, end int, n *Node, table bool) {
	for i < end {
		r.step()
		if r.toks[i].kind == tOpen || i+1 >= end {
			i = r.form(i, end, n)
			if i < end && r.toks[i-1].kind == tClose && !table { // a pattern and its value
				i = r.form(i, end, n)
			}
			continue
		}
		name := lispName(strings.TrimLeft(r.keyText(i), ":"))
		b := n.newBind(name, r.keyPos(i))
		b.End = r.endPos(r.next(i+1, end))
		i = r.form(i+1, end, b)
	}
}

// call reads what stands in parentheses.
func (r *codeReader) call(i, end int, p *Node) {
	if i >= end {
		return
	}
	if r.toks[i].kind != tWord || strings.HasPrefix(r.text(i), ":") {
		r.forms(i, end, p)
		return
	}
	w := r.text(i)
	at := r.pos(i)
	last := r.endPos(end)
	switch w {
	case "ns":
		r.clojureNS(i+1, end)
	case "require", "use", "import":
		r.clojureNS(i, end)
	case "def", "defonce", "def-", "defparameter", "defvar", "setq", "setf":
		for i+2 < end && (strings.HasPrefix(r.word(i+1, end), ":") || r.opens(i+1, end, '{')) {
			r.step()
			// ^:private
			i = r.next(i+1, end) - 1
		}
		if i+1 >= end || r.toks[i+1].kind != tWord {
			return
		}
		b := p.newBind(lispName(strings.TrimPrefix(r.text(i+1), "^")), r.pos(i+1))
		b.Start, b.End = at, last
		b.Flags |= Exported
		j := i + 2
		if r.isStr(j, end) && j+1 < end { // what it is for
			j++
		}
		r.forms(j, end, b)
	case "defn", "defn-", "defmethod", "defmacro", "fn", "defun":
		b := p.newBlock("", at)
		b.End = last
		j := i + 1
		for j+1 < end && (strings.HasPrefix(r.word(j, end), ":") || r.opens(j, end, '{')) {
			r.step()
			j = r.next(j, end)
		}
		if j < end && r.toks[j].kind == tWord {
			b.Name, b.NameStart = r.text(j), r.pos(j)
			j++
			b.Flags |= Exported
		}
		if r.isStr(j, end) {
			j++
		}
		for j < end && !r.opens(j, end, '[') && !r.opens(j, end, '(') {
			r.step()
			j = r.next(j, end)
		}
		if r.opens(j, end, '[') {
			for k := j + 1; k < r.mate(j, end); k++ {
				if n := r.word(k, end); n != "" && n != "&" && !strings.HasPrefix(n, ":") {
					b.Params = append(b.Params, n)
				}
			}
			j = r.mate(j, end) + 1
		}
		r.lispBody(j, end, b)
	case "let", "binding", "when-let", "if-let", "loop", "with-open", "doseq", "for", "with-redefs":
		if r.opens(i+1, end, '[') {
			m := r.mate(i+1, end)
			r.pairs(i+2, m, p, false)
			r.forms(m+1, end, p)
			return
		}
		r.forms(i+1, end, p)
	case "do", "or", "and", "if", "when", "when-not", "if-not", "cond", "case", "doto", "str", "try", "comment":
		if w == "str" {
			r.joinForms(i+1, end, p)
			return
		}
		if w == "doto" {
			c := p.put(&Node{Kind: Chain, Start: at, End: last})
			r.forms(i+1, end, c)
			return
		}
		r.forms(i+1, end, p)
	case "->", "->>", "some->", "cond->":
		c := p.put(&Node{Kind: Chain, Start: at, End: last})
		for k := i + 1; k < end; k = r.next(k, end) {
			r.step()
			if r.toks[k].kind == tWord && k > i+1 {
				n := c.newCall(lispName(r.text(k)), r.pos(k))
				n.End = int(r.toks[k].end)
				continue
			}
			r.form(k, end, c)
		}
	case "System/getenv", "quote":
		fallthrough
	default:
		c := p.newCall(lispName(w), at)
		c.End = last
		if w == "." && r.word(i+1, end) != "" && r.word(i+2, end) != "" {
			c.Name = r.text(i+1) + "." + r.text(i+2)
			i += 2
		}
		r.items(i+1, end, c, Arg)
	}
}

// joinForms folds constant parts of (str "a" "b").
func (r *codeReader) joinForms(i, end int, p *Node) {
	for i < end {
		r.step()
		n := len(p.Kids)
		first := n
		i = r.form(i, end, p)
		if first > 0 {
			r.join(p, n)
		}
	}
}

// lispBody reads the forms of a function; the last is what it gives back.
func (r *codeReader) lispBody(i, end int, b *Node) {
	for i < end {
		r.step()
		n := len(b.Kids)
		i = r.form(i, end, b)
		if i >= end && len(b.Kids) > n {
			giveBack(b, n)
		}
	}
}

// clojureNS reads (:require [x :as y :refer [a b]]) and (:import (pkg A B)).
func (r *codeReader) clojureNS(i, end int) {
	for ; i < end; i = r.next(i, end) {
		r.step()
		if !r.opens(i, end, '(') && !r.opens(i, end, '[') {
			if n := r.word(i, end); n != "" && !strings.HasPrefix(n, ":") && strings.Contains(n, ".") && i > 0 &&
				r.toks[i-1].kind == tWord {
				if strings.HasPrefix(r.text(i-1), ":") || r.text(i-1) == "import" {
					last := n[strings.LastIndexByte(n, '.')+1:]
					r.addImport(n, last, last, r.pos(i))
				}
			}
			continue
		}
		m := r.mate(i, end)
		if r.word(i+1, m) == "" {
			continue
		}
		if strings.HasPrefix(r.text(i+1), ":") {
			r.clojureNS(i+1, m)
			continue
		}
		module := r.text(i + 1)
		local := ""
		named := false
		for k := i + 2; k < m; k = r.next(k, m) {
			r.step()
			switch w := r.word(k, m); {
			case w == ":as" && k+1 < m:
				local = r.text(k + 1)
				k++
			case w == ":refer" && k+1 < m && r.toks[k+1].kind == tOpen:
				for q := k + 2; q < r.mate(k+1, m); q++ {
					if n := r.word(q, m); n != "" {
						r.addImport(module, n, n, r.pos(q))
						named = true
					}
				}
			case w != "" && !strings.HasPrefix(w, ":") && w[0] >= 'A' && w[0] <= 'Z':
				r.addImport(module+"."+w, w, w, r.pos(k))
				named = true
			}
		}
		if !named || local != "" {
			r.addImport(module, "", local, r.pos(i+1))
		}
	}
}
