package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// leaf reads what is around one literal or name.
func (r *reader) leaf(n *syntax.Node) {
	t := trailOf(n, r.doc.Lang)
	sites := r.sites[n]
	comment := n.Flags&syntax.InComment != 0
	declares := n.Kind == syntax.Literal && len(sites) == 0 && r.declaresToken(n, t)
	if declares {
		sites = r.declaredSites(n, t)
	}
	for _, s := range sites {
		s.trail = t
		r.describe(s, n, t)
	}
	if len(t) == 0 || n.Kind == syntax.Literal && len(sites) == 0 && r.qualifies(n) {
		return
	}
	lookup := n.Kind == syntax.Literal && r.looksUp(n)
	lookedUp := n.Text
	kind := noLookup
	if lookup {
		if kind = r.lookupOf(n.Parent.Parent, n.Text); kind == noLookup {
			lookup = false
		}
	}
	if name, k := r.referenceIn(n); n.Kind == syntax.Literal && name != "" && !r.settings() {
		lookup, lookedUp, kind = true, name, k
	}
	named := n.Kind == syntax.Ref || n.Kind == syntax.Call
	r.define(n, t, lookup)
	p := &placeFact{file: r.f, line: r.line(n.Start), comment: comment,
		expected: rules.InTestCode(r.f.filePath) && isExpectation(t)}
	used := false
	m, ok := r.sink(n, t, p)
	// What stands in the option itself is the value, though it may look like a setting's name.
	lookup = lookup && (!(ok && m.First == 0) || lookedUp != n.Text)
	if ok && (named || lookup || len(m.Missing) == 0) {
		p.match, used = m, true
		p.api, p.host, p.urls = r.urlBeside(n)
	} else if h := authorization(t); h >= 0 {
		if api, host, urls := r.requestBeside(n); takesToken(api) || len(urls) > 0 {
			p.request, p.api, p.host, p.urls, used = true, api, host, urls, true
		} else if urls = r.basesOf(n); len(urls) > 0 {
			p.request, p.host, p.urls, used = true, host, urls, true
		}
		for _, s := range sites {
			s.placed = true
		}
	} else if named && headersKey(t) {
		if api, host, urls := r.requestBeside(n); takesToken(api) || len(urls) > 0 {
			p.request, p.api, p.host, p.urls, used = true, api, host, urls, true
			p.match.Missing = []string{"Authorization"}
		}
	}
	if !used && (named || lookup || len(sites) > 0) {
		used = r.headerElsewhere(n, p, named || lookup)
	}
	if !used && named && !comment {
		p.inURL, p.urls = r.inURLOf(n)
		used = p.inURL
	}
	if !used && r.clientOf(n, p) {
		p.request = true
		r.askClient(n, t, p)
		return
	}
	if p.match.Sink == nil && !p.request && unknownSink(t) {
		p.unknown, used = true, true
	}
	if declares && len(sites) > 0 {
		p.declares, used = true, true
	}
	p.name, p.class, p.indirect = classify(t)
	if p.class.Designate || p.class.Certainty != rules.None || p.class.Unleash && p.class.Holds && !p.indirect {
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
	if p.exposed != "" && p.sets && p.class.Certainty != rules.ByName {
		// What it reads is named as a secret (VOCABULARY, item 39).
		name := n.Name
		if lookup {
			name = lookedUp
		}
		if c := rules.ClassifyName(rules.LastName(name)); c.Certainty == rules.ByName && c.Unleash && c.Kind != rules.Frontend {
			p.name, p.class = rules.LastName(name), c
		}
	}
	if n.Kind == syntax.Ref || lookup {
		name := n.Name
		if lookup {
			name = lookedUp
		}
		if r.readsSetting(n, name) {
			if c := rules.ClassifyName(rules.LastName(name)); c.Certainty == rules.ByName && c.Unleash &&
				c.Kind != rules.Frontend {
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
	p.onServer = r.onServer(n)
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
		for _, names := range p.match.Others {
			p.atoms = append(p.atoms, r.atomsOf(n, names)...)
		}
	} else if lookup {
		p.at, p.end = r.v.Position(n.Start), r.v.Position(n.End)
		p.from, p.to = n.Start, n.End
		c := collector{r: r}
		if lookedUp == n.Text && kind != envLookup && r.looksUp(n) {
			c.lookedUp(n.Parent.Parent, n, lookedUp, kind, p.match.Missing, nil)
		} else {
			c.setting(n, lookedUp, kind, p.match.Missing, nil)
		}
		p.atoms = c.out
	} else {
		// A literal: a credential by shape is one wherever it stands; other text only where a token or a key belongs.
		holds := p.match.Sink != nil || p.request || p.unknown || p.declares || !p.indirect && (p.class.Designate || p.class.Holds &&
			p.class.Unleash)
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

// headerElsewhere makes a place of a value whose header may be Authorization by what other files say, and reports whether
// it does. follows says that the value is a name to follow.
func (r *reader) headerElsewhere(n *syntax.Node, p *placeFact, follows bool) bool {
	if r.settings() || p.comment {
		return false
	}
	h, ok := r.headerNameOf(n)
	if !ok || h.ref == n {
		return false
	}
	header := h.elsewhere(r)
	if len(header) == 0 {
		return false
	}
	t := trailNamed(n, r.doc.Lang, h.at)
	if m, is := r.sink(n, t, p); is && (follows || len(m.Missing) == 0) {
		p.match = m
		p.api, p.host, p.urls = r.urlBeside(n)
		p.header = header
		return true
	}
	if authorization(t) < 0 {
		return false
	}
	if p.api, p.host, p.urls = r.requestBeside(n); takesToken(p.api) || len(p.urls) > 0 {
		p.request, p.header = true, header
		return true
	}
	if p.urls = r.basesOf(n); len(p.urls) > 0 {
		p.api, p.request, p.header = rules.NoAPI, true, header
		return true
	}
	p.api, p.host = rules.NoAPI, ""
	return false
}

// takesToken reports whether requests of an API take a credential that is told by it.
func takesToken(api rules.API) bool {
	return api != rules.NoAPI && api != rules.BaseAPI && api != rules.GitLabAPI
}

// declaredSites are the sites of a literal that is declared a token: text that an operator chose, and bare hex where the
// server itself says so.
func (r *reader) declaredSites(n *syntax.Node, t rules.Trail) []*siteFact {
	var out []*siteFact
	for _, s := range r.sitesIn(n) {
		if s.cred.Format == rules.Custom || s.cred.Malformed || s.cred.Format == rules.Legacy && r.serversOwn(n, t) {
			s.placed = true
			out = append(out, s)
		}
	}
	return out
}

// unknownSink reports whether a value is handed as a token to something that is called after Unleash and is no sink of
// the table: a wrapper, an SDK that nobody knows. It takes a token of either type.
func unknownSink(t rules.Trail) bool {
	for i, s := range t {
		if i == 0 && (s.Kind != rules.Key || s.Soft || !rules.ClassifyName(rules.LastName(s.Name)).Holds &&
			!strings.EqualFold(s.Name, "authorization")) {
			return false
		}
		if (s.Kind == rules.Arg || s.Kind == rules.Call) && strings.Contains(strings.ToLower(rules.LastName(s.Name)),
			"unleash") {
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
	if p.object = r.objectAround(n); !ok && (r.doc.Lang == "dotenv" || p.object != nil) {
		// What a compose file hands to a service by env_file, a container by envFrom, has nothing of the service beside it.
		around := r.surround(n, false)
		around.Beside = func([]string) bool { return true }
		if m, ok = rules.FindSink(t, around); ok && len(m.Sink.Beside) > 0 {
			p.envFile = true
		} else {
			ok = false
		}
	}
	if part := r.processAround(n); !ok && part != nil && part.partial {
		around := r.surround(n, false)
		around.Beside = func([]string) bool { return true }
		if m, ok = rules.FindSink(t, around); ok && len(m.Sink.Beside) > 0 {
			p.part = part
		} else {
			ok = false
		}
	}
	if !ok && r.settings() {
		if p.beside, p.outer = r.namedBeside(n); len(p.beside) > 0 || p.outer != "" {
			around := r.surround(n, false)
			around.Beside = func([]string) bool { return true }
			if m, ok = rules.FindSink(t, around); !ok || len(m.Sink.Beside) == 0 {
				p.beside, p.outer, ok = nil, "", false
			}
		}
	}
	return m, ok
}

// namedBeside are the names that stand for the image of the container around a place, and the outermost key around it
// where the file may be a chart's values.
func (r *reader) namedBeside(n *syntax.Node) (names []atom, outer string) {
	beside(n, func(level *syntax.Node) bool {
		image := r.keysOf(level)["image"]
		if image == nil {
			return false
		}
		for _, k := range image.Kids {
			if k.Kind == syntax.Ref {
				names = append(names, r.atomsOf(k, nil)...)
			}
		}
		return true
	})
	if r.doc.Lang == "yaml" {
		for p := n.Parent; p != nil; p = p.Parent {
			if p.Kind == syntax.Bind {
				outer = p.Name
			}
		}
	}
	return names, outer
}

// isExpectation reports whether a value is handed, alone or in a table, to a test's comparison: expect(x).toEqual({…}).
func isExpectation(t rules.Trail) bool {
	for _, s := range t {
		if s.Kind == rules.Arg || s.Kind == rules.Call {
			return isComparison(strings.ToLower(rules.LastName(s.Name)))
		}
	}
	return false
}

// isComparison reports whether a function of a test framework, by its last name in lower case, compares what it is
// handed.
func isComparison(name string) bool {
	switch name {
	case "toequal", "tostrictequal", "tomatchobject", "tobe", "tocontainequal", "tocontain", "tohaveproperty",
		"tohavebeencalledwith", "tohavebeenlastcalledwith", "tohavebeennthcalledwith", "tobecalledwith",
		"toreturnwith", "tohavereturnedwith", "objectcontaining", "arraycontaining", // Jest, Vitest, Jasmine
		"equal", "equals", "eql", "eq", "deepequal", "deepstrictequal", "strictequal", "same", "calledwith",
		"calledoncewithexactly", "calledoncewith", // node:assert, Chai, Sinon, testify, RSpec
		"assertequal", "assertequals", "assertsame", "assertdictequal", "assertthat", "isequalto", "be", "beequivalentto",
		"assert_eq", "assert_eq!", "assert_called_with", "assert_called_once_with", "xctassertequal", "shouldbe", "equalvalues":
		return true
	}
	return false
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
	if arg == nil || arg.Kind != syntax.Arg && !(arg.Kind == syntax.Bind && labelsLookup(arg.Name)) || len(arg.Kids) != 1 || arg.Parent == nil ||
		arg.Parent.Kind != syntax.Call || len(r.sites[n]) > 0 {
		return false
	}
	i := isLookup(arg.Parent)
	return i >= 0 && arg.Parent.Kids[i] == arg
}

// authorization is the index of the step that is the Authorization header, if that is what names the value, -1
// otherwise.
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
		if s.Soft && strings.HasPrefix(s.Name, "-") && !isHeaderOption(s.Name) {
			continue // an option before it, which takes no value: curl -fsS "${headers[@]}"
		}
		if s.Kind == rules.Key || s.Kind == rules.Var {
			return strings.EqualFold(rules.LastName(s.Name), "headers") || isHeaderOption(s.Name)
		}
		if s.Kind == rules.Arg && (rules.LastName(s.Name) == "curl" || rules.LastName(s.Name) == "wget" ||
			rules.LastName(s.Name) == "http") {
			return true
		}
	}
	return false
}

func isHeaderOption(name string) bool { return name == "-H" || name == "--header" }

// setsName reports whether the innermost name of a trail is one that the place sets.
func setsName(t rules.Trail) bool {
	for _, s := range t {
		if s.Kind == rules.Key || s.Kind == rules.Var {
			return true
		}
	}
	return false
}

// readsSetting reports whether a name is one of a setting that is read from outside: an environment variable, a build's
// constant.
func (r *reader) readsSetting(n *syntax.Node, name string) bool {
	if r.settings() || n.Flags&syntax.InComment != 0 {
		return false
	}
	if n.Kind == syntax.Literal {
		return strings.Contains(name, "_")
	}
	for _, p := range []string{"process.env.", "import.meta.env.", "env.", "Config.", "BuildConfig.", "window._env_.",
		"window.__ENV.", "ENV.", "Deno.env.", "dotenv.env."} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	first := firstName(name)
	for _, i := range r.doc.Imports {
		if i.Local == first && (strings.HasPrefix(i.Module, "$env/") || i.Module == "@env" ||
			strings.HasPrefix(i.Module, "astro:env")) {
			return true
		}
	}
	return false
}

// onServer reports whether a node stands in a function of a page of Next that runs where the page is made: bundles do not
// have it.
func (r *reader) onServer(n *syntax.Node) bool {
	if family(r.doc.Lang) != "js" {
		return false
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != syntax.Block && p.Kind != syntax.Bind {
			continue
		}
		switch p.Name {
		case "getServerSideProps", "getStaticProps", "getStaticPaths":
			return true
		}
	}
	return false
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
