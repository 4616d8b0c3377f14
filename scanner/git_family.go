package scanner

import (
	"slices"
	"sync/atomic"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// A Family is repositories that have objects in common: forks, and those that borrow the objects of another. What an
// object says is the same in all of them, so none is read twice; what is said of each repository is what a scan of it
// alone says. The repositories of a family are scanned one after the other, never side by side.
type Family struct {
	repos map[string]*gitdb.Repo
	bits  map[string]uint64 // of each repository, its bit in the union
	union *gitdb.Union

	// known are the types of the objects that were read, 0 of the others; with freshly those of the repository in hand.
	// What had more to say than its facts here, in the scan that read it, is read by every scan.
	known   []uint8
	sizes   []uint32 // bytes
	marks   []uint8
	blobs   map[int]*blobFacts
	commits map[int]*commitRec
	graph   *treeGraph
	unsure  []int // trees that were read where something was missing: the next repository reads its own

	// lacking are the repositories, a bit each, that lack something which a tree of theirs names: what is known of trees
	// does not hold in them, so that each reads its own. broken says that a scan broke off.
	lacking atomic.Uint64
	broken  bool

	readings *readings
	shelf    *shelf
	memo     *memo
}

// freshly marks what the repository in hand brought.
const freshly = 1 << 7

// blobFacts are what a blob in which there is something to place says.
type blobFacts struct {
	secrets []rules.Secret
	placed  []uint64
	trouble bool
}

// MaxFamily is the number of repositories of a family.
const MaxFamily = gitdb.MaxUnited

// mostShared bounds the objects that a family knows.
const mostShared = 4 << 20

// NewFamily opens repositories, at most MaxFamily of them, that are likely to have objects in common. It returns nil
// where nothing would be gained: they are too large together, or fewer than two of them can be opened.
func NewFamily(paths []string) *Family {
	f := &Family{repos: map[string]*gitdb.Repo{}, bits: map[string]uint64{}, blobs: map[int]*blobFacts{},
		commits: map[int]*commitRec{}, graph: &treeGraph{byStr: map[string]int32{}},
		readings: newReadings(), memo: newMemo()}
	err := gitdb.Guard(func() error {
		var dbs []*gitdb.DB
		for _, path := range paths {
			r, err := gitdb.Open(path, nil)
			if err != nil {
				continue // whoever scans it tells
			}
			f.repos[path], f.bits[path] = r, 1<<len(dbs)
			dbs = append(dbs, r.DB)
		}
		if len(dbs) > 1 {
			f.union = gitdb.NewUnion(dbs, mostShared)
		}
		return nil
	})
	if err != nil || f.union == nil {
		f.Close()
		return nil
	}
	n := f.union.Count()
	f.known, f.sizes, f.marks = make([]uint8, n), make([]uint32, n), make([]uint8, n)
	f.shelf = newShelf(nil)
	return f
}

// Close lets go of the repositories.
func (f *Family) Close() {
	for _, r := range f.repos {
		r.Close()
	}
}

// repo is the repository at a path, nil for none of the family.
func (f *Family) repo(path string) *gitdb.Repo {
	if f == nil {
		return nil
	}
	return f.repos[path]
}

// leave lets go of a repository that was scanned.
func (f *Family) leave(path string) {
	f.repos[path].Close()
	delete(f.repos, path)
}

// kin is what a scan knows of the family of its repository.
type kin struct {
	*Family
	bit     uint64
	lacks   bool        // it reads all of its trees, and what they say holds for it alone
	numbers []int32     // in the union, of each object, by its number in the database
	doubt   atomic.Bool // something could not be read
}

// begin gives a scan what the family knows of the objects of its repository. It does nothing where the repository has to
// be read alone.
func (f *Family) begin(s *historyScan, path string) {
	if f.broken {
		return
	}
	bit := f.bits[path]
	for _, n := range f.unsure {
		f.graph.lists[n] = nil
	}
	f.unsure = nil
	f.readings.keepShared()
	s.kin = &kin{Family: f, bit: bit, numbers: f.union.Numbers(s.db), lacks: f.lacking.Load()&bit != 0}
	s.readings, s.shelf, s.marks = f.readings, f.shelf, f.marks
	if !s.kin.lacks {
		s.graph = f.graph
	}
	f.shelf.s = s
	objects, commits, bytes := 0, 0, int64(0)
	for n, typ := range f.known {
		if typ == 0 || f.union.Holders(n)&bit == 0 || s.kin.lacks && gitdb.Type(typ) == gitdb.Tree {
			continue
		}
		objects, bytes = objects+1, bytes+int64(f.sizes[n])
		switch gitdb.Type(typ) {
		case gitdb.Commit:
			commits++
			s.commits = append(s.commits, *f.commits[n])
		case gitdb.Blob:
			if b := f.blobs[n]; b != nil {
				s.recall(n, b)
			}
		}
	}
	s.in.Count(0, objects, commits, bytes)
}

// recall takes up what is known of a blob.
func (s *historyScan) recall(n int, facts *blobFacts) {
	b := &blobRec{id: gitdb.HashOf(s.kin.union.Raw(n)), n: n, placed: facts.placed, trouble: facts.trouble}
	for _, secret := range facts.secrets {
		b.secrets = append(b.secrets, s.secretID(secret))
	}
	s.blobs[n] = b
}

// leave reports whether an object, by its number in the database, need not be read.
func (k *kin) leave(n int) bool {
	typ := k.known[k.numbers[n]]
	return typ != 0 && typ&freshly == 0 && (!k.lacks || gitdb.Type(typ) != gitdb.Tree)
}

// note says that an object was read, and that its facts are all that it has to say.
func (k *kin) note(v *gitdb.Visit) {
	if k.lacks && v.Type == gitdb.Tree {
		return
	}
	k.known[v.N], k.sizes[v.N] = uint8(v.Type)|freshly, uint32(len(v.Data))
}

// learn takes up what a scan has read of the objects of its repository.
func (s *historyScan) learn() {
	k := s.kin
	for n, b := range s.blobs {
		if k.known[n] == uint8(gitdb.Blob)|freshly {
			facts := &blobFacts{placed: b.placed, trouble: b.trouble}
			for _, id := range b.secrets {
				facts.secrets = append(facts.secrets, s.secretTexts[id])
			}
			k.blobs[n] = facts
		}
	}
	for i := range s.commits {
		c := s.commits[i]
		if n, ok := s.number(c.id); ok && k.known[n] == uint8(gitdb.Commit)|freshly {
			c.reach = 0
			k.commits[n] = &c
		}
	}
	unsure := k.doubt.Load() || k.lacking.Load()&k.bit != 0
	if !unsure {
		s.in.opts.memo = k.memo
	}
	for n, typ := range k.known {
		switch {
		case typ&freshly == 0:
		case unsure && gitdb.Type(typ&^freshly) == gitdb.Tree:
			k.known[n] = 0
			if k.graph.lists != nil {
				k.unsure = append(k.unsure, n)
			}
		default:
			k.known[n] = typ &^ freshly
		}
	}
}

// number is the number by which a scan knows an object of its repository; ok is false where the repository lacks it.
func (s *historyScan) number(id gitdb.Hash) (n int, ok bool) { return s.numberRaw(id.Bytes()) }

func (s *historyScan) numberRaw(raw []byte) (n int, ok bool) {
	if s.kin == nil {
		return s.db.NumberRaw(raw)
	}
	n = s.kin.union.Find(raw)
	return n, n >= 0 && s.kin.union.Holders(n)&s.kin.bit != 0
}

// numbered is one more than the highest number of an object.
func (s *historyScan) numbered() int {
	if s.kin == nil {
		return s.db.Count()
	}
	return s.kin.union.Count()
}

// named looks at what a tree names, and notes which repositories have the tree and lack that. n and ok are those of
// numberRaw.
func (k *kin) named(tree, n int) (ok bool) {
	holders := uint64(0)
	if n >= 0 {
		holders = k.union.Holders(n)
	}
	if lack := k.union.Holders(tree) &^ holders; lack != 0 {
		k.lacking.Or(lack)
	}
	return holders&k.bit != 0
}

// sameHolders reports whether all repositories that have a tree have the other, from which it was unfolded, too.
func (k *kin) sameHolders(tree, base int) bool {
	return k.union.Holders(tree)&^k.union.Holders(base) == 0
}

// freshTrees are the trees that the scan has read, nil for all.
func (k *kin) freshTrees() []int32 {
	if k.lacks {
		return nil
	}
	out := []int32{}
	for n, typ := range k.known {
		if typ == uint8(gitdb.Tree)|freshly {
			out = append(out, int32(n))
		}
	}
	return slices.Clip(out)
}
