package sweep_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/sweep"
)

// forkedHistory is the history of an application in n commits: tokens come, move and go, in settings, in code that
// imports them, and in a long file whose versions git keeps as deltas.
func forkedHistory(n int) [][]txtar.File {
	rnd := rand.New(rand.NewPCG(3, 5))
	token := func(scope string) string {
		var b strings.Builder
		for range 56 {
			fmt.Fprintf(&b, "%x", rnd.IntN(16))
		}
		return scope + "." + b.String()
	}
	long := make([]string, 400)
	for i := range long {
		long[i] = fmt.Sprintf("line %d %s", i, strings.Repeat("word ", i%9))
	}
	plain := slices.Clone(long)
	front, key := token("web:production"), "some-proxy-key-of-ours"
	var commits [][]txtar.File
	for i := range n {
		long[rnd.IntN(len(long))] = fmt.Sprintf("changed in %d", i)
		plain[rnd.IntN(len(plain))] = fmt.Sprintf("changed in %d", i)
		if i%4 == 1 {
			long[rnd.IntN(len(long))] = "UNLEASH_API_TOKEN=" + token("default:development")
		}
		if i%6 == 3 {
			front = token("web:production")
		}
		files := []txtar.File{
			{Name: "package.json", Data: []byte(`{"name": "web", "dependencies": {"unleash-proxy-client": "^3.7.0"}}`)},
			{Name: "src/token.js", Data: fmt.Appendf(nil, "export const flagToken = '%s';\n", front)},
			{Name: "src/flags.js", Data: []byte("import { UnleashClient } from 'unleash-proxy-client';\nimport { flagToken } from './token';\n" +
				"export const client = new UnleashClient({ url: '/api/frontend', clientKey: flagToken, appName: 'web' });\n")},
			{Name: "docs/long.txt", Data: []byte(strings.Join(long, "\n"))},
			{Name: fmt.Sprintf("a/b%d/file.txt", i%5), Data: fmt.Appendf(nil, "%d\n", i)},
		}
		if i > n/2 {
			files = append(files, txtar.File{Name: "deploy/compose.yml", Data: fmt.Appendf(nil, "services:\n  proxy:\n"+
				"    image: unleashorg/unleash-proxy\n    environment:\n      UNLEASH_PROXY_CLIENT_KEYS: %s\n      INIT_FRONTEND_API_TOKENS: %s\n",
				key, front)}, txtar.File{Name: "deploy/long.yml", Data: []byte("services:\n  proxy:\n    image: unleashorg/unleash-proxy\n" +
				"    environment:\n      UNLEASH_PROXY_CLIENT_KEYS: another-key-of-ours\nx-notes:\n  - " + strings.Join(plain, "\n  - "))})
		}
		commits = append(commits, files)
	}
	return commits
}

// forks makes repositories that have most of their objects in common, in many ways, and returns them.
func forks(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	first := filepath.Join(dir, "a-first")
	history(t, first, forkedHistory(30))
	git(t, first, "gc", "-q")
	names := []string{first}
	fork := func(name string, how ...string) string {
		path := filepath.Join(dir, name)
		git(t, dir, append(append([]string{"clone", "-q"}, how...), "file://"+first, path)...)
		names = append(names, path)
		return path
	}
	commit := func(path string, n int) {
		for i := range n {
			text := fmt.Sprintf("UNLEASH_BACKEND_TOKEN=own:production.%055x%x\n", len(path)*100+len(names), i)
			write(t, filepath.Join(path, "own", ".env"), []byte(text))
			git(t, path, "add", "-A")
			git(t, path, "commit", "-q", "-m", fmt.Sprintf("own %d", i))
		}
	}
	fork("b-mirror", "--mirror")
	commit(fork("c-ahead"), 3)
	deep := fork("d-other-deltas", "--mirror")
	git(t, deep, "repack", "-q", "-a", "-d", "-f", "--depth=1")
	commit(fork("e-loose"), 2)
	shared := filepath.Join(dir, "f-borrows")
	git(t, dir, "clone", "-q", "--shared", first, shared)
	commit(shared, 2)
	names = append(names, shared)
	fork("g-shallow", "--depth=4")
	// One that lacks a blob, and one that lacks a folder.
	for i, what := range []string{"HEAD:src/token.js", "HEAD~9:a"} {
		lacks := fork(fmt.Sprintf("h-lacks%d", i), "--mirror")
		packs, _ := filepath.Glob(filepath.Join(lacks, "objects/pack/pack-*"))
		for _, p := range packs {
			to := filepath.Join(dir, filepath.Base(p))
			if err := os.Rename(p, to); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(p, ".pack") {
				unpack(t, lacks, to)
			}
		}
		id := output(t, lacks, "rev-parse", what)
		if err := os.Remove(filepath.Join(lacks, "objects", id[:2], id[2:])); err != nil {
			t.Fatal(err)
		}
	}
	// One that ends earlier, and has gone another way from there.
	old := fork("i-behind")
	git(t, old, "reset", "-q", "--hard", "HEAD~12")
	commit(old, 2)
	git(t, old, "update-ref", "-d", "refs/remotes/origin/HEAD")
	git(t, old, "update-ref", "-d", "refs/remotes/origin/main")
	git(t, old, "reflog", "expire", "--expire=now", "--all")
	git(t, old, "gc", "-q", "--prune=now")
	other := filepath.Join(dir, "j-other")
	history(t, other, [][]txtar.File{{{Name: "x.txt", Data: []byte("nothing in common\n")}}})
	return append(names, other)
}

// unpack makes the objects of a pack loose ones of a repository.
func unpack(t *testing.T, repo, pack string) {
	t.Helper()
	in, err := os.Open(pack)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	cmd := exec.Command("git", "unpack-objects", "-q")
	cmd.Dir, cmd.Stdin = repo, in
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// output is what git prints.
func output(t *testing.T, repo string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = repo
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

// sameInEveryPack looks into the state of mirrors with the same objects, which differ in how git has packed them: what is
// found does not depend on that.
func sameInEveryPack(t *testing.T, state string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(state, "*.json"))
	var first []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, records, _ := bytes.Cut(text, []byte(`"records":`))
		switch {
		case !bytes.Contains(text, []byte("b-mirror")) && !bytes.Contains(text, []byte("d-other-deltas")):
		case first == nil:
			first = records
		case !bytes.Equal(first, records):
			t.Errorf("packed in one way:\n%s\nand in another:\n%s", first, records)
		}
	}
}

// unstamped is a file of state without the stamp, which something has only once nothing happens to it for a while.
func unstamped(text []byte) []byte {
	return regexp.MustCompile(`"stamp":"[^"]*",`).ReplaceAll(text, nil)
}

// TestForks reads forks together, and each alone: what is said of each is the same, byte for byte.
func TestForks(t *testing.T) {
	names := forks(t)
	alone, together := t.TempDir(), t.TempDir()
	o := sweep.Options{State: alone, Key: testKey, Jobs: 2, Version: "v1.2.3"}
	for _, name := range names {
		reader, err := sweep.NewReader(o)
		if err != nil {
			t.Fatal(err)
		}
		reader.Read(context.Background(), name)
	}
	sameInEveryPack(t, alone)
	for round := range 3 {
		o.State, o.Jobs = filepath.Join(together, fmt.Sprint(round)), 1+round
		if round == 2 { // others come first
			names = names[2:]
		}
		run(t, names, o)
		files, err := filepath.Glob(filepath.Join(o.State, "*.json"))
		if err != nil || len(files) != len(names) {
			t.Fatalf("%d files of state, not %d: %v", len(files), len(names), err)
		}
		for _, file := range files {
			want, err := os.ReadFile(filepath.Join(alone, filepath.Base(file)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, want = unstamped(got), unstamped(want)
			if !bytes.Equal(got, want) {
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				from := max(0, at-300)
				t.Errorf("%s:\nread together …%s…\nread alone    …%s…", want[:min(len(want), 120)],
					got[from:min(len(got), at+200)], want[from:min(len(want), at+200)])
			}
			if !bytes.Contains(want, []byte(`"records"`)) && !bytes.Contains(want, []byte("j-other")) {
				t.Errorf("nothing is found in %s", want)
			}
		}
	}
}
