package sweep_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/sweep"
)

// childState is the variable that makes the test program sweep into a state, for tests that kill it.
const childState = "UNLEAKED_TEST_STATE"

func TestMain(m *testing.M) {
	if state := os.Getenv(childState); state != "" {
		_, err := sweep.Run(context.Background(), os.Args[1:], sweep.Options{State: state, Key: testKey, Jobs: 2})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var testKey = bytes.Repeat([]byte{7}, sweep.KeySize)

// someRepositories makes n of them, each with a token of its own and one of all, in two commits.
func someRepositories(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	var names []string
	for i := range n {
		name := filepath.Join(dir, "r"+strconv.Itoa(i))
		own := fmt.Sprintf("UNLEASH_BACKEND_TOKEN=web:production.%056x\n", i+1)
		all := "UNLEASH_API_TOKEN=web:production." + strings.Repeat("0f1e2d3c", 7) + "\n"
		history(t, name, [][]txtar.File{{{Name: ".env", Data: []byte(all)}}, {{Name: ".env", Data: []byte(own)},
			{Name: "README.md", Data: []byte("Number " + strconv.Itoa(i) + "\n")}}})
		names = append(names, name)
	}
	return names
}

func run(t *testing.T, names []string, o sweep.Options) *finding.Result {
	t.Helper()
	o.Public = true
	if o.Key == nil {
		o.Key = testKey
	}
	res, err := sweep.Run(context.Background(), names, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestKilled kills a sweep at random moments. Whatever it has left, the same command goes on and says what a sweep says
// that nobody killed.
func TestKilled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("os.Process.Kill is no kill -9 there")
	}
	names := someRepositories(t, 12)
	want := text(t, run(t, names, sweep.Options{}))
	child := func(state string) *exec.Cmd {
		cmd := exec.Command(os.Args[0], names...)
		cmd.Env = append(os.Environ(), childState+"="+state)
		return cmd
	}
	whole := t.TempDir()
	started := time.Now()
	if out, err := child(whole).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	span := time.Since(started)
	times := 20
	if testing.Short() {
		times = 5
	}
	partly := 0
	for i := range times {
		state := filepath.Join(t.TempDir(), "state")
		for range 1 + i%3 { // and again where it was killed already
			cmd := child(state)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rand.Int64N(int64(span))))
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if n := wholeRecords(t, state); n > 0 && n < len(names) {
				partly++
			}
		}
		if got := text(t, run(t, names, sweep.Options{State: state})); got != want {
			t.Fatalf("after a kill the sweep says something else:\n%s", got)
		}
		settled, err := sweep.Settle([]string{state}, sweep.Options{Public: true})
		if err != nil {
			t.Fatal(err)
		}
		if text(t, settled) != want {
			t.Fatal("after a kill its state, settled, says something else")
		}
	}
	t.Logf("%d of the kills came when some records were written and others not", partly)
}

// wholeRecords counts the records of a state, each of which has to be whole.
func wholeRecords(t *testing.T, state string) int {
	t.Helper()
	records, err := filepath.Glob(filepath.Join(state, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range records {
		data, err := os.ReadFile(name)
		if err != nil || !json.Valid(data) {
			t.Fatalf("%s is not whole: %v", name, err)
		}
	}
	return len(records)
}

// TestUnchanged holds what is read again: a repository in which something has changed, and no other.
func TestUnchanged(t *testing.T) {
	names := someRepositories(t, 3)
	dir := filepath.Dir(names[0])
	mirror, shared := filepath.Join(dir, "m.git"), filepath.Join(dir, "s.git")
	git(t, dir, "clone", "-q", "--mirror", names[1], mirror)
	git(t, dir, "clone", "-q", "--bare", "--shared", names[2], shared)
	loose := filepath.Join(dir, "loose")
	write(t, filepath.Join(loose, "a.env"), []byte("UNLEASH_BACKEND_TOKEN=web:production."+strings.Repeat("1c", 28)+"\n"))
	names = append(names, mirror, shared, loose)
	state := filepath.Join(t.TempDir(), "state")
	version := "v1.2.3"
	readAgain := func() []string {
		t.Helper()
		var again []string
		for _, name := range names { // one by one, to see which
			o := &oracle{}
			run(t, []string{name}, sweep.Options{State: state, Oracle: o, Version: version})
			if o.asked > 0 {
				again = append(again, filepath.Base(name))
			}
		}
		return again
	}
	all := []string{"r0", "r1", "r2", "m.git", "s.git", "loose"}
	for _, step := range []struct {
		what string
		do   func()
		want []string
	}{
		{"the first time", func() {}, all},
		{"nothing", func() {}, nil},
		{"a commit", func() { git(t, names[0], "commit", "-q", "--allow-empty", "-m", "more") }, []string{"r0"}},
		{"a branch", func() { git(t, names[1], "branch", "other") }, []string{"r1"}},
		{"a fetch", func() { git(t, mirror, "fetch", "-q") }, []string{"m.git"}},
		{"an object that no ref names", func() {
			write(t, filepath.Join(dir, "x"), []byte("x"))
			git(t, mirror, "hash-object", "-w", filepath.Join(dir, "x"))
		}, []string{"m.git"}},
		{"an object of an alternate", func() { git(t, names[2], "hash-object", "-w", filepath.Join(dir, "x")) },
			[]string{"r2", "s.git"}},
		{"a file of a work tree that is not in git", func() { write(t, filepath.Join(names[1], "new"), []byte("x")) },
			[]string{"r1"}},
		{"a file of a folder, of the same size", func() {
			write(t, filepath.Join(loose, "a.env"), []byte("UNLEASH_BACKEND_TOKEN=web:production."+strings.Repeat("2d", 28)+"\n"))
		}, []string{"loose"}},
		{"the version", func() { version = "v1.2.4" }, all},
		{"nothing more", func() {}, nil},
	} {
		step.do()
		if got := readAgain(); !slices.Equal(got, step.want) {
			t.Errorf("after %s, read again: %q, not %q", step.what, got, step.want)
		}
	}
}

// TestIncompleteIsReadAgain holds that what could not be read is tried again, though nothing of it has changed.
func TestIncompleteIsReadAgain(t *testing.T) {
	names := someRepositories(t, 1)
	state := filepath.Join(t.TempDir(), "state")
	bad := filepath.Join(names[0], "bad.zip")
	write(t, bad, []byte("PK\x03\x04 and no more"))
	if res := run(t, names, sweep.Options{State: state}); res.Complete() {
		t.Fatal("a damaged archive was read")
	}
	o := &oracle{}
	if run(t, names, sweep.Options{State: state, Oracle: o}); o.asked == 0 {
		t.Error("what was not read completely was not tried again")
	}
}

// TestAnyOrder holds that the order of a list changes nothing, nor do names that are listed twice.
func TestAnyOrder(t *testing.T) {
	names := someRepositories(t, 5)
	want := text(t, run(t, names, sweep.Options{}))
	for range 3 {
		rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		if text(t, run(t, append(names, names[0]+"/"), sweep.Options{Jobs: 3})) != want {
			t.Error("in another order the sweep says something else")
		}
	}
	var states []string
	for i := range 3 {
		states = append(states, filepath.Join(t.TempDir(), "state"))
		run(t, names, sweep.Options{State: states[i], Shard: i, Shards: 3})
	}
	for range 3 {
		rand.Shuffle(3, func(i, j int) { states[i], states[j] = states[j], states[i] })
		res, err := sweep.Settle(append(states, states[0]), sweep.Options{Public: true})
		if err != nil {
			t.Fatal(err)
		}
		if text(t, res) != want {
			t.Error("shards in another order say something else")
		}
	}
}

// TestStateIsKept holds who can look into a state, and that it takes no folder that is somebody else's.
func TestStateIsKept(t *testing.T) {
	names := someRepositories(t, 1)
	state := filepath.Join(t.TempDir(), "a", "state")
	if err := os.MkdirAll(state, 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, names, sweep.Options{State: state})
	if runtime.GOOS != "windows" {
		_ = filepath.Walk(state, func(path string, info os.FileInfo, err error) error {
			if err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
			}
			return nil
		})
	}
	leftover := filepath.Join(state, ".new-123")
	write(t, leftover, []byte("{"))
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(leftover, old, old); err != nil {
		t.Fatal(err)
	}
	run(t, names, sweep.Options{State: state})
	if _, err := os.Stat(leftover); err == nil {
		t.Error("what a killed sweep was writing stays for ever")
	}
	other := t.TempDir()
	write(t, filepath.Join(other, "thesis.txt"), []byte("x"))
	if _, err := sweep.Run(context.Background(), names, sweep.Options{State: other}); err == nil {
		t.Error("a folder with something in it was taken for a state")
	}
}

func TestKeys(t *testing.T) {
	names := someRepositories(t, 2)
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	another := bytes.Repeat([]byte{8}, sweep.KeySize)
	run(t, names[:1], sweep.Options{State: a})
	run(t, names[1:], sweep.Options{State: b, Key: another})
	if _, err := sweep.Settle([]string{a, b}, sweep.Options{}); err == nil {
		t.Error("states of different keys are settled together")
	}
	if _, err := sweep.Run(context.Background(), names, sweep.Options{State: a, Key: another}); err == nil {
		t.Error("a state takes another key")
	}
	if _, err := sweep.Run(context.Background(), names, sweep.Options{Key: another[1:]}); err == nil {
		t.Error("a key may be of any length")
	}
	// Somebody puts another key beside the records.
	write(t, filepath.Join(a, "key"), []byte(hex.EncodeToString(another)+"\n"))
	if _, err := sweep.Settle([]string{a}, sweep.Options{}); err == nil {
		t.Error("records are settled under another key than their own")
	}
	o := &oracle{}
	if run(t, names[:1], sweep.Options{State: a, Key: another, Oracle: o}); o.asked == 0 {
		t.Error("records of another key are taken over")
	}
}

// TestNothingToGuess holds that no digest of a text that a dictionary may have stands in a state: who has the state and
// not the key can confirm nothing.
func TestNothingToGuess(t *testing.T) {
	dir := t.TempDir()
	guessable := []string{"default:development." + "hunter2-of-lumen", "my-proxy-key-of-lumen", "*:*." + "unleash-insecure-" + "admin-api-token"}
	name := filepath.Join(dir, "r")
	history(t, name, [][]txtar.File{{
		{Name: ".env", Data: []byte("INIT_FRONTEND_API_TOKENS=" + guessable[0] + "\nINIT_ADMIN_API_TOKENS=" + guessable[2] + "\n" +
			"UNLEASH_PROXY_CLIENT_KEYS=" + guessable[1] + "\n")},
		{Name: "alone.txt", Data: []byte(guessable[2])},
		{Name: "line.txt", Data: []byte(guessable[2] + "\n")},
	}})
	state := filepath.Join(dir, "state")
	res := run(t, []string{name}, sweep.Options{State: state})
	if len(res.Findings) < 4 {
		t.Fatalf("%d findings", len(res.Findings))
	}
	var needles []string
	digests := func(text string) {
		m, s1, s2, s5 := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text)), sha512.Sum512([]byte(text))
		for _, sum := range [][]byte{m[:], s1[:], s2[:], s5[:]} {
			needles = append(needles, hex.EncodeToString(sum)[:12], base64.StdEncoding.EncodeToString(sum)[:12],
				base64.URLEncoding.EncodeToString(sum)[:12])
		}
	}
	for _, g := range guessable {
		random := g[strings.LastIndexAny(g, ".:")+1:]
		for _, text := range []string{g, random, g + "\n", random + "\n"} {
			digests(text)
			digests(fmt.Sprintf("blob %d\x00%s", len(text), text)) // the id of an object of git
		}
	}
	for _, f := range res.Findings {
		if f.Fingerprint != "" {
			needles = append(needles, f.Fingerprint) // of few bits, but of the text alone
		}
		if f.LineHash != "" {
			needles = append(needles, f.LineHash)
		}
	}
	files, err := filepath.Glob(filepath.Join(state, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range needles {
			if bytes.Contains(data, []byte(n)) {
				t.Errorf("%s holds %q, a digest of a text that can be guessed", filepath.Base(file), n)
			}
		}
		for _, g := range guessable[:2] {
			if bytes.Contains(data, []byte(g)) {
				t.Errorf("%s holds a text that is a credential", filepath.Base(file))
			}
		}
	}
}
