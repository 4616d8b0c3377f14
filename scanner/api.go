package scanner

import (
	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
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

// What the owners of a text have accepted, see package policy.
type (
	// A Policy is what the owners of the scanned text have accepted.
	Policy = policy.Policy
	// A Config is what a configuration file says.
	Config = policy.Config
	// A SuppressEntry is an entry of a configuration that accepts findings.
	SuppressEntry = policy.SuppressEntry
	// A Baseline is the findings that stood in a tree when its owners began to look.
	Baseline = policy.Baseline
	// An Ignore is the user's own patterns of files that are not read.
	Ignore = policy.Ignore
)

// What is read of one input, see package open.
type (
	// Limits bound what one input can cost. What a limit leaves out is reported as a Skip, so that the scan is
	// incomplete.
	Limits = open.Limits
	// A Hit is a credential found in a text, encoded or not.
	Hit = open.Hit
)

// AppendEncoded appends to dst the credentials that stand in text in encoded form: with escapes in them, or as a part of
// something in Base64 or UTF-16. Those that stand in it as they are, rules.AppendCredentials finds. It is for streams:
// what it says of a place does not depend on what text is as a whole. What it decodes is bounded by the length of text.
func AppendEncoded(dst []Hit, text []byte) []Hit { return open.AppendEncoded(dst, text) }

// LoadConfig is policy.LoadConfig.
func LoadConfig(name string, data []byte) (*Config, error) { return policy.LoadConfig(name, data) }

// NewBaseline is policy.NewBaseline.
func NewBaseline(findings []Finding) *Baseline { return policy.NewBaseline(findings) }

// PruneBaseline is policy.PruneBaseline.
func PruneBaseline(b *Baseline, r *Result) (*Baseline, error) { return policy.PruneBaseline(b, r) }

// LoadBaseline is policy.LoadBaseline.
func LoadBaseline(name string, data []byte) (*Baseline, error) {
	return policy.LoadBaseline(name, data)
}

// NewIgnore is policy.NewIgnore.
func NewIgnore(lines []string) (*Ignore, error) { return policy.NewIgnore(lines) }

// ReadIgnoreFile is policy.ReadIgnoreFile.
func ReadIgnoreFile(path string) ([]string, error) { return policy.ReadIgnoreFile(path) }

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
