package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// notRun are the shell blocks of the documentation that no test runs, by their files and how they begin, with what they
// need. What they say to unleaked is looked at all the same.
var notRun = map[string]string{
	"README.md: go run ./cmd/unleaked scan":               ".ci/readme-commands runs it",
	"CONTRIBUTING.md: testdata/server/run":                "installs servers; .ci/run runs the first",
	"docs/archives.md: unleaked scan backup.tar.gz":       "a container engine",
	"docs/archives.md: docker save":                       "a container engine",
	"docs/beam.md: cd sweep/beam":                         "a module that builds for minutes; .ci/run runs it",
	"docs/beam.md: ./unleaked-sweep":                      "a cluster",
	"docs/benchmarks.md: go run ./bench":                  "the corpus of the benchmarks",
	"docs/benchmarks.md: unleaked scan":                   "the corpus of the benchmarks, and the peers",
	"docs/benchmarks.md: unleaked git":                    "the corpus of the benchmarks, and the peers",
	"docs/benchmarks.md: unleaked staged":                 "the corpus of the benchmarks, and the peers",
	"docs/ci.md: unleaked ci range":                       "reviewdog, and a pull request",
	"docs/export.md: unleaked rules --export":             "gitleaks; package export runs the rules in its engine",
	"docs/hooks.md: unleaked hook run pre-push":           "what git says to a hook",
	"docs/hooks.md: #!/bin/sh":                            "what git says to a hook",
	"docs/mask.md: set -o pipefail":                       "a program that deploys",
	"docs/mask.md: kubectl":                               "a cluster",
	"docs/mask.md: git diff":                              "a clipboard",
	"docs/server.md: curl":                                "a server; testdata/server/run has one",
	"docs/server.md: for table":                           "a server's database; testdata/server/run has one",
	"docs/server.md: unleaked scan --verify":              "a server; testdata/server/run has one",
	"docs/server.md: unleaked explain < token.txt":        "a server; testdata/server/run has one",
	"docs/sweep.md: unleaked sweep --list repositories.t": "jq",
}

var (
	shellBlock   = regexp.MustCompile("(?s)```sh\n(.*?)```")
	callOfOurs   = regexp.MustCompile(`(?m)(?:^|[|;&(]\s*|exec )unleaked ([^|;&()\n]*)`)
	redirections = regexp.MustCompile(`\s*[<>]+\s*\S+|\s+#.*$|\s*\\$`)
)

// TestDocumentedShell runs the shell blocks of the documentation, each file's in one folder, and holds every call of
// unleaked in them, run or not, against the flags that there are.
func TestDocumentedShell(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	left := map[string]bool{}
	for key := range notRun {
		left[key] = true
	}
	for _, name := range docFiles(t) {
		var toRun []string
		for _, m := range shellBlock.FindAllStringSubmatch(readText(t, name), -1) {
			block := strings.ReplaceAll(m[1], "\\\n", "")
			for _, call := range callOfOurs.FindAllStringSubmatch(block, -1) {
				knownCall(t, name, redirections.ReplaceAllString(call[1], ""))
			}
			if key := rowOf(name, block); key != "" {
				delete(left, key)
			} else {
				toRun = append(toRun, block)
			}
		}
		if len(toRun) > 0 {
			t.Run(filepath.Base(name), func(t *testing.T) { runBlocks(t, root, toRun) })
		}
	}
	for key := range left {
		t.Errorf("%s is not in the documentation any more: take it off the list", key)
	}
}

// rowOf is the row of notRun for a block, "" where it is run.
func rowOf(name, block string) string {
	for key := range notRun {
		file, start, _ := strings.Cut(key, ": ")
		if file == name && strings.HasPrefix(block, start) {
			return key
		}
	}
	return ""
}

// knownCall holds the arguments of one call against the commands and their flags.
func knownCall(t *testing.T, name, line string) {
	t.Helper()
	args := strings.Fields(strings.NewReplacer(`"`, "", "'", "").Replace(line))
	root := newApp(nil, nil, nil, func(string) string { return "" }).command(nil)
	c, rest, err := root.Find(args)
	if err == nil {
		err = c.ParseFlags(rest)
	}
	if err != nil || c == root {
		t.Errorf("%s: unleaked %s: %v", name, line, err)
	}
}

// runBlocks runs shell blocks one after the other. Findings are fine (1); an error (2) is not.
func runBlocks(t *testing.T, root string, blocks []string) {
	top := t.TempDir()
	t.Setenv("HOME", top)
	t.Setenv("UNLEASH_API_TOKEN", "default:production."+rules.Expand("{hex56}", 3))
	dir := filepath.Join(top, "work")
	if err := os.Rename(sandbox(t, root), dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../shop", "../infra", "mirrors/web.git"} {
		runDocumented(t, dir, "git clone -q --mirror . "+name)
	}
	token := "default:production." + rules.Expand("{hex56}", 4)
	for name, text := range map[string]string{
		"repositories.txt": "../shop\n../infra\n", "all.txt": "../shop\n../infra\n", "client-keys.txt": "a-client-key\n",
		"proxy.log": "key a-client-key and " + token + "\n", "monday.log": token + "\n", "token.txt": token + "\n",
		"deploy/docker-compose.yml": strings.Repeat("# the services\n", 10) + "services:\n  web:\n    environment:\n" +
			"      UNLEASH_BACKEND_API_TOKEN: " + token + "\n",
		"tokens.json": `{"tokens":[{"secret":"` + token + `","tokenName":"web","type":"frontend","projects":["default"],` +
			`"environment":"production","createdAt":"2026-01-02T03:04:05Z","expiresAt":null}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runDocumented(t, dir, "tar czf backup.tar.gz README.md && unleaked inventory hash tokens.json > inventory.json && "+
		"unleaked scan --format json=findings.json --fail-on none")
	for _, block := range blocks {
		if lacks(block) {
			continue
		}
		var each strings.Builder // every line's own status counts
		for line := range strings.Lines(block) {
			each.WriteString(strings.TrimRight(line, "\n") + "\n[ $? -le 1 ] || exit 2\n")
		}
		runDocumented(t, dir, each.String())
	}
}

// lacks reports whether a block needs a program that is not here.
func lacks(block string) bool {
	for _, program := range []string{"openssl", "jq"} {
		if _, err := exec.LookPath(program); err != nil && strings.Contains(block, program+" ") {
			return true
		}
	}
	return false
}
