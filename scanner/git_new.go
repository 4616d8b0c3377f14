package scanner

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// A newness tells which findings are new at their path: those whose credential no older version of the path holds.
type newness struct {
	s  *historyScan
	mu sync.Mutex
	// before is what stood at a path before, by commit ("" for the index) and path.
	before map[newKey][]gitdb.Hash
	texts  map[gitdb.Hash]*olderText
}

type newKey struct{ commit, path string }

// An olderText is what stood at a path before.
type olderText struct {
	text    []byte
	secrets []rules.Secret
	placed  []uint64
}

func newNewness(s *historyScan) *newness {
	return &newness{s: s, before: map[newKey][]gitdb.Hash{}, texts: map[gitdb.Hash]*olderText{}}
}

func (n *newness) older(id gitdb.Hash) *olderText {
	n.mu.Lock()
	o := n.texts[id]
	n.mu.Unlock()
	if o != nil {
		return o
	}
	o = &olderText{}
	_, text, err := n.s.db.Read(id)
	if err != nil {
		// What cannot be read holds nothing: its successor is told of as new.
		n.s.in.Skip(n.s.prefix+"object "+id.String(), err.Error())
	} else {
		k := workers.Get().(*worker)
		g := n.s.looker(k).Content(id.String(), text)
		workers.Put(k)
		o.text, o.secrets, o.placed = text, g.Secrets, g.Placed
	}
	n.mu.Lock()
	n.texts[id] = o
	n.mu.Unlock()
	return o
}

// tidings are what a blob brings that none of the older versions of its path held.
type tidings uint8

const (
	noNews tidings = iota
	maybe          // something that its place may make a credential, or what cannot be told before it is read
	aSecret
)

// brings says what is new in a blob. It is asked before the engine reads it.
func (n *newness) brings(text []byte, name string, before []gitdb.Hash) tidings {
	if isPointer(text) {
		return maybe // what it stands for is read then
	}
	k := workers.Get().(*worker)
	g := n.s.looker(k).Content(name, text)
	workers.Put(k)
	if g.Trouble {
		return maybe
	}
	if len(g.Secrets) == 0 && len(g.Placed) == 0 && !g.Mentioned {
		return noNews
	}
	old := map[rules.Secret]bool{}
	oldPlaced := map[uint64]bool{}
	for _, id := range before {
		o := n.older(id)
		for _, v := range o.secrets {
			old[v] = true
		}
		for _, h := range o.placed {
			oldPlaced[h] = true
		}
	}
	for _, v := range g.Secrets {
		if !old[v] {
			return aSecret
		}
	}
	for _, h := range g.Placed {
		if !oldPlaced[h] {
			return maybe
		}
	}
	if g.Mentioned && len(before) == 0 {
		return maybe
	}
	return noNews
}

// isNew reports whether no older version of a finding's path holds its credential, or its line where it has none.
func (n *newness) isNew(f *Finding) bool {
	commit := ""
	if f.Git != nil {
		commit = f.Git.Commit
	}
	name := strings.TrimPrefix(f.File, n.s.prefix)
	n.mu.Lock()
	before, ok := n.before[newKey{commit, name}]
	if !ok {
		outer, _, _ := strings.Cut(name, "!")
		before = n.before[newKey{commit, outer}]
	}
	n.mu.Unlock()
	for _, id := range before {
		o := n.older(id)
		if standsIn(f, o.text) || !f.Secret.IsZero() && slices.Contains(o.secrets, f.Secret) {
			return false
		}
	}
	return true
}

// standsIn reports whether a text holds a finding's credential as it is, or its line where it has none.
func standsIn(f *Finding, text []byte) bool {
	if !f.Secret.IsZero() {
		return bytes.Contains(text, []byte(f.Secret.Reveal()))
	}
	for _, l := range f.Excerpt {
		if l.Number == f.Line && len(l.Text) > 0 && bytes.Contains(text, []byte(strings.TrimSpace(l.Text))) {
			return true
		}
	}
	return false
}
