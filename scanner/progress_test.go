package scanner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// The total is told only once it is known: every total that is told is the one of the end, and the last tells it.
func TestProgressKnowsItsTotal(t *testing.T) {
	dir := t.TempDir()
	const folders, files = 30, 40
	for i := range folders {
		sub := filepath.Join(dir, fmt.Sprint(i), "a", "b")
		if err := os.MkdirAll(sub, 0o755); err != nil {
			t.Fatal(err)
		}
		for j := range files {
			if err := os.WriteFile(filepath.Join(sub, fmt.Sprint(j)), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, noGit := range []bool{true, false} {
		tree := NewTree(dir)
		tree.NoGit = noGit
		var totals []int
		var mu sync.Mutex
		_, err := Scan(context.Background(), tree, Options{Jobs: 2, Progress: func(_, total int, _ int64) {
			mu.Lock()
			totals = append(totals, total)
			mu.Unlock()
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range totals {
			if n != 0 && n != folders*files {
				t.Errorf("a total of %d is told, there are %d files", n, folders*files)
			}
		}
		if n := totals[len(totals)-1]; n != folders*files {
			t.Errorf("the last total is %d, there are %d files", n, folders*files)
		}
	}
}

// While a list is made, nobody knows how much there is.
func TestProgressWhileListing(t *testing.T) {
	told := make(chan int, 1000)
	in := newIntake(context.Background(), Options{Progress: func(_, total int, _ int64) { told <- total }})
	in.openLists(1)
	in.Expect(7)
	stop := in.watch()
	if n := <-told; n != 0 {
		t.Errorf("a total of %d is told while a folder is being listed", n)
	}
	in.openLists(-1)
	for n := range told {
		if n == 7 {
			break
		}
	}
	stop()
}
