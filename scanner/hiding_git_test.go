package scanner_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// filesBelow are the files of a folder, for an archive.
func filesBelow(t *testing.T, dir, prefix string) (files []packed) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files = append(files, packed{prefix + filepath.ToSlash(rel), string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestRepositoriesInArchives holds that what only the history of a repository holds is found in every form in which
// repositories are kept and sent: a bundle, a bare repository, the .git folder of a backup, packed or not.
func TestRepositoriesInArchives(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, "init", "-q", "-b", "main")
	write(t, dir, "web/a.env", "x\nTOKEN="+token(1)+"\n")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "first")
	write(t, dir, "web/a.env", "nothing any more\n")
	git(t, dir, "commit", "-qam", "second")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "a message with "+token(2))
	loose := filesBelow(t, filepath.Join(dir, ".git"), ".git/")
	out := t.TempDir()
	git(t, dir, "bundle", "create", "-q", filepath.Join(out, "a.bundle"), "--all")
	git(t, dir, "clone", "-q", "--bare", "--no-local", dir, filepath.Join(out, "a.git"))
	bundle, err := os.ReadFile(filepath.Join(out, "a.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	bare := filesBelow(t, filepath.Join(out, "a.git"), "a.git/")
	pack := ""
	for _, f := range bare {
		if strings.HasSuffix(f.name, ".pack") {
			pack = f.name
		}
	}
	if pack == "" {
		t.Fatal("the bare repository has no pack")
	}
	message := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
	blob := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD~2:web/a.env"))
	inPack := func(path string) []string {
		return []string{path + "!.git/commits/" + message + ":1", path + "!web/a.env:2"}
	}
	inObjects := func(path string) []string {
		// The subject of the latest commit stands in other files too.
		want := []string{path + "!.git/COMMIT_EDITMSG:1", path + "!.git/logs/HEAD:3", path + "!.git/logs/refs/heads/main:3",
			path + "!.git/objects/" + blob[:2] + "/" + blob[2:] + ":2",
			path + "!.git/objects/" + message[:2] + "/" + message[2:] + ":6"}
		slices.Sort(want)
		return want
	}
	for _, row := range []struct {
		path, content string
		want          []string
	}{
		{"a.bundle", string(bundle), inPack("a.bundle")},
		{"a.zip", zipped(t, packed{"b/a.bundle", string(bundle)}), inPack("a.zip!b/a.bundle")},
		{"bare.tar.gz", gzipped(tarred(t, bare...)), inPack("bare.tar.gz!" + pack)},
		{"site.tar.gz", gzipped(tarred(t, loose...)), inObjects("site.tar.gz")},
		{"site.zip", zipped(t, loose...), inObjects("site.zip")},
	} {
		t.Run(row.path, func(t *testing.T) {
			res, err := scanner.Scan(context.Background(), oneBlob{scanner.Blob{Path: row.path, Text: []byte(row.content)}},
				scanner.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range res.Findings {
				got = append(got, fmt.Sprintf("%s:%d", f.File, f.Line))
			}
			same(t, "findings", got, row.want)
			if !res.Complete() {
				t.Errorf("not read: %v", res.Coverage.Skipped)
			}
		})
	}
	t.Run("bare repository in a folder", func(t *testing.T) {
		got, skips := scan(t, scanner.NewTree(out), scanner.Options{})
		for i := range got {
			got[i] = got[i][:strings.LastIndex(got[i], ":")]
		}
		same(t, "findings", got, append(inPack("a.bundle"), inPack(pack)...))
		same(t, "not read", skips, nil)
	})
	t.Run("bundle in a history", func(t *testing.T) {
		outer := t.TempDir()
		git(t, outer, "init", "-q")
		write(t, outer, "backup/a.bundle", string(bundle))
		git(t, outer, "add", ".")
		git(t, outer, "commit", "-qm", "backup")
		res, err := scanner.Scan(context.Background(), scanner.NewHistory(outer), scanner.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range res.Findings {
			got = append(got, fmt.Sprintf("%s:%d", f.File, f.Line))
		}
		same(t, "findings", got, inPack("backup/a.bundle"))
	})
}
