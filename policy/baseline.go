package policy

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A Baseline is the findings that stood in a tree when its owners began to look: they are accepted, new ones are
// reported. It knows a finding by its fingerprint and rule, and how often it stands in the tree; it has no paths, lines
// or dates, so that moved lines, renames and rebases leave it true, and no secret, so that it may be public.
type Baseline struct {
	Name   string // as messages name it
	counts map[baselineKey]int
	lines  map[baselineKey]int // where the entry stands in the file, from 1
}

type baselineKey struct {
	fingerprint string
	rule        rules.RuleID
}

const baselineHeader = "# Findings that unleaked accepts (unleaked baseline write): fingerprint, rule, how often.\n"

// NewBaseline accepts these findings.
func NewBaseline(findings []finding.Finding) *Baseline {
	b := &Baseline{counts: map[baselineKey]int{}}
	for i := range findings {
		f := &findings[i]
		k := baselineKey{f.Fingerprint, f.Rule}
		if f.Fingerprint == "" || f.Git != nil && b.counts[k] > 0 { // one text in many versions of a file counts once
			continue
		}
		b.counts[k]++
	}
	return b
}

// PruneBaseline is b without what a scan did not find again. r must be of a whole and complete scan in which b was
// applied: what was not read would be forgotten.
func PruneBaseline(b *Baseline, r *finding.Result) (*Baseline, error) {
	if !r.Complete() {
		return nil, fmt.Errorf("the scan is incomplete: pruning the baseline would forget what was not read")
	}
	pruned := &Baseline{Name: b.Name, counts: map[baselineKey]int{}}
	for i := range r.Suppressed {
		f := &r.Suppressed[i]
		k := baselineKey{f.Fingerprint, f.Rule}
		if f.Suppressed != nil && f.Suppressed.By == "baseline" && pruned.counts[k] < b.counts[k] {
			pruned.counts[k]++
		}
	}
	return pruned, nil
}

// Len is the number of entries.
func (b *Baseline) Len() int { return len(b.counts) }

// Bytes is the baseline's file: one entry a line, sorted, so that version control merges it line by line.
func (b *Baseline) Bytes() []byte {
	keys := make([]baselineKey, 0, len(b.counts))
	for k := range b.counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareKeys)
	var out bytes.Buffer
	out.WriteString(baselineHeader)
	for _, k := range keys {
		fmt.Fprintf(&out, "%s %s %d\n", k.fingerprint, k.rule, b.counts[k])
	}
	return out.Bytes()
}

func compareKeys(a, b baselineKey) int {
	if c := strings.Compare(a.fingerprint, b.fingerprint); c != 0 {
		return c
	}
	return strings.Compare(string(a.rule), string(b.rule))
}

// maxBaseline bounds the file: a million entries, far beyond what anyone can have looked at.
const maxBaseline = 128 << 20

// LoadBaseline reads a baseline's file. Of two lines for one finding, as a merge may leave them, the greater count
// holds. name is what errors and notices call the file.
func LoadBaseline(name string, data []byte) (*Baseline, error) {
	if len(data) > maxBaseline {
		return nil, fmt.Errorf("%s: larger than %d MiB", name, maxBaseline>>20)
	}
	b := &Baseline{Name: name, counts: map[baselineKey]int{}, lines: map[baselineKey]int{}}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, "=======") || strings.HasPrefix(line,
			">>>>>>>") {
			return nil, fmt.Errorf("%s:%d: unresolved merge conflict: keep the lines of both sides", name, n)
		}
		if len(fields) != 3 || !plainWord(fields[0]) || !plainWord(fields[1]) {
			return nil, fmt.Errorf("%s:%d: not an entry: want FINGERPRINT RULE COUNT, as unleaked baseline write makes them", name, n)
		}
		count, err := strconv.Atoi(fields[2])
		if err != nil || count < 1 {
			return nil, fmt.Errorf("%s:%d: the count is no positive number", name, n)
		}
		k := baselineKey{fields[0], rules.RuleID(fields[1])}
		b.counts[k] = max(b.counts[k], count)
		if b.lines[k] == 0 {
			b.lines[k] = n
		}
	}
	return b, nil
}

// plainWord reports whether s is written as fingerprints and rules are.
func plainWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:.+/=") == ""
}

// baselineUse counts what a scan found again.
type baselineUse struct {
	base *Baseline
	used map[baselineKey]int
}

func newBaselineUse(b *Baseline) *baselineUse {
	if b == nil {
		b = &Baseline{}
	}
	return &baselineUse{base: b, used: map[baselineKey]int{}}
}

func (u *baselineUse) match(f *finding.Finding) *finding.Suppression {
	k := baselineKey{f.Fingerprint, f.Rule}
	accepted := u.base.counts[k]
	// History holds one text in many versions of a file, so that a count says nothing there.
	if accepted == 0 || f.Git == nil && u.used[k] >= accepted {
		return nil
	}
	u.used[k]++
	return &finding.Suppression{By: "baseline", Where: where(u.base.Name, u.base.lines[k]), Reason: "accepted in the baseline"}
}

// notices tell of entries that nothing matched any more, in one line: a baseline is pruned, not edited.
func (u *baselineUse) notices() []finding.Place {
	unused, first := 0, 0
	for k, n := range u.base.counts {
		if u.used[k] >= n || unlisted(k.rule) {
			continue
		}
		unused++
		if l := u.base.lines[k]; first == 0 || l < first {
			first = l
		}
	}
	if unused == 0 {
		return nil
	}
	entries := "1 entry is"
	if unused > 1 {
		entries = fmt.Sprintf("%d entries are", unused)
	}
	return []finding.Place{{File: u.base.Name, Line: first, Text: entries +
		" not used any more: unleaked baseline prune removes what is gone"}}
}
