package scanner_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestStagedSeesWhatCommitRecords goes through the states in which a repository can be when its hook runs.
func TestStagedSeesWhatCommitRecords(t *testing.T) {
	names := []string{"old", "new", "side", "third"}
	tok := madeUp
	line := func(name string) string { return "T=" + tok(name) + "\n" }
	t.Run("another index", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", "x\n")
		r.commit("x")
		other := r.with("GIT_INDEX_FILE=" + filepath.Join(r.dir, ".git", "other"))
		other.git("read-tree", "HEAD")
		other.feed("100644 "+r.feed(line("new"), "hash-object", "-w", "--stdin")+"\tb.env\n", "update-index", "--add",
			"--index-info")
		want(t, "the usual one", told(r.staged(), names...))
		want(t, "absolute", told(r.staged("GIT_INDEX_FILE="+filepath.Join(r.dir, ".git", "other")), names...),
			"b.env new")
		want(t, "relative", told(r.staged("GIT_INDEX_FILE=.git/other"), names...), "b.env new")
		r.write("sub/x", "")
		sub := &gitRepo{t: t, dir: filepath.Join(r.dir, "sub")}
		want(t, "relative to the top", told(sub.staged("GIT_INDEX_FILE=.git/other"), names...), "b.env new")
	})
	t.Run("a quarantine", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", line("old"))
		r.commit("x")
		for _, name := range []string{"quarantine", "with:colon and \"quotes\""} {
			if runtime.GOOS == "windows" && name != "quarantine" {
				continue
			}
			dir := filepath.Join(t.TempDir(), name)
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			objects := filepath.Join(r.dir, ".git", "objects")
			q := r.with("GIT_OBJECT_DIRECTORY="+dir, "GIT_ALTERNATE_OBJECT_DIRECTORIES="+objects)
			r.write("a.env", line("old")+line("new"))
			q.git("add", "a.env")
			want(t, "as git sets it", told(r.staged("GIT_OBJECT_DIRECTORY="+dir,
				"GIT_ALTERNATE_OBJECT_DIRECTORIES="+objects, "GIT_QUARANTINE_PATH="+dir), names...), "a.env new")
			want(t, "without alternates", told(r.staged("GIT_OBJECT_DIRECTORY="+dir, "GIT_QUARANTINE_PATH="+dir),
				names...), "a.env new")
			quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(dir) + `"`
			want(t, "as an alternate: "+quoted,
				told(r.staged("GIT_ALTERNATE_OBJECT_DIRECTORIES=/nowhere"+string(os.PathListSeparator)+quoted),
					names...), "a.env new")
			r.git("reset", "-q")
		}
	})
	t.Run("merge", func(t *testing.T) {
		r := newConflict(t, "b/side.env", line("side"))
		want(t, "what the other side has recorded is no news", told(r.staged(), names...))
		r.write("a.env", line("new"))
		r.write("b/side.env", line("side")+line("third"))
		r.git("add", "-A")
		want(t, "solved", told(r.staged(), names...), "a.env new", "b/side.env third")
		r.git("reset", "-q", "--hard")
		if _, err := r.try("", "cherry-pick", "side"); err == nil {
			t.Fatal("there was to be a conflict")
		}
		want(t, "what is picked is recorded anew", told(r.staged(), names...), "b/side.env side")
		r.git("cherry-pick", "--abort")
		if _, err := r.try("", "rebase", "side"); err == nil {
			t.Fatal("there was to be a conflict")
		}
		r.write("a.env", line("new"))
		r.git("add", "-A")
		want(t, "in a rebase HEAD is what it stands on", told(r.staged(), names...), "a.env new")
	})
	t.Run("moved, removed, and of another kind", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", line("old"))
		r.write("gone.env", line("old"))
		r.write("mode.sh", line("old"))
		r.write("folder/x.env", line("old"))
		r.write("file", "x\n")
		r.write(".gitignore", "*.secret\n")
		r.commit("x")
		r.git("mv", "a.env", "b.env")
		want(t, "moved: it is new where it stands now", told(r.staged(), names...), "b.env old")
		r.git("reset", "-q", "--hard")
		r.git("rm", "-q", "gone.env")
		r.git("update-index", "--chmod=+x", "mode.sh")
		want(t, "removed, and another mode", told(r.staged(), names...))
		r.write("x.secret", line("new"))
		r.git("add", "-f", "x.secret")
		want(t, "ignored, but added", told(r.staged(), names...), "x.secret new")
		r.git("reset", "-q", "--hard")
		r.remove("folder")
		r.write("folder", line("old"))
		r.remove("file")
		r.write("file/y.env", line("third"))
		r.git("add", "-A")
		want(t, "a file for a folder, and the reverse", told(r.staged(), names...), "file/y.env third", "folder old")
	})
	t.Run("links", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.txt", "x\n")
		r.commit("x")
		id := r.feed(tok("new"), "hash-object", "-w", "--stdin")
		r.feed("120000 "+id+"\tlink\n", "update-index", "--add", "--index-info")
		want(t, "the target of a link", told(r.staged(), names...), "link new")
	})
	t.Run("submodule", func(t *testing.T) {
		inner := newGitRepo(t)
		inner.write("x.txt", "x\n")
		inner.commit("x")
		r := newGitRepo(t)
		r.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "deps/inner")
		r.write("a.env", line("third"))
		r.git("add", "-A")
		want(t, "around it", told(r.staged(), names...), "a.env third")
		s := &gitRepo{t: t, dir: filepath.Join(r.dir, "deps", "inner")}
		s.write("b.env", line("new"))
		s.git("add", "-A")
		want(t, "in it", told(s.staged(), names...), "b.env new")
		hook := []string{"GIT_INDEX_FILE=" + filepath.Join(r.dir, ".git/modules/deps/inner/index"), "GIT_DIR=" +
			filepath.Join(r.dir, ".git/modules/deps/inner")}
		want(t, "in its hook", told(s.staged(hook...), names...), "b.env new")
		if got := (&scanner.Staged{Dir: s.dir}).Root(); !sameFile(t, got, s.dir) {
			t.Errorf("the root is %s", got)
		}
	})
	t.Run("forms of the repository", func(t *testing.T) {
		r := newGitRepo(t, "--object-format=sha256")
		for _, version := range []string{"2", "4"} {
			r.git("read-tree", "--empty")
			r.write("dir/sub/a.env", line("old"))
			r.write("dir/b.txt", "x\n")
			r.commit("x")
			r.git("update-index", "--index-version", version)
			r.write("dir/sub/a.env", line("old")+line("new"))
			r.git("add", "-A")
			want(t, "SHA-256", told(r.staged(), names...), "dir/sub/a.env new")
			r.git("update-index", "--split-index")
			r.write("dir/c.env", line("third"))
			r.git("add", "-A")
			want(t, "split", told(r.staged(), names...), "dir/c.env third", "dir/sub/a.env new")
			r.git("update-index", "--no-split-index")
			r.git("reset", "-q", "--hard")
		}
	})
	t.Run("sparse index", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("in/a.txt", "x\n")
		r.write("out/deep/b.env", line("old"))
		r.write("out/c.txt", "x\n")
		r.commit("x")
		next := r.git("commit-tree", "-p", "HEAD", "-m", "y", withBlob(r, "HEAD", "out/deep/d.env", line("new")))
		r.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
		r.git("reset", "-q", "--soft", "HEAD")
		r.git("read-tree", "-m", "-u", next)
		want(t, "a folder outside", told(r.staged(), names...), "out/deep/d.env new")
	})
	t.Run("the cache of trees is believed no further than it reaches", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a/x.txt", "x\n")
		r.write("b/y.txt", "y\n")
		r.commit("x")
		r.git("read-tree", "HEAD")
		r.write("b/y.txt", line("new"))
		r.git("add", "b/y.txt")
		file := filepath.Join(r.dir, ".git", "index")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// The tree of a/ is said to be two entries long, which takes in b/y.txt.
		bad := strings.Replace(string(data), "a\x001 0\n", "a\x002 0\n", 1)
		if bad == string(data) {
			t.Fatal("git wrote no such cache")
		}
		if err := os.WriteFile(file, []byte(bad), 0o666); err != nil {
			t.Fatal(err)
		}
		want(t, "damaged cache", told(r.staged(), names...), "b/y.txt new")
	})
	t.Run("names alone", func(t *testing.T) {
		r := newGitRepo(t)
		r.write("a.env", "x\n")
		r.commit("x")
		r.write("b/c.env", line("new"))
		r.git("add", "-N", "b/c.env")
		want(t, "intent to add", told(r.staged(), names...))
		r.git("add", "b/c.env")
		want(t, "added", told(r.staged(), names...), "b/c.env new")
	})
}

// withBlob is the tree of a commit with one file more.
func withBlob(r *gitRepo, commit, name, text string) string {
	r.t.Helper()
	id := r.feed(text, "hash-object", "-w", "--stdin")
	i := r.with("GIT_INDEX_FILE=" + filepath.Join(r.t.TempDir(), "index"))
	i.git("read-tree", commit)
	i.feed("100644 "+id+"\t"+name+"\n", "update-index", "--add", "--index-info")
	return i.git("write-tree")
}

func sameFile(t *testing.T, a, b string) bool {
	t.Helper()
	x, err := os.Stat(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.Stat(b)
	if err != nil {
		t.Fatal(err)
	}
	return os.SameFile(x, y)
}
