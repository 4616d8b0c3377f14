package rules

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

// Secret holds the text of a credential and never shows it by accident: every verb of fmt, every encoder and every
// log handler gets the redacted form. Only Reveal gives the text, so that is the one word to look for in a review.
//
// It is comparable, the zero value is empty, and two secrets of the same text and format are equal.
type Secret struct {
	text   string
	format Format
}

// NewSecret wraps the text of a credential written in this format.
func NewSecret(text string, format Format) Secret { return Secret{text: text, format: format} }

// Reveal is the credential itself. Nothing but a verifier and a comparison has any business with it.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether there is no credential.
func (s Secret) IsZero() bool { return s.text == "" }

// Len is the length of the text in bytes.
func (s Secret) Len() int { return len(s.text) }

// String is the redacted form.
func (s Secret) String() string { return redact(s.text, s.format) }

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

// MarshalText writes the redacted form; JSON, YAML and XML encoders use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is the redacted form.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

const ellipsis = "…"

func redact(text string, format Format) string {
	switch {
	case text == "":
		return ""
	case format == ClientKeyFormat:
		return ellipsis
	}
	scope, rest := splitScope(text)
	switch {
	case format == Custom && scope != "":
		return scope + ellipsis + " (" + strconv.Itoa(len(rest)) + " bytes)"
	case len(rest) >= 32:
		return scope + rest[:4] + ellipsis + rest[len(rest)-4:]
	}
	return scope + ellipsis
}

// splitScope parts "project:environment." or "user:" from what follows.
func splitScope(text string) (scope, rest string) {
	if rest, ok := strings.CutPrefix(text, "user:"); ok {
		return "user:", rest
	}
	colon := strings.IndexByte(text, ':')
	dot := strings.LastIndexByte(text, '.')
	if colon <= 0 || dot <= colon+1 {
		return "", text
	}
	return text[:dot+1], text[dot+1:]
}
