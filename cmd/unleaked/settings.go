package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
)

// Settings are the flags that all scanning commands share.
type settings struct {
	formats    []string // FORMAT or FORMAT=FILE, or FORMAT=DIR/ with folders
	folders    bool     // a report may be a folder of files: that of a sweep
	output     string   // where the format without a file goes, "" is standard output
	public     bool
	examples   bool
	failOn     severityFlag
	reveal     bool
	config     string
	noConfig   bool
	policy     string
	baseline   string
	summary    bool
	suppressed bool // report suppressed findings in the formats that can show them
	ignored    bool
	incomplete bool // an incomplete scan may pass
	jobs       int
	color      choiceFlag
	quiet      bool
	know       knowing
	flags      *pflag.FlagSet
}

// register adds all of the flags to a command.
func (s *settings) register(c *cobra.Command) { s.registerFor(c) }

// registerWithoutFiles adds the flags of a command that reads no folder's files: git has no say in what those are.
func (s *settings) registerWithoutFiles(c *cobra.Command) {
	s.registerFor(c, append(slices.Clone(fileless), verifyFlags...)...)
}

// registerForHook adds the flags of a command that git waits for: those that ask nobody.
func (s *settings) registerForHook(c *cobra.Command) { s.registerFor(c, fileless...) }

// fileless are the flags of a command that reads no folder's files and asks nobody.
var fileless = append([]string{"format", "output", "summary", "public", "examples", "fail-on", "reveal", "config",
	"no-config", "policy-from", "baseline", "suppressed", "allow-incomplete", "jobs", "color", "quiet"}, inventoryFlags...)

// registerFor adds the named flags to a command, in the order of the table; all of them where none is named.
func (s *settings) registerFor(c *cobra.Command, names ...string) {
	s.failOn = severityFlag(rules.Medium)
	s.color = choiceFlag{value: "auto", choices: []string{"auto", "always", "never"}, name: "WHEN"}
	severities := []string{"info", "low", "medium", "high", "critical", "none"}
	f := c.Flags()
	f.SortFlags = false
	s.flags = f
	for _, row := range []struct {
		name   string
		add    func(name string)
		values []string // for completion
	}{
		{"format", func(n string) {
			f.StringArrayVarP(&s.formats, n, "f", nil,
				"report `FORMAT`, or FORMAT=FILE for one in a file; give it again for several ("+
					strings.Join(report.Formats(), ", ")+"; default text)")
		}, report.Formats()},
		{"output", func(n string) {
			f.StringVarP(&s.output, n, "o", "", "write the report to `FILE` instead of standard output")
		}, nil},
		{"summary", func(n string) {
			f.BoolVar(&s.summary, n, false, "count the findings by rule, token and file in the text report, do not list them")
		}, nil},
		{"public", func(n string) {
			f.BoolVar(&s.public, n, false, "also list public credentials: frontend tokens and proxy client keys")
		}, nil},
		{"examples", func(n string) {
			f.BoolVar(&s.examples, n, false, "also list tokens that Unleash's documentation prints")
		}, nil},
		{"fail-on", func(n string) {
			f.Var(&s.failOn, n, "exit with 1 for findings of this `SEVERITY` and above: info, low, medium, high, critical, or none")
		}, severities},
		{"reveal", func(n string) {
			f.BoolVar(&s.reveal, n, false, "show tokens in full; without it no report holds more than their ends")
		}, nil},
		{"config", func(n string) {
			f.StringVar(&s.config, n, "",
				"read the configuration from `FILE` (default .unleaked.yaml in the scanned folder)")
		}, nil},
		{"no-config", func(n string) {
			f.BoolVar(&s.noConfig, n, false, "read no configuration and obey no suppression of the scanned files")
		}, nil},
		{"policy-from", func(n string) {
			f.StringVar(&s.policy, n, "",
				"take configuration and baseline from the commit `REF`, so that a change cannot loosen its own gate")
		}, nil},
		{"baseline", func(n string) {
			f.StringVar(&s.baseline, n, "", "leave out the findings that `FILE` lists (see 'unleaked baseline')")
		}, nil},
		{"suppressed", func(n string) {
			f.BoolVar(&s.suppressed, n, false,
				"also report suppressed findings, marked as such, in the formats that can")
		}, nil},
		{"ignored", func(n string) {
			f.BoolVar(&s.ignored, n, false, "also read the files that git ignores")
		}, nil},
		{"allow-incomplete", func(n string) {
			f.BoolVar(&s.incomplete, n, false, "let a scan pass that could not read everything: what was not read is still listed")
		}, nil},
		{"jobs", func(n string) {
			f.IntVarP(&s.jobs, n, "j", 0, "read with `N` goroutines (default the number of processors)")
		}, nil},
		{"color", func(n string) { f.Var(&s.color, n, "`WHEN` to use colour: auto, always or never") },
			s.color.choices},
		{"inventory", func(n string) { s.know.addInventory(f, n) }, nil},
		{"inventory-complete", func(n string) { s.know.addComplete(f, n) }, nil},
		{"key-file", func(n string) { s.know.addKeyFile(f, n) }, nil},
		{"verify", func(n string) { s.know.addVerify(f, n) }, []string{"api", "traces", "plan"}},
		{"server", func(n string) { s.know.addServer(f, n) }, nil},
		{"ca-file", func(n string) { s.know.addCAFile(f, n) }, nil},
		{"quiet", func(n string) { f.BoolVarP(&s.quiet, n, "q", false, "print nothing but findings and errors") }, nil},
	} {
		if len(names) > 0 && !slices.Contains(names, row.name) {
			continue
		}
		row.add(row.name)
		if row.values != nil {
			_ = c.RegisterFlagCompletionFunc(row.name, cobra.FixedCompletions(row.values,
				cobra.ShellCompDirectiveNoFileComp))
		}
	}
	if f.Lookup("no-config") != nil && f.Lookup("config") != nil {
		c.MarkFlagsMutuallyExclusive("config", "no-config")
	}
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
	name    string // of the value, in the help
}

func (f *choiceFlag) String() string { return f.value }
func (f *choiceFlag) Type() string   { return f.name }
func (f *choiceFlag) Set(text string) error {
	if !slices.Contains(f.choices, text) {
		return fmt.Errorf("it is one of %s", strings.Join(f.choices, ", "))
	}
	f.value = text
	return nil
}
