package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

func TestJSONSchema(t *testing.T) {
	s := schema(t, "../docs/report.schema.json")
	for _, r := range []*finding.Result{{}, ordinary(), hostile(), many(500)} {
		for _, o := range []Options{{}, {Reveal: true, Version: "v1.2.3"}} {
			validate(t, s, render(t, "json", r, o))
		}
	}
}

// The order of fields is part of the report: people read it.
func TestJSONFieldOrder(t *testing.T) {
	out := render(t, "json", ordinary(), Options{})
	for _, want := range [][]string{
		{`"version"`, `"tool"`, `"complete"`, `"coverage"`, `"findings"`, `"suppressed": [`},
		{`"rule"`, `"also"`, `"severity"`, `"kind"`, `"visibility"`, `"format"`, `"certainty"`, `"project"`,
			`"environment"`, `"selector"`, `"file"`, `"line"`, `"column"`,
			`"endLine"`, `"endColumn"`, `"redacted"`, `"fingerprint"`, `"message"`, `"fix"`, `"evidence"`, `"related"`,
			`"layers"`, `"git"`},
	} {
		at := 0
		for _, field := range want {
			i := strings.Index(out[at:], field)
			if i < 0 {
				t.Fatalf("%s is missing or out of order", field)
			}
			at += i
		}
	}
}

// A report that is read back says the same again; only the credentials and the lines of source are gone.
func TestReadJSON(t *testing.T) {
	for _, r := range []*finding.Result{ordinary(), hostile(), {}} {
		first := render(t, "json", r, Options{})
		back, err := ReadJSON(strings.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if again := render(t, "json", back, Options{}); again != first {
			t.Error("the report differs after reading it back")
		}
		if r.Complete() != back.Complete() {
			t.Error("completeness was lost")
		}
		if _, err := ReadJSON(strings.NewReader(render(t, "json", r, Options{Reveal: true}))); err != nil {
			t.Error(err)
		}
	}
	back, err := ReadJSON(strings.NewReader(render(t, "json", ordinary(), Options{})))
	if err != nil {
		t.Fatal(err)
	}
	if back.Credentials != 2 || back.Findings[3].UTF16Column != 6 || back.Findings[0].UTF16Column != 15 ||
		back.Findings[2].LineHash == "" {
		t.Errorf("%+v", back)
	}
	// It can be written in every format.
	for _, name := range Formats() {
		if out := render(t, name, back, Options{}); !strings.Contains(out, "be44") && name != "codeclimate" &&
			name != "github" && name != "line" {
			t.Errorf("%s of a report that was read back does not show the redacted token", name)
		}
	}
}

func TestReadJSONErrors(t *testing.T) {
	lost := strings.Replace(render(t, "json", ordinary(), Options{}), `"complete": true`, `"complete": false`, 1)
	back, err := ReadJSON(strings.NewReader(lost))
	if err != nil || back.Complete() {
		t.Errorf("an incomplete report became complete: %v", err)
	}
	for text, want := range map[string]string{
		"":                             "ends too early",
		"{":                            "ends too early",
		"x" + secret:                   "malformed at byte 1",
		"[]":                           "wrong type",
		"{}":                           "does not name its tool",
		`{"tool":{"name":"unleaked"}}`: "report of version 0: this program reads version 1",
		`{"version":1,"tool":{"name":"gitleaks"}}`:                                   "does not name its tool",
		`{"version":"` + secret + `"}`:                                               "wrong type of version",
		`{"version":1,"tool":{"name":"unleaked"},"findings":[{"severity":"worse"}]}`: "finding 1: no such severity",
		render(t, "jsonl", ordinary(), Options{}):                                    "more follows",
		render(t, "sarif", ordinary(), Options{}):                                    "wrong type of version",
	} {
		_, err := ReadJSON(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "be44be44") {
			t.Error("the error repeats the file")
		}
	}
}

func FuzzReadJSON(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, "json", ordinary(), Options{}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadJSON(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, name := range Formats() {
			if err := Write(io.Discard, name, r, Options{Suppressed: true}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestJSONLines(t *testing.T) {
	out := render(t, "jsonl", ordinary(), Options{})
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines", len(lines))
	}
	var whole struct{ Findings, Suppressed []json.RawMessage }
	if err := json.Unmarshal([]byte(render(t, "json", ordinary(), Options{})), &whole); err != nil {
		t.Fatal(err)
	}
	for i, want := range append(whole.Findings, whole.Suppressed...) {
		var b bytes.Buffer
		if err := json.Compact(&b, want); err != nil {
			t.Fatal(err)
		}
		if b.String() != lines[i] {
			t.Errorf("line %d is not the finding of the JSON report", i+1)
		}
	}
	var last struct {
		Summary struct {
			Complete             bool
			Findings, Suppressed int
		}
	}
	if err := json.Unmarshal([]byte(lines[5]), &last); err != nil || !last.Summary.Complete ||
		last.Summary.Findings != 4 || last.Summary.Suppressed != 1 {
		t.Errorf("%v %+v", err, last)
	}
}

// What GitLab's schema of a secret-detection report asks for.
func TestGitLab(t *testing.T) {
	for _, r := range []*finding.Result{{}, ordinary(), hostile()} {
		var doc struct {
			Version string
			Scan    struct {
				Analyzer, Scanner struct {
					ID, Name, Version string
					Vendor            struct{ Name string }
				}
				StartTime string `json:"start_time"`
				EndTime   string `json:"end_time"`
				Status    string
				Type      string
				Messages  []struct{ Level, Value string }
			}
			Vulnerabilities []struct {
				ID, Name, Severity, Solution string
				Identifiers                  []struct{ Type, Name, Value string }
				Location                     struct {
					File   string
					Commit struct{ SHA string }
				}
			}
		}
		text := render(t, "gitlab", r, Options{Start: time.Date(2027, 1, 1, 10, 0, 0, 0, time.UTC)})
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		date := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
		if doc.Version != "15.2.1" || doc.Scan.Type != "secret_detection" || doc.Scan.Status != "success" ||
			!date.MatchString(doc.Scan.StartTime) || !date.MatchString(doc.Scan.EndTime) ||
			doc.Scan.Analyzer.ID == "" || doc.Scan.Scanner.Version == "" || doc.Scan.Analyzer.Vendor.Name == "" {
			t.Errorf("%+v", doc.Scan)
		}
		if len(doc.Vulnerabilities) != len(r.Findings) || len(doc.Scan.Messages) != len(r.Coverage.Skipped) ||
			!strings.Contains(text, `"vulnerabilities": [`) {
			t.Errorf("%d vulnerabilities, %d messages", len(doc.Vulnerabilities), len(doc.Scan.Messages))
		}
		ids := map[string]bool{}
		for _, v := range doc.Vulnerabilities {
			if ids[v.ID] || v.Name == "" || len(v.Name) > 255 || len(v.Solution) > 7000 || len(v.Identifiers) == 0 ||
				v.Location.Commit.SHA == "" {
				t.Errorf("%+v", v)
			}
			ids[v.ID] = true
		}
	}
}

// Moved lines leave the ids of occurrences as they are; a second occurrence has its own.
func TestStableIDs(t *testing.T) {
	ids := func(format string, lines ...int) string {
		r := &finding.Result{}
		for _, l := range lines {
			f := aFinding(rules.BackendToken, "a.js", l, secret)
			f.Fingerprint = "1r00"
			r.Findings = append(r.Findings, f)
		}
		re := regexp.MustCompile(`"(?:id|fingerprint)": "([0-9a-f-]{32,36})"`)
		var out []string
		for _, m := range re.FindAllStringSubmatch(render(t, format, r, Options{}), -1) {
			out = append(out, m[1])
		}
		if len(out) != len(lines) || out[0] == out[1] {
			t.Errorf("%s: ids %v", format, out)
		}
		return strings.Join(out, " ")
	}
	for _, format := range []string{"gitlab", "codeclimate"} {
		if a, b := ids(format, 1, 5), ids(format, 7, 9); a != b {
			t.Errorf("%s: %s became %s", format, a, b)
		}
	}
}

func TestCodeClimate(t *testing.T) {
	var issues []struct {
		Description, CheckName, Fingerprint, Severity string
		Location                                      struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal([]byte(render(t, "codeclimate", hostile(), Options{})), &issues); err != nil {
		t.Fatal(err)
	}
	if len(issues) != len(hostileNames) {
		t.Errorf("%d issues", len(issues))
	}
	for _, i := range issues {
		if i.Description == "" || i.Severity != "critical" || i.Location.Lines.Begin < 1 ||
			strings.HasPrefix(i.Location.Path, "./") {
			t.Errorf("%+v", i)
		}
	}
	if out := render(t, "codeclimate", &finding.Result{}, Options{}); strings.TrimSpace(out) != "[]" {
		t.Errorf("%q", out)
	}
}

func TestJUnit(t *testing.T) {
	for _, c := range []struct {
		r                       *finding.Result
		tests, failures, errors int
	}{{&finding.Result{}, 1, 0, 0}, {ordinary(), 4, 4, 0}, {hostile(), 2 * len(hostileNames), len(hostileNames),
		len(hostileNames)}} {
		var s junitSuites
		if err := xml.Unmarshal([]byte(render(t, "junit", c.r, Options{})), &s); err != nil {
			t.Fatal(err)
		}
		if s.Tests != c.tests || s.Failures != c.failures || s.Errors != c.errors || len(s.Suites) != 1 ||
			len(s.Suites[0].Cases) != c.tests {
			t.Errorf("tests %d, failures %d, errors %d", s.Tests, s.Failures, s.Errors)
		}
	}
}

func TestCSV(t *testing.T) {
	r := hostile()
	rows, err := csv.NewReader(strings.NewReader(render(t, "csv", r, Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(r.Findings)+len(r.Coverage.Skipped) {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	out := render(t, "markdown", hostile(), Options{})
	rows := 0
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "| high") {
			rows++
			if strings.Count(line, "|") != 6 {
				t.Errorf("cells: %q", line)
			}
		}
		rest := regexp.MustCompile(`</?code>|<br>|&#[0-9]+;`).ReplaceAllString(line, "")
		if strings.ContainsAny(rest, "<>`[@") {
			t.Errorf("markup of the input: %q", rest)
		}
	}
	if rows != len(hostileNames) {
		t.Errorf("%d rows", rows)
	}
	big := render(t, "markdown", many(5_000), Options{})
	if len(big) > 1<<20 || !strings.Contains(big, "the summary is full") {
		t.Errorf("%d bytes", len(big))
	}
}

func TestGitHub(t *testing.T) {
	r := ordinary()
	r.Findings[2].File = "a,b:c%d.js"
	out := render(t, "github", r, Options{})
	want := "::error file=a%2Cb%3Ac%25d.js,line=14,endLine=14,col=15,endColumn=90,title=Secret token in frontend code (secret-in-frontend)::Backend token of project"
	if !strings.Contains(out, want) {
		t.Errorf("want %s in\n%s", want, out)
	}
	if n := strings.Count(render(t, "github", many(300), Options{}), "\n::"); n > 3*annotations {
		t.Errorf("%d annotations", n)
	}
	// A finding over several lines has no columns.
	r.Findings[2].EndLine = 15
	if out := render(t, "github", r, Options{}); !strings.Contains(out, "line=14,endLine=15,title=") {
		t.Error(out)
	}
}

func TestTextCaretStandsUnderTheToken(t *testing.T) {
	for _, line := range []string{"ab '", "\tab '", "日本 '", "\x1b[2K '", "e\u0301 '", "\xff '"} {
		f := aFinding(rules.BackendToken, "a", 1, secret)
		f.Excerpt = []finding.ExcerptLine{{Number: 1, Text: line + "TOKEN'", Start: len(line), End: len(line) + 5}}
		out := render(t, "text", &finding.Result{Findings: []finding.Finding{f}}, Options{})
		lines := strings.Split(out, "\n")
		for i, l := range lines {
			if !strings.Contains(l, "TOKEN") {
				continue
			}
			at := columnsOf(l[:strings.Index(l, "TOKEN")])
			mark := lines[i+1]
			if from := columnsOf(mark[:strings.Index(mark, "▔")]); from != at || strings.Count(mark, "▔") != 5 {
				t.Errorf("%q: the mark stands at %d, the token at %d\n%s\n%s", line, from, at, l, mark)
			}
		}
	}
}

func columnsOf(s string) int {
	return (&text{}).cells.StringWidth(s)
}

func TestTextOfNothing(t *testing.T) {
	r := &finding.Result{Coverage: finding.Coverage{Files: 1, Bytes: 10}}
	if got, want := render(t, "text", r, Options{}), "No leaked or misused Unleash token in 1 file, 10 B · everything was read\n"; got != want {
		t.Errorf("got %q", got)
	}
	r.Coverage.Skipped = []finding.Skip{{What: "x", Why: "permission denied"}}
	if got := render(t, "text", r, Options{}); strings.Contains(got, "everything was read") || !strings.Contains(got, "not read  x: permission denied") {
		t.Errorf("partial looks clean: %q", got)
	}
}

func TestColor(t *testing.T) {
	plain, painted := render(t, "text", ordinary(), Options{}), render(t, "text", ordinary(), Options{Color: true})
	if strings.Contains(plain, "\x1b") || !strings.Contains(painted, "\x1b[") {
		t.Error("colour is not as asked")
	}
	if ansi().ReplaceAllString(painted, "") != plain {
		t.Error("colour changes the text")
	}
	for _, c := range []struct {
		mode string
		env  map[string]string
		want bool
	}{
		{"always", map[string]string{"NO_COLOR": "1"}, true},
		{"never", map[string]string{"FORCE_COLOR": "1"}, false},
		{"auto", nil, false}, // not a terminal
		{"auto", map[string]string{"NO_COLOR": ""}, false},
		{"auto", map[string]string{"FORCE_COLOR": "1"}, true},
		{"auto", map[string]string{"CLICOLOR_FORCE": "1"}, true},
		{"auto", map[string]string{"CLICOLOR_FORCE": "0"}, false},
		{"auto", map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1"}, false},
		{"auto", map[string]string{"FORCE_COLOR": "1", "TERM": "dumb"}, true},
		{"auto", map[string]string{"CLICOLOR": "1"}, false},
	} {
		if got := ColorEnabled(c.mode, io.Discard, func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%s %v: %t", c.mode, c.env, got)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1 kB", 5_120_331: "5.1 MB", 52_000_000: "52 MB", 2_900_000_000: "2.9 GB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s", n, got)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s", n, got)
		}
	}
	for d, want := range map[time.Duration]string{time.Microsecond: "1 ms", 41 * time.Millisecond: "41 ms", 3400 * time.Millisecond: "3.4 s", 75 * time.Second: "1m15s"} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %s", d, got)
		}
	}
}

var errDisk = errors.New("disk full")
