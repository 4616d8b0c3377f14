package open

import (
	"archive/tar"
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

const tarBlock = 512

// tar reads the members of a tar archive, one after the other as they come.
func (o *Opener) tar(m member, in *bufio.Reader) (whole bool) {
	src := &tarSource{in: in}
	t := tar.NewReader(src)
	var cut error // what ended the member before
	for {
		pad := int(-src.pos & (tarBlock - 1))
		src.record()
		h, err := t.Next()
		raw := src.recorded()
		switch {
		case h != nil: // also with an error that says that its name leads out
		case err == io.EOF:
			o.headers(m.path, nil, raw)
			return true
		case err == tar.ErrHeader:
			// Behind a block that is no header there may be one.
			src.unread(raw[min(len(raw), pad):])
			if !o.nextHeader(m, src) {
				return true
			}
			t = tar.NewReader(src)
			continue
		default:
			// Where a member was cut short, so is the archive; that was told already.
			if err != cut {
				o.unreadable(m.path, err)
			}
			return false
		}
		if !o.enter(m.path) {
			return true
		}
		sub := member{path: inside(m.path, h.Name), depth: m.depth}
		o.headers(sub.path, h, raw)
		switch h.Typeflag {
		case tar.TypeSymlink, tar.TypeLink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo, tar.TypeXGlobalHeader:
			continue
		}
		o.to.Count(1, 0)
		body := &metered{o: o, r: t}
		o.stream(sub, body)
		cut = body.err
		if o.budget.spent != "" || o.session.ctx.Err() != nil {
			return true
		}
	}
}

// headers reads what the headers of a member say beside its content: the names of links, of owners, attributes. raw is
// how that is written, with what fills the block before, and nobody reads: it is looked at where the fields show
// nothing.
func (o *Opener) headers(path string, h *tar.Header, raw []byte) {
	var fields []string
	if h != nil {
		fields = append(fields, h.Linkname, h.Name, h.Uname, h.Gname)
		keys := make([]string, 0, len(h.PAXRecords))
		for k := range h.PAXRecords {
			if k != "path" && k != "linkpath" && k != "uname" && k != "gname" {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			fields = append(fields, k+"="+h.PAXRecords[k])
		}
	}
	text := []byte(strings.Join(fields, "\n"))
	if o.buffers.found, _ = rules.Search(o.buffers.found[:0], text); len(o.buffers.found) == 0 {
		text = raw
	}
	o.note(path, text)
}

// nextHeader goes on to the next block behind this one that is a header; what is skipped is read as text, and told if
// it is not empty. It reports whether there is one.
func (o *Opener) nextHeader(m member, src *tarSource) bool {
	gap := &tarGap{src: src, first: true}
	if gap.fill() {
		o.to.Skip(m.path, "the archive is damaged: what stands between its members was read as text")
		o.salvage(m, gap)
	}
	return gap.found
}

// A tarSource gives the bytes of an archive, and can take back those that it gave last.
type tarSource struct {
	in   *bufio.Reader
	pos  int64  // bytes given
	back []byte // was taken back; back[at:] is to be given again
	at   int

	keep  []byte // what was given since record
	keeps bool
}

// mostHeaders is how much of the headers of one member is kept to be looked at.
const mostHeaders = 4 << 20

func (s *tarSource) Read(b []byte) (n int, err error) {
	if s.at < len(s.back) {
		n = copy(b, s.back[s.at:])
		s.at += n
	} else {
		n, err = s.in.Read(b)
		s.back, s.at = nil, 0
	}
	s.pos += int64(n)
	if s.keeps = s.keeps && len(s.keep)+n <= mostHeaders; s.keeps {
		s.keep = append(s.keep, b[:n]...)
	}
	return n, err
}

func (s *tarSource) record() { s.keep, s.keeps = s.keep[:0], true }

// recorded is what was given since record, or the beginning of it where that is too much.
func (s *tarSource) recorded() []byte { return s.keep }

// unread takes back b, the last bytes that were given.
func (s *tarSource) unread(b []byte) {
	s.pos -= int64(len(b))
	if s.at >= len(b) {
		s.at -= len(b)
		return
	}
	s.back, s.at = slices.Concat(b, s.back[s.at:]), 0
}

// A tarGap reads what stands before the next header of an archive, without blocks of zeros.
type tarGap struct {
	src   *tarSource
	block [tarBlock]byte
	left  []byte // of block
	first bool   // the next block is none, whatever it looks like
	found bool   // the header was met
	ended bool
}

// fill reads the next block that is not empty; false at the header, or the end.
func (g *tarGap) fill() bool {
	for len(g.left) == 0 && !g.found && !g.ended {
		n, err := io.ReadFull(g.src, g.block[:])
		g.ended = err != nil
		switch block := g.block[:n]; {
		case !g.first && isTar(block):
			g.src.unread(block)
			g.found = true
		case len(bytes.Trim(block, "\x00")) > 0:
			g.left = block
		}
		g.first = false
	}
	return len(g.left) > 0
}

func (g *tarGap) Read(b []byte) (int, error) {
	if !g.fill() {
		return 0, io.EOF
	}
	n := copy(b, g.left)
	g.left = g.left[n:]
	return n, nil
}
