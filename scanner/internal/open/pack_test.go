package open

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/zlib"
)

// packOf is a pack of git's with one blob.
func packOf(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("PACK")
	_ = binary.Write(&b, binary.BigEndian, []uint32{2, 1})
	const blob = 3
	size := len(text)
	first := byte(blob<<4 | size&15)
	if size >>= 4; size > 0 {
		first |= 0x80
	}
	b.WriteByte(first)
	for size > 0 {
		c := byte(size & 0x7f)
		if size >>= 7; size > 0 {
			c |= 0x80
		}
		b.WriteByte(c)
	}
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(b.Bytes())
	b.Write(sum[:])
	return b.String()
}
