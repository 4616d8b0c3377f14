package report

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// schema compiles a JSON schema file.
func schema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(file, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%v", err)
	}
}

// many is a result of n findings in as many files.
func many(n int) *finding.Result {
	r := &finding.Result{Mode: "tree"}
	all := rules.All()
	for i := range n {
		rule := all[i%22].ID
		f := aFinding(rule, fmt.Sprintf("dir %d/file#%d.js", i%100, i), i+1, fmt.Sprintf("default:production.%056x", i))
		f.Evidence = []finding.Place{{File: "a.js", Line: 1, Text: "bound to UNLEASH_BACKEND_TOKEN"}}
		r.Findings = append(r.Findings, f)
	}
	return r
}

func TestSARIFSchema(t *testing.T) {
	file := "../testdata/schemas/sarif-2.1.0-rtm.5.json"
	if other := os.Getenv("UNLEAKED_SARIF_SCHEMA"); other != "" { // to try the errata
		file = other
	}
	s := schema(t, file)
	part := ordinary()
	part.Coverage.Skipped = []finding.Skip{{What: "a", Why: "b"}}
	for name, r := range map[string]*finding.Result{
		"none": {}, "ordinary": ordinary(), "incomplete": part, "hostile": hostile(), "thousands": many(2000),
	} {
		for _, o := range []Options{{}, {Version: "v1.2.3", Suppressed: true, Repository: "https://github.com/a/b",
			Revision: "abc", Branch: "x\ny", Category: "c"}} {
			t.Run(name, func(t *testing.T) {
				out := render(t, "sarif", r, o)
				validate(t, s, out)
				limits(t, out, o)
			})
		}
	}
}

// A sarifDoc is what the services read of a report.
type sarifDoc struct {
	Schema string `json:"$schema"`
	Runs   []struct {
		Tool struct {
			Driver struct {
				Name, Version, SemanticVersion string
				Rules                          []struct {
					ID, Name, HelpURI                       string
					ShortDescription, FullDescription, Help struct{ Text, Markdown string }
					DefaultConfiguration                    struct{ Level string }
					Properties                              map[string]any
				}
			}
		}
		ColumnKind         string
		AutomationDetails  struct{ ID string }
		OriginalURIBaseIDs map[string]map[string]any
		Invocations        []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
			ToolConfigurationNotifications []struct{ Message struct{ Text string } }
		}
		VersionControlProvenance []map[string]any
		Results                  []struct {
			RuleID, Level       string
			RuleIndex           *int
			Rank                *float64
			Message             struct{ Text string }
			Locations           []sarifLocation
			RelatedLocations    []sarifLocation
			PartialFingerprints map[string]string
			Suppressions        []map[string]any
			Properties          map[string]any
		}
	}
}

type sarifLocation struct {
	ID               *int
	PhysicalLocation struct {
		ArtifactLocation struct{ URI, URIBaseID string }
		Region           map[string]any
	}
}

func parseSARIF(t *testing.T, text string) sarifDoc {
	t.Helper()
	var doc sarifDoc
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

var links = regexp.MustCompile(`[^\\]\]\((\d+)\)`)

// limits holds a report to what GitHub and GitLab state.
func limits(t *testing.T, text string, o Options) {
	t.Helper()
	doc := parseSARIF(t, text)
	if len(doc.Runs) != 1 {
		t.Fatalf("%d runs", len(doc.Runs))
	}
	run := doc.Runs[0]
	if !strings.HasSuffix(run.AutomationDetails.ID, "/") || run.ColumnKind != "utf16CodeUnits" {
		t.Errorf("automationDetails.id %q, columnKind %q", run.AutomationDetails.ID, run.ColumnKind)
	}
	if _, has := run.OriginalURIBaseIDs["%SRCROOT%"]["uri"]; has {
		t.Error("the root has an address")
	}
	for _, r := range run.Tool.Driver.Rules {
		tags, _ := r.Properties["tags"].([]any)
		switch {
		case r.ShortDescription.Text == "" || len(r.ShortDescription.Text) > 1024, r.FullDescription.Text == "" ||
			len(r.FullDescription.Text) > 1024:
			t.Errorf("%s: description", r.ID)
		case r.Help.Text == "" || r.Help.Markdown == "" || len(r.HelpURI) > 2048 || len(r.Name) > 255 ||
			!regexp.MustCompile("^[A-Z]").MatchString(r.Name):
			t.Errorf("%s: help or name", r.ID)
		case len(tags) == 0 || len(tags) > 10:
			t.Errorf("%s: %d tags", r.ID, len(tags))
		case r.Properties["precision"] == nil || r.Properties["problem.severity"] == nil:
			t.Errorf("%s: properties %v", r.ID, r.Properties)
		}
		if s, ok := r.Properties["security-severity"]; ok {
			if _, isText := s.(string); !isText {
				t.Errorf("%s: security-severity is no string", r.ID)
			}
		}
	}
	if len(run.Results) > 25_000 {
		t.Errorf("%d results", len(run.Results))
	}
	for _, r := range run.Results {
		if len(r.Message.Text) == 0 || len(r.Message.Text) > 1024 {
			t.Fatalf("message of %d bytes", len(r.Message.Text))
		}
		if r.RuleIndex == nil || run.Tool.Driver.Rules[*r.RuleIndex].ID != r.RuleID {
			t.Fatalf("%s: rule index", r.RuleID)
		}
		if len(r.Locations) != 1 || len(r.RelatedLocations) > 100 {
			t.Fatalf("%d locations, %d related", len(r.Locations), len(r.RelatedLocations))
		}
		if want := len(links.FindAllString(r.Message.Text, -1)); want > len(r.RelatedLocations) {
			t.Fatalf("%d links to %d locations: %q", want, len(r.RelatedLocations), r.Message.Text)
		}
		for i, l := range append(r.Locations, r.RelatedLocations...) {
			uri := l.PhysicalLocation.ArtifactLocation.URI
			u, err := url.Parse(uri)
			if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(uri, "/") || strings.ContainsAny(uri,
				" #?\\") || uri == "" {
				t.Fatalf("uri %q: %v", uri, err)
			}
			if _, err := url.PathUnescape(uri); err != nil ||
				l.PhysicalLocation.ArtifactLocation.URIBaseID != "%SRCROOT%" {
				t.Fatalf("uri %q: %v", uri, err)
			}
			region := l.PhysicalLocation.Region
			number := func(name string) int { n, _ := region[name].(float64); return int(n) }
			if number("startLine") < 1 || region["snippet"] != nil {
				t.Fatalf("region %v", region)
			}
			if i == 0 && (number("startColumn") < 1 || number("endColumn") < 1 ||
				number("endLine") < number("startLine") ||
				number("endLine") == number("startLine") && number("endColumn") <= number("startColumn")) {
				t.Fatalf("region %v", region)
			}
		}
		for _, s := range r.Suppressions {
			if s["guid"] == nil || s["justification"] == nil || s["status"] == nil || s["location"] == nil {
				t.Fatalf("suppression %v", s)
			}
		}
		if r.Rank != nil {
			want := run.Tool.Driver.Rules[*r.RuleIndex].Properties["security-severity"]
			if fmt.Sprintf("%.1f", *r.Rank/10) != want {
				t.Fatalf("rank %v of severity %v", *r.Rank, want)
			}
		}
	}
	for _, word := range []string{"commandLine", "arguments", "environmentVariables", "workingDirectory", "snippet",
		"/work", "/tmp", "/home"} {
		if strings.Contains(text, word) {
			t.Errorf("the report has %q", word)
		}
	}
}

func TestSARIFContent(t *testing.T) {
	r := ordinary()
	r.Findings[2].File = "sp ace/mïn#1.js"
	r.Findings[2].UTF16Column, r.Findings[2].UTF16EndColumn = 160304, 160380
	doc := parseSARIF(t, render(t, "sarif", r, Options{Version: "v1.2.3",
		Repository: "https://someone:password@github.com/a/b.git?x=y", Revision: "abc", Branch: "main"}))
	run := doc.Runs[0]
	if len(run.Results) != 4 || run.AutomationDetails.ID != "unleaked/tree/" ||
		run.Tool.Driver.SemanticVersion != "1.2.3" {
		t.Errorf("%d results, id %q, version %q", len(run.Results), run.AutomationDetails.ID,
			run.Tool.Driver.SemanticVersion)
	}
	// The worst first, else in their order.
	front := run.Results[1]
	if front.RuleID != "secret-in-frontend" || front.Level != "error" || *front.Rank != 95 {
		t.Fatalf("%+v", front)
	}
	loc := front.Locations[0].PhysicalLocation
	if loc.ArtifactLocation.URI != "sp%20ace/m%C3%AFn%231.js" || loc.Region["startColumn"] != 160304.0 ||
		loc.Region["endColumn"] != 160380.0 {
		t.Errorf("%+v", loc)
	}
	if front.PartialFingerprints["primaryLocationLineHash"] != "a23a3dc5e078b07b:1" ||
		front.PartialFingerprints["unleakedFingerprint/v1"] != r.Findings[2].Fingerprint {
		t.Errorf("%v", front.PartialFingerprints)
	}
	want := `Backend token of project "default", environment "production", in frontend code. ` +
		`[deploy/docker-compose.yml:14](1): the same token is INIT_BACKEND_API_TOKENS: it is a backend token. ` +
		`[web/src/flags.ts:1](2): here it is clientKey of UnleashClient from unleash-proxy-client, a frontend SDK.`
	if front.Message.Text != want || len(front.RelatedLocations) != 4 {
		t.Errorf("%q, %d related", front.Message.Text, len(front.RelatedLocations))
	}
	if p := fmt.Sprint(run.VersionControlProvenance); !strings.Contains(p, "https://github.com/a/b.git ") ||
		strings.Contains(p, "password") || strings.Contains(p, "x=y") {
		t.Errorf("provenance %s", p)
	}
	if !run.Invocations[0].ExecutionSuccessful || len(run.Invocations[0].ToolConfigurationNotifications) != 1 {
		t.Errorf("%+v", run.Invocations)
	}
	for version, want := range map[string]string{"v0.2.0-rc.1": "0.2.0-rc.1", "devel": "", "(devel)": "",
		"v0.0.0-20270101000000-abcdefabcdef": "0.0.0-20270101000000-abcdefabcdef"} {
		if got := parseSARIF(t, render(t, "sarif", r,
			Options{Version: version})).Runs[0].Tool.Driver.SemanticVersion; got != want {
			t.Errorf("version %q: semantic version %q", version, got)
		}
	}
	for mode, id := range map[string]string{"history": "unleaked/history/", "": "unleaked/"} {
		r.Mode = mode
		if got := parseSARIF(t, render(t, "sarif", r, Options{})).Runs[0].AutomationDetails.ID; got != id {
			t.Errorf("mode %q: id %q", mode, got)
		}
	}
}

// Beyond what services take, the mildest go, and a notification says so.
func TestSARIFIsCut(t *testing.T) {
	r := many(sarifResults + 1_000)
	doc := parseSARIF(t, render(t, "sarif", r, Options{}))
	run := doc.Runs[0]
	if len(run.Results) != 25_000 {
		t.Fatalf("%d results", len(run.Results))
	}
	least := run.Results[len(run.Results)-1]
	if least.Level == "error" {
		t.Error("the worst were cut, not the mildest")
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(notes) != 1 || !strings.Contains(notes[0].Message.Text, "1,000 findings are left out") {
		t.Errorf("%v", notes)
	}
}

func TestFileURI(t *testing.T) {
	for in, want := range map[string]string{
		"a/b.go": "a/b.go", "a b%20.go": "a%20b%2520.go", "c:/x": "c%3A/x", "//host/x": "host/x", "a\xffb": "a%5Cxffb",
		"": ".", "ü": "%C3%BC",
		"x\ny?#": "x%0Ay%3F%23", "outer.zip!in/a": "outer.zip!in/a",
	} {
		if got := fileURI(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func BenchmarkSARIF(b *testing.B) {
	r := many(25_000)
	for b.Loop() {
		if err := Write(discard{}, "sarif", r, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
