package report

import (
	"fmt"
	"io"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// gitlabSchema is the version of GitLab's secret-detection report that is written.
const gitlabSchema = "15.2.1"

// noCommit is what GitLab's own analyzers write where a finding is of the tree and not of a commit; the field must be
// there.
const noCommit = "0000000"

type gitlabReport struct {
	Version         string                `json:"version"`
	Scan            gitlabScan            `json:"scan"`
	Vulnerabilities []gitlabVulnerability `json:"vulnerabilities"`
}

type gitlabScan struct {
	Analyzer  gitlabTool      `json:"analyzer"`
	Scanner   gitlabTool      `json:"scanner"`
	StartTime string          `json:"start_time"`
	EndTime   string          `json:"end_time"`
	Status    string          `json:"status"`
	Type      string          `json:"type"`
	Messages  []gitlabMessage `json:"messages,omitempty"`
}

type gitlabTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	URL     string       `json:"url"`
	Vendor  gitlabVendor `json:"vendor"`
	Version string       `json:"version"`
}

type gitlabVendor struct {
	Name string `json:"name"`
}

type gitlabMessage struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

type gitlabVulnerability struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Severity    string             `json:"severity"`
	Solution    string             `json:"solution,omitempty"`
	Identifiers []gitlabIdentifier `json:"identifiers"`
	Location    gitlabLocation     `json:"location"`
	// Extract is called "raw" and "unsanitized" by the schema. It gets the redacted form.
	Extract string `json:"raw_source_code_extract,omitempty"`
}

type gitlabIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type gitlabLocation struct {
	File      string       `json:"file"`
	StartLine int          `json:"start_line,omitempty"`
	EndLine   int          `json:"end_line,omitempty"`
	Commit    gitlabCommit `json:"commit"`
}

type gitlabCommit struct {
	SHA string `json:"sha"`
}

// writeGitLab writes GitLab's secret-detection report.
func writeGitLab(w io.Writer, r *finding.Result, o Options) error {
	tool := gitlabTool{ID: toolName, Name: toolName, URL: toolHome, Vendor: gitlabVendor{toolName},
		Version: o.version()}
	report := gitlabReport{
		Version: gitlabSchema,
		Scan: gitlabScan{
			Analyzer: tool, Scanner: tool, StartTime: gitlabTime(o.Start), EndTime: gitlabTime(o.End),
			Status: "success", Type: "secret_detection",
		},
		Vulnerabilities: []gitlabVulnerability{},
	}
	if !r.Complete() {
		// "failure" would make GitLab drop the findings that there are.
		for i, s := range r.Coverage.Skipped {
			if i == sarifNotices {
				report.Scan.Messages = append(report.Scan.Messages,
					gitlabMessage{"warn", fmt.Sprintf("%s more could not be read", grouped(len(r.Coverage.Skipped)-i))})
				break
			}
			report.Scan.Messages = append(report.Scan.Messages, gitlabMessage{"warn", "not read: " + visible(s.What) +
				": " + visible(s.Why)})
		}
	}
	occurrences := map[string]int{}
	for _, f := range listed(r, o) {
		report.Vulnerabilities = append(report.Vulnerabilities, vulnerability(&f, o, occurrences))
	}
	return encode(w, report, " ")
}

func vulnerability(f *finding.Finding, o Options, occurrences map[string]int) gitlabVulnerability {
	rule, _ := rules.Lookup(f.Rule)
	v := gitlabVulnerability{
		ID:          guid(stableID(f, occurrences)),
		Name:        cut(rule.Title, 255),
		Description: cut(describe(f), 1<<20),
		Severity:    gitlabSeverity(f.Severity),
		Solution:    cut(visible(f.Fix), 7000),
		Identifiers: []gitlabIdentifier{{Type: "unleaked_rule_id", Name: "unleaked " + string(f.Rule),
			Value: string(f.Rule), URL: f.Rule.URL()}},
		Location: gitlabLocation{
			File: utf8Name(f.File), StartLine: max(0, f.Line), EndLine: max(f.Line, f.EndLine),
			Commit: gitlabCommit{noCommit},
		},
		Extract: visible(f.Shown()),
	}
	if f.Git != nil && f.Git.Commit != "" {
		v.Location.Commit.SHA = f.Git.Commit
	} else if o.Revision != "" {
		v.Location.Commit.SHA = o.Revision
	}
	for _, n := range rule.CWE {
		v.Identifiers = append(v.Identifiers, gitlabIdentifier{
			Type: "cwe", Name: fmt.Sprintf("CWE-%d", n), Value: fmt.Sprint(n),
			URL: fmt.Sprintf("https://cwe.mitre.org/data/definitions/%d.html", n),
		})
	}
	return v
}

// describe is a finding in a few lines of plain text: its message and its evidence.
func describe(f *finding.Finding) string {
	text := visible(f.Message)
	for _, p := range f.Evidence {
		text += fmt.Sprintf("\n%s:%d: %s", visible(p.File), p.Line, visible(p.Text))
	}
	return text
}

// serverSays is the sentence of what an inventory or a server says of a finding's credential, between two texts; "" where
// nothing is known. It serves the formats that list no evidence.
func serverSays(f *finding.Finding, before, after string) string {
	if f.Listing == nil && f.Verification == "" || len(f.Evidence) == 0 {
		return ""
	}
	return before + visible(f.Evidence[0].Text) + after
}

// stableID is an id of an occurrence that moved lines leave as it is: its fingerprint, its rule, its file, and which of
// those in the file it is.
func stableID(f *finding.Finding, occurrences map[string]int) string {
	id := f.Fingerprint + "\x00" + string(f.Rule) + "\x00" + f.File
	if f.Git != nil {
		id += "\x00" + f.Git.Blob + "\x00" + f.Git.Commit
	}
	occurrences[id]++
	return fmt.Sprintf("%s\x00%d", id, occurrences[id])
}

func gitlabSeverity(s rules.Severity) string {
	switch s {
	case rules.Critical:
		return "Critical"
	case rules.High:
		return "High"
	case rules.Medium:
		return "Medium"
	case rules.Low:
		return "Low"
	case rules.Info:
		return "Info"
	}
	return "Unknown"
}

func gitlabTime(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}
