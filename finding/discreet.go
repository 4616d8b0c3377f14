package finding

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// Discreet is a text of a report without anything in it that may be a credential: names come into evidence as they are
// written, and a token can be the key of a table, or what follows the last dot of one.
func Discreet(text string) string {
	if len(text) < 40 {
		return text
	}
	text = replace(replace(text, rules.AppendCredentials), rules.AppendBareHex)
	// What is left may be a token whose scope was cut off, or an encoded one.
	return eachWord(text, looksRandom)
}

// DiscreetName is Discreet for the name of a file, a repository or a branch, which has to be found again: a digest that
// says what it is stays, and so does a long name without a token in it.
func DiscreetName(name string) string {
	if len(name) < 40 {
		return name
	}
	name = replace(name, func(dst []rules.Credential, text []byte) []rules.Credential {
		return slices.DeleteFunc(rules.AppendCredentials(dst, text), func(c rules.Credential) bool { return c.Default })
	})
	digests := namesDigests(name)
	if !digests {
		name = replace(name, rules.AppendBareHex)
	}
	return eachWord(name, func(word string) bool {
		return holdsEncoded(word) && !(digests && strings.Trim(word, "0123456789abcdef") == "")
	})
}

// namesDigests reports whether a name says that the digits in it are digests, or is where programs put such: the blobs and
// layers of a saved image.
func namesDigests(name string) bool {
	for _, mark := range []string{"sha256", "sha384", "digest", "layer.tar", "checksum"} {
		if strings.Contains(strings.ToLower(name), mark) {
			return true
		}
	}
	return false
}

// replace masks the credentials that find finds.
func replace(text string, find func([]rules.Credential, []byte) []rules.Credential) string {
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
	return b.String()
}

// eachWord masks the words of which hides is true.
func eachWord(text string, hides func(word string) bool) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && isWordByte(text[j]) {
			j++
		}
		if word := text[i:j]; hides(word) {
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

// holdsEncoded reports whether a word is a credential in Base64, in hexadecimal digits or backwards.
func holdsEncoded(word string) bool {
	if len(word) < 40 {
		return false
	}
	var texts [][]byte
	if text, err := hex.DecodeString(word); err == nil {
		texts = append(texts, text)
	}
	for skip := range 4 { // what stands before may have been cut off
		if text, err := base64.RawURLEncoding.DecodeString(standard(word[skip : len(word)-(len(word)-skip)%4])); err == nil {
			texts = append(texts, text)
		}
	}
	back := []byte(word)
	slices.Reverse(back)
	if len(rules.AppendBareHex(nil, back)) > 0 || strings.HasPrefix(word, "v2_") && len(word) > 30 {
		return true
	}
	for _, text := range texts {
		if len(rules.AppendCredentials(nil, text)) > 0 || longHex(text) {
			return true
		}
	}
	return false
}

// standard is Base64 in the alphabet of URLs.
func standard(word string) string { return strings.NewReplacer("+", "-", "/", "_").Replace(word) }

// longHex reports whether text holds a run of hexadecimal digits as long as a token's.
func longHex(text []byte) bool {
	n := 0
	for _, c := range text {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'f' {
			if n++; n >= 28 {
				return true
			}
		} else {
			n = 0
		}
	}
	return false
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
	if made := strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '_' }); len(made) > 3 && ofWords(made) {
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

// ofWords reports whether the parts of a name are words or numbers, each of them short and one of the two.
func ofWords(parts []string) bool {
	for _, p := range parts {
		letters := strings.TrimRight(p, "0123456789")
		if len(p) > 16 || len(p)-len(letters) > 8 || strings.ContainsAny(letters, "0123456789") {
			return false
		}
	}
	return true
}

// A DiscreetWriter writes lines of text for people, each made discreet. A line is written when it ends; Flush writes what
// has not ended yet.
type DiscreetWriter struct {
	To   io.Writer
	line []byte
}

// Write takes all of p, or returns the first error of the writer behind.
func (w *DiscreetWriter) Write(p []byte) (int, error) {
	w.line = append(w.line, p...)
	end := 0
	for i := len(w.line) - 1; i >= 0; i-- {
		if w.line[i] == '\n' {
			end = i + 1
			break
		}
	}
	if end > 0 {
		if _, err := io.WriteString(w.To, Discreet(string(w.line[:end]))); err != nil {
			return 0, err
		}
		w.line = w.line[:copy(w.line, w.line[end:])]
	}
	return len(p), nil
}

// Flush writes a line that has not ended.
func (w *DiscreetWriter) Flush() error {
	_, err := io.WriteString(w.To, Discreet(string(w.line)))
	w.line = nil
	return err
}
