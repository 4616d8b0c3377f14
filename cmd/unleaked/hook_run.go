package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/internal/trigger"
)

func (a *app) hookRunCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "run {pre-commit|pre-push|pre-receive} [ARG...]",
		Short: "What a git hook calls",
		Long: `Scan what a git hook is about. The arguments and the standard input are those that git gives to the hook.

  pre-commit   what is staged
  pre-push     the commits that a push would publish, each of them
  pre-receive  the commits that a server is about to accept

The pre-commit framework is understood: where it sets PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF, that range is scanned.`,
		Example: `  unleaked hook run pre-commit
  unleaked hook run pre-push origin https://git.example.com/shop.git
  unleaked hook run pre-receive --no-config`,
		Args:      cobra.MinimumNArgs(1),
		ValidArgs: []string{"pre-commit", "pre-push", "pre-receive"},
		RunE: func(c *cobra.Command, args []string) error {
			repo := repository{ctx: c.Context(), dir: "."}
			var plan trigger.Plan
			var err error
			switch args[0] {
			case "pre-commit":
				if a.env("PRE_COMMIT_TO_REF") == "" {
					j := stagedJob(".")
					j.stops = "commit"
					return a.scan(c.Context(), &s, j)
				}
				plan, err = trigger.PrePush(a.in, func() []string { return nil }, a.env, repo)
			case "pre-push":
				remote := append(args[1:len(args):len(args)], "", "") // its name and its URL
				known := func() []string { return repo.Published(remote[0], remote[1]) }
				plan, err = trigger.PrePush(a.in, known, a.env, repo)
			case "pre-receive":
				plan, err = trigger.PreReceive(a.in, repo.Refs, repo)
			default:
				return usagef("there is no hook %q for this: there are pre-commit, pre-push and pre-receive", args[0])
			}
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if plan.Mode == trigger.Nothing {
				return nil
			}
			j, err := planJob(".", plan)
			if err != nil {
				return err
			}
			j.stops = "push"
			return a.scan(c.Context(), &s, j)
		},
	}
	s.registerForHook(c)
	return c
}
