package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

type codeIssue struct {
	Type        string       `json:"type"`
	Description string       `json:"description"`
	CheckName   string       `json:"check_name"`
	Categories  []string     `json:"categories"`
	Content     codeContent  `json:"content"`
	Fingerprint string       `json:"fingerprint"`
	Severity    string       `json:"severity"`
	Location    codeLocation `json:"location"`
}

type codeContent struct {
	Body string `json:"body"`
}

type codeLocation struct {
	Path  string    `json:"path"`
	Lines codeLines `json:"lines"`
}

type codeLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// writeCodeClimate writes the issues of a Code Climate report, which GitLab's code quality widget reads in every tier.
func writeCodeClimate(w io.Writer, r *finding.Result, o Options) error {
	issues := []codeIssue{}
	occurrences := map[string]int{}
	for _, f := range listed(r, o) {
		rule, _ := rules.Lookup(f.Rule)
		sum := sha256.Sum256([]byte(stableID(&f, occurrences)))
		issues = append(issues, codeIssue{
			Type: "issue", Description: visible(f.Message), CheckName: string(f.Rule), Categories: []string{"Security"},
			Content:     codeContent{serverSays(&f, "", "\n\n") + rule.Why + "\n\n" + visible(f.Fix)},
			Fingerprint: hex.EncodeToString(sum[:16]), Severity: codeSeverity(f.Severity),
			Location: codeLocation{Path: utf8Name(f.File), Lines: codeLines{max(1, f.Line), max(1, f.Line, f.EndLine)}},
		})
	}
	return encode(w, issues, " ")
}

func codeSeverity(s rules.Severity) string {
	switch s {
	case rules.Critical:
		return "blocker"
	case rules.High:
		return "critical"
	case rules.Medium:
		return "major"
	case rules.Low:
		return "minor"
	}
	return "info"
}
