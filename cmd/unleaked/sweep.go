package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/inventory"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/sweep"
)

// sweepKey is the variable that holds the key of a sweep.
const sweepKey = "UNLEAKED_SWEEP_KEY"

// A sweeping is what the flags of a sweep say.
type sweeping struct {
	settings
	list, state, shard string
	settle             bool
	nameFrom           choiceFlag
}

func (a *app) sweepCommand() *cobra.Command {
	var s sweeping
	c := &cobra.Command{
		Use:   "sweep [REPO|DIR|MIRROR.git|ARCHIVE...]",
		Short: "Scan many repositories and settle them together",
		Long: `Scan many repositories at once and settle what they say of the same tokens together: the token that leaks in one
repository is declared in another. A work tree is read with its whole history, a bare mirror by its history, a folder
and an archive by their files. Nothing is cloned or fetched.

With --state, the records of each repository are kept, without a secret: the same command goes on where it was killed,
and reads a repository again only where something in it has changed.`,
		Example: `  unleaked sweep ../shop ../infra mirrors/web.git
  unleaked sweep --list repositories.txt --state ~/.cache/unleaked-sweep --format json=sweep.json
  unleaked sweep --list all.txt --state shard0 --shard 0/4 --key-file key
  unleaked sweep --settle shard0 shard1 shard2 shard3`,
		RunE: func(c *cobra.Command, args []string) error { return a.sweep(c.Context(), &s, args) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&s.list, "list", "", "read the names of the repositories from `FILE`, one a line; - is standard input")
	f.StringVar(&s.state, "state", "", "keep what was read in the folder `DIR`, and use what it holds")
	f.StringVar(&s.shard, "shard", "", "read only the repositories of shard `I/N`, with I from 0 to N-1")
	f.BoolVar(&s.settle, "settle", false, "read no repository: the arguments are folders of state to settle together")
	f.StringVar(&s.know.keyFile, "key-file", "",
		"take the key that joins equal tokens from `FILE`: 64 hexadecimal digits; it also opens the guessable tokens of an inventory")
	s.nameFrom = choiceFlag{value: string(sweep.ByPath), choices: []string{string(sweep.ByPath), string(sweep.ByRemote)},
		name: "WHAT"}
	f.Var(&s.nameFrom, "name-from", "call a repository by `WHAT`: path (as it was listed) or remote (github.com/owner/name)")
	s.registerFor(c, "format", "output", "summary", "public", "examples", "fail-on", "no-config", "suppressed",
		"allow-incomplete", "jobs", "color", "inventory", "inventory-complete", "verify", "server", "ca-file", "quiet")
	_ = c.RegisterFlagCompletionFunc("name-from", cobra.FixedCompletions(s.nameFrom.choices, cobra.ShellCompDirectiveNoFileComp))
	c.MarkFlagsMutuallyExclusive("settle", "shard")
	c.MarkFlagsMutuallyExclusive("settle", "list")
	c.MarkFlagsMutuallyExclusive("settle", "inventory") // the records hold what was known when they were made
	c.MarkFlagsMutuallyExclusive("settle", "verify")
	return c
}

func (a *app) sweep(ctx context.Context, s *sweeping, args []string) error {
	s.folders = true
	outputs, err := s.outputs()
	if err != nil {
		return err
	}
	o := sweep.Options{State: s.state, Jobs: s.jobs, Version: version(), Public: s.public, Examples: s.examples,
		NoInline: s.noConfig, NameFrom: sweep.NameFrom(s.nameFrom.value)}
	if o.Key, err = a.sweepKey(s.know.keyFile); err != nil {
		return err
	}
	if s.shard != "" {
		if o.Shard, o.Shards, err = parseShard(s.shard); err != nil {
			return err
		}
	}
	started := time.Now()
	if o.Oracle, err = a.oracle(ctx, &s.know); err != nil {
		return err
	}
	if o.Knowing = s.know.knowing(o.Oracle, started); s.know.verify.value == "plan" {
		o.State = "" // what would be asked is known of what was read alone
	}
	var res *finding.Result
	if s.settle {
		res, err = sweep.Settle(args, o)
	} else {
		var listed []string
		if listed, err = a.listed(s.list); err != nil {
			return err
		}
		tell, stop := a.sweepProgress(s.quiet)
		o.Progress = tell
		res, err = sweep.Run(ctx, append(args, listed...), o)
		stop()
	}
	if err != nil {
		return usageError{err}
	}
	a.tellPlan(o.Oracle)
	out := &outcome{Result: res, failOn: rules.Severity(s.failOn), options: report.Options{
		Version: version(), Suppressed: s.suppressed, Summary: s.summary, Elapsed: time.Since(started), Start: started, End: time.Now(),
	}}
	if err := a.write(outputs, out, &s.settings); err != nil {
		return err
	}
	a.status = finding.ExitStatus(res, out.failOn, s.incomplete)
	return nil
}

// sweepKey returns the key that a file or the environment holds, nil where neither does.
func (a *app) sweepKey(file string) ([]byte, error) {
	text := a.env(sweepKey)
	if file != "" || text == "" {
		return readKey(file)
	}
	key, err := inventory.ParseKey([]byte(text))
	if err != nil {
		return nil, usagef("%s: %w", sweepKey, err)
	}
	return key, nil
}

// listed returns the names in a list: a line each, without empty lines and those that begin with #.
func (a *app) listed(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	in := a.in
	if list != "-" {
		f, err := os.Open(list)
		if err != nil {
			return nil, fmt.Errorf("reading the list: %w", err)
		}
		defer f.Close()
		in = f
	}
	var names []string
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the list: %w", err)
	}
	return names, nil
}

func parseShard(text string) (shard, shards int, err error) {
	i, n, ok := strings.Cut(text, "/")
	shard, err1 := strconv.Atoi(i)
	shards, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || shards < 1 || shard < 0 || shard >= shards {
		return 0, 0, usagef("--shard %s: it is I/N with I from 0 to N-1, such as 0/4", text)
	}
	return shard, shards, nil
}

// sweepProgress shows on a terminal how many repositories were read and the name of the last.
func (a *app) sweepProgress(quiet bool) (tell func(done, total int, name string), stop func()) {
	show, stop := a.statusLine(quiet)
	if show == nil {
		return nil, stop
	}
	return func(done, total int, name string) {
		show(func(width int) string {
			line := fmt.Sprintf("%d of %d  %s", done, total, name)
			if width > 0 && len(line) >= width {
				line = line[:width-1]
			}
			return line
		})
	}, stop
}
