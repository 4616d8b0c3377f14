package scanner

import (
	"maps"
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

// sets are the sets of files that were kept and are not concluded, with their names in order.
func (in *Intake) sets() (names []string, sets map[string][]*unit) {
	sets = map[string][]*unit{}
	for i := range in.units {
		u := &in.units[i]
		if _, ok := in.concluded[u.tree]; ok {
			continue
		}
		if _, ok := sets[u.tree]; !ok {
			names = append(names, u.tree)
		}
		sets[u.tree] = append(sets[u.tree], u)
	}
	sort.Strings(names)
	return names, sets
}

// resolveSet resolves the files of one set.
func (in *Intake) resolveSet(name string, units []*unit) resolved {
	r := in.opts.memo.resolve(name, units, in.libraries[name], in.opts.collect != nil)
	in.know(r.records)
	return r
}

// conclude resolves the sets that were kept: nothing is to be added to them any more. Their facts are let go, which take
// many times the room of what they come to.
func (in *Intake) conclude() {
	in.inOrder()
	names, sets := in.sets()
	if in.concluded == nil {
		in.concluded = map[string]resolved{}
	}
	for _, name := range names {
		in.concluded[name] = in.resolveSet(name, sets[name])
	}
	in.libraries = nil
	in.units = slices.DeleteFunc(in.units, func(u unit) bool { return len(u.directives)+len(u.hashes) == 0 })
	for i := range in.units {
		in.units[i].facts = nil
	}
}

// settle resolves what was kept, each set of files by itself: names are not followed from one commit's files to
// another's.
func (in *Intake) settle() []Finding {
	open, sets := in.sets()
	names := append(slices.Collect(maps.Keys(in.concluded)), open...)
	sort.Strings(names)
	all := make([]resolved, len(names))
	inParallel(len(names), in.Jobs(), func(i int) {
		if r, ok := in.concluded[names[i]]; ok {
			all[i] = r
		} else {
			all[i] = in.resolveSet(names[i], sets[names[i]])
		}
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
