package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/analyzer"
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
	c := &cobra.Command{
		Use:   "vet [PACKAGES]",
		Short: "Follow tokens through Go programs",
		Long: `Check Go packages with types (go/analysis): tokens are followed through constants, variables and calls to where they are
used, across packages. PACKAGES are patterns as the go command takes them, ./... by default. The go command is run to load
them, as every tool for Go programs does.

Go's own driver works too: go vet -vettool=$(command -v unleaked) ./...`,
		Example: `  unleaked vet
  unleaked vet --tests=false ./internal/... ./cmd/...
  unleaked vet --fix`,
		RunE: func(c *cobra.Command, args []string) error {
			r, err := analyzer.Vet(c.Context(), args, o, a.out)
			if err != nil {
				return err
			}
			for _, p := range r.Problems {
				fmt.Fprintf(a.errs, "unleaked: not checked: %s\n", printable(p))
			}
			if r.Fixed > 0 {
				fmt.Fprintf(a.errs, "unleaked: fixed %s\n", counted(r.Fixed, "file"))
			}
			switch {
			case len(r.Problems) > 0 || c.Context().Err() != nil:
				a.status = exitIncomplete
			case r.Findings > 0:
				a.status = exitFindings
			}
			return nil
		},
	}
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
