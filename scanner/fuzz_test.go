package scanner_test

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// FuzzScan reads any bytes under any name, and under names that make them something special. Nothing may panic, and nothing may show a
// credential.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		"", "a " + scoped + " b", url.QueryEscape(several), base64.StdEncoding.EncodeToString([]byte(scopedV2)),
		`{"sourcesContent":["` + quoteJSON("x\n"+personal) + `"],"sources":["a"]}`,
		`{"cells":[{"cell_type":"code","source":["` + personal + `"]}]}`,
		"\xff\xfe" + strings.Join(strings.Split(personal, ""), "\x00"), gzipped(personal),
		zipped(f, packed{"a", personal}), tarred(f, packed{"a", personal}),
		"UNLEASH_TOKEN=" + insecure + "\nclientKey: 'abc'\n", strings.Repeat("A", 200),
		base64Lines(personal+"\n"+scoped, 60, "\n"),
		"Subject: quoted-printable\n\n" + scoped[:40] + "=\n" + scoped[40:],
		"\x00" + strings.Join(strings.Split(personal, ""), "\x00"),
	} {
		f.Add("a.md", text)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		names := []string{"a.txt", "a.js.map", "a.ipynb", ".env", "a.jar"}
		if name != "" && len(name) < 100 {
			names = append(names, name)
		}
		for _, name := range names {
			res, err := scanner.Scan(context.Background(), oneBlob{scanner.Blob{Path: name, Text: []byte(text)}},
				scanner.Options{Public: true, Examples: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range res.Coverage.Skipped {
				if strings.HasPrefix(s.Why, "internal error") {
					t.Errorf("%s: %s", name, s.Why)
				}
			}
			for _, x := range res.Findings {
				if x.Line < 1 || x.Column < 1 || x.EndLine < x.Line || x.EndLine == x.Line && x.EndColumn < x.Column {
					t.Errorf("%s: from %d:%d to %d:%d", name, x.Line, x.Column, x.EndLine, x.EndColumn)
				}
				secret := rules.HiddenPart(x.Secret.Reveal())
				for _, line := range x.Excerpt {
					for i := 4; i+12 <= len(secret)-4; i++ {
						if strings.Contains(line.Text, secret[i:i+12]) {
							t.Errorf("%s: an excerpt shows the credential", name)
						}
					}
					if line.Start < 0 || line.End < line.Start || line.End > len(line.Text) {
						t.Errorf("%s: marked %d to %d of %d", name, line.Start, line.End, len(line.Text))
					}
				}
			}
		}
	})
}

// FuzzArchives reads any bytes as a container of each form. Nothing may panic or go on for ever, what is unpacked is bounded,
// and what is read twice gives the same.
func FuzzArchives(f *testing.F) {
	for _, row := range hidingPlaces(f) {
		if len(row.content) < 64<<10 {
			f.Add(row.content)
		}
	}
	f.Add(hermesed("a", scoped, "größe "+personal))
	f.Fuzz(func(t *testing.T, text string) {
		var first []string
		for range 2 {
			res, err := scanner.Scan(context.Background(), oneBlob{scanner.Blob{Path: "a.bin", Text: []byte(text)}},
				scanner.Options{Jobs: 1, Limits: scanner.Limits{Unpacked: 8 << 20, Members: 1000, Nested: 64 << 10}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range res.Coverage.Skipped {
				got = append(got, s.What+": "+s.Why)
				if strings.HasPrefix(s.Why, "internal error") {
					t.Error(s.Why)
				}
			}
			for _, x := range res.Findings {
				got = append(got, x.File+x.Fingerprint)
			}
			if first != nil {
				same(t, "the second time", got, first)
			}
			first = append(got, "")[:len(got)]
		}
	})
}
