package main

import (
	"context"
	"fmt"
	"time"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// A job is one scan to run: where its content comes from, the folder whose configuration holds, and whether it looks at a part
// of what the configuration's entries are about.
type job struct {
	source  scanner.Source
	root    string
	partial bool
	// noBaseline leaves the baseline unread; missing says what should have been read and cannot be.
	noBaseline bool
	missing    string
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
	if err := a.write(list, result.Result, s, result.reportOptions(s)); err != nil {
		return err
	}
	a.status = scanner.ExitStatus(result.Result, result.failOn, false)
	return nil
}

// An outcome is the result of a job, with what the flags and the configuration together say about it.
type outcome struct {
	*scanner.Result
	policy  *scanner.Policy
	failOn  rules.Severity
	elapsed time.Duration
}

func (o *outcome) reportOptions(s *settings) reportOptions {
	return reportOptions{}
}

// find runs a job and gives its result.
func (a *app) find(ctx context.Context, s *settings, j job) (*outcome, error) {
	policy, err := s.loadPolicy(ctx, j)
	if err != nil {
		return nil, err
	}
	if s.jobs < 0 {
		return nil, usagef("--jobs %d: it is a number of goroutines, 0 for as many as there are processors", s.jobs)
	}
	options := scanner.Options{Public: s.public, Examples: s.examples, Ignored: s.ignored, Jobs: s.jobs}
	failOn := rules.Severity(s.failOn)
	if c := policy.Config; c != nil {
		options.Public = options.Public || c.Public
		options.Examples = options.Examples || c.Examples
		if c.HasFailOn && !s.failOnSet() {
			failOn = c.FailOn
		}
	}
	tell, stop := a.progress(s.quiet)
	options.Progress = tell
	started := time.Now()
	result, err := scanner.Scan(ctx, j.source, options)
	stop()
	if err != nil {
		return nil, err
	}
	if j.missing != "" {
		result.Coverage.Skipped = append(result.Coverage.Skipped, scanner.Skip{What: "commits", Why: j.missing})
	}
	return &outcome{Result: result, policy: policy, failOn: failOn, elapsed: time.Since(started)}, nil
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
