package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// A client is what one client or request is made of, wherever the parts are written: the options of a list, the
// arguments of a wrapper, the fields of its configuration.
type client struct {
	parts []clientPart
	test  bool
}

type clientPart struct {
	role role
	at   id
	expr ast.Expr
	use  *use // nil for an argument or field
}

// groups are the clients of the package.
func (c *check) groups() []client {
	var out []client
	seen := map[*group]bool{}
	for _, u := range c.uses {
		if u.group == nil || seen[u.group] {
			continue
		}
		seen[u.group] = true
		var cl client
		for _, m := range u.group.uses {
			cl.parts = append(cl.parts, clientPart{m.role, m.at, m.arg, m})
			cl.test = cl.test || m.test
		}
		out = append(out, cl)
	}
	for i := range c.sites {
		s := &c.sites[i]
		cl := client{test: s.test}
		for p, args := range s.args {
			r := c.paramRole(s, p)
			for _, a := range args {
				if r != 0 && a != none {
					cl.add(r, a, s.call.Args[min(p, len(s.call.Args)-1)])
				}
			}
		}
		out = append(out, cl)
	}
	for _, s := range c.structs {
		cl := client{test: s.test}
		for _, f := range s.fields {
			if r := c.roles(c.object(f.field), false); r != 0 {
				cl.add(r, f.value, f.expr)
			}
		}
		out = append(out, cl)
	}
	return out
}

func (cl *client) add(r role, at id, e ast.Expr) {
	for bit := role(1); bit <= r; bit <<= 1 {
		if r&bit != 0 {
			cl.parts = append(cl.parts, clientPart{bit, at, e, nil})
		}
	}
}

func (cl *client) with(r role) []clientPart {
	var out []clientPart
	for _, p := range cl.parts {
		if p.role&r != 0 {
			out = append(out, p)
		}
	}
	return out
}

// judgeGroup compares the parts of one client.
func (c *check) judgeGroup(cl client) {
	tokens := cl.with(tokenRoles)
	for _, u := range cl.with(urlRoles) {
		c.judgeURL(cl, u, tokens)
	}
	if envs := cl.with(environment); len(envs) == 1 {
		c.judgeEnvironment(envs[0], tokens)
	}
}

// judgeURL compares a URL with the tokens beside it.
func (c *check) judgeURL(cl client, u clientPart, tokens []clientPart) {
	if u.role == urlSDK {
		c.judgeURLName(u)
	}
	for _, text := range c.g.texts(u.at) {
		if text == hole {
			continue
		}
		api := rules.ClassifyURL(fillHoles(text))
		if api == rules.GitLabAPI {
			return
		}
		pos, end := c.whereText(u, text)
		if wrong := c.wrong(u.role, api, tokens); wrong != "" {
			c.tell(pos, end, rules.WrongEndpoint, wrong, nil)
		}
		if strings.HasPrefix(strings.ToLower(text), "http://") && !cl.test && !loopback(text) &&
			c.secretBeside(u, tokens) {
			c.tell(pos, end, rules.PlainHTTP, "a secret token is sent to this http URL without encryption", nil)
		}
	}
}

// judgeURLName looks for a URL that a setting's name calls that of another API.
func (c *check) judgeURLName(u clientPart) {
	walk{}.from(&c.g, u.at, func(n id, _ bool) {
		nd := c.g.at(n)
		words := rules.Words(nd.env)
		if nd.env == "" || nd.expr == nil || len(words) == 0 {
			return
		}
		last := words[len(words)-1]
		if (last == "URL" || last == "URI") && slices.Contains(words, "UNLEASH") && slices.Contains(words, "FRONTEND") {
			c.tell(nd.pos, nd.end, rules.WrongEndpoint,
				"by its name "+nd.env+" is the URL of the frontend API, in a backend SDK", nil)
		}
	})
}

// wrong says why a URL contradicts its client or token, "" where it does not.
func (c *check) wrong(r role, api rules.API, tokens []clientPart) string {
	switch r {
	case urlSDK:
		if api == rules.FrontendAPI || api == rules.ProxyAPI || api == rules.AdminAPI {
			return fmt.Sprintf("the URL of the %s API in a backend SDK, which wants the one that ends in /api", api)
		}
	case urlAdmin:
		if api == rules.FrontendAPI || api == rules.ProxyAPI || api == rules.ClientAPI {
			return fmt.Sprintf("the URL of the %s API in a client of the Admin API", api)
		}
	case rawURL:
		var takes rules.Kind
		switch api {
		case rules.ClientAPI:
			takes = rules.Backend
		case rules.FrontendAPI:
			takes = rules.Frontend
		default:
			return ""
		}
		for _, t := range tokens {
			if k, says := c.saidOf(t.at); k != "" && k != takes {
				return fmt.Sprintf("a request to the %s API takes a %s, but the token beside is %s", api,
					takes.Words(), article(k.Words())) + says
			}
		}
	}
	return ""
}

// kindOf is the kind of the one token that a node holds as its text or name states it, "" where they do not.
func (c *check) kindOf(n id) rules.Kind {
	kind, _ := c.saidOf(n)
	return kind
}

// saidOf is kindOf, and what an inventory says of the token, each sentence behind a semicolon.
func (c *check) saidOf(n id) (kind rules.Kind, says string) {
	several := false
	note := func(k rules.Kind) {
		if k == rules.Unknown || k == "" {
			return
		}
		several = several || kind != "" && kind != k
		kind = k
	}
	walk{}.from(&c.g, n, func(m id, _ bool) {
		nd := c.g.at(m)
		for _, h := range nd.creds {
			if h.verdict.Certainty.Stronger(rules.BySink) {
				note(h.verdict.Kind)
			}
			for _, text := range h.known.Says {
				if text = "; " + text; !strings.Contains(says, text) {
					says += text
				}
			}
		}
		for _, name := range append([]string{nd.env}, nd.held.Envs...) {
			if cl := rules.ClassifyName(name); name != "" && cl.Certainty == rules.ByName {
				note(cl.Kind)
			}
		}
		for _, cf := range nd.held.Creds {
			if cf.Certainty.Stronger(rules.BySink) {
				note(cf.Kind)
			}
		}
	})
	if several {
		return "", ""
	}
	return kind, says
}

// secretBeside reports whether a secret token of Unleash goes with a URL. The token may be added by the function that
// the URL is given to.
func (c *check) secretBeside(url clientPart, tokens []clientPart) bool {
	if url.use == nil && url.at != none {
		for _, x := range c.g.at(url.at).reach {
			if x.use.role&urlRoles == 0 || x.use.group == nil {
				continue
			}
			for _, u := range x.use.group.uses {
				if u.role&tokenRoles != 0 {
					tokens = append(tokens, clientPart{u.role, u.at, u.arg, u})
				}
			}
		}
	}
	for _, t := range tokens {
		switch {
		case url.role&(urlSDK|urlAdmin) != 0 && t.role&(tokenSDK|tokenAdmin) != 0:
			return !c.kindOf(t.at).Public()
		case url.role == rawURL && t.role&(tokenClient|tokenAdminRaw) != 0 && t.use != nil && c.unleashToken(t.use):
			return !c.kindOf(t.at).Public()
		}
	}
	return false
}

// whereText is the literal in this package that a URL's text begins in, else the argument.
func (c *check) whereText(p clientPart, text string) (pos, end token.Pos) {
	if p.expr != nil {
		pos, end = p.expr.Pos(), p.expr.End()
	}
	head, _, _ := strings.Cut(text, hole)
	best := 0
	walk{parts: true}.from(&c.g, p.at, func(n id, _ bool) {
		nd := c.g.at(n)
		lit, ok := nd.expr.(*ast.BasicLit)
		if !ok || !nd.known || nd.text == "" || len(nd.text) <= best {
			return
		}
		if strings.HasPrefix(text, nd.text) || head != "" && strings.HasPrefix(nd.text, head) {
			best, pos, end = len(nd.text), lit.Pos(), lit.End()
		}
	})
	return pos, end
}

// judgeEnvironment compares the environment that an option names with those of the tokens beside it.
func (c *check) judgeEnvironment(env clientPart, tokens []clientPart) {
	texts := c.g.texts(env.at)
	if len(texts) != 1 {
		return
	}
	want := rules.DeploymentOf(texts[0])
	if want == "" {
		return
	}
	type wrong struct {
		pos, end token.Pos
		env      string
		holding  *holding
	}
	var found []wrong
	right := false
	compare := func(name string, w wrong) {
		switch d := rules.DeploymentOf(name); d {
		case "":
		case want:
			right = true
		default:
			w.env = name
			found = append(found, w)
		}
	}
	for _, t := range tokens {
		walk{}.from(&c.g, t.at, func(n id, _ bool) {
			nd := c.g.at(n)
			for _, h := range nd.creds {
				compare(h.cred.Environment, wrong{pos: h.pos, end: h.end, holding: h})
			}
			for _, cf := range nd.held.Creds {
				if t.expr != nil {
					compare(cf.Environment, wrong{pos: t.expr.Pos(), end: t.expr.End()})
				}
			}
		})
	}
	if right {
		return // the code chooses among tokens, and one of them fits
	}
	for _, w := range found {
		f := c.tell(w.pos, w.end, rules.EnvironmentMismatch,
			fmt.Sprintf("token of environment %q beside the environment %q", w.env, texts[0]), w.holding)
		if env.expr != nil {
			f.related = append(f.related, place{env.expr.Pos(), "the environment that is set beside the token"})
		}
	}
}
