package main

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// pace says how often programs are run and for how long.
type pace struct {
	runs          int
	budget, limit time.Duration
}

// A sample is what one run took.
type sample struct {
	wall, cpu time.Duration
	memory    int64 // bytes, see peakMemory
}

// An outcome is what an entry's runs came to.
type outcome struct {
	entry   entry
	samples []sample
	hits    int
	problem string // why there are no samples, or not to be compared: absent, failed, over the limit
}

// A result is a contest held at one place.
type result struct {
	contest  contest
	place    place
	outcomes []outcome
	report   unleakedReport
}

// A program is an executable and what it says of its version.
type program struct{ path, version string }

// find looks up all programs; one that is not there has no path.
func find(unleaked string) map[string]program {
	found := map[string]program{"unleaked": {unleaked, version(unleaked)}}
	for _, name := range []string{"git", "rg", "gitleaks", "betterleaks", "trufflehog"} {
		if path, err := exec.LookPath(name); err == nil {
			found[name] = program{path, version(path)}
		}
	}
	return found
}

// version asks the file where it is a Go program, for those are often built without telling themselves, and else the
// program.
func version(path string) string {
	if info, err := buildinfo.ReadFile(path); err == nil && info.Main.Version != "" {
		return info.Main.Version
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(out), "\n")
	for _, word := range strings.Fields(line) {
		if word[0] >= '0' && word[0] <= '9' {
			return word
		}
	}
	return ""
}

type measurer struct {
	pace     pace
	temp     string // folder for reports
	rules    string // folder of the rule files
	found    map[string]program
	progress io.Writer
}

// measure holds a contest: in every round each program runs once, so that a busy minute of the machine hits all of
// them.
func (m measurer) measure(ctx context.Context, c contest, p place) result {
	r := result{contest: c, place: p}
	for _, e := range c.entries {
		o := outcome{entry: e}
		if _, ok := m.found[e.program]; !ok {
			o.problem = "not installed"
		}
		r.outcomes = append(r.outcomes, o)
	}
	// One round that does not count brings files and packs into memory.
	if len(c.entries) > 1 && r.outcomes[1].problem == "" {
		fmt.Fprintf(m.progress, "%s, %s: reading everything once\n", c.title, p.name)
		warm := r.outcomes[1]
		m.once(ctx, &warm, p)
	}
	rounds := m.pace.runs
	if c.quick {
		rounds *= 5
	}
	for round := range rounds {
		for i := range r.outcomes {
			o := &r.outcomes[i]
			if o.problem != "" || ctx.Err() != nil || round > 0 && total(o.samples) >= m.pace.budget {
				continue
			}
			m.once(ctx, o, p)
			if n := len(o.samples); n > 0 && o.problem == "" {
				fmt.Fprintf(m.progress, "%s, %s: %d of %d: %s: %v\n", c.title, p.name, round+1, rounds, o.entry.program,
					o.samples[n-1].wall.Round(time.Millisecond))
			} else {
				fmt.Fprintf(m.progress, "%s, %s: %s: %s\n", c.title, p.name, o.entry.program, o.problem)
			}
			if i == 0 && o.problem == "" {
				r.report = m.readReport()
			}
		}
	}
	return r
}

// once runs an entry and adds what it took.
func (m measurer) once(ctx context.Context, o *outcome, p place) {
	limited, cancel := context.WithTimeout(ctx, m.pace.limit)
	defer cancel()
	cmd := exec.CommandContext(limited, m.found[o.entry.program].path, m.arguments(o.entry, p.dir)...)
	together(cmd)
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = environment()
	if p.dir != "" {
		cmd.Dir = p.dir
	}
	// What an earlier run wrote must not be counted as this one's.
	if err := os.Remove(m.reportFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		o.problem = err.Error()
		return
	}
	errs, err := os.Create(filepath.Join(m.temp, "stderr"))
	if err != nil {
		o.problem = err.Error()
		return
	}
	defer errs.Close()
	cmd.Stderr = errs
	// Without a file here, what the program prints goes to the null device.
	if o.entry.output {
		out, err := os.Create(m.reportFile())
		if err != nil {
			o.problem = err.Error()
			return
		}
		defer out.Close()
		cmd.Stdout = out
	}

	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		o.problem = "interrupted"
	case limited.Err() != nil:
		o.problem = overLimit
		o.samples = []sample{{wall: wall}}
	case errors.As(err, &exit) && slices.Contains(o.entry.exits, exit.ExitCode()):
	case errors.As(err, &exit):
		o.problem = fmt.Sprintf("failed with exit status %d", exit.ExitCode())
		m.explain()
	case err != nil:
		o.problem = "cannot be run"
		fmt.Fprintf(m.progress, "  %v\n", err)
	case m.said(o.entry.failures):
		o.problem = "failed, with exit status 0"
		m.explain()
	}
	if o.problem != "" {
		return
	}
	o.samples = append(o.samples, sample{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		peakMemory(cmd.ProcessState)})
	if o.entry.count == nil {
		return
	}
	f, err := os.Open(m.reportFile())
	if err != nil {
		o.problem, o.samples = "wrote no report", nil
		return
	}
	defer f.Close()
	if o.hits, err = o.entry.count(f); err != nil {
		o.problem, o.samples = "wrote a report that cannot be read", nil
	}
}

// arguments puts what differs from run to run into the arguments of an entry.
func (m measurer) arguments(e entry, dir string) []string {
	// A Replacer does not look again at what it put in: a pattern or a path may well hold one of the words. Of two
	// words that begin alike the longer stands first.
	words := strings.NewReplacer("TREE", dir, "REPORT", m.reportFile(), "REPO", dir, "RULES", filepath.Join(m.rules,
		e.rules),
		"PATTERN", pattern, "SHORT", shortPattern)
	var args []string
	for _, a := range e.args {
		args = append(args, words.Replace(a))
	}
	return args
}

func (m measurer) reportFile() string { return filepath.Join(m.temp, "report") }

// explain shows the last of what a program that failed said; it goes to the terminal, not into the results.
func (m measurer) explain() {
	text, err := os.ReadFile(filepath.Join(m.temp, "stderr"))
	if err != nil {
		return
	}
	fmt.Fprintf(m.progress, "  %q\n", text[max(0, len(text)-300):])
}

// said tells whether the program that ran last printed one of the texts among its errors.
func (m measurer) said(texts []string) bool {
	errs, err := os.ReadFile(filepath.Join(m.temp, "stderr"))
	return err == nil && slices.ContainsFunc(texts, func(text string) bool {
		return strings.Contains(string(errs),
			text)
	})
}

func (m measurer) readReport() (r unleakedReport) {
	f, err := os.Open(m.reportFile())
	if err != nil {
		return r
	}
	defer f.Close()
	if json.NewDecoder(f).Decode(&r) != nil {
		return unleakedReport{}
	}
	return r
}

func total(samples []sample) (sum time.Duration) {
	for _, s := range samples {
		sum += s.wall
	}
	return sum
}
