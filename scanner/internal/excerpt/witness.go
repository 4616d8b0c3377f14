package excerpt

import (
	"encoding/base64"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// witnessed is how many characters of a secret in a row tell it.
const witnessed = 12

// A witness tells whether a text holds a part of a secret, as it is or in another spelling: encoded, backwards, with
// something between its characters.
type witness struct {
	secret string
	pieces map[string]bool // made when they are first needed
}

// tells reports whether text holds a part of the secret. What the secret's redacted form shows is none.
func (w *witness) tells(text string) bool {
	if len(w.secret) < witnessed || len(text) < witnessed {
		return false
	}
	if w.pieces == nil {
		w.prepare()
	}
	bare := keep(text, isSecretByte)
	for _, spelling := range []string{text, bare, strings.ToLower(bare), plainly(text)} {
		for i := 0; i+witnessed <= len(spelling); i++ {
			if w.pieces[spelling[i:i+witnessed]] {
				return true
			}
		}
	}
	return false
}

// prepare makes the pieces of all spellings that are told by their own characters.
func (w *witness) prepare() {
	w.pieces = map[string]bool{}
	secret := rules.HiddenPart(w.secret)
	add := func(text string) {
		for i := 0; i+witnessed <= len(text); i++ {
			w.pieces[text[i:i+witnessed]] = true
		}
	}
	back := []byte(secret)
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	for _, text := range []string{secret, keep(secret, isSecretByte), string(back)} {
		add(text)
		add(strings.ToLower(keep(text, isSecretByte)))
		add(hexOf(text))
		for skip := range 3 {
			// The first and the last characters also depend on what stands around the secret.
			if coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", skip) + text)); len(coded) > 8 {
				add(coded[4 : len(coded)-2])
				add(keep(coded[4:len(coded)-2], isSecretByte))
			}
		}
	}
}

func hexOf(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := range len(text) {
		b.WriteByte(digits[text[i]>>4])
		b.WriteByte(digits[text[i]&15])
	}
	return b.String()
}

func isSecretByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// keep is the bytes of text for which is holds.
func keep(text string, is func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if is(text[i]) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// plainly is text without the signs of escapes that are hexadecimal digits of a character: %61, \x61, \u0061, &#x61;.
func plainly(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		for _, lead := range []string{"%", `\x`, `\u00`, `\u{`, "&#x", "=", "U+00"} {
			if n := len(lead); strings.HasPrefix(rest, lead) && len(rest) >= n+2 {
				if c, ok := hexByte(rest[n], rest[n+1]); ok {
					b.WriteByte(c)
					i += n + 1
					if i+1 < len(text) && (text[i+1] == ';' || text[i+1] == '}') {
						i++
					}
					rest = ""
					break
				}
			}
		}
		if rest != "" {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func hexByte(a, b byte) (byte, bool) {
	high, low := strings.IndexByte("0123456789abcdef", a|0x20), strings.IndexByte("0123456789abcdef", b|0x20)
	return byte(high<<4 | low), high >= 0 && low >= 0
}
