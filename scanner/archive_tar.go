package scanner

import (
	"archive/tar"
	"compress/bzip2"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// tar reads the members of a tar archive, one after the other as they come.
func (o *opening) tar(m member, r io.Reader) {
	t := tar.NewReader(r)
	var cut error // what ended the member before
	for {
		h, err := t.Next()
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			// Where a member was cut short, so is the archive; that was told already.
			if err != io.EOF && err != cut {
				o.unreadable(m.path, err)
			}
			return
		}
		name := h.Name
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse, tar.TypeCont, '\x00':
		case tar.TypeSymlink, tar.TypeLink:
			if !o.enter(m.path) {
				return
			}
			o.plain(member{path: inside(m.path, name), depth: m.depth}, []byte(h.Linkname))
			continue
		default:
			continue
		}
		if !o.enter(m.path) {
			return
		}
		o.in.files.Add(1)
		body := &metered{o: o, r: t}
		o.stream(member{path: inside(m.path, name), depth: m.depth}, body)
		cut = body.err
		if o.budget.spent != "" || o.in.ctx.Err() != nil {
			return
		}
	}
}

// unpack reads a compressed file: an archive in another format, or one file that has the name without the extension.
func (o *opening) unpack(m member, kind archiveKind, r io.Reader) {
	var layer string
	var body io.Reader
	var err error
	var effort int64
	switch kind {
	case gzipFile:
		layer = "gzip"
		body, err = gzip.NewReader(r)
	case bzip2File:
		layer, effort = "bzip2", 16
		body = bzip2.NewReader(r)
	case zstdFile:
		layer = "zstd"
		var d *zstd.Decoder
		d, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err == nil {
			defer d.Close()
			body = d
		}
	}
	if err != nil {
		o.unreadable(m.path, err)
		return
	}
	sub := m
	sub.inner = packedName(m)
	sub.layers = with(m.layers, layer)
	o.stream(sub, &metered{o: o, r: body, effort: effort})
}

// maxZstdWindow is how much of its own output a zstd stream may refer to: what its command line unpacks without --long.
const maxZstdWindow = 8 << 20

// packedName is the name of the file in a compressed one: what is left without the extension.
func packedName(m member) string {
	name := m.path
	if m.inner != "" {
		name = m.inner
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".gz", ".bz2", ".zst", ".z", ".gzip", ".bzip2":
		return name[:len(name)-len(ext)]
	case ".tgz", ".tbz", ".tbz2", ".tzst":
		return name[:len(name)-len(ext)] + ".tar"
	case ".svgz":
		return name[:len(name)-1]
	}
	return name
}
