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
	"github.com/unleaked/unleaked/scanner/internal/excerpt"
)

// A reader reads one text: it finds the literals that are credentials, and the places that take, name or ship one.
type reader struct {
	v         *view
	doc       *syntax.Document
	f         *fileFacts
	hits      []Hit
	asked     bool // a question leads to the file
	lowered   []byte
	local     *localIndex
	sites     map[*syntax.Node][]*siteFact
	leaves    []*syntax.Node
	inner     map[string][]innerLiteral                // literals of decoded texts that were read
	innerText map[*syntax.Node][]byte                  // the decoded text (lower case) that a node is of
	urls      map[urlLevel]*urlList                    // read so far
	processes map[*syntax.Node]*processFact            // see processAt
	hasUnits  bool                                     // see declaresProcesses
	stages    map[*syntax.Node]*stageFact              // see stageAround
	keys      map[*syntax.Node]map[string]*syntax.Node // see keysOf
	said      map[saying]bool                          // asked so far
	options   map[*syntax.Node]*options                // read so far
	imported  map[string]bool                          // modules (patterns of them) that were asked for
	modules   map[string]string                        // by the local name, see moduleOf
	split     map[string][]string                      // see parts
	paid      int                                      // see pay
	noted     map[*syntax.Node]bool                    // see noteSites
	gathered  []atom                                   // room for those of the value in hand
	requests  map[clientRequest]bool                   // places of requests that were made
}

func (r *reader) settings() bool { return settingsLangs(r.doc.Lang) }

// lang is the language of the code in the document: a notebook's is its kernel's.
func (r *reader) lang() string {
	if r.doc.Lang == "notebook" {
		return "python"
	}
	return r.doc.Lang
}

func (r *reader) line(offset int) int { return r.v.Position(offset).Line }

// readSyntax is syntax.Read; tests put one in its place that gives up.
var readSyntax = syntax.Read

// readFile reads the sites of a view. It keeps no part of v.Text.
func readFile(v *view, hits []Hit) *fileFacts { return readText(v, hits, false) }

// readText is readFile; asked says that a question leads to the file, whatever it holds.
func readText(v *view, hits []Hit, asked bool) *fileFacts {
	path := v.FilePath()
	f := &fileFacts{path: v.Path, filePath: path, ignored: v.ignored, git: v.git}
	f.manifest = readManifest(path, v.Text)
	f.mentions = rules.Mentions(v.Text)
	if len(hits) == 0 && !f.mentions && !holdsSettings(path) && !asked {
		if f.manifest == nil && !configures(path) {
			return nil
		}
	}
	if byStart := func(i, j int) bool { return hits[i].Start < hits[j].Start }; !sort.SliceIsSorted(hits, byStart) {
		hits = append([]Hit(nil), hits...)
		sort.SliceStable(hits, byStart)
	}
	r := &reader{v: v, f: f, hits: hits, asked: asked, sites: map[*syntax.Node][]*siteFact{}}
	f.unread = r.parse()
	f.lang = r.doc.Lang
	f.imports = r.doc.Imports
	for _, i := range f.imports {
		f.modules = append(f.modules, i.Module)
	}
	f.prefixes = configuredPrefixes(path, r.doc)
	f.chart, f.role, f.kustom = r.readChart(), r.requestRole(), r.readKustomization()
	f.side = rules.SideOf(path, f.lang, r.doc.Directives, f.sideModules(), nil)
	holds := func(mark string) bool { return bytes.Contains(v.Text, []byte(mark)) }
	if f.shipped = rules.Shipped(path, nil, holds); f.shipped == "" {
		f.shipped = rules.Shipped(v.Path, nil, holds)
	}
	r.listLeaves()
	r.placeHits()
	r.foldedLiterals()
	if asked || len(hits) > 0 || len(f.sites) > 0 || holdsSettings(path) || r.speaksOfTokens() {
		for _, n := range r.leaves {
			r.leaf(n)
		}
		r.gatherCalls()
	} else {
		f.hollow = true
	}
	f.namespace = packageClause(f.lang, v.Text)
	r.gatherClasses()
	r.gatherFills()
	r.gatherLenders()
	if !r.settings() {
		f.paths = pathsIn(r.leaves)
	}
	r.gatherProcesses()
	r.gatherGenerators()
	r.envFiles()
	sort.SliceStable(f.sites, func(i, j int) bool { return f.sites[i].start < f.sites[j].start })
	if f.unread == nil && r.doc.Exhausted() {
		f.unread = syntax.ErrExhausted
	}
	r.excerpts()
	return f
}

// parse makes the tree of the text. It gives an error where that could not be read, or not all of it.
func (r *reader) parse() (err error) {
	r.doc, err = readSyntax(r.v.FilePath(), r.v.Text)
	r.hasUnits = r.declaresProcesses()
	return err
}

// listLeaves lists the leaves of the tree, and of the texts that literals hold.
func (r *reader) listLeaves() {
	r.openLiterals()
	r.gather(r.doc.Root, 0)
}

// excerpts cuts the lines to show around every site that may be told, with all of them masked: now, because the text is
// not kept.
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
	secrets := make([][2]int, 0, len(told))
	for _, s := range told {
		secrets = append(secrets, [2]int{s.start, s.stop})
	}
	text := excerpt.NewText(r.v.View, r.v.hits, secrets)
	for _, s := range told {
		s.excerpt = text.Around(s.start, s.stop, s.cred.Secret)
	}
	for _, p := range r.f.places {
		if p.sets || p.reads {
			p.excerpt = text.Showing(p.from, p.to)
		}
	}
}

// tokenWords are words (lower case) of which one stands in every text that takes, names or ships a credential: only
// texts with one are read leaf by leaf.
var tokenWords = [][]byte{
	[]byte("token"), []byte("authorization"), []byte("clientkey"), []byte("client_key"), []byte("client-key"),
	[]byte("apikey"), []byte("api_key"), []byte("api-key"), []byte("secret"),
	[]byte("unleash_"), []byte("unleashurl"), []byte("credential"), []byte("headers"), []byte("proxyurl"),
	[]byte("_pat"), []byte("intoclient"), []byte("into_client"), []byte("unleashconfig"), []byte("customhttp"),
	[]byte("withproxy"), []byte("client/features"), []byte("api/frontend"), []byte("config :unleash"),
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
		if k.Kind == syntax.Literal || k.Kind == syntax.Ref || k.Kind == syntax.Call && k.Name != "" && !r.settings() &&
			(holdsValue(n) || isFirstLookup(k, n)) {
			r.leaves = append(r.leaves, k) // a call's value may be one too
		}
		r.gather(k, depth+1)
	}
}

// holdsValue reports whether a node is what a value stands in.
func holdsValue(n *syntax.Node) bool {
	return n.Kind == syntax.Bind || n.Kind == syntax.Arg || n.Kind == syntax.Element || n.Kind == syntax.Return
}

// isFirstLookup reports whether a call reads a setting and the rest of its chain gives that on: env.get("X").required().
func isFirstLookup(call, chain *syntax.Node) bool {
	if chain.Kind != syntax.Chain || chain.Kids[0] != call || chain.Parent == nil || !holdsValue(chain.Parent) {
		return false
	}
	i := isLookup(call)
	return i >= 0 && lookupOf(call.Name, nameText(call.Kids[i])) != noLookup
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
			best = &syntax.Node{Kind: syntax.Literal, Start: h.Start, End: h.End, Parent: r.doc.Root,
				Text: h.Secret.Reveal()}
			r.leaves = append(r.leaves, best)
		}
		// Where the value is the credential, the reader of the file has undone the encoding: a colon that properties escape.
		if len(h.Inner) > len(h.Secret.Reveal())+8 && !isValue(best, h.Secret.Reveal()) {
			best = r.openInner(best, h)
		}
		r.sites[best] = append(r.sites[best], s)
		s.comment = best.Flags&syntax.InComment != 0
		r.f.sites = append(r.f.sites, s)
	}
}

// isValue reports whether a literal's text is a credential, or a list with it: then what had to be decoded was the
// literal's own escapes, and what is around it says what it is.
func isValue(n *syntax.Node, secret string) bool {
	for part := range strings.SplitSeq(n.Text, ",") {
		if part = strings.TrimSpace(part); part == secret {
			return true
		}
		if scheme, rest, is := strings.Cut(part, " "); is && strings.EqualFold(scheme, "bearer") && rest == secret {
			return true
		}
	}
	return false
}

func (r *reader) newSite(c rules.Credential, start, end int) *siteFact {
	s := &siteFact{file: r.f, cred: c, start: start, at: r.v.Position(start), end: r.v.Position(end),
		layers: r.v.Layers}
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
		if !plausible(part.text) || r.holdsDecoded(part.at, part.at+part.length) ||
			r.v.CutAt(part.at, part.at+part.length) || r.isMarker(n) {
			continue
		}
		c, ok := rules.ParseClientKey(part.text)
		if !ok {
			continue
		}
		end := part.at + part.length
		if known := r.siteAt(part.at, end); known != nil {
			list = append(list, known) // it was found by its digits, though text stands before them
			continue
		}
		s := r.newSite(c, part.at, end)
		s.potential, s.layers = true, layers
		s.test = r.inTests(n)
		s.comment = n.Flags&syntax.InComment != 0
		list = append(list, s)
	}
	r.sites[n] = list
	return list
}

// siteAt is the site of a credential that begins within v.Text[start:end] and was found without its place, nil where
// none does.
func (r *reader) siteAt(start, end int) *siteFact {
	i := r.firstHit(start)
	if i == len(r.hits) || r.hits[i].Start >= end {
		return nil
	}
	for _, s := range r.f.sites {
		if s.start == r.hits[i].Start && !s.potential {
			return s
		}
	}
	return nil
}

// isMarker reports whether a literal is what a comment tells a code generator: +kubebuilder:validation:MinLength=1
// (VOCABULARY, item 41).
func (r *reader) isMarker(n *syntax.Node) bool {
	if n.Flags&syntax.InComment == 0 || n.Start <= 0 || n.Start > len(r.doc.Text) {
		return false
	}
	before := r.doc.Text[n.Start-1]
	return before == '+' || before == '@' || strings.HasPrefix(n.Text, "+") || strings.HasPrefix(n.Text, "@")
}

// holdsDecoded reports whether a credential begins in v.Text[start:end] that had to be decoded: what stands there as it is
// written is none then.
func (r *reader) holdsDecoded(start, end int) bool {
	i := sort.Search(len(r.hits), func(i int) bool { return r.hits[i].Start >= start })
	for ; i < len(r.hits) && r.hits[i].Start < end; i++ {
		if len(r.hits[i].Layers) > 0 {
			return true
		}
	}
	return false
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

// plausible reports whether a text can be an operator-chosen token or a client key at all: a text in one piece, neither
// a URL, a path, a number, a reference nor a placeholder.
func plausible(text string) bool {
	if len(text) < 6 || len(text) > 300 || strings.ContainsAny(text, " \t\n\"'`<>{}$\\;|") || isVersion(text) || rules.LooksLikeURL(text) || rules.IsPlaceholder(text) {
		return false
	}
	switch strings.ToLower(text) {
	case "true", "false", "undefined", "production", "development", "authorization", "string":
		return false
	}
	return true
}

// isVersion reports whether a text is a number, or a version or a range of versions of a package: ^1.2.3, >=14.
func isVersion(text string) bool {
	text = strings.TrimLeft(text, "^~<>=v")
	return strings.Trim(text, "0123456789.") == ""
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

// inTests reports whether a node stands in a module that only tests compile: #[cfg(test)] mod tests of Rust.
func (r *reader) inTests(n *syntax.Node) bool {
	if r.doc.Lang != "rust" {
		return false
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.Block && (p.Name == "tests" || p.Name == "test") {
			return true
		}
	}
	return false
}
