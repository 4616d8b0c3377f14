package finding

import "github.com/unleaked/unleaked/rules"

// The exit statuses of a scan, whatever the format of its report.
const (
	ExitClean      = 0 // nothing at or above the threshold, and everything was read
	ExitFindings   = 1 // findings at or above the threshold
	ExitIncomplete = 2 // not everything was read, whether or not there were findings; also a wrong command line
)

// ExitStatus is the status that a scan ends with. failOn is the mildest severity that fails; the zero Severity ("none")
// lets findings pass. Partial is never clean: an incomplete scan fails unless allowIncomplete says otherwise.
func ExitStatus(r *Result, failOn rules.Severity, allowIncomplete bool) int {
	if !r.Complete() && !allowIncomplete {
		return ExitIncomplete
	}
	if failOn > 0 {
		for i := range r.Findings {
			if r.Findings[i].Severity >= failOn {
				return ExitFindings
			}
		}
	}
	return ExitClean
}
