package main

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// everyCommand calls f with each command that help knows.
func everyCommand(f func(*cobra.Command)) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		f(c)
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				walk(sub)
			}
		}
	}
	walk(newApp(nil, nil, nil, func(string) string { return "" }).command(nil))
}

// Help fits the terminal; only what is to be copied may be wider.
func TestHelpFitsTheTerminal(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		for _, width := range []int{60, 80, 120} {
			var out, errs bytes.Buffer
			a := newApp(nil, &out, &errs, func(name string) string {
				if name == "COLUMNS" {
					return strconv.Itoa(width)
				}
				return ""
			})
			path := strings.Fields(c.CommandPath())[1:]
			if status := a.run(context.Background(), append(path, "--help")); status != 0 {
				t.Fatalf("%s --help ends with %d: %s", c.CommandPath(), status, &errs)
			}
			text, _, _ := strings.Cut(out.String(), "\nExamples:\n")
			_, after, _ := strings.Cut(out.String(), "\nFlags:\n")
			for _, line := range strings.Split(text+after, "\n") {
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%s --help at %d columns has a line of %d: %q", c.CommandPath(), width, n, line)
				}
			}
		}
	})
}

// Every command shows how it is used, and no flag's text has line breaks of its own.
func TestHelpHasExamples(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		if c.Name() == "help" || c.Parent() != nil && c.Parent().Name() == "completion" {
			return
		}
		if c.Example == "" && c.HasParent() && c.Name() != "completion" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			if !strings.HasPrefix(line, "  ") {
				t.Errorf("%s: the example %q is not indented", c.CommandPath(), line)
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if strings.Contains(f.Usage, "\n") {
				t.Errorf("%s --%s: its text breaks lines itself", c.CommandPath(), f.Name)
			}
		})
	})
}

// flagsOf are the commands that a flag means something for, where it does not for all that scan.
var flagsOf = map[string][]string{
	"ignored":     {"scan", "rotate", "baseline write", "baseline prune"},
	"verify":      {"scan", "staged", "git", "sweep", "ci github", "ci gitlab", "ci range", "explain", "rotate"},
	"suppressed":  {"scan", "staged", "git", "sweep", "hook run", "ci gitlab", "ci range"},
	"fail-closed": {"hook agent"},
}

// A flag that means nothing for a command is not offered there.
func TestFlagsBelongToTheirCommands(t *testing.T) {
	everyCommand(func(c *cobra.Command) {
		path := strings.TrimPrefix(c.CommandPath(), "unleaked ")
		for flag, commands := range flagsOf {
			if offered := c.Flags().Lookup(flag) != nil; offered != slices.Contains(commands, path) {
				t.Errorf("%s offers --%s: %t", c.CommandPath(), flag, offered)
			}
		}
	})
}

func TestHang(t *testing.T) {
	for _, row := range []struct {
		lead, text    string
		indent, width int
		want          string
	}{
		{"", "one two three", 0, 7, "one two\nthree\n"},
		{"- ", "one two three", 2, 9, "- one two\n  three\n"},
		{"x: ", "averylongwordindeed b", 1, 5, "x: averylongwordindeed\n b\n"},
		{"", "", 0, 10, "\n"},
		{"", "päper ünder", 0, 11, "päper ünder\n"},
	} {
		if got := hang(row.lead, row.text, row.indent, row.width); got != row.want {
			t.Errorf("hang(%q, %q, %d, %d) = %q, want %q", row.lead, row.text, row.indent, row.width, got, row.want)
		}
	}
}

func TestProgressLine(t *testing.T) {
	for _, row := range []struct {
		done, total, width int
		want               string
	}{
		{12, 0, 80, "12  5 kB"},
		{5, 10, 80, strings.Repeat("█", 20) + strings.Repeat("░", 20) + "  5 of 10  5 kB"},
		{10, 10, 80, strings.Repeat("█", 40) + "  10 of 10  5 kB"},
		{11, 10, 80, strings.Repeat("█", 40) + "  11 of 10  5 kB"}, // a folder has grown
		{5, 10, 30, strings.Repeat("█", 7) + strings.Repeat("░", 7) + "  5 of 10  5 kB"},
		{5, 10, 20, "5 of 10  5 kB"},
		{5, 10, 12, ""},
	} {
		got := progressLine(row.done, row.total, 5000, row.width)
		if got != row.want {
			t.Errorf("%d of %d at %d columns: %q, want %q", row.done, row.total, row.width, got, row.want)
		}
		if utf8.RuneCountInString(got) >= row.width {
			t.Errorf("%q does not fit into %d columns", got, row.width)
		}
	}
}
