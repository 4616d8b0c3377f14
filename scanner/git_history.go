package scanner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A History is the source of `git`: every object of a repository, reachable or not, and the text around the objects:
// messages, names, refs, logs, configuration, the index.
//
// It reads each blob once, whatever the number of commits that hold it, and looks up commits and paths only for those
// in which something was found. Nothing of the repository is run or obeyed; its configuration is text.
type History struct {
	// Repo is a work tree, a git folder, or anything inside one; "" is the working folder.
	Repo string
	// Env is the environment that may name the repository (GIT_DIR and its like), nil for none.
	Env func(string) string
	// Family, where set, knows of objects that other repositories hold too. Repo is as it was given to NewFamily.
	Family *Family

	root string
}

// NewHistory is the source that reads the history of a repository. The environment counts where no repository is named.
func NewHistory(repo string) *History {
	h := &History{Repo: repo}
	if repo == "" || repo == "." {
		h.Env = os.Getenv
	}
	return h
}

// Mode is what Result.Mode says.
func (h *History) Mode() string { return "history" }

// Root is the top of the work tree, or the git folder of a bare repository.
func (h *History) Root() string {
	if h.root == "" {
		if r, err := gitdb.Open(orDot(h.Repo), h.Env); err == nil {
			h.root = repoRoot(r)
			r.Close()
		}
	}
	return h.root
}

func orDot(repo string) string {
	if repo == "" {
		return "."
	}
	return repo
}

func repoRoot(r *gitdb.Repo) string {
	if r.WorkTree != "" {
		return r.WorkTree
	}
	return r.GitDir
}

// Scan reads the repository, and the repositories of its submodules that are kept in its git folder.
func (h *History) Scan(ctx context.Context, in *Intake) error {
	if r := h.Family.repo(h.Repo); r != nil {
		h.root = repoRoot(r)
		return gitdb.Guard(func() error { return scanHistory(ctx, in, r, h, "", 0) })
	}
	r, err := gitdb.Open(orDot(h.Repo), h.Env)
	if errors.Is(err, gitdb.ErrFormat) && r != nil {
		h.root = repoRoot(r)
		return throughGit(ctx, in, r, err)
	}
	if err != nil {
		return err
	}
	h.root = repoRoot(r)
	return gitdb.Guard(func() error { return scanHistory(ctx, in, r, nil, "", 0) })
}

// maxNested bounds submodules of submodules.
const maxNested = 8

// scanHistory reads one repository and closes it when all findings are told; of is nil but for one of a family. prefix
// stands before the paths of its findings: "" or a submodule's path and "/".
func scanHistory(ctx context.Context, in *Intake, r *gitdb.Repo, of *History, prefix string, depth int) error {
	s := newHistoryScan(ctx, in, r, prefix)
	tellProblems(in, r, prefix)
	if len(r.Shallow) > 0 {
		in.Skip(prefix+"history", fmt.Sprintf("the clone is shallow, cut at %s: git fetch --unshallow --tags (and git remote set-branches origin '*' before it, where only one branch was cloned) brings the rest", count(len(r.Shallow), "commit")))
	}
	n := r.DB.Count()
	if of != nil {
		of.Family.begin(s, of.Repo)
	}
	if s.kin == nil {
		s.marks = make([]uint8, n)
	}
	in.Expect(n)
	if err := s.readObjects(); err != nil {
		if of != nil {
			of.Family.broken = true
		}
		return err
	}
	r.DB.Rest()
	if n == 0 {
		in.Notice(Place{File: prefix + ".git", Line: 1,
			Text: "the repository holds no object: only the files of its git folder were read"})
	}
	if err := s.locate(); err != nil {
		return err
	}
	s.feed()
	s.tellModules()
	s.joinTips()
	before := in.after
	in.after = func(all []Finding) []Finding {
		if of == nil {
			defer r.Close()
		} else {
			defer of.Family.leave(of.Repo)
		}
		if before != nil {
			all = before(all)
		}
		_ = gitdb.Guard(func() error {
			all = s.since(all)
			return nil
		})
		return all
	}
	if depth < maxNested {
		return s.modules(depth)
	}
	return ctx.Err()
}

// tellProblems tells of the parts of the database that could not be opened: by their paths in the repository, and as they
// are of what it borrows.
func tellProblems(in *Intake, r *gitdb.Repo, prefix string) {
	for _, p := range r.DB.Problems {
		what, why := p[0], strings.TrimPrefix(p[1], p[0]+": ")
		switch rel, err := filepath.Rel(repoRoot(r), what); {
		case err == nil && filepath.IsLocal(rel):
			what = prefix + filepath.ToSlash(rel)
		case !filepath.IsAbs(what):
			what = prefix + what
		}
		in.Skip(what, why)
	}
}

// readObjects reads all objects, and what stands around them.
func (s *historyScan) readObjects() error {
	if err := sideBySide(s.objects, s.gitFiles); err != nil {
		return err
	}
	if err := sideBySide(s.trees, func() error { s.arrange(); return nil }); err != nil {
		return err
	}
	if s.kin != nil {
		s.learn()
	}
	return nil
}

// sideBySide runs two parts of the work side by side, and gives the first of their errors.
func sideBySide(a, b func() error) error {
	done := make(chan error)
	go func() { done <- gitdb.Guard(b) }()
	err := a()
	if other := <-done; err == nil {
		err = other
	}
	return err
}

func newHistoryScan(ctx context.Context, in *Intake, r *gitdb.Repo, prefix string) *historyScan {
	s := &historyScan{ctx: ctx, in: in, repo: r, db: r.DB, prefix: prefix, blobs: map[int]*blobRec{},
		secrets: map[rules.Secret]int32{},
		missing: map[gitdb.Hash]bool{}, told: map[toldKey]int{}, where: map[rules.Secret][]told{},
		readings: newReadings(), atTip: map[*GitPlace]bool{},
		credited: map[*GitPlace]bool{}}
	s.shelf = newShelf(s)
	return s
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// A historyScan is the reading of one repository.
type historyScan struct {
	ctx    context.Context
	in     *Intake
	repo   *gitdb.Repo
	db     *gitdb.DB
	prefix string
	held   bool // it is a pack out of an archive: objects without refs and files

	mostUnfolded int64 // bytes of objects; 0 for the database's own limit

	kin   *kin    // nil but for a repository of a family
	marks []uint8 // of every object, by number

	mu          sync.Mutex
	blobs       map[int]*blobRec // those to locate, by number
	secrets     map[rules.Secret]int32
	secretTexts []rules.Secret // by those numbers
	commits     []commitRec
	missing     map[gitdb.Hash]bool
	lost        int // more missing objects than missing holds

	graph  *treeGraph
	refs   []gitdb.Ref
	byID   map[gitdb.Hash]int // of commits, by id
	order  []int              // of commits, oldest first
	staged map[gitdb.Hash]string
	isNew  func(*Finding) bool     // nil where every finding counts
	place  []int                   // of each commit, its position in order
	where  map[rules.Secret][]told // where each credential was kept
	absent []gitdb.Hash            // of the index, and not there
	// modulePaths are those of the index at which a submodule stands.
	modulePaths []string
	readings    *readings
	readers     sync.Pool // of *treeReader
	shelf       *shelf
	tipTrees    []string           // Blob.Tree of the tips that were judged
	atTip       map[*GitPlace]bool // the places of their files
	credited    map[*GitPlace]bool // those of findings that only they tell

	also map[int][]otherFile // by commit in order
	told map[toldKey]int     // the oldest commit known to bring a credential to a path, in order
}

// Marks of objects.
const (
	markHits     = 1 << iota // credentials were found in it
	markMentions             // it has to do with Unleash, or an object that it was unfolded from has
	markWhole                // what is unfolded from it has to be read whole: an archive, a text in another encoding, a value to place
	markSeen                 // it was read
)

// A blobRec is a blob in which there is something to place.
type blobRec struct {
	id      gitdb.Hash
	n       int
	secrets []int32  // what it holds, by historyScan.secrets
	placed  []uint64 // hashes of values that only their place may make credentials
	trouble bool     // not everything of it could be read: it is opened again when its path is known, to tell
	pointer bool     // it stands for a large file that is not here
	at      []place  // where commits have it, oldest first
	ref     string   // a ref that names it, "" for none
	staged  string   // its path in the index, "" for none
}

// A place is a path at which a commit brings a blob in.
type place struct {
	path   string
	commit int // in historyScan.order
}

// A commitRec is what is kept of a commit.
type commitRec struct {
	id, tree     gitdb.Hash
	parents      []gitdb.Hash
	author, when int64 // seconds
	zone         int   // of the author date, seconds east
	reach        uint8 // reachFrom bits
}

// secretID is the number of a secret among those of this repository. s.mu is held.
func (s *historyScan) secretID(v rules.Secret) int32 {
	id, ok := s.secrets[v]
	if !ok {
		id = int32(len(s.secrets))
		s.secrets[v] = id
		s.secretTexts = append(s.secretTexts, v)
	}
	return id
}

// objects reads all blobs, commits and tags.
func (s *historyScan) objects() error {
	return s.each(func(t gitdb.Type) bool { return t != gitdb.Tree }, func(k *worker, v *gitdb.Visit) {
		s.marks[v.N] |= markSeen
		switch v.Type {
		case gitdb.Blob:
			s.blob(k, v)
			s.in.Count(0, 1, 0, int64(len(v.Data)))
		case gitdb.Commit:
			s.commit(k, v)
			s.in.Count(0, 1, 1, int64(len(v.Data)))
		case gitdb.Tag:
			s.tag(k, v)
			s.in.Count(0, 1, 0, int64(len(v.Data)))
		}
	})
}

// each visits objects with a worker at hand.
func (s *historyScan) each(types func(gitdb.Type) bool, visit func(*worker, *gitdb.Visit)) error {
	o := gitdb.EachOptions{
		Types: types,
		Jobs:  s.in.Jobs(),
		Skip:  func(what, why string) { s.in.Skip(s.prefix+what, why) },

		MaxUnfolded: s.mostUnfolded,
	}
	if s.kin != nil {
		o.Leave = s.kin.leave
		o.Skip = func(what, why string) {
			s.kin.doubt.Store(true)
			s.in.Skip(s.prefix+what, why)
		}
	}
	err := s.db.Each(s.ctx, o, func(v *gitdb.Visit) error {
		k := workers.Get().(*worker)
		defer workers.Put(k)
		if s.kin == nil {
			visit(k, v)
			return nil
		}
		v.N = int(s.kin.numbers[v.N])
		if v.Derived {
			v.Base = int(s.kin.numbers[v.Base])
		}
		told := k.told
		visit(k, v)
		if k.told == told {
			s.kin.note(v)
		}
		return nil
	})
	if errors.Is(err, context.Canceled) && s.ctx.Err() == nil {
		return nil
	}
	return err
}

// gitPlace is a GitPlace for text that is not a blob's.
func gitPlace(where string) *GitPlace { return &GitPlace{Where: where} }

// text hands a text that is no blob to the intake, if there is anything in it.
func (s *historyScan) text(k *worker, path, where string, text []byte, g *GitPlace) {
	if len(text) == 0 {
		return
	}
	p := s.looker(k).Content(path, text)
	if len(p.Secrets) == 0 && !(p.Mentioned && len(p.Placed) > 0) && !p.Trouble {
		return
	}
	if g == nil {
		g = gitPlace(where)
	}
	g.Where = where
	k.told++
	s.in.Blob(Blob{Path: s.prefix + path, Text: append([]byte(nil), text...), Git: g, Tree: "text:" + s.prefix + path})
}

// commit keeps a commit and reads its text.
func (s *historyScan) commit(k *worker, v *gitdb.Visit) {
	c, err := gitdb.ParseCommit(v.ID, v.Data)
	if err != nil {
		k.told++
		s.in.Skip(s.prefix+"commit "+v.ID.String(), err.Error())
	}
	author, when := gitdb.When(c.Author), gitdb.When(c.Committer)
	_, zone := author.Zone()
	rec := commitRec{id: v.ID, tree: c.Tree, parents: append([]gitdb.Hash(nil), c.Parents...), author: author.Unix(),
		when: when.Unix(), zone: zone}
	s.mu.Lock()
	s.commits = append(s.commits, rec)
	s.mu.Unlock()
	s.commitWords(k, &rec, v.Data)
}

// commitWords reads the text of a commit: its message, who made it, and whatever else its head says.
func (s *historyScan) commitWords(k *worker, rec *commitRec, data []byte) {
	if !s.anything(k, data) {
		return
	}
	c, err := gitdb.ParseCommit(rec.id, data)
	if err != nil {
		return // told by whoever read it
	}
	path := ".git/commits/" + rec.id.String()
	g := func() *GitPlace {
		return &GitPlace{Commit: rec.id.String(), Date: dateOf(rec)}
	}
	s.text(k, path, "commit-message", c.Message, g())
	s.text(k, path+"/identity", "identity", identities(c.Author, c.Committer), g())
	s.text(k, path+"/headers", "commit-message", otherHeaders(c.Headers), g())
}

// tag reads the text of an annotated tag.
func (s *historyScan) tag(k *worker, v *gitdb.Visit) {
	if !s.anything(k, v.Data) {
		return
	}
	t, err := gitdb.ParseTag(v.Data)
	if err != nil {
		k.told++
		s.in.Skip(s.prefix+"tag "+v.ID.String(), err.Error())
	}
	path := ".git/tags/" + v.ID.String()
	s.text(k, path, "tag-message", t.Message, nil)
	s.text(k, path+"/identity", "identity", t.Tagger, nil)
	s.text(k, path+"/headers", "tag-message", otherHeaders(t.Headers), nil)
}

// anything reports whether a whole object is worth taking apart: it is asked of every commit.
func (s *historyScan) anything(k *worker, text []byte) bool {
	if open.IsSpecial(text) {
		return true
	}
	p := s.looker(k).Text("commit", text)
	return len(p.Secrets) > 0 || len(p.Placed) > 0
}

func identities(author, committer []byte) []byte {
	text := append([]byte(nil), author...)
	if string(author) != string(committer) {
		text = append(append(text, '\n'), committer...)
	}
	return text
}

// otherHeaders are the lines of a head that gitdb does not take apart: signatures, encodings, whatever else was put
// there.
func otherHeaders(head []byte) []byte {
	var b []byte
	for line := range strings.SplitSeq(string(head), "\n") {
		key, _, _ := strings.Cut(line, " ")
		switch key {
		case "tree", "parent", "author", "committer", "object", "type", "tagger":
			continue
		}
		b = append(append(b, line...), '\n')
	}
	return b
}
