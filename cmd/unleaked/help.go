package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unleaked/unleaked/report"
)

// pipeColumns is how wide help is where no terminal says it.
const pipeColumns = 100

// columns is the width of what is written to a stream.
func (a *app) columns(w io.Writer) int {
	if n := report.Columns(w, a.env); n > 0 {
		return n
	}
	return pipeColumns
}

// help writes what a command's help says, as wide as the terminal.
func (a *app) help(c *cobra.Command) {
	width := a.columns(a.out)
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	fmt.Fprint(a.out, paragraphs(long, width)+"\n"+usage(c, width))
}

// usage is the part of a command's help that lists what it takes.
func usage(c *cobra.Command, width int) string {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if c.Runnable() && !c.HasAvailableSubCommands() {
		b.WriteString(hang("  ", c.UseLine(), 6, width))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("  " + c.CommandPath() + " COMMAND\n")
	}
	if len(c.Aliases) > 0 {
		b.WriteString("\nAliases:\n" + hang("  ", c.NameAndAliases(), 2, width))
	}
	if c.Example != "" {
		b.WriteString("\nExamples:\n" + c.Example + "\n")
	}
	subcommands(&b, c, width)
	flagList(&b, "Flags:", c.LocalFlags(), width)
	flagList(&b, "Common flags:", c.InheritedFlags(), width)
	if c.HasAvailableSubCommands() {
		b.WriteString("\n" + hang("", "'"+c.CommandPath()+" COMMAND --help' says more of one.", 0, width))
	}
	return b.String()
}

// subcommands lists the commands below one, by group.
func subcommands(b *strings.Builder, c *cobra.Command, width int) {
	if !c.HasAvailableSubCommands() {
		return
	}
	groups := append(c.Groups(), &cobra.Group{Title: "Commands:"})
	for _, g := range groups {
		title := "\n" + g.Title + "\n"
		for _, sub := range c.Commands() {
			if sub.GroupID != g.ID || !sub.IsAvailableCommand() && sub.Name() != "help" {
				continue
			}
			b.WriteString(title)
			title = ""
			lead := fmt.Sprintf("  %-*s  ", sub.NamePadding(), sub.Name())
			b.WriteString(hang(lead, sub.Short, len(lead), width))
		}
	}
}

func flagList(b *strings.Builder, title string, flags *pflag.FlagSet, width int) {
	if flags.HasAvailableFlags() {
		b.WriteString("\n" + title + "\n" + flags.FlagUsagesWrapped(width))
	}
}

// paragraphs breaks a text into lines of at most width columns, paragraph by paragraph. One that is indented is a table
// of two columns, with more than one blank between them.
func paragraphs(text string, width int) string {
	list := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range list {
		if !strings.HasPrefix(p, "  ") {
			list[i] = hang("", p, 0, width)
			continue
		}
		list[i] = ""
		for line := range strings.SplitSeq(p, "\n") {
			_, text, _ := strings.Cut(strings.TrimSpace(line), "  ")
			text = strings.TrimLeft(text, " ")
			lead := strings.TrimSuffix(line, text)
			list[i] += hang(lead, text, utf8.RuneCountInString(lead), width)
		}
	}
	return strings.Join(list, "\n")
}

// hang is a text behind a lead, in lines of at most width columns, the later ones indented. A word that is longer than
// a line stays whole.
func hang(lead, text string, indent, width int) string {
	var b strings.Builder
	b.WriteString(lead)
	column, first := utf8.RuneCountInString(lead), true
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case first:
		case column+1+n > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column, first = column+n, false
	}
	return strings.TrimRight(b.String(), " ") + "\n"
}
