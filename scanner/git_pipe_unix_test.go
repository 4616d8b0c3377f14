//go:build unix

package scanner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestPipesInGit puts a named pipe in the place of each file of a repository, one after the other. Nobody writes to it: to
// open it would wait for ever. The scan ends, and either says which file that is or did not need it.
func TestPipesInGit(t *testing.T) {
	needed := []string{"HEAD", "index", "config", "packed-refs", "refs/heads/", "objects/"}
	const unused = "objects/info/packs" // it serves those who fetch over plain HTTP
	made := newGitRepo(t, "-b", "main")
	made.write("a.env", "UNLEASH_API_TOKEN="+numbered(1)+"\n")
	made.commit("a token")
	made.git("repack", "-adq")
	made.write("b.env", "UNLEASH_API_TOKEN="+numbered(2)+"\n")
	made.commit("another")
	made.git("branch", "packed")
	made.git("pack-refs", "--all")
	made.git("branch", "loose")
	made.overwrite("objects/info/alternates", "\n")
	made.overwrite("shallow", "")
	var names []string
	root := filepath.Join(made.dir, ".git")
	if err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.Contains(p, "hooks") {
			rel, _ := filepath.Rel(root, p)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if testing.Short() && i%4 > 0 {
			continue
		}
		path := filepath.Join(root, filepath.FromSlash(name))
		kept := path + ".kept"
		if err := os.Rename(path, kept); err != nil {
			t.Fatal(err)
		}
		mkfifo(t, path)
		for mode, src := range map[string]scanner.Source{"git": scanner.NewHistory(made.dir), "staged": scanner.NewStaged(made.dir),
			"scan": scanner.NewTree(made.dir)} {
			res, err := scannedInTime(t, src)
			told := ""
			if err != nil {
				told = err.Error()
			} else {
				for _, s := range res.Coverage.Skipped {
					told += s.What + ": " + s.Why + "\n"
				}
			}
			base := strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".idx")
			for _, n := range needed {
				if mode == "git" && name != unused && strings.HasPrefix(name, n) && !strings.Contains(told, base) {
					t.Errorf("%s with a pipe at .git/%s tells %q", mode, name, told)
				}
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(kept, path); err != nil {
			t.Fatal(err)
		}
	}
}
