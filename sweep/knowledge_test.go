package sweep_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/sweep"
)

// An oracle of tests knows some texts, and counts what it is asked.
type oracle struct {
	mu    sync.Mutex
	knows map[string]rules.Knowledge
	asked int
}

func (o *oracle) Know(_ context.Context, list []rules.Credential) []rules.Knowledge {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := make([]rules.Knowledge, len(list))
	for i, c := range list {
		o.asked++
		out[i] = o.knows[c.Secret.Reveal()]
	}
	return out
}

// TestKnowledge sweeps with somebody who knows of tokens: what is known goes into the records, without a token that is
// somebody's name for it, and so into every way to settle; and what was read without him is read again.
func TestKnowledge(t *testing.T) {
	dir := t.TempDir()
	front := "web:production." + strings.Repeat("a1b2", 14)
	dead := "web:production." + strings.Repeat("c3d4", 14)
	write(t, filepath.Join(dir, "api", ".env"), []byte("UNLEASH_BACKEND_TOKEN="+front+"\n"))
	write(t, filepath.Join(dir, "web", "a.txt"), []byte("see "+front+"\nand "+dead+"\n"))
	write(t, filepath.Join(dir, "docs", "a.txt"), []byte("nothing\n"))
	names := []string{filepath.Join(dir, "api"), filepath.Join(dir, "web"), filepath.Join(dir, "docs")}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	known := func() *oracle {
		return &oracle{knows: map[string]rules.Knowledge{
			front: {Kinds: []rules.Kind{rules.Frontend}, Says: []string{"the list of November says so"},
				Listing: &rules.Listing{Name: "call me " + dead, Type: rules.Frontend, State: rules.Active, SeenAt: at}},
			dead: {Verification: rules.NotLive, Says: []string{"the server does not take it"}},
		}}
	}
	state := filepath.Join(dir, "state")
	run := func(o sweep.Options) *finding.Result {
		t.Helper()
		o.Key, o.Public = bytes.Repeat([]byte{7}, sweep.KeySize), true
		res, err := sweep.Run(context.Background(), names, o)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	if f := run(sweep.Options{State: state}).Findings[0]; f.Kind != rules.Backend || f.Listing != nil {
		t.Fatalf("without anybody who knows: %+v", f)
	}
	o := known()
	first := run(sweep.Options{State: state, Oracle: o, Knowing: "november"})
	f := first.Findings[0]
	if f.Kind != rules.Frontend || f.Certainty != rules.Verified || f.Listing == nil || !f.Listing.SeenAt.Equal(at) ||
		f.Evidence[0].Text != "the list of November says so" {
		t.Errorf("what is known is not heard: %+v", f)
	}
	if v := first.Findings[2].Verification; v != rules.NotLive {
		t.Errorf("what the server said is not heard: %q", v)
	}
	want := text(t, first)
	if again := known(); text(t, run(sweep.Options{State: state, Oracle: again, Knowing: "november"})) != want ||
		again.asked > 0 {
		t.Errorf("the second run says something else, or asked again (%d)", again.asked)
	}
	if other := known(); text(t, run(sweep.Options{State: state, Oracle: other, Knowing: "december"})) != want ||
		other.asked == 0 {
		t.Error("another list was not asked")
	}
	var states []string
	for i := range 2 {
		states = append(states, filepath.Join(dir, "shard"+strconv.Itoa(i)))
		run(sweep.Options{State: states[i], Shard: i, Shards: 2, Oracle: known(), Knowing: "november"})
	}
	res, err := sweep.Settle([]string{states[1], states[0]}, sweep.Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	if text(t, res) != want {
		t.Errorf("shards say something else:\n%s\n%s", text(t, res), want)
	}
	withoutTexts(t, state, []string{front, dead})
}
