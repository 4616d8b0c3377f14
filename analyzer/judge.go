package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// A finding is what rules say of one place.
type finding struct {
	pos, end token.Pos
	ids      []rules.RuleID
	says     []string // one a rule, without the token
	holding  *holding // the token that stands here, nil for a place without one
	fixKey   ast.Expr // the header key to write canonically
	siblings *ast.CompositeLit
	related  []place
}

type place struct {
	pos  token.Pos
	text string
}

// judge applies the rules.
func (c *check) judge() {
	for _, h := range c.holdings {
		c.judgeHolding(h)
	}
	c.judgeNames()
	c.judgeLeaks()
	for _, g := range c.groups() {
		c.judgeGroup(g)
	}
	c.judgeKeys()
}

// settle says what each token is, from all its places in the package.
func (c *check) settle() {
	c.nearNames()
	sites := map[rules.Secret][]rules.Site{}
	for _, h := range c.holdings {
		for _, x := range c.g.at(h.node).reach {
			if x.use.role&tokenRoles != 0 {
				h.uses = append(h.uses, x.use)
			}
		}
		sites[h.cred.Secret] = append(sites[h.cred.Secret], c.ruleSite(h))
	}
	known := map[rules.Secret]rules.Knowledge{}
	for secret, list := range sites {
		if c.set.known == nil || list[0].Credential.Malformed {
			continue
		}
		k := c.set.known(list[0].Credential)
		known[secret] = k
		for i := range list {
			list[i].Evidence = append(list[i].Evidence, k.Evidence(list[i].File, list[i].Line)...)
		}
	}
	for _, h := range c.holdings {
		h.verdict, h.known = rules.Settle(sites[h.cred.Secret]), known[h.cred.Secret]
	}
}

// nearNames gives tokens whose own name says nothing the names of the variables, fields and parameters that they get
// to.
func (c *check) nearNames() {
	for obj, n := range c.objs {
		v, ok := obj.(*types.Var)
		if !ok || rules.ClassifyName(v.Name()).Kind == rules.Unknown {
			continue
		}
		walk{}.from(&c.g, n, func(m id, _ bool) {
			c.g.at(m).objects = append(c.g.at(m).objects, v.Name())
		})
	}
	for _, h := range c.holdings {
		slices.Sort(c.g.at(h.node).objects) // the map of objects has no order
	}
}

// ruleSite is a holding as the rules see it.
func (c *check) ruleSite(h *holding) rules.Site {
	pos := c.pass.Fset.Position(h.pos)
	s := rules.Site{Credential: h.cred, File: filepath.Base(pos.Filename), Line: pos.Line, InURL: h.inURL}
	add := func(cert rules.Certainty, kind rules.Kind, text string) {
		s.Evidence = append(s.Evidence, rules.Evidence{Certainty: cert, Kind: kind, File: s.File, Line: pos.Line,
			Text: text})
	}
	decided := false
	if h.served {
		add(rules.BySink, rules.Frontend, "the clientKey beside the URL of the Frontend API")
	}
	for _, n := range h.names {
		cl := n.class()
		if cl.NotAToken {
			continue
		}
		if cl.Kind != rules.Unknown {
			add(cl.Certainty, cl.Kind, n.name)
			decided = decided || cl.Certainty != rules.ByHint
		}
		if cl.Unleash && cl.Holds {
			s.Placed = true
		}
		if d := rules.DeploymentOfName(n.name); cl.Holds && d != "" && d != "test" && d != "preview" {
			s.Deployment, s.DeployedBy = d, n.name
		}
	}
	if !decided {
		for _, name := range c.g.at(h.node).objects {
			cl := rules.ClassifyName(name)
			add(cl.Certainty, cl.Kind, name)
		}
	}
	for _, u := range h.uses {
		s.Placed = true
		r := ruleUse(u)
		if r.Takes != "" {
			add(rules.BySink, r.Takes, u.what)
		}
		s.Uses = append(s.Uses, r)
	}
	return s
}

// ruleUse is a use as the rules see it.
func ruleUse(u *use) rules.Use {
	r := rules.Use{Text: u.what}
	switch u.role {
	case tokenSDK:
		r.Via, r.Takes = rules.ViaSDK, rules.Backend
	case tokenAdmin:
		r.Via, r.Takes = rules.ViaAdmin, rules.Personal
	case tokenClient:
		r.Via, r.API = rules.ViaRequest, rules.ClientAPI
	case tokenFrontend:
		r.Via, r.API = rules.ViaRequest, rules.FrontendAPI
	case tokenAdminRaw:
		r.Via, r.API = rules.ViaRequest, rules.AdminAPI
	case tokenProxy:
		r.Via, r.API = rules.ViaRequest, rules.ProxyAPI
	default:
		r.Via = rules.ViaRequest
	}
	if r.Takes == "" {
		r.Takes = r.API.Takes()
	}
	if r.Takes == rules.Unknown {
		r.Takes = ""
	}
	return r
}

func (c *check) judgeHolding(h *holding) {
	s := c.ruleSite(h)
	ids := rules.Judge(s, h.verdict)
	foreign := h.foreign != nil && c.sameModule(h.foreign)
	for _, id := range ids {
		rule, _ := rules.Lookup(id)
		if !rule.Misuse && foreign {
			continue // the package of the constant reports it
		}
		if id == rules.TokenInURL && foreign {
			continue
		}
		c.tell(h.pos, h.end, id, c.say(id, h, s), h)
	}
}

// sameModule reports whether a package belongs to the module that is checked, so that its own pass speaks of its
// tokens.
func (c *check) sameModule(p *types.Package) bool {
	if c.pass.Module == nil || c.pass.Module.Path == "" {
		return true
	}
	m := c.pass.Module.Path
	return p.Path() == m || strings.HasPrefix(p.Path(), m+"/")
}

// tell adds what a rule says of a place. All rules of one place make one finding.
func (c *check) tell(pos, end token.Pos, id rules.RuleID, text string, h *holding) *finding {
	if c.findings == nil {
		c.findings = map[token.Pos]*finding{}
	}
	f := c.findings[pos]
	if f == nil {
		f = &finding{pos: pos, end: end}
		c.findings[pos] = f
	}
	if h != nil && f.holding == nil {
		f.holding = h
	}
	for _, have := range f.ids {
		if have == id {
			return f
		}
	}
	f.ids = append(f.ids, id)
	f.says = append(f.says, text)
	return f
}

// say is what a rule says of a token that stands in the code.
func (c *check) say(id rules.RuleID, h *holding, s rules.Site) string {
	kind, shown := h.verdict.Kind.Words(), h.cred.Secret.String()
	used := func(r role) string {
		for _, u := range h.uses {
			if u.role&r != 0 {
				return u.what
			}
		}
		return "a client"
	}
	switch id {
	case rules.InsecureDefaultToken:
		return fmt.Sprintf("hard-coded published default token %s (%s)", shown, kind)
	case rules.LegacyToken:
		return fmt.Sprintf("hard-coded legacy token %s (%s)", shown, kind)
	case rules.ConflictingUse:
		return "the same token is used as " + strings.Join(contradictions(h.verdict), " and as ")
	case rules.EnvironmentMismatch:
		return fmt.Sprintf("token of environment %q, but %s says %s", h.cred.Environment, s.DeployedBy, s.Deployment)
	case rules.TokenInURL:
		return kind + " in a URL"
	case rules.InvalidTokenScope:
		return "no Unleash server accepts this scope for a " + kind
	case rules.MalformedToken:
		return "this is no token: " + h.cred.Problem
	case rules.APITokenAsClientKey:
		return "an API token stands where a proxy client key belongs, in " + used(tokenProxy)
	}
	if rule, ok := rules.Lookup(id); ok && !rule.Misuse {
		return fmt.Sprintf("hard-coded %s %s", kind, shown)
	}
	return misuseText(id, kind, used)
}

// misuseText is what a misuse rule says of a token of a kind.
func misuseText(id rules.RuleID, kind string, used func(role) string) string {
	switch id {
	case rules.FrontendTokenInBackend:
		return "a frontend token is handed to " + used(tokenSDK) + ", which takes a backend token"
	case rules.PersonalTokenInSDK, rules.AdminTokenInSDK:
		return article(kind) + " is handed to " + used(tokenSDK) + ", which takes a backend token; Unleash 8 refuses it"
	case rules.SDKTokenInAdminAPI:
		return article(kind) + " is handed to " + used(tokenAdmin|tokenAdminRaw) +
			", which takes " + rules.Personal.Article() + ", or a service account's"
	}
	if rule, ok := rules.Lookup(id); ok {
		return strings.ToLower(rule.Title[:1]) + rule.Title[1:]
	}
	return string(id)
}

func article(kind string) string {
	if kind != "" && strings.ContainsAny(kind[:1], "aA") {
		return "an " + kind
	}
	return "a " + kind
}

// contradictions are the kinds that evidence of the deciding rank names.
func contradictions(v rules.Verdict) []string {
	var out []string
	for _, e := range v.Evidence {
		if e.Certainty == v.Certainty {
			out = append(out, string(e.Kind)+" ("+e.Text+")")
		}
	}
	return dedupe(out)
}

// judgeNames applies the rules to tokens that are not in the code: read from the environment under a name that states
// their kind, or kept in a variable of another package.
func (c *check) judgeNames() {
	for i := range c.g.nodes {
		nd := &c.g.nodes[i]
		if nd.env == "" && nd.held.empty() {
			continue
		}
		for _, x := range nd.reach {
			u := x.use
			if u.role&tokenRoles == 0 {
				continue
			}
			pos, end := nd.pos, nd.end
			if nd.env == "" || nd.expr == nil {
				if u.arg == nil {
					continue
				}
				pos, end = u.arg.Pos(), u.arg.End()
			}
			for _, name := range append([]string{nd.env}, nd.held.Envs...) {
				if cl := rules.ClassifyName(name); name != "" && cl.Certainty == rules.ByName {
					c.judgeUse(pos, end, rules.Credential{Format: rules.Scoped, Kind: rules.Unknown}, cl.Kind, u,
						"what "+name+" holds: ")
				}
			}
			for _, cf := range nd.held.Creds {
				cred := rules.Credential{Format: cf.Format, Environment: cf.Environment, Kind: rules.Unknown}
				c.judgeUse(pos, end, cred, cf.Kind, u, cf.Shown+" of "+cf.Where+": ")
			}
		}
	}
}

func (c *check) judgeUse(pos, end token.Pos, cred rules.Credential, kind rules.Kind, u *use, prefix string) {
	s := rules.Site{Credential: cred, Uses: []rules.Use{ruleUse(u)}, Placed: true}
	for _, id := range rules.Judge(s, rules.Verdict{Kind: kind, Certainty: rules.ByName}) {
		if rule, ok := rules.Lookup(id); !ok || !rule.Misuse || id == rules.InvalidTokenScope {
			continue
		}
		text := misuseText(id, kind.Words(), func(role) string { return u.what })
		c.tell(pos, end, id, prefix+text, nil)
	}
}

// A leak is a place where a value is shown.
type leak struct {
	role role
	at   id
	arg  ast.Expr
	what string
	use  *use // nil for the argument of a wrapper
	test bool
}

// leaks are the places where values are shown: directly, or by a function that is called here. Each place is judged by
// what is known there whoever calls, so that a wrapper of a logger is not blamed for what its callers log.
func (c *check) leaks() []leak {
	const shows = logged | inURL | appName | instanceID
	var out []leak
	for _, u := range c.uses {
		if u.role&shows != 0 && u.arg != nil {
			out = append(out, leak{u.role, u.at, u.arg, u.what, u, u.test})
		}
	}
	for i := range c.sites {
		s := &c.sites[i]
		if s.fn == nil {
			continue // a fact's roles are uses already
		}
		for p, args := range s.args {
			if p >= len(s.params) || s.params[p] == none {
				continue
			}
			for _, x := range c.g.at(s.params[p]).reach {
				if !x.up || x.use.role&shows == 0 {
					continue
				}
				for j, a := range args {
					out = append(out, leak{x.use.role, a, s.call.Args[min(p+j, len(s.call.Args)-1)], x.use.what, nil,
						s.test})
				}
			}
		}
	}
	return out
}

// judgeLeaks finds secret tokens in logs, URLs and names.
func (c *check) judgeLeaks() {
	for _, l := range c.leaks() {
		var id rules.RuleID
		where := l.what
		switch l.role {
		case logged:
			id = rules.TokenInLog
		case inURL:
			id = rules.TokenInURL
		default:
			id, where = rules.TokenInIdentity, l.what+", which Unleash shows among its applications"
		}
		if l.test && id != rules.TokenInIdentity {
			continue
		}
		what, h := c.secretIn(l)
		if what == "" {
			continue
		}
		pos, end := l.arg.Pos(), l.arg.End()
		if h != nil && h.expr != nil && ast.Unparen(l.arg) == ast.Unparen(h.expr) {
			pos, end = h.pos, h.end
		} else {
			h = nil
		}
		c.tell(pos, end, id, what+" reaches "+where, h)
	}
}

// secretIn is what secret token is shown, in words, "" for none.
func (c *check) secretIn(l leak) (what string, holds *holding) {
	walk{parts: true, closed: true}.from(&c.g, l.at, func(n id, down bool) {
		if what != "" {
			return
		}
		nd := c.g.at(n)
		for _, h := range nd.creds {
			if !h.verdict.Kind.Public() && (!h.cred.Example || c.set.examples) {
				what, holds = article(h.verdict.Kind.Words()), h
				return
			}
		}
		for _, name := range append([]string{nd.env}, nd.held.Envs...) {
			if secretName(name) {
				what = "the token in " + name
				return
			}
		}
		for _, cf := range nd.held.Creds {
			if !cf.Kind.Public() {
				what = "the " + cf.Kind.Words() + " of " + cf.Where
				return
			}
		}
		if v, ok := nd.obj.(*types.Var); ok && !down {
			for _, x := range nd.reach {
				if x.use.role&secretRoles != 0 && (x.up || shared(v)) && x.use != l.use && c.unleashToken(x.use) &&
					!c.kindOf(n).Public() {
					what = v.Name() + ", the token of " + x.use.what + ","
					return
				}
			}
		}
	})
	return what, holds
}

// secretName reports whether a setting's name says that it holds a secret token of Unleash.
func secretName(name string) bool {
	if name == "" {
		return false
	}
	cl := rules.ClassifyName(name)
	return cl.Unleash && cl.Holds && !cl.NotAToken && !cl.Designate && !cl.Kind.Public()
}

// unleashToken reports whether what a use takes is a token of Unleash. An option of the SDK takes nothing else; a raw
// request's URL may be that of some other /api/admin.
func (c *check) unleashToken(u *use) bool {
	if u.role&(tokenSDK|tokenAdmin) != 0 {
		return true
	}
	found := false
	walk{}.from(&c.g, u.at, func(n id, _ bool) {
		nd := c.g.at(n)
		cl := rules.ClassifyName(nd.env)
		found = found || len(nd.creds) > 0 || cl.Unleash && cl.Holds || !nd.held.empty()
		if v, ok := nd.obj.(*types.Var); ok {
			cl := rules.ClassifyName(v.Name())
			found = found || cl.Unleash && cl.Holds
		}
	})
	if !found && u.group != nil {
		for _, other := range u.group.uses {
			if other.role&urlRoles != 0 {
				for _, t := range c.g.texts(other.at) {
					found = found || strings.Contains(strings.ToLower(t), "unleash")
				}
			}
		}
	}
	return found
}

// judgeKeys finds header keys that Get will not find.
func (c *check) judgeKeys() {
	for _, k := range c.keys {
		if c.roles(k.container, false)&(tokenSDK|tokenAdmin) == 0 && !c.holdsUnleash(k.container) {
			continue
		}
		f := c.tell(k.expr.Pos(), k.expr.End(), rules.NonCanonicalHeader,
			"http.Header.Get will not find this key: write \"Authorization\"", nil)
		f.fixKey, f.siblings = k.expr, k.siblings
	}
}

// holdsUnleash reports whether a node holds a token of Unleash.
func (c *check) holdsUnleash(n id) bool {
	found := false
	walk{}.from(&c.g, n, func(m id, _ bool) {
		nd := c.g.at(m)
		cl := rules.ClassifyName(nd.env)
		found = found || len(nd.creds) > 0 || cl.Unleash && cl.Holds
	})
	return found
}

// loopback reports whether a URL leads to this machine, or to a host that is not known.
func loopback(text string) bool {
	if strings.Contains(text, hole) {
		rest := strings.TrimPrefix(text, "http://")
		host, _, _ := strings.Cut(rest, "/")
		if strings.Contains(host, hole) {
			return true
		}
		text = strings.ReplaceAll(text, hole, "x")
	}
	u, err := url.Parse(text)
	if err != nil {
		return true
	}
	host := strings.ToLower(u.Hostname())
	if host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsUnspecified())
}
