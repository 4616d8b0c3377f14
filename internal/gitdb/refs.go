package gitdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Ref is a name of an object. A symbolic one names another ref.
type Ref struct {
	Name   string // refs/heads/main, HEAD, worktrees/x/HEAD
	ID     Hash   // zero where it leads nowhere
	Symref string // the ref that it names, "" of others
}

// pseudoRefs are the files next to HEAD that name objects.
var pseudoRefs = []string{"HEAD", "ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
	"REBASE_HEAD",
	"BISECT_HEAD", "BISECT_EXPECTED_REV", "AUTO_MERGE", "NOTES_MERGE_REF", "NOTES_MERGE_PARTIAL"}

// Refs lists every ref of the repository and of its linked work trees, in order of names. Replacement refs are listed
// as any other, and never obeyed. What could not be read is told in the error, with the refs that could.
func (r *Repo) Refs() ([]Ref, error) {
	if r.Reftable {
		return r.tables()
	}
	loose := map[string]Ref{} // they stand before packed ones of the same name
	var errs []error
	packed, err := r.packedRefs()
	if err != nil {
		errs = append(errs, err)
	}
	add := func(prefix, dir string) {
		for _, name := range pseudoRefs {
			text, err := readSmall(filepath.Join(dir, name), 16<<20)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				errs = append(errs, err)
			}
			if ref, ok := parseRef(prefix+name, string(text)); ok && err == nil {
				loose[ref.Name] = ref
			}
		}
		root := filepath.Join(dir, "refs")
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				if !errors.Is(err, os.ErrNotExist) {
					errs = append(errs, err)
				}
				return nil
			}
			if d.IsDir() || strings.HasSuffix(path, ".lock") {
				return nil
			}
			rel, err := filepath.Rel(dir, path)
			if err != nil {
				return nil
			}
			text, err := readSmall(path, 1<<16)
			if err != nil {
				errs = append(errs, err)
				return nil
			}
			if ref, ok := parseRef(prefix+filepath.ToSlash(rel), string(text)); ok {
				loose[ref.Name] = ref
			}
			return nil
		})
		if err != nil {
			errs = append(errs, err)
		}
	}
	add("", r.CommonDir)
	if r.GitDir != r.CommonDir {
		add("", r.GitDir)
	}
	for _, dir := range r.Worktrees() {
		add("worktrees/"+filepath.Base(dir)+"/", dir)
	}
	return together(packed, loose), errors.Join(errs...)
}

// together is packed and loose refs by name, symbolic ones with the object that they lead to.
func together(packed []Ref, loose map[string]Ref) []Ref {
	byName := func(a, b Ref) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(packed, byName) { // git writes them sorted
		slices.SortStableFunc(packed, byName)
	}
	refs := make([]Ref, 0, len(packed)+len(loose))
	for i, ref := range packed {
		_, over := loose[ref.Name]
		if !over && (i+1 == len(packed) || packed[i+1].Name != ref.Name) {
			refs = append(refs, ref)
		}
	}
	for _, ref := range loose {
		refs = append(refs, ref)
	}
	if len(loose) > 0 {
		slices.SortFunc(refs, byName)
	}
	find := func(name string) (Ref, bool) {
		i, ok := slices.BinarySearchFunc(refs, name, func(r Ref, name string) int { return strings.Compare(r.Name, name) })
		if !ok {
			return Ref{}, false
		}
		return refs[i], true
	}
	for i := range refs {
		ref := &refs[i]
		for n := 0; ref.Symref != "" && n < 5; n++ {
			to, ok := find(ref.Symref)
			if !ok {
				break
			}
			if to.Symref == "" {
				ref.ID = to.ID
				break
			}
			ref.Symref = to.Symref
		}
	}
	return refs
}

// Worktrees are the git folders of the linked work trees.
func (r *Repo) Worktrees() []string {
	root := filepath.Join(r.CommonDir, "worktrees")
	names, _ := os.ReadDir(root)
	var dirs []string
	for _, n := range names {
		dirs = append(dirs, filepath.Join(root, n.Name()))
	}
	return dirs
}

func parseRef(name, text string) (Ref, bool) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimRight(line, "\r \t")
	if to, ok := strings.CutPrefix(line, "ref:"); ok {
		return Ref{Name: name, Symref: strings.TrimSpace(to)}, true
	}
	id, _, _ := strings.Cut(line, "\t") // FETCH_HEAD says more behind it
	h, err := ParseHash(strings.TrimSpace(id))
	return Ref{Name: name, ID: h}, err == nil
}

func (r *Repo) packedRefs() ([]Ref, error) {
	text, err := readSmall(filepath.Join(r.CommonDir, "packed-refs"), 1<<30)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	return parsePackedRefs(string(text)), nil
}

func parsePackedRefs(text string) []Ref {
	var refs []Ref
	for line := range strings.SplitSeq(text, "\n") {
		id, name, ok := strings.Cut(strings.TrimRight(line, "\r"), " ")
		if !ok || line[0] == '#' || line[0] == '^' {
			continue
		}
		if h, err := ParseHash(id); err == nil && name != "" {
			refs = append(refs, Ref{Name: name, ID: h})
		}
	}
	return refs
}

// ErrNoRef says that a name means no object.
var ErrNoRef = errors.New("no such commit, branch or tag")

// readRef is the object that a full ref name means.
func (r *Repo) readRef(name string) (Hash, error) {
	for range 6 {
		if strings.Contains(name, "..") || strings.HasPrefix(name, "/") {
			return Hash{}, ErrNoRef
		}
		ref, ok := r.oneRef(name)
		if !ok {
			return Hash{}, ErrNoRef
		}
		if ref.Symref == "" {
			return ref.ID, nil
		}
		name = ref.Symref
	}
	return Hash{}, ErrNoRef
}

func (r *Repo) oneRef(name string) (Ref, bool) {
	if r.Reftable {
		refs, _ := r.tables()
		for _, ref := range refs {
			if ref.Name == name {
				return ref, true
			}
		}
		return Ref{}, false
	}
	dirs := []string{r.GitDir, r.CommonDir}
	if r.GitDir == r.CommonDir {
		dirs = dirs[:1]
	}
	for _, dir := range dirs {
		if text, err := readSmall(filepath.Join(dir, filepath.FromSlash(name)), 16<<20); err == nil {
			if ref, ok := parseRef(name, string(text)); ok {
				return ref, true
			}
		}
	}
	if !strings.HasPrefix(name, "refs/") {
		return Ref{}, false
	}
	packed, _ := r.packedRefs()
	for _, ref := range packed {
		if ref.Name == name {
			return ref, true
		}
	}
	return Ref{}, false
}

// Head is the commit of HEAD. ok is false where HEAD names a branch without a commit.
func (r *Repo) Head() (id Hash, ok bool, err error) {
	ref, found := r.oneRef("HEAD")
	if !found {
		return Hash{}, false, fmt.Errorf("%s: HEAD cannot be read", r.GitDir)
	}
	if ref.Symref == "" {
		return ref.ID, true, nil
	}
	id, err = r.readRef(ref.Symref)
	if err != nil {
		return Hash{}, false, nil
	}
	return id, true, nil
}

// MergeHeads are the commits that a merge in the making joins to HEAD, none where there is no such merge.
func (r *Repo) MergeHeads() []Hash {
	text, err := readSmall(filepath.Join(r.GitDir, "MERGE_HEAD"), 1<<20)
	if err != nil {
		return nil
	}
	var ids []Hash
	for line := range strings.SplitSeq(string(text), "\n") {
		if id, err := ParseHash(strings.TrimSpace(line)); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// HeadName is the branch that HEAD names (refs/heads/main), "" of a detached HEAD.
func (r *Repo) HeadName() string {
	ref, _ := r.oneRef("HEAD")
	return ref.Symref
}

// Resolve is the object that rev means: an id or the begin of one, a ref or the usual short forms of it, HEAD or @,
// with ^, ^N, ~N, ^{…} and @{N} behind it.
func (r *Repo) Resolve(rev string) (Hash, error) {
	base := rev
	if i := strings.IndexAny(rev, "^~"); i >= 0 {
		base = rev[:i]
	}
	if i := strings.Index(base, "@{"); i >= 0 {
		base = base[:i]
	}
	suffix := rev[len(base):]
	if base == "" || base == "@" {
		base = "HEAD"
	}
	var id Hash
	var err error
	if n, rest, ok := reflogSuffix(suffix); ok {
		suffix = rest
		id, err = r.fromReflog(base, n)
	} else {
		id, err = r.resolveName(base)
	}
	if err != nil {
		return Hash{}, fmt.Errorf("%s: %w", rev, err)
	}
	if id, err = r.walkSuffix(id, suffix); err != nil {
		return Hash{}, fmt.Errorf("%s: %w", rev, err)
	}
	return id, nil
}

func reflogSuffix(s string) (n int, rest string, ok bool) {
	if !strings.HasPrefix(s, "@{") {
		return 0, s, false
	}
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return 0, s, false
	}
	n, err := strconv.Atoi(s[2:end])
	if err != nil || n < 0 {
		return 0, s, false
	}
	return n, s[end+1:], true
}

func (r *Repo) resolveName(name string) (Hash, error) {
	if id, err := ParseHash(strings.ToLower(name)); err == nil && int(id.n) == r.DB.hashLen {
		return id, nil
	}
	for _, form := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s",
		"refs/remotes/%s/HEAD"} {
		if id, err := r.readRef(fmt.Sprintf(form, name)); err == nil && !id.IsZero() {
			return id, nil
		}
	}
	ids := r.DB.Abbreviated(strings.ToLower(name), 50)
	if len(ids) > 1 {
		// Where a commit is asked for, the only commit among them is meant.
		var commits []Hash
		for _, id := range ids {
			if t, _, err := r.DB.Read(id); err == nil && (t == Commit || t == Tag) {
				commits = append(commits, id)
			}
		}
		ids = commits
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return Hash{}, ErrNoRef
	}
	return Hash{}, errors.New("the abbreviated id means several objects")
}

func (r *Repo) walkSuffix(id Hash, s string) (Hash, error) {
	for s != "" {
		op := s[0]
		s = s[1:]
		if op == '^' && strings.HasPrefix(s, "{") {
			end := strings.IndexByte(s, '}')
			if end < 0 {
				return Hash{}, ErrNoRef
			}
			s = s[end+1:]
			to, _, err := r.Peel(id)
			if err != nil {
				return Hash{}, err
			}
			id = to
			continue
		}
		if op != '^' && op != '~' {
			return Hash{}, ErrNoRef
		}
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		n := 1
		if i > 0 {
			v, err := strconv.Atoi(s[:i])
			if err != nil {
				return Hash{}, ErrNoRef
			}
			n = v
		}
		s = s[i:]
		nth, times := n, 1
		if op == '~' {
			nth, times = 1, n
		}
		for range times {
			c, err := r.ReadCommit(id)
			if err != nil {
				return Hash{}, err
			}
			if nth == 0 {
				id = c.ID
				continue
			}
			if nth > len(c.Parents) {
				return Hash{}, fmt.Errorf("%w: %v has no parent %d", ErrNoRef, c.ID, nth)
			}
			id = c.Parents[nth-1]
		}
	}
	return id, nil
}
