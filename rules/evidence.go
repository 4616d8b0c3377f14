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
	switch name := strings.ToLower(string(scheme)); name {
	case "ws", "wss", "":
		return false
	default: // git+https, and what stands before a URL without a blank, are HTTP too
		return !strings.HasSuffix(name, "http") && !strings.HasSuffix(name, "https")
	}
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

// isImage reports whether a token reads as a container image with its tag: behind the word image, FROM, a registry's host,
// or as an argument of a container tool. A slash alone says nothing: a token may stand in a path.
func isImage(text []byte, c *Credential) bool {
	if c.Project != strings.ToLower(c.Project) {
		return false
	}
	before := strings.ToLower(string(lineBefore(text, c.Start)))
	at := len(before)
	for at > 0 && !strings.ContainsRune(" \t\"'`=,;()[]{}<>|", rune(before[at-1])) {
		at--
	}
	path := before[at:] // the folders before the name
	segment := strings.TrimSuffix(path, "/")
	segment = segment[strings.LastIndexByte(segment, '/')+1:]
	if strings.Contains(segment, "token") || path != "" && !strings.HasSuffix(path, "/") {
		return false // /api/admin/api-tokens/TOKEN
	}
	if scheme, _, ok := strings.Cut(path, "://"); ok {
		return scheme == "docker" || scheme == "oci" || scheme == "docker-image" || scheme == "containers-storage"
	}
	host, _, _ := strings.Cut(path, "/")
	if isRegistry(host) {
		return true
	}
	label := strings.TrimRight(before[:at], " \t\"'`")
	key := strings.TrimRight(label, " \t\"'`:=")
	if strings.HasSuffix(key, "image") && key != label {
		return true
	}
	words := strings.Fields(before[:at])
	if path != "" && strings.ContainsRune("/$.", rune(path[0])) {
		return false
	}
	return len(words) > 0 && (words[0] == "from" && !strings.Contains(label, ":") || takesImage(words))
}

// isRegistry reports whether a word is the host of a registry: it has a dot in it or a port behind it, as image names
// have it.
func isRegistry(word string) bool {
	host, port, hasPort := strings.Cut(word, ":")
	if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || host[0] == '.' || host[0] == '-' {
		return false
	}
	if hasPort {
		return port != "" && strings.Trim(port, "0123456789") == ""
	}
	return host == "localhost" || strings.Contains(strings.Trim(host, "."), ".")
}

// takesImage reports whether the words before an argument are a container tool's command that takes an image there, and
// not the value of another option.
func takesImage(words []string) bool {
	last := words[len(words)-1]
	switch last {
	case "-t", "--tag", "--rm", "-d", "-it":
	default:
		if strings.HasPrefix(last, "-") || strings.HasSuffix(last, "=") {
			return false
		}
	}
	for _, w := range words {
		switch w[strings.LastIndexByte(w, '/')+1:] {
		case "docker", "podman", "nerdctl", "buildah", "skopeo", "crane", "crictl", "ctr", "oras", "cosign", "kaniko", "trivy",
			"syft", "grype", "kind", "minikube":
			return true
		}
	}
	return false
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
