package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

const evidenceShown = 6 // pieces of evidence that a finding lists

// tell is the finding of one site of a settled credential.
func (r *Record) tell(v rules.Verdict, ids []rules.RuleID, known rules.Knowledge) Finding {
	f, c := r.Finding, &r.Site.Credential
	f.Rule, f.Also, f.Kind, f.Certainty = ids[0], ids[1:], v.Kind, v.Certainty
	f.Format, f.Project, f.Environment, f.Selector = c.Format, c.Project, c.Environment, c.Selector
	f.Example = c.Example
	row, _ := rules.Lookup(f.Rule)
	f.Severity = row.Severity
	milder(&f, c)
	f.Severity = known.Severity(f.Severity, v.Kind)
	f.Listing, f.Verification = known.Listing, known.Verification
	f.Fix = row.FixFor(v.Kind)
	f.Message = message(&r.Site, v, ids)
	f.Evidence = places(&r.Site, v, ids, known.Says)
	f.Related = nil
	return f
}

// message is one sentence: what it is, of what scope, and what is wrong with its place.
func message(rs *rules.Site, v rules.Verdict, ids []rules.RuleID) string {
	c := &rs.Credential
	var b strings.Builder
	if c.Format == rules.Legacy {
		b.WriteString("Legacy token")
		if v.Kind != rules.Unknown {
			b.WriteString(" (" + string(v.Kind) + ")")
		}
	} else {
		b.WriteString(sentence(v.Kind.Words()))
	}
	if c.Project != "" {
		b.WriteString(" of " + scopeWords(*c))
	}
	if c.Default {
		b.WriteString(", a default that Unleash publishes")
	}
	for _, id := range ids {
		row, ok := rules.Lookup(id)
		if ok && row.Misuse {
			b.WriteString(": " + lowerFirst(titleAt(rs, v.Kind, id, row.Title)))
			if id == rules.EnvironmentMismatch {
				b.WriteString(" (" + rs.DeployedBy + " says " + rs.Deployment + ")")
			}
			if id == rules.MalformedToken && c.Problem != "" {
				b.WriteString(" (" + c.Problem + ")")
			}
			break
		}
	}
	b.WriteString(".")
	return b.String()
}

// titleAt is a rule's title at a site. Where a bare request breaks it, no SDK, Edge or Proxy is in sight to be named.
func titleAt(rs *rules.Site, k rules.Kind, id rules.RuleID, title string) string {
	what, _, in := strings.Cut(title, " in a")
	if !in || !strings.HasSuffix(title, " SDK, Edge or Proxy") {
		return title
	}
	takes := rules.Kind("")
	for _, u := range rs.Uses {
		switch {
		case breaks(&rs.Credential, k, u, id) == 0:
		case u.Via != rules.ViaRequest:
			return title
		default:
			takes = u.Takes
		}
	}
	if takes == "" {
		return title
	}
	return what + " in a request where " + takes.Article() + " belongs"
}

func scopeWords(c rules.Credential) string {
	var b strings.Builder
	switch c.Project {
	case "*":
		b.WriteString("all projects")
	case "[]":
		b.WriteString("several projects")
	default:
		b.WriteString("project \"" + c.Project + "\"")
	}
	switch c.Environment {
	case "":
	case "*":
		b.WriteString(", all environments")
	default:
		b.WriteString(", environment \"" + c.Environment + "\"")
	}
	return b.String()
}

// sentence is words as a sentence begins.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && !(s[1] >= 'A' && s[1] <= 'Z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// places are the pieces of evidence in words, what decided first.
func places(rs *rules.Site, v rules.Verdict, ids []rules.RuleID, says []string) []Place {
	c := &rs.Credential
	var out []Place
	seen := map[Place]bool{}
	said := 0
	add := func(p Place, chain ...rules.Link) {
		if p.Text == "" || seen[p] || said >= evidenceShown {
			return
		}
		seen[p] = true
		said++
		out = append(out, p)
		for _, l := range chain {
			step := Place{Repository: p.Repository, File: l.File, Line: l.Line, Text: l.Text}
			if !seen[step] {
				seen[step] = true
				out = append(out, step)
			}
		}
	}
	here := func(text string) Place {
		return Place{Repository: rs.Repository, File: rs.File, Line: rs.Line, Text: text}
	}
	for _, text := range says {
		add(here(text))
	}
	if v.Certainty == rules.ByFormat {
		switch {
		case c.Default && !(c.Project == "*" && c.Environment == "*"):
			add(here("its ending is one that Unleash publishes for " + string(c.Kind) +
				" tokens"))
		case c.Kind == rules.Admin:
			add(here("it begins with *:*: only admin tokens do"))
		default:
			add(here("it begins with user: only personal and service-account tokens do"))
		}
	}
	t := teller{site: rs, verdict: &v, add: add}
	decided, more := t.decisive()
	for _, ev := range decided {
		t.evidence(ev)
	}
	uses := slices.Clone(rs.Uses)
	slices.SortStableFunc(uses, func(a, b rules.Use) int { // what breaks the rule that is reported comes first
		return breaks(c, v.Kind, b, ids[0]) - breaks(c, v.Kind, a, ids[0])
	})
	for _, u := range uses {
		t.use(u)
	}
	for _, x := range rs.Exposures {
		p := Place{Repository: rs.Repository, File: x.File, Line: x.Line, Text: x.Why}
		if t.first(p) {
			add(p, x.Chain...)
		}
	}
	for _, x := range rs.URLs {
		add(Place{Repository: rs.Repository, File: x.File, Line: x.Line, Text: x.Why}, x.Chain...)
	}
	for _, ev := range more {
		t.evidence(ev)
	}
	if rs.Deployment != "" {
		for _, id := range ids {
			if id == rules.EnvironmentMismatch {
				add(here(rs.DeployedBy + " says " + rs.Deployment + ", the token is of " +
					c.Environment))
			}
		}
	}
	if len(out) == len(says) && v.Certainty == rules.None {
		add(here("nothing in the scanned text says which type it is: it is taken for a secret"))
	}
	return out
}

// A teller tells of one site what says what its credential is.
type teller struct {
	site    *rules.Site
	verdict *rules.Verdict
	add     func(p Place, chain ...rules.Link)
	told    []Place // without what was made of it
}

// first reports whether a thing was not told of a file yet: what stands in one file ten times is told once.
func (t *teller) first(p Place) bool {
	for _, q := range t.told {
		if q.File == p.File && q.Repository == p.Repository && q.Text == p.Text {
			return false
		}
	}
	t.told = append(t.told, p)
	return true
}

// decisive are the pieces of evidence that decided: the first of each kind, this site's own before others'; and the
// others that say the same.
func (t *teller) decisive() (decided, more []rules.Evidence) {
	type said struct {
		file string
		line int
		text string
		kind rules.Kind
	}
	here := map[said]bool{}
	for _, e := range t.site.Evidence {
		here[said{e.File, e.Line, e.Text, e.Kind}] = true
	}
	own := func(ev rules.Evidence) bool {
		return here[said{ev.File, ev.Line, ev.Text, ev.Kind}] && ev.Repository == t.site.Repository
	}
	kinds := map[rules.Kind]bool{}
	for _, mine := range [2]bool{true, false} {
		for _, ev := range t.verdict.Evidence {
			if ev.Certainty == rules.Verified || ev.Certainty != t.verdict.Certainty &&
				t.verdict.Certainty != rules.ByFormat || own(ev) != mine {
				continue
			}
			if kinds[ev.Kind] {
				more = append(more, ev)
				continue
			}
			kinds[ev.Kind] = true
			decided = append(decided, ev)
		}
	}
	return decided, more
}

// evidence tells a piece of evidence, and what it makes of the credential.
func (t *teller) evidence(ev rules.Evidence) {
	at := Place{Repository: ev.Repository, File: ev.File, Line: ev.Line, Text: ev.Text}
	if !t.first(at) {
		return
	}
	if ev.File != t.site.File || ev.Line != t.site.Line || ev.Repository != t.site.Repository {
		at.Text = sameToken(ev.Text)
	}
	switch {
	case t.verdict.Conflict:
		at.Text += ": " + string(ev.Kind)
	case ev.Kind != t.verdict.Kind && ev.Kind != rules.Personal:
		at.Text += ", where " + ev.Kind.Article() + " belongs" // its format outranks the place
	case ev.Certainty == rules.ByHint:
		at.Text += ", which suggests " + ev.Kind.Article() // a weak name makes nothing of it
	default:
		at.Text += ": it is " + ev.Kind.Article()
	}
	t.add(at, ev.Chain...)
}

// use tells what takes the credential, where that was not said.
func (t *teller) use(u rules.Use) {
	p := Place{Repository: t.site.Repository, File: u.File, Line: u.Line, Text: u.Text}
	if t.first(p) {
		p.Text = "here it is " + u.Text
		t.add(p, u.Chain...)
	}
}

// breaks is 1 where a use breaks a rule, 0 where it does not.
func breaks(c *rules.Credential, k rules.Kind, u rules.Use, id rules.RuleID) int {
	if !u.Commented && slices.Contains(rules.Misuse(*c, k, u), id) {
		return 1
	}
	return 0
}

// sameToken is a piece of evidence from another place of the same token.
func sameToken(text string) string {
	switch {
	case strings.HasPrefix(text, "flows to "):
		return "the same token " + text
	case strings.Contains(text, " beside it says "), strings.HasPrefix(text, "the resource"):
		return "where the same token stands, " + text
	}
	return "the same token is " + text
}

// settingFinding tells a setting that is named as a secret where browsers get it.
func (e *engine) settingFinding(p *placeFact, why string) Finding {
	row, _ := rules.Lookup(rules.SecretEnvInFrontend)
	verb := "reads"
	if p.sets {
		verb = "sets"
	}
	if why == "" || p.class.Prefix != "" {
		why = "bundlers put " + p.class.Prefix + " variables into what browsers load"
	}
	return Finding{
		Rule: rules.SecretEnvInFrontend, Severity: row.Severity, Kind: p.class.Kind, Certainty: rules.ByName,
		File: p.file.path, Line: p.line, Column: p.at.Column, EndLine: p.end.Line, EndColumn: p.end.Column,
		UTF16Column: p.at.UTF16Column, UTF16EndColumn: p.end.UTF16Column, Git: p.file.git, Excerpt: p.excerpt,
		Fix:         row.FixFor(p.class.Kind),
		Fingerprint: rules.SettingFingerprint(p.name, p.class.Kind),
		Message: "This line " + verb + " " + p.name + ", which is named as " + p.class.Kind.Article() +
			", and browsers get it.",
		Evidence: []Place{{File: p.file.path, Line: p.line, Text: why}},
	}
}

// milder lowers the severity of what is no live credential, or stands where it serves as a sample: a near miss, whose
// rule goes before that of its kind unless another misuse applies (VOCABULARY, item 41), and a published default in
// documentation or test code (42).
func milder(f *Finding, c *rules.Credential) {
	ids := append([]rules.RuleID{f.Rule}, f.Also...)
	switch first := slices.Index(ids, rules.MalformedToken); {
	case c.Malformed && first >= 0:
		for i, id := range ids {
			if row, ok := rules.Lookup(id); ok && row.Misuse && id != rules.MalformedToken {
				first = i
				break
			}
		}
		front := []rules.RuleID{ids[first]}
		for i, id := range ids {
			if i != first {
				front = append(front, id)
			}
		}
		row, _ := rules.Lookup(front[0])
		f.Rule, f.Also, f.Severity = front[0], front[1:], row.Severity
	case f.Rule == rules.InsecureDefaultToken && (isDocumentation(f.File) || rules.InTestCode(f.File)):
		f.Severity = rules.Low
	}
}

// isDocumentation reports whether a file is one that documentation is written in.
func isDocumentation(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".ipynb", ".txt":
		return true
	}
	return false
}
