package gitdb

import "encoding/binary"

// adlerMost is how many bytes can be summed before a 32 bit sum has to be reduced, in whole pieces of 64: 5552 is
// zlib's own bound.
const adlerMost = 5552 / 64 * 64

// adler32 is the checksum at the end of a zlib stream: a is one and the sum of the bytes, b the sum of all the a's,
// both modulo 65521.
//
// Eight bytes are added at a time, every second one into a lane of 16 bits. For 64 bytes no lane runs over, and then
// the lanes are summed by a multiplication, which leaves the sum of lanes times weights in the highest one.
func adler32(data []byte) uint32 {
	const (
		mod   = 65521
		every = 0x00ff00ff00ff00ff
		ones  = 0x0001000100010001
		// What the bytes of a word count in b, from the last word on: 8, 6, 4, 2 the even ones, 7, 5, 3, 1 the odd
		// ones.
		evens = 0x0008000600040002
		odds  = 0x0007000500030001
	)
	a, b := uint32(1), uint32(0)
	for len(data) > 0 {
		part := data[:min(len(data), adlerMost)]
		data = data[len(part):]
		for len(part) >= 64 {
			// even are the even bytes so far, both are all, and before is the sum of what both was before each word.
			var even, both, before uint64
			p := (*[64]byte)(part)
			for i := 0; i < 64; i += 8 {
				v := binary.LittleEndian.Uint64(p[i : i+8])
				before += both
				even += v & every
				both += v&every + v>>8&every
			}
			b += 64*a + 8*uint32(before*ones>>48) + uint32(even*evens>>48) + uint32((both-even)*odds>>48)
			a += uint32(both * ones >> 48)
			part = part[64:]
		}
		for _, c := range part {
			a += uint32(c)
			b += a
		}
		a %= mod
		b %= mod
	}
	return b<<16 | a
}
