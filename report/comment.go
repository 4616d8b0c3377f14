package report

import (
	"strings"

	"github.com/unleaked/unleaked/finding"
)

// commentFor is the comment that accepts a finding, to stand alone on the line above it; ok is false where none can
// stand there: the file has no comments, is a member of an archive or no file at all, or its lines are continued.
func commentFor(f *finding.Finding, rules string) (text string, ok bool) {
	if f.Line <= 0 || strings.Contains(f.File, "!") || f.Git != nil && f.Git.Where != "index" && f.Git.Where != "blob" {
		return "", false
	}
	for _, l := range f.Excerpt {
		// A comment between the lines of one command would end it.
		if l.Number == f.Line-1 && strings.HasSuffix(strings.TrimRight(l.Text, " \t\r"), `\`) {
			return "", false
		}
	}
	open, end, ok := finding.Comment(f.File)
	if !ok {
		return "", false
	}
	return strings.TrimSpace(open + " unleaked:ignore " + rules + " " + finding.NoReason + " " + end), true
}
