package gitdb

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
)

var errInflate = errors.New("the compressed data is damaged")

// An inflater unpacks zlib streams whose size is known. It is kept and used again; it is not for concurrent use.
type inflater struct {
	src bytes.Reader
	z   io.ReadCloser
}

// inflate fills out with what src unpacks to, and reports damage, a stream that is too short, and one that is too long.
func (f *inflater) inflate(out, src []byte) error {
	f.src.Reset(src)
	if f.z == nil {
		z, err := zlib.NewReader(&f.src)
		if err != nil {
			return errInflate
		}
		f.z = z
	} else if err := f.z.(zlib.Resetter).Reset(&f.src, nil); err != nil {
		return errInflate
	}
	if _, err := io.ReadFull(f.z, out); err != nil {
		return errInflate
	}
	// The checksum is read with the end of the stream.
	var one [1]byte
	if n, err := f.z.Read(one[:]); n != 0 || err != io.EOF {
		return errInflate
	}
	return nil
}

// head unpacks the first bytes of src, as many as out takes or the stream holds.
func (f *inflater) head(out, src []byte) (int, error) {
	f.src.Reset(src)
	if f.z == nil {
		z, err := zlib.NewReader(&f.src)
		if err != nil {
			return 0, errInflate
		}
		f.z = z
	} else if err := f.z.(zlib.Resetter).Reset(&f.src, nil); err != nil {
		return 0, errInflate
	}
	n, err := io.ReadFull(f.z, out)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return n, errInflate
	}
	return n, nil
}

// plausible reports whether n compressed bytes can unpack to size: deflate's best is 1032 to 1. It keeps a few damaged
// bytes from asking for a lot of memory.
func plausible(size, n int64) bool { return n > 0 && size/1040 <= n }
