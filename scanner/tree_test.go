package scanner_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/scanner"
)

// token is a personal token whose digits are those of n, over and over: it shows which file was read.
func token(n int) string {
	return "user" + ":" + strings.Repeat(fmt.Sprintf("%07x", 0x1a2b3c4+n*0x1357), 8)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}
	return string(out)
}

// places are FILE:LINE:COLUMN of the findings, skips WHAT: WHY of what was not read.
func scan(t *testing.T, src scanner.Source, opts scanner.Options) (places, skips []string) {
	t.Helper()
	res, err := scanner.Scan(context.Background(), src, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Findings {
		places = append(places, fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column))
	}
	for _, s := range res.Coverage.Skipped {
		skips = append(skips, s.What+": "+s.Why)
	}
	return places, skips
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// A repository with everything that a work tree can hold.
func workTree(t *testing.T) string {
	dir := t.TempDir()
	git(t, dir, "init", "-q")
	write(t, dir, ".gitignore", "ignored/\n*.log\n.env.local\n")
	for i, name := range []string{"tracked.txt", "sub/tracked.txt", "deleted.txt", "forced.log", "linked/x.txt"} {
		write(t, dir, name, token(i))
	}
	git(t, dir, "add", "-f", ".")
	git(t, dir, "commit", "-q", "-m", "x")
	for i, name := range []string{"untracked.txt", "sub/untracked.txt", "a.log", "ignored/x.txt", "ignored/deep/y.txt",
		".env.local"} {
		write(t, dir, name, token(10+i))
	}
	if err := os.Remove(filepath.Join(dir, "deleted.txt")); err != nil {
		t.Fatal(err)
	}
	nested := filepath.Join(dir, "nested")
	write(t, nested, "in.txt", token(20))
	write(t, nested, "out.tmp", token(21))
	write(t, nested, ".gitignore", "*.tmp\n")
	git(t, nested, "init", "-q")
	return dir
}

func TestTreeInGit(t *testing.T) {
	dir := workTree(t)
	for _, row := range []struct {
		name  string
		paths []string
		opts  scanner.Options
		want  []string
	}{
		{"tracked and untracked", []string{"."}, scanner.Options{}, []string{"forced.log", "linked/x.txt",
			"nested/in.txt", "sub/tracked.txt", "sub/untracked.txt", "tracked.txt", "untracked.txt"}},
		{"a folder", []string{"sub"}, scanner.Options{}, []string{"sub/tracked.txt", "sub/untracked.txt"}},
		{"an ignored folder that is named", []string{"ignored"}, scanner.Options{}, []string{"ignored/deep/y.txt",
			"ignored/x.txt"}},
		{"ignored files that are named", []string{"a.log", ".env.local"}, scanner.Options{}, []string{".env.local",
			"a.log"}},
		{"paths that hold one another", []string{"sub", "sub/tracked.txt", ".", "."}, scanner.Options{},
			[]string{"forced.log", "linked/x.txt", "nested/in.txt", "sub/tracked.txt", "sub/untracked.txt",
				"tracked.txt", "untracked.txt"}},
		{"ignored too", []string{"."}, scanner.Options{Ignored: true}, []string{".env.local", "a.log", "forced.log",
			"ignored/deep/y.txt", "ignored/x.txt", "linked/x.txt", "nested/in.txt", "nested/out.tmp", "sub/tracked.txt",
			"sub/untracked.txt", "tracked.txt", "untracked.txt"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Chdir(dir)
			for i := range row.want {
				row.want[i] += ":1:1"
			}
			got, skips := scan(t, scanner.NewTree(row.paths...), row.opts)
			same(t, "findings", got, row.want)
			same(t, "skips", skips, nil)
		})
	}
}

// TestTreeHostileGit scans work trees whose configuration would run programs, hide files, or stop git.
func TestTreeHostileGit(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are shell scripts")
	}
	all := []string{"forced.log:1:1", "linked/x.txt:1:1", "nested/in.txt:1:1", "sub/tracked.txt:1:1",
		"sub/untracked.txt:1:1", "tracked.txt:1:1", "untracked.txt:1:1"}
	everything := []string{".env.local:1:1", "a.log:1:1", "forced.log:1:1", "ignored/deep/y.txt:1:1",
		"ignored/x.txt:1:1", "linked/x.txt:1:1", "nested/in.txt:1:1", "sub/tracked.txt:1:1", "sub/untracked.txt:1:1",
		"tracked.txt:1:1", "untracked.txt:1:1"}
	for _, row := range []struct {
		name    string
		prepare func(t *testing.T, dir, canary string)
		want    []string
	}{
		{"programs", func(t *testing.T, dir, canary string) {
			script := filepath.Join(dir, ".git", "run.sh")
			if err := os.WriteFile(script, []byte("#!/bin/sh\necho ran >> "+canary+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"core.fsmonitor", "core.pager", "core.editor", "diff.external",
				"core.sshCommand", "core.askPass", "filter.x.clean", "filter.x.smudge", "filter.x.process",
				"diff.x.textconv", "credential.helper", "uploadpack.packObjectsHook"} {
				git(t, dir, "config", key, script)
			}
			for _, hook := range []string{"post-index-change", "post-checkout", "fsmonitor-watchman"} {
				if err := os.MkdirAll(filepath.Join(dir, ".git", "hooks"), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(script, filepath.Join(dir, ".git", "hooks", hook)); err != nil {
					t.Fatal(err)
				}
			}
			write(t, dir, ".git/info/attributes", "* filter=x diff=x\n")
		}, all},
		{"another work tree", func(t *testing.T, dir, _ string) { git(t, dir, "config", "core.worktree", "/") }, all},
		{"no work tree", func(t *testing.T, dir, _ string) { git(t, dir, "config", "core.bare", "true") }, all},
		{"a list that hides everything", func(t *testing.T, dir, _ string) {
			write(t, dir, ".git/hide", "*\n")
			git(t, dir, "config", "core.excludesFile", filepath.Join(dir, ".git", "hide"))
		}, all},
		{"names in any case", func(t *testing.T, dir, _ string) {
			git(t, dir, "config", "core.ignoreCase", "true")
			write(t, dir, ".git/info/exclude", "UNTRACKED.TXT\n")
		}, all},
		{"a folder that became a link", func(t *testing.T, dir, _ string) {
			outside := t.TempDir()
			write(t, outside, "x.txt", token(30))
			if err := os.RemoveAll(filepath.Join(dir, "linked")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(outside, filepath.Join(dir, "linked")); err != nil {
				t.Fatal(err)
			}
		}, all},
		{"settings that git does not understand", func(t *testing.T, dir, _ string) {
			write(t, dir, ".git/config",
				"[core\n")
		}, everything},
		{"a repository of the future", func(t *testing.T, dir, _ string) {
			git(t, dir, "config",
				"core.repositoryFormatVersion", "999")
		}, everything},
		{"an index that is none", func(t *testing.T, dir, _ string) { write(t, dir, ".git/index", "DIRC and no more") },
			everything},
		{"no repository", func(t *testing.T, dir, _ string) {
			if err := os.Remove(filepath.Join(dir, ".git", "HEAD")); err != nil {
				t.Fatal(err)
			}
		}, everything},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := workTree(t)
			canary := filepath.Join(t.TempDir(), "canary")
			row.prepare(t, dir, canary)
			got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
			got, objects := apart(got, ".git/objects/")
			same(t, "findings", got, row.want)
			if len(objects) > 0 != (row.name == "no repository") {
				t.Errorf("findings in objects: %q", objects)
			}
			same(t, "skips", skips, nil)
			if text, err := os.ReadFile(canary); err == nil {
				t.Errorf("a program of the repository ran: %s", text)
			}
		})
	}
}

// apart parts the places below a folder from the others.
func apart(places []string, folder string) (others, below []string) {
	for _, p := range places {
		if strings.HasPrefix(p, folder) {
			below = append(below, p)
			continue
		}
		others = append(others, p)
	}
	return others, below
}

// TestTreeEnvironment scans as from a hook, whose environment points git at another repository.
func TestTreeEnvironment(t *testing.T) {
	dir, other := workTree(t), t.TempDir()
	git(t, other, "init", "-q")
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	t.Setenv("GIT_WORK_TREE", other)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other, "index"))
	got, _ := scan(t, scanner.NewTree(filepath.Join(dir, "sub")), scanner.Options{})
	same(t, "findings", got, []string{"sub/tracked.txt:1:1", "sub/untracked.txt:1:1"})
}

func TestTreeSubmoduleAndLinkedWorkTree(t *testing.T) {
	dir := workTree(t)
	lib := t.TempDir()
	git(t, lib, "init", "-q")
	write(t, lib, "lib.txt", token(40))
	git(t, lib, "add", ".")
	git(t, lib, "commit", "-q", "-m", "x")
	git(t, dir, "-c", "protocol.file.allow=always", "submodule", "add", "-q", lib, "lib")
	second := filepath.Join(t.TempDir(), "second")
	git(t, dir, "commit", "-q", "-m", "y")
	git(t, dir, "worktree", "add", "-q", second)
	got, skips := scan(t, scanner.NewTree(filepath.Join(dir, "lib")), scanner.Options{})
	same(t, "submodule", got, []string{"lib.txt:1:1"})
	same(t, "skips", skips, nil)
	got, _ = scan(t, scanner.NewTree(dir), scanner.Options{})
	if !slices.Contains(got, "lib/lib.txt:1:1") {
		t.Errorf("the submodule was not read: %q", got)
	}
	write(t, second, "a.log", token(41))
	write(t, second, "new.txt", token(42))
	got, _ = scan(t, scanner.NewTree(second), scanner.Options{})
	same(t, "linked work tree", got, []string{"deleted.txt:1:1", "forced.log:1:1", "linked/x.txt:1:1", "new.txt:1:1",
		"sub/tracked.txt:1:1", "tracked.txt:1:1"})
}

func TestTreeOutsideGit(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a.txt", "node_modules/b.txt", ".hidden/c", "d e.txt", "UPPER.TXT"} {
		write(t, dir, name, token(i))
	}
	write(t, dir, ".gitignore", "*\n")
	write(t, dir, ".git/config", token(9)) // in what is no repository
	got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
	same(t, "findings", got, []string{".git/config:1:1", ".hidden/c:1:1", "UPPER.TXT:1:1", "a.txt:1:1", "d e.txt:1:1",
		"node_modules/b.txt:1:1"})
	same(t, "skips", skips, nil)
}

func TestTreeOwnPatterns(t *testing.T) {
	dir := workTree(t)
	ignore, err := policy.NewIgnore([]string{"sub/", "/untracked.txt"})
	if err != nil {
		t.Fatal(err)
	}
	tree := scanner.NewTree(dir)
	tree.Ignore = ignore
	res, err := scanner.Scan(context.Background(), tree, scanner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range res.Findings {
		got = append(got, f.File)
	}
	same(t, "findings", got, []string{"forced.log", "linked/x.txt", "nested/in.txt", "tracked.txt"})
	if res.Coverage.Ignored != 3 {
		t.Errorf("%d ignored, want 3", res.Coverage.Ignored)
	}
}

// TestTreeOddFiles reads a folder of what is no ordinary file.
func TestTreeOddFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "plain", token(1))
	write(t, dir, "new\nline\x1b[2K", token(2))
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	outside := t.TempDir()
	write(t, outside, "secret", token(3))
	link(outside, "out")
	link(filepath.Join(outside, "secret"), "out-file")
	link(".", "loop")
	link("loop2", "loop1")
	link("loop1", "loop2")
	link(token(4), "says")
	want := []string{"new\nline\x1b[2K:1:1", "plain:1:1", "says:1:1"}
	mkfifo(t, filepath.Join(dir, "fifo"))
	got, skips := scan(t, scanner.NewTree(dir), scanner.Options{})
	same(t, "findings", got, want)
	same(t, "skips", skips, nil)

	got, skips = scan(t, scanner.NewTree(filepath.Join(dir, "out")), scanner.Options{})
	same(t, "a link that is named", got, []string{"secret:1:1"})
	same(t, "skips", skips, nil)
}

func TestTreeUnreadable(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", token(1))
	t.Chdir(dir)
	got, skips := scan(t, scanner.NewTree("missing", "a.txt", "b/c"), scanner.Options{})
	same(t, "findings", got, []string{"a.txt:1:1"})
	same(t, "skips", skips, []string{"b/c: no such file or directory", "missing: no such file or directory"})
	if os.Geteuid() == 0 {
		return // everything is readable
	}
	write(t, dir, "b.txt", token(2))
	write(t, dir, "d/e.txt", token(3))
	for _, name := range []string{"b.txt", "d"} {
		if err := os.Chmod(name, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(filepath.Join(dir, name), 0o755) })
	}
	_, skips = scan(t, scanner.NewTree("."), scanner.Options{})
	same(t, "skips", skips, []string{"b.txt: permission denied", "d: permission denied"})
}

func TestTreeStdin(t *testing.T) {
	tree := &scanner.Tree{Paths: []string{"-"}, Stdin: strings.NewReader("x\n " + token(1))}
	got, skips := scan(t, tree, scanner.Options{})
	same(t, "findings", got, []string{"<stdin>:2:2"})
	same(t, "skips", skips, nil)
	tree = &scanner.Tree{Paths: []string{"-"}, Stdin: strings.NewReader(token(1)), StdinName: "web/.env"}
	got, _ = scan(t, tree, scanner.Options{})
	same(t, "findings", got, []string{"web/.env:1:1"})
}

func TestScanInterrupted(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a", token(1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	res, err := scanner.Scan(ctx, scanner.NewTree(dir), scanner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Complete() || res.Coverage.Skipped[0] != (finding.Skip{What: "scan", Why: "interrupted"}) {
		t.Errorf("skipped: %v", res.Coverage.Skipped)
	}
}

// TestSameForAnyJobs scans one tree with one goroutine and with eight.
func TestSameForAnyJobs(t *testing.T) {
	dir := t.TempDir()
	for i := range 300 {
		write(t, dir, fmt.Sprintf("d%d/f%d.txt", i%7, i), strings.Repeat("x\n", i%5)+token(i)+" "+token(i/2))
	}
	one, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	eight, err := scanner.Scan(context.Background(), scanner.NewTree(dir), scanner.Options{Jobs: 8})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprintf("%+v", one), fmt.Sprintf("%+v", eight); a != b || len(one.Findings) != 600 {
		t.Errorf("%d findings with one goroutine and %d with eight, want 600 of both, the same", len(one.Findings),
			len(eight.Findings))
	}
}
