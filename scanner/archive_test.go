package scanner_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/unleaked/unleaked/scanner"
)

type packed struct{ name, text string }

func zipped(t testing.TB, files ...packed) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		m, err := w.Create(f.name)
		if err == nil {
			_, err = m.Write([]byte(f.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tarred(t testing.TB, files ...packed) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.text))}
		if target, ok := strings.CutPrefix(f.text, "-> "); ok {
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, target, 0
		}
		err := w.WriteHeader(h)
		if err == nil && h.Size > 0 {
			_, err = w.Write([]byte(f.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstded(t testing.TB, text string) string {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
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

// bzipped is "user:" and 56 digits of zero and one, packed by bzip2, which Go only unpacks.
const bzipped = "QlpoOTFBWSZTWVwSU7QAAB4JgGAQAgAaACAAIbU0yCGAbBDSCW9fF3JFOFCQXBJTtA=="

func TestArchives(t *testing.T) {
	text := "x\n y " + personal + "\n"
	for _, row := range []struct {
		name, path, content string
		want                []string // FILE:LINE:COLUMN LAYERS
	}{
		{"zip", "a.zip", zipped(t, packed{"b/c.txt", text}, packed{"d", text}), []string{"a.zip!b/c.txt:2:4 ",
			"a.zip!d:2:4 "}},
		{"zip under any name", "a.bin", zipped(t, packed{"c", text}), []string{"a.bin!c:2:4 "}},
		{"zip behind a script", "app.jar", "#!/bin/sh\nexec java -jar $0\n" + zipped(t, packed{"c", text}),
			[]string{"app.jar!c:2:4 "}},
		{"tar", "a.tar", tarred(t, packed{"b/c.txt", text}), []string{"a.tar!b/c.txt:2:4 "}},
		{"link in tar", "a.tar", tarred(t, packed{"l", "-> " + personal}), []string{"a.tar!l:1:1 "}},
		{"gzip", "a.log.gz", gzipped(text), []string{"a.log.gz:2:4 gzip"}},
		{"zstd", "a.zst", zstded(t, text), []string{"a.zst:2:4 zstd"}},
		{"tar.gz", "a.tgz", gzipped(tarred(t, packed{"c", text})), []string{"a.tgz!c:2:4 "}},
		{"tar.zst", "a.tar.zst", zstded(t, tarred(t, packed{"c", text})), []string{"a.tar.zst!c:2:4 "}},
		{"nested", "a.zip", zipped(t, packed{"b.jar",
			zipped(t, packed{"c.tar.gz", gzipped(tarred(t, packed{"d", text}))})}),
			[]string{"a.zip!b.jar!c.tar.gz!d:2:4 "}},
		{"members that lead out", "a.zip", zipped(t, packed{"../../etc/x", text}, packed{"/abs", text},
			packed{"n\n\x1b[2K", text}), []string{"a.zip!../../etc/x:2:4 ", "a.zip!/abs:2:4 ",
			"a.zip!n\n\x1b[2K:2:4 "}},
		{"UTF-16 in an archive", "a.zip", zipped(t, packed{"c", "\xff\xfe" + strings.Join(strings.Split(text, ""),
			"\x00") + "\x00"}), []string{"a.zip!c:2:4 utf-16"}},
		{"Base64 in an archive", "a.zip", zipped(t, packed{"c", base64.StdEncoding.EncodeToString([]byte(personal))}),
			[]string{"a.zip!c:1:1 base64"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, row.path, row.content)
			for how, src := range map[string]scanner.Source{
				"file": scanner.NewTree(dir), "stream": &scanner.Tree{Paths: []string{"-"},
					Stdin: strings.NewReader(row.content), StdinName: row.path},
				"blob": oneBlob{scanner.Blob{Path: row.path, Text: []byte(row.content)}},
			} {
				res, err := scanner.Scan(context.Background(), src, scanner.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, f := range res.Findings {
					got = append(got, fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Column, strings.Join(f.Layers, " ")))
				}
				same(t, how, got, row.want)
				if !res.Complete() {
					t.Errorf("%s: skipped %v", how, res.Coverage.Skipped)
				}
			}
		})
	}
}

func TestBzip2(t *testing.T) {
	content, err := base64.StdEncoding.DecodeString(bzipped)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(content))); err != nil {
		t.Fatal(err)
	}
	found := finds(t, "a.txt.bz2", string(content))
	if len(found) != 1 || found[0].Line != 1 || strings.Join(found[0].Layers, " ") != "bzip2" {
		t.Errorf("%d findings", len(found))
	}
}

// TestArchiveLimits reads archives that ask for too much, or are broken. What can be read is, and the rest is told.
func TestArchiveLimits(t *testing.T) {
	text := personal + "\n"
	blanks := strings.Repeat(" ", 3<<20)
	encrypted := []byte(zipped(t, packed{"secret", text}))
	encrypted[6] |= 1 // the flag in the member's header
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	whole := zipped(t, packed{"a", text}, packed{"b", text})
	deep := packed{"x", text}
	for range 4 {
		deep = packed{"x.zip", zipped(t, deep)}
	}
	var many []packed
	for i := range 20 {
		many = append(many, packed{fmt.Sprintf("m%02d", i), text})
	}
	for _, row := range []struct {
		name, path, content string
		limits              scanner.Limits
		findings            int
		skips               []string
	}{
		{"encrypted", "a.zip", string(encrypted), scanner.Limits{}, 0, []string{"a.zip!secret: it is encrypted"}},
		{"cut short", "a.zip", whole[:len(whole)-30], scanner.Limits{}, 2,
			[]string{"a.zip: zip: not a valid zip file"}},
		{"gzip cut short", "a.gz", gzipped(text + strings.Repeat("x\n", 1000))[:45], scanner.Limits{}, 1,
			[]string{"a.gz: unexpected EOF"}},
		{"tar cut short", "a.tar", tarred(t, packed{"a", text}, packed{"b", text})[:1550], scanner.Limits{}, 1,
			[]string{"a.tar!b: unexpected EOF"}},
		{"too deep", "a.zip", deep.text, scanner.Limits{Depth: 3}, 0,
			[]string{"a.zip!x.zip!x.zip!x.zip: more than 3 archives in one another"}},
		{"deep enough", "a.zip", deep.text, scanner.Limits{Depth: 4}, 1, nil},
		{"too many members", "a.zip", zipped(t, many...), scanner.Limits{Members: 5}, 5,
			[]string{"a.zip: the archive has more than 5 members: the rest was left out"}},
		{"too large", "a.zip", zipped(t, packed{"a", text}, packed{"b", blanks}, packed{"c", text}),
			scanner.Limits{Unpacked: 1 << 20}, 1,
			[]string{"a.zip: the archive unpacks to more than 1048576 bytes: the rest was left out"}},
		{"too large for the nest", "a.zip", zipped(t, packed{"a.zip", zipped(t, many...)}), scanner.Limits{Nested: 100},
			20, nil},
		{"another format", "a.7z", "7z\xbc\xaf\x27\x1c" + text, scanner.Limits{}, 1,
			[]string{"a.7z: 7z archives are not opened"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, row.path, row.content)
			got, skips := scan(t, scanner.NewTree(dir), scanner.Options{Limits: row.limits})
			if len(got) != row.findings {
				t.Errorf("%d findings, want %d: %q", len(got), row.findings, got)
			}
			same(t, "skips", skips, row.skips)
		})
	}
}

// TestArchiveBudget reads archives of which none unpacks to too much, but all of them do.
func TestArchiveBudget(t *testing.T) {
	dir := t.TempDir()
	blanks := strings.Repeat(" ", 1<<20)
	for i := range 10 {
		write(t, dir, fmt.Sprintf("a%d.zip", i), zipped(t, packed{"b", blanks}, packed{"c", personal}))
	}
	got, skips := scan(t, scanner.NewTree(dir), scanner.Options{Jobs: 1, Limits: scanner.Limits{All: 4 << 20, AllRatio: 1}})
	if len(got)+len(skips) != 10 || len(got) < 3 || len(got) > 5 {
		t.Errorf("%d findings, not read: %q", len(got), skips)
	}
	for _, s := range skips {
		if !strings.Contains(s, "all archives together unpack to more than") {
			t.Errorf("not read: %s", s)
		}
	}
}

// TestArchiveBomb reads a file that unpacks to a thousand times its size.
func TestArchiveBomb(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 4 {
		m, err := w.Create(fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		block := make([]byte, 1<<20)
		for range 48 {
			if _, err := m.Write(block); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, "bomb.zip", b.String())
	_, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
	same(t, "skips", skips, []string{"bomb.zip: the archive unpacks to more than 200 times its size: the rest was left out"})
}
