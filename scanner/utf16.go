package scanner

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// An encoding16 is one of the two byte orders of UTF-16; 0 is none.
type encoding16 uint8

const (
	utf16LE encoding16 = iota + 1
	utf16BE
)

// sniffUTF16 tells a text in UTF-16 by its byte-order mark, or without one by its NUL bytes: text of the first 256 code
// points has one in every pair, always in the same half. Binary files have them in both.
func sniffUTF16(text []byte) encoding16 {
	if len(text) < 4 {
		return 0
	}
	switch {
	case text[0] == 0xff && text[1] == 0xfe:
		if text[2] == 0 && text[3] == 0 {
			return 0 // UTF-32, or no text
		}
		return utf16LE
	case text[0] == 0xfe && text[1] == 0xff:
		return utf16BE
	case text[0] != 0 && text[1] != 0:
		return 0
	}
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

// appendUTF16 appends text to dst as UTF-8, without its byte-order mark. An odd byte at the end is left out.
func appendUTF16(dst, text []byte, enc encoding16) []byte {
	unit := func(i int) rune {
		if enc == utf16LE {
			return rune(text[i]) | rune(text[i+1])<<8
		}
		return rune(text[i+1]) | rune(text[i])<<8
	}
	i := 0
	if len(text) >= 2 && unit(0) == 0xfeff {
		i = 2
	}
	for ; i+1 < len(text); i += 2 {
		r := unit(i)
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
			continue
		case utf16.IsSurrogate(r) && i+3 < len(text):
			if full := utf16.DecodeRune(r, unit(i+2)); full != utf8.RuneError {
				r = full
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// A utf16Reader reads UTF-16 as UTF-8.
type utf16Reader struct {
	r    io.Reader
	enc  encoding16
	raw  []byte // read and not decoded: half a code point
	out  []byte // decoded and not given away
	err  error
	room [32 << 10]byte
}

func newUTF16Reader(r io.Reader, enc encoding16) *utf16Reader { return &utf16Reader{r: r, enc: enc} }

func (u *utf16Reader) Read(b []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n := copy(u.room[:], u.raw)
		m, err := u.r.Read(u.room[n:])
		n += m
		u.err = err
		whole := n &^ 1
		// A pair of surrogates is not parted, except by the end.
		if high := whole - 2; err == nil && high >= 0 && u.isHigh(high) {
			whole = high
		}
		u.out = appendUTF16(u.out[:0], u.room[:whole], u.enc)
		u.raw = append(u.raw[:0], u.room[whole:n]...)
	}
	n := copy(b, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) isHigh(i int) bool {
	c := u.room[i]
	if u.enc == utf16LE {
		c = u.room[i+1]
	}
	return c >= 0xd8 && c < 0xdc
}
