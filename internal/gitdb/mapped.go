package gitdb

import (
	"errors"
	"io"
	"os"
	"sync/atomic"

	"github.com/unleaked/unleaked/internal/plain"
)

// A mapped is a file that is read in place: through a mapping where the system has one, else piece by piece.
type mapped struct {
	name  string
	size  int64
	data  []byte // nil where the file is read
	f     *os.File
	unmap func() error
	// touched counts the bytes that became resident since the pages were last given back, so that a big pack does not
	// become resident whole; last is the stretch that was read last.
	touched, last atomic.Int64
}

// residentPages bounds how much of a mapping stays resident, in bytes.
const residentPages = 24 << 20

// stretch is the number of bytes that become resident when one of them is read: a system maps what lies around.
const stretch = 64 << 10

var errShort = errors.New("file ends too early")

func openMapped(name string) (*mapped, error) {
	f, fi, err := plain.Open(name)
	if err != nil {
		return nil, err
	}
	m := &mapped{name: name, size: fi.Size(), f: f}
	m.data, m.unmap, err = mapFile(f, m.size)
	if err != nil {
		f.Close()
		return nil, err
	}
	if m.data != nil {
		f.Close() // the mapping stays
		m.f = nil
	}
	return m, nil
}

// rest gives back the pages of the mapping.
func (m *mapped) rest() {
	if m.unmap != nil {
		m.touched.Store(0)
		release(m.data)
	}
}

// slice is the n bytes at off. They must not be changed, and stand until the file is closed.
func (m *mapped) slice(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > m.size || n > m.size-off {
		return nil, errShort
	}
	if m.data != nil {
		if m.unmap != nil && (n > stretch || m.last.Swap(off/stretch) != off/stretch) &&
			m.touched.Add(max(n, stretch)) > residentPages {
			m.touched.Store(0)
			release(m.data)
		}
		return m.data[off : off+n : off+n], nil
	}
	b := make([]byte, n)
	if _, err := m.f.ReadAt(b, off); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// most is slice, cut where the file ends.
func (m *mapped) most(off, n int64) ([]byte, error) {
	if off < 0 || off > m.size {
		return nil, errShort
	}
	return m.slice(off, min(n, m.size-off))
}

func (m *mapped) close() {
	if m.unmap != nil {
		_ = m.unmap()
		m.data, m.unmap = nil, nil
	}
	if m.f != nil {
		m.f.Close()
		m.f = nil
	}
}
