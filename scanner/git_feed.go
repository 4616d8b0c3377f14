package scanner

import (
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A version is a blob at a path, with the commit that brings it in there.
type version struct {
	b      *blobRec
	commit int // in historyScan.order; -1 where no commit has it
	path   string
	where  string
}

// feed hands to the intake, for each path, the versions that bring in a credential that no older version of the path
// had, each with what stands around it in its commit's tree.
func (s *historyScan) feed() {
	byPath := map[string][]version{}
	nums := make([]int, 0, len(s.blobs))
	for n := range s.blobs {
		nums = append(nums, n)
	}
	sort.Ints(nums)
	for _, n := range nums {
		b := s.blobs[n]
		if b.pointer {
			s.tellPointer(b)
		}
		for _, p := range b.at {
			where := "blob"
			if s.commits[s.order[p.commit]].reach == fromNotes {
				where = "note"
			}
			byPath[p.path] = append(byPath[p.path], version{b, p.commit, p.path, where})
		}
		if len(b.at) == 0 {
			v := version{b, -1, objectPath(b.id), "blob"}
			if b.staged != "" {
				v.path, v.where = b.staged, "index"
			}
			byPath[v.path] = append(byPath[v.path], v)
		}
	}
	paths := make([]string, 0, len(byPath))
	for p := range byPath {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	groups := map[int][]version{}
	for _, p := range paths {
		list := byPath[p]
		sort.SliceStable(list, func(i, j int) bool {
			a, b := list[i].commit, list[j].commit
			return a >= 0 && (b < 0 || a < b)
		})
		seen, seenPlaced := map[int32]bool{}, map[uint64]bool{}
		for _, v := range list {
			fresh := v.b.trouble
			for _, h := range v.b.placed {
				fresh = fresh || !seenPlaced[h]
				seenPlaced[h] = true
			}
			for _, id := range v.b.secrets {
				fresh = fresh || !seen[id]
				seen[id] = true
			}
			if fresh {
				groups[v.commit] = append(groups[v.commit], v)
			}
		}
	}
	keys := make([]int, 0, len(groups))
	for c := range groups {
		keys = append(keys, c)
	}
	sort.Ints(keys)
	beside := s.judgeHead
	if s.held {
		beside = nil // it has none
	}
	s.bring(keys, groups, s.elsewhere, beside)
}

// bring hands in what commits bring in. All are looked at before any is handed in: which of them is the oldest that has a
// credential at a path does not depend on the order in which goroutines look. also, where set, says what each commit gets
// to read besides; beside, where set, is done in the meantime.
func (s *historyScan) bring(commits []int, groups map[int][]version, also func() map[int][]otherFile, beside func()) {
	drafts := make([]*draft, len(commits))
	s.during(len(commits), func(i int) { drafts[i] = s.draft(commits[i], groups[commits[i]]) })
	if also != nil {
		s.also = also()
	}
	_ = sideBySide(func() error {
		s.during(len(commits), func(i int) {
			if drafts[i] != nil {
				s.group(drafts[i])
			}
		})
		return nil
	}, func() error {
		if beside != nil {
			beside()
		}
		return nil
	})
}

// A draft is what was found in the versions that one commit brings in. What was read for it is read again where something
// comes of it: a history has more of them than can be kept.
type draft struct {
	commit int
	list   []version
	c      *commitRec // nil where no commit has them
	tree   string
	given  map[string]bool
	found  []Finding // without those of which an older commit was known to bring them in
	paths  []string  // of found
	rest   *Intake   // what is to be told where nothing comes of it
}

// during runs f for 0 to n-1 on the goroutines that the scan may use.
func (s *historyScan) during(n int, f func(int)) {
	inParallel(n, s.in.Jobs(), func(i int) {
		if s.ctx.Err() != nil {
			return
		}
		if err := gitdb.Guard(func() error { f(i); return nil }); err != nil {
			s.in.Skip(s.prefix+".git", err.Error())
		}
	})
}

// objectPath is the path of a finding in a blob that has none: no commit has it.
func objectPath(id gitdb.Hash) string {
	h := id.String()
	return ".git/objects/" + h[:2] + "/" + h[2:]
}

// draft looks for what one commit brings in, nil where there is nothing to look at.
func (s *historyScan) draft(commit int, list []version) *draft {
	d := &draft{commit: commit, list: list, tree: s.prefix + "tree:", given: map[string]bool{}}
	if commit >= 0 {
		d.c = &s.commits[s.order[commit]]
		d.tree += d.c.id.String()
	}
	for _, v := range list {
		d.given[v.path] = true
	}
	found, known := s.knownDraft(list)
	if !known {
		sub := s.trial()
		s.giveVersions(sub, d)
		found = sub.settle()
		sub.units = nil
		d.rest = sub
		s.keepDraft(list, found, sub)
	}
	for _, f := range found {
		if s.isNew != nil && !s.isNew(&f) {
			continue
		}
		name := strings.TrimPrefix(f.File, s.prefix)
		if i := strings.Index(name, "!"); i > 0 && !d.given[name] {
			name = name[:i]
		}
		if s.first(&f, commit, name) {
			d.found, d.paths = append(d.found, f), append(d.paths, name)
		}
	}
	if len(d.found) == 0 && !known {
		s.letGo(list)
	}
	return d
}

// giveVersions hands in what a commit brings in.
func (s *historyScan) giveVersions(to *Intake, d *draft) {
	for _, v := range d.list {
		g := &GitPlace{Blob: v.b.id.String(), Where: v.where}
		key := d.tree
		if d.c != nil {
			g.Commit, g.Date = d.c.id.String(), dateOf(d.c)
		} else {
			key += v.path // blobs without a commit do not belong together
			if v.b.ref != "" {
				g.Refs = []string{v.b.ref}
			}
		}
		s.give(to, v.b.id, v.path, g, key, false)
	}
}

// group hands in what one commit brings in. What shows to hold nothing after all is dropped; for the rest the commit's
// tree gives what helps to judge it.
func (s *historyScan) group(d *draft) {
	var hits []string
	open := false // something is found whose kind its text does not settle
	for i := range d.found {
		f, name := &d.found[i], d.paths[i]
		if !s.isFirst(f, d.commit) {
			continue
		}
		open = open || !f.Example && f.Rule != rules.InsecureDefaultToken
		if !slices.Contains(hits, name) {
			hits = append(hits, name)
		}
	}
	if len(hits) == 0 {
		if d.rest != nil {
			s.in.merge(d.rest)
		}
		return
	}
	key := s.groupKey(d, hits, open)
	sub := s.knownGroup(key)
	if sub == nil {
		sub = s.trial()
		s.giveVersions(sub, d)
		if d.c != nil {
			s.surroundings(sub, d.c, hits, maps.Clone(d.given), d.tree, open)
		}
		for _, g := range s.also[d.commit] {
			s.give(sub, g.blob, g.path, &GitPlace{Blob: g.blob.String(), Where: "blob"}, d.tree, true)
		}
		if !s.held {
			sub.conclude()
		}
		s.keepGroup(key, sub)
	}
	s.in.merge(sub)
}

// isFirst reports whether a commit is the oldest known to bring a finding's credential to its path.
func (s *historyScan) isFirst(f *Finding, commit int) bool {
	if commit < 0 {
		commit = len(s.order)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.told[keyOf(f)] == commit
}

// trial is an intake that is asked what it would find, before all is given to it.
func (s *historyScan) trial() *Intake {
	in := s.in.sub()
	if in.opts.collect != nil {
		in.opts.collect = &collection{} // what it has is told by whoever takes it over
	}
	return in
}

// A toldKey is a credential at a path.
type toldKey struct {
	file   string
	secret rules.Secret
	rule   rules.RuleID // where there is no credential
}

func keyOf(f *Finding) toldKey {
	k := toldKey{file: f.File, secret: f.Secret}
	if f.Secret.IsZero() {
		k.rule = f.Rule
	}
	return k
}

// first reports whether no older commit is known to have brought the same credential to the same path. The oldest
// commit is always told yes, whatever the order in which goroutines ask.
func (s *historyScan) first(f *Finding, commit int, path string) bool {
	if commit < 0 {
		commit = len(s.order)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := keyOf(f)
	old, ok := s.told[k]
	if ok && old < commit {
		return false
	}
	s.told[k] = commit
	if id, err := gitdb.ParseHash(f.Git.Blob); err == nil {
		s.where[f.Secret] = append(s.where[f.Secret], told{commit, path, id, k})
	}
	return true
}

// merge takes over what another intake was told.
func (in *Intake) merge(sub *Intake) {
	in.mu.Lock()
	in.units = append(in.units, sub.units...)
	in.skips = append(in.skips, sub.skips...)
	in.notices = append(in.notices, sub.notices...)
	if len(sub.libraries) > 0 && in.libraries == nil {
		in.libraries = map[string]*library{}
	}
	maps.Copy(in.libraries, sub.libraries)
	if len(sub.concluded) > 0 && in.concluded == nil {
		in.concluded = map[string]resolved{}
	}
	maps.Copy(in.concluded, sub.concluded)
	in.mu.Unlock()
	for kind, paths := range sub.absent {
		for path := range paths {
			in.elsewhere(elsewhereKind(kind), path)
		}
	}
}

// give hands in one blob. One that is to help only is left out where it is large.
func (s *historyScan) give(to *Intake, id gitdb.Hash, path string, g *GitPlace, tree string, ignored bool) {
	small := ignored && !isManifest(path)
	r := s.reading(readingKey{id, s.prefix + path, small})
	if r.own || r.err != nil {
		to.mu.Lock()
		to.own = true
		to.mu.Unlock()
	}
	switch {
	case small && r.size > contextSize, ignored && r.err != nil:
	case r.err != nil:
		to.Skip(s.prefix+"object "+id.String(), r.err.Error())
	default:
		r.handOver(to, g, tree, ignored)
	}
}

// Bounds of what is read to judge the findings of one commit.
const (
	contextFiles = 24
	contextSize  = 64 << 10
)

// surroundings hands in, as context only, files of a commit's tree that help to judge what stands at paths: the
// manifests of the folders above, and, with all, the files beside it that have to do with Unleash.
func (s *historyScan) surroundings(to *Intake, c *commitRec, paths []string, given map[string]bool, tree string,
	all bool) {
	var near []contextFile
	seenDir := map[string]bool{}
	for _, p := range paths {
		id := c.tree
		dir := ""
		parts := strings.Split(path.Dir(p), "/")
		for i := 0; ; i++ {
			if !seenDir[dir] {
				seenDir[dir] = true
				near = append(near, s.contextIn(id, dir, all && (i == len(parts) || parts[0] == "."))...)
			}
			if i == len(parts) || parts[0] == "." {
				break
			}
			next, ok := s.folder(id, parts[i])
			if !ok {
				break
			}
			id = next
			dir = path.Join(dir, parts[i])
		}
	}
	sort.SliceStable(near, func(i, j int) bool {
		if near[i].rank != near[j].rank {
			return near[i].rank < near[j].rank
		}
		return near[i].path < near[j].path
	})
	n := 0
	for _, f := range near {
		if n >= contextFiles {
			break
		}
		if given[f.path] {
			continue
		}
		given[f.path] = true
		n++
		s.give(to, f.id, f.path, &GitPlace{Blob: f.id.String(), Commit: c.id.String(), Where: "blob"}, tree, true)
	}
}

// A contextFile is a file that helps to judge another.
type contextFile struct {
	path string
	id   gitdb.Hash
	rank int // 0: a manifest or settings, 1: has to do with Unleash
}

// contextIn lists the files of a folder that help to judge others.
func (s *historyScan) contextIn(tree gitdb.Hash, dir string, own bool) []contextFile {
	entries, err := s.db.ReadTree(tree)
	if err != nil {
		return nil
	}
	var out []contextFile
	for i := range entries {
		e := &entries[i]
		if !e.IsBlob() {
			continue
		}
		p := path.Join(dir, string(e.Name))
		f := contextFile{path: p, id: e.ID(), rank: 1}
		switch {
		case wantsFile(p):
			f.rank = 0
		case own:
			if !s.mentions(f.id) {
				continue
			}
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// folder is the folder of this name in a tree.
func (s *historyScan) folder(tree gitdb.Hash, name string) (gitdb.Hash, bool) {
	entries, err := s.db.ReadTree(tree)
	if err != nil {
		return gitdb.Hash{}, false
	}
	for i := range entries {
		if entries[i].IsTree() && string(entries[i].Name) == name {
			return entries[i].ID(), true
		}
	}
	return gitdb.Hash{}, false
}

// mentions reports whether a blob has to do with Unleash.
func (s *historyScan) mentions(id gitdb.Hash) bool {
	if s.marks != nil {
		// The mark stands on whatever was unfolded from a text that has to do with Unleash: it is asked again.
		if n, ok := s.number(id); !ok || s.marks[n]&markMentions == 0 {
			return false
		}
		text, ok := s.shelf.text(id)
		return ok && len(text) <= contextSize && (open.IsSpecial(text) || rules.Mentions(text))
	}
	_, text, err := s.db.Read(id)
	return err == nil && len(text) <= contextSize && rules.Mentions(text)
}
