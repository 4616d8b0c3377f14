package scanner

import (
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// A reading is what was read of one blob at one path. Many commits need the same one: what stands around a credential
// changes less often than the file that holds it.
type reading struct {
	once    sync.Once
	units   []unit
	skips   []Skip
	notices []Place
	absent  [elsewhereKinds]map[string]bool // see Intake
	size    int                             // of the blob, in bytes
	own     bool                            // what it says does not hold in another repository
	err     error
}

type readingKey struct {
	id    gitdb.Hash
	path  string
	small bool // only if it is no larger than contextSize
}

// mostReadings bounds the readings that are kept.
const mostReadings = 4096

// reading reads a blob at a path, or gives what was read before.
func (s *historyScan) reading(key readingKey) *reading {
	s.mu.Lock()
	r := s.readings[readingKey{key.id, key.path, false}]
	if r == nil {
		r = s.readings[key]
	}
	if r == nil {
		r = &reading{}
		if len(s.readings) < mostReadings {
			s.readings[key] = r
		}
	}
	s.mu.Unlock()
	r.once.Do(func() {
		var text []byte
		_, text, r.err = s.db.Read(key.id)
		r.size = len(text)
		if r.err != nil || key.small && r.size > contextSize {
			return
		}
		in := s.in.sub()
		r.own = s.read(in, Blob{Path: key.path, Text: text})
		r.units, r.skips, r.notices, r.absent = in.units, in.skips, in.notices, in.absent
	})
	return r
}

// isEmpty reports whether another scan of the family found nothing in what a commit brings in.
func (s *historyScan) isEmpty(list []version) bool {
	key := s.versionsKey(list)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kin.empty[key]
}

// letGo forgets what was read of versions that one commit brings in, and that tell nothing. Few are asked for again, as what
// stands around another. empty says that nothing at all was found in them: then the forks need not read them either.
func (s *historyScan) letGo(list []version, empty bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range list {
		r := s.readings[readingKey{v.b.id, s.prefix + v.path, false}]
		empty = empty && r != nil && !r.own && r.err == nil
	}
	switch {
	case s.kin == nil:
	case empty:
		s.kin.empty[s.versionsKey(list)] = true
	default:
		return
	}
	for _, v := range list {
		delete(s.readings, readingKey{v.b.id, s.prefix + v.path, false})
	}
}

// handOver gives an intake what was read, as that of a tree.
func (r *reading) handOver(to *Intake, g *GitPlace, tree string, ignored bool) {
	sub := Intake{skips: r.skips, notices: r.notices}
	if !ignored {
		sub.absent = r.absent
	}
	for _, u := range r.units {
		if ignored {
			u.directives, u.hashes = nil, nil
		}
		u.tree, u.blob, u.where, u.commit = tree, g.Blob, g.Where, g.Commit
		if u.facts != nil {
			u.facts = u.facts.of(g, ignored)
		}
		if u.facts != nil || u.directives != nil {
			sub.units = append(sub.units, u)
		}
	}
	to.merge(&sub)
}
