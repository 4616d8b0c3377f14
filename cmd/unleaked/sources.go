package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/internal/trigger"
	"github.com/unleaked/unleaked/scanner"
)

func (a *app) stagedCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "staged",
		Short: "Scan what git commit would record now",
		Long: `Scan what 'git commit' would record now: the index against HEAD. Changes that are not staged are not looked at, and
tokens that HEAD holds already are not reported again.`,
		Example: `  unleaked staged
  unleaked staged --format line --fail-on none`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			j := stagedJob(".")
			if a.env("GIT_INDEX_FILE") != "" { // git says so to its hooks
				j.stops = "commit"
			}
			return a.scan(c.Context(), &s, j)
		},
	}
	s.registerWithoutFiles(c)
	return c
}

func (a *app) gitCommand() *cobra.Command {
	var s settings
	var commits string
	c := &cobra.Command{
		Use:   "git [REPO]",
		Short: "Scan the whole history of a repository",
		Long: `Scan every object of a repository: all history, stashes, tags, notes, reflogs, dangling objects, and the text of commits,
tags and refs. No program and no setting of the repository is run or obeyed. With --range, scan only what commits bring in.`,
		Example: `  unleaked git
  unleaked git --range origin/main..HEAD
  unleaked git ../service --format json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			repo := "."
			if len(args) == 1 {
				repo = args[0]
			}
			if c.Flags().Changed("range") {
				return a.scan(c.Context(), &s, rangeJob(repo, commits))
			}
			return a.scan(c.Context(), &s, historyJob(repo))
		},
	}
	s.registerWithoutFiles(c)
	c.Flags().StringVar(&commits, "range", "", "scan only what the commits of `BASE..HEAD` bring in")
	return c
}

// planJob is the job that a trigger's plan asks for in the repository around dir.
func planJob(dir string, plan trigger.Plan) (job, error) {
	switch plan.Mode {
	case trigger.Tree:
		// All that is checked out, wherever in it the job works: the commits of a range have no working folder either.
		tree := scanner.NewTree(scanner.NewTree(dir).Root())
		return job{source: tree, root: tree.Root()}, nil
	case trigger.History:
		return historyJob(dir), nil
	case trigger.Range:
		return commitsJob(dir, plan), nil
	}
	return job{}, errors.New("there is nothing to scan")
}

// historyJob is the job of everything that the repository around dir holds.
func historyJob(dir string) job {
	h := scanner.NewHistory(dir)
	return job{source: h, root: rootOr(h.Root(), dir)}
}

// rootOr is the root that a source knows, or the folder that was named where there is no repository: the scan will say
// so.
func rootOr(root, dir string) string {
	if root == "" {
		return dir
	}
	return root
}

// stagedJob is the job of what is about to be committed in the repository around dir.
func stagedJob(dir string) job {
	s := scanner.NewStaged(dir)
	return job{source: s, root: rootOr(s.Root(), dir), partial: true}
}

// rangeJob is the job of what commits bring in, as a user writes them: BASE..HEAD.
func rangeJob(dir, commits string) job {
	r := scanner.NewRange(dir, commits)
	return job{source: r, root: rootOr(r.Root(), dir), partial: true}
}

// commitsJob is the job of what a plan's objects bring in.
func commitsJob(dir string, plan trigger.Plan) job {
	r := scanner.NewCommits(dir, plan.Include, plan.Exclude)
	r.Names = plan.Names
	return job{source: r, root: rootOr(r.Root(), dir), partial: true}
}
