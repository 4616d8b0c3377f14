package open

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// binaryHead is how much of a text is looked at for a NUL, which text has none of; git looks at as much.
const binaryHead = 8000

// wideWidths are the bytes in which programs keep a character: two on Windows and for .NET, four in C elsewhere.
var wideWidths = [...]int{2, 4}

// wide finds credentials whose characters stand in two bytes each, or four, in a binary file.
func (d *decoding) wide(more []Hit) []Hit {
	if d.depth > 0 || !d.stream && !IsBinary(d.text) {
		return more
	}
	for _, width := range wideWidths {
		more = d.wideOf(more, width)
	}
	return more
}

func (d *decoding) wideOf(more []Hit, width int) []Hit {
	text := d.text
	printable := func(i int) bool {
		return i >= 0 && isWide(text, i, width) && text[i] >= 0x20 && text[i] < 0x7f
	}
	for at := 0; ; {
		start, end := nextWideRun(text, at, width)
		if start < 0 {
			return more
		}
		low, high := start, end
		for printable(low-width) && start-low < width*escapeBefore {
			low -= width
		}
		for printable(high) && high-end < width*escapeBehind {
			high += width
		}
		narrow := make([]byte, 0, (high-low)/width)
		for k := low; k < high; k += width {
			narrow = append(narrow, text[k])
		}
		if d.spend(len(narrow)) {
			layer := "utf-16"
			if width == 4 {
				layer = "utf-32"
			}
			more = d.inner(more, narrow, []string{layer}, func(start, end int) (int, int) {
				return low + width*start, min(low+width*end, len(text))
			})
		}
		at = high
	}
}

// isWide reports whether the character at i is one byte and NULs behind it, as many as make the width.
func isWide(text []byte, i, width int) bool {
	if i+width > len(text) {
		return false
	}
	for _, c := range text[i+1 : i+width] {
		if c != 0 {
			return false
		}
	}
	return true
}

// nextWideRun finds, at or behind from, a run of at least MinRun digits with NULs behind each that make it width bytes;
// start is -1 without one.
func nextWideRun(text []byte, from, width int) (start, end int) {
	digit := func(i int) bool {
		return i >= from && isWide(text, i, width) && base64Value[text[i]] != 0xff
	}
	step := width * (MinRun - 2)
	for at := from + step; at < len(text); at += step {
		i := at
		for n := 1; n < width && text[i] == 0; n++ {
			i--
		}
		if !digit(i) {
			continue
		}
		start, end = i, i
		for digit(end) {
			end += width
		}
		for digit(start - width) {
			start -= width
		}
		// The last character of a text may lack its NULs.
		if end < len(text) && end+width > len(text) && base64Value[text[end]] != 0xff {
			end += width
		}
		if end-start >= width*MinRun {
			return start, end
		}
	}
	return -1, -1
}

// glued finds the credential whose random part begins the run text[start:end] in a binary file, where another string
// follows it without anything between: so programs of Go and Rust and bundles of bytecode hold their strings. Where it
// ends its form tells, and what its project is called only the most frequent name.
func (d *decoding) glued(more []Hit, start, end int) []Hit {
	text := d.text
	const v1Digits = 56
	if d.depth > 0 || start == 0 || text[start-1] != '.' && text[start-1] != ':' || !IsBinary(text) {
		return more
	}
	n := 0
	switch run := text[start:end]; {
	case len(run) > v2Digits && string(run[:3]) == "v2_" && run[3+22] == '_':
		n = v2Digits
	case len(run) > v1Digits && lowerHex(run[:v1Digits]) && !lowerHex(run):
		n = v1Digits
	default:
		return more
	}
	low := max(0, start-escapeBefore)
	piece := text[low : start+n]
	if !d.spend(len(piece)) {
		return more
	}
	d.creds = rules.AppendCredentials(d.creds[:0], piece)
	for _, c := range d.creds {
		if c.End != len(piece) {
			continue
		}
		if i := strings.LastIndex(c.Project, "default"); i > 0 && i+len("default") == len(c.Project) {
			return d.gluedDefault(more, low+c.Start+i, start+n)
		}
		c.Start, c.End = low+c.Start, low+c.End
		more = append(more, Hit{Credential: c, Start: c.Start, End: c.End})
	}
	return more
}

// gluedDefault is the credential text[start:end], whose project is default.
func (d *decoding) gluedDefault(more []Hit, start, end int) []Hit {
	d.creds = rules.AppendCredentials(d.creds[:0], d.text[start:end])
	for _, c := range d.creds {
		c.Start, c.End = c.Start+start, c.End+start
		more = append(more, Hit{Credential: c, Start: c.Start, End: c.End})
	}
	return more
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
		// What stands there as it is was found. But a name before it may have taken the digits of an escape for its
		// own.
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
