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
	k.grow(max(len(head), int(min(max(size+1, firstBuffer), int64(limit)))))
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

// Of a window the view sees one part in windowContext before and behind it, and at least leastContext bytes, so that no
// credential is cut.
const (
	windowContext = 16
	leastContext  = 4 * rules.Overlap
)

func (l *Limits) context() int { return max(l.Window/windowContext, leastContext) }

// windows reads a text that is too large to be held whole: head, which fills the worker's buffer, and then rest. Each
// view sees a window, answers for what begins in its middle part, and sees some of what stands on both sides of that,
// so that nothing is lost or cut at a seam. Lines and columns are counted along the way, each byte once.
func (o *opening) windows(m member, head []byte, rest io.Reader) {
	if enc := sniffWide(head); enc != 0 {
		m.layers = with(m.layers, enc.layer())
		rest = newNarrowReader(io.MultiReader(&prefix{bytes.Clone(head)}, rest), enc)
		head = head[:0]
	}
	o.k.grow(o.limits().Window + 3*o.limits().context())
	w := windows{buf: o.k.text, n: len(head), pos: Position{Line: 1, Column: 1, UTF16Column: 1}}
	for {
		for !w.ended && w.n < len(w.buf) {
			got, err := rest.Read(w.buf[w.n:])
			w.n += got
			if err != nil {
				w.ended = true
				if err != io.EOF {
					o.unreadable(m.path, err)
				}
			}
		}
		core := w.core
		o.sight(m, &w)
		o.in.bytes.Add(int64(w.core - core))
		if w.ended || o.in.ctx.Err() != nil {
			return
		}
		w.drop(o.limits().context())
	}
}

// windowsOf is windows for a text that is in memory already: a blob of a history gives what the same file gives.
func (o *opening) windowsOf(m member, text []byte) {
	w := windows{buf: text, n: len(text), ended: true, pos: Position{Line: 1, Column: 1, UTF16Column: 1}}
	o.sight(m, &w)
}

// A windows is a text of which a part is in sight, buf[:n].
type windows struct {
	buf   []byte
	n     int
	ended bool // nothing comes behind buf[:n]
	inner bool // something stood before buf[0]
	at    int
	pos   Position // of buf[at]
	core  int      // what stands before it has been answered for
}

// sight hands on the views of what is in sight, as far as it is known what stands behind them.
func (o *opening) sight(m member, w *windows) {
	size, context := o.limits().Window, o.limits().context()
	for first := true; w.core < w.n || first && w.ended && w.n == 0; first = false {
		end := w.core + size
		if end+context > w.n {
			if !w.ended {
				return
			}
			end = w.n
		}
		low, high := pieceEdges(w.buf[:w.n], w.core, end, context)
		w.pos, w.at = advance(w.pos, w.buf[w.at:low]), low
		v := o.newView(m, w.buf[low:high])
		v.From, v.To = w.core-low, end-low
		v.cutBefore = low > 0 && w.buf[low-1] != '\n' || low == 0 && w.inner
		v.cutBehind = high < w.n && w.buf[high-1] != '\n'
		o.view(v, newPositions(v.Text, w.pos))
		w.core = end
		if o.in.ctx.Err() != nil {
			return
		}
	}
}

// drop makes room for what is still to come. One byte more than the next view sees is kept, which says whether that
// begins a line.
func (w *windows) drop(context int) {
	drop := max(w.at, w.core-context-1)
	w.pos = advance(w.pos, w.buf[w.at:drop])
	w.n = copy(w.buf, w.buf[drop:w.n])
	w.core, w.at, w.inner = w.core-drop, 0, w.inner || drop > 0
}
