package open

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/unleaked/unleaked/rules"
)

// An archiveKind is a way of packing files, told by the first bytes of one.
type archiveKind uint8

const (
	noArchive archiveKind = iota
	zipArchive
	tarArchive
	arArchive
	cpioArchive
	rpmArchive
	gzipFile
	bzip2File
	zstdFile
	xzFile
	lzmaFile
	lz4File
	zlibFile
	skippedFrame
	hermesBundle
	gitPack
	gitBundle
	closedArchive // a format that is known and not opened
)

// sniffLen is how much of a file sniff wants to see.
const sniffLen = 512

// zipNames are the extensions of files that are zip archives with something else in front: a script, a program.
func zipNames(name string) bool {
	switch name {
	case ".zip", ".jar", ".war", ".ear", ".apk", ".aab", ".ipa", ".whl", ".pex":
		return true
	}
	return false
}

// magics are the beginnings that tell a format by themselves.
var magics = []struct {
	magic string
	kind  archiveKind
}{
	{"PK\x03\x04", zipArchive},
	{"PK\x05\x06", zipArchive},
	{"PK\x07\x08", zipArchive},
	{"!<arch>\n", arArchive},
	{"070701", cpioArchive},
	{"070702", cpioArchive},
	{"070707", cpioArchive},
	{"\xed\xab\xee\xdb", rpmArchive},
	{"\x28\xb5\x2f\xfd", zstdFile},
	{"\xfd7zXZ\x00", xzFile},
	{"\x04\x22\x4d\x18", lz4File},
	{"\x02\x21\x4c\x18", lz4File},
	{hermesMagic, hermesBundle},
	{"PACK\x00\x00\x00\x02", gitPack},
	{"PACK\x00\x00\x00\x03", gitPack},
	{"# v2 git bundle\n", gitBundle},
	{"# v3 git bundle\n", gitBundle},
}

// closedMagics are the beginnings of archives that cannot be opened here. Those are told, for what is in them was not
// read.
var closedMagics = []struct{ magic, name string }{
	{"7z\xbc\xaf\x27\x1c", "7z"},
	{"Rar!\x1a\x07", "rar"},
	{"MSCF\x00\x00\x00\x00", "cab"},
	{"\x1f\x9d\x90", "compress (.Z)"},
	{"\x1f\x9d\x8c", "compress (.Z)"},
	{"LZIP\x01", "lzip"},
	{"\x89LZO\x00\r\n\x1a\n", "lzop"},
	{"xar!\x00\x1c", "xar"},
	{"hsqs", "squashfs"},
	{"\xc7\x71", "old cpio"},
}

// firstOfMagic are the bytes with which a format may begin, that of tar aside.
var firstOfMagic = func() (is [256]bool) {
	for _, m := range magics {
		is[m.magic[0]] = true
	}
	for _, m := range closedMagics {
		is[m.magic[0]] = true
	}
	for _, c := range []byte("\x1fB\x5d\x78#M") {
		is[c] = true
	}
	for c := 0x50; c < 0x60; c++ {
		is[c] = true
	}
	return is
}()

// sniff tells an archive by its first bytes, which say more than its name.
func sniff(name string, head []byte) archiveKind {
	if len(head) < 4 {
		return noArchive
	}
	if firstOfMagic[head[0]] {
		if kind := sniffMagic(name, head); kind != noArchive {
			return kind
		}
	}
	if isTar(head) {
		return tarArchive
	}
	if isBrotli(name, head) {
		return closedArchive
	}
	return noArchive
}

// IsArchive reports whether a file of this name and content is an archive or a compressed file.
func IsArchive(name string, text []byte) bool { return sniff(name, text) != noArchive }

// isBrotli tells a file of brotli, which nothing but its name does: its content is no text.
func isBrotli(name string, head []byte) bool {
	const ext = ".br"
	return len(name) > len(ext) && strings.EqualFold(name[len(name)-len(ext):], ext) &&
		!utf8.Valid(head[:min(len(head), sniffLen-utf8.UTFMax)])
}

func sniffMagic(name string, head []byte) archiveKind {
	for i := range magics {
		if m := &magics[i]; string(head[:min(len(head), len(m.magic))]) == m.magic {
			return m.kind
		}
	}
	for i := range closedMagics {
		if m := &closedMagics[i]; string(head[:min(len(head), len(m.magic))]) == m.magic {
			return closedArchive
		}
	}
	switch {
	case head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18":
		return skippedFrame
	case isGzip(head):
		return gzipFile
	case len(head) >= 10 && head[0] == 'B' && head[1] == 'Z' && head[2] == 'h' && head[3] >= '1' && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90"):
		return bzip2File
	case isLZMA(head):
		return lzmaFile
	case isZlib(head):
		return zlibFile
	case (head[0] == '#' || head[0] == 'M') && zipNames(strings.ToLower(path.Ext(name))):
		return zipArchive
	}
	return noArchive
}

// isGzip checks for the magic, the method deflate, and no flag that has no meaning.
func isGzip(head []byte) bool {
	return len(head) >= 10 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8 && head[3]&0xe0 == 0
}

// isTar checks the magic of POSIX and GNU archives, or the checksum of older ones.
func isTar(head []byte) bool {
	if len(head) < 512 {
		return false
	}
	if string(head[257:262]) == "ustar" {
		return true
	}
	if head[0] == 0 || head[148] != ' ' && (head[148] < '0' || head[148] > '7') {
		return false
	}
	want, digits, sum := 0, 0, 0
	for _, c := range head[148:156] {
		if c >= '0' && c <= '7' {
			want = want*8 + int(c-'0')
			digits++
		}
	}
	for i, c := range head[:512] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int(c)
	}
	return digits >= 4 && want == sum
}

// A budget is what one archive, with all that is packed in it, may still cost.
type budget struct {
	begun    bool
	packed   int64 // bytes of the outermost archive, 0 if nobody knows
	unpacked int64 // bytes that came out so far
	members  int
	spent    string // why nothing more is unpacked, "" while there is something left
}

// begin begins the budget of the outermost archive of a blob, of packed bytes.
func (o *Opener) begin(packed int64) {
	if !o.budget.begun {
		o.budget = budget{begun: true, packed: packed}
		o.session.spent.packed.Add(packed)
	}
}

// ratioFrom is how much has to come out of an archive before its ratio is looked at: a small file of blanks harms
// nobody.
const ratioFrom = 64 << 20

// metered counts what an archive unpacks to, and ends the reading when it is too much.
type metered struct {
	o      *Opener
	r      io.Reader
	effort int64 // what a byte costs beside one of gzip; 0 is 1
	err    error // what ended the reading, nil for its end
}

// A limitError is a limit that has bitten.
type limitError string

func (e limitError) Error() string { return string(e) }

func (m *metered) Read(b []byte) (int, error) {
	if err := m.o.session.ctx.Err(); err != nil {
		return 0, err
	}
	u, l := &m.o.budget, m.o.limits()
	if u.spent != "" {
		return 0, limitError(u.spent)
	}
	n, err := m.r.Read(b)
	if err != nil && err != io.EOF {
		m.err = err
	}
	u.unpacked += int64(n)
	all := l.All + l.AllRatio*m.o.session.spent.packed.Load()
	switch {
	case m.o.session.spent.unpacked.Add(int64(n)) > all:
		u.spent = fmt.Sprintf("all archives together unpack to more than %d bytes", all)
	case u.unpacked > l.Unpacked:
		u.spent = fmt.Sprintf("the archive unpacks to more than %d bytes", l.Unpacked)
	case u.packed > 0 && u.unpacked*max(m.effort, 1) > ratioFrom && u.unpacked/l.Ratio > u.packed:
		u.spent = fmt.Sprintf("the archive unpacks to more than %d times its size", l.Ratio)
	default:
		return n, err
	}
	return n, limitError(u.spent)
}

// archive reads what is packed in an archive, or a compressed file, and what stands behind it: another one, or text. at
// and size are set where the archive can be read at any place; zip needs that.
func (o *Opener) archive(m member, kind archiveKind, r io.Reader, at io.ReaderAt, size int64) {
	if m.depth >= o.limits().Depth {
		o.to.Skip(m.path, fmt.Sprintf("more than %d archives in one another", o.limits().Depth))
		return
	}
	m.depth++
	if kind == zipArchive {
		o.zip(m, r, at, size)
		return
	}
	buffer := 4 << 10
	if m.depth == 1 {
		buffer = 64 << 10
	}
	in := bufio.NewReaderSize(r, buffer)
	for kind != noArchive && o.budget.spent == "" && o.session.ctx.Err() == nil {
		before := o.budget.unpacked
		whole := o.open(m, kind, in)
		if !whole && at != nil && o.budget.unpacked == before && o.session.ctx.Err() == nil {
			o.salvage(m, io.NewSectionReader(at, 0, size))
			return
		}
		kind = o.behind(m, in, whole)
	}
}

// open reads one archive from in, and leaves what stands behind it. It reports whether the archive was read to its end:
// else what is left is of no known form.
func (o *Opener) open(m member, kind archiveKind, in *bufio.Reader) (whole bool) {
	switch kind {
	case zipArchive:
		o.zip(m, in, nil, 0)
		return true
	case tarArchive:
		return o.tar(m, in)
	case arArchive:
		return o.ar(m, in)
	case cpioArchive:
		return o.cpio(m, in)
	case rpmArchive:
		return o.rpm(m, in)
	case skippedFrame:
		return o.frame(m, in)
	case hermesBundle:
		return o.hermes(m, in)
	case gitPack, gitBundle:
		return o.git(m, kind, in)
	case closedArchive:
		head, _ := in.Peek(sniffLen)
		o.to.Skip(m.path, closedName(m.path, head)+" archives are not opened")
		return false
	}
	return o.unpack(m, kind, in)
}

// behind reads what stands behind an archive: text, but for the zeros that fill its last block. Where it is another
// archive its kind is returned, and nothing was read.
func (o *Opener) behind(m member, in *bufio.Reader, whole bool) archiveKind {
	for whole {
		head, err := in.Peek(sniffLen)
		if len(head) == 0 {
			if err != io.EOF {
				o.unreadable(m.path, err)
			}
			return noArchive
		}
		zeros := len(head) - len(bytes.TrimLeft(head, "\x00"))
		if zeros == 0 {
			if kind := sniff(m.path, head); kind != noArchive {
				return kind
			}
			break
		}
		_, _ = in.Discard(zeros)
	}
	o.salvage(m, in)
	return noArchive
}

// note reads what an archive says of itself or of a member, beside the content: comments, names, attributes.
func (o *Opener) note(path string, text []byte) {
	if o.tells(text) {
		o.plain(member{path: path}, text)
	}
}

// tells reports whether a text that is no content of a file is worth a closer look: what only its place makes a
// credential is not looked for in it.
func (o *Opener) tells(text []byte) bool {
	o.buffers.found, _ = rules.Search(o.buffers.found[:0], text)
	return len(o.buffers.found) > 0 || Tells(text) || TellsWide(text)
}

func closedName(name string, head []byte) string {
	if isBrotli(name, head) {
		return "brotli"
	}
	for _, c := range closedMagics {
		if bytes.HasPrefix(head, []byte(c.magic)) {
			return c.name
		}
	}
	return "such"
}

// enter counts a member of an archive, and reports whether there may be that many.
func (o *Opener) enter(archive string) bool {
	if o.budget.spent != "" {
		o.to.Skip(o.path, o.budget.spent+": the rest was left out")
		return false
	}
	if o.session.ctx.Err() != nil {
		return false
	}
	if o.budget.members++; o.budget.members > o.limits().Members {
		o.budget.spent = fmt.Sprintf("the archive has more than %d members", o.limits().Members)
		o.to.Skip(o.path, o.budget.spent+": the rest was left out")
		return false
	}
	return true
}

// inside is the path of a member, as findings show it.
func inside(archive, name string) string { return archive + "!" + strings.TrimPrefix(name, "./") }
