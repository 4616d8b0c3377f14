package open

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A wideEncoding writes each character in two bytes or four; 0 is none.
type wideEncoding uint8

const (
	utf16LE wideEncoding = iota + 1
	utf16BE
	utf32LE
	utf32BE
)

// layer is what View.Layers calls the encoding.
func (enc wideEncoding) layer() string {
	if enc.width() == 4 {
		return "utf-32"
	}
	return "utf-16"
}

// width is the bytes of a unit: 2 or 4.
func (enc wideEncoding) width() int {
	if enc == utf32LE || enc == utf32BE {
		return 4
	}
	return 2
}

// unit is the value of the bytes at i.
func (enc wideEncoding) unit(text []byte, i int) rune {
	switch enc {
	case utf16LE:
		return rune(text[i]) | rune(text[i+1])<<8
	case utf16BE:
		return rune(text[i+1]) | rune(text[i])<<8
	case utf32LE:
		return rune(text[i]) | rune(text[i+1])<<8 | rune(text[i+2])<<16 | rune(text[i+3])<<24
	}
	return rune(text[i+3]) | rune(text[i+2])<<8 | rune(text[i+1])<<16 | rune(text[i])<<24
}

// sniffWide tells a text in UTF-16 or UTF-32 by its byte-order mark, or without one by its NUL bytes: text of the first
// 256 code points has them in every character, always at the same places. Binary files have them at all.
func sniffWide(text []byte) wideEncoding {
	if len(text) < 4 {
		return 0
	}
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(text, []byte("\x00\x00\xfe\xff")):
		return sniffUTF32(text)
	case text[0] == 0xff && text[1] == 0xfe:
		return utf16LE
	case text[0] == 0xfe && text[1] == 0xff:
		return utf16BE
	case text[0] != 0 && text[1] != 0:
		return 0
	}
	if enc := sniffUTF32(text); enc != 0 {
		return enc
	}
	return sniffUTF16(text)
}

// sniffUTF32 reports which UTF-32 the head of a text is: nearly all of its units are code points of text.
func sniffUTF32(text []byte) wideEncoding {
	head := text[:min(len(text), 512)&^3]
	var good [2]int
	for i := 0; i < len(head); i += 4 {
		for k, enc := range [2]wideEncoding{utf32LE, utf32BE} {
			if r := enc.unit(head, i); utf8.ValidRune(r) && (r >= 0x20 || r == '\t' || r == '\n' || r == '\r') {
				good[k]++
			}
		}
	}
	const few = 16 // one in this many may be anything
	units := len(head) / 4
	switch {
	case (units-good[0])*few <= units:
		return utf32LE
	case (units-good[1])*few <= units:
		return utf32BE
	}
	return 0
}

// sniffUTF16 reports which UTF-16 the head of a text is that has no mark.
func sniffUTF16(text []byte) wideEncoding {
	head := text[:min(len(text), 512)&^1]
	var zero [2]int
	odd := 0
	for i := 0; i < len(head); i += 2 {
		a, b := head[i], head[i+1]
		if a == 0 {
			zero[0]++
		}
		if b == 0 {
			zero[1]++
		}
		if c := a | b; c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			odd++ // a control character or NUL NUL
		}
	}
	pairs := len(head) / 2
	switch {
	case odd*16 > pairs:
		return 0
	case zero[1]*8 >= pairs*7 && zero[0]*16 <= pairs:
		return utf16LE
	case zero[0]*8 >= pairs*7 && zero[1]*16 <= pairs:
		return utf16BE
	}
	return 0
}

// appendNarrow appends text to dst as UTF-8, without its byte-order mark. Bytes at the end that are no whole character
// are left out.
func appendNarrow(dst, text []byte, enc wideEncoding) []byte {
	width := enc.width()
	i := 0
	if len(text) >= width && enc.unit(text, 0) == 0xfeff {
		i = width
	}
	for ; i+width <= len(text); i += width {
		r := enc.unit(text, i)
		switch {
		case r >= 0 && r < utf8.RuneSelf:
			dst = append(dst, byte(r))
			continue
		case width == 2 && utf16.IsSurrogate(r) && i+3 < len(text):
			if full := utf16.DecodeRune(r, enc.unit(text, i+2)); full != utf8.RuneError {
				r = full
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// A narrowReader reads a wide text as UTF-8.
type narrowReader struct {
	r    io.Reader
	enc  wideEncoding
	raw  []byte // read and not decoded: a part of a character
	out  []byte // decoded and not given away
	err  error
	room [32 << 10]byte
}

func newNarrowReader(r io.Reader, enc wideEncoding) *narrowReader {
	return &narrowReader{r: r, enc: enc}
}

func (u *narrowReader) Read(b []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n := copy(u.room[:], u.raw)
		m, err := u.r.Read(u.room[n:])
		n += m
		u.err = err
		whole := n - n%u.enc.width()
		// A pair of surrogates is not parted, except by the end.
		if high := whole - 2; err == nil && u.enc.width() == 2 && high >= 0 && u.isHigh(high) {
			whole = high
		}
		u.out = appendNarrow(u.out[:0], u.room[:whole], u.enc)
		u.raw = append(u.raw[:0], u.room[whole:n]...)
	}
	n := copy(b, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *narrowReader) isHigh(i int) bool {
	c := u.enc.unit(u.room[:], i) >> 8
	return c >= 0xd8 && c < 0xdc
}
