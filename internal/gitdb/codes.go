package gitdb

import (
	"encoding/binary"
	"sync"
)

// codes are the tables of the two codes of a block: of literals and lengths, and of distances.
type codes struct {
	lit  [litRoom]uint32
	dist [distRoom]uint32

	// While the tables are built: the symbols that have a code, and their entries by the length of the code.
	symbols [512]sized
	sorted  [288]uint32
}

// A further table of n bits holds n+1 symbols or more, and so 2^n/(n+1) entries for each of them at most. With codes of
// up to 15 bits that makes less than 1000 entries in the further tables of 288 symbols, and 512 in those of 32. Being
// powers of two, the sizes let an index be masked where it would have to be checked.
const (
	litRoom  = 1 << (litBits + 1)
	distRoom = 1 << (distBits + 2)
)

// fixedCodes are those of blocks that do not bring their own. They are for all inflaters, and for reading only.
var fixedCodes = sync.OnceValue(func() *codes {
	var lit, dist [288]sized
	for i := range lit {
		n := 8
		switch {
		case i >= 144 && i < 256:
			n = 9
		case i >= 256 && i < 280:
			n = 7
		}
		lit[i] = sized(i<<4 | n)
		dist[i] = sized(i<<4 | 5)
	}
	c := new(codes)
	c.build(c.lit[:], litBits, lit[:], 0, litEntries[:], false)
	c.build(c.dist[:], distBits, dist[:32], 0, distEntries[:], false)
	return c
})

// lengthOrder is the order in which the lengths come of the codes that the lengths of a block's codes are written in.
var lengthOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// read reads the codes of a block.
func (c *codes) read(r *bitReader) bool {
	nlit := r.take(5) + 257
	ndist := r.take(5) + 1
	nlength := r.take(4) + 4
	if nlit > 286 || ndist > 30 {
		return false
	}
	var lens [19]uint8
	r.fill()
	for i, s := range lengthOrder[:nlength] {
		if i == 16 {
			r.fill()
		}
		lens[s] = uint8(r.take(3))
	}
	n := 0
	for i, l := range lens {
		c.symbols[n] = sized(i<<4 | int(l))
		n += int(l+7) >> 3 // a symbol without a code is written over
	}
	// The distances' table serves meanwhile: it is built next.
	if !c.build(c.dist[:], lengthBits, c.symbols[:n], 0, lengthEntries[:], false) {
		return false
	}
	symbols, ok := c.readLengths(r, nlit+ndist)
	if !ok {
		return false
	}
	// The last symbols are distances.
	n = len(symbols)
	for n > 0 && symbols[n-1].symbol() >= nlit {
		n--
	}
	hasEnd := false
	for i := n - 1; i >= 0 && symbols[i].symbol() >= 256; i-- {
		hasEnd = symbols[i].symbol() == 256
	}
	return hasEnd && c.build(c.lit[:], litBits, symbols[:n], 0, litEntries[:], true) &&
		c.build(c.dist[:], distBits, symbols[n:], nlit, distEntries[:], true)
}

// readLengths reads the lengths of the codes of so many symbols, and returns those that have a code.
func (c *codes) readLengths(r *bitReader, most uint) ([]sized, bool) {
	table := (*[1 << lengthBits]uint32)(c.dist[:])
	symbols := &c.symbols
	// The reader's state stands in registers, see block.
	buf, n, in := r.bits, uint64(r.n), r.src[min(r.at, len(r.src)):]
	left := len(in)
	i, k := uint(0), uint(0)
	last := sized(0)
	for i < most {
		if len(in) >= 8 {
			buf |= binary.LittleEndian.Uint64(in) << (n & 63)
			in = in[int(^n>>3)&7:]
			n |= 56
		} else {
			r.bits, r.n, r.at = buf, uint(n&63), r.at+left-len(in)
			r.fill()
			buf, n, in, left = r.bits, uint64(r.n), nil, 0
		}
		e := table[buf&(1<<lengthBits-1)]
		times := uint(e>>16&15) + uint(buf&(1<<(e&63)-1)>>(e>>10&63))
		buf >>= e & 63
		n -= uint64(e)
		switch s := sized(e >> 20); {
		case s < 16:
			symbols[k&511] = sized(i<<4) | s
			k += uint(s+15) >> 4
			i++
			last = s
			continue
		case s > 16:
			last = 0
		case i == 0:
			return nil, false
		}
		if last == 0 {
			i += times
			continue
		}
		for range times {
			symbols[k&511] = sized(i<<4) | last
			k++
			i++
		}
	}
	r.bits, r.n, r.at = buf, uint(n&63), r.at+left-len(in)
	return symbols[:k&511], i == most && !r.over()
}
