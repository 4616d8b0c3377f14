package lsp

import (
	"bytes"
	"unicode/utf8"
)

// An encoding is what a position's character counts: "utf-8" bytes, "utf-16" units or "utf-32" code points.
type encoding string

const (
	utf8Units  encoding = "utf-8"
	utf16Units encoding = "utf-16"
	utf32Units encoding = "utf-32"
)

// size is how many units the rune of n bytes is.
func (e encoding) size(r rune, n int) int {
	switch {
	case e == utf8Units:
		return n
	case e == utf16Units && r >= 0x10000:
		return 2
	}
	return 1
}

// lineEnd is the offset behind the line that begins at start, its end included.
func lineEnd(text []byte, start int) int {
	i := bytes.IndexAny(text[start:], "\r\n")
	switch {
	case i < 0:
		return len(text)
	case text[start+i] == '\r' && start+i+1 < len(text) && text[start+i+1] == '\n':
		return start + i + 2
	}
	return start + i + 1
}

// offset is where in text a position is. What lies behind a line's end is at the line's end, as the protocol has it.
func (e encoding) offset(text []byte, p position) int {
	start := 0
	for line := 0; line < p.Line; line++ {
		end := lineEnd(text, start)
		if end == len(text) && (end == start || !endsLine(text)) {
			return len(text)
		}
		start = end
	}
	end := start + len(bytes.TrimRight(text[start:lineEnd(text, start)], "\r\n"))
	at := start
	for units := 0; at < end && units < p.Character; {
		r, n := utf8.DecodeRune(text[at:end])
		units += e.size(r, n)
		at += n
	}
	return at
}

func endsLine(text []byte) bool {
	return len(text) > 0 && (text[len(text)-1] == '\n' || text[len(text)-1] == '\r')
}

// position is the place of the byte at offset.
func (e encoding) position(text []byte, offset int) position {
	p, start := position{}, 0
	for {
		end := lineEnd(text, start)
		if end > offset || end == len(text) && !(end == offset && end > start && endsLine(text)) {
			break
		}
		p.Line, start = p.Line+1, end
	}
	for at := start; at < offset; {
		r, n := utf8.DecodeRune(text[at:])
		p.Character += e.size(r, n)
		at += n
	}
	return p
}

// offsetOf is where in text the line and column of a finding are, both from 1, in lines that end in \n and in code points.
func offsetOf(text []byte, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	for ; column > 1 && at < len(text); column-- {
		_, n := utf8.DecodeRune(text[at:])
		at += n
	}
	return at
}
