package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// apply tells every site that comes to a place what the place says of it.
func (e *engine) apply(r reach) {
	p := r.place
	for _, rs := range r.sites {
		s := rs.site
		if p.comment && s.file != p.file {
			// A commented-out place says what its own literal is, and nothing of what stands elsewhere.
			continue
		}
		accepted := !s.potential || e.live[s] || e.accepts(r, s)
		if !accepted && !e.asked[s] {
			continue
		}
		// Of a text that another repository may designate the place says what counts then.
		if accepted {
			e.live[s] = true
		}
		if accepted && designates(p) {
			e.keys[s.cred.Secret.Reveal()] = true
		}
		direct := len(rs.via) == 0 && s.file == p.file
		if p.match.Sink != nil {
			e.applySink(r, s, rs.via)
		}
		if p.request {
			e.applyRequest(r, s, rs.via)
		}
		if p.unknown {
			e.placed[s] = true
			if k := sideKind(p.file.side.Side); k != rules.Unknown {
				e.evidence[s] = append(e.evidence[s], rules.Evidence{Certainty: rules.ByHint, Kind: k,
					File: p.file.path, Line: p.line,
					Text:  "taken here in " + string(p.file.side.Side) + " code (" + p.file.side.Why + ")",
					Chain: chain(rs.via)})
			}
		}
		if p.class.Designate {
			e.placed[s] = true
		}
		if p.class.Certainty != rules.None && !p.reads {
			e.applyName(p, s, rs.via, direct)
		} else if p.class.Holds && p.class.Unleash && direct {
			e.placed[s] = true
		}
		if p.inURL && (len(p.urls) == 0 || r.based) {
			e.urls[s] = append(e.urls[s], rules.Exposure{File: p.file.path, Line: p.line, Why: "put into a URL", Chain: chain(rs.via)})
		}
		if p.exposed != "" && !p.comment {
			e.exposures[s] = append(e.exposures[s], rules.Exposure{File: p.file.path, Line: p.line,
				Why: p.exposed, Chain: chain(rs.via)})
		}
		if !direct {
			for _, d := range p.deploys {
				if d.by != "" && strings.HasSuffix(d.by, "beside it") {
					e.deploys[s] = append(e.deploys[s], d)
				}
			}
		}
	}
}

// sideKind is the kind that the side of a file suggests: backend or nothing. That code runs in a browser makes no token
// public: it may be a backend token that leaks.
func sideKind(s rules.Side) rules.Kind {
	if s == rules.BackendSide {
		return rules.Backend
	}
	return rules.Unknown
}

// accepts reports whether a place makes a text that is no token by itself a credential, and writes down which.
func (e *engine) accepts(r reach, s *siteFact) bool {
	p := r.place
	t := rules.Place{Name: p.name, Class: p.class, Sink: p.match.Sink, API: r.api, Declares: p.declares,
		Indirect: p.indirect, Request: p.request, Unleash: p.unknown,
	}.Take(s.cred, rules.InTestCode(s.file.filePath) || s.test)
	as, is := t.As, t.Credential
	if t.Keys {
		if key := e.designated(s, s.cred.Secret.Reveal()); key {
			is = true
		} else {
			as = t.Else
		}
	}
	switch {
	case !is:
	case t.Read != nil:
		assume(e, &s.cred, *t.Read)
	case as != "":
		e.rewrite(s, as)
	}
	return is
}

// rewrite takes a site's text for a credential of another format.
func (e *engine) rewrite(s *siteFact, f rules.Format) {
	c := s.cred
	c.Format, c.Secret = f, rules.NewSecret(c.Secret.Reveal(), f)
	assume(e, &s.cred, c)
}

// designated reports whether a site's text stands in a list of proxy client keys somewhere in the scan. apply meets
// those lists first. Where the records of other repositories are to come, the site is kept for them.
func (e *engine) designated(s *siteFact, text string) bool {
	if e.keys[text] {
		return true
	}
	if e.collects {
		e.asked[s] = true
	}
	return false
}

// applySink says what the sink takes, and that the site is used there.
func (e *engine) applySink(r reach, s *siteFact, via []hop) {
	p, row := r.place, r.place.match.Sink
	takes := p.match.Takes
	if row.Takes == rules.Frontend && row.Via == rules.ViaSDK {
		takes = row.Takes
		if r.api == rules.ProxyAPI {
			takes = rules.ClientKey
		}
	}
	text := "handed to " + p.match.What
	if p.expected {
		text = "expected as " + p.match.What
	}
	u := rules.Use{
		Via: row.Via, Side: row.Side, FileSide: p.side(), Takes: takes, API: r.api, Designates: row.Designates,
		Commented: p.comment || p.expected, File: p.file.path, Line: p.line, Text: text,
		Service: p.service, Host: r.host, Names: p.names, Chain: chain(via),
	}
	switch {
	case row.Ships():
		u.Ships = true
	case row.Via == rules.ViaSDK && e.clientApp(p.file) && !p.onServer:
		u.Ships = true
		u.Text += ", in code that runs at the user's (" + p.file.side.Why + ")"
	}
	e.uses[s] = append(e.uses[s], u)
	e.placed[s] = true
	kind := takes
	switch {
	case takes == rules.ClientKey && (s.cred.Format == rules.ClientKeyFormat):
		kind = rules.ClientKey
	case takes == rules.ClientKey, takes == rules.Personal:
		return // says nothing of what an API token is
	case takes == rules.Frontend && s.cred.Format == rules.Legacy:
		return // either type (VOCABULARY, item 12)
	case takes == rules.Frontend && s.cred.Format == rules.ClientKeyFormat:
		kind = rules.ClientKey
		if r.api == rules.FrontendAPI {
			return // its designation elsewhere says what it is
		}
	case takes == rules.Backend && s.cred.Format == rules.ClientKeyFormat:
		return
	}
	e.evidence[s] = append(e.evidence[s], rules.Evidence{Certainty: rules.BySink, Kind: kind, File: p.file.path,
		Line: p.line, Text: text, Chain: chain(via)})
}

// clientApp reports whether a file's code is shipped to users, so that a backend SDK in it ships its token.
func (e *engine) clientApp(f *fileFacts) bool {
	if f.shipped != "" {
		return true
	}
	if f.side.Side != rules.FrontendSide || rules.InTestCode(f.filePath) {
		return false
	}
	return true
}

// applyRequest says what a raw HTTP request's path takes.
func (e *engine) applyRequest(r reach, s *siteFact, via []hop) {
	p := r.place
	kind := r.api.Takes()
	if r.api == rules.BaseAPI || r.api == rules.NoAPI || r.api == rules.GitLabAPI {
		return
	}
	text := "sent to /api/" + string(r.api)
	if r.api == rules.ProxyAPI {
		text = "sent to a Proxy"
	}
	if p.expected {
		text = "expected to be " + text
	}
	e.placed[s] = true
	e.uses[s] = append(e.uses[s], rules.Use{
		Via: rules.ViaRequest, FileSide: p.side(), Takes: kind, API: r.api, Commented: p.comment || p.expected,
		File: p.file.path, Line: p.line, Text: text, Service: p.service, Host: r.host, Chain: chain(via),
	})
	if e.clientApp(p.file) && !p.comment && !p.onServer {
		why := p.file.side.Why
		if p.file.shipped != "" {
			why = p.file.shipped
		}
		e.exposures[s] = append(e.exposures[s], rules.Exposure{File: p.file.path, Line: p.line,
			Why: "code that runs at the user's sends it (" + why + ")", Chain: chain(via)})
	}
	if kind == rules.Personal || kind == rules.ClientKey && s.cred.Format != rules.ClientKeyFormat ||
		s.cred.Format == rules.ClientKeyFormat && kind != rules.ClientKey {
		return
	}
	e.evidence[s] = append(e.evidence[s], rules.Evidence{Certainty: rules.BySink, Kind: kind, File: p.file.path,
		Line: p.line, Text: text, Chain: chain(via)})
}

// applyName says what the name that a credential is bound to, or flows to, states.
func (e *engine) applyName(p *placeFact, s *siteFact, via []hop, direct bool) {
	c := p.class
	if !direct && c.Certainty == rules.ByHint {
		return // a weak name speaks only for what stands in it
	}
	if direct {
		e.placed[s] = true
	}
	text := "bound to " + p.name
	if !direct {
		text = "flows to " + p.name
	}
	ev := rules.Evidence{Certainty: c.Certainty, Kind: c.Kind, File: p.file.path, Line: p.line, Text: text,
		Prefix: c.Prefix != "", Chain: chain(via)}
	if c.Certainty == rules.Declared {
		if !direct && s.file != p.file {
			return
		}
		e.declared[s] = c.Kind
		e.inInit[s] = true
		ev.Text, ev.InInit = text+", which declares its type", true
	}
	// A type beside the token outranks the name; a name that the string excludes decides nothing: Settle sees to both.
	e.evidence[s] = append(e.evidence[s], ev)
}

// chain is the way of a value in words, one sentence a link.
func chain(via []hop) []rules.Link {
	var out []rules.Link
	for _, h := range via {
		l := rules.Link{File: h.file, Line: h.line, Text: h.says()}
		if len(out) > 0 && out[len(out)-1] == l || len(out) == chainTold {
			continue
		}
		out = append(out, l)
	}
	return out
}

const chainTold = 8 // links of a chain that are told

// says is a link in words.
func (h hop) says() string {
	text := "through " + h.text
	switch h.reason {
	case byImport:
		text += ", imported from here"
	case byProcess:
		text += ", set here for what reads it"
	case byFramework:
		text += ", which the framework binds"
	}
	return text
}

// shippedFiles marks what stands in files that reach browsers as they are.
func (e *engine) shippedFiles() {
	for _, f := range e.files {
		m := e.nearest(f.filePath)
		why := f.shipped
		base := f.filePath[strings.LastIndexByte(f.filePath, '/')+1:]
		dotenv := strings.HasPrefix(base, ".env") && !strings.HasPrefix(base, ".env.example") &&
			!strings.HasPrefix(base, ".env.sample") && !strings.HasPrefix(base, ".env.template")
		switch {
		case why != "":
		case m != nil && dotenv && m.Has("react-native-config"):
			why = "react-native-config packs the whole .env into the app"
		case m != nil && dotenv && m.EnvAsset:
			why = "the .env is among the app's assets (" + m.File + ")"
		case f.side.Side == rules.FrontendSide && codeLang(f.lang) && !rules.InTestCode(f.filePath):
			why = "client code: " + f.side.Why
		}
		if why == "" {
			continue
		}
		for _, s := range f.sites {
			if !s.comment {
				e.exposures[s] = append(e.exposures[s], rules.Exposure{File: f.path, Line: s.at.Line, Why: why})
			}
		}
	}
}

func codeLang(lang string) bool { return !settingsLangs(lang) }

// settingFindings are the places that read or set a setting which is named as a secret, in frontend code or for it,
// with no token in sight.
func (e *engine) settingFindings(reached []reach) []Finding {
	held := map[string]bool{} // settings whose value is in sight
	for _, f := range e.files {
		for _, d := range f.defs {
			for _, a := range d.atoms {
				if a.site != nil && e.live[a.site] {
					held[rules.NormalName(d.raw)] = true
				}
			}
		}
	}
	type key struct {
		file string
		line int
	}
	seen := map[key]bool{}
	var out []Finding
	for _, r := range reached {
		p := r.place
		if !p.sets && !p.reads || p.comment || p.file.ignored || rules.InTestCode(p.file.filePath) {
			continue
		}
		c := p.class
		if c.Certainty != rules.ByName || !c.Unleash || c.Kind == rules.Frontend || c.Kind == rules.Unknown {
			continue
		}
		inFrontend := c.Prefix != "" || p.exposed != "" && p.sets
		why := p.exposed
		if !inFrontend && p.reads && e.clientApp(p.file) && codeLang(p.file.lang) {
			inFrontend = true
			why = p.file.side.Why
		}
		if !inFrontend || held[rules.NormalName(p.name)] {
			continue
		}
		live := false
		for _, s := range r.sites {
			live = live || e.live[s.site]
		}
		k := key{p.file.path, p.line}
		if live || seen[k] {
			continue
		}
		seen[k] = true
		out = append(out, e.settingFinding(p, why).Discreet())
	}
	return out
}

// side is the side of the code that a place is in.
func (p *placeFact) side() rules.Side {
	if p.onServer {
		return rules.BackendSide
	}
	return p.file.side.Side
}
