// Package report writes what a scan has to say, in one format a file, and reads its own JSON back.
//
// It decides nothing: which findings there are and how the program exits is settled before. It never shows a
// credential, whatever the format, unless Options.Reveal asks for it; and it takes every text of a result (names of
// files, projects, commits) for hostile.
package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// The tool as reports name it.
const (
	toolName = "unleaked"
	toolHome = rules.Home
)

// Options say how a report is written. The zero value is a report without colour, times and provenance, the same for
// the same result.
type Options struct {
	Version string // of the program, "" for a development build
	Color   bool   // text only; ColorEnabled decides it
	Reveal  bool   // text and json show the credentials themselves
	// Suppressed also lists suppressed findings in the formats that leave them out otherwise: all but json and jsonl.
	Suppressed bool
	Width      int // columns of text, as Columns knows them; 0 is 100 for sentences and no limit for lines of source
	// Summary makes text count the findings, by rule, token and file, in place of listing them.
	Summary bool

	Elapsed    time.Duration // of the scan, shown by text; 0 is not shown
	Start, End time.Time     // of the scan, for the formats that want them

	// Category names the results where a service keeps those of several runs apart; "" is made of the scan's mode.
	Category string
	// Repository is the web address of the scanned repository, Revision and Branch what was scanned; "" where unknown.
	Repository, Revision, Branch string
	GitLab                       bool // Repository is GitLab's, whatever the name of its host
	// Remote is the web address that the repository's remote tells, "" where none does. Places are linked to it where
	// Repository is "" and the service is one whose addresses are known.
	Remote string

	homes map[string]string // the web addresses of a sweep's repositories, by their names; where they are known
}

// masked is the options without credentials in what a CI service says of the run. A commit's id stays.
func (o Options) masked() Options {
	o.Repository, o.Branch, o.Category = finding.Discreet(o.Repository), finding.Discreet(o.Branch), finding.Discreet(o.Category)
	if n := len(o.Revision); n != 40 && n != 64 || strings.Trim(o.Revision, "0123456789abcdef") != "" {
		o.Revision = finding.Discreet(o.Revision)
	}
	return o
}

func (o Options) version() string {
	if o.Version == "" {
		return "0.0.0-dev"
	}
	return strings.TrimPrefix(o.Version, "v")
}

// A format writes a result whose texts hold no secrets any more.
type format struct {
	name  string
	write func(io.Writer, *finding.Result, Options) error
	// repositories says that it has a place for the repository of a path; the others get it before the path.
	repositories bool
}

// formats are the formats there are, in the order of the documentation.
var formats = []format{
	{"text", writeText, false},
	{"json", writeJSON, true},
	{"jsonl", writeJSONLines, true},
	{"line", writeLines, false},
	{"sarif", writeSARIF, true},
	{"github", writeGitHub, false},
	{"markdown", writeMarkdown, false},
	{"gitlab", writeGitLab, false},
	{"codeclimate", writeCodeClimate, false},
	{"junit", writeJUnit, false},
	{"html", writeHTML, true},
	{"csv", writeCSV, true},
}

// Formats are the names of the formats, in the order of the documentation.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Write writes a result in a format.
func Write(w io.Writer, name string, r *finding.Result, o Options) error {
	for _, f := range formats {
		if f.name == name {
			r, o = masked(r), o.masked()
			if !f.repositories {
				r = withRepositories(r)
			}
			return f.write(w, r, o)
		}
	}
	return fmt.Errorf("no report format %q: there are %s", name, strings.Join(Formats(), ", "))
}

// withRepositories puts the repository before every path of a sweep, for the formats that have no field for it. r is a
// copy already.
func withRepositories(r *finding.Result) *finding.Result {
	path := withRepository
	places := func(list []finding.Place) {
		for i := range list {
			list[i].File = path(list[i].Repository, list[i].File)
		}
	}
	for _, list := range [][]finding.Finding{r.Findings, r.Suppressed} {
		for i := range list {
			list[i].File = path(list[i].Repository, list[i].File)
			places(list[i].Evidence)
			places(list[i].Related)
		}
	}
	places(r.Notices)
	for i, s := range r.Coverage.Skipped {
		r.Coverage.Skipped[i].What = path(s.Repository, s.What)
	}
	return r
}

// withRepository is a path with its repository before it, where it has one; "." is the repository itself.
func withRepository(repository, file string) string {
	switch {
	case repository == "":
		return file
	case file == ".":
		return repository
	}
	return repository + "/" + file
}
