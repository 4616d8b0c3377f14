package gitdb

import (
	"encoding/binary"
	"errors"
)

var errInflate = errors.New("the compressed data is damaged")

// An inflater unpacks zlib streams (RFC 1950, 1951) that are in memory as a whole, into memory whose size is known. That is all that git's objects
// need, and it is two to three times as fast as a reader that has to keep a window and may be stopped anywhere: half of the time that
// reading a history takes goes here. It is kept and used again; it is not for concurrent use.
type inflater struct {
	lit, dist huffman
	fixed     bool // lit and dist are the fixed codes
	small     bool // little is unpacked: filling tables would take longer than what they save
	lens      [320]uint8
}

// A huffman is a code as tables: the first step bits of the input lead to an entry, or to a further table for codes that are longer.
//
// An entry has, from the lowest bit: 4 bits, the length of the code (of what is left of it in a further table); the flags below; at bit 8 the
// number of extra bits, or the bits of the further table; at bit 16 the literal, the length's or distance's base, or where the further table begins.
type huffman struct {
	step    uint
	entries []uint32
	space   [maxEntries]uint32
}

// maxEntries is more than any code of 288 symbols needs in tables of ten bits: 1334.
const maxEntries = 1400

const (
	litStep  = 10
	distStep = 8
	maxBits  = 15

	// Of streams up to smallStream bytes, of which a pack has most.
	smallStream   = 1 << 10
	smallLitStep  = 8
	smallDistStep = 6

	isLiteral = 1 << 4
	isFurther = 1 << 5
	isEnd     = 1 << 6
	isBad     = 1 << 7
)

var (
	lengthBase  = [...]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [...]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distBase    = [...]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distExtra   = [...]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
	codeOrder   = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// litEntries and distEntries are the entries of the symbols, without the length of the code.
var litEntries, distEntries = func() (lit [288]uint32, dist [32]uint32) {
	for i := range lit {
		switch {
		case i < 256:
			lit[i] = isLiteral | uint32(i)<<16
		case i == 256:
			lit[i] = isEnd
		case i-257 < len(lengthBase):
			lit[i] = uint32(lengthExtra[i-257])<<8 | uint32(lengthBase[i-257])<<16
		default:
			lit[i] = isBad
		}
	}
	for i := range dist {
		if i < len(distBase) {
			dist[i] = uint32(distExtra[i])<<8 | uint32(distBase[i])<<16
		} else {
			dist[i] = isBad
		}
	}
	return lit, dist
}()

// codeEntries are those of the code for the lengths of codes.
var codeEntries = func() (e [19]uint32) {
	for i := range e {
		e[i] = uint32(i) << 16
	}
	return e
}()

// build makes the tables of the code in which symbol i has lens[i] bits, 0 for none. Codes that contradict themselves are refused, and those that
// leave bit patterns without a meaning, but for the one that a single distance needs.
func (h *huffman) build(lens []uint8, symbols []uint32, step uint, mayBeOne bool) bool {
	var count [maxBits + 1]int
	for _, n := range lens {
		count[n]++
	}
	used := len(lens) - count[0]
	longest := uint(maxBits)
	for longest > 0 && count[longest] == 0 {
		longest--
	}
	step = max(1, min(step, longest))
	h.step = step
	h.entries = h.space[:1<<step]
	left := 1
	for n := 1; n <= maxBits; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return false
		}
	}
	if left > 0 {
		if !mayBeOne || used > 1 || used == 1 && count[1] != 1 {
			return false
		}
		for i := range h.entries {
			h.entries[i] = isBad | 1
		}
	}
	// Symbols by the length of their code: in that order the codes count up.
	var at [maxBits + 2]int
	for n := 1; n <= maxBits; n++ {
		at[n+1] = at[n] + count[n]
	}
	var order [320]uint16
	for i, n := range lens {
		if n > 0 {
			order[at[n]] = uint16(i)
			at[n]++
		}
	}
	code := uint(0) // as the input has it: the first bit lowest
	further, furtherBits, furtherAt := ^uint(0), uint(0), 0
	next := 0
	for n := uint(1); n <= longest; n++ {
		for ; count[n] > 0; count[n]-- {
			e := symbols[order[next]]
			next++
			if n <= step {
				for i := code; i < 1<<step; i += 1 << n {
					h.entries[i] = e | uint32(n)
				}
				code = nextCode(code, n)
				continue
			}
			if head := code & (1<<step - 1); head != further {
				// A table of as many bits as it takes for the codes that are left to fill it.
				further, furtherBits = head, n-step
				for free := 1<<furtherBits - count[n]; free > 0 && step+furtherBits < longest; {
					furtherBits++
					free = free<<1 - count[step+furtherBits]
				}
				furtherAt = len(h.entries)
				if furtherAt+1<<furtherBits > len(h.space) {
					return false
				}
				h.entries = h.space[:furtherAt+1<<furtherBits]
				h.entries[head] = isFurther | uint32(step) | uint32(furtherBits)<<8 | uint32(furtherAt)<<16
			}
			for i := code >> step; i < 1<<furtherBits; i += 1 << (n - step) {
				h.entries[furtherAt+int(i)] = e | uint32(n-step)
			}
			code = nextCode(code, n)
		}
	}
	return true
}

// nextCode counts a code of n bits up, the bits being in reverse.
func nextCode(code, n uint) uint {
	bit := uint(1) << (n - 1)
	for code&bit != 0 {
		code &^= bit
		bit >>= 1
	}
	return code | bit
}

// inflate fills out with what src unpacks to, and reports damage, a stream that is too short, and one that is too long.
func (f *inflater) inflate(out, src []byte) error {
	n, used, err := f.unpack(out, src, false)
	if err != nil {
		return err
	}
	if n != len(out) || len(src)-used < 4 || binary.BigEndian.Uint32(src[used:]) != adler32(out) {
		return errInflate
	}
	return nil
}

// head unpacks the first bytes of src, as many as out takes or the stream holds.
func (f *inflater) head(out, src []byte) (int, error) {
	n, _, err := f.unpack(out, src, true)
	return n, err
}

// unpack unpacks src into out and says how many bytes it made, and where in src the checksum stands. Where the stream holds more than out takes, that is
// an error, or with part the end.
func (f *inflater) unpack(out, src []byte, part bool) (n, used int, err error) {
	if len(src) < 2 || src[0]&15 != 8 || src[0]>>4 > 7 || src[1]&0x20 != 0 || (uint(src[0])<<8|uint(src[1]))%31 != 0 {
		return 0, 0, errInflate
	}
	r := bitReader{src: src, at: 2}
	f.small = len(src) <= smallStream
	o := 0
	for {
		r.fill()
		last := r.take(1)
		switch r.take(2) {
		case 0:
			r.toByte()
			if len(src)-r.at < 4 || r.over() {
				return o, 0, errInflate
			}
			size := int(binary.LittleEndian.Uint16(src[r.at:]))
			if size != int(^binary.LittleEndian.Uint16(src[r.at+2:])) {
				return o, 0, errInflate
			}
			r.at += 4
			if len(src)-r.at < size {
				return o, 0, errInflate
			}
			k := copy(out[o:], src[r.at:r.at+size])
			o += k
			r.at += size
			if k < size {
				if part {
					return o, 0, nil
				}
				return o, 0, errInflate
			}
		case 1:
			if !f.fixed {
				f.buildFixed()
			}
			if o, err = f.block(&r, out, o, part); err != nil || part && o == len(out) {
				return o, 0, err
			}
		case 2:
			f.fixed = false
			if !f.readCodes(&r) {
				return o, 0, errInflate
			}
			if o, err = f.block(&r, out, o, part); err != nil || part && o == len(out) {
				return o, 0, err
			}
		default:
			return o, 0, errInflate
		}
		if last == 1 {
			break
		}
		if r.over() {
			return o, 0, errInflate
		}
	}
	r.toByte()
	if r.over() {
		return o, 0, errInflate
	}
	return o, r.at, nil
}

func (f *inflater) buildFixed() {
	for i := range 288 {
		switch {
		case i < 144, i >= 280:
			f.lens[i] = 8
		case i < 256:
			f.lens[i] = 9
		default:
			f.lens[i] = 7
		}
	}
	f.lit.build(f.lens[:288], litEntries[:], litStep, false)
	for i := range 32 {
		f.lens[i] = 5
	}
	f.dist.build(f.lens[:32], distEntries[:], distStep, false)
	f.fixed = true
}

// readCodes reads the codes of a block.
func (f *inflater) readCodes(r *bitReader) bool {
	nlit := int(r.take(5)) + 257
	ndist := int(r.take(5)) + 1
	ncode := int(r.take(4)) + 4
	if nlit > 286 || ndist > 30 {
		return false
	}
	var lens [19]uint8
	r.fill()
	for i := range ncode {
		if i == 16 {
			r.fill()
		}
		lens[codeOrder[i]] = uint8(r.take(3))
	}
	// The distances' table serves meanwhile: it is built next.
	if !f.dist.build(lens[:], codeEntries[:], 7, false) {
		return false
	}
	table := f.dist.entries
	mask := uint64(1)<<f.dist.step - 1
	n := 0
	for n < nlit+ndist {
		r.fill()
		e := table[r.bits&mask]
		r.drop(uint(e & 15))
		v := uint8(e >> 16)
		if v < 16 {
			f.lens[n] = v
			n++
			continue
		}
		value, times := uint8(0), 0
		switch v {
		case 16:
			if n == 0 {
				return false
			}
			value, times = f.lens[n-1], 3+int(r.take(2))
		case 17:
			times = 3 + int(r.take(3))
		default:
			times = 11 + int(r.take(7))
		}
		if n+times > nlit+ndist {
			return false
		}
		for range times {
			f.lens[n] = value
			n++
		}
	}
	if r.over() || f.lens[256] == 0 {
		return false
	}
	lits, dists := uint(litStep), uint(distStep)
	if f.small {
		lits, dists = smallLitStep, smallDistStep
	}
	var dist [32]uint8
	copy(dist[:], f.lens[nlit:nlit+ndist])
	return f.lit.build(f.lens[:nlit], litEntries[:], lits, true) && f.dist.build(dist[:ndist], distEntries[:], dists, true)
}

// block unpacks a block into out from o on, and says where it ended.
func (f *inflater) block(r *bitReader, out []byte, o int, part bool) (int, error) {
	lit, dist := f.lit.entries, f.dist.entries
	litMask, distMask := uint64(1)<<f.lit.step-1, uint64(1)<<f.dist.step-1
	src := r.src
	buf, n, at := r.bits, r.n, r.at
	// While there is room for the longest copy and a whole word to read, nothing has to be checked a byte.
	for len(src)-at >= 8 && len(out)-o >= 258+16 {
		buf |= binary.LittleEndian.Uint64(src[at:]) << (n & 63)
		at += int((63 - n) >> 3)
		n |= 56
		e := lit[buf&litMask]
		if e&isLiteral != 0 {
			buf >>= e & 15
			n -= uint(e & 15)
			out[o] = byte(e >> 16)
			o++
			if e = lit[buf&litMask]; e&isLiteral != 0 {
				buf >>= e & 15
				n -= uint(e & 15)
				out[o] = byte(e >> 16)
				o++
				if e = lit[buf&litMask]; e&isLiteral != 0 {
					buf >>= e & 15
					n -= uint(e & 15)
					out[o] = byte(e >> 16)
					o++
					continue
				}
			}
			if len(src)-at < 8 {
				continue // nothing is taken yet of what e stands for
			}
			buf |= binary.LittleEndian.Uint64(src[at:]) << (n & 63)
			at += int((63 - n) >> 3)
			n |= 56
		}
		if e&isFurther != 0 {
			buf >>= e & 15
			n -= uint(e & 15)
			e = lit[uint64(e>>16)+buf&(1<<(e>>8&15)-1)]
			if e&isLiteral != 0 {
				buf >>= e & 15
				n -= uint(e & 15)
				out[o] = byte(e >> 16)
				o++
				continue
			}
		}
		if e&(isEnd|isBad) != 0 {
			if e&isBad != 0 {
				return o, errInflate
			}
			buf >>= e & 15
			n -= uint(e & 15)
			r.bits, r.n, r.at = buf, n, at
			return o, nil
		}
		buf >>= e & 15
		n -= uint(e & 15)
		extra := e >> 8 & 15
		length := int(e>>16) + int(buf&(1<<extra-1))
		buf >>= extra
		n -= uint(extra)
		d := dist[buf&distMask]
		if d&isFurther != 0 {
			buf >>= d & 15
			n -= uint(d & 15)
			d = dist[uint64(d>>16)+buf&(1<<(d>>8&15)-1)]
		}
		if d&isBad != 0 {
			return o, errInflate
		}
		buf >>= d & 15
		n -= uint(d & 15)
		extra = d >> 8 & 15
		back := int(d>>16) + int(buf&(1<<extra-1))
		buf >>= extra
		n -= uint(extra)
		if back > o {
			return o, errInflate
		}
		from := o - back
		if back >= 8 {
			// In words, and a few bytes too many: they are written over.
			to := out[o : o+length+8]
			src := out[from : from+length+8]
			for i := 0; i < length; i += 8 {
				binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(src[i:]))
			}
		} else {
			to := out[o : o+length]
			src := out[from : from+length]
			for i := range to {
				to[i] = src[i]
			}
		}
		o += length
	}
	r.bits, r.n, r.at = buf, n, at
	for {
		r.fill()
		e := lit[r.bits&litMask]
		if e&isFurther != 0 {
			r.drop(uint(e & 15))
			e = lit[uint64(e>>16)+r.bits&(1<<(e>>8&15)-1)]
		}
		r.drop(uint(e & 15))
		switch {
		case r.over(), e&isBad != 0:
			return o, errInflate
		case e&isEnd != 0:
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
		length := int(e>>16) + int(r.take(uint(e>>8&15)))
		d := dist[r.bits&distMask]
		if d&isFurther != 0 {
			r.drop(uint(d & 15))
			d = dist[uint64(d>>16)+r.bits&(1<<(d>>8&15)-1)]
		}
		r.drop(uint(d & 15))
		back := int(d>>16) + int(r.take(uint(d>>8&15)))
		if d&isBad != 0 || back > o || r.over() {
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

// A bitReader gives bits of src, the lowest of each byte first. Behind the end it gives zeros, and over tells.
type bitReader struct {
	src  []byte
	at   int // the next byte to read; goes on behind the end
	bits uint64
	n    uint // bits in bits that were read
}

// fill makes at least 56 bits ready.
func (r *bitReader) fill() {
	if len(r.src)-r.at >= 8 {
		r.bits |= binary.LittleEndian.Uint64(r.src[r.at:]) << (r.n & 63)
		r.at += int((63 - r.n) >> 3)
		r.n |= 56
		return
	}
	for r.n < 56 {
		if r.at < len(r.src) {
			r.bits |= uint64(r.src[r.at]) << r.n
		}
		r.at++
		r.n += 8
	}
}

func (r *bitReader) drop(n uint) {
	r.bits >>= n
	r.n -= n
}

func (r *bitReader) take(n uint) uint {
	v := uint(r.bits & (1<<n - 1))
	r.drop(n)
	return v
}

// toByte goes to the begin of the next byte that no bit was taken of.
func (r *bitReader) toByte() {
	r.at -= int(r.n / 8)
	r.bits, r.n = 0, 0
}

// over reports whether more bits were taken than there were.
func (r *bitReader) over() bool { return r.at-int(r.n/8) > len(r.src) }

// plausible reports whether n compressed bytes can unpack to size: deflate's best is 1032 to 1. It keeps a few damaged
// bytes from asking for a lot of memory.
func plausible(size, n int64) bool { return n > 0 && size/1040 <= n }
