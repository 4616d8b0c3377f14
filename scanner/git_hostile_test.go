package scanner_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// A hostileRepo damages a repository that holds a token, and says what has to be told.
type hostileRepo struct {
	name string
	make func(r *gitRepo)
	told string // a part of what is listed as not read, "" where everything can be read
	lost bool   // the token cannot be found any more
}

// overwrite puts a text where a file of the repository is.
func (r *gitRepo) overwrite(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, ".git", filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	_ = os.Chmod(path, 0o644)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// indexOfPack is the index of the only pack, and its name in .git.
func (r *gitRepo) indexOfPack() (name string, data []byte) {
	r.t.Helper()
	list, err := filepath.Glob(filepath.Join(r.dir, ".git", "objects", "pack", "*.idx"))
	if err != nil || len(list) != 1 {
		r.t.Fatal(list, err)
	}
	if data, err = os.ReadFile(list[0]); err != nil {
		r.t.Fatal(err)
	}
	return "objects/pack/" + filepath.Base(list[0]), data
}

// change rewrites the index of the only pack.
func change(f func(idx []byte) []byte) func(r *gitRepo) {
	return func(r *gitRepo) {
		r.git("repack", "-adq")
		name, data := r.indexOfPack()
		r.overwrite(name, string(f(data)))
	}
}

// loose puts an object of any text into the repository, under the id that git would give it with another.
func (r *gitRepo) loose(id string, text []byte) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		r.t.Fatal(err)
	}
	w.Close()
	r.overwrite("objects/"+id[:2]+"/"+id[2:], b.String())
}

var hostileRepos = []hostileRepo{
	{"an index that is cut", change(func(idx []byte) []byte { return idx[:len(idx)/2] }), ".idx", true},
	{"an index of nothing", change(func([]byte) []byte { return nil }), ".idx", true},
	{"an index whose counts go down", change(func(idx []byte) []byte {
		binary.BigEndian.PutUint32(idx[8+4*255:], 0)
		return idx
	}), ".idx", true},
	{"an index that counts too many", change(func(idx []byte) []byte {
		binary.BigEndian.PutUint32(idx[8+4*255:], 1<<30)
		return idx
	}), ".idx", true},
	{"offsets beyond the pack", change(func(idx []byte) []byte {
		n := int(binary.BigEndian.Uint32(idx[8+4*255:]))
		for i := range n {
			binary.BigEndian.PutUint32(idx[8+1024+24*n+4*i:], 1<<30)
		}
		return idx
	}), "index", true},
	{"offsets in a table that is not there", change(func(idx []byte) []byte {
		n := int(binary.BigEndian.Uint32(idx[8+4*255:]))
		for i := range n {
			binary.BigEndian.PutUint32(idx[8+1024+24*n+4*i:], 1<<31|7)
		}
		return idx
	}), "index", true},
	{"alternates in a circle", func(r *gitRepo) {
		r.overwrite("objects/info/alternates", "../../other/objects\n.\n../objects\n")
		if err := os.MkdirAll(filepath.Join(r.dir, "other", "objects", "info"), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(r.dir, "other", "objects", "info", "alternates"),
			[]byte("../../.git/objects\n"), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}, "", false},
	{"an alternate that is not there", func(r *gitRepo) {
		r.overwrite("objects/info/alternates", "/nowhere/objects\n")
	}, "/nowhere/objects", false},
	{"refs that name each other", func(r *gitRepo) {
		r.overwrite("refs/heads/a", "ref: refs/heads/b\n")
		r.overwrite("refs/heads/b", "ref: refs/heads/a\n")
	}, "", false},
	{"HEAD in a circle", func(r *gitRepo) {
		r.overwrite("refs/heads/a", "ref: refs/heads/b\n")
		r.overwrite("refs/heads/b", "ref: refs/heads/a\n")
		r.overwrite("HEAD", "ref: refs/heads/a\n")
	}, "", false},
	{"packed refs of nonsense", func(r *gitRepo) {
		r.overwrite("packed-refs", strings.Repeat("^\n \n# \nzz refs/heads/x\n"+strings.Repeat("0", 40)+" \n", 1000))
	}, "", false},
	{"a commit graph and an index of packs that are damaged", func(r *gitRepo) {
		r.overwrite("objects/info/commit-graph", "CGPH\x01\x01nonsense")
		r.overwrite("objects/pack/multi-pack-index", "MIDX\x09nonsense")
	}, "", false},
	{"tags of tags", func(r *gitRepo) {
		id := r.git("rev-parse", "HEAD")
		for i := range 60 {
			id = r.feed(fmt.Sprintf("object %s\ntype %s\ntag t%d\ntagger n <e> 1700000000 +0000\n\nm\n", id,
				map[bool]string{true: "commit", false: "tag"}[i == 0], i), "mktag")
		}
		r.git("update-ref", "refs/tags/long", id)
	}, "", false},
	{"a commit of 20,000 parents", func(r *gitRepo) {
		head, tree := r.git("rev-parse", "HEAD"), r.git("rev-parse", "HEAD^{tree}")
		text := "tree " + tree + "\n" + strings.Repeat("parent "+head+"\n", 20_000) +
			"author n <e> 1700000000 +0000\ncommitter n <e> 1700000000 +0000\n\nm\n"
		r.git("update-ref", "refs/heads/many", r.feed(text, "hash-object", "-w", "-t", "commit", "--stdin", "--literally"))
	}, "", false},
	{"trees in trees", func(r *gitRepo) {
		r.feed("commit refs/heads/deep\ncommitter n <e> 1700000000 +0000\ndata 1\nm\nM 644 inline "+
			strings.Repeat("d/", 2000)+"x\ndata 1\nx\n", "fast-import", "--quiet")
	}, "", false},
	{"names that no tree should have", func(r *gitRepo) {
		blob := r.feed("x", "hash-object", "-w", "--stdin")
		var raw bytes.Buffer
		for _, name := range []string{"..", ".git", "a/b", "\x1b[31m", strings.Repeat("n", 5000), "\xff"} {
			id := make([]byte, 20)
			fmt.Sscanf(blob, "%x", &id)
			fmt.Fprintf(&raw, "%s %s\x00%s", "100644", name, id)
		}
		tree := r.feed(raw.String(), "hash-object", "-w", "-t", "tree", "--stdin", "--literally")
		r.git("update-ref", "refs/heads/strange", r.git("commit-tree", "-m", "strange", tree))
	}, "", false},
	{"a loose object that is a bomb", func(r *gitRepo) {
		r.loose(strings.Repeat("ab", 20), append([]byte("blob 900000000000\x00"), make([]byte, 32<<20)...))
	}, strings.Repeat("ab", 20), false},
	{"a loose object longer than it says", func(r *gitRepo) {
		r.loose(strings.Repeat("cd", 20), append([]byte("blob 5\x00"), make([]byte, 8<<20)...))
	}, strings.Repeat("cd", 20), false},
	{"a loose object that is none", func(r *gitRepo) {
		r.overwrite("objects/ef/"+strings.Repeat("ef", 19), "nonsense")
	}, strings.Repeat("ef", 20), false},
}

// TestHostileRepositories reads repositories that somebody has damaged: each ends, what cannot be read is told by name,
// and the rest is reported.
func TestHostileRepositories(t *testing.T) {
	for i, row := range hostileRepos {
		if testing.Short() && i%4 > 0 {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			r := newGitRepo(t)
			r.write("a.env", "UNLEASH_API_TOKEN="+numbered(1)+"\n")
			r.commit("a token")
			row.make(r)
			res, err := scannedInTime(t, scanner.NewHistory(r.dir))
			if err != nil {
				t.Fatal(err)
			}
			if found := len(res.Findings) > 0; found == row.lost {
				t.Errorf("found the token: %v", found)
			}
			told := ""
			for _, s := range res.Coverage.Skipped {
				told += s.What + ": " + s.Why + "\n"
			}
			if row.told == "" && told != "" || !strings.Contains(told, row.told) {
				t.Errorf("told %q, want %q in it", told, row.told)
			}
		})
	}
}

// scannedInTime scans a source, and fails where that does not end.
func scannedInTime(t *testing.T, src scanner.Source) (res *finding.Result, err error) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		res, err = scanner.Scan(context.Background(), src, scanner.Options{Public: true})
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		t.Fatal("it does not end")
	}
	return res, err
}
