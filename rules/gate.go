package rules

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Mentions reports whether text has to do with Unleash: it names it, in any case, or has a setting that only Unleash's server
// and Edge have. Texts that do not are not worth reading for credentials that only their place tells.
func Mentions(text []byte) bool {
	for at := 0; ; {
		start, anchor := nextAnchor(text, at)
		if start < 0 {
			return false
		}
		if anchors[anchor].mention(text, start) {
			return true
		}
		at = start + 1
	}
}

const (
	insecurePrefix = "unleash-insecure-"
	defaultProject = "unleash-default-project-token"
	// devHash is the beginning of the random part of the admin token of Unleash's own development set-up.
	devHash    = "964a287"
	devHashLen = 32
)

// An anchor is a piece of text by which a pass over a text finds the few places that are worth a look.
type anchor struct {
	text    string // anchorLen bytes; as it is and, with fold, in any mix of cases
	fold    bool
	mention func(text []byte, start int) bool // whether text has to do with Unleash, given that the anchor stands at start
}

const anchorLen = 7

var anchors = [...]anchor{
	{"unleash", true, func([]byte, int) bool { return true }},
	{devHash, false, func(text []byte, start int) bool { return isDevHash(text, start) }},
	{"API_TOK", false, func(text []byte, start int) bool {
		return startsWith(text, start, "API_TOKENS") && bytes.Contains(text[max(0, start-len("INIT_FRONTEND_")):start], []byte("INIT_"))
	}},
	{"TRUSTED", false, func(text []byte, start int) bool {
		return startsWith(text, start, "TRUSTED_TOKENS") && bytes.HasSuffix(text[:start], []byte("PRE"))
	}},
	{"UPSTREA", false, func(text []byte, start int) bool { return startsWith(text, start, "UPSTREAM_URL") }},
}

func startsWith(text []byte, start int, s string) bool {
	return len(text)-start >= len(s) && string(text[start:start+len(s)]) == s
}

// anchorPairs says of two bytes at which offsets of any anchor they stand: bit k for offset k.
var anchorPairs = func() *[1 << 16]uint8 {
	pairs := new([1 << 16]uint8)
	set := func(a, b byte, k int) { pairs[uint(a)|uint(b)<<8] |= 1 << k }
	for _, a := range anchors {
		up := strings.ToUpper(a.text)
		for k := 0; k+1 < anchorLen; k++ {
			set(a.text[k], a.text[k+1], k)
			if a.fold {
				set(up[k], a.text[k+1], k)
				set(a.text[k], up[k+1], k)
				set(up[k], up[k+1], k)
			}
		}
	}
	return pairs
}()

// nextAnchor finds the first anchor at or after from: its offset and its index in anchors, or -1.
//
// Two bytes at every sixth offset meet each text of seven bytes exactly once. Few pairs of bytes belong to an anchor, so
// most steps are four loads and a branch that is never taken.
func nextAnchor(text []byte, from int) (start, which int) {
	const stride = anchorLen - 1
	pairs := anchorPairs
	at := from
	for ; at+3*stride+2 <= len(text); at += 4 * stride {
		b := text[at : at+3*stride+2]
		k0 := pairs[binary.LittleEndian.Uint16(b)]
		k1 := pairs[binary.LittleEndian.Uint16(b[stride:])]
		k2 := pairs[binary.LittleEndian.Uint16(b[2*stride:])]
		k3 := pairs[binary.LittleEndian.Uint16(b[3*stride:])]
		if k0|k1|k2|k3 == 0 {
			continue
		}
		for i, k := range [...]uint8{k0, k1, k2, k3} {
			if start, which := anchorAround(text, from, at+i*stride, k); start >= 0 {
				return start, which
			}
		}
	}
	for ; at+2 <= len(text); at += stride {
		if start, which := anchorAround(text, from, at, pairs[binary.LittleEndian.Uint16(text[at:])]); start >= 0 {
			return start, which
		}
	}
	return -1, -1
}

// anchorAround finds the first anchor that starts at at-k for a bit k of offsets, not before from.
func anchorAround(text []byte, from, at int, offsets uint8) (start, which int) {
	for k := anchorLen - 2; k >= 0 && offsets != 0; k-- {
		start := at - k
		if offsets&(1<<k) == 0 || start < from || start+anchorLen > len(text) {
			continue
		}
		for i := range anchors {
			if anchors[i].stands(text[start : start+anchorLen]) {
				return start, i
			}
		}
	}
	return -1, -1
}

func (a *anchor) stands(text []byte) bool {
	if !a.fold {
		return string(text) == a.text
	}
	for i := 0; i < anchorLen; i++ {
		if text[i]|0x20 != a.text[i] {
			return false
		}
	}
	return true
}

// appendDefaults appends the published defaults of text, and says whether text mentions Unleash if that is asked for.
func appendDefaults(dst []Credential, text []byte, mention bool) ([]Credential, bool) {
	mentioned := false
	for at := 0; ; {
		start, which := nextAnchor(text, at)
		if start < 0 {
			return dst, mentioned
		}
		at = start + 1
		if mention && !mentioned {
			mentioned = anchors[which].mention(text, start)
		}
		if start == 0 || (text[start-1] != '.' && text[start-1] != ':') {
			continue
		}
		if c, ok := parseDefault(text, start); ok {
			dst = append(dst, c)
		}
	}
}

// hasDefaultPrefix reports whether the text after a scope is a published default's.
func hasDefaultPrefix(rest string) bool {
	return strings.HasPrefix(rest, insecurePrefix) || rest == defaultProject
}

func isDevHash(text []byte, start int) bool {
	end := start
	for end < len(text) && end-start <= devHashLen && isB64[text[end]] {
		end++
	}
	return end-start == devHashLen && isPublished(string(text[start:end]))
}

// parseDefault reads a published default whose text after the scope begins at start.
func parseDefault(text []byte, start int) (Credential, bool) {
	end := start
	for end < len(text) && end-start < maxName && isB64[text[end]] {
		end++
	}
	marks := 0
	for end > start && text[end-1] == '_' {
		end--
		marks++
	}
	rest := string(text[start:end])
	switch {
	case rest == defaultProject:
	case strings.HasPrefix(rest, insecurePrefix) && len(rest) >= len(insecurePrefix)+3 && rest[len(rest)-1] != '-':
	case len(rest) == devHashLen && isPublished(rest):
	default:
		return Credential{}, false
	}
	p := tail{text: text, body: start, end: end}
	var c Credential
	ok := false
	if text[start-1] == '.' {
		c, ok = p.afterDot(body{})
	} else {
		c, ok = p.afterColon(body{what: hashBody})
	}
	if !ok || c.Format == Account || marks > 0 && !bytes.HasSuffix(text[:c.Start], bytes.Repeat([]byte("_"), marks)) || foreignURL(text, c.Start) {
		return Credential{}, false
	}
	c.Format, c.Default, c.End = Custom, true, end
	c.Secret = NewSecret(string(text[c.Start:end]), Custom)
	if c.Kind != Admin {
		c.Kind = defaultKind(rest)
	}
	return c, true
}

// defaultKind is the kind that the text of a published default states: its suffix is the only type it has.
func defaultKind(rest string) Kind {
	switch {
	case strings.Contains(rest, "frontend"):
		return Frontend
	case strings.Contains(rest, "admin"):
		return Admin
	case len(rest) == devHashLen:
		return Unknown
	}
	return Backend
}
