package scanner_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// A gitRepo is a repository made with the real git, out of reach of the user's configuration.
type gitRepo struct {
	t   *testing.T
	dir string
	env []string // more of the environment
}

func newGitRepo(t *testing.T, args ...string) *gitRepo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	r := &gitRepo{t: t, dir: t.TempDir()}
	r.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return r
}

// newConflict is a repository in which the merge of the branch side into main stopped at a.env. side has one more file,
// where name is not "".
func newConflict(t *testing.T, name, text string) *gitRepo {
	t.Helper()
	r := newGitRepo(t)
	r.write("a.env", "x\n")
	r.commit("x")
	r.git("checkout", "-q", "-b", "side")
	r.write("a.env", "side\n")
	if name != "" {
		r.write(name, text)
	}
	r.commit("side")
	r.git("checkout", "-q", "main")
	r.write("a.env", "main\n")
	r.commit("main")
	if _, err := r.try("", "merge", "side"); err == nil {
		t.Fatal("there was to be a conflict")
	}
	return r
}

// git runs a command in the repository and gives what it prints.
func (r *gitRepo) git(args ...string) string {
	r.t.Helper()
	out, err := r.try("", args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
	return out
}

// feed is git with an input.
func (r *gitRepo) feed(input string, args ...string) string {
	r.t.Helper()
	out, err := r.try(input, args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
	return out
}

func (r *gitRepo) try(input string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=C",
		"GIT_COMMITTER_EMAIL=c@example.com",
		"GIT_AUTHOR_DATE=2024-01-02T03:04:05+0200", "GIT_COMMITTER_DATE=2024-01-02T03:04:05+0200"}, r.env...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// with is the same repository with more in the environment.
func (r *gitRepo) with(env ...string) *gitRepo {
	return &gitRepo{t: r.t, dir: r.dir, env: append(append([]string(nil), r.env...), env...)}
}

func (r *gitRepo) write(name, text string) {
	r.t.Helper()
	full := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *gitRepo) remove(name string) {
	r.t.Helper()
	if err := os.RemoveAll(filepath.Join(r.dir, filepath.FromSlash(name))); err != nil {
		r.t.Fatal(err)
	}
}

// commit records the whole work tree and gives the commit's id.
func (r *gitRepo) commit(message string) string {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
	return r.git("rev-parse", "HEAD")
}

// madeUp is a token that no server has: a different one for each name.
func madeUp(name string) string {
	sum := sha256.Sum256([]byte("made up for a test: " + name))
	return "default:development." + hex.EncodeToString(sum[:28])
}

func zipFile(t *testing.T, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write([]byte(text))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipFile(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16File(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// manyHidingPlaces hides a token in every place of a repository that can hold one, and gives the places' names: the
// names of the tokens.
func manyHidingPlaces(t *testing.T) (*gitRepo, []string) {
	t.Helper()
	r := newGitRepo(t)
	var names []string
	tok := func(name string) string {
		names = append(names, name)
		return madeUp(name)
	}
	r.write("a.txt", "nothing\n")
	r.commit("begin")

	r.write("deleted.env", "UNLEASH_API_TOKEN="+tok("added, then deleted")+"\n")
	r.commit("add")
	r.remove("deleted.env")
	r.commit("delete")

	r.write(".gitattributes", "nodiff.txt -diff\n")
	r.write("nodiff.txt", "token: "+tok("a file without a diff")+"\n")
	r.write("utf16.txt", utf16File("token: "+tok("UTF-16")+"\r\n"))
	r.write("inner.zip", zipFile(t, "settings.env", "UNLEASH_API_TOKEN="+tok("a member of an archive")+"\n"))
	r.write("inner.gz", gzipFile(t, "UNLEASH_API_TOKEN="+tok("a compressed file")+"\n"))
	r.write("secret.yaml", "data:\n  token: "+base64.StdEncoding.EncodeToString([]byte("UNLEASH_API_TOKEN="+tok("Base64")+"\n"))+"\n")
	r.write(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = https://git:"+strings.Replace(tok("the URL of a submodule"), ":", "%3A", 1)+"@example.com/x\n")
	if runtime.GOOS != "windows" {
		if err := os.Symlink(tok("the target of a link"), filepath.Join(r.dir, "link")); err != nil {
			t.Fatal(err)
		}
	}
	r.commit("several")

	r.git("checkout", "-q", "-b", "side", "HEAD~1")
	r.write("side.txt", "x\n")
	r.commit("on the side")
	r.git("checkout", "-q", "main")
	r.git("merge", "-q", "--no-ff", "--no-commit", "side")
	r.write("merged.txt", tok("only in a merge")+"\n")
	r.commit("merge")

	r.commit("message with " + tok("the message of a commit"))
	r.with("GIT_AUTHOR_NAME=" + tok("the author's name")).commit("by somebody")
	r.with("GIT_COMMITTER_NAME=" + tok("the committer's name")).commit("by somebody else")
	r.git("tag", "-a", "-m", "tag with "+tok("the message of a tag"), "v1")
	r.git("tag", "-a", "-m", "tag of a tag with "+tok("the message of a tag of a tag"), "v2", "v1")
	r.with("GIT_COMMITTER_NAME="+tok("the tagger's name")).git("tag", "-a", "-m", "x", "v3")
	r.git("notes", "add", "-m", "note with "+tok("a note"))
	r.git("tag", "blob", r.feed("blob with "+tok("a tag on a blob"), "hash-object", "-w", "--stdin"))
	r.git("update-ref", "refs/heads/"+strings.NewReplacer(":", "%3A").Replace(tok("the name of a branch")), "HEAD")

	r.write("pull.txt", tok("a pull request's ref")+"\n")
	pull := r.commit("pull")
	r.git("update-ref", "refs/pull/1/head", pull)
	r.git("reset", "-q", "--hard", "HEAD~1")

	r.write("a.txt", "stashed "+tok("a stash")+"\n")
	r.git("stash", "push", "-q", "-m", "stash with "+tok("the message of a stash"))

	r.write("amended.txt", tok("a commit that was amended away")+"\n")
	r.commit("to be amended")
	r.remove("amended.txt")
	r.git("add", "-A")
	r.git("commit", "-q", "--amend", "--allow-empty", "-m", "amended")

	r.write("unreachable.txt", tok("a commit that nothing leads to")+"\n")
	lost := r.commit("unreachable")
	r.git("reset", "-q", "--hard", "HEAD~1")

	r.write("dangling.txt", tok("a blob that was staged and dropped")+"\n")
	r.git("add", "dangling.txt")
	r.git("rm", "-q", "-f", "dangling.txt")
	r.feed("a tree in no commit: "+tok("a dangling blob")+"\n", "hash-object", "-w", "--stdin")

	head := r.git("rev-parse", "HEAD")
	tree := r.git("rev-parse", "HEAD^{tree}")
	odd := r.feed("tree "+tree+"\nparent "+head+"\nauthor A <a@example.com> 1 +0000\ncommitter C <c@example.com> 1 +0000\nnote-to-self "+tok("another header of a commit")+"\n\nodd\n",
		"hash-object", "-w", "-t", "commit", "--stdin", "--literally")
	r.git("update-ref", "refs/heads/odd", odd)
	r.git("update-ref", "-m", "reset by "+tok("a reflog"), "refs/heads/main", head)

	r.git("config", "remote.origin.url", "https://git:"+strings.Replace(tok("the configuration"), ":", "%3A",
		1)+"@example.com/r.git")
	r.write(".git/COMMIT_EDITMSG", "in the making: "+tok("a message in the making")+"\n")
	r.write(".git/FETCH_HEAD", head+"\t\tbranch 'main' of https://git:"+strings.Replace(tok("FETCH_HEAD"), ":", "%3A",
		1)+"@example.com/r\n")
	r.write(".git/rebase-merge/patch", "+ "+tok("the patch of a rebase")+"\n")
	r.write(".git/hooks/pre-commit", "#!/bin/sh\ncurl -H 'Authorization: "+tok("a hook")+"' https://unleash.example.com/api/client/features\n")
	r.write(".git/description", "described as "+tok("the description")+"\n")
	r.write(".git/lfs/objects/ab/cd/abcd", "kept elsewhere: "+tok("a Git LFS object")+"\n")

	sub := &gitRepo{t: t, dir: filepath.Join(r.dir, ".git", "modules", "x")}
	if err := os.MkdirAll(sub.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	sub.git("init", "-q", "--bare", ".")
	sub.feed(tok("an object of a submodule")+"\n", "hash-object", "-w", "--stdin")

	other := newGitRepo(t)
	other.feed(tok("an object of an alternate")+"\n", "hash-object", "-w", "--stdin")
	r.write(".git/objects/info/alternates", filepath.Join(other.dir, ".git", "objects")+"\n")

	linked := filepath.Join(t.TempDir(), "linked")
	r.git("worktree", "add", "-q", "--detach", linked)
	w := &gitRepo{t: t, dir: linked}
	w.write("linked.txt", tok("the index of a linked work tree")+"\n")
	w.git("add", "linked.txt")
	r.write(".git/worktrees/linked/COMMIT_EDITMSG", tok("a message in a linked work tree")+"\n")

	if runtime.GOOS != "windows" {
		r.write("name "+tok("the name of a file"), "x\n")
		r.git("add", "-A")
	}
	r.write("staged.txt", tok("the index")+"\n")
	r.git("add", "staged.txt")
	_ = lost
	return r, names
}

func scanned(t *testing.T, src scanner.Source) *finding.Result {
	t.Helper()
	return scannedWith(t, src, scanner.Options{Public: true, Examples: true, Jobs: 2})
}

func scannedWith(t *testing.T, src scanner.Source, o scanner.Options) *finding.Result {
	t.Helper()
	res, err := scanner.Scan(context.Background(), src, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func checkHidingPlaces(t *testing.T, repo string, names []string) *finding.Result {
	t.Helper()
	res := scanned(t, scanner.NewHistory(repo))
	found := map[string]finding.Finding{}
	for _, f := range res.Findings {
		found[f.Secret.Reveal()] = f
	}
	for _, name := range names {
		f, ok := found[madeUp(name)]
		if !ok {
			t.Errorf("not found: %s", name)
			continue
		}
		if f.Git == nil || f.Git.Where == "" {
			t.Errorf("%s: does not say where it stands", name)
		}
	}
	for _, s := range res.Coverage.Skipped {
		t.Errorf("not read: %s: %s", s.What, s.Why)
	}
	return res
}

func TestHistoryFindsEveryHidingPlace(t *testing.T) {
	r, names := manyHidingPlaces(t)
	if len(names) < 36 {
		t.Fatalf("only %d hiding places", len(names))
	}
	t.Run("loose", func(t *testing.T) { checkHidingPlaces(t, r.dir, names) })
	t.Run("packed", func(t *testing.T) {
		r.git("pack-refs", "--all")
		r.git("repack", "-q", "-a", "-d", "-k", "-f", "--depth=50")
		res := checkHidingPlaces(t, r.dir, names)
		want := map[string]struct{ file, where string }{
			"added, then deleted":            {"deleted.env", "blob"},
			"only in a merge":                {"merged.txt", "blob"},
			"the message of a commit":        {"", "commit-message"},
			"the message of a tag":           {"", "tag-message"},
			"the author's name":              {"", "identity"},
			"a note":                         {"", "note"},
			"a reflog":                       {"", "reflog"},
			"the index":                      {"staged.txt", "index"},
			"an object of a submodule":       {"", "blob"},
			"the name of a branch":           {"", "ref-name"},
			"a member of an archive":         {"inner.zip!settings.env", "blob"},
			"a commit that was amended away": {"amended.txt", "blob"},
		}
		for name, w := range want {
			ok := false
			var got []string
			for _, f := range res.Findings {
				if f.Secret.Reveal() == madeUp(name) {
					ok = ok || (w.file == "" || f.File == w.file) && f.Git.Where == w.where
					got = append(got, f.Git.Where+" "+f.File)
				}
			}
			if !ok {
				t.Errorf("%s: stands at %q, want %s %s", name, got, w.where, w.file)
			}
		}
	})
}
