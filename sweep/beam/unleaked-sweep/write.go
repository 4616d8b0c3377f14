package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/sweep"
)

// An output is a report to write: its format, or failures, and its file as the worker sees it.
type output struct{ Format, File string }

// failures is the list of what was not read: a line each, "REPOSITORY<tab>WHAT<tab>WHY".
const failures = "failures"

// The counters that the exit status follows from.
const (
	counters     = "unleaked-sweep"
	countWritten = "reports-written"
	countRead    = "repositories"
	countUnread  = "not-read"
	countFailing = "findings-that-fail"
	countFound   = "findings"
)

// writeFn writes the reports, from the parts of all repositories.
type writeFn struct {
	Outputs []output
	Version string
	FailOn  int // a rules.Severity
}

// ProcessElement writes every output whole, over what an earlier try of it has left. A name of the list of which no part
// has come is told of as not read.
func (f *writeFn) ProcessElement(ctx context.Context, _ []byte, parts func(*[]byte) bool, listed func(*string) bool) error {
	var all []*sweep.Part
	come := map[string]bool{}
	var text []byte
	for parts(&text) {
		p := &sweep.Part{}
		if err := json.Unmarshal(text, p); err != nil {
			return err
		}
		all = append(all, p)
		come[p.Repository.Path] = true
	}
	var name string
	for listed(&name) {
		if path := sweep.CleanPath(name); !come[path] {
			come[path] = true
			all = append(all, sweep.Unreadable(path, "nothing came of it").Named(path).Judge(nil, nil, sweep.Options{}))
		}
	}
	res := sweep.Assemble(all)
	for _, o := range f.Outputs {
		if err := writeTo(ctx, o.File, func(w io.Writer) error { return f.write(w, o.Format, res) }); err != nil {
			return fmt.Errorf("writing %s: %w", o.File, err)
		}
	}
	f.count(ctx, res)
	return nil
}

func (f *writeFn) write(w io.Writer, format string, res *finding.Result) error {
	if format == failures {
		return writeFailures(w, res)
	}
	return report.Write(w, format, res, report.Options{Version: f.Version})
}

// count tells whoever submitted the pipeline what came of it.
func (f *writeFn) count(ctx context.Context, res *finding.Result) {
	failing := 0
	for i := range res.Findings {
		if f.FailOn > 0 && int(res.Findings[i].Severity) >= f.FailOn {
			failing++
		}
	}
	for name, n := range map[string]int{countWritten: len(f.Outputs), countRead: len(res.Repositories),
		countUnread: len(res.Coverage.Skipped), countFailing: failing, countFound: len(res.Findings)} {
		beam.NewCounter(counters, name).Inc(ctx, int64(n))
	}
}

// writeFailures writes the list of what was not read.
func writeFailures(w io.Writer, res *finding.Result) error {
	clean := strings.NewReplacer("\t", " ", "\n", " ", "\r", " ", "\x1b", " ")
	for _, s := range res.Coverage.Skipped {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", clean.Replace(s.Repository), clean.Replace(finding.Discreet(s.What)),
			clean.Replace(finding.Discreet(s.Why))); err != nil {
			return err
		}
	}
	return nil
}

// writeTo writes a file: on this machine whole or not at all, elsewhere as the storage does it.
func writeTo(ctx context.Context, name string, write func(io.Writer) error) error {
	if !strings.Contains(name, "://") {
		return report.WriteFile(name, write)
	}
	fs, err := filesystem.New(ctx, name)
	if err != nil {
		return err
	}
	w, err := fs.OpenWrite(ctx, name)
	if err == nil {
		err = write(w)
		err = errors.Join(err, w.Close())
	}
	return errors.Join(err, fs.Close())
}
