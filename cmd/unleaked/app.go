package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/report"
)

// Exit statuses, the same for every command and report format.
const (
	exitClean      = 0 // nothing at or above --fail-on, and everything was read
	exitFindings   = 1 // findings at or above --fail-on
	exitIncomplete = 2 // wrong usage, an error, or a scan that could not read everything
)

// An app is one run of the program: its streams and environment, and the exit status that its command leaves.
type app struct {
	in     io.Reader
	out    io.Writer
	errs   *finding.DiscreetWriter // no message shows a token, whatever it quotes
	env    func(string) string
	status int
	ending *ending // how signals end it
}

func newApp(in io.Reader, out, errs io.Writer, env func(string) string) *app {
	return &app{in: in, out: out, errs: &finding.DiscreetWriter{To: errs}, env: env, ending: &ending{}}
}

// run runs one command line and gives its exit status.
func (a *app) run(ctx context.Context, args []string) int {
	defer a.errs.Flush()
	root := a.command(args)
	root.SetArgs(longFlags(args))
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return a.status
	}
	a.complain(err)
	if errors.As(err, new(startError)) {
		return a.status
	}
	var u usageError
	if errors.As(err, &u) || isCobraUsage(err) {
		fmt.Fprintf(a.errs, "Run '%s --help' to see what it takes.\n", cmd.CommandPath())
	}
	return exitIncomplete
}

// complain writes an error, as wide as a terminal, in one line elsewhere: what reads it there looks for whole lines.
func (a *app) complain(err error) {
	width := report.Columns(a.errs.To, a.env)
	for i, line := range strings.Split(printable(err.Error()), "\n") {
		lead := "unleaked: "
		if i > 0 {
			lead = ""
		}
		if width == 0 || strings.HasPrefix(line, " ") || strings.Contains(line, "\t") {
			fmt.Fprintln(a.errs, lead+line)
			continue
		}
		fmt.Fprint(a.errs, hang(lead, line, 2, width))
	}
}

// command is the tree of commands, with all of their flags. It serves the program, its help, its manual pages. Where args
// begin with a command's name, that command alone is made: a commit waits for the others, too.
func (a *app) command(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "unleaked",
		Short: "Find leaked and misused Unleash tokens",
		Long: `unleaked finds leaked and misused Unleash tokens: in files, in what is about to be committed, and in the whole
history of a git repository. It says of each whether it is a secret (backend, admin and personal tokens) or public
(frontend tokens, proxy client keys), and flags those that are used where they must not be.

Exit status: 0 nothing found · 1 findings at or above --fail-on · 2 wrong usage, an error, or not everything was read.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.errs)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.help(c) })
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddGroup(
		&cobra.Group{ID: "find", Title: "Finding tokens:"},
		&cobra.Group{ID: "live", Title: "Living with them:"},
		&cobra.Group{ID: "about", Title: "About the tool:"},
	)
	root.SetHelpCommand(helpCommand(root))
	root.SetCompletionCommandGroupID("about")
	all := commands()
	if k := slices.IndexFunc(all, func(m maker) bool { return len(args) > 0 && m.name == args[0] }); k >= 0 {
		all = all[k : k+1]
	}
	for _, m := range all {
		c := m.make(a)
		c.GroupID = m.group
		root.AddCommand(c)
	}
	return root
}

// A maker makes a command: its name, the group that help lists it in.
type maker struct {
	group, name string
	make        func(*app) *cobra.Command
}

// commands are all commands, in the order of the help.
func commands() []maker {
	return []maker{
		{"find", "scan", (*app).scanCommand},
		{"find", "staged", (*app).stagedCommand},
		{"find", "git", (*app).gitCommand},
		{"find", "sweep", (*app).sweepCommand},
		{"find", "vet", (*app).vetCommand},
		{"live", "rules", (*app).rulesCommand},
		{"live", "baseline", (*app).baselineCommand},
		{"live", "hook", (*app).hookCommand},
		{"live", "ci", (*app).ciCommand},
		{"live", "explain", (*app).explainCommand},
		{"live", "rotate", (*app).rotateCommand},
		{"live", "inventory", (*app).inventoryCommand},
		{"live", "mask", (*app).maskCommand},
		{"live", "lsp", (*app).lspCommand},
		{"about", "version", (*app).versionCommand},
		{"about", "man", (*app).manCommand},
	}
}

// helpCommand is cobra's help command, but for one thing: an unknown topic is an error.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Explain a command",
		GroupID: "about",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if c, _, err := root.Find(args); err == nil {
				for _, sub := range c.Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, sub.Name()+"\t"+sub.Short)
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("there is no command %q", strings.Join(args, " "))
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

// A usageError is a command line that cannot be obeyed.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// isCobraUsage reports the usage errors that cobra makes itself, which have no type to tell them by.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "accepts ", "requires ", "invalid argument",
		"if any flags in the group"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// printable is text with what may be a token masked, and control and bidi characters escaped, so that a name or an
// argument in an error shows no secret and cannot drive the terminal.
func printable(text string) string {
	var b strings.Builder
	for _, r := range finding.Discreet(text) {
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x61c, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e,
			r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
