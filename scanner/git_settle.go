package scanner

import (
	"slices"
	"sort"
	"sync/atomic"

	"github.com/unleaked/unleaked/policy"
)

// A resolved is what one set of files comes to before its credentials are settled.
type resolved struct {
	records  []*Record
	settings []Finding
}

// settle resolves what was kept, each set of files by itself: names are not followed from one commit's files to
// another's.
func (in *Intake) settle() []Finding {
	sets := map[string][]*fileFacts{}
	var names []string
	for i := range in.units {
		u := &in.units[i]
		if _, ok := sets[u.tree]; !ok {
			names = append(names, u.tree)
		}
		sets[u.tree] = append(sets[u.tree], u.facts)
	}
	sort.Strings(names)
	all := make([]resolved, len(names))
	var asked atomic.Int64
	inParallel(len(names), in.Jobs(), func(i int) {
		r, read := &all[i], 0
		r.records, r.settings, read = resolve(sets[names[i]], in.libraries[names[i]], in.opts.collect != nil)
		in.know(r.records)
		asked.Add(int64(read))
	})
	if in.join != nil {
		in.join(names, all)
	}
	found := make([][]Finding, len(names))
	inParallel(len(names), in.Jobs(), func(i int) {
		list := SettleRecords(all[i].records)
		if in.opts.collect != nil {
			in.opts.collect.add(all[i].records, names[i])
		} else {
			for k := range list {
				list[k].Origin = nil
			}
		}
		found[i] = append(list, all[i].settings...)
	})
	in.asked = int(asked.Load())
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
