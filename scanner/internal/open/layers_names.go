package open

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// escapedV2 finds tokens of the second generation with escapes in their random part: Markdown written by editors has a
// backslash before each underscore, and that leaves no long run to begin with.
func (d *decoding) escapedV2(more []Hit) []Hit {
	text := d.text
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("v2"))
		if i < 0 {
			return more
		}
		start := at + i
		at = start + len("v2")
		end, escapes := v2End(text, start)
		if end > 0 && escapes > 0 {
			more = d.unescape(more, start, end)
			at = end
		}
	}
}

// v2End is the end of the random part of a token that begins at start, and how many of its characters are written as
// escapes; 0 if it is none.
func v2End(text []byte, start int) (end, escapes int) {
	i := start
	for n := range v2Digits {
		if i >= len(text) {
			return 0, 0
		}
		r, size := rune(text[i]), 1
		if base64Value[text[i]] == 0xff || r == '+' || r == '/' {
			if r, size, _ = readEscape(text[i:]); size == 0 || r != '_' && r != '-' {
				return 0, 0
			}
			escapes++
		}
		if (n == 2 || n == 3+22) && r != '_' {
			return 0, 0
		}
		i += size
	}
	return i, escapes
}

// doubledQuotes reads the names in a literal whose apostrophes are doubled, as SQL, YAML and CSV write one, as what
// they stand for.
func (d *decoding) doubledQuotes(more []Hit) []Hit {
	const double = "''"
	for _, h := range d.hits {
		if len(h.Layers) > 0 || !strings.Contains(h.Project, double) && !strings.Contains(h.Environment, double) {
			continue
		}
		written := d.text[h.Start:h.End]
		if h.End == len(d.text) || d.text[h.End] != '\'' || bytes.Count(written, []byte("'")) != 2*bytes.Count(written,
			[]byte(double)) {
			continue
		}
		low, high := nearLine(d.text, h.Start, h.End)
		read := bytes.ReplaceAll(written, []byte(double), []byte("'"))
		inner := slices.Concat(d.text[low:h.Start], read, d.text[h.End:high])
		if !d.spend(len(inner)) {
			return more
		}
		d.creds = rules.AppendCredentials(d.creds[:0], inner)
		for _, c := range d.creds {
			if c.Start == h.Start-low && c.End == c.Start+len(read) {
				more = append(more, Hit{Credential: c, Start: h.Start, End: h.End, Layers: []string{"quotes"},
					Inner: inner})
			}
		}
	}
	return more
}

// nearLine is the line, or the part of a long one, that holds text[start:end].
func nearLine(text []byte, start, end int) (low, high int) {
	low, high = max(0, start-escapeBefore), min(len(text), end+escapeBehind)
	if i := bytes.LastIndexByte(text[low:start], '\n'); i >= 0 {
		low += i + 1
	}
	if i := bytes.IndexByte(text[end:high], '\n'); i >= 0 {
		high = end + i
	}
	return low, high
}
