package scanner

import (
	"errors"
	"os"
	"path/filepath"
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
func (s *historyScan) read(to *Intake, b Blob) {
	rel, isLFS := lfsObject(b.Text)
	switch {
	case isLFS && s.large(to, b, rel):
	case isLFS, annexed(b.Text):
		s.in.elsewhere(absentLarge, b.Path)
	default:
		to.Blob(b)
	}
}

// large reads an object of Git LFS, and reports whether there is one.
func (s *historyScan) large(to *Intake, b Blob, rel string) bool {
	f, mode, size, err := openFile(filepath.Join(s.repo.CommonDir, rel), false)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) || isGone(err) {
			return false
		}
		s.in.Skip(b.Path, "its large file cannot be read: "+reason(err))
		return true
	}
	defer f.Close()
	if !mode.IsRegular() {
		return false
	}
	k := workers.Get().(*worker)
	defer workers.Put(k)
	o := &opening{in: to, k: k, blob: b}
	defer o.survive()
	o.file(b.Path, f, size)
	return true
}
