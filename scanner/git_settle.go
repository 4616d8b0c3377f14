package scanner

import (
	"slices"
	"sort"
	"sync/atomic"

	"github.com/unleaked/unleaked/policy"
)

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
	found := make([][]Finding, len(names))
	var asked atomic.Int64
	inParallel(len(names), in.Jobs(), func(i int) {
		var lib *library
		if names[i] == "" {
			lib = in.library
		}
		records, settings, read := resolve(sets[names[i]], lib, in.opts.collect != nil)
		in.know(records)
		list := SettleRecords(records)
		if in.opts.collect != nil {
			in.opts.collect.add(records, names[i])
		} else {
			for k := range list {
				list[k].Origin = nil
			}
		}
		found[i] = append(list, settings...)
		asked.Add(int64(read))
	})
	in.asked = int(asked.Load())
	all := slices.Concat(found...)
	directives := make([][]policy.Directive, len(in.units))
	for i := range in.units {
		directives[i] = in.units[i].directives
	}
	policy.Mark(directives, all)
	if in.after != nil {
		all = in.after(all)
	}
	return all
}
