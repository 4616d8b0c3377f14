package finding

import (
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// Discreet is a text of a report without anything in it that may be a credential: names come into evidence as they are
// written, and a token can be the key of a table, or what follows the last dot of one.
func Discreet(text string) string {
	if len(text) < 40 {
		return text
	}
	for _, find := range []func([]rules.Credential, []byte) []rules.Credential{rules.AppendCredentials,
		rules.AppendBareHex} {
		var b strings.Builder
		at := 0
		for _, c := range find(nil, []byte(text)) {
			if c.Start >= at {
				b.WriteString(text[at:c.Start])
				b.WriteString(c.Secret.String())
				at = c.End
			}
		}
		b.WriteString(text[at:])
		text = b.String()
	}
	// What is left of a token whose scope was cut off.
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && isWordByte(text[j]) {
			j++
		}
		if word := text[i:j]; looksRandom(word) {
			b.WriteString("…")
		} else {
			b.WriteString(word)
		}
		if j < len(text) {
			b.WriteByte(text[j])
		}
		i = j + 1
	}
	return b.String()
}

// Discreet is the finding with its words made so.
func (f Finding) Discreet() Finding {
	f.Message = Discreet(f.Message)
	if f.Listing != nil { // people may call a token by its own text
		l := *f.Listing
		l.Name, l.Owner = Discreet(l.Name), Discreet(l.Owner)
		f.Listing = &l
	}
	for _, list := range [][]Place{f.Evidence, f.Related} {
		for i := range list {
			list[i].Text = Discreet(list[i].Text)
		}
	}
	return f
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// looksRandom reports whether a word has no words in it: 40 and more characters of which many are digits, or the body
// of a v2 token.
func looksRandom(word string) bool {
	if strings.HasPrefix(word, "v2_") && len(word) > 30 {
		return true
	}
	const objectID = 40 // hexadecimal digits, of which no token has as many
	if len(word) < objectID || len(word) == objectID && strings.Trim(word, "0123456789abcdef") == "" {
		return false
	}
	digits, lower, upper := 0, 0, 0
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z':
			lower++
		case c >= 'A' && c <= 'Z':
			upper++
		}
	}
	// Base64 has fewer digits than hexadecimal text, and letters of both cases.
	return digits >= len(word)/6 || digits > 0 && lower > len(word)/8 && upper > len(word)/8
}
