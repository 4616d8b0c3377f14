package rules

import (
	"bytes"
	"slices"
	"strconv"
)

// What AppendCredentials and AppendBareHex say of the bytes at an offset depends on nothing farther away than Overlap,
// so that a stream can be read in pieces: let each piece begin 2*Overlap before the end of the one before, and take
// from a piece only the credentials that start at least Overlap after its first byte (but for the first piece) and more
// than Overlap before its end (but for the last).
const (
	MaxLen  = 2*maxName + 2 + v2Len + 10 // no credential that is found is longer, in bytes
	Overlap = 1024
)

// AppendCredentials appends to dst the credentials that text gives away by itself, in the order of their starts, and
// returns the extended slice. It allocates nothing where it finds nothing.
//
// Well-formed scoped and account tokens, published defaults and documented examples are credentials wherever they
// stand. Those with Malformed set (a near miss) or Weak set (what stands around says cache, digest, image) are
// credentials only where a token belongs, which the caller has to know.
//
// Every such text but the published defaults holds a run of at least 54 bytes of one alphabet; sweep finds those
// without looking at each byte.
func AppendCredentials(dst []Credential, text []byte) []Credential {
	dst, _ = appendAll(dst, text, false)
	return dst
}

// Search is AppendCredentials and Mentions in one.
func Search(dst []Credential, text []byte) (found []Credential, mentioned bool) {
	return appendAll(dst, text, true)
}

func appendAll(dst []Credential, text []byte, mention bool) ([]Credential, bool) {
	first, mentioned, sorted := len(dst), !mention, true
	add := func(c Credential) {
		sorted = sorted && (len(dst) == first || dst[len(dst)-1].Start <= c.Start)
		dst = append(dst, c)
	}
	sweep(text, func(start, end int) {
		// A run without a separator before it, or too long to be anything, costs nothing more.
		if start > 0 && (text[start-1] == '.' || text[start-1] == ':') && end-start <= v2Len+8 {
			if c, ok := parseRun(text, start, end); ok {
				add(c)
			}
		}
	}, func(start, which int) bool {
		mentioned = mentioned || anchors[which].mention(text, start)
		if anchors[which].text == devHash {
			start -= devHashAt
		}
		if start > 0 && (text[start-1] == '.' || text[start-1] == ':') {
			if c, ok := parseDefault(text, start); ok {
				add(c)
			}
		}
		return true
	})
	if !sorted {
		slices.SortStableFunc(dst[first:], func(a, b Credential) int { return a.Start - b.Start })
	}
	return dst, mentioned
}

// AppendBareHex appends to dst the legacy tokens of text: runs of exactly 48, 56 or 64 lower-case hexadecimal digits
// that are no part of anything longer and not called a digest. Most such runs are digests all the same, so this is only
// for places where a token of Unleash belongs.
func AppendBareHex(dst []Credential, text []byte) []Credential {
	for at := 0; ; {
		start, end := nextRun(text, at, v3HashLen, &isB64)
		if start < 0 {
			return dst
		}
		at = end
		switch end - start {
		case v3HashLen, hashLen, docsHashLen:
		default:
			continue
		}
		if all(text[start:end], &isHex) && !isUniform(text[start:end]) && isBare(text, start, end) {
			dst = append(dst, legacy(string(text[start:end]), start))
		}
	}
}

func legacy(text string, start int) Credential {
	return Credential{
		Format: Legacy, Secret: NewSecret(text, Legacy), Kind: Unknown, Start: start, End: start + len(text),
		Canonical: true, Example: isExample(text, text),
	}
}

// nextRun finds the first maximal run of at least n bytes of the class in text[from:]. The byte before from must not
// belong to the class. Without a run, start is -1.
//
// It looks at the last byte that a run could have, and goes backwards from there: in ordinary text it meets a byte
// outside the class after a few steps, and no run can begin at or before that one. Every byte is looked at once at
// most.
func nextRun(text []byte, from, n int, c *class) (start, end int) {
	start = from
	seen := from // text[start:seen] is known to belong to the class
	for last := start + n - 1; last < len(text); last = start + n - 1 {
		i := last
		for i >= seen && c[text[i]] {
			i--
		}
		if i >= seen {
			seen = last + 1
			start = i + 1
			if i == last {
				seen = start
			}
			continue
		}
		end = last + 1
		for end < len(text) && c[text[end]] {
			end++
		}
		return start, end
	}
	return -1, -1
}

// parseRun reads a maximal run of base64url digits that stands after a dot or a colon as the random part of a token.
func parseRun(text []byte, start, end int) (Credential, bool) {
	body, marks := readBody(text[start:end]), 0
	if body.what == notBody || body.what >= nearHash {
		// Markdown's emphasis puts underscores around a token, and they belong to the alphabet of the run.
		for n := 1; n < 3 && text[end-n] == '_'; n++ {
			if b := readBody(text[start : end-n]); b.what != notBody && b.what < nearHash {
				body, marks = b, n
			}
		}
		end -= marks
	}
	if body.what == notBody || isUniformBody(text[start:end], body.what) {
		return Credential{}, false
	}
	p := tail{text: text, body: start, end: end}
	var c Credential
	ok := false
	if text[start-1] == '.' {
		c, ok = p.afterDot(body)
	} else {
		c, ok = p.afterColon(body)
	}
	if !ok || marks > 0 && !bytes.HasSuffix(text[:c.Start], []byte("__")[:marks]) || foreignURL(text, c.Start) {
		return Credential{}, false
	}
	c.End = end
	whole := string(text[c.Start:end])
	c.Secret = NewSecret(whole, c.Format)
	c.Example = isExample(whole, whole[start-c.Start:])
	c.Weak = !c.Malformed && isWeak(text, &c, start)
	return c, true
}

// The ways to read the random part of a token.
const (
	notBody = iota
	hashBody
	docsHashBody
	v2Body
	nearHash
	nearV2
)

type body struct {
	what    int
	problem string // of a near miss, in words
}

func readBody(run []byte) body {
	n := len(run)
	hex := n >= minHash && n <= docsHashLen && all(run, &isHex)
	switch {
	case hex && n == hashLen:
		return body{what: hashBody}
	case hex && n == docsHashLen:
		return body{what: docsHashBody}
	case isV2(run):
		return body{what: v2Body}
	case hex && n <= maxHash:
		return body{nearHash, strconv.Itoa(n) + " hexadecimal digits instead of " + strconv.Itoa(hashLen)}
	case n == hashLen && all(run, &isUpHex):
		return body{nearHash, "upper-case hexadecimal digits"}
	case n >= minHash && n <= maxHash && mostlyHex(run):
		return body{nearHash, "not only hexadecimal digits in the random part"}
	case n >= v2Len-3 && n <= v2Len+4 && string(run[:len(v2Prefix)]) == v2Prefix:
		return body{nearV2, "the random part of a v2 token has " + strconv.Itoa(v2Len-len(v2Prefix)-1) +
			" characters and one underscore between its halves"}
	}
	return body{}
}

// isUniformBody reports whether the random part is one character over and over. A v2 part of two such halves is one
// too.
func isUniformBody(run []byte, what int) bool {
	if what == v2Body {
		cut := len(v2Prefix) + selectorLen
		return isUniform(run[len(v2Prefix):cut]) && isUniform(run[cut+1:])
	}
	return isUniform(run)
}

// A tail is where the random part of a token stands: text[body:end], with a separator before it.
type tail struct {
	text      []byte
	body, end int
}

// afterDot reads "PROJECT:ENVIRONMENT." leftwards from the random part.
func (p tail) afterDot(b body) (Credential, bool) {
	text := p.text
	env := p.body - 1
	for env > 0 && isName[text[env-1]] && p.body-1-env <= maxName {
		env--
	}
	if n := p.body - 1 - env; n < 1 || n > maxName || env == 0 || randomEnd(text[env:p.body-1]) > 0 {
		return Credential{}, false
	}
	c := Credential{Format: Scoped, Kind: Unknown, Canonical: true, Environment: string(text[env : p.body-1])}
	colon := env - 1
	if blank := text[colon]; blank == ' ' && colon > 0 && text[colon-1] == ':' {
		c.Malformed, c.Problem = true, "a blank after the colon"
		colon--
	} else if blank != ':' {
		return Credential{}, false
	}
	start, ok := projectStart(text, colon, p.end)
	if !ok {
		return Credential{}, false
	}
	c.Start = start
	c.Project = string(text[start:colon])
	// "key: value.<hash>" is YAML; the slip is one where the blank stands inside of a literal, or after * or [].
	if c.Malformed && c.Project != "*" && c.Project != "[]" && (start == 0 || !isQuote[text[start-1]]) {
		return Credential{}, false
	}
	p.fill(&c, b)
	if c.Project == "user" {
		c.Malformed, c.Problem = true, "a project called user: servers take the token for a personal access token and refuse it"
	}
	return c, true
}

// afterColon reads "user:", or a near miss with its separators wrong, leftwards from the random part.
func (p tail) afterColon(b body) (Credential, bool) {
	text, colon := p.text, p.body-1
	start, ok := projectStart(text, colon, p.end)
	if !ok {
		return Credential{}, false
	}
	name := string(text[start:colon])
	c := Credential{Format: Scoped, Kind: Unknown, Canonical: true, Start: start}
	if name == "user" {
		c.Format, c.Kind = Account, Personal
		if b.what == docsHashBody {
			return Credential{}, false // the documentation promises 64 digits of API tokens only
		}
		p.fill(&c, b)
		return c, true
	}
	if b.what != hashBody && b.what != v2Body {
		return Credential{}, false
	}
	c.Malformed = true
	if start > 0 && text[start-1] == ':' {
		if outer, ok := projectStart(text, start-1, p.end); ok {
			c.Start, c.Project, c.Environment = outer, string(text[outer:start-1]), name
			c.Problem = "a colon instead of the dot before the random part"
			p.fill(&c, b)
			return c, true
		}
	}
	dot := bytes.LastIndexByte([]byte(name), '.')
	if dot < 1 || dot == len(name)-1 {
		return Credential{}, false
	}
	c.Project, c.Environment = name[:dot], name[dot+1:]
	c.Problem = "dot and colon have changed places"
	p.fill(&c, b)
	return c, true
}

// fill says of c what its random part and its scope say together.
func (p tail) fill(c *Credential, b body) {
	if c.Project == "*" && c.Environment == "*" {
		c.Kind = Admin
	}
	switch b.what {
	case v2Body:
		run := p.text[p.body:p.end]
		c.Canonical = isCanonicalV2(run)
		c.Selector = string(run[len(v2Prefix) : len(v2Prefix)+selectorLen])
		fallthrough
	case nearV2:
		if c.Format == Account {
			c.Format = AccountV2
		} else {
			c.Format = ScopedV2
		}
	}
	if b.problem != "" {
		c.Malformed = true
		if c.Problem != "" {
			c.Problem += ", "
		}
		c.Problem += b.problem
	}
}

// IsSelector reports whether text is the public half of a v2 token, which servers give in place of the whole.
func IsSelector(text string) bool { return len(text) == selectorLen && all(text, &isB64) }
