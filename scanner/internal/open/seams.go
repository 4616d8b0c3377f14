package open

import (
	"bytes"
	"sort"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// Of a text that differs little from one without credentials only the differences need to be looked at. Whether there
// is a credential at a place depends on nothing farther away than Seam, and on the whole of an encoded text that it is
// in.
const Seam = rules.Overlap + escapeBefore

// IsSpecial reports whether a text is not what its bytes say one by one: an archive, or text in another encoding.
func IsSpecial(text []byte) bool {
	return sniff("", text) != noArchive || sniffWide(text) != 0 || hides(text)
}

// TellsNew reports whether there is a long run of digits in a span of a text that can be a token's, or hold one that
// has to be decoded. Most are the digests of lock files, which nothing that begins a token stands before, and which
// decode to nothing. changed is where the text differs from one without credentials.
func TellsNew(text []byte, span gitdb.Span, changed []gitdb.Span) bool {
	piece := text[span.Start:span.End]
	for at := 0; ; {
		start, end := nextBase64Run(piece, at)
		if start < 0 {
			start, _ = nextSpelled(piece, 0)
			return start >= 0
		}
		at = end
		start, end = start+span.Start, end+span.Start
		for start > 0 && base64Value[text[start-1]] != 0xff {
			start--
		}
		for end < len(text) && base64Value[text[end]] != 0xff {
			end++
		}
		if followsMark(text, start) {
			return true
		}
		// A run that was copied as it is was looked at in the text that it was copied from.
		i := sort.Search(len(changed), func(i int) bool { return changed[i].End >= start })
		if i < len(changed) && changed[i].Start <= end && mayDecode(text[start:end]) {
			return true
		}
		// What a line of an encoded text holds, the others may tell.
		if from, to, ok := lineBefore(text, start); ok && to-from >= MinRun {
			return true
		}
		if from, to, ok := lineAfter(text, end); ok && to-from >= MinRun {
			return true
		}
	}
}

// runTells reports whether the run text[start:end] can be a token's or hold one, by itself.
func runTells(text []byte, start, end int) bool {
	return followsMark(text, start) || mayDecode(text[start:end])
}

// followsMark reports whether what stands before the run that begins at start can stand before a token's digits, and
// the run can be those.
func followsMark(text []byte, start int) bool {
	if start > 0 && text[start-1] == '>' {
		return len(untagged(text, start)) > 0
	}
	return start > 0 && mayEndEscape[text[start-1]] && (text[start-1] == '\\' ||
		!bytes.ContainsAny(text[start:start+MinRun], "+/"))
}

// IsBinary reports whether a text may hold others in two bytes a character.
func IsBinary(text []byte) bool { return bytes.IndexByte(text[:min(len(text), binaryHead)], 0) >= 0 }

// TellsWide is Tells for what stands in two bytes or four a character.
func TellsWide(text []byte) bool {
	for _, width := range wideWidths {
		if start, _ := nextWideRun(text, 0, width); start >= 0 {
			return true
		}
	}
	return false
}

// Tells is TellsNew for a text that is read as a whole: each line is looked at.
func Tells(text []byte) bool {
	for at := 0; ; {
		start, end := nextBase64Run(text, at)
		if start < 0 {
			start, _ = nextSpelled(text, 0)
			return start >= 0
		}
		if runTells(text, start, end) {
			return true
		}
		at = end
	}
}

// Widen is spread, and on to where the text may be cut: with the whole of an encoded text that is touched.
func Widen(out []gitdb.Span, text []byte, changed []gitdb.Span, by int) []gitdb.Span {
	for _, c := range changed {
		if n := len(out); n > 0 && c.End+by <= out[n-1].End {
			continue
		}
		from, to := max(0, c.Start-by), widenOn(text, min(len(text), c.End+by))
		if n := len(out); n > 0 && from <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, to)
			continue
		}
		from = widenBack(text, from)
		for len(out) > 0 && from <= out[len(out)-1].End {
			from = min(from, out[len(out)-1].Start)
			to = max(to, out[len(out)-1].End)
			out = out[:len(out)-1]
		}
		out = append(out, gitdb.Span{Start: from, End: to})
	}
	return out
}

// widenBack goes back from at to where a text may be cut: in no run of digits that is long enough to be looked at, and
// behind no line of such digits.
func widenBack(text []byte, at int) int {
	for at > 0 {
		cut := at
		for cut > 0 && base64Value[text[cut-1]] != 0xff {
			cut--
		}
		if at-cut >= MinRun {
			at = max(0, cut-Seam)
			continue
		}
		low := max(0, at-Seam)
		line := bytes.LastIndexByte(text[low:at], '\n')
		if line < 0 {
			return cut
		}
		if at = low + line + 1; !encodedEnd(text[:at]) {
			return at
		}
		at--
	}
	return 0
}

// widenOn goes on from at to where a text may be cut.
func widenOn(text []byte, at int) int {
	for at < len(text) {
		cut := at
		for cut < len(text) && base64Value[text[cut]] != 0xff {
			cut++
		}
		if cut-at >= MinRun {
			at = min(len(text), cut+Seam)
			continue
		}
		line := bytes.IndexByte(text[at:min(len(text), at+Seam)], '\n')
		if line < 0 {
			return cut
		}
		if at += line; !encodedBegin(text[at+1:]) {
			return at
		}
		at++
	}
	return len(text)
}

// encodedEnd reports whether a long run of digits ends a text, but for blanks and the marks that follow Base64.
func encodedEnd(text []byte) bool {
	i := len(text)
	for i > 0 && bytes.IndexByte([]byte("\r\n\"'\\`<=,n"), text[i-1]) >= 0 && len(text)-i < 8 {
		i--
	}
	n := i
	for n > 0 && i-n < MinRun && base64Value[text[n-1]] != 0xff {
		n--
	}
	return i-n >= MinRun
}

// encodedBegin reports whether a long run of digits begins a text, but for indentation.
func encodedBegin(text []byte) bool {
	i := 0
	for i < len(text) && i < maxIndent && bytes.IndexByte([]byte(" \t\"'`"), text[i]) >= 0 {
		i++
	}
	n := i
	for n < len(text) && n-i < MinRun && base64Value[text[n]] != 0xff {
		n++
	}
	return n-i >= MinRun
}
