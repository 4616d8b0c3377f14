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
		{Options{Remote: "https://github.com/a/b"}, commit, "x", 1, "https://github.com/a/b/blob/" + commit + "/x#L1"},
		{Options{Remote: "https://git.example.com/a/b"}, commit, "x", 1, ""},
		{Options{}, commit, "x", 1, ""},
		{Options{Repository: "/b"}, commit, "x", 1, ""}, // GITHUB_SERVER_URL was not set
		{Options{Repository: "javascript:alert(1)"}, commit, "x", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, "", "x", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, commit, "a.zip!b", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, commit, ".git/refs/heads/x", 1, ""},
		{Options{Repository: "https://github.com/a/b"}, commit, "../x", 1, ""},
		{Options{Repository: "https://bitbucket.org/a/b/"}, commit, "x/y", 7, "https://bitbucket.org/a/b/src/" + commit + "/x/y#lines-7"},
		{Options{Repository: "https://gitlab.com/a/b"}, commit, "x", 1, "https://gitlab.com/a/b/-/blob/" + commit + "/x#L1"},
		{Options{Repository: "https://codeberg.org/a/b"}, commit, "x", 1, "https://codeberg.org/a/b/src/commit/" + commit + "/x#L1"},
		{Options{Repository: "https://name:" + hash1 + "@github.com/a/b"}, commit, "x", 0, "https://github.com/a/b/blob/" + commit + "/x"},
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
		f.Git = &finding.GitPlace{
			Where:   "blob",
			Commit:  strings.Repeat("c0", 20),
			Date:    "2026-01-02T03:04:05Z",
			Tip:     tip,
			TipFile: row.file,
			TipLine: row.line,
		}
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

// A repository of a sweep has links where its service is known.
func TestLinkInASweep(t *testing.T) {
	o := Options{Repository: "https://github.com/a/other", homes: homesOf([]finding.Repository{
		{Name: "shop", Web: "https://github.com/a/shop"}, {Name: "infra", Web: "https://gitlab.example.com/a/infra"},
		{Name: "own", Web: "https://git.example.com/a/own"}, {Name: "like", Web: "https://notgithub.com/a/like"},
		{Name: "none"}, {Name: "odd", Web: "javascript://github.com/%0aalert(1)"}})}
	for repository, want := range map[string]string{
		"shop": "https://github.com/a/shop/blob/c0/x#L1", "infra": "https://gitlab.example.com/a/infra/-/blob/c0/x#L1",
		"own": "", "like": "", "none": "", "odd": "", "unheard of": "",
	} {
		if got := o.linkIn(repository, "c0", "x", 1); got != want {
			t.Errorf("%s: got %q, want %q", repository, got, want)
		}
	}
}
