package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/internal/plain"
)

// hookMark stands in every hook that we wrote: only such a file is ever overwritten or removed.
const hookMark = "# Written by 'unleaked hook install'; 'unleaked hook uninstall' removes it."

// earlier is what the name of a hook that was there before ours ends in. Ours runs it first.
const earlier = ".before-unleaked"

func (a *app) hookCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "hook",
		Short: "Install, remove and run git hooks",
		Long: `Look at what a commit or a push would publish, before it does: git runs what 'unleaked hook install' writes, or what
husky, lefthook, pre-commit and the like are told to run. 'unleaked hook agent' does the same for coding agents.`,
		Example: `  unleaked hook install
  unleaked hook run pre-commit
  unleaked hook agent < event.json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var prePush, force bool
	install := &cobra.Command{
		Use:   "install",
		Short: "Have git run unleaked before every commit",
		Long: `Write a pre-commit hook that runs 'unleaked hook run pre-commit' (the same scan as 'unleaked staged'), with
--pre-push also a pre-push hook for what a push would publish.

The hook goes where git looks for hooks: core.hooksPath where it is set, else the hooks of the repository, which all of
its worktrees share. A hook that is there already is kept: it is run first, and comes back with 'unleaked hook uninstall'.
Where husky, lefthook, pre-commit, simple-git-hooks or overcommit write the hooks, it says what to add to their file instead.`,
		Example: `  unleaked hook install
  unleaked hook install --pre-push`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			names := []string{"pre-commit"}
			if prePush {
				names = append(names, "pre-push")
			}
			dir, top, err := hooksDir(c.Context(), force)
			if err != nil {
				return err
			}
			if m := managerOf(top, dir, names); m != nil && !force {
				return m.instead(names)
			}
			for _, name := range names {
				said, err := installHook(dir, name)
				if err != nil {
					return err
				}
				fmt.Fprintln(a.out, printable(said))
			}
			return nil
		},
	}
	install.Flags().BoolVar(&prePush, "pre-push", false, "also write a pre-push hook")
	install.Flags().BoolVar(&force, "force", false,
		"also where another program writes the hooks, or their folder lies outside the repository and serves others too")
	uninstall := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the hooks that install wrote",
		Long: `Remove the hooks that 'unleaked hook install' wrote, and put back the ones that were there before. Hooks of anybody
else are left alone.`,
		Example: `  unleaked hook uninstall`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, _, err := hooksDir(c.Context(), true)
			if err != nil {
				return err
			}
			removed := 0
			for _, name := range []string{"pre-commit", "pre-push"} {
				said, err := uninstallHook(dir, name)
				if err != nil {
					return err
				}
				if said != "" {
					removed++
					fmt.Fprintln(a.out, printable(said))
				}
			}
			if removed == 0 {
				fmt.Fprintln(a.out, "no hook of unleaked here")
			}
			return nil
		},
	}
	c.AddCommand(install, uninstall, a.hookRunCommand(), a.hookAgentCommand())
	return c
}

// hooksDir is the folder where git looks for the hooks of the repository around the working directory. One that lies
// outside the repository serves other repositories too, and is returned only where shared is true. top is the work tree,
// of a bare repository its git folder.
func hooksDir(ctx context.Context, shared bool) (dir, top string, err error) {
	here := repository{ctx: ctx}
	common, err := here.git("rev-parse", "--path-format=absolute", "--git-common-dir")
	if err != nil {
		return "", "", fmt.Errorf("looking for the repository: %w", err)
	}
	// A relative core.hooksPath starts from the top of the work tree, not from the folder we stand in; a bare
	// repository has no work tree.
	top, err = here.git("rev-parse", "--path-format=absolute", "--show-toplevel")
	if err != nil {
		top = common
	}
	dir, err = repository{ctx: ctx, dir: top}.git("rev-parse", "--path-format=absolute", "--git-path", "hooks")
	if err != nil {
		return "", "", fmt.Errorf("looking for the hooks folder: %w", err)
	}
	dir = filepath.FromSlash(dir)
	if !shared && !within(dir, top) && !within(dir, common) {
		return "", "", fmt.Errorf("core.hooksPath is %s, outside this repository: a hook there would run in other repositories too; "+
			"use --force if that is meant", dir)
	}
	return dir, top, nil
}

// within reports whether path is root or lies below it.
func within(path, root string) bool {
	rel, err := filepath.Rel(filepath.FromSlash(root), path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// hookScript is the text of a hook. The program is found on PATH first: that follows upgrades; where PATH is short, as
// graphical git clients have it, the one that wrote the hook is used.
func hookScript(name, program string) string {
	return `#!/bin/sh
` + hookMark + `
input=
if [ "` + name + `" = pre-push ]; then
	input=$(cat)
fi
if [ -x "$0` + earlier + `" ]; then
	printf '%s\n' "$input" | "$0` + earlier + `" "$@" || exit $?
fi
program=$(command -v unleaked) || program=` + shellQuote(program) + `
if [ ! -x "$program" ]; then
	echo "unleaked is not installed, so nothing was scanned: see 'unleaked hook uninstall' or install it again" >&2
	exit 1
fi
printf '%s\n' "$input" | "$program" hook run ` + name + ` "$@"
`
}

// shellQuote is text as one word of a shell.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// installHook writes one hook and says what it did.
func installHook(dir, name string) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding this program: %w", err)
	}
	path := filepath.Join(dir, name)
	script := []byte(hookScript(name, program))
	said := "wrote " + path
	switch old, err := plain.ReadFile(path); {
	case err == nil && bytes.Equal(old, script):
		return path + " is there already", nil
	case err == nil && bytes.Contains(old, []byte(hookMark)):
		said = "renewed " + path
	case err == nil:
		if _, err := os.Lstat(path + earlier); err == nil {
			return "", fmt.Errorf("%s and %s are both in the way: neither was written by unleaked", path, path+earlier)
		}
		if err := os.Rename(path, path+earlier); err != nil {
			return "", fmt.Errorf("keeping the hook that was there: %w", err)
		}
		said += "; the hook that was there runs first"
	case !errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("reading the hook that is there: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making the hooks folder: %w", err)
	}
	return said, writeFile(path, script, 0o755)
}

// uninstallHook removes one hook if it is ours and says what it did, "" where there was nothing to do.
func uninstallHook(dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	text, err := plain.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && !bytes.Contains(text, []byte(hookMark)) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the hook: %w", err)
	}
	if err := os.Rename(path+earlier, path); err == nil {
		return "put back the hook that was there before: " + path, nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("putting back the hook that was there before: %w", err)
	}
	if err := os.Remove(path); err != nil {
		return "", fmt.Errorf("removing the hook: %w", err)
	}
	return "removed " + path, nil
}
