package scanner

import (
	"encoding/binary"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// A treeGraph is the trees of a repository, as far as they lead to the blobs that are to be located. Trees, blobs and commits go by their
// numbers in the database.
type treeGraph struct {
	mu    sync.Mutex
	names []string
	byStr map[string]int32
	// edges of every tree: its folders, and the wanted blobs in it.
	edges map[int32][]edge
	leads map[int32]bool // trees that lead to a wanted blob
}

// An edge is an entry of a tree.
type edge struct {
	to   int32 // number of a tree or a blob
	name int32
	blob bool
}

func (g *treeGraph) name(raw []byte) int32 {
	if n, ok := g.byStr[string(raw)]; ok {
		return n
	}
	n := int32(len(g.names))
	s := string(raw)
	g.names = append(g.names, s)
	g.byStr[s] = n
	return n
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

// A treeReader is what one goroutine keeps between two objects: the numbers that it looked up last, and a list.
type treeReader struct {
	recent [1 << 12]struct {
		raw gitdb.Hash
		n   int32
	}
	spans []gitdb.Span
}

var treeReaders = sync.Pool{New: func() any { return new(treeReader) }}

func (t *treeReader) number(db *gitdb.DB, raw []byte) (int32, bool) {
	slot := &t.recent[binary.LittleEndian.Uint16(raw)%uint16(len(t.recent))]
	h := gitdb.HashOf(raw)
	if slot.raw == h {
		return slot.n, true
	}
	n, ok := db.NumberRaw(raw)
	if ok {
		slot.raw, slot.n = h, int32(n)
	}
	return int32(n), ok
}

// trees reads all trees: for names that hold something, for objects that are missing, and for the ways to the blobs to locate.
func (s *historyScan) trees() error {
	g := &treeGraph{byStr: map[string]int32{}, edges: map[int32][]edge{}, leads: map[int32]bool{}}
	s.graph = g
	want := s.wanted()
	hashLen := s.db.HashLen()
	err := s.each(func(t gitdb.Type) bool { return t == gitdb.Tree }, func(k *worker, v *gitdb.Visit) {
		s.marks[v.N] |= markSeen
		s.in.Count(0, 1, 0, int64(len(v.Data)))
		t := treeReaders.Get().(*treeReader)
		defer treeReaders.Put(t)
		spans := v.Changed
		data := v.Data
		type found struct {
			edge
			raw []byte
		}
		var list []found
		for {
			at := len(v.Data) - len(data)
			e, rest, ok, err := gitdb.NextEntry(data, hashLen)
			if err != nil {
				s.in.Skip(s.prefix+"tree "+v.ID.String(), err.Error())
				break
			}
			if !ok {
				break
			}
			data = rest
			end := len(v.Data) - len(data)
			// What is copied was looked at in the tree that it was copied from.
			fresh := !v.Derived
			if v.Derived {
				for len(spans) > 0 && spans[0].End < at {
					spans = spans[1:]
				}
				fresh = len(spans) > 0 && spans[0].Start <= end
			}
			if fresh && len(e.Name) >= minRun {
				s.text(k, ".git/trees/"+v.ID.String(), "blob", e.Name, nil)
			}
			switch {
			case e.IsTree():
				if len(want.ids) == 0 && !fresh {
					continue
				}
				n, ok := t.number(s.db, e.Raw)
				if !ok {
					s.miss(e.ID())
					continue
				}
				list = append(list, found{edge{to: n}, e.Name})
			case e.IsBlob():
				if n, ok := want.find(e.Raw); ok {
					list = append(list, found{edge{to: n, blob: true}, e.Name})
				} else if fresh {
					if _, ok := t.number(s.db, e.Raw); !ok {
						s.miss(e.ID())
					}
				}
			}
		}
		if len(want.ids) == 0 || len(list) == 0 {
			return
		}
		own := make([]edge, len(list))
		g.mu.Lock()
		for i, f := range list {
			f.edge.name = g.name(f.raw)
			own[i] = f.edge
		}
		g.edges[int32(v.N)] = own
		g.mu.Unlock()
	})
	if err != nil {
		return err
	}
	s.graph.prune()
	return nil
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

// prune finds the trees that lead to a wanted blob, and forgets the others.
func (g *treeGraph) prune() {
	const (
		unknown = iota
		open
		no
		yes
	)
	state := make(map[int32]uint8, len(g.edges))
	type frame struct {
		tree int32
		i    int
		lead bool
	}
	var stack []frame
	for tree := range g.edges {
		if state[tree] != unknown {
			continue
		}
		stack = append(stack[:0], frame{tree: tree})
		state[tree] = open
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			edges := g.edges[f.tree]
			if f.i == len(edges) {
				state[f.tree] = no
				lead := f.lead
				if lead {
					state[f.tree] = yes
				}
				stack = stack[:len(stack)-1]
				if lead && len(stack) > 0 {
					stack[len(stack)-1].lead = true
				}
				continue
			}
			e := edges[f.i]
			f.i++
			if e.blob {
				f.lead = true
				continue
			}
			switch state[e.to] {
			case unknown:
				state[e.to] = open
				stack = append(stack, frame{tree: e.to})
			case yes:
				f.lead = true
			}
		}
	}
	for tree, edges := range g.edges {
		if state[tree] != yes {
			delete(g.edges, tree)
			continue
		}
		g.leads[tree] = true
		kept := edges[:0]
		for _, e := range edges {
			if e.blob || state[e.to] == yes {
				kept = append(kept, e)
			}
		}
		g.edges[tree] = kept
	}
}

// at is what stands under a name in a tree, -1 for nothing wanted.
func (g *treeGraph) at(tree, name int32) (to int32, blob bool) {
	for _, e := range g.edges[tree] {
		if e.name == name {
			return e.to, e.blob
		}
	}
	return -1, false
}
