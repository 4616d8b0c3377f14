package scanner

import (
	"bytes"
	"io"

	"github.com/unleaked/unleaked/rules"
)

// A worker is what one goroutine keeps between two blobs: buffers, so that reading a tree of small files allocates next
// to nothing.
type worker struct {
	text    []byte // of the file in hand; grown as needed, up to Limits.Whole
	decoded []byte // the same in another encoding
	found   []rules.Credential
	names   []string // files of a tree that it read

	inflaters []io.ReadCloser // not in use
}

func newWorker() *worker { return &worker{} }

const firstBuffer = 64 << 10

// read reads r to its end, or until limit bytes are there; head came from r already. size is what r is thought to hold,
// 0 if nothing is known. The text is in the worker's buffer. whole reports whether the end was seen.
func (k *worker) read(r io.Reader, head []byte, size int64, limit int) (text []byte, whole bool, err error) {
	// One byte more than the size shows the end without growing.
	k.grow(int(min(max(size+1, firstBuffer), int64(limit))))
	n := copy(k.text, head)
	for {
		if n == len(k.text) {
			if n >= limit {
				return k.text[:n], false, nil
			}
			k.grow(min(2*n, limit))
		}
		m, err := r.Read(k.text[n:])
		n += m
		switch {
		case err == io.EOF:
			return k.text[:n], true, nil
		case err != nil:
			return k.text[:n], false, err
		case int64(n) == size && n < len(k.text) && ends(r):
			return k.text[:n], true, nil
		}
	}
}

// ends reports whether what gave all that it was thought to hold, with room for more, is at its end: a file says so, and
// to ask it again is a system call for every file. What unpacks may have more than it was said to.
func ends(r io.Reader) bool {
	_, is := r.(content)
	return is
}

// grow makes the buffer at least n bytes long and keeps what is in it.
func (k *worker) grow(n int) {
	if n <= len(k.text) {
		return
	}
	text := make([]byte, n)
	copy(text, k.text)
	k.text = text
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

const (
	windowLen     = 1 << 20  // bytes of a large text that one view answers for
	windowContext = 64 << 10 // bytes that it sees before and behind them
)

// windows reads a text that is too large to be held whole: head, which fills the worker's buffer, and then rest. Each
// view sees a window, answers for what begins in its middle part, and sees windowContext bytes on both sides of that,
// so that nothing is lost or cut at a seam. Lines and columns are counted along the way, each byte once.
func (o *opening) windows(m member, head []byte, rest io.Reader) {
	if enc := sniffUTF16(head); enc != 0 {
		m.layers = with(m.layers, "utf-16")
		rest = newUTF16Reader(io.MultiReader(&prefix{bytes.Clone(head)}, rest), enc)
		head = head[:0]
	}
	buf := o.k.text // which head is the beginning of
	n := len(head)
	at, pos := 0, Position{Line: 1, Column: 1, UTF16Column: 1} // the place of buf[at]
	core := 0                                                  // what stands before it has been answered for
	for ended := false; ; {
		for !ended && n < len(buf) {
			got, err := rest.Read(buf[n:])
			n += got
			if err != nil {
				ended = true
				if err != io.EOF {
					o.unreadable(m.path, err)
				}
			}
		}
		for core < n || core == 0 && n == 0 {
			end := core + windowLen
			if end+windowContext > n {
				if !ended {
					break
				}
				end = n
			}
			low, high := pieceEdges(buf[:n], core, end, windowContext)
			pos, at = advance(pos, buf[at:low]), low
			v := o.newView(m, buf[low:high])
			v.From, v.To = core-low, end-low
			o.view(v, newPositions(v.Text, pos))
			o.in.bytes.Add(int64(end - core))
			core = end
			if n == 0 || o.in.ctx.Err() != nil {
				return
			}
		}
		if ended {
			return
		}
		drop := max(0, core-windowContext)
		if drop < at {
			drop = at
		}
		pos = advance(pos, buf[at:drop])
		n = copy(buf, buf[drop:n])
		core, at = core-drop, 0
	}
}
