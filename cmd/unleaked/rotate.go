package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rotation"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
	"github.com/unleaked/unleaked/sweep"
)

// A rotating is what the flags of rotate say.
type rotating struct {
	settings
	format  choiceFlag
	path    string
	history bool
	report  string
	states  []string
}

func (a *app) rotateCommand() *cobra.Command {
	r := rotating{format: choiceFlag{value: "text", choices: rotation.Formats, name: "FORMAT"}}
	c := &cobra.Command{
		Use:   "rotate FINGERPRINT|FILE:LINE",
		Short: "Plan how to replace a token",
		Long: `Write the plan to replace a token that was found: what to create, every place to change in order, what to deploy, how to see that
nobody uses the old one, what to delete. It changes nothing and asks nobody, but for the servers of --verify.

The token is named by its fingerprint, as reports have it, or the first eight characters or more of it, or by a place
where it stands. The places come from a scan of the current folder or --in PATH, with --history of the whole repository,
from a JSON report, or from the state of a sweep, which knows those of many repositories.`,
		Example: `  unleaked rotate deploy/docker-compose.yml:14
  unleaked rotate deploy/docker-compose.yml:14 --format markdown
  unleaked rotate --inventory inventory.json --history .env:3
  unleaked rotate --state ~/.cache/unleaked-sweep shop/.env:3`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.rotate(c.Context(), &r, args[0]) },
	}
	r.registerFor(c, append(append([]string{"config", "no-config", "ignored", "jobs", "quiet"}, inventoryFlags...), verifyFlags...)...)
	f := c.Flags()
	f.Var(&r.format, "format", "`FORMAT` of the plan: text, markdown (a checklist) or json")
	f.StringVar(&r.path, "in", "", "scan `PATH` (default the current folder)")
	f.BoolVar(&r.history, "history", false, "scan the whole history of the repository")
	f.StringVar(&r.report, "report", "", "take the findings of the JSON report in `FILE` instead of scanning")
	f.StringArrayVar(&r.states, "state", nil,
		"take the findings of the sweep whose state is in the folder `DIR`; give it again for its shards")
	c.MarkFlagsMutuallyExclusive("report", "state", "in")
	c.MarkFlagsMutuallyExclusive("report", "state", "history")
	for _, name := range append(slices.Clone(inventoryFlags[:2]), verifyFlags...) {
		// Records and reports hold what was known when they were made, and no secret that could be asked about.
		c.MarkFlagsMutuallyExclusive("report", name)
		c.MarkFlagsMutuallyExclusive("state", name)
	}
	return c
}

func (a *app) rotate(ctx context.Context, r *rotating, which string) error {
	res, err := a.rotated(ctx, r)
	if err != nil {
		return err
	}
	all := append(append([]finding.Finding(nil), res.Findings...), res.Suppressed...)
	list, err := oneToken(all, which, res.Root)
	if err != nil {
		return fmt.Errorf("%s: %w", which, err)
	}
	var b bytes.Buffer
	if err := rotation.New(list).Write(&b, r.format.value); err != nil {
		return err
	}
	text := printable(b.String())
	if r.format.value == "text" {
		text = wrapPlan(text, report.Columns(a.out, a.env))
	}
	if _, err := a.out.Write([]byte(text)); err != nil {
		return err
	}
	if !res.Complete() {
		a.warn("not everything was read (%s: %s): the token may stand at places that the plan does not have",
			res.Coverage.Skipped[0].What, res.Coverage.Skipped[0].Why)
		a.status = exitIncomplete
	}
	return nil
}

// wrapPlan is the text of a plan in lines of at most width columns, as it is where that is not known. Requests stay
// whole: they are copied.
func wrapPlan(text string, width int) string {
	if width <= 0 {
		return text
	}
	opening := regexp.MustCompile(`^(\d+\. \w+ +| +in +| +)`) // of a line, before its words
	var b strings.Builder
	for line := range strings.Lines(text) {
		lead := opening.FindString(line)
		if utf8.RuneCountInString(line) <= width+1 || strings.HasPrefix(line, "   call ") {
			b.WriteString(line)
			continue
		}
		b.WriteString(hang(lead, line[len(lead):], len(lead), width))
	}
	return b.String()
}

// rotated is where tokens stand: all of them, public ones and accepted ones too.
func (a *app) rotated(ctx context.Context, r *rotating) (_ *finding.Result, err error) {
	if r.report != "" {
		file, err := os.Open(r.report)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		defer file.Close()
		return report.ReadJSON(file)
	}
	if len(r.states) > 0 {
		o := sweep.Options{Version: version(), Public: true, Examples: true, NoInline: r.noConfig}
		if o.Key, err = a.sweepKey(r.know.keyFile); err != nil {
			return nil, err
		}
		return sweep.Settle(r.states, o)
	}
	r.public, r.examples = true, true
	var paths []string
	if r.path != "" {
		paths = []string{r.path}
	}
	tree := scanner.NewTree(paths...)
	j := job{source: tree, root: tree.Root(), partial: true, noBaseline: true}
	if r.history {
		j = historyJob(tree.Root())
		j.partial, j.noBaseline = true, true
	}
	o, err := a.find(ctx, &r.settings, j)
	if err != nil {
		return nil, err
	}
	return o.Result, nil
}

// oneToken are the findings of the one token that which names, by a fingerprint, the beginning of one, or a place.
func oneToken(all []finding.Finding, which, root string) ([]finding.Finding, error) {
	all = slices.DeleteFunc(slices.Clone(all), func(f finding.Finding) bool { return f.Format == "" }) // holds no token
	if rules.IsFingerprint(which) {
		begins := func(f *finding.Finding) bool { return strings.HasPrefix(f.Fingerprint, which) }
		if same := sameToken(all, begins); len(same) > 0 {
			return only(same)
		}
	}
	file, line := placeOf(which, root)
	asWritten := strings.TrimSuffix(which, fmt.Sprintf(":%d", line))
	same := sameToken(all, func(f *finding.Finding) bool {
		return line > 0 && f.Line <= line && line <= max(f.Line, f.EndLine) &&
			(f.File == file || f.File == asWritten || f.Repository != "" && f.Repository+"/"+f.File == asWritten)
	})
	if len(same) == 0 {
		return nil, errors.New("no token is known by this fingerprint, or stands at this place")
	}
	return only(same)
}

// only is the findings of the one token among several. The error names each where there are more.
func only(tokens [][]finding.Finding) ([]finding.Finding, error) {
	if len(tokens) == 1 {
		return tokens[0], nil
	}
	var names []string
	for _, list := range tokens {
		f := &list[0]
		where := f.File
		if f.Repository != "" {
			where = f.Repository + "/" + f.File
		}
		names = append(names, fmt.Sprintf("%s (%s at %s:%d)", f.Fingerprint, f.Shown(), where, f.Line))
	}
	return nil, fmt.Errorf("that is %d tokens; name one by its fingerprint: %s", len(names), strings.Join(names, ", "))
}

// sameToken are the findings of each token of which one finding is meant, by token.
func sameToken(all []finding.Finding, meant func(*finding.Finding) bool) (out [][]finding.Finding) {
	taken := make([]bool, len(all))
	for i := range all {
		if taken[i] || !meant(&all[i]) {
			continue
		}
		var same []finding.Finding
		for j := range all {
			// Of a text that can be guessed, the fingerprint is another at each name: the secret is what they share.
			f := &all[j]
			if !taken[j] && (f.Fingerprint == all[i].Fingerprint || !f.Secret.IsZero() && f.Secret == all[i].Secret) {
				taken[j] = true
				same = append(same, *f)
			}
		}
		out = append(out, same)
	}
	return out
}

// placeOf reads FILE:LINE, with FILE as findings have it: relative to root. line is 0 of what is no place.
func placeOf(text, root string) (file string, line int) {
	i := strings.LastIndexByte(text, ':')
	if i < 1 {
		return "", 0
	}
	line, err := strconv.Atoi(text[i+1:])
	if err != nil || line < 1 {
		return "", 0
	}
	file = filepath.ToSlash(text[:i])
	if abs, err := filepath.Abs(text[:i]); err == nil && root != "" {
		if rel, err := filepath.Rel(root, abs); err == nil && !strings.HasPrefix(rel, "..") {
			file = filepath.ToSlash(rel)
		}
	}
	return file, line
}
