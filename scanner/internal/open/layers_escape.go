package open

import (
	"bytes"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/unleaked/unleaked/rules"
)

// How far around a token's digits an escape is looked for: names of 100 characters, each as %XX at worst before it, a
// quote behind.
const (
	escapeBefore = 640
	escapeBehind = 16
)

// isTokenName are the characters of a project's and an environment's name.
var isTokenName = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()") {
		is[c] = true
	}
	return is
}()

// escaped finds the credential whose digits are in the run text[start:end], where escapes stand before them.
func (d *decoding) escaped(more []Hit, start, end int) []Hit {
	// What stands right before the run turns nearly all of them away. + and / are no digits of a token: behind one
	// nothing begins.
	if start < 2 || !mayEndEscape[d.text[start-1]] || d.text[start-1] == ':' && d.text[start-2] != '\\' {
		return more
	}
	// What is left of %2525…253a, percent signs written as escapes over and over.
	first := start
	for d.text[start-1] == '%' && bytes.HasPrefix(d.text[first:end], []byte("2525")) {
		first += 2
	}
	run := d.text[first:min(end, first+maxDigits+1)]
	for i, c := range run {
		if c == '+' || c == '/' {
			run = run[:i]
			break
		}
	}
	if len(run) < MinRun {
		return more
	}
	if digits := tokenDigits(run); digits > 0 && d.behindEscape(start, first+len(run)-digits) {
		more = d.unescape(more, first+len(run)-digits, first+len(run))
	}
	return more
}

// mayEndEscape are the characters that stand before the digits of a token with an escape in it: the end of the escape,
// the beginning of one that ends in digits itself, or the dot behind the environment.
var mayEndEscape = func() (may [256]bool) {
	for _, c := range []byte(`%\=;:.}`) {
		may[c] = true
	}
	return may
}()

const (
	v2Digits    = 3 + 22 + 1 + 43 // v2_, 22, _, 43
	digitsSlack = 6               // of \u003a and %253a
	longestName = 100             // of a project or an environment
	maxDigits   = v2Digits + digitsSlack
)

// tokenDigits is how many bytes at the end of a run can be the random part of a token; 0 if none. What an escape ends
// with, as the 3a of %3a, may stand before them.
func tokenDigits(run []byte) int {
	if n := len(run); n >= v2Digits && n <= maxDigits && string(run[n-v2Digits:n-v2Digits+3]) == "v2_" {
		return v2Digits
	}
	for _, n := range [...]int{56, 64} {
		if len(run) >= n && len(run) <= n+digitsSlack && lowerHex(run[len(run)-n:]) {
			return n
		}
	}
	return 0
}

func lowerHex(text []byte) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// behindEscape reports whether an escape may stand between the beginning of a token and its digits, which begin at
// digits in a run that begins at run. It looks at a few bytes only: nearly all long runs of hexadecimal digits end
// here.
func (d *decoding) behindEscape(run, digits int) bool {
	text := d.text
	if run == 0 {
		return false
	}
	if run < digits {
		return text[run-1] == '%' || text[run-1] == '\\' || text[run-1] == '='
	}
	i := run - 1
	switch text[i] {
	case ';', '}':
		return true
	case ':':
		return i > 0 && text[i-1] == '\\'
	case '.':
	default:
		return false
	}
	for colons := 0; ; {
		// what an escape ends with stands before the name, and before that its first character
		low := max(0, i-longestName-digitsSlack-1)
		for i > low && isTokenName[text[i-1]] {
			i--
		}
		if i == 0 || i == low {
			return false
		}
		switch i--; text[i] {
		case '%', '\\', ';', '=', '}':
			return true
		case ':':
			if i > 0 && text[i-1] == '\\' {
				return true
			}
			if colons++; colons > 1 {
				return false
			}
		default:
			return false
		}
	}
}

// escapedDefaults finds published defaults with escapes before them.
func (d *decoding) escapedDefaults(more []Hit) []Hit {
	for _, word := range [...]string{"unleash-insecure-", "unleash-default-project-token"} {
		for at := 0; ; {
			i := bytes.Index(d.text[at:], []byte(word))
			if i < 0 {
				break
			}
			start := at + i
			at = start + len(word)
			for at < len(d.text) && base64Value[d.text[at]] != 0xff && d.text[at] != '/' && d.text[at] != '+' &&
				at-start < 100 {
				at++
			}
			if d.behindEscape(start, start) {
				more = d.unescape(more, start, at)
			}
		}
	}
	return more
}

// unescape decodes what stands around the digits text[start:end], once more as long as that gives no credential, and
// adds the one that holds them.
func (d *decoding) unescape(more []Hit, start, end int) []Hit {
	low, high := nearLine(d.text, start, end)
	u := newUnescaped(d.text[low:high])
	var passes []unescaped
	if low > 0 && bytes.HasPrefix(d.text[low-1:], []byte(`\\`)) {
		d.deep = true // the escape of an escape, and so on, is longer than what is looked at
	}
	for range mostPasses {
		if !d.spend(len(u.text)) || !u.decode() {
			return more
		}
		passes = append(passes, u.clone())
		d.creds = rules.AppendCredentials(d.creds[:0], u.text)
		for _, c := range d.creds {
			from, to := low+u.from[c.Start], low+u.to[c.End-1]
			if to != end || from > start {
				continue
			}
			var layers []string
			for _, p := range passes {
				layers = p.kinds(layers, from-low, to-low)
			}
			if len(layers) == 0 {
				return more // what had to be decoded is not in the credential: it was found as it stands
			}
			return append(more, Hit{Credential: c, Start: from, End: to, Layers: layers, Inner: slices.Clone(u.text)})
		}
	}
	return more
}

// mostPasses bounds how often escapes are undone. Each pass makes the text shorter, and a line is short.
const mostPasses = 64

// An escape is a piece of encoded text that stood for something else, in offsets of the text that decoding began with.
type escape struct {
	from, to int
	kind     string
}

// unescaped is a text in which escapes are decoded, with the origin of each byte.
type unescaped struct {
	text     []byte
	from, to []int // text[i] stands for the bytes from[i] to to[i] of the encoded text
	escapes  []escape
}

func newUnescaped(text []byte) *unescaped {
	u := &unescaped{text: slices.Clone(text), from: make([]int, len(text)), to: make([]int, len(text))}
	for i := range text {
		u.from[i], u.to[i] = i, i+1
	}
	return u
}

func (u *unescaped) clone() unescaped { return unescaped{escapes: u.escapes} }

// kinds appends the kinds of this pass's escapes within a range, each once, in the order of their appearance.
func (u *unescaped) kinds(layers []string, from, to int) []string {
	first := len(layers)
	for _, e := range u.escapes {
		if e.from >= from && e.to <= to && !slices.Contains(layers[first:], e.kind) {
			layers = append(layers, e.kind)
		}
	}
	return layers
}

// decode decodes every escape once, and reports whether there was one.
func (u *unescaped) decode() bool {
	var text []byte
	var from, to []int
	u.escapes = nil
	for i := 0; i < len(u.text); {
		r, size, kind := readEscape(u.text[i:])
		if size == 0 {
			text, from, to = append(text, u.text[i]), append(from, u.from[i]), append(to, u.to[i])
			i++
			continue
		}
		a, b := u.from[i], u.to[i+size-1]
		u.escapes = append(u.escapes, escape{a, b, kind})
		n := len(text)
		if kind == "percent" {
			text = append(text, byte(r)) // a byte, not a code point
		} else {
			text = utf8.AppendRune(text, r)
		}
		for ; n < len(text); n++ {
			from, to = append(from, a), append(to, b)
		}
		i += size
	}
	u.text, u.from, u.to = text, from, to
	return len(u.escapes) > 0
}

// readEscape reads the escape that text begins with: what it stands for, its length (0: it is none) and its kind.
func readEscape(text []byte) (r rune, size int, kind string) {
	if len(text) < 2 {
		return 0, 0, ""
	}
	switch text[0] {
	case '%':
		if v, ok := hexNumber(text, 1, 2); ok {
			return v, 3, "percent"
		}
	case '=':
		// Quoted-printable has upper-case digits; of those only what a token needs, for = is an ordinary character.
		if v, ok := hexNumber(text, 1, 2); ok && bytes.IndexByte([]byte(":[].*"), byte(v)) >= 0 {
			return v, 3, "quoted-printable"
		}
	case '&':
		if v, n := readEntity(text); n > 0 {
			return v, n, "html"
		}
	case '\\':
		if v, n := readBackslash(text); n > 0 {
			return v, n, "backslash"
		}
	}
	return 0, 0, ""
}

func hexNumber(text []byte, at, n int) (rune, bool) {
	if at+n > len(text) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[at:at+n]), 16, 32)
	return rune(v), err == nil
}

func readBackslash(text []byte) (rune, int) {
	switch c := text[1]; c {
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		if v, ok := hexNumber(text, 2, 4); ok {
			return v, 6
		}
		if i := bytes.IndexByte(text[:min(len(text), 12)], '}'); i > 3 && text[2] == '{' {
			if v, ok := hexNumber(text, 3, i-3); ok {
				return v, i + 1
			}
		}
	case 'U':
		if v, ok := hexNumber(text, 2, 8); ok {
			return v, 10
		}
	case 'x':
		if v, ok := hexNumber(text, 2, 2); ok {
			return v, 4
		}
	case '0', '1', '2', '3':
		if len(text) >= 4 {
			if v, err := strconv.ParseUint(string(text[1:4]), 8, 8); err == nil {
				return rune(v), 4
			}
		}
	case ':', '=', '/', '"', '\'', '\\', '.', '*', '[', ']', '-', '_', '!', '#', ' ', '`', '$', '(', ')', '~':
		return rune(c), 2
	}
	return 0, 0
}

var entities = sync.OnceValue(func() map[string]rune {
	return map[string]rune{
		"colon": ':', "ast": '*', "midast": '*', "lsqb": '[', "lbrack": '[', "rsqb": ']', "rbrack": ']',
		"period": '.', "quot": '"', "apos": '\'',
		"amp": '&', "lt": '<', "gt": '>', "nbsp": ' ', "lowbar": '_', "UnderBar": '_', "hyphen": '-',
		"dash": '-', "sol": '/', "equals": '=', "excl": '!', "lpar": '(', "rpar": ')',
		"Tab": '\t', "NewLine": '\n', "num": '#', "percnt": '%', "bsol": '\\',
	}
})

func readEntity(text []byte) (rune, int) {
	end := bytes.IndexByte(text[:min(len(text), 12)], ';')
	if end < 3 {
		return 0, 0
	}
	name := string(text[1:end])
	if r, ok := entities()[name]; ok {
		return r, end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	v, err := strconv.ParseUint(digits, base, 21)
	if err != nil || v > utf8.MaxRune {
		return 0, 0
	}
	return rune(v), end + 1
}
