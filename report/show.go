package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible is s on one line, with everything that a terminal, a log or a viewer would act on shown escaped: control and
// bidi characters, what is not UTF-8, and the words that CI systems take for commands wherever they stand.
func visible(s string) string {
	shown, _, _ := visibleRange(s, 0, 0)
	return shown
}

// visibleRange is visible for s, and where the byte range start..end of s stands in what it gives.
func visibleRange(s string, start, end int) (shown string, from, to int) {
	if plain(s) {
		return s, start, end
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if i == start {
			from = b.Len()
		}
		if i == end {
			to = b.Len()
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
			n = 1
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString("    ")
		case r == '#' && command(s[i:]):
			b.WriteString(`\x23`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	if start >= len(s) {
		from = b.Len()
	}
	if end >= len(s) {
		to = b.Len()
	}
	return b.String(), from, to
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '#' {
			return false
		}
	}
	return true
}

// longestCommand is how much of a text command looks at.
const longestCommand = len("##teamcity[")

// command reports whether s begins with a log command of GitHub's old kind, Azure Pipelines or TeamCity, which are
// obeyed in the middle of a line too.
func command(s string) bool {
	return strings.HasPrefix(s, "##[") || strings.HasPrefix(s, "##vso[") || strings.HasPrefix(s, "##teamcity[")
}

// harmless is a line of output that no CI system takes for a command: GitHub obeys "::" behind leading blanks.
func harmless(line string) string {
	if t := strings.TrimLeft(line, " "); strings.HasPrefix(t, "::") {
		return line[:len(line)-len(t)] + `\x3a` + t[1:]
	}
	return line
}

// utf8Name is a file's name as formats of UTF-8 text hold it: bytes that are none are escaped, so that two names stay
// two.
func utf8Name(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n <= 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
			i++
			continue
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// cut is s in at most n bytes, on the edge of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:max(0, n)] + "…"
}
