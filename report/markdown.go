package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/unleaked/unleaked/finding"
)

// maxSummary keeps a report below the 1 MiB that GitHub takes for a step's summary.
const maxSummary = 900 << 10

// writeMarkdown writes a report for a step's summary or a comment: a table of the findings, the worst first, and how to
// fix them.
func writeMarkdown(w io.Writer, r *finding.Result, o Options) error {
	var b bytes.Buffer
	all := worst(listed(r, o), len(r.Findings)+len(r.Suppressed))
	c := count(r.Findings)
	b.WriteString("## Unleash tokens\n\n")
	if len(r.Findings) == 0 {
		fmt.Fprintf(&b, "%s%s.\n", nothing(r), read(r))
	} else {
		fmt.Fprintf(&b, "**%s** in %s%s%s. %s read.\n", c.severityCounts(), plural(c.files, "file"), separator,
			c.tokenCounts(), read(r))
	}
	if hidden := unlisted(r); len(hidden) > 0 {
		fmt.Fprintf(&b, "\n%s.\n", strings.Join(hidden, separator))
	}
	if n := len(r.Coverage.Skipped); n > 0 {
		fmt.Fprintf(&b, "\n**The scan is incomplete: %s.**\n\n", unread(n))
		for _, s := range r.Coverage.Skipped[:min(n, 20)] {
			fmt.Fprintf(&b, "- %s: %s\n", codeSpan(s.What), codeSpan(s.Why))
		}
		if n > 20 {
			fmt.Fprintf(&b, "- and %s more\n", grouped(n-20))
		}
	}
	if len(all) > 0 {
		b.WriteString("\n| severity | rule | where | token | why |\n| --- | --- | --- | --- | --- |\n")
		fixes, seen := []string{}, map[string]bool{}
		for i := range all {
			f := &all[i]
			row := markdownRow(f, o)
			if b.Len()+len(row) > maxSummary {
				fmt.Fprintf(&b, "\nand %s more: the summary is full.\n", grouped(len(all)-i))
				break
			}
			b.WriteString(row)
			if fix := fmt.Sprintf("- **%s**: %s\n", f.Rule, entities(f.Fix)); f.Fix != "" && !seen[fix] {
				seen[fix] = true
				fixes = append(fixes, fix)
			}
		}
		if text := strings.Join(fixes, ""); text != "" && b.Len()+len(text) < maxSummary {
			b.WriteString("\n### Fix\n\n" + text)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func markdownRow(f *finding.Finding, o Options) string {
	where := f.File
	if f.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	why := []string{entities(f.Message)}
	if git := gitText(f); git != "" {
		why = append(why, entities(git))
	}
	commit := o.Revision
	if f.Git != nil && f.Git.Commit != "" {
		commit = f.Git.Commit
	}
	for _, p := range f.Evidence {
		why = append(why, linked(codeSpan(fmt.Sprintf("%s:%d", p.File, p.Line)), o.link(commit, p.File, p.Line))+" "+
			entities(p.Text))
	}
	if f.Suppressed != nil {
		why = append(why, "suppressed: "+entities(f.Suppressed.Reason))
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", f.Severity, joinRules(f.Rules()),
		linked(codeSpan(where), o.link(commit, f.File, f.Line)),
		codeSpan(f.Shown()), strings.Join(why, "<br>"))
}

// codeSpan shows a text as code. Backticks cannot be escaped between backticks, HTML can.
func codeSpan(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + entities(s) + "</code>"
}

// entities is a text in which nothing is Markdown, HTML or a mention any more.
func entities(s string) string {
	s = visible(s)
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 0x80, '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z',
			strings.ContainsRune(" ./,;()'\"-", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}
