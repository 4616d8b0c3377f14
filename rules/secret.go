package rules

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"unique"
)

// Secret holds the text of a credential and never shows it by accident: every verb of fmt, every encoder and every
// log handler gets the redacted form. Only Reveal gives the text, so that is the one word to look for in a review.
//
// It is comparable: two secrets are equal when their texts are, wherever they were found. The zero value is empty.
type Secret struct {
	// A handle and not a string, because fmt prints the fields of a value without asking it where the verb is wrong
	// (%p).
	text unique.Handle[string]
}

// NewSecret wraps the text of a credential. The format is for the reader of the call: what is shown follows from the
// text alone, so that one text is one secret, however each of its places is read.
func NewSecret(text string, _ Format) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: unique.Make(text)}
}

// Reveal is the credential itself. Only a verifier, a comparison and a user who asked for it have business with it.
func (s Secret) Reveal() string {
	if s.IsZero() {
		return ""
	}
	return s.text.Value()
}

// IsZero reports whether there is no credential.
func (s Secret) IsZero() bool { return s == Secret{} }

// Len is the length of the text in bytes.
func (s Secret) Len() int { return len(s.Reveal()) }

// String is the redacted form: the scope, which says whom to ask, and of the random part the first and last four
// characters, which is enough to recognise a token in Unleash's user interface. Of text that an operator chose, or that
// has no shape that is known, nothing is shown: four of its characters could be half of it.
func (s Secret) String() string { return redact(s.Reveal()) }

// GoString is the redacted form too: %#v would print the fields.
func (s Secret) GoString() string { return s.String() }

// Format writes the redacted form whatever the verb, quoted for %q.
func (s Secret) Format(f fmt.State, verb rune) {
	shown := s.String()
	if verb == 'q' {
		shown = strconv.Quote(shown)
	}
	// A failed write to a fmt.State cannot be reported from here.
	_, _ = f.Write([]byte(shown))
}

// MarshalText writes the redacted form; encoders of JSON, YAML and XML use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is the redacted form.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

const ellipsis = "…"

// minRandom is the shortest random part of which the ends are shown.
const minRandom = 32

func redact(text string) string {
	if text == "" {
		return ""
	}
	scope, rest := splitScope(text)
	switch {
	case isV2([]byte(rest)):
		cut := len(v2Prefix) + selectorLen + 1
		return scope + rest[:cut] + ends(rest[cut:])
	case len(rest) >= minRandom && mostlyHex([]byte(rest)):
		return scope + ends(rest)
	case hasDefaultPrefix(rest) && scope != "":
		return scope + insecurePrefix + ellipsis
	}
	// Text that an operator chose may hold dots and colons itself, so only what stands before the first of each is a
	// scope.
	if !isScoped(text) || isSwapped(text) {
		return ellipsis
	}
	colon := strings.IndexByte(text, ':')
	return text[:colon+1+strings.IndexByte(text[colon:], '.')] + ellipsis
}

// HiddenPart is what String does not show of the text of a credential, but for the four characters at each end of a
// random part: the random part of a token, the second half of one of version 2, what follows the common beginning of
// a published default, all of any other text.
func HiddenPart(text string) string {
	_, rest := splitScope(text)
	if isV2([]byte(rest)) {
		return rest[len(v2Prefix)+selectorLen+1:]
	}
	if hasDefaultPrefix(rest) {
		return rest[len(insecurePrefix):]
	}
	return rest
}

func ends(random string) string { return random[:4] + ellipsis + random[len(random)-4:] }

// splitScope parts what is public of a credential's text, "project:environment." or "user:", from its random part. It
// takes near misses too (separators swapped, a blank after the colon) as far as names are names; else there is no
// scope.
func splitScope(text string) (scope, rest string) {
	cut := strings.LastIndexAny(text, ".:")
	if cut <= 0 {
		return "", text
	}
	scope, rest = text[:cut+1], text[cut+1:]
	if scope == accountPrefix {
		return scope, rest
	}
	separators := 0
	for i := 0; i < cut; i++ {
		switch c := text[i]; {
		case c == ':' || c == '.':
			separators++
		case isName[c], c == '[', c == ']', c == ' ':
		default:
			return "", text
		}
	}
	if separators == 0 || cut > 2*maxName+2 {
		return "", text
	}
	return scope, rest
}
