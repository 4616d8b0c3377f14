package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// resolve completes the graph and finds what is used where.
func (c *check) resolve() {
	for _, e := range c.entries {
		c.enter(e)
	}
	c.summarise()
	c.request()
	c.spread(0)
	c.regroup()
	// A wrapper of a raw request is decided at its calls; wrappers of wrappers need another round.
	for range 3 {
		before := len(c.uses)
		c.rawCalls()
		if len(c.uses) == before {
			break
		}
		c.spread(before)
	}
	c.late()
}

// enter makes a header take a value, if the key under which it does says Authorization.
func (c *check) enter(e entry) {
	if !e.anyKey && !c.mayBeAuthorization(e.key) {
		return
	}
	if e.use != nil {
		c.uses = append(c.uses, e.use)
	}
	switch {
	case e.request != none:
		c.requests = append(c.requests, authUse{e.request, e.transport, e.value, e.arg, e.test})
	case e.container != none:
		c.g.connect(e.value, e.container, flows)
	}
}

func (c *check) mayBeAuthorization(key id) bool {
	if key == none {
		return false
	}
	for _, t := range c.g.texts(key) {
		if isAuthorization(strings.TrimSpace(t)) {
			return true
		}
	}
	return false
}

// A summary is what a function's result may be.
type summary struct {
	through map[id]bool // variables of the function, parameters among them
	names   map[id]bool // variables that name the environment variable that the result is read from
}

// summarise connects the arguments of each call with the call where the function gives its parameter back, or reads the
// environment variable that the parameter names. A helper of a helper needs another round.
func (c *check) summarise() {
	for range 6 {
		changed := false
		memo := map[id]summary{}
		for i := range c.sites {
			s := &c.sites[i]
			for j, r := range s.results {
				var through, names func(p int) bool
				if s.fn != nil {
					res := c.result(s.fn, j)
					sum, ok := memo[res]
					if !ok {
						sum = c.summary(res)
						memo[res] = sum
					}
					if len(sum.through) == 0 && len(sum.names) == 0 {
						continue
					}
					through = func(p int) bool { return sum.through[s.params[p]] }
					names = func(p int) bool { return sum.names[s.params[p]] }
				} else {
					through = func(int) bool { return false } // connected already
					names = func(p int) bool { return j < len(s.fact.Reads) && p < 64 && s.fact.Reads[j]&(1<<p) != 0 }
				}
				for p, args := range s.args {
					for _, a := range args {
						if through(p) {
							changed = c.g.connect(a, r, flows) || changed
						}
						if names(p) {
							changed = c.reads(a, r) || changed
						}
					}
				}
			}
		}
		if !changed {
			return
		}
	}
}

// reads notes that a call's result is read from the environment variable that an argument names.
func (c *check) reads(name, result id) bool {
	if name == none {
		return false
	}
	nd := c.g.at(result)
	if slices.Contains(nd.envKeys, name) {
		return false
	}
	nd.envKeys = append(nd.envKeys, name)
	if key := c.g.at(name); key.known {
		env := c.g.add(node{expr: nd.expr, pos: nd.pos, end: nd.end, env: key.text})
		c.g.connect(env, result, flows)
	}
	return true
}

// summary is what a result may be.
func (c *check) summary(res id) summary {
	s := summary{c.through(res), map[id]bool{}}
	walk{local: true}.from(&c.g, res, func(n id, _ bool) {
		for _, key := range c.g.at(n).envKeys {
			for v := range c.through(key) {
				s.names[v] = true
			}
		}
	})
	return s
}

// through are the nodes, parameters among them, that a result may be.
func (c *check) through(res id) map[id]bool {
	out := map[id]bool{}
	walk{local: true}.from(&c.g, res, func(n id, _ bool) {
		if v, ok := c.g.at(n).obj.(*types.Var); ok && !shared(v) {
			out[n] = true
		}
	})
	return out
}

// request says of each raw request's Authorization what its URL takes.
func (c *check) request() {
	transports := c.sdkTransports()
	for _, r := range c.requests {
		c.test = r.test
		if r.transport != nil {
			if transports[r.transport] {
				c.use(tokenSDK, r.value, r.arg, "the SDK's HTTP client ("+r.transport.Name()+")")
			}
			continue
		}
		g := &group{pos: r.arg.Pos()}
		walk{}.from(&c.g, r.request, func(n id, _ bool) {
			url := c.g.at(n).urlOf
			if url == none {
				return
			}
			c.rawUse(g, c.g.texts(url), url, r.value, r.arg)
		})
	}
}

// rawUse notes the token and the URL of a request, by what the URL says.
func (c *check) rawUse(g *group, texts []string, url, value id, arg ast.Expr) {
	known := false
	for _, t := range texts {
		api := rawAPI(t)
		if api == rules.NoAPI {
			continue
		}
		known = true
		u := c.use(rawRoles[api], value, arg, "a request to "+rawPaths(api))
		g.add(u)
	}
	if !known {
		g.add(c.use(rawAuth, value, arg, "a request"))
	}
	g.add(c.use(rawURL, url, c.exprOf(url, arg), "a request"))
}

var rawRoles = map[rules.API]role{
	rules.ClientAPI: tokenClient, rules.FrontendAPI: tokenFrontend, rules.AdminAPI: tokenAdminRaw,
	rules.ProxyAPI: tokenProxy,
}

func rawPaths(key rules.API) string {
	switch key {
	case rules.ClientAPI:
		return "/api/client"
	case rules.FrontendAPI:
		return "/api/frontend"
	case rules.AdminAPI:
		return "/api/admin"
	case rules.ProxyAPI:
		return "/proxy"
	}
	return ""
}

// rawAPI is the API that a raw request's URL names, NoAPI where it names none of those that take tokens.
func rawAPI(text string) rules.API {
	api := rules.ClassifyURL(fillHoles(text))
	if _, ok := rawRoles[api]; !ok {
		return rules.NoAPI
	}
	return api
}

// fillHoles makes a text with unknown parts readable as a URL or path.
func fillHoles(text string) string {
	text = strings.ReplaceAll(text, hole+"/", "/")
	return strings.ReplaceAll(text, hole, "/")
}

// sdkTransports are the types of this package that stand as Transport in an http.Client, if the package hands one to
// the SDK.
func (c *check) sdkTransports() map[*types.TypeName]bool {
	out := map[*types.TypeName]bool{}
	if len(c.clients) == 0 {
		return out
	}
	note := func(e ast.Expr) {
		if n, ok := deref(c.typeOf(e)).(*types.Named); ok {
			out[n.Obj()] = true
		}
	}
	for _, f := range c.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if t := deref(c.typeOf(n)); t.String() == "net/http.Client" {
					for _, el := range n.Elts {
						if kv, ok := el.(*ast.KeyValueExpr); ok {
							if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "Transport" {
								note(kv.Value)
							}
						}
					}
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if sel, ok := l.(*ast.SelectorExpr); ok && sel.Sel.Name == "Transport" && i < len(n.Rhs) &&
						len(n.Lhs) == len(n.Rhs) {
						note(n.Rhs[i])
					}
				}
			}
			return true
		})
	}
	return out
}

// spread tells every node which of the uses from first on its value gets to.
func (c *check) spread(first int) {
	for _, u := range c.uses[first:] {
		w := walk{parts: u.role&(logged|inURL|appName|instanceID|urlRoles) != 0}
		if u.role&(logged|inURL) != 0 {
			w.stop = func(n id) bool { return c.g.at(n).known }
		}
		w.from(&c.g, u.at, func(n id, down bool) {
			nd := c.g.at(n)
			for i := range nd.reach {
				if nd.reach[i].use == u {
					nd.reach[i].up = nd.reach[i].up || !down
					return
				}
			}
			nd.reach = append(nd.reach, reached{u, !down})
		})
	}
}

// roles are what becomes of a node's value; up only: whatever caller it comes from.
func (c *check) roles(n id, up bool) role {
	var r role
	if n == none {
		return 0
	}
	for _, x := range c.g.at(n).reach {
		if x.up || !up {
			r |= x.use.role
		}
	}
	return r
}

// regroup puts uses that belong to one client into one group: the options of one list, else those of one function.
func (c *check) regroup() {
	for _, root := range c.roots {
		g := &group{pos: root.pos}
		for _, a := range root.args {
			walk{}.from(&c.g, a, func(n id, _ bool) {
				if u := c.g.at(n).option; u != nil {
					g.add(u)
				}
			})
		}
	}
	loose := map[ast.Node]*group{}
	for _, u := range c.uses {
		if u.group != nil || u.arg == nil || u.role&(tokenRoles|urlRoles|environment|appName|instanceID) == 0 {
			continue
		}
		fn := c.enclosing(u.arg.Pos())
		if loose[fn] == nil {
			loose[fn] = &group{pos: u.arg.Pos()}
		}
		loose[fn].add(u)
	}
}

// enclosing is the declaration around a position.
func (c *check) enclosing(pos token.Pos) ast.Node {
	for _, f := range c.pass.Files {
		if pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		for _, d := range f.Decls {
			if pos >= d.Pos() && pos < d.End() {
				return d
			}
		}
	}
	return nil
}

// rawCalls looks at the calls of wrappers of raw requests: there the URL may be known.
func (c *check) rawCalls() {
	for i := range c.sites {
		s := &c.sites[i]
		var tokens, urls []int
		for p := range s.args {
			r := c.paramRole(s, p)
			if r&rawAuth != 0 {
				tokens = append(tokens, p)
			}
			if r&rawURL != 0 {
				urls = append(urls, p)
			}
		}
		if len(tokens) == 0 || len(urls) == 0 {
			continue
		}
		c.test = s.test
		for _, t := range tokens {
			for _, u := range urls {
				for _, value := range s.args[t] {
					for _, url := range s.args[u] {
						if !c.decided(value, s.call.Args[min(t, len(s.call.Args)-1)]) {
							g := &group{pos: s.call.Pos()}
							c.rawUse(g, c.g.texts(url), url, value, s.call.Args[min(t, len(s.call.Args)-1)])
						}
					}
				}
			}
		}
	}
}

// decided reports whether a raw use of this argument is known already.
func (c *check) decided(value id, arg ast.Expr) bool {
	if value == none {
		return true
	}
	for _, x := range c.g.at(value).reach {
		if x.use.arg == arg {
			return true
		}
	}
	return false
}

// paramRole is what becomes of a function's parameter.
func (c *check) paramRole(s *callSite, p int) role {
	if s.fact != nil {
		if p < len(s.fact.Params) {
			return s.fact.Params[p]
		}
		return 0
	}
	if p >= len(s.params) || s.params[p] == none {
		return 0
	}
	return c.roles(s.params[p], true)
}

// late finds the tokens that only their place tells, and those that are put together at run time from constants.
func (c *check) late() {
	for _, u := range c.uses {
		if u.role&tokenRoles == 0 {
			continue
		}
		walk{}.from(&c.g, u.at, func(n id, _ bool) {
			nd := c.g.at(n)
			if len(nd.creds) > 0 || nd.expr == nil {
				return
			}
			switch e := ast.Unparen(nd.expr).(type) {
			case *ast.BasicLit:
				if cred, ok := placed(nd.text, c.pass.Fset.Position(e.Pos()).Filename); ok {
					c.lateHold(n, e, cred)
				}
			case *ast.BinaryExpr, *ast.CallExpr:
				if len(nd.chunks) > 0 && !nd.bearer {
					c.lateText(n, e)
				}
			}
		})
	}
}

func (c *check) lateHold(n id, e ast.Expr, cred rules.Credential) {
	for _, f := range c.pass.Files {
		if e.Pos() >= f.FileStart && e.Pos() < f.FileEnd {
			c.setFile(f)
		}
	}
	c.hold(n, e, cred, c.bindings(c.pathTo(e)))
}

// lateText looks for a token in a concatenation whose parts are all known.
func (c *check) lateText(n id, e ast.Expr) {
	for _, text := range c.g.texts(n) {
		if strings.Contains(text, hole) {
			continue
		}
		cred, ok := placed(text, c.pass.Fset.Position(e.Pos()).Filename)
		if !ok || c.heldByPart(n, cred) {
			continue
		}
		c.lateHold(n, e, cred)
		h := c.holdings[len(c.holdings)-1]
		h.pos, h.end = e.Pos(), e.End()
		return
	}
}

// heldByPart reports whether a token stands whole in a part of a concatenation.
func (c *check) heldByPart(n id, cred rules.Credential) bool {
	found := false
	walk{parts: true}.from(&c.g, n, func(m id, _ bool) {
		for _, h := range c.g.at(m).creds {
			found = found || h.cred.Secret == cred.Secret
		}
	})
	return found
}

// pathTo is the stack of nodes that leads to an expression.
func (c *check) pathTo(e ast.Expr) []ast.Node {
	var stack, path []ast.Node
	ast.Inspect(c.file, func(n ast.Node) bool {
		if path != nil {
			return false
		}
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if n == e {
			path = append([]ast.Node(nil), stack...)
			return false
		}
		if e.Pos() < n.Pos() || e.Pos() >= n.End() {
			stack = stack[:len(stack)-1]
			return false
		}
		return true
	})
	return path
}
