package scanner

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"sort"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A treeGraph is the trees of a repository, as far as they lead to the blobs that are to be located. Trees, blobs and
// commits go by their numbers in the database.
type treeGraph struct {
	mu    sync.Mutex
	names []string
	byStr map[string]int32
	// lists are the edges of every tree, by its number: its folders, and the wanted blobs in it; after prune only those
	// that lead to a wanted blob.
	lists [][]edge
}

// edges are those of a tree.
func (g *treeGraph) edges(tree int32) []edge { return g.lists[tree] }

// leads reports whether a tree leads to a wanted blob.
func (g *treeGraph) leads(tree int32) bool { return len(g.lists[tree]) > 0 }

// An edge is an entry of a tree.
type edge struct {
	to   int32 // number of a tree or a blob
	name int32
	blob bool
}

// name is the number of a name, and the name.
func (g *treeGraph) name(raw []byte) (int32, string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, ok := g.byStr[string(raw)]
	if !ok {
		n = int32(len(g.names))
		s := string(raw)
		g.names = append(g.names, s)
		g.byStr[s] = n
	}
	return n, g.names[n]
}

// wantedSet tells fast which raw ids are those of blobs to locate.
type wantedSet struct {
	bits [1 << 16 / 64]uint64 // of the first two bytes
	ids  map[gitdb.Hash]int32
}

func (s *historyScan) wanted() *wantedSet {
	w := &wantedSet{ids: make(map[gitdb.Hash]int32, len(s.blobs))}
	for n, b := range s.blobs {
		w.ids[b.id] = int32(n)
		k := binary.LittleEndian.Uint16(b.id.Bytes())
		w.bits[k/64] |= 1 << (k % 64)
	}
	return w
}

func (w *wantedSet) find(raw []byte) (int32, bool) {
	k := binary.LittleEndian.Uint16(raw)
	if w.bits[k/64]&(1<<(k%64)) == 0 {
		return 0, false
	}
	n, ok := w.ids[gitdb.HashOf(raw)]
	return n, ok
}

// A treeReader is what one goroutine keeps between two objects: the folders that it looked up last, and lists.
type treeReader struct {
	recent [1 << 13]recentTree
	names  []string // of the graph, as far as they were asked for
	edges  []freshEdge
	arena  []edge // room for more lists
}

// A recentTree is a folder that was looked up.
type recentTree struct {
	raw  [32]byte
	n    int32
	name int32  // the number of its name, where text is not ""
	text string // its name
}

// A freshEdge is an edge whose name may have no number yet.
type freshEdge struct {
	edge
	raw  []byte
	slot *recentTree // where to note the number of the name, nil for nowhere
}

// reader is a treeReader of this repository: in another one, objects have other numbers.
func (s *historyScan) reader() *treeReader {
	if t, ok := s.readers.Get().(*treeReader); ok {
		return t
	}
	return new(treeReader)
}

// folder is the edge to a folder in a tree; ok is false where the repository lacks it.
func (t *treeReader) folder(s *historyScan, tree int, e *gitdb.TreeEntry) (_ freshEdge, ok bool) {
	slot := &t.recent[binary.LittleEndian.Uint16(e.Raw)%uint16(len(t.recent))]
	if !bytes.Equal(slot.raw[:len(e.Raw)], e.Raw) {
		n, ok := s.child(tree, e.Raw)
		if !ok {
			return freshEdge{}, false
		}
		copy(slot.raw[:], e.Raw)
		slot.n, slot.text = int32(n), ""
	}
	if s.kin != nil {
		s.kin.named(tree, int(slot.n))
	}
	if slot.text == string(e.Name) {
		return freshEdge{edge: edge{to: slot.n, name: slot.name}}, true
	}
	return freshEdge{edge{to: slot.n}, e.Name, slot}, true
}

// trees reads all trees: for names that hold something, for objects that are missing, and for the ways to the blobs to
// locate.
func (s *historyScan) trees() error {
	if s.graph == nil {
		s.graph = &treeGraph{byStr: map[string]int32{}}
	}
	g, want := s.graph, s.wanted()
	if len(want.ids) > 0 && g.lists == nil {
		g.lists = make([][]edge, s.numbered())
	}
	err := s.each(func(t gitdb.Type) bool { return t == gitdb.Tree }, func(k *worker, v *gitdb.Visit) {
		s.marks[v.N] |= markSeen
		s.in.Count(0, 1, 0, int64(len(v.Data)))
		t := s.reader()
		defer s.readers.Put(t)
		s.tree(k, t, v, want)
		if len(want.ids) > 0 && len(t.edges) > 0 {
			g.lists[v.N] = t.keep(g)
		}
	})
	if err != nil {
		return err
	}
	var read []int32
	if s.kin != nil {
		read = s.kin.freshTrees()
	}
	s.graph.prune(read)
	s.graph.compact(read)
	return nil
}

// child is the number of what a tree names; ok is false where the repository lacks it.
func (s *historyScan) child(tree int, raw []byte) (n int, ok bool) {
	if s.kin == nil {
		return s.db.NumberRaw(raw)
	}
	n = s.kin.union.Find(raw)
	return n, s.kin.named(tree, n)
}

// tree reads a tree and leaves its edges in t. One that was unfolded from another is read only from the first entry
// that differs to the last: the entries of a tree are in order, and the edges before and behind are those of the other.
func (s *historyScan) tree(k *worker, t *treeReader, v *gitdb.Visit, want *wantedSet) {
	t.edges = t.edges[:0]
	e := gitdb.NewTreeText(v.Data, s.db.HashLen())
	if s.kin != nil && v.Derived && !s.kin.sameHolders(v.N, v.Base) {
		v.Derived = false // what all have that hold the other, not all have that hold this one
	}
	var behind []edge // of the other tree, from the first entry that differs on
	if v.Derived && len(want.ids) > 0 {
		behind = s.graph.lists[v.Base]
	}
	spans, met := v.Changed, false
	var same gitdb.TreeEntry // the latest before the first that differs
	for {
		ok, err := e.Next()
		if err != nil {
			k.told++
			s.in.Skip(s.prefix+"tree "+v.ID.String(), err.Error())
		}
		if !ok {
			return
		}
		if v.Derived {
			for len(spans) > 0 && spans[0].End < e.At {
				spans = spans[1:]
			}
			if len(spans) == 0 {
				// From here on the two are the same.
				t.edges = appendCopied(t.edges, t.from(s.graph, behind, &e.TreeEntry))
				return
			}
			if !met {
				if spans[0].Start > e.End {
					same = e.TreeEntry
					continue
				}
				met = true
				// What the other has between the two may be gone.
				n := len(behind) - len(t.from(s.graph, behind, &same))
				if n < len(behind) && t.text(s.graph, behind[n].name) == string(same.Name) {
					n++
				}
				t.edges = appendCopied(t.edges, behind[:n])
				behind = behind[n:]
			}
		}
		// What is copied was looked at in the tree that it was copied from.
		fresh := !v.Derived || spans[0].Start <= e.End
		if fresh && len(e.Name) >= open.MinRun {
			s.text(k, ".git/trees/"+v.ID.String(), "blob", e.Name, nil)
		}
		switch {
		case e.IsTree():
			if len(want.ids) == 0 && !fresh {
				continue
			}
			if to, ok := t.folder(s, v.N, &e.TreeEntry); ok {
				t.edges = append(t.edges, to)
			} else {
				s.miss(e.ID())
			}
		case e.IsBlob():
			n, wanted := want.find(e.Raw)
			if wanted {
				t.edges = append(t.edges, freshEdge{edge{to: n, blob: true}, e.Name, nil})
			}
			if fresh && (!wanted || s.kin != nil) {
				if _, ok := s.child(v.N, e.Raw); !ok {
					s.miss(e.ID())
				}
			}
		}
	}
}

func appendCopied(out []freshEdge, edges []edge) []freshEdge {
	for _, e := range edges {
		out = append(out, freshEdge{edge: e})
	}
	return out
}

// from are those of a tree's edges that stand at an entry or behind it.
func (t *treeReader) from(g *treeGraph, edges []edge, e *gitdb.TreeEntry) []edge {
	i := sort.Search(len(edges), func(i int) bool {
		return compareEntries(t.text(g, edges[i].name), !edges[i].blob, e.Name, e.IsTree()) >= 0
	})
	return edges[i:]
}

// text is the name of a number.
func (t *treeReader) text(g *treeGraph, name int32) string {
	if int(name) >= len(t.names) {
		g.mu.Lock()
		t.names = g.names // what is in the list stays as it is
		g.mu.Unlock()
	}
	return t.names[name]
}

// compareEntries orders two entries as git does: by their bytes, as if a slash ended the name of a folder.
func compareEntries(a string, aTree bool, b []byte, bTree bool) int {
	n := min(len(a), len(b))
	if a[:n] != string(b[:n]) {
		if a[:n] < string(b[:n]) {
			return -1
		}
		return 1
	}
	x, y := 0, 0 // what follows; nothing comes first
	switch {
	case n < len(a):
		x = int(a[n])
	case aTree:
		x = '/'
	}
	switch {
	case n < len(b):
		y = int(b[n])
	case bTree:
		y = '/'
	}
	return cmp.Compare(x, y)
}

// keep is a list of the edges of the latest tree.
func (t *treeReader) keep(g *treeGraph) []edge {
	n := len(t.edges)
	if len(t.arena) < n {
		t.arena = make([]edge, max(n, 1<<14))
	}
	own := t.arena[:n:n]
	t.arena = t.arena[n:]
	for i := range t.edges {
		f := &t.edges[i]
		if f.raw != nil {
			var text string
			f.edge.name, text = g.name(f.raw)
			if f.slot != nil {
				f.slot.name, f.slot.text = f.edge.name, text
			}
		}
		own[i] = f.edge
	}
	return own
}

// miss notes an object that a tree or a commit names and nobody has.
func (s *historyScan) miss(id gitdb.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.missing) < 10000 {
		s.missing[id] = true
	} else if !s.missing[id] {
		s.lost++
	}
}

// prune takes away all edges that do not lead to a wanted blob, of the trees that were read; nil for all. Of the others
// they were taken away before.
func (g *treeGraph) prune(read []int32) {
	const (
		unknown = iota
		open
		done
	)
	state := make([]uint8, len(g.lists))
	if read != nil && len(g.lists) > 0 {
		for i := range state {
			state[i] = done
		}
		for _, tree := range read {
			state[tree] = unknown
		}
	}
	type frame struct {
		tree       int32
		next, kept int
	}
	var stack []frame
	for tree := range g.lists {
		if state[tree] != unknown || len(g.lists[tree]) == 0 {
			continue
		}
		stack = append(stack[:0], frame{tree: int32(tree)})
		state[tree] = open
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			list := g.lists[f.tree]
			if f.next == len(list) {
				g.lists[f.tree] = list[:f.kept]
				state[f.tree] = done
				stack = stack[:len(stack)-1]
				continue
			}
			e := list[f.next]
			if !e.blob && state[e.to] == unknown && len(g.lists[e.to]) > 0 {
				state[e.to] = open // and then this edge again
				stack = append(stack, frame{tree: e.to})
				continue
			}
			f.next++
			if e.blob || state[e.to] == done && len(g.lists[e.to]) > 0 {
				list[f.kept] = e
				f.kept++
			}
		}
	}
}

// compact lets the room go that edges which were taken away stood in, of the trees that were read; nil for all.
func (g *treeGraph) compact(read []int32) {
	if len(g.lists) == 0 {
		return
	}
	n := len(read)
	at := func(i int) int { return int(read[i]) }
	if read == nil {
		n, at = len(g.lists), func(i int) int { return i }
	}
	total := 0
	for i := range n {
		total += len(g.lists[at(i)])
	}
	kept := make([]edge, 0, total)
	for i := range n {
		tree, from := at(i), len(kept)
		kept = append(kept, g.lists[tree]...)
		g.lists[tree] = kept[from:len(kept):len(kept)]
	}
}

// at is what stands under a name in a tree, -1 for nothing wanted.
func (g *treeGraph) at(tree, name int32) (to int32, blob bool) {
	if int(tree) >= len(g.lists) {
		return -1, false
	}
	for _, e := range g.lists[tree] {
		if e.name == name {
			return e.to, e.blob
		}
	}
	return -1, false
}
