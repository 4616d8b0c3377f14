package scanner

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// mostRefs bounds the branches and tags that a finding lists.
const mostRefs = 20

// since keeps, of the findings of one credential at one path, those of the oldest commit, and says of each whether it
// still stands in HEAD and in which branches and tags.
func (s *historyScan) since(all []Finding) []Finding {
	all = s.creditTips(all)
	oldest := map[toldKey]int{}
	for i := range all {
		if pos, ok := s.position(&all[i]); ok {
			k := keyOf(&all[i])
			if old, ok := oldest[k]; !ok || pos < old {
				oldest[k] = pos
			}
		}
	}
	var t *tips
	kept := all[:0]
	for i := range all {
		f := &all[i]
		pos, ok := s.position(f)
		if !ok {
			kept = append(kept, *f)
			continue
		}
		if pos != oldest[keyOf(f)] {
			continue
		}
		if t == nil {
			t = s.tips()
		}
		g := *f.Git
		holds := func(tree gitdb.Hash) bool { return t.holds(s, tree, f) }
		if s.credited[f.Git] {
			holds = newHolder(s, f).in // the graph need not know the way to it
		}
		g.InHead = t.head != nil && holds(*t.head)
		for _, tip := range t.refs {
			if len(g.Refs) >= mostRefs {
				break
			}
			if holds(tip.tree) {
				g.Refs = append(g.Refs, tip.name)
			}
		}
		f.Git = &g
		kept = append(kept, *f)
	}
	return kept
}

// onlyNew keeps, of the findings of one credential at one path, those of the oldest commit, and of them what is new
// there. held fills in what still stands at the ends of the range, and in HEAD.
func (s *historyScan) onlyNew(all []Finding, held func(*Finding, *GitPlace)) []Finding {
	all = s.creditTips(all)
	var fresh []Finding
	oldest := map[toldKey]int{}
	for i := range all {
		f := &all[i]
		pos, ok := s.position(f)
		if !ok {
			fresh = append(fresh, *f)
			continue
		}
		if !s.isNew(f) {
			continue
		}
		k := keyOf(f)
		if old, ok := oldest[k]; !ok || pos < old {
			oldest[k] = pos
		}
		g := *f.Git
		held(f, &g)
		f.Git = &g
		fresh = append(fresh, *f)
	}
	kept := fresh[:0]
	for i := range fresh {
		if pos, ok := s.position(&fresh[i]); !ok || pos == oldest[keyOf(&fresh[i])] {
			kept = append(kept, fresh[i])
		}
	}
	return kept
}

// position is the place in the order of commits of the one that brings a finding's text in; ok is false of findings
// that are not of a commit's tree in this repository.
func (s *historyScan) position(f *Finding) (int, bool) {
	if f.Git == nil || f.Git.Commit == "" || f.Git.Blob == "" || !strings.HasPrefix(f.File, s.prefix) {
		return 0, false
	}
	id, err := gitdb.ParseHash(f.Git.Commit)
	if err != nil {
		return 0, false
	}
	i, ok := s.byID[id]
	if !ok {
		return 0, false
	}
	return s.place[i], true
}

// A tips is where branches and tags stand.
type tips struct {
	head *gitdb.Hash // the tree of HEAD
	refs []tip
	seen map[tipKey]bool
}

type tip struct {
	name string
	tree gitdb.Hash
}

type tipKey struct {
	blob   gitdb.Hash
	secret rules.Secret
}

func (s *historyScan) tips() *tips {
	t := &tips{seen: map[tipKey]bool{}}
	treeOf := func(id gitdb.Hash) (gitdb.Hash, bool) {
		i, ok := s.byID[id]
		if !ok {
			to, typ, err := s.repo.Peel(id)
			if err != nil || typ != gitdb.Commit {
				return gitdb.Hash{}, false
			}
			i, ok = s.byID[to]
		}
		if !ok {
			return gitdb.Hash{}, false
		}
		return s.commits[i].tree, true
	}
	if id, ok, err := s.repo.Head(); ok && err == nil {
		if tree, ok := treeOf(id); ok {
			t.head = &tree
		}
	}
	for _, kind := range []string{"refs/heads/", "refs/tags/", "refs/remotes/"} {
		for _, r := range s.refs {
			if !strings.HasPrefix(r.Name, kind) || r.Symref != "" || r.ID.IsZero() {
				continue
			}
			if tree, ok := treeOf(r.ID); ok {
				t.refs = append(t.refs, tip{strings.TrimPrefix(r.Name, "refs/"), tree})
			}
		}
	}
	return t
}

// holds reports whether a finding's text stands at its path in a tree.
func (t *tips) holds(s *historyScan, tree gitdb.Hash, f *Finding) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(f.File, s.prefix), "!")
	n, ok := s.number(tree)
	if !ok {
		return false
	}
	// The graph knows the way to every blob with something in it. A name that it does not know leads to none.
	at := int32(n)
	parts := strings.Split(name, "/")
	for i, part := range parts {
		id, ok := s.graph.byStr[part]
		if !ok {
			return false
		}
		to, blob := s.graph.at(at, id)
		if to < 0 || blob != (i == len(parts)-1) {
			return false
		}
		at = to
	}
	b := s.blobs[int(at)]
	if b == nil {
		return false
	}
	if b.id.String() == f.Git.Blob {
		return true
	}
	if f.Secret.IsZero() {
		return false
	}
	if id, ok := s.secrets[f.Secret]; ok && slices.Contains(b.secrets, id) {
		return true
	}
	key := tipKey{b.id, f.Secret}
	held, ok := t.seen[key]
	if !ok {
		_, text, err := s.db.Read(b.id)
		held = err == nil && bytes.Contains(text, []byte(f.Secret.Reveal()))
		t.seen[key] = held
	}
	return held
}

// A told is a finding that was kept for its commit.
type told struct {
	commit int
	path   string
	blob   gitdb.Hash
	key    toldKey
}

// mostElsewhere bounds the other places of a credential that are looked at to settle what it is at one.
const mostElsewhere = 6

// An otherFile is a file that a commit is to read besides what it brings in.
type otherFile struct {
	path string
	blob gitdb.Hash
}

// elsewhere says, for each commit that brings a credential in, in which files other commits brought in the same one: they
// are context, for what says at one place what it is says so for all.
func (s *historyScan) elsewhere() map[int][]otherFile {
	var secrets []rules.Secret
	for secret, list := range s.where {
		if len(list) > 1 && !secret.IsZero() {
			secrets = append(secrets, secret)
		}
	}
	sort.Slice(secrets, func(i, j int) bool { return secrets[i].Reveal() < secrets[j].Reveal() })
	type gift struct {
		to int
		otherFile
	}
	out := map[int][]otherFile{}
	seen := map[gift]bool{}
	for _, secret := range secrets {
		// Goroutines may have met a younger commit first: it brings nothing in.
		list := slices.DeleteFunc(s.where[secret], func(t told) bool { return s.told[t.key] != t.commit })
		sort.Slice(list, func(i, j int) bool {
			a, b := &list[i], &list[j]
			return a.commit < b.commit || a.commit == b.commit && a.path < b.path
		})
		list = slices.CompactFunc(list, func(a, b told) bool {
			return a.commit == b.commit && a.path == b.path &&
				a.blob == b.blob
		})
		for _, to := range list {
			if to.commit < 0 || to.commit >= len(s.order) {
				continue
			}
			n := 0
			for _, from := range list {
				g := gift{to.commit, otherFile{from.path, from.blob}}
				if from.commit == to.commit || from.path == to.path || seen[g] {
					continue
				}
				if n++; n > mostElsewhere {
					break
				}
				seen[g] = true
				out[g.to] = append(out[g.to], g.otherFile)
			}
		}
	}
	return out
}
