package scanner

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// checkTrees reads every tree of a repository where it differs from the one that it was unfolded from, and as a whole:
// both have to give the same edges.
func checkTrees(t *testing.T, repo string) {
	t.Helper()
	r, err := gitdb.Open(repo, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := &historyScan{ctx: context.Background(), in: newIntake(context.Background(), Options{Jobs: 2}), repo: r,
		db: r.DB, blobs: map[int]*blobRec{}, missing: map[gitdb.Hash]bool{}, secrets: map[rules.Secret]int32{}}
	s.marks = make([]uint8, r.DB.Count())
	err = r.DB.Each(context.Background(), gitdb.EachOptions{Types: func(t gitdb.Type) bool { return t == gitdb.Blob }},
		func(v *gitdb.Visit) error {
			if v.N%3 > 0 {
				s.blobs[v.N] = &blobRec{id: v.ID, n: v.N}
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	want := s.wanted()
	g := &treeGraph{byStr: map[string]int32{}, lists: make([][]edge, r.DB.Count())}
	s.graph = g
	var trees, unfolded atomic.Int32
	err = s.each(func(t gitdb.Type) bool { return t == gitdb.Tree }, func(k *worker, v *gitdb.Visit) {
		reader := s.reader()
		defer s.readers.Put(reader)
		trees.Add(1)
		if v.Derived {
			unfolded.Add(1)
		}
		s.tree(k, reader, v, want)
		got := reader.keep(g)
		g.lists[v.N] = got
		all := *v
		all.Derived = false
		s.tree(k, reader, &all, want)
		if whole := reader.keep(g); !slices.Equal(got, whole) {
			t.Errorf("tree %v, unfolded from %v, which differs at %v: %d edges, as a whole %d", v.ID,
				r.DB.ByNumber(v.Base), v.Changed, len(got), len(whole))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if trees.Load() == 0 || unfolded.Load() == 0 {
		t.Errorf("%d trees, %d unfolded from others: nothing was checked", trees.Load(), unfolded.Load())
	}
	g.prune(nil)
	pruned := make([][]edge, len(g.lists))
	for i, list := range g.lists {
		pruned[i] = slices.Clone(list)
	}
	g.compact(nil)
	if !slices.EqualFunc(g.lists, pruned, slices.Equal[[]edge]) {
		t.Error("compact changes the edges")
	}
	r.DB.Rest()
	again := 0
	err = r.DB.Each(context.Background(), gitdb.EachOptions{Jobs: 1, Types: func(t gitdb.Type) bool { return t == gitdb.Tree }},
		func(*gitdb.Visit) error { again++; return nil })
	if err != nil || again != int(trees.Load()) {
		t.Errorf("after a rest %d trees, before it %d: %v", again, trees.Load(), err)
	}
	t.Logf("%d trees, %d unfolded", trees.Load(), unfolded.Load())
}

func TestTreesAreReadWhereTheyDiffer(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main")
	r := rand.New(rand.NewPCG(3, 5))
	// Names that are the beginning of others, and folders among them: in a tree a slash seems to end those.
	var names []string
	for range 120 {
		name := strings.Repeat("a", 1+r.IntN(3)) + []string{"", "-", ".", "0", "_"}[r.IntN(5)] + fmt.Sprint(r.IntN(40))
		names = append(names, name)
	}
	var input strings.Builder
	for n := range 150 {
		fmt.Fprintf(&input, "commit refs/heads/main\ncommitter C <c@example.com> %d +0000\ndata 0\n", 1000+n)
		for range 1 + r.IntN(4) {
			name := names[r.IntN(len(names))]
			if r.IntN(3) == 0 {
				fmt.Fprintf(&input, "D %s\n", name)
				continue
			}
			if r.IntN(3) == 0 {
				fmt.Fprintf(&input, "D %s\n", name)
				name += "/" + names[r.IntN(len(names))]
			}
			text := fmt.Sprint(r.IntN(50))
			fmt.Fprintf(&input, "M 100644 inline %s\ndata %d\n%s\n", name, len(text), text)
		}
	}
	runGit(t, dir, input.String(), "fast-import", "--quiet")
	runGit(t, dir, "", "repack", "-adfq", "--window=50", "--depth=50")
	checkTrees(t, dir)
	for _, repo := range strings.Fields(os.Getenv("UNLEAKED_TEST_REPOS")) {
		checkTrees(t, repo)
	}
}
