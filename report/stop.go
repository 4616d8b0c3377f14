package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// stopDocs is where a stopped commit is explained.
const stopDocs = toolHome + "/blob/main/docs/hooks.md#when-a-commit-is-stopped"

// A Stop is what a hook has stopped, and how one may go on.
type Stop struct {
	What   string         // "commit" or "push"
	FailOn rules.Severity // the mildest severity that stops it
	// Deaf is set where neither comments nor the configuration of the change are heard.
	Deaf bool
	// Config reports that there is a configuration, Suppress that it accepts something already.
	Config, Suppress bool
}

// stopped is how many findings a stop says the words for.
const stopped = 5

// WriteStop writes, behind a report, that something was stopped and how to go on: to fix what was found, or to accept it
// in words that are ready to be copied. It writes nothing of a result that stops nothing.
func WriteStop(w io.Writer, r *finding.Result, s Stop, o Options) error {
	r = masked(r)
	var bad []*finding.Finding
	for i := range r.Findings {
		if f := &r.Findings[i]; s.FailOn > 0 && f.Severity >= s.FailOn {
			bad = append(bad, f)
		}
	}
	if len(bad) == 0 && r.Complete() {
		return nil
	}
	t := &text{w: bufio.NewWriter(w), o: o, p: newPalette(o.Color), width: o.Width, cells: runewidth.Condition{}}
	if t.width <= 0 {
		t.width = pipeColumns
	}
	t.line("")
	t.line(t.p.place.Sprintf("The %s was stopped: nothing was %s.", s.What, map[string]string{"commit": "recorded",
		"push": "sent"}[s.What]))
	if len(bad) > 0 {
		t.advice("fix", stopFix(s, bad))
		t.accept(s, bad)
	}
	if !r.Complete() {
		t.advice("read", "Not everything could be read, so that nobody knows what is in it: see \"not read\" above. Make it "+
			"readable and try again, or let --allow-incomplete pass it where that is meant.")
	}
	t.line("  " + t.p.label.Sprint("more  ") + "  " + stopDocs) // whole, so that a terminal makes it a link
	return t.w.Flush()
}

func stopFix(s Stop, bad []*finding.Finding) string {
	if s.What == "commit" {
		return "Take the token out as said above, git add the file, and commit again."
	}
	fix := "The tokens stand in commits of the push; a new commit on top does not take them out. Change the commit that brings " +
		"a token in (git commit --amend for the last one, git rebase -i for an older one), then push again. Delete in " +
		"Unleash what anybody else can have seen."
	for _, f := range bad {
		if f.Git != nil && f.Git.Commit != "" {
			return fix + " The first to change: " + cutHash(f.Git.Commit) + "."
		}
	}
	return fix
}

// labels of a stop are this wide, with the blanks around them.
const adviceWidth = len("  accept  ")

func (t *text) advice(label, what string) {
	for i, l := range t.wrap(what, t.width-adviceWidth) {
		if i > 0 {
			label = ""
		}
		t.line("  " + t.p.label.Sprint(fmt.Sprintf("%-6s", label)) + "  " + l)
	}
}

// accept says how what was found can stay: a comment where the file has them, else an entry of the configuration.
func (t *text) accept(s Stop, bad []*finding.Finding) {
	if s.Deaf {
		t.advice("accept", "Nothing in the change itself can accept a finding here.")
		return
	}
	var commented, entries []string
	indent := strings.Repeat(" ", adviceWidth)
	lines := byLine(bad)
	for _, list := range lines[:min(stopped, len(lines))] {
		f := list[0]
		if comment, ok := commentFor(f, ruleNames(list)); ok && s.What == "commit" {
			commented = append(commented, visible(fmt.Sprintf("%s:%d", f.File, f.Line)), "  "+comment)
			continue
		}
		for _, f := range list {
			entries = append(entries, "  # "+placeOf(f), "  - fingerprint: "+f.Fingerprint, "    rule: "+string(f.Rule),
				"    reason: "+finding.NoReason)
		}
	}
	label := "accept"
	if len(commented) > 0 {
		t.advice(label, "Where it is no secret, or is meant: a comment alone on the line above, with your reason in the place of "+
			finding.NoReason+".")
		for _, l := range commented {
			t.line(indent + "  " + l)
		}
		label = ""
	}
	if len(entries) > 0 {
		where := "an entry under suppress in .unleaked.yaml"
		head := []string{"suppress:"}
		switch {
		case s.Suppress:
			head = nil
		case !s.Config:
			head = []string{"version: 1", "suppress:"}
			where = "a file .unleaked.yaml"
		}
		why := "Where no comment can stand: "
		if len(commented) == 0 {
			why = "Where it is no secret, or is meant: "
		}
		t.advice(label, why+where+", with your reason in the place of "+finding.NoReason+".")
		for _, l := range append(head, entries...) {
			t.line(indent + "  " + l)
		}
	}
	if n := len(lines) - stopped; n > 0 {
		t.advice("", "And so for "+plural(n, "more line")+"; --format json has the fingerprints of all.")
	}
}

// byLine are findings by the line that they stand on, in their order.
func byLine(list []*finding.Finding) [][]*finding.Finding {
	var lines [][]*finding.Finding
	for _, f := range list {
		i := slices.IndexFunc(lines, func(l []*finding.Finding) bool { return l[0].File == f.File && l[0].Line == f.Line })
		if i < 0 {
			lines = append(lines, []*finding.Finding{f})
		} else {
			lines[i] = append(lines[i], f)
		}
	}
	return lines
}

// ruleNames are the rules of findings, each once, as a comment names them.
func ruleNames(list []*finding.Finding) string {
	var names []string
	for _, f := range list {
		if !slices.Contains(names, string(f.Rule)) {
			names = append(names, string(f.Rule))
		}
	}
	return strings.Join(names, ",")
}
