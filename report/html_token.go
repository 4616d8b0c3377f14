package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// An htmlToken is one credential as a page shows it: a row of the table, and what opens below it. A setting without a
// credential has a row of its own.
type htmlToken struct {
	lead   *finding.Finding
	all    []*finding.Finding // the lead first
	stands int                // findings that still stand where they were found
	live   bool               // a server has it

	Severity, Shown, Name, Repository, Where, Kind, Scope string
	Repositories, Places, Since, Stands, Server           string
	Rules                                                 []string
	HasRepositories, HasSince, HasStands, HasServer       bool
	Gone, Full, Bare                                      bool
	Columns                                               int
	Message, Fingerprint, Commit                          string
	Lines                                                 []htmlLine
	Evidence, Also                                        []htmlSaid
	Spots                                                 []htmlSpot
	Facts                                                 []htmlPair
	Fixes                                                 []htmlFix
	Trace, Picture                                        template.HTML
}

// An htmlSaid is a place and what is said there.
// Reason is the id of what the page says elsewhere, "" for nothing.
type htmlSaid struct{ Repository, Where, URL, Text, Reason string }

// line is a place and what is said there, in one line.
func (s *htmlSaid) line() string { return strings.TrimSpace(s.Repository+" "+s.Where) + ": " + s.Text }

// An htmlSpot is a place where the credential stands. Severity and Rules are set where they differ from the lead's.
type htmlSpot struct {
	htmlSaid
	Severity, Commit, CommitURL string
	Rules                       []string
	Gone                        bool
}

type htmlLine struct {
	Number              int
	Before, Mark, After string
}

// htmlTokens are the credentials of a list of findings, those to look at first in front: the worst, of those the live
// ones, then what still stands, then what is in most repositories and places.
func htmlTokens(list []finding.Finding) []*htmlToken {
	var all []*htmlToken
	for _, g := range groups(list) {
		t := &htmlToken{lead: g.lead, all: append([]*finding.Finding{g.lead}, g.rest...)}
		t.row()
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b *htmlToken) int {
		return cmp.Or(
			order(a.lead.Suppressed != nil, b.lead.Suppressed != nil),
			cmp.Compare(b.lead.Severity, a.lead.Severity),
			order(b.live, a.live),
			order(b.stands > 0, a.stands > 0),
			cmp.Compare(b.repositories(), a.repositories()),
			cmp.Compare(len(b.all), len(a.all)),
		)
	})
	return all
}

// order compares two truths, the false one first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// row fills in what the table says.
func (t *htmlToken) row() {
	f := t.lead
	t.Severity, t.Shown, t.Kind, t.Scope = f.Severity.String(), visible(f.Shown()), visible(string(f.Kind)), scopeOf(f)
	t.Repository, t.Where = visible(f.Repository), whereOf(f)
	t.Name = "a token in code" // of the analyzer, which hands none out
	if f.Rule == rules.SecretEnvInFrontend {
		t.Name = "a setting"
	}
	t.Places = grouped(len(t.all))
	for _, id := range f.Rules() {
		t.Rules = append(t.Rules, string(id))
	}
	if n := t.repositories(); n > 0 {
		t.Repositories = grouped(n)
	}
	history := false
	var first time.Time
	for _, f := range t.all {
		if stands(f) {
			t.stands++
		}
		history = history || f.Git != nil
		if at, ok := dateOf(f); ok && (first.IsZero() || at.Before(first)) {
			first, t.Since = at, at.Format(time.DateOnly)
		}
	}
	t.Gone = t.stands == 0
	switch {
	case !history:
	case t.stands == len(t.all):
		t.Stands = "yes"
	case t.stands == 0:
		t.Stands = "history only"
	default:
		t.Stands = fmt.Sprintf("%s of %s", grouped(t.stands), grouped(len(t.all)))
	}
	t.Server, t.live = serverOf(f)
}

// repositories counts the repositories of a sweep that the credential stands in, 0 outside of one.
func (t *htmlToken) repositories() int {
	names := map[string]bool{}
	for _, f := range t.all {
		if f.Repository != "" {
			names[f.Repository] = true
		}
	}
	return len(names)
}

// stands reports whether a finding still stands: in the files that were scanned, in HEAD, or in the commit that a range
// ends in.
func stands(f *finding.Finding) bool {
	switch g := f.Git; {
	case g == nil || g.Where == "index":
		return true
	case g.Where != "blob":
		return false
	case g.Tip != "":
		return g.TipLine > 0
	default:
		return g.InHead
	}
}

// dateOf is when the commit was written that brings a finding in; ok is false where none is known.
func dateOf(f *finding.Finding) (at time.Time, ok bool) {
	if f.Git == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, f.Git.Date)
	return at, err == nil
}

// whereOf is FILE:LINE of a finding, the file alone where it has no line.
func whereOf(f *finding.Finding) string {
	if f.Line <= 0 {
		return visible(f.File)
	}
	return fmt.Sprintf("%s:%d", visible(f.File), f.Line)
}

// scopeOf is what a token is for, in words; "" where it does not say so.
func scopeOf(f *finding.Finding) string {
	project, environment := visible(f.Project), visible(f.Environment)
	switch f.Project {
	case "*":
		project = "all projects"
	case "[]":
		project = "several projects"
	}
	if f.Environment == "*" {
		environment = "all environments"
	}
	if project == "" || environment == "" {
		return project + environment
	}
	return project + " / " + environment
}

// serverOf is what servers say of a credential, by their own word else by an inventory's; "" where none was asked.
func serverOf(f *finding.Finding) (says string, live bool) {
	live = rules.Knowledge{Listing: f.Listing, Verification: f.Verification}.IsLive()
	switch {
	case f.Verification == rules.Live:
		return "live", live
	case f.Verification == rules.NotLive:
		return "not live", live
	case f.Listing != nil && f.Listing.State == rules.Absent:
		return "not listed", live
	case f.Listing != nil:
		return visible(string(f.Listing.State)), live
	case f.Verification == rules.Unchecked:
		return "no answer", live
	}
	return "", false
}

// How much a page says of a token: everything; no lines of source, no pictures, and what is said elsewhere by a link;
// the bare words; of those what the row says not, and the first reason in few of them.
const (
	htmlFull = iota
	htmlBrief
	htmlBare
	htmlLeast
)

// fill fills in what opens below the row.
func (t *htmlToken) fill(h *htmlWriter, level int) {
	f := t.lead
	t.Full, t.Bare = level == htmlFull, level >= htmlBare
	t.Columns = len(h.columns)
	t.HasRepositories, t.HasSince, t.HasStands, t.HasServer = h.has("repositories"), h.has("since"), h.has("stands"),
		h.has("server")
	t.Message, t.Fingerprint = visible(f.Message), visible(f.Fingerprint)
	t.Lines, t.Facts, t.Fixes, t.Also, t.Spots, t.Trace, t.Picture = nil, nil, nil, nil, nil, "", ""
	commits := commitsOf(t.all)
	t.Evidence = t.said(f.Evidence, h.o, commits)
	for _, f := range t.all {
		t.Spots = append(t.Spots, t.spot(f, h.o))
		if id := h.fixes[f.Fix]; id != "" && !slices.ContainsFunc(t.Fixes, func(x htmlFix) bool { return x.ID == id }) {
			t.Fixes = append(t.Fixes, htmlFix{id, visible(f.Fix)})
		}
	}
	switch level {
	case htmlFull:
		t.Lines, t.Facts = htmlLines(f.Excerpt), factsOf(f)
		t.Also = t.said(beyondSpots(beyond(f.Related, f.Evidence), t.all), h.o, commits)
		t.Trace, t.Picture = h.axis.trace(t), picture(t, h.o.End)
	case htmlBrief:
		t.Also = t.said(beyondSpots(beyond(f.Related, f.Evidence), t.all), h.o, commits)
	case htmlBare:
		t.bare()
	case htmlLeast:
		t.bare()
		t.least(h)
	}
}

// leastReason is how many characters of a reason a page says at least.
const leastReason = 90

// least leaves of the reasons the first, by a link where many tokens have it, and the number of the others. Rules and kind stand in the row.
func (t *htmlToken) least(h *htmlWriter) {
	t.Message = ""
	if len(t.Evidence) == 0 {
		return
	}
	first := t.Evidence[0]
	text := []rune(first.Text)
	if first.Reason = h.reason(first.line()); first.Reason != "" {
		first.Repository, first.Where = "", ""
	} else if len(text) > leastReason/3 {
		first.Reason = h.reason(first.Text)
	}
	switch {
	case first.Reason != "":
		first.Text = ""
	case len(text) > leastReason:
		first.Text = string(text[:leastReason]) + "…"
	}
	if n := len(t.Evidence) - 1; n > 0 {
		first.Text += " +" + grouped(n)
	}
	t.Evidence = []htmlSaid{first}
}

// bare takes out what the row says already.
func (t *htmlToken) bare() {
	f := t.lead
	if rule, _ := rules.Lookup(f.Rule); t.Shown != "" && !rule.Misuse {
		t.Message = "" // kind and scope
	}
	t.Fingerprint = cutFingerprint(t.Fingerprint)
	t.Commit = ""
	if g := f.Git; len(t.Spots) == 1 && f.Suppressed == nil && (g == nil || g.Where == "blob" && g.Tip == "") {
		t.Commit, _, _ = strings.Cut(t.Spots[0].Commit, " of ")
		t.Spots = nil
	}
}

// cutFingerprint is a fingerprint in so few characters as still name it.
func cutFingerprint(fingerprint string) string { return fingerprint[:min(len(fingerprint), 12)] }

// commitsOf are the commits in which the files of findings are known to be, by repository and file.
func commitsOf(list []*finding.Finding) map[[2]string]string {
	commits := map[[2]string]string{}
	for _, f := range list {
		if f.Git != nil && f.Git.Commit != "" {
			commits[[2]string{f.Repository, f.File}] = f.Git.Commit
			if commits[[2]string{f.Repository}] == "" {
				commits[[2]string{f.Repository}] = f.Git.Commit // of other files of the repository
			}
		}
	}
	return commits
}

// said are places with what is said there. A place in the file of the row is named by its line alone.
func (t *htmlToken) said(list []finding.Place, o Options, commits map[[2]string]string) []htmlSaid {
	var out []htmlSaid
	for _, p := range list {
		where := visible(p.File)
		same := p.Repository == t.lead.Repository && p.File == t.lead.File && p.Line > 0
		switch {
		case same:
			where = fmt.Sprintf("line %d", p.Line)
		case p.Line > 0:
			where += fmt.Sprintf(":%d", p.Line)
		}
		s := htmlSaid{Where: where, Text: visible(p.Text)}
		if p.Repository != t.lead.Repository {
			s.Repository = visible(p.Repository)
		}
		if t.Full {
			commit := cmp.Or(commits[[2]string{p.Repository, p.File}], commits[[2]string{p.Repository}], o.Revision)
			s.URL = o.linkIn(p.Repository, commit, p.File, p.Line)
		}
		out = append(out, s)
	}
	return out
}

// beyondSpots are the places of a list at which none of the findings stands.
func beyondSpots(list []finding.Place, all []*finding.Finding) []finding.Place {
	return slices.DeleteFunc(slices.Clone(list), func(p finding.Place) bool {
		return slices.ContainsFunc(all, func(f *finding.Finding) bool {
			return f.Repository == p.Repository && f.File == p.File && f.Line == p.Line
		})
	})
}

// spot is a place where the credential stands.
func (t *htmlToken) spot(f *finding.Finding, o Options) htmlSpot {
	s := htmlSpot{htmlSaid: htmlSaid{Repository: visible(f.Repository), Where: whereOf(f)}, Gone: !stands(f)}
	commit := o.Revision
	if f.Git != nil && f.Git.Commit != "" {
		commit = f.Git.Commit
	}
	if !t.Bare {
		s.URL = o.linkIn(f.Repository, commit, f.File, f.Line)
	}
	if f.Column > 1 {
		s.Where += fmt.Sprintf(":%d", f.Column)
	}
	if f.Severity != t.lead.Severity {
		s.Severity = f.Severity.String()
	}
	if !slices.Equal(f.Rules(), t.lead.Rules()) {
		for _, id := range f.Rules() {
			s.Rules = append(s.Rules, string(id))
		}
	}
	var what []string
	if g := f.Git; g != nil {
		if g.Commit != "" {
			s.Commit = "commit " + visible(cutHash(g.Commit))
			if t.Full {
				s.CommitURL = o.commitIn(f.Repository, g.Commit)
			}
			if at, ok := dateOf(f); ok {
				s.Commit += " of " + at.Format(time.DateOnly)
			}
		}
		what = append(what, standsText(f, !t.Full)...)
	}
	if f.Suppressed != nil {
		what = append(what, "suppressed at "+f.Suppressed.Where+": "+f.Suppressed.Reason)
	}
	s.Text = visible(strings.Join(what, separator))
	return s
}

// standsText says what is to be said of a place in a history beside its commit.
func standsText(f *finding.Finding, brief bool) []string {
	g := f.Git
	var what []string
	if g.Where != "" && g.Where != "blob" {
		what = append(what, "in a "+strings.ReplaceAll(g.Where, "-", " "))
	}
	if tip := tipText(f); tip != "" {
		what = append(what, tip)
	}
	if n := len(g.Refs); n > 0 && !brief {
		const most = 4
		s := "in " + strings.Join(g.Refs[:min(n, most)], ", ")
		if n > most {
			s += " and " + grouped(n-most) + " more"
		}
		what = append(what, s)
	}
	return what
}

// certaintyWords say what the kind of a credential rests on.
func certaintyWords(c rules.Certainty) string {
	switch c {
	case rules.Verified:
		return "a server says so"
	case rules.ByFormat:
		return "by its form"
	case rules.Declared:
		return "it is declared so"
	case rules.ByName:
		return "by the name that it is bound to"
	case rules.BySink:
		return "by its use"
	case rules.ByHint:
		return "by hints only"
	}
	return "nothing decides it"
}

// factsOf are what is known of a credential beside its places.
func factsOf(f *finding.Finding) []htmlPair {
	var out []htmlPair
	add := func(what, why string) {
		if why != "" {
			out = append(out, htmlPair{what, visible(why)})
		}
	}
	add("Kind", fmt.Sprintf("%s, %s: %s", f.Visibility(), f.Kind, certaintyWords(f.Certainty)))
	add("Format", string(f.Format))
	add("Inside", strings.Join(f.Layers, ", "))
	if l := f.Listing; l != nil {
		add("Inventory", listingText(l))
	}
	if v := f.Verification; v != "" {
		add("Server", verificationText(v))
	}
	if s := f.Suppressed; s != nil {
		add("Suppressed", s.Where+": "+s.Reason)
	}
	return out
}

func verificationText(v rules.Verification) string {
	switch v {
	case rules.Live:
		return "live: a server lists it"
	case rules.NotLive:
		return "not live: every server that was asked answered, and none lists it"
	}
	return "no answer that can be believed"
}

// listingText is what an inventory says of a credential.
func listingText(l *rules.Listing) string {
	parts := []string{string(l.State)}
	if l.State == rules.Absent {
		return "not listed"
	}
	if l.Name != "" {
		parts = append(parts, fmt.Sprintf("%q", l.Name))
	}
	if l.Owner != "" {
		parts = append(parts, "of "+l.Owner)
	}
	if !l.ExpiresAt.IsZero() {
		parts = append(parts, "expires "+l.ExpiresAt.UTC().Format(time.DateOnly))
	}
	if !l.SeenAt.IsZero() {
		parts = append(parts, "last used "+l.SeenAt.UTC().Format(time.DateOnly))
	}
	return strings.Join(parts, ", ")
}

func htmlLines(excerpt []finding.ExcerptLine) []htmlLine {
	var out []htmlLine
	for _, l := range excerpt {
		shown, from, to := visibleRange(l.Text, l.Start, l.End)
		if l.End <= l.Start || from > to || to > len(shown) {
			from, to = len(shown), len(shown)
		}
		out = append(out, htmlLine{l.Number, shown[:from], shown[from:to], shown[to:]})
	}
	return out
}
