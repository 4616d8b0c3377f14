package scanner

import (
	"container/heap"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// Where commits are reached from, as bits of commitRec.reach.
const (
	fromRefs  = 1 << iota // a branch, a tag, or another ref but notes
	fromNotes             // refs/notes
)

// arrange puts the commits in order, and notes what refs and the index name. It needs no trees.
func (s *historyScan) arrange() {
	if !s.held {
		refs, err := s.repo.Refs()
		if err != nil {
			s.in.Skip(s.prefix+"refs", err.Error())
		}
		s.refs = refs
	}
	byID := make(map[gitdb.Hash]int, len(s.commits))
	// The order of the walk must not depend on the order in which goroutines met the commits.
	slices.SortFunc(s.commits, func(a, b commitRec) int { return a.id.Compare(b.id) })
	for i := range s.commits {
		byID[s.commits[i].id] = i
	}
	s.byID = byID
	for _, id := range s.absent {
		s.miss(id)
	}
	for _, b := range s.blobs {
		b.staged = s.staged[b.id]
	}
	s.reach()
	for i := range s.commits {
		c := &s.commits[i]
		if c.reach == 0 {
			continue // what nothing leads to may be cut off anywhere
		}
		if _, ok := s.number(c.tree); !ok && c.tree != s.db.EmptyTree() {
			s.miss(c.tree)
		}
		if s.repo.Shallow[c.id] {
			continue
		}
		for _, p := range c.parents {
			if _, ok := byID[p]; !ok {
				s.miss(p)
			}
		}
	}
	if len(s.blobs) > 0 {
		s.byAge()
	}
}

// byAge puts the commits in order, where that was not done.
func (s *historyScan) byAge() {
	if s.order != nil {
		return
	}
	s.order = s.ageOrder()
	s.place = make([]int, len(s.commits))
	for pos, i := range s.order {
		s.place[i] = pos
	}
}

// locate finds, for every blob in which there is something, the paths at which commits bring it in, and the oldest
// commit for each.
func (s *historyScan) locate() error {
	s.tellMissing()
	if len(s.blobs) == 0 {
		return s.ctx.Err()
	}
	byID := s.byID
	seen := map[placeKey]bool{}
	paths := &pathTable{byKey: map[[2]int32]int32{}, parent: []int32{-1}, name: []int32{-1}}
	for pos, ci := range s.order {
		c := &s.commits[ci]
		tree, ok := s.number(c.tree)
		if !ok || !s.graph.leads(int32(tree)) {
			continue
		}
		var before []int32
		for _, p := range c.parents {
			pi, ok := byID[p]
			if !ok {
				continue
			}
			if n, ok := s.number(s.commits[pi].tree); ok && s.graph.leads(int32(n)) {
				before = append(before, int32(n))
			}
		}
		s.graph.diff(int32(tree), before, 0, paths, 0, func(blob, path int32) {
			key := placeKey{blob, path}
			if seen[key] {
				return
			}
			seen[key] = true
			b := s.blobs[int(blob)]
			b.at = append(b.at, place{path: paths.text(path, s.graph.names), commit: pos})
		})
		if pos%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
	}
	return s.ctx.Err()
}

type placeKey struct{ blob, path int32 }

// A pathTable numbers paths: each is a name below another path.
type pathTable struct {
	byKey        map[[2]int32]int32
	parent, name []int32
}

func (t *pathTable) of(parent, name int32) int32 {
	key := [2]int32{parent, name}
	if n, ok := t.byKey[key]; ok {
		return n
	}
	n := int32(len(t.parent))
	t.parent = append(t.parent, parent)
	t.name = append(t.name, name)
	t.byKey[key] = n
	return n
}

func (t *pathTable) text(n int32, names []string) string {
	var parts []string
	for ; n > 0; n = t.parent[n] {
		parts = append(parts, names[t.name[n]])
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "/")
}

// diff tells of the wanted blobs in tree that none of the trees before has at the same path.
func (g *treeGraph) diff(tree int32, before []int32, dir int32, paths *pathTable, depth int,
	found func(blob, path int32)) {
	if depth > 4096 {
		return
	}
	for _, b := range before {
		if b == tree {
			return
		}
	}
	var below []int32
next:
	for _, e := range g.edges(tree) {
		below = below[:0]
		for _, b := range before {
			to, blob := g.at(b, e.name)
			if to == e.to && blob == e.blob {
				continue next
			}
			if to >= 0 && !blob && !e.blob {
				below = append(below, to)
			}
		}
		path := paths.of(dir, e.name)
		if e.blob {
			found(e.to, path)
			continue
		}
		g.diff(e.to, append([]int32(nil), below...), path, paths, depth+1, found)
	}
}

// reach marks the commits that refs lead to.
func (s *historyScan) reach() {
	walk := func(from gitdb.Hash, bit uint8) {
		id := from
		if _, ok := s.byID[id]; !ok { // no commit: a tag, perhaps
			to, typ, err := s.repo.Peel(from)
			if err != nil || typ != gitdb.Commit {
				return
			}
			id = to
		}
		todo := []int{}
		push := func(id gitdb.Hash) {
			if i, ok := s.byID[id]; ok && s.commits[i].reach&bit == 0 {
				s.commits[i].reach |= bit
				todo = append(todo, i)
			}
		}
		push(id)
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, p := range s.commits[i].parents {
				push(p)
			}
		}
	}
	for _, r := range s.refs {
		if r.ID.IsZero() {
			continue
		}
		if _, ok := s.number(r.ID); !ok && strings.HasPrefix(r.Name, "refs/") {
			s.miss(r.ID)
			continue
		}
		switch {
		case strings.HasPrefix(r.Name, "refs/notes/"):
			walk(r.ID, fromNotes)
		case strings.HasPrefix(r.Name, "refs/") && r.Name != "refs/stash", r.Name == "HEAD":
			walk(r.ID, fromRefs)
		}
		if _, ok := s.byID[r.ID]; ok {
			continue
		}
		// A ref may stand on a blob.
		if id, typ, err := s.repo.Peel(r.ID); err == nil && typ == gitdb.Blob {
			if n, ok := s.number(id); ok && s.blobs[n] != nil && s.blobs[n].ref == "" {
				s.blobs[n].ref = r.Name
			}
		}
	}
}

// tellMissing reports the objects that are named and not there.
func (s *historyScan) tellMissing() {
	ids := make([]gitdb.Hash, 0, len(s.missing))
	for id := range s.missing {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i].Compare(ids[j]) < 0 })
	why := "the object is missing: git fsck tells more"
	if s.repo.Promisor {
		why = "the object is missing from a partial clone: git fetch --refetch --filter=blob:limit=1g brings it"
	}
	const most = 20
	for i, id := range ids {
		if i == most && len(ids)+s.lost > most+1 {
			s.in.Skip(s.prefix+fmt.Sprintf("%d more objects", len(ids)+s.lost-most), why)
			break
		}
		s.in.Skip(s.prefix+"object "+id.String(), why)
	}
}

// ageOrder is the commits, parents before children, older before younger; those that refs lead to come before those
// that only logs or nothing leads to, so that a text is put down to a commit that people can see.
func (s *historyScan) ageOrder() []int {
	n := len(s.commits)
	left := make([]int, n)
	kids := make([][]int32, n)
	for i := range s.commits {
		for _, p := range s.commits[i].parents {
			if pi, ok := s.byID[p]; ok && pi != i {
				left[i]++
				kids[pi] = append(kids[pi], int32(i))
			}
		}
	}
	h := &commitHeap{s: s}
	for i := range left {
		if left[i] == 0 {
			h.list = append(h.list, i)
		}
	}
	heap.Init(h)
	var order []int
	for h.Len() > 0 {
		i := heap.Pop(h).(int)
		order = append(order, i)
		for _, k := range kids[i] {
			if left[k]--; left[k] == 0 {
				heap.Push(h, int(k))
			}
		}
	}
	seen := order
	order = make([]int, 0, n)
	for _, want := range []bool{true, false} {
		for _, i := range seen {
			if (s.commits[i].reach&fromRefs != 0) == want {
				order = append(order, i)
			}
		}
	}
	return order
}

type commitHeap struct {
	s    *historyScan
	list []int
}

func (h *commitHeap) Len() int { return len(h.list) }
func (h *commitHeap) Less(i, j int) bool {
	a, b := &h.s.commits[h.list[i]], &h.s.commits[h.list[j]]
	if a.when != b.when {
		return a.when < b.when
	}
	return h.list[i] < h.list[j]
}
func (h *commitHeap) Swap(i, j int) { h.list[i], h.list[j] = h.list[j], h.list[i] }
func (h *commitHeap) Push(x any)    { h.list = append(h.list, x.(int)) }
func (h *commitHeap) Pop() any {
	n := len(h.list) - 1
	x := h.list[n]
	h.list = h.list[:n]
	return x
}
