package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/unleaked/unleaked/finding"
)

// writeLines writes a line for each finding, FILE:LINE:COLUMN: SEVERITY: MESSAGE [RULE], for the quickfix list of an
// editor, problem matchers and reviewdog. What was not read is told in lines of another form, which those leave alone:
// it has no line to go to.
func writeLines(w io.Writer, r *finding.Result, o Options) error {
	b := bufio.NewWriter(w)
	for _, f := range listed(r, o) {
		fmt.Fprintln(b, harmless(fmt.Sprintf("%s:%d:%d: %s: %s [%s]", visible(f.File), max(1, f.Line),
			max(1, f.Column), f.Severity, visible(f.Message)+serverSays(&f, " (", ")"), f.Rule)))
	}
	for _, s := range r.Coverage.Skipped {
		fmt.Fprintln(b, harmless("not read: "+visible(s.What)+" ("+visible(s.Why)+")"))
	}
	return b.Flush()
}
