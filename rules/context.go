package rules

import (
	"bytes"
	"strings"
)

// isQuote holds what opens and closes literals.
var isQuote = classOf("\"'`")

// projectStart finds where the project begins whose name ends before the colon, for a token that ends at end. The alphabet of
// names has quotes, parentheses and stars, which around a token are more often its context: a name keeps them where they
// are balanced or stand inside of a literal, and gives them up at its beginning and where nothing closes them.
func projectStart(text []byte, colon, end int) (start int, ok bool) {
	hi, brackets := colon, false
	if hi >= 2 && text[hi-1] == ']' && text[hi-2] == '[' {
		hi, brackets = hi-2, true
	}
	lo, depth := hi, 0
	for lo > 0 && hi-lo <= maxName+8 && isName[text[lo-1]] {
		if text[lo-1] == '(' {
			if depth == 0 {
				break // opens something that the name does not close: a call, not a name
			}
			depth--
		} else if text[lo-1] == ')' {
			depth++
		}
		lo--
	}
	if depth > 0 {
		lo = afterUnopened(text, lo, hi)
	}
	lo = afterEscape(text, lo, hi)
	lo = afterQuote(text, lo, hi, end)
	lo = afterEmphasis(text, lo, hi, end, brackets)
	switch {
	case brackets && lo == hi:
		return hi, true
	case brackets || lo == hi || hi-lo > maxName:
		return 0, false
	case holdsRandom(text[lo:hi]):
		return 0, false
	}
	return lo, true
}

// afterUnopened is the offset after the last parenthesis of text[lo:hi] that closes nothing in it.
func afterUnopened(text []byte, lo, hi int) int {
	depth := 0
	for i := lo; i < hi; i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				lo, depth = i+1, 0
			}
		}
	}
	return lo
}

// afterEscape is the offset in text[lo:hi] after what belongs to an escape that begins before lo: \n, \u003d, \x3d, %3D,
// a terminal's colour, and the dash of a shell's ${NAME:-default} and ${NAME-default}.
func afterEscape(text []byte, lo, hi int) int {
	if lo == 0 || lo == hi {
		return lo
	}
	name := text[lo:hi]
	switch text[lo-1] {
	case '\\':
		switch {
		case name[0] == 'u' && len(name) >= 5 && all(name[1:5], &isUpHex):
			return lo + 5
		case name[0] == 'x' && len(name) >= 3 && all(name[1:3], &isUpHex):
			return lo + 3
		case bytes.IndexByte([]byte("nrtbfv0ae"), name[0]) >= 0:
			return lo + 1
		}
	case '%':
		if len(name) >= 2 && all(name[:2], &isUpHex) {
			return lo + 2
		}
	case '[', ';':
		i := 0
		for i < len(name) && name[i] >= '0' && name[i] <= '9' {
			i++
		}
		if i < len(name) && name[i] == 'm' && opensColour(text[max(0, lo-40):lo]) {
			return lo + i + 1
		}
	case ':':
		if name[0] == '-' && endsShellName(text[max(0, lo-1-2*maxName):lo-1]) {
			return lo + 1
		}
	case '{':
		if dash := bytes.IndexByte(name, '-'); dash > 0 && lo >= 2 && text[lo-2] == '$' {
			return lo + dash + 1
		}
	}
	return lo
}

// opensColour reports whether text ends in the beginning of a terminal's colour: escape, [, and numbers with semicolons,
// the escape itself or in one of the ways in which source code writes it.
func opensColour(text []byte) bool {
	i := len(text)
	for i > 0 && (text[i-1] == ';' || text[i-1] >= '0' && text[i-1] <= '9') {
		i--
	}
	if i == 0 || text[i-1] != '[' {
		return false
	}
	text = text[:i-1]
	for _, escape := range []string{"\x1b", `\x1b`, `\x1B`, `\033`, `\e`, `\u001b`, `\u001B`} {
		if bytes.HasSuffix(text, []byte(escape)) {
			return true
		}
	}
	return false
}

// endsShellName reports whether text ends in ${ and a variable's name.
func endsShellName(text []byte) bool {
	i := len(text)
	for i > 0 && (isAlnum[text[i-1]] || text[i-1] == '_') {
		i--
	}
	return i < len(text) && i >= 2 && text[i-1] == '{' && text[i-2] == '$'
}

// afterQuote is the offset in text[lo:hi] after the single quote that opens the literal which holds the token.
func afterQuote(text []byte, lo, hi, end int) int {
	if lo == hi {
		return lo
	}
	var before, after byte
	if lo > 0 {
		before = text[lo-1]
	}
	if end < len(text) {
		after = text[end]
	}
	if before == after && (before == '"' || before == '`') {
		return lo // the whole literal is the token: a quote in it is the name's
	}
	name := text[lo:hi]
	if n := literalPrefix(name); n > 0 {
		return lo + n
	}
	if name[0] == '\'' {
		for lo < hi && text[lo] == '\'' {
			lo++
		}
		return lo
	}
	if after == '\'' && bytes.Count(lineBefore(text, lo), []byte("'"))%2 == 0 {
		return lo + bytes.LastIndexByte(name, '\'') + 1
	}
	return lo
}

// literalPrefix is the length of b', rb', N' and their like at the beginning of text.
func literalPrefix(text []byte) int {
	quote := bytes.IndexByte(text[:min(len(text), 3)], '\'')
	if quote > 0 && strings.Trim(string(text[:quote]), "bBrRuUfFnNlL") == "" {
		return quote + 1
	}
	return 0
}

// afterEmphasis is the offset in text[lo:hi] after as many stars, underscores or tildes as follow the token: Markdown's
// emphasis, or a comment's end. A project that is a star remains one.
func afterEmphasis(text []byte, lo, hi, end int, brackets bool) int {
	if lo == hi || end >= len(text) || text[end] != text[lo] {
		return lo
	}
	mark := text[lo]
	if mark != '*' && mark != '_' && mark != '~' {
		return lo
	}
	last := hi
	if !brackets {
		last-- // something has to be left
	}
	for i := end; lo < last && i < len(text) && text[i] == mark && text[lo] == mark; i++ {
		lo++
	}
	return lo
}

// holdsRandom reports whether a name holds the random part of a token: then two tokens run together, and the name is none.
func holdsRandom(name []byte) bool {
	for at := 0; len(name)-at >= minHash; {
		start, end := nextRun(name, at, minHash, &isB64)
		if start < 0 {
			return false
		}
		if readBody(name[start:end]).what != notBody {
			return true
		}
		at = end
	}
	return false
}

// urlReach is how far left of a token the scheme of its URL is looked for, in bytes.
const urlReach = 256

// foreignURL reports whether text[:start] ends inside of a URL that is not of the web: a database's user-info or query, say.
func foreignURL(text []byte, start int) bool {
	lo := start
	for lo > 0 && start-lo < urlReach && isURL[text[lo-1]] {
		lo--
	}
	url := text[lo:start]
	at := bytes.LastIndex(url, []byte("://"))
	if at < 0 {
		return false
	}
	scheme := url[:at]
	for i := len(scheme); i > 0; i-- {
		if c := scheme[i-1]; !isAlnum[c] && c != '+' && c != '-' && c != '.' {
			scheme = scheme[i:]
			break
		}
	}
	switch strings.ToLower(string(scheme)) {
	case "http", "https", "ws", "wss", "":
		return false
	}
	return true
}

// isURL holds what a URL may be made of, but for the comma, the semicolon and the quote that more often end one.
var isURL = classOf(digits + letters + "-._~:/?#[]@!$&()*+=%{}")

// usualEnvironment holds names, and words in names, that environments have everywhere.
var usualEnvironment = map[string]bool{
	"default": true, "development": true, "develop": true, "dev": true, "production": true, "prod": true, "live": true,
	"staging": true, "stage": true, "stg": true, "test": true, "testing": true, "qa": true, "uat": true, "preview": true,
	"preprod": true, "local": true, "integration": true, "int": true, "sandbox": true, "demo": true, "acceptance": true,
	"perf": true,
}

// digestWord holds names that digests and what they are digests of have, and tokens' projects hardly.
var digestWord = map[string]bool{
	"cache": true, "caches": true, "sha1": true, "sha224": true, "sha256": true, "sha384": true, "sha512": true, "md5": true,
	"digest": true, "hash": true, "checksum": true, "etag": true, "key": true, "keys": true, "layer": true, "layers": true,
	"image": true, "blob": true, "deps": true, "oci": true, "docker": true, "integrity": true, "commit": true, "tree": true,
	"sum": true, "fingerprint": true, "chunk": true,
}

// isWeak reports whether what stands around a well-formed token says that it is something else.
func isWeak(text []byte, c *Credential, body int) bool {
	before := lineBefore(text, c.Start)
	if c.Format == Account {
		return hasAnyWord(before, "cache", "caches", "cached", "digest", "digests", "checksum", "sha224", "redis", "etag") &&
			!mentionsToken(before)
	}
	if c.Format != Scoped || c.Project == "*" || c.Project == "[]" {
		return false
	}
	usual := hasUsualWord(c.Environment)
	if digestWord[strings.ToLower(c.Project)] && !usual {
		return true
	}
	if isImage(text, c) {
		return true
	}
	// The documentation promises 64 digits and no server writes them; SHA-256 has 64 as well.
	return c.End-body == docsHashLen && !usual && c.Project != "default" && !mentionsToken(before)
}

// isImage reports whether a token reads as a container image with its tag: a path before the name, or the word image.
func isImage(text []byte, c *Credential) bool {
	if c.Project != strings.ToLower(c.Project) {
		return false
	}
	before := lineBefore(text, c.Start)
	if n := len(before); n >= 2 && before[n-1] == '/' && before[n-2] != '/' {
		segment := before[:n-1]
		segment = segment[bytes.LastIndexByte(segment, '/')+1:]
		return !bytes.Contains(bytes.ToLower(segment), []byte("token")) // /api/admin/api-tokens/TOKEN
	}
	label := strings.ToLower(strings.TrimRight(string(before), " \t\"'`"))
	return strings.HasSuffix(label, "image:") || strings.HasSuffix(label, "image=") || label == "from"
}

// lineReach is how much of the line before a token is read, in bytes.
const lineReach = 120

func lineBefore(text []byte, start int) []byte {
	line := text[max(0, start-lineReach):start]
	return line[bytes.LastIndexByte(line, '\n')+1:]
}

func mentionsToken(text []byte) bool {
	lower := bytes.ToLower(text)
	return bytes.Contains(lower, []byte("token")) || bytes.Contains(lower, []byte("nleash")) ||
		bytes.Contains(lower, []byte("authorization"))
}

func hasUsualWord(name string) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(name), notLetter) {
		if usualEnvironment[word] {
			return true
		}
	}
	return false
}

func notLetter(r rune) bool { return r < 'a' || r > 'z' }

func hasAnyWord(text []byte, words ...string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(string(text)), func(r rune) bool {
		return notLetter(r) && (r < '0' || r > '9')
	}) {
		for _, word := range words {
			if w == word {
				return true
			}
		}
	}
	return false
}

// isBare reports whether the run text[start:end] stands by itself: it is no part of a longer name, encoding or scope, and
// no word before it calls it a digest.
func isBare(text []byte, start, end int) bool {
	if end < len(text) && bytes.IndexByte([]byte("+/=~"), text[end]) >= 0 {
		return false
	}
	if start == 0 {
		return true
	}
	switch text[start-1] {
	case '.', '~', '*', '+', ']', '%', '#', '$':
		return false
	case ':', '=':
		label := text[max(0, start-1-maxName) : start-1]
		i := len(label)
		for i > 0 && (isB64[label[i-1]] || label[i-1] == '.') {
			i--
		}
		return !isDigestLabel(strings.ToLower(string(label[i:])))
	}
	return true
}

// isDigestLabel reports whether a label glued to a run of digits ("sha256:", "--hash=", "h1:", "user:") says that the run is a
// digest, or part of something else.
func isDigestLabel(label string) bool {
	for _, word := range strings.FieldsFunc(label, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		if digestWord[word] && word != "key" && word != "keys" || strings.HasPrefix(word, "sha") || strings.HasPrefix(word, "blake") {
			return true
		}
	}
	return label == "h1" || label == "zh" || label == "user"
}
