package report

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// writeText writes the report that people read.
func writeText(w io.Writer, r *scanner.Result, o Options) error {
	t := &text{
		w: bufio.NewWriter(w), o: o, p: newPalette(o.Color), width: o.Width,
		fixes: map[string]string{}, cells: runewidth.Condition{},
	}
	if t.width <= 0 {
		t.width = 100
	}
	for _, f := range listed(r, o) {
		t.finding(&f)
	}
	t.summary(r)
	return t.w.Flush()
}

// A text is a text report on its way out. Lines go through line, which keeps them from being commands.
type text struct {
	w     *bufio.Writer
	o     Options
	p     palette
	width int
	fixes map[string]string // what was said already, and where
	cells runewidth.Condition
}

// line writes one line; the writer keeps the first error for Flush.
func (t *text) line(s string) {
	_, _ = t.w.WriteString(strings.TrimRight(harmless(s), " ") + "\n")
}

func (t *text) finding(f *scanner.Finding) {
	place := visible(f.File)
	if f.Line > 0 {
		place += fmt.Sprintf(":%d:%d", f.Line, max(1, f.Column))
	}
	head := t.p.place.Sprint(harmless(place)) + "  " + t.p.ofSeverity(f.Severity).Sprint(f.Severity) + "  " +
		joinRules(f.Rules())
	if len(f.Layers) > 0 {
		head += t.p.dim.Sprint("  in " + visible(strings.Join(f.Layers, ", ")))
	}
	t.line(head)
	for _, l := range t.wrap(visible(f.Message), t.width-2) {
		t.line("  " + harmless(l))
	}
	t.excerpt(f)
	if len(f.Excerpt) == 0 && f.Shown() != "" {
		t.labelled("is", []string{visible(f.Shown())})
	}
	t.labelled("why", t.places(f.Evidence))
	t.labelled("also", t.places(beyond(f.Related, f.Evidence)))
	t.labelled("git", t.git(f.Git))
	if t.o.Reveal && !f.Secret.IsZero() {
		t.labelled("is", []string{visible(f.Secret.Reveal())})
	}
	if s := f.Suppressed; s != nil {
		t.labelled("off", t.wrap(visible(fmt.Sprintf("suppressed at %s: %s", s.Where, s.Reason)), t.width-labelWidth))
	}
	t.fix(f, place)
	t.line("")
}

// labelWidth is how far the text behind a label stands from the left: two blanks, four letters, a blank.
const labelWidth = 7

func (t *text) labelled(label string, lines []string) {
	for i, l := range lines {
		if i > 0 {
			label = ""
		}
		t.line("  " + t.p.label.Sprint(fmt.Sprintf("%-4s", label)) + " " + l)
	}
}

// places are lines of two columns, the first as wide as its widest but not wider than readable.
func (t *text) places(list []scanner.Place) []string {
	const most = 40
	var wheres []string
	wide := 0
	for _, p := range list {
		s := visible(p.File)
		if p.Line > 0 {
			s += ":" + strconv.Itoa(p.Line)
		}
		wheres = append(wheres, s)
		if n := t.cells.StringWidth(s); n <= most {
			wide = max(wide, n)
		}
	}
	var out []string
	for i, p := range list {
		what := t.wrap(visible(p.Text), max(30, t.width-labelWidth-wide-2))
		at := t.cells.StringWidth(wheres[i])
		if at > most { // the text goes below it
			out = append(out, t.p.dim.Sprint(wheres[i]))
			for _, l := range what {
				out = append(out, strings.Repeat(" ", wide+2)+l)
			}
			continue
		}
		for j, l := range what {
			if j == 0 {
				out = append(out, t.p.dim.Sprint(wheres[i])+strings.Repeat(" ", wide-at+2)+l)
			} else {
				out = append(out, strings.Repeat(" ", wide+2)+l)
			}
		}
	}
	return out
}

// beyond are the places of a list that do not stand in another.
func beyond(list, other []scanner.Place) []scanner.Place {
	return slices.DeleteFunc(slices.Clone(list), func(p scanner.Place) bool {
		return slices.ContainsFunc(other, func(q scanner.Place) bool { return p.File == q.File && p.Line == q.Line })
	})
}

func (t *text) git(g *scanner.GitPlace) []string {
	if g == nil {
		return nil
	}
	var parts []string
	if g.Where != "" && g.Where != "blob" {
		parts = append(parts, strings.ReplaceAll(g.Where, "-", " "))
	}
	if g.Commit != "" {
		s := "commit " + cutHash(g.Commit)
		if len(g.Date) >= len("2006-01-02") {
			s += " of " + g.Date[:len("2006-01-02")]
		}
		parts = append(parts, s)
	} else if g.Blob != "" {
		parts = append(parts, "object "+cutHash(g.Blob))
	}
	if g.Where == "blob" {
		if g.InHead {
			parts = append(parts, "still in HEAD")
		} else {
			parts = append(parts, "no longer in HEAD")
		}
	}
	if n := len(g.Refs); n > 0 {
		const most = 3
		s := "in " + strings.Join(g.Refs[:min(n, most)], ", ")
		if n > most {
			s += " and " + grouped(n-most) + " more"
		}
		parts = append(parts, s)
	}
	return t.wrap(visible(strings.Join(parts, separator)), t.width-labelWidth)
}

func cutHash(h string) string { return h[:min(len(h), 12)] }

// fix says what to do: in full where it is said for the first time, then by the place where it was said.
func (t *text) fix(f *scanner.Finding, place string) {
	if f.Fix == "" {
		return
	}
	if before, ok := t.fixes[f.Fix]; ok {
		t.labelled("fix", []string{t.p.dim.Sprint("as for " + before)})
		return
	}
	t.fixes[f.Fix] = place
	t.labelled("fix", t.wrap(visible(f.Fix), t.width-labelWidth))
}

// excerpt writes the lines around a finding, and a mark below the credential.
func (t *text) excerpt(f *scanner.Finding) {
	if len(f.Excerpt) == 0 {
		return
	}
	t.line("")
	wide := len(strconv.Itoa(f.Excerpt[len(f.Excerpt)-1].Number))
	for _, l := range f.Excerpt {
		shown, from, to := visibleRange(l.Text, l.Start, l.End)
		t.line("  " + t.p.dim.Sprintf("%*d │ ", wide, l.Number) + shown)
		if l.End <= l.Start || from > to || to > len(shown) {
			continue
		}
		mark := strings.Repeat("▔", max(1, t.cells.StringWidth(shown[from:to])))
		t.line("  " + t.p.dim.Sprint(strings.Repeat(" ", wide)+" │ ") + strings.Repeat(" ",
			t.cells.StringWidth(shown[:from])) +
			t.p.ofSeverity(f.Severity).Sprint(mark))
	}
}

// summary says what was found, what was left out and what was not read.
func (t *text) summary(r *scanner.Result) {
	c := count(r.Findings)
	what := read(r.Coverage)
	if t.o.Elapsed > 0 {
		what += " in " + duration(t.o.Elapsed)
	}
	all := t.p.good.Sprint("everything was read")
	if n := len(r.Coverage.Skipped); n > 0 {
		all = t.p.ofSeverity(rules.Medium).Sprint(unread(n))
	}
	if n := r.Coverage.Ignored; n > 0 {
		all += separator + plural(n, "path") + " ignored by your own patterns"
	}
	if len(r.Findings) == 0 {
		t.line(nothing(r) + what + separator + all)
		t.parts(unlisted(r))
	} else {
		found := []string{t.p.place.Sprint(c.severityCounts()) + " in " + plural(c.files, "file")}
		if c.tokens > 0 {
			found = append(found, c.tokenCounts())
		}
		t.parts(append(found, unlisted(r)...))
		t.parts([]string{what, all})
	}
	t.list("not read", len(r.Coverage.Skipped), func(i int) string {
		s := r.Coverage.Skipped[i]
		return visible(s.What) + ": " + visible(s.Why)
	})
	t.list("note", len(r.Notices), func(i int) string {
		n := r.Notices[i]
		return visible(n.File) + ":" + strconv.Itoa(n.Line) + ": " + visible(n.Text)
	})
}

// parts writes the parts of a summary on one line, or on as many as they need.
func (t *text) parts(parts []string) {
	if len(parts) == 0 {
		return
	}
	line, wide := "", 0
	for _, p := range parts {
		n := t.cells.StringWidth(ansi.ReplaceAllString(p, ""))
		switch {
		case line == "":
			line, wide = p, n
		case wide+len(" · ")+n > t.width:
			t.line(line)
			line, wide = p, n
		default:
			line, wide = line+separator+p, wide+3+n
		}
	}
	t.line(line)
}

// ansi is what the palette puts around a text.
var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (t *text) list(label string, n int, item func(int) string) {
	const most = 50
	for i := range min(n, most) {
		t.line("  " + t.p.label.Sprint(label) + "  " + item(i))
	}
	if n > most {
		t.line(fmt.Sprintf("  %s  and %s more: --format json lists them all", t.p.label.Sprint(label), grouped(n-most)))
	}
}

// wrap breaks a text between words into lines of at most width columns. A word that is longer stays whole.
func (t *text) wrap(s string, width int) []string {
	var lines []string
	var line strings.Builder
	at := 0
	for word := range strings.SplitSeq(s, " ") {
		n := t.cells.StringWidth(word)
		if at > 0 && at+1+n > width {
			lines = append(lines, line.String())
			line.Reset()
			at = 0
		}
		if at > 0 || line.Len() > 0 {
			line.WriteByte(' ')
			at++
		}
		line.WriteString(word)
		at += n
	}
	if line.Len() > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

func joinRules(ids []rules.RuleID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	return strings.Join(names, ", ")
}
