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

func kindWords(key rules.Kind) string {
	switch key {
	case rules.Backend:
		return "Backend token"
	case rules.Frontend:
		return "Frontend token"
	case rules.Admin:
		return "Admin token"
	case rules.Personal:
		return "Personal access token (or a service account's)"
	case rules.ServiceAccount:
		return "Service-account token"
	case rules.ClientKey:
		return "Proxy client key"
	case rules.Unknown:
		return "API token of undecided type"
	}
	return ""
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
		b.WriteString(kindWords(v.Kind))
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
			b.WriteString(": " + lowerFirst(row.Title))
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
	add := func(p Place) {
		if p.Text == "" || seen[p] || len(out) >= evidenceShown {
			return
		}
		seen[p] = true
		out = append(out, p)
	}
	here := func(text string) Place {
		return Place{Repository: rs.Repository, File: rs.File, Line: rs.Line, Text: text}
	}
	for _, text := range says {
		add(here(text))
	}
	if v.Certainty == rules.ByFormat {
		switch {
		case c.Default:
			add(here("its ending is one that Unleash publishes for " + string(c.Kind) +
				" tokens"))
		case c.Kind == rules.Admin:
			add(here("it begins with *:*: only admin tokens do"))
		default:
			add(here("it begins with user: only personal and service-account tokens do"))
		}
	}
	for _, ev := range v.Evidence {
		if len(out) >= evidenceShown {
			break
		}
		if ev.Certainty == rules.Verified || ev.Certainty != v.Certainty && v.Certainty != rules.ByFormat {
			continue
		}
		text := ev.Text
		if ev.File != rs.File || ev.Line != rs.Line || ev.Repository != rs.Repository {
			text = sameToken(ev.Text)
		}
		if v.Conflict {
			text += ": " + string(ev.Kind)
		} else {
			verb := ": it is "
			if ev.Certainty == rules.ByHint {
				verb = ", which suggests " // a weak name makes nothing of it
			}
			text += verb + article(ev.Kind)
		}
		add(Place{Repository: ev.Repository, File: ev.File, Line: ev.Line, Text: text})
	}
	for _, x := range rs.Exposures {
		add(Place{Repository: rs.Repository, File: x.File, Line: x.Line, Text: x.Why})
	}
uses:
	for _, u := range rs.Uses {
		for _, said := range out {
			if said.File == u.File && said.Line == u.Line && strings.Contains(said.Text, u.Text) {
				continue uses
			}
		}
		add(Place{Repository: rs.Repository, File: u.File, Line: u.Line, Text: "here it is " + u.Text})
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

func article(k rules.Kind) string {
	switch k {
	case rules.Admin:
		return "an admin token"
	case rules.ClientKey:
		return "a proxy client key"
	case rules.ServiceAccount:
		return "a service account's token"
	}
	return "a " + string(k) + " token"
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
		Message: "This line " + verb + " " + p.name + ", which is named as " + article(p.class.Kind) +
			", and browsers get it.",
		Evidence: []Place{{File: p.file.path, Line: p.line, Text: why}},
	}
}

// milder lowers the severity of what is no live credential, or stands where it serves as a sample: a near miss, whose
// rule goes before that of its kind unless another misuse applies (VOCABULARY, item 41), and a published default in
// documentation or test code (42).
func milder(f *Finding, c *rules.Credential) {
	switch {
	case f.Rule == rules.InsecureDefaultToken && (isDocumentation(f.File) || rules.InTestCode(f.File)):
		f.Severity = rules.Low
	case c.Malformed:
		ids := append([]rules.RuleID{f.Rule}, f.Also...)
		at := slices.Index(ids, rules.MalformedToken)
		if at < 0 {
			return
		}
		first := at
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
