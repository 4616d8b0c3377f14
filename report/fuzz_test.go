package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
)

// FuzzWriters puts any text into everything of a result that comes from what was scanned, beside a token. Every report is
// written, is what its format says, and shows no token.
func FuzzWriters(f *testing.F) {
	for _, text := range []string{"a", "</script><script>", "]]>", "\"'\\", "::error::", "\x1b[31m\u202e", "\xff\x00", "|`|", "=1+1",
		"%0A", "\u2028", "\ufeff", "<!--", "{{", "\r\n\t"} {
		f.Add("a/"+text, text)
	}
	scripts := strings.Count(write(f, "html", strange("a", "b")), "<script")
	f.Fuzz(func(t *testing.T, name, text string) {
		if len(name)+len(text) > 4096 || strings.Contains(name+text, hash1[:12]) {
			return
		}
		r := strange(name, text)
		for _, format := range Formats() {
			out := write(t, format, r)
			if strings.Contains(out, hash1[8:]) {
				t.Errorf("%s shows the token", format)
			}
			if err := wellFormed(format, out); err != nil {
				t.Errorf("%s: %v\n%q", format, err, out)
			}
			if format == "html" && strings.Count(out, "<script") != scripts {
				t.Error("the page has more scripts than it came with")
			}
		}
	})
}

func write(t testing.TB, format string, r *finding.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, Options{Suppressed: true}); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// strange is a result whose texts are all the same strange ones, with a token in each.
func strange(name, text string) *finding.Result {
	r := ordinary()
	said := text + " " + secret + " " + text
	for i := range r.Findings {
		x := &r.Findings[i]
		x.File, x.Message, x.Project, x.Environment = name, said, text, text
		for k := range x.Excerpt {
			x.Excerpt[k] = finding.ExcerptLine{Number: k + 1, Text: said, End: len(text)}
		}
		for k := range x.Evidence {
			x.Evidence[k].File, x.Evidence[k].Text = name, said
		}
	}
	place := finding.Place{File: name, Line: 1, Text: said}
	r.Notices = append(r.Notices, place)
	r.Coverage.Skipped = append(r.Coverage.Skipped, finding.Skip{What: name + " " + secret, Why: said})
	return r
}

// wellFormed tells what is wrong with a report as the format that it is.
func wellFormed(format, out string) error {
	switch format {
	case "json", "sarif", "gitlab", "codeclimate":
		if !json.Valid([]byte(out)) {
			return errors.New("no JSON")
		}
	case "jsonl":
		for line := range strings.Lines(out) {
			if !json.Valid([]byte(line)) {
				return errors.New("a line is no JSON")
			}
		}
	case "junit":
		d := xml.NewDecoder(strings.NewReader(out))
		for {
			if _, err := d.Token(); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
		}
	case "csv":
		_, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		return err
	}
	return nil
}
