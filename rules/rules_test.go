package rules

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every rule id of ids.go has a row, and every row says all that a report needs, within the limits of the services that
// read it.
func TestCatalogueIsWhole(t *testing.T) {
	ids, err := os.ReadFile("ids.go")
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`RuleID = "([^"]+)"`).FindAllStringSubmatch(string(ids), -1)
	if len(want) == 0 || len(want) != len(All()) {
		t.Errorf("ids.go has %d ids, the catalogue %d rows", len(want), len(All()))
	}
	for _, w := range want {
		if _, ok := Lookup(RuleID(w[1])); !ok {
			t.Errorf("no row for %s", w[1])
		}
	}
	seen := map[RuleID]bool{}
	for _, r := range All() {
		switch {
		case seen[r.ID]:
			t.Errorf("%s stands twice", r.ID)
		case r.Severity < Info || r.Severity > Critical:
			t.Errorf("%s: severity %v", r.ID, r.Severity)
		case r.Title == "" || strings.HasSuffix(r.Title, ".") || len(r.Title) > 255:
			t.Errorf("%s: title %q", r.ID, r.Title)
		case r.Why == "" || len(r.Why) > 1024 || !strings.HasSuffix(r.Why, "."):
			t.Errorf("%s: why %q", r.ID, r.Why)
		case r.Fix == "" || len(r.FixFor(Personal)) > 1024 || !strings.HasSuffix(r.Fix, "."):
			t.Errorf("%s: fix %q", r.ID, r.Fix)
		case !slices.Contains([]string{"very-high", "high", "medium", "low"}, r.Precision):
			t.Errorf("%s: precision %q", r.ID, r.Precision)
		case len(r.Bad) == 0 || len(r.Good) == 0 && r.Severity > Info:
			t.Errorf("%s has %d bad and %d good samples", r.ID, len(r.Bad), len(r.Good))
		case r.AnalyzerOnly && !r.Misuse:
			t.Errorf("%s: exposure is told by the scanner", r.ID)
		}
		seen[r.ID] = true
		for _, s := range append(slices.Clone(r.Bad), r.Good...) {
			if s.Note == "" || len(s.Files) == 0 {
				t.Errorf("%s has a sample without a note or without files", r.ID)
			}
			for _, f := range s.Shown().Files {
				if strings.Contains(f.Text, "{{") && !strings.Contains(f.Text, "{{ ") {
					t.Errorf("%s: %s has an open slot", r.ID, f.Path)
				}
				if !strings.HasSuffix(f.Text, "\n") {
					t.Errorf("%s: %s does not end its last line", r.ID, f.Path)
				}
			}
		}
	}
}

func TestSort(t *testing.T) {
	for _, c := range []struct{ in, want []RuleID }{
		{nil, nil},
		{[]RuleID{BackendToken, SecretInFrontend}, []RuleID{SecretInFrontend, BackendToken}},
		{[]RuleID{AdminToken, SecretInFrontend}, []RuleID{SecretInFrontend, AdminToken}}, // a tie: misuse first
		{[]RuleID{AdminTokenInSDK, AdminToken}, []RuleID{AdminToken, AdminTokenInSDK}},
		// a tie: as in the catalogue
		{[]RuleID{ConflictingUse, APITokenAsClientKey}, []RuleID{APITokenAsClientKey, ConflictingUse}},
		{[]RuleID{"no-such-rule", FrontendToken}, []RuleID{FrontendToken, "no-such-rule"}},
		{[]RuleID{EnvironmentMismatch, UnknownToken, ConflictingUse}, []RuleID{ConflictingUse, UnknownToken,
			EnvironmentMismatch}},
	} {
		got := slices.Clone(c.in)
		Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("Sort(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	s := Sample{Files: []SampleFile{{"a", "x={{HASH1}} y={{ .Values.x }} z={{HASH1}} {{"}}}
	got := s.Fill(func(slot string) string { return "<" + slot + ">" }).Files[0].Text
	if want := "x=<HASH1> y={{ .Values.x }} z=<HASH1> {{"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFixNamesThePlaceOfTheKind(t *testing.T) {
	r, _ := Lookup(SecretInFrontend)
	for kind, want := range map[Kind]string{
		Backend: "API access", Admin: "API access", Personal: "Personal API tokens", ServiceAccount: "Service accounts",
		ClientKey: "client keys", Unknown: "API access",
	} {
		fix := r.FixFor(kind)
		if !strings.HasPrefix(fix, r.Fix) || !strings.Contains(strings.TrimPrefix(fix, r.Fix), want) {
			t.Errorf("%s: %q does not name %q", kind, fix, want)
		}
	}
}
