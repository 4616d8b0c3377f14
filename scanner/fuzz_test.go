package scanner_test

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// FuzzScan reads any bytes under names that make them something special. Nothing may panic, and nothing may show a
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
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"a.txt", "a.js.map", "a.ipynb", ".env", "a.jar"} {
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
				secret := x.Secret.Reveal()
				for _, line := range x.Excerpt {
					if len(secret) > 40 && strings.Contains(line.Text, secret[len(secret)-30:]) {
						t.Errorf("%s: an excerpt shows the credential", name)
					}
					if line.Start < 0 || line.End < line.Start || line.End > len(line.Text) {
						t.Errorf("%s: marked %d to %d of %d", name, line.Start, line.End, len(line.Text))
					}
				}
			}
		}
	})
}
