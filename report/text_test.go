package report

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// No line of a report is wider than the terminal, whatever stands in it; a name is cut between its parts.
func TestTextFitsTheTerminal(t *testing.T) {
	r := ordinary()
	long := aFinding(rules.BackendToken, "services/"+strings.Repeat("billing-and-invoices/", 5)+"application.properties",
		1234, "default:production."+strings.Repeat("7a1d", 14))
	long.Excerpt = []finding.ExcerptLine{
		{Number: 1233, Text: strings.Repeat("a few words ", 12)},
		{Number: 1234, Text: strings.Repeat("word ", 30) + "TOKEN" + strings.Repeat(" word", 30), Start: 150, End: 155},
	}
	long.Evidence = []finding.Place{{File: long.File, Line: 3, Text: "bound to " + strings.Repeat("x", 150)}}
	r.Findings = append(r.Findings, long)
	for _, width := range []int{20, 40, 60, 80, 120, 200} {
		out := render(t, "text", r, Options{Width: width})
		for _, l := range strings.Split(out, "\n") {
			if n := (&text{}).cells.StringWidth(l); n > width {
				t.Errorf("at %d columns a line has %d: %q", width, n, l)
			}
		}
		if width >= 60 && !strings.Contains(out, "TOKEN") {
			t.Errorf("at %d columns the token is out of sight:\n%s", width, out)
		}
		if (width == 60 || width == 80) && !strings.Contains(out, "billing-and-invoices/\n") {
			t.Errorf("at %d columns the path is not cut behind a slash:\n%s", width, out)
		}
	}
}

// Where a long line is seen through a window, the mark stands below the token and its ends have dots.
func TestTextWindow(t *testing.T) {
	for _, row := range []struct {
		before, after string
		width         int
		want          string
	}{
		{"short ", "", 40, "1 │ short TOKEN"},
		{"", strings.Repeat("z", 60), 40, "1 │ TOKEN" + strings.Repeat("z", 28) + "…"},
		{strings.Repeat("a", 60), "", 40, "1 │ …" + strings.Repeat("a", 13) + "TOKEN"},
		{strings.Repeat("日", 40), strings.Repeat("z", 60), 41, ""},
	} {
		f := aFinding(rules.BackendToken, "a", 1, secret)
		n := len(row.before)
		f.Excerpt = []finding.ExcerptLine{{Number: 1, Text: row.before + "TOKEN" + row.after, Start: n, End: n + 5}}
		lines := strings.Split(render(t, "text", &finding.Result{Findings: []finding.Finding{f}},
			Options{Width: row.width}), "\n")
		for i, l := range lines {
			at := strings.Index(l, "TOKEN")
			if at < 0 {
				continue
			}
			mark := lines[i+1]
			if columnsOf(mark[:strings.Index(mark, "▔")]) != columnsOf(l[:at]) || strings.Count(mark, "▔") != 5 {
				t.Errorf("the mark is off:\n%s\n%s", l, mark)
			}
			if row.want != "" && strings.TrimSpace(l) != row.want {
				t.Errorf("got  %q\nwant %q", strings.TrimSpace(l), row.want)
			}
		}
	}
}

// The findings of one credential stand together: the worst in full, a line for each other, the fix once.
func TestTextGroups(t *testing.T) {
	r := ordinary()
	for i := range 5 {
		r.Findings = append(r.Findings, aFinding(rules.BackendToken, fmt.Sprintf("x/%d.env", i), 1, secret))
	}
	out := render(t, "text", r, Options{Suppressed: true})
	if n := strings.Count(out, "Create a frontend token for this project"); n != 1 {
		t.Errorf("the fix is said %d times", n)
	}
	if strings.Contains(out, "\ndeploy/docker-compose.yml:14:15") ||
		!strings.Contains(out, "  and  deploy/docker-compose.yml:14:15  high  backend-token\n") ||
		!strings.Contains(out, "       x/4.env:1:15                     high  backend-token\n") ||
		!strings.Contains(out, "       testdata/x.js:2:15               high  backend-token  suppressed at .unleaked.yaml:4") {
		t.Error(out)
	}
	if strings.Contains(out, "also deploy/docker-compose.yml") {
		t.Errorf("a place is told twice:\n%s", out)
	}
}

func TestSummary(t *testing.T) {
	r := ordinary()
	for i := range 40 {
		r.Findings = append(r.Findings, aFinding(rules.BackendToken, fmt.Sprintf("x/%d.env", i), 1, secret))
	}
	out := render(t, "text", r, Options{Summary: true})
	for _, want := range []string{
		"rules\n", "  critical  secret-in-frontend      1 finding, 1 token, 1 file\n",
		"  high      backend-token           41 findings, 1 token, 41 files\n",
		"tokens\n", "backend default:production.be44…3c71  42 findings, 42 files\n",
		"files\n", "  and 29 more\n", "2 critical, 42 high in 44 files",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if strings.Contains(out, "why ") || strings.Contains(out, hash1) {
		t.Error(out)
	}
}

func TestLines(t *testing.T) {
	r := ordinary()
	r.Coverage.Skipped = []finding.Skip{{What: "a.bin", Why: "permission denied"}}
	out := render(t, "line", r, Options{})
	for _, want := range []string{
		`web/src/flags.ts:14:15: critical: Backend token of project "default", environment "production", in ` +
			"frontend code. [secret-in-frontend]\n",
		"not read: a.bin (permission denied)\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "\n"); n != len(r.Findings)+1 {
		t.Errorf("%d lines for %d findings", n, len(r.Findings))
	}
}

func TestColumns(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for value, want := range map[string]int{"": 0, "72": 72, "0": 0, "7": 0, "wide": 0, "100000": 0} {
		if got := Columns(file, func(string) string { return value }); got != want {
			t.Errorf("COLUMNS=%q: got %d, want %d", value, got, want)
		}
	}
}
