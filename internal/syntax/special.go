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
				if len(line) > len(h.tag) && x.l.name == "php" { // TAG; or TAG) goes on
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
			case c == '$' || c == '#' || c == '{' && x.l.name == "php" || c == '@':
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
// first # or quote.
func (x *codeLexer) hashed(p int) bool {
	n := 0
	for p+n < len(x.src) && x.src[p+n] == '#' {
		n++
	}
	p += n
	if p >= len(x.src) || x.src[p] != '"' {
		return false
	}
	open := 1
	if strings.HasPrefix(x.src[p:], `"""`) && x.l.name != "rust" {
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

func specialRust(x *codeLexer) bool {
	if x.src[x.p] == '\'' && isAlphaByte(x.peek(1)) && !x.prose {
		e := x.p + 2
		for e < len(x.src) && isWordByte(x.src[e]) {
			e++
		}
		if e >= len(x.src) || x.src[e] != '\'' { // a lifetime
			x.p = e
			x.sp = true
			return true
		}
	}
	if x.p > 0 && isWordByte(x.src[x.p-1]) {
		return false
	}
	switch {
	case x.has(`r"`), x.has("r#"):
		return x.hashed(x.p + 1)
	case x.has(`br"`), x.has("br#"):
		return x.hashed(x.p + 2)
	}
	return false
}

func specialSwift(x *codeLexer) bool {
	return x.src[x.p] == '#' && (x.peek(1) == '"' || x.peek(1) == '#') && x.hashed(x.p)
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

func specialLua(x *codeLexer) bool {
	if x.src[x.p] != '[' {
		return false
	}
	close, n := luaBracket(x.src[x.p:])
	if n == 0 || x.unclosed[close] {
		return false
	}
	i := strings.Index(x.src[x.p+n:], close)
	if i < 0 {
		x.unclosed[close] = true
		return false
	}
	s := codeStr{start: x.p + n, end: x.p + n + i, flags: Quoted | Multiline}
	x.pushStr(s, x.p, s.end+len(close))
	return true
}

// luaBracket reads [[ or [==[ and gives what closes it.
func luaBracket(s string) (close string, n int) {
	n = 1
	for n < len(s) && s[n] == '=' {
		n++
	}
	if n >= len(s) || s[n] != '[' {
		return "", 0
	}
	return "]" + strings.Repeat("=", n-1) + "]", n + 1
}

func specialRuby(x *codeLexer) bool {
	c := x.src[x.p]
	switch {
	case c == '<':
		return x.startsOperandOrArg() && x.heredocTag("<<")
	case c == ':' && x.peek(1) != ':' && x.peek(-1) != ':':
		return x.symbol()
	case c == '%' && x.startsOperandOrArg():
		switch n := x.peek(1); n {
		case 'q':
			return x.delimited(x.p+2, escOnlyQuote, 0, plainStr)
		case 'Q', 'x':
			return x.delimited(x.p+2, escBackslash, holeHashBrace, plainStr)
		case 'w', 'W', 'i', 'I':
			return x.words(x.p + 2)
		case 'r':
			return x.delimited(x.p+2, escBackslash, holeHashBrace, regexStr)
		case 's':
			return x.delimited(x.p+2, 0, 0, symbolStr)
		case '(', '{', '[', '|', '<':
			return x.delimited(x.p+1, escBackslash, holeHashBrace, plainStr)
		}
	case c == '/' && x.startsOperandOrArg():
		return x.regex()
	case c == '=' && x.has("=begin") && x.p > 0 && x.peek(-1) != '\n':
		return false
	case c == '_' && x.nl && x.has("__END__") && (x.p == 0 || x.peek(-1) == '\n'):
		x.p = len(x.src)
		return true
	}
	return false
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

func specialPerl(x *codeLexer) bool {
	c := x.src[x.p]
	switch {
	case c == '<' && x.startsOperandOrArg():
		return x.heredocTag("<<")
	case c == '/' && x.startsOperandOrArg():
		return x.regex()
	case c == '_' && x.nl && (x.has("__END__") || x.has("__DATA__")):
		x.p = len(x.src)
		return true
	case c == '=' && x.nl && isAlphaByte(x.peek(1)) && (x.p == 0 || x.peek(-1) == '\n'):
		end := len(x.src)
		if i := strings.Index(x.src[x.p:], "\n=cut"); i >= 0 {
			end = x.lineEnd(x.p + i + 1)
		}
		x.comments = append(x.comments, codeComment{x.p, end, true})
		x.p = end
		return true
	case c != 'q' && c != 'm' && c != 's' && c != 'y' && c != 't' || x.p > 0 && (isWordByte(x.src[x.p-1]) ||
		strings.IndexByte("$@%&>{-", x.src[x.p-1]) >= 0):
		return false
	}
	p := x.p
	for p < len(x.src) && p-x.p < 3 && isAlphaByte(x.src[p]) {
		p++
	}
	op := x.src[x.p:p]
	d := p
	for d < len(x.src) && x.src[d] == ' ' && op[0] == 'q' {
		d++
	}
	if d >= len(x.src) || strings.IndexByte("=,;)", x.src[d]) >= 0 {
		return false
	}
	switch op {
	case "q":
		return x.delimited(d, escOnlyQuote, 0, plainStr)
	case "qq", "qx":
		return x.delimited(d, escBackslash, x.l.heredocHoles, plainStr)
	case "qw":
		return x.words(d)
	case "qr", "m":
		return x.delimited(d, escBackslash, 0, regexStr)
	case "s", "tr", "y":
		if !x.delimited(d, escBackslash, 0, regexStr) {
			return false
		}
		if c := x.peek(-1); c == '}' || c == ')' || c == ']' || c == '>' {
			return true
		}
		x.p-- // the middle delimiter also opens the replacement
		if !x.delimited(x.p, escBackslash, 0, regexStr) {
			x.p++
		}
		return true
	}
	return false
}

func specialPHP(x *codeLexer) bool {
	switch {
	case x.has("?>"):
		x.push(tOp, x.p, x.p)
		x.p += 2
		x.outsidePHP()
		return true
	case x.has("#["):
		x.push(tOp, x.p, x.p+1)
		return true
	case x.has("<<<"):
		return x.heredocTag("<<<")
	}
	return false
}

// outsidePHP skips text up to the next <?php, and says whether there is one.
func (x *codeLexer) outsidePHP() bool {
	rest := x.src[x.p:]
	i := strings.Index(rest, "<?")
	if i < 0 {
		x.p = len(x.src)
		return false
	}
	x.p += i + 2
	if x.has("php") {
		x.p += 3
	} else if x.has("=") {
		x.p++
	} else if x.has("xml") {
		return x.outsidePHP()
	}
	x.nl = true
	return true
}

func specialElixir(x *codeLexer) bool {
	c := x.src[x.p]
	switch {
	case c == ':' && x.peek(1) != ':' && x.peek(-1) != ':':
		return x.symbol()
	case c == '?' && x.peek(1) > ' ' && x.startsOperand():
		x.push(tNum, x.p, x.p+2)
		return true
	case c == '~' && isAlphaByte(x.peek(1)):
		sigil := x.peek(1)
		esc, holes := escBackslash, holeHashBrace
		if sigil < 'a' {
			esc, holes = 0, 0
		}
		for _, q := range []string{`"""`, "'''"} {
			if strings.HasPrefix(x.src[x.p+2:], q) {
				s, end, ok := x.scan(&codeQuote{open: q, close: q, esc: esc, holes: holes, multi: true}, x.p+2)
				if ok {
					x.pushStr(s, x.p, end)
				}
				return ok
			}
		}
		switch sigil {
		case 'w', 'W':
			return x.words(x.p + 2)
		case 'r', 'R':
			return x.delimited(x.p+2, esc, 0, regexStr)
		}
		return x.delimited(x.p+2, esc, holes, plainStr)
	}
	return false
}

func specialCSharp(x *codeLexer) bool {
	p := x.p
	for p < len(x.src) && x.src[p] == '$' {
		p++
	}
	n := 0
	for p+n < len(x.src) && x.src[p+n] == '"' {
		n++
	}
	if n < 3 {
		return false
	}
	close := x.src[p : p+n]
	if x.unclosed[close] {
		return false
	}
	i := strings.Index(x.src[p+n:], close)
	if i < 0 {
		x.unclosed[close] = true
		return false
	}
	s := codeStr{start: p + n, end: p + n + i, flags: Quoted | Multiline}
	x.pushStr(s, x.p, s.end+n)
	return true
}

func specialGroovy(x *codeLexer) bool {
	if x.has("$/") && x.startsOperand() {
		if i := strings.Index(x.src[x.p+2:], "/$"); i >= 0 && !x.unclosed["$/"] {
			x.pushStr(codeStr{start: x.p + 2, end: x.p + 2 + i, flags: Quoted}, x.p, x.p+4+i)
			return true
		}
		x.unclosed["$/"] = true
	}
	return x.src[x.p] == '/' && x.startsOperand() && x.regex()
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

// regex reads a regular expression between slashes.
func (x *codeLexer) regex() bool {
	if !x.startsOperand() && !(x.l.name == "ruby" || x.l.name == "perl") {
		return false
	}
	if x.peek(1) == ' ' && x.l.name != "javascript" && x.l.name != "typescript" && x.l.name != "tsx" {
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
