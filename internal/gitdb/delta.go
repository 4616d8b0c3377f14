package gitdb

import "errors"

// A Span is a range of bytes of an object's text, from Start up to but without End. An empty Span is a seam: the place
// where two copies meet that were not neighbours in the base, or where the text begins or ends and the base does not.
type Span struct{ Start, End int }

var errDelta = errors.New("the delta contradicts itself")

// deltaSizes reads the head of a delta: the sizes of base and result, and where the instructions begin.
func deltaSizes(delta []byte) (base, result uint64, pos int, err error) {
	for k := range 2 {
		var v uint64
		shift := uint(0)
		for {
			if pos >= len(delta) || shift > 56 {
				return 0, 0, 0, errDelta
			}
			c := delta[pos]
			pos++
			v |= uint64(c&0x7f) << shift
			shift += 7
			if c&0x80 == 0 {
				break
			}
		}
		if k == 0 {
			base = v
		} else {
			result = v
		}
	}
	return base, result, pos, nil
}

// applyDelta writes the result of delta on base to out, whose length is the result's size, and appends to spans what
// the base did not hold: the inserted bytes and the seams, in order. Neighbouring instructions that copy on are no
// seam.
func applyDelta(out, base, delta []byte, pos int, spans []Span) ([]Span, error) {
	o := 0
	from := 0         // where in base the last copy ended
	inserted := false // the last instruction inserted something, which tells of the seam too
	for pos < len(delta) {
		c := delta[pos]
		pos++
		if c&0x80 != 0 {
			var off, n uint32
			if len(delta)-pos >= 7 {
				// The usual case, without a check a byte.
				d := delta[pos : pos+7 : pos+7]
				i := 0
				if c&0x01 != 0 {
					off = uint32(d[0])
					i = 1
				}
				if c&0x02 != 0 {
					off |= uint32(d[i]) << 8
					i++
				}
				if c&0x04 != 0 {
					off |= uint32(d[i]) << 16
					i++
				}
				if c&0x08 != 0 {
					off |= uint32(d[i]) << 24
					i++
				}
				if c&0x10 != 0 {
					n = uint32(d[i])
					i++
				}
				if c&0x20 != 0 {
					n |= uint32(d[i]) << 8
					i++
				}
				if c&0x40 != 0 {
					n |= uint32(d[i]) << 16
					i++
				}
				pos += i
			} else {
				for k := uint(0); k < 7; k++ {
					if c&(1<<k) == 0 {
						continue
					}
					if pos >= len(delta) {
						return spans, errDelta
					}
					if k < 4 {
						off |= uint32(delta[pos]) << (8 * k)
					} else {
						n |= uint32(delta[pos]) << (8 * (k - 4))
					}
					pos++
				}
			}
			if n == 0 {
				n = 0x10000
			}
			if uint64(off)+uint64(n) > uint64(len(base)) || int(n) > len(out)-o {
				return spans, errDelta
			}
			if !inserted && from != int(off) {
				spans = append(spans, Span{o, o})
			}
			copy(out[o:o+int(n)], base[off:int(off)+int(n)])
			o += int(n)
			from, inserted = int(off)+int(n), false
			continue
		}
		n := int(c)
		if n == 0 || n > len(delta)-pos || n > len(out)-o {
			return spans, errDelta
		}
		copy(out[o:o+n], delta[pos:pos+n])
		if inserted {
			spans[len(spans)-1].End += n
		} else {
			spans = append(spans, Span{o, o + n})
		}
		pos += n
		o += n
		inserted = true
	}
	if o != len(out) {
		return spans, errDelta
	}
	if !inserted && from != len(base) {
		spans = append(spans, Span{o, o})
	}
	return spans, nil
}
