package sweep

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// settle is stage 2: it brings the records of all repositories together, settles and judges them. The order of what it
// is given does not matter.
func settle(all []*facts, key []byte, o *Options) *finding.Result {
	s := sealer{key}
	res := &finding.Result{Mode: "sweep"}
	all, res.Repositories = call(all, o.NameFrom)
	var records []*scanner.Record
	var findings []finding.Finding
	for _, f := range all {
		res.Coverage.Files += f.Files
		res.Coverage.Bytes += f.Bytes
		res.Coverage.Objects += f.Objects
		res.Coverage.Commits += f.Commits
		res.Coverage.Ignored += f.Ignored
		res.Coverage.Elsewhere += f.Elsewhere
		for _, skip := range f.Skipped {
			skip.Repository = f.Repository
			res.Coverage.Skipped = append(res.Coverage.Skipped, skip)
		}
		for _, notice := range f.Notices {
			notice.Repository = f.Repository
			res.Notices = append(res.Notices, notice)
		}
		records = append(records, s.unpack(f)...)
		for i := range f.Settings {
			findings = append(findings, s.setting(&f.Settings[i], f.Repository))
		}
	}
	findings = append(findings, scanner.SettleRecords(records)...)
	sortFindings(findings)
	kept := findings[:0]
	for _, f := range findings {
		// What was accepted in a repository was accepted by its rule: where the others make it worse, it is told.
		r, _ := f.Origin.(*scanner.Record)
		if f.Suppressed != nil && (r == nil || r.Finding.Rule == f.Rule) {
			f.Origin = nil
			res.Suppressed = append(res.Suppressed, f)
			continue
		}
		f.Suppressed = nil
		kept = append(kept, f)
	}
	res.Findings = res.Hide(kept, o.Public, o.Examples)
	tokens := map[string]bool{}
	for i := range res.Findings {
		f := &res.Findings[i]
		if f.Identity != "" && !tokens[f.Identity] {
			tokens[f.Identity] = true
			res.Credentials++
		}
		f.Origin = nil
	}
	return res
}

// call gives each repository the name that the report calls it by, and sorts by it. What two are called the same is
// followed by how each was listed. The facts that were given stay as they are.
func call(given []*facts, from NameFrom) (all []*facts, list []finding.Repository) {
	given = slices.Clone(given)
	// Shards may overlap: what was read twice is told once, and rather what was read whole.
	slices.SortStableFunc(given, func(a, b *facts) int {
		return cmp.Or(strings.Compare(a.Repository, b.Repository), cmp.Compare(len(a.Skipped), len(b.Skipped)),
			strings.Compare(a.Digest, b.Digest))
	})
	given = slices.CompactFunc(given, func(a, b *facts) bool { return a.Repository == b.Repository })
	count := map[string]int{}
	nameOf := func(f *facts) string {
		if from == ByRemote && f.Home.Remote != "" {
			return f.Home.Remote
		}
		return f.Repository
	}
	for _, f := range given {
		count[nameOf(f)]++
	}
	for _, f := range given {
		named := *f
		if named.Repository = nameOf(f); count[named.Repository] > 1 {
			named.Repository += " (" + f.Repository + ")"
		}
		all = append(all, &named)
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(all[i].Repository, all[j].Repository) })
	sorted := make([]*facts, len(all))
	for at, i := range order {
		sorted[at] = all[i]
		h := all[i].Home
		list = append(list, finding.Repository{Name: all[i].Repository, Path: given[i].Repository, Web: h.Web,
			Revision: h.Revision, Branch: h.Branch})
	}
	return sorted, list
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

// sortFindings sorts by repository, then as in every report.
func sortFindings(all []finding.Finding) {
	finding.Sort(all)
	sort.SliceStable(all, func(i, j int) bool { return strings.Compare(all[i].Repository, all[j].Repository) < 0 })
}
