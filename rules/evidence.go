package rules

import (
	"bytes"
	"strings"
)

// urlReach is how far left of a token the scheme of its URL is looked for, in bytes.
const urlReach = 256

// foreignURL reports whether text[:start] ends inside of a URL that is not of the web: a database's user-info or query,
// say.
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
func usualEnvironment(name string) bool {
	switch name {
	case "default", "development", "develop", "dev", "production", "prod", "live", "staging", "stage", "stg",
		"test", "testing", "qa", "uat", "preview", "preprod", "local", "integration", "int", "sandbox", "demo",
		"acceptance", "perf":
		return true
	}
	return false
}

// digestWord holds names that digests and what they are digests of have, and tokens' projects hardly.
func digestWord(name string) bool {
	switch name {
	case "cache", "caches", "sha1", "sha224", "sha256", "sha384", "sha512", "md5", "digest", "hash", "checksum",
		"etag", "key", "keys", "layer", "layers", "image", "blob", "deps", "oci", "docker", "integrity", "commit",
		"tree", "sum", "fingerprint", "chunk":
		return true
	}
	return false
}

// isWeak reports whether what stands around a well-formed token says that it is something else.
func isWeak(text []byte, c *Credential, body int) bool {
	before := lineBefore(text, c.Start)
	if c.Format == Account {
		return hasAnyWord(around(text, c.Start, c.End), "cache", "caches", "cached", "digest", "digests", "checksum", "sha224", "redis",
			"etag") &&
			!mentionsToken(before)
	}
	if c.Format != Scoped || c.Project == "*" || c.Project == "[]" {
		return false
	}
	usual := hasUsualWord(c.Environment)
	if digestWord(strings.ToLower(c.Project)) && !usual {
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
	word := before[bytes.LastIndexAny(before, " \t\"'`=(,")+1:]
	if n := len(word); n >= 2 && word[n-1] == '/' {
		scheme, rest, web := bytes.Cut(word, []byte("://"))
		if web && !bytes.EqualFold(scheme, []byte("docker")) && !bytes.EqualFold(scheme, []byte("oci")) {
			return false // a URL's path
		}
		if !web {
			rest = word
		}
		host, _, _ := bytes.Cut(rest, []byte("/"))
		if isHost(host) {
			return true // a registry
		}
	}
	if hasAnyWord(before, "docker", "podman", "nerdctl", "crictl", "skopeo", "buildah", "crane", "cosign", "kaniko") &&
		!mentionsToken(before) {
		return true // a container tool's command
	}
	label := strings.ToLower(strings.TrimRight(string(before), " \t\"'`"))
	return strings.HasSuffix(label, "image:") || strings.HasSuffix(label, "image=") || label == "from"
}

// isHost reports whether the first part of a path names a registry: it has a dot or a port, or is localhost.
func isHost(host []byte) bool {
	if len(host) == 0 || !isAlnum[host[0]] {
		return false
	}
	return bytes.IndexByte(host, '.') > 0 || bytes.IndexByte(host, ':') > 0 || string(host) == "localhost"
}

// around is the line before a token, what stands before it in its own line, and the rest of its sentence: where a text
// says what a digest is (VOCABULARY, item 14).
func around(text []byte, start, end int) []byte {
	lo := max(0, start-2*lineReach)
	before := text[lo:start]
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		if j := bytes.LastIndexByte(before[:i], '\n'); j >= 0 {
			before = before[j+1:]
		}
	}
	after := text[min(end, len(text)):min(len(text), end+lineReach)]
	if i := bytes.IndexAny(after, "\n.;"); i >= 0 {
		after = after[:i]
	}
	return append(append(append([]byte(nil), before...), ' '), after...)
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
		if usualEnvironment(word) {
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
		if digestWord(word) && word != "key" && word != "keys" || strings.HasPrefix(word, "sha") || strings.HasPrefix(word, "blake") {
			return true
		}
	}
	return label == "h1" || label == "zh" || label == "user"
}
