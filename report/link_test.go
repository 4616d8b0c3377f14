package report

import (
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

func TestLink(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for _, row := range []struct {
		o            Options
		commit, file string
		line         int
		want         string
	}{
		{Options{Repository: "https://github.com/a/b"}, commit, "web/a b#1.js", 3,
			"https://github.com/a/b/blob/" + commit + "/web/a%20b%231.js#L3"},
		{Options{Repository: "https://gitlab.example.com/a/b/c", GitLab: true}, commit, "x", 0,
			"https://gitlab.example.com/a/b/c/-/blob/" + commit + "/x"},
		{Options{}, commit, "x", 1, ""},
		{Options{Repository: "/b"}, commit, "x", 1, ""}, // GITHUB_SERVER_URL was not set
		{Options{Repository: "javascript:alert(1)"}, commit, "x", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, "", "x", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, commit, "a.zip!b", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, commit, ".git/refs/heads/x", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, commit, "../x", 1, ""},
	} {
		if got := row.o.link(row.commit, row.file, row.line); got != row.want {
			t.Errorf("%q %q: got %q, want %q", row.o.Repository, row.file, got, row.want)
		}
	}
}

// What a push's annotations and summary say of a finding whose file or line has moved on.
func TestFindingsOfARange(t *testing.T) {
	const tip = "0123456789abcdef0123456789abcdef01234567"
	for _, row := range []struct {
		name           string
		file           bool
		line           int
		property, text string
	}{
		{"still there", true, 14, "file=web/a.ts,line=14,endLine=14,", "still there in 0123456789ab"},
		{"on another line", true, 20, "file=web/a.ts,line=20,endLine=20,", "on line 20 in 0123456789ab"},
		{"taken out", true, 0, "file=web/a.ts,title=", "no longer in the file in 0123456789ab"},
		{"deleted", false, 0, "file=web/a.ts,title=", "the file is gone in 0123456789ab"},
	} {
		f := aFinding(rules.BackendToken, "web/a.ts", 14, secret)
		f.Evidence = []finding.Place{{File: "deploy/x.yaml", Line: 2, Text: "bound to it"}}
		f.Git = &finding.GitPlace{Where: "blob", Commit: strings.Repeat("c0", 20), Date: "2026-01-02T03:04:05Z", Tip: tip,
			TipFile: row.file, TipLine: row.line}
		r := &finding.Result{Findings: []finding.Finding{f}, Mode: "range"}
		o := Options{Repository: "https://github.com/a/b", Revision: tip}
		out := render(t, "github", r, o)
		if !strings.Contains(out, row.property) || !strings.Contains(out, row.text) ||
			!strings.Contains(out, "commit c0c0c0c0c0c0 of 2026-01-02") {
			t.Errorf("%s: %s", row.name, out)
		}
		out = render(t, "markdown", r, o)
		for _, want := range []string{
			`<a href="https://github.com/a/b/blob/` + f.Git.Commit + `/web/a.ts#L14"><code>web/a.ts&#58;14&#58;15</code></a>`,
			`/deploy/x.yaml#L2">`, row.text,
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is missing in\n%s", row.name, want, out)
			}
		}
	}
}
