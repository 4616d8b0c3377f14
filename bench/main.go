// Bench measures unleaked beside the programs that it is compared with: what the machine can do at best (ripgrep, git
// printing its own objects), and the general secret scanners with one equivalent rule. One run measures everything, in
// turns, so that whatever else the machine does hits all of them alike; what it tells are multiples of unleaked's own
// figures, never seconds.
//
//	go run ./bench --tree NAME=DIR --repo NAME=DIR
//	go run ./bench --growth
//
// The first writes bench/results/DATE.md, and the same text into docs/benchmarks.md. It changes nothing in what it
// measures on, and asks nobody: programs that are not on PATH are named as absent. The second makes inputs of several
// sizes and writes to bench/results/growth/DATE.md how the work grows with them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A place is a tree or a repository to measure on.
type place struct {
	name string // what the report calls it; its path stays out of the report
	dir  string
}

// places collects the values of a flag that can be given several times.
type places []place

func (p *places) String() string { return "" }

func (p *places) Set(value string) error {
	name, dir, ok := strings.Cut(value, "=")
	if !ok {
		name, dir = filepath.Base(value), value
	}
	if name == "" || dir == "" {
		return fmt.Errorf("want NAME=DIR, or DIR")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if info, err := os.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	*p = append(*p, place{name, dir})
	return nil
}

func run(ctx context.Context, args []string, progress io.Writer) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	var trees, repos places
	var pace pace
	flags.Var(&trees, "tree", "measure `unleaked scan` on the folder `NAME=DIR`; can be given again")
	flags.Var(&repos, "repo", "measure `unleaked git` and `unleaked staged` on the repository `NAME=DIR`; can be given again")
	flags.IntVar(&pace.runs, "runs", 5, "run every program `N` times")
	flags.DurationVar(&pace.budget, "budget", time.Minute,
		"start no further run of a program that took this `TIME` already")
	flags.DurationVar(&pace.limit, "limit", 15*time.Minute, "end a run after this `TIME`")
	binary := flags.String("unleaked", "", "measure the program `FILE` (default: what ./cmd/unleaked builds)")
	output := flags.String("output", filepath.Join("bench", "results"), "write DATE.md into `DIR`")
	growing := flags.Bool("growth", false, "measure how the work grows with inputs that are made for it, and nothing else")
	only := flags.String("only", "", "measure only the growths whose name matches `EXPRESSION`")
	page := flags.String("page", filepath.Join("docs", "benchmarks.md"),
		"put the results into `FILE` too; none where empty")
	if err := flags.Parse(args); err != nil {
		return err
	}
	names, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	if len(trees)+len(repos) == 0 && !*growing {
		return errors.New("nothing to measure on: give --tree or --repo")
	}

	temp, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if *binary == "" {
		*binary = filepath.Join(temp, "unleaked")
		build := exec.CommandContext(ctx, "go", "build", "-o", *binary, "./cmd/unleaked")
		build.Stderr = progress
		if err := build.Run(); err != nil {
			return fmt.Errorf("building unleaked: %w", err)
		}
	} else if *binary, err = filepath.Abs(*binary); err != nil {
		return err
	}
	rules, err := writeRules(temp)
	if err != nil {
		return err
	}

	m := measurer{pace: pace, temp: temp, found: find(*binary), rules: rules, progress: progress}
	if *growing {
		return m.publishGrowths(ctx, names, *output, time.Now().Format(time.DateOnly))
	}
	var results []result
	for _, p := range trees {
		results = append(results, m.measure(ctx, treeContest(p.dir), p))
	}
	for _, p := range repos {
		results = append(results, m.measure(ctx, historyContest, p))
	}
	for _, p := range repos {
		dir := filepath.Join(temp, "staged")
		if err := stage(ctx, p.dir, dir); err != nil {
			return fmt.Errorf("staging a change on top of %s: %w", p.name, err)
		}
		results = append(results, m.measure(ctx, stagedContest, place{p.name, dir}))
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return publish(*output, *page, time.Now().Format(time.DateOnly), report(results, m.found, pace))
}

// publish writes the results of a day, and puts them into the page.
func publish(dir, page, date, text string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, date+".md"), []byte("# Results of "+date+"\n\n"+text),
		0o644); err != nil {
		return err
	}
	if page == "" {
		return nil
	}
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	updated, err := replaceSection(string(old), "Measured on "+date+".\n\n"+text)
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(page, []byte(updated), 0o644)
}

const sectionStart, sectionEnd = "<!-- results -->\n", "<!-- end of results -->"

// replaceSection puts text between the marks of the page.
func replaceSection(page, text string) (string, error) {
	before, rest, ok := strings.Cut(page, sectionStart)
	_, after, ok2 := strings.Cut(rest, sectionEnd)
	if !ok || !ok2 {
		return "", errors.New("no place for the results in it")
	}
	return before + sectionStart + "\n" + text + "\n" + sectionEnd + after, nil
}
