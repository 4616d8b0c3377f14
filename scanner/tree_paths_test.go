package scanner_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestOneFileHasOnePath scans the same files from several folders, named in several ways.
func TestOneFileHasOnePath(t *testing.T) {
	top := t.TempDir()
	repo, plain := filepath.Join(top, "repo"), filepath.Join(top, "plain")
	write(t, repo, "web/a.env", token(1))
	write(t, repo, "web/deep/b.env", token(2))
	write(t, repo, "api/c.env", token(3))
	git(t, repo, "init", "-q")
	git(t, repo, "add", ".")
	write(t, repo, "nested/d.env", token(4))
	git(t, filepath.Join(repo, "nested"), "init", "-q")
	write(t, plain, "web/a.env", token(1))
	write(t, plain, "b.env", token(2))
	web := []string{"web/a.env:1:1", "web/deep/b.env:1:1"}
	rows := []struct {
		name, cwd string
		paths     []string
		want      []string
	}{
		{"a folder", "repo", []string{"web"}, web},
		{"a file", "repo", []string{"web/a.env"}, web[:1]},
		{"two folders", "repo", []string{"web", "api"}, []string{"api/c.env:1:1", web[0], web[1]}},
		{"the current folder", "repo/web", nil, web},
		{"the folder below", "repo/web", []string{"deep"}, web[1:]},
		{"the folder beside", "repo/web", []string{"../api"}, []string{"api/c.env:1:1"}},
		{"a file from above", "", []string{"repo/web/a.env"}, web[:1]},
		{"a folder by its whole path", "plain", []string{filepath.Join(repo, "web")}, web},
		{"a repository in the repository", "repo", []string{"nested"}, []string{"nested/d.env:1:1"}},
		{"the repository inside by itself", "repo/nested", nil, []string{"d.env:1:1"}},
		{"outside of a repository: a folder", "", []string{"plain"}, []string{"b.env:1:1", "web/a.env:1:1"}},
		{"outside of a repository: a file", "", []string{"plain/web/a.env"}, []string{"plain/web/a.env:1:1"}},
		{"outside of a repository: here", "plain", nil, []string{"b.env:1:1", "web/a.env:1:1"}},
		{"outside of a repository: a file above", "plain/web", []string{"../b.env"}, []string{"../b.env:1:1"}},
		{"outside of a repository: two", "", []string{"plain/web", "plain/b.env"},
			[]string{"plain/b.env:1:1", "plain/web/a.env:1:1"}},
		{"in a repository and outside", "", []string{"repo/web/a.env", "plain/b.env"},
			[]string{"plain/b.env:1:1", "repo/web/a.env:1:1"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Chdir(filepath.Join(top, filepath.FromSlash(row.cwd)))
			got, skips := scan(t, scanner.NewTree(row.paths...), scanner.Options{})
			same(t, "findings", got, row.want)
			same(t, "skips", skips, nil)
		})
	}
	if runtime.GOOS == "windows" {
		return
	}
	t.Run("over a link", func(t *testing.T) {
		link := filepath.Join(top, "link")
		if err := os.Symlink(filepath.Join(repo, "web"), link); err != nil {
			t.Fatal(err)
		}
		t.Chdir(top)
		got, _ := scan(t, scanner.NewTree("link/a.env"), scanner.Options{})
		same(t, "findings", got, web[:1])
	})
}
