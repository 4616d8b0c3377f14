package scanner

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// An archiveKind is a way of packing files, told by the first bytes of one.
type archiveKind uint8

const (
	noArchive archiveKind = iota
	zipArchive
	tarArchive
	gzipFile
	bzip2File
	zstdFile
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

// closedMagics are the beginnings of archives that cannot be opened here. Those are told, for what is in them was not
// read.
var closedMagics = []struct{ magic, name string }{
	{"\xfd7zXZ\x00", "xz"},
	{"7z\xbc\xaf\x27\x1c", "7z"},
	{"Rar!\x1a\x07", "rar"},
	{"MSCF\x00\x00\x00\x00", "cab"},
	{"\x04\x22\x4d\x18", "lz4"},
	{"!<arch>\ndebian-binary", "deb"},
	{"\xed\xab\xee\xdb", "rpm"},
	{"# v2 git bundle\n", "git bundle"},
	{"# v3 git bundle\n", "git bundle"},
	{"PACK\x00\x00\x00\x02", "git pack"},
}

// sniff tells an archive by its first bytes, which say more than its name.
func sniff(name string, head []byte) archiveKind {
	if len(head) < 4 {
		return noArchive
	}
	switch head[0] {
	case 'P':
		if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) ||
			bytes.HasPrefix(head, []byte("PK\x07\x08")) {
			return zipArchive
		}
	case 0x1f:
		// Method deflate, and no flag that has no meaning.
		if len(head) >= 10 && head[1] == 0x8b && head[2] == 8 && head[3]&0xe0 == 0 {
			return gzipFile
		}
	case 'B':
		if len(head) >= 10 && head[1] == 'Z' && head[2] == 'h' && head[3] >= '1' && head[3] <= '9' &&
			(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90") {
			return bzip2File
		}
	case 0x28:
		if bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) {
			return zstdFile
		}
	}
	for _, c := range closedMagics {
		if string(head[:min(len(head), len(c.magic))]) == c.magic {
			return closedArchive
		}
	}
	if isTar(head) {
		return tarArchive
	}
	if (head[0] == '#' || head[0] == 'M') && zipNames(strings.ToLower(path.Ext(name))) {
		return zipArchive
	}
	return noArchive
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
	packed   int64 // bytes of the outermost archive, 0 if nobody knows
	unpacked int64 // bytes that came out so far
	members  int
	spent    string // why nothing more is unpacked, "" while there is something left
}

func newBudget(l *Limits, packed int64) budget { return budget{packed: packed} }

// ratioFrom is how much has to come out of an archive before its ratio is looked at: a small file of blanks harms
// nobody.
const ratioFrom = 64 << 20

// metered counts what an archive unpacks to, and ends the reading when it is too much.
type metered struct {
	o      *opening
	r      io.Reader
	effort int64 // what a byte costs beside one of gzip; 0 is 1
	err    error // what ended the reading, nil for its end
}

// A limitError is a limit that has bitten.
type limitError string

func (e limitError) Error() string { return string(e) }

func (m *metered) Read(b []byte) (int, error) {
	if err := m.o.in.ctx.Err(); err != nil {
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
	switch {
	case u.unpacked > l.Unpacked:
		u.spent = fmt.Sprintf("the archive unpacks to more than %d bytes", l.Unpacked)
	case u.packed > 0 && u.unpacked*max(m.effort, 1) > ratioFrom && u.unpacked/l.Ratio > u.packed:
		u.spent = fmt.Sprintf("the archive unpacks to more than %d times its size", l.Ratio)
	default:
		return n, err
	}
	return n, limitError(u.spent)
}

// archive reads what is packed in an archive, or a compressed file. at and size are set where the archive can be read
// at any place; zip needs that.
func (o *opening) archive(m member, kind archiveKind, r io.Reader, at io.ReaderAt, size int64) {
	if m.depth >= o.limits().Depth {
		o.skip(m.path, fmt.Sprintf("more than %d archives in one another", o.limits().Depth))
		return
	}
	m.depth++
	switch kind {
	case zipArchive:
		o.zip(m, r, at, size)
	case tarArchive:
		o.tar(m, r)
	case closedArchive:
		head := make([]byte, sniffLen)
		n, _ := io.ReadFull(r, head)
		o.skip(m.path, closedName(head[:n])+" archives are not opened")
		o.salvage(m, io.MultiReader(&prefix{head[:n]}, r))
	default:
		o.unpack(m, kind, r)
	}
}

func closedName(head []byte) string {
	for _, c := range closedMagics {
		if bytes.HasPrefix(head, []byte(c.magic)) {
			return c.name
		}
	}
	return "such"
}

// enter counts a member of an archive, and reports whether there may be that many.
func (o *opening) enter(archive string) bool {
	if o.budget.spent != "" {
		o.skip(o.blob.Path, o.budget.spent+": the rest was left out")
		return false
	}
	if o.in.ctx.Err() != nil {
		return false
	}
	if o.budget.members++; o.budget.members > o.limits().Members {
		o.budget.spent = fmt.Sprintf("the archive has more than %d members", o.limits().Members)
		o.skip(o.blob.Path, o.budget.spent+": the rest was left out")
		return false
	}
	return true
}

// inside is the path of a member, as findings show it.
func inside(archive, name string) string { return archive + "!" + name }
