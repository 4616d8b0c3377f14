package open

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"
)

// unpack reads a compressed file: an archive in another format, or one file that has the name without the extension. It
// reports whether it was read to its end.
func (o *Opener) unpack(m member, kind archiveKind, in *bufio.Reader) (whole bool) {
	var layer string
	var body io.Reader
	var err error
	var effort int64
	switch kind {
	case gzipFile:
		layer = "gzip"
		body, err = newGzipFiles(in, func(h *gzip.Header) { o.note(m.path, gzipWords(h)) })
	case bzip2File:
		layer, effort = "bzip2", 16
		body = bzip2.NewReader(in)
	case zstdFile:
		layer = "zstd"
		var d *zstd.Decoder
		d, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err == nil {
			defer d.Close()
			body = d
		}
	case xzFile:
		layer, effort = "xz", 8
		body = newXZReader(in)
	case lzmaFile:
		layer, effort = "lzma", 8
		body, err = lzma.ReaderConfig{DictCap: maxDictionary}.NewReader(in)
	case lz4File:
		layer = "lz4"
		body = lz4.NewReader(in)
	case zlibFile:
		layer = "zlib"
		body, err = zlib.NewReader(in)
		if err == nil {
			body = looseBody(body)
		}
	}
	if err != nil {
		o.unreadable(m.path, err)
		return false
	}
	sub := m
	sub.inner = packedName(m)
	sub.layers = with(m.layers, layer)
	meter := &metered{o: o, r: body, effort: effort}
	o.stream(sub, meter)
	return meter.err == nil
}

// maxZstdWindow is how much of its own output a zstd stream may refer to: what its command line unpacks without --long.
// maxDictionary is the same for lzma and xz: what their strongest preset makes.
const (
	maxZstdWindow = 8 << 20
	maxDictionary = 64 << 20
)

// packedName is the name of the file in a compressed one: what is left without the extension.
func packedName(m member) string {
	name := m.path
	if m.inner != "" {
		name = m.inner
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".gz", ".bz2", ".zst", ".z", ".gzip", ".bzip2", ".xz", ".lzma", ".lz4", ".zz", ".zlib":
		return name[:len(name)-len(ext)]
	case ".tgz", ".tbz", ".tbz2", ".tzst", ".txz", ".tlz":
		return name[:len(name)-len(ext)] + ".tar"
	case ".svgz":
		return name[:len(name)-1]
	}
	return name
}

// frame reads a frame of a zstd or lz4 file that unpacking leaves out. What it holds is anybody's.
func (o *Opener) frame(m member, in *bufio.Reader) (whole bool) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		o.unreadable(m.path, io.ErrUnexpectedEOF)
		return false
	}
	body := &io.LimitedReader{R: in, N: int64(binary.LittleEndian.Uint32(head[4:]))}
	rest := &leftover{o: o, path: m.path}
	buf := make([]byte, min(32<<10, body.N+1))
	for {
		n, err := body.Read(buf)
		rest.add(buf[:n])
		if err != nil {
			break
		}
	}
	rest.flush(true)
	return body.N == 0
}

// gzipFiles reads the gzip files that stand one behind the other in a stream as one text, and leaves what stands behind
// them.
type gzipFiles struct {
	in   *bufio.Reader
	z    *gzip.Reader
	head func(*gzip.Header)
}

// newGzipFiles reads the first head. head is told of each.
func newGzipFiles(in *bufio.Reader, head func(*gzip.Header)) (*gzipFiles, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	head(&z.Header)
	return &gzipFiles{in, z, head}, nil
}

func (g *gzipFiles) Read(b []byte) (int, error) {
	for {
		n, err := g.z.Read(b)
		if n > 0 || err != io.EOF {
			return n, err
		}
		if next, _ := g.in.Peek(10); !isGzip(next) {
			return 0, io.EOF
		}
		if err := g.z.Reset(g.in); err != nil {
			return 0, err
		}
		g.z.Multistream(false)
		g.head(&g.z.Header)
	}
}

// gzipWords is what the head of a gzip file says that is no number.
func gzipWords(h *gzip.Header) []byte {
	return []byte(h.Name + "\n" + h.Comment + "\n" + string(h.Extra))
}

// isLZMA tells a file of lzma alone, which has no magic: by its properties, a size of its dictionary that encoders
// write, and a size of the content that is unknown or less than 256 GB, as file and xz do.
func isLZMA(head []byte) bool {
	if len(head) < lzma.HeaderLen+5 || head[0] != 0x5d || head[lzma.HeaderLen] != 0 {
		return false
	}
	dict := binary.LittleEndian.Uint32(head[1:])
	size := binary.LittleEndian.Uint64(head[5:])
	return dict >= 1<<12 && bits.OnesCount32(dict) <= 2 && (size == 1<<64-1 || size < 1<<38)
}

// isZlib tells a zlib stream, whose head of two bytes may begin a text too: its first bytes are no text and can be
// unpacked.
func isZlib(head []byte) bool {
	if len(head) < 8 || head[0] != 0x78 || (uint(head[0])<<8|uint(head[1]))%31 != 0 || head[1]&0x20 != 0 {
		return false
	}
	noText := func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == '\ufffd' }
	if bytes.IndexFunc(head[2:], noText) < 0 {
		return false
	}
	z := flate.NewReader(bytes.NewReader(head[2:]))
	_, err := io.Copy(io.Discard, io.LimitReader(z, 64<<10))
	return err == nil || errors.Is(err, io.ErrUnexpectedEOF)
}

// looseBody is what a zlib stream unpacks to, without the head of an object that git keeps so: its type and its size.
func looseBody(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	head, _ := in.Peek(len("commit ") + 20)
	word, rest, ok := bytes.Cut(head, []byte(" "))
	digits, _, ended := bytes.Cut(rest, []byte("\x00"))
	if !ok || !ended || len(bytes.Trim(digits, "0123456789")) > 0 {
		return in
	}
	switch string(word) {
	case "blob", "commit", "tree", "tag":
		_, _ = in.Discard(len(word) + 1 + len(digits) + 1)
	}
	return in
}

// A dictionaryError says that a stream asks for more memory than one gets.
type dictionaryError int64

func (e dictionaryError) Error() string {
	return fmt.Sprintf("its dictionary of %d bytes is larger than %d", int64(e), int64(maxDictionary))
}
