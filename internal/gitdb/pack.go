package gitdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A pack is a pack file and its index. Packs are read in place; nothing of them is held but the order of their entries.
type pack struct {
	name    string // of the .pack file
	file    *mapped
	idx     *idx
	hashLen int

	once  sync.Once
	order packOrder

	forestOnce sync.Once
	forest     *forest
}

// A packOrder is a pack's entries in the order of the file: where each begins, and its position in the index.
type packOrder struct {
	offs []int64
	pos  []int32
	bad  int // entries whose offset is outside of the file, or doubled
}

func openPack(idxName string, hashLen int) (*pack, error) {
	x, err := openIdx(idxName, hashLen)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(idxName, ".idx") + ".pack"
	f, err := openMapped(name)
	if err != nil {
		x.file.close()
		return nil, err
	}
	p := &pack{name: name, file: f, idx: x, hashLen: hashLen}
	head, err := f.slice(0, 12)
	if err == nil {
		switch {
		case string(head[:4]) != "PACK":
			err = errors.New("not a pack")
		case binary.BigEndian.Uint32(head[4:]) != 2 && binary.BigEndian.Uint32(head[4:]) != 3:
			err = fmt.Errorf("pack version %d is unknown", binary.BigEndian.Uint32(head[4:]))
		}
	}
	if err != nil {
		p.close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

func (p *pack) close() {
	p.file.close()
	p.idx.file.close()
}

// sorted is the order of the entries in the file. It is made at the first call.
func (p *pack) sorted() *packOrder {
	p.once.Do(func() {
		n := p.idx.n
		end := p.file.size - int64(p.hashLen)
		keys := make([]uint64, 0, n)
		// Offset and position share a word where both fit, which is nearly always: sorting words is several times
		// faster than sorting pairs.
		fits := p.file.size < 1<<38 && n < 1<<26
		type pair struct {
			off int64
			pos int32
		}
		var pairs []pair
		for i := range n {
			off := p.idx.offset(i)
			if off < 12 || off >= end {
				p.order.bad++
				continue
			}
			if fits {
				keys = append(keys, uint64(off)<<26|uint64(i))
			} else {
				pairs = append(pairs, pair{off, int32(i)})
			}
		}
		if fits {
			slices.Sort(keys)
		} else {
			slices.SortFunc(pairs, func(a, b pair) int {
				switch {
				case a.off < b.off:
					return -1
				case a.off > b.off:
					return 1
				}
				return int(a.pos) - int(b.pos)
			})
		}
		o := &p.order
		o.offs = make([]int64, 0, n)
		o.pos = make([]int32, 0, n)
		add := func(off int64, pos int32) {
			if k := len(o.offs); k > 0 && o.offs[k-1] == off {
				o.bad++ // two ids at one place: the second is not true
				return
			}
			o.offs = append(o.offs, off)
			o.pos = append(o.pos, pos)
		}
		for _, k := range keys {
			add(int64(k>>26), int32(k&(1<<26-1)))
		}
		for _, q := range pairs {
			add(q.off, q.pos)
		}
	})
	return &p.order
}

// An entry is the head of an object in a pack.
type entry struct {
	typ     Type
	size    int64 // of what body unpacks to: the object, or the delta
	body    int64 // where the compressed data begins
	baseOff int64 // of an ofsDelta
	baseID  Hash  // of a refDelta
}

var errEntry = errors.New("the entry's head is damaged")

func (p *pack) entry(off int64) (entry, error) {
	var e entry
	b, err := p.file.most(off, 64)
	if err != nil {
		return e, err
	}
	if len(b) == 0 {
		return e, errShort
	}
	c := b[0]
	e.typ = Type(c >> 4 & 7)
	size := uint64(c & 15)
	i := 1
	for shift := uint(4); c&0x80 != 0; shift += 7 {
		if i >= len(b) || shift > 56 {
			return e, errEntry
		}
		c = b[i]
		i++
		size |= uint64(c&0x7f) << shift
	}
	if size > 1<<60 {
		return e, errEntry
	}
	e.size = int64(size)
	switch e.typ {
	case Commit, Tree, Blob, Tag:
	case ofsDelta:
		if i >= len(b) {
			return e, errEntry
		}
		c = b[i]
		i++
		back := int64(c & 0x7f)
		for c&0x80 != 0 {
			if i >= len(b) || back > 1<<54 {
				return e, errEntry
			}
			c = b[i]
			i++
			back = (back+1)<<7 | int64(c&0x7f)
		}
		if back == 0 || back > off-12 {
			return e, errEntry
		}
		e.baseOff = off - back
	case refDelta:
		if i+p.hashLen > len(b) {
			return e, errEntry
		}
		e.baseID = HashOf(b[i : i+p.hashLen])
		i += p.hashLen
	default:
		return e, errEntry
	}
	e.body = off + int64(i)
	return e, nil
}

// unpack fills out with the body of e, whose compressed data ends before limit (0: not known).
func (p *pack) unpack(f *inflater, out []byte, e entry, limit int64) error {
	if limit == 0 {
		limit = p.file.size
		if p.file.data == nil {
			limit = min(limit, e.body+e.size+e.size/8+4096)
		}
	}
	var src []byte
	var err error
	if p.file.data != nil && limit == p.file.size {
		src = p.file.data[e.body:] // not counted as touched: where it ends is not known
	} else if src, err = p.file.slice(e.body, limit-e.body); err != nil {
		return err
	}
	return f.inflate(out, src)
}
