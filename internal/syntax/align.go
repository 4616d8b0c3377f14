package syntax

import (
	"strings"
	"unicode/utf8"
)

// align finds where each byte of a literal's decoded text stands in its source: raw is src[start:end], written with
// the escapes of some language, over several lines, doubled quotes or character references. It knows what was decoded,
// so that it needs not know the language: it tries to take escapes as such, then as plain text. Nil where the two do
// not match.
func align(raw, text string, start int) offsets {
	if raw == text {
		return shifted(start)
	}
	if o := alignWith(raw, text, start, true); o != nil {
		return o
	}
	return alignWith(raw, text, start, false)
}

func alignWith(raw, text string, start int, escapes bool) offsets {
	o := offsets{{0, start}}
	step := func(j, i int) {
		if last := o[len(o)-1]; last.out-last.in != start+i-j {
			if last.in == j {
				o[len(o)-1].out = start + i
				return
			}
			o = append(o, seam{j, start + i})
		}
	}
	i, j := 0, 0
	for j < len(text) {
		if i >= len(raw) {
			if strings.TrimSpace(text[j:]) == "" { // a block scalar's own last line end
				return o
			}
			return nil
		}
		step(j, i)
		c := raw[i]
		if c == '\\' && escapes && i+1 < len(raw) {
			if s, n := unescapeOne(raw[i:]); n > 0 && strings.HasPrefix(text[j:], s) {
				i += n
				j += len(s)
				continue
			}
			if text[j] == raw[i+1] {
				i += 2
				j++
				continue
			}
			if raw[i+1] == '\n' || raw[i+1] == '\r' { // continued line
				i += 2
				for i < len(raw) && (raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\n') {
					i++
				}
				continue
			}
		}
		if c == '&' && text[j] != '&' || c == '&' && strings.HasPrefix(raw[i:], "&amp;") {
			if s, n := unreference(raw[i:]); n > 0 && strings.HasPrefix(text[j:], s) {
				i += n
				j += len(s)
				continue
			}
		}
		if c == text[j] {
			// A quote doubled to stand for itself.
			if (c == '\'' || c == '"') && i+1 < len(raw) && raw[i+1] == c && (j+1 >= len(text) || text[j+1] != c) {
				i++
			}
			i++
			j++
			continue
		}
		if isSpace(c) {
			// Lines folded or dedented: white space stands for other white space, or for none.
			for i < len(raw) && isSpace(raw[i]) {
				i++
			}
			for j < len(text) && isSpace(text[j]) {
				j++
			}
			continue
		}
		if isSpace(text[j]) {
			j++
			continue
		}
		return nil
	}
	return o
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// unescapeOne decodes one escape at the start of s, as most languages write them, and says how many bytes it took: 0
// where it is none that is known.
func unescapeOne(s string) (string, int) {
	if len(s) < 2 || s[0] != '\\' {
		return "", 0
	}
	switch c := s[1]; c {
	case 'n':
		return "\n", 2
	case 't':
		return "\t", 2
	case 'r':
		return "\r", 2
	case 'b':
		return "\b", 2
	case 'f':
		return "\f", 2
	case 'v':
		return "\v", 2
	case 'a':
		return "\a", 2
	case 'e':
		return "\x1b", 2
	case '0':
		return "\x00", 2
	case 'x':
		if v, n := hexDigits(s[2:], 2); n == 2 {
			return string(rune(v)), 4
		}
	case 'u':
		if len(s) > 2 && s[2] == '{' {
			if end := strings.IndexByte(s[:min(len(s), 12)], '}'); end > 3 {
				if v, n := hexDigits(s[3:end], 8); n == end-3 {
					return string(rune(v)), end + 1
				}
			}
			return "", 0
		}
		v, n := hexDigits(s[2:], 4)
		if n != 4 {
			return "", 0
		}
		if v >= 0xD800 && v < 0xDC00 && len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if w, n := hexDigits(s[8:], 4); n == 4 && w >= 0xDC00 && w < 0xE000 {
				return string(rune(0x10000 + (v-0xD800)<<10 + (w - 0xDC00))), 12
			}
		}
		return string(rune(v)), 6
	case 'U':
		if v, n := hexDigits(s[2:], 8); n == 8 && v <= utf8.MaxRune {
			return string(rune(v)), 10
		}
	case '\\', '"', '\'', '/', '`', '$', ' ', ':', '=', '#', '!':
		return s[1:2], 2
	}
	return "", 0
}

// hexDigits reads at most n hex digits.
func hexDigits(s string, n int) (v, taken int) {
	for taken < n && taken < len(s) {
		c := s[taken]
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | int(c-'A'+10)
		default:
			return v, taken
		}
		taken++
	}
	return v, taken
}

// unreference decodes one character reference of XML and HTML at the start of s.
func unreference(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 2 || s[0] != '&' {
		return "", 0
	}
	name := s[1:end]
	switch name {
	case "amp":
		return "&", end + 1
	case "lt":
		return "<", end + 1
	case "gt":
		return ">", end + 1
	case "quot":
		return `"`, end + 1
	case "apos":
		return "'", end + 1
	case "nbsp":
		return " ", end + 1
	case "colon":
		return ":", end + 1
	case "ast":
		return "*", end + 1
	case "period":
		return ".", end + 1
	}
	if name[0] != '#' {
		return "", 0
	}
	v, n := 0, 0
	if len(name) > 2 && (name[1] == 'x' || name[1] == 'X') {
		if v, n = hexDigits(name[2:], 6); n != len(name)-2 {
			return "", 0
		}
	} else {
		for _, c := range []byte(name[1:]) {
			if c < '0' || c > '9' || v > utf8.MaxRune {
				return "", 0
			}
			v = v*10 + int(c-'0')
		}
	}
	if v == 0 || v > utf8.MaxRune {
		return "", 0
	}
	return string(rune(v)), end + 1
}

// decodeEscapes resolves the escapes of a double-quoted text.
func decodeEscapes(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			k := strings.IndexByte(raw[i:], '\\')
			if k < 0 {
				k = len(raw) - i
			}
			b.WriteString(raw[i : i+k])
			i += k
			continue
		}
		if s, n := unescapeOne(raw[i:]); n > 0 {
			b.WriteString(s)
			i += n
			continue
		}
		if i+1 < len(raw) && (raw[i+1] == '\n' || raw[i+1] == '\r') {
			i += 2
			for i < len(raw) && isSpace(raw[i]) {
				i++
			}
			continue
		}
		if i+1 < len(raw) {
			b.WriteByte(raw[i+1])
			i += 2
			continue
		}
		b.WriteByte('\\')
		i++
	}
	return b.String()
}

func decodeReferences(raw string) string {
	if strings.IndexByte(raw, '&') < 0 {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		if raw[i] == '&' {
			if s, n := unreference(raw[i:]); n > 0 {
				b.WriteString(s)
				i += n
				continue
			}
		}
		b.WriteByte(raw[i])
		i++
	}
	return b.String()
}
