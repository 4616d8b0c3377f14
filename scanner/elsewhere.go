package scanner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// An elsewhereKind is a reason why something that belongs to what is scanned has no content here. It is every second CI
// job's normal state, so it is told in a notice and fails nothing; but the scan does not claim to have read everything.
type elsewhereKind uint8

const (
	absentSubmodule elsewhereKind = iota
	absentLarge                   // a pointer of Git LFS or git-annex without its object
	absentPartial                 // left with the remote by a partial clone
	noContent                     // a pipe, a socket, a device
	ownCommits                    // a submodule whose commits were not read: it is a repository of its own
	ownHistory                    // a repository in a folder: its files are read, its history is not
	elsewhereKinds
)

// A leftOut is how a notice tells of paths that were left out: what one is, what several are, and what helps, "" for
// nothing.
type leftOut struct{ one, many, advice string }

// elsewhereTexts say of each kind what it is and what brings it.
var elsewhereTexts = [elsewhereKinds]leftOut{
	absentSubmodule: {"submodule is not here", "submodules are not here", "git submodule update --init brings them"},
	absentLarge: {"pointer to a large file has no object here", "pointers to large files have no object here",
		"git lfs pull, or git annex get, brings them"},
	absentPartial: {"file was left with the remote by the partial clone",
		"files were left with the remote by the partial clone", "git sparse-checkout disable, or git fetch --refetch, brings them"},
	noContent: {"pipe, socket or device has no content to read", "pipes, sockets or devices have no content to read", ""},
	ownCommits: {"submodule is a repository of its own: what it records was not read",
		"submodules are repositories of their own: what they record was not read", "unleaked git FOLDER reads one"},
	ownHistory: {"repository in a folder: its files were read, its history was not",
		"repositories in folders: their files were read, their histories were not", "unleaked git FOLDER reads one"},
}

// mostElsewherePaths bounds the paths that a notice names.
const mostElsewherePaths = 5

// notice tells of the paths, of which there is at least one.
func (t *leftOut) notice(set map[string]bool) Place {
	paths := slices.Sorted(maps.Keys(set))
	what := t.one
	if len(paths) > 1 {
		what = t.many
	}
	list := strings.Join(paths[:min(len(paths), mostElsewherePaths)], ", ")
	if more := len(paths) - mostElsewherePaths; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	text := fmt.Sprintf("%d %s: %s", len(paths), what, list)
	if t.advice != "" {
		text += " (" + t.advice + ")"
	}
	return Place{File: paths[0], Line: 1, Text: text}
}

// elsewhere notes a path whose content is not here.
func (in *Intake) elsewhere(kind elsewhereKind, path string) {
	in.mu.Lock()
	if in.absent[kind] == nil {
		in.absent[kind] = map[string]bool{}
	}
	in.absent[kind][path] = true
	in.mu.Unlock()
}

// elsewhereNotices are a notice for each kind, and the number of paths.
func (in *Intake) elsewhereNotices() (notices []Place, n int) {
	for kind, set := range in.absent {
		if len(set) == 0 {
			continue
		}
		n += len(set)
		notices = append(notices, elsewhereTexts[kind].notice(set))
	}
	return notices, n
}
