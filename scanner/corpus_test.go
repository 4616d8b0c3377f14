package scanner_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/scanner"
)

var (
	corpusUpdate = flag.Bool("update", false, "rewrite the list of corpus cases that fail today")
	corpusCase   = flag.String("case", "", "run only this corpus case and show what differs")
)

// A collection is a folder of cases and the list of those that fail today.
type collection struct{ dir, failing string }

var corpus = collection{"../testdata/corpus", "../testdata/corpus-failing.txt"}

// A mark is a finding as the corpus writes it.
type mark struct {
	file  string
	line  int
	kind  string
	rules string // sorted, joined by blanks
}

func (m mark) String() string { return fmt.Sprintf("%s:%d %s %s", m.file, m.line, m.kind, m.rules) }

func (m mark) place() string { return m.file + ":" + strconv.Itoa(m.line) }

type corpusCaseFile struct {
	name     string
	want     []mark
	examples bool
	files    []txtar.File
}

func readCorpusCase(path string) (corpusCaseFile, error) {
	ar, err := txtar.ParseFile(path)
	if err != nil {
		return corpusCaseFile{}, err
	}
	c := corpusCaseFile{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), files: ar.Files}
	for _, line := range strings.Split(string(ar.Comment), "\n") {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "option" && fields[1] == "--examples":
			c.examples = true
		case len(fields) > 0 && fields[0] == "option":
			return c, fmt.Errorf("%s: unknown option %q", path, line)
		case len(fields) > 0 && fields[0] == "expect":
			if len(fields) < 4 {
				return c, fmt.Errorf("%s: short line %q", path, line)
			}
			colon := strings.LastIndexByte(fields[1], ':')
			n, err := strconv.Atoi(fields[1][colon+1:])
			if err != nil {
				return c, fmt.Errorf("%s: %q: %w", path, line, err)
			}
			rules := slices.Sorted(slices.Values(fields[3:]))
			c.want = append(c.want, mark{fields[1][:colon], n, fields[2], strings.Join(rules, " ")})
		}
	}
	return c, nil
}

// run scans the case's tree as the command line would.
func (c corpusCaseFile) run(t *testing.T) []mark {
	dir := t.TempDir()
	for _, f := range c.files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	res, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{Public: true,
		Examples: c.examples})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range res.Coverage.Skipped {
		t.Errorf("%s: %s was not read: %s", c.name, s.What, s.Why)
	}
	var got []mark
	for _, f := range res.Findings {
		var rules []string
		for _, r := range f.Rules() {
			rules = append(rules, string(r))
		}
		slices.Sort(rules)
		got = append(got, mark{f.File, f.Line, string(f.Kind), strings.Join(rules, " ")})
	}
	return got
}

// A tally counts what the corpus wanted and what it got.
type tally struct {
	cases, passed int
	want, got     int
	// of the wanted: at the right place; with the right kind too; with the right kind and rules
	placed, kinds, allOf  int
	rulesRight            int // of those at the right place: with the right set of rules
	cleanCases, noiseless int // cases that want nothing, and those of them that gave nothing
}

// match pairs got with want: equal ones first, then those at one place that agree most.
func (a *tally) match(want, got []mark) (missing, surplus []mark) {
	a.want += len(want)
	a.got += len(got)
	surplus = slices.Clone(got)
	for _, same := range []func(w, g mark) bool{
		func(w, g mark) bool { return w == g },
		func(w, g mark) bool { return w.place() == g.place() && w.kind == g.kind },
		func(w, g mark) bool { return w.place() == g.place() && w.rules == g.rules },
		func(w, g mark) bool { return w.place() == g.place() },
	} {
		var rest []mark
		for _, w := range want {
			i := slices.IndexFunc(surplus, func(g mark) bool { return same(w, g) })
			if i < 0 {
				rest = append(rest, w)
				continue
			}
			g := surplus[i]
			surplus = slices.Delete(surplus, i, i+1)
			a.placed++
			if g.kind == w.kind {
				a.kinds++
			}
			if g.rules == w.rules {
				a.rulesRight++
			}
			if g == w {
				a.allOf++
			}
		}
		want = rest
	}
	return want, surplus
}

// TestCorpus scans every case of the corpus.
func TestCorpus(t *testing.T) { corpus.test(t) }

// test scans every case of the collection. The test fails when a case that the list of failing ones names passes and
// when another one fails, so that the list only shrinks on purpose (-update rewrites it).
func (col collection) test(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(col.dir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in %s: %v", col.dir, err)
	}
	listed := col.readFailing(t)
	known := map[string]bool{}
	var a tally
	var failing []string
	for _, path := range paths {
		c, err := readCorpusCase(path)
		if err != nil {
			t.Error(err)
			continue
		}
		known[c.name] = true
		if *corpusCase != "" && c.name != *corpusCase {
			continue
		}
		got := c.run(t)
		want := slices.Clone(c.want)
		order := func(a, b mark) int { return strings.Compare(a.String(), b.String()) }
		slices.SortFunc(want, order)
		slices.SortFunc(got, order)
		passed := slices.Equal(want, got)
		a.cases++
		if passed {
			a.passed++
		} else {
			failing = append(failing, c.name)
		}
		if len(want) == 0 {
			a.cleanCases++
			if len(got) == 0 {
				a.noiseless++
			}
		}
		a.match(want, got)
		if *corpusCase != "" {
			showCase(t, want, got)
			if !passed {
				t.Errorf("%s fails", c.name)
			}
			return
		}
		switch {
		case *corpusUpdate:
		case passed && listed[c.name]:
			t.Errorf("%s passes: take it off %s", c.name, filepath.Base(col.failing))
		case !passed && !listed[c.name]:
			t.Errorf("%s fails: go test ./scanner -run %s -case %s -v", c.name, t.Name(), c.name)
		}
	}
	if *corpusCase != "" {
		t.Skipf("no case %s in %s", *corpusCase, col.dir)
	}
	for name := range listed {
		if !known[name] && !*corpusUpdate {
			t.Errorf("%s lists %s, which is no case", filepath.Base(col.failing), name)
		}
	}
	t.Logf("%s: %d of %d cases pass, %d of %d clean ones give nothing", filepath.Base(col.dir), a.passed, a.cases,
		a.noiseless, a.cleanCases)
	t.Logf("recall %s  precision %s  kind %s  rules %s  all %s", share(a.placed, a.want), share(a.placed, a.got),
		share(a.kinds, a.placed),
		share(a.rulesRight, a.placed), share(a.allOf, a.want))
	if *corpusUpdate {
		slices.Sort(failing)
		text := strings.Join(failing, "\n")
		if text != "" {
			text += "\n"
		}
		if err := os.WriteFile(col.failing, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func share(part, whole int) string {
	if whole == 0 {
		return "0/0"
	}
	return fmt.Sprintf("%d/%d (%.1f %%)", part, whole, 100*float64(part)/float64(whole))
}

func showCase(t *testing.T, want, got []mark) {
	rest := slices.Clone(got)
	for _, w := range want {
		if i := slices.Index(rest, w); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			t.Logf("    %s", w)
			continue
		}
		t.Logf("  - %s", w)
	}
	for _, g := range rest {
		t.Logf("  + %s", g)
	}
}

func (col collection) readFailing(t *testing.T) map[string]bool {
	data, err := os.ReadFile(col.failing)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range strings.Fields(string(data)) {
		listed[line] = true
	}
	return listed
}
