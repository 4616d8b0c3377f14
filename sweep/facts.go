package sweep

import (
	"os"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// Facts are what one repository says, without a secret: what its state file holds. Its fields are for the JSON that it is
// kept and sent as.
type Facts struct {
	Version    int             `json:"version"`
	Tool       string          `json:"tool"`
	Repository string          `json:"repository"`     // as it was listed, once it is Named as it is called
	Path       string          `json:"path,omitempty"` // as it was listed, once it is Named
	Home       home            `json:"home"`
	Key        string          `json:"key"`               // names the key that sealed it
	Digest     string          `json:"digest"`            // of what the repository was when it was read, under the key
	Stamp      string          `json:"stamp,omitempty"`   // of it too, see stampOf
	Knowing    string          `json:"knowing,omitempty"` // see Options.Knowing
	Files      int             `json:"files"`
	Bytes      int64           `json:"bytes"`
	Objects    int             `json:"objects"`
	Commits    int             `json:"commits"`
	Ignored    int             `json:"ignored"`
	Linked     int             `json:"linked,omitempty"`
	Elsewhere  int             `json:"elsewhere"`
	Skipped    []finding.Skip  `json:"skipped,omitempty"`
	Notices    []finding.Place `json:"notices,omitempty"`
	Records    []wireRecord    `json:"records,omitempty"`
	Settings   []wireFinding   `json:"settings,omitempty"` // findings without a credential
}

// A home is where a repository came from and where it stands.
type home struct {
	Remote   string `json:"remote,omitempty"` // what its remote calls it, see gitdb.RemoteName
	Web      string `json:"web,omitempty"`    // see gitdb.WebAddress
	Revision string `json:"revision,omitempty"`
	Branch   string `json:"branch,omitempty"`
}

// homeOf asks a repository, the empty home where it says nothing.
func homeOf(name string) home {
	// A folder or an archive is none, whatever repository it stands in.
	if info, err := os.Stat(name); err != nil || repositoryKind(name, info) != worktree && repositoryKind(name, info) != bare {
		return home{}
	}
	r, err := gitdb.Open(name, nil)
	if err != nil {
		return home{}
	}
	defer r.Close()
	url := r.Config.Remote()
	h := home{Remote: finding.Discreet(gitdb.RemoteName(url)), Web: finding.Discreet(gitdb.WebAddress(url))}
	if branch := r.HeadName(); strings.HasPrefix(branch, "refs/heads/") {
		h.Branch = finding.Discreet(strings.TrimPrefix(branch, "refs/heads/"))
	}
	if id, ok, err := r.Head(); err == nil && ok {
		h.Revision = id.String()
	}
	return h
}

// count adds what a scan read. The history of a work tree tells of what the tree lacks too.
func (f *Facts) count(r *finding.Result) {
	c := r.Coverage
	f.Files += c.Files
	f.Bytes += c.Bytes
	f.Objects += c.Objects
	f.Commits += c.Commits
	f.Ignored += c.Ignored
	f.Linked += c.Linked
	f.Elsewhere = max(f.Elsewhere, c.Elsewhere)
	f.Skipped = append(f.Skipped, c.Skipped...)
	for _, n := range r.Notices {
		if !slices.Contains(f.Notices, n) {
			f.Notices = append(f.Notices, n)
		}
	}
}

// A found is a finding of one scan with the record behind it, nil of a setting without a credential.
type found struct {
	finding finding.Finding
	record  *scanner.Record
}

// join adds what another scan of the same repository found. What a history finds at a path where the work tree has the
// same credential is that finding: it only tells since when.
func join(list []found, res *finding.Result, rest []*scanner.Record) []found {
	type key struct {
		file, secret string
		line         int
	}
	keyOf := func(f *finding.Finding) key {
		k := key{file: f.File, secret: f.Secret.Reveal()}
		if f.Secret.IsZero() {
			k.secret, k.line = string(f.Rule)+f.Fingerprint, f.Line
		}
		return k
	}
	at := map[key][]int{}
	for i := range list {
		if f := &list[i].finding; f.Git == nil {
			at[keyOf(f)] = append(at[keyOf(f)], i)
		}
	}
	add := func(f finding.Finding) {
		r, _ := f.Origin.(*scanner.Record)
		f.Origin = nil
		if f.Git != nil && f.Git.InHead && f.Git.Where == "blob" {
			if same := at[keyOf(&f)]; len(same) > 0 {
				for _, i := range same {
					list[i].finding.Git = f.Git
				}
				if r == nil {
					return
				}
				c := *r
				c.Context = true // what it says there counts all the same
				r = &c
			}
		}
		list = append(list, found{f, r})
	}
	for _, f := range res.Findings {
		add(f)
	}
	for _, f := range res.Suppressed {
		add(f)
	}
	for _, r := range rest {
		list = append(list, found{r.Finding, r})
	}
	return list
}

// inside makes the paths of what stands in an archive relative to the archive.
func (f *found) inside() {
	f.finding.File = insideOf(f.finding.File)
	for _, list := range [][]finding.Place{f.finding.Evidence, f.finding.Related} {
		for i := range list {
			list[i].File = insideOf(list[i].File)
		}
	}
	if f.record == nil {
		return
	}
	s := &f.record.Site
	s.File = insideOf(s.File)
	for i := range s.Evidence {
		s.Evidence[i].File = insideOf(s.Evidence[i].File)
		inside(s.Evidence[i].Chain)
	}
	for i := range s.Uses {
		s.Uses[i].File = insideOf(s.Uses[i].File)
		inside(s.Uses[i].Chain)
	}
	for _, list := range [][]rules.Exposure{s.Exposures, s.URLs} {
		for i := range list {
			list[i].File = insideOf(list[i].File)
			inside(list[i].Chain)
		}
	}
}

func inside(chain []rules.Link) {
	for i := range chain {
		chain[i].File = insideOf(chain[i].File)
	}
}

func insideOf(file string) string {
	if _, inner, ok := strings.Cut(file, "!"); ok {
		return inner
	}
	return file
}
