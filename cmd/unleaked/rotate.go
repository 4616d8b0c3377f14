package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rotation"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// A rotating is what the flags of rotate say.
type rotating struct {
	settings
	format  choiceFlag
	path    string
	history bool
	report  string
}

func (a *app) rotateCommand() *cobra.Command {
	r := rotating{format: choiceFlag{value: "text", choices: rotation.Formats, name: "FORMAT"}}
	c := &cobra.Command{
		Use:   "rotate FINGERPRINT|FILE:LINE",
		Short: "Plan how to replace a token",
		Long: `Write the plan to replace a token that was found: what to create, every place to change in order, what to deploy, how to see that
nobody uses the old one, what to delete. It changes nothing and asks nobody, but for the servers of --verify.

The token is named by its fingerprint, as reports have it, or by a place where it stands. The places come from a scan of the current
folder or --in PATH, with --history of the whole repository, or from a JSON report.`,
		Example: `  unleaked rotate deploy/docker-compose.yml:14
  unleaked rotate deploy/docker-compose.yml:14 --format markdown
  unleaked rotate --inventory inventory.json --history .env:3`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.rotate(c.Context(), &r, args[0]) },
	}
	r.registerFor(c, append(append([]string{"config", "no-config", "ignored", "jobs", "quiet"}, inventoryFlags...), verifyFlags...)...)
	f := c.Flags()
	f.Var(&r.format, "format", "`FORMAT` of the plan: text, markdown (a checklist) or json")
	f.StringVar(&r.path, "in", "", "scan `PATH` (default the current folder)")
	f.BoolVar(&r.history, "history", false, "scan the whole history of the repository")
	f.StringVar(&r.report, "report", "", "take the findings of the JSON report in `FILE` instead of scanning")
	c.MarkFlagsMutuallyExclusive("report", "in")
	c.MarkFlagsMutuallyExclusive("report", "history")
	return c
}

func (a *app) rotate(ctx context.Context, r *rotating, which string) error {
	res, err := a.rotated(ctx, r)
	if err != nil {
		return err
	}
	all := append(append([]finding.Finding(nil), res.Findings...), res.Suppressed...)
	list := sameToken(all, which, res.Root)
	if len(list) == 0 {
		return fmt.Errorf("%s: no token is known by this fingerprint, or stands at this place", which)
	}
	var b bytes.Buffer
	if err := rotation.New(list).Write(&b, r.format.value); err != nil {
		return err
	}
	if _, err := a.out.Write([]byte(printable(b.String()))); err != nil {
		return err
	}
	if !res.Complete() {
		a.warn("not everything was read (%s: %s): the token may stand at places that the plan does not have",
			res.Coverage.Skipped[0].What, res.Coverage.Skipped[0].Why)
		a.status = exitIncomplete
	}
	return nil
}

// rotated is where tokens stand: all of them, public ones and accepted ones too.
func (a *app) rotated(ctx context.Context, r *rotating) (*finding.Result, error) {
	if r.report != "" {
		file, err := os.Open(r.report)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		defer file.Close()
		return report.ReadJSON(file)
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

// sameToken are the findings of the token that which names, by a fingerprint or a place.
func sameToken(all []finding.Finding, which, root string) []finding.Finding {
	file, line := placeOf(which, root)
	secrets, prints := map[rules.Secret]bool{}, map[string]bool{}
	for _, f := range all {
		if f.Format == "" { // a setting without a token
			continue
		}
		if f.Fingerprint == which || line > 0 && f.Line <= line && line <= max(f.Line, f.EndLine) && (f.File == file ||
			f.File == strings.TrimSuffix(which, fmt.Sprintf(":%d", line))) {
			// Of a text that can be guessed, the fingerprint is another at each name: the secret is what they share.
			prints[f.Fingerprint] = true
			if !f.Secret.IsZero() {
				secrets[f.Secret] = true
			}
		}
	}
	var out []finding.Finding
	for _, f := range all {
		if prints[f.Fingerprint] || secrets[f.Secret] {
			out = append(out, f)
		}
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
