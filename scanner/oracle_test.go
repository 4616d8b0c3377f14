package scanner

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// An oracle of tests knows some texts, and writes down what it is asked about.
type testOracle struct {
	mu    sync.Mutex
	knows map[string]rules.Knowledge
	asked map[string]int
}

func (o *testOracle) Know(_ context.Context, list []rules.Credential) []rules.Knowledge {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := make([]rules.Knowledge, len(list))
	for i, c := range list {
		o.asked[c.Secret.Reveal()]++
		out[i] = o.knows[c.Secret.Reveal()]
	}
	return out
}

func TestOracle(t *testing.T) {
	backend := "web:production." + strings.Repeat("a1", 28)
	sample := "default:development." + "unleash-insecure-" + "api-token"
	near := "web:production." + strings.Repeat("b2", 29)
	dead := "web:production." + strings.Repeat("c3", 28)
	dir := t.TempDir()
	text := "INIT_FRONTEND_API_TOKENS=" + backend + "\nUNLEASH_BACKEND_TOKEN=" + sample + "\nUNLEASH_TOKEN=" + near +
		"\nUNLEASH_API_TOKEN=" + backend + "\nUNLEASH_OTHER=" + dead + "\n"
	if err := os.WriteFile(filepath.Join(dir, "prod.env"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := &testOracle{asked: map[string]int{}, knows: map[string]rules.Knowledge{
		backend: {Kinds: []rules.Kind{rules.Backend}, Listing: &rules.Listing{State: rules.Active, Type: rules.Backend},
			Says: []string{"somebody says so"}},
		sample: {Verification: rules.Live, Kinds: []rules.Kind{rules.Backend}},
		dead:   {Verification: rules.NotLive, Says: []string{"somebody says that it is not live"}},
	}}
	res, err := Scan(context.Background(), NewTree(dir), Options{Public: true, Oracle: o})
	if err != nil {
		t.Fatal(err)
	}
	byLine := map[int]Finding{}
	for _, f := range res.Findings {
		byLine[f.Line] = f
	}
	if f := byLine[1]; f.Kind != rules.Backend || f.Certainty != rules.Verified || f.Evidence[0].Text != "somebody says so" ||
		f.Listing == nil {
		t.Errorf("what is known outranks what is declared: %+v", f)
	}
	if f := byLine[4]; f.Kind != rules.Backend || f.Certainty != rules.Verified {
		t.Errorf("it holds at every place: %+v", f)
	}
	for _, f := range res.Findings {
		for _, id := range f.Rules() {
			if id == rules.ConflictingUse {
				t.Errorf("line %d: what is known conflicts with nothing", f.Line)
			}
		}
	}
	if f := byLine[2]; f.Severity != rules.High || f.Verification != rules.Live {
		t.Errorf("a live default is high: %+v", f)
	}
	if f := byLine[5]; f.Severity != rules.High || f.Verification != rules.NotLive {
		t.Errorf("what is not live stays: %+v", f)
	}
	if o.asked[near] != 0 {
		t.Error("it was asked about a near miss")
	}
	if o.asked[backend] != 1 {
		t.Errorf("it was asked %d times about one token", o.asked[backend])
	}
}
