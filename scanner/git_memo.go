package scanner

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strings"
	"sync"
)

// A memo keeps what sets of files of commits came to, for the scans of a family: the forks of a repository have most of
// their commits in common.
type memo struct {
	mu      sync.Mutex
	all     map[[sha256.Size]byte]resolved
	records int // of all
}

// mostRemembered bounds the records that a memo keeps.
const mostRemembered = 20_000

func newMemo() *memo { return &memo{all: map[[sha256.Size]byte]resolved{}} }

// resolve is resolve for one set of files; with a memo, from what is known. The records are the caller's own.
func (m *memo) resolve(name string, units []*unit, lib *library, collects bool) (r resolved) {
	files := make([]*fileFacts, len(units))
	for i, u := range units {
		files[i] = u.facts
	}
	if m == nil || !strings.HasPrefix(name, "tree:") && !strings.HasPrefix(name, "tip:") {
		return resolve(files, lib, collects)
	}
	key := memoKey(name, units, lib)
	m.mu.Lock()
	known, ok := m.all[key]
	m.mu.Unlock()
	if ok {
		return known.copied()
	}
	r = resolve(files, lib, collects)
	m.mu.Lock()
	if m.records+len(r.records) <= mostRemembered {
		m.records += len(r.records)
		m.all[key] = r.copied()
	}
	m.mu.Unlock()
	return r
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
		k.text(v.path, v.where, v.b.id.String())
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
