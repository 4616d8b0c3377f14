package scanner

import (
	"container/list"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// A reading is what was read of one blob at one path. Many commits need the same one: what stands around a credential
// changes less often than the file that holds it.
type reading struct {
	key     readingKey
	counted int // bytes that it counts, 0 while it is being made
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

// mostReadings bounds the texts whose readings are kept, in bytes. What is kept of a text full of code takes some ten
// times as much.
const mostReadings = 8 << 20

// A readings keeps what was read last.
type readings struct {
	mu   sync.Mutex
	all  map[readingKey]*list.Element // of *reading
	last list.List                    // the one that was asked for last in front
	size int                          // of the texts, in bytes
}

func newReadings() *readings { return &readings{all: map[readingKey]*list.Element{}} }

// of is the reading of a key, which may be yet to be made.
func (l *readings) of(key readingKey) *reading {
	l.mu.Lock()
	defer l.mu.Unlock()
	whole := key
	whole.small = false
	for _, k := range [...]readingKey{whole, key} {
		if e := l.all[k]; e != nil {
			l.last.MoveToFront(e)
			return e.Value.(*reading)
		}
	}
	r := &reading{key: key}
	l.all[key] = l.last.PushFront(r)
	return r
}

// fit takes the size of a reading that was made into account, and lets those go that were not asked for the longest.
func (l *readings) fit(r *reading) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.all[r.key]; e == nil || e.Value != r {
		return // it was let go meanwhile
	}
	r.counted = r.size + smallReading
	for l.size += r.counted; l.size > mostReadings && l.last.Len() > 1; {
		l.drop(l.last.Back())
	}
}

// smallReading is what the smallest reading counts, in bytes.
const smallReading = 1 << 10

func (l *readings) drop(e *list.Element) {
	r := e.Value.(*reading)
	l.size -= r.counted
	delete(l.all, r.key)
	l.last.Remove(e)
}

// forget lets a reading go.
func (l *readings) forget(key readingKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.all[key]; e != nil {
		l.drop(e)
	}
}

// keepShared lets go of what does not hold in another repository.
func (l *readings) keepShared() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.all {
		if r := e.Value.(*reading); r.own || r.err != nil {
			l.drop(e)
		}
	}
}

// reading reads a blob at a path, or gives what was read before.
func (s *historyScan) reading(key readingKey) *reading {
	r := s.readings.of(key)
	r.once.Do(func() {
		defer s.readings.fit(r)
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

// letGo forgets what was read of versions that one commit brings in, and that tell nothing. Few are asked for again, as what
// stands around another.
func (s *historyScan) letGo(list []version) {
	for _, v := range list {
		s.readings.forget(readingKey{v.b.id, s.prefix + v.path, false})
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
