package scanner

import (
	"bytes"
	"slices"

	"github.com/unleaked/unleaked/internal/syntax"
)

// hidden is what is shown in place of a value.
const hidden = "…"

// A veil goes over a line and notes what is a value on it: what stands in quotes and behind name= and name:, and
// whatever looks random. Names, keywords, keys and punctuation are none; in code neither are names behind = and :.
type veil struct {
	line   []byte
	code   bool
	bound  bool // a name stood before, so that words are its value
	short  int  // words of one or two bytes in a row, the first of them at
	at     int
	values []span
}

// valuesOn are the spans of text[from:to] that are values, in order. It decides by the line alone, without what is cut
// from it or kept.
func valuesOn(path string, text []byte, from, to int, cuts []cut, keep span) []span {
	x := &veil{line: bytes.Clone(text[from:to]), code: syntax.IsCode(path)}
	for _, c := range append(slices.Clone(cuts), cut{span: keep}) {
		for i := max(c.start, from); i < min(c.end, to); i++ {
			x.line[i-from] = ' '
		}
	}
	x.read(0, len(x.line), false)
	// What leads to a name that is shown, as process.env. does, is of the name.
	shown := !slices.ContainsFunc(cuts, func(c cut) bool { return c.start < keep.end && c.end > keep.start })
	x.values = slices.DeleteFunc(x.values, func(s span) bool {
		return shown && keep.start > from && s.end == keep.start-from-1 && text[keep.start-1] == '.' &&
			bytes.IndexByte(x.line[s.start:s.end], ' ') < 0 && !x.random(x.line[s.start:s.end])
	})
	for i := range x.values {
		x.values[i].start += from
		x.values[i].end += from
	}
	return x.values
}

// read goes over line[i:end]; quoted says that it stands in quotes.
func (x *veil) read(i, end int, quoted bool) {
	for i < end {
		c := x.line[i]
		switch {
		case (c == '"' || c == '\'' || c == '`') && !quoted && (i == 0 || !valueByte(x.line[i-1]) || c != '\''):
			e := x.closing(i, end)
			x.read(i+1, e, true)
			i = min(e+1, end)
			continue
		case valueByte(c):
			e := i
			for e < end && (valueByte(x.line[e]) || e > i && joins(x.line[e]) && e+1 < end && valueByte(x.line[e+1])) {
				e++
			}
			i = x.word(i, e, end, quoted)
			continue
		case (c == '/' && i+1 < end && x.line[i+1] == '/' || c == '#') && x.code && !quoted:
			x.code = false // a comment
		case c == '-' && !quoted && (i == 0 || x.line[i-1] == ' '): // an option
			x.bound = false
		case c == ',' || c == ';' || c == '{' || c == '(':
			x.bound = x.bound && !x.code
		case c >= 0x80:
			if quoted || x.bound {
				x.hide(i, i+1)
			}
		}
		i++
	}
}

// word looks at line[i:e] and returns where to go on.
func (x *veil) word(i, e, end int, quoted bool) int {
	word := x.line[i:e]
	if len(word) > 2 {
		x.short = 0
	} else if x.short++; x.short == 1 {
		x.at = i
	} else if x.short >= 6 && !quoted { // spaced out
		x.hide(x.at, e)
	}
	if e+2 < end && x.line[e] == ':' && x.line[e+1] == '/' && x.line[e+2] == '/' && len(word) < 12 && !x.random(word) {
		return x.url(e+3, end)
	}
	if !x.random(word) && x.isKey(e, end) {
		x.bound = true
		return e
	}
	switch {
	case quoted, x.random(word), x.bound && !x.code:
		x.hide(i, e)
	case x.line[i] >= '0' && x.line[i] <= '9' && e-i >= 3:
		x.hide(i, e)
	}
	return e
}

// isKey reports whether the word that ends at e is a key: that is told by what follows it.
func (x *veil) isKey(e, end int) bool {
	rest := x.line[e:]
	if e == end && len(rest) > 1 && (rest[0] == '"' || rest[0] == '\'') { // all of a text in quotes
		return rest[1] == ':' || bytes.HasPrefix(rest[1:], []byte(" =>"))
	}
	rest = bytes.TrimLeft(x.line[e:end], " ")
	return len(rest) > 0 && (rest[0] == '=' || rest[0] == ':') && (len(rest) < 2 || rest[1] != ':')
}

// url shows the host of a URL and hides what else is in it.
func (x *veil) url(i, end int) int {
	e := i
	for e < end && x.line[e] > ' ' && x.line[e] != '"' && x.line[e] != '\'' && x.line[e] != '`' && x.line[e] != '<' &&
		x.line[e] != '>' && x.line[e] != ')' {
		e++
	}
	host := i
	for host < e && (valueByte(x.line[host]) || x.line[host] == '.' || x.line[host] == '-') {
		host++
	}
	if host < e && x.line[host] == '@' || x.random(x.line[i:host]) || host < e && x.line[host] == ':' &&
		slices.Contains(x.line[host:e], '@') {
		host = i // what looks like a host is a user
	}
	if e > host {
		x.hide(host, e)
	}
	return e
}

// closing is the offset of the quote that closes the one at i, end where none does.
func (x *veil) closing(i, end int) int {
	for k := i + 1; k < end; k++ {
		if x.line[k] == '\\' {
			k++
		} else if x.line[k] == x.line[i] {
			return k
		}
	}
	return end
}

// hide adds a value; values with nothing but one byte between them are one.
func (x *veil) hide(start, end int) {
	if n := len(x.values); n > 0 && start-x.values[n-1].end <= 1 {
		x.values[n-1].start = min(x.values[n-1].start, start)
		x.values[n-1].end = max(x.values[n-1].end, end)
		return
	}
	x.values = append(x.values, span{start, end})
}

// random reports whether a word looks like no name: digits among its letters, or longer than names are.
func (x *veil) random(word []byte) bool {
	letters, digits, changes, run := 0, 0, 0, 0
	for i, c := range word {
		digit := c >= '0' && c <= '9'
		switch {
		case digit:
			digits++
		case joins(c) || c == '_' || c == '$':
			run = 0
			continue
		default:
			letters++
		}
		run++
		if i > 0 && digit != (word[i-1] >= '0' && word[i-1] <= '9') {
			changes++
		}
		if run >= 28 {
			return true
		}
	}
	return digits > 0 && letters > 0 && (changes >= 3 || digits >= 4) || !x.code && len(word) >= 32 && letters > 24
}

func valueByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '%'
}

// joins reports whether a byte between two of a word's makes one of them.
func joins(c byte) bool { return c == '.' || c == '-' || c == '+' || c == '/' }

// withValues puts the values of a line among what is cut from it; keep is what the finding stands on, and stays.
func withValues(cuts []cut, values []span, keep span) []cut {
	all := slices.Clone(cuts)
	if keep.end > keep.start && !slices.ContainsFunc(cuts, func(c cut) bool {
		return c.start < keep.end && c.end > keep.start
	}) {
		all = append(all, cut{keep, ""})
		slices.SortFunc(all, func(a, b cut) int { return a.start - b.start })
	}
	var out []cut
	i := 0
	for _, v := range values {
		for i < len(all) && all[i].start < v.end {
			c := all[i]
			if c.start > v.start {
				out = append(out, cut{span{v.start, c.start}, hidden})
			}
			v.start = max(v.start, c.end)
			if c.end > v.end { // it goes on into the next value
				break
			}
			if c.shown != "" {
				out = append(out, c)
			}
			i++
		}
		if v.start < v.end {
			out = append(out, cut{v, hidden})
		}
	}
	for ; i < len(all); i++ {
		if all[i].shown != "" {
			out = append(out, all[i])
		}
	}
	return out
}
