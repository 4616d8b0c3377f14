package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/scanner"
)

// defaultBaseline is the file that 'baseline write' makes where nothing names one.
const defaultBaseline = ".unleaked-baseline"

func (a *app) baselineCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "baseline",
		Short: "Accept the findings that there are, to see only new ones",
		Long: `A baseline lists findings that are known and accepted for now, so that only new ones are reported. It holds no secrets, no
line numbers and no dates; it survives moved lines, renames and rebases, and it never hides another token.

Scans use it with --baseline FILE, or where the configuration says baseline: FILE.`,
		Example: `  unleaked baseline write
  unleaked baseline prune
  unleaked scan --baseline .unleaked-baseline`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		a.baselineSubcommand("write", "Accept everything that a scan finds now",
			`Scan, and write everything that is found into the baseline: the file of --baseline, else of the configuration, else
`+defaultBaseline+`.`, a.writeBaseline),
		a.baselineSubcommand("prune", "Take out what is not found any more",
			`Scan, and take out of the baseline what is not found any more. An incomplete scan changes nothing.`,
			a.pruneBaseline))
	return c
}

func (a *app) baselineSubcommand(name, short, long string, do func(*cobra.Command, *settings,
	job) error) *cobra.Command {
	var s settings
	var history bool
	c := &cobra.Command{
		Use: name + " [PATH]", Short: short, Long: long, Args: cobra.MaximumNArgs(1),
		Example: "  unleaked baseline " + name + "\n  unleaked baseline " + name + " --history --baseline history.baseline",
		RunE: func(c *cobra.Command, args []string) error {
			for _, path := range args {
				if _, err := os.Stat(path); err != nil {
					return fmt.Errorf("the scan would be incomplete: %w", err)
				}
			}
			tree := scanner.NewTree(args...)
			if namesPart(tree, args) {
				// A baseline is that of a whole repository: one of a part would lose what is accepted elsewhere.
				tree = scanner.NewTree(tree.Root())
			}
			j := job{source: tree, root: tree.Root()}
			if history {
				j = historyJob(tree.Root())
			}
			return do(c, &s, j)
		},
	}
	s.registerFor(c, "config", "baseline", "jobs", "quiet", "ignored")
	c.Flags().BoolVar(&history, "history", false, "of the whole history of the repository instead of its files")
	return c
}

func (a *app) writeBaseline(c *cobra.Command, s *settings, j job) error {
	path, err := s.baselinePath(c, j)
	if err != nil {
		return err
	}
	// What is accepted already must be found again, so the old baseline is not read.
	j.noBaseline = true
	o, err := a.find(c.Context(), s, j)
	if err != nil {
		return err
	}
	if !o.Complete() {
		return fmt.Errorf("the scan is incomplete (%s: %s): a baseline of it would miss findings",
			o.Coverage.Skipped[0].What, o.Coverage.Skipped[0].Why)
	}
	b := policy.NewBaseline(o.Findings)
	if err := writeFile(path, b.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s accepts %s\n", printable(path), counted(b.Len(), "finding"))
	return nil
}

func (a *app) pruneBaseline(c *cobra.Command, s *settings, j job) error {
	path, err := s.baselinePath(c, j)
	if err != nil {
		return err
	}
	s.baseline = path
	o, err := a.find(c.Context(), s, j)
	if err != nil {
		return err
	}
	b, err := policy.PruneBaseline(o.policy.Baseline, o.Result)
	if err != nil {
		return err
	}
	gone := o.policy.Baseline.Len() - b.Len()
	if err := writeFile(path, b.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s accepts %s, %d fewer than before\n", printable(path), counted(b.Len(), "finding"), gone)
	return nil
}

// baselinePath is the file of the baseline: that of the flag, of the configuration, or the default in the scanned root.
func (s *settings) baselinePath(c *cobra.Command, j job) (string, error) {
	if s.baseline != "" {
		return s.baseline, nil
	}
	j.noBaseline = true
	p, err := s.loadPolicy(c.Context(), j)
	if err != nil {
		return "", err
	}
	if p.Config != nil && p.Config.Baseline != "" {
		return filepath.Join(filepath.Dir(s.configPath(j.root)), filepath.FromSlash(p.Config.Baseline)), nil
	}
	return filepath.Join(j.root, defaultBaseline), nil
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
