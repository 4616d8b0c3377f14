package scanner

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// manyRecords are places of one credential in n repositories, each with what it says of it: from one piece of evidence of
// each certainty up to several, some of them the same.
func manyRecords(n int) []*Record {
	var out []*Record
	for i := range n {
		repository := fmt.Sprintf("r%04d", i)
		for k := range 1 + i%3 {
			r := &Record{Key: "one"}
			r.Site.Repository, r.Site.File, r.Site.Line = repository, "f"+fmt.Sprint(k), i+1
			r.Site.Credential = rules.Credential{Format: rules.Scoped, Project: "web", Environment: "production"}
			r.Finding.File, r.Finding.Line = r.Site.File, r.Site.Line
			r.Context = i%11 == 3
			r.ByPlace = i%5 == 0
			for j := range i % 4 {
				r.Site.Evidence = append(r.Site.Evidence, rules.Evidence{Certainty: []rules.Certainty{rules.ByName, rules.BySink,
					rules.ByHint}[j], Kind: []rules.Kind{rules.Backend, rules.Frontend}[i%2], Repository: repository,
					File: r.Site.File, Line: r.Site.Line, Text: "bound to X" + fmt.Sprint(i%7), Prefix: i == 77 && j == 2})
			}
			if i == n/2 {
				r.Known = rules.Knowledge{Verification: rules.Unchecked, Says: []string{"not reached"}}
			}
			if i == n/2+1 {
				r.Known = rules.Knowledge{Verification: rules.Live, Says: []string{"it is live"}}
			}
			out = append(out, r)
		}
	}
	return out
}

// TestSummariesJoinInAnyOrder holds that parts of the records, however they are cut and in whatever order they come
// together, say the same as all of them, and that what they come to does not grow with their number.
func TestSummariesJoinInAnyOrder(t *testing.T) {
	records := manyRecords(500)
	whole := Summarise(records)["one"]
	want, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	if few, _ := json.Marshal(Summarise(records[:200])["one"]); len(want) > 2*len(few) {
		t.Errorf("the summary of %d records has %d bytes, that of 200 has %d", len(records), len(want), len(few))
	}
	for range 20 {
		parts := make([]*Summary, 1+rand.IntN(30))
		for i := range parts {
			parts[i] = &Summary{}
		}
		for _, i := range rand.Perm(len(records)) {
			parts[rand.IntN(len(parts))].Add(records[i], Order{records[i].Site.Repository, i})
		}
		for len(parts) > 1 {
			i := rand.IntN(len(parts) - 1)
			var a, b Summary // as they come over the wire
			sent(t, parts[i], &a)
			sent(t, parts[i+1], &b)
			a.Join(&b)
			parts = append(append(parts[:i:i], &a), parts[i+2:]...)
		}
		if got, _ := json.Marshal(parts[0]); string(got) != string(want) {
			t.Fatalf("joined otherwise it is\n%s\nnot\n%s", got, want)
		}
	}
}

func sent(t *testing.T, from, to *Summary) {
	t.Helper()
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestSummaryCutsNothing holds that a repository which is judged alone with the summary of all says what it says among all.
func TestSummaryCutsNothing(t *testing.T) {
	records := manyRecords(120)
	byRepository := map[string][]*Record{}
	for _, r := range records {
		byRepository[r.Site.Repository] = append(byRepository[r.Site.Repository], r)
	}
	// The numbers of records are those within their repository.
	all := &Summary{}
	for _, list := range byRepository {
		all.Join(Summarise(list)["one"])
	}
	var alone []Finding
	for i := range 120 {
		list := byRepository[fmt.Sprintf("r%04d", i)]
		alone = append(alone, JudgeRecords(list, func(any) *Summary { return all })...)
	}
	among := SettleRecords(records)
	if len(alone) != len(among) || len(alone) < 200 {
		t.Fatalf("%d findings and %d", len(alone), len(among))
	}
	for i := range among {
		a, b := among[i], alone[i]
		a.Origin, b.Origin = nil, nil
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("among all\n%+v\nalone\n%+v", a, b)
		}
	}
	if f := among[0]; f.Verification != rules.Live || f.Kind == rules.Unknown && !strings.Contains(f.Message, "undecided") ||
		len(f.Related) != mostElsewherePlaces {
		t.Errorf("%+v", f)
	}
}
