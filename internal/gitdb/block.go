package gitdb

import "encoding/binary"

// codes are the tables of the two codes of a block: of literals and lengths, and of distances. They have more room than any code of 288 or 32 symbols
// needs (2342 and 402 entries), so that an index has but to be masked.
type codes struct {
	lit  [litRoom]uint32
	dist [distRoom]uint32

	// For the time of building them: the symbols that have a code, and their entries by the length of the code.
	symbols [512]sized
	sorted  [288]uint32
}

const (
	litRoom  = 1 << (litBits + 1)
	distRoom = 1 << (distBits + 1)
)

// fixedCodes are those of blocks that do not bring their own.
var fixedCodes = func() *codes {
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
}()

// codeOrder is the order in which the lengths of the codes for lengths come.
var codeOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// read reads the codes of a block.
func (c *codes) read(r *bitReader) bool {
	nlit := r.take(5) + 257
	ndist := r.take(5) + 1
	ncode := r.take(4) + 4
	if nlit > 286 || ndist > 30 {
		return false
	}
	var lens [19]uint8
	r.fill()
	for i, s := range codeOrder[:ncode] {
		if i == 16 {
			r.fill()
		}
		lens[s] = uint8(r.take(3))
	}
	all := &c.symbols
	k := uint(0)
	for i, l := range lens {
		all[k] = sized(i<<4 | int(l))
		k += uint(l+7) >> 3 // symbols of no length are written over
	}
	// The distances' table serves meanwhile: it is built next.
	if !c.build(c.dist[:], codeBits, all[:k], 0, codeEntries[:], false) {
		return false
	}
	table := (*[1 << codeBits]uint32)(c.dist[:])
	bits, n, in := r.bits, uint64(r.n), r.src[min(r.at, len(r.src)):]
	left := len(in)
	k = 0
	last := sized(0)
	i := uint(0)
	for i < nlit+ndist {
		if len(in) >= 8 {
			bits |= binary.LittleEndian.Uint64(in) << (n & 63)
			in = in[int(^n>>3)&7:]
			n |= 56
		} else {
			r.bits, r.n, r.at = bits, uint(n&63), r.at+left-len(in)
			r.fill()
			bits, n, in = r.bits, uint64(r.n), nil
			left = 0
		}
		e := table[bits&(1<<codeBits-1)]
		times := uint(e>>16&15) + uint(bits&(1<<(e&63)-1)>>(e>>10&63))
		bits >>= e & 63
		n -= uint64(e)
		if s := sized(e >> 20); s < 16 {
			all[k&511] = sized(i<<4) | s
			k += uint(s+15) >> 4
			last = s
			i++
			continue
		} else if s > 16 {
			last = 0
		} else if i == 0 {
			return false
		}
		if last == 0 {
			i += times
			continue
		}
		for range times {
			all[k&511] = sized(i<<4) | last
			k++
			i++
		}
	}
	r.bits, r.n, r.at = bits, uint(n&63), r.at+left-len(in)
	if i > nlit+ndist || r.over() {
		return false
	}
	// The last symbols are distances.
	lits := k
	for lits > 0 && all[lits-1].symbol() >= nlit {
		lits--
	}
	hasEnd := false
	for j := lits; j > 0 && all[j-1].symbol() >= 256; j-- {
		hasEnd = all[j-1].symbol() == 256
	}
	return hasEnd && c.build(c.lit[:], litBits, all[:lits], 0, litEntries[:], true) && c.build(c.dist[:], distBits, all[lits:k], nlit, distEntries[:], true)
}

// block unpacks a block into out from o on, and says where it ended.
func (c *codes) block(r *bitReader, out []byte, o int, part bool) (int, error) {
	lit, dist := &c.lit, &c.dist
	buf, n, in := r.bits, uint64(r.n), r.src[min(r.at, len(r.src)):]
	left := len(in)
	// While there is a word to read and room for a few isLiteral, nothing has to be checked a byte. n is right in its lowest six bits.
next:
	for len(in) >= 8 && len(out)-o >= 4 {
		buf |= binary.LittleEndian.Uint64(in) << (n & 63)
		in = in[int(^n>>3)&7:]
		n |= 56
		e := lit[buf&(1<<litBits-1)]
		if e&isLiteral != 0 {
			for {
				to := (*[4]byte)(out[o : o+4 : o+4])
				buf >>= e & 63
				n -= uint64(e)
				to[0] = byte(e >> 16)
				o++
				e = lit[buf&(1<<litBits-1)]
				if e&isLiteral == 0 {
					break
				}
				buf >>= e & 63
				n -= uint64(e)
				to[1] = byte(e >> 16)
				o++
				e = lit[buf&(1<<litBits-1)]
				if e&isLiteral == 0 {
					break
				}
				buf >>= e & 63
				n -= uint64(e)
				to[2] = byte(e >> 16)
				o++
				e = lit[buf&(1<<litBits-1)]
				if e&isLiteral == 0 {
					break
				}
				buf >>= e & 63
				n -= uint64(e)
				to[3] = byte(e >> 16)
				o++
				if len(in) < 8 || len(out)-o < 4 {
					continue next
				}
				e = lit[buf&(1<<litBits-1)]
				buf |= binary.LittleEndian.Uint64(in) << (n & 63)
				in = in[int(^n>>3)&7:]
				n |= 56
				if e&isLiteral == 0 {
					break
				}
			}
			if len(in) < 8 {
				continue
			}
			buf |= binary.LittleEndian.Uint64(in) << (n & 63)
			in = in[int(^n>>3)&7:]
			n |= 56
		}
		if e&(isFurther|isOther) != 0 {
			if e&isFurther != 0 {
				buf >>= e & 63
				n -= uint64(e)
				e = lit[(uint64(e>>16)+buf&(1<<(e>>10&63)-1))&(litRoom-1)]
			}
			if e&isLiteral != 0 {
				buf >>= e & 63
				n -= uint64(e)
				out[o] = byte(e >> 16)
				o++
				continue
			}
			if e&isOther != 0 {
				if e>>16 != endOfBlock>>16 {
					return o, errInflate
				}
				buf >>= e & 63
				n -= uint64(e)
				r.bits, r.n, r.at = buf, uint(n&63), r.at+left-len(in)
				return o, nil
			}
		}
		length := int(e>>16) + int(buf&(1<<(e&63)-1)>>(e>>10&63))
		buf >>= e & 63
		n -= uint64(e)
		d := dist[buf&(1<<distBits-1)]
		if d&(isFurther|isOther) != 0 {
			if d&isFurther != 0 {
				buf >>= d & 63
				n -= uint64(d)
				d = dist[(uint64(d>>16)+buf&(1<<(d>>10&63)-1))&(distRoom-1)]
			}
			if d&isOther != 0 {
				return o, errInflate
			}
		}
		back := int(d>>16) + int(buf&(1<<(d&63)-1)>>(d>>10&63))
		buf >>= d & 63
		n -= uint64(d)
		if back > o {
			return o, errInflate
		}
		if length+16 > len(out)-o {
			if length > len(out)-o {
				if !part {
					return o, errInflate
				}
				length = len(out) - o
			}
			for range length {
				out[o] = out[o-back]
				o++
			}
			if part && o == len(out) {
				return o, nil
			}
			continue
		}
		from := o - back
		if back >= 16 {
			// In words, and a few bytes too many: they are written over.
			*(*[16]byte)(out[o : o+16 : o+16]) = *(*[16]byte)(out[from : from+16 : from+16])
			for i := 16; i < length; i += 16 {
				*(*[16]byte)(out[o+i : o+i+16 : o+i+16]) = *(*[16]byte)(out[from+i : from+i+16 : from+i+16])
			}
		} else if back >= 8 {
			for i := 0; i < length; i += 8 {
				*(*[8]byte)(out[o+i : o+i+8 : o+i+8]) = *(*[8]byte)(out[from+i : from+i+8 : from+i+8])
			}
		} else {
			// The bytes are repeated in a word, and as many of them written at a time as are whole repetitions.
			word := binary.LittleEndian.Uint64(out[from:from+8:from+8]) & (1<<(8*uint(back)) - 1)
			word |= word << (8 * uint(back))
			word |= word << (16 * uint(back))
			word |= word << (32 * uint(back))
			for i := 0; i < length; i += int(repeats[back&7]) {
				binary.LittleEndian.PutUint64(out[o+i:o+i+8:o+i+8], word)
			}
		}
		o += length
	}
	r.bits, r.n, r.at = buf, uint(n&63), r.at+left-len(in)
	return c.rest(r, out, o, part)
}

// repeats is how many bytes of a word are whole repetitions of the index's number of bytes.
var repeats = [8]uint8{1: 8, 2: 8, 3: 6, 4: 8, 5: 5, 6: 6, 7: 7}

// rest is block where the input or the room nearly ends.
func (c *codes) rest(r *bitReader, out []byte, o int, part bool) (int, error) {
	lit, dist := &c.lit, &c.dist
	for {
		r.fill()
		e := lit[r.bits&(1<<litBits-1)]
		if e&isFurther != 0 {
			r.drop(uint(e & 63))
			e = lit[uint64(e>>16)+r.bits&(1<<(e>>10&63)-1)]
		}
		word := r.bits
		r.drop(uint(e & 63))
		switch {
		case r.over():
			return o, errInflate
		case e&isOther != 0:
			if e>>16 != endOfBlock>>16 {
				return o, errInflate
			}
			return o, nil
		case e&isLiteral != 0:
			if o == len(out) {
				if part {
					return o, nil
				}
				return o, errInflate
			}
			out[o] = byte(e >> 16)
			o++
			continue
		}
		length := int(e>>16) + int(word&(1<<(e&63)-1)>>(e>>10&63))
		d := dist[r.bits&(1<<distBits-1)]
		if d&isFurther != 0 {
			r.drop(uint(d & 63))
			d = dist[uint64(d>>16)+r.bits&(1<<(d>>10&63)-1)]
		}
		back := int(d>>16) + int(r.bits&(1<<(d&63)-1)>>(d>>10&63))
		r.drop(uint(d & 63))
		if d&isOther != 0 || back > o || r.over() {
			return o, errInflate
		}
		if length > len(out)-o {
			if !part {
				return o, errInflate
			}
			length = len(out) - o
		}
		for range length {
			out[o] = out[o-back]
			o++
		}
		if part && o == len(out) {
			return o, nil
		}
	}
}
