package main

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// overLimit is the problem of an entry whose only sample tells how long it was given.
const overLimit = "over the limit"

// A summary is what the runs of one program come to.
type summary struct {
	wall, cpu figure
	memory    int64   // of the largest run, in bytes
	spread    float64 // from the shortest to the longest run, as a part of the median
}

// A figure is told twice: the median is what one may expect, the minimum what other work on the machine disturbed
// least.
type figure struct{ median, least time.Duration }

func summarize(samples []sample) summary {
	var s summary
	if len(samples) == 0 {
		return s
	}
	walls := column(samples, func(s sample) time.Duration { return s.wall })
	s.wall = figureOf(walls)
	s.cpu = figureOf(column(samples, func(s sample) time.Duration { return s.cpu }))
	for _, one := range samples {
		s.memory = max(s.memory, one.memory)
	}
	if s.wall.median > 0 {
		s.spread = float64(walls[len(walls)-1]-walls[0]) / float64(s.wall.median)
	}
	return s
}

// column is one figure of all samples, sorted.
func column(samples []sample, of func(sample) time.Duration) []time.Duration {
	var values []time.Duration
	for _, s := range samples {
		values = append(values, of(s))
	}
	slices.Sort(values)
	return values
}

func figureOf(sorted []time.Duration) figure {
	n := len(sorted)
	return figure{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0]}
}

// report is the Markdown of all results.
func report(results []result, found map[string]program, pace pace) string {
	var b strings.Builder
	writeSetting(&b, results, found, pace)
	for _, r := range results {
		b.WriteString("\n")
		writeResult(&b, r)
	}
	fmt.Fprintf(&b, "\nPATTERN is\n\n```\n%s\n```\n\nand SHORT is\n\n```\n%s\n```\n", pattern, shortPattern)
	return b.String()
}

func writeSetting(b *strings.Builder, results []result, found map[string]program, pace pace) {
	var present, absent []string
	seen := map[string]bool{}
	for _, r := range results {
		for _, o := range r.outcomes {
			name := o.entry.program
			if seen[name] {
				continue
			}
			seen[name] = true
			if p, ok := found[name]; ok {
				present = append(present, strings.TrimSpace(name+" "+p.version))
			} else {
				absent = append(absent, name)
			}
		}
	}
	fmt.Fprintf(b, "Programs: %s. Built with %s for %s, on %d processors.\n", strings.Join(present, ", "),
		runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH, runtime.NumCPU())
	if len(absent) > 0 {
		fmt.Fprintf(b, "Not measured, because not installed: %s.\n", strings.Join(absent, ", "))
	}
	fmt.Fprintf(b, "\nEvery program ran up to %d times in turns with the others (five times as often for staged changes), and was not started again once it had taken %s.\n"+
		"Times are multiples of unleaked's: above 1 the other program takes longer, below 1 **unleaked is slower**. The first number\n"+
		"compares medians, the one in brackets the shortest runs.\n", pace.runs, pace.budget)
}

func writeResult(b *strings.Builder, r result) {
	fmt.Fprintf(b, "### %s: %s\n\n%s\n", r.contest.title, r.place.name, r.contest.question)
	if c := r.report.Coverage; c.Bytes > 0 {
		b.WriteString("Unleaked read ")
		if c.Objects > 0 {
			fmt.Fprintf(b, "%d objects, %d of them commits", c.Objects, c.Commits)
		} else {
			fmt.Fprintf(b, "%d files", c.Files)
		}
		fmt.Fprintf(b, ", %s unpacked", megabytes(c.Bytes))
		if n := len(c.Skipped); n > 0 {
			fmt.Fprintf(b, ", and lists %d that it did not read, or not to the end", n)
		}
		b.WriteString(".\n")
	}
	b.WriteString("\n| | program | wall time | processor time | peak memory | tokens found | runs | spread |\n|-|-|-:|-:|-:|-:|-:|-:|\n")
	ours := summarize(r.outcomes[0].samples)
	for i, o := range r.outcomes {
		fmt.Fprintf(b, "| %d | %s | %s |\n", i+1, label(o.entry), strings.Join(cells(o, ours), " | "))
	}
	b.WriteString("\n")
	for _, line := range conclusions(r) {
		fmt.Fprintf(b, "- %s\n", line)
	}
	b.WriteString("\n```sh\n")
	for _, o := range r.outcomes {
		fmt.Fprintf(b, "%s\n", shown(o.entry))
	}
	b.WriteString("```\n")
}

// label names an entry in a table.
func label(e entry) string {
	name := e.program
	if e.program == "git" {
		for _, verb := range []string{"cat-file", "log", "diff"} {
			if slices.Contains(e.args, verb) {
				name = "git " + verb
			}
		}
	}
	if e.note != "" {
		name += ": " + e.note
	}
	return name
}

func cells(o outcome, ours summary) []string {
	if o.problem != "" {
		told := o.problem
		if o.problem == overLimit && len(o.samples) > 0 && ours.wall.median > 0 {
			told = "more than " + ratio(o.samples[0].wall, ours.wall.median) + ", then stopped"
		}
		return []string{told, "", "", "", "", ""}
	}
	s := summarize(o.samples)
	hits := ""
	if o.entry.count != nil {
		hits = fmt.Sprint(o.hits)
	}
	return []string{against(s.wall, ours.wall), against(s.cpu, ours.cpu), megabytes(s.memory), hits,
		fmt.Sprint(len(o.samples)), fmt.Sprintf("%.0f %%", 100*s.spread)}
}

func against(theirs, ours figure) string {
	return ratio(theirs.median, ours.median) + " (" + ratio(theirs.least, ours.least) + ")"
}

// ratio has about three digits that count.
func ratio(a, b time.Duration) string {
	if b == 0 {
		return "?"
	}
	q := float64(a) / float64(b)
	switch {
	case q < 0.1:
		return fmt.Sprintf("%.2g", q)
	case q < 10:
		return fmt.Sprintf("%.2f", q)
	case q < 100:
		return fmt.Sprintf("%.1f", q)
	}
	return fmt.Sprintf("%.0f", q)
}

func megabytes(n int64) string {
	if n == 0 {
		return "?"
	}
	return fmt.Sprintf("%d MB", max(1, (n+500_000)/1_000_000))
}

// conclusions say in words what a reader would look for in the table, losses first.
func conclusions(r result) []string {
	if r.outcomes[0].problem != "" || len(r.outcomes[0].samples) == 0 {
		return []string{"unleaked " + cmp.Or(r.outcomes[0].problem, "was not run") + ": nothing can be said."}
	}
	ours := summarize(r.outcomes[0].samples)
	var slower, hungrier, faster []string
	extra := ""
	for i, o := range r.outcomes[1:] {
		if o.problem != "" || len(o.samples) == 0 {
			continue
		}
		s := summarize(o.samples)
		name := fmt.Sprintf("%s (row %d)", o.entry.program, i+2)
		if s.wall.median < ours.wall.median {
			slower = append(slower, "it takes "+ratio(ours.wall.median, s.wall.median)+" times as long as "+name)
		} else {
			faster = append(faster, ratio(ours.wall.median, s.wall.median)+" of "+name)
		}
		if s.memory > 0 && s.memory < ours.memory {
			hungrier = append(hungrier, name)
		}
		if slices.Contains(o.entry.args, "diff") {
			more := (ours.wall.median - s.wall.median).Round(time.Millisecond)
			extra = fmt.Sprintf("Over git alone, unleaked adds %s to a commit here.", more)
		}
	}
	var lines []string
	if len(slower) > 0 {
		lines = append(lines, "Unleaked is slower: "+strings.Join(slower, ", ")+".")
	}
	if len(hungrier) > 0 {
		lines = append(lines, "Unleaked needs more memory than "+strings.Join(hungrier, ", ")+".")
	}
	if len(faster) > 0 {
		lines = append(lines, "Unleaked takes "+strings.Join(faster, ", ")+".")
	}
	if extra != "" {
		lines = append(lines, extra)
	}
	return lines
}

// shown is the command of an entry, as one would type it.
func shown(e entry) string {
	words := []string{e.program}
	for _, a := range e.args {
		if strings.ContainsAny(a, " !*$'\"()[]{}") {
			a = "'" + a + "'"
		}
		words = append(words, a)
	}
	line := strings.Join(words, " ")
	if e.output {
		return line + " >REPORT"
	}
	if e.count == nil {
		return line + " >/dev/null"
	}
	return line
}
