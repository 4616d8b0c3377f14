package syntax

import "sort"

// An opened is a bracket, keyword or indentation that waits for what closes it.
type opened struct {
	tok  int
	kind byte // ( [ { < I, or 'e' for a keyword
	word string
	col  int // of an indented block
	line int // column of the logical line it stands on
}

// A pairer gives brackets, keywords and indentation their mates. What does not fit is left alone: a stray closing
// bracket becomes an operator, an opening one that nothing closes reaches to the end of what is around it.
type pairer struct {
	*meter
	l     *codeLang
	src   string
	in    []codeTok
	out   []codeTok
	stack []opened
	count [256]int
	lines []int // offsets at which lines begin
	line  int
}

func pair(m *meter, l *codeLang, src string, toks []codeTok) []codeTok {
	p := &pairer{meter: m, l: l, src: src, in: toks}
	if l.layout == nil {
		p.out = toks[:0]
	}
	for i := range toks {
		p.token(i)
	}
	for len(p.stack) > 0 {
		m.step()
		p.pop(len(p.out), -1)
	}
	return p.out
}

func (p *pairer) text(t codeTok) string {
	s := p.src[t.start:t.end]
	if p.l.caseless {
		s = lower(s)
	}
	return s
}

func (p *pairer) push(kind byte, tok, col int, word string) {
	p.stack = append(p.stack, opened{tok: tok, kind: kind, col: col, word: word, line: p.line})
	p.count[kind]++
}

// pop takes the innermost one off; it ends at the token end, which is its true mate if it is partner.
func (p *pairer) pop(end, partner int) {
	o := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	p.count[o.kind]--
	p.out[o.tok].mate = int32(end)
	if partner >= 0 {
		p.out[partner].mate = int32(o.tok)
	}
	p.line = o.line
}

// column is the column in which a token stands, tabs counted as eight.
func (p *pairer) column(t codeTok) int {
	if p.lines == nil {
		p.lines = []int{0}
		for i := 0; i < len(p.src); i++ {
			if p.src[i] == '\n' {
				p.lines = append(p.lines, i+1)
			}
		}
	}
	k := sort.SearchInts(p.lines, int(t.start)+1) - 1
	col := 0
	for i := p.lines[k]; i < int(t.start) && col < 1<<12; i++ {
		if p.src[i] == '\t' {
			col = (col + 8) &^ 7
		} else {
			col++
		}
	}
	return col
}

func (p *pairer) top() *opened {
	if len(p.stack) == 0 {
		return nil
	}
	return &p.stack[len(p.stack)-1]
}

// close pairs a closing token with the innermost open one of its kind, if there is any.
func (p *pairer) close(kind byte, word string, at int) bool {
	if p.count[kind] == 0 {
		return false
	}
	if word != "" {
		found := false
		for k := len(p.stack) - 1; k >= 0 && k > len(p.stack)-64; k-- {
			if p.stack[k].kind == kind && p.stack[k].word == word {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	for {
		p.step()
		o := p.top()
		if o.kind == kind && (word == "" || o.word == word) {
			p.pop(at, at)
			return true
		}
		p.pop(at, -1)
	}
}

func (p *pairer) token(i int) {
	t := p.in[i]
	if p.l.layout != nil && t.nl {
		col := p.column(t)
		for o := p.top(); o != nil && o.kind == 'I' && col < o.col; o = p.top() {
			p.step()
			at := len(p.out)
			p.out = append(p.out, codeTok{kind: tClose, start: t.start, end: t.start})
			if at > 0 {
				p.out[at].start, p.out[at].end = p.out[at-1].end, p.out[at-1].end
			}
			p.pop(at, at)
		}
		if o := p.top(); o == nil || o.kind == 'I' || !p.l.bracketsRule {
			p.line = col
		}
	}
	at := len(p.out)
	p.out = append(p.out, t)
	switch t.kind {
	case tOpen:
		p.push(t.open, at, 0, "")
	case tClose:
		kind := byte('<')
		switch p.src[t.start] {
		case ')':
			kind = '('
		case ']':
			kind = '['
		case '}':
			kind = '{'
		}
		if t.open != 0 {
			kind = t.open
		}
		if !p.close(kind, "", at) {
			p.out[at].kind = tOp
		}
	case tWord:
		if p.l.ends != nil {
			p.keyword(i, at)
		}
	}
	p.indent(i, at)
}

// indent opens an indented block behind the token if it announces one.
func (p *pairer) indent(i, at int) {
	if p.l.layout == nil || i+1 >= len(p.in) || !p.in[i+1].nl {
		return
	}
	t := p.in[i]
	if t.kind != tOp && t.kind != tWord || !p.l.layout[p.text(t)] {
		return
	}
	if o := p.top(); p.l.bracketsRule && o != nil && o.kind != 'I' {
		return
	}
	col := p.column(p.in[i+1])
	if col <= p.line {
		return
	}
	p.out = append(p.out, codeTok{kind: tOpen, open: 'I', start: p.in[i+1].start, end: p.in[i+1].start, nl: true})
	p.push('I', at+1, col, "")
}

// keyword pairs def … end and the like.
func (p *pairer) keyword(i, at int) {
	w := p.text(p.in[i])
	prev, next := p.near(i, -1), p.near(i, 1)
	if p.l.closers[w] {
		word := ""
		if p.l.closersNamed {
			if next = lower(next); !p.l.ends[next] && w == "end" {
				return
			}
			word = next
			if w != "end" {
				word = w[3:]
			}
		} else if prev == "." || prev == ":" && !p.in[i].sp || next == ":" && !p.in[i+1].sp {
			return
		}
		if p.close('e', word, at) {
			p.out[at].kind = tClose
			if w == "end" && word != "" {
				p.in[i+1].kind = tOp // the sub of end sub begins nothing
			}
		}
		return
	}
	if !p.l.ends[w] || prev == "." || prev == "&." || prev == "::" || next == ":" && !p.in[i+1].sp {
		return
	}
	if p.l.opens != nil && !p.l.opens(p, i, w, prev, next) {
		return
	}
	p.push('e', at, 0, w)
	if !p.l.closersNamed {
		p.stack[len(p.stack)-1].word = ""
		if w == "while" || w == "until" || w == "for" {
			p.stack[len(p.stack)-1].col = i + 1
		}
	}
}

func (p *pairer) near(i, by int) string {
	if i+by < 0 || i+by >= len(p.in) {
		return ""
	}
	return p.text(p.in[i+by])
}

// begins says whether the token begins a statement or an operand, so that an if in its place is not a modifier.
func (p *pairer) begins(i int) bool {
	if i == 0 || p.in[i].nl {
		return true
	}
	switch t := p.in[i-1]; t.kind {
	case tOp, tOpen:
		return true
	case tWord:
		switch p.text(t) {
		case "then", "else", "do", "and", "or", "not", "begin", "ensure", "in":
			return true
		}
	}
	return false
}
