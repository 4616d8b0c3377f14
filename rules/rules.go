package rules

import (
	"slices"
	"strings"
	"sync"
)

// A Rule is a row of the catalogue: one thing a finding can say, why it matters and what to do. The row is the rule's
// documentation, its help in reports, and through its samples its test.
type Rule struct {
	ID       RuleID
	Severity Severity
	Title    string // a short phrase, without a full stop
	Why      string // what goes wrong, and for whom
	// Fix says what to do, in order. It holds for every kind; FixFor adds where in Unleash the token of a kind is
	// deleted.
	Fix string
	// Revoke marks the rules whose token is burnt: FixFor adds how to delete it.
	Revoke bool
	// Misuse marks the rules about a use; the others are about exposure, and each occurrence of a credential has one of
	// those.
	Misuse bool
	// AnalyzerOnly marks the rules that only the go/analysis pass reports.
	AnalyzerOnly bool
	// Precision is how often the rule is right where it speaks, in SARIF's words: very-high, high, medium or low.
	Precision string
	CWE       []int // most fitting first; empty where none fits
	Bad, Good []Sample
}

// A Sample is a small tree of files in which a rule speaks (Bad) or keeps silent (Good).
type Sample struct {
	Note  string // what the sample shows
	Files []SampleFile
}

// A SampleFile is one file of a Sample. Its text has slots where secrets belong: {{HASH1}}, {{HASH2}} for the 56 hex
// digits of a token, {{HEX64}} for an old token, {{DEFAULT}} for the end of a published default. Equal slots are equal
// texts.
type SampleFile struct {
	Path string
	Text string
}

// Fill is the sample with each slot replaced by what fill gives for its name.
func (s Sample) Fill(fill func(slot string) string) Sample {
	filled := Sample{Note: s.Note}
	for _, f := range s.Files {
		filled.Files = append(filled.Files, SampleFile{Path: f.Path, Text: fillSlots(f.Text, fill)})
	}
	return filled
}

// Shown is the sample as documentation prints it: with an ellipsis where secrets belong.
func (s Sample) Shown() Sample {
	return s.Fill(func(string) string { return "…" })
}

func fillSlots(text string, fill func(slot string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		slot, after, closed := strings.Cut(rest, "}}")
		if !closed || strings.ContainsAny(slot, " \n") { // a template of the sample's own language
			b.WriteString("{{")
			text = rest
			continue
		}
		b.WriteString(fill(slot))
		text = after
	}
}

// FixFor is what to do about a credential of a kind, in order.
func (r Rule) FixFor(k Kind) string {
	if !r.Revoke {
		return r.Fix
	}
	return r.Fix + " " + revocation(k)
}

// revocation says where a token of a kind is deleted. It follows the steps that put a new one in its place: a token
// that is deleted first takes its users down.
func revocation(k Kind) string {
	const then = "Then delete this one in Unleash "
	switch k {
	case Admin:
		return then + "(Admin settings > API access)."
	case Personal:
		return then + "(its owner's Profile > Personal API tokens; a service account's, Admin settings > Service accounts)."
	case ServiceAccount:
		return then + "(Admin settings > Service accounts)."
	case ClientKey:
		return "Then take this one out of the Proxy's client keys and restart the Proxy."
	}
	return then + "(Admin settings > API access, or the project's Settings > API access)."
}

// All is the catalogue in its order: exposure, misuse, then what only the go/analysis pass reports. The caller may
// change the slice, not the rows' own slices.
func All() []Rule { return slices.Clone(catalogue()) }

// Lookup is the rule of an id, and whether there is one.
func Lookup(id RuleID) (Rule, bool) {
	i := index(id)
	if i < 0 {
		return Rule{}, false
	}
	return catalogue()[i], true
}

// Sort orders rules as a finding lists them: the more severe first, of equal ones misuse before exposure, then as the
// catalogue has them. The first is the finding's Rule, the others its Also. Unknown ids come last.
func Sort(ids []RuleID) {
	slices.SortStableFunc(ids, compare)
}

func compare(a, b RuleID) int {
	i, j := index(a), index(b)
	switch {
	case i == j:
		return 0
	case i < 0:
		return 1
	case j < 0:
		return -1
	}
	x, y := &catalogue()[i], &catalogue()[j]
	switch {
	case x.Severity != y.Severity:
		return int(y.Severity) - int(x.Severity)
	case x.Misuse != y.Misuse:
		if x.Misuse {
			return -1
		}
		return 1
	}
	return i - j
}

func index(id RuleID) int {
	return slices.IndexFunc(catalogue(), func(r Rule) bool { return r.ID == id })
}

// catalogue is every rule, in the order of the documentation.
var catalogue = sync.OnceValue(func() []Rule { return slices.Concat(exposureRules, misuseRules, analyzerRules) })

// Home is the address of the tool.
const Home = "https://github.com/unleaked/unleaked"

// URL is the address of a rule's documentation.
func (id RuleID) URL() string { return Home + "/blob/main/docs/rules.md#" + string(id) }
