// Package linehash computes the hash of a line by which GitHub's code scanning follows a finding when lines above it
// come and go (primaryLocationLineHash). It knows the algorithm and nothing else.
//
// A hash is a rolling polynomial over the next 100 characters from the line's beginning, blanks left out, so that it
// changes with the line and what closely follows it. Lines of equal hashes are numbered in their order.
package linehash

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Window is how many characters a hash covers, blanks left out.
const Window = 100

const (
	base     = 37
	endOfAll = 0xFFFF // stands behind the text's last character
)

// dropped is base to the power of window, modulo 2^64: what the oldest character of the window still weighs when it
// leaves.
var dropped = func() uint64 {
	p := uint64(1)
	for range Window {
		p *= base
	}
	return p
}()

// Hashes are the hashes of the wanted lines of a text, counted from 1, written "hex:n". A line that the text does not
// have is left out. The text is read once, however many lines are wanted, and no farther than the last of them needs.
func Hashes(text []byte, lines []int) map[int]string {
	want := slices.Clone(lines)
	slices.Sort(want)
	want = slices.DeleteFunc(slices.Compact(want), func(line int) bool { return line < 1 })
	h := &hasher{want: want, found: make(map[int]string, len(want)), seen: map[uint64]int{}}
	h.read(text)
	return h.found
}

type hasher struct {
	want  []int // still wanted, ascending
	found map[int]string
	seen  map[uint64]int // how often each hash came up

	ring  [Window]uint64
	at    int // where the ring's oldest character stands
	hash  uint64
	line  int
	start bool // the next character begins a line
	// pending are the lines whose window is not full yet: each with the number of the character that began it.
	pending []pending
	count   int // characters read
}

type pending struct{ line, begun int }

func (h *hasher) read(text []byte) {
	h.start, h.line = true, 1
	cr := false
	units(text, func(u uint16) bool {
		if len(h.want) == 0 {
			return false
		}
		if u == ' ' || u == '\t' || u == '\n' && cr {
			cr = false
			return true
		}
		cr = u == '\r'
		if cr {
			u = '\n'
		}
		h.unit(uint64(u))
		if u == '\n' {
			h.line++
			h.start = true
		}
		return true
	})
	h.unit(endOfAll)
	h.start = false
	for range Window {
		h.roll(0)
	}
}

func (h *hasher) unit(u uint64) {
	if h.start {
		h.start = false
		h.pending = append(h.pending, pending{h.line, h.count})
	}
	h.roll(u)
}

// roll takes the next character into the window, and settles the line whose window it fills.
func (h *hasher) roll(u uint64) {
	old := h.ring[h.at]
	// The line that began with the character that leaves now has been seen whole.
	if len(h.pending) > 0 && h.count-h.pending[0].begun == Window {
		h.settle(h.pending[0].line)
		h.pending = h.pending[1:]
	}
	h.ring[h.at] = u
	h.at = (h.at + 1) % Window
	h.hash = base*h.hash + u - dropped*old
	h.count++
}

func (h *hasher) settle(line int) {
	h.seen[h.hash]++
	if len(h.want) > 0 && h.want[0] == line {
		h.found[line] = strconv.FormatUint(h.hash, 16) + ":" + strconv.Itoa(h.seen[h.hash])
		h.want = h.want[1:]
	}
}

// units calls f with each UTF-16 code unit of a UTF-8 text, until it says no. What is not UTF-8 becomes one U+FFFD for
// each longest beginning of a character, as the WHATWG decoder has it, and not one for each byte. A leading byte-order
// mark counts as a character.
func units(text []byte, f func(uint16) bool) {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if !f(uint16(c)) {
				return
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n <= 1 {
			f(utf8.RuneError)
			i += broken(text[i:])
			continue
		}
		if r >= 0x10000 {
			r -= 0x10000
			f(uint16(0xD800 + r>>10))
			f(uint16(0xDC00 + r&0x3FF))
		} else {
			f(uint16(r))
		}
		i += n
	}
}

// broken is the length of the longest beginning of a character that is not one, at least 1.
func broken(b []byte) int {
	low, high := byte(0x80), byte(0xBF) // of the second byte
	need := 0
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	for ; n <= need && n < len(b) && b[n] >= low && b[n] <= high; n++ {
		low, high = 0x80, 0xBF
	}
	return n
}
