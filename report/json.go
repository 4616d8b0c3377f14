package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// jsonVersion is the version of the JSON report: fields may be added within it, none changes its meaning or goes.
const jsonVersion = 1

type jsonReport struct {
	Version    int             `json:"version"`
	Tool       jsonTool        `json:"tool"`
	Complete   bool            `json:"complete"`
	Coverage   jsonCoverage    `json:"coverage"`
	Findings   []jsonFinding   `json:"findings"`
	Suppressed []jsonFinding   `json:"suppressed"`
	Notices    []finding.Place `json:"notices"`
	Hidden     jsonHidden      `json:"hidden"`
	Mode       string          `json:"mode,omitempty"`
	// Repositories are all that a sweep was to read.
	Repositories []finding.Repository `json:"repositories,omitempty"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonCoverage struct {
	Files   int            `json:"files"`
	Bytes   int64          `json:"bytes"`
	Objects int            `json:"objects"`
	Commits int            `json:"commits"`
	Skipped []finding.Skip `json:"skipped"`
	Ignored int            `json:"ignored"`
	// Left out where there are none.
	Linked    int            `json:"linked,omitempty"`
	Elsewhere int            `json:"elsewhere,omitempty"`
	Accepted  []finding.Skip `json:"accepted,omitempty"`
}

type jsonHidden struct {
	Public      int `json:"public"`
	PublicByUse int `json:"publicByUse"`
	Examples    int `json:"examples"`
}

type jsonFinding struct {
	Rule        rules.RuleID      `json:"rule"`
	Also        []rules.RuleID    `json:"also"`
	Severity    string            `json:"severity"`
	Kind        rules.Kind        `json:"kind"`
	Visibility  string            `json:"visibility"`
	Format      rules.Format      `json:"format"`
	Certainty   rules.Certainty   `json:"certainty"`
	Project     string            `json:"project"`
	Environment string            `json:"environment"`
	Selector    string            `json:"selector"`
	Repository  string            `json:"repository,omitempty"` // of a sweep
	File        string            `json:"file"`
	Line        int               `json:"line"`
	Column      int               `json:"column"`
	EndLine     int               `json:"endLine"`
	EndColumn   int               `json:"endColumn"`
	Redacted    string            `json:"redacted"`
	Secret      string            `json:"secret,omitempty"` // only where it was asked for
	Fingerprint string            `json:"fingerprint"`
	Message     string            `json:"message"`
	Fix         string            `json:"fix"`
	Evidence    []finding.Place   `json:"evidence"`
	Related     []finding.Place   `json:"related"`
	Layers      []string          `json:"layers"`
	Git         *finding.GitPlace `json:"git,omitempty"`
	Inventory   *jsonListing      `json:"inventory,omitempty"`
	// Verification is what servers said, where any was asked.
	Verification rules.Verification   `json:"verification,omitempty"`
	Example      bool                 `json:"example,omitempty"`
	Suppressed   *finding.Suppression `json:"suppressed,omitempty"`
	// The rest is what other formats need of a report that is read back.
	UTF16Column    int    `json:"utf16Column,omitempty"` // where it differs from column
	UTF16EndColumn int    `json:"utf16EndColumn,omitempty"`
	LineHash       string `json:"lineHash,omitempty"`
}

func writeJSON(w io.Writer, r *finding.Result, o Options) error {
	report := jsonReport{
		Version: jsonVersion, Tool: jsonTool{toolName, o.version()}, Complete: r.Complete(),
		Coverage: coverageJSON(r.Coverage),
		Findings: findingsJSON(r.Findings, o), Suppressed: findingsJSON(r.Suppressed, o),
		Notices: placesJSON(r.Notices),
		Hidden:  jsonHidden{r.PublicHidden, r.PublicByUse, r.ExamplesHidden}, Mode: r.Mode,
		Repositories: repositoriesJSON(r.Repositories),
	}
	return encode(w, report, " ")
}

func coverageJSON(c finding.Coverage) jsonCoverage {
	return jsonCoverage{Files: c.Files, Bytes: c.Bytes, Objects: c.Objects, Commits: c.Commits,
		Skipped: skipsJSON(c.Skipped), Ignored: c.Ignored, Linked: c.Linked, Elsewhere: c.Elsewhere, Accepted: skipsJSON(c.Accepted)}
}

func skipsJSON(skips []finding.Skip) []finding.Skip {
	out := make([]finding.Skip, len(skips))
	for i, s := range skips {
		out[i] = finding.Skip{Repository: utf8Name(s.Repository), What: utf8Name(s.What), Why: utf8Name(s.Why)}
	}
	return out
}

func repositoriesJSON(list []finding.Repository) []finding.Repository {
	out := make([]finding.Repository, len(list))
	for i, r := range list {
		out[i] = finding.Repository{Name: utf8Name(r.Name), Path: utf8Name(r.Path), Web: utf8Name(r.Web),
			Revision: r.Revision, Branch: utf8Name(r.Branch)}
	}
	return out
}

func findingsJSON(list []finding.Finding, o Options) []jsonFinding {
	out := make([]jsonFinding, len(list))
	for i := range list {
		out[i] = findingJSON(&list[i], o)
	}
	return out
}

func findingJSON(f *finding.Finding, o Options) jsonFinding {
	j := jsonFinding{
		Rule: f.Rule, Also: orEmpty(f.Also), Severity: f.Severity.String(), Kind: f.Kind, Visibility: f.Visibility(),
		Format:    f.Format,
		Certainty: f.Certainty, Project: utf8Name(f.Project), Environment: utf8Name(f.Environment),
		Selector: f.Selector, Repository: utf8Name(f.Repository),
		File: utf8Name(f.File), Line: f.Line, Column: f.Column, EndLine: f.EndLine, EndColumn: f.EndColumn,
		Redacted: utf8Name(f.Shown()), Fingerprint: f.Fingerprint, Message: utf8Name(f.Message), Fix: utf8Name(f.Fix),
		Evidence: placesJSON(f.Evidence), Related: placesJSON(f.Related), Layers: orEmpty(f.Layers),
		Example: f.Example, LineHash: f.LineHash,
	}
	j.Inventory, j.Verification = listingJSON(f.Listing), f.Verification
	if f.Git != nil {
		g := *f.Git
		g.Refs = slices.Clone(g.Refs)
		for i, ref := range g.Refs {
			g.Refs[i] = utf8Name(ref)
		}
		j.Git = &g
	}
	if s := f.Suppressed; s != nil {
		j.Suppressed = &finding.Suppression{By: s.By, Where: utf8Name(s.Where), Reason: utf8Name(s.Reason)}
	}
	if o.Reveal {
		j.Secret = f.Secret.Reveal()
	}
	if f.UTF16Column != f.Column {
		j.UTF16Column = f.UTF16Column
	}
	if f.UTF16EndColumn != f.EndColumn {
		j.UTF16EndColumn = f.UTF16EndColumn
	}
	return j
}

// A jsonListing is what an inventory says of a credential. Times are in RFC 3339, null where there are none.
type jsonListing struct {
	Name      string             `json:"name"`
	Type      rules.Kind         `json:"type"`
	Owner     string             `json:"owner"`
	ExpiresAt *time.Time         `json:"expiresAt"`
	SeenAt    *time.Time         `json:"seenAt"`
	State     rules.ListingState `json:"state"`
}

func listingJSON(l *rules.Listing) *jsonListing {
	if l == nil {
		return nil
	}
	j := &jsonListing{Name: utf8Name(l.Name), Type: l.Type, Owner: utf8Name(l.Owner), State: l.State}
	if !l.ExpiresAt.IsZero() {
		j.ExpiresAt = &l.ExpiresAt
	}
	if !l.SeenAt.IsZero() {
		j.SeenAt = &l.SeenAt
	}
	return j
}

// listing is what was written, as a finding has it.
func (j *jsonListing) listing() *rules.Listing {
	if j == nil {
		return nil
	}
	l := &rules.Listing{Name: j.Name, Type: j.Type, Owner: j.Owner, State: j.State}
	if j.ExpiresAt != nil {
		l.ExpiresAt = *j.ExpiresAt
	}
	if j.SeenAt != nil {
		l.SeenAt = *j.SeenAt
	}
	return l
}

func placesJSON(list []finding.Place) []finding.Place {
	out := make([]finding.Place, len(list))
	for i, p := range list {
		out[i] = finding.Place{Repository: utf8Name(p.Repository), File: utf8Name(p.File), Line: p.Line, Text: utf8Name(p.Text)}
	}
	return out
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// encode writes a value as JSON that may be shown on a terminal: what a terminal would act on is escaped. indent ""
// gives one line.
func encode(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// escapeJSON escapes what is left in encoded JSON of control and bidi characters, and the words that CI systems take
// for commands. Beyond ASCII all text of JSON stands in strings, and so does every number sign.
func escapeJSON(b []byte) []byte {
	var out []byte
	at := 0
	escape := func(from, n int, units ...uint16) {
		out = append(out, b[at:from]...)
		for _, u := range units {
			out = fmt.Appendf(out, `\u%04x`, u)
		}
		at = from + n
	}
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			if c == 0x7f || c == '#' && command(string(b[i:min(len(b), i+longestCommand)])) {
				escape(i, 1, uint16(c))
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case unicode.IsGraphic(r):
		case r <= 0xFFFF:
			escape(i, n, uint16(r))
		default:
			high, low := utf16.EncodeRune(r)
			escape(i, n, uint16(high), uint16(low))
		}
		i += n
	}
	if at == 0 {
		return b
	}
	return append(out, b[at:]...)
}
