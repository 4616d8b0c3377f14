package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/unleaked/unleaked/finding"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitProblem `xml:"failure,omitempty"`
	Error   *junitProblem `xml:"error,omitempty"`
	Skipped *junitProblem `xml:"skipped,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes JUnit XML: a failed test for each finding, an error for each thing that was not read, and one test
// that passed where there is neither, for some readers refuse an empty suite.
func writeJUnit(w io.Writer, r *finding.Result, o Options) error {
	s := junitSuite{Name: toolName}
	for _, f := range listed(r, o) {
		c := junitCase{
			Class: string(f.Rule), Name: fmt.Sprintf("%s:%d:%d %s", visible(f.File), f.Line, f.Column,
				visible(f.Shown())), File: visible(f.File), Line: max(0, f.Line),
		}
		if f.Suppressed != nil {
			c.Skipped = &junitProblem{Message: visible(f.Suppressed.Reason)}
			s.Skipped++
		} else {
			c.Failure = &junitProblem{Message: visible(f.Message), Type: f.Severity.String(), Text: describe(&f) +
				"\n" + visible(f.Fix)}
			s.Failures++
		}
		s.Cases = append(s.Cases, c)
	}
	for _, skip := range r.Coverage.Skipped {
		s.Cases = append(s.Cases, junitCase{Class: "not-read", Name: visible(skip.What),
			Error: &junitProblem{Message: visible(skip.Why), Type: "not-read"}})
		s.Errors++
	}
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{{Class: toolName, Name: "no leaked or misused Unleash token in " + read(r)}}
	}
	s.Tests = len(s.Cases)
	suites := junitSuites{Name: toolName, Tests: s.Tests, Failures: s.Failures, Errors: s.Errors,
		Suites: []junitSuite{s}}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(suites); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
