package open

import (
	"bytes"

	"github.com/unleaked/unleaked/rules"
)

const (
	// leastSpelled is the escapes of the shortest token, a published default.
	leastSpelled = 32
	// longestSpelled is how far, in bytes, a token goes to either side of one of its characters: two names and the
	// digits, each character as the longest usual escape.
	longestSpelled = (2*longestName + v2Digits + 2) * len(`\u003a`)
	// The lengths, in bytes, of the escapes that tokens are spelled in: %3a and &#x003a;.
	shortestEscape = 3
	longestEscape  = 8
)

// spelled finds credentials of which every character is written as an escape: %64%65%66, &#100;&#101;, \x64\x65. No run
// of their digits is left to begin with.
func (d *decoding) spelled(more []Hit) []Hit {
	for at := 0; ; {
		start, end := nextSpelled(d.text, at)
		if start < 0 || !d.spend(end-start) {
			return more
		}
		at = end
		u := newUnescaped(d.text[start:end])
		u.decode()
		d.creds = rules.AppendCredentials(d.creds[:0], u.text)
		for _, c := range d.creds {
			from, to := start+u.from[c.Start], start+u.to[c.End-1]
			more = append(more, Hit{Credential: c, Start: from, End: to, Layers: u.kinds(nil, from-start, to-start),
				Inner: bytes.Clone(u.text)})
		}
	}
}

// nextSpelled finds the first chain of escapes in text[from:] that is long enough to be a token: escapes of one kind
// without a gap, each of them a character that tokens have; start is -1 without one. It looks at a few bytes of each
// block, for the beginning of an escape.
func nextSpelled(text []byte, from int) (start, end int) {
	const block = leastSpelled * shortestEscape
	for at := from; at+longestEscape <= len(text); at += block {
		for i, c := range text[at : at+longestEscape] {
			if !beginsEscape[c] {
				continue
			}
			if start, end = spelling(text, from, at+i); end-start >= block {
				return start, end
			}
			break
		}
	}
	return -1, -1
}

// beginsEscape are the characters that the escapes of spelled tokens begin with.
var beginsEscape = [256]bool{'%': true, '\\': true, '&': true}

// spelling is the chain of escapes around the one at i in text[from:], of which at most longestSpelled bytes to either
// side; empty if none stands there.
func spelling(text []byte, from, i int) (start, end int) {
	_, _, kind := readEscape(text[i:])
	step := func(j int) int {
		r, n, k := readEscape(text[j:])
		if n < shortestEscape || k != kind || r >= 0x80 || !isTokenName[r] && r != ':' && r != '*' && r != '[' && r != ']' {
			return 0
		}
		return n
	}
	start, end = i, i
	for n := step(end); n > 0 && end-i < longestSpelled; n = step(end) {
		end += n
	}
	if end == i {
		return i, i
	}
	for i-start < longestSpelled {
		n := shortestEscape
		for n <= longestEscape && n <= start-from && step(start-n) != n {
			n++
		}
		if n > longestEscape || n > start-from {
			break
		}
		start -= n
	}
	return start, end
}
