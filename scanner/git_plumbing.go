package scanner

import (
	"context"
	"fmt"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// throughGit reads a repository that is written in a way that gitdb does not know: git lists its objects, one after the
// other. Where a finding stands in the history is not looked up then, and the coverage says so.
func throughGit(ctx context.Context, in *Intake, r *gitdb.Repo, why error) error {
	s := newHistoryScan(ctx, in, r, "")
	k := workers.Get().(*worker)
	defer workers.Put(k)
	n := 0
	skip := func(what, why string) { in.Skip(what, why) }
	err := gitdb.Plumbing{GitDir: r.GitDir}.Each(ctx, skip, func(id gitdb.Hash, typ gitdb.Type, data []byte) error {
		n++
		v := &gitdb.Visit{ID: id, Type: typ, Data: data}
		in.Count(0, 1, 0, int64(len(data)))
		switch typ {
		case gitdb.Commit:
			in.Count(0, 0, 1, 0)
			s.commit(k, v)
		case gitdb.Tag:
			s.tag(k, v)
		case gitdb.Blob:
			if p := s.looker(k).Content(id.String(), data); len(p.Secrets) > 0 || len(p.Placed) > 0 || p.Trouble {
				in.Blob(Blob{Path: objectPath(id), Text: append([]byte(nil), data...), Git: &GitPlace{Blob: id.String(),
					Where: "blob"}, Tree: "object:" + id.String()})
				in.bytes.Add(-int64(len(data)))
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w; and git does not read it either: %w", why, err)
	}
	if n == 0 {
		return fmt.Errorf("%w, and git lists no object", why)
	}
	for _, dir := range []string{r.CommonDir, r.GitDir} {
		if err := s.gitFolder(dir, dir); err != nil {
			return err
		}
		if r.GitDir == r.CommonDir {
			break
		}
	}
	in.Notice(Place{File: ".git/config", Line: 1,
		Text: fmt.Sprintf("%v: %s read through git cat-file, without the paths and commits of findings", why,
			count(n, "object"))})
	return ctx.Err()
}
