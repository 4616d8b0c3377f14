package scanner

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
)

// checkPieces reads every blob of a repository as a history scan does, in pieces, and as a whole: both have to find the same.
func checkPieces(t *testing.T, repo string) {
	t.Helper()
	r, err := gitdb.Open(repo, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := &historyScan{ctx: context.Background(), in: newIntake(context.Background(), Options{}), repo: r, db: r.DB, blobs: map[int]*blobRec{}, secrets: map[rules.Secret]int32{}}
	s.marks = make([]uint8, r.DB.Count())
	var mu sync.Mutex
	blobs, pieces, hits := 0, 0, 0
	err = s.each(func(t gitdb.Type) bool { return t == gitdb.Blob }, func(k *worker, v *gitdb.Visit) {
		s.blob(k, v)
		whole := s.look(k, v.ID.String(), v.Data)
		s.mu.Lock()
		var got []int32
		if b := s.blobs[v.N]; b != nil {
			got = slices.Clone(b.secrets)
		}
		var want []int32
		for _, secret := range whole.secrets {
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
		if whole.mentioned && v.Mark&markMentions == 0 {
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
	for _, repo := range strings.Fields(os.Getenv("UNLEAKED_TEST_REPOS")) {
		checkPieces(t, repo)
	}
}
