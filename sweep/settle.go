package sweep

import (
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
	sort.SliceStable(all, func(i, j int) bool { return all[i].Repository < all[j].Repository })
	res := &finding.Result{Mode: "sweep"}
	var records []*scanner.Record
	var findings []finding.Finding
	for _, f := range all {
		res.Coverage.Files += f.Files
		res.Coverage.Bytes += f.Bytes
		res.Coverage.Objects += f.Objects
		res.Coverage.Commits += f.Commits
		res.Coverage.Ignored += f.Ignored
		res.Coverage.Elsewhere += f.Elsewhere
		res.Coverage.Skipped = append(res.Coverage.Skipped, f.Skipped...)
		res.Notices = append(res.Notices, f.Notices...)
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
	tokens := map[any]bool{}
	for i := range res.Findings {
		f := &res.Findings[i]
		if r, _ := f.Origin.(*scanner.Record); r != nil && !tokens[r.Key] {
			tokens[r.Key] = true
			res.Credentials++
		}
		f.Origin = nil
	}
	return res
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
