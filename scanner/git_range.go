package scanner

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/gitdb"
)

// A Range is the source of `git --range`: what commits bring in. A credential is new where a commit has it at a path at
// which none of its parents has it; so what only a merge holds is seen, and what only stood there already is not.
type Range struct {
	// Repo is a work tree, a git folder, or anything inside one; "" is the working folder.
	Repo string
	// Include and Exclude name commits, tags, trees or blobs: what is reachable from one of Include and from none of
	// Exclude is read.
	Include, Exclude []string
	// Names are full names of refs that are read too, as those that a push publishes.
	Names []string
	// Env is the environment that may name the repository, nil for none.
	Env func(string) string

	text    string // as the user wrote it
	lenient bool   // what is excluded and is no commit here excludes nothing
	root    string
	bad     error
}

// NewRange is the source for a range as git writes it: BASE..HEAD, BASE...HEAD (from where they parted), HEAD alone
// being everything behind it.
func NewRange(repo, commits string) *Range {
	t := &Range{Repo: repo, text: commits, Env: os.Getenv}
	base, head, three := strings.Cut(commits, "...")
	if !three {
		var two bool
		if base, head, two = strings.Cut(commits, ".."); !two {
			base, head = "", commits
		} else if base == "" {
			base = "HEAD"
		}
	} else if base == "" {
		base = "HEAD"
	}
	if head == "" {
		head = "HEAD"
	}
	if commits == "" {
		t.bad = errors.New("the range is empty: it is written BASE..HEAD")
	}
	if strings.HasPrefix(base, "-") || strings.HasPrefix(head, "-") {
		t.bad = fmt.Errorf("%q is no range of commits: it is written BASE..HEAD", commits)
	}
	t.Include = []string{head}
	// BASE...HEAD excludes all of BASE too: what HEAD brings in since they parted is what BASE does not have.
	if base != "" {
		t.Exclude = []string{base}
	}
	return t
}

// NewCommits is the source for what is reachable from one of include and from none of exclude.
func NewCommits(repo string, include, exclude []string) *Range {
	return &Range{Repo: repo, Include: include, Exclude: exclude, Env: os.Getenv, lenient: true,
		text: "the range that ends in " + strings.Join(include, " ")}
}

// Mode is what Result.Mode says.
func (t *Range) Mode() string { return "range" }

// Root is the top of the work tree, or the git folder of a bare repository.
func (t *Range) Root() string {
	if t.root == "" {
		if r, err := gitdb.Open(orDot(t.Repo), t.Env); err == nil {
			t.root = repoRoot(r)
			r.Close()
		}
	}
	return t.root
}

// Scan reads what the commits bring in.
func (t *Range) Scan(ctx context.Context, in *Intake) error {
	if t.bad != nil {
		return t.bad
	}
	env := t.Env
	if t.Repo != "" && t.Repo != "." {
		env = nil
	}
	r, err := gitdb.Open(orDot(t.Repo), env)
	if err != nil {
		return err
	}
	t.root = repoRoot(r)
	err = gitdb.Guard(func() error { return t.scan(ctx, in, r) })
	if err != nil || in.after == nil {
		r.Close()
	}
	return err
}

func (t *Range) scan(ctx context.Context, in *Intake, r *gitdb.Repo) error {
	tellProblems(in, r, "")
	exclude, err := t.excluded(r)
	if err != nil {
		return err
	}
	tips, err := t.tips(r, exclude)
	if err != nil {
		return err
	}
	s := newHistoryScan(ctx, in, r, "")
	cut, err := s.between(tips.commits, exclude.commits)
	if err != nil {
		return err
	}
	s.tipTexts(tips, t.Names)
	if len(s.commits) == 0 && tips.onlyCommits() {
		in.Notice(Place{File: ".git", Text: fmt.Sprintf("%s holds no commit: its end has nothing that its begin does not have, so there was nothing to read", t.text)})
		return nil
	}
	if len(cut) > 0 {
		in.Skip("history", fmt.Sprintf("the clone is shallow: the parents of %s in the range are not here, so that it was compared with the begin of the range instead: git fetch --unshallow brings them (actions/checkout: fetch-depth: 0)", count(len(cut), "commit")))
	}
	in.Expect(len(s.commits))
	n := newNewness(s)
	groups := map[int][]version{}
	baseTrees := append(s.treesOf(exclude.commits), exclude.trees...)
	if list := s.tipContent(tips, baseTrees, n); len(list) > 0 {
		groups[-1] = list
	}
	for pos, ci := range s.order {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c := &s.commits[ci]
		in.Count(0, 1, 1, 0)
		s.commitText(c)
		parents, err := s.parentTrees(c, cut, baseTrees)
		if err != nil {
			return err
		}
		err = treeChanges(s.db, c.tree, parents, "", 0, func(ch change) {
			if s.tellModule(ch) {
				return
			}
			_, text, err := s.db.Read(ch.id)
			if err != nil {
				in.Skip(fmt.Sprintf("%s at commit %s", ch.path, c.id), err.Error())
				return
			}
			in.Count(0, 1, 0, int64(len(text)))
			s.newNames(&ch, c)
			if n.brings(text, ch.path, ch.before) == noNews {
				return
			}
			n.before[newKey{c.id.String(), ch.path}] = ch.before
			groups[pos] = append(groups[pos], version{&blobRec{id: ch.id}, pos, ch.path, "blob"})
		})
		if err != nil {
			in.Skip("commit "+c.id.String(), "its files cannot be read: "+err.Error())
		}
	}
	s.isNew = n.isNew
	keys := make([]int, 0, len(groups))
	for pos := range groups {
		keys = append(keys, pos)
	}
	sort.Ints(keys)
	s.bring(keys, groups, nil, func() { s.judgeEnds(tips.commits, groups) })
	s.joinTips()
	held := s.heldAtTips(tips.commits)
	in.after = func(all []Finding) []Finding {
		defer r.Close()
		_ = gitdb.Guard(func() error {
			all = s.onlyNew(all, held)
			return nil
		})
		return all
	}
	return ctx.Err()
}

// fetchAdvice is the command that would bring a commit.
func fetchAdvice(name string) string {
	if rest, ok := strings.CutPrefix(name, "origin/"); ok {
		return "git fetch origin " + rest + " (actions/checkout: fetch-depth: 0)"
	}
	return "git fetch origin " + name + ", or git fetch --unshallow (actions/checkout: fetch-depth: 0)"
}

// between fills s.commits and s.order with the commits behind include that are not behind exclude, parents first, and
// gives those whose parents are cut off.
func (s *historyScan) between(include, exclude []gitdb.Hash) (cut map[gitdb.Hash]bool, err error) {
	const (
		wanted = 1 << iota
		unwanted
		queued
	)
	type node struct {
		rec   commitRec
		flags uint8
	}
	nodes := map[gitdb.Hash]*node{}
	q := &dateQueue{}
	open := 0 // wanted commits that wait
	mark := func(n *node, flags uint8) {
		was := n.flags&(queued|unwanted) == queued
		n.flags = flags
		switch is := flags&(queued|unwanted) == queued; {
		case is && !was:
			open++
		case was && !is:
			open--
		}
	}
	push := func(id gitdb.Hash, flag uint8) error {
		n := nodes[id]
		if n == nil {
			c, err := s.repo.ReadCommit(id)
			if err != nil {
				return err
			}
			author, when := gitdb.When(c.Author), gitdb.When(c.Committer)
			_, zone := author.Zone()
			n = &node{rec: commitRec{id: c.ID, tree: c.Tree, parents: c.Parents, author: author.Unix(),
				when: when.Unix(), zone: zone}}
			nodes[id] = n
		}
		if n.flags&flag != 0 {
			return nil
		}
		mark(n, n.flags|flag|queued)
		heap.Push(q, dated{id, n.rec.when})
		return nil
	}
	for _, id := range exclude {
		if err := push(id, unwanted); err != nil {
			return nil, err
		}
	}
	for _, id := range include {
		if err := push(id, wanted); err != nil {
			return nil, err
		}
	}
	cut = map[gitdb.Hash]bool{}
	// Youngest first, until only unwanted commits are left; a clock that goes wrong costs some steps more.
	slop := 64
	for q.Len() > 0 {
		if s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		id := heap.Pop(q).(dated).id
		n := nodes[id]
		if n.flags&queued == 0 {
			continue
		}
		mark(n, n.flags&^queued)
		flag := uint8(wanted)
		if n.flags&unwanted != 0 {
			flag = unwanted
		}
		for _, p := range n.rec.parents {
			err := push(p, flag)
			switch {
			case err == nil:
			case errors.Is(err, gitdb.ErrMissing) && flag == unwanted:
			case errors.Is(err, gitdb.ErrMissing):
				cut[id] = true
			default:
				return nil, err
			}
		}
		if flag == unwanted && open == 0 {
			if slop--; slop < 0 {
				break
			}
		}
	}
	for id, n := range nodes {
		if n.flags&unwanted == 0 {
			s.commits = append(s.commits, n.rec)
		} else {
			delete(cut, id)
		}
	}
	sort.Slice(s.commits, func(i, j int) bool { return s.commits[i].id.Compare(s.commits[j].id) < 0 })
	s.byID = map[gitdb.Hash]int{}
	for i := range s.commits {
		s.byID[s.commits[i].id] = i
	}
	s.byAge()
	return cut, nil
}

// A dateQueue gives the youngest commit first.
type dateQueue struct{ list []dated }

type dated struct {
	id   gitdb.Hash
	when int64
}

func (q *dateQueue) Len() int { return len(q.list) }
func (q *dateQueue) Less(i, j int) bool {
	if q.list[i].when != q.list[j].when {
		return q.list[i].when > q.list[j].when
	}
	return q.list[i].id.Compare(q.list[j].id) < 0
}
func (q *dateQueue) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *dateQueue) Push(x any)    { q.list = append(q.list, x.(dated)) }
func (q *dateQueue) Pop() any {
	n := len(q.list) - 1
	x := q.list[n]
	q.list = q.list[:n]
	return x
}

// treesOf are the trees of commits.
func (s *historyScan) treesOf(ids []gitdb.Hash) []gitdb.Hash {
	var trees []gitdb.Hash
	for _, id := range ids {
		if c, err := s.repo.ReadCommit(id); err == nil {
			trees = append(trees, c.Tree)
		}
	}
	return trees
}

// parentTrees are the trees that a commit is compared with: its parents', and where they are cut off those of the
// range's begin.
func (s *historyScan) parentTrees(c *commitRec, cut map[gitdb.Hash]bool, base []gitdb.Hash) ([]gitdb.Hash, error) {
	var trees []gitdb.Hash
	for _, p := range c.parents {
		info, err := s.repo.ReadCommit(p)
		if errors.Is(err, gitdb.ErrMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		trees = append(trees, info.Tree)
	}
	if cut[c.id] {
		trees = append(trees, base...)
	}
	return trees, nil
}

// commitText reads the text of a commit of the range.
func (s *historyScan) commitText(c *commitRec) {
	_, data, err := s.db.Read(c.id)
	if err != nil {
		return // it was read a moment ago
	}
	k := workers.Get().(*worker)
	defer workers.Put(k)
	s.commitWords(k, c, data)
}
