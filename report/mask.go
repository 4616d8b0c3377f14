package report

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A masker takes credentials out of the texts around them. Messages and excerpts come without; a file's name, a branch
// or a reason is whatever its author wrote.
type masker struct {
	known *strings.Replacer // the result's own credentials
}

// minKnown is the shortest text that is looked for wherever it stands: shorter ones are words.
const minKnown = 12

func newMasker(r *finding.Result) *masker {
	var pairs []string
	seen := map[string]bool{}
	add := func(text, shown string) {
		if len(text) >= minKnown && !seen[text] {
			seen[text] = true
			pairs = append(pairs, text, shown)
		}
	}
	for _, list := range [][]finding.Finding{r.Findings, r.Suppressed} {
		for i := range list {
			text, shown := list[i].Secret.Reveal(), list[i].Secret.String()
			add(text, shown)
			// What follows the scope is the secret itself, also where the separators are encoded.
			if at := strings.LastIndexAny(text, ".:"); at >= 0 && len(text)-at > 24 {
				add(text[at+1:], "…")
			}
		}
	}
	return &masker{known: strings.NewReplacer(pairs...)}
}

func (m *masker) text(s string) string {
	if len(s) < minKnown {
		return s
	}
	s = m.known.Replace(s)
	return finding.DiscreetName(s)
}

func (m *masker) places(list []finding.Place) []finding.Place {
	out := slices.Clone(list)
	for i, p := range out {
		out[i].File, out[i].Text, out[i].Repository = m.text(p.File), m.text(p.Text), m.text(p.Repository)
	}
	return out
}

func (m *masker) findings(list []finding.Finding) []finding.Finding {
	out := slices.Clone(list)
	for i := range out {
		f := &out[i]
		f.File, f.Message, f.Fix = m.text(f.File), m.text(f.Message), m.text(f.Fix)
		f.Repository = m.text(f.Repository)
		f.Project, f.Environment = m.text(f.Project), m.text(f.Environment)
		f.Evidence, f.Related = m.places(f.Evidence), m.places(f.Related)
		guessable := rules.IsGuessable(f.Fingerprint)
		if guessable {
			// A digest of few unknown characters confirms a right guess of them.
			f.LineHash = ""
		}
		if f.Git != nil {
			g := *f.Git
			if guessable {
				g.Blob = ""
			}
			g.Refs = slices.Clone(g.Refs)
			for j, ref := range g.Refs {
				g.Refs[j] = m.text(ref)
			}
			f.Git = &g
		}
		if f.Listing != nil { // people may call a token by its own text
			l := *f.Listing
			l.Name, l.Owner = m.text(l.Name), m.text(l.Owner)
			f.Listing = &l
		}
		if f.Suppressed != nil {
			s := *f.Suppressed
			s.Reason, s.Where = m.text(s.Reason), m.text(s.Where)
			f.Suppressed = &s
		}
		f.Excerpt = slices.Clone(f.Excerpt)
		for j, line := range f.Excerpt {
			// Lines come masked. One that still holds a credential is worth less than the credential.
			if m.text(line.Text) != line.Text {
				f.Excerpt[j] = finding.ExcerptLine{Number: line.Number, Text: "…"}
			}
		}
	}
	return out
}

// masked is a copy of a result in which no text holds a credential; only Finding.Secret still does.
func masked(r *finding.Result) *finding.Result {
	m := newMasker(r)
	out := *r
	out.Findings, out.Suppressed, out.Notices = m.findings(r.Findings), m.findings(r.Suppressed), m.places(r.Notices)
	out.Coverage.Skipped, out.Coverage.Accepted = m.skips(r.Coverage.Skipped), m.skips(r.Coverage.Accepted)
	out.Repositories = slices.Clone(r.Repositories)
	for i := range out.Repositories {
		one := &out.Repositories[i]
		one.Name, one.Path, one.Web, one.Branch = m.text(one.Name), m.text(one.Path), m.text(one.Web), m.text(one.Branch)
	}
	return &out
}

func (m *masker) skips(list []finding.Skip) []finding.Skip {
	list = slices.Clone(list)
	for i, s := range list {
		list[i] = finding.Skip{Repository: finding.Discreet(m.text(s.Repository)), What: finding.Discreet(m.text(s.What)), Why: finding.Discreet(m.text(s.Why))}
	}
	return list
}
