package scanner

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// What stands at the tip of a history is judged there too, as a scan of its files would: the tree of the commit that
// brought a text in seldom has all that tells what it is. What the two trees say counts both.

// judgeHead judges what stands in HEAD: the files in which something was found, or in which a place may make something a
// credential.
func (s *historyScan) judgeHead() {
	id, ok, err := s.repo.Head()
	if !ok || err != nil {
		return
	}
	i, ok := s.byID[id]
	if !ok {
		return
	}
	s.judgeAtTip(&s.commits[i], func(e *gitdb.IndexEntry) bool {
		n, ok := s.number(e.ID)
		return ok && (s.marks[n]&markHits != 0 || s.blobs[n] != nil)
	})
}

// judgeEnds judges what stands at the ends of a range, in the files that its commits change.
func (s *historyScan) judgeEnds(ends []gitdb.Hash, groups map[int][]version) {
	changed := map[string]bool{}
	for _, list := range groups {
		for i := range list {
			changed[list[i].path] = true
		}
	}
	for i, id := range ends {
		if k, ok := s.byID[id]; ok && i < mostEnds {
			s.judgeAtTip(&s.commits[k], func(e *gitdb.IndexEntry) bool { return changed[e.Path] })
		}
	}
}

// mostEnds bounds the ends of a range that are judged each in its own tree.
const mostEnds = 8

// joinTips has what the tips say heard when all is settled.
func (s *historyScan) joinTips() {
	if len(s.tipTrees) == 0 {
		return
	}
	before := s.in.join
	s.in.join = func(names []string, all []resolved) {
		if before != nil {
			before(names, all)
		}
		s.join(names, all)
	}
}

// judgeAtTip hands in the wanted files of a commit, with what helps to judge them.
func (s *historyScan) judgeAtTip(c *commitRec, wanted func(*gitdb.IndexEntry) bool) {
	tree := s.prefix + "tip:" + c.id.String()
	sub := s.trial()
	around := indexContext{s: s, to: sub, entries: s.shelf.files(c.tree), tree: tree, given: map[string]bool{}}
	around.git = func(id gitdb.Hash) *GitPlace {
		g := &GitPlace{Blob: id.String(), Commit: c.id.String(), Date: dateOf(c), Where: "blob"}
		s.mu.Lock()
		s.atTip[g] = true
		s.mu.Unlock()
		return g
	}
	var give []*gitdb.IndexEntry
	for i := range around.entries {
		if e := &around.entries[i]; wanted(e) {
			give = append(give, e)
			around.given[e.Path] = true
		}
	}
	if len(give) == 0 {
		return
	}
	s.during(len(give), func(i int) {
		s.give(sub, give[i].ID, give[i].Path, around.git(give[i].ID), tree, false)
	})
	sub.inOrder()
	found := sub.settle()
	if hits := around.hitsOf(found); len(hits) > 0 {
		around.prepare(hits)
		around.read(found)
		sub.libraries = map[string]*library{tree: around.library()}
	}
	sub.conclude()
	sub.skips, sub.notices = nil, nil // whoever reads the blobs of the history tells them
	s.in.merge(sub)
	s.tipTrees = append(s.tipTrees, tree)
}

// hitsOf are the files of findings, and those in which only another may make something a credential.
func (c *indexContext) hitsOf(found []Finding) []string {
	var hits []string
	add := func(file string) {
		name := strings.TrimPrefix(file, c.s.prefix)
		if !c.given[name] {
			name, _, _ = strings.Cut(name, "!")
		}
		hits = append(hits, name)
	}
	for i := range found {
		add(found[i].File)
	}
	for i := range c.to.units {
		if u := &c.to.units[i]; u.facts != nil && c.clues.undecided(u.facts) {
			add(u.path)
		}
	}
	return hits
}

// A sitePlace is a credential in a file.
type sitePlace struct{ file, text string }

func placeOf(r *Record) sitePlace { return sitePlace{r.Site.File, r.Site.Credential.Secret.Reveal()} }

// join lets the trees at the tips say of each credential what it is at the places that commits brought in.
func (s *historyScan) join(names []string, all []resolved) {
	for i, name := range names {
		if !slices.Contains(s.tipTrees, name) {
			continue
		}
		s.knowTip(&all[i])
		t := newTipRecords(all[i].records)
		for k, other := range names {
			if strings.HasPrefix(other, s.prefix+"tree:") {
				all[k].records = t.join(all[k].records)
			}
		}
		// What a commit brought in is told as that; the rest stays a finding of the tip's own.
		for _, r := range all[i].records {
			r.Context = r.Context || t.met[placeOf(r)]
		}
	}
}

// knowTip notes the places of what a tip's tree says: another scan of the family may have found them.
func (s *historyScan) knowTip(r *resolved) {
	for _, one := range r.records {
		s.atTip[one.Finding.Git] = true
	}
	for i := range r.settings {
		s.atTip[r.settings[i].Git] = true
	}
}

// A tipRecords is what a tip's tree says of credentials.
type tipRecords struct {
	all    map[sitePlace][]*Record
	at     map[sitePlace][]*Record // those that may be findings
	byText map[string][]*Record
	met    map[sitePlace]bool // a commit brought it in
	// mismatch is what coverEdges says of them
	mismatch map[*Record]*Place
}

func newTipRecords(records []*Record) *tipRecords {
	t := &tipRecords{all: map[sitePlace][]*Record{}, at: map[sitePlace][]*Record{}, byText: map[string][]*Record{}, met: map[sitePlace]bool{},
		mismatch: coverEdges(collate(records))}
	for _, r := range records {
		if r.Waiting {
			continue
		}
		k := placeOf(r)
		t.all[k], t.byText[k.text] = append(t.all[k], r), append(t.byText[k.text], r)
		if !r.Context {
			t.at[k] = append(t.at[k], r)
		}
	}
	return t
}

// join gives the records of a commit's tree with what the tip says of the credentials that the commit brings in.
func (t *tipRecords) join(records []*Record) []*Record {
	var brought []string
	seen := map[string]bool{}
	for _, r := range records {
		if k := placeOf(r); !r.Context && !r.Waiting {
			t.met[k] = t.met[k] || len(t.at[k]) > 0
			if !seen[k.text] {
				seen[k.text] = true
				brought = append(brought, k.text)
			}
		}
	}
	nth := map[sitePlace]int{}
	for _, r := range records {
		k := placeOf(r)
		if list := t.all[k]; len(list) > 0 && seen[k.text] && !r.Waiting {
			same := list[min(nth[k], len(list)-1)]
			nth[k]++
			r.Site = joinSites(r.Site, same.Site)
			r.Mismatch = t.mismatch[same]
			r.Hosts = merged(r.Hosts, same.Hosts, func(x, y string) bool { return x == y })
		}
	}
	out := records
	for _, text := range brought {
		for _, r := range t.byText[text] {
			if nth[placeOf(r)] == 0 {
				c := *r
				c.Context = true
				out = append(out, &c)
			}
		}
	}
	return out
}

// joinSites is a site with what is said of it in another tree.
func joinSites(a, b rules.Site) rules.Site {
	a.Placed, a.InInit, a.InURL = a.Placed || b.Placed, a.InInit || b.InInit, a.InURL || b.InURL
	if a.Declared == "" {
		a.Declared = b.Declared
	}
	if a.Deployment == "" {
		a.Deployment, a.DeployedBy = b.Deployment, b.DeployedBy
	}
	a.Evidence = merged(a.Evidence, b.Evidence, func(x, y rules.Evidence) bool {
		return x.File == y.File && x.Kind == y.Kind && x.Certainty == y.Certainty && sameButLines(x.Text, y.Text)
	})
	sameExposure := func(x, y rules.Exposure) bool { return x.File == y.File && sameButLines(x.Why, y.Why) }
	a.Exposures = merged(a.Exposures, b.Exposures, sameExposure)
	a.URLs = merged(a.URLs, b.URLs, sameExposure)
	a.Uses = merged(a.Uses, b.Uses, func(x, y rules.Use) bool {
		return x.File == y.File && x.Takes == y.Takes && x.API == y.API && x.Host == y.Host && sameButLines(x.Text, y.Text)
	})
	return a
}

// sameButLines reports whether two sentences differ in nothing but the lines that they name, as those of two versions
// of a file do.
func sameButLines(a, b string) bool {
	for {
		i, j := strings.IndexByte(a, ':'), strings.IndexByte(b, ':')
		if i < 0 || j < 0 {
			return a == b
		}
		if a[:i] != b[:j] {
			return false
		}
		a, b = strings.TrimLeft(a[i+1:], "0123456789"), strings.TrimLeft(b[j+1:], "0123456789")
	}
}

// merged is a, and what b has beside it.
func merged[T any](a, b []T, same func(x, y T) bool) []T {
	out := slices.Clip(a)
	for _, y := range b {
		if !slices.ContainsFunc(a, func(x T) bool { return same(x, y) }) {
			out = append(out, y)
		}
	}
	return out
}

// creditTips puts down the findings that only a tip's tree tells to the commits that brought their texts in. What was
// there before is left out.
func (s *historyScan) creditTips(all []Finding) []Finding {
	kept := all[:0]
	for i := range all {
		if f := &all[i]; !s.atTip[f.Git] || s.credit(f) {
			kept = append(kept, *f)
		}
	}
	return kept
}

// credit says of a finding that only the tip's tree tells which commit brought its text to its path; false where none of
// the commits that are read did.
func (s *historyScan) credit(f *Finding) bool {
	id, err := gitdb.ParseHash(f.Git.Commit)
	if err != nil {
		return false
	}
	start, ok := s.byID[id]
	if !ok {
		return false
	}
	s.byAge()
	h := newHolder(s, f)
	best, seen, todo := start, map[int]bool{start: true}, []int{start}
	for len(todo) > 0 && len(seen) < mostCredited {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s.place[i] < s.place[best] {
			best = i
		}
		for _, p := range s.commits[i].parents {
			k, ok := s.byID[p]
			if !ok {
				if c, err := s.repo.ReadCommit(p); err == nil && h.in(c.Tree) {
					return false // it stood there before
				}
				continue
			}
			if !seen[k] && h.in(s.commits[k].tree) {
				seen[k] = true
				todo = append(todo, k)
			}
		}
	}
	c := &s.commits[best]
	g := *f.Git
	g.Commit, g.Date = c.id.String(), dateOf(c)
	f.Git = &g
	s.credited[&g] = true
	return true
}

// mostCredited bounds the commits that are asked for the origin of one text.
const mostCredited = 20_000

// A holder knows which trees hold the text of a finding at its path.
type holder struct {
	s     *historyScan
	f     *Finding
	path  string
	blobs map[gitdb.Hash]bool // those that were asked
}

func newHolder(s *historyScan, f *Finding) *holder {
	path, _, _ := strings.Cut(strings.TrimPrefix(f.File, s.prefix), "!")
	return &holder{s: s, f: f, path: path, blobs: map[gitdb.Hash]bool{}}
}

// in reports whether a tree does.
func (h *holder) in(tree gitdb.Hash) bool {
	id, ok := h.s.shelf.entry(tree, h.path)
	if !ok {
		return false
	}
	if id.String() == h.f.Git.Blob {
		return true
	}
	has, known := h.blobs[id]
	if !known {
		_, text, err := h.s.db.Read(id)
		has = err == nil && standsIn(h.f, text)
		h.blobs[id] = has
	}
	return has
}
