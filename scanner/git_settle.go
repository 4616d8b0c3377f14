package scanner

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// settle resolves what was kept, each set of files by itself: names are not followed from one commit's files to another's.
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
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(in.Jobs(), len(names)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				found[i] = resolve(sets[names[i]], in.opts)
			}
		})
	}
	wg.Wait()
	all := slices.Concat(found...)
	if in.after != nil {
		all = in.after(all)
	}
	return all
}
