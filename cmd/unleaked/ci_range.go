package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/internal/trigger"
)

func (a *app) ciGitLabCommand() *cobra.Command {
	var r ciRun
	c := &cobra.Command{
		Use:   "gitlab",
		Short: "Scan what a GitLab pipeline brings in",
		Long: `Scan what a GitLab pipeline brings in: the commits of a push or a merge request; the files that are checked out in
pipelines of every other source, such as a schedule. It reads CI_PIPELINE_SOURCE, CI_COMMIT_SHA, CI_COMMIT_BEFORE_SHA,
CI_MERGE_REQUEST_DIFF_BASE_SHA and the names of the branches.

Where the commits are not here, because the clone was shallow, the files are scanned and the scan is incomplete.`,
		Example: `  unleaked ci gitlab
  unleaked ci gitlab --format text --format gitlab=gl-secret-detection-report.json
  unleaked ci gitlab --policy base --format codeclimate=gl-code-quality-report.json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			plan, err := trigger.GitLab(a.env, repository{ctx: c.Context(), dir: "."})
			if err != nil {
				return err
			}
			return a.ciScan(c.Context(), &r, plan)
		},
	}
	r.registerWithoutFiles(c)
	r.registerPolicy(c)
	return c
}

func (a *app) ciRangeCommand() *cobra.Command {
	var r ciRun
	var defaultBranch string
	c := &cobra.Command{
		Use:   "range BASE [HEAD]",
		Short: "Scan what lies between two commits",
		Long: `Scan what HEAD (default HEAD) brings in that BASE has not, on any CI service. BASE and HEAD are commits, or names of such.
An empty BASE, or one of zeros, as services give it for a branch that is new, stands for the default branch.

Where the commits are not here, because the clone was shallow, the files are scanned and the scan is incomplete.`,
		Example: `  unleaked ci range origin/main
  unleaked ci range "$BASE" "$HEAD" --policy base
  unleaked ci range "" "$HEAD" --default-branch main --format junit=unleaked.xml`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			head := "HEAD"
			if len(args) == 2 && args[1] != "" {
				head = args[1]
			}
			return a.ciScan(c.Context(), &r, a.rangePlan(c.Context(), args[0], head, defaultBranch))
		},
	}
	r.registerWithoutFiles(c)
	r.registerPolicy(c)
	c.Flags().StringVar(&defaultBranch, "default-branch", "main", "`NAME` of the branch that a new one is compared with")
	return c
}

// rangePlan is the plan between two commits as a user names them.
func (a *app) rangePlan(ctx context.Context, base, head, defaultBranch string) trigger.Plan {
	repo := repository{ctx: ctx, dir: "."}
	var ids []string
	for _, name := range []string{base, head} {
		if strings.Trim(name, "0") == "" { // a branch that is new
			ids = append(ids, "")
			continue
		}
		id, err := repo.git("rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
		if err != nil {
			return trigger.Unknown(printable(name))
		}
		ids = append(ids, id)
	}
	return trigger.Between(ids[0], ids[1], defaultBranch, repo)
}

// registerPolicy adds the flag that says whose policy holds.
func (r *ciRun) registerPolicy(c *cobra.Command) {
	r.policyOf = choiceFlag{value: "change", choices: []string{"change", "base"}, name: "WHOSE"}
	c.Flags().Var(&r.policyOf, "policy", "`WHOSE` configuration and baseline hold: those of the change, or of its base")
	c.MarkFlagsMutuallyExclusive("policy", "policy-from")
}

// job is the job of a plan, under the policy that the flags name.
func (r *ciRun) job(plan trigger.Plan) (job, error) {
	if r.policyOf.value == "base" {
		if len(plan.Exclude) == 0 {
			return job{}, errors.New("--policy base: this event has no base commit here")
		}
		r.policy = plan.Exclude[0]
	}
	j, err := planJob(".", plan)
	j.missing = plan.Missing
	return j, err
}

// ciScan scans what a plan asks for and writes the reports that the flags ask for. What it looks at is said on the
// stream for people, so that a report on the other one stays what it is.
func (a *app) ciScan(ctx context.Context, r *ciRun, plan trigger.Plan) error {
	fmt.Fprintf(a.errs, "unleaked: %s (%s)\n", plan.Mode, printable(plan.Why))
	if plan.Mode == trigger.Nothing {
		return nil
	}
	j, err := r.job(plan)
	if err != nil {
		return err
	}
	return a.scan(ctx, &r.settings, j)
}
