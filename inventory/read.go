package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// A File is one file that an inventory is read from.
type File struct {
	Name string // for messages
	Text []byte
	Time time.Time // of its last change: the time at which the list was taken, where it does not say one itself
}

// Read makes one inventory of the files of one server: the answer of GET /api/admin/api-tokens, dumps of the server's
// tables as CSV or as COPY, inventories of this program's own. It was taken when the oldest of them was.
//
// Texts that can be guessed are kept as digests under key, and left out where key is nil. No error quotes the files.
func Read(files []File, key []byte) (*Inventory, error) {
	v := &Inventory{covers: map[class]bool{}, key: key, leftOut: map[string]bool{}}
	d := newDump()
	for _, f := range files {
		taken, err := v.read(f, d)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if v.TakenAt.IsZero() || taken.Before(v.TakenAt) {
			v.TakenAt = taken
		}
	}
	if len(files) > 0 {
		v.Name = files[0].Name
	}
	if err := d.into(v); err != nil {
		return nil, err
	}
	v.finish()
	return v, nil
}

// Open reads one file to join it with what a scan finds: the digests of texts that can be guessed serve this process only,
// unless the file is an inventory of this program's own.
func Open(f File) (*Inventory, error) {
	if isOwn(f.Text) {
		return Read([]File{f}, nil)
	}
	return Read([]File{f}, randomKey())
}

var errNone = errors.New("no inventory: it is neither an answer of GET /api/admin/api-tokens, nor a CSV or COPY, with its header, " +
	"of the tables api_tokens, api_tokens_v2 or personal_access_tokens, nor a file of 'unleaked inventory hash'")

// read adds what a file lists, and returns when that was so.
func (v *Inventory) read(f File, d *dump) (time.Time, error) {
	text := bytes.TrimPrefix(f.Text, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return f.Time, errNone
	case isOwn(trimmed):
		return v.readOwn(trimmed)
	case trimmed[0] == '{' || trimmed[0] == '[':
		return f.Time, v.readAnswer(trimmed)
	}
	return f.Time, d.read(string(text))
}

// An answered is a token as the Admin API lists it. In some versions a field is absent that is null in others.
type answered struct {
	Secret      *string    `json:"secret"`
	TokenName   string     `json:"tokenName"`
	Username    string     `json:"username"` // before 4.22
	Type        string     `json:"type"`
	Project     string     `json:"project"`
	Projects    []string   `json:"projects"`
	Environment string     `json:"environment"`
	Alias       string     `json:"alias"`
	ExpiresAt   *time.Time `json:"expiresAt"`
	CreatedAt   *time.Time `json:"createdAt"`
	SeenAt      *time.Time `json:"seenAt"`
}

func (v *Inventory) readAnswer(text []byte) error {
	var whole struct {
		Tokens []answered        `json:"tokens"`
		PATs   []json.RawMessage `json:"pats"`
	}
	var err error
	if text[0] == '[' {
		err = json.Unmarshal(text, &whole.Tokens)
	} else {
		err = json.Unmarshal(text, &whole)
	}
	switch {
	case err != nil:
		return answerError(err)
	case whole.PATs != nil:
		return errors.New("no inventory: the Admin API lists personal access tokens with nothing to know them by; " +
			"a dump of the table personal_access_tokens has it")
	case whole.Tokens == nil:
		return errNone
	}
	for i := range whole.Tokens {
		if a := &whole.Tokens[i]; a.Secret == nil || *a.Secret == "" || a.Type == "" {
			return errNone
		}
	}
	v.covers[apiTokens], v.covers[apiTokensV2] = true, true
	for i := range whole.Tokens {
		v.add(&whole.Tokens[i])
	}
	return nil
}

// add takes in a token of the Admin API.
func (v *Inventory) add(a *answered) {
	t := Token{Class: apiTokens, Name: a.TokenName, Type: typeOf(a.Type), Projects: a.Projects,
		Environment: a.Environment, CreatedAt: timeOf(a.CreatedAt), ExpiresAt: timeOf(a.ExpiresAt),
		SeenAt: timeOf(a.SeenAt)}
	if t.Name == "" {
		t.Name = a.Username
	}
	if len(t.Projects) == 0 && a.Project != "" {
		t.Projects = []string{a.Project}
	}
	if rules.IsSelector(*a.Secret) { // what the API gives in place of a v2 token
		t.Class, t.Selector = apiTokensV2, *a.Secret
		v.Tokens = append(v.Tokens, t)
		return
	}
	v.addText(t, *a.Secret, a.Alias)
}

// addText takes in a token whose text is known, and its alias.
func (v *Inventory) addText(t Token, text, alias string) {
	v.Secrets = true
	if v.put(&t, text) {
		v.Tokens = append(v.Tokens, t)
	}
	if alias != "" {
		other := t
		other.Alias, other.Selector, other.Verifier, other.HMAC = true, "", "", ""
		if v.put(&other, alias) {
			v.Tokens = append(v.Tokens, other)
		}
	}
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// answerError is a decoder's error without the text that it quotes.
func answerError(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("no inventory: JSON that is malformed at byte %d", syntax.Offset)
	case errors.As(err, &typ) && !strings.ContainsAny(typ.Field, ":."):
		return fmt.Errorf("no inventory: JSON with the wrong type of %q at byte %d", typ.Field, typ.Offset)
	}
	return errNone
}
