package scanner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// tellModule tells of a change that is a submodule's commit, and reports whether it is one.
func (s *historyScan) tellModule(c change) bool {
	if c.module {
		s.in.elsewhere(ownCommits, s.prefix+c.path)
	}
	return c.module
}

// read hands a blob to an intake: of a pointer to a large file what it stands for, where that is in the git folder. Where
// it is not, that is told.
func (s *historyScan) read(to *Intake, b Blob) (own bool) {
	rel, isLFS := lfsObject(b.Text)
	switch {
	case isLFS && s.large(to, b, rel):
	case isLFS, annexed(b.Text):
		s.in.elsewhere(absentLarge, b.Path)
	default:
		to.Blob(b)
		return false
	}
	return true
}

// large reads an object of Git LFS, and reports whether there is one.
func (s *historyScan) large(to *Intake, b Blob, rel string) bool {
	if s.held {
		return false // it has no git folder, and the path would be one of the current folder
	}
	f, mode, size, err := openFile(filepath.Join(s.repo.CommonDir, rel), false)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) || isGone(err) {
			return false
		}
		s.in.Skip(b.Path, "its large file cannot be read: "+open.Reason(err))
		return true
	}
	defer f.Close()
	if !mode.IsRegular() {
		return false
	}
	k := workers.Get().(*worker)
	defer workers.Put(k)
	to.file(k, b, f, size)
	return true
}

// wanting reports whether a blob of a history stands for a large file that is not in the git folder. Those that are there
// are read as files of the git folder.
func (s *historyScan) wanting(text []byte) bool {
	rel, isLFS := lfsObject(text)
	if !isLFS || s.held {
		return isLFS || annexed(text)
	}
	_, err := os.Lstat(filepath.Join(s.repo.CommonDir, rel))
	return errors.Is(err, fs.ErrNotExist) || isGone(err)
}

// tellPointer tells of a blob that stands for a large file that is not here, by each path that it has.
func (s *historyScan) tellPointer(b *blobRec) {
	for _, p := range b.at {
		s.in.elsewhere(absentLarge, s.prefix+p.path)
	}
	if len(b.at) == 0 {
		path := b.staged
		if path == "" {
			path = objectPath(b.id)
		}
		s.in.elsewhere(absentLarge, s.prefix+path)
	}
}

// tellModules tells of the submodules whose history is not here: those of the index and, in a repository without a work
// tree, of HEAD. Those that the git folder keeps are read.
func (s *historyScan) tellModules() {
	if s.repo.WorkTree == "" {
		if id, ok, err := s.repo.Head(); ok && err == nil {
			if i, ok := s.byID[id]; ok {
				s.modulePaths = append(s.modulePaths, s.shelf.modules(s.commits[i].tree)...)
			}
		}
	}
	for _, path := range s.modulePaths {
		if s.keepsModule(path) {
			continue
		}
		kind := absentSubmodule
		if s.repo.WorkTree != "" {
			if _, err := os.Lstat(filepath.Join(s.repo.WorkTree, filepath.FromSlash(path), ".git")); err == nil {
				kind = ownCommits
			}
		}
		s.in.elsewhere(kind, s.prefix+path)
	}
}

// keepsModule reports whether the git folder keeps the repository of the submodule at a path.
func (s *historyScan) keepsModule(path string) bool {
	dir := filepath.Join(s.repo.CommonDir, "modules", filepath.FromSlash(path))
	if s.repo.WorkTree != "" {
		if r, err := gitdb.Open(filepath.Join(s.repo.WorkTree, filepath.FromSlash(path)), nil); err == nil {
			dir = r.CommonDir
			r.Close()
		}
	}
	rel, err := filepath.Rel(filepath.Join(s.repo.CommonDir, "modules"), dir)
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	_, err = os.Lstat(filepath.Join(dir, "HEAD"))
	return err == nil
}
