package scanner_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// A shape is a way to write down many credentials in one text, each with what says what it is.
type shape struct {
	name, file, head string
	part             func(r *rand.Rand) string
}

func anyToken(r *rand.Rand) string {
	seed := r.Uint64()
	return rules.Expand([]string{"web" + ":production.{hex56}", "*" + ":*.{hex56}", "user" + ":{hex56}", "[]" + ":dev.{v2}",
		"user" + ":{v2}", "a-b" + ":default.{hex64}"}[r.IntN(6)], seed)
}

func words(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(30) {
		b.WriteString([]string{"lorem ", "it's ", "say \\\"so\\\" ", "é ", "1,2; ", "\U0001F600 ", "{x} "}[r.IntN(7)])
	}
	return b.String()
}

var shapes = []shape{
	{"records", "a.json", `{"unleash":[`, func(r *rand.Rand) string {
		return fmt.Sprintf(`{"note":"%s","type":"backend","projects":["web"],"environment":"production","secret":"%s"},`,
			words(r), rules.Expand("web"+":production.{hex56}", r.Uint64()))
	}},
	{"custom records", "a.json", `[`, func(r *rand.Rand) string {
		return fmt.Sprintf(`{"note":"unleash %s","unleash":{"type":"frontend","projects":["web"],"environment":"prod","secret":"%s"}},`,
			words(r), rules.Expand("web"+":prod.{text17}", r.Uint64()))
	}},
	{"calls", "a.js", "const unleash = 1;", func(r *rand.Rand) string {
		return fmt.Sprintf("log(\"%s\");unleash.initialize({url:'https://u.example.com/api',customHeaders:{Authorization:'%s'}});", words(r), anyToken(r))
	}},
	{"a list", ".env", "UNLEASH_TOKENS=", func(r *rand.Rand) string { return anyToken(r) + "," }},
	{"quoted", "a.js", "unleash=[", func(r *rand.Rand) string { return "'" + anyToken(r) + "'," }},
	{"prose", "a.txt", "unleash ", func(r *rand.Rand) string {
		return strings.ReplaceAll(words(r), `\`, "") + anyToken(r) + " "
	}},
	{"glued", "a.txt", "", func(r *rand.Rand) string { return anyToken(r) + []string{"/", "|", ";", "&t="}[r.IntN(4)] }},
	{"encoded", "a.txt", "", func(r *rand.Rand) string {
		return base64.StdEncoding.EncodeToString([]byte(words(r)+anyToken(r))) + " "
	}},
	{"rows", "a.sql", "", func(r *rand.Rand) string {
		return fmt.Sprintf("INSERT INTO api_tokens (secret, username, type, environment) VALUES ('%s', 'x', 'client', 'dev');",
			anyToken(r))
	}},
}

// said is what was found in a text: where, what, and how it is judged.
func said(t *testing.T, res *scanner.Result, err error) []string {
	t.Helper()
	if err != nil || len(res.Coverage.Skipped) > 0 {
		t.Fatal(err, res.Coverage.Skipped)
	}
	var out []string
	for _, f := range res.Findings {
		out = append(out, fmt.Sprint(f.Line, ":", f.Column, "-", f.EndColumn, " ", f.Secret.Reveal(), " ", f.Format, " ",
			f.Kind, " ", f.Rule, f.Also, f.Layers))
	}
	return out
}

func differ(t *testing.T, name string, want, got []string) {
	t.Helper()
	if slices.Equal(want, got) {
		return
	}
	for i := range max(len(want), len(got)) {
		a, b := "", ""
		if i < len(want) {
			a = want[i]
		}
		if i < len(got) {
			b = got[i]
		}
		if a != b {
			t.Fatalf("%s: %d findings, want %d; number %d is\n%s\nwant\n%s", name, len(got), len(want), i, b, a)
		}
	}
}

// TestSameHoweverCut reads the same text whole, in windows and in pieces of random sizes, from memory, from a file and
// from a stream.
func TestSameHoweverCut(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	for _, s := range shapes {
		for _, end := range []string{"", "\r\n"} {
			t.Run(fmt.Sprintf("%s %q", s.name, end), func(t *testing.T) {
				text := s.head
				for range 120 {
					text += s.part(r) + end
				}
				scan := func(l scanner.Limits) []string {
					res, err := scanner.Scan(context.Background(), oneBlob{scanner.Blob{Path: s.file, Text: []byte(text)}},
						scanner.Options{Public: true, Jobs: 1, Limits: l})
					return said(t, res, err)
				}
				want := scan(scanner.Limits{})
				if len(want) < 118 {
					t.Fatalf("%d findings", len(want))
				}
				t.Chdir(t.TempDir())
				if err := os.WriteFile(s.file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				for range 3 {
					l := scanner.Limits{Whole: 1 + r.IntN(len(text)), Window: 300 + r.IntN(9000), Site: 1 + r.IntN(20_000)}
					at := fmt.Sprintf("%+v", l)
					differ(t, at, want, scan(l))
					res, err := scanner.Scan(context.Background(), &scanner.Tree{Paths: []string{s.file}},
						scanner.Options{Public: true, Jobs: 1, Limits: l})
					differ(t, "file "+at, want, said(t, res, err))
					res, err = scanner.Scan(context.Background(), &scanner.Tree{Paths: []string{"-"}, Stdin: strings.NewReader(text),
						StdinName: s.file}, scanner.Options{Public: true, Jobs: 1, Limits: l})
					differ(t, "stream "+at, want, said(t, res, err))
				}
			})
		}
	}
}
