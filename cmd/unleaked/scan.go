package main

import (
	"context"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/scanner"
)

func (a *app) scanCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "scan [PATH...]",
		Short: "Scan files, folders and archives",
		Long: `Scan files, folders and archives; "-" is standard input. Without PATH, scan the current folder.

In a git work tree the tracked files are read, and the untracked ones that git does not ignore; a path that is named is
read whatever git says. Outside git everything is read.`,
		Example: `  unleaked scan
  unleaked scan --public web/ deploy/values.yaml
  kubectl get secret flags -o yaml | unleaked scan -
  unleaked scan --format text --format sarif=unleaked.sarif`,
		RunE: func(c *cobra.Command, args []string) error {
			tree := scanner.NewTree(args...)
			tree.Stdin = interruptible(c.Context(), a.in)
			return a.scan(c.Context(), &s, job{source: tree, root: tree.Root(), partial: namesPart(tree, args)})
		},
	}
	s.register(c)
	return c
}

// interruptible is a reader that ends with the context. A read of a terminal or a pipe cannot be broken off, so another
// goroutine waits in it, and is left behind when the program ends.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
	}()
	return r
}

// namesPart reports whether the paths are a part of what the configuration of the root is about, and not the root
// itself.
func namesPart(tree *scanner.Tree, paths []string) bool {
	switch len(paths) {
	case 0:
		paths = []string{"."}
	case 1:
	default:
		return true
	}
	abs, err := filepath.Abs(paths[0])
	return err != nil || abs != tree.Root()
}
