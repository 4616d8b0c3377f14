// Command unleaked-sweep is unleaked's sweep as an Apache Beam pipeline, for more repositories than one machine reads.
//
//	unleaked-sweep --list repositories.txt --output out/
//	unleaked-sweep --list gs://bucket/list.txt --output gs://bucket/out --runner flink --endpoint jobs.example:8099 …
//
// Its reports are those of `unleaked sweep`, byte for byte.
package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/core/metrics"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/inventory"
	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/sweep"
)

// sweepKey is the variable that holds the key of a sweep.
const sweepKey = "UNLEAKED_SWEEP_KEY"

// texts is a flag that is given again for more.
type texts []string

func (t *texts) String() string         { return strings.Join(*t, ",") }
func (t *texts) Set(value string) error { *t = append(*t, value); return nil }

// settings are the flags that are not Beam's.
type settings struct {
	list, output, nameFrom, failOn string
	formats                        texts
	incomplete                     bool
	stageOptions
}

func main() {
	var s settings
	s.register(flag.CommandLine)
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "Usage: unleaked-sweep --output DIR [flags] [REPO|DIR|MIRROR.git|ARCHIVE...]\n\nFlags, with those of Apache Beam:\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	beam.Init() // a worker of a remote runner stays in here
	status, err := s.run(context.Background(), flag.Args())
	if err != nil {
		fmt.Fprintf(os.Stderr, "unleaked-sweep: %v\n", err)
	}
	os.Exit(status)
}

func (s *settings) register(f *flag.FlagSet) {
	f.StringVar(&s.list, "list", "", "read the names of the repositories from `FILE`, one a line, as the workers see it; - is standard input")
	f.StringVar(&s.output, "output", "", "write the reports into the folder `DIR`, or below a URL such as gs://bucket/folder")
	f.Var(&s.formats, "format", "report `FORMAT`, in the file report.FORMAT; give it again for several (default json; there are "+
		strings.Join(report.Formats(), ", ")+")")
	f.StringVar(&s.nameFrom, "name-from", string(sweep.ByPath), "call a repository by `WHAT`: path or remote")
	f.StringVar(&s.failOn, "fail-on", "medium", "exit with 1 for findings of this `SEVERITY` and above: info, low, medium, high, critical, or none")
	f.BoolVar(&s.incomplete, "allow-incomplete", false, "let a sweep pass that could not read everything")
	f.StringVar(&s.KeyFile, "key-file", "", "take the key that joins equal tokens from `FILE`, as the workers see it (default: one of this run, which travels with the pipeline)")
	f.StringVar(&s.State, "state", "", "keep what was read in the folder `DIR`, which all workers share, and use what it holds; needs --key-file")
	f.Var((*texts)(&s.Inventories), "inventory", "believe the inventory in `FILE`, as the workers see it, of what a token is; give it again for several")
	f.BoolVar(&s.Complete, "inventory-complete", false, "the inventories list every token there is")
	f.BoolVar(&s.Public, "public", false, "also list public credentials")
	f.BoolVar(&s.Examples, "examples", false, "also list tokens that Unleash's documentation prints")
	f.BoolVar(&s.NoInline, "no-config", false, "obey no suppression of the scanned files")
	f.IntVar(&s.Jobs, "jobs", 0, "read each repository with `N` goroutines (default the number of processors)")
}

// run builds the pipeline, runs it, and returns the exit status: 0 for nothing found, 1 for findings at or above --fail-on,
// 2 where not everything was read or something else went wrong.
func (s *settings) run(ctx context.Context, args []string) (status int, err error) {
	outputs, err := s.check(args)
	if err != nil {
		return finding.ExitIncomplete, err
	}
	p, scope := beam.NewPipelineWithRoot()
	listed, err := s.listed(scope, args)
	if err != nil {
		return finding.ExitIncomplete, err
	}
	sweepAll(scope, listed, s.stageOptions, outputs)
	result, err := beamx.RunWithMetrics(ctx, p)
	if err != nil {
		return finding.ExitIncomplete, err
	}
	return s.status(result)
}

// check completes the settings.
func (s *settings) check(args []string) ([]output, error) {
	s.Version = version()
	s.NameFrom = sweep.NameFrom(s.nameFrom)
	severity, ok := rules.ParseSeverity(s.failOn)
	s.FailOn = int(severity)
	switch {
	case !ok:
		return nil, fmt.Errorf("--fail-on %s: it is one of info, low, medium, high, critical, none", s.failOn)
	case s.NameFrom != sweep.ByPath && s.NameFrom != sweep.ByRemote:
		return nil, fmt.Errorf("--name-from %s: it is path or remote", s.nameFrom)
	case s.output == "":
		return nil, errors.New("--output says where the reports go, as the workers see it")
	case s.list == "" && len(args) == 0:
		return nil, errors.New("there is no repository to sweep: name some, or give --list FILE")
	case s.list != "" && len(args) > 0:
		return nil, errors.New("repositories are named, or listed in a file: not both")
	case s.State != "" && s.KeyFile == "":
		return nil, errors.New("--state is shared by workers that have one key: give --key-file")
	}
	if s.KeyFile == "" {
		s.Key = make([]byte, sweep.KeySize)
		_, _ = rand.Read(s.Key) // it never fails: the program ends before
		if text := os.Getenv(sweepKey); text != "" {
			var err error
			if s.Key, err = inventory.ParseKey([]byte(text)); err != nil {
				return nil, fmt.Errorf("%s: %w", sweepKey, err)
			}
		}
	}
	return s.outputs()
}

func (s *settings) outputs() ([]output, error) {
	formats := s.formats
	if len(formats) == 0 {
		formats = texts{"json"}
	}
	join := path.Join
	if !strings.Contains(s.output, "://") {
		if err := os.MkdirAll(s.output, 0o700); err != nil {
			return nil, err
		}
		join = filepath.Join
	} else {
		join = func(parts ...string) string { return strings.TrimRight(parts[0], "/") + "/" + parts[1] }
	}
	var list []output
	for _, f := range formats {
		if !slices.Contains(report.Formats(), f) {
			return nil, fmt.Errorf("--format %s: there is no such format; there are %s", f, strings.Join(report.Formats(), ", "))
		}
		list = append(list, output{f, join(s.output, "report."+f)})
	}
	return append(list, output{failures, join(s.output, "failures.txt")}), nil
}

// listed are the names to sweep: those of the command line, of standard input, or of a file that the workers read.
func (s *settings) listed(scope beam.Scope, args []string) (beam.PCollection, error) {
	switch s.list {
	case "":
		return beam.CreateList(scope, args), nil
	case "-":
		var names []string
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			names = append(names, lines.Text())
		}
		if err := lines.Err(); err != nil {
			return beam.PCollection{}, fmt.Errorf("reading the list: %w", err)
		}
		if len(names) == 0 {
			return beam.PCollection{}, errors.New("there is no repository to sweep: the list is empty")
		}
		return beam.ParDo(scope, listLine, beam.CreateList(scope, names)), nil
	}
	return beam.ParDo(scope, listLine, textio.Read(scope, s.list)), nil
}

// listLine emits the name in a line of a list: not of an empty one, nor of one that begins with #.
func listLine(line string, emit func(string)) {
	if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
		emit(line)
	}
}

// status is the exit status that the counters tell.
func (s *settings) status(result beam.PipelineResult) (int, error) {
	if result == nil {
		return finding.ExitIncomplete, errors.New("the runner tells no result: look into the folder of --output")
	}
	n := map[string]int64{}
	for _, c := range result.Metrics().Query(func(r metrics.SingleResult) bool { return r.Namespace() == counters }).Counters() {
		n[c.Name()] += c.Result()
	}
	switch {
	case n[countWritten] == 0:
		return finding.ExitIncomplete, errors.New("the runner tells no counters: look into the folder of --output")
	case n[countRead] == 0:
		return finding.ExitIncomplete, errors.New("there is no repository to sweep: the list is empty")
	}
	fmt.Fprintf(os.Stderr, "unleaked-sweep: %d repositories, %d findings, %d things not read\n", n[countRead], n[countFound],
		n[countUnread])
	switch {
	case n[countUnread] > 0 && !s.incomplete:
		return finding.ExitIncomplete, nil
	case n[countFailing] > 0:
		return finding.ExitFindings, nil
	}
	return finding.ExitClean, nil
}

// version is that of the library that does the work, as `unleaked version` says it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == "github.com/unleaked/unleaked" && m.Replace == nil && m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}
