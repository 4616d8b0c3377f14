package rules

import (
	"bytes"
	"strings"
)

// MentionReach is how far away, in bytes, stands what Mentions needs of a text to say that it has to do with Unleash.
const MentionReach = 240

// Mentions reports whether text has to do with Unleash: it names it, in any case, asks its Frontend API, has a
// setting that only Unleash's server and Edge have, a row of the server's table of tokens, an object that may declare
// a token's type, or a comment that accepts a finding of a token. Texts that do not are not worth reading for credentials that only
// their place tells.
func Mentions(text []byte) bool {
	mentioned := false
	sweep(text, nil, func(start, which int) bool {
		mentioned = anchors[which].mention(text, start)
		return !mentioned
	})
	return mentioned
}

const (
	insecurePrefix = "unleash-insecure-"
	defaultProject = "unleash-default-project-token"
	// devHash is a piece of the random part of the admin token of Unleash's own development set-up, the one whose pairs
	// of digits are rarest in other text.
	devHash    = "cb5f4f3"
	devHashAt  = 13 // where in the random part it stands
	devHashLen = 32
)

// An anchor is a piece of text by which a pass over a text finds the few places that are worth a look.
type anchor struct {
	text string // anchorLen bytes; as it is and, with fold, in any mix of cases
	fold bool
	// whether text has to do with Unleash, given that the anchor stands at start
	mention func(text []byte, start int) bool
}

const anchorLen = 7

var anchors = [...]anchor{
	{"unleash", true, func([]byte, int) bool { return true }},
	{devHash, false, func(text []byte, start int) bool {
		return start >= devHashAt &&
			isDevHash(text, start-devHashAt)
	}},
	{"API_TOK", false, func(text []byte, start int) bool {
		return startsWith(text, start, "API_TOKENS") && bytes.Contains(text[max(0, start-len("INIT_FRONTEND_")):start],
			[]byte("INIT_"))
	}},
	{"api_tok", false, func(text []byte, start int) bool { return isTableOfTokens(text, start) }},
	{"nvironm", false, func(text []byte, start int) bool {
		return startsWith(text, start, "nvironment") && declaresNear(text, start)
	}},
	{"TRUSTED", false, func(text []byte, start int) bool {
		return startsWith(text, start, "TRUSTED_TOKENS") && bytes.HasSuffix(text[:start], []byte("PRE"))
	}},
	{"api/fro", false, func(text []byte, start int) bool { return startsWith(text, start, "api/frontend") }},
	{"t/featu", false, func(text []byte, start int) bool {
		return startsWith(text, start, "t/features") && bytes.HasSuffix(text[:start], []byte("clien"))
	}},
	// A comment that accepts a finding is told where it is of no use, in a text that has nothing else either.
	{"unleake", false, func(text []byte, start int) bool { return startsWith(text, start, "unleaked:ignore") }},
	{"UPSTREA", false, func(text []byte, start int) bool { return startsWith(text, start, "UPSTREAM_URL") }},
}

// MentionWords are texts of which one stands in every text that has to do with Unleash, in any case. Not every text
// with one has: Mentions tells.
func MentionWords() []string {
	var words []string
	for _, a := range anchors {
		words = append(words, a.text)
	}
	return words
}

// isTableOfTokens reports whether the server's table api_tokens is named at start.
func isTableOfTokens(text []byte, start int) bool {
	return startsWith(text, start, "api_tokens") && (start == 0 || !isB64[text[start-1]])
}

// declaresNear reports whether a secret and a type of token stand around start, where an environment is named
// (VOCABULARY, item 34).
func declaresNear(text []byte, start int) bool {
	around := text[max(0, start-MentionReach):min(len(text), start+MentionReach)]
	if !bytes.Contains(around, []byte("ecret")) && !bytes.Contains(around, []byte("oken")) ||
		!bytes.Contains(around, []byte("ype")) {
		return false
	}
	for _, word := range [...]string{"rontend", "lient", "ackend", "dmin", "FRONTEND", "CLIENT", "BACKEND", "ADMIN"} {
		if bytes.Contains(around, []byte(word)) {
			return true
		}
	}
	return false
}

// DefaultWords are texts of which one stands in every published default.
func DefaultWords() []string { return []string{insecurePrefix, defaultProject, devHash} }

func startsWith(text []byte, start int, s string) bool {
	return len(text)-start >= len(s) && string(text[start:start+len(s)]) == s
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
	if !ok || c.Format == Account || marks > 0 && !bytes.HasSuffix(text[:c.Start], bytes.Repeat([]byte("_"), marks)) ||
		foreignURL(text, c.Start) {
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
