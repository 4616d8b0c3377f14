package rules

import (
	"bytes"
	"strings"
)

// isQuote holds what opens and closes literals.
var isQuote = classOf("\"'`")

// projectStart finds where the project begins whose name ends before the colon, for a token that ends at end. The alphabet of
// names has quotes, parentheses and stars, which around a token are more often its context: a name keeps them where they
// are balanced or stand inside of a literal, and gives them up at its beginning and where nothing closes them.
func projectStart(text []byte, colon, end int) (start int, ok bool) {
	hi, brackets := colon, false
	if hi >= 2 && text[hi-1] == ']' && text[hi-2] == '[' {
		hi, brackets = hi-2, true
	}
	lo, depth := hi, 0
	for lo > 0 && hi-lo <= maxName+8 && isName[text[lo-1]] {
		if text[lo-1] == '(' {
			if depth == 0 {
				break // opens something that the name does not close: a call, not a name
			}
			depth--
		} else if text[lo-1] == ')' {
			depth++
		}
		lo--
	}
	if depth > 0 {
		lo = afterUnopened(text, lo, hi)
	}
	lo = afterEscape(text, lo, hi)
	lo = afterQuote(text, lo, hi, end)
	lo = afterEmphasis(text, lo, hi, end, brackets)
	if random := randomEnd(text[lo:hi]); random > 0 {
		// Two literals run together, 'a:b.…'.'c:d.…': the name begins with the second. Without a quote it is none.
		quote := bytes.LastIndexByte(text[lo+random:hi], '\'')
		if quote < 0 {
			return 0, false
		}
		lo += random + quote + 1
	}
	if quote := bytes.LastIndexByte(text[lo:hi], '\''); quote >= 0 && (brackets && lo+quote+1 == hi || hi-lo > maxName ||
		string(text[lo+quote+1:hi]) == "user") {
		lo += quote + 1 // a name cannot go on before it
	}
	switch {
	case brackets && lo == hi:
		return hi, true
	case brackets || lo == hi || hi-lo > maxName:
		return 0, false
	}
	return lo, true
}

// afterUnopened is the offset after the last parenthesis of text[lo:hi] that closes nothing in it.
func afterUnopened(text []byte, lo, hi int) int {
	depth := 0
	for i := lo; i < hi; i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				lo, depth = i+1, 0
			}
		}
	}
	return lo
}

// afterEscape is the offset in text[lo:hi] after what belongs to an escape that begins before lo: \n, \u003d, \x3d, %3D,
// a terminal's colour, and the dash of a shell's ${NAME:-default} and ${NAME-default}.
func afterEscape(text []byte, lo, hi int) int {
	if lo == 0 || lo == hi {
		return lo
	}
	name := text[lo:hi]
	switch text[lo-1] {
	case '\\':
		switch {
		case name[0] == 'u' && len(name) >= 5 && all(name[1:5], &isUpHex):
			return lo + 5
		case name[0] == 'x' && len(name) >= 3 && all(name[1:3], &isUpHex):
			return lo + 3
		case bytes.IndexByte([]byte("nrtbfv0ae"), name[0]) >= 0:
			return lo + 1
		}
	case '%':
		if len(name) >= 2 && all(name[:2], &isUpHex) {
			return lo + 2
		}
	case '[', ';':
		i := 0
		for i < len(name) && name[i] >= '0' && name[i] <= '9' {
			i++
		}
		if i < len(name) && name[i] == 'm' && opensColour(text[max(0, lo-40):lo]) {
			return lo + i + 1
		}
	case ':':
		if name[0] == '-' && endsShellName(text[max(0, lo-1-2*maxName):lo-1]) {
			return lo + 1
		}
	case '{':
		if dash := bytes.IndexByte(name, '-'); dash > 0 && lo >= 2 && text[lo-2] == '$' {
			return lo + dash + 1
		}
	}
	return lo
}

// opensColour reports whether text ends in the beginning of a terminal's colour: escape, [, and numbers with semicolons,
// the escape itself or in one of the ways in which source code writes it.
func opensColour(text []byte) bool {
	i := len(text)
	for i > 0 && (text[i-1] == ';' || text[i-1] >= '0' && text[i-1] <= '9') {
		i--
	}
	if i == 0 || text[i-1] != '[' {
		return false
	}
	text = text[:i-1]
	for _, escape := range []string{"\x1b", `\x1b`, `\x1B`, `\033`, `\e`, `\u001b`, `\u001B`} {
		if bytes.HasSuffix(text, []byte(escape)) {
			return true
		}
	}
	return false
}

// endsShellName reports whether text ends in ${ and a variable's name.
func endsShellName(text []byte) bool {
	i := len(text)
	for i > 0 && (isAlnum[text[i-1]] || text[i-1] == '_') {
		i--
	}
	return i < len(text) && i >= 2 && text[i-1] == '{' && text[i-2] == '$'
}

// afterQuote is the offset in text[lo:hi] after the single quote that opens the literal which holds the token.
func afterQuote(text []byte, lo, hi, end int) int {
	if lo == hi {
		return lo
	}
	var before, after byte
	if lo > 0 {
		before = text[lo-1]
	}
	if end < len(text) {
		after = text[end]
	}
	if before == after && (before == '"' || before == '`') {
		return lo // the whole literal is the token: a quote in it is the name's
	}
	name := text[lo:hi]
	if n := literalPrefix(name); n > 0 {
		return lo + n
	}
	if name[0] == '\'' {
		for lo < hi && text[lo] == '\'' {
			lo++
		}
		return lo
	}
	if after == '\'' && bytes.Count(lineBefore(text, lo), []byte("'"))%2 == 0 {
		return lo + bytes.LastIndexByte(name, '\'') + 1
	}
	return lo
}

// literalPrefix is the length of b', rb', N' and their like at the beginning of text.
func literalPrefix(text []byte) int {
	quote := bytes.IndexByte(text[:min(len(text), 3)], '\'')
	if quote > 0 && strings.Trim(string(text[:quote]), "bBrRuUfFnNlL") == "" {
		return quote + 1
	}
	return 0
}

// afterEmphasis is the offset in text[lo:hi] after as many stars, underscores or tildes as follow the token: Markdown's
// emphasis, or a comment's end. A project that is a star remains one.
func afterEmphasis(text []byte, lo, hi, end int, brackets bool) int {
	if lo == hi || end >= len(text) || text[end] != text[lo] {
		return lo
	}
	mark := text[lo]
	if mark != '*' && mark != '_' && mark != '~' {
		return lo
	}
	last := hi
	if !brackets {
		last-- // something has to be left
	}
	for i := end; lo < last && i < len(text) && text[i] == mark && text[lo] == mark; i++ {
		lo++
	}
	return lo
}

// randomEnd is the offset after the last random part of a token that a name holds, 0 where it holds none.
func randomEnd(name []byte) (last int) {
	for at := 0; len(name)-at >= minHash; {
		start, end := nextRun(name, at, minHash, &isB64)
		if start < 0 {
			break
		}
		if readBody(name[start:end]).what != notBody {
			last = end
		}
		at = end
	}
	return last
}
