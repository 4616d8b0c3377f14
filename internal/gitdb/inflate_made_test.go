package gitdb

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	stdadler "hash/adler32"
	"io"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// A maker writes zlib streams that no packer would: any complete code, any symbols. It knows what they unpack to,
// unless it is to make mistakes.
type maker struct {
	r     *rand.Rand
	wrong bool
	out   []byte
	bits  uint64
	n     uint
	text  []byte
}

func (m *maker) write(v uint64, n uint) {
	m.bits |= v << m.n
	for m.n += n; m.n >= 8; m.n -= 8 {
		m.out = append(m.out, byte(m.bits))
		m.bits >>= 8
	}
}

// at is the byte so far back, if there is one.
func (m *maker) at(back int) byte {
	if back > len(m.text) {
		return 0
	}
	return m.text[len(m.text)-back]
}

// code is a complete code of so many of the symbols, at random: their lengths, and the codes with the first bit lowest.
func (m *maker) code(symbols, used, longest int) (lens, codes map[int]uint) {
	leaves := []uint{0}
	for len(leaves) < used {
		i := m.r.IntN(len(leaves))
		if m.r.IntN(4) > 0 {
			i = len(leaves) - 1 // so that there are long ones
		}
		for leaves[i] == uint(longest) {
			i = m.r.IntN(len(leaves))
		}
		leaves[i]++
		leaves = append(leaves, leaves[i])
	}
	lens = map[int]uint{}
	for i, s := range m.r.Perm(symbols)[:used] {
		lens[s] = leaves[i]
	}
	return lens, canonical(lens, symbols)
}

func canonical(lens map[int]uint, symbols int) map[int]uint {
	codes := map[int]uint{}
	next := uint(0)
	for n := uint(1); n <= maxBits; n++ {
		next <<= 1
		for s := range symbols {
			if lens[s] == n {
				codes[s] = uint(bits.Reverse16(uint16(next)) >> (16 - n))
				next++
			}
		}
	}
	return codes
}

// fixed are the codes that every packer knows.
func fixed() (lit, litCode, dist, distCode map[int]uint) {
	lit, dist = map[int]uint{}, map[int]uint{}
	for s := range 288 {
		lit[s] = 8
		if s >= 144 && s < 256 {
			lit[s] = 9
		} else if s >= 256 && s < 280 {
			lit[s] = 7
		}
	}
	for s := range 32 {
		dist[s] = 5
	}
	return lit, canonical(lit, 288), dist, canonical(dist, 32)
}

// codes writes the lengths of a block's codes.
func (m *maker) codes(lit, dist map[int]uint) {
	m.write(286-257, 5)
	m.write(30-1, 5)
	m.write(19-4, 4)
	lens, lenCode := m.code(19, 19, 7)
	for _, s := range lengthOrder {
		m.write(uint64(lens[int(s)]), 3)
	}
	var all []uint
	for s := range 286 {
		all = append(all, lit[s])
	}
	for s := range 30 {
		all = append(all, dist[s])
	}
	for i := 0; i < len(all); {
		run := 1
		for i+run < len(all) && all[i+run] == all[i] {
			run++
		}
		put := func(s int) { m.write(uint64(lenCode[s]), lens[s]) }
		switch {
		case all[i] == 0 && run >= 11 && m.r.IntN(8) > 0:
			run = min(run, 138)
			put(18)
			m.write(uint64(run-11), 7)
		case all[i] == 0 && run >= 3 && m.r.IntN(8) > 0:
			run = min(run, 10)
			put(17)
			m.write(uint64(run-3), 3)
		case i > 0 && all[i] == all[i-1] && run >= 3 && m.r.IntN(8) > 0:
			run = min(run, 6)
			put(16)
			m.write(uint64(run-3), 2)
		default:
			run = 1
			put(int(all[i]))
		}
		i += run
	}
}

// block writes a block of so many symbols.
func (m *maker) block(symbols int, last bool) {
	lit, litCode, dist, distCode := fixed()
	if last {
		m.write(1, 1)
	} else {
		m.write(0, 1)
	}
	if m.r.IntN(5) == 0 {
		m.write(1, 2)
	} else {
		for lit = nil; lit[256] == 0; {
			lit, litCode = m.code(286, 2+m.r.IntN(285), maxBits)
		}
		dist, distCode = m.code(30, 2+m.r.IntN(29), maxBits)
		m.write(2, 2)
		m.codes(lit, dist)
	}
	var lits, lengths, dists []int
	for s := range lit {
		switch {
		case s < 256:
			lits = append(lits, s)
		case s > 256:
			lengths = append(lengths, s-257)
		}
	}
	for s := range dist {
		dists = append(dists, s)
	}
	some := m.r.IntN(10) // of ten symbols are literals
	for range symbols {
		if len(lits) > 0 && (len(lengths) == 0 || m.r.IntN(10) < some) {
			s := lits[m.r.IntN(len(lits))]
			m.write(uint64(litCode[s]), lit[s])
			m.text = append(m.text, byte(s))
			continue
		}
		if len(lengths) == 0 {
			break
		}
		l, d := lengths[m.r.IntN(len(lengths))], dists[m.r.IntN(len(dists))]
		isWrong := m.wrong && m.r.IntN(30) == 0
		if l >= len(lengthBase) || d >= len(distBase) {
			if isWrong {
				m.write(uint64(litCode[l+257]), lit[l+257])
				m.write(uint64(distCode[d]), dist[d])
			}
			continue
		}
		le, de := m.r.IntN(1<<lengthExtra[l]), m.r.IntN(1<<distExtra[d])
		length, back := int(lengthBase[l])+le, int(distBase[d])+de
		if back > len(m.text) && !isWrong {
			continue
		}
		m.write(uint64(litCode[l+257]), lit[l+257])
		m.write(uint64(le), uint(lengthExtra[l]))
		m.write(uint64(distCode[d]), dist[d])
		m.write(uint64(de), uint(distExtra[d]))
		for range length {
			m.text = append(m.text, m.at(back))
		}
	}
	m.write(uint64(litCode[256]), lit[256])
}

// made is a stream of a few blocks, and what it unpacks to.
func made(r *rand.Rand, wrong bool) (packed, text []byte) {
	m := &maker{r: r, out: []byte{0x78, 0x9c}, wrong: wrong}
	for n := r.IntN(4); n >= 0; n-- {
		m.block(r.IntN(1<<r.IntN(12)), n == 0)
	}
	m.write(0, -m.n&7)
	return binary.BigEndian.AppendUint32(m.out, stdadler.Checksum(m.text)), m.text
}

// TestInflateOfAnyCode compares with the standard library, sound streams and damaged ones: with codes of all lengths,
// and repetitions from every distance.
func TestInflateOfAnyCode(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var f inflater
	streams := 300
	if testing.Short() {
		streams = 30
	}
	for i := range streams {
		packed, text := made(r, false)
		if got, err := unpackedByStd(packed); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("stream %d is badly made: %v", i, err)
		}
		sameAsStd(t, &f, packed)
		wrong, _ := made(r, true)
		sameAsStd(t, &f, wrong)
		if len(text) > 100000 {
			continue
		}
		for range 4 {
			hurt := bytes.Clone(packed)
			hurt[r.IntN(len(hurt))] ^= 1 << r.IntN(8)
			sameAsStd(t, &f, hurt)
			sameAsStd(t, &f, packed[:r.IntN(len(packed))])
		}
	}
}

func unpackedByStd(packed []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, 1<<22))
}

// sameAsStd checks that the inflater makes of a stream what the standard library makes of it: text or an error. Nothing
// is written outside of the room for it.
func sameAsStd(t *testing.T, f *inflater, packed []byte) {
	t.Helper()
	want, werr := unpackedByStd(packed)
	if len(want) == 1<<22 {
		return
	}
	size := len(want)
	if werr != nil {
		size += 50000 // so that the damage is met
	}
	room := bytes.Repeat([]byte{0xa5}, size+64)
	err := f.inflate(room[:size], packed)
	if (err == nil) != (werr == nil) {
		t.Fatalf("got %v, the standard library %v", err, werr)
	}
	if err == nil && !bytes.Equal(room[:len(want)], want) {
		t.Fatal("the text differs")
	}
	if bytes.Count(room[size:], []byte{0xa5}) != 64 {
		t.Fatal("written behind the room")
	}
	if err != nil {
		return
	}
	for _, n := range []int{0, 1, len(want) / 3, len(want) - 1, len(want) + 1} {
		if n < 0 {
			continue
		}
		if n != len(want) && f.inflate(room[:n], packed) == nil {
			t.Fatalf("%d bytes are unpacked to %d", len(want), n)
		}
		if n > len(want) {
			n = len(want)
		}
		if got, err := f.head(room[:n], packed); err != nil || !bytes.Equal(room[:got], want[:n]) {
			t.Fatalf("the first %d bytes differ: %d, %v", n, got, err)
		}
	}
}
