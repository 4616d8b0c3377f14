package gitdb

import "math/bits"

// A code becomes tables: the first bits of the input, litBits or distBits of them, lead to an entry, or to a further
// table for codes that are longer.
//
// An entry has, from the lowest bit on:
//
//	6 bits   the bits to take from the input: the code (what is left of it in a further table) and the extra bits behind it
//	3 bits   the flags isFurther, isOther and isLiteral; with none of them it is a length or a distance
//	1 bit    nothing
//	6 bits   the bits of the code alone; of an entry that leads further, the bits of the further table
//	16 bits  the literal; the length's or distance's base; or where the further table begins
//
// The number of bits to take stands lowest since a shift by e&63 and a subtraction from a number whose lowest six bits
// count need no mask: the processor looks at no more than those either.

const (
	litBits    = 11
	distBits   = 8
	lengthBits = 7
	maxBits    = 15

	isFurther = 1 << 6
	isOther   = 1 << 7 // endOfBlock or badCode
	isLiteral = 1 << 8
	ofCode    = 1<<10 | 1 // times the bits of the code

	endOfBlock = isOther
	badCode    = isOther | 1<<16
)

var (
	lengthBase = [...]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
		131, 163, 195, 227, 258}
	lengthExtra = [...]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distBase    = [...]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
		2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distExtra = [...]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12,
		13, 13}
)

// litEntries and distEntries are the entries of the symbols, without the bits of the code.
var litEntries, distEntries = func() (lit [288]uint32, dist [32]uint32) {
	for i := range lit {
		switch {
		case i < 256:
			lit[i] = isLiteral | uint32(i)<<16
		case i == 256:
			lit[i] = endOfBlock
		case i-257 < len(lengthBase):
			lit[i] = uint32(lengthExtra[i-257]) | uint32(lengthBase[i-257])<<16
		default:
			lit[i] = badCode
		}
	}
	for i := range dist {
		if i < len(distBase) {
			dist[i] = uint32(distExtra[i]) | uint32(distBase[i])<<16
		} else {
			dist[i] = badCode
		}
	}
	return lit, dist
}()

// lengthEntries are those of the code for the lengths of codes: at bit 20 the symbol, at bit 16 how often it stands
// without the extra bits.
var lengthEntries = func() (e [19]uint32) {
	for i := range e {
		e[i] = uint32(i)<<20 | 1<<16
	}
	e[16] = 16<<20 | 3<<16 | 2
	e[17] = 17<<20 | 3<<16 | 3
	e[18] = 18<<20 | 11<<16 | 7
	return e
}()

// A sized is a symbol that has a code, in the upper twelve bits, and the length of the code, in the lower four.
type sized uint16

func (s sized) symbol() uint { return uint(s >> 4) }
func (s sized) bits() uint   { return uint(s & 15) }

// build makes the tables of the code of these symbols, which are in order; symbols begins with first. Codes that
// contradict themselves are refused, and those that leave bit patterns without a meaning, but for the one that a single
// distance needs.
func (c *codes) build(table []uint32, size uint, code []sized, first uint, symbols []uint32, mayBeOne bool) bool {
	var count [maxBits + 1]uint
	for _, s := range code {
		count[s.bits()]++
	}
	// Where the symbols of a length begin, sorted by it: in that order the codes count up.
	var at [maxBits + 1]uint
	left, n := 1, uint(0)
	for i := 1; i <= maxBits; i++ {
		at[i] = n
		n += count[i]
		left = left<<1 - int(count[i])
		if left < 0 {
			return false
		}
	}
	if left > 0 {
		if !mayBeOne || len(code) > 1 || len(code) == 1 && code[0].bits() != 1 {
			return false
		}
		table[0], table[1] = badCode|1, badCode|1
		if len(code) == 1 {
			table[0] = symbols[code[0].symbol()-first] + ofCode
		}
		for n := 2; n < 1<<size; n *= 2 {
			copy(table[n:2*n], table[:n])
		}
		return true
	}
	sorted := &c.sorted
	for _, s := range code {
		i := at[s.bits()]
		at[s.bits()] = i + 1
		sorted[i] = symbols[s.symbol()-first]
	}
	fill(table, size, sorted[:n], &count)
	return true
}

// fill makes the tables of a complete code from the entries of its symbols, which are sorted by the length of their
// codes.
func fill(table []uint32, size uint, sorted []uint32, count *[maxBits + 1]uint) {
	code := uint(0) // as the input has it: the first bit lowest
	next := 0
	// The first table grows with the codes: of a table of n bits the one of n+1 bits holds two copies.
	for n := uint(1); n <= size; n++ {
		half := uint(1) << (n - 1)
		copy(table[half:2*half], table[:half])
		for _, e := range sorted[next : next+int(count[n])] {
			table[code] = e + uint32(n*ofCode)
			code = nextCode(code, n)
		}
		next += int(count[n])
	}
	if next == len(sorted) {
		return
	}
	longest := uint(maxBits)
	for count[longest] == 0 {
		longest--
	}
	end := uint(1) << size
	further, furtherBits, furtherAt := ^uint(0), uint(0), uint(0)
	for n := size + 1; n <= longest; n++ {
		for ; count[n] > 0; count[n]-- {
			if head := code & (1<<size - 1); head != further {
				// A table of as many bits as it takes for the codes that are left to fill it.
				further, furtherBits = head, n-size
				for free := 1<<furtherBits - int(count[n]); free > 0 && size+furtherBits < longest; {
					furtherBits++
					free = free<<1 - int(count[size+furtherBits])
				}
				furtherAt = end
				end += 1 << furtherBits
				table[head] = isFurther | uint32(size) | uint32(furtherBits)<<10 | uint32(furtherAt)<<16
			}
			e := sorted[next] + uint32((n-size)*ofCode)
			next++
			for i := code >> size; i < 1<<furtherBits; i += 1 << (n - size) {
				table[furtherAt+i] = e
			}
			code = nextCode(code, n)
		}
	}
}

// nextCode counts a code of n bits up, the bits being in reverse: the highest bit that is 0 becomes 1, and those above
// it 0.
func nextCode(code, n uint) uint {
	bit := uint(1) << bits.Len(code^(1<<n-1)) >> 1
	return code&(bit-1) | bit
}
