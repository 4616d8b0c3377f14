package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"unleaked": func() { os.Exit(run(os.Args[1:])) },
	})
}

// TestScript runs testdata/script: each file is a small tree and the commands that a person would type in it.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       os.Getenv("UNLEAKED_UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": scriptStatus,
			"expand": scriptExpand,
			"sha":    scriptSHA,
		},
	})
}

// setUp makes git the same on every machine, whoever runs the test, and lets Go use what it has built already.
func setUp(e *testscript.Env) error {
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	e.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
	e.Setenv("ESC", "\x1b")
	e.Setenv("NL", "\n")
	source, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	e.Setenv("SOURCE", source)
	config := filepath.Join(e.WorkDir, ".gitconfig-of-the-test")
	text := "[init]\n\tdefaultBranch = main\n[user]\n\tname = A Developer\n\temail = dev@example.com\n[commit]\n\tgpgsign = false\n" +
		"[protocol \"file\"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	e.Setenv("GIT_CONFIG_GLOBAL", config)
	e.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	e.Setenv("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
	e.Setenv("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
	e.Setenv("CI", "")
	return nil
}

// scriptStatus runs a command and wants its exit status: "status 2 unleaked scan nowhere".
func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARG...")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("%s ended with %s, not %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// scriptExpand replaces $NAME in files by the script's variables: commits are known only while it runs.
func scriptExpand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: expand FILE...")
	}
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), func(key string) string { return ts.Getenv(key) })
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// scriptSHA keeps a commit in a variable: "sha ONE HEAD".
func scriptSHA(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sha NAME REF")
	}
	ts.Check(ts.Exec("git", "rev-parse", args[1]))
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}
