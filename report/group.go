package report

import (
	"cmp"
	"slices"

	"github.com/unleaked/unleaked/finding"
)

// A group is the findings of one credential: the one to look at first, and the others in the order of the result.
type group struct {
	lead *finding.Finding
	rest []*finding.Finding
}

// groups are the findings by credential, in the order of their leads. The lead is the most severe finding that nobody
// has suppressed, the first of several. A setting without a credential is a group of its own.
func groups(list []finding.Finding) []group {
	var all []group
	where := map[string]int{}
	for i := range list {
		f := &list[i]
		id := identity(f)
		at, known := where[id]
		if id == "" || !known {
			where[id] = len(all)
			all = append(all, group{lead: f})
			continue
		}
		g := &all[at]
		if leads(f, g.lead) {
			f, g.lead = g.lead, f
		}
		g.rest = append(g.rest, f)
	}
	order := make(map[*finding.Finding]int, len(list))
	for i := range list {
		order[&list[i]] = i
	}
	byOrder := func(a, b *finding.Finding) int { return cmp.Compare(order[a], order[b]) }
	for _, g := range all {
		slices.SortFunc(g.rest, byOrder)
	}
	slices.SortFunc(all, func(a, b group) int { return byOrder(a.lead, b.lead) })
	return all
}

// leads reports whether a finding is to be looked at before another that comes earlier.
func leads(f, before *finding.Finding) bool {
	if on, was := f.Suppressed == nil, before.Suppressed == nil; on != was {
		return on
	}
	return f.Severity > before.Severity
}

// shared reports whether a credential stands in more than one repository of a sweep.
func (g *group) shared() bool {
	return slices.ContainsFunc(g.rest, func(f *finding.Finding) bool { return f.Repository != g.lead.Repository })
}

// placesByRepository are the findings of some groups by their repository, those of each in the order of the groups.
func placesByRepository(list []group) map[string][]*finding.Finding {
	out := map[string][]*finding.Finding{}
	for _, g := range list {
		for _, f := range append([]*finding.Finding{g.lead}, g.rest...) {
			out[f.Repository] = append(out[f.Repository], f)
		}
	}
	return out
}
