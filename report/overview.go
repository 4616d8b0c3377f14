package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// overviewRows is how many tokens and how many files an overview names, the worst first.
const overviewRows = 15

// An overviewRow counts the findings that have something in common.
type overviewRow struct {
	name            string
	worst           rules.Severity
	findings        int
	files, tokens   map[string]bool
	kind, firstSeen string // of a token
}

func (r *overviewRow) add(f *finding.Finding) {
	r.findings++
	r.worst = max(r.worst, f.Severity)
	r.files[f.File] = true
	if id := identity(f); id != "" {
		r.tokens[id] = true
	}
}

// overview writes the findings in numbers: by rule, by token and by file.
func (t *text) overview(list []finding.Finding) {
	if len(list) == 0 {
		return
	}
	byRule := tabulate(list, func(f *finding.Finding) string { return string(f.Rule) })
	t.table("rules", byRule, len(byRule), func(r *overviewRow) string {
		return counts(r, r.tokens, "token") + ", " + plural(len(r.files), "file")
	})
	byToken := tabulate(list, identity)
	for _, r := range byToken {
		r.name = r.kind + " " + r.firstSeen
	}
	t.table("tokens", byToken, overviewRows, func(r *overviewRow) string { return counts(r, r.files, "file") })
	byRepository := tabulate(list, func(f *finding.Finding) string { return f.Repository })
	t.table("repositories", byRepository, overviewRows, func(r *overviewRow) string {
		return counts(r, r.tokens, "token") + ", " + plural(len(r.files), "file")
	})
	byFile := tabulate(list, func(f *finding.Finding) string { return f.File })
	t.table("files", byFile, overviewRows, func(r *overviewRow) string { return counts(r, r.tokens, "token") })
}

// counts is "3 findings, 2 files".
func counts(r *overviewRow, set map[string]bool, noun string) string {
	return plural(r.findings, "finding") + ", " + plural(len(set), noun)
}

// tabulate sorts findings into rows by a key, those without one left out, the worst row first.
func tabulate(list []finding.Finding, key func(*finding.Finding) string) []*overviewRow {
	rows := map[string]*overviewRow{}
	for i := range list {
		f := &list[i]
		k := key(f)
		if k == "" {
			continue
		}
		if rows[k] == nil {
			rows[k] = &overviewRow{name: k, worst: f.Severity, files: map[string]bool{}, tokens: map[string]bool{},
				kind: string(f.Kind), firstSeen: f.Shown()}
		}
		rows[k].add(f)
	}
	sorted := make([]*overviewRow, 0, len(rows))
	for _, r := range rows {
		sorted = append(sorted, r)
	}
	slices.SortFunc(sorted, func(a, b *overviewRow) int {
		return cmp.Or(cmp.Compare(b.worst, a.worst), cmp.Compare(b.findings, a.findings), strings.Compare(a.name, b.name))
	})
	return sorted
}

// table writes at most n rows under a title.
func (t *text) table(title string, rows []*overviewRow, n int, what func(*overviewRow) string) {
	if len(rows) == 0 {
		return
	}
	t.line(t.p.place.Sprint(title))
	var names, whats []string
	for _, r := range rows[:min(n, len(rows))] {
		names, whats = append(names, visible(r.name)), append(whats, what(r))
	}
	wide := 0
	for _, name := range names {
		wide = max(wide, min(t.cells.StringWidth(name), t.width*3/5))
	}
	for i, name := range names {
		severity := rows[i].worst
		lead := "  " + t.p.ofSeverity(severity).Sprint(fmt.Sprintf("%-8s", severity)) + "  "
		if at := t.cells.StringWidth(name); at <= wide {
			name += strings.Repeat(" ", wide-at)
		}
		t.flow([]string{lead + name, whats[i]}, "  ", 12)
	}
	if n < len(rows) {
		t.line("  and " + grouped(len(rows)-n) + " more")
	}
	t.line("")
}
