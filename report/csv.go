package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/finding"
)

var csvHeader = []string{
	"severity", "rule", "also", "kind", "visibility", "certainty", "format", "project", "environment", "file", "line",
	"column", "redacted",
	"fingerprint", "message", "fix", "evidence", "commit", "suppressed", "repository",
}

// writeCSV writes a table for spreadsheets, one finding a row. What was not read is a row too, of the rule "not-read":
// partial is never clean.
func writeCSV(w io.Writer, r *finding.Result, o Options) error {
	out := csv.NewWriter(w)
	rows := [][]string{csvHeader}
	for _, f := range listed(r, o) {
		var evidence []string
		for _, p := range f.Evidence {
			file := p.File
			if p.Repository != f.Repository {
				file = withRepository(p.Repository, file)
			}
			evidence = append(evidence, file+":"+strconv.Itoa(p.Line)+": "+p.Text)
		}
		commit, suppressed := "", ""
		if f.Git != nil {
			commit = f.Git.Commit
		}
		if f.Suppressed != nil {
			suppressed = f.Suppressed.By + ": " + f.Suppressed.Reason
		}
		rows = append(rows, []string{
			f.Severity.String(), string(f.Rule), joinRules(f.Also), string(f.Kind), f.Visibility(), string(f.Certainty),
			string(f.Format), f.Project,
			f.Environment, f.File, strconv.Itoa(f.Line), strconv.Itoa(f.Column), f.Shown(), f.Fingerprint, f.Message,
			f.Fix,
			strings.Join(evidence, "; "), commit, suppressed, f.Repository,
		})
	}
	for _, s := range r.Coverage.Skipped {
		row := make([]string, len(csvHeader))
		row[0], row[1], row[9], row[14] = "error", "not-read", s.What, s.Why
		row[len(row)-1] = s.Repository
		rows = append(rows, row)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cell is a text that no spreadsheet takes for a formula.
func cell(s string) string {
	s = visible(s)
	if s != "" && strings.ContainsRune("=+-@|%", rune(s[0])) {
		return "'" + s
	}
	return s
}
