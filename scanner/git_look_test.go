package scanner

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// checkPieces reads every blob of a repository as a history scan does, in pieces, and as a whole: both have to find the
// same.
func checkPieces(t *testing.T, repo string) {
	t.Helper()
	r, err := gitdb.Open(repo, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := &historyScan{ctx: context.Background(), in: newIntake(context.Background(), Options{}), repo: r, db: r.DB,
		blobs: map[int]*blobRec{}, secrets: map[rules.Secret]int32{}}
	s.marks = make([]uint8, r.DB.Count())
	var mu sync.Mutex
	blobs, pieces, hits := 0, 0, 0
	err = s.each(func(t gitdb.Type) bool { return t == gitdb.Blob }, func(k *worker, v *gitdb.Visit) {
		s.blob(k, v)
		whole := s.looker(k).Content(v.ID.String(), v.Data)
		s.mu.Lock()
		var got []int32
		if b := s.blobs[v.N]; b != nil {
			got = slices.Clone(b.secrets)
		}
		var want []int32
		for _, secret := range whole.Secrets {
			if id := s.secretID(secret); !slices.Contains(want, id) {
				want = append(want, id)
			}
		}
		s.mu.Unlock()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("blob %v: in pieces %v, as a whole %v", v.ID, got, want)
		}
		if whole.Mentioned && v.Mark&markMentions == 0 {
			t.Errorf("blob %v: mentions Unleash, which was not seen in its pieces", v.ID)
		}
		mu.Lock()
		defer mu.Unlock()
		blobs++
		if v.Derived {
			pieces++
		}
		if len(want) > 0 {
			hits++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d blobs, %d unfolded, %d with credentials", blobs, pieces, hits)
}

func TestPiecesFindWhatTheWholeHolds(t *testing.T) {
	checkPieces(t, editedRepo(t, 250, true))
	checkPieces(t, editedRepo(t, 600, false))
	for _, repo := range strings.Fields(os.Getenv("UNLEAKED_TEST_REPOS")) {
		checkPieces(t, repo)
	}
}

func runGit(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" +
		os.DevNull, "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.com"}
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", args[0], err)
	}
	return strings.TrimSpace(string(out))
}

// editedRepo is a repository with n versions of a text into which tokens come, plain and encoded, are cut, moved and
// taken out again: all as deltas on each other. Without keep a token stands in one version only.
func editedRepo(t *testing.T, n int, keep bool) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "-b", "main")
	r := rand.New(rand.NewPCG(7, 11))
	hex := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "0123456789abcdef"[r.IntN(16)]
		}
		return string(b)
	}
	token := func() string { return []string{"default:development.", "*:production.", "user:"}[r.IntN(3)] + hex(56) }
	var lines []string
	for i := range 300 {
		lines = append(lines, fmt.Sprintf("line %d: %s", i, strings.Repeat("text ", i%13)))
	}
	tokens := []string{token()}
	for range n {
		at := r.IntN(len(lines))
		before := slices.Clone(lines)
		edit := r.IntN(15)
		switch edit {
		case 0:
			tokens = append(tokens, token())
			lines = slices.Insert(lines, at, "token = "+tokens[len(tokens)-1])
		case 1: // half of one, and the other half with the next edit
			s := tokens[r.IntN(len(tokens))]
			lines = slices.Insert(lines, at, "token = "+s[:len(s)-r.IntN(40)])
		case 2:
			text := "settings: {url: https://unleash.example.com, token: " + token() + ", other: " + strings.Repeat("x",
				r.IntN(300)) + "}"
			text = base64.StdEncoding.EncodeToString([]byte(text))
			for len(text) > 64 {
				lines = slices.Insert(lines, at, text[:64])
				text = text[64:]
				at++
			}
			lines = slices.Insert(lines, at, text)
		case 3:
			lines = slices.Insert(lines, at, "url = https://x.example.com/?token="+strings.Replace(token(), ":", "%3A",
				1))
		case 4:
			lines[at] = strings.Repeat("f", r.IntN(3000)) + " " + lines[at]
		case 5:
			lines = slices.Insert(lines, at, "image: sha256:"+hex(64)+" # "+hex(r.IntN(80)))
		case 6:
			lines = slices.Insert(lines, at, "default for unleash: *:*.unleash-"+"insecure-api-token")
		case 7:
			lines[at] = lines[at][:r.IntN(len(lines[at])+1)]
		case 8:
			from := r.IntN(len(lines))
			lines[at] = lines[from]
		default:
			lines = slices.Delete(lines, at, min(len(lines), at+1+r.IntN(3)))
			if len(lines) < 200 {
				lines = slices.Insert(lines, 0, "a new line", "default:development.", hex(56))
			}
		}
		text := strings.Join(lines, "\n")
		if edit == 14 {
			// What is cut off at the end of a text, or at its beginning, leaves a token.
			last := token()
			runGit(t, dir, text+"\n"+last+hex(9)+strings.Repeat("=", r.IntN(9)), "hash-object", "-w", "--stdin")
			runGit(t, dir, "0"+hex(90)+last+"\n"+text, "hash-object", "-w", "--stdin")
			runGit(t, dir, last+"\n"+text, "hash-object", "-w", "--stdin")
			text += "\n" + last
		}
		runGit(t, dir, text, "hash-object", "-w", "--stdin")
		if !keep && edit != 4 && edit < 7 {
			lines = before
		}
	}
	ids := runGit(t, dir, "", "cat-file", "--batch-all-objects", "--batch-check=%(objectname) a.txt")
	runGit(t, dir, ids+"\n", "pack-objects", "-q", "--window=40", "--depth=60", "--no-reuse-delta",
		".git/objects/pack/pack")
	return dir
}

func TestWhatGitdbDoesNotKnowIsReadThroughGit(t *testing.T) {
	dir := editedRepo(t, 40, true)
	r, err := gitdb.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Scan(context.Background(), NewHistory(dir), Options{Public: true, Examples: true})
	if err != nil {
		t.Fatal(err)
	}
	in := newIntake(context.Background(), Options{Public: true, Examples: true})
	if err := throughGit(context.Background(), in, r, gitdb.ErrFormat); err != nil {
		t.Fatal(err)
	}
	got := in.result()
	if len(got.Notices) != 1 || got.Coverage.Objects != want.Coverage.Objects {
		t.Errorf("%d notices, %d objects of %d", len(got.Notices), got.Coverage.Objects, want.Coverage.Objects)
	}
	secrets := func(res *Result) map[rules.Secret]bool {
		m := map[rules.Secret]bool{}
		for _, f := range res.Findings {
			m[f.Secret] = true
		}
		return m
	}
	if a, b := secrets(got), secrets(want); !maps.Equal(a, b) || len(a) == 0 {
		t.Errorf("found %d credentials, in place %d", len(a), len(b))
	}
}
