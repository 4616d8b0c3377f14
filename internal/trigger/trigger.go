// Package trigger knows why a scan was started by a machine, and what that asks to be read: the event of a CI run, the
// input of a git hook. Its noun is the Plan. It reads the words it is given and asks the repository which commits it
// has; it never fetches, never scans and never writes.
package trigger

import "strings"

// Mode is what a Plan asks to be scanned.
type Mode string

// The modes.
const (
	Nothing Mode = "nothing" // a branch was deleted, say
	Tree    Mode = "tree"    // the files that are checked out
	Range   Mode = "range"   // what commits bring in
	History Mode = "history" // every object of the repository
)

// A Plan is what a trigger asks to be read.
type Plan struct {
	Mode Mode
	// Include and Exclude are objects of a Range: everything reachable from one of Include and from none of Exclude. An
	// empty Exclude means everything behind Include.
	Include, Exclude []string
	Names            []string // full names of the refs that a push makes or moves: they are published too
	Why              string   // one sentence for the log
	// Missing says what should have been read and cannot be, and how to get it; the scan is then incomplete.
	Missing string
}

// A Repo answers what the planning has to know of a repository.
type Repo interface {
	// Has reports whether the commit is there.
	Has(commit string) bool
	// Parents are the parents of HEAD, none where there is no HEAD.
	Parents() []string
	// Branch is the tip of a branch as the remote origin has it, "" where that is not known here.
	Branch(name string) string
	// Shallow reports whether the clone was cut: what is missing can be fetched then.
	Shallow() bool
}

// isCommit reports whether text is a full object id and not the one of zeros that stands for none.
func isCommit(text string) bool {
	if len(text) != 40 && len(text) != 64 {
		return false
	}
	return strings.Trim(text, "0123456789abcdef") == "" && strings.Trim(text, "0") != ""
}

// isZero reports whether text is the object id of zeros, which stands for none: a ref that is made or deleted.
func isZero(text string) bool {
	return (len(text) == 40 || len(text) == 64) && strings.Trim(text, "0") == ""
}

// short is a commit as people read it; what is no commit's id stays whole, so that who writes it can see what it is.
func short(commit string) string {
	const digits = 10
	if isCommit(commit) {
		return commit[:digits]
	}
	return commit
}
