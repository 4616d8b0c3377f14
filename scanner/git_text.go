package scanner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// gitFiles reads the files of the git folder that are text: configuration, refs, logs, messages in the making, patches
// of an interrupted rebase; the objects of Git LFS; and the index.
func (s *historyScan) gitFiles() error {
	seen := map[string]bool{}
	for _, dir := range []string{s.repo.CommonDir, s.repo.GitDir} {
		if seen[dir] {
			continue
		}
		seen[dir] = true
		if err := s.gitFolder(dir, dir); err != nil {
			return err
		}
	}
	s.refNames()
	return s.index()
}

// gitFolder reads one git folder: its files, and those of all folders in it but the object database and other
// repositories.
func (s *historyScan) gitFolder(top, dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		rel, rerr := filepath.Rel(top, name)
		if rerr != nil {
			return nil
		}
		rel = filepath.ToSlash(rel)
		if err != nil {
			if !errors.Is(err, os.ErrNotExist) {
				s.in.Skip(s.prefix+".git/"+rel, open.Reason(err))
			}
			return nil
		}
		if d.IsDir() {
			switch {
			case rel == "objects", rel == "modules", strings.HasSuffix(rel, "/modules") && strings.HasPrefix(rel,
				"worktrees/"):
				return filepath.SkipDir
			case strings.HasPrefix(rel, "fsmonitor--daemon"):
				return filepath.SkipDir
			}
			return nil
		}
		base := filepath.Base(rel)
		switch {
		case rel == "index" || strings.HasSuffix(rel, "/index") && strings.HasPrefix(rel, "worktrees/"),
			strings.HasPrefix(base, "sharedindex."):
			return nil // read as what it is
		case strings.HasPrefix(rel, "hooks/") && strings.HasSuffix(base, ".sample"):
			return nil
		}
		if !d.Type().IsRegular() {
			if d.Type()&fs.ModeSymlink != 0 {
				if to, err := os.Readlink(name); err == nil {
					s.gitText(rel, []byte(to))
				}
			}
			return nil
		}
		f, _, size, err := openFile(name, false)
		if err != nil {
			s.in.Skip(s.prefix+".git/"+rel, open.Reason(err))
			return nil
		}
		defer f.Close()
		k := workers.Get().(*worker)
		defer workers.Put(k)
		b := Blob{Path: s.prefix + ".git/" + rel, Git: gitPlace(whereOf(rel)), Tree: s.prefix + "git:" + rel}
		s.in.file(k, b, f, size)
		return nil
	})
}

// gitText hands in a text of the git folder.
func (s *historyScan) gitText(rel string, text []byte) {
	k := workers.Get().(*worker)
	defer workers.Put(k)
	s.text(k, ".git/"+rel, whereOf(rel), text, nil)
}

// whereOf is what GitPlace.Where says of a file of the git folder.
func whereOf(rel string) string {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	switch {
	case strings.HasPrefix(rel, "logs/"), strings.Contains(rel, "/logs/"):
		return "reflog"
	case rel == "packed-refs", strings.HasPrefix(rel, "refs/"), strings.Contains(rel, "/refs/"), strings.HasSuffix(base,
		"HEAD"):
		return "ref-name"
	case strings.HasSuffix(base, "_MSG"), strings.HasSuffix(base, "EDITMSG"), base == "message", base == "description":
		return "commit-message"
	}
	return "blob"
}

// refNames reads the names of refs that are files: their names stand in no file.
func (s *historyScan) refNames() {
	k := workers.Get().(*worker)
	defer workers.Put(k)
	refs, _ := s.repo.Refs() // what could not be read is told by locate
	for _, r := range refs {
		s.refName(k, r)
	}
}

// refName reads the name of a ref. Each part of it is looked at by itself: one may be a token, and behind a slash it
// would be a path.
func (s *historyScan) refName(k *worker, r gitdb.Ref) {
	if len(r.Name) < open.MinRun {
		return
	}
	g := &GitPlace{}
	if !r.ID.IsZero() {
		g.Commit = r.ID.String()
	}
	s.text(k, ".git/"+r.Name, "ref-name", []byte(strings.ReplaceAll(r.Name, "/", "\n")), g)
}

// index notes the paths of what is staged, in this work tree and the linked ones, and reads the paths themselves.
func (s *historyScan) index() error {
	s.staged = map[gitdb.Hash]string{}
	repos := []*gitdb.Repo{s.repo}
	dirs := s.repo.Worktrees()
	if s.repo.GitDir != s.repo.CommonDir {
		dirs = append(dirs, s.repo.CommonDir)
	}
	for _, dir := range dirs {
		if dir == s.repo.GitDir {
			continue
		}
		other := *s.repo
		other.GitDir, other.IndexFile = dir, filepath.Join(dir, "index")
		repos = append(repos, &other)
	}
	k := workers.Get().(*worker)
	defer workers.Put(k)
	for _, r := range repos {
		x, err := r.ReadIndex()
		if err != nil {
			s.in.Skip(s.prefix+".git/index", err.Error())
			continue
		}
		for i := range x.Entries {
			e := &x.Entries[i]
			if len(e.Path) >= open.MinRun {
				s.text(k, ".git/index", "index", []byte(e.Path), nil)
			}
			if e.IsModule() && r == s.repo {
				s.modulePaths = append(s.modulePaths, e.Path)
			}
			if !e.IsBlob() || e.IntentToAdd {
				continue
			}
			if _, ok := s.staged[e.ID]; !ok {
				s.staged[e.ID] = e.Path
			}
			if _, ok := s.number(e.ID); !ok {
				s.absent = append(s.absent, e.ID)
			}
		}
	}
	return nil
}

// modules reads the repositories of submodules that the git folder keeps.
func (s *historyScan) modules(depth int) error {
	root := filepath.Join(s.repo.CommonDir, "modules")
	var dirs []string
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || name == root {
			return nil
		}
		if _, err := os.Stat(filepath.Join(name, "HEAD")); err == nil {
			dirs = append(dirs, name)
			return filepath.SkipDir
		}
		return nil
	})
	for _, dir := range dirs {
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			continue
		}
		r, err := gitdb.Open(dir, nil)
		if err != nil {
			s.in.Skip(s.prefix+".git/modules/"+filepath.ToSlash(rel), err.Error())
			continue
		}
		err = scanHistory(s.ctx, s.in, r, nil, s.prefix+filepath.ToSlash(rel)+"/", depth+1)
		if err != nil {
			if s.ctx.Err() != nil {
				return err
			}
			s.in.Skip(s.prefix+".git/modules/"+filepath.ToSlash(rel), err.Error())
		}
	}
	return s.ctx.Err()
}
