package open

import (
	"bytes"
	"io"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

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
func (o *Opener) windows(m member, head []byte, rest io.Reader) {
	if enc := sniffWide(head); enc != 0 {
		m.layers = with(m.layers, enc.layer())
		rest = newNarrowReader(io.MultiReader(&prefix{bytes.Clone(head)}, rest), enc)
		head = head[:0]
	}
	o.buffers.grow(o.limits().Window + 3*o.limits().context())
	w := windows{buf: o.buffers.text, n: len(head), pos: top}
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
		o.to.Count(0, int64(w.core-core))
		if w.ended || o.session.ctx.Err() != nil {
			return
		}
		w.drop(o.limits().context())
	}
}

// windowsOf is windows for a text that is in memory already: a blob of a history gives what the same file gives.
func (o *Opener) windowsOf(m member, text []byte) {
	w := windows{buf: text, n: len(text), ended: true, pos: top}
	o.sight(m, &w)
}

// A windows is a text of which a part is in sight, buf[:n].
type windows struct {
	buf   []byte
	n     int
	ended bool // nothing comes behind buf[:n]
	inner bool // something stood before buf[0]
	at    int
	pos   finding.Position // of buf[at]
	core  int              // what stands before it has been answered for
}

// sight hands on the views of what is in sight, as far as it is known what stands behind them.
func (o *Opener) sight(m member, w *windows) {
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
		text := w.buf[low:high]
		v := o.newView(m, text, newPositions(text, w.pos))
		v.From, v.To = w.core-low, end-low
		v.CutBefore = low > 0 && w.buf[low-1] != '\n' || low == 0 && w.inner
		v.CutBehind = high < w.n && w.buf[high-1] != '\n'
		o.view(v)
		w.core = end
		if o.session.ctx.Err() != nil {
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
