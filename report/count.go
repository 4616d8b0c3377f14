package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// plural is "1 file", "2 files".
func plural(n int, name string) string {
	if n != 1 {
		name += "s"
	}
	return grouped(n) + " " + name
}

// grouped is a number with commas between the thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size is a number of bytes as people read it.
func size(n int64) string {
	const kB = 1000
	switch {
	case n < kB:
		return fmt.Sprintf("%d B", n)
	case n < 10*kB*kB:
		if n < kB*kB {
			return fmt.Sprintf("%.0f kB", float64(n)/kB)
		}
		return fmt.Sprintf("%.1f MB", float64(n)/kB/kB)
	case n < kB*kB*kB:
		return fmt.Sprintf("%.0f MB", float64(n)/kB/kB)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/kB/kB/kB)
}

func duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", max(1, d.Milliseconds()))
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// A tally counts a list of findings.
type tally struct {
	severities [rules.Critical + 1]int
	files      int
	kinds      []kindCount // of distinct credentials, most first
	tokens     int
}

type kindCount struct {
	kind  rules.Kind
	count int
}

func count(findings []finding.Finding) tally {
	var t tally
	files := map[string]bool{}
	tokens := map[string]rules.Kind{}
	for i := range findings {
		f := &findings[i]
		if f.Severity >= 0 && f.Severity <= rules.Critical {
			t.severities[f.Severity]++
		}
		files[f.File] = true
		if id := identity(f); id != "" {
			tokens[id] = f.Kind
		}
	}
	t.files, t.tokens = len(files), len(tokens)
	kinds := map[rules.Kind]int{}
	for _, k := range tokens {
		kinds[k]++
	}
	for k, n := range kinds {
		t.kinds = append(t.kinds, kindCount{k, n})
	}
	slices.SortFunc(t.kinds, func(a, b kindCount) int {
		return cmp.Or(b.count-a.count, strings.Compare(string(a.kind), string(b.kind)))
	})
	return t
}

// identity tells credentials apart: by their text, by what a sweep knows of it, or where only a report is at hand by
// their fingerprint. It is "" of a setting without one.
func identity(f *finding.Finding) string {
	switch {
	case !f.Secret.IsZero():
		return f.Secret.Reveal()
	case f.Identity != "":
		return f.Identity
	case f.Redacted != "":
		return f.Fingerprint
	}
	return ""
}

// severityCounts is "1 critical, 2 high".
func (t *tally) severityCounts() string {
	var parts []string
	for s := rules.Critical; s >= rules.Info; s-- {
		if n := t.severities[s]; n > 0 {
			parts = append(parts, grouped(n)+" "+s.String())
		}
	}
	return strings.Join(parts, ", ")
}

// tokenCounts is "3 tokens (2 backend, 1 admin)", the kinds left out where there is one token only.
func (t *tally) tokenCounts() string {
	s := plural(t.tokens, "token")
	if t.tokens < 2 {
		return s
	}
	var parts []string
	for _, k := range t.kinds {
		parts = append(parts, grouped(k.count)+" "+string(k.kind))
	}
	return s + " (" + strings.Join(parts, ", ") + ")"
}

// unread says that things were not read.
func unread(n int) string { return plural(n, "thing") + " could not be read" }

// unlisted says what was found and not listed.
func unlisted(r *finding.Result) []string {
	var parts []string
	if r.PublicHidden > 0 {
		s := plural(r.PublicHidden, "public credential") + " not listed (--public)"
		switch {
		case r.PublicByUse == r.PublicHidden && r.PublicHidden == 1:
			s += ", public by its use alone"
		case r.PublicByUse > 0:
			s += fmt.Sprintf(", %s of them public by their use alone", grouped(r.PublicByUse))
		}
		parts = append(parts, s)
	}
	if r.ExamplesHidden > 0 {
		parts = append(parts, plural(r.ExamplesHidden, "documented example")+" not listed (--examples)")
	}
	if n := len(r.Suppressed); n > 0 {
		parts = append(parts, plural(n, "finding")+" suppressed")
	}
	if n := r.Coverage.Elsewhere; n > 0 {
		parts = append(parts, plural(n, "thing")+" without content here (see the notes)")
	}
	if n := len(r.Coverage.Accepted); n > 0 {
		parts = append(parts, plural(n, "unread thing")+" accepted")
	}
	return parts
}

const separator = " · "

// read says what was read: "812 files, 5.1 MB".
func read(r *finding.Result) string {
	c := r.Coverage
	var parts []string
	if n := len(r.Repositories); n == 1 {
		parts = append(parts, "1 repository")
	} else if n > 1 {
		parts = append(parts, grouped(n)+" repositories")
	}
	if c.Objects > 0 || c.Commits > 0 {
		s := plural(c.Objects, "object")
		if c.Commits > 0 {
			s += " of " + plural(c.Commits, "commit")
		}
		parts = append(parts, s)
	}
	if c.Files > 0 || c.Objects+c.Commits == 0 {
		parts = append(parts, plural(c.Files, "file"))
	}
	return strings.Join(append(parts, size(c.Bytes)), ", ")
}

// worst are the findings with the most severe first, in their order otherwise, and at most n of them.
func worst(findings []finding.Finding, n int) []finding.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
	return sorted[:min(n, len(sorted))]
}

// listed are the findings that a report lists.
func listed(r *finding.Result, o Options) []finding.Finding {
	if o.Suppressed {
		return slices.Concat(r.Findings, r.Suppressed)
	}
	return r.Findings
}

// nothing begins the line of a scan that found nothing. What was not read may hold something: partial is never clean.
func nothing(r *finding.Result) string {
	if !r.Complete() {
		return "Incomplete scan; nothing was found in "
	}
	return "No leaked or misused Unleash token in "
}
