package scanner

import (
	"bytes"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// heldAtTips fills in where a finding of a range stands in the commits that the range ends in, and whether HEAD has it:
// what is pushed need not be what is checked out.
func (s *historyScan) heldAtTips(ends []gitdb.Hash) func(*Finding, *GitPlace) {
	return func(f *Finding, g *GitPlace) {
		if id, ok, err := s.repo.Head(); err == nil && ok {
			_, line, _ := s.standsIn(id, f)
			g.InHead = line > 0
		}
		for _, id := range ends {
			file, line, known := s.standsIn(id, f)
			if !known || g.Tip != "" && line == 0 {
				continue
			}
			g.Tip, g.TipFile, g.TipLine = id.String(), file, line
			if line > 0 {
				return
			}
		}
	}
}

// standsIn looks for a finding's file in a commit, and for its text in that file; line is 0 where it is not there. known
// is false where nothing can be said: the file has changed, and the text is an encoded one or has no credential.
func (s *historyScan) standsIn(commit gitdb.Hash, f *Finding) (file bool, line int, known bool) {
	if f.Git == nil || f.Git.Where != "blob" {
		return false, 0, false
	}
	c, err := s.repo.ReadCommit(commit)
	if err != nil {
		return false, 0, false
	}
	name, _, member := strings.Cut(f.File, "!")
	blob, ok, err := s.lookup(c.Tree, name)
	switch {
	case err != nil:
		return false, 0, false
	case !ok:
		return false, 0, true
	case blob.String() == f.Git.Blob:
		return true, f.Line, true
	case member || len(f.Layers) > 0 || f.Secret.IsZero():
		return true, 0, false
	}
	_, text, err := s.db.Read(blob)
	if err != nil {
		return true, 0, false
	}
	at := bytes.Index(text, []byte(f.Secret.Reveal()))
	if at < 0 {
		return true, 0, true
	}
	return true, 1 + bytes.Count(text[:at], []byte("\n")), true
}

// lookup is the object at a path of a tree.
func (s *historyScan) lookup(tree gitdb.Hash, name string) (id gitdb.Hash, ok bool, err error) {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		entries, err := s.db.ReadTree(tree)
		if err != nil {
			return gitdb.Hash{}, false, err
		}
		found := false
		for j := range entries {
			e := &entries[j]
			if string(e.Name) != part {
				continue
			}
			if i == len(parts)-1 {
				return e.ID(), !e.IsTree(), nil
			}
			tree, found = e.ID(), e.IsTree()
			break
		}
		if !found {
			break
		}
	}
	return gitdb.Hash{}, false, nil
}
