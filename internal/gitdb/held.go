package gitdb

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
)

// HoldPack opens a pack that is in memory, without an index: out of an archive, or a bundle. text begins with the pack
// and must not be changed while the repository is used; used is how many of its bytes are the pack's. The repository has
// these objects and nothing else: no refs, no index, no files. hashLen is 20 or 32, 0 where it is not known. Making the
// index unpacks everything once or, where deltas name their bases by id, a few times; most bounds the bytes. What is
// damaged is told in DB.Problems.
func HoldPack(text []byte, hashLen int, most int64) (r *Repo, used int, err error) {
	if len(text) < 12 || string(text[:4]) != "PACK" {
		return nil, 0, errors.New("not a pack")
	}
	if v := binary.BigEndian.Uint32(text[4:]); v != 2 && v != 3 {
		return nil, 0, fmt.Errorf("pack version %d is unknown", v)
	}
	if hashLen == 0 {
		hashLen = packHashLen(text)
	}
	h := &holder{hashLen: hashLen, left: most, db: heldDB(hashLen)}
	used = h.entries(text)
	if used += hashLen; used > len(text) {
		text = append(slices.Clip(text), make([]byte, used-len(text))...)
	}
	h.text = text[:used]
	h.ids, h.known = make([]Hash, len(h.offs)), make([]bool, len(h.offs))
	for range holdRounds {
		n, err := h.name()
		if err != nil {
			return nil, 0, err
		}
		if n == 0 {
			break
		}
	}
	db := heldDB(hashLen)
	p, _, err := h.indexed()
	if err != nil {
		return nil, 0, err
	}
	db.packs, db.Problems = []*pack{p}, h.db.Problems
	return &Repo{Config: Config{}, DB: db}, used, nil
}

// holdRounds bounds how often the objects of a pack are unfolded to learn their ids: a delta that names its base by id
// has one when its base has.
const holdRounds = 4

func heldDB(hashLen int) *DB {
	db := &DB{hashLen: hashLen, MaxSize: DefaultMaxSize}
	db.inflaters.New = func() any { return new(inflater) }
	return db
}

// packHashLen is the length of a pack's ids, by the checksum at its end.
func packHashLen(text []byte) int {
	if n := len(text) - sha256.Size; n > 0 {
		if sum := sha256.Sum256(text[:n]); bytes.Equal(sum[:], text[n:]) {
			return sha256.Size
		}
	}
	return sha1.Size
}

// A holder makes the index of a pack.
type holder struct {
	hashLen int
	left    int64 // bytes that may be unpacked
	db      *DB   // that knows as many ids as are known
	text    []byte
	offs    []int64 // of the entries, in order
	ids     []Hash  // what is not known has an id that is no object's
	known   []bool
}

// entries finds where each entry begins, and returns where the last ends. Only unpacking an entry tells where the next
// one begins.
func (h *holder) entries(text []byte) int {
	count := binary.BigEndian.Uint32(text[8:])
	p := &pack{file: heldFile(text), hashLen: h.hashLen}
	var f inflater
	var out []byte
	pos := int64(12)
	for i := range count {
		e, err := p.entry(pos)
		switch {
		case err != nil:
		case e.size > h.db.MaxSize:
			err = tooBig(e.size)
		case !plausible(e.size, int64(len(text))-e.body):
			err = errEntry
		case e.size > h.left:
			err = errors.New("it unpacks to too much")
		default:
			h.left -= e.size
			out = slices.Grow(out[:0], int(e.size))[:e.size]
			var n, end int
			if n, end, err = f.unpack(out, text[e.body:], false); err == nil && n != len(out) {
				err = errInflate
			}
			e.body += int64(end) + 4
		}
		if err != nil {
			h.db.problem(fmt.Sprintf("pack, from object %d of %d on", i+1, count), err.Error())
			break
		}
		h.offs = append(h.offs, pos)
		pos = e.body
	}
	return int(pos)
}

// heldFile is a mapped file whose bytes are in memory.
func heldFile(text []byte) *mapped {
	return &mapped{name: "pack", size: int64(len(text)), data: text}
}

// indexed is the pack with an index of what is known of it. of are the entries in the order of the index.
func (h *holder) indexed() (p *pack, of []int, err error) {
	of = make([]int, len(h.offs))
	for i := range of {
		of[i] = i
		if !h.known[i] {
			// An id that is no object's, but by an accident that nobody has seen.
			h.ids[i] = h.sum([]byte("no object"), []byte(strconv.Itoa(i)))
		}
	}
	slices.SortFunc(of, func(a, b int) int { return h.ids[a].Compare(h.ids[b]) })
	var fan [256]uint32
	var ids, offs []byte
	for _, i := range of {
		fan[h.ids[i].Bytes()[0]]++
		ids = append(ids, h.ids[i].Bytes()...)
		offs = binary.BigEndian.AppendUint32(offs, uint32(h.offs[i]))
	}
	text := binary.BigEndian.AppendUint32(slices.Clone(idxMagic), 2)
	n := uint32(0)
	for _, c := range fan {
		n += c
		text = binary.BigEndian.AppendUint32(text, n)
	}
	text = append(append(append(text, ids...), make([]byte, 4*len(of))...), offs...)
	text = append(text, make([]byte, 2*h.hashLen)...)
	x, err := parseIdx(text, h.hashLen)
	if err != nil {
		return nil, nil, err
	}
	x.file = heldFile(text)
	return &pack{name: "pack", file: heldFile(h.text), idx: x, hashLen: h.hashLen}, of, nil
}

// name unfolds what can be unfolded and computes its ids. It returns how many it learned.
func (h *holder) name() (learned int, err error) {
	p, of, err := h.indexed()
	if err != nil {
		return 0, err
	}
	h.db = &DB{hashLen: h.hashLen, MaxSize: h.db.MaxSize, Problems: h.db.Problems, packs: []*pack{p}}
	h.db.inflaters.New = func() any { return new(inflater) }
	over := false
	err = h.db.Each(context.Background(), EachOptions{Jobs: 1, MaxUnfolded: max(1, h.left)}, func(v *Visit) error {
		i := of[v.N]
		if h.left -= int64(len(v.Data)); h.left < 0 {
			over = true
		}
		if !h.known[i] {
			h.known[i] = true
			h.ids[i] = h.sum([]byte(v.Type.String()+" "+strconv.Itoa(len(v.Data))+"\x00"), v.Data)
			learned++
		}
		return nil
	})
	if over {
		h.db.problem("pack", "it unfolds to too much: some of it was not read")
		return 0, err
	}
	return learned, err
}

func (h *holder) sum(parts ...[]byte) Hash {
	var s hash.Hash = sha1.New()
	if h.hashLen == sha256.Size {
		s = sha256.New()
	}
	for _, p := range parts {
		s.Write(p)
	}
	return HashOf(s.Sum(nil))
}
