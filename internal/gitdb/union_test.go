package gitdb

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// unitedRepos are a repository, a clone of it that has more and is packed in another way, and one of other objects.
func unitedRepos(t *testing.T) []*DB {
	t.Helper()
	dir := t.TempDir()
	commit := func(path string, n int) {
		for i := range n {
			text := strings.Repeat("line of "+filepath.Base(path)+"\n", 40*i+1)
			if err := os.WriteFile(filepath.Join(path, "file.txt"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			(&sandbox{t: t, dir: path}).git("add", "-A")
			(&sandbox{t: t, dir: path}).git("commit", "-q", "-m", text[:10])
		}
	}
	var dbs []*DB
	for _, name := range []string{"first", "second", "third"} {
		path := filepath.Join(dir, name)
		if name == "second" {
			(&sandbox{t: t, dir: dir}).git("clone", "-q", "--no-local", filepath.Join(dir, "first"), path)
		} else {
			(&sandbox{t: t, dir: dir}).git("init", "-q", path)
		}
		commit(path, 12)
		if name != "third" {
			(&sandbox{t: t, dir: path}).git("gc", "-q")
		}
		commit(path, 2)
		r, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		dbs = append(dbs, r.DB)
	}
	return dbs
}

// TestUnion compares a union with what each database says.
func TestUnion(t *testing.T) {
	dbs := unitedRepos(t)
	u := NewUnion(dbs, 1000)
	if u == nil {
		t.Fatal("there is no union")
	}
	all := map[Hash]uint64{}
	for i, db := range dbs {
		numbers := u.Numbers(db)
		for n := range db.Count() {
			id := db.ByNumber(n)
			all[id] |= 1 << i
			if got := HashOf(u.Raw(int(numbers[n]))); got != id {
				t.Errorf("object %d of %d is %v, not %v", n, i, got, id)
			}
		}
	}
	if len(all) != u.Count() {
		t.Errorf("%d objects, not %d", u.Count(), len(all))
	}
	for id, in := range all {
		if n := u.Find(id.Bytes()); n < 0 || u.Holders(n) != in {
			t.Errorf("%v is object %d, not one of %b", id, n, in)
		}
	}
	absent, _ := ParseHash(strings.Repeat("ab", 20))
	if n := u.Find(absent.Bytes()); n >= 0 {
		t.Errorf("an object that nobody has is %d", n)
	}
	if NewUnion(dbs, 10) != nil {
		t.Error("there is a union of more objects than it may have")
	}
	if a, b := dbs[0].Sketch(8), dbs[1].Sketch(200); len(a) != 8 || len(b) != 200 && len(b) != dbs[1].Count() {
		t.Errorf("sketches of %d and %d ids", len(a), len(b))
	}
}

// TestEachLeaves visits what is not left out, and that alone, of few objects and of most.
func TestEachLeaves(t *testing.T) {
	db := unitedRepos(t)[1]
	for _, every := range []int{1, 2, 7, 1000} {
		var mu sync.Mutex
		seen := map[int]int{}
		leave := func(n int) bool { return n%every != 0 }
		err := db.Each(context.Background(), EachOptions{Jobs: 2, Leave: leave}, func(v *Visit) error {
			if got := objectID(v.Type, v.Data, 20); got != v.ID || db.ByNumber(v.N) != v.ID {
				t.Errorf("%d: %v unfolds to %v", v.N, v.ID, got)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[v.N]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for n := range db.Count() {
			id := db.ByNumber(n)
			want := 1
			if k, _ := db.Number(id); leave(n) || k != n { // another number of the same object counts
				want = 0
			}
			if seen[n] != want {
				t.Errorf("every %d: object %d is visited %d times, not %d", every, n, seen[n], want)
			}
		}
		db.Rest()
	}
}
