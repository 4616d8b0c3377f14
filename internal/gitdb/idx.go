package gitdb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// An idx is a pack's index: the ids of its objects in order, and where each begins.
// Version 1 and 2 are read, with either hash. Nothing that it says is trusted further than the file reaches.
type idx struct {
	file    *mapped
	data    []byte // the whole file: mapped, or read
	v2      bool
	n       int // objects
	hashLen int
	ids     []byte // v2: n ids
	offs    []byte // v2: n times 4 bytes
	big     []byte // v2: 8 bytes each
}

var idxMagic = []byte{0xff, 't', 'O', 'c'}

func openIdx(name string, hashLen int) (*idx, error) {
	f, err := openMapped(name)
	if err != nil {
		return nil, err
	}
	data := f.data
	if data == nil {
		if data, err = f.slice(0, f.size); err != nil {
			f.close()
			return nil, err
		}
	}
	x, err := parseIdx(data, hashLen)
	if err != nil {
		f.close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	x.file = f
	return x, nil
}

func parseIdx(data []byte, hashLen int) (*idx, error) {
	x := &idx{data: data, hashLen: hashLen}
	head := 0
	if bytes.HasPrefix(data, idxMagic) {
		if len(data) < 8 {
			return nil, errShort
		}
		if v := binary.BigEndian.Uint32(data[4:]); v != 2 {
			return nil, fmt.Errorf("pack index version %d is unknown", v)
		}
		x.v2, head = true, 8
	}
	if len(data) < head+1024 {
		return nil, errShort
	}
	fan := data[head : head+1024]
	last := uint32(0)
	for i := range 256 {
		c := binary.BigEndian.Uint32(fan[4*i:])
		if c < last {
			return nil, errors.New("pack index: the counts go down")
		}
		last = c
	}
	n := int64(last)
	body := data[head+1024:]
	per := int64(4 + hashLen)
	if x.v2 {
		per = int64(hashLen + 8)
	}
	if n > int64(len(body))/per || n > 1<<31-2 {
		return nil, errShort
	}
	x.n = int(n)
	if x.v2 {
		x.ids = body[:x.n*hashLen]
		x.offs = body[x.n*(hashLen+4) : x.n*(hashLen+8)]
		x.big = body[x.n*(hashLen+8):]
		x.big = x.big[:max(0, len(x.big)-2*hashLen)]
	} else {
		x.ids = body[:n*per]
	}
	return x, nil
}

func (x *idx) fan(b int) int {
	head := 0
	if x.v2 {
		head = 8
	}
	return int(binary.BigEndian.Uint32(x.data[head+4*b:]))
}

// raw is the id of the i-th object, in order of ids.
func (x *idx) raw(i int) []byte {
	if x.v2 {
		return x.ids[i*x.hashLen : (i+1)*x.hashLen]
	}
	return x.ids[i*(x.hashLen+4)+4 : (i+1)*(x.hashLen+4)]
}

// offset is where the i-th object begins in the pack; -1 where the index contradicts itself.
func (x *idx) offset(i int) int64 {
	if !x.v2 {
		return int64(binary.BigEndian.Uint32(x.ids[i*(x.hashLen+4):]))
	}
	o := binary.BigEndian.Uint32(x.offs[4*i:])
	if o&(1<<31) == 0 {
		return int64(o)
	}
	j := int64(o &^ (1 << 31))
	if j*8+8 > int64(len(x.big)) {
		return -1
	}
	b := binary.BigEndian.Uint64(x.big[j*8:])
	if b > 1<<62 {
		return -1
	}
	return int64(b)
}

// find is the position of an id, -1 where the pack does not hold it. Ids are spread evenly, so the first guesses are
// where the id would stand if they were so exactly; after a few, halving goes on, whatever the index says.
func (x *idx) find(id []byte) int {
	if len(id) != x.hashLen {
		return -1
	}
	lo, hi := 0, x.fan(int(id[0]))
	if id[0] > 0 {
		lo = x.fan(int(id[0]) - 1)
	}
	key := binary.BigEndian.Uint64(id)
	low, high := key&^(1<<56-1), key|(1<<56-1) // of the ids from lo up to but without hi
	for guesses := 0; lo < hi; guesses++ {
		m := int(uint(lo+hi) >> 1)
		if guesses < 4 && low <= key && key <= high {
			m = lo + int((key-low)>>24*uint64(hi-lo)/((high-low)>>24+1))
		}
		raw := x.raw(m)
		at := binary.BigEndian.Uint64(raw)
		switch {
		case at < key:
			lo, low = m+1, at
		case at > key:
			hi, high = m, at
		default:
			switch c := bytes.Compare(raw, id); {
			case c == 0:
				return m
			case c < 0:
				lo = m + 1
			default:
				hi = m
			}
		}
	}
	return -1
}
