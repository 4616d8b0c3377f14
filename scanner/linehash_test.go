package scanner

import (
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// A finding of a plain file has GitHub's hash of its line: an equal line elsewhere in the file has the same hash and
// another number.
func TestFindingsHaveLineHashes(t *testing.T) {
	line := "UNLEASH_BACKEND_TOKEN=default:production." + slotText("a", "HASH1") + "\n"
	tail := strings.Repeat("# nothing\n", 20)
	res, err := Scan(t.Context(), sampleTree([]rules.SampleFile{{Path: ".env", Text: line + tail + line + tail}}),
		Options{})
	if err != nil || len(res.Findings) != 2 {
		t.Fatalf("%v, %d findings", err, len(res.Findings))
	}
	first, ok1 := strings.CutSuffix(res.Findings[0].LineHash, ":1")
	second, ok2 := strings.CutSuffix(res.Findings[1].LineHash, ":2")
	if !ok1 || !ok2 || first == "" || first != second {
		t.Errorf("%q and %q", res.Findings[0].LineHash, res.Findings[1].LineHash)
	}
}

// A hash that would confirm a guess is none: of a text that an operator chose, and where a random token stands behind the
// characters that a hash covers.
func TestNoHashConfirmsAGuess(t *testing.T) {
	random := "default" + ":production." + slotText("a", "HASH2")
	for name, row := range map[string]struct {
		line string
		has  bool
	}{
		"random": {"UNLEASH_BACKEND_TOKEN=" + random, true},
		"chosen": {"INIT_BACKEND_API_TOKENS=default" + ":production.our-summer-token-of-2024", false},
		"far":    {"DB_PASSWORD=hunter2 " + strings.Repeat("x", 60) + " UNLEASH_BACKEND_TOKEN=" + random, false},
	} {
		res, err := Scan(t.Context(), sampleTree([]rules.SampleFile{{Path: "run.sh", Text: row.line + "\n" + strings.Repeat("# nothing\n", 20)}}), Options{})
		if err != nil || len(res.Findings) != 1 {
			t.Fatalf("%s: %v, %d findings", name, err, len(res.Findings))
		}
		if f := res.Findings[0]; (f.LineHash != "") != row.has {
			t.Errorf("%s: %q", name, f.LineHash)
		}
	}
}
