package scanner

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// binaryHead is how much of a text is looked at for a NUL, which text has none of; git looks at as much.
const binaryHead = 8000

// wide finds credentials whose characters stand in two bytes each in a binary file, as programs for .NET and Windows
// hold their texts.
func (d *decoding) wide(more []Hit) []Hit {
	text := d.text
	if d.depth > 0 || !d.stream && !isBinary(text) {
		return more
	}
	printable := func(i int) bool {
		return i >= 0 && i+1 < len(text) && text[i+1] == 0 && text[i] >= 0x20 && text[i] < 0x7f
	}
	for at := 0; ; {
		start, end := nextWideRun(text, at)
		if start < 0 {
			return more
		}
		low, high := start, end
		for printable(low-2) && start-low < 2*escapeBefore {
			low -= 2
		}
		for printable(high) && high-end < 2*escapeBehind {
			high += 2
		}
		narrow := make([]byte, 0, (high-low)/2)
		for k := low; k < high; k += 2 {
			narrow = append(narrow, text[k])
		}
		if d.spend(len(narrow)) {
			more = d.inner(more, narrow, []string{"utf-16"}, func(start, end int) (int, int) {
				return low + 2*start,
					min(low+2*end, len(text))
			})
		}
		at = high
	}
}

// nextWideRun finds, at or behind from, a run of at least minRun digits with a NUL behind each; start is -1 without
// one.
func nextWideRun(text []byte, from int) (start, end int) {
	digit := func(i int) bool {
		return i >= from && i+1 < len(text) && text[i+1] == 0 && base64Value[text[i]] != 0xff
	}
	const step = 2 * (minRun - 2)
	for at := from + step; at < len(text); at += step {
		i := at
		if text[i] == 0 {
			i--
		}
		if !digit(i) {
			continue
		}
		start, end = i, i
		for digit(end) {
			end += 2
		}
		for digit(start - 2) {
			start -= 2
		}
		// The last character of a text may be the last byte of all.
		if end == len(text)-1 && base64Value[text[end]] != 0xff {
			end += 2
		}
		if end-start >= 2*minRun {
			return start, end
		}
	}
	return -1, -1
}

// mailNames are the extensions of messages.
func mailNames(name string) bool {
	switch name {
	case ".eml", ".mbox", ".mbx", ".mht", ".mhtml", ".msg", ".vcf", ".ics":
		return true
	}
	return false
}

// isMail reports whether a text may be a message, and says that a part of it is quoted-printable: its lines are then
// broken within words.
func isMail(name string, text []byte) bool {
	head := text[:min(len(text), 64<<10)]
	if !mailNames(strings.ToLower(path.Ext(name))) {
		begins := false
		for _, h := range [...]string{"From ", "From:", "Return-Path:", "Received:", "Delivered-To:", "MIME-Version:",
			"Message-ID:", "Message-Id:", "Date:", "Subject:", "X-"} {
			begins = begins || bytes.HasPrefix(head, []byte(h))
		}
		if !begins {
			return false
		}
	}
	return bytes.Contains(head, []byte("uoted-printable")) || bytes.Contains(head, []byte("QUOTED-PRINTABLE"))
}

// quotedPrintable finds the credentials of a message that are whole only when its broken lines are joined.
func (d *decoding) quotedPrintable(more []Hit) []Hit {
	if !d.mail || !d.spend(len(d.text)) {
		return more
	}
	text := d.text
	joined := make([]byte, 0, len(text))
	var jumps []jump
	for i := 0; i < len(text); {
		n := bytes.IndexByte(text[i:], '=')
		if n < 0 {
			n = len(text) - i
		}
		jumps = append(jumps, jump{len(joined), i})
		joined = append(joined, text[i:i+n]...)
		if i += n; i == len(text) {
			break
		}
		switch rest := text[i+1:]; {
		case bytes.HasPrefix(rest, []byte("\r\n")):
			i += 3
		case bytes.HasPrefix(rest, []byte("\n")):
			i += 2
		default:
			v, ok := hexNumber(text, i+1, 2)
			jumps = append(jumps, jump{len(joined), i})
			if !ok || bytes.ContainsAny(text[i+1:i+3], "abcdef") && v != '=' {
				joined = append(joined, '=')
				i++
				break
			}
			joined = append(joined, byte(v))
			i += 3
		}
	}
	d.creds = rules.AppendCredentials(d.creds[:0], joined)
	for _, c := range d.creds {
		start, end := origin(jumps, c.Start), origin(jumps, c.End-1)+1
		// What stands there as it is was found. But a name before it may have taken the digits of an escape for its own.
		i, _ := slices.BinarySearchFunc(d.hits, start, func(h Hit, start int) int { return h.Start - start })
		if i < len(d.hits) && d.hits[i].Start == start && d.hits[i].End == end && d.hits[i].Secret == c.Secret {
			continue
		}
		inner, from, to := around(joined, c.Start, c.End, d.limits.InnerTextBytes)
		c.Start, c.End = from, to
		more = append(more, Hit{Credential: c, Start: start, End: end, Layers: []string{"quoted-printable"},
			Inner: slices.Clip(inner)})
	}
	return more
}
