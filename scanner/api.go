package scanner

import (
	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// What a scan says, see package finding.
type (
	// A Finding is one thing to tell: a credential at a place, or a setting without one.
	Finding = finding.Finding
	// A Place is somewhere in the scanned text, with what is said there.
	Place = finding.Place
	// A Position is a place in a blob's own text.
	Position = finding.Position
	// A GitPlace says where in history a finding stands.
	GitPlace = finding.GitPlace
	// An ExcerptLine is a line of source around a finding, masked.
	ExcerptLine = finding.ExcerptLine
	// A Suppression says why a finding is not reported.
	Suppression = finding.Suppression
	// Coverage says what was read, and what was not.
	Coverage = finding.Coverage
	// A Skip is something that was not read.
	Skip = finding.Skip
	// A Result is what a scan has to say.
	Result = finding.Result
)

// The exit statuses of a scan, whatever the format of its report.
const (
	ExitClean      = finding.ExitClean
	ExitFindings   = finding.ExitFindings
	ExitIncomplete = finding.ExitIncomplete
)

// ExitStatus is finding.ExitStatus.
func ExitStatus(r *Result, failOn rules.Severity, allowIncomplete bool) int {
	return finding.ExitStatus(r, failOn, allowIncomplete)
}
