package sweep_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
	"github.com/unleaked/unleaked/sweep"
)

// A sweepCase is a case over several repositories: see the README of testdata/sweep.
type sweepCase struct {
	name   string
	shapes map[string]string         // of repositories that are no work trees
	files  map[string][]txtar.File   // of each repository's last commit
	before map[string][][]txtar.File // of its commits before that
	want   []string
}

var earlier = regexp.MustCompile(`^([^/@]+)@(\d+)/(.*)$`)

func readCase(t *testing.T, path string) sweepCase {
	t.Helper()
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := sweepCase{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), shapes: map[string]string{},
		files: map[string][]txtar.File{}, before: map[string][][]txtar.File{}}
	for _, line := range strings.Split(string(ar.Comment), "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 3 && f[0] == "shape":
			c.shapes[f[1]] = f[2]
		case len(f) > 3 && f[0] == "expect":
			sort.Strings(f[3:])
			c.want = append(c.want, strings.Join(f[1:], " "))
		}
	}
	for _, f := range ar.Files {
		if m := earlier.FindStringSubmatch(f.Name); m != nil {
			n, _ := strconv.Atoi(m[2])
			for len(c.before[m[1]]) < n {
				c.before[m[1]] = append(c.before[m[1]], nil)
			}
			c.before[m[1]][n-1] = append(c.before[m[1]][n-1], txtar.File{Name: m[3], Data: f.Data})
			continue
		}
		repo, name, _ := strings.Cut(f.Name, "/")
		c.files[repo] = append(c.files[repo], txtar.File{Name: name, Data: f.Data})
	}
	sort.Strings(c.want)
	return c
}

// lay makes the case's repositories in a folder and returns their paths.
func (c *sweepCase) lay(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	for repo, files := range c.files {
		path := filepath.Join(dir, repo)
		switch shape := c.shapes[repo]; shape {
		case "tar.gz", "zip":
			path += "." + shape
			write(t, path, pack(t, shape, files))
		default:
			commits := append(slices.Clone(c.before[repo]), files)
			history(t, path, commits)
			if shape == "bare" {
				git(t, dir, "clone", "-q", "--mirror", path, path+".git")
				if err := os.RemoveAll(path); err != nil {
					t.Fatal(err)
				}
				path += ".git"
			}
		}
		paths = append(paths, path)
	}
	return paths
}

func history(t *testing.T, path string, commits [][]txtar.File) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, path, "init", "-q", "-b", "main")
	for _, files := range commits {
		git(t, path, "rm", "-rq", "--ignore-unmatch", ".")
		for _, f := range files {
			write(t, filepath.Join(path, filepath.FromSlash(f.Name)), f.Data)
		}
		git(t, path, "add", "-A")
		git(t, path, "commit", "-q", "--allow-empty", "-m", "work")
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2025-05-05T05:05:05Z",
		"GIT_COMMITTER_DATE=2025-05-05T05:05:05Z")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func pack(t *testing.T, shape string, files []txtar.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if shape == "zip" {
		z := zip.NewWriter(&b)
		for _, f := range files {
			w, err := z.Create(f.Name)
			if err == nil {
				_, err = w.Write(f.Data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	g := gzip.NewWriter(&b)
	w := tar.NewWriter(g)
	for _, f := range files {
		err := w.WriteHeader(&tar.Header{Name: f.Name, Mode: 0o644, Size: int64(len(f.Data))})
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// marks are the findings as the cases write them.
func marks(t *testing.T, res *finding.Result) []string {
	t.Helper()
	for _, s := range res.Coverage.Skipped {
		t.Errorf("%s: %s was not read: %s", s.Repository, s.What, s.Why)
	}
	var got []string
	for _, f := range res.Findings {
		repo := filepath.Base(f.Repository)
		for _, end := range []string{".tar.gz", ".zip", ".git"} {
			repo = strings.TrimSuffix(repo, end)
		}
		var ids []string
		for _, r := range f.Rules() {
			ids = append(ids, string(r))
		}
		sort.Strings(ids)
		got = append(got, fmt.Sprintf("%s/%s:%d %s %s", repo, f.File, f.Line, f.Kind, strings.Join(ids, " ")))
	}
	sort.Strings(got)
	return got
}

func sweepCases(t *testing.T) []sweepCase {
	t.Helper()
	paths, err := filepath.Glob("../testdata/sweep/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	var list []sweepCase
	for _, p := range paths {
		list = append(list, readCase(t, p))
	}
	return list
}

// TestCases sweeps every case. Two runs over one state, and two shards settled together, give what one run gives.
func TestCases(t *testing.T) {
	for _, c := range sweepCases(t) {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			paths := c.lay(t, dir)
			key := bytes.Repeat([]byte{7}, sweep.KeySize)
			run := func(o sweep.Options) *finding.Result {
				o.Key, o.Public = key, true
				res, err := sweep.Run(context.Background(), paths, o)
				if err != nil {
					t.Fatal(err)
				}
				return res
			}
			state := filepath.Join(dir, "state")
			first := run(sweep.Options{State: state})
			if got := marks(t, first); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			want := text(t, first)
			if again := text(t, run(sweep.Options{State: state})); again != want {
				t.Error("a second run over the same state says something else")
			}
			var states []string
			for i := range 3 {
				states = append(states, filepath.Join(dir, "shard"+strconv.Itoa(i)))
				run(sweep.Options{State: states[i], Shard: i, Shards: 3})
			}
			shards, err := sweep.Settle(states, sweep.Options{Public: true})
			if err != nil {
				t.Fatal(err)
			}
			if text(t, shards) != want {
				t.Error("shards that are settled together say something else than one run")
			}
			withoutSecrets(t, state, c)
			if sent := text(t, send(t, paths, sweep.Options{Key: key, Public: true})); sent != want {
				t.Errorf("sent from stage to stage the sweep says something else:\n%s\n%s", sent, want)
			}
		})
	}
}

// send sweeps as a pipeline does: facts, summaries and parts go from stage to stage as JSON, in any order.
func send(t *testing.T, paths []string, o sweep.Options) *finding.Result {
	t.Helper()
	reader, err := sweep.NewReader(o)
	if err != nil {
		t.Fatal(err)
	}
	again := func(v, to any) {
		b, err := json.Marshal(v)
		if err == nil {
			err = json.Unmarshal(b, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	all := make([]*sweep.Facts, len(paths))
	summaries := map[string]*scanner.Summary{}
	for i, p := range paths {
		all[i] = &sweep.Facts{}
		again(reader.Read(context.Background(), sweep.CleanPath(p)), all[i])
		all[i] = all[i].Named(all[i].Repository)
		for join, s := range all[i].Summaries(o.Key) {
			sent := &scanner.Summary{}
			again(s, sent)
			if old := summaries[join]; old != nil {
				sent.Join(old)
			}
			summaries[join] = sent
		}
	}
	parts := make([]*sweep.Part, len(all))
	for i := range all {
		k := len(all) - 1 - i
		parts[k] = &sweep.Part{}
		again(all[i].Judge(o.Key, func(join string) *scanner.Summary { return summaries[join] }, o), parts[k])
	}
	return sweep.Assemble(parts)
}

func text(t *testing.T, r *finding.Result) string {
	t.Helper()
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// withoutSecrets checks that no state file holds a token of the case, or twelve digits of one.
func withoutSecrets(t *testing.T, state string, c sweepCase) {
	t.Helper()
	var secrets []string
	for _, files := range c.files {
		for _, f := range files {
			for _, s := range rules.AppendCredentials(nil, f.Data) {
				secrets = append(secrets, s.Secret.Reveal())
			}
		}
	}
	withoutTexts(t, state, secrets)
}

// withoutTexts checks that no file of a state holds twelve characters of the random part of a token.
func withoutTexts(t *testing.T, state string, secrets []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(state, "*"))
	if err != nil || len(names) < 2 {
		t.Fatalf("%d files of state, %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			random := s[strings.LastIndexAny(s, ".:")+1:]
			if strings.HasPrefix(random, "v2_") {
				random = random[len(random)-43:] // what stands before it is the selector, which is public
			}
			for ; len(random) >= 12; random = random[1:] {
				if bytes.Contains(data, []byte(random[:12])) {
					t.Fatalf("%s holds a part of a token", filepath.Base(name))
				}
			}
		}
	}
}

// TestInterrupted sweeps with a context that has ended: every repository is listed as not read.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 5 {
		names = append(names, filepath.Join(dir, strconv.Itoa(i)))
		write(t, filepath.Join(names[i], "a.txt"), []byte("nothing\n"))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	res, err := sweep.Run(ctx, names, sweep.Options{Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, s := range res.Coverage.Skipped {
		listed[filepath.Base(s.Repository)] = true
	}
	if len(listed) != len(names) {
		t.Errorf("%d of %d repositories are listed as not read: %v", len(listed), len(names), res.Coverage.Skipped)
	}
}
