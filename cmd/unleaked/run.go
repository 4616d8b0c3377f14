package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// A job is one scan to run: where its content comes from, the folder whose configuration holds, and whether it looks at
// a part of what the configuration's entries are about.
type job struct {
	source  scanner.Source
	root    string
	partial bool
	// noBaseline leaves the baseline unread; missing says what should have been read and cannot be.
	noBaseline bool
	missing    string
	// stops is what a hook stops where the scan fails, "commit" or "push"; "" outside a hook.
	stops string
}

// scan runs a job as the flags say, writes its reports, and leaves the exit status.
func (a *app) scan(ctx context.Context, s *settings, j job) error {
	list, err := s.outputs()
	if err != nil {
		return err
	}
	result, err := a.find(ctx, s, j)
	if err != nil {
		return err
	}
	if err := a.write(list, result, s); err != nil {
		return err
	}
	a.status = finding.ExitStatus(result.Result, result.failOn, result.incomplete)
	if j.stops == "" || a.status == exitClean {
		return nil
	}
	return a.tellStop(s, j, result)
}

// tellStop says that a hook has stopped something and how to go on, on the stream for people.
func (a *app) tellStop(s *settings, j job, o *outcome) error {
	stop := report.Stop{What: j.stops, FailOn: o.failOn, Deaf: o.policy.NoInline, Config: o.policy.Config != nil}
	if stop.Config {
		stop.Suppress = len(o.policy.Config.Suppress) > 0
	}
	opts := o.options
	opts.Color, opts.Width = report.ColorEnabled(s.color.value, a.errs.To, a.env), report.Columns(a.errs.To, a.env)
	return report.WriteStop(a.errs, o.Result, stop, opts)
}

// An outcome is the result of a job, with what the flags and the configuration together say about it.
type outcome struct {
	*finding.Result
	policy  *terms
	failOn  rules.Severity
	options report.Options
	// incomplete lets an incomplete scan pass.
	incomplete bool
}

// find runs a job and gives its result.
func (a *app) find(ctx context.Context, s *settings, j job) (*outcome, error) {
	fewCollections()
	terms, err := s.loadPolicy(ctx, j)
	if err != nil {
		return nil, err
	}
	if s.jobs < 0 {
		return nil, usagef("--jobs %d: it is a number of goroutines, 0 for as many as there are processors", s.jobs)
	}
	options := scanner.Options{Public: s.public, Examples: s.examples, Ignored: s.ignored, Jobs: s.jobs,
		Policy: &terms.Policy}
	failOn := rules.Severity(s.failOn)
	if c := terms.Config; c != nil {
		options.Public = options.Public || c.Public
		options.Examples = options.Examples || c.Examples
		if c.HasFailOn && !s.failOnSet() {
			failOn = c.FailOn
		}
	}
	tree, isTree := j.source.(*scanner.Tree)
	if isTree {
		tree.Ignore = terms.ignore
	}
	if options.Oracle, err = a.oracle(ctx, &s.know); err != nil {
		return nil, err
	}
	tell, stop := a.progress(s.quiet)
	options.Progress = tell
	started := time.Now()
	result, err := scanner.Scan(ctx, j.source, options)
	stop()
	if err != nil {
		return nil, err
	}
	a.tellPlan(options.Oracle)
	if !isTree {
		leaveOut(result, terms.ignore)
	}
	if j.missing != "" {
		result.Coverage.Skipped = append(result.Coverage.Skipped, finding.Skip{What: "commits", Why: j.missing})
	}
	o := &outcome{Result: result, policy: terms, failOn: failOn, options: report.Options{
		Version: version(), Reveal: s.reveal, Suppressed: s.suppressed, Summary: s.summary,
		Elapsed: time.Since(started), Start: started, End: time.Now(),
	}}
	o.incomplete = s.incomplete || terms.Config != nil && terms.Config.AllowIncomplete
	a.provenance(&o.options)
	return o, nil
}

// leaveOut drops what stands in files that the patterns ignore. A blob of a repository has many names, so that only
// what was found in it can be held against them.
func leaveOut(r *finding.Result, ignore *policy.Ignore) {
	left := map[string]bool{}
	ignored := func(file string) bool {
		name, _, _ := strings.Cut(file, "!")
		if ignore.Match(name, false) {
			left[name] = true
		}
		return left[name]
	}
	inFile := func(f finding.Finding) bool {
		return (f.Git == nil || f.Git.Where == "blob" || f.Git.Where == "index") && ignored(f.File)
	}
	r.Findings = slices.DeleteFunc(r.Findings, inFile)
	r.Suppressed = slices.DeleteFunc(r.Suppressed, inFile)
	r.Notices = slices.DeleteFunc(r.Notices, func(p finding.Place) bool { return ignored(p.File) })
	r.Coverage.Ignored += len(left)
}

// provenance tells the formats that want it what was scanned, as the CI service names it.
func (a *app) provenance(o *report.Options) {
	switch {
	case a.env("GITHUB_ACTIONS") == "true" && a.env("GITHUB_REPOSITORY") != "":
		o.Repository = a.env("GITHUB_SERVER_URL") + "/" + a.env("GITHUB_REPOSITORY")
		o.Revision, o.Branch = a.env("GITHUB_SHA"), a.env("GITHUB_REF_NAME")
	case a.env("GITLAB_CI") == "true":
		o.Repository, o.Revision, o.Branch = a.env("CI_PROJECT_URL"), a.env("CI_COMMIT_SHA"),
			a.env("CI_COMMIT_REF_NAME")
		o.GitLab = true
	}
}

// megabytes is a number of bytes as people read it.
func megabytes(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 1000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
