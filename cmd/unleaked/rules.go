package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/export"
	"github.com/unleaked/unleaked/rules"
)

func (a *app) rulesCommand() *cobra.Command {
	var format, peer string
	c := &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules, or explain one",
		Long: `List every rule with its severity, or explain one: why it matters, how to fix it, and examples of text that it
speaks about and text that it leaves alone.

With --export write the token formats as rules of another scanner. Their head says what is lost in them: whether a
token is secret or public, misuse, and all that only the place of a text tells.`,
		Example: `  unleaked rules
  unleaked rules secret-in-frontend
  unleaked rules --export gitleaks > unleash.toml
  unleaked rules --format json`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, r := range rules.All() {
				names = append(names, string(r.ID)+"\t"+r.Title)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if peer != "" {
				if len(args) > 0 {
					return usagef("--export takes no rule: all formats are exported")
				}
				if export.File(peer) == "" {
					return usagef("--export is one of %s, not %q", strings.Join(export.Peers(), ", "), peer)
				}
				return export.Write(a.out, peer)
			}
			list := rules.All()
			if len(args) == 1 {
				r, ok := rules.Lookup(rules.RuleID(args[0]))
				if !ok {
					return usagef("no rule is called %q: 'unleaked rules' lists them%s", args[0], nearest(args[0]))
				}
				list = []rules.Rule{r}
			}
			switch {
			case format == "json":
				return rulesJSON(a.out, list)
			case format == "markdown" && len(args) == 0:
				return rulesMarkdown(a.out, list)
			case format == "markdown":
				return ruleMarkdown(a.out, list[0])
			case format != "text":
				return usagef("--format is text, json or markdown here, not %q", format)
			case len(args) == 0:
				return rulesTable(a.out, list, a.columns(a.out))
			}
			return ruleText(a.out, list[0], a.columns(a.out))
		},
	}
	c.Flags().StringVarP(&format, "format", "f", "text", "`FORMAT`: text, json or markdown")
	c.Flags().StringVar(&peer, "export", "", "write rules for `PEER`: "+strings.Join(export.Peers(), ", "))
	_ = c.RegisterFlagCompletionFunc("export", cobra.FixedCompletions(export.Peers(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// nearest is a hint at the rule whose name holds the text or is held by it, "" where there is none.
func nearest(text string) string {
	for _, r := range rules.All() {
		if id := string(r.ID); text != "" && (strings.Contains(id, text) || strings.Contains(text, id)) {
			return "; did you mean " + id + "?"
		}
	}
	return ""
}

// rulesTable writes a line for each rule. Where the columns do not fit beside one another, the title goes below.
func rulesTable(w io.Writer, list []rules.Rule, width int) error {
	var b strings.Builder
	wide := 0
	for _, r := range list {
		wide = max(wide, len(r.ID))
	}
	const severityWidth = len("critical")
	indent := len("  ") + wide + len("  ") + severityWidth + len("  ")
	for _, group := range ruleGroups {
		fmt.Fprintf(&b, "%s\n", group.title)
		for _, r := range list {
			if !group.holds(r) {
				continue
			}
			line := fmt.Sprintf("  %-*s  %-*s", wide, r.ID, severityWidth, r.Severity.String())
			if room := width - indent; room >= 30 {
				b.WriteString(hang(line+"  ", r.Title, indent, width))
			} else {
				b.WriteString(strings.TrimRight(line, " ") + "\n" + hang("    ", r.Title, 4, width))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("'unleaked rules RULE' explains one.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// A ruleGroup is a part of the catalogue.
type ruleGroup struct {
	class, title, about string
	holds               func(rules.Rule) bool
}

// ruleGroups are the parts of the catalogue, in the order in which it is shown.
var ruleGroups = []ruleGroup{
	{"exposure", "Exposure", "A credential stands in text that others can read. Exactly one of these applies to each occurrence.",
		func(r rules.Rule) bool { return !r.Misuse && !r.AnalyzerOnly }},
	{"misuse", "Misuse", "A credential is used where it must not be, or a setting asks for that.",
		func(r rules.Rule) bool { return r.Misuse && !r.AnalyzerOnly }},
	{"go", "Go code", "Only `unleaked vet`, the go/analysis pass, reports these: they need the types of the program.",
		func(r rules.Rule) bool { return r.AnalyzerOnly }},
}

func ruleText(w io.Writer, r rules.Rule, width int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n%s\n%s\n%s", r.ID, r.Severity, hang("", r.Title+".", 0, width), hang("", r.Why, 0, width),
		hang("Fix: ", r.Fix, 0, width))
	for _, group := range []struct {
		title   string
		samples []rules.Sample
	}{{"Reported", r.Bad}, {"Left alone", r.Good}} {
		for _, s := range group.samples {
			s = s.Shown()
			b.WriteString("\n" + hang(group.title+": ", s.Note, 0, width))
			for _, f := range s.Files {
				fmt.Fprintf(&b, "\n  %s\n", f.Path)
				for _, line := range strings.Split(strings.TrimSuffix(f.Text, "\n"), "\n") {
					fmt.Fprintf(&b, "    %s\n", line)
				}
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func rulesMarkdown(w io.Writer, list []rules.Rule) error {
	var b strings.Builder
	b.WriteString("# Rules\n\n<!-- Generated by `go generate ./cmd/unleaked`. Edit the rows in rules/rules*.go instead. -->\n\n")
	b.WriteString("An occurrence of a credential gives one finding. Its `rule` is the most severe one that applies, `also` lists the others.\n")
	for _, group := range ruleGroups {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| rule | severity | what |\n|---|---|---|\n", group.title, group.about)
		for _, r := range list {
			if group.holds(r) {
				fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Title)
			}
		}
	}
	b.WriteString("\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	for i, r := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := ruleMarkdown(w, r); err != nil {
			return err
		}
	}
	return nil
}

func ruleMarkdown(w io.Writer, r rules.Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n**%s.** Severity %s", r.ID, r.Title, r.Severity)
	for i, cwe := range r.CWE {
		sep := ", "
		if i == 0 {
			sep = " · "
		}
		fmt.Fprintf(&b, "%s[CWE-%d](https://cwe.mitre.org/data/definitions/%d.html)", sep, cwe, cwe)
	}
	fmt.Fprintf(&b, ".\n\n%s\n\n**Fix.** %s\n", r.Why, r.Fix)
	for _, group := range []struct {
		title   string
		samples []rules.Sample
	}{{"Reported", r.Bad}, {"Left alone", r.Good}} {
		for _, s := range group.samples {
			s = s.Shown()
			fmt.Fprintf(&b, "\n%s: %s\n", group.title, s.Note)
			for _, f := range s.Files {
				fence := "```"
				for strings.Contains(f.Text, fence) {
					fence += "`"
				}
				fmt.Fprintf(&b, "\n`%s`\n%s\n%s\n%s\n", f.Path, fence, strings.TrimSuffix(f.Text, "\n"), fence)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func rulesJSON(w io.Writer, list []rules.Rule) error {
	type row struct {
		ID       rules.RuleID   `json:"id"`
		Severity rules.Severity `json:"severity"`
		Title    string         `json:"title"`
		Why      string         `json:"why"`
		Fix      string         `json:"fix"`
		Class    string         `json:"class"` // exposure, misuse or go
		CWE      []int          `json:"cwe"`
	}
	rows := []row{}
	for _, r := range list {
		class := ruleGroups[slices.IndexFunc(ruleGroups, func(g ruleGroup) bool { return g.holds(r) })].class
		rows = append(rows, row{r.ID, r.Severity, r.Title, r.Why, r.Fix, class, append([]int{}, r.CWE...)})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(rows)
}
