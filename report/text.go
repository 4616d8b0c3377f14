package report

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/mattn/go-runewidth"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// pipeColumns is how wide a text is where nobody says: a pipe, a file.
const pipeColumns = 100

// writeText writes the report that people read.
func writeText(w io.Writer, r *finding.Result, o Options) error {
	t := &text{
		w: bufio.NewWriter(w), o: o, p: newPalette(o.Color), width: o.Width,
		fixes: map[string]string{}, cells: runewidth.Condition{},
	}
	if t.width <= 0 {
		t.width = pipeColumns
	}
	list := listed(r, o)
	if o.Summary {
		t.overview(list)
	} else {
		t.groups(groups(list))
	}
	t.summary(r)
	return t.w.Flush()
}

// A text is a text report on its way out. Lines go through line, which keeps them from being commands.
type text struct {
	w     *bufio.Writer
	o     Options
	p     palette
	width int               // columns, at least fewestColumns
	fixes map[string]string // what was said already, and where
	cells runewidth.Condition
}

// line writes one line; the writer keeps the first error for Flush.
func (t *text) line(s string) {
	_, _ = t.w.WriteString(strings.TrimRight(harmless(s), " ") + "\n")
}

// groups writes what was found, of a sweep first the credentials that stand in more than one repository and then the
// others by repository.
func (t *text) groups(all []group) {
	shared, rest := all[:0:0], all[:0:0]
	for _, g := range all {
		if g.shared() {
			shared = append(shared, g)
		} else {
			rest = append(rest, g)
		}
	}
	if len(shared) > 0 {
		t.heading("in more than one repository: " + plural(len(shared), "token"))
		for _, g := range shared {
			t.credential(g)
		}
	}
	above, own := placesByRepository(shared), map[string][]group{}
	names := slices.Collect(maps.Keys(above))
	for _, g := range rest {
		own[g.lead.Repository] = append(own[g.lead.Repository], g)
		names = append(names, g.lead.Repository)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		t.heading(name)
		if list := above[name]; len(list) > 0 {
			t.labelled("see", t.others(list))
			t.line("")
		}
		for _, g := range own[name] {
			t.credential(g)
		}
	}
}

// heading writes a title of a part of a sweep's report; what is no sweep's has no parts.
func (t *text) heading(s string) {
	if s != "" {
		t.line(t.p.place.Sprint("== " + visible(s)))
		t.line("")
	}
}

// credential writes what was found of one credential: one finding in full, of the others where and what they are.
func (t *text) credential(g group) {
	f := g.lead
	t.flow(t.head(f), "  ", 4)
	for _, l := range t.wrap(visible(f.Message), t.width-2) {
		t.line("  " + harmless(l))
	}
	t.excerpt(f)
	if len(f.Excerpt) == 0 && f.Shown() != "" {
		t.labelled("is", []string{visible(f.Shown())})
	}
	t.labelled("why", t.places(f.Evidence))
	t.labelled("and", t.others(g.rest))
	t.labelled("also", t.places(beyond(beyond(f.Related, f.Evidence), placesOf(g.rest))))
	t.labelled("git", t.wrap(visible(gitText(f)), t.width-labelWidth))
	if t.o.Reveal && !f.Secret.IsZero() {
		t.labelled("is", []string{visible(f.Secret.Reveal())})
	}
	if s := f.Suppressed; s != nil {
		t.labelled("off", t.wrap(visible(fmt.Sprintf("suppressed at %s: %s", s.Where, s.Reason)), t.width-labelWidth))
	}
	t.fix(f, placeOf(f))
	t.line("")
}

// head is the first line of a finding, in parts: where it stands, how bad it is, which rules it breaks.
func (t *text) head(f *finding.Finding) []string {
	parts := []string{
		t.p.place.Sprint(harmless(placeOf(f))), t.p.ofSeverity(f.Severity).Sprint(f.Severity), joinRules(f.Rules()),
	}
	if len(f.Layers) > 0 {
		parts = append(parts, t.p.dim.Sprint("in "+visible(strings.Join(f.Layers, ", "))))
	}
	return parts
}

// placeOf is FILE:LINE:COLUMN of a finding.
func placeOf(f *finding.Finding) string {
	if f.Line <= 0 {
		return visible(f.File)
	}
	return fmt.Sprintf("%s:%d:%d", visible(f.File), f.Line, max(1, f.Column))
}

func placesOf(list []*finding.Finding) []finding.Place {
	places := make([]finding.Place, len(list))
	for i, f := range list {
		places[i] = finding.Place{File: f.File, Line: f.Line}
	}
	return places
}

// others are a line for each further finding of a credential.
func (t *text) others(list []*finding.Finding) []string {
	var wheres, whats []string
	for _, f := range list {
		what := append([]string{f.Severity.String()}, joinRules(f.Rules()))
		if len(f.Layers) > 0 {
			what = append(what, "in "+strings.Join(f.Layers, ", "))
		}
		if g := gitText(f); g != "" {
			what = append(what, g)
		}
		if f.Suppressed != nil {
			what = append(what, "suppressed at "+f.Suppressed.Where)
		}
		wheres, whats = append(wheres, placeOf(f)), append(whats, visible(strings.Join(what, "  ")))
	}
	return t.columns(wheres, whats)
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

// places are lines of two columns: where, and what is said there.
func (t *text) places(list []finding.Place) []string {
	var wheres, whats []string
	for _, p := range list {
		where := visible(p.File)
		if p.Line > 0 {
			where += ":" + strconv.Itoa(p.Line)
		}
		wheres, whats = append(wheres, where), append(whats, visible(p.Text))
	}
	return t.columns(wheres, whats)
}

// columns are lines of two columns, the first as wide as its widest but not wider than readable: beyond that the second
// goes below the first, a little to the right.
func (t *text) columns(firsts, seconds []string) []string {
	most := min(40, (t.width-labelWidth)*2/5)
	wide := 0
	for _, s := range firsts {
		if n := t.cells.StringWidth(s); n <= most {
			wide = max(wide, n)
		}
	}
	var out []string
	below := strings.Repeat(" ", wide+2)
	for i, first := range firsts {
		at := t.cells.StringWidth(first)
		shown := t.p.dim.Sprint(first)
		if at > most {
			for _, l := range t.wrap(first, t.width-labelWidth) {
				out = append(out, t.p.dim.Sprint(l))
			}
			for _, l := range t.wrap(seconds[i], t.width-labelWidth-len("  ")) {
				out = append(out, "  "+l)
			}
			continue
		}
		for j, l := range t.wrap(seconds[i], t.width-labelWidth-wide-2) {
			if j == 0 {
				out = append(out, shown+strings.Repeat(" ", wide-at+2)+l)
			} else {
				out = append(out, below+l)
			}
		}
	}
	return out
}

// beyond are the places of a list that do not stand in another.
func beyond(list, other []finding.Place) []finding.Place {
	return slices.DeleteFunc(slices.Clone(list), func(p finding.Place) bool {
		return slices.ContainsFunc(other, func(q finding.Place) bool { return p.File == q.File && p.Line == q.Line })
	})
}

// gitText says where in a history something stands, "" outside one.
func gitText(f *finding.Finding) string {
	g := f.Git
	if g == nil {
		return ""
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
	if tip := tipText(f); tip != "" {
		parts = append(parts, tip)
	}
	if n := len(g.Refs); n > 0 {
		const most = 3
		s := "in " + strings.Join(g.Refs[:min(n, most)], ", ")
		if n > most {
			s += " and " + grouped(n-most) + " more"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, separator)
}

// tipText says whether a finding of a history still stands, "" where that cannot be told: in the commit that a range
// ends in, which need not be what is checked out, else in HEAD.
func tipText(f *finding.Finding) string {
	g := f.Git
	if g == nil || g.Where != "blob" {
		return ""
	}
	switch tip := cutHash(g.Tip); {
	case tip == "" && g.InHead:
		return "still in HEAD"
	case tip == "":
		return "no longer in HEAD"
	case g.TipLine == f.Line:
		return "still there in " + tip + ", the last commit"
	case g.TipLine > 0:
		return fmt.Sprintf("on line %d in %s, the last commit", g.TipLine, tip)
	case g.TipFile:
		return "no longer in the file in " + tip + ", the last commit"
	default:
		return "the file is gone in " + tip + ", the last commit"
	}
}

func cutHash(h string) string { return h[:min(len(h), 12)] }

// fix says what to do: in full where it is said for the first time, then by the place where it was said.
func (t *text) fix(f *finding.Finding, place string) {
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
func (t *text) excerpt(f *finding.Finding) {
	if len(f.Excerpt) == 0 {
		return
	}
	t.line("")
	wide := len(strconv.Itoa(f.Excerpt[len(f.Excerpt)-1].Number))
	room := t.width - len("  ") - wide - len(" | ")
	if t.o.Width <= 0 {
		room = mostColumns // nothing breaks the lines of a file
	}
	var w window
	for _, l := range f.Excerpt {
		if shown, from, to := visibleRange(l.Text, l.Start, l.End); to > from {
			w = t.around(shown, from, to, room)
		}
	}
	for _, l := range f.Excerpt {
		shown, from, to := visibleRange(l.Text, l.Start, l.End)
		t.line("  " + t.p.dim.Sprintf("%*d │ ", wide, l.Number) + t.through(w, shown, room))
		if l.End <= l.Start || from > to || to > len(shown) {
			continue
		}
		left := t.cells.StringWidth(shown[:from]) - w.left
		mark := min(max(1, t.cells.StringWidth(shown[from:to])), max(1, room-left))
		t.line("  " + t.p.dim.Sprint(strings.Repeat(" ", wide)+" │ ") + strings.Repeat(" ", left) +
			t.p.ofSeverity(f.Severity).Sprint(strings.Repeat("▔", mark)))
	}
}

// A window is the part of an excerpt's lines that a narrow terminal shows.
type window struct{ left int } // columns that are cut off at the left

// around is the window that shows the byte range from..to of a line in room columns: as far to the left as can be.
func (t *text) around(line string, from, to, room int) window {
	if t.cells.StringWidth(line[:to]) < room {
		return window{}
	}
	start := t.cells.StringWidth(line[:from])
	context := max(1, min(start, room-t.cells.StringWidth(line[from:to])-1)/2)
	return window{left: max(0, start-context)}
}

// through is a line as it is seen through a window of room columns, with dots where something is cut off.
func (t *text) through(w window, line string, room int) string {
	var b strings.Builder
	column := 0
	for _, r := range line {
		n := t.cells.RuneWidth(r)
		switch at := column - w.left; {
		case at < 0:
		case at == 0 && w.left > 0:
			b.WriteRune('…')
			b.WriteString(strings.Repeat(" ", max(0, n-1)))
		case at+n > room:
			return b.String()
		case at+n == room && t.cells.StringWidth(line) > column+n:
			b.WriteRune('…')
			return b.String()
		default:
			b.WriteRune(r)
		}
		column += n
	}
	return b.String()
}

// acceptUnread says what to do where something cannot be read and should not stop anybody.
const acceptUnread = "What cannot be read is accepted by its path, with a reason, under unread in .unleaked.yaml, " +
	"or for once with --allow-incomplete."

// summary says what was found, what was left out and what was not read.
func (t *text) summary(r *finding.Result) {
	c := count(r.Findings)
	what := read(r)
	if t.o.Elapsed > 0 {
		what += " in " + duration(t.o.Elapsed)
	}
	all := t.p.good.Sprint("everything was read")
	if r.Coverage.Elsewhere+len(r.Coverage.Accepted) > 0 {
		all = "what could be read was read"
	}
	if n := len(r.Coverage.Skipped); n > 0 {
		all = t.p.ofSeverity(rules.Medium).Sprint(unread(n))
	}
	if n := r.Coverage.Ignored; n > 0 {
		all += separator + plural(n, "path") + " ignored by your own patterns"
	}
	if len(r.Findings) == 0 {
		t.flow([]string{nothing(r) + what, all}, separator, 0)
		t.flow(unlisted(r), separator, 0)
	} else {
		found := []string{t.p.place.Sprint(c.severityCounts()) + " in " + plural(c.files, "file")}
		if c.tokens > 0 {
			found = append(found, c.tokenCounts())
		}
		t.flow(append(found, unlisted(r)...), separator, 0)
		t.flow([]string{what, all}, separator, 0)
	}
	t.list("not read", len(r.Coverage.Skipped), func(i int) string {
		s := r.Coverage.Skipped[i]
		return visible(s.What) + ": " + visible(s.Why)
	})
	switch {
	case len(r.Coverage.Skipped) == 0:
	case len(r.Repositories) > 0: // of which none says what another leaves unread
		t.flow([]string{"An incomplete sweep may pass with --allow-incomplete."}, separator, 0)
	default:
		t.flow([]string{acceptUnread}, separator, 0)
	}
	t.list("note", len(r.Notices), func(i int) string {
		n := r.Notices[i]
		where := visible(n.File)
		if n.Line > 0 { // 0 of what no line says, as a range of commits
			where += ":" + strconv.Itoa(n.Line)
		}
		return where + ": " + visible(n.Text)
	})
}

// flow writes parts on one line, or on as many as they need; every line but the first is indented.
func (t *text) flow(parts []string, between string, indent int) {
	if len(parts) == 0 {
		return
	}
	line, wide := "", 0
	put := func(s string) {
		lines := []string{s}
		if t.columnsOf(s) > t.width-indent {
			lines = t.wrap(s, t.width-indent)
		}
		for i, l := range lines {
			n := t.columnsOf(l)
			switch {
			case i == 0 && line == "":
				line, wide = l, n
			case i == 0 && wide+t.cells.StringWidth(between)+n <= t.width:
				line, wide = line+between+l, wide+t.cells.StringWidth(between)+n
			default:
				t.line(line)
				line, wide = strings.Repeat(" ", indent)+l, indent+n
			}
		}
	}
	for _, p := range parts {
		put(p)
	}
	t.line(line)
}

// columnsOf is the width of a text that may be painted.
func (t *text) columnsOf(s string) int {
	if strings.Contains(s, "\x1b") {
		s = ansi().ReplaceAllString(s, "")
	}
	return t.cells.StringWidth(s)
}

// ansi is what the palette puts around a text.
var ansi = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") })

func (t *text) list(label string, n int, item func(int) string) {
	const most = 50
	for i := range min(n, most) {
		indent := len("  ") + len(label) + len("  ")
		for j, l := range t.wrap(item(i), t.width-indent) {
			lead := strings.Repeat(" ", indent)
			if j == 0 {
				lead = "  " + t.p.label.Sprint(label) + "  "
			}
			t.line(lead + l)
		}
	}
	if n > most {
		t.line(fmt.Sprintf("  %s  and %s more: --format json lists them all", t.p.label.Sprint(label), grouped(n-most)))
	}
}

// wrap breaks a text between words into lines of at most width columns, and words that are longer where pieces fits.
func (t *text) wrap(s string, width int) []string {
	var lines []string
	var line strings.Builder
	at := 0
	for word := range strings.SplitSeq(s, " ") {
		for i, piece := range t.pieces(word, width) {
			n := t.columnsOf(piece)
			if at > 0 && (i > 0 || at+1+n > width) {
				lines = append(lines, line.String())
				line.Reset()
				at = 0
			}
			if at > 0 || line.Len() > 0 {
				line.WriteByte(' ')
				at++
			}
			line.WriteString(piece)
			at += n
		}
	}
	if line.Len() > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// pieces are a word in parts of at most width columns. A path is cut behind a slash, else a name behind a mark between
// its words, and only what has neither is cut in the middle.
func (t *text) pieces(word string, width int) []string {
	if t.columnsOf(word) <= width || width < 8 || strings.Contains(word, "\x1b") {
		return []string{word}
	}
	var out []string
	for t.cells.StringWidth(word) > width {
		end := len(t.cells.Truncate(word, width, ""))
		if end == 0 {
			break
		}
		for _, marks := range []string{`/\!`, `-_.:,;=&?@`} {
			if i := strings.LastIndexAny(word[:end], marks); i > end/4 {
				end = i + 1
				break
			}
		}
		out, word = append(out, word[:end]), word[end:]
	}
	return append(out, word)
}

func joinRules(ids []rules.RuleID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	return strings.Join(names, ", ")
}
