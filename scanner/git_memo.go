package scanner

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strings"
	"sync"
)

// A memo keeps what commits and tips came to, for the scans of a family: the forks of a repository have most of their
// commits in common. It serves scans of repositories that hold all that their trees name.
type memo struct {
	mu      sync.Mutex
	tips    map[[sha256.Size]byte]resolved
	drafts  map[[sha256.Size]byte][]Finding
	groups  map[[sha256.Size]byte]*Intake
	records int // of all
}

// mostRemembered bounds the records and findings that a memo keeps.
const mostRemembered = 40_000

func newMemo() *memo {
	return &memo{tips: map[[sha256.Size]byte]resolved{}, drafts: map[[sha256.Size]byte][]Finding{},
		groups: map[[sha256.Size]byte]*Intake{}}
}

// room reports whether n more records may be kept. m.mu is held.
func (m *memo) room(n int) bool {
	if m.records+n > mostRemembered {
		return false
	}
	m.records += n
	return true
}

// resolve is resolve for one set of files; of a tip, with a memo, from what is known. The records are the caller's own.
func (m *memo) resolve(name string, units []*unit, lib *library, collects bool) (r resolved) {
	files := make([]*fileFacts, len(units))
	for i, u := range units {
		files[i] = u.facts
	}
	if m == nil || !strings.HasPrefix(name, "tip:") {
		return resolve(files, lib, collects)
	}
	key := memoKey(name, units, lib)
	m.mu.Lock()
	known, ok := m.tips[key]
	m.mu.Unlock()
	if ok {
		return known.copied()
	}
	r = resolve(files, lib, collects)
	m.mu.Lock()
	if m.room(len(r.records)) {
		m.tips[key] = r.copied()
	}
	m.mu.Unlock()
	return r
}

// memo is the family's, nil where it serves this scan nothing.
func (s *historyScan) memo() *memo {
	if s.kin == nil {
		return nil // the submodule of a member
	}
	return s.in.opts.memo
}

// knownDraft is what another scan of the family found in what a commit brings in, before it asked which commit is the
// oldest that does.
func (s *historyScan) knownDraft(list []version) (found []Finding, ok bool) {
	m := s.memo()
	if m == nil {
		return nil, false
	}
	key := s.versionsKey(list)
	m.mu.Lock()
	defer m.mu.Unlock()
	found, ok = m.drafts[key]
	return slices.Clone(found), ok
}

// keepDraft has the family know what was found, unless there is more to tell of it, or it holds in this repository alone.
func (s *historyScan) keepDraft(list []version, found []Finding, sub *Intake) {
	m := s.memo()
	if m == nil || sub.own || len(found) == 0 && !sub.silent() {
		return
	}
	key := s.versionsKey(list)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.room(1 + len(found)) {
		m.drafts[key] = slices.Clone(found)
	}
}

// silent reports whether there is nothing to tell but findings.
func (in *Intake) silent() bool {
	for _, paths := range in.absent {
		if len(paths) > 0 {
			return false
		}
	}
	return len(in.skips)+len(in.notices) == 0
}

// groupKey tells apart what decides what a commit comes to: the versions that it brings in, those in which something was
// found, and what it is to read besides.
func (s *historyScan) groupKey(d *draft, hits []string, open bool) (key [sha256.Size]byte) {
	if s.memo() == nil {
		return key
	}
	k := keyHash{sha256.New()}
	versions := s.versionsKey(d.list)
	k.text(string(versions[:]))
	k.text(hits...)
	k.truth(open)
	for _, g := range s.also[d.commit] {
		k.text(g.path, g.blob.String())
	}
	k.Sum(key[:0])
	return key
}

// knownGroup is what a commit came to in another scan of the family, nil where that is not known.
func (s *historyScan) knownGroup(key [sha256.Size]byte) *Intake {
	m := s.memo()
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.groups[key]; known != nil {
		return known.again()
	}
	return nil
}

// keepGroup has the family know what a commit comes to, unless that holds in this repository alone.
func (s *historyScan) keepGroup(key [sha256.Size]byte, sub *Intake) {
	m := s.memo()
	if m == nil || sub.own {
		return
	}
	n := 1
	for _, r := range sub.concluded {
		n += len(r.records)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.room(n) {
		m.groups[key] = sub.again()
	}
}

// again is a copy of an intake whose sets are concluded, with records of its own.
func (in *Intake) again() *Intake {
	out := in.leave()
	for name, r := range out.concluded {
		out.concluded[name] = r.copied()
	}
	return out
}

// copied is r with records that may be changed. What they lead to is never changed in place.
func (r resolved) copied() resolved {
	out := resolved{settings: append([]Finding(nil), r.settings...), demand: r.demand, records: make([]*Record, len(r.records))}
	for i, one := range r.records {
		c := *one
		out.records[i] = &c
	}
	return out
}

// memoKey tells sets of files apart by all that decides what they come to: which versions of which files they are, what
// is said of each, and the files that a question may lead to. The texts of a tip's other files follow from its commit.
func memoKey(name string, units []*unit, lib *library) (key [sha256.Size]byte) {
	k := keyHash{sha256.New()}
	k.text(name)
	for _, u := range units {
		k.text(u.path, u.blob, u.where, u.commit)
		k.number(u.seq)
		if u.facts == nil {
			k.number(-1)
			continue
		}
		k.text(u.facts.path, u.facts.filePath)
		k.truth(u.facts.ignored)
		if g := u.facts.git; g != nil {
			k.text(g.Blob, g.Commit, g.Date, g.Where, strings.Join(g.Refs, "\x00"))
		}
	}
	k.truth(lib != nil)
	if lib != nil {
		k.text(lib.names...)
	}
	k.Sum(key[:0])
	return key
}

// versionsKey tells sets of versions apart that one commit brings in.
func (s *historyScan) versionsKey(list []version) (key [sha256.Size]byte) {
	k := keyHash{sha256.New()}
	if c := list[0].commit; c >= 0 {
		k.text(s.commits[s.order[c]].id.String())
	}
	for _, v := range list {
		k.text(v.path, v.where, v.b.id.String(), v.b.ref)
	}
	k.Sum(key[:0])
	return key
}

// A keyHash takes in parts so that no two lists of parts are the same text.
type keyHash struct{ hash.Hash }

func (k keyHash) text(parts ...string) {
	k.number(len(parts))
	for _, p := range parts {
		k.number(len(p))
		_, _ = k.Write([]byte(p))
	}
}

func (k keyHash) number(n int) {
	_, _ = k.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func (k keyHash) truth(b bool) {
	n := 0
	if b {
		n = 1
	}
	k.number(n)
}
