// Package sweep scans many repositories and settles what they say of the same credentials together: the token that leaks
// in one repository is declared in another. Stage 1 reads each repository and keeps records of it, without a secret;
// stage 2 brings the records of all of them together, settles and judges.
//
// Names, imports, settings and processes stop at the border of a repository. Only equal credentials meet.
package sweep

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// Options say how to sweep.
type Options struct {
	// State is the folder that keeps the records between runs, "" for none. It is made where it is not there.
	State string
	// Key joins equal credentials; nil for the key in State, which is made at random where there is none.
	Key []byte
	// Shard and Shards part the repositories: stage 1 reads those of shard Shard, from 0, of Shards; 0 Shards is all.
	Shard, Shards int
	Jobs          int // goroutines; 0 is the number of CPUs
	Version       string
	Public        bool // also report public credentials
	Examples      bool // also report documented examples
	NoInline      bool // comments in the text suppress nothing
	NameFrom      NameFrom
	// Oracle, where set, knows of credentials what no text says. Knowing names what it knows: a repository in which there
	// are credentials, and whose records were made with another Knowing, is read again.
	Oracle  scanner.Oracle
	Knowing string
	// Progress, where set, is told how many repositories were read, of how many, and the name of the last one.
	Progress func(done, total int, name string)
}

func (o *Options) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// A NameFrom says what reports call a repository by.
type NameFrom string

// What a repository can be called by: as it was listed, or by its remote, and as listed where it has none.
const (
	ByPath   NameFrom = "path"
	ByRemote NameFrom = "remote"
)

// KeySize is the number of bytes of a key.
const KeySize = 32

// Run sweeps the repositories, folders, bare mirrors and archives at the given paths and returns what is to be said of
// them. What could not be read is listed in the result's coverage. An error means that nothing useful can be said: the
// state cannot be used, or nothing was named.
func Run(ctx context.Context, names []string, o Options) (*finding.Result, error) {
	reader, err := NewReader(o)
	if err != nil {
		return nil, err
	}
	names = unique(names)
	if len(names) == 0 {
		return nil, errors.New("there is no repository to sweep: name some, or give --list FILE")
	}
	if o.Shards > 0 {
		names = slices.DeleteFunc(names, func(n string) bool { return shardOf(n, o.Shards) != o.Shard })
	}
	all := reader.readAll(ctx, names)
	for i, f := range all {
		if f == nil { // the sweep was interrupted before its turn
			all[i] = Unreadable(names[i], "interrupted")
		}
	}
	return settle(all, reader.Key(), &o), nil
}

// Settle does stage 2 alone, over the states of earlier runs. It returns an error where a folder holds no state, or
// where two of them have different keys.
func Settle(states []string, o Options) (*finding.Result, error) {
	var all []*Facts
	var key []byte
	for _, dir := range states {
		one := o
		one.State = dir
		store, err := openStore(&one, false)
		if err != nil {
			return nil, err
		}
		if key != nil && string(key) != string(store.key) {
			return nil, fmt.Errorf("%s: its key is another than that of %s: sweep the shards with one --key-file", dir,
				states[0])
		}
		key = store.key
		list, err := store.load()
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	if len(states) == 0 {
		return nil, errors.New("--settle wants the folders of state to settle")
	}
	return settle(all, key, &o), nil
}

// readAll returns what the repositories at some paths say, nil of those whose turn did not come. Those of which the state
// knows are not read; the others are, those of a family one after the other, small families side by side, and large ones then.
func (r *Reader) readAll(ctx context.Context, names []string) []*Facts {
	all := make([]*Facts, len(names))
	var mu sync.Mutex
	done := 0
	tell := func(i int) {
		mu.Lock()
		defer mu.Unlock()
		if done++; r.o.Progress != nil {
			r.o.Progress(done, len(names), names[i])
		}
	}
	each(ctx, len(names), &r.o, func(i int) {
		if all[i] = r.recall(names[i]); all[i] != nil {
			tell(i)
		}
	})
	var left []int
	var paths []string
	for i := range names {
		if all[i] == nil {
			left, paths = append(left, i), append(paths, names[i])
		}
	}
	family := func(members []int) {
		h := &household{}
		for _, k := range members {
			h.paths = append(h.paths, paths[k])
		}
		defer h.close(ctx)
		for _, k := range members {
			if ctx.Err() != nil {
				return
			}
			i := left[k]
			all[i] = r.read(ctx, names[i], h)
			tell(i)
		}
	}
	// A large repository keeps all cores busy by itself, and takes the room of many small ones.
	var large, small [][]int
	for _, members := range families(ctx, paths, &r.o) {
		if slices.ContainsFunc(members, func(k int) bool { return packedBytes(paths[k]) >= largeRepository }) {
			large = append(large, members)
		} else {
			small = append(small, members)
		}
	}
	each(ctx, len(small), &r.o, func(g int) { family(small[g]) })
	for _, members := range large {
		family(members)
	}
	return all
}

// largeRepository is the size of the packs, in bytes, from which on a repository is read alone.
var largeRepository int64 = 64 << 20

// packedBytes is the size of the packs of the repository at a path, 0 where there are none in it.
func packedBytes(path string) (n int64) {
	for _, git := range []string{path, filepath.Join(path, ".git")} {
		packs, _ := os.ReadDir(filepath.Join(git, "objects", "pack"))
		for _, entry := range packs {
			if info, err := entry.Info(); err == nil {
				n += info.Size()
			}
		}
	}
	return n
}

// each runs do for 0 to n-1, side by side.
func each(ctx context.Context, n int, o *Options, do func(i int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(o.jobs(), n) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wait.Wait()
}

// shardOf is the shard of a repository, from 0: it follows from the name alone, never from the order of a list.
func shardOf(name string, shards int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return int(h.Sum32() % uint32(shards))
}

func unique(names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		if n != "" {
			out = append(out, CleanPath(n))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func newKey() ([]byte, error) {
	key := make([]byte, KeySize)
	_, err := rand.Read(key)
	return key, err
}

// read is stage 1 of one repository: what it says, and what was found in it. h is what it belongs to, nil for nothing.
func read(ctx context.Context, name string, o *Options, h *household) (*Facts, []found) {
	f := &Facts{Repository: name}
	skip := func(why string) (*Facts, []found) {
		f.Skipped = append(f.Skipped, finding.Skip{What: ".", Why: why})
		return f, nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return skip("there is no such file or folder")
	case err != nil:
		return skip(errors.Unwrap(err).Error())
	case !info.IsDir() && !info.Mode().IsRegular():
		return skip("it is a pipe, a socket or a device")
	}
	opts := scanner.Options{Public: true, Examples: true, Jobs: o.jobs(), Oracle: o.Oracle,
		Policy: &scanner.Policy{NoInline: o.NoInline}}
	var list []found
	add := func(src scanner.Source) {
		res, rest, err := scanner.Collect(ctx, src, opts)
		if err != nil {
			skip(err.Error())
			return
		}
		f.count(res)
		list = join(list, res, rest)
	}
	history := func() scanner.Source {
		src := scanner.NewHistory(name)
		src.Family = h.open()
		return src
	}
	f.Home = homeOf(name)
	switch repositoryKind(name, info) {
	case bare:
		add(history())
	case worktree:
		add(scanner.NewTree(name))
		add(history())
	case folder:
		add(&scanner.Tree{Paths: []string{name}, NoGit: true})
	case archive:
		add(&scanner.Tree{Paths: []string{name}, NoGit: true})
		for i := range list {
			list[i].inside()
		}
		for i := range f.Skipped {
			if s := &f.Skipped[i]; strings.Contains(s.What, "!") {
				s.What = insideOf(s.What)
			} else {
				s.What = "." // the archive itself
			}
		}
	}
	return f, list
}

// What a name of the list can be.
type kind int

const (
	worktree kind = iota
	bare
	folder
	archive
)

func repositoryKind(name string, info os.FileInfo) kind {
	if !info.IsDir() {
		return archive
	}
	has := func(entry string) bool {
		_, err := os.Lstat(filepath.Join(name, entry))
		return err == nil
	}
	switch {
	case has(".git"):
		return worktree
	case has("HEAD") && has("objects") && has("refs"):
		return bare
	}
	return folder
}
