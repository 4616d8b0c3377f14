package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// TestPatterns holds the patterns against the catalogue: what unleaked takes for a token of the formats that they stand
// for, the programs that it is compared with can find too.
func TestPatterns(t *testing.T) {
	for name, text := range map[string]string{"pattern": pattern, "shortPattern": shortPattern} {
		re, err := regexp.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rules.Formats() {
			if !wellFormed[string(row.Format)] {
				continue
			}
			for i, template := range row.Valid {
				if !re.MatchString("x = '" + rules.Expand(template, uint64(i)) + "'") {
					t.Errorf("%s finds no %s written %s", name, row.Format, template)
				}
			}
		}
		if re.MatchString("sha224:" + "x " + rules.Expand("{hex56}", 1)) {
			t.Errorf("%s finds a bare digest", name)
		}
	}
}

func TestSummarize(t *testing.T) {
	ms := time.Millisecond
	for _, row := range []struct {
		walls         []time.Duration
		median, least time.Duration
		spread        float64
	}{
		{[]time.Duration{30 * ms}, 30 * ms, 30 * ms, 0},
		{[]time.Duration{50 * ms, 10 * ms, 20 * ms}, 20 * ms, 10 * ms, 2},
		{[]time.Duration{40 * ms, 10 * ms, 20 * ms, 30 * ms}, 25 * ms, 10 * ms, 1.2},
	} {
		var samples []sample
		for i, w := range row.walls {
			samples = append(samples, sample{wall: w, cpu: w / 2, memory: int64(i + 1)})
		}
		s := summarize(samples)
		if s.wall != (figure{row.median, row.least}) || s.cpu != (figure{row.median / 2, row.least / 2}) {
			t.Errorf("%v: wall %v, processor %v", row.walls, s.wall, s.cpu)
		}
		if s.spread != row.spread || s.memory != int64(len(samples)) {
			t.Errorf("%v: spread %v, memory %d", row.walls, s.spread, s.memory)
		}
	}
}

func TestCounts(t *testing.T) {
	for _, row := range []struct {
		name  string
		count func(io.Reader) (int, error)
		text  string
		want  int
		fails bool
	}{
		{"lines", countLines, "a\nb\n", 2, false},
		{"no lines", countLines, "", 0, false},
		{"array", countArray, `[{"RuleID":"x"},{"RuleID":"x"}]`, 2, false},
		{"empty array", countArray, "[]", 0, false},
		{"no array", countArray, "", 0, true},
		{"only the formats of the pattern", countUnleaked,
			`{"findings":[{"format":"scoped"},{"format":"custom"},{"format":"account-v2"}]}`, 2, false},
		{"cut off", countUnleaked, `{"findings":[{"format"`, 0, true},
	} {
		n, err := row.count(strings.NewReader(row.text))
		if n != row.want || (err != nil) != row.fails {
			t.Errorf("%s: %d, %v", row.name, n, err)
		}
	}
}

// TestReport tells a win, a loss, a program that is absent and one that did not end, and no absolute time.
func TestReport(t *testing.T) {
	entries := treeContest(t.TempDir()).entries
	ran := func(e entry, wall time.Duration, memory int64) outcome {
		return outcome{entry: e, samples: []sample{{wall, 2 * wall, memory}}, hits: 7}
	}
	stopped := ran(entries[4], 900*time.Second, 0)
	stopped.problem = "over the limit"
	r := result{
		contest: contest{title: "Files", question: "Which?", entries: entries}, place: place{"here", "/secret/path"},
		outcomes: []outcome{
			ran(entries[0], 2*time.Second, 50e6), ran(entries[1], time.Second, 10e6), ran(entries[3], 7*time.Second,
				60e6),
			stopped, {entry: entries[6], problem: "not installed"},
		},
	}
	text := report([]result{r}, map[string]program{"unleaked": {"/bin/unleaked", "v1"}, "rg": {"/bin/rg", "13"},
		"gitleaks": {"/bin/gitleaks", ""}}, pace{5, time.Minute, time.Minute})
	for _, want := range []string{
		"Not measured, because not installed: trufflehog.",
		"| 1 | unleaked | 1.00 (1.00) | 1.00 (1.00) | 50 MB | 7 | 1 | 0 % |",
		"| 0.50 (0.50) | 0.50 (0.50) | 10 MB | 7 | 1 | 0 % |",
		"more than 450, then stopped",
		"- Unleaked is slower: it takes 2.00 times as long as rg (row 2).",
		"- Unleaked needs more memory than rg (row 2).",
		"- Unleaked takes 0.29 of rg (row 3).",
		"rg --no-config -uuu --text --no-filename --no-line-number --only-matching --regexp PATTERN TREE >REPORT",
		"unleaked scan --no-config",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(text, "/secret") || strings.Contains(text, "/bin/") {
		t.Error("the report names paths")
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestArguments(t *testing.T) {
	m := measurer{temp: "/temp", rules: "/rules"}
	e := entry{args: []string{"--output", "REPORT", "--config", "RULES", "-e", "PATTERN", "-e", "SHORT", "file://REPO",
		"REPO", "TREE"}, rules: "x.toml"}
	got := m.arguments(e, "/REPORT/TREE")
	want := []string{"--output", filepath.Join("/temp", "report"), "--config", filepath.Join("/rules", "x.toml"), "-e",
		pattern, "-e", shortPattern,
		"file:///REPORT/TREE", "/REPORT/TREE", "/REPORT/TREE"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestMeasure runs real programs, and ones that fail, hang and are not there.
func TestMeasure(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here")
	}
	m := measurer{pace: pace{runs: 3, budget: time.Minute, limit: 2 * time.Second}, temp: t.TempDir(),
		found: map[string]program{"sh": {shell, ""}}, progress: io.Discard}
	script := func(text string, exits ...int) entry {
		return entry{program: "sh", args: []string{"-c", text}, count: countLines, output: true, exits: exits}
	}
	r := m.measure(t.Context(), contest{entries: []entry{
		script("echo one; echo two"), script("echo one; exit 3", 3), script("exit 4"), {program: "nothing"},
		script("sleep 60 & wait"),
		{program: "sh", args: []string{"-c", "echo it failed to work >&2"}, failures: []string{"other", "failed to"}},
	}}, place{"here", t.TempDir()})
	for i, want := range []struct {
		problem       string
		samples, hits int
	}{{"", 3, 2}, {"", 3, 1}, {"failed with exit status 4", 0, 0}, {"not installed", 0, 0}, {"over the limit", 1, 0},
		{"failed, with exit status 0", 0, 0}} {
		o := r.outcomes[i]
		if o.problem != want.problem || len(o.samples) != want.samples || o.hits != want.hits {
			t.Errorf("entry %d: %q, %d samples, %d hits; want %q, %d, %d", i, o.problem, len(o.samples), o.hits,
				want.problem, want.samples, want.hits)
		}
	}

	m.pace.budget = 0
	if r := m.measure(t.Context(), contest{entries: []entry{script("true")}},
		place{"here", ""}); len(r.outcomes[0].samples) != 1 {
		t.Errorf("%d runs without a budget, want the one that there always is", len(r.outcomes[0].samples))
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if r := m.measure(stopped, contest{entries: []entry{script("true")}},
		place{"here", ""}); len(r.outcomes[0].samples) != 0 {
		t.Error("runs after an interrupt")
	}
}

// TestStage makes a change that git sees and that unleaked and its peers are asked about, without touching the
// repository.
func TestStage(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	repo := t.TempDir()
	git := func(dir string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=n", "-c", "user.email=e", "-c",
			"commit.gpgsign=false"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	git(repo, "init", "--quiet")
	for _, name := range []string{"a", "b", "c", "d"} {
		if err := os.WriteFile(filepath.Join(repo, name), []byte(name+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git(repo, "add", ".")
	git(repo, "commit", "--quiet", "-m", "first")
	before := git(repo, "count-objects", "-v")

	dir := filepath.Join(t.TempDir(), "staged")
	if err := stage(t.Context(), repo, dir); err != nil {
		t.Fatal(err)
	}
	want := []string{"M\ta", "M\tb", "A\tbench/new.env", "M\tc"}
	if got := strings.Fields(git(dir, "diff", "--cached", "--name-status")); !slices.Equal(got,
		strings.Fields(strings.Join(want, " "))) {
		t.Errorf("staged: %q, want %q", got, want)
	}
	if after := git(repo, "count-objects", "-v"); after != before {
		t.Errorf("the repository changed from %q to %q", before, after)
	}
}

func TestReplaceSection(t *testing.T) {
	got, err := replaceSection("before\n"+sectionStart+"old\n"+sectionEnd+"\nafter\n", "new\n")
	if want := "before\n" + sectionStart + "\nnew\n\n" + sectionEnd + "\nafter\n"; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if _, err := replaceSection("no marks", "new"); err == nil {
		t.Error("a page without marks was taken")
	}
}

// TestPageIsNewest: what docs/benchmarks.md tells is what was measured last.
func TestPageIsNewest(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("results", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("there are no results: go run ./bench writes them")
	}
	slices.Sort(files)
	newest := files[len(files)-1]
	text, err := os.ReadFile(newest)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "docs", "benchmarks.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, tables, _ := strings.Cut(string(text), "\n\n")
	if !strings.Contains(string(page), tables) {
		t.Errorf("docs/benchmarks.md does not hold %s; run `go run ./bench` or copy it", newest)
	}
}
