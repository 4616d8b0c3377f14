package gitdb

import (
	"bytes"
	stdadler "hash/adler32"
	"math/rand/v2"
	"testing"
)

func TestAdler32(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 70000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	// The highest sums there are, and those that leave single lanes empty.
	for _, data := range [][]byte{noise, make([]byte, 70000), bytes.Repeat([]byte{255}, 70000),
		bytes.Repeat([]byte{255, 0}, 35000), bytes.Repeat([]byte{0, 255}, 35000)} {
		for n := 0; n < len(data); n += 1 + n/64*(1+r.IntN(9)) {
			for at := range 9 {
				if part := data[at:max(at, n)]; adler32(part) != stdadler.Checksum(part) {
					t.Fatalf("%d bytes of % x...: %08x, want %08x", len(part), data[:4], adler32(part),
						stdadler.Checksum(part))
				}
			}
		}
	}
}

func BenchmarkAdler32(b *testing.B) {
	data := bytes.Repeat([]byte("some text, and more of it\n"), 1000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		adler32(data)
	}
}
