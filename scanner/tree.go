package scanner

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A Tree is the source of `scan`: files and folders as they are on disk.
type Tree struct {
	// Paths are what was asked for; "." where empty.
	Paths []string
}

// NewTree is the source that reads these paths.
func NewTree(paths ...string) *Tree { return &Tree{Paths: paths} }

// Scan reads all files below the paths.
func (t *Tree) Scan(ctx context.Context, in *Intake) error {
	paths := t.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	type item struct{ path, name string }
	work := make(chan item, 256)
	var wg sync.WaitGroup
	for range in.Jobs() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for it := range work {
				text, err := os.ReadFile(it.path)
				if err != nil {
					in.Skip(it.name, err.Error())
					continue
				}
				in.Count(1, 0, 0, 0)
				in.Blob(Blob{Path: it.name, Text: text})
			}
		}()
	}
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				in.Skip(filepath.ToSlash(path), err.Error())
				return nil
			}
			if d.IsDir() && d.Name() == ".git" {
				return fs.SkipDir
			}
			if !d.Type().IsRegular() {
				return nil
			}
			name, err := filepath.Rel(root, path)
			if err != nil || name == "." {
				name = filepath.Base(path)
			}
			work <- item{path, filepath.ToSlash(name)}
			return nil
		})
		if err != nil {
			break
		}
	}
	close(work)
	wg.Wait()
	return ctx.Err()
}
