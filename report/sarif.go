package report

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// What the services that read SARIF accept. GitHub refuses a file with more than 25,000 results, GitLab drops a result
// whose message is longer than 1,024 characters.
const (
	sarifResults  = 25_000
	sarifMessage  = 1_000
	sarifRelated  = 50
	sarifNotices  = 500
	srcRoot       = "%SRCROOT%"
	fingerprintID = "unleakedFingerprint/v1"
)

// writeSARIF writes SARIF 2.1.0, for a sweep with one run a repository. The library is used for its types only: its
// helpers write null suppressions, indexes of -1 and files that are not cut to their length. Every pointer that is set
// here is set to something.
func writeSARIF(w io.Writer, r *finding.Result, o Options) error {
	report, err := sarif.New(sarif.Version210)
	if err != nil {
		return err
	}
	for _, one := range byRepository(r) {
		report.Runs = append(report.Runs, sarifRun(one, o))
	}
	return encode(w, report, "")
}

// sarifRun is the run of a scan, or of one repository of a sweep.
func sarifRun(r *finding.Result, o Options) *sarif.Run {
	if len(r.Repositories) > 0 {
		home := r.Repositories[0]
		o.Repository, o.Revision, o.Branch = home.Web, home.Revision, home.Branch
	}
	all := listed(r, o)
	s := &sarifWriter{o: o, index: map[rules.RuleID]uint{}, roots: map[string]*sarif.ArtifactLocation{
		srcRoot: {Description: message("The root of the scanned tree.")}}}
	driver := s.driver()
	results := make([]*sarif.Result, 0, min(len(all), sarifResults))
	for _, f := range worst(all, sarifResults) {
		results = append(results, s.result(&f))
	}
	var notes []*sarif.Notification
	if n := len(all) - len(results); n > 0 {
		notes = append(notes, note("warning",
			fmt.Sprintf("%s are left out, the mildest ones: services take no more than %s results.",
				plural(n, "finding"), grouped(sarifResults))))
	}
	for i, skip := range r.Coverage.Skipped {
		if i == sarifNotices {
			notes = append(notes, note("error", fmt.Sprintf("%s more could not be read.",
				grouped(len(r.Coverage.Skipped)-i))))
			break
		}
		notes = append(notes, note("error", "Not read: "+visible(withRepository(skip.Repository, skip.What))+": "+
			visible(skip.Why)))
	}
	var policy []*sarif.Notification
	for _, n := range r.Notices[:min(len(r.Notices), sarifNotices)] {
		p := note("note", visible(n.Text))
		p.Locations = []*sarif.Location{{PhysicalLocation: &sarif.PhysicalLocation{ArtifactLocation: artifact(n.File),
			Region: startsAt(n.Line)}}}
		policy = append(policy, p)
	}
	return &sarif.Run{
		Tool:                     sarif.Tool{Driver: driver},
		Results:                  results,
		ColumnKind:               "utf16CodeUnits",
		AutomationDetails:        &sarif.RunAutomationDetails{ID: ptr(category(r, o))},
		OriginalUriBaseIDs:       s.roots,
		RedactionTokens:          []string{"…"},
		VersionControlProvenance: provenance(o),
		Invocations: []*sarif.Invocation{{
			ExecutionSuccessful:            ptr(r.Complete()),
			ToolExecutionNotifications:     notes,
			ToolConfigurationNotifications: policy,
		}},
	}
}

func ptr[T any](v T) *T { return &v }

func message(text string) *sarif.Message { return &sarif.Message{Text: ptr(text)} }

func multiformat(text, markdown string) *sarif.MultiformatMessageString {
	m := &sarif.MultiformatMessageString{Text: ptr(text)}
	if markdown != "" {
		m.Markdown = ptr(markdown)
	}
	return m
}

func note(level, text string) *sarif.Notification {
	return &sarif.Notification{Level: level, Message: message(cut(text, sarifMessage))}
}

// category keeps the results of different modes apart: a service that sees none of a kind any more closes its alerts.
// Findings of history, which no line of the tree has any more, are a category of their own that way.
func category(r *finding.Result, o Options) string {
	c := strings.TrimSuffix(o.Category, "/")
	if c == "" {
		c = toolName
		if r.Mode != "" {
			c += "/" + r.Mode
		}
	}
	if len(r.Repositories) > 0 {
		c += "/" + strings.Trim(visible(r.Repositories[0].Name), "/")
	}
	return c + "/"
}

// provenance is empty unless the repository's address is one of the web; what stands before an @ in it is nobody's
// business.
func provenance(o Options) []*sarif.VersionControlDetails {
	u, err := url.Parse(o.Repository)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	d := &sarif.VersionControlDetails{RepositoryURI: ptr(u.String()),
		MappedTo: &sarif.ArtifactLocation{URIBaseId: ptr(srcRoot)}}
	if o.Revision != "" {
		d.RevisionID = ptr(o.Revision)
	}
	if o.Branch != "" {
		d.Branch = ptr(visible(o.Branch))
	}
	return []*sarif.VersionControlDetails{d}
}

type sarifWriter struct {
	o     Options
	index map[rules.RuleID]uint              // of each rule in the driver's list
	roots map[string]*sarif.ArtifactLocation // what the paths are relative to, by the id of each
}

// result is one finding. It has no snippet: the line holds the secret.
func (s *sarifWriter) result(f *finding.Finding) *sarif.Result {
	related := s.relatedOf(f)
	res := &sarif.Result{
		RuleID:           ptr(string(f.Rule)),
		Level:            ptr(level(f.Severity)),
		Message:          sarif.Message{Text: ptr(sarifText(f, related))},
		Locations:        []*sarif.Location{{PhysicalLocation: &sarif.PhysicalLocation{ArtifactLocation: artifact(f.File), Region: region(f)}}},
		RelatedLocations: related,
		PropertyBag: sarif.PropertyBag{Properties: sarif.Properties{
			"kind": string(f.Kind), "visibility": f.Visibility(), "certainty": string(f.Certainty),
			"redacted": visible(f.Shown()),
		}},
	}
	if i, ok := s.index[f.Rule]; ok {
		res.RuleIndex = ptr(i)
	}
	if rank := rankOf(f.Severity); rank > 0 {
		res.Rank = ptr(float32(rank))
	}
	prints := map[string]any{}
	if f.Fingerprint != "" {
		prints[fingerprintID] = f.Fingerprint
	}
	if f.LineHash != "" {
		prints["primaryLocationLineHash"] = f.LineHash
	}
	if len(prints) > 0 {
		res.PartialFingerprints = prints
	}
	set := func(name, value string) {
		if value != "" {
			res.Properties[name] = visible(value)
		}
	}
	set("format", string(f.Format))
	set("project", f.Project)
	set("environment", f.Environment)
	set("selector", f.Selector)
	set("layers", strings.Join(f.Layers, ", "))
	set("also", joinRules(f.Also))
	set("repository", f.Repository)
	if g := f.Git; g != nil {
		set("commit", g.Commit)
		set("blob", g.Blob)
		set("where", g.Where)
		res.Properties["inHead"] = g.InHead
	}
	if f.Suppressed != nil {
		res.Suppressions = []*sarif.Suppression{suppression(f)}
	}
	return res
}

// suppression fills every field: those left out would be written as null, which no schema takes.
func suppression(f *finding.Finding) *sarif.Suppression {
	kind := "external"
	if f.Suppressed.By == "inline" {
		kind = "inSource"
	}
	return &sarif.Suppression{
		Kind: kind, Status: ptr("accepted"), Justification: ptr(visible(f.Suppressed.Reason)),
		Location: &sarif.Location{},
		Guid:     ptr(guid(f.Fingerprint, string(f.Rule), f.Suppressed.Where)),
	}
}

// guid is an id made of texts, the same for the same texts. It is marked as version 5, the highest that SARIF's schema
// takes.
func guid(texts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	h[6] = h[6]&0x0f | 0x50
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// relatedOf are the evidence and the related places, numbered so that the message can link to them.
func (s *sarifWriter) relatedOf(f *finding.Finding) []*sarif.Location {
	var out []*sarif.Location
	for _, list := range [][]finding.Place{f.Evidence, f.Related} {
		for _, p := range list {
			if p.File == "" || len(out) == sarifRelated {
				continue
			}
			at := artifact(p.File)
			text := p.Text
			if p.Repository != f.Repository {
				at.URIBaseId = ptr(s.root(p.Repository))
				text = "in " + p.Repository + ": " + text
			}
			out = append(out, &sarif.Location{
				Id:               ptr(uint(len(out) + 1)),
				PhysicalLocation: &sarif.PhysicalLocation{ArtifactLocation: at, Region: startsAt(p.Line)},
				Message:          message(cut(sarifPlain(text), sarifMessage)),
			})
		}
	}
	return out
}

// root is the id of what the paths of another repository are relative to.
func (s *sarifWriter) root(repository string) string {
	id := "%SRCROOT:" + visible(repository) + "%"
	if s.roots[id] == nil {
		s.roots[id] = &sarif.ArtifactLocation{Description: message("The root of the repository " + sarifPlain(repository) + ".")}
	}
	return id
}

// sarifText is the message with its evidence, each piece behind a link to where it stands. What stands in another
// repository has no link: services take every path for one of their own repository.
func sarifText(f *finding.Finding, related []*sarif.Location) string {
	text := sarifPlain(f.Message)
	for i, p := range f.Evidence {
		if i >= len(related) {
			break
		}
		where := fmt.Sprintf("[%s:%d](%d)", sarifPlain(p.File), p.Line, i+1)
		if p.Repository != f.Repository {
			where = fmt.Sprintf("%s:%d", sarifPlain(withRepository(p.Repository, p.File)), p.Line)
		}
		more := " " + where + ": " + strings.TrimSuffix(sarifPlain(p.Text), ".") + "."
		if len(text)+len(more) > sarifMessage {
			break
		}
		text += more
	}
	return cut(text, sarifMessage)
}

var sarifEscaper = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`) })

// sarifPlain is a text without links of its own.
func sarifPlain(s string) string { return sarifEscaper().Replace(visible(s)) }

// region is the token's own place. A pull request shows an alert only where all of its lines are changed.
func region(f *finding.Finding) *sarif.Region {
	if f.Line < 1 {
		return startsAt(1)
	}
	reg := startsAt(f.Line)
	start, end := f.UTF16Column, f.UTF16EndColumn
	if start < 1 {
		start, end = max(1, f.Column), f.EndColumn
	}
	reg.StartColumn = ptr(start)
	reg.EndLine = ptr(max(f.Line, f.EndLine))
	if *reg.EndLine == f.Line {
		end = max(end, start+1)
	}
	reg.EndColumn = ptr(max(1, end))
	return reg
}

func startsAt(line int) *sarif.Region { return &sarif.Region{StartLine: ptr(max(1, line))} }

func artifact(file string) *sarif.ArtifactLocation {
	return &sarif.ArtifactLocation{URI: ptr(fileURI(file)), URIBaseId: ptr(srcRoot)}
}

// fileURI is a path as a relative reference of RFC 3986: everything but the plainest characters is percent-encoded.
// Bytes that are not UTF-8 are escaped before, for readers decode to UTF-8 and give up on others.
func fileURI(file string) string {
	const hex = "0123456789ABCDEF"
	file = strings.TrimLeft(utf8Name(file), "/")
	if file == "" {
		return "."
	}
	var b strings.Builder
	for i := range len(file) {
		c := file[i]
		switch {
		case c >= utf8.RuneSelf, !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.IndexByte("-._~/!@+=", c) >= 0):
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func level(s rules.Severity) string {
	switch {
	case s >= rules.High:
		return "error"
	case s == rules.Medium:
		return "warning"
	}
	return "note"
}

// securitySeverity is where GitHub sorts a rule in: over 9 critical, from 7 high, from 4 medium, above 0 low; 0 for
// none. rankOf is ten times that, which is how GitLab reads a rank.
func securitySeverity(s rules.Severity) float64 {
	switch s {
	case rules.Critical:
		return 9.5
	case rules.High:
		return 8
	case rules.Medium:
		return 5.5
	case rules.Low:
		return 2.5
	}
	return 0
}

func rankOf(s rules.Severity) float64 { return 10 * securitySeverity(s) }
