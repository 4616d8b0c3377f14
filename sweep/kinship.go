package sweep

import (
	"context"
	"os"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner"
)

// Repositories that have many objects in common are read together, one after the other: what an object says is read once.
// Which are so is guessed from the lowest ids of their objects, for ids are spread evenly. A wrong guess costs time, and
// changes nothing of what is said.

const (
	sketchSize = 64 // ids that are compared
	commonIDs  = 8  // of them, from which on two repositories belong together
)

// families parts the repositories at some paths into those that are to be read together. Each stands in one family, and
// families and their members stand in the order of the paths.
func families(ctx context.Context, paths []string, o *Options) [][]int {
	sketches := make([][]gitdb.Hash, len(paths))
	if len(paths) > 1 {
		each(ctx, len(paths), o, func(i int) { sketches[i] = sketchOf(paths[i]) })
	}
	first := map[gitdb.Hash]int{} // who has an id first
	of := make([]int, len(paths)) // the first of each one's family
	for i, ids := range sketches {
		common := map[int]int{}
		of[i] = i
		for _, id := range ids {
			if k, ok := first[id]; ok {
				common[of[k]]++
			} else {
				first[id] = i
			}
		}
		best := i
		for k, n := range common {
			if n >= min(commonIDs, (len(ids)+1)/2) && (best == i || n > common[best] || n == common[best] && k < best) {
				best = k
			}
		}
		of[i] = best
	}
	var out [][]int
	at := map[int]int{}
	for i, k := range of {
		n, ok := at[k]
		if !ok || len(out[n]) == scanner.MaxFamily {
			n = len(out)
			at[k], out = n, append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}

// sketchOf are the lowest ids of the objects of what stands at a path, none where it is no repository.
func sketchOf(path string) (ids []gitdb.Hash) {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	if kind := repositoryKind(path, info); kind != worktree && kind != bare {
		return nil
	}
	_ = gitdb.Guard(func() error { // what cannot be read is told by whoever reads it
		r, err := gitdb.Open(path, nil)
		if err != nil {
			return err
		}
		defer r.Close()
		ids = r.DB.Sketch(sketchSize)
		return nil
	})
	return ids
}

// A household is a family that is open while its members are read.
type household struct {
	once   sync.Once
	paths  []string
	family *scanner.Family
}

// open is the family, nil where there is none.
func (h *household) open() *scanner.Family {
	if h == nil || len(h.paths) < 2 {
		return nil
	}
	h.once.Do(func() { h.family = scanner.NewFamily(h.paths) })
	return h.family
}

// close lets go of the family, but where a scan may have been left behind in it.
func (h *household) close(ctx context.Context) {
	if h.family != nil && ctx.Err() == nil {
		h.family.Close()
	}
}
