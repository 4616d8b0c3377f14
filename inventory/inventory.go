// Package inventory knows the tokens of a server without asking it: from what its Admin API answered once, from a dump of
// its tables, or from a file of this program's own that holds no secret.
//
// Its nouns: an Inventory lists Tokens; a token is joined to a credential by its selector, by a digest of its text, or, where
// the text can be guessed, by a digest under a key. It opens no file and makes no connection.
package inventory

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A class is a set of tokens that a list has or has not as a whole: a dump of one table says nothing of another.
type class string

const (
	apiTokens     class = "api-tokens"     // scoped, legacy and seeded ones: the table api_tokens
	apiTokensV2   class = "api-tokens-v2"  // the table api_tokens_v2
	accountTokens class = "account-tokens" // personal and service-account tokens
)

// classOf is the class that a credential would be listed in, "" for one that no server has.
func classOf(c rules.Credential) class {
	switch c.Format {
	case rules.Scoped, rules.Legacy, rules.Custom:
		return apiTokens
	case rules.ScopedV2:
		return apiTokensV2
	case rules.Account, rules.AccountV2:
		return accountTokens
	}
	return ""
}

// A Token is one token of a server, without its secret.
type Token struct {
	Class    class
	Selector string // of a v2 token, "" of others
	// Verifier is the base64url SHA-256 of the whole text, which is how the server itself keeps v2 tokens. It is "" of
	// texts that can be guessed, and of v2 tokens where the Admin API listed them.
	Verifier string
	HMAC     string // base64url HMAC-SHA256 of a text that can be guessed, "" of others
	Alias    bool   // the text is another name of the token, which the server takes as well

	Name        string
	Type        rules.Kind // "" where the server said none
	Projects    []string   // "*" for all
	Environment string     // "*" for all, "" of account tokens and where not known
	Owner       string     // the user's name, else the user's number, "" where not known
	CreatedAt   time.Time  // zero where not known, as are the others
	ExpiresAt   time.Time
	SeenAt      time.Time
}

// An Inventory is a list of the tokens of a server, as it was at one time.
type Inventory struct {
	Name     string // of its file, for messages
	TakenAt  time.Time
	Tokens   []Token
	LeftOut  int  // tokens whose texts can be guessed and that are not listed for that
	Secrets  bool // the file that it was read from holds secrets
	Complete bool // its owner says that a token which is not listed is dead

	covers  map[class]bool
	leftOut map[string]bool // by their digests, which are not written
	key     []byte          // of the HMACs, nil where it is not known
	keyID   string          // names the key, "" where no HMAC was made

	bySelector, byVerifier, byHMAC map[string]*Token
}

// ErrKey is the error of a key that is not the one of an inventory's HMACs.
var ErrKey = errors.New("the key is another one than that of the inventory")

// keyBytes is the length of a key: 64 hexadecimal digits in its file.
const keyBytes = 32

// ParseKey returns the key that a key file holds: 64 hexadecimal digits.
func ParseKey(text []byte) ([]byte, error) {
	digits := strings.TrimSpace(string(text))
	key, err := hex.DecodeString(digits)
	if err != nil || len(key) != keyBytes {
		return nil, errors.New("a key file holds 64 hexadecimal digits (openssl rand -hex 32 makes some)")
	}
	return key, nil
}

// idOfKey names a key without telling it.
func idOfKey(key []byte) string {
	sum := sha256.Sum256(append([]byte("unleaked inventory key "), key...))
	return hex.EncodeToString(sum[:8])
}

// randomKey serves an inventory that is not written: nobody else needs it.
func randomKey() []byte {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // it never fails: the program ends before
	return key
}

func verifierOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func hmacOf(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Keyed reports whether tokens are listed that only a key joins, and the key is not there.
func (v *Inventory) Keyed() bool { return v.keyID != "" && v.key == nil }

// UseKey gives the inventory the key of its HMACs. An inventory without HMACs needs none.
func (v *Inventory) UseKey(key []byte) error {
	if v.keyID == "" {
		return nil
	}
	if idOfKey(key) != v.keyID {
		return ErrKey
	}
	v.key = key
	return nil
}

// textOf reads the text of a token as the credential that it is. ok is false of a text that is no whole token: the name of
// an alias, or what an operator chose.
func textOf(text string) (c rules.Credential, ok bool) {
	c, ok = rules.ParseValue(text)
	return c, ok && c.Secret.Reveal() == text && !c.Malformed
}

// put gives a token the digest of its text. Without a key, that of a text which can be guessed is left out, and put returns
// false.
func (v *Inventory) put(t *Token, text string) bool {
	if c, ok := textOf(text); ok && c.Random() {
		t.Selector, t.Verifier = c.Selector, verifierOf(text)
		return true
	}
	if v.key == nil {
		if digest := verifierOf(text); !v.leftOut[digest] { // several files of one server list it
			v.leftOut[digest] = true
			v.LeftOut++
		}
		return false
	}
	t.HMAC = hmacOf(v.key, text)
	v.keyID = idOfKey(v.key)
	return true
}

// finish makes one token of those that several files list, puts the tokens in order and indexes them.
func (v *Inventory) finish() {
	v.merge()
	slices.SortStableFunc(v.Tokens, func(a, b Token) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Selector, b.Selector),
			cmp.Compare(a.Verifier, b.Verifier), cmp.Compare(a.HMAC, b.HMAC), cmp.Compare(a.Name, b.Name))
	})
	v.bySelector, v.byVerifier, v.byHMAC = map[string]*Token{}, map[string]*Token{}, map[string]*Token{}
	for i := range v.Tokens {
		t := &v.Tokens[i]
		// People write tokens into names.
		t.Name, t.Owner = finding.Discreet(t.Name), finding.Discreet(t.Owner)
		for text, index := range map[string]map[string]*Token{t.Selector: v.bySelector, t.Verifier: v.byVerifier,
			t.HMAC: v.byHMAC} {
			if text != "" {
				index[text] = t
			}
		}
	}
}

// merge makes one token of what the Admin API and the tables say of the same one: each knows what the other does not.
func (v *Inventory) merge() {
	at := map[string]int{} // by class and what it is known by, its index in out
	out := v.Tokens[:0:0]
	for _, t := range v.Tokens {
		by := string(t.Class) + " " + cmp.Or(t.Selector, t.Verifier, t.HMAC)
		i, ok := at[by]
		switch {
		case !ok:
			at[by] = len(out)
			out = append(out, t)
		case out[i].Verifier != "" && t.Verifier != "" && out[i].Verifier != t.Verifier:
			out = append(out, t)
		default:
			out[i].fill(t)
		}
	}
	v.Tokens = out
}

// fill takes from o, the same token in another file, what t does not say. Of two last uses it keeps the later one.
func (t *Token) fill(o Token) {
	t.Verifier, t.HMAC = cmp.Or(t.Verifier, o.Verifier), cmp.Or(t.HMAC, o.HMAC)
	t.Name, t.Type = cmp.Or(t.Name, o.Name), cmp.Or(t.Type, o.Type)
	if t.Type == rules.Personal && o.Type == rules.ServiceAccount {
		t.Type = o.Type
	}
	t.Environment, t.Owner = cmp.Or(t.Environment, o.Environment), cmp.Or(t.Owner, o.Owner)
	if len(t.Projects) == 0 {
		t.Projects = o.Projects
	}
	if t.CreatedAt.IsZero() {
		t.CreatedAt = o.CreatedAt
	}
	if t.ExpiresAt.IsZero() {
		t.ExpiresAt = o.ExpiresAt
	}
	if t.SeenAt.Before(o.SeenAt) {
		t.SeenAt = o.SeenAt
	}
}

// typeOf is a type as the server writes it, in the words of this program; "" where there is none.
func typeOf(name string) rules.Kind {
	switch name = strings.ToLower(name); name {
	case "proxy":
		return rules.Frontend
	case "personal":
		return rules.Personal
	case "service-account":
		return rules.ServiceAccount
	}
	return rules.KindOfType(name)
}
