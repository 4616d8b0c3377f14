package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// annotations is how many of each level GitHub shows for a step; what is beyond goes into the log as plain lines.
const annotations = 10

// writeGitHub writes the workflow commands that GitHub Actions turns into annotations, the worst findings first, and a
// summary for the log.
func writeGitHub(w io.Writer, r *finding.Result, o Options) error {
	b := bufio.NewWriter(w)
	written := map[string]int{}
	all := worst(listed(r, o), len(r.Findings)+len(r.Suppressed))
	for i := range all {
		f := &all[i]
		command := githubLevel(f.Severity)
		if written[command]++; written[command] <= annotations {
			fmt.Fprintln(b, annotation(command, f))
			continue
		}
		fmt.Fprintln(b, harmless(fmt.Sprintf("%s:%d:%d  %s  %s  %s", visible(f.File), f.Line, f.Column, f.Severity,
			joinRules(f.Rules()), visible(f.Message))))
	}
	for _, s := range r.Coverage.Skipped[:min(annotations, len(r.Coverage.Skipped))] {
		fmt.Fprintln(b, "::warning title=Not read::"+commandData(visible(s.What)+": "+visible(s.Why)))
	}
	c := count(r.Findings)
	line := []string{nothing(r) + read(r)}
	if len(r.Findings) > 0 {
		line = []string{c.severityCounts() + " in " + plural(c.files, "file"), read(r)}
	}
	if n := len(r.Coverage.Skipped); n > 0 {
		line = append(line, unread(n))
	}
	fmt.Fprintln(b, strings.Join(append(line, unlisted(r)...), separator))
	return b.Flush()
}

func githubLevel(s rules.Severity) string {
	switch level(s) {
	case "error":
		return "error"
	case "warning":
		return "warning"
	}
	return "notice"
}

func annotation(command string, f *finding.Finding) string {
	properties := []string{"file=" + commandProperty(visible(f.File))}
	if line, ok := lineNow(f); ok {
		properties = append(properties, fmt.Sprintf("line=%d", line), fmt.Sprintf("endLine=%d",
			line+max(0, f.EndLine-f.Line)))
		// GitHub takes columns only where the annotation is one line.
		if f.Column > 0 && f.EndLine <= f.Line {
			properties = append(properties, fmt.Sprintf("col=%d", f.Column), fmt.Sprintf("endColumn=%d",
				max(f.Column+1, f.EndColumn)))
		}
	}
	title := string(f.Rule)
	if r, ok := rules.Lookup(f.Rule); ok {
		title = r.Title + " (" + string(f.Rule) + ")"
	}
	properties = append(properties, "title="+commandProperty(title))
	text := visible(f.Message)
	if git := gitText(f); git != "" {
		text += "\n" + visible(git)
	}
	for _, p := range f.Evidence {
		text += fmt.Sprintf("\n%s:%d: %s", visible(p.File), p.Line, visible(p.Text))
	}
	text += "\n" + visible(f.Fix)
	return "::" + command + " " + strings.Join(properties, ",") + "::" + commandData(text)
}

// lineNow is the line of a finding in the files as they are now: those that a range ends in. ok is false where the line
// is gone, or there is none.
func lineNow(f *finding.Finding) (line int, ok bool) {
	if g := f.Git; g != nil && g.Tip != "" {
		return g.TipLine, g.TipLine > 0
	}
	return f.Line, f.Line > 0
}

var (
	dataEscaper     = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A") })
	propertyEscaper = sync.OnceValue(func() *strings.Replacer {
		return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	})
)

func commandData(s string) string     { return dataEscaper().Replace(s) }
func commandProperty(s string) string { return propertyEscaper().Replace(s) }
