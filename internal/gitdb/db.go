package gitdb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sort"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/plain"
)

// A DB is the objects of a repository: its own and those of its alternates, loose and packed. It is safe for concurrent
// use. It never writes, and never asks another program.
type DB struct {
	hashLen int
	dirs    []string // object directories, the repository's own first
	packs   []*pack
	// Problems are the parts that could not be opened, as pairs of what and why.
	Problems [][2]string
	// MaxSize is the size of the largest object that is read, in bytes.
	MaxSize int64

	numberOnce sync.Once
	nums       numbers

	inflaters sync.Pool
	mu        sync.Mutex
	cache     baseCache
}

// DefaultMaxSize is DB.MaxSize unless told otherwise.
const DefaultMaxSize = 128 << 20

// ErrMissing says that an object is not in the database.
var ErrMissing = errors.New("the object is missing")

// A TooBigError says that an object is larger than the limit.
type TooBigError struct{ Size int64 }

func (e *TooBigError) Error() string {
	return fmt.Sprintf("%d bytes are more than the limit for one object", e.Size)
}

func tooBig(n int64) error { return &TooBigError{n} }

// openDB opens the object directory dir, those of extra, and all alternates of them.
func openDB(hashLen int, dir string, extra []string) *DB {
	db := &DB{hashLen: hashLen, MaxSize: DefaultMaxSize}
	db.inflaters.New = func() any { return new(inflater) }
	seen := map[string]bool{}
	var add func(dir string, depth int)
	add = func(dir string, depth int) {
		dir = filepath.Clean(dir)
		real := dir
		if r, err := filepath.EvalSymlinks(dir); err == nil {
			real = r
		}
		if seen[real] {
			return
		}
		seen[real] = true
		if fi, err := os.Stat(dir); err != nil || !fi.IsDir() {
			db.problem(dir, "the object directory cannot be read")
			return
		}
		db.dirs = append(db.dirs, dir)
		db.openPacks(dir)
		alternates := filepath.Join(dir, "info", "alternates")
		text, err := readSmall(alternates, 1<<20)
		if err != nil {
			if !errors.Is(err, os.ErrNotExist) {
				db.problem(alternates, "the list of other object directories cannot be read: "+err.Error())
			}
			return
		}
		for line := range strings.SplitSeq(string(text), "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			if !filepath.IsAbs(line) {
				line = filepath.Join(dir, line)
			}
			if depth >= 5 { // git's own limit
				db.problem(line, "alternates of alternates, too deep")
				continue
			}
			add(line, depth+1)
		}
	}
	add(dir, 0)
	for _, d := range extra {
		add(d, 0)
	}
	return db
}

func (db *DB) problem(what, why string) { db.Problems = append(db.Problems, [2]string{what, why}) }

func (db *DB) openPacks(dir string) {
	names, err := os.ReadDir(filepath.Join(dir, "pack"))
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			db.problem(filepath.Join(dir, "pack"), "the folder cannot be read")
		}
		return
	}
	have := map[string]bool{}
	for _, n := range names {
		have[n.Name()] = true
	}
	for _, n := range names {
		name := n.Name()
		full := filepath.Join(dir, "pack", name)
		if base, ok := strings.CutSuffix(name, ".pack"); ok && !have[base+".idx"] && strings.HasPrefix(name, "pack-") {
			db.problem(full, "the pack has no index")
		}
		if base, ok := strings.CutSuffix(name, ".idx"); ok && have[base+".pack"] {
			p, err := openPack(full, db.hashLen)
			if err != nil {
				db.problem(full, err.Error())
				continue
			}
			db.packs = append(db.packs, p)
		}
	}
}

// Close lets go of the files. Nothing may be read afterwards.
func (db *DB) Close() {
	for _, p := range db.packs {
		p.close()
	}
}

// Dirs returns the object directories, the repository's own first and then those of its alternates.
func (db *DB) Dirs() []string { return db.dirs }

// HashLen is 20 or 32.
func (db *DB) HashLen() int { return db.hashLen }

// Has reports whether the database holds an object.
func (db *DB) Has(id Hash) bool {
	if p, _ := db.packed(id); p != nil {
		return true
	}
	for _, dir := range db.dirs {
		if fi, err := os.Stat(loosePath(dir, id)); err == nil && fi.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// packed is the pack that holds id, and the offset in it; nil where none does.
func (db *DB) packed(id Hash) (*pack, int64) {
	for _, p := range db.packs {
		if i := p.idx.find(id.Bytes()); i >= 0 {
			if off := p.idx.offset(i); off >= 12 && off < p.file.size {
				return p, off
			}
		}
	}
	return nil, 0
}

// Read is one object. The data must not be changed. An object that stands in several places is read from the next one
// where the first is damaged.
func (db *DB) Read(id Hash) (Type, []byte, error) {
	if int(id.n) != db.hashLen {
		return 0, nil, ErrMissing
	}
	return db.read(id, 0)
}

// read is Read; depth counts the packs that the chain of bases has crossed.
func (db *DB) read(id Hash, depth int) (Type, []byte, error) {
	var first error
	for _, p := range db.packs {
		i := p.idx.find(id.Bytes())
		if i < 0 {
			continue
		}
		typ, data, err := db.readPacked(p, p.idx.offset(i), depth)
		if err == nil {
			return typ, data, nil
		}
		first = errOr(first, err)
	}
	f := db.inflaters.Get().(*inflater)
	defer db.inflaters.Put(f)
	for _, dir := range db.dirs {
		typ, data, err := readLoose(f, loosePath(dir, id), db.MaxSize)
		if err == nil {
			return typ, data, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			first = errOr(first, err)
		}
	}
	return 0, nil, errOr(first, ErrMissing)
}

func errOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

var errChain = errors.New("the chain of deltas has no end")

// maxChain bounds a chain of deltas; git itself makes none longer than 4095.
const maxChain = 1 << 15

// readPacked reads the object at off, from the bottom of its chain upwards.
func (db *DB) readPacked(p *pack, off int64, depth int) (typ Type, data []byte, err error) {
	// A file that is cut while it is mapped makes a fault: that is a damaged pack, not the end of the program.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the pack changed while it was read")
		}
	}()
	if depth > 50 {
		return 0, nil, errChain
	}
	f := db.inflaters.Get().(*inflater)
	defer db.inflaters.Put(f)
	type link struct {
		off int64
		e   entry
	}
	var chain []link
	for found := false; !found; {
		if t, d, ok := db.cached(p, off); ok {
			typ, data, found = t, d, true
			break
		}
		e, err := p.entry(off)
		if err != nil {
			return 0, nil, err
		}
		if e.size > db.MaxSize {
			return 0, nil, tooBig(e.size)
		}
		switch e.typ {
		case ofsDelta:
			chain = append(chain, link{off, e})
			off = e.baseOff
		case refDelta:
			chain = append(chain, link{off, e})
			if i := p.idx.find(e.baseID.Bytes()); i >= 0 {
				off = p.idx.offset(i)
				break
			}
			if typ, data, err = db.read(e.baseID, depth+1); err != nil {
				return 0, nil, fmt.Errorf("base %v: %w", e.baseID, err)
			}
			found = true
		default:
			if !plausible(e.size, p.file.size-e.body) {
				return 0, nil, errEntry
			}
			typ, data, found = e.typ, make([]byte, e.size), true
			if err := p.unpack(f, data, e, 0); err != nil {
				return 0, nil, err
			}
			db.keep(p, off, typ, data)
		}
		if len(chain) > maxChain {
			return 0, nil, errChain
		}
	}
	var delta []byte
	for i := len(chain) - 1; i >= 0; i-- {
		l := chain[i]
		if !plausible(l.e.size, p.file.size-l.e.body) {
			return 0, nil, errEntry
		}
		if int64(cap(delta)) < l.e.size {
			delta = make([]byte, l.e.size)
		}
		delta = delta[:l.e.size]
		if err := p.unpack(f, delta, l.e, 0); err != nil {
			return 0, nil, err
		}
		base, result, pos, err := deltaSizes(delta)
		if err != nil {
			return 0, nil, err
		}
		if base != uint64(len(data)) {
			return 0, nil, errDelta
		}
		if result > uint64(db.MaxSize) {
			return 0, nil, tooBig(int64(min(result, 1<<62)))
		}
		out := make([]byte, result)
		if _, err := applyDelta(out, data, delta, pos, nil); err != nil {
			return 0, nil, err
		}
		data = out
		db.keep(p, l.off, typ, data)
	}
	return typ, data, nil
}

// readSmall reads a file of at most limit bytes.
func readSmall(name string, limit int64) ([]byte, error) {
	var b bytes.Buffer
	err := readFile(name, limit, &b)
	return b.Bytes(), err
}

// readText is readSmall for a file that serves as text, without a copy of it.
func readText(name string, limit int64) (string, error) {
	var b strings.Builder
	err := readFile(name, limit, &b)
	return b.String(), err
}

func readFile(name string, limit int64, to interface {
	io.Writer
	Grow(n int)
}) error {
	f, fi, err := plain.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if fi.Size() > limit {
		return fmt.Errorf("%s: %w", name, tooBig(fi.Size()))
	}
	to.Grow(int(fi.Size()))
	piece := make([]byte, min(fi.Size()+512, 128<<10))
	_, err = io.CopyBuffer(struct{ io.Writer }{to}, &limitedReader{f, limit}, piece)
	return err
}

// A limitedReader fails, rather than ends, past its limit: a file cut silently would look read.
type limitedReader struct {
	f    *os.File
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("the file grew while it was read")
	}
	n, err := l.f.Read(p)
	l.left -= int64(n)
	return n, err
}

// Abbreviated lists the objects whose id begins with the hex digits prefix, at most limit of them.
func (db *DB) Abbreviated(prefix string, limit int) []Hash {
	if len(prefix) < 4 || len(prefix) > 2*db.hashLen {
		return nil
	}
	for _, c := range prefix {
		if !strings.ContainsRune("0123456789abcdef", c) {
			return nil
		}
	}
	lowest, err := ParseHash(prefix + strings.Repeat("0", 2*db.hashLen-len(prefix)))
	if err != nil {
		return nil
	}
	found := map[Hash]bool{}
	for _, p := range db.packs {
		for i := sort.Search(p.idx.n, func(i int) bool {
			return bytes.Compare(p.idx.raw(i),
				lowest.Bytes()) >= 0
		}); i < p.idx.n && len(found) < limit; i++ {
			h := HashOf(p.idx.raw(i))
			if !strings.HasPrefix(h.String(), prefix) {
				break
			}
			found[h] = true
		}
	}
	for _, dir := range db.dirs {
		names, _ := os.ReadDir(filepath.Join(dir, prefix[:2]))
		for _, n := range names {
			if h, err := ParseHash(prefix[:2] + n.Name()); err == nil && strings.HasPrefix(h.String(), prefix) &&
				len(found) < limit {
				found[h] = true
			}
		}
	}
	var ids []Hash
	for h := range found {
		ids = append(ids, h)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i].Compare(ids[j]) < 0 })
	return ids
}
