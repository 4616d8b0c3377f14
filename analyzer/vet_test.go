package analyzer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/analyzer"
	"github.com/unleaked/unleaked/rules"
)

// The test program is also the tool that go vet runs in TestVetTool.
func TestMain(m *testing.M) {
	if analyzer.IsVetTool(os.Args[1:]) {
		analyzer.RunVetTool()
	}
	os.Exit(m.Run())
}

// stubs are the modules whose packages stand in testdata/src.
var stubs = []string{
	"github.com/Unleash/unleash-client-go/v3", "github.com/Unleash/unleash-client-go/v4",
	"github.com/Unleash/unleash-go-sdk/v5",
	"github.com/Unleash/unleash-go-sdk/v6", "github.com/Unleash/unleash-server-api-go",
	"github.com/open-feature/go-sdk",
	"github.com/open-feature/go-sdk-contrib/providers/unleash",
	"github.com/spf13/cobra", "github.com/caarlos0/env/v11",
}

// module writes the files of an archive into a folder, with the stubs in place of the modules that it requires.
func module(t *testing.T, ar *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	replace := ""
	for _, m := range stubs {
		to := filepath.Join(dir, ".stubs", m)
		if err := os.CopyFS(to, os.DirFS(filepath.Join(testdata(t), "src", m))); err != nil {
			t.Fatal(err)
		}
		text := "module " + m + "\n\ngo 1.21\n"
		if strings.HasSuffix(m, "providers/unleash") {
			text += "\nrequire github.com/Unleash/unleash-client-go/v4 v4.1.4\n"
		}
		write(t, filepath.Join(to, "go.mod"), text)
		replace += fmt.Sprintf("replace %s => ./.stubs/%s\n", m, m)
	}
	for _, f := range ar.Files {
		text := fill(string(f.Data))
		if f.Name == "go.mod" {
			text += "\n" + replace
		}
		write(t, filepath.Join(dir, f.Name), text)
	}
	return dir
}

var slot = regexp.MustCompile(`\{hex56\}`)

// fill puts a random part for each {hex56}: no line of this repository holds a token that looks real.
func fill(text string) string {
	seed := uint64(len(text))
	return slot.ReplaceAllStringFunc(text, func(s string) string {
		seed++
		return rules.Expand(s, seed)
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// environment is that of go commands which must not reach for the network or change go.mod's neighbours.
func environment() []string {
	return append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GONOSUMDB=*")
}

func archive(t *testing.T, name string) *txtar.Archive {
	t.Helper()
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return ar
}

// line is a diagnostic without column and details.
var line = regexp.MustCompile(`(?m)^(\S+?):(\d+):\d+: ([a-z-]+(?:, [a-z-]+)*): `)

func lines(text string) []string {
	var out []string
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1]+":"+m[2]+" "+strings.ReplaceAll(m[3], ", ", " "))
	}
	return out
}

// expected are the lines of an archive's comment that begin with a word.
func expected(ar *txtar.Archive, word string) []string {
	var out []string
	for l := range strings.Lines(string(ar.Comment)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(l), word+" "); ok {
			out = append(out, rest)
		}
	}
	slices.Sort(out)
	return out
}

func TestVet(t *testing.T) {
	ar := archive(t, "testdata/module.txtar")
	dir := module(t, ar)
	var out bytes.Buffer
	opts := analyzer.Options{Dir: dir, Tests: true, Generated: true, Env: environment()}
	rep, err := analyzer.Vet(context.Background(), nil, opts, &out)
	if err != nil || len(rep.Problems) > 0 {
		t.Fatalf("%v, problems %q", err, rep.Problems)
	}
	got := lines(out.String())
	slices.Sort(got)
	if want := expected(ar, "expect"); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if rep.Findings != len(got) {
		t.Errorf("%d findings counted, %d told", rep.Findings, len(got))
	}

	// Packages that were not asked for say nothing, but what they do is known.
	out.Reset()
	if _, err := analyzer.Vet(context.Background(), []string{"./cmd/..."}, opts, &out); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(expected(ar, "expect"), func(s string) bool { return !strings.HasPrefix(s, "cmd/") })
	if got := lines(out.String()); !slices.Equal(got, want) {
		t.Errorf("of ./cmd/... got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	out.Reset()
	opts.JSON = true
	if _, err := analyzer.Vet(context.Background(), nil, opts, &out); err != nil {
		t.Fatal(err)
	}
	var tree map[string]map[string][]struct{ Category, Posn, Message, URL string }
	if err := json.Unmarshal(out.Bytes(), &tree); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, byAnalyzer := range tree {
		for _, d := range byAnalyzer["unleaked"] {
			n++
			if _, ok := rules.Lookup(rules.RuleID(d.Category)); !ok || !strings.HasSuffix(d.URL, "#"+d.Category) {
				t.Errorf("%s: category %q, URL %q", d.Posn, d.Category, d.URL)
			}
		}
	}
	if n != len(got) {
		t.Errorf("JSON has %d diagnostics, text %d", n, len(got))
	}
}

func TestVetNeverShowsAToken(t *testing.T) {
	dir := module(t, archive(t, "testdata/module.txtar"))
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		opts := analyzer.Options{Dir: dir, Tests: true, Generated: true, Public: true, JSON: asJSON, Env: environment()}
		if _, err := analyzer.Vet(context.Background(), nil, opts, &out); err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`[0-9a-f]{20}`).Match(out.Bytes()) {
			t.Errorf("a token is shown (JSON: %t)", asJSON)
		}
	}
}

// What the fixes leave compiles, and has no finding that had a fix.
func TestVetFix(t *testing.T) {
	ar := archive(t, "testdata/module.txtar")
	dir := module(t, ar)
	opts := analyzer.Options{Dir: dir, Tests: true, Generated: true, Fix: true, Env: environment()}
	rep, err := analyzer.Vet(context.Background(), nil, opts, new(bytes.Buffer))
	if err != nil || rep.Fixed == 0 {
		t.Fatalf("%d files fixed, %v", rep.Fixed, err)
	}
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir, cmd.Env = dir, environment()
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the fixed module does not compile: %v\n%s", err, text)
	}
	var out bytes.Buffer
	if _, err := analyzer.Vet(context.Background(), nil, opts, &out); err != nil {
		t.Fatal(err)
	}
	got := lines(out.String())
	slices.Sort(got)
	if want := expected(ar, "unfixed"); !slices.Equal(got, want) {
		t.Errorf("left\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestVetTellsOfPackagesThatDoNotCompile(t *testing.T) {
	dir := module(t, &txtar.Archive{Files: []txtar.File{
		{Name: "go.mod", Data: []byte("module broken\n\ngo 1.25\n")},
		{Name: "a.go", Data: []byte("package broken\n\nvar x int = missing\n")},
	}})
	rep, err := analyzer.Vet(context.Background(), nil, analyzer.Options{Dir: dir, Env: environment()},
		new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Problems) == 0 {
		t.Error("a package that does not compile is no problem")
	}
	rep, err = analyzer.Vet(context.Background(), []string{"./nowhere"}, analyzer.Options{Dir: dir, Env: environment()},
		new(bytes.Buffer))
	if err == nil && len(rep.Problems) == 0 {
		t.Error("a package that does not exist is no problem")
	}
}

// go vet runs the same pass through its own driver, with facts in files.
func TestVetTool(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ar := archive(t, "testdata/module.txtar")
	dir := module(t, ar)
	for _, test := range []struct {
		flags []string
		want  []string
	}{
		{nil, expected(ar, "expect")},
		{[]string{"-unleaked.tests=false"}, slices.DeleteFunc(expected(ar, "expect"),
			func(s string) bool { return strings.Contains(s, "_test.go") })},
	} {
		cmd := exec.Command("go", slices.Concat([]string{"vet", "-vettool=" + self}, test.flags, []string{"./..."})...)
		cmd.Dir, cmd.Env = dir, environment()
		text, _ := cmd.CombinedOutput() // go vet fails where there are findings
		got := lines(string(text))
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("%v: got\n%s\nwant\n%s\nin\n%s", test.flags, strings.Join(got, "\n"), strings.Join(test.want,
				"\n"), text)
		}
	}
}

func TestIsVetTool(t *testing.T) {
	dir := t.TempDir()
	unit := filepath.Join(dir, "vet.cfg")
	write(t, unit, `{"ImportPath": "a", "GoFiles": ["a.go"]}`)
	other := filepath.Join(dir, "setup.cfg")
	write(t, other, "[metadata]\nname = a\n")
	for _, test := range []struct {
		args []string
		want bool
	}{
		{[]string{"-V=full"}, true},
		{[]string{"-flags"}, true},
		{[]string{unit}, true},
		{[]string{"-unleaked.tests=false", "-json", unit}, true},
		{[]string{other}, false},
		{[]string{"scan", other}, false},
		{[]string{filepath.Join(dir, "missing.cfg")}, false},
		{[]string{"vet", "./..."}, false},
		{nil, false},
	} {
		if got := analyzer.IsVetTool(test.args); got != test.want {
			t.Errorf("%q: %t", test.args, got)
		}
	}
}

// unmet are the cases that the pass does not meet yet, and why.
var unmet = map[string]string{
	"TestCorpus/go-cobra-stringvar": "the pass does not follow a flag's default to the variable that it sets",
}

// The corpus says of whole projects what is expected. Its Go cases hold for the pass too, but for what only the scanner
// or only the pass reports.
func TestCorpus(t *testing.T) {
	cases, err := filepath.Glob("../testdata/corpus/go-*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar := archive(t, name)
			if !slices.ContainsFunc(ar.Files, func(f txtar.File) bool { return f.Name == "go.mod" }) {
				t.Skip("no module")
			}
			if why := unmet[t.Name()]; why != "" {
				t.Skip(why)
			}
			var out bytes.Buffer
			opts := analyzer.Options{Dir: module(t, ar), Tests: true, Generated: true, Public: true, Env: environment()}
			rep, err := analyzer.Vet(context.Background(), nil, opts, &out)
			if err != nil || len(rep.Problems) > 0 {
				t.Fatalf("%v, problems %q", err, rep.Problems)
			}
			got := map[string]bool{}
			for _, l := range lines(out.String()) {
				fields := strings.Fields(l)
				fields = slices.DeleteFunc(fields, func(s string) bool {
					rule, ok := rules.Lookup(rules.RuleID(s))
					return ok && rule.AnalyzerOnly
				})
				slices.Sort(fields[1:])
				if len(fields) > 1 {
					got[strings.Join(fields, " ")] = true
				}
			}
			for _, e := range expected(ar, "expect") {
				fields := strings.Fields(e)
				if !strings.HasSuffix(fields[0][:strings.LastIndexByte(fields[0], ':')], ".go") {
					continue
				}
				fields = slices.Delete(fields, 1, 2) // the kind
				slices.Sort(fields[1:])
				want := strings.Join(fields, " ")
				if !got[want] {
					t.Errorf("not found: %s\n%s", want, out.String())
				}
				delete(got, want)
			}
			for g := range got {
				t.Errorf("not expected: %s\n%s", g, out.String())
			}
		})
	}
}

// The catalogue's samples in Go are what its rows say: the rule speaks in the bad ones and keeps silent in the good
// ones.
func TestRuleSamples(t *testing.T) {
	ar := &txtar.Archive{Files: []txtar.File{{Name: "go.mod", Data: []byte("module samples\n\ngo 1.23\n\n" +
		"require github.com/Unleash/unleash-go-sdk/v5 v5.0.3\n\nrequire github.com/Unleash/unleash-go-sdk/v6 v6.4.0\n" +
		"require github.com/Unleash/unleash-client-go/v4 v4.5.0\n\nrequire github.com/Unleash/unleash-server-api-go v0.7.1\n")}}}
	type sample struct {
		rule rules.Rule
		bad  bool
	}
	samples := map[string]sample{}
	for _, rule := range rules.All() {
		for bad, list := range map[bool][]rules.Sample{true: rule.Bad, false: rule.Good} {
			for i, s := range list {
				if !rule.Misuse && !rule.AnalyzerOnly || slices.ContainsFunc(s.Files,
					func(f rules.SampleFile) bool { return !strings.HasSuffix(f.Path, ".go") }) {
					continue
				}
				dir := fmt.Sprintf("%s-%t-%d", rule.ID, bad, i)
				samples[dir] = sample{rule, bad}
				seed := uint64(len(samples))
				for _, f := range s.Fill(func(slot string) string {
					seed++
					return rules.Expand("{hex56}",
						seed)
				}).Files {
					ar.Files = append(ar.Files, txtar.File{Name: dir + "/" + f.Path, Data: []byte(f.Text)})
				}
			}
		}
	}
	var out bytes.Buffer
	rep, err := analyzer.Vet(context.Background(), nil, analyzer.Options{Dir: module(t, ar), Tests: true,
		Generated: true, Public: true, Env: environment()}, &out)
	if err != nil || len(rep.Problems) > 0 {
		t.Fatalf("%v, problems %q", err, rep.Problems)
	}
	said := map[string]bool{}
	for _, l := range lines(out.String()) {
		where, ids, _ := strings.Cut(l, " ")
		dir, _, _ := strings.Cut(where, "/")
		for _, id := range strings.Fields(ids) {
			said[dir+" "+id] = true
		}
	}
	only := 0
	for dir, s := range samples {
		if s.rule.AnalyzerOnly && s.bad {
			only++
		}
		if got := said[dir+" "+string(s.rule.ID)]; got != s.bad {
			t.Errorf("%s: told %t\n%s", dir, got, out.String())
		}
	}
	if only < 5 {
		t.Errorf("only %d samples of the pass's own rules", only)
	}
}
