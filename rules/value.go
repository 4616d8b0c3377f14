package rules

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseValue reads one value that stands in a place which holds a token: the text of a literal, an entry of a list. It
// knows what AppendCredentials finds, and also what only its place makes a credential: text that an operator chose
// behind a scope, near misses of that, and bare hexadecimal digits. Blanks and quotes around the value and the scheme
// Bearer are skipped; Start and End say what was taken. Placeholders and references to a secret kept elsewhere are no
// credentials.
func ParseValue(text string) (Credential, bool) {
	start, end := trimValue(text)
	value := text[start:end]
	if len(value) > maxValue {
		return Credential{}, false
	}
	if c, ok := parseWhole(value); ok {
		c.Start, c.End = c.Start+start, c.End+start
		c.Weak = false // the place outweighs what the text looks like
		return c, true
	}
	if IsPlaceholder(value) {
		return Credential{}, false
	}
	c, ok := parseCustom(value)
	c.Start, c.End = start, end
	return c, ok
}

// maxValue is the longest text, in bytes, that is read as one value: twice the longest credential, for what may stand
// around one.
const maxValue = 2 * MaxLen

// ParsePretrusted is ParseValue in the one place, Edge's PRETRUSTED_TOKENS, that also takes SECRET@ENVIRONMENT.
func ParsePretrusted(text string) (Credential, bool) {
	if c, ok := ParseValue(text); ok {
		return c, true
	}
	start, end := trimValue(text)
	value := text[start:end]
	at := strings.LastIndexByte(value, '@')
	if at < 1 || len(value) > maxValue || !isNameText(value[at+1:]) || !isPlainText(value[:at]) ||
		IsPlaceholder(value[:at]) || IsPlaceholder(value) {
		return Credential{}, false
	}
	return Credential{
		Format: Custom, Secret: NewSecret(value, Custom), Kind: Unknown, Environment: value[at+1:],
		Start: start, End: end, Canonical: true, Example: isExample(value, value[:at]),
	}, true
}

// ParseClientKey is ParseValue in a place that holds a proxy client key, or that a frontend SDK reads its key from: any
// text without a blank that is no placeholder will do there.
func ParseClientKey(text string) (Credential, bool) {
	if c, ok := ParseValue(text); ok {
		return c, true
	}
	start, end := trimValue(text)
	value := text[start:end]
	if !isPlainText(value) || IsPlaceholder(value) || strings.Contains(value, "://") {
		return Credential{}, false
	}
	return Credential{
		Format: ClientKeyFormat, Secret: NewSecret(value, ClientKeyFormat), Kind: Unknown,
		Start: start, End: end, Canonical: true, Example: isExample(value, value),
	}, true
}

// trimValue is the range of text without the blanks and quotes around it, and without the scheme of an Authorization
// header.
func trimValue(text string) (start, end int) {
	end = len(text)
	for start < end {
		switch {
		case isBlank(text[start]) || isQuote[text[start]]:
			start++
		case isBlank(text[end-1]) || isQuote[text[end-1]]:
			end--
		case end-start > len("bearer ") && strings.EqualFold(text[start:start+len("bearer")], "bearer") &&
			isBlank(text[start+len("bearer")]):
			start += len("bearer ")
		default:
			return start, end
		}
	}
	return start, end
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// parseWhole reads what gives itself away by its digits: a credential that fills the value, else the first one in it.
func parseWhole(value string) (Credential, bool) {
	if len(value) < len("a:b."+defaultProject) && len(value) < v3HashLen && !strings.Contains(value, insecurePrefix) &&
		!strings.HasSuffix(value, defaultProject) && !strings.Contains(value, devHash) {
		return Credential{}, false
	}
	found := AppendCredentials(nil, []byte(value))
	for _, malformed := range []bool{false, true} {
		for _, c := range found {
			if c.Malformed == malformed {
				return c, true
			}
		}
	}
	switch len(value) {
	case v3HashLen, hashLen, docsHashLen:
		if all(value, &isHex) && !isUniform(value) {
			return legacy(value, 0), true
		}
	}
	return Credential{}, false
}

// parseCustom reads text that an operator chose, behind a scope whose separators may be wrong. The server cuts such a
// text at the first dot after the colon, and so does this: the random part may hold dots.
func parseCustom(value string) (Credential, bool) {
	c := Credential{Format: Custom, Kind: Unknown, Canonical: true, Secret: NewSecret(value, Custom)}
	colon := strings.IndexByte(value, ':')
	if colon < 1 || strings.Contains(value, "//") {
		return Credential{}, false
	}
	before, after := value[:colon], value[colon+1:]
	if before == "user" {
		return parseOddAccount(value, after)
	}
	var rest string
	switch trimmed := strings.TrimLeft(after, " "); {
	case isProject(before) && isScopeEnd(trimmed, '.') && !isSwapped(value):
		dot := strings.IndexByte(trimmed, '.')
		c.Project, c.Environment, rest = before, trimmed[:dot], trimmed[dot+1:]
		if trimmed != after {
			c.Malformed, c.Problem = true, "a blank after the colon"
		}
	case isProject(before) && isScopeEnd(after, ':'):
		next := strings.IndexByte(after, ':')
		c.Project, c.Environment, rest = before, after[:next], after[next+1:]
		c.Malformed, c.Problem = true, "a colon instead of the dot before the random part"
	default:
		dot := strings.LastIndexByte(before, '.')
		if dot < 1 || !isProject(before[:dot]) || !isNameText(before[dot+1:]) || isPort(after) {
			return Credential{}, false
		}
		c.Project, c.Environment, rest = before[:dot], before[dot+1:], after
		c.Malformed, c.Problem = true, "dot and colon have changed places"
	}
	if !isPlainText(rest) || isTemplate(rest) {
		return Credential{}, false
	}
	if c.Project == "*" && c.Environment == "*" {
		c.Kind = Admin
	}
	if hasDefaultPrefix(rest) {
		c.Default = true
		if c.Kind != Admin {
			c.Kind = defaultKind(rest)
		}
	}
	if b := readBody([]byte(rest)); b.what == hashBody {
		c.Format = Scoped
	} else if b.what == v2Body {
		c.Format = ScopedV2
	}
	c.Example = isExample(value, rest)
	return c, true
}

// parseOddAccount reads "user:" with something behind it that is not what a server writes.
func parseOddAccount(value, rest string) (Credential, bool) {
	const shortest = 16 // "user:cart", "user:1000" are not meant to be tokens
	if len(rest) < shortest || !all(rest, &isB64) {
		return Credential{}, false
	}
	return Credential{
		Format: Custom, Secret: NewSecret(value, Custom), Kind: Personal, Canonical: true, Malformed: true,
		Problem: strconv.Itoa(len(rest)) + " characters after user: that no server writes",
		Example: isExample(value, rest),
	}, true
}

// isSwapped reports whether value begins with all projects, or several, and a dot: the colon comes later, in the dot's
// place.
func isSwapped(value string) bool {
	return strings.HasPrefix(value, "*.") || strings.HasPrefix(value, "[].")
}

// isPort reports whether text is what follows the colon of a host: a port, maybe with a path.
func isPort(text string) bool {
	port, _, _ := strings.Cut(text, "/")
	return len(port) <= 5 && all(port, &isDigit)
}

// isScopeEnd reports whether text begins with an environment's name and the separator, with something after it.
func isScopeEnd(text string, separator byte) bool {
	i := strings.IndexByte(text, separator)
	return i > 0 && i < len(text)-1 && isNameText(text[:i])
}

func isProject(name string) bool { return name == "[]" || isNameText(name) }

func isNameText(name string) bool { return name != "" && len(name) <= maxName && all(name, &isName) }

// maxChosen is the longest text that an operator is believed to have chosen as a secret, in bytes.
const maxChosen = 200

// isPlainText reports whether text could be a secret that an operator chose: printable, in one piece, without what
// lists, templates, markup and code are made of.
func isPlainText(text string) bool {
	if text == "" || len(text) > maxChosen || !utf8.ValidString(text) {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune("\"'`,;<>{}()[]\\|", r)
	}) < 0
}

// isTemplate reports whether a random part has a format verb or a template's hole in it (VOCABULARY, item 43).
func isTemplate(rest string) bool {
	if verb := strings.TrimLeft(rest, "%-+#0123456789. "); len(verb) == 1 && rest[0] == '%' && strings.Contains("svdqxX", verb) {
		return true // %056x
	}
	for i := 0; i+1 < len(rest); i++ {
		switch {
		case rest[i] == '%' && strings.IndexByte("svdqx@", rest[i+1]) >= 0 && (i+2 == len(rest) || !isAlnum[rest[i+2]]),
			rest[i] == '{', rest[i] == '$':
			return true
		}
	}
	return false
}
