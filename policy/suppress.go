package policy

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A SuppressEntry is an entry of the configuration's "suppress" list: it accepts the findings that all of its set
// fields match.
type SuppressEntry struct {
	Fingerprint string         // or the beginning of one
	Rules       []rules.RuleID // any of them, as the finding's Rule
	Path        string         // a pattern in the way of .gitignore: no slash matches any name, ** any folders
	Reason      string
	Owner       string    // "" if not given
	Expires     time.Time // zero if not given; the entry ends with that day
	Line        int       // in the configuration
}

// configEntries find the entry of a finding, and remember which ones were used.
type configEntries struct {
	file    string
	entries []SuppressEntry
	expired []bool
	used    []bool
	wanted  []bool // expired, and a finding would need it
}

func newConfigEntries(c *Config, now time.Time) *configEntries {
	if c == nil {
		return &configEntries{}
	}
	n := len(c.Suppress)
	e := &configEntries{file: c.Name, entries: c.Suppress, expired: make([]bool, n), used: make([]bool, n),
		wanted: make([]bool, n)}
	for i, s := range c.Suppress {
		e.expired[i] = !s.Expires.IsZero() && !now.Before(s.Expires.AddDate(0, 0, 1))
	}
	return e
}

func (e *configEntries) match(f *finding.Finding) *finding.Suppression {
	var accepted *finding.Suppression
	for i := range e.entries {
		s := &e.entries[i]
		if !s.matches(f) {
			continue
		}
		if e.expired[i] {
			e.wanted[i] = true
			continue
		}
		e.used[i] = true // every entry that fits: none of them is dead
		if accepted == nil {
			accepted = &finding.Suppression{By: "config", Where: where(e.file, s.Line), Reason: s.Reason}
		}
	}
	return accepted
}

func (s *SuppressEntry) matches(f *finding.Finding) bool {
	return strings.HasPrefix(f.Fingerprint, s.Fingerprint) &&
		(len(s.Rules) == 0 || slices.Contains(s.Rules, f.Rule)) &&
		(s.Path == "" || MatchPath(s.Path, f.File))
}

func (e *configEntries) notices(partial bool) []finding.Place {
	var out []finding.Place
	for i, s := range e.entries {
		var text string
		switch {
		case e.expired[i] && e.wanted[i]:
			text = "suppression expired on " + s.Expires.Format(time.DateOnly) + ": its findings are reported again"
		case e.expired[i]:
			text = "suppression expired on " + s.Expires.Format(time.DateOnly) + ", and nothing needs it"
		case e.used[i] || partial || slices.ContainsFunc(s.Rules, unlisted):
			continue
		default:
			text = "suppression is not used: no finding matches it"
		}
		if s.Owner != "" {
			text += fmt.Sprintf(" (owner: %s)", s.Owner)
		}
		out = append(out, finding.Place{File: e.file, Line: s.Line, Text: text})
	}
	return out
}

// MatchPath reports whether a file stands under a pattern. A pattern without a slash inside matches a name at any
// depth, one with a slash is anchored at the root; both match a folder with all that is below it. "*" and "?" stay
// inside a name, "**" does not. The files of an archive are below the archive.
func MatchPath(pattern, file string) bool {
	file = strings.ReplaceAll(file, "!", "/")
	dirOnly := strings.HasSuffix(pattern, "/")
	p := strings.TrimSuffix(pattern, "/")
	anchored := strings.Contains(p, "/")
	p = strings.TrimPrefix(p, "/")
	if p == "" {
		return false
	}
	want := strings.Split(p, "/")
	if !anchored {
		want = append([]string{"**"}, want...)
	}
	names := strings.Split(file, "/")
	// Any leading part of the path may be what the pattern names: the rest is below it.
	for n := 1; n <= len(names); n++ {
		if dirOnly && n == len(names) {
			break
		}
		if matchNames(want, names[:n]) {
			return true
		}
	}
	return false
}

// matchNames is linear in the product of both lengths: it keeps, pattern by pattern, which prefixes of names are
// matched.
func matchNames(want, names []string) bool {
	reached := make([]bool, len(names)+1)
	reached[0] = true
	for w, pattern := range want {
		next := make([]bool, len(names)+1)
		if pattern == "**" {
			any := false
			for i := range next {
				any = any || reached[i]
				next[i] = any
			}
			if w == len(want)-1 { // a/** is what is below a, not a
				next[0] = false
				for i := len(names); i > 0; i-- {
					next[i] = next[i] && slices.Contains(reached[:i], true)
				}
			}
		} else {
			for i, ok := range reached[:len(names)] {
				if ok {
					matched, err := path.Match(pattern, names[i])
					next[i+1] = matched && err == nil
				}
			}
		}
		reached = next
	}
	return reached[len(names)]
}

// checkPath is nil for a pattern that can match something.
func checkPath(pattern string) error {
	switch {
	case strings.Trim(pattern, "/") == "":
		return fmt.Errorf("names no file")
	case strings.HasPrefix(pattern, "!"):
		return fmt.Errorf("cannot be negated")
	case strings.Contains(pattern, "\\"):
		return fmt.Errorf("has a backslash: write / between folders")
	}
	for _, name := range strings.Split(pattern, "/") {
		if name == ".." || name == "." {
			return fmt.Errorf("must not have . or .. in it")
		}
		if _, err := path.Match(name, ""); err != nil {
			return fmt.Errorf("has a bracket that is not closed")
		}
	}
	return nil
}
