package scanner_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// told lists a result's findings as "file name-of-token", sorted; names are those given to madeUp.
func told(res *finding.Result, names ...string) []string {
	var out []string
	for _, f := range res.Findings {
		name := "?"
		for _, n := range names {
			if f.Secret.Reveal() == madeUp(n) {
				name = n
			}
		}
		out = append(out, f.File+" "+name)
	}
	slices.Sort(out)
	return out
}

func want(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: found %q, want %q", what, got, want)
	}
}

// staged scans what is staged as a hook would, with the environment that git gives to it.
func (r *gitRepo) staged(env ...string) *finding.Result {
	r.t.Helper()
	src := &scanner.Staged{Dir: r.dir, Env: func(key string) string {
		for _, e := range env {
			if v, ok := strings.CutPrefix(e, key+"="); ok {
				return v
			}
		}
		return ""
	}}
	return scanned(r.t, src)
}

func TestStagedReadsTheIndexAgainstHead(t *testing.T) {
	names := []string{"old", "new", "work tree", "third"}
	tok := madeUp
	t.Run("the first commit", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", "T="+tok("new")+"\n")
		r.git("add", "-A")
		r.write("a.env", "T="+tok("work tree")+"\n")
		want(t, "staged", told(r.staged(), names...), "a.env new")
	})
	t.Run("old leaks block nobody", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", "T="+tok("old")+"\n")
		r.write("dir/sub/b.env", "T="+tok("old")+"\n")
		r.commit("x")
		want(t, "nothing staged", told(r.staged(), names...))
		r.write("a.env", "# a line\nT="+tok("old")+"\n")
		r.git("add", "-A")
		want(t, "moved", told(r.staged(), names...))
		r.write("a.env", "# a line\nT="+tok("old")+"\nU="+tok("new")+"\n")
		r.git("add", "-A")
		want(t, "one more", told(r.staged(), names...), "a.env new")
		r.write("dir/sub/c.env", "T="+tok("old")+"\n")
		r.git("add", "-A")
		want(t, "another path", told(r.staged(), names...), "a.env new", "dir/sub/c.env old")
	})
	t.Run("partly staged", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", "x\n")
		r.commit("x")
		r.write("a.env", "x\nT="+tok("new")+"\n")
		r.git("add", "-A")
		r.write("a.env", "x\n")
		want(t, "work tree clean again", told(r.staged(), names...), "a.env new")
		r.git("reset", "-q", "--hard")
		r.write("a.env", "x\nT="+tok("work tree")+"\n")
		want(t, "only in the work tree", told(r.staged(), names...))
		r.git("add", "-N", "-A")
		r.write("b.env", "T="+tok("work tree")+"\n")
		r.git("add", "-N", "b.env")
		want(t, "intent to add", told(r.staged(), names...))
	})
	t.Run("index versions and forms", func(t *testing.T) {
		for _, version := range []string{"2", "3", "4"} {
			r := newGitRepo(t)
			for i := range 30 {
				r.write(fmt.Sprintf("dir%d/sub/file%d.txt", i%4, i), "x\n")
			}
			r.commit("x")
			r.git("update-index", "--index-version", version)
			r.write("dir1/sub/new.env", "T="+tok("new")+"\n")
			r.git("add", "-A")
			want(t, "version "+version, told(r.staged(), names...), "dir1/sub/new.env new")
		}
		r := newGitRepo(t)
		for i := range 30 {
			r.write(fmt.Sprintf("dir%d/sub/file%d.txt", i%4, i), "x\n")
		}
		r.commit("x")
		r.git("update-index", "--split-index")
		r.write("dir1/sub/new.env", "T="+tok("new")+"\n")
		r.write("dir0/sub/file0.txt", "T="+tok("third")+"\n")
		r.remove("dir2/sub/file2.txt")
		r.git("add", "-A")
		want(t, "split", told(r.staged(), names...), "dir1/sub/new.env new", "dir0/sub/file0.txt third")
		r.git("update-index", "--no-split-index")
		r.git("commit", "-q", "-m", "y")
		r.git("sparse-checkout", "set", "--cone", "--sparse-index", "dir1")
		r.write("dir1/sub/more.env", "T="+tok("old")+"\n")
		r.git("add", "-A")
		want(t, "sparse", told(r.staged(), names...), "dir1/sub/more.env old")
	})
	t.Run("a conflict and its solution", func(t *testing.T) {
		r := newConflict(t, "", "")
		want(t, "conflict", told(r.staged(), names...))
		r.write("a.env", "T="+tok("new")+"\n")
		r.git("add", "a.env")
		want(t, "solved", told(r.staged(), names...), "a.env new")
	})
	t.Run("a linked work tree", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.txt", "x\n")
		r.commit("x")
		linked := filepath.Join(t.TempDir(), "linked")
		r.git("worktree", "add", "-q", "-b", "other", linked)
		w := &gitRepo{t: t, dir: linked}
		w.write("sub/b.env", "T="+tok("new")+"\n")
		w.git("add", "-A")
		want(t, "linked", told(w.staged(), names...), "sub/b.env new")
		want(t, "main", told(r.staged(), names...))
	})
	t.Run("a folder of the work tree", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("sub/b.env", "T="+tok("new")+"\n")
		r.git("add", "-A")
		s := &gitRepo{t: t, dir: filepath.Join(r.dir, "sub")}
		want(t, "from below", told(s.staged(), names...), "sub/b.env new")
	})
	t.Run("a missing object is no clean index", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", "T="+tok("new")+"\n")
		r.git("add", "-A")
		id := r.git("rev-parse", ":a.env")
		r.remove(".git/objects/" + id[:2] + "/" + id[2:])
		if res := r.staged(); res.Complete() {
			t.Error("the scan says that it is complete")
		}
	})
}

// The hook test runs this test binary as git's pre-commit hook: it sees what git hands to hooks.
func TestStagedInAHook(t *testing.T) {
	if os.Getenv("UNLEAKED_TEST_AS_HOOK") != "" {
		res, err := scanner.Scan(context.Background(), scanner.NewStaged("."), scanner.Options{Public: true})
		if err != nil {
			fmt.Println("HOOK error", err)
			os.Exit(1)
		}
		for _, f := range res.Findings {
			fmt.Println("HOOK", f.File)
		}
		os.Exit(0)
	}
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	r := newGitRepo(t)
	r.env = append(r.env, "UNLEAKED_TEST_AS_HOOK=1")
	r.write("tracked.env", "x\n")
	r.write("other.env", "x\n")
	r.git("-c", "core.hooksPath=/dev/null", "add", "-A")
	r.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "x")
	r.write(".git/hooks/pre-commit", "#!/bin/sh\nexec '"+self+"' -test.run '^TestStagedInAHook$'\n")
	if err := os.Chmod(filepath.Join(r.dir, ".git/hooks/pre-commit"), 0o777); err != nil {
		t.Fatal(err)
	}
	r.write("tracked.env", "T="+madeUp("new")+"\n")
	r.write("other.env", "T="+madeUp("third")+"\n")
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"commit", "-q", "--dry-run"}, ""},
		{[]string{"commit", "-m", "only one", "--", "other.env"}, "HOOK other.env"},
		{[]string{"commit", "-a", "-m", "all"}, "HOOK tracked.env"},
		{[]string{"commit", "--amend", "--allow-empty", "-m", "amended"}, ""},
	} {
		out, _ := r.try("", row.args...)
		var got []string
		for line := range strings.SplitSeq(out, "\n") {
			if strings.HasPrefix(line, "HOOK") {
				got = append(got, line)
			}
		}
		if strings.Join(got, "\n") != row.want {
			t.Errorf("git %q: the hook saw %q, want %q\n%s", row.args, got, row.want, out)
		}
	}
}

func TestRangeReadsWhatCommitsBringIn(t *testing.T) {
	names := []string{"old", "new", "gone", "merged", "message", "side"}
	tok := madeUp
	r := newGitRepo(t)
	r.write("old.env", "T="+tok("old")+"\n")
	root := r.commit("root")
	r.write("old.env", "# moved\nT="+tok("old")+"\n")
	moved := r.commit("move a line")
	r.write("gone.env", "T="+tok("gone")+"\n")
	added := r.commit("add")
	r.remove("gone.env")
	removed := r.commit("remove")
	r.git("checkout", "-q", "-b", "side", moved)
	r.write("side.env", "T="+tok("side")+"\n")
	side := r.commit("side")
	r.git("checkout", "-q", "main")
	r.git("merge", "-q", "--no-ff", "--no-commit", "side")
	r.write("merged.env", "T="+tok("merged")+"\n")
	merge := r.commit("an evil merge")
	tip := r.commit("says " + tok("message"))
	zero := strings.Repeat("0", 40)
	message := ".git/commits/" + tip + " message"
	for _, row := range []struct {
		commits string
		want    []string
	}{
		{root + ".." + moved, nil},
		{moved + ".." + added, []string{"gone.env gone"}},
		{moved + ".." + removed, []string{"gone.env gone"}},
		{removed + ".." + merge, []string{"side.env side", "merged.env merged"}},
		{side + ".." + merge, []string{"gone.env gone", "merged.env merged"}},
		{"side..main", []string{"gone.env gone", "merged.env merged", message}},
		{merge + "..HEAD", []string{message}},
		{"HEAD~1..", []string{message}},
		{"HEAD~1^2^..HEAD~1^2", []string{"side.env side"}},
		{zero + ".." + root, []string{"old.env old"}},
		{root, []string{"old.env old"}},
		{removed + "...side", []string{"side.env side"}},
	} {
		res := scanned(t, scanner.NewRange(r.dir, row.commits))
		want(t, row.commits, told(res, names...), row.want...)
		if !res.Complete() {
			t.Errorf("%s: not complete: %v", row.commits, res.Coverage.Skipped)
		}
		if res.Coverage.Commits == 0 {
			t.Errorf("%s: read no commit", row.commits)
		}
	}
	res := scanned(t, scanner.NewRange(r.dir, "HEAD..HEAD~2"))
	if len(res.Notices) == 0 || res.Coverage.Commits != 0 {
		t.Error("a range without commits has to say so")
	}
	for _, bad := range []string{"", "nobody..HEAD", strings.Repeat("ab", 20) + "..HEAD", "HEAD..nobody", "--all",
		"HEAD~99..HEAD"} {
		if _, err := scanner.Scan(context.Background(), scanner.NewRange(r.dir, bad), scanner.Options{}); err == nil {
			t.Errorf("%q: no error", bad)
		} else if bad == strings.Repeat("ab", 20)+"..HEAD" && !strings.Contains(err.Error(), "git fetch") {
			t.Errorf("%q: the error does not say what helps: %v", bad, err)
		}
	}
	t.Run("shallow", func(t *testing.T) {
		clone := filepath.Join(t.TempDir(), "clone")
		r.git("clone", "-q", "--depth=1", "file://"+r.dir, clone)
		if _, err := scanner.Scan(context.Background(), scanner.NewRange(clone, removed+"..HEAD"),
			scanner.Options{}); err == nil || !strings.Contains(err.Error(), "git fetch") {
			t.Errorf("the begin is not here: %v", err)
		}
		c := &gitRepo{t: t, dir: clone}
		c.git("fetch", "-q", "--depth=1", "origin", "side")
		res := scanned(t, scanner.NewRange(clone, "FETCH_HEAD..HEAD"))
		if res.Complete() {
			t.Error("a history that is cut is called complete")
		}
		want(t, "cut", told(res, names...), "merged.env merged", message)
		if res := scanned(t, scanner.NewHistory(clone)); res.Complete() {
			t.Error("the history of a shallow clone is called complete")
		}
	})
}

func TestHistoryKeepsOneFindingForACredentialAndAPath(t *testing.T) {
	r := newGitRepo(t)
	r.write("a.env", "T="+madeUp("one")+"\n")
	first := r.commit("first")
	for i := range 5 {
		r.write("a.env", strings.Repeat("# line\n", i+1)+"T="+madeUp("one")+"\n")
		r.commit("again")
	}
	r.git("branch", "kept", first)
	r.write("b/a.env", "T="+madeUp("one")+"\n")
	second := r.commit("copied")
	r.remove("a.env")
	r.commit("removed")
	res := scanned(t, scanner.NewHistory(r.dir))
	want(t, "findings", told(res, "one"), "a.env one", "b/a.env one")
	for _, f := range res.Findings {
		g := f.Git
		switch f.File {
		case "a.env":
			if g.Commit != first || g.InHead || !slices.Equal(g.Refs, []string{"heads/kept"}) || f.Line != 1 {
				t.Errorf("a.env: %+v, line %d", *g, f.Line)
			}
		case "b/a.env":
			if g.Commit != second || !g.InHead || !slices.Equal(g.Refs, []string{"heads/main"}) ||
				g.Date != "2024-01-02T03:04:05+02:00" {
				t.Errorf("b/a.env: %+v", *g)
			}
		}
	}
	if res.Coverage.Commits != 8 {
		t.Errorf("read %d commits", res.Coverage.Commits)
	}
}

// A canary is a program that a hostile repository would like to be run: it leaves a file.
func TestHostileConfigurationRunsNothing(t *testing.T) {
	r, names := manyHidingPlaces(t)
	canary := filepath.Join(t.TempDir(), "sang")
	run := "touch " + canary
	r.write(".gitattributes", "* diff=x filter=x\nnodiff.txt -diff\n")
	r.write("include.cfg", "[core]\n\tfsmonitor = "+run+"\n")
	config, err := os.ReadFile(filepath.Join(r.dir, ".git/config"))
	if err != nil {
		t.Fatal(err)
	}
	r.write(".git/config", string(config)+"[core]\n\tfsmonitor = "+run+"\n\tpager = "+run+"\n\thooksPath = ../hooks\n\tsshCommand = "+run+"\n[diff \"x\"]\n\ttextconv = "+run+"\n[diff]\n\texternal = "+run+
		"\n[filter \"x\"]\n\tclean = "+run+"\n\tsmudge = "+run+"\n[include]\n\tpath = ../include.cfg\n[remote \"origin\"]\n\turl = ext::"+run+"\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n[uploadpack]\n\tpackObjectsHook = "+run+"\n")
	for _, src := range []scanner.Source{scanner.NewHistory(r.dir), &scanner.Staged{Dir: r.dir}, scanner.NewRange(r.dir,
		"HEAD~2..HEAD")} {
		scanned(t, src)
		if _, err := os.Stat(canary); err == nil {
			t.Fatalf("%T: something of the repository was run", src)
		}
	}
	found := map[string]bool{}
	for _, f := range scanned(t, scanner.NewHistory(r.dir)).Findings {
		found[f.Secret.Reveal()] = true
	}
	for _, name := range names {
		if !found[madeUp(name)] {
			t.Errorf("not found: %s", name)
		}
	}
}

func TestPartialHistoryIsNeverClean(t *testing.T) {
	r := newGitRepo(t)
	r.write("a.txt", "x\n")
	r.write("b.txt", "y\n")
	r.commit("x")
	id := r.git("rev-parse", "HEAD:b.txt")
	r.remove(".git/objects/" + id[:2] + "/" + id[2:])
	res := scanned(t, scanner.NewHistory(r.dir))
	if res.Complete() {
		t.Fatal("an object is missing, and the scan says that it is complete")
	}
	if s := res.Coverage.Skipped[0]; !strings.Contains(s.What, id) {
		t.Errorf("the missing object is not named: %v", s)
	}
	empty := newGitRepo(t)
	if res, err := scanner.Scan(context.Background(), scanner.NewHistory(empty.dir), scanner.Options{}); err != nil ||
		res.Coverage.Objects != 0 || len(res.Notices) == 0 {
		t.Error("an empty repository has to be told of")
	}
	if _, err := scanner.Scan(context.Background(), scanner.NewHistory(t.TempDir()), scanner.Options{}); err == nil {
		t.Error("no repository, and no error")
	}
}

func TestHistoryOfSHA256(t *testing.T) {
	r := newGitRepo(t, "--object-format=sha256")
	r.write("a.env", "T="+madeUp("one")+"\n")
	first := r.commit("first")
	r.remove("a.env")
	r.commit("second")
	r.git("repack", "-q", "-a", "-d")
	res := scanned(t, scanner.NewHistory(r.dir))
	want(t, "findings", told(res, "one"), "a.env one")
	if len(res.Findings) == 1 && res.Findings[0].Git.Commit != first {
		t.Errorf("%+v", res.Findings[0].Git)
	}
}
