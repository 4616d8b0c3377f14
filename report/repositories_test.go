package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// swept is the result of a sweep over three repositories: a token in two of them, one in one, and nothing in the third.
func swept() *finding.Result {
	r := ordinary()
	at := map[string]string{"deploy/docker-compose.yml": "infra", "k8s/secret.yaml": "infra"}
	of := func(file string) string {
		if at[file] != "" {
			return at[file]
		}
		return "github.com/lumen/web"
	}
	for _, list := range [][]finding.Finding{r.Findings, r.Suppressed} {
		for i := range list {
			f := &list[i]
			f.Repository = of(f.File)
			for _, places := range [][]finding.Place{f.Evidence, f.Related} {
				for k := range places {
					places[k].Repository = of(places[k].File)
				}
			}
			if !f.Secret.IsZero() { // as a sweep has it, which knows no secret
				f.Identity, f.Redacted, f.Secret = "id of "+f.Fingerprint, f.Secret.String(), rules.Secret{}
			}
		}
	}
	r.Mode = "sweep"
	r.Repositories = []finding.Repository{
		{Name: "empty.git", Path: "mirrors/empty.git"},
		{Name: "github.com/lumen/web", Path: "web", Web: "https://github.com/lumen/web",
			Revision: strings.Repeat("ab", 20), Branch: "main"},
		{Name: "infra", Path: "infra"},
	}
	r.Notices[0].Repository = "infra"
	r.Coverage.Skipped = []finding.Skip{{Repository: "infra", What: "vault.zip", Why: "it is encrypted"}}
	slices.SortStableFunc(r.Findings, func(a, b finding.Finding) int { return strings.Compare(a.Repository, b.Repository) })
	return r
}

// Every repository of a sweep has a run of its own, with what stands in it and where it comes from.
func TestSARIFOfSweep(t *testing.T) {
	text := render(t, "sarif", swept(), Options{Repository: "https://github.com/example/other", Suppressed: true})
	validate(t, schema(t, "../testdata/schemas/sarif-2.1.0-rtm.5.json"), text)
	doc := parseSARIF(t, text)
	var got []string
	for _, run := range doc.Runs {
		line := run.AutomationDetails.ID
		for _, r := range run.Results {
			line += " " + r.Locations[0].PhysicalLocation.ArtifactLocation.URI
		}
		if len(run.VersionControlProvenance) > 0 {
			line += " from " + run.VersionControlProvenance[0]["repositoryUri"].(string)
		}
		if !run.Invocations[0].ExecutionSuccessful {
			line += " incomplete"
		}
		got = append(got, line)
	}
	want := []string{
		"unleaked/sweep/empty.git/",
		"unleaked/sweep/github.com/lumen/web/ web/src/flags.ts web/src/main.ts testdata/x.js from https://github.com/lumen/web",
		"unleaked/sweep/infra/ k8s/secret.yaml deploy/docker-compose.yml incomplete",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	// What stands in another repository is no path of this one.
	front := doc.Runs[1].Results[0]
	if base := front.RelatedLocations[0].PhysicalLocation.ArtifactLocation.URIBaseID; base != "%SRCROOT:infra%" ||
		doc.Runs[1].OriginalURIBaseIDs[base] == nil {
		t.Errorf("the evidence of another repository is relative to %q", base)
	}
	if m := front.Message.Text; !strings.Contains(m, " infra/deploy/docker-compose.yml:14: ") ||
		!strings.Contains(m, "[web/src/flags.ts:1](2)") {
		t.Errorf("the message is %q", m)
	}
}

func TestFolderOfSweep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out") + string(filepath.Separator)
	if err := WriteFolder(dir, "sarif", swept(), Options{}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		doc := parseSARIF(t, string(text))
		limits(t, strings.ReplaceAll(string(text), "%SRCROOT:infra%", "%SRCROOT%"), Options{})
		if id := doc.Runs[0].AutomationDetails.ID; !strings.Contains(strings.ReplaceAll(id, "/", "-"),
			strings.TrimSuffix(e.Name(), ".sarif")) {
			t.Errorf("%s holds %s", e.Name(), id)
		}
	}
	if want := []string{"empty.git.sarif", "github.com-lumen-web.sarif", "infra.sarif"}; !slices.Equal(names, want) {
		t.Errorf("files %q", names)
	}
}

func TestFileNames(t *testing.T) {
	names := []string{"../shop", "shop", "Shop", "a/b", "a-b", "..", "/", "plain", "\x1b[2K", strings.Repeat("x", 500), "é", "CON"}
	files := fileNames(names)
	seen := map[string]bool{}
	for i, f := range files {
		if seen[strings.ToLower(f)] || !regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,119}$`).MatchString(f) {
			t.Errorf("%q is written as %q", names[i], f)
		}
		seen[strings.ToLower(f)] = true
	}
	if files[7] != "plain" {
		t.Errorf("a plain name is written as %q", files[7])
	}
	turned := slices.Clone(names)
	slices.Reverse(turned)
	again := fileNames(turned)
	slices.Reverse(again)
	if !slices.Equal(files, again) {
		t.Errorf("in another order the names are others: %q, %q", files, again)
	}
}

// The text tells first what stands in more than one repository, then each repository with a pointer to that.
func TestTextOfSweep(t *testing.T) {
	text := render(t, "text", swept(), Options{})
	at := -1
	for _, part := range []string{
		"== in more than one repository: 1 token\n",
		"github.com/lumen/web/web/src/flags.ts:14:15  critical",
		"infra/deploy/docker-compose.yml:14  ",
		"== github.com/lumen/web\n",
		"see  github.com/lumen/web/web/src/flags.ts:14:15",
		"github.com/lumen/web/web/src/main.ts:3:5  high",
		"== infra\n",
		"see  infra/deploy/docker-compose.yml:14:15",
		"infra/k8s/secret.yaml:9:15  critical",
		"3 repositories, 812 files",
		"not read  infra/vault.zip",
	} {
		next := strings.Index(text[at+1:], part)
		if next < 0 {
			t.Fatalf("%q does not follow in\n%s", part, text)
		}
		at += 1 + next
	}
	if strings.Contains(text, "== empty.git") {
		t.Error("a repository without findings has a part")
	}
}

// What a report in JSON says of repositories is read back.
func TestRepositoriesAreReadBack(t *testing.T) {
	want := render(t, "json", swept(), Options{})
	res, err := ReadJSON(strings.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	if got := render(t, "json", res, Options{}); got != want {
		t.Errorf("read back it is\n%s", got)
	}
	var doc struct{ Repositories []finding.Repository }
	if err := json.Unmarshal([]byte(want), &doc); err != nil || len(doc.Repositories) != 3 {
		t.Errorf("%d repositories, %v", len(doc.Repositories), err)
	}
	validate(t, schema(t, "../docs/report.schema.json"), want)
}

// Every format names the repository of each finding, piece of evidence and thing that was not read.
func TestEveryFormatNamesRepositories(t *testing.T) {
	for _, format := range Formats() {
		text := render(t, format, swept(), Options{})
		for _, name := range []string{"lumen/web", "infra"} {
			if !strings.Contains(text, name) && !strings.Contains(text, strings.ReplaceAll(name, "/", "&#47;")) {
				t.Errorf("%s does not name %s", format, name)
			}
		}
	}
}
