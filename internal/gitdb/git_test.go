package gitdb

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A sandbox is a repository made with the real git, out of reach of the user's configuration.
type sandbox struct {
	t   testing.TB
	dir string
}

func newSandbox(t testing.TB, args ...string) *sandbox {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	s := &sandbox{t, t.TempDir()}
	s.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return s
}

func (s *sandbox) git(args ...string) string {
	s.t.Helper()
	return s.feed("", args...)
}

func (s *sandbox) feed(input string, args ...string) string {
	s.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" +
		os.DevNull, "GIT_NO_REPLACE_OBJECTS=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=C",
		"GIT_COMMITTER_EMAIL=c@example.com",
		"GIT_AUTHOR_DATE=1700000000 +0530", "GIT_COMMITTER_DATE=1700000000 -0800"}
	cmd.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("git %s: %v\n%s", args[0], err, stderr.String())
	}
	return strings.TrimRight(string(out), "\n")
}

func (s *sandbox) write(name, text string) {
	s.t.Helper()
	full := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// fill commits n versions of a few growing files: material for deltas.
func (s *sandbox) fill(n int) {
	s.t.Helper()
	for i := range n {
		var text strings.Builder
		for j := range 200 {
			fmt.Fprintf(&text, "line %d of version %d\n", j, (i*j)%7+i/5)
		}
		s.write("a.txt", text.String())
		s.write(fmt.Sprintf("dir%d/sub/b.txt", i%3), text.String()[:100*(i+1)%len(text.String())])
		s.write("empty", "")
		s.git("add", "-A")
		s.git("commit", "-q", "-m", fmt.Sprintf("commit %d", i))
	}
	s.git("tag", "-a", "-m", "a tag", fmt.Sprintf("v%d", n))
}

func (s *sandbox) packs() []string {
	list, err := filepath.Glob(filepath.Join(s.dir, ".git/objects/pack/*.pack"))
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

func TestEachVisitsWhatGitLists(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			s := newSandbox(t, "--object-format="+format)
			s.fill(12)
			checkAll(t, s.dir, 2) // loose
			s.git("repack", "-q", "-a", "-d", "--depth=20", "--window=20")
			checkAll(t, s.dir, 1)
			s.fill(6)
			s.git("repack", "-q", "-d") // a second pack
			s.fill(3)
			checkAll(t, s.dir, 3)       // and loose ones
			s.git("repack", "-q", "-a") // the same objects twice
			checkAll(t, s.dir, 2)

			s.git("repack", "-q", "-a", "-d", "-f")
			for i, args := range [][]string{
				{"--no-reuse-delta"}, // REF deltas: pack-objects makes them unless told of offsets
				{"--no-reuse-delta", "--delta-base-offset"},
				{"--no-reuse-delta", "--delta-base-offset", "--depth=250", "--window=100"},
				{"--no-reuse-delta", "--compression=0"},
			} {
				other := newSandbox(t, "--object-format="+format)
				ids := s.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
				base := filepath.Join(other.dir, ".git/objects/pack/pack")
				s.feed(ids+"\n", append(append([]string{"pack-objects", "-q"}, args...), base)...)
				checkAll(t, other.dir, 2)
				if i == 0 && format == "sha1" {
					// Offsets beyond 256 bytes in 8 bytes each; version 1 of the index.
					pack := other.packs()[0]
					idx := strings.TrimSuffix(pack, ".pack") + ".idx"
					for _, version := range []string{"2,0x100", "1"} {
						if err := os.Remove(idx); err != nil {
							t.Fatal(err)
						}
						other.git("index-pack", "--index-version="+version, "-o", idx, pack)
						checkAll(t, other.dir, 2)
					}
				}
			}
		})
	}
}

func TestAlternatesBareAndLinked(t *testing.T) {
	s := newSandbox(t)
	s.fill(3)
	clone := filepath.Join(t.TempDir(), "clone")
	s.git("clone", "-q", "--shared", s.dir, clone)
	c := &sandbox{t, clone}
	c.fill(2)
	checkAll(t, clone, 2)
	bare := filepath.Join(t.TempDir(), "bare.git")
	s.git("clone", "-q", "--bare", s.dir, bare)
	checkAll(t, bare, 2)
	linked := filepath.Join(t.TempDir(), "linked")
	s.git("worktree", "add", "-q", "-b", "other", linked)
	checkAll(t, linked, 2)
	moved := filepath.Join(t.TempDir(), "moved")
	s.git("init", "-q", "--separate-git-dir", moved)
	checkAll(t, s.dir, 2)
	r, err := Open(filepath.Join(linked, "dir0", "sub"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.WorkTree != linked || r.CommonDir == r.GitDir {
		t.Errorf("work tree %s, git folders %s and %s", r.WorkTree, r.GitDir, r.CommonDir)
	}
	if b, err := Open(bare, nil); err != nil || b.WorkTree != "" {
		t.Errorf("the bare repository has work tree %q: %v", b.WorkTree, err)
	}
}

// TestReadersAgreeWithGit compares names, commits, trees and the index with what git prints.
func TestReadersAgreeWithGit(t *testing.T) {
	s := newSandbox(t)
	s.fill(5)
	s.git("branch", "x/y")
	s.git("pack-refs", "--all")
	s.git("branch", "loose")
	s.git("tag", "light", "HEAD~2")
	s.git("symbolic-ref", "refs/heads/sym", "refs/heads/x/y")
	s.write("with space/é\tx", "odd names\n")
	s.git("add", "-A")
	s.git("commit", "-q", "-m", "subject\n\nbody\n")
	repos := []string{s.dir}
	repos = append(repos, realRepos()...)
	for _, dir := range repos {
		g := &sandbox{t, dir}
		r, err := Open(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		g.dir = r.GitDir
		git := func(args ...string) string {
			return g.git(append([]string{"-c", "safe.directory=*", "--git-dir=" + r.GitDir}, args...)...)
		}
		refs, err := r.Refs()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, ref := range refs {
			if strings.HasPrefix(ref.Name, "refs/") {
				got = append(got, ref.ID.String()+" "+ref.Name)
			}
		}
		want := strings.Split(git("for-each-ref", "--format=%(objectname) %(refname)"), "\n")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d refs, git has %d", dir, len(got), len(want))
		}
		revs := []string{"HEAD", "@", "HEAD~1", "HEAD^", "HEAD^{commit}", "HEAD~3^0", git("rev-parse", "HEAD")[:12]}
		if dir == s.dir {
			revs = append(revs, "main", "x/y", "heads/loose", "light", "v5", "v5^{}", "v5~1", "sym", "HEAD@{1}",
				"main@{2}~1", "refs/tags/v5")
		}
		for _, rev := range revs {
			id, err := r.Resolve(rev)
			if err != nil {
				t.Errorf("%s: %v", rev, err)
				continue
			}
			if want := git("rev-parse", rev); id.String() != want {
				t.Errorf("%s is %v, git says %s", rev, id, want)
			}
		}
		for i, line := range strings.Split(git("log", "-n", "200", "--all", "--format=%H|%T|%P|%an <%ae>|%aI|%cI"),
			"\n") {
			f := strings.Split(line, "|")
			id, err := ParseHash(f[0])
			if err != nil {
				t.Fatal(err)
			}
			c, err := r.ReadCommit(id)
			if err != nil {
				t.Fatal(err)
			}
			var parents []string
			for _, p := range c.Parents {
				parents = append(parents, p.String())
			}
			who := string(c.Author[:bytes.LastIndexByte(c.Author, '>')+1])
			mine := []string{id.String(), c.Tree.String(), strings.Join(parents, " "), who,
				When(c.Author).Format(time.RFC3339), When(c.Committer).Format(time.RFC3339)}
			for k := range mine {
				if strings.Replace(mine[k], "Z", "+00:00", 1) != strings.Replace(f[k], "Z", "+00:00", 1) && k != 3 {
					t.Errorf("commit %s: %q, git says %q", f[0], mine[k], f[k])
				}
			}
			if i < 5 {
				var files []string
				listTree(t, r.DB, c.Tree, "", &files)
				if want := strings.TrimRight(git("ls-tree", "-r", "-z", "--full-tree", f[0]),
					"\x00"); strings.Join(files, "\x00") != want {
					t.Errorf("the tree of commit %s differs from git's", f[0])
				}
			}
		}
	}
}

func listTree(t *testing.T, db *DB, id Hash, dir string, out *[]string) {
	t.Helper()
	entries, err := db.ReadTree(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := dir + string(e.Name)
		if e.IsTree() {
			listTree(t, db, e.ID(), name+"/", out)
			continue
		}
		typ := "blob"
		if !e.IsBlob() {
			typ = "commit"
		}
		*out = append(*out, fmt.Sprintf("%06o %s %v\t%s", e.Mode, typ, e.ID(), name))
	}
}

func TestIndexAgreesWithGit(t *testing.T) {
	s := newSandbox(t)
	for i := range 50 {
		s.write(fmt.Sprintf("dir%d/%s/file%d", i%5, strings.Repeat("long", i%9), i), fmt.Sprint(i))
	}
	check := func(what string) {
		t.Helper()
		r, err := Open(s.dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		x, err := r.ReadIndex()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		var got []string
		for _, e := range x.Entries {
			got = append(got, fmt.Sprintf("%06o %v %d\t%s", e.Mode, e.ID, e.Stage, e.Path))
		}
		if want := strings.TrimRight(s.git("ls-files", "--stage", "--sparse", "-z"), "\x00"); strings.Join(got,
			"\x00") != want {
			t.Errorf("%s: %d entries that differ from git's", what, len(got))
		}
	}
	check("none")
	s.git("add", "-A")
	check("new")
	s.git("commit", "-q", "-m", "x")
	for _, version := range []string{"2", "3", "4"} {
		s.git("update-index", "--index-version", version)
		s.git("update-index", "--skip-worktree", "dir0/file0")
		check("version " + version)
	}
	s.write("dir1/more", "more")
	s.git("add", "-N", "dir1/more")
	check("intent to add")
	s.git("update-index", "--untracked-cache")
	check("untracked cache")
	s.git("update-index", "--split-index")
	for i := range 3 {
		s.write(fmt.Sprintf("dir2/split%d", i), "x")
		s.write("dir2/longlong/file2", fmt.Sprint("changed", i))
		if i == 2 {
			s.git("rm", "-q", "-f", "--cached", "dir3/longlonglong/file3")
		}
		s.git("add", "-A", "dir2")
		check(fmt.Sprint("split ", i))
	}
	s.git("update-index", "--no-split-index", "--index-version", "4")
	s.git("reset", "-q", "--hard")
	s.git("sparse-checkout", "set", "--cone", "--sparse-index", "dir1")
	check("sparse")
}

func TestPlumbingGivesTheSame(t *testing.T) {
	s := newSandbox(t)
	s.fill(4)
	s.git("repack", "-q", "-d")
	s.fill(2)
	r, err := Open(s.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := Plumbing{GitDir: r.GitDir}
	n := 0
	err = p.Each(context.Background(), func(what, why string) { t.Errorf("%s: %s", what, why) }, func(id Hash, typ Type,
		data []byte) error {
		n++
		mine, text, err := r.DB.Read(id)
		if err != nil || mine != typ || !bytes.Equal(text, data) {
			t.Errorf("%v differs: %v", id, err)
		}
		return nil
	})
	if err != nil || n != r.DB.Count() {
		t.Errorf("%d objects of %d: %v", n, r.DB.Count(), err)
	}
	skipped := 0
	small := Plumbing{GitDir: r.GitDir, Most: 100}
	if err := small.Each(context.Background(), func(string, string) { skipped++ },
		func(Hash, Type, []byte) error { return nil }); err != nil || skipped == 0 {
		t.Errorf("large objects: %d skipped, %v", skipped, err)
	}
	x, err := r.ReadIndex()
	if err != nil {
		t.Fatal(err)
	}
	y, err := p.Index(context.Background(), r.IndexFile)
	if err != nil || !slices.Equal(x.Entries, y.Entries) {
		t.Errorf("git's index has %d entries, ours %d: %v", len(y.Entries), len(x.Entries), err)
	}
	mine, err := r.Refs()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := p.Refs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range theirs {
		if !slices.Contains(mine, ref) {
			t.Errorf("%+v is not among %+v", ref, mine)
		}
	}
	if err := (Plumbing{GitDir: t.TempDir()}).Each(context.Background(), func(string, string) {},
		func(Hash, Type, []byte) error { return nil }); err == nil {
		t.Error("no repository, and no error")
	}
}

func TestMissingAndNoRepositories(t *testing.T) {
	if _, err := Open(t.TempDir(), nil); err == nil {
		t.Error("an empty folder is a repository")
	}
	s := newSandbox(t)
	for name, text := range map[string]string{"format 9": "[core]\n\trepositoryformatversion = 9\n",
		"a hash to come": "[extensions]\n\tobjectformat = sha3\n"} {
		s.write(".git/config", text)
		if _, err := Open(s.dir, nil); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	s.write(".git/config", "")
	r, err := Open(s.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := r.Head(); ok || err != nil {
		t.Errorf("the head of a repository without commits: %v, %v", ok, err)
	}
	if _, _, err := r.DB.Read(r.DB.EmptyTree()); err == nil {
		t.Error("read what is not there")
	}
	if err := r.DB.Each(context.Background(), EachOptions{},
		func(*Visit) error { t.Error("visited"); return nil }); err != nil {
		t.Error(err)
	}
}

func TestEachEndsEarly(t *testing.T) {
	s := newSandbox(t)
	s.fill(8)
	s.git("repack", "-q", "-a", "-d")
	r, err := Open(s.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(context.Background())
	var once sync.Once
	err = r.DB.Each(ctx, EachOptions{Jobs: 2}, func(*Visit) error { once.Do(cancel); return nil })
	if err == nil {
		t.Error("the walk did not tell that it was ended")
	}
	failed := fmt.Errorf("enough")
	if err := r.DB.Each(context.Background(), EachOptions{Jobs: 2},
		func(*Visit) error { return failed }); err != failed {
		t.Errorf("the visitor's error came back as %v", err)
	}
}

func TestConfigIsReadAsGitReadsIt(t *testing.T) {
	s := newSandbox(t)
	s.write(".git/config", "[core]\n\trepositoryformatversion = 0\n[a \"B.c\\\"d\"] key = \"quoted ; # text\" tail ; comment\n\tcontinued = one \\\n two\n\tFlag\n[x]y=1\n  # nothing\n\tz = a\\tb\\\\c  \n\ttwice = 1\n\ttwice = 2\n")
	text, err := os.ReadFile(filepath.Join(s.dir, ".git/config"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for entry := range strings.SplitSeq(strings.TrimRight(s.git("config", "--local", "--list", "-z"), "\x00"), "\x00") {
		if !strings.Contains(entry, "\n") {
			entry += "\ntrue"
		}
		want = append(want, entry)
	}
	var got []string
	for key, values := range parseConfig(string(text)) {
		for _, v := range values {
			got = append(got, key+"\n"+v)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
