package open

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// mayHide reports whether an archive may stand behind the beginning of a file that is something else: a script or a
// program that unpacks itself, a picture with a zip archive at its end. It is asked of every file and looks at a few
// bytes: text without a NUL at either end holds none.
func mayHide(text []byte) bool {
	const tail = 512
	return IsBinary(text) || bytes.HasPrefix(text, []byte("#!")) ||
		bytes.IndexByte(text[max(0, len(text)-tail):], 0) >= 0
}

// payloadsOf lists the archives that stand in a file behind something else, in order. at and size are the whole file,
// text is all of it or its beginning. A zip archive is one with everything before it.
func payloadsOf(text []byte, at io.ReaderAt, size int64) []payload {
	switch {
	case !mayHide(text):
		return nil
	case endsAsZip(at, size):
		return []payload{{0, zipArchive}}
	}
	return payloadsIn(text)
}

// hides reports whether payloadsOf lists any, for a text that is all there is.
func hides(text []byte) bool {
	return mayHide(text) && len(payloadsOf(text, bytes.NewReader(text), int64(len(text)))) > 0
}

// hiding reads a file in which archives are hidden: text is all of it, or the beginning of what rest goes on with.
func (o *Opener) hiding(m member, list []payload, text []byte, whole bool, rest io.Reader, at io.ReaderAt, size int64) {
	deep := m
	deep.depth++
	if m.depth >= o.limits().Depth {
		o.to.Skip(m.path, fmt.Sprintf("more than %d archives in one another", o.limits().Depth))
		list = nil
	}
	if len(list) > 0 && list[0].kind == zipArchive {
		o.zip(deep, nil, at, size)
		return
	}
	o.leaf(m, text, whole, rest)
	end := int64(0)
	for _, p := range list {
		if p.at < end || o.budget.spent != "" || o.session.ctx.Err() != nil {
			continue
		}
		in := &countedBytes{in: bufio.NewReader(io.NewSectionReader(at, p.at, size-p.at))}
		buffered := bufio.NewReader(in)
		if o.open(deep, p.kind, buffered) {
			end = p.at + in.at - int64(buffered.Buffered())
		}
	}
}

// endsAsZip reports whether a directory of a zip archive stands at the end of a file.
func endsAsZip(at io.ReaderAt, size int64) bool { return zipDirectory(at, size) >= 0 }

// zipDirectory is where the directory of a zip archive begins that stands at the end of a file; -1 where none does.
func zipDirectory(at io.ReaderAt, size int64) int64 {
	const record, mostComment = 22, 1<<16 - 1
	if at == nil || size < record {
		return -1
	}
	tail := make([]byte, min(size, record+mostComment))
	start := size - int64(len(tail))
	_, _ = at.ReadAt(tail, start)
	for {
		i := bytes.Index(tail, []byte("PK\x05\x06"))
		if i < 0 || i+record > len(tail) {
			return -1
		}
		directory := int64(binary.LittleEndian.Uint32(tail[i+12:]))
		var head [4]byte
		if pos := start + int64(i) - directory; directory > 0 && pos >= 0 {
			if _, err := at.ReadAt(head[:], pos); err == nil && string(head[:]) == "PK\x01\x02" {
				return pos
			}
		}
		tail = tail[i+4:]
		start += int64(i) + 4
	}
}

// A payload is an archive within a file.
type payload struct {
	at   int64
	kind archiveKind
}

// mostPayloads bounds the places of a file at which an archive may begin, for each kind, and payloadProbe the bytes
// that are unpacked to see whether one does.
const (
	mostPayloads = 512
	payloadProbe = 4 << 10
)

// payloadMagics are what archives begin with that self-extracting files carry, and what shows that it is no accident.
var payloadMagics = [...]struct {
	magic string
	back  int // how far behind the beginning the magic stands
	check func([]byte) archiveKind
}{
	{"\x1f\x8b\x08", 0, gzipPayload},
	{"\xfd7zXZ\x00", 0, xzPayload},
	{"1AY&SY", 4, func(text []byte) archiveKind { return sniff("", text) }},
	{"\x28\xb5\x2f\xfd", 0, zstdPayload},
	{"ustar", 257, func(text []byte) archiveKind { return sniff("", text) }},
	{"7z\xbc\xaf\x27\x1c", 0, sevenZipPayload},
	{"!<arch>\ndebian-binary", 0, func([]byte) archiveKind { return arArchive }},
}

// payloadsIn lists the archives that begin within text, in order.
func payloadsIn(text []byte) []payload {
	if !carriesPayload(text) {
		return nil
	}
	var list []payload
	for _, m := range payloadMagics {
		for at, n := 1, 0; n < mostPayloads; n++ {
			i := bytes.Index(text[min(at, len(text)):], []byte(m.magic))
			if i < 0 {
				break
			}
			start := at + i - m.back
			at += i + len(m.magic)
			if start < 1 {
				continue
			}
			if kind := m.check(text[start:]); kind != noArchive {
				list = append(list, payload{int64(start), kind})
			}
		}
	}
	slices.SortFunc(list, func(a, b payload) int { return cmp.Compare(a.at, b.at) })
	return list
}

// carriesPayload reports whether a file is a script, another text with something binary behind it, or a program.
func carriesPayload(text []byte) bool {
	for _, magic := range [...]string{"MZ", "\x7fELF", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xca\xfe\xba\xbe"} {
		if bytes.HasPrefix(text, []byte(magic)) {
			return true
		}
	}
	if bytes.HasPrefix(text, []byte("#!")) {
		return true // the shortest of them are a line long
	}
	const head = 32
	return bytes.IndexByte(text[:min(len(text), head)], 0) < 0 && bytes.IndexByte(text, 0) >= 0
}

func gzipPayload(text []byte) archiveKind {
	if !isGzip(text) {
		return noArchive
	}
	z, err := gzip.NewReader(bytes.NewReader(text[:min(len(text), 64<<10)]))
	if err == nil {
		z.Multistream(false)
		_, err = io.Copy(io.Discard, io.LimitReader(z, payloadProbe))
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return noArchive
	}
	return gzipFile
}

func xzPayload(text []byte) archiveKind {
	if len(text) < 12 || crc32.ChecksumIEEE(text[6:8]) != binary.LittleEndian.Uint32(text[8:]) {
		return noArchive
	}
	return xzFile
}

func zstdPayload(text []byte) archiveKind {
	var h zstd.Header
	if err := h.Decode(text[:min(len(text), zstd.HeaderMaxSize)]); err != nil || h.Skippable || !h.FirstBlock.OK {
		return noArchive
	}
	z, err := zstd.NewReader(bytes.NewReader(text), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return noArchive
	}
	defer z.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(z, payloadProbe))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return noArchive
	}
	return zstdFile
}

func sevenZipPayload(text []byte) archiveKind {
	if len(text) < 32 || crc32.ChecksumIEEE(text[12:32]) != binary.LittleEndian.Uint32(text[8:]) {
		return noArchive
	}
	return closedArchive
}
