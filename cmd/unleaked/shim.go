package main

import (
	"context"
	"fmt"
	"io"

	"github.com/unleaked/unleaked/scanner"
)

// What stands here waits for its package and goes when that lands.

type reportOptions struct {
	Color bool
}

func formatNames() []string { return []string{"text"} }

func colorEnabled(when string, w io.Writer, env func(string) string) bool { return when == "always" }

func writeReport(w io.Writer, format string, r *scanner.Result, o reportOptions) error {
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s:%d:%d  %s  %s  %s\n", f.File, f.Line, f.Column, f.Severity, f.Rule, f.Message)
	}
	fmt.Fprintf(w, "%d findings in %d files\n", len(r.Findings), r.Coverage.Files)
	return nil
}

var _ context.Context

type nothing struct{}

func (nothing) Scan(context.Context, *scanner.Intake) error {
	return fmt.Errorf("git is not wired yet")
}

func stagedJob(dir string) job         { return job{source: nothing{}, root: dir, partial: true} }
func historyJob(dir string) job        { return job{source: nothing{}, root: dir} }
func rangeJob(dir, commits string) job { return job{source: nothing{}, root: dir, partial: true} }
func commitsJob(dir string, include, exclude []string) job {
	return job{source: nothing{}, root: dir, partial: true}
}
