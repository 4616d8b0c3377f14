package scanner

import (
	"errors"
	"fmt"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A rangeTips is what the ends of a range are: tags, with what they stand on.
type rangeTips struct {
	commits, trees, blobs []gitdb.Hash
	tags                  []gitdb.Hash // on the way there
	seen                  map[gitdb.Hash]bool
}

// onlyCommits reports whether there is nothing to read but commits.
func (p *rangeTips) onlyCommits() bool { return len(p.tags)+len(p.trees)+len(p.blobs) == 0 }

// add takes an object in, following tags, unless not has it.
func (p *rangeTips) add(r *gitdb.Repo, id gitdb.Hash, not *rangeTips) error {
	for range mostTags {
		if p.seen[id] || not != nil && not.seen[id] {
			return nil
		}
		typ, data, err := r.DB.Read(id)
		if err != nil {
			return err
		}
		if p.seen == nil {
			p.seen = map[gitdb.Hash]bool{}
		}
		p.seen[id] = true
		switch typ {
		case gitdb.Commit:
			p.commits = append(p.commits, id)
			return nil
		case gitdb.Tree:
			p.trees = append(p.trees, id)
			return nil
		case gitdb.Blob:
			p.blobs = append(p.blobs, id)
			return nil
		}
		p.tags = append(p.tags, id)
		tag, err := gitdb.ParseTag(data)
		if err != nil {
			return fmt.Errorf("tag %v: %w", id, err)
		}
		id = tag.Object
	}
	return fmt.Errorf("%v: tags of tags without an end", id)
}

// mostTags bounds tags of tags.
const mostTags = 50

// isNone reports whether an id is the one of zeros, which pushes of new branches have: it stands for none.
func isNone(id string) bool {
	return (len(id) == 40 || len(id) == 64) && strings.Trim(id, "0") == ""
}

// tips finds what the ends of the range are, without what is excluded by its own name.
func (t *Range) tips(r *gitdb.Repo, exclude *rangeTips) (*rangeTips, error) {
	p := &rangeTips{}
	named := 0
	for _, name := range t.Include {
		if isNone(name) {
			continue
		}
		named++
		id, err := r.Resolve(name)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, fetchAdvice(name))
		}
		// What a commit excludes is left to the walk over commits: it knows their order too.
		if err := p.add(r, id, &rangeTips{seen: withoutCommits(exclude)}); err != nil {
			return nil, missingCommit(name, err)
		}
	}
	if named == 0 {
		return nil, fmt.Errorf("%s: there is no commit to read", t.text)
	}
	return p, nil
}

// withoutCommits is what was seen, but for the commits.
func withoutCommits(p *rangeTips) map[gitdb.Hash]bool {
	seen := map[gitdb.Hash]bool{}
	for id := range p.seen {
		seen[id] = true
	}
	for _, id := range p.commits {
		delete(seen, id)
	}
	return seen
}

// excluded finds what the range leaves out.
func (t *Range) excluded(r *gitdb.Repo) (*rangeTips, error) {
	p := &rangeTips{}
	for _, name := range t.Exclude {
		if isNone(name) {
			continue
		}
		id, err := r.Resolve(name)
		if err != nil {
			if t.lenient {
				continue
			}
			return nil, fmt.Errorf("%w: %s", err, fetchAdvice(name))
		}
		if err := p.add(r, id, nil); err != nil && !t.lenient {
			return nil, missingCommit(name, err)
		}
	}
	return p, nil
}

// missingCommit is the error of a commit that cannot be read, with what helps.
func missingCommit(name string, err error) error {
	if errors.Is(err, gitdb.ErrMissing) {
		return fmt.Errorf("commit %s is not in this clone (a forced push, or a shallow clone): %s", name,
			fetchAdvice(name))
	}
	return fmt.Errorf("%s: %w", name, err)
}

// tipTexts reads the texts of the tags of a range, and the names of its refs.
func (s *historyScan) tipTexts(p *rangeTips, names []string) {
	k := workers.Get().(*worker)
	defer workers.Put(k)
	for _, id := range p.tags {
		_, data, err := s.db.Read(id)
		if err != nil {
			continue // it was read a moment ago
		}
		s.in.Count(0, 1, 0, int64(len(data)))
		s.tag(k, &gitdb.Visit{ID: id, Type: gitdb.Tag, Data: data})
	}
	for _, name := range names {
		s.refName(k, gitdb.Ref{Name: name})
	}
}

// tipContent lists the blobs of a range that no commit has: what a tag stands on, or a ref names, without being a commit.
func (s *historyScan) tipContent(p *rangeTips, before []gitdb.Hash, n *newness) []version {
	var list []version
	add := func(ch change) {
		if s.tellModule(ch) {
			return
		}
		_, text, err := s.db.Read(ch.id)
		if err != nil {
			s.in.Skip(ch.path, err.Error())
			return
		}
		s.in.Count(0, 1, 0, int64(len(text)))
		if n.brings(text, ch.path, ch.before) == noNews {
			return
		}
		n.before[newKey{"", ch.path}] = ch.before
		list = append(list, version{&blobRec{id: ch.id}, -1, ch.path, "blob"})
	}
	for _, id := range p.trees {
		if err := treeChanges(s.db, id, before, "", 0, add); err != nil {
			s.in.Skip("tree "+id.String(), "its files cannot be read: "+err.Error())
		}
	}
	for _, id := range p.blobs {
		add(change{path: objectPath(id), id: id})
	}
	return list
}

// newNames reads the names on a path that a commit brings in, where they are long enough to hold something.
func (s *historyScan) newNames(ch *change, c *commitRec) {
	if len(ch.before) > 0 || len(ch.path) < open.MinRun {
		return
	}
	k := workers.Get().(*worker)
	defer workers.Put(k)
	for name := range strings.SplitSeq(ch.path, "/") {
		if len(name) >= open.MinRun {
			s.text(k, ".git/trees/"+c.tree.String(), "blob", []byte(name), &GitPlace{Commit: c.id.String(), Date: dateOf(c)})
		}
	}
}
