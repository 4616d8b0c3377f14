package policy

import (
	"strings"

	"github.com/unleaked/unleaked/finding"
)

// AcceptUnread parts what was not read into what remains, and what the configuration accepts at its path, with the reason
// that it gives. Entries that nothing was left unread for are told in notices, but of a scan of a part.
func (p *Policy) AcceptUnread(skips []finding.Skip) (rest, accepted []finding.Skip, notices []finding.Place) {
	if p == nil || p.Config == nil || len(p.Config.Unread) == 0 {
		return skips, nil, nil
	}
	used := make([]bool, len(p.Config.Unread))
next:
	for _, s := range skips {
		path, _, _ := strings.Cut(s.What, "!")
		// In a history, the same file at a commit.
		path, _, _ = strings.Cut(path, " at commit ")
		for i := range p.Config.Unread {
			if u := &p.Config.Unread[i]; path != WholeScan && MatchPath(u.Path, path) {
				used[i] = true
				accepted = append(accepted, finding.Skip{What: s.What, Why: s.Why + "; accepted: " + u.Reason})
				continue next
			}
		}
		rest = append(rest, s)
	}
	for i, u := range used {
		if !u && !p.Partial {
			notices = append(notices, finding.Place{File: p.Config.Name, Line: p.Config.Unread[i].Line,
				Text: "this entry of unread matches nothing that was left unread: take it out"})
		}
	}
	return rest, accepted, notices
}

// WholeScan is what a Skip names that is about no file: the scan was ended.
const WholeScan = "scan"
