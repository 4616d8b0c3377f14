package scanner_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/scanner"
)

// TestRangeReadsEveryObjectThatATipBrings gives a range tips that are no commits, as pushes of tags have: their texts and
// people, and what they stand on.
func TestRangeReadsEveryObjectThatATipBrings(t *testing.T) {
	names := []string{"old", "message", "tagger", "tree", "blob", "outer"}
	tok := madeUp
	r := newGitRepo(t)
	r.write("old.env", "T="+tok("old")+"\n")
	head := r.commit("root")
	r.git("tag", "-a", "-m", "says "+tok("message"), "v1", head)
	r.with("GIT_COMMITTER_NAME="+tok("tagger")).git("tag", "-a", "-m", "x", "v2", head)
	tree := strings.Fields(r.feed("100644 blob "+r.feed("T="+tok("tree")+"\n", "hash-object", "-w", "--stdin")+
		"\tsub.env\n100644 blob "+r.git("rev-parse", "HEAD:old.env")+"\told.env\n", "mktree"))[0]
	r.git("tag", "-a", "-m", "a tree", "v3", tree)
	blob := r.feed("T="+tok("blob")+"\n", "hash-object", "-w", "--stdin")
	r.git("tag", "-a", "-m", "a blob", "v4", blob)
	r.git("tag", "-a", "-m", "outer "+tok("outer"), "v5", "v1")
	tagID := func(name string) string { return r.git("rev-parse", name) }
	for _, row := range []struct {
		what             string
		include, exclude []string
		want             []string // names of tokens
	}{
		{"a tag at a known commit", []string{tagID("v1")}, []string{head}, []string{"message"}},
		{"who made the tag", []string{tagID("v2")}, []string{head}, []string{"tagger"}},
		{"a tag of a tree", []string{tagID("v3")}, []string{head}, []string{"tree"}},
		{"a tree", []string{tree}, []string{head}, []string{"tree"}},
		{"a tag of a blob", []string{tagID("v4")}, []string{head}, []string{"blob"}},
		{"a tag of a tag", []string{tagID("v5")}, []string{head}, []string{"message", "outer"}},
		{"a tag of a tag that is known", []string{tagID("v5")}, []string{head, tagID("v1")}, []string{"outer"}},
		{"a tag that is known", []string{tagID("v1")}, []string{tagID("v1")}, nil},
		{"tips that are known and no commits", []string{head}, []string{tree, tagID("v4"), strings.Repeat("1", 40)},
			[]string{"old"}},
	} {
		t.Run(row.what, func(t *testing.T) {
			src := scanner.NewCommits(r.dir, row.include, row.exclude)
			res := scanned(t, src)
			var got []string
			for _, f := range told(res, names...) {
				got = append(got, f[strings.LastIndexByte(f, ' ')+1:])
			}
			slices.Sort(got)
			want(t, row.what, got, row.want...)
			if !res.Complete() {
				t.Errorf("skipped %v", res.Coverage.Skipped)
			}
		})
	}
	src := scanner.NewCommits(r.dir, []string{head}, []string{head})
	src.Names = []string{"refs/heads/x/user:" + strings.TrimPrefix(tok("name"), "default:development.")}
	if got := told(scanned(t, src)); len(got) != 1 {
		t.Errorf("the name of a ref: %q", got)
	}
}

func TestRangeReadsTheNamesOfFiles(t *testing.T) {
	r := newGitRepo(t)
	r.write("a", "x\n")
	base := r.commit("x")
	r.write("user:"+strings.TrimPrefix(madeUp("dir"), "default:development.")+"/a", "y\n")
	r.commit("y")
	if got := told(scanned(t, scanner.NewRange(r.dir, base+"..HEAD"))); len(got) != 1 {
		t.Errorf("the name of a folder: %q", got)
	}
}
