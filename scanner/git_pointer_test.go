package scanner_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// TestPointersAndSubmodulesOfCommits stages, and commits, what stands for content in another store. What is in the git
// folder is read, the rest is told in a notice, and nothing of it makes a scan incomplete.
func TestPointersAndSubmodulesOfCommits(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for _, row := range []struct {
		name    string
		prepare func(r *gitRepo)
		want    string // findings
		told    string
		history string // what the whole history tells, where it is another
	}{
		{"a large file that is here", func(r *gitRepo) {
			r.write("big.env", "version https://git-lfs.github.com/spec/v1\noid sha256:"+id+"\nsize 70\n")
			r.write(".git/lfs/objects/01/23/"+id, "x\nTOKEN="+madeUp("large")+"\n")
		}, "big.env large", "", ""},
		{"a large file that is not", func(r *gitRepo) {
			r.write("big.env", "version https://git-lfs.github.com/spec/v1\noid sha256:"+id+"\nsize 70\n")
		}, "", "1 pointer to a large file has no object here: big.env", ""},
		{"an annexed one", func(r *gitRepo) {
			r.write("big.bin", "/annex/objects/SHA256E-s70--"+id+".bin\n")
		}, "", "1 pointer to a large file has no object here: big.bin", ""},
		{"submodules", func(r *gitRepo) {
			r.git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",mod1")
			r.git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("2", 40)+",dir/mod2")
		}, "", "2 submodules are repositories of their own: what they record was not read: dir/mod2, mod1",
			"2 submodules are not here: dir/mod2, mod1"},
	} {
		r := newGitRepo(t)
		r.write("a.txt", "x\n")
		base := r.commit("x")
		row.prepare(r)
		r.git("add", "a.txt")
		for _, name := range []string{"big.env", "big.bin"} {
			_, _ = r.try("", "add", name)
		}
		notice := row.told
		check := func(what string, src scanner.Source) {
			res, err := scanner.Scan(context.Background(), src, scanner.Options{Public: true})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(told(res, "large"), ", "); got != row.want {
				t.Errorf("%s, %s: found %q, want %q", row.name, what, got, row.want)
			}
			if !res.Complete() {
				t.Errorf("%s, %s: incomplete: %v", row.name, what, res.Coverage.Skipped)
			}
			if notice != "" && !slices.ContainsFunc(res.Notices, func(p finding.Place) bool {
				return strings.HasPrefix(p.Text, notice)
			}) {
				t.Errorf("%s, %s: told %v, want %q", row.name, what, res.Notices, notice)
			}
		}
		check("staged", &scanner.Staged{Dir: r.dir})
		r.git("commit", "-q", "-m", "y")
		check("range", scanner.NewRange(r.dir, base+"..HEAD"))
		if row.history != "" {
			notice = row.history
		}
		if row.name != "a large file that is here" { // the history finds it at its place in the git folder
			check("history", &scanner.History{Repo: r.dir})
			bare := t.TempDir()
			r.git("clone", "-q", "--bare", ".", bare)
			check("bare history", &scanner.History{Repo: bare})
		}
	}
}
