package scanner

import (
	"bytes"
	"encoding/base64"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// A reader reads one text: it finds the literals that are credentials, and the places that take, name or ship one.
type reader struct {
	v         *View
	doc       *syntax.Document
	f         *fileFacts
	hits      []Hit
	lowered   []byte
	local     *localIndex
	sites     map[*syntax.Node][]*siteFact
	leaves    []*syntax.Node
	inner     map[string][]innerLiteral // literals of decoded texts that were read
	innerText map[*syntax.Node][]byte   // the decoded text (lower case) that a node is of
	urls      map[urlLevel]*urlList     // read so far
	said      map[saying]bool           // asked so far
	options   map[*syntax.Node]*options // read so far
	imported  map[string]bool           // modules (patterns of them) that were asked for
	modules   map[string]string         // by the local name, see moduleOf
}

func (r *reader) settings() bool { return settingsLangs[r.doc.Lang] }

// lang is the language of the code in the document: a notebook's is its kernel's.
func (r *reader) lang() string {
	if r.doc.Lang == "notebook" {
		return "python"
	}
	return r.doc.Lang
}

func (r *reader) line(offset int) int { return r.v.Position(offset).Line }

// readFile reads the sites of a view. It keeps no part of v.Text.
func readFile(v *View, hits []Hit) *fileFacts {
	path := v.FilePath()
	f := &fileFacts{path: v.Path, filePath: path, ignored: v.Ignored, git: v.Git}
	f.manifest = readManifest(path, v.Text)
	f.mentions = rules.Mentions(v.Text)
	if len(hits) == 0 && !f.mentions && !holdsSettings(path) {
		if f.manifest == nil && !configures(path) {
			return nil
		}
	}
	if byStart := func(i, j int) bool { return hits[i].Start < hits[j].Start }; !sort.SliceIsSorted(hits, byStart) {
		hits = append([]Hit(nil), hits...)
		sort.SliceStable(hits, byStart)
	}
	r := &reader{v: v, f: f, hits: hits, sites: map[*syntax.Node][]*siteFact{}}
	r.doc = syntax.Parse(path, v.Text)
	if r.doc.Root == nil {
		r.doc.Root = &syntax.Node{Kind: syntax.File, End: len(v.Text)}
	}
	f.lang = r.doc.Lang
	f.imports = r.doc.Imports
	for _, i := range f.imports {
		f.modules = append(f.modules, i.Module)
	}
	f.prefixes = configuredPrefixes(path, r.doc)
	f.side = rules.SideOf(path, f.lang, r.doc.Directives, f.modules, nil)
	holds := func(mark string) bool { return bytes.Contains(v.Text, []byte(mark)) }
	if f.shipped = rules.Shipped(path, nil, holds); f.shipped == "" {
		f.shipped = rules.Shipped(v.Path, nil, holds)
	}
	r.openLiterals()
	r.gather(r.doc.Root, 0)
	r.placeHits()
	r.foldedLiterals()
	if len(hits) > 0 || len(f.sites) > 0 || r.speaksOfTokens() {
		for _, n := range r.leaves {
			r.leaf(n)
		}
		r.gatherCalls()
	}
	r.envFiles()
	sort.SliceStable(f.sites, func(i, j int) bool { return f.sites[i].start < f.sites[j].start })
	r.excerpts()
	return f
}

// excerpts cuts the lines to show around every site that may be told, with all of them masked: now, because the text is not kept.
func (r *reader) excerpts() {
	var told []*siteFact
	seen := map[*siteFact]bool{}
	add := func(atoms []atom, potential bool) {
		for _, a := range atoms {
			if a.site != nil && !seen[a.site] && (potential || !a.site.potential) {
				seen[a.site] = true
				told = append(told, a.site)
			}
		}
	}
	for _, s := range r.f.sites {
		add([]atom{{site: s}}, true)
	}
	for _, p := range r.f.places {
		add(p.atoms, true)
	}
	for _, d := range r.f.defs {
		add(d.atoms, len(told) < 1000 && rules.ClassifyName(d.raw).Holds)
	}
	spans := make([]span, 0, len(told))
	for _, s := range told {
		spans = append(spans, span{s.start, s.stop})
	}
	secrets := newMask(spans)
	for _, s := range told {
		s.excerpt = excerpt(r.v, s.start, s.stop, secrets)
	}
	for _, p := range r.f.places {
		if p.sets || p.reads {
			p.excerpt = excerptShown(r.v, p.from, p.to, secrets)
		}
	}
}

// tokenWords are words (lower case) of which one stands in every text that takes, names or ships a credential: only texts with one are
// read leaf by leaf.
var tokenWords = [][]byte{
	[]byte("token"), []byte("authorization"), []byte("clientkey"), []byte("client_key"), []byte("client-key"), []byte("apikey"), []byte("api_key"), []byte("api-key"), []byte("secret"),
	[]byte("unleash_"), []byte("unleashurl"), []byte("credential"), []byte("headers"), []byte("proxyurl"), []byte("_pat"), []byte("intoclient"), []byte("into_client"), []byte("unleashconfig"), []byte("customhttp"), []byte("withproxy"),
}

func (r *reader) speaksOfTokens() bool {
	text := r.lower(r.doc.Root)
	if len(text) < len(r.doc.Text) {
		text = r.lowered
	}
	for _, w := range tokenWords {
		if bytes.Contains(text, w) {
			return true
		}
	}
	for _, m := range r.f.modules {
		if rules.BringsSink(m) { // new UnleashClient(options) has none of the words
			return true
		}
	}
	for _, n := range r.leaves {
		if n.Kind == syntax.Ref && n.Parent != nil && n.Parent.Kind == syntax.Bind && n.Parent.Flags&syntax.Env != 0 {
			return true // a service's environment hands a setting on: FLAG_AUTH: ${ORG_FLAG_AUTH}
		}
	}
	return false
}

// gather lists the leaves of the tree.
func (r *reader) gather(n *syntax.Node, depth int) {
	if depth > 2000 {
		return
	}
	for _, k := range n.Kids {
		if k.Kind == syntax.Literal || k.Kind == syntax.Ref || k.Kind == syntax.Call && k.Name != "" && (n.Kind == syntax.Bind || n.Kind == syntax.Arg || n.Kind == syntax.Element || n.Kind == syntax.Return) && !r.settings() {
			r.leaves = append(r.leaves, k) // a call's value may be one too
		}
		r.gather(k, depth+1)
	}
}

// placeHits puts every hit on the innermost literal that holds it.
func (r *reader) placeHits() {
	var literals []*syntax.Node
	for _, n := range r.leaves {
		if n.Kind == syntax.Literal {
			literals = append(literals, n)
		}
	}
	sort.SliceStable(literals, func(i, j int) bool { return literals[i].Start < literals[j].Start })
	for _, h := range r.hits {
		var best *syntax.Node
		i := sort.Search(len(literals), func(i int) bool { return literals[i].Start > h.Start })
		for j := i - 1; j >= 0 && j >= i-64; j-- {
			l := literals[j]
			if l.End >= h.End && (best == nil || l.End-l.Start < best.End-best.Start) {
				best = l
			} else if best == nil && l.End > h.Start {
				best = l // the literal holds the credential's beginning: its text says more than nothing
			}
		}
		if best != nil {
			best = holding(best, h.Secret.Reveal())
		}
		s := r.newSite(h.Credential, h.Start, h.End)
		s.layers = append(r.v.Layers[:len(r.v.Layers):len(r.v.Layers)], h.Layers...)
		if best == nil {
			best = &syntax.Node{Kind: syntax.Literal, Start: h.Start, End: h.End, Parent: r.doc.Root, Text: h.Secret.Reveal()}
			r.leaves = append(r.leaves, best)
		}
		if len(h.Inner) > len(h.Secret.Reveal())+8 {
			best = r.openInner(best, h)
		}
		r.sites[best] = append(r.sites[best], s)
		s.comment = best.Flags&syntax.InComment != 0
		r.f.sites = append(r.f.sites, s)
	}
}

// holding is the innermost literal under n that has the credential's text whole: offsets in a text that was written in parts lead only to
// the literal as a whole. n itself where there is none.
func holding(n *syntax.Node, secret string) *syntax.Node {
	if len(n.Kids) == 0 && n.Text == secret {
		return n
	}
	top := n
	for p := n.Parent; p != nil && p.Kind != syntax.File; p = p.Parent {
		if p.Kind == syntax.Literal {
			top = p
		}
	}
	var best *syntax.Node
	var walk func(k *syntax.Node, depth int)
	walk = func(k *syntax.Node, depth int) {
		for _, kid := range k.Kids {
			if kid.Kind == syntax.Literal && strings.Contains(kid.Text, secret) && (best == nil || len(kid.Text) < len(best.Text)) {
				best = kid
			}
			if depth < 50 {
				walk(kid, depth+1)
			}
		}
	}
	walk(top, 0)
	if best == nil || strings.Contains(n.Text, secret) && len(n.Text) <= len(best.Text) {
		return n
	}
	return best
}

// openInner reads the decoded text that holds a hit as the file that it is, and gives the literal in it on which the credential stands. What
// it holds becomes the kids of the literal that was decoded.
func (r *reader) openInner(outer *syntax.Node, h Hit) *syntax.Node {
	if r.inner == nil {
		r.inner, r.innerText = map[string][]innerLiteral{}, map[*syntax.Node][]byte{}
	}
	literals, ok := r.inner[string(h.Inner)]
	if !ok {
		doc := syntax.Parse("", h.Inner)
		if doc.Root == nil {
			return outer
		}
		low := bytes.ToLower(h.Inner)
		var walk func(n *syntax.Node, depth int)
		walk = func(n *syntax.Node, depth int) {
			for _, k := range n.Kids {
				if k.Kind == syntax.Literal {
					literals = append(literals, innerLiteral{k, k.Start, k.End})
				}
				// For everything else a node of the inner text stands where the decoded literal does.
				k.Start, k.End, k.NameStart = outer.Start, outer.End, outer.Start
				r.innerText[k] = low
				if depth < 200 {
					walk(k, depth+1)
				}
			}
		}
		walk(doc.Root, 0)
		for _, k := range doc.Root.Kids {
			k.Parent = outer
		}
		r.innerText[outer] = low
		r.inner[string(h.Inner)] = literals
	}
	var best *innerLiteral
	for i := range literals {
		l := &literals[i]
		if l.start <= h.Credential.Start && l.end > h.Credential.Start && (best == nil || l.end-l.start < best.end-best.start) {
			best = l
		}
	}
	if best == nil {
		return outer
	}
	leaf := &syntax.Node{Kind: syntax.Literal, Flags: best.node.Flags, Text: best.node.Text, Start: outer.Start, End: outer.End, Parent: best.node.Parent}
	r.leaves = append(r.leaves, leaf)
	return leaf
}

// An innerLiteral is a literal of a decoded text, with its range in that text.
type innerLiteral struct {
	node       *syntax.Node
	start, end int
}

// foldedLiterals finds credentials in literals whose text is not written in one piece: cut in two, or escaped.
func (r *reader) foldedLiterals() {
	for _, n := range r.leaves {
		if n.Kind != syntax.Literal || len(n.Text) < 40 || len(n.Text) > 4096 || len(r.sites[n]) > 0 || n.Start < 0 || n.End > len(r.doc.Text) {
			continue
		}
		if n.End-n.Start == len(n.Text) && string(r.doc.Text[n.Start:n.End]) == n.Text || r.hitIn(n) {
			continue
		}
		for _, c := range rules.AppendCredentials(nil, []byte(n.Text)) {
			s := r.newSite(c, n.Start, n.End)
			s.comment = n.Flags&syntax.InComment != 0
			r.sites[n] = append(r.sites[n], s)
			r.f.sites = append(r.f.sites, s)
		}
	}
}

// hitIn reports whether a hit stands within a literal.
func (r *reader) hitIn(n *syntax.Node) bool {
	i := r.firstHit(n.Start)
	return i < len(r.hits) && r.hits[i].Start < n.End
}

// firstHit is the index of the first hit that begins at an offset or behind it.
func (r *reader) firstHit(offset int) int {
	return sort.Search(len(r.hits), func(i int) bool { return r.hits[i].Start >= offset })
}

func (r *reader) newSite(c rules.Credential, start, end int) *siteFact {
	s := &siteFact{file: r.f, cred: c, start: start, at: r.v.Position(start), end: r.v.Position(end), layers: r.v.Layers}
	s.stop = end
	s.inURL = inURL(r.doc.Text, start, end)
	return s
}

// sitesIn are the sites on a literal. Text that only a place makes a credential becomes a potential site.
func (r *reader) sitesIn(n *syntax.Node) []*siteFact {
	if list, ok := r.sites[n]; ok {
		return list
	}
	var list []*siteFact
	parts, layers := listParts(n), r.v.Layers
	if text := r.secretData(n); text != "" {
		parts, layers = nil, append(layers[:len(layers):len(layers)], "base64")
		for _, t := range strings.Split(text, ",") {
			parts = append(parts, listPart{strings.TrimSpace(t), n.Start, n.End - n.Start})
		}
	}
	for _, part := range parts {
		if !plausible(part.text) {
			continue
		}
		c, ok := rules.ParseClientKey(part.text)
		if !ok {
			continue
		}
		end := part.at + part.length
		s := r.newSite(c, part.at, end)
		s.potential, s.layers = true, layers
		s.comment = n.Flags&syntax.InComment != 0
		list = append(list, s)
	}
	r.sites[n] = list
	return list
}

// secretData is the text of a value in the data of a Kubernetes Secret, "" elsewhere.
func (r *reader) secretData(n *syntax.Node) string {
	if r.doc.Lang != "yaml" || len(n.Text) < 8 || len(n.Text) > 4096 {
		return ""
	}
	for p, up := n.Parent, 0; p != nil && up < 6; p, up = p.Parent, up+1 {
		if p.Kind != syntax.Bind || p.Name != "data" {
			continue
		}
		if p.Parent == nil || !bytes.Contains(r.lower(p.Parent), []byte("kind: secret")) {
			return ""
		}
		text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Text), ""))
		if err != nil || !utf8.Valid(text) || bytes.ContainsFunc(bytes.TrimSpace(text), unicode.IsControl) {
			return ""
		}
		return strings.TrimSpace(string(text))
	}
	return ""
}

// A listPart is an entry of a comma-separated literal.
type listPart struct {
	text       string
	at, length int // in the view's text
}

// listParts are the entries of a literal: itself, or what commas separate.
func listParts(n *syntax.Node) []listPart {
	plain := n.End-n.Start == len(n.Text)
	if !strings.Contains(n.Text, ",") || !plain {
		text := strings.TrimSpace(n.Text)
		at := n.Start
		if plain {
			at += strings.Index(n.Text, text)
			return []listPart{{text, at, len(text)}}
		}
		return []listPart{{text, at, n.End - n.Start}}
	}
	var parts []listPart
	offset := 0
	for _, p := range strings.Split(n.Text, ",") {
		text := strings.TrimSpace(p)
		if text != "" {
			at := offset + strings.Index(p, text)
			parts = append(parts, listPart{text, n.Start + at, len(text)})
		}
		offset += len(p) + 1
	}
	if len(parts) > 32 {
		return nil
	}
	return parts
}

// plausible reports whether a text can be an operator-chosen token or a client key at all: a text in one piece, neither a URL, a path,
// a number, a reference nor a placeholder.
func plausible(text string) bool {
	if len(text) < 6 || len(text) > 300 || strings.ContainsAny(text, " \t\n\"'`<>{}$\\;|") || rules.LooksLikeURL(text) || rules.IsPlaceholder(text) {
		return false
	}
	switch strings.ToLower(text) {
	case "true", "false", "undefined", "production", "development", "authorization", "string":
		return false
	}
	return !numeric(text)
}

// inURL reports whether text[start:end] stands in the path, query or user-info of a URL, or in the path of a request.
func inURL(text []byte, start, end int) bool {
	from := start
	for from > 0 && start-from < 2000 && !isURLBreak(text[from-1]) {
		from--
	}
	word := text[from:start]
	if i := bytes.Index(word, []byte("://")); i > 0 {
		return bytes.EqualFold(word[:i], []byte("http")) || bytes.EqualFold(word[:i], []byte("https")) || bytes.HasSuffix(bytes.ToLower(word[:i]), []byte("http")) || bytes.HasSuffix(bytes.ToLower(word[:i]), []byte("https"))
	}
	if len(word) > 1 && word[0] == '/' && (bytes.IndexByte(word, '?') > 0 || bytes.HasPrefix(word, []byte("/api/"))) {
		return true // a request's path
	}
	return bytes.Contains(word, []byte("/api/admin/")) || bytes.Contains(word, []byte("/api/client")) && bytes.IndexByte(word, '?') > 0
}

func isURLBreak(b byte) bool {
	switch b {
	case ' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>', '(', ')', '{', '}', ',', ';', '|', '\\':
		return true
	}
	return false
}

// leaf reads what is around one literal or name.
func (r *reader) leaf(n *syntax.Node) {
	t := trailOf(n, r.doc.Lang)
	sites := r.sites[n]
	comment := n.Flags&syntax.InComment != 0
	for _, s := range sites {
		s.trail = t
		r.describe(s, n, t)
	}
	if len(t) == 0 {
		return
	}
	lookup := n.Kind == syntax.Literal && r.looksUp(n)
	lookedUp := n.Text
	if name := propertyName(n.Text); n.Kind == syntax.Literal && name != "" && !r.settings() && len(sites) == 0 {
		lookup, lookedUp = true, name
	}
	named := n.Kind == syntax.Ref || n.Kind == syntax.Call
	r.define(n, t, lookup)
	p := &placeFact{file: r.f, line: r.line(n.Start), comment: comment}
	used := false
	m, ok := r.sink(n, t, p)
	// What stands in the option itself is the value, though it may look like a setting's name.
	lookup = lookup && (!(ok && m.First == 0) || lookedUp != n.Text)
	if ok && (named || lookup || len(m.Missing) == 0) {
		p.match, used = m, true
		p.api, p.host, p.urls = r.urlBeside(n)
	} else if h := authorization(t); h >= 0 {
		if api, host, urls := r.urlBeside(n); api != rules.NoAPI && api != rules.BaseAPI && api != rules.GitLabAPI || len(urls) > 0 {
			p.request, p.api, p.host, p.urls, used = true, api, host, urls, true
		}
		for _, s := range sites {
			s.placed = true
		}
	} else if named && headersKey(t) {
		if api, host, urls := r.urlBeside(n); api != rules.NoAPI && api != rules.BaseAPI && api != rules.GitLabAPI || len(urls) > 0 {
			p.request, p.api, p.host, p.urls, used = true, api, host, urls, true
			p.match.Missing = []string{"Authorization"}
		}
	}
	if p.match.Sink == nil && !p.request && unknownSink(t) {
		p.unknown, used = true, true
	}
	p.name, p.class, p.indirect = classify(t)
	if p.class.Designate || p.class.Certainty != rules.None {
		used = true
		if p.host == "" && p.class.Holds && !comment {
			_, p.host, _ = r.urlBeside(n)
		}
	}
	if why := rules.ExposedBy(t, r.f.filePath, r.f.prefixes...); why != "" {
		p.exposed, used = why, true
		p.sets = (named || lookedUp != n.Text) && setsName(t)
		// EnvironmentPlugin(['X']) sets X to what it is outside.
		if n.Kind == syntax.Literal && isName(n.Text) && trailCalls(t, "EnvironmentPlugin", "makeEnvPublic") {
			p.name, p.class, p.indirect = n.Text, rules.ClassifyName(n.Text), false
			p.sets, lookup, lookedUp = true, true, n.Text
		}
	} else if r.f.shipped != "" && (named || lookup) && p.class.Certainty == rules.ByName && !comment {
		p.exposed, p.sets = r.f.shipped, true
	}
	if n.Kind == syntax.Ref || lookup {
		name := n.Name
		if lookup {
			name = lookedUp
		}
		if r.readsSetting(n, name) {
			if c := rules.ClassifyName(rules.LastName(name)); c.Certainty == rules.ByName && c.Unleash && c.Kind != rules.Frontend {
				p.reads, used = true, true
				if p.class.Certainty != rules.ByName || !p.sets {
					p.name, p.class = rules.LastName(name), c
				}
			}
		}
	}
	if !used {
		return
	}
	p.service, p.names = r.service(n, t)
	p.deploys = r.deployments(n, t)
	if named {
		p.at, p.end = r.v.Position(nameStart(n)), r.v.Position(n.End)
		if p.sets {
			if b := bindOf(n); b != nil {
				p.line = r.line(nameStart(b))
				p.at, p.end = r.v.Position(nameStart(b)), r.v.Position(nameStart(b)+len(b.Name))
			}
		}
		p.from, p.to = n.Start, n.End
		p.atoms = r.atomsOf(n, p.match.Missing)
	} else if lookup {
		p.at, p.end = r.v.Position(n.Start), r.v.Position(n.End)
		p.from, p.to = n.Start, n.End
		p.atoms = []atom{{ref: lookedUp, fields: p.match.Missing, member: true, line: p.line}}
	} else {
		// A literal: a credential by shape is one wherever it stands; other text only where a token or a key belongs.
		holds := p.match.Sink != nil || p.request || p.unknown || !p.indirect && (p.class.Designate || p.class.Holds && p.class.Unleash)
		if holds || len(sites) > 0 {
			for _, s := range r.sitesIn(n) {
				p.atoms = append(p.atoms, atom{site: s, line: s.at.Line})
			}
		}
	}
	if len(p.atoms) > 0 || p.sets || p.reads {
		r.f.places = append(r.f.places, p)
	}
}

// unknownSink reports whether a value is handed as a token to something that is called after Unleash and is no sink of the table: a
// wrapper, an SDK that nobody knows. It takes a token of either type.
func unknownSink(t rules.Trail) bool {
	for i, s := range t {
		if i == 0 && (s.Kind != rules.Key || s.Soft || !rules.ClassifyName(rules.LastName(s.Name)).Holds && !strings.EqualFold(s.Name, "authorization")) {
			return false
		}
		if (s.Kind == rules.Arg || s.Kind == rules.Call) && strings.Contains(strings.ToLower(rules.LastName(s.Name)), "unleash") {
			return true
		}
	}
	return false
}

// sink is the sink of a place, with what only all files together can tell assumed: engine.allowed looks at it later.
func (r *reader) sink(n *syntax.Node, t rules.Trail, p *placeFact) (m rules.Match, ok bool) {
	if !rules.MayBeSink(t) {
		return m, false
	}
	m, ok = rules.FindSink(t, r.surround(n, false))
	if !ok {
		m, ok = rules.FindSink(t, r.surround(n, true))
	}
	if !ok && r.doc.Lang == "dotenv" {
		// What a compose file hands to a service by env_file has nothing of the service beside it.
		around := r.surround(n, false)
		around.Beside = func([]string) bool { return true }
		if m, ok = rules.FindSink(t, around); ok && len(m.Sink.Beside) > 0 {
			p.envFile = true
		} else {
			ok = false
		}
	}
	return m, ok
}

// trailCalls reports whether a value stands in a call of one of these names.
func trailCalls(t rules.Trail, names ...string) bool {
	for _, s := range t {
		for _, n := range names {
			if (s.Kind == rules.Arg || s.Kind == rules.Call) && rules.LastName(s.Name) == n {
				return true
			}
		}
	}
	return false
}

// looksUp reports whether a literal is the name of a setting that a call looks up.
func (r *reader) looksUp(n *syntax.Node) bool {
	arg := n.Parent
	if arg == nil || arg.Kind != syntax.Arg || len(arg.Kids) != 1 || arg.Parent == nil || arg.Parent.Kind != syntax.Call || len(r.sites[n]) > 0 {
		return false
	}
	i := isLookup(arg.Parent)
	return i >= 0 && arg.Parent.Kids[i] == arg
}

// authorization is the index of the step that is the Authorization header, if that is what names the value, -1 otherwise.
func authorization(t rules.Trail) int {
	for i, s := range t {
		if s.Kind == rules.Key || s.Kind == rules.Var {
			if strings.EqualFold(rules.LastName(s.Name), "authorization") {
				return i
			}
			if !s.Soft {
				return -1
			}
		}
	}
	return -1
}

func headersKey(t rules.Trail) bool {
	for _, s := range t {
		if s.Kind == rules.Key || s.Kind == rules.Var {
			return strings.EqualFold(rules.LastName(s.Name), "headers") || s.Name == "-H" || s.Name == "--header"
		}
		if s.Kind == rules.Arg && (rules.LastName(s.Name) == "curl" || rules.LastName(s.Name) == "wget" || rules.LastName(s.Name) == "http") {
			return true
		}
	}
	return false
}

// classify reads the names that a value is bound to, innermost first, until one says something. Names further out count for the names within;
// indirect says that a name stands between that may be another thing's (generator: in the table of a setting).
func classify(t rules.Trail) (name string, class rules.NameClass, indirect bool) {
	var names []string
	for _, s := range t {
		switch s.Kind {
		case rules.Key, rules.Var, rules.Func, rules.Section:
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return "", rules.NameClass{Kind: rules.Unknown, Certainty: rules.None}, false
	}
	first := rules.NameClass{Kind: rules.Unknown, Certainty: rules.None}
	for i, name := range names {
		if i > 4 {
			break
		}
		last := name
		if !strings.HasPrefix(name, "-") {
			last = lastSetting(name)
		}
		c := rules.ClassifyName(last, names[i:]...)
		if i == 0 {
			first = c
		}
		if c.Certainty == rules.None && last != name {
			if whole := rules.ClassifyName(name, names[i:]...); whole.Unleash && (whole.Certainty == rules.ByName || whole.Designate) {
				last, c = name, whole
			}
		}
		if c.NotAToken {
			return last, c, indirect
		}
		if c.Certainty != rules.None || c.Designate {
			return last, c, indirect
		}
		indirect = indirect || !rules.PassesOn(last) && rules.DeploymentOf(last) == ""
		// unleash: { backend: { token: … } }: the names together say what none says alone.
		if i+1 < len(names) && first.Unleash && first.Holds && i < 3 {
			joined := names[i+1] + "_" + strings.Join(reversed(names[:i+1]), "_")
			if c := rules.ClassifyName(joined, names...); c.Certainty == rules.ByName {
				return joined, c, false
			}
		}
	}
	return lastSetting(names[0]), first, false
}

func reversed(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[len(list)-1-i] = s
	}
	return out
}

// lastSetting is the part of a dotted name that classify reads: process.env.X is X, io.getunleash.api-token stays whole.
func lastSetting(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && i+1 < len(name) {
		return name[i+1:]
	}
	return name
}

// setsName reports whether the innermost name of a trail is one that the place sets.
func setsName(t rules.Trail) bool {
	for _, s := range t {
		if s.Kind == rules.Key || s.Kind == rules.Var {
			return true
		}
	}
	return false
}

// readsSetting reports whether a name is one of a setting that is read from outside: an environment variable, a build's constant.
func (r *reader) readsSetting(n *syntax.Node, name string) bool {
	if r.settings() || n.Flags&syntax.InComment != 0 {
		return false
	}
	if n.Kind == syntax.Literal {
		return strings.Contains(name, "_")
	}
	for _, p := range []string{"process.env.", "import.meta.env.", "env.", "Config.", "BuildConfig.", "window._env_.", "window.__ENV.", "ENV.", "Deno.env.", "dotenv.env."} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	first := firstName(name)
	for _, i := range r.doc.Imports {
		if i.Local == first && (strings.HasPrefix(i.Module, "$env/") || i.Module == "@env" || strings.HasPrefix(i.Module, "astro:env")) {
			return true
		}
	}
	return false
}

// surround is what a sink asks about a place. Manifests are known when all files are read: byManifest assumes that they fit, and engine.allowed
// looks.
func (r *reader) surround(n *syntax.Node, byManifest bool) rules.Surround {
	return rules.Surround{
		Lang: r.lang(), File: r.f.filePath,
		Imports:  r.imports,
		Manifest: func(module string) bool { return byManifest },
		Beside:   func(texts []string) bool { return r.mentionsBeside(n, texts) },
		With:     func(names []string) bool { return standsWith(n, names) },
		URL: func() rules.API {
			api, _, _ := r.urlBeside(n)
			return api
		},
		Module: r.moduleOf,
	}
}

// imports reports whether the file brings in a module that a pattern names.
func (r *reader) imports(module string) bool {
	yes, known := r.imported[module]
	if known {
		return yes
	}
	for _, m := range r.f.modules {
		yes = yes || rules.ModuleFits(module, m)
	}
	yes = yes || r.globalModule(module)
	if r.imported == nil {
		r.imported = map[string]bool{}
	}
	r.imported[module] = yes
	return yes
}

// moduleOf is the module that the first name of a callee was imported from, "" where that is not known.
func (r *reader) moduleOf(callee string) string {
	if r.modules == nil {
		r.modules = map[string]string{}
		for _, i := range r.doc.Imports {
			local := i.Local
			if local == "" {
				local = i.Name
			}
			if _, ok := r.modules[local]; !ok && local != "" {
				r.modules[local] = i.Module
			}
		}
	}
	return r.modules[firstName(callee)]
}

// standsWith reports whether one of the names (any case) is bound in the innermost table or call around a place.
func standsWith(n *syntax.Node, names []string) bool {
	found := false
	beside(n, func(level *syntax.Node) bool {
		binds := 0
		for _, k := range level.Kids {
			if k.Kind != syntax.Bind {
				continue
			}
			binds++
			for _, name := range names {
				found = found || strings.EqualFold(rules.LastName(k.Name), name)
			}
		}
		return binds > 0 || level.Kind == syntax.Block
	})
	return found
}

// globalModule reports whether a page loads a module by a script tag.
func (r *reader) globalModule(module string) bool {
	if r.doc.Lang != "html" && r.doc.Lang != "vue" && r.doc.Lang != "svelte" {
		return false
	}
	m := strings.TrimSuffix(module, "*")
	return len(m) > 8 && bytes.Contains(r.doc.Text, []byte(m))
}

func bindOf(n *syntax.Node) *syntax.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.Bind {
			return p
		}
	}
	return nil
}

func nameStart(n *syntax.Node) int {
	if n.NameStart > 0 || n.Start == 0 {
		return n.NameStart
	}
	return n.Start
}
