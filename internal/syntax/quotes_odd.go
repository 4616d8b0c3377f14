package syntax

import "strings"

// A heredoc is a text that begins on the next line.
type heredoc struct {
	tag   string
	str   int // index of its string
	esc   escapes
	holes holes
	blank bool // blanks may stand before the closing tag
}

// readHeredocs reads the texts of the heredocs that the line before announced.
func (x *codeLexer) readHeredocs() {
	for _, h := range x.heredocs {
		s := &x.strs[h.str]
		s.start, s.end = x.p, len(x.src)
		p := x.p
		for p < len(x.src) {
			x.step()
			e := x.lineEnd(p)
			line := x.src[p:e]
			if h.blank {
				line = strings.TrimLeft(line, " \t")
			}
			if strings.HasPrefix(line, h.tag) && (len(line) == len(h.tag) || !isWordByte(line[len(h.tag)])) {
				s.end = max(s.start, p-1)
				p = e
				if len(line) > len(h.tag) && x.l.heredocTail { // TAG; or TAG) goes on
					p = e - len(line) + len(h.tag)
				}
				break
			}
			p = min(e+1, len(x.src))
			if strings.HasPrefix(x.src[e:], "\r\n") {
				p++
			}
		}
		x.p = p
		s.esc = h.esc
		if h.holes == 0 {
			continue
		}
		q := &codeQuote{open: "<<", close: "\x00", holes: h.holes, multi: true}
		for i := s.start; i < s.end; i++ {
			x.step()
			switch c := x.src[i]; {
			case c == '\\':
				i++
			case c == '$' || c == '#' || c == '{' && h.holes&holeBrace != 0 || c == '@':
				if hole, to := x.holeAt(q, i, s.start); to > 0 && to <= s.end {
					if hole.end > hole.start {
						s.holes = append(s.holes, hole)
					}
					i = to - 1
				}
			}
		}
	}
	x.heredocs = x.heredocs[:0]
}

// announce adds a heredoc whose text begins on the next line.
func (x *codeLexer) announce(tag string, end int, esc escapes, holes holes, blank bool) {
	x.heredocs = append(x.heredocs, heredoc{tag, len(x.strs), esc, holes, blank})
	x.pushStr(codeStr{start: end, end: end, flags: Quoted | Multiline}, x.p, end)
}

// heredocTag reads <<TAG, <<~TAG, <<-'TAG', <<<"TAG" at p.
func (x *codeLexer) heredocTag(marker string) bool {
	if !x.has(marker) {
		return false
	}
	p := x.p + len(marker)
	blank := marker == "<<<"
	if p < len(x.src) && (x.src[p] == '~' || x.src[p] == '-') {
		blank = true
		p++
	}
	for marker == "<<<" && p < len(x.src) && x.src[p] == ' ' {
		p++
	}
	var quote byte
	if p < len(x.src) && (x.src[p] == '"' || x.src[p] == '\'') {
		quote = x.src[p]
		p++
	}
	e := p
	for e < len(x.src) && isWordByte(x.src[e]) {
		e++
	}
	if e == p || isDigitByte(x.src[p]) || quote == 0 && marker == "<<" && !blank && (x.src[p] < 'A' || x.src[p] > 'Z') {
		return false
	}
	tag := x.src[p:e]
	if quote != 0 {
		if e >= len(x.src) || x.src[e] != quote {
			return false
		}
		e++
	}
	esc, holes := escBackslash, x.l.heredocHoles
	if quote == '\'' {
		esc, holes = 0, 0
	}
	x.announce(tag, e, esc, holes, blank)
	return true
}

// delimited reads a string in brackets or between two equal bytes that begins at p with its first delimiter.
func (x *codeLexer) delimited(p int, esc escapes, holes holes, mark strMark) bool {
	if p >= len(x.src) {
		return false
	}
	open := x.src[p]
	close := open
	nested := true
	switch open {
	case '(':
		close = ')'
	case '[':
		close = ']'
	case '{':
		close = '}'
	case '<':
		close = '>'
	default:
		nested = false
		if isWordByte(open) || open <= ' ' {
			return false
		}
	}
	q := &codeQuote{open: string(open), close: string(close), esc: esc, holes: holes, multi: true, mark: mark}
	key := "%" + q.open
	if x.unclosed[key] {
		return false
	}
	s := codeStr{start: p + 1, esc: esc, quote: close, flags: Quoted, mark: mark}
	depth := 1
	for i := p + 1; i < len(x.src); i++ {
		x.step()
		c := x.src[i]
		switch {
		case c == '\\':
			i++
		case c == close:
			if depth--; depth == 0 {
				s.end = i
				x.pushStr(s, x.p, i+1)
				return true
			}
		case nested && c == open:
			depth++
		case c == '\n':
			s.flags |= Multiline
		case holes != 0:
			if h, to := x.holeAt(q, i, s.start); to > 0 {
				s.holes = append(s.holes, h)
				i = to - 1
			}
		}
	}
	x.unclosed[key] = true
	return false
}

// hashed reads strings whose quotes are made unique by # around them: r#"…"# of Rust, #"…"# of Swift. p stands at the
// first # or quote; tripled says that three quotes are one.
func (x *codeLexer) hashed(p int, tripled bool) bool {
	n := 0
	for p+n < len(x.src) && x.src[p+n] == '#' {
		n++
	}
	p += n
	if p >= len(x.src) || x.src[p] != '"' {
		return false
	}
	open := 1
	if tripled && strings.HasPrefix(x.src[p:], `"""`) {
		open = 3
	}
	close := strings.Repeat(`"`, open) + strings.Repeat("#", n)
	key := "r" + close
	if x.unclosed[key] {
		return false
	}
	i := strings.Index(x.src[p+open:], close)
	if i < 0 {
		x.unclosed[key] = true
		return false
	}
	s := codeStr{start: p + open, end: p + open + i, flags: Quoted}
	if strings.IndexByte(x.src[s.start:s.end], '\n') >= 0 {
		s.flags |= Multiline
	}
	x.pushStr(s, x.p, s.end+len(close))
	return true
}

// startsOperandOrArg also takes what stands apart from the word before it, and close to what follows: puts /x/.
func (x *codeLexer) startsOperandOrArg() bool {
	if x.startsOperand() {
		return true
	}
	n := 1
	if x.has("<<") {
		n = 2
	}
	return x.sp && len(x.toks) > 0 && x.toks[len(x.toks)-1].kind == tWord && x.peek(n) > ' ' && x.peek(n) != '='
}

// symbol reads :name and :"name".
func (x *codeLexer) symbol() bool {
	p := x.p + 1
	if p < len(x.src) && x.src[p] == '"' {
		q := codeQuote{open: `:"`, close: `"`, esc: escBackslash, holes: holeHashBrace, mark: symbolStr}
		s, end, ok := x.scan(&q, x.p)
		if ok {
			x.pushStr(s, x.p, end)
		}
		return ok
	}
	if p >= len(x.src) || !isAlphaByte(x.src[p]) || x.p > 0 && (isWordByte(x.src[x.p-1]) || x.src[x.p-1] == ')' ||
		x.src[x.p-1] == '?') {
		return false
	}
	e := p
	for e < len(x.src) && (isWordByte(x.src[e]) || x.src[e] == '@') {
		e++
	}
	if e < len(x.src) && (x.src[e] == '?' || x.src[e] == '!') && (e+1 >= len(x.src) || x.src[e+1] != '=') {
		e++
	}
	x.pushStr(codeStr{start: p, end: e, mark: symbolStr}, x.p, e)
	return true
}

// words reads %w(a b) and qw(a b): a list.
func (x *codeLexer) words(p int) bool {
	if p >= len(x.src) {
		return false
	}
	close := x.src[p]
	if isWordByte(close) || close <= ' ' || close == ',' || close == '=' {
		return false
	}
	if i := strings.IndexByte("([{<", close); i >= 0 {
		close = ")]}>"[i]
	}
	n := strings.IndexByte(x.src[p+1:min(len(x.src), p+1<<16)], close)
	if n < 0 {
		return false
	}
	end := p + 1 + n
	x.pushOpen('[', x.p, p+1)
	for x.p < end {
		x.step()
		if c := x.src[x.p]; c <= ' ' {
			x.p++
			continue
		}
		e := x.p
		for e < end && x.src[e] > ' ' {
			e++
		}
		x.pushStr(codeStr{start: x.p, end: e}, x.p, e)
		x.push(tOp, e, e) // stands for a comma
	}
	x.push(tClose, end, end+1).open = '['
	return true
}

// regex reads a regular expression between slashes.
func (x *codeLexer) regex() bool {
	if x.peek(1) == ' ' && !x.l.regex {
		return false
	}
	class := false
	for i := x.p + 1; i < len(x.src) && i-x.p < 1<<14; i++ {
		switch c := x.src[i]; {
		case c == '\n' || x.wasted > 4*len(x.src)+1<<16:
			x.wasted += i - x.p
			return false
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			e := i + 1
			for e < len(x.src) && isWordByte(x.src[e]) && e-i < 12 {
				e++
			}
			x.pushStr(codeStr{start: x.p + 1, end: i, mark: regexStr, flags: Quoted}, x.p, e)
			return true
		}
	}
	return false
}
