package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

//go:embed html.tmpl
var htmlText string

//go:embed html.css
var htmlStyle string

//go:embed html.js
var htmlScript string

// htmlWaiting keeps a browser from laying out thousands of rows that the script will take out of the page. Where that
// script fails, all rows are shown when the page has come.
const htmlWaiting = `(() => {
  const root = document.documentElement;
  root.classList.add('waiting');
  addEventListener('load', () => root.classList.remove('waiting'));
})();`

// htmlTemplate escapes by context whatever it is given; visible keeps control characters out of it as well.
var htmlTemplate = sync.OnceValue(
	func() *template.Template { return template.Must(template.New("report").Parse(htmlText)) },
)

// maxHTML is how many bytes of tokens a page holds before the last of them are written in brief, and then bare.
const maxHTML = 4_500_000

type htmlPage struct {
	Title, Summary, Read, Unlisted, Version, When string
	Policy                                        template.HTML
	Style                                         template.CSS
	Waiting, Script                               template.JS
	Complete                                      bool
	Facts, Severities                             []htmlCount
	Columns                                       []htmlColumn
	Tokens                                        []template.HTML
	Brief                                         string // how many tokens are written in brief, "" for none
	Rules                                         []htmlRule
	Reasons                                       []htmlFix
	Skipped, Notices                              []htmlPair
}

type htmlCount struct {
	Name  string
	Count string
}

type htmlPair struct{ What, Why string }

// An htmlColumn is a column of the table of tokens. Key is its name in the script.
type htmlColumn struct{ Key, Title string }

// An htmlRule explains a rule that findings break, once for all of them.
type htmlRule struct {
	ID, Title, Why, URL string
	Fixes               []htmlFix
}

type htmlFix struct{ ID, Text string }

// writeHTML writes one file to open in a browser: a table of the credentials, each with its evidence, its places and
// what to do. The file loads nothing; the one script in it finds, sorts and groups, and without it everything is there
// to be read.
func writeHTML(w io.Writer, r *finding.Result, o Options) error {
	o.homes = homesOf(r.Repositories)
	all := listed(r, o)
	p := htmlPage{
		Read: read(r), Unlisted: strings.Join(unlisted(r), separator), Version: o.version(),
		Complete: r.Complete(), Policy: htmlPolicy(), Style: template.CSS(htmlStyle),
		Waiting: htmlWaiting, Script: template.JS(htmlScript),
		Notices: htmlPlaces(r.Notices),
	}
	if !o.End.IsZero() {
		p.When = o.End.UTC().Format("2006-01-02 15:04 UTC")
	}
	for _, s := range r.Coverage.Skipped {
		p.Skipped = append(p.Skipped, htmlPair{visible(withRepository(s.Repository, s.What)), visible(s.Why)})
	}
	tokens := htmlTokens(all)
	p.summarize(tokens, all, r)
	h := newHTMLWriter(tokens, o)
	p.Columns, p.Rules = h.columns, h.rules
	var err error
	if p.Tokens, err = h.tokens(tokens); err != nil {
		return err
	}
	p.Reasons = h.reasons
	if h.brief > 0 {
		p.Brief = plural(h.brief, "token")
	}
	return htmlTemplate().Execute(w, p)
}

// htmlPolicy lets a browser run the page's own scripts and style, and nothing else.
func htmlPolicy() template.HTML {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return template.HTML(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ` +
		hash(htmlWaiting) + " " + hash(htmlScript) + `; style-src ` + hash(htmlStyle) +
		`; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'">`)
}

// summarize says in numbers what was found.
func (p *htmlPage) summarize(tokens []*htmlToken, all []finding.Finding, r *finding.Result) {
	p.Title = "Unleash tokens"
	p.Summary = strings.TrimSuffix(nothing(r), " in ")
	if len(all) == 0 {
		return
	}
	var severities [rules.Critical + 1]int
	files, repositories := map[string]bool{}, map[string]bool{}
	credentials, standing, live := 0, 0, 0
	for _, t := range tokens {
		severities[max(rules.Info, min(rules.Critical, t.lead.Severity))]++
		if t.Shown != "" {
			credentials++
		}
		if t.stands > 0 {
			standing++
		}
		if t.live {
			live++
		}
	}
	dated := false
	for i := range all {
		files[withRepository(all[i].Repository, all[i].File)] = true
		repositories[all[i].Repository] = true
		dated = dated || all[i].Git != nil
	}
	p.Summary = plural(
		len(all),
		"finding",
	) + " of " + plural(
		credentials,
		"token",
	) + " in " + plural(
		len(files),
		"file",
	)
	p.fact(credentials, "token")
	p.fact(len(all), "finding")
	p.fact(len(files), "file")
	if !repositories[""] {
		p.fact(len(repositories), "repository")
	}
	if dated {
		p.Facts = append(p.Facts, htmlCount{"still there", grouped(standing)})
	}
	if slices.ContainsFunc(tokens, func(t *htmlToken) bool { return t.Server != "" }) {
		p.Facts = append(p.Facts, htmlCount{"live", grouped(live)})
	}
	for s := rules.Critical; s >= rules.Info; s-- {
		if n := severities[s]; n > 0 {
			p.Severities = append(p.Severities, htmlCount{s.String(), grouped(n)})
		}
	}
}

func (p *htmlPage) fact(n int, noun string) {
	count, name, _ := strings.Cut(plural(n, noun), " ")
	if name == "repositorys" {
		name = "repositories"
	}
	p.Facts = append(p.Facts, htmlCount{name, count})
}

// An htmlWriter writes tokens into a page and knows what the page says once for all of them.
type htmlWriter struct {
	o       Options
	columns []htmlColumn
	rules   []htmlRule
	fixes   map[string]string // the ids of fixes, by their text
	reasons []htmlFix         // that many tokens have, told once for those of which the least is told
	told    map[string]string // their ids, by their text; "" of one that was not needed yet
	axis    axis
	brief   int // tokens that are not written in full
}

func newHTMLWriter(tokens []*htmlToken, o Options) *htmlWriter {
	h := &htmlWriter{o: o, fixes: map[string]string{}, axis: newAxis(tokens, o.End)}
	h.columns, h.told = htmlColumns(tokens), commonReasons(tokens)
	for _, t := range tokens {
		for _, f := range t.all {
			h.explain(f)
		}
	}
	slices.SortStableFunc(h.rules, func(a, b htmlRule) int { return strings.Compare(a.ID, b.ID) })
	return h
}

// manyTokens is how many tokens have a reason before a page may tell it once for all of them.
const manyTokens = 4

// commonReasons are the first reasons of many tokens, by their text.
func commonReasons(tokens []*htmlToken) map[string]string {
	count, common := map[string]int{}, map[string]string{}
	for _, t := range tokens {
		if list := t.said(t.lead.Evidence[:min(1, len(t.lead.Evidence))], Options{}, nil); len(list) > 0 {
			for _, text := range []string{list[0].Text, list[0].line()} {
				if count[text]++; count[text] == manyTokens {
					common[text] = ""
				}
			}
		}
	}
	return common
}

// reason is the id of a reason that many tokens have, "" of another.
func (h *htmlWriter) reason(text string) string {
	id, common := h.told[text]
	if common && id == "" {
		id = fmt.Sprintf("why%d", len(h.reasons)+1)
		h.told[text], h.reasons = id, append(h.reasons, htmlFix{id, text})
	}
	return id
}

// htmlColumns are the columns of which some token has something to say.
func htmlColumns(tokens []*htmlToken) []htmlColumn {
	has := func(what func(*htmlToken) string) bool {
		return slices.ContainsFunc(tokens, func(t *htmlToken) bool { return what(t) != "" })
	}
	out := []htmlColumn{
		{"severity", "Severity"},
		{"token", "Token"},
		{"kind", "Kind"},
		{"scope", "Scope"},
		{"rule", "Rule"},
	}
	if has(func(t *htmlToken) string { return t.Repositories }) {
		out = append(out, htmlColumn{"repositories", "Repositories"})
	}
	out = append(out, htmlColumn{"places", "Places"})
	if has(func(t *htmlToken) string { return t.Since }) {
		out = append(out, htmlColumn{"since", "Since"})
	}
	if has(func(t *htmlToken) string { return t.Stands }) {
		out = append(out, htmlColumn{"stands", "Still there"})
	}
	if has(func(t *htmlToken) string { return t.Server }) {
		out = append(out, htmlColumn{"server", "Server"})
	}
	return out
}

// explain takes a finding's rules and its fix into the part of the page that says them once.
func (h *htmlWriter) explain(f *finding.Finding) {
	for _, id := range f.Rules() {
		if slices.ContainsFunc(h.rules, func(r htmlRule) bool { return r.ID == string(id) }) {
			continue
		}
		rule, ok := rules.Lookup(id)
		if !ok {
			rule.Title = string(id) // of a report that another version wrote
		}
		h.rules = append(h.rules, htmlRule{ID: string(id), Title: visible(rule.Title), Why: rule.Why, URL: id.URL()})
	}
	if f.Fix == "" || h.fixes[f.Fix] != "" {
		return
	}
	id := fmt.Sprintf("fix%d", len(h.fixes)+1)
	h.fixes[f.Fix] = id
	at := slices.IndexFunc(h.rules, func(r htmlRule) bool { return r.ID == string(f.Rule) })
	h.rules[at].Fixes = append(h.rules[at].Fixes, htmlFix{id, visible(f.Fix)})
}

// tokens are the rows of the table: all in full where the page has room for that, else the first ones, and the others
// in brief, as many of the last ones bare as need be, and of those as many with their first reason alone.
func (h *htmlWriter) tokens(tokens []*htmlToken) ([]template.HTML, error) {
	out := make([]template.HTML, len(tokens))
	total, full := 0, 0
	write := func(i, level int) error {
		text, err := h.token(tokens[i], level)
		total += len(text) - len(out[i])
		out[i] = text
		return err
	}
	for i := range tokens {
		if total > maxHTML {
			break
		}
		if err := write(i, htmlFull); err != nil {
			return nil, err
		}
		if total < maxHTML/4 {
			full = i + 1
		}
	}
	if total <= maxHTML {
		return out, nil
	}
	for i := full; i < len(tokens); i++ {
		if err := write(i, htmlBrief); err != nil {
			return nil, err
		}
	}
	for _, level := range []int{htmlBare, htmlLeast} {
		for i := len(tokens) - 1; i >= 0 && total > maxHTML; i-- {
			full = min(full, i)
			if err := write(i, level); err != nil {
				return nil, err
			}
		}
	}
	h.brief = len(tokens) - full
	return out, nil
}

func (h *htmlWriter) token(t *htmlToken, level int) (template.HTML, error) {
	t.fill(h, level)
	var b bytes.Buffer
	if err := htmlTemplate().ExecuteTemplate(&b, "token", t); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

func (h *htmlWriter) has(key string) bool {
	return slices.ContainsFunc(h.columns, func(c htmlColumn) bool { return c.Key == key })
}

// htmlPlaces are places with what is said there.
func htmlPlaces(list []finding.Place) []htmlPair {
	var out []htmlPair
	for _, p := range list {
		where := visible(withRepository(p.Repository, p.File))
		if p.Line > 0 {
			where += fmt.Sprintf(":%d", p.Line)
		}
		out = append(out, htmlPair{where, visible(p.Text)})
	}
	return out
}
