package gitdb

import "sort"

// numbers gives every object a number: those of the packs in order, by their position in the pack's index, then the
// loose ones in order of ids. An object that several packs hold goes by the number in the first of them.
type numbers struct {
	bases  []int // of each pack, the number of its first object
	loose  []Hash
	dirs   []int32 // of each loose object, the index of its object directory
	unread []string
	count  int
}

func (db *DB) numbers() *numbers {
	db.numberOnce.Do(func() {
		x := &db.nums
		for _, p := range db.packs {
			x.bases = append(x.bases, x.count)
			x.count += p.idx.n
		}
		type place struct {
			id  Hash
			dir int32
		}
		var places []place
		for i, dir := range db.dirs {
			ids, err := looseIn(dir, db.hashLen)
			if err != nil {
				x.unread = append(x.unread, dir)
			}
			for _, id := range ids {
				if p, _ := db.packed(id); p == nil {
					places = append(places, place{id, int32(i)})
				}
			}
		}
		sort.SliceStable(places, func(i, j int) bool { return places[i].id.Compare(places[j].id) < 0 })
		for i, p := range places {
			if i == 0 || p.id != places[i-1].id {
				x.loose = append(x.loose, p.id)
				x.dirs = append(x.dirs, p.dir)
			}
		}
		x.count += len(x.loose)
	})
	return &db.nums
}

// Count is one more than the highest number of an object: the objects of all packs and the loose ones.
func (db *DB) Count() int { return db.numbers().count }

// Number is an object's number, from 0 to Count; ok is false where the database does not hold it. Loose objects and
// packs that came after the first call have none.
func (db *DB) Number(id Hash) (n int, ok bool) { return db.NumberRaw(id.Bytes()) }

// NumberRaw is Number for a raw id.
func (db *DB) NumberRaw(raw []byte) (n int, ok bool) {
	x := db.numbers()
	for i, p := range db.packs {
		if k := p.idx.find(raw); k >= 0 {
			return x.bases[i] + k, true
		}
	}
	id := HashOf(raw)
	k := sort.Search(len(x.loose), func(i int) bool { return x.loose[i].Compare(id) >= 0 })
	if k < len(x.loose) && x.loose[k] == id {
		return x.count - len(x.loose) + k, true
	}
	return 0, false
}

// ByNumber is the object of a number.
func (db *DB) ByNumber(n int) Hash {
	x := db.numbers()
	if first := x.count - len(x.loose); n >= first {
		return x.loose[n-first]
	}
	i := sort.Search(len(x.bases), func(i int) bool { return x.bases[i] > n }) - 1
	return HashOf(db.packs[i].idx.raw(n - x.bases[i]))
}

// doubles are the positions in p's index of objects that an earlier pack holds too; nil for none.
func (db *DB) doubles(p *pack) []bool {
	var all []bool
	var before []*pack
	for _, q := range db.packs {
		if q == p {
			break
		}
		before = append(before, q)
	}
	for j := 0; len(before) > 0 && j < p.idx.n; j++ {
		raw := p.idx.raw(j)
		for _, q := range before {
			if q.idx.find(raw) >= 0 {
				if all == nil {
					all = make([]bool, p.idx.n)
				}
				all[j] = true
				break
			}
		}
	}
	return all
}
