package open

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"compress/bzip2"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

// zip reads the members of a zip archive, those that its directory lists and those that stand between them, and
// whatever else is written there. One that is packed in another is held in memory, for its directory is at its end; a
// larger one is read as it comes.
func (o *Opener) zip(m member, r io.Reader, at io.ReaderAt, size int64) {
	if at == nil {
		limit := o.limits().Nested
		var held bytes.Buffer
		n, err := io.Copy(&held, io.LimitReader(r, limit+1))
		if err != nil {
			o.unreadable(m.path, err)
		}
		if n > limit {
			o.zipParts(m, io.MultiReader(&held, r), -1)
			return
		}
		at, size = bytes.NewReader(held.Bytes()), n
	}
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) || z == nil {
		o.unreadable(m.path, err)
		o.zipParts(m, io.NewSectionReader(at, 0, size), -1)
		return
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return o.inflate(m, r) })
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor())
	z.RegisterDecompressor(zipBzip2, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	z.RegisterDecompressor(zipXZ, func(r io.Reader) io.ReadCloser {
		return io.NopCloser(newXZReader(bufio.NewReader(r)))
	})
	if z.Comment != "" {
		o.plain(member{path: m.path, layers: m.layers}, []byte(z.Comment))
	}
	var bodies []zipSpan
	directory := int64(0) // the length of what it says of the members, which is read below
	for _, f := range z.File {
		directory += zipDirectoryHead + int64(len(f.Name)+len(f.Extra)+len(f.Comment))
		if start, err := f.DataOffset(); err == nil && f.CompressedSize64 < 1<<62 {
			bodies = append(bodies, zipSpan{start, start + int64(f.CompressedSize64), f})
		}
		o.note(inside(m.path, f.Name), zipWords(f.Name, f.Comment, f.Extra))
		if strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 && f.CompressedSize64 == 0 {
			continue
		}
		if !o.enter(m.path) {
			return
		}
		o.to.Count(1, 0)
		sub := member{path: inside(m.path, f.Name), depth: m.depth}
		if f.Flags&1 != 0 {
			o.to.Skip(sub.path, "it is encrypted")
			continue
		}
		body, err := f.Open()
		if err != nil {
			o.unreadable(sub.path, err)
			continue
		}
		o.stream(sub, &metered{o: o, r: body})
		body.Close()
	}
	if start := zipDirectory(at, size); start >= 0 {
		bodies = append(bodies, zipSpan{start: start, end: start + directory})
	}
	o.zipGaps(m, at, size-int64(len(z.Comment)), bodies)
}

// zipDirectoryHead is the bytes of what a directory says of a member, without the names.
const zipDirectoryHead = 46

// Methods of compression that package zip does not know.
const (
	zipBzip2 = 12
	zipXZ    = 95
)

// zipWords is what a header says of a member that is no number.
func zipWords(name, comment string, extra []byte) []byte {
	return slices.Concat([]byte(name), []byte("\n"), []byte(comment), []byte("\n"), extra)
}

// A zipSpan is where the packed content of a member stands, and what the directory says of it.
type zipSpan struct {
	start, end int64
	f          *zip.File // nil at the end of the archive
}

// zipGaps reads what stands between the bodies of an archive's members: their headers, what is before the first and
// behind the last, and members that the directory does not list.
func (o *Opener) zipGaps(m member, at io.ReaderAt, size int64, bodies []zipSpan) {
	slices.SortFunc(bodies, func(a, b zipSpan) int { return cmp.Compare(a.start, b.start) })
	headers := &leftover{o: o, path: m.path}
	small := make([]byte, 1<<10)
	pos := int64(0)
	for _, b := range append(bodies, zipSpan{start: size, end: size}) {
		if o.budget.spent != "" || o.session.ctx.Err() != nil {
			return
		}
		n := b.start - pos
		if n > 0 && n <= int64(len(small)) {
			_, _ = at.ReadAt(small[:n], pos)
			// Behind the member before may stand what its header did not know yet.
			i := max(0, bytes.Index(small[:n], []byte(zipMagic)))
			if head, ok := parseZipHeader(small[i:n]); ok && i <= 24 && int64(i+head.size) == n {
				headers.add(head.beside(b.f))
				n = 0
			}
		}
		if n > 0 {
			o.zipParts(m, io.NewSectionReader(at, pos, n), n)
		}
		pos = max(pos, b.end)
	}
	headers.flush(true)
}

// unreadable records why a packed file was not read to its end. A limit of the whole archive is told once, of the
// archive.
func (o *Opener) unreadable(path string, err error) {
	var limit limitError
	switch {
	case o.session.ctx.Err() != nil:
		return // the whole scan is told to be interrupted
	case errors.As(err, &limit):
		o.to.Skip(o.path, string(limit)+": the rest was left out")
		return
	}
	o.to.Skip(path, Reason(err))
}

// salvage reads a broken archive as the bytes that it is: members that are not compressed are in sight.
func (o *Opener) salvage(m member, r io.Reader) {
	text, whole, err := o.buffers.read(r, nil, 0, o.limits().Whole)
	if err != nil {
		o.unreadable(m.path, err)
		whole = true
	}
	m.depth--
	o.leaf(m, text, whole, r)
}

// An inflater is a decompressor on loan from a worker.
type inflater struct {
	io.ReadCloser
	in     *bufio.Reader
	o      *Opener
	member member
}

// inflate reads deflated data of an archive. A decompressor has tables of 40 kB: one of an earlier member is used
// again.
func (o *Opener) inflate(m member, r io.Reader) io.ReadCloser {
	in, k := bufio.NewReader(r), o.buffers
	if n := len(k.inflaters); n > 0 {
		last := k.inflaters[n-1]
		k.inflaters = k.inflaters[:n-1]
		if last.(flate.Resetter).Reset(in, nil) == nil {
			return &inflater{last, in, o, m}
		}
	}
	return &inflater{flate.NewReader(in), in, o, m}
}

// Read reads what was deflated, and at its end looks at what stands behind it: it is no part of the content.
func (f *inflater) Read(b []byte) (int, error) {
	if f.ReadCloser == nil {
		return 0, io.ErrClosedPipe
	}
	n, err := f.ReadCloser.Read(b)
	if err == io.EOF && f.in != nil {
		rest := &leftover{o: f.o, path: f.member.path}
		for buf := []byte(nil); ; {
			if buf, _ = f.in.Peek(f.in.Size()); len(buf) == 0 {
				break
			}
			rest.add(buf)
			_, _ = f.in.Discard(len(buf))
		}
		rest.flush(true)
		f.in = nil
	}
	return n, err
}

// Close gives the decompressor back.
func (f *inflater) Close() error {
	if f.ReadCloser == nil {
		return nil
	}
	err := f.ReadCloser.Close()
	f.o.buffers.inflaters = append(f.o.buffers.inflaters, f.ReadCloser)
	f.ReadCloser = nil
	return err
}
