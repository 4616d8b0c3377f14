package scanner

import (
	"slices"
	"sort"
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
	inParallel(len(names), in.Jobs(), func(i int) { found[i] = resolve(sets[names[i]], in.opts) })
	all := slices.Concat(found...)
	if in.after != nil {
		all = in.after(all)
	}
	return all
}
