package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/unleaked/unleaked/rules"
)

// ownName and ownVersion are the head of this program's own inventories, see docs/inventory.schema.json.
const (
	ownName    = "unleaked"
	ownVersion = 1
)

type ownFile struct {
	Inventory string     `json:"inventory"`
	Version   int        `json:"version"`
	TakenAt   time.Time  `json:"takenAt"`
	Covers    []class    `json:"covers"`
	LeftOut   int        `json:"leftOut"`
	KeyID     string     `json:"keyId,omitempty"`
	Tokens    []ownToken `json:"tokens"`
}

type ownToken struct {
	Class       class      `json:"class"`
	Selector    string     `json:"selector,omitempty"`
	Verifier    string     `json:"verifier,omitempty"`
	HMAC        string     `json:"hmac,omitempty"`
	Alias       bool       `json:"alias,omitempty"`
	Name        string     `json:"name"`
	Type        rules.Kind `json:"type"`
	Projects    []string   `json:"projects,omitempty"`
	Environment string     `json:"environment,omitempty"`
	Owner       string     `json:"owner,omitempty"`
	CreatedAt   *time.Time `json:"createdAt,omitempty"`
	ExpiresAt   *time.Time `json:"expiresAt,omitempty"`
	SeenAt      *time.Time `json:"seenAt,omitempty"`
}

// isOwn reports whether a text is an inventory of this program's own, or means to be.
func isOwn(text []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
	if !ok {
		return false
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"inventory"`))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(":"))
}

func (v *Inventory) readOwn(text []byte) (time.Time, error) {
	var f ownFile
	if err := json.Unmarshal(text, &f); err != nil {
		return time.Time{}, answerError(err)
	}
	switch {
	case f.Inventory != ownName:
		return time.Time{}, errNone
	case f.Version != ownVersion:
		return time.Time{}, fmt.Errorf("inventory of version %d: this program reads version %d", f.Version, ownVersion)
	case f.KeyID != "" && v.keyID != "" && f.KeyID != v.keyID, f.KeyID != "" && v.key != nil && f.KeyID != idOfKey(v.key):
		return time.Time{}, ErrKey
	}
	if f.KeyID != "" {
		v.keyID = f.KeyID
	}
	v.LeftOut += f.LeftOut
	for _, c := range f.Covers {
		v.covers[c] = true
	}
	for _, t := range f.Tokens {
		if !rules.IsSelector(t.Selector) && len(t.Verifier) != verifierLen && len(t.HMAC) != verifierLen {
			return time.Time{}, errors.New("a token without anything to know it by")
		}
		v.Tokens = append(v.Tokens, Token{Class: t.Class, Selector: t.Selector, Verifier: t.Verifier, HMAC: t.HMAC,
			Alias: t.Alias, Name: t.Name, Type: typeOf(string(t.Type)), Projects: t.Projects, Environment: t.Environment,
			Owner: t.Owner, CreatedAt: timeOf(t.CreatedAt), ExpiresAt: timeOf(t.ExpiresAt), SeenAt: timeOf(t.SeenAt)})
	}
	return f.TakenAt, nil
}

// Write writes the inventory as a file of this program's own, a token a line, in an order that is the same for the same
// tokens. It holds no secret.
func (v *Inventory) Write(w io.Writer) error {
	f := ownFile{Inventory: ownName, Version: ownVersion, TakenAt: v.TakenAt.UTC(), Covers: []class{}, LeftOut: v.LeftOut,
		KeyID: v.keyID}
	for c := range v.covers {
		f.Covers = append(f.Covers, c)
	}
	slices.Sort(f.Covers)
	head, err := json.Marshal(f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(head, []byte("null}")))
	b.WriteString("[")
	for i := range v.Tokens {
		line, err := json.Marshal(v.Tokens[i].own())
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n" + printableJSON(line))
	}
	b.WriteString("\n]}\n")
	_, err = w.Write(b.Bytes())
	return err
}

func (t *Token) own() ownToken {
	return ownToken{Class: t.Class, Selector: t.Selector, Verifier: t.Verifier, HMAC: t.HMAC, Alias: t.Alias, Name: t.Name,
		Type: t.Type, Projects: t.Projects, Environment: t.Environment, Owner: t.Owner, CreatedAt: timeOrNil(t.CreatedAt),
		ExpiresAt: timeOrNil(t.ExpiresAt), SeenAt: timeOrNil(t.SeenAt)}
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// printableJSON escapes what a terminal acts on: names are anybody's text, and the inventory goes to standard output.
func printableJSON(line []byte) string {
	var b strings.Builder
	for _, r := range string(line) {
		switch {
		case r < utf8.RuneSelf && r != 0x7f, unicode.IsGraphic(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(unicode.ReplacementChar)
		}
	}
	return b.String()
}
