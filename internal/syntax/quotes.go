package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// escapes is how a string writes what cannot stand in it.
type escapes uint8

const (
	escBackslash escapes = 1 << iota // \n, \u0041, \" …
	escDoubled                       // "" for "
	escOnlyQuote                     // \' and \\ and no other
	escEntities                      // &amp; …
)

// holes are the ways to write a computed part of a string.
type holes uint8

const (
	holeDollarBrace holes = 1 << iota // ${…}
	holeHashBrace                     // #{…}
	holeBrace                         // {…}, with {{ for {
	holeDollarName                    // $name
	holeParen                         // \(…)
	holeAtBrace                       // @{…}
	holeHash                          // #…# of CFML
)

// A codeQuote is a kind of string of a language.
type codeQuote struct {
	open, close string
	esc         escapes
	holes       holes
	multi       bool // it may span lines
	mark        strMark
}

// quoted reads a string if one begins here.
func (x *codeLexer) quoted() bool {
	for i := range x.l.quotes {
		q := &x.l.quotes[i]
		if !x.has(q.open) {
			continue
		}
		if isWordByte(q.open[0]) && x.p > 0 && isWordByte(x.src[x.p-1]) {
			continue
		}
		if q.open == "'" && !x.aposOpens(q) {
			continue
		}
		if s, end, ok := x.scan(q, x.p); ok {
			x.pushStr(s, x.p, end)
			return true
		}
	}
	return false
}

// aposOpens tells an apostrophe that opens a string or character from those of lifetimes, type variables, primes and
// English.
func (x *codeLexer) aposOpens(q *codeQuote) bool {
	if x.p > 0 && isWordByte(x.src[x.p-1]) && (x.prose || q.mark == charStr) {
		return false
	}
	if q.mark != charStr {
		return true
	}
	if x.prose {
		return true
	}
	if x.peek(1) == '\\' {
		return true
	}
	_, n := utf8.DecodeRuneInString(x.src[x.p+1:])
	return x.peek(1+n) == '\'' || !x.l.bareApos
}

// scan reads the string that begins at p.
func (x *codeLexer) scan(q *codeQuote, p int) (s codeStr, end int, ok bool) {
	i := p + len(q.open)
	s = codeStr{start: i, esc: q.esc, quote: q.close[0], flags: Quoted, mark: q.mark}
	if q.multi && x.unclosed[q.open] {
		q = &codeQuote{open: q.open, close: q.close, esc: q.esc, holes: q.holes, mark: q.mark}
		if len(q.open) > 2 {
			return s, 0, false
		}
	}
	first := q.close[0]
	for i < len(x.src) {
		x.step()
		c := x.src[i]
		switch {
		case c == first && strings.HasPrefix(x.src[i:], q.close):
			if q.esc&escDoubled != 0 && i+1 < len(x.src) && x.src[i+1] == c {
				i += 2
				continue
			}
			s.end = i
			if len(q.close) == 3 { // """a"""" ends with its last quotes
				for i+3 < len(x.src) && x.src[i+3] == c && s.end < i+1 {
					i++
					s.end = i
				}
			}
			return s, i + len(q.close), true
		case c == '\\' && q.esc&(escBackslash|escOnlyQuote) != 0:
			if q.holes&holeParen != 0 && i+1 < len(x.src) && x.src[i+1] == '(' {
				if to := x.balanced(i+2, '(', ')', q.multi); to >= 0 {
					s.holes = append(s.holes, codeHole{i, to + 1, i + 2, to})
					i = to + 1
					continue
				}
			}
			if i+1 < len(x.src) && x.src[i+1] == '\r' && i+2 < len(x.src) && x.src[i+2] == '\n' {
				i++
			}
			i += 2
			continue
		case c == '\n':
			if !q.multi {
				s.end = i
				if q.mark == charStr && !x.prose {
					return s, 0, false
				}
				if i > s.start && x.src[i-1] == '\r' {
					s.end--
				}
				return s, s.end, true
			}
			s.flags |= Multiline
		case q.holes != 0:
			if h, to := x.holeAt(q, i, s.start); to > 0 {
				if h.end > h.start {
					s.holes = append(s.holes, h)
				}
				i = to
				continue
			}
		}
		i++
	}
	s.end = len(x.src)
	if q.multi {
		x.unclosed[q.open] = true
		if len(q.open) > 2 || strings.IndexByte(x.src[p:], '\n') < 0 {
			return s, len(x.src), true // cut off
		}
		line := *q
		line.multi = false
		return x.scan(&line, p)
	}
	return s, len(x.src), true
}

// holeAt reads the computed part that begins at i, if one does. It gives where reading goes on, 0 for none; an empty
// hole is an escape.
func (x *codeLexer) holeAt(q *codeQuote, i, start int) (h codeHole, to int) {
	c := x.src[i]
	var n byte
	if i+1 < len(x.src) {
		n = x.src[i+1]
	}
	switch {
	case c == '$' && n == '{' && q.holes&holeDollarBrace != 0, c == '#' && n == '{' && q.holes&holeHashBrace != 0,
		c == '@' && n == '{' && q.holes&holeAtBrace != 0:
		if e := x.balanced(i+2, '{', '}', q.multi); e >= 0 {
			return codeHole{i, e + 1, i + 2, e}, e + 1
		}
	case c == '$' && q.holes&holeDollarName != 0 && isAlphaByte(n):
		e := i + 2
		for e < len(x.src) && isWordByte(x.src[e]) {
			e++
		}
		for x.l.holeMembers && e+2 < len(x.src) && x.src[e] == '-' && x.src[e+1] == '>' && isAlphaByte(x.src[e+2]) {
			x.step()
			for e += 3; e < len(x.src) && isWordByte(x.src[e]); {
				e++
			}
		}
		from := i + 1
		if x.l.sigils != "" {
			from = i
		}
		return codeHole{i, e, from, e}, e
	case c == '{' && q.holes&holeBrace != 0:
		if n == '{' {
			return codeHole{}, i + 2
		}
		if e := x.balanced(i+1, '{', '}', q.multi); e >= 0 {
			return codeHole{i, e + 1, i + 1, x.formatSpec(i+1, e)}, e + 1
		}
	case c == '#' && q.holes&holeHash != 0 && isAlphaByte(n):
		if e := strings.IndexAny(x.src[i+1:min(len(x.src), i+200)], "#\n\"'"); e > 0 && x.src[i+1+e] == '#' {
			return codeHole{i, i + e + 2, i + 1, i + 1 + e}, i + e + 2
		}
	}
	return h, 0
}

// formatSpec finds where the expression of {expression:format} or {expression!r} ends.
func (x *codeLexer) formatSpec(from, to int) int {
	depth := 0
	for i := from; i < to; i++ {
		x.step()
		switch c := x.src[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"', '\'':
			if j := strings.IndexByte(x.src[i+1:to], c); j >= 0 {
				i += j + 1
			}
		case ':':
			if depth == 0 && (i+1 >= to || x.src[i+1] != ':') && (i == 0 || x.src[i-1] != ':') {
				return i
			}
		case '!':
			if depth == 0 && i+1 < to && x.src[i+1] != '=' {
				return i
			}
		}
	}
	return to
}

// balanced finds the bracket that closes the one before p, over strings in between; -1 where there is none.
func (x *codeLexer) balanced(p int, open, close byte, multi bool) (end int) {
	if x.nest >= 6 || x.wasted > 4*len(x.src)+1<<16 {
		return -1
	}
	x.nest++
	start := p
	defer func() {
		x.nest--
		if end < 0 {
			x.wasted += p - start
		}
	}()
	depth := 1
outer:
	for p < len(x.src) {
		x.step()
		c := x.src[p]
		switch {
		case c == open:
			depth++
		case c == close:
			if depth--; depth == 0 {
				return p
			}
		case c == '\n':
			if !multi {
				return -1
			}
			if p-start > 1<<16 {
				return -1
			}
		case c == '\\' && !multi:
			p += 2 // "${a["\"b\""]}" stands in quotes already
			continue
		default:
			for i := range x.l.quotes {
				q := &x.l.quotes[i]
				if !strings.HasPrefix(x.src[p:], q.open) || isWordByte(q.open[0]) && isWordByte(x.src[p-1]) ||
					q.mark == charStr {
					continue
				}
				s, end, ok := x.scan(q, p)
				if !ok || end <= p || !multi && strings.IndexByte(x.src[s.start:s.end], '\n') >= 0 {
					break
				}
				p = end
				continue outer
			}
		}
		p++
	}
	return -1
}

// text decodes a string: its holes are left out.
func (s *codeStr) text(src string) string {
	raw := src[s.start:s.end]
	if len(s.holes) == 0 && (s.esc&(escBackslash|escOnlyQuote) == 0 || strings.IndexByte(raw, '\\') < 0) &&
		(s.esc&escDoubled == 0 || strings.IndexByte(raw, s.quote) < 0) && (s.esc&escEntities == 0 ||
		strings.IndexByte(raw, '&') < 0) {
		return raw
	}
	var b strings.Builder
	h := 0
	for i := s.start; i < s.end; {
		if h < len(s.holes) && i >= s.holes[h].start {
			i = max(i, s.holes[h].end)
			h++
			continue
		}
		c := src[i]
		if c == '\\' && s.esc&escOnlyQuote != 0 && i+1 < s.end && (src[i+1] == s.quote || src[i+1] == '\\') {
			b.WriteByte(src[i+1])
			i += 2
			continue
		}
		if c == '\\' && s.esc&escBackslash != 0 && i+1 < s.end {
			i += unescape(&b, src[i+1:s.end]) + 1
			continue
		}
		if c == s.quote && s.esc&escDoubled != 0 && i+1 < s.end && src[i+1] == c {
			i++
		}
		if c == '&' && s.esc&escEntities != 0 {
			if r, n := entity(src[i:s.end]); n > 0 {
				b.WriteString(r)
				i += n
				continue
			}
		}
		b.WriteByte(c)
		i++
	}
	return b.String()
}

func entity(s string) (string, int) {
	for _, e := range [...][2]string{{"&quot;", `"`}, {"&apos;", "'"}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"},
		{"&#39;", "'"}, {"&#34;", `"`}, {"&nbsp;", " "}} {
		if strings.HasPrefix(s, e[0]) {
			return e[1], len(e[0])
		}
	}
	return "", 0
}

// unescape writes what stands behind a backslash, and says how long that is.
func unescape(b *strings.Builder, s string) int {
	number := func(from, to, base int) int {
		to = min(to, len(s))
		n, err := strconv.ParseUint(s[from:to], base, 32)
		if err != nil || n > utf8.MaxRune {
			b.WriteByte(s[0])
			return 1
		}
		b.WriteRune(rune(n))
		return to
	}
	switch c := s[0]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case '0', 'a', 'b', 'f', 'v', 'e':
		if c == '0' && len(s) > 2 && s[1] >= '0' && s[1] < '8' && s[2] >= '0' && s[2] < '8' {
			return number(0, 3, 8)
		}
		b.WriteByte(' ')
	case 'x':
		return number(1, 3, 16)
	case 'u', 'U':
		if len(s) > 1 && s[1] == '{' {
			if e := strings.IndexByte(s[:min(len(s), 12)], '}'); e > 2 {
				if n := number(2, e, 16); n > 1 {
					return e + 1
				}
				return 1
			}
		}
		if c == 'U' {
			return number(1, 9, 16)
		}
		return number(1, 5, 16)
	case '\r':
		if len(s) > 1 && s[1] == '\n' {
			return 2 + blanks(s[2:])
		}
	case '\n':
		return 1 + blanks(s[1:])
	default:
		b.WriteByte(c)
	}
	return 1
}

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }
