package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/export"
	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/report"
)

//go:generate go test . -run ^(TestDocsAreGenerated|TestSchema)$ -update

var update = flag.Bool("update", false, "write what the documentation generates from the program")

var (
	section = regexp.MustCompile(`(?s)<!-- begin ([^\n]+) -->\n(.*?)<!-- end ([^\n]+) -->`)
	// Of the text that the program prints, this differs from run to run and from build to build.
	elapsed      = regexp.MustCompile(`in [0-9.]+ (ms|s)\b`)
	buildVersion = regexp.MustCompile(`("name": "unleaked",\s*"version": ")[^"]*"`)
)

// TestDocsAreGenerated compares every generated part of the documentation with what the program says today.
func TestDocsAreGenerated(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	compare(t, filepath.Join("docs", "rules.md"), []byte(unleaked(t, "rules", "--format", "markdown")))
	for _, peer := range export.Peers() {
		compare(t, filepath.Join("docs", "export", export.File(peer)), []byte(unleaked(t, "rules", "--export", peer)))
	}
	printed := elapsed.ReplaceAllString(unleaked(t, "scan", "--no-config", "--color", "always", "testdata/demo"), "in 5 ms")
	compare(t, filepath.Join("docs", "terminal.svg"), []byte(picture("unleaked scan --no-config testdata/demo", printed)))
	for _, name := range docFiles(t) {
		text := readText(t, name)
		compare(t, name, section.ReplaceAllFunc([]byte(text), func(old []byte) []byte {
			m := section.FindSubmatch(old)
			if !bytes.Equal(m[1], m[3]) {
				t.Fatalf("%s: section %s ends as %s", name, m[1], m[3])
			}
			return fmt.Appendf(nil, "<!-- begin %s -->\n%s<!-- end %s -->", m[1], generate(t, string(m[1])), m[1])
		}))
	}
}

// generate is the text of a section.
func generate(t *testing.T, name string) string {
	t.Helper()
	switch name {
	case "json":
		text := unleaked(t, "scan", "--no-config", "--format", "json", "testdata/demo/deploy/flags-job.yaml")
		return "```json\n" + buildVersion.ReplaceAllString(text, `${1}0.1.0"`) + "```\n"
	case "formats":
		var b strings.Builder
		for _, f := range report.Formats() {
			what, ok := formatNotes[f]
			if !ok {
				t.Errorf("formatNotes says nothing of the format %s", f)
			}
			fmt.Fprintf(&b, "- `%s`: %s\n", f, what)
		}
		return b.String()
	}
	if where, ok := strings.CutPrefix(name, "example "); ok {
		pkg, decl, _ := strings.Cut(where, ".")
		return "```go\n" + declaration(t, filepath.Join(pkg, "example_test.go"), decl) + "```\n"
	}
	if ext, ok := map[string]string{".yml": "yaml", ".yaml": "yaml", ".json": "json", "": languageOf[filepath.Base(name)]}[filepath.Ext(name)]; ok &&
		strings.HasPrefix(name, "docs/examples/") {
		return "```" + ext + "\n" + readText(t, name) + "```\n"
	}
	t.Fatalf("nothing generates the section %s", name)
	return ""
}

// declaration is the source of a function or method (TYPE.NAME, with its type) in a file, without the output that its
// test wants.
func declaration(t *testing.T, file, name string) string {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	text := readText(t, file)
	source := func(n ast.Node) string {
		return text[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset] + "\n"
	}
	typeName, method, isMethod := strings.Cut(name, ".")
	found := ""
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if s, ok := d.Specs[0].(*ast.TypeSpec); ok && isMethod && s.Name.Name == typeName {
				found += source(d) + "\n"
			}
		case *ast.FuncDecl:
			if !isMethod && d.Recv == nil && d.Name.Name == name {
				body := strings.TrimSuffix(strings.TrimPrefix(source(d.Body), "{\n"), "}\n")
				body, _, _ = strings.Cut(body, "\t// Output:")
				for line := range strings.Lines(body) {
					found += strings.TrimPrefix(line, "\t")
				}
			} else if isMethod && d.Recv != nil && d.Name.Name == method {
				found += source(d)
			}
		}
	}
	if found == "" {
		t.Fatalf("%s has no %s", file, name)
	}
	return found
}

// formatNotes say what each report format is for.
var formatNotes = map[string]string{
	"text":        "for people",
	"json":        "everything, in one object (below)",
	"jsonl":       "a finding a line",
	"line":        "`FILE:LINE:COLUMN: SEVERITY: MESSAGE [RULE]`, a finding a line, for editors and reviewdog",
	"sarif":       "SARIF 2.1.0, for code scanning of GitHub and others",
	"github":      "annotations of a GitHub workflow run",
	"markdown":    "a summary, as for GITHUB_STEP_SUMMARY",
	"gitlab":      "GitLab's secret detection report",
	"codeclimate": "GitLab's code quality report",
	"junit":       "JUnit XML, for whatever shows test results",
	"html":        "a page [to triage with](report.md), one file to send around",
	"csv":         "for spreadsheets",
}

// TestDocumentedCommands runs every command that the documentation shows, each file's in a fresh repository.
func TestDocumentedCommands(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here")
	}
	console := regexp.MustCompile("(?s)```console\n(.*?)```")
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	for _, name := range docFiles(t) {
		blocks := console.FindAllStringSubmatch(readText(t, name), -1)
		if len(blocks) == 0 {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := sandbox(t, root)
			for _, block := range blocks {
				for _, line := range strings.Split(strings.TrimSuffix(block[1], "\n"), "\n") {
					command, ok := strings.CutPrefix(line, "$ ")
					if !ok {
						t.Errorf("%q is no command: what a command prints is generated, not written", line)
						continue
					}
					if testing.Short() && strings.Contains(command, "vet ") {
						continue // it builds a program
					}
					runDocumented(t, dir, command)
				}
			}
		})
	}
}

// runDocumented runs one command. Findings are fine (1); an error (2) is not.
func runDocumented(t *testing.T, dir, command string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 || cmd.ProcessState.ExitCode() < 0 {
		t.Errorf("%s: %v\n%s", command, err, out)
	}
}

// sandbox is a repository that holds the demo, in two commits, of which origin has the first, with something staged and
// a Go module.
func sandbox(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "testdata", "demo"))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":  "module example.com/shop\n\ngo 1.25\n",
		"main.go": "package main\n\nfunc main() {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"}, {"config", "user.name", "A Developer"}, {"config", "user.email",
			"dev@example.com"},
		{"add", "README.md"}, {"commit", "-q", "-m", "one"}, {"update-ref", "refs/remotes/origin/main", "HEAD"},
		{"add", "deploy", "go.mod", "main.go"}, {"commit", "-q", "-m", "two"}, {"add", "-A"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	return dir
}

// TestDocumentedConfigurations reads every configuration that the documentation shows, as strictly as a user's.
func TestDocumentedConfigurations(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	fenced := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	found := 0
	for _, name := range docFiles(t) {
		for _, block := range fenced.FindAllStringSubmatch(readText(t, name), -1) {
			if !regexp.MustCompile(`(?m)^version: 1$`).MatchString(block[1]) {
				continue
			}
			found++
			if _, err := policy.LoadConfig(name, []byte(block[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if found == 0 {
		t.Error("no documented configuration found")
	}
}

// TestActionInputs holds the Action's inputs against their documentation and against what hands them on.
func TestActionInputs(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	inputs, _, _ := strings.Cut(readText(t, "action.yml"), "\noutputs:")
	names := regexp.MustCompile(`(?m)^  ([a-z-]+):$`).FindAllStringSubmatch(inputs, -1)
	if len(names) < 15 {
		t.Fatalf("%d inputs", len(names))
	}
	for _, m := range names {
		if !strings.Contains(readText(t, filepath.Join("docs", "ci.md")), "`"+m[1]+"`") {
			t.Errorf("docs/ci.md says nothing of the input %s", m[1])
		}
		if !strings.Contains(readText(t, "action.yml"), "${{ inputs."+m[1]+" }}") {
			t.Errorf("nothing takes the input %s", m[1])
		}
	}
}

// TestLinks holds the links between the documents.
func TestLinks(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, name := range docFiles(t) {
		for _, m := range link.FindAllStringSubmatch(readText(t, name), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
}

// docFiles are the documents that people write; docs/rules.md is generated as a whole.
func docFiles(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"README.md", "CONTRIBUTING.md"}
	for _, n := range names {
		if filepath.Base(n) != "rules.md" {
			files = append(files, n)
		}
	}
	return files
}

// unleaked runs the program in this process and gives what it printed, errors left out.
func unleaked(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if status := newApp(strings.NewReader(""), &out, &errs, func(string) string { return "" }).run(context.Background(),
		args); status > exitFindings {
		t.Fatalf("unleaked %s ended with %d: %s", strings.Join(args, " "), status, errs.String())
	}
	return out.String()
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// compare holds a file to what it should be, or with -update makes it so.
func compare(t *testing.T, name string, want []byte) {
	t.Helper()
	if got, _ := os.ReadFile(name); bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want) {
		return
	}
	if !*update {
		t.Errorf("%s is stale: run go generate ./cmd/unleaked", name)
		return
	}
	if err := os.WriteFile(name, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// languageOf names the languages of examples whose files have no ending.
var languageOf = map[string]string{"Jenkinsfile": "groovy", "vimrc": "vim", "pre-receive": "sh"}

// TestProblemMatcher runs the documented matcher over what --format line prints.
func TestProblemMatcher(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	var tasks struct {
		Tasks []struct {
			ProblemMatcher struct {
				Pattern struct {
					Regexp                            string
					File, Line, Column, Message, Code int
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(readText(t, filepath.Join("docs", "examples", "vscode-tasks.json"))), &tasks); err != nil {
		t.Fatal(err)
	}
	p := tasks.Tasks[0].ProblemMatcher.Pattern
	re := regexp.MustCompile(p.Regexp)
	lines := strings.Split(strings.TrimSpace(unleaked(t, "scan", "--no-config", "--format", "line", "testdata/demo")), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines, want 3", len(lines))
	}
	for _, l := range lines {
		m := re.FindStringSubmatch(l)
		if m == nil || !strings.HasPrefix(m[p.File], "testdata/demo/") || m[p.Line] == "" || m[p.Column] == "" ||
			!strings.Contains(m[p.Code], "-") || m[p.Message] == "" {
			t.Errorf("%q: %q", l, m)
		}
	}
	if re.MatchString("not read: a.js:1:2 (permission denied)") {
		t.Error("what was not read is taken for a finding")
	}
}
