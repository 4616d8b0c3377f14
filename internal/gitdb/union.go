package gitdb

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sort"
)

// A Union numbers the objects of several databases, each object once, in the order of their ids. It keeps the ids, and
// nothing of the databases.
type Union struct {
	hashLen int
	ids     []byte
	in      []uint64 // of each object, the databases that hold it, a bit each
	first   []int32  // for each two bytes, the first object whose id begins with no less
}

// MaxUnited is the number of databases that a Union takes.
const MaxUnited = 64

// NewUnion numbers the objects of databases, at most MaxUnited of them. It returns nil where they are more than most
// objects, where their ids differ in length, or where an index lies about its order.
func NewUnion(dbs []*DB, most int) *Union {
	if len(dbs) == 0 || len(dbs) > MaxUnited {
		return nil
	}
	u := &Union{hashLen: dbs[0].hashLen}
	seen := map[int][][]byte{} // the ids of the packs that were taken in, by their number
	steps := 0
	for _, db := range dbs {
		if db.hashLen != u.hashLen {
			return nil
		}
		for _, list := range db.lists() {
			same := func(ids []byte) bool { return bytes.Equal(ids, list.ids) }
			if list.ids != nil && slices.ContainsFunc(seen[list.n], same) {
				continue
			}
			seen[list.n] = append(seen[list.n], list.ids)
			if steps += len(u.ids)/u.hashLen + list.n; steps > mostSteps*most || !u.add(list) || len(u.ids) > most*u.hashLen {
				return nil
			}
		}
	}
	u.in = make([]uint64, len(u.ids)/u.hashLen)
	for i, db := range dbs {
		for _, n := range u.Numbers(db) {
			u.in[n] |= 1 << i
		}
	}
	u.first = make([]int32, 1<<16+1)
	at := int32(0)
	for k := range u.first {
		for int(at) < len(u.in) && int(binary.BigEndian.Uint16(u.Raw(int(at)))) < k {
			at++
		}
		u.first[k] = at
	}
	return u
}

// mostSteps bounds the work for a Union, as a multiple of the objects that it may hold: each pack costs a look at all
// objects before it.
const mostSteps = 64

// An idList is ids in order: those of a pack, or the loose ones.
type idList struct {
	n   int
	raw func(i int) []byte
	ids []byte // all of them, nil where they do not stand in a row
}

// lists are the ids of the database, in the order of its numbers.
func (db *DB) lists() []idList {
	x := db.numbers()
	var out []idList
	for _, p := range db.packs {
		out = append(out, idList{p.idx.n, p.idx.raw, p.idx.inRow()})
	}
	return append(out, idList{len(x.loose), func(i int) []byte { return x.loose[i].Bytes() }, nil})
}

// inRow are all ids, nil where there is something between them.
func (x *idx) inRow() []byte {
	if !x.v2 {
		return nil
	}
	return x.ids
}

// add takes in a list of ids, and reports whether they are in order.
func (u *Union) add(list idList) bool {
	h := u.hashLen
	out := make([]byte, 0, len(u.ids)+list.n*h)
	rest := u.ids
	var last []byte
	for i := range list.n {
		raw := list.raw(i)
		if last != nil && bytes.Compare(last, raw) >= 0 {
			return false
		}
		last = raw
		from := 0
		for from < len(rest) && bytes.Compare(rest[from:from+h], raw) < 0 {
			from += h
		}
		out, rest = append(out, rest[:from]...), rest[from:]
		if len(rest) == 0 || !bytes.Equal(rest[:h], raw) {
			out = append(out, raw...)
		}
	}
	u.ids = slices.Clip(append(out, rest...))
	return true
}

// Numbers are the numbers here of the objects of a database, by their numbers there.
func (u *Union) Numbers(db *DB) []int32 {
	out := make([]int32, 0, db.Count())
	for _, list := range db.lists() {
		at := 0
		for i := range list.n {
			raw := list.raw(i)
			for !bytes.Equal(u.Raw(at), raw) {
				at++
			}
			out = append(out, int32(at))
		}
	}
	return out
}

// Count is the number of objects.
func (u *Union) Count() int { return len(u.in) }

// Raw is the id of an object.
func (u *Union) Raw(n int) []byte { return u.ids[n*u.hashLen : (n+1)*u.hashLen] }

// Holders are the databases that hold an object, a bit each: the first is the lowest.
func (u *Union) Holders(n int) uint64 { return u.in[n] }

// Find is the number of an object, -1 where no database holds it.
func (u *Union) Find(raw []byte) int {
	if len(raw) != u.hashLen {
		return -1
	}
	k := binary.BigEndian.Uint16(raw)
	lo, hi := int(u.first[k]), int(u.first[int(k)+1])
	at, found := sort.Find(hi-lo, func(i int) int { return bytes.Compare(raw, u.Raw(lo+i)) })
	if !found {
		return -1
	}
	return lo + at
}

// Sketch is the lowest ids of a database, in order: at most n, and fewer only where it holds fewer. Databases that have
// many objects in common have many of them in common too.
func (db *DB) Sketch(n int) []Hash {
	var ids []Hash
	for _, p := range db.packs {
		for i := range min(n, p.idx.n) {
			ids = append(ids, HashOf(p.idx.raw(i)))
		}
	}
	for _, dir := range db.dirs {
		loose, _ := lowestLoose(dir, db.hashLen, n) // what cannot be read is told by whoever reads all
		ids = append(ids, loose...)
	}
	slices.SortFunc(ids, Hash.Compare)
	ids = slices.Compact(ids)
	return ids[:min(n, len(ids))]
}
