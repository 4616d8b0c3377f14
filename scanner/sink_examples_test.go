package scanner

import (
	"regexp"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// theT is what stands for the credential in a row's example.
var theT = regexp.MustCompile(`\bT\b`)

// TestSinkExamples reads the example of every row: the credential in it has to come to that row, and to no other.
func TestSinkExamples(t *testing.T) {
	token := "web" + ":production." + strings.Repeat("0badf00", 8)
	for _, row := range rules.Sinks() {
		t.Run(row.ID, func(t *testing.T) {
			if n := len(theT.FindAllString(row.Example.Text, -1)); n != 1 {
				t.Fatalf("the example has %d places for the credential", n)
			}
			text := []byte(theT.ReplaceAllLiteralString(row.Example.Text, token))
			v := &view{View: open.NewView(row.Example.File, text)}
			for _, c := range rules.AppendCredentials(nil, text) {
				v.hits = append(v.hits, Hit{Credential: c, Start: c.Start, End: c.End})
			}
			f := readFile(v, v.hits)
			if f == nil {
				t.Fatal("the file is not read")
			}
			var got []string
			for _, p := range f.places {
				for _, a := range p.atoms {
					if p.match.Sink != nil && a.site != nil && a.site.cred.Secret.Reveal() == token {
						got = append(got, p.match.Sink.ID)
					}
				}
			}
			if len(got) == 0 || strings.Join(got, " ") != strings.Repeat(row.ID+" ", len(got)-1)+row.ID {
				t.Errorf("taken by %q (%s)", got, f.lang)
			}
		})
	}
}

// TestSinkRows holds the table to what its look-up can tell apart.
func TestSinkRows(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range rules.Sinks() {
		if seen[row.ID] || row.What == "" || row.Takes == "" || row.Via == "" || row.Side == "" ||
			len(row.Places) == 0 {
			t.Errorf("%s: a second row of that name, or a field is empty", row.ID)
		}
		seen[row.ID] = true
	}
	if len(seen) > 64 {
		t.Errorf("%d rows: the look-up has 64 bits", len(seen))
	}
}
