package open

import (
	"io"
	"sync"

	"github.com/unleaked/unleaked/rules"
)

// Buffers is what one goroutine keeps between two pieces of content, so that reading a tree of small files allocates
// next to nothing. The zero value is ready to be used.
type Buffers struct {
	text    []byte // of the file in hand; grown as needed, up to Limits.Whole
	decoded []byte // the same in another encoding
	found   []rules.Credential

	inflaters []io.ReadCloser // not in use
}

const firstBuffer = 64 << 10

// spare are buffers for archives that stand encoded in a text: the text is in those of its opener.
var spare = sync.Pool{New: func() any { return &Buffers{} }}

// read reads r to its end, or until limit bytes are there; head came from r already. size is what r is thought to hold,
// 0 if nothing is known. The text is in b.text. whole reports whether the end was seen.
func (b *Buffers) read(r io.Reader, head []byte, size int64, limit int) (text []byte, whole bool, err error) {
	// One byte more than the size shows the end without growing.
	b.grow(max(len(head), int(min(max(size+1, firstBuffer), int64(limit)))))
	n := copy(b.text, head)
	for {
		if n == len(b.text) {
			if n >= limit {
				return b.text[:n], false, nil
			}
			b.grow(min(2*n, limit))
		}
		m, err := r.Read(b.text[n:])
		n += m
		switch {
		case err == io.EOF:
			return b.text[:n], true, nil
		case err != nil:
			return b.text[:n], false, err
		case int64(n) == size && n < len(b.text) && ends(r):
			return b.text[:n], true, nil
		}
	}
}

// ends reports whether what gave all that it was thought to hold, with room for more, is at its end: a file says so,
// and to ask it again is a system call for every file. What unpacks may have more than it was said to.
func ends(r io.Reader) bool {
	_, is := r.(Content)
	return is
}

// grow makes the buffer at least n bytes long and keeps what is in it.
func (b *Buffers) grow(n int) {
	if n <= len(b.text) {
		return
	}
	text := make([]byte, n)
	copy(text, b.text)
	b.text = text
}

// A prefix reads bytes that were read before.
type prefix struct{ text []byte }

func (p *prefix) Read(b []byte) (int, error) {
	if len(p.text) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.text)
	p.text = p.text[n:]
	return n, nil
}
