package gitdb

import (
	"encoding/binary"
	"errors"
)

var errInflate = errors.New("the compressed data is damaged")

// An inflater unpacks zlib streams (RFC 1950, 1951) that are in memory as a whole, into memory whose size is known.
// That is all that git's objects need, and it is several times as fast as a reader that has to keep a window and may be
// stopped anywhere: half of the time that reading a history takes goes here. It is kept and used again; it is not for
// concurrent use.
type inflater struct {
	codes codes
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

// unpack unpacks src into out and says how many bytes it made, and where in src the checksum stands. Where the stream
// holds more than out takes, that is an error, or with part the end.
func (f *inflater) unpack(out, src []byte, part bool) (n, used int, err error) {
	if len(src) < 2 || src[0]&15 != 8 || src[0]>>4 > 7 || src[1]&0x20 != 0 || (uint(src[0])<<8|uint(src[1]))%31 != 0 {
		return 0, 0, errInflate
	}
	r := bitReader{src: src, at: 2}
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
			if o, err = fixedCodes().block(&r, out, o, part); err != nil || part && o == len(out) {
				return o, 0, err
			}
		case 2:
			if !f.codes.read(&r) {
				return o, 0, errInflate
			}
			if o, err = f.codes.block(&r, out, o, part); err != nil || part && o == len(out) {
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
