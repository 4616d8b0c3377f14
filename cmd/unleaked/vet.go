package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/analyzer"
	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// vetTool does the work of `go vet -vettool=unleaked`, where the arguments are those that go vet gives. It does not
// come back then.
func vetTool(args []string) {
	if analyzer.IsVetTool(args) {
		analyzer.RunVetTool()
	}
}

func (a *app) vetCommand() *cobra.Command {
	var o analyzer.Options
	var s settings
	c := &cobra.Command{
		Use:   "vet [PACKAGES]",
		Short: "Follow tokens through Go programs",
		Long: `Check Go packages with types (go/analysis): tokens are followed through constants, variables and calls to where they are
used, across packages. PACKAGES are patterns as the go command takes them, ./... by default. The go command is run to load
them, as every tool for Go programs does.

Go's own driver works too: go vet -vettool=$(command -v unleaked) ./...`,
		Example: `  unleaked vet
  unleaked vet --tests=false ./internal/... ./cmd/...
  unleaked vet --format sarif=vet.sarif --format text
  unleaked vet --fail-on critical
  unleaked vet --fix`,
		RunE: func(c *cobra.Command, args []string) error { return a.vet(c, &s, o, args) },
	}
	s.registerFor(c, append([]string{"format", "output", "fail-on", "color"}, inventoryFlags...)...)
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&o.JSON, "json", false, "report in the form of go vet -json")
	f.BoolVar(&o.Fix, "fix", false, "write the suggested fixes into the files")
	f.BoolVar(&o.Tests, "tests", true, "check test files too")
	f.BoolVar(&o.Public, "public", false, "also report public credentials")
	f.BoolVar(&o.Examples, "examples", false, "also report tokens that Unleash's documentation prints")
	f.BoolVar(&o.Generated, "generated", true, "report in generated files too")
	f.StringSliceVar(&o.BuildTags, "tags", nil, "build `TAGS`, separated by commas")
	return c
}

// vet checks packages and writes what was found: in go vet's own form where no other is asked for.
func (a *app) vet(c *cobra.Command, s *settings, o analyzer.Options, patterns []string) error {
	list, err := s.outputs()
	if err != nil {
		return err
	}
	if len(s.formats) > 0 && o.JSON {
		return usagef("--json is a form of its own: --format json is the report of the other commands")
	}
	plain := len(s.formats) == 0 && s.output == ""
	o.Silent = !plain
	oracle, err := a.oracle(c.Context(), &s.know)
	if err != nil {
		return err
	}
	if oracle != nil {
		o.Known = func(cred rules.Credential) rules.Knowledge {
			return oracle.Know(c.Context(), []rules.Credential{cred})[0]
		}
	}
	r, err := analyzer.Vet(c.Context(), patterns, o, a.out)
	if err != nil {
		return err
	}
	for _, p := range r.Problems {
		fmt.Fprintf(a.errs, "unleaked: not checked: %s\n", printable(p))
	}
	if r.Fixed > 0 {
		fmt.Fprintf(a.errs, "unleaked: fixed %s\n", counted(r.Fixed, "file"))
	}
	found := &outcome{Result: vetResult(r), options: report.Options{Version: version()}}
	if !plain {
		a.provenance(&found.options)
		if err := a.write(list, found, s); err != nil {
			return err
		}
	}
	a.status = finding.ExitStatus(found.Result, rules.Severity(s.failOn), false)
	if c.Context().Err() != nil {
		a.status = exitIncomplete
	}
	return nil
}

// exposed are the kinds that the rules of exposure speak of.
var exposed = map[rules.RuleID]rules.Kind{
	rules.AdminToken: rules.Admin, rules.PersonalToken: rules.Personal, rules.BackendToken: rules.Backend,
	rules.FrontendToken: rules.Frontend, rules.ClientKeyRule: rules.ClientKey,
}

// vetResult is what a check of Go code came to, in the form that reports take.
func vetResult(r analyzer.Report) *scanner.Result {
	res := &scanner.Result{Mode: "vet", Coverage: scanner.Coverage{Files: r.Files, Bytes: r.Bytes}}
	for _, p := range r.Problems {
		res.Coverage.Skipped = append(res.Coverage.Skipped, scanner.Skip{What: "package", Why: p})
	}
	tokens := map[rules.Secret]bool{}
	for _, d := range r.Diagnostics {
		f := vetFinding(d)
		if !f.Secret.IsZero() {
			tokens[f.Secret] = true
		}
		res.Findings = append(res.Findings, f)
	}
	res.Credentials = len(tokens)
	return res
}

func vetFinding(d analyzer.Diagnostic) scanner.Finding {
	f := scanner.Finding{
		Rule: d.Rules[0], Also: d.Rules[1:], Kind: rules.Unknown, Certainty: rules.None, File: d.File,
		Line: d.Start.Line, Column: d.Start.Column, EndLine: d.Start.Line, EndColumn: d.Start.Column + 1,
		UTF16Column: d.Start.Column, UTF16EndColumn: d.Start.Column + 1, Message: d.Message,
	}
	if d.End.Line > 0 {
		f.EndLine, f.EndColumn, f.UTF16EndColumn = d.End.Line, d.End.Column, d.End.Column
	}
	for _, id := range d.Rules {
		if k, ok := exposed[id]; ok {
			f.Kind = k
		}
	}
	if h := d.Held; h != nil {
		c := h.Credential
		f.Kind, f.Certainty, f.Format, f.Example = h.Verdict.Kind, h.Verdict.Certainty, c.Format, c.Example
		f.Project, f.Environment, f.Selector = c.Project, c.Environment, c.Selector
		f.Secret, f.Fingerprint = c.Secret, rules.Fingerprint(c, h.Name)
		f.Listing, f.Verification = h.Knowledge.Listing, h.Knowledge.Verification
		f.Evidence = vetEvidence(d)
		for _, says := range h.Knowledge.Says { // it is evidence here, and in go vet's form a part of the message
			f.Message = strings.Replace(f.Message, "; "+says, "", 1)
		}
	}
	if rule, ok := rules.Lookup(f.Rule); ok {
		f.Severity, f.Fix = rule.Severity, rule.FixFor(f.Kind)
		if d.Held != nil {
			f.Severity = d.Held.Knowledge.Severity(f.Severity, f.Kind)
		}
	}
	for _, p := range d.Related {
		f.Related = append(f.Related, scanner.Place{File: p.File, Line: p.Line, Text: p.Text})
	}
	return f
}

// vetEvidence is what decided the kind of a token: an inventory, names, and places that take it.
func vetEvidence(d analyzer.Diagnostic) []scanner.Place {
	var list []scanner.Place
	v := d.Held.Verdict
	for _, says := range d.Held.Knowledge.Says {
		list = append(list, scanner.Place{File: d.File, Line: d.Start.Line, Text: says})
	}
	for _, e := range v.Evidence {
		if e.Certainty != v.Certainty || e.Certainty == rules.Verified {
			continue
		}
		text := "bound to " + e.Text
		if e.Certainty == rules.BySink {
			text = "here it is " + e.Text
		}
		switch {
		case v.Conflict:
			text += ": " + string(e.Kind)
		case e.Certainty == rules.ByHint:
			text += ", which suggests " + e.Kind.Article()
		default:
			text += ": it is " + e.Kind.Article()
		}
		file := e.File
		if file == path.Base(d.File) {
			file = d.File
		}
		p := scanner.Place{File: file, Line: e.Line, Text: text}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	if v.Kind == rules.Unknown && len(list) == len(d.Held.Knowledge.Says) {
		list = append(list, scanner.Place{File: d.File, Line: d.Start.Line,
			Text: "nothing in the code says which type it is: it is taken for a secret"})
	}
	return list
}

// longFlags writes the flags of `unleaked vet` as cobra reads them: tools for Go are also called with one dash, -json.
func longFlags(args []string) []string {
	if len(args) == 0 || args[0] != "vet" {
		return args
	}
	out := append([]string(nil), args...)
	for i, a := range out {
		if a == "--" {
			break
		}
		if len(a) > 2 && a[0] == '-' && a[1] != '-' {
			out[i] = "-" + a
		}
	}
	return out
}
