package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

//go:embed html.tmpl
var htmlText string

// htmlTemplate escapes by context whatever it is given; visible keeps control characters out of it as well.
var htmlTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("report").Parse(htmlText)) })

type htmlPage struct {
	Summary, Read, Unlisted, Version, When string
	Complete                               bool
	Severities                             []htmlCount
	Findings                               []htmlFinding
	Skipped                                []htmlPair
	Notices                                []htmlPair
}

type htmlCount struct {
	Severity string
	Count    int
}

type htmlPair struct{ What, Why string }

type htmlFinding struct {
	ID, Severity, Rules, RuleURL, Where, Kind, Shown, Message, Fix, Git, Layers, Fingerprint, Suppressed string
	Lines                                                                                                []htmlLine
	Evidence, Related                                                                                    []htmlPair
}

type htmlLine struct {
	Number              int
	Before, Mark, After string
}

// writeHTML writes one file to open in a browser. It loads nothing and runs nothing.
func writeHTML(w io.Writer, r *finding.Result, o Options) error {
	all := listed(r, o)
	c := count(r.Findings)
	page := htmlPage{
		Summary: strings.TrimSuffix(nothing(r), " in "), Read: read(r), Unlisted: strings.Join(unlisted(r),
			separator), Version: o.version(), Complete: r.Complete(),
	}
	if len(r.Findings) > 0 {
		page.Summary = fmt.Sprintf("%s in %s%s%s", plural(len(r.Findings), "finding"), plural(c.files, "file"),
			separator, c.tokenCounts())
	}
	if !o.End.IsZero() {
		page.When = o.End.UTC().Format("2006-01-02 15:04 UTC")
	}
	for s := rules.Critical; s >= rules.Info; s-- {
		if n := c.severities[s]; n > 0 {
			page.Severities = append(page.Severities, htmlCount{s.String(), n})
		}
	}
	for i, f := range worst(all, len(all)) {
		page.Findings = append(page.Findings, htmlOf(i, &f))
	}
	for _, s := range r.Coverage.Skipped {
		page.Skipped = append(page.Skipped, htmlPair{visible(s.What), visible(s.Why)})
	}
	page.Notices = htmlPlaces(r.Notices)
	return htmlTemplate().Execute(w, page)
}

func htmlOf(i int, f *finding.Finding) htmlFinding {
	h := htmlFinding{
		ID: fmt.Sprintf("f%d", i+1), Severity: f.Severity.String(), Rules: joinRules(f.Rules()),
		RuleURL: f.Rule.URL(),
		Where:   visible(f.File), Kind: string(f.Kind), Shown: visible(f.Shown()), Message: visible(f.Message),
		Fix:         visible(f.Fix),
		Fingerprint: f.Fingerprint, Evidence: htmlPlaces(f.Evidence), Related: htmlPlaces(f.Related),
	}
	if f.Line > 0 {
		h.Where += fmt.Sprintf(":%d:%d", f.Line, max(1, f.Column))
	}
	for _, l := range f.Layers {
		if h.Layers != "" {
			h.Layers += ", "
		}
		h.Layers += visible(l)
	}
	if g := f.Git; g != nil {
		h.Git = visible(g.Where)
		if g.Commit != "" {
			h.Git += ", commit " + visible(cutHash(g.Commit))
		}
		if len(g.Date) >= 10 {
			h.Git += " of " + visible(g.Date[:10])
		}
	}
	if f.Suppressed != nil {
		h.Suppressed = visible(f.Suppressed.Where + ": " + f.Suppressed.Reason)
	}
	for _, l := range f.Excerpt {
		shown, from, to := visibleRange(l.Text, l.Start, l.End)
		if l.End <= l.Start || from > to || to > len(shown) {
			from, to = len(shown), len(shown)
		}
		h.Lines = append(h.Lines, htmlLine{l.Number, shown[:from], shown[from:to], shown[to:]})
	}
	return h
}

func htmlPlaces(list []finding.Place) []htmlPair {
	var out []htmlPair
	for _, p := range list {
		out = append(out, htmlPair{fmt.Sprintf("%s:%d", visible(p.File), p.Line), visible(p.Text)})
	}
	return out
}
