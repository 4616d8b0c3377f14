package open

import (
	"bytes"
	"slices"

	"github.com/unleaked/unleaked/rules"
)

// The most bytes of tags and names before the digits of a token that markup takes apart, and the longest tag.
const (
	longestMarkup = 4 << 10
	longestTag    = 1 << 10
)

// tagged finds the credential whose digits are the run text[start:end], where tags stand between it and what comes
// before: <b>default</b>:<b>production</b>.<code>…, and the runs of word/document.xml.
func (d *decoding) tagged(more []Hit, start, end int) []Hit {
	if start == 0 || d.text[start-1] != '>' || tokenDigits(d.text[start:end]) != end-start {
		return more
	}
	from := untagged(d.text, start)
	if len(from) == 0 {
		return more
	}
	for i := start; i < end; i++ {
		from = append(from, i)
	}
	if !d.spend(len(from)) {
		return more
	}
	inner := make([]byte, len(from))
	for i, at := range from {
		inner[i] = d.text[at]
	}
	d.creds = rules.AppendCredentials(d.creds[:0], inner)
	for _, c := range d.creds {
		if c.End == len(inner) {
			more = append(more, Hit{Credential: c, Start: from[c.Start], End: end, Layers: []string{"markup"},
				Inner: inner})
		}
	}
	return more
}

// untagged returns the offsets of the characters before the digits at start that can belong to their token, without
// the tags between them; nil where what stands before the tags is not the dot or the colon before a token's digits.
func untagged(text []byte, start int) []int {
	var from []int
	for i := start; i > 0 && start-i < longestMarkup; {
		c := text[i-1]
		switch {
		case c == '>':
			open := bytes.LastIndexByte(text[max(0, i-longestTag):i-1], '<')
			if open < 0 {
				return nil
			}
			i = max(0, i-longestTag) + open
			continue
		case len(from) == 0 && c != '.' && c != ':':
			return nil
		case !isTokenName[c] && c != ':' && c != '*' && c != '[' && c != ']':
			slices.Reverse(from)
			return from
		}
		i--
		from = append(from, i)
	}
	slices.Reverse(from)
	return from
}
