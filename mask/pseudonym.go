package mask

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"github.com/unleaked/unleaked/rules"
)

// A namer gives credentials their pseudonyms: «default:production.scoped#dd62240a» has the project, the environment and
// the format of a token, and eight digits by which two tokens are told apart.
//
// Of a text that a server drew at random the digits are the first of its SHA-256: nobody can guess such a text, and it
// has the same pseudonym in every run. Of any other they are of its HMAC under a key.
type namer struct{ key []byte }

// newNamer returns a namer with a key, or with one of its own that nobody knows where key is empty.
func newNamer(key []byte) *namer {
	if len(key) == 0 {
		key = NewKey()
	}
	return &namer{key: key}
}

// NewKey returns a key that nobody knows, for the pseudonyms of one run.
func NewKey() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it never fails: the program ends before
	return key
}

// pseudonym is what stands in the place of a span.
func (n *namer) pseudonym(s Span) []byte {
	name := n.text(s.Credential)
	if !s.Wide {
		return []byte(name)
	}
	// In either byte order: of the last character of all, the byte behind may be missing.
	var wide []byte
	for _, r := range name {
		wide = append(wide, byte(r), byte(r>>8))
	}
	return wide[:len(wide)-(s.End-s.Start)%2]
}

func (n *namer) text(c rules.Credential) string {
	scope := ""
	switch {
	case c.Format == rules.Account || c.Format == rules.AccountV2:
		scope = "user:"
	case c.Project != "" && c.Environment != "":
		scope = c.Project + ":" + c.Environment + "."
	}
	return "«" + scope + string(c.Format) + "#" + n.digits(c) + "»"
}

func (n *namer) digits(c rules.Credential) string {
	text := []byte(c.Secret.Reveal())
	if c.Random() {
		sum := sha256.Sum256(text)
		return hex.EncodeToString(sum[:4])
	}
	mac := hmac.New(sha256.New, n.key)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil)[:4])
}
