package gitdb

import "encoding/binary"

// After a word is read 56 bits are ready. That is enough for four literals and for looking up what follows them, or for
// a length and a distance with their extra bits.
const (
	_ = uint(56 - 5*litBits)
	_ = uint(56 - (maxBits + 5 + maxBits + 13))
)

// block unpacks a block into out from o on, and says where it ended.
//
// The time goes into a chain that cannot be shortened much: the entry tells how many bits to take, and only then the
// next one can be looked up. All else has to stay out of its way. So the reader's state stands in registers, and of n,
// the number of bits in buf, the lowest six bits alone are right, see huffman.go.
func (c *codes) block(r *bitReader, out []byte, o int, part bool) (int, error) {
	lit, dist := &c.lit, &c.dist
	buf, n, in := r.bits, uint64(r.n), r.src[min(r.at, len(r.src)):]
	left := len(in)
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
				continue // nothing is taken yet of what e stands for
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
		if room := len(out) - o; length+16 > room {
			if length > room && !part {
				return o, errInflate
			}
			o = copyBytes(out, o, back, min(length, room))
			if part && o == len(out) {
				return o, nil
			}
			continue
		}
		if back >= 16 {
			// A few bytes too many: they are written over.
			from := o - back
			*(*[16]byte)(out[o : o+16 : o+16]) = *(*[16]byte)(out[from : from+16 : from+16])
			for i := 16; i < length; i += 16 {
				*(*[16]byte)(out[o+i : o+i+16 : o+i+16]) = *(*[16]byte)(out[from+i : from+i+16 : from+i+16])
			}
		} else {
			copyNear(out, o, back, length)
		}
		o += length
	}
	r.bits, r.n, r.at = buf, uint(n&63), r.at+left-len(in)
	return c.rest(r, out, o, part)
}

// rest is block where the input or the room nearly ends.
func (c *codes) rest(r *bitReader, out []byte, o int, part bool) (int, error) {
	lit, dist := &c.lit, &c.dist
	for {
		r.fill()
		e := lit[r.bits&(1<<litBits-1)]
		if e&isFurther != 0 {
			r.drop(uint(e & 63))
			e = lit[(uint64(e>>16)+r.bits&(1<<(e>>10&63)-1))&(litRoom-1)]
		}
		length := int(e>>16) + int(r.bits&(1<<(e&63)-1)>>(e>>10&63))
		r.drop(uint(e & 63))
		switch {
		case r.over(), e&isOther != 0 && e>>16 != endOfBlock>>16:
			return o, errInflate
		case e&isOther != 0:
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
		d := dist[r.bits&(1<<distBits-1)]
		if d&isFurther != 0 {
			r.drop(uint(d & 63))
			d = dist[(uint64(d>>16)+r.bits&(1<<(d>>10&63)-1))&(distRoom-1)]
		}
		back := int(d>>16) + int(r.bits&(1<<(d&63)-1)>>(d>>10&63))
		r.drop(uint(d & 63))
		room := len(out) - o
		if d&isOther != 0 || back > o || r.over() || length > room && !part {
			return o, errInflate
		}
		o = copyBytes(out, o, back, min(length, room))
		if part && o == len(out) {
			return o, nil
		}
	}
}

// copyBytes copies to o what begins back before it, no byte more, and says where it ended.
func copyBytes(out []byte, o, back, length int) int {
	for range length {
		out[o] = out[o-back]
		o++
	}
	return o
}

// copyNear copies to o what begins less than 16 bytes before it, and up to 7 bytes too many.
func copyNear(out []byte, o, back, length int) {
	from := o - back
	if back >= 8 {
		for i := 0; i < length; i += 8 {
			*(*[8]byte)(out[o+i : o+i+8 : o+i+8]) = *(*[8]byte)(out[from+i : from+i+8 : from+i+8])
		}
		return
	}
	// The bytes are repeated to fill a word, and as much of it counts as are whole repetitions.
	bits := 8 * uint(back)
	word := binary.LittleEndian.Uint64(out[from:]) & (1<<bits - 1)
	word |= word << bits
	word |= word << (2 * bits)
	word |= word << (4 * bits)
	whole := 8 / back * back
	for i := 0; i < length; i += whole {
		binary.LittleEndian.PutUint64(out[o+i:], word)
	}
}
