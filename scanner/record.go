package scanner

import (
	"context"

	"github.com/unleaked/unleaked/rules"
)

// A Record is one place of a credential with all that its repository says of it: what settling needs, and how the
// place is shown. Records of several scans are settled together by SettleRecords.
type Record struct {
	// Finding holds the place: file, position, excerpt, layers, git, fingerprint. What it is, which rules apply and why
	// are told anew when records are settled. Its Secret may be zero; Redacted is shown then.
	Finding Finding
	Site    rules.Site
	Hosts   []string // hosts of the URLs beside it, lower case: which Edge it goes to
	Tree    string   // the set of files that it belongs to, "" for the one set of a scan that has no other
	// ByPlace marks a text that only the places which take it make a credential.
	ByPlace bool
	// Waiting marks a text by place that no place of its own scan makes a credential: it is one where another
	// repository designates it as a client key.
	Waiting bool
	// Key is what the records of one credential share, nil for the secret itself. Whoever settles records without
	// secrets sets it.
	Key any
	// Context marks a place that is evidence and no finding: git ignores its file, or it was read to judge another.
	Context bool
	// Mismatch is what its tree says of the scopes of tokens that an Edge uses together, nil for nothing, where that is
	// another tree than the one it is settled with.
	Mismatch *Place
	// Known is what an Oracle knows of the credential, the same in all of its records.
	Known rules.Knowledge
}

// A collection takes the records of a scan that are no findings: places that are evidence only, and texts that are
// waiting for a designation.
type collection struct {
	records []*Record
}

func (c *collection) add(records []*Record, tree string) {
	if c == nil {
		return
	}
	for _, r := range records {
		r.Tree = tree
		if r.Context || r.Waiting {
			c.records = append(c.records, r)
		}
	}
}

// Collect is Scan for those who settle the result again with the results of other scans: each finding of a credential
// has its *Record as Origin, and rest holds the records that are no findings. Options.Public and Examples should be
// set: what is hidden has no record.
func Collect(ctx context.Context, src Source, opts Options) (res *Result, rest []*Record, err error) {
	opts.collect = &collection{}
	res, err = Scan(ctx, src, opts)
	return res, opts.collect.records, err
}

func (r *Record) key() any {
	if r.Key != nil {
		return r.Key
	}
	return r.Site.Credential.Secret
}

// mostElsewherePlaces bounds the other places of a credential that a finding lists.
const mostElsewherePlaces = 8

// SettleRecords settles the records of one scan and judges every place. Records whose keys are equal are places of one
// credential. The findings stand in the order of the credentials' first records.
//
// Each finding's Origin is its *Record.
func SettleRecords(records []*Record) []Finding {
	all := Summarise(records)
	return JudgeRecords(records, func(key any) *Summary { return all[key] })
}

// records are the places of all credentials of the engine's files, those of one credential together.
func (e *engine) records() []*Record {
	hosts := map[*siteFact][]string{}
	for _, f := range e.files {
		for _, p := range f.places {
			if p.host == "" {
				continue
			}
			for _, a := range p.atoms {
				if a.site != nil && a.site.file == f {
					hosts[a.site] = append(hosts[a.site], p.host)
				}
			}
		}
	}
	var out []*Record
	for _, c := range e.order {
		for _, s := range c.sites {
			out = append(out, e.record(s, hosts[s]))
		}
	}
	for _, s := range e.waiting {
		r := e.record(s, hosts[s])
		r.Waiting = true
		out = append(out, r)
	}
	return out
}

func (e *engine) record(s *siteFact, hosts []string) *Record {
	rs := e.ruleSite(s)
	return &Record{
		Finding: Finding{
			File: s.file.path, Line: s.at.Line, Column: s.at.Column, EndLine: s.end.Line, EndColumn: s.end.Column,
			UTF16Column: s.at.UTF16Column, UTF16EndColumn: s.end.UTF16Column,
			Secret: s.cred.Secret, Fingerprint: rules.Fingerprint(s.cred, s.name), Layers: s.layers, Git: s.file.git,
			Excerpt: s.excerpt,
		},
		Site: rs, Hosts: hosts, Context: s.file.ignored, ByPlace: s.potential,
	}
}
