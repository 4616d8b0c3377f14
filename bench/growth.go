package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// A growth is a kind of input that can be made of any size. What it costs must grow as it does.
type growth struct {
	name string
	n    int // parts of the smallest input: enough to be told from starting the program
	make func(ctx context.Context, dir string, n int) error
	args []string // DIR is the folder that make filled
}

// sizes are the sizes that are measured, as multiples of the smallest: the last is a decade above it.
var sizes = []int{1, 2, 10}

// steepest is the exponent over the decade above which a growth is told as too steep.
const steepest = 1.2

// A grown is what a growth came to at each size.
type grown struct {
	growth
	cpu     []time.Duration // the least of all runs
	memory  []int64
	unread  bool // the program lists something that it did not read, or not to the end, in the largest
	problem string
}

// exponent is the k of n^k that the cost grew with between two sizes, without what an empty run takes.
func (g grown) exponent(empty time.Duration, i, j int) float64 {
	less := func(d time.Duration) float64 { return float64(max(d-empty, time.Millisecond)) }
	return math.Log(less(g.cpu[j])/less(g.cpu[i])) / math.Log(float64(sizes[j])/float64(sizes[i]))
}

// measureGrowths runs the program on every growth whose name matches, at every size.
func (m measurer) measureGrowths(ctx context.Context, only *regexp.Regexp) ([]grown, time.Duration, error) {
	empty := time.Duration(math.MaxInt64)
	none := growth{name: "nothing", make: func(context.Context, string, int) error { return nil }}
	for range 5 {
		s, _, err := m.grow(ctx, none, 0)
		if err != nil {
			return nil, 0, err
		}
		empty = min(empty, s.cpu)
	}
	var list []grown
	for _, g := range growths {
		if !only.MatchString(g.name) {
			continue
		}
		out := grown{growth: g}
		for _, size := range sizes {
			best := sample{cpu: math.MaxInt64}
			for range m.pace.runs {
				s, unread, err := m.grow(ctx, g, g.n*size)
				if ctx.Err() != nil {
					return nil, 0, ctx.Err()
				}
				if err != nil {
					out.problem = err.Error()
					break
				}
				out.unread = unread
				best.cpu, best.memory = min(best.cpu, s.cpu), max(best.memory, s.memory)
				if s.wall > m.pace.budget/10 {
					break
				}
			}
			if out.problem != "" {
				break
			}
			out.cpu, out.memory = append(out.cpu, best.cpu), append(out.memory, best.memory)
		}
		list = append(list, out)
		fmt.Fprintln(m.progress, growthRow(out, empty), out.cpu)
	}
	return list, empty, nil
}

// publishGrowths measures the growths and writes their table of a day. A part of them is only printed.
func (m measurer) publishGrowths(ctx context.Context, only *regexp.Regexp, dir, date string) error {
	list, empty, err := m.measureGrowths(ctx, only)
	if err != nil || len(list) < len(growths) {
		return err
	}
	dir = filepath.Join(dir, "growth")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text := growthReport(list, empty, m.found["unleaked"].version, m.pace.runs)
	return os.WriteFile(filepath.Join(dir, date+".md"), []byte("# Growth, "+date+"\n\n"+text), 0o644)
}

// grow runs the program once on a growth of n parts.
func (m measurer) grow(ctx context.Context, g growth, n int) (s sample, unread bool, err error) {
	dir := filepath.Join(m.temp, "growth")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return s, false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := g.make(ctx, dir, n); err != nil {
		return s, false, err
	}
	limited, cancel := context.WithTimeout(ctx, m.pace.limit)
	defer cancel()
	args := g.args
	if args == nil {
		args = []string{"scan", "--no-config", "--public", "--format", "json", "DIR"}
	}
	var words []string
	for _, a := range args {
		words = append(words, strings.ReplaceAll(a, "DIR", dir))
	}
	cmd := exec.CommandContext(limited, m.found["unleaked"].path, words...)
	together(cmd)
	cmd.WaitDelay = 5 * time.Second
	cmd.Dir, cmd.Env = dir, environment()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	start := time.Now()
	err = cmd.Run()
	s = sample{time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		peakMemory(cmd.ProcessState)}
	if limited.Err() != nil {
		return s, false, errors.New(overLimit)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 2) {
		if exit.ExitCode() == 2 && stderr.Len() > 0 {
			return s, false, fmt.Errorf("failed: %s", strings.TrimSpace(stderr.String()))
		}
		return s, exit.ExitCode() == 2, nil
	}
	return s, false, err
}

// growthRow is the row of the table that tells of one growth.
func growthRow(g grown, empty time.Duration) string {
	if g.problem != "" {
		return fmt.Sprintf("| %s | %d | %s | | | | |", g.name, g.n, g.problem)
	}
	last := len(sizes) - 1
	k := g.exponent(empty, 0, last)
	told := fmt.Sprintf("%.2f", k)
	if k > steepest {
		told = "**" + told + "**"
	}
	note := ""
	if g.unread {
		note = "a limit is told"
	}
	return fmt.Sprintf("| %s | %d | %.2f | %s | %s | %s | %s |", g.name, g.n, g.exponent(empty, 0, 1), told,
		megabytes(g.memory[0]), megabytes(g.memory[last]), note)
}

// growthReport is the Markdown of all growths.
func growthReport(list []grown, empty time.Duration, version string, runs int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Program: unleaked %s. Built with %s for %s/%s, on %d processors.\n\n", version, runtime.Version(),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Fprintf(&b, "Every input was made with n, 2n and 10n parts and read up to %d times. k is the exponent of n^k that the least "+
		"processor time grew with, less what a run over nothing takes. Above %.1f over the decade it is **too steep**.\n\n", runs, steepest)
	b.WriteString("| input | n | k, n to 2n | k, n to 10n | memory, n | memory, 10n | |\n|-|-:|-:|-:|-:|-:|-|\n")
	for _, g := range list {
		b.WriteString(growthRow(g, empty) + "\n")
	}
	return b.String()
}
