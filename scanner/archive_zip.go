package scanner

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

// zip reads the members of a zip archive. One that is packed in another is held in memory, for its directory is at its
// end.
func (o *opening) zip(m member, r io.Reader, at io.ReaderAt, size int64) {
	if at == nil {
		limit := o.limits().Nested
		var held bytes.Buffer
		n, err := io.Copy(&held, io.LimitReader(r, limit+1))
		if err != nil {
			o.unreadable(m.path, err)
		}
		if n > limit {
			o.skip(m.path, fmt.Sprintf("an archive of more than %d bytes in another one is not opened", limit))
			return
		}
		at, size = bytes.NewReader(held.Bytes()), n
	}
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) || z == nil {
		o.unreadable(m.path, err)
		o.salvage(m, io.NewSectionReader(at, 0, size))
		return
	}
	z.RegisterDecompressor(zip.Deflate, o.k.inflate)
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor())
	if z.Comment != "" {
		o.plain(member{path: m.path, layers: m.layers}, []byte(z.Comment))
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			continue
		}
		if !o.enter(m.path) {
			return
		}
		o.in.files.Add(1)
		sub := member{path: inside(m.path, f.Name), depth: m.depth}
		if f.Flags&1 != 0 {
			o.skip(sub.path, "it is encrypted")
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
}

// unreadable records why a packed file was not read to its end. A limit of the whole archive is told once, of the
// archive.
func (o *opening) unreadable(path string, err error) {
	var limit limitError
	switch {
	case o.in.ctx.Err() != nil:
		return // the whole scan is told to be interrupted
	case errors.As(err, &limit):
		o.skip(o.blob.Path, string(limit)+": the rest was left out")
		return
	}
	o.skip(path, reason(err))
}

// salvage reads a broken archive as the bytes that it is: members that are not compressed are in sight.
func (o *opening) salvage(m member, r io.Reader) {
	text, whole, err := o.k.read(r, nil, 0, o.limits().Whole)
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
	k *worker
}

// inflate reads deflated data. A decompressor has tables of 40 kB: one of an earlier member is used again.
func (k *worker) inflate(r io.Reader) io.ReadCloser {
	if n := len(k.inflaters); n > 0 {
		last := k.inflaters[n-1]
		k.inflaters = k.inflaters[:n-1]
		if last.(flate.Resetter).Reset(r, nil) == nil {
			return &inflater{last, k}
		}
	}
	return &inflater{flate.NewReader(r), k}
}

// Close gives the decompressor back.
func (f *inflater) Close() error {
	if f.ReadCloser == nil {
		return nil
	}
	err := f.ReadCloser.Close()
	f.k.inflaters = append(f.k.inflaters, f.ReadCloser)
	f.ReadCloser = nil
	return err
}
