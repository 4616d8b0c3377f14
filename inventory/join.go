package inventory

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// Look returns what the inventory knows of a credential at a time, nothing where it cannot say.
func (v *Inventory) Look(c rules.Credential, now time.Time) rules.Knowledge {
	t, altered := v.find(c)
	switch {
	case t != nil && altered:
		return rules.Knowledge{Listing: &rules.Listing{Name: t.Name, Type: t.Type, Owner: t.Owner, ExpiresAt: t.ExpiresAt,
			SeenAt: t.SeenAt, State: rules.Altered}, Says: []string{v.named() + " has its selector with another secret or another " +
			"scope (" + quotedName(t.Name) + "): the text was altered, and the server refuses it"}}
	case t != nil:
		return v.listed(t, now)
	case !v.lists(c):
		return rules.Knowledge{}
	}
	k := rules.Knowledge{Listing: &rules.Listing{State: rules.Absent}, Dead: v.Complete}
	text := v.named() + " does not list it: it was deleted, or another server has it"
	if v.Complete {
		text = v.named() + ", which is said to be complete, does not list it: the token is dead"
	}
	k.Says = []string{text}
	return k
}

// find is the token that a credential is, nil for none. altered reports that only the selector is the same.
func (v *Inventory) find(c rules.Credential) (t *Token, altered bool) {
	text := c.Secret.Reveal()
	if t := v.byVerifier[verifierOf(text)]; t != nil {
		return t, false
	}
	if t := v.bySelector[c.Selector]; c.Selector != "" && t != nil {
		return t, t.Verifier != "" || !t.agrees(c)
	}
	if v.key != nil && len(v.byHMAC) > 0 {
		return v.byHMAC[hmacOf(v.key, text)], false
	}
	return nil, false
}

// agrees reports whether a credential has the scope of a token with the same selector. A text keeps the scope that it was made
// with; the projects of the token become fewer where one of them is deleted.
func (t *Token) agrees(c rules.Credential) bool {
	if t.Class == accountTokens || isAccount(c) {
		return t.Class == accountTokens && isAccount(c)
	}
	if t.Environment != "" && t.Environment != c.Environment {
		return false
	}
	switch {
	case len(t.Projects) == 0 || c.Project == "[]":
		return true
	case slices.Contains(t.Projects, "*"):
		return c.Project == "*"
	}
	return len(t.Projects) == 1 && t.Projects[0] == c.Project
}

func isAccount(c rules.Credential) bool {
	return c.Format == rules.Account || c.Format == rules.AccountV2
}

// lists reports whether the inventory would have a credential if its server had it.
func (v *Inventory) lists(c rules.Credential) bool {
	if !v.covers[classOf(c)] {
		return false
	}
	return c.Random() || v.LeftOut == 0 && !v.Keyed()
}

// listed is what is known of a token that the inventory has.
func (v *Inventory) listed(t *Token, now time.Time) rules.Knowledge {
	l := &rules.Listing{Name: t.Name, Type: t.Type, Owner: t.Owner, ExpiresAt: t.ExpiresAt, SeenAt: t.SeenAt,
		State: rules.Active, Projects: t.Projects, Environment: t.Environment}
	var b strings.Builder
	b.WriteString(v.named() + " lists it as " + quotedName(t.Name))
	if t.Alias {
		b.WriteString(", by its alias")
	}
	if t.Type != "" {
		b.WriteString(": it is " + t.Type.Article())
	}
	if len(t.Projects) > 0 && t.Type != rules.Admin {
		b.WriteString(" of " + scopeWords(t))
	}
	if t.Owner != "" {
		b.WriteString(", owner " + t.Owner)
	}
	switch {
	case !t.ExpiresAt.IsZero() && !t.ExpiresAt.After(now):
		l.State = rules.Expired
		b.WriteString(", expired on " + t.ExpiresAt.Format(time.DateOnly))
	case !t.ExpiresAt.IsZero():
		b.WriteString(", active until " + t.ExpiresAt.Format(time.DateOnly))
	default:
		b.WriteString(", active")
	}
	if !t.SeenAt.IsZero() {
		b.WriteString(", last used on " + t.SeenAt.Format(time.DateOnly))
	}
	k := rules.Knowledge{Listing: l, Says: []string{b.String()}}
	if t.Type != "" {
		k.Kinds = []rules.Kind{t.Type}
	}
	return k
}

// named is the inventory with its date.
func (v *Inventory) named() string {
	return fmt.Sprintf("the inventory %s of %s", v.Name, v.TakenAt.UTC().Format(time.DateOnly))
}

func quotedName(name string) string {
	if name == "" {
		return "a token without a name"
	}
	return fmt.Sprintf("%q", name)
}

func scopeWords(t *Token) string {
	projects := "projects " + strings.Join(t.Projects, ", ")
	switch {
	case slices.Contains(t.Projects, "*"):
		projects = "all projects"
	case len(t.Projects) == 1:
		projects = "project " + t.Projects[0]
	case len(t.Projects) > 5:
		projects = fmt.Sprintf("%d projects", len(t.Projects))
	}
	if t.Environment == "" {
		return projects
	}
	return projects + ", environment " + t.Environment
}
