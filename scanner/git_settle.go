package scanner

import (
	"slices"
	"sort"

	"github.com/unleaked/unleaked/policy"
)

// A resolved is what one set of files comes to before its credentials are settled.
type resolved struct {
	records  []*Record
	settings []Finding
	demand   demandCount
}

// settle resolves what was kept, each set of files by itself: names are not followed from one commit's files to
// another's.
func (in *Intake) settle() []Finding {
	sets := map[string][]*unit{}
	var names []string
	for i := range in.units {
		u := &in.units[i]
		if _, ok := sets[u.tree]; !ok {
			names = append(names, u.tree)
		}
		sets[u.tree] = append(sets[u.tree], u)
	}
	sort.Strings(names)
	all := make([]resolved, len(names))
	inParallel(len(names), in.Jobs(), func(i int) {
		all[i] = in.opts.memo.resolve(names[i], sets[names[i]], in.libraries[names[i]], in.opts.collect != nil)
		in.know(all[i].records)
	})
	for i := range all {
		in.demand.add(all[i].demand)
	}
	if in.join != nil {
		in.join(names, all)
	}
	found := make([][]Finding, len(names))
	inParallel(len(names), in.Jobs(), func(i int) {
		list := SettleRecords(all[i].records)
		for k := range list {
			if in.opts.collect == nil {
				list[k].Origin = nil
			}
		}
		found[i] = append(list, all[i].settings...)
	})
	for i := range names {
		in.opts.collect.add(all[i].records, names[i])
	}
	told := slices.Concat(found...)
	directives := make([][]policy.Directive, len(in.units))
	for i := range in.units {
		directives[i] = in.units[i].directives
	}
	policy.Mark(directives, told)
	if in.after != nil {
		told = in.after(told)
	}
	return told
}
