package open

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A jsonReader walks over JSON text, told or asked where its keys stand. It keeps offsets, which encoding/json does not
// give for the insides of strings, builds no values, and goes on behind whatever is broken.
type jsonReader struct {
	text   []byte
	at     int
	depth  int
	onOpen func(depth int) // called with the new depth where an object begins
}

// each calls f with every key and its depth, the reader standing on the key's value. f reports whether it read the
// value.
func (r *jsonReader) each(f func(key string, depth int) bool) {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case '{', '[':
			r.at++
			r.depth++
			if c == '{' && r.onOpen != nil {
				r.onOpen(r.depth)
			}
		case '}', ']':
			r.at++
			r.depth--
		case '"':
			s := r.string()
			r.blanks()
			if r.at < len(r.text) && r.text[r.at] == ':' {
				r.at++
				r.blanks()
				// A key with an escape in it is none that anybody asks for.
				f(string(r.text[s.start:s.end]), r.depth)
			}
		default:
			r.at++
		}
	}
}

func (r *jsonReader) blanks() {
	for r.at < len(r.text) && (r.text[r.at] == ' ' || r.text[r.at] == '\n' || r.text[r.at] == '\r' ||
		r.text[r.at] == '\t') {
		r.at++
	}
}

// string is the inside of the string that begins here; the reader then stands behind it.
func (r *jsonReader) string() span {
	start := r.at + 1
	for i := start; ; {
		n := bytes.IndexByte(r.text[i:], '"')
		if n < 0 {
			r.at = len(r.text)
			return span{min(start, len(r.text)), len(r.text)}
		}
		i += n
		slashes := 0
		for i-slashes > start && r.text[i-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			r.at = i + 1
			return span{start, i}
		}
		i++
	}
}

// strings are the strings of the list, or the one string, that begins here. Anything else in the list counts as an
// empty string.
func (r *jsonReader) strings() []span {
	if r.at >= len(r.text) {
		return nil
	}
	if r.text[r.at] == '"' {
		return []span{r.string()}
	}
	if r.text[r.at] != '[' {
		return nil
	}
	r.at++
	var list []span
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case '"':
			list = append(list, r.string())
		case 'n': // null
			list = append(list, span{r.at, r.at})
			r.at++
		case ']':
			r.at++
			return list
		case '{', '[':
			return list
		default:
			r.at++
		}
	}
	return list
}

// text1 is the text of the string that begins here, "" if none does.
func (r *jsonReader) text1() string {
	if r.at >= len(r.text) || r.text[r.at] != '"' {
		return ""
	}
	s := r.string()
	return string(unquoteJSON(nil, r.text[s.start:s.end], nil))
}

// unquoteJSON appends the text that the inside of a JSON string stands for. note is told where the decoded text (an
// offset in dst) goes on from which offset of raw. What is no escape stays as it is.
func unquoteJSON(dst, raw []byte, note func(at, from int)) []byte {
	if note == nil {
		note = func(int, int) {}
	}
	note(len(dst), 0)
	for i := 0; i < len(raw); {
		n := bytes.IndexByte(raw[i:], '\\')
		if n < 0 || i+n+1 >= len(raw) {
			return append(dst, raw[i:]...)
		}
		dst = append(dst, raw[i:i+n]...)
		i += n
		note(len(dst), i)
		size := 2
		switch c := raw[i+1]; c {
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'u':
			r, used := unicodeEscape(raw[i:])
			if used == 0 {
				dst = append(dst, '\\')
				size = 1
				break
			}
			dst = utf8.AppendRune(dst, r)
			size = used
		default:
			dst = append(dst, c)
		}
		i += size
		note(len(dst), i)
	}
	return dst
}

// unicodeEscape is the code point of a \uXXXX that text begins with, two of them for a pair of surrogates, and its
// length.
func unicodeEscape(text []byte) (r rune, size int) {
	unit := func(i int) (rune, bool) {
		if i+6 > len(text) || text[i] != '\\' || text[i+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 32)
		return rune(n), err == nil
	}
	r, ok := unit(0)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := unit(6); ok {
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				return full, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}
