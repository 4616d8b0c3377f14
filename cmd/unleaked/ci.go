package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/internal/plain"
	"github.com/unleaked/unleaked/internal/trigger"
	"github.com/unleaked/unleaked/report"
)

func (a *app) ciCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ci",
		Short: "The gate of a CI run",
		Long: `Scan what a CI run is about: on GitHub and GitLab what the run's own variables say, anywhere else what lies between two
commits. Every version of every file in those commits is read, for a token that one commit adds and the next removes is
public all the same. The exit status is that of a scan.`,
		Example: `  unleaked ci github
  unleaked ci gitlab
  unleaked ci range "$BASE" "$HEAD"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.ciGitHubCommand(), a.ciGitLabCommand(), a.ciRangeCommand())
	return c
}

// A ciRun is what the flags of 'ci github' ask for beyond a scan.
type ciRun struct {
	settings
	mode        choiceFlag
	policyOf    choiceFlag
	sarif       string
	annotations bool
	summary     bool
}

func (a *app) ciGitHubCommand() *cobra.Command {
	r := ciRun{mode: choiceFlag{value: "auto", choices: []string{"auto", "tree", "range", "history"}, name: "MODE"}}
	c := &cobra.Command{
		Use:   "github",
		Short: "Scan what the event of a GitHub workflow brings in",
		Long: `Scan what the event of a GitHub workflow run brings in: the commits of a push, a pull request or a merge group; the files
that are checked out for every other event. It reads GITHUB_EVENT_NAME and GITHUB_EVENT_PATH, annotates the change, and
writes the step's summary and outputs (findings, complete, mode, base, head, sarif-file, exit-code).

Where the commits are not here, because the checkout was shallow, the files are scanned and the scan is incomplete.`,
		Example: `  unleaked ci github
  unleaked ci github --policy base --sarif-file unleaked.sarif
  unleaked ci github --mode history --fail-on critical
  unleaked ci github --summary --format line=unleaked.txt --format html=unleaked.html`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.ciGitHub(c.Context(), &r) },
	}
	r.registerFor(c, append(append([]string{"format", "summary", "public", "examples", "fail-on", "config", "no-config", "policy-from",
		"baseline", "allow-incomplete", "jobs"}, inventoryFlags...), verifyFlags...)...)
	f := c.Flags()
	f.Var(&r.mode, "mode", "what to scan: auto (what the event brings in), tree, range or history (`MODE`)")
	f.StringVar(&r.sarif, "sarif-file", "", "also write a SARIF report to `FILE`")
	f.BoolVar(&r.annotations, "annotations", true, "annotate the files of the change")
	f.BoolVar(&r.summary, "step-summary", true, "write the step's summary")
	r.registerPolicy(c)
	return c
}

func (a *app) ciGitHub(ctx context.Context, r *ciRun) error {
	for _, f := range r.formats {
		if !strings.Contains(f, "=") {
			return usagef("--format %s: the log has a report already, and annotations; name a file, as in --format %s=FILE", f, f)
		}
	}
	plan, err := a.githubPlan(ctx, r.mode.value)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "unleaked: %s (%s)\n", plan.Mode, printable(plan.Why))
	outputs := githubOutputs{Mode: plan.Mode, Complete: true}
	outputs.Head = strings.Join(plan.Include, " ")
	if len(plan.Exclude) > 0 {
		outputs.Base = plan.Exclude[0]
	}
	if plan.Mode == trigger.Nothing {
		return a.writeOutputs(outputs)
	}
	j, err := r.job(plan)
	if err != nil {
		return err
	}
	o, err := a.find(ctx, &r.settings, j)
	if err != nil {
		return err
	}
	if err := a.githubReports(r, o); err != nil {
		return err
	}
	if len(r.formats) > 0 {
		list, err := r.outputs()
		if err != nil {
			return err
		}
		if err := a.write(list, o, &r.settings); err != nil {
			return err
		}
	}
	a.status = finding.ExitStatus(o.Result, o.failOn, o.incomplete)
	outputs.Findings, outputs.Complete, outputs.SARIF, outputs.Status = len(o.Findings), o.Complete(), r.sarif, a.status
	return a.writeOutputs(outputs)
}

// githubPlan is what the event asks for, bent by --mode.
func (a *app) githubPlan(ctx context.Context, mode string) (trigger.Plan, error) {
	switch mode {
	case "tree":
		return trigger.Plan{Mode: trigger.Tree, Why: "--mode tree"}, nil
	case "history":
		return trigger.Plan{Mode: trigger.History, Why: "--mode history"}, nil
	}
	var payload []byte
	if path := a.env("GITHUB_EVENT_PATH"); path != "" {
		var err error
		if payload, err = plain.ReadFile(path); err != nil {
			return trigger.Plan{}, fmt.Errorf("reading the event's payload: %w", err)
		}
	}
	plan, err := trigger.GitHub(a.env("GITHUB_EVENT_NAME"), payload, repository{ctx: ctx, dir: "."})
	if err != nil {
		return plan, err
	}
	if mode == "range" && plan.Mode == trigger.Tree {
		if plan.Missing != "" {
			return plan, fmt.Errorf("--mode range: %s", plan.Missing)
		}
		return plan, fmt.Errorf("--mode range: %s", plan.Why)
	}
	return plan, nil
}

// githubReports writes the report for people into the log, the annotations, the summary and the SARIF file.
func (a *app) githubReports(r *ciRun, o *outcome) error {
	opts := o.options
	var text bytes.Buffer
	if err := report.Write(&text, "text", o.Result, opts); err != nil {
		return err
	}
	// A line of the report may begin with a file's name, and a file may be called ::error. Commands are off while it is
	// written.
	stop := stopWord()
	fmt.Fprintf(a.out, "::stop-commands::%s\n%s\n::%s::\n", stop, text.Bytes(), stop)
	if r.annotations {
		if err := report.Write(a.out, "github", o.Result, opts); err != nil {
			return err
		}
	}
	if path := a.env("GITHUB_STEP_SUMMARY"); r.summary && path != "" {
		var b bytes.Buffer
		if err := report.Write(&b, "markdown", o.Result, opts); err != nil {
			return err
		}
		if err := appendFile(path, b.Bytes()); err != nil {
			return fmt.Errorf("writing the step's summary: %w", err)
		}
	}
	if r.sarif == "" {
		return nil
	}
	return report.WriteFile(r.sarif, func(w io.Writer) error { return report.Write(w, "sarif", o.Result, opts) })
}

// stopWord is a word that no scanned text can know.
func stopWord() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// githubOutputs are the outputs of the step.
type githubOutputs struct {
	Mode             trigger.Mode
	Base, Head       string
	Findings, Status int
	Complete         bool
	SARIF            string
}

func (a *app) writeOutputs(o githubOutputs) error {
	path := a.env("GITHUB_OUTPUT")
	if path == "" {
		return nil
	}
	if strings.ContainsAny(o.SARIF, "\r\n") {
		return usagef("--sarif-file: the name holds a line break")
	}
	text := fmt.Sprintf("mode=%s\nbase=%s\nhead=%s\nfindings=%d\ncomplete=%t\nsarif-file=%s\nexit-code=%d\n",
		o.Mode, o.Base, o.Head, o.Findings, o.Complete, o.SARIF, o.Status)
	if err := appendFile(path, []byte(text)); err != nil {
		return fmt.Errorf("writing the step's outputs: %w", err)
	}
	return nil
}

func appendFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
