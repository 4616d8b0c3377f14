package sweep

import (
	"cmp"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// settle is stage 2: it brings the records of all repositories together, settles and judges them. The order of what it
// is given does not matter.
func settle(given []*Facts, key []byte, o *Options) *finding.Result {
	all := call(given, o.NameFrom)
	summaries := map[string]*scanner.Summary{}
	for _, f := range all {
		for join, one := range f.Summaries(key) {
			if s := summaries[join]; s != nil {
				s.Join(one)
			} else {
				summaries[join] = one
			}
		}
	}
	parts := make([]*Part, len(all))
	for i, f := range all {
		parts[i] = f.Judge(key, func(join string) *scanner.Summary { return summaries[join] }, *o)
	}
	return Assemble(parts)
}

// Summaries returns what the repository says of each credential, by what joins it to those of other repositories. The
// facts have to have the name that reports call them by.
func (f *Facts) Summaries(key []byte) map[string]*scanner.Summary {
	out := map[string]*scanner.Summary{}
	for k, s := range scanner.Summarise(newSealer(key).unpack(f, false)) {
		out[k.(string)] = s
	}
	return out
}

// A Part is what a sweep has to say of one repository.
type Part struct {
	Repository                                finding.Repository
	Findings, Suppressed                      []finding.Finding // sorted
	Notices                                   []finding.Place
	Coverage                                  finding.Coverage
	PublicHidden, PublicByUse, ExamplesHidden int
}

// Judge judges what stands in the repository. of gives, for each credential in it, the summary of what all repositories
// say of it. Public, Examples and the names of the options count.
func (f *Facts) Judge(key []byte, of func(join string) *scanner.Summary, o Options) *Part {
	s := newSealer(key)
	h := f.Home
	p := &Part{Repository: finding.Repository{Name: f.Repository, Path: f.Path, Web: h.Web, Revision: h.Revision, Branch: h.Branch},
		Coverage: finding.Coverage{Files: f.Files, Bytes: f.Bytes, Objects: f.Objects, Commits: f.Commits, Ignored: f.Ignored,
			Linked: f.Linked, Elsewhere: f.Elsewhere}}
	for _, skip := range f.Skipped {
		skip.Repository = f.Repository
		p.Coverage.Skipped = append(p.Coverage.Skipped, skip)
	}
	for _, notice := range f.Notices {
		notice.Repository = f.Repository
		p.Notices = append(p.Notices, notice)
	}
	findings := scanner.JudgeRecords(s.unpack(f, true), func(key any) *scanner.Summary { return of(key.(string)) })
	for i := range f.Settings {
		findings = append(findings, s.setting(&f.Settings[i], f.Repository))
	}
	finding.Sort(findings)
	kept := findings[:0]
	for _, one := range findings {
		// What was accepted in a repository was accepted by its rule: where the others make it worse, it is told.
		r, _ := one.Origin.(*scanner.Record)
		one.Origin = nil
		if one.Suppressed != nil && (r == nil || r.Finding.Rule == one.Rule) {
			p.Suppressed = append(p.Suppressed, one)
			continue
		}
		one.Suppressed = nil
		kept = append(kept, one)
	}
	counts := finding.Result{}
	p.Findings = counts.Hide(kept, o.Public, o.Examples)
	p.PublicHidden, p.PublicByUse, p.ExamplesHidden = counts.PublicHidden, counts.PublicByUse, counts.ExamplesHidden
	return p
}

// Assemble is the result of a sweep, from the parts of all its repositories in any order.
func Assemble(parts []*Part) *finding.Result {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b *Part) int { return strings.Compare(a.Repository.Name, b.Repository.Name) })
	res := &finding.Result{Mode: "sweep"}
	tokens := map[string]bool{}
	for _, p := range parts {
		res.Repositories = append(res.Repositories, p.Repository)
		res.Findings = append(res.Findings, p.Findings...)
		res.Suppressed = append(res.Suppressed, p.Suppressed...)
		res.Notices = append(res.Notices, p.Notices...)
		c := p.Coverage
		res.Coverage.Files += c.Files
		res.Coverage.Bytes += c.Bytes
		res.Coverage.Objects += c.Objects
		res.Coverage.Commits += c.Commits
		res.Coverage.Ignored += c.Ignored
		res.Coverage.Linked += c.Linked
		res.Coverage.Elsewhere += c.Elsewhere
		res.Coverage.Skipped = append(res.Coverage.Skipped, c.Skipped...)
		res.PublicHidden += p.PublicHidden
		res.PublicByUse += p.PublicByUse
		res.ExamplesHidden += p.ExamplesHidden
	}
	for i := range res.Findings {
		if id := res.Findings[i].Identity; id != "" && !tokens[id] {
			tokens[id] = true
			res.Credentials++
		}
	}
	return res
}

// call gives each repository the name that the report calls it by, and sorts by it. What several are called is followed
// by how each was listed. The facts that were given stay as they are.
func call(given []*Facts, from NameFrom) []*Facts {
	given = slices.Clone(given)
	// Shards may overlap: what was read twice is told once, and rather what was read whole.
	slices.SortStableFunc(given, func(a, b *Facts) int {
		return cmp.Or(strings.Compare(a.Repository, b.Repository), cmp.Compare(len(a.Skipped), len(b.Skipped)),
			strings.Compare(a.Digest, b.Digest))
	})
	given = slices.CompactFunc(given, func(a, b *Facts) bool { return a.Repository == b.Repository })
	count := map[string]int{}
	for _, f := range given {
		count[f.called(from)]++
	}
	all := make([]*Facts, len(given))
	for i, f := range given {
		name := f.called(from)
		if count[name] > 1 {
			name = Distinct(name, f.Repository)
		}
		all[i] = f.Named(name)
	}
	slices.SortStableFunc(all, func(a, b *Facts) int { return strings.Compare(a.Repository, b.Repository) })
	return all
}

func (f *Facts) called(from NameFrom) string {
	if from == ByRemote && f.Home.Remote != "" {
		return f.Home.Remote
	}
	return f.Repository
}

// Distinct is the name of a repository where several are called the same.
func Distinct(name, path string) string { return name + " (" + path + ")" }

// Named returns the facts with the name that reports call the repository by.
func (f *Facts) Named(name string) *Facts {
	named := *f
	named.Path, named.Repository = f.Repository, name
	return &named
}

// setting is a finding without a credential, as its own repository made it.
func (s sealer) setting(w *wireFinding, repository string) finding.Finding {
	f := s.finding(w, w.File, repository)
	f.Kind, f.Certainty, f.Message = w.Kind, w.Certainty, w.Message
	row, _ := rules.Lookup(f.Rule)
	f.Severity, f.Fix = row.Severity, row.FixFor(f.Kind)
	f.Evidence = slices.Clone(w.Evidence)
	for i := range f.Evidence {
		f.Evidence[i].Repository = repository
	}
	return f
}
