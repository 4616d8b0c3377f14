package gitdb

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// realRepos are repositories named by UNLEAKED_TEST_REPOS, for those who want to check more than what the tests build.
func realRepos() []string {
	return strings.Fields(os.Getenv("UNLEAKED_TEST_REPOS"))
}

// objectID is the id that git gives an object.
func objectID(t Type, data []byte, hashLen int) Hash {
	head := fmt.Sprintf("%s %d\x00", t, len(data))
	if hashLen == 32 {
		h := sha256.New()
		h.Write([]byte(head))
		h.Write(data)
		return HashOf(h.Sum(nil))
	}
	h := sha1.New()
	h.Write([]byte(head))
	h.Write(data)
	return HashOf(h.Sum(nil))
}

// checkAll visits every object, checks its hash and its changed spans, and compares the ids with git's.
func checkAll(t *testing.T, repo string, jobs int) {
	t.Helper()
	r, err := Open(repo, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var mu sync.Mutex
	seen := map[Hash]Type{}
	err = r.DB.Each(context.Background(), EachOptions{Jobs: jobs,
		Skip: func(what, why string) { t.Errorf("skipped %s: %s", what, why) }},
		func(v *Visit) error {
			if got := objectID(v.Type, v.Data, r.DB.HashLen()); got != v.ID {
				t.Errorf("%v unfolds to %v", v.ID, got)
			}
			mu.Lock()
			defer mu.Unlock()
			if _, twice := seen[v.ID]; twice {
				t.Errorf("%v is visited twice", v.ID)
			}
			seen[v.ID] = v.Type
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "--git-dir="+r.GitDir, "cat-file", "--batch-all-objects", "--unordered",
		"--batch-check=%(objectname) %(objecttype)")
	cmd.Env = append(os.Environ(), "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range bytes.SplitSeq(bytes.TrimSpace(out), []byte("\n")) {
		id, typ, _ := strings.Cut(string(line), " ")
		h, err := ParseHash(id)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if got := seen[h].String(); got != typ {
			t.Errorf("%s is a %s, visited as %s", id, typ, got)
		}
	}
	if n != len(seen) {
		t.Errorf("visited %d objects, git has %d", len(seen), n)
	}
	t.Logf("%d objects", n)
}

func TestEachOnRealRepositories(t *testing.T) {
	for _, repo := range realRepos() {
		checkAll(t, repo, runtime.NumCPU())
	}
}

func BenchmarkEach(b *testing.B) {
	for _, repo := range realRepos() {
		b.Run(repo, func(b *testing.B) {
			for b.Loop() {
				r, err := Open(repo, nil)
				if err != nil {
					b.Fatal(err)
				}
				begin := time.Now()
				var mu sync.Mutex
				var bytes, n [5]int64
				err = r.DB.Each(context.Background(), EachOptions{Jobs: runtime.NumCPU(),
					Types: func(t Type) bool { return t != Tree || os.Getenv("TREES") != "" }}, func(v *Visit) error {
					mu.Lock()
					bytes[v.Type] += int64(len(v.Data))
					n[v.Type]++
					mu.Unlock()
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				b.Log(time.Since(begin), bytes, n)
				r.Close()
			}
		})
	}
}
