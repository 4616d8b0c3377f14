package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// A contest is one question, put to several programs. The first of them is unleaked, the others are told as multiples
// of it.
type contest struct {
	title    string
	question string
	quick    bool // runs take milliseconds: it needs many to tell anything
	entries  []entry
}

// An entry is one program's answer to the question. Words of args in capitals stand for what differs from run to run:
// TREE, REPO, RULES (the program's rule file), REPORT, PATTERN.
type entry struct {
	program string
	args    []string
	note    string // what has to be known to read its figures
	// count is the number of hits in a report; nil for programs that look for nothing.
	count func(report io.Reader) (int, error)
	// output is where the report stands: in the file REPORT, or, if true, on standard output.
	output bool
	// exits are the exit statuses, besides 0, of a run that did its work.
	exits []int
	// failures are texts that a run which did not do its work has among its errors, whatever its exit status.
	failures []string
	rules    string // which of the rule files RULES is
}

// Unleaked reports public tokens and documented examples as well here: the others cannot tell them apart.
var unleakedFlags = []string{"--no-config", "--public", "--examples", "--fail-on", "none", "--format", "json",
	"--output", "REPORT"}

func unleaked(command string, args ...string) entry {
	return entry{
		program: "unleaked", args: append(append([]string{command}, unleakedFlags...), args...),
		count: countUnleaked, exits: []int{2},
	}
}

// treeContest asks ripgrep for the same files that unleaked reads: in a git work tree what git does not ignore, else
// all.
func treeContest(dir string) contest {
	files := []string{"-uuu"}
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		files = []string{"--hidden", "--glob", "!.git"}
	}
	ripgrep := func(pattern string) []string {
		args := append([]string{"--no-config"}, files...)
		return append(args, "--text", "--no-filename", "--no-line-number", "--only-matching", "--regexp", pattern,
			"TREE")
	}
	return contest{
		title:    "Files",
		question: "Which tokens are in this folder?",
		entries: []entry{
			unleaked("scan", "TREE"),
			{program: "rg", args: ripgrep("PATTERN"), note: "bytes as they are, nothing unpacked, decoded or judged",
				count: countLines, output: true, exits: []int{1}},
			{program: "rg", args: append([]string{"--search-zip"}, ripgrep("PATTERN")...),
				note: "compressed files unpacked too", count: countLines, output: true, exits: []int{1}},
			{program: "rg", args: ripgrep("SHORT"), note: "bytes as they are, the quickest pattern that we could find",
				count: countLines, output: true, exits: []int{1}},
			gitleaks("gitleaks", "dir", "TREE"),
			gitleaks("betterleaks", "dir", "TREE"),
			trufflehog("filesystem", "TREE"),
		},
	}
}

var historyContest = contest{
	title:    "History",
	question: "Which tokens has this repository ever held?",
	entries: []entry{
		unleaked("git", "REPO"),
		{program: "git", args: []string{"-C", "REPO", "cat-file", "--batch-all-objects", "--batch", "--unordered",
			"--buffer"}, note: "prints every object, to nothing"},
		{program: "git", args: []string{"-C", "REPO", "log", "-p", "--all"},
			note: "prints every change but those of merges, to nothing"},
		gitleaks("gitleaks", "git", "REPO"),
		gitleaks("betterleaks", "git", "REPO"),
		trufflehog("git", "file://REPO", "--trust-local-git-config"), // without this it makes a clone first
	},
}

var stagedContest = contest{
	title:    "Staged changes",
	quick:    true,
	question: "Are there tokens in what `git commit` would record? Three files of the repository are changed, and a new one holds a token.",
	entries: []entry{
		unleaked("staged"),
		{program: "git", args: []string{"diff", "--cached", "--quiet"}, note: "tells whether anything is staged",
			exits: []int{1}},
		gitleaks("gitleaks", "git", "--pre-commit", "--staged", "REPO"),
		gitleaks("betterleaks", "git", "--pre-commit", "--staged", "REPO"),
		trufflehog("git", "file://REPO", "--since-commit", "HEAD", "--trust-local-git-config"),
	},
}

// gitleaks is gitleaks, and betterleaks, which has its command line.
func gitleaks(program, command string, args ...string) entry {
	args = append([]string{command, "--config", "RULES", "--no-banner", "--log-level", "error", "--exit-code", "0",
		"--report-format", "json", "--report-path", "REPORT"}, args...)
	return entry{program: program, args: args, note: "one rule, PATTERN", count: countArray,
		failures: []string{"failed to scan", "stderr is not empty"}, rules: "gitleaks.toml"}
}

func trufflehog(command string, args ...string) entry {
	args = append([]string{command, "--config", "RULES", "--include-detectors", "CustomRegex", "--no-verification",
		"--no-update", "--json"}, args...)
	return entry{program: "trufflehog", args: args, note: "one detector, PATTERN", count: countLines, output: true,
		failures: []string{"encountered errors during scan"}, rules: "trufflehog.yaml"}
}

// The patterns say what an Unleash token looks like: scoped with 56 or 64 digits, scoped of the second version, and the
// two forms of an account's. They find what the text alone gives away, without its boundaries and the longest names
// that there can be: to count to a hundred makes the engines of the peers up to twice as slow.
const (
	nameClass = `[A-Za-z0-9_.!~*'()-]`
	tokenTail = `(?:[0-9a-f]{56}(?:[0-9a-f]{8})?|v2_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{43})`
	pattern   = `(?:user:|(?:\[\]|` + nameClass + `+):` + nameClass + `+\.)` + tokenTail
	// shortPattern leaves out what a search can do without: all but the last byte of the project, and who "user" is.
	shortPattern = `[A-Za-z0-9_.!~*'()\]-]:(?:` + nameClass + `+\.)?` + tokenTail
)

// wellFormed are the formats that the pattern stands for.
var wellFormed = map[string]bool{"scoped": true, "scoped-v2": true, "account": true, "account-v2": true}

// writeRules writes the rule files of the peers and gives their folder.
func writeRules(dir string) (string, error) {
	for name, text := range map[string]string{
		"gitleaks.toml": "title = \"bench\"\n\n[[rules]]\nid = \"unleash-token\"\ndescription = \"An Unleash token\"\nregex = '''" + pattern + "'''\n",
		"trufflehog.yaml": "detectors:\n- name: unleash-token\n  keywords:\n  - \":\"\n  regex:\n    token: " +
			yamlQuoted("("+pattern+")") + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func yamlQuoted(text string) string {
	return "'" + regexp.MustCompile(`'`).ReplaceAllString(text, "''") + "'"
}

// unleakedReport is as much of unleaked's JSON report as the tables tell.
type unleakedReport struct {
	Coverage struct {
		Files, Bytes, Objects, Commits int64
		Skipped                        []struct{ What, Why string }
	}
	Findings []struct{ Format string }
}

// countUnleaked counts the findings of the formats that the pattern knows: those of the other formats nobody else was
// asked for.
func countUnleaked(r io.Reader) (int, error) {
	var report unleakedReport
	if err := json.NewDecoder(r).Decode(&report); err != nil {
		return 0, err
	}
	n := 0
	for _, f := range report.Findings {
		if wellFormed[f.Format] {
			n++
		}
	}
	return n, nil
}

func countArray(r io.Reader) (int, error) {
	var findings []json.RawMessage
	err := json.NewDecoder(r).Decode(&findings)
	return len(findings), err
}

func countLines(r io.Reader) (int, error) {
	lines := 0
	buf := make([]byte, 1<<15)
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			if c == '\n' {
				lines++
			}
		}
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
}
