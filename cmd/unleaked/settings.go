package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unleaked/unleaked/rules"
)

// Settings are the flags that all scanning commands share.
type settings struct {
	formats  []string // FORMAT or FORMAT=FILE
	output   string   // where the format without a file goes, "" is standard output
	public   bool
	examples bool
	failOn   severityFlag
	reveal   bool
	config   string
	noConfig bool
	policy   string
	baseline string
	suppress bool // report suppressed findings in the formats that can show them
	ignored  bool
	jobs     int
	color    choiceFlag
	quiet    bool
	flags    *pflag.FlagSet
}

// register adds the flags to a command.
func (s *settings) register(c *cobra.Command) {
	s.failOn = severityFlag(rules.Medium)
	s.color = choiceFlag{value: "auto", choices: []string{"auto", "always", "never"}}
	f := c.Flags()
	s.flags = f
	f.SortFlags = false
	f.StringArrayVarP(&s.formats, "format", "f", nil, "report `FORMAT`, or FORMAT=FILE for one in a file; give it again for several\n("+strings.Join(formatNames(), ", ")+"; default text)")
	f.StringVarP(&s.output, "output", "o", "", "write the report to `FILE` instead of standard output")
	f.BoolVar(&s.public, "public", false, "also list public credentials: frontend tokens and proxy client keys")
	f.BoolVar(&s.examples, "examples", false, "also list tokens that Unleash's documentation prints")
	f.Var(&s.failOn, "fail-on", "exit with 1 for findings of this `SEVERITY` and above: info, low, medium, high, critical, or none")
	f.BoolVar(&s.reveal, "reveal", false, "show tokens in full; without it no report holds more than their ends")
	f.StringVar(&s.config, "config", "", "read the configuration from `FILE` (default .unleaked.yaml in the scanned folder)")
	f.BoolVar(&s.noConfig, "no-config", false, "read no configuration and obey no suppression of the scanned files")
	f.StringVar(&s.policy, "policy-from", "", "take configuration and baseline from the commit `REF`, so that a change cannot loosen its own gate")
	f.StringVar(&s.baseline, "baseline", "", "leave out the findings that `FILE` lists (see 'unleaked baseline')")
	f.BoolVar(&s.suppress, "suppressed", false, "also report suppressed findings, marked as such, in the formats that can")
	f.IntVarP(&s.jobs, "jobs", "j", 0, "read with `N` goroutines (default the number of processors)")
	f.Var(&s.color, "color", "`WHEN` to use colour: auto, always or never")
	f.BoolVarP(&s.quiet, "quiet", "q", false, "print nothing but findings and errors")
	c.MarkFlagsMutuallyExclusive("config", "no-config")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions(
		[]string{"info", "low", "medium", "high", "critical", "none"}, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(s.color.choices, cobra.ShellCompDirectiveNoFileComp))
}

// failOnSet reports whether the command line says what fails.
func (s *settings) failOnSet() bool { return s.flags.Changed("fail-on") }

// A severityFlag is a severity as a flag takes it.
type severityFlag rules.Severity

var _ pflag.Value = (*severityFlag)(nil)

func (f *severityFlag) String() string { return rules.Severity(*f).String() }
func (f *severityFlag) Type() string   { return "SEVERITY" }
func (f *severityFlag) Set(text string) error {
	s, ok := rules.ParseSeverity(text)
	if !ok {
		return fmt.Errorf("it is one of info, low, medium, high, critical, none")
	}
	*f = severityFlag(s)
	return nil
}

// A choiceFlag is one of a few words.
type choiceFlag struct {
	value   string
	choices []string
}

func (f *choiceFlag) String() string { return f.value }
func (f *choiceFlag) Type() string   { return "WHEN" }
func (f *choiceFlag) Set(text string) error {
	if !slices.Contains(f.choices, text) {
		return fmt.Errorf("it is one of %s", strings.Join(f.choices, ", "))
	}
	f.value = text
	return nil
}
