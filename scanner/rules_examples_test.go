package scanner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// sampleTree is a sample's files as a source.
type sampleTree []rules.SampleFile

func (s sampleTree) Scan(_ context.Context, in *Intake) error {
	for _, f := range s {
		in.Blob(Blob{Path: f.Path, Text: []byte(f.Text)})
		in.Count(1, 0, 0, 0)
	}
	return nil
}

// slotText is the text of a sample's slot: the same for the same seed and slot, and no token of any server.
func slotText(seed, slot string) string {
	sum := sha256.Sum256([]byte(seed + " " + slot))
	digits := hex.EncodeToString(sum[:])
	switch {
	case slot == "DEFAULT":
		return "unleash-" + "insecure-api-token"
	case slot == "HEX64":
		return digits
	}
	return digits[:56]
}

// Every rule speaks in its Bad samples and keeps silent in its Good ones, whatever the tokens are.
func TestRuleSamples(t *testing.T) {
	for _, r := range rules.All() {
		if r.AnalyzerOnly {
			continue
		}
		for _, group := range []struct {
			name    string
			samples []rules.Sample
			want    bool
		}{{"bad", r.Bad, true}, {"good", r.Good, false}} {
			for i, sample := range group.samples {
				t.Run(string(r.ID)+"/"+group.name+strconv.Itoa(i+1), func(t *testing.T) {
					for _, seed := range []string{"a", "b"} {
						if problem := trySample(t, r.ID, sample, seed, group.want); problem != "" {
							t.Errorf("%s: want found %t; %s", sample.Note, group.want, problem)
						}
					}
				})
			}
		}
	}
}

// trySample scans a sample and says what is wrong with the findings, "" if nothing.
func trySample(t *testing.T, id rules.RuleID, sample rules.Sample, seed string, want bool) string {
	tree := sample.Fill(func(slot string) string { return slotText(seed, slot) }).Files
	res, err := Scan(t.Context(), sampleTree(tree), Options{Public: true})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	var all []string
	for _, f := range res.Findings {
		found = found || slices.Contains(f.Rules(), id)
		all = append(all, fmt.Sprintf("%s:%d %s %v", f.File, f.Line, f.Kind, f.Rules()))
		if f.Message == "" || f.Fix == "" || f.Fingerprint == "" {
			t.Errorf("%s has no message, fix or fingerprint", f.Rule)
		}
	}
	if found == want {
		return ""
	}
	return "found: " + strings.Join(all, "; ")
}
