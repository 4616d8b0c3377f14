// Package policy holds what the owners of a text have accepted: a configuration, a baseline, comments in the text, and
// the user's own ignore patterns. It parts findings into those to report and those that were accepted, each with its
// reason. It reads no files but the one that ReadIgnoreFile names, and makes no findings.
package policy

import (
	"fmt"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A Policy is what the owners of the scanned text have accepted: the entries of a configuration, a baseline, and
// whether comments in the text are heard. It reads no files: whoever scans decides where they come from, so that a
// change cannot loosen its own gate. The nil Policy hears comments and accepts nothing else.
type Policy struct {
	Config   *Config   // nil where there is none
	Baseline *Baseline // nil where there is none
	NoInline bool      // comments in the text suppress nothing
	// Partial marks a scan of a part of what the entries are about (staged files, a range, named paths): an entry that
	// nothing matched is no news then.
	Partial bool
	Now     time.Time // entries expire by it; zero is the time of the call
}

// Apply parts findings into those that are reported and those that were accepted, with the reason in their Suppressed
// field. Notices tell of entries that were not honoured (expired, without a reason) and of those that matched nothing.
// The order of findings is kept.
//
// An entry that names rules accepts a finding by its Rule, which is the most severe one: when a finding gets worse, it
// is reported again.
func (p *Policy) Apply(findings []finding.Finding, directives []Directive) (kept, suppressed []finding.Finding, notices []finding.Place) {
	if p == nil {
		p = &Policy{}
	}
	now := p.Now
	if now.IsZero() {
		now = time.Now()
	}
	inline := newInlineIndex(directives)
	if p.NoInline {
		inline = newInlineIndex(nil)
	}
	entries := newConfigEntries(p.Config, now)
	base := newBaselineUse(p.Baseline)

	for i := range findings {
		f := findings[i]
		s := inline.match(&f)
		if s == nil {
			s = entries.match(&f)
		}
		if s == nil {
			s = base.match(&f)
		}
		if s == nil {
			kept = append(kept, f)
			continue
		}
		f.Suppressed = s
		suppressed = append(suppressed, f)
	}

	notices = append(notices, inline.notices(p.Partial)...)
	notices = append(notices, entries.notices(p.Partial)...)
	if !p.Partial {
		notices = append(notices, base.notices()...)
	}
	finding.SortPlaces(notices)
	return kept, suppressed, notices
}

// where is how a Suppression names its entry.
func where(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }

func ruleList(ids []rules.RuleID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	return strings.Join(names, ", ")
}
