// Package cobra stands in for github.com/spf13/cobra: its commands and flags, without what they do.
package cobra

// A Command has flags and something to run.
type Command struct {
	Use  string
	RunE func(cmd *Command, args []string) error
}

// A FlagSet defines flags.
type FlagSet struct{}

// Flags returns the command's flags.
func (c *Command) Flags() *FlagSet { return &FlagSet{} }

// Execute runs the command.
func (c *Command) Execute() error { return nil }

// StringVar defines a flag whose value goes to p.
func (f *FlagSet) StringVar(p *string, name, value, usage string) { *p = value }
