package scanner_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"github.com/unleaked/unleaked/scanner"
)

// through is text as a compressor writes it.
func through(t testing.TB, text string, open func(io.Writer) (io.WriteCloser, error)) string {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func xzed(t testing.TB, text string) string {
	return through(t, text, func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) })
}

func lzmaed(t testing.TB, text string) string {
	return through(t, text, func(w io.Writer) (io.WriteCloser, error) { return lzma.NewWriter(w) })
}

func lz4ed(t testing.TB, text string) string {
	return through(t, text, func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil })
}

func zlibbed(t testing.TB, text string) string {
	return through(t, text, func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil })
}

// arred is an ar archive; a name of more than 15 characters is written the way of BSD.
func arred(files ...packed) string {
	var b strings.Builder
	b.WriteString("!<arch>\n")
	for _, f := range files {
		name, text := f.name, f.text
		if len(name) > 15 {
			name, text = fmt.Sprintf("#1/%d", len(name)), name+text
		}
		fmt.Fprintf(&b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n%s", name, 0, 0, 0, 0o644, len(text), text)
		if len(text)%2 == 1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// cpioed is a cpio archive of the form newc (070701), crc (070702) or odc (070707).
func cpioed(magic string, files ...packed) string {
	var b strings.Builder
	for _, f := range append(slices.Clone(files), packed{"TRAILER!!!", ""}) {
		if magic == "070707" {
			fmt.Fprintf(&b, "%s%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o%s\x00%s", magic, 0, 1, 0o100644, 0, 0, 1, 0, 0,
				len(f.name)+1, len(f.text), f.name, f.text)
			continue
		}
		fmt.Fprintf(&b, "%s%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00", magic, 1, 0o100644, 0, 0, 1, 0,
			len(f.text), 0, 0, 0, 0, len(f.name)+1, 0, f.name)
		b.WriteString(strings.Repeat("\x00", -(110+len(f.name)+1)&3))
		b.WriteString(f.text + strings.Repeat("\x00", -len(f.text)&3))
	}
	return b.String()
}

// rpmed is a package with a script in its header, and a payload.
func rpmed(script, payload string) string {
	header := func(store string) string {
		return "\x8e\xad\xe8\x01\x00\x00\x00\x00" + string([]byte{0, 0, 0, 1, 0, 0, byte(len(store) >> 8), byte(len(store))}) +
			"\x00\x00\x03\xff\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x01" + store
	}
	lead := "\xed\xab\xee\xdb\x03\x00" + strings.Repeat("\x00", 90)
	signature := header("abc\x00")
	return lead + signature + strings.Repeat("\x00", -len(signature)&7) + header(script+"\x00") + payload
}

// taggedTar is a tar archive with one member that has these attributes, as PAX writes them.
func taggedTar(t testing.TB, h tar.Header) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&h)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func commentedGzip(t testing.TB, head gzip.Header, text string) string {
	return through(t, text, func(w io.Writer) (io.WriteCloser, error) {
		z := gzip.NewWriter(w)
		z.Header = head
		return z, nil
	})
}

// times is what becomes of text when it is encoded n times.
func times(n int, text string, encode func(string) string) string {
	for range n {
		text = encode(text)
	}
	return text
}

func inBase64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// wide is text behind a mark with each character written as unit, in which it stands for c.
func wide(text, mark, unit string) string {
	var b strings.Builder
	b.WriteString(mark)
	for _, c := range []byte(text) {
		b.WriteString(strings.Replace(unit, "c", string(rune(c)), 1))
	}
	return b.String()
}

// script unpacks what stands behind it.
const script = "#!/bin/sh\ntail -n +4 \"$0\" | tar x\nexit\n"

// sevenZipHead is the head of an empty 7z archive, with its checksum.
var sevenZipHead = func() string {
	rest := strings.Repeat("\x00", 20)
	return "7z\xbc\xaf\x27\x1c\x00\x04" + string(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(rest)))) + rest
}()

// headOf is a zip archive up to its directory.
func headOf(z string) string { return z[:strings.Index(z, "PK\x01\x02")] }

// unlisted is the zip archive z with the members of another one before its directory, which does not list them.
func unlisted(z, other string) string {
	at := strings.Index(z, "PK\x01\x02")
	other = headOf(other)
	end := []byte(z[at:])
	record := end[len(end)-22:]
	binary.LittleEndian.PutUint32(record[16:], uint32(at+len(other)))
	return z[:at] + other + string(end)
}

func storedZip(t testing.TB, f packed) string { return methodZip(t, 0, f.name, f.text) }

// methodZip is a zip archive with a member that was packed already.
func methodZip(t testing.TB, method uint16, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	m, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: method, CompressedSize64: uint64(len(content)),
		UncompressedSize64: uint64(len(content)), CRC32: crc32.ChecksumIEEE([]byte(content))})
	if err == nil {
		_, err = io.WriteString(m, content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	z := b.String()
	if method == 12 || method == 95 { // the size and sum are those of what comes out
		z = unpackedAs(t, z, method, content)
	}
	return z
}

// paddedZip is a zip archive whose one member has bytes behind its deflated content, within the size that it names.
func paddedZip(t testing.TB, f packed, padding string) string {
	deflated := through(t, f.text, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 9) })
	z := methodZip(t, 8, f.name, deflated+padding)
	return patchedZip(z, f.text)
}

// unpackedAs is a zip archive of one member whose records name the size and the sum of what its content unpacks to.
func unpackedAs(t testing.TB, z string, method uint16, content string) string {
	t.Helper()
	var r io.Reader = bzip2.NewReader(strings.NewReader(content))
	var err error
	if method == 95 {
		r, err = xz.NewReader(strings.NewReader(content))
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return patchedZip(z, string(text))
}

// patchedZip sets the size and the sum of a zip archive's one member.
func patchedZip(z, text string) string {
	b := []byte(z)
	for at, field := range map[int]int{0: 14, bytes.Index(b, []byte("PK\x01\x02")): 16, bytes.Index(b, []byte("PK\x07\x08")): 4} {
		if at >= 0 {
			binary.LittleEndian.PutUint32(b[at+field:], crc32.ChecksumIEEE([]byte(text)))
			binary.LittleEndian.PutUint32(b[at+field+8:], uint32(len(text)))
		}
	}
	return string(b)
}

func extraField(text string) []byte {
	return append(binary.LittleEndian.AppendUint16([]byte("xx"), uint16(len(text))), text...)
}

// annotatedZip is a zip archive with one member that has this header, and a comment.
func annotatedZip(t testing.TB, h zip.FileHeader, comment string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	_, err := w.CreateHeader(&h)
	if err == nil {
		err = w.SetComment(comment)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func unBase64(t testing.TB, text string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A hidingPlace is where a token may stand that no look at the file's own bytes shows.
type hidingPlace struct {
	name, path, content string
	found               []string // FILE:LINE of each finding
	skipped             []string // what is listed as not read
}

func hidingPlaces(t testing.TB) []hidingPlace {
	text := "x\n y " + personal + "\n"
	member := packed{"b/c.env", text}
	longName := "a_name_of_more_than_sixteen_characters.env"
	tarHeader := func(h tar.Header) string {
		h.Name, h.Mode, h.Format = "c", 0o644, tar.FormatPAX
		return taggedTar(t, h)
	}
	return []hidingPlace{
		{"zip in Base64", "a.yaml", "x: 1\nkeys: " + inBase64(zipped(t, member)), []string{"a.yaml:2"}, nil},
		{"xz in Base64", "a.yaml", "x: 1\nkeys: " + inBase64(xzed(t, text)), []string{"a.yaml:2"}, nil},
		{"tar.gz in Base64", "a.yaml", "x: 1\nkeys: " + inBase64(gzipped(tarred(t, packed{"x.gz", gzipped(text)}))), []string{"a.yaml:2"}, nil},
		{"eight times Base64", "a.txt", times(8, personal, inBase64), []string{"a.txt:1"}, nil},
		{"nine times Base64", "a.txt", times(9, personal, inBase64), nil, []string{"a.txt"}},
		{"gzip in Base64, again and again", "a.txt", times(6, personal, func(s string) string { return inBase64(gzipped(s)) }), nil,
			[]string{"a.txt"}},
		{"escapes of escapes", "a.json", times(7, `"`+strings.Replace(personal, ":", `\u003a`, 1)+`"`, func(s string) string {
			return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
		}), []string{"a.json:1"}, nil},
		{"escapes of escapes, longer than is looked at", "a.json", times(11, `"`+strings.Replace(personal, ":", `\u003a`, 1)+`"`,
			func(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }), nil, []string{"a.json"}},
		{"percent of percent", "a.txt", "x\nq=" + times(30, strings.Replace(personal, ":", "%3a", 1), func(s string) string {
			return strings.ReplaceAll(s, "%", "%25")
		}), []string{"a.txt:2"}, nil},
		{"UTF-32LE", "a.txt", wide(text, "\xff\xfe\x00\x00", "c\x00\x00\x00"), []string{"a.txt:2"}, nil},
		{"UTF-32BE", "a.txt", wide(text, "\x00\x00\xfe\xff", "\x00\x00\x00c"), []string{"a.txt:2"}, nil},
		{"UTF-32LE without a mark", "a.txt", wide(text, "", "c\x00\x00\x00"), []string{"a.txt:2"}, nil},
		{"UTF-32BE without a mark", "a.txt", wide(text, "", "\x00\x00\x00c"), []string{"a.txt:2"}, nil},
		{"a large text in UTF-32", "a.txt", wide(strings.Repeat("a line of it\n", 90_000)+text, "", "c\x00\x00\x00"),
			[]string{"a.txt:90002"}, nil},
		{"UTF-16BE without a mark", "a.txt", wide(text, "", "\x00c"), []string{"a.txt:2"}, nil},
		{"UTF-32 in a program", "a.out", "\x7fELF\x00\x01\x02\xff\xfe" + wide(personal, "", "c\x00\x00\x00"), []string{"a.out:1"}, nil},
		{"UTF-32 in Base64", "a.txt", inBase64(wide(text, "", "c\x00\x00\x00")), []string{"a.txt:1"}, nil},
		{"xz", "a.log.xz", xzed(t, text), []string{"a.log.xz:2"}, nil},
		{"xz in two streams", "a.log.xz", xzed(t, "x\n") + "\x00\x00\x00\x00" + xzed(t, text), []string{"a.log.xz:2"}, nil},
		{"tar.xz", "a.txz", xzed(t, tarred(t, member)), []string{"a.txz!b/c.env:2"}, nil},
		{"lzma", "a.tar.lzma", lzmaed(t, tarred(t, member)), []string{"a.tar.lzma!b/c.env:2"}, nil},
		{"lzma of a text", "a.lzma", lzmaed(t, text), []string{"a.lzma:2"}, nil},
		{"zstd behind a frame that is skipped", "a.zst", "\x51\x2a\x4d\x18\x03\x00\x00\x00abc" + zstded(t, text), []string{"a.zst:2"}, nil},
		{"a frame that zstd skips", "a.zst", "\x50\x2a\x4d\x18" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(personal)))) +
			personal + zstded(t, "x"), []string{"a.zst:1"}, nil},
		{"brotli", "a.js.br", "\x1b\x0f\x00\xf8\xa5\xff", nil, []string{"a.js.br"}},
		{"7z", "a.7z", sevenZipHead, nil, []string{"a.7z"}},
		{"squashfs", "a.img", "hsqs\x00\x01", nil, []string{"a.img"}},
		{"lz4", "a.lz4", lz4ed(t, text), []string{"a.lz4:2"}, nil},
		{"zlib", "a.zz", zlibbed(t, text), []string{"a.zz:2"}, nil},
		{"a loose object of git", "old.git/objects/3f/9c07", zlibbed(t, fmt.Sprintf("blob %d\x00%s", len(text), text)),
			[]string{"old.git/objects/3f/9c07:2"}, nil},
		{"ar", "lib.a", arred(packed{"a.o/", text}, member), []string{"lib.a!a.o:2", "lib.a!b/c.env:2"}, nil},
		{"ar, long name", "lib.a", arred(packed{longName, text}), []string{"lib.a!" + longName + ":2"}, nil},
		{"ar, table of names", "lib.a", arred(packed{"//", longName + "/\n"}, packed{"/0", text}),
			[]string{"lib.a!" + longName + ":2"}, nil},
		{"deb, xz", "a.deb", arred(packed{"debian-binary", "2.0\n"},
			packed{"control.tar.xz", xzed(t, tarred(t, packed{"./postinst", text}))},
			packed{"data.tar.xz", xzed(t, tarred(t, packed{"./etc/a.env", text}))}),
			[]string{"a.deb!control.tar.xz!postinst:2", "a.deb!data.tar.xz!etc/a.env:2"}, nil},
		{"deb, zstd and gzip", "a.deb", arred(packed{"debian-binary", "2.0\n"},
			packed{"control.tar.gz", gzipped(tarred(t, packed{"./postinst", text}))},
			packed{"data.tar.zst", zstded(t, tarred(t, packed{"./etc/a.env", text}))}),
			[]string{"a.deb!control.tar.gz!postinst:2", "a.deb!data.tar.zst!etc/a.env:2"}, nil},
		{"cpio newc", "a.cpio", cpioed("070701", packed{"x", "12345"}, member), []string{"a.cpio!b/c.env:2"}, nil},
		{"cpio crc", "a.cpio", cpioed("070702", packed{"x", "12345"}, member), []string{"a.cpio!b/c.env:2"}, nil},
		{"cpio odc", "a.cpio", cpioed("070707", packed{"x", "12345"}, member), []string{"a.cpio!b/c.env:2"}, nil},
		{"cpio behind cpio", "initrd.img", cpioed("070701", packed{"x", "1"}) + strings.Repeat("\x00", 512) +
			gzipped(cpioed("070701", member)), []string{"initrd.img!b/c.env:2"}, nil},
		{"rpm, gzip", "a.rpm", rpmed("echo", gzipped(cpioed("070701", member))), []string{"a.rpm!b/c.env:2"}, nil},
		{"rpm, xz", "a.rpm", rpmed("echo", xzed(t, cpioed("070701", member))), []string{"a.rpm!b/c.env:2"}, nil},
		{"rpm, zstd", "a.rpm", rpmed("echo", zstded(t, cpioed("070701", member))), []string{"a.rpm!b/c.env:2"}, nil},
		{"rpm, lzma", "a.rpm", rpmed("echo", lzmaed(t, cpioed("070701", member))), []string{"a.rpm!b/c.env:2"}, nil},
		{"rpm, script", "a.rpm", rpmed("\n"+text, gzipped(cpioed("070701"))), []string{"a.rpm!header:3"}, nil},
		{"tar behind tar", "a.tar", tarred(t, packed{"x", "1"}) + tarred(t, member), []string{"a.tar!b/c.env:2"}, nil},
		{"tar behind one block of zeros", "a.tar", tarred(t, packed{"x", "1"})[:3*512] + tarred(t, member),
			[]string{"a.tar!b/c.env:2"}, nil},
		{"tar behind a damaged block", "a.tar", tarred(t, packed{"x", "1"})[:2*512] + strings.Repeat("?", 512) +
			tarred(t, member), []string{"a.tar!b/c.env:2"}, []string{"a.tar"}},
		{"text behind tar", "a.tar", tarred(t, packed{"x", "1"}) + text, []string{"a.tar:2"}, nil},
		{"zip behind tar", "a.tar", tarred(t, packed{"x", "1"}) + zipped(t, member), []string{"a.tar!b/c.env:2"}, nil},
		{"PAX attribute", "a.tar", tarHeader(tar.Header{PAXRecords: map[string]string{"SCHILY.xattr.user.k": personal}}),
			[]string{"a.tar!c:5"}, nil},
		{"PAX owner", "a.tar", tarHeader(tar.Header{Uname: personal}), []string{"a.tar!c:3"}, nil},
		{"GNU name of a link", "a.tar", taggedTar(t, tar.Header{Name: "c", Typeflag: tar.TypeSymlink, Format: tar.FormatGNU,
			Linkname: strings.Repeat("d/", 60) + " " + personal}), []string{"a.tar!c:1"}, nil},
		{"global PAX header", "a.tar", taggedTar(t, tar.Header{Typeflag: tar.TypeXGlobalHeader,
			PAXRecords: map[string]string{"comment": personal}}) + tarred(t, packed{"x", "1"}), []string{"a.tar!GlobalHead.0.0:5"}, nil},
		{"what fills a block", "a.tar", strings.Replace(tarred(t, packed{"x", "1"}), "1"+strings.Repeat("\x00", 90),
			"1 "+personal+strings.Repeat("\x00", 89-len(personal)), 1), []string{"a.tar:1"}, nil},
		{"zip behind zip", "a.zip", zipped(t, packed{"x", text}) + zipped(t, member), []string{"a.zip!b/c.env:2", "a.zip!x:2"}, nil},
		{"zip that its directory does not list", "a.zip", unlisted(zipped(t, packed{"x", "1"}), zipped(t, member)),
			[]string{"a.zip!b/c.env:2"}, nil},
		{"stored zip that its directory does not list", "a.zip", unlisted(zipped(t, packed{"x", "1"}), storedZip(t, member)),
			[]string{"a.zip!b/c.env:2"}, nil},
		{"zip without its directory", "a.zip", headOf(zipped(t, packed{"x", text}, member)),
			[]string{"a.zip!b/c.env:2", "a.zip!x:2"}, []string{"a.zip"}},
		{"zip archive's comment", "a.zip", annotatedZip(t, zip.FileHeader{Name: "x"}, personal), []string{"a.zip:1"}, nil},
		{"zip member's comment", "a.zip", annotatedZip(t, zip.FileHeader{Name: "x", Comment: personal}, ""), []string{"a.zip!x:2"}, nil},
		{"zip extra field", "a.zip", annotatedZip(t, zip.FileHeader{Name: "x", Extra: extraField(personal)}, ""),
			[]string{"a.zip!x:3"}, nil},
		{"zip name", "a.zip", annotatedZip(t, zip.FileHeader{Name: "x " + personal}, ""), []string{"a.zip!x " + personal + ":1"}, nil},
		{"zip name before the content", "a.zip", strings.Replace(annotatedZip(t, zip.FileHeader{Name: "x " + strings.Repeat("y",
			len(personal))}, ""), strings.Repeat("y", len(personal)), personal, 1), []string{"a.zip:1"}, nil},
		{"text before zip", "a.zip", "#!/bin/sh\n" + text + zipped(t, packed{"x", "1"}), []string{"a.zip:3"}, nil},
		{"text behind zip", "a.zip", zipped(t, packed{"x", "1"}) + text, []string{"a.zip:2"}, nil},
		{"text behind a deflated member", "a.zip", paddedZip(t, packed{"x", "1"}, "\n"+personal), []string{"a.zip:2"}, nil},
		{"zip bzip2 member", "a.zip", methodZip(t, 12, "c.env", unBase64(t, bzipped)), []string{"a.zip!c.env:1"}, nil},
		{"zip xz member", "a.zip", methodZip(t, 95, "c.env", xzed(t, text)), []string{"a.zip!c.env:2"}, nil},
		{"zip member of another method", "a.zip", methodZip(t, 98, "c.env", text), nil, []string{"a.zip!c.env"}},
		{"zip behind a script", "install.sh", "#!/bin/sh\nexec unzip $0\n" + zipped(t, member), []string{"install.sh!b/c.env:2"}, nil},
		{"zip behind a program", "setup.exe", "MZ\x90\x00" + strings.Repeat("\x00\x01", 3000) + zipped(t, member),
			[]string{"setup.exe!b/c.env:2"}, nil},
		{"zip behind a picture", "a.png", "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01", 30) + zipped(t, member),
			[]string{"a.png!b/c.env:2"}, nil},
		{"tar.gz behind a script", "install.run", script + gzipped(tarred(t, member)), []string{"install.run!b/c.env:2"}, nil},
		{"tar.gz behind the shortest script", "i", "#!/bin/sh\n" + gzipped(tarred(t, member)), []string{"i!b/c.env:2"}, nil},
		{"tar.xz behind a script", "install.run", script + xzed(t, tarred(t, member)), []string{"install.run!b/c.env:2"}, nil},
		{"tar.zst behind a script", "install.run", script + zstded(t, tarred(t, member)), []string{"install.run!b/c.env:2"}, nil},
		{"bzip2 behind a script", "install.run", script + unBase64(t, bzipped), []string{"install.run:1"}, nil},
		{"tar behind a script", "install.run", script + tarred(t, packed{"x.gz", gzipped(text)}), []string{"install.run!x.gz:2"}, nil},
		{"tar.gz behind a program", "setup", "\x7fELF\x02\x01" + strings.Repeat("\x00\x1f\x8b\x08", 200) + gzipped(tarred(t, member)),
			[]string{"setup!b/c.env:2"}, nil},
		{"two gzip files in a program", "setup", "\x7fELF\x02\x01\x00" + gzipped(text) + "\x00\x00--" + gzipped(tarred(t, member)),
			[]string{"setup:2", "setup!b/c.env:2"}, nil},
		{"7z behind a program", "setup.exe", "MZ\x90\x00" + strings.Repeat("\x00\x01", 3000) + sevenZipHead, nil, []string{"setup.exe"}},
		{"gzip comment", "a.gz", commentedGzip(t, gzip.Header{Comment: personal}, "x"), []string{"a.gz:2"}, nil},
		{"gzip name", "a.gz", commentedGzip(t, gzip.Header{Name: personal}, "x"), []string{"a.gz:1"}, nil},
		{"gzip extra field", "a.gz", commentedGzip(t, gzip.Header{Extra: []byte("AB\x3d\x00" + personal)}, "x"), []string{"a.gz:3"}, nil},
		{"comment of the second gzip file", "a.gz", gzipped("x") + commentedGzip(t, gzip.Header{Comment: personal}, "x"),
			[]string{"a.gz:2"}, nil},
		{"text behind gzip", "a.gz", gzipped("x") + text, []string{"a.gz:2"}, nil},
		{"tar.gz behind gzip", "a.gz", gzipped("x") + xzed(t, tarred(t, member)), []string{"a.gz!b/c.env:2"}, nil},
	}
}

// TestHidingPlaces holds that what is hidden in a container is found, or that the container is listed as not read; the
// same wherever the container stands: in a folder, in a stream, in an object of a history, in another container.
func TestHidingPlaces(t *testing.T) {
	for _, row := range hidingPlaces(t) {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, row.path, row.content)
			for how, src := range map[string]scanner.Source{
				"file": scanner.NewTree(dir), "stream": &scanner.Tree{Paths: []string{"-"},
					Stdin: strings.NewReader(row.content), StdinName: row.path},
				"blob":      oneBlob{scanner.Blob{Path: row.path, Text: []byte(row.content)}},
				"outer.zip": oneBlob{scanner.Blob{Path: "outer.zip", Text: []byte(zipped(t, packed{row.path, row.content}))}},
			} {
				outer := ""
				if how == "outer.zip" {
					outer = "outer.zip!"
				}
				res, err := scanner.Scan(context.Background(), src, scanner.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var got, skipped []string
				for _, f := range res.Findings {
					got = append(got, fmt.Sprintf("%s:%d", strings.TrimPrefix(f.File, outer), f.Line))
				}
				for _, s := range res.Coverage.Skipped {
					skipped = append(skipped, strings.TrimPrefix(s.What, outer))
				}
				same(t, how, got, row.found)
				same(t, how+": not read", skipped, row.skipped)
				if len(row.found)+len(row.skipped) == 0 {
					t.Error("the row expects nothing")
				}
			}
		})
	}
}

// notLookedInto has something of each row of the table in the documentation, by the row's beginning.
func notLookedInto(t testing.TB) map[string]string {
	pdf := "%PDF-1.7\n1 0 obj\n<</Filter /FlateDecode /Length 99>>\nstream\n" + zlibbed(t, strings.Repeat("x", 100)+personal) + "\nendstream\n"
	chunk := "zTXtComment\x00\x00" + zlibbed(t, strings.Repeat("x", 100)+personal)
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + string(binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))) + chunk
	ebcdic := strings.Map(func(r rune) rune { return r ^ 0x80 | 0x80 }, personal)
	return map[string]string{
		"compressed streams of a PDF": pdf,
		"compressed text in pictures": png,
		"Base32, Base85":              base32.StdEncoding.EncodeToString([]byte("x "+personal+" x")) + "\n" + fmt.Sprintf("%x\n", personal),
		"EBCDIC, UTF-7":               ebcdic + "\n" + strings.Replace(personal, ":", "+ADo-", 1) + "\n",
		"compressed columns":          "PAR1\x15\x04" + through(t, strings.Repeat("x", 100)+personal, func(w io.Writer) (io.WriteCloser, error) { return snappy.NewBufferedWriter(w), nil }),
		"frames that zstd and lz4": zstded(t, "x") + "\x50\x2a\x4d\x18" + string(binary.LittleEndian.AppendUint32(nil,
			uint32(len(personal)))) + personal,
		"encrypted files":             "-----BEGIN PGP MESSAGE-----\n\nhQEMA" + strings.Repeat("Zm9vYmFy", 12) + "\n-----END PGP MESSAGE-----\n",
		"a token that a program puts": "t := reverse(\"" + reversed(personal) + "\")\n",
	}
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// TestNotLookedInto holds that the documentation's table of what is not looked into is true: of each row nothing is found,
// and nothing is said to be unread.
func TestNotLookedInto(t *testing.T) {
	doc, err := os.ReadFile("../docs/usage.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(doc), "These are not looked into")
	table, _, _ = strings.Cut(table, "\n## ")
	samples := notLookedInto(t)
	rows := 0
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what |") {
			continue
		}
		rows++
		matched := false
		for row := range samples {
			matched = matched || strings.HasPrefix(line, "| "+row)
		}
		if !matched {
			t.Errorf("no sample of the row %s", line)
		}
	}
	if rows != len(samples) {
		t.Errorf("%d rows, %d samples", rows, len(samples))
	}
	for row, text := range samples {
		dir := t.TempDir()
		write(t, dir, "a.bin", text)
		got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
		same(t, row, got, nil)
		same(t, row+": not read", skips, nil)
	}
}
