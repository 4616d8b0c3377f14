package open

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"

	"github.com/unleaked/unleaked/finding"
)

// zipParts reads a part of a zip archive from its beginning to its end, without a directory: the members that begin in
// it, by the headers before them, and the rest as text. size is the length of the part, -1 where it is not known; a
// header that ends with the part is that of the next member, which is read elsewhere.
func (o *Opener) zipParts(m member, r io.Reader, size int64) {
	in := &countedBytes{in: bufio.NewReaderSize(r, 32<<10)}
	rest := &leftover{o: o, path: m.path}
	for o.budget.spent == "" && o.session.ctx.Err() == nil {
		buf, err := in.in.Peek(in.in.Size())
		if len(buf) == 0 {
			if err != io.EOF {
				o.unreadable(m.path, err)
			}
			break
		}
		// All but a beginning of a header at the end of the buffer.
		i := bytes.Index(buf, []byte(zipMagic))
		switch {
		case i < 0 && len(buf) > len(zipMagic) && err == nil:
			i = len(buf) - len(zipMagic) + 1
		case i < 0:
			i = len(buf)
		case i == 0:
			i = len(zipMagic)
			if head, ok := peekZipHeader(in.in); ok && (size < 0 || in.at+int64(head.size) < size) {
				rest.add(head.beside(nil))
				in.discard(head.size)
				if !o.zipPart(m, head, in) {
					return
				}
				continue
			}
		}
		rest.add(buf[:i])
		in.discard(i)
	}
	rest.flush(true)
}

func (c *countedBytes) discard(n int) {
	n, _ = c.in.Discard(n)
	c.at += int64(n)
}

// zipPart reads one member, whose content is next. It reports whether more may be read.
func (o *Opener) zipPart(m member, head zipHeader, in *countedBytes) bool {
	if !o.enter(m.path) {
		return false
	}
	o.to.Count(1, 0)
	sub := member{path: inside(m.path, head.name), depth: m.depth}
	// What is packed is read as far as it goes where its size is not known: all but what is stored says where it ends.
	var packed io.Reader = in
	limited := &io.LimitedReader{R: in, N: head.packed}
	if !head.open {
		packed = limited
	}
	var body io.Reader
	switch {
	case head.encrypted:
		o.to.Skip(sub.path, "it is encrypted")
	case head.method == 0 && head.open:
		body = &untilZipHeader{in: in}
	case head.method == 0:
		body = packed
	case head.method == 8:
		z := flate.NewReader(packed)
		defer z.Close()
		body = z
	case head.method == zipBzip2 && !head.open:
		body = bzip2.NewReader(packed)
	case head.method == zipXZ && !head.open:
		body = newXZReader(bufio.NewReader(packed))
	case head.method == zstd.ZipMethodWinZip && !head.open:
		z := zstd.ZipDecompressor()(packed)
		defer z.Close()
		body = z
	default:
		o.to.Skip(sub.path, "its compression is not undone")
	}
	if body != nil {
		o.stream(sub, &metered{o: o, r: body})
	}
	if !head.open {
		_, _ = io.Copy(io.Discard, limited)
	}
	return true
}

const (
	zipMagic     = "PK\x03\x04"
	zipFixedHead = 30
)

// A zipHeader is what stands before the content of a member.
type zipHeader struct {
	size            int // of the header
	name            string
	extra           []byte
	method          int
	packed          int64 // bytes of the content; unknown where open
	open, encrypted bool
}

// peekZipHeader is the header that in begins with, false where it is none.
func peekZipHeader(in *bufio.Reader) (zipHeader, bool) {
	head, err := in.Peek(zipFixedHead)
	if err != nil {
		return zipHeader{}, false
	}
	n := int(binary.LittleEndian.Uint16(head[26:])) + int(binary.LittleEndian.Uint16(head[28:]))
	if n+zipFixedHead > in.Size() {
		return zipHeader{}, false
	}
	head, _ = in.Peek(zipFixedHead + n)
	return parseZipHeader(head)
}

// parseZipHeader is the header that text begins with, false where it is none.
func parseZipHeader(text []byte) (zipHeader, bool) {
	var h zipHeader
	if len(text) < zipFixedHead || string(text[:4]) != zipMagic {
		return h, false
	}
	le := binary.LittleEndian
	flags := le.Uint16(text[6:])
	nameEnd := zipFixedHead + int(le.Uint16(text[26:]))
	h.size = nameEnd + int(le.Uint16(text[28:]))
	if h.size > len(text) || nameEnd == zipFixedHead {
		return h, false
	}
	h.extra = bytes.Clone(text[nameEnd:h.size])
	h.name = string(text[zipFixedHead:nameEnd])
	h.method = int(le.Uint16(text[8:]))
	h.encrypted = flags&1 != 0
	h.packed = int64(le.Uint32(text[18:]))
	if h.packed == 1<<32-1 {
		h.packed = zip64Packed(text[nameEnd:h.size])
	}
	h.open = flags&8 != 0 && h.packed == 0 || h.packed < 0
	return h, true
}

// beside is what a header says of its member that the directory does not.
func (h *zipHeader) beside(listed *zip.File) []byte {
	name, extra := h.name, h.extra
	if listed != nil && listed.Name == name {
		name = ""
	}
	if listed != nil && bytes.Equal(listed.Extra, extra) {
		extra = nil
	}
	return append(zipWords(name, "", extra), '\n')
}

// zip64Packed is the size of the content in an extra field, -1 where it has none.
func zip64Packed(extra []byte) int64 {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		extra = extra[4:]
		if n > len(extra) {
			break
		}
		if id == 1 && n >= 16 {
			if v := binary.LittleEndian.Uint64(extra[8:]); v < 1<<62 {
				return int64(v)
			}
		}
		extra = extra[n:]
	}
	return -1
}

// An untilZipHeader reads up to the next record of a zip archive: the content of a member that is stored and does not
// say how long it is.
type untilZipHeader struct{ in *countedBytes }

func (u *untilZipHeader) Read(b []byte) (int, error) {
	buf, err := u.in.in.Peek(u.in.in.Size())
	n := len(buf)
	if err == nil {
		n -= 3 // of which a record may begin
	}
	for i := 0; ; {
		j := bytes.Index(buf[i:], []byte("PK"))
		if j < 0 || i+j+4 > len(buf) {
			break
		}
		if i += j; buf[i+2] == 3 && buf[i+3] == 4 || buf[i+2] == 7 && buf[i+3] == 8 || buf[i+2] == 1 && buf[i+3] == 2 {
			n = i
			break
		}
		i++
	}
	if n == 0 {
		if err != nil && err != io.EOF {
			return 0, err
		}
		return 0, io.EOF
	}
	n = copy(b, buf[:n])
	u.in.discard(n)
	return n, nil
}

// A leftover is text in an archive that is no member's content, as it comes piece by piece.
type leftover struct {
	o    *Opener
	path string
	text []byte
	from int // what stands before it was answered for
	pos  finding.Position
}

// leftoverLen is how much of it is looked at at once, and leftoverSeam what is seen again with what follows.
const (
	leftoverLen  = 512 << 10
	leftoverSeam = 64 << 10
)

func (l *leftover) add(text []byte) {
	l.text = append(l.text, text...)
	if len(l.text) >= leftoverLen {
		l.flush(false)
	}
}

// flush reads what there is; last says that no more comes, else what may be the beginning of more is kept.
func (l *leftover) flush(last bool) {
	if l.pos.Line == 0 {
		l.pos = top
	}
	to := len(l.text)
	if !last {
		to -= leftoverSeam
	}
	if l.o.tells(l.text) {
		text := bytes.Clone(l.text)
		v := l.o.newView(member{path: l.path}, text, newPositions(text, l.pos))
		v.From, v.To = l.from, to
		l.o.view(v)
	}
	drop := max(0, to-leftoverSeam)
	l.pos = advance(l.pos, l.text[:drop])
	l.from = to - drop
	l.text = l.text[:copy(l.text, l.text[drop:])]
}
