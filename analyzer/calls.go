package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"sync"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/unleaked/unleaked/rules"
)

// passes are functions whose result is one of their arguments, or made of it so that a token stays a token.
var passes = sync.OnceValue(func() map[string][]int {
	return map[string][]int{
		"strings.TrimSpace": {0}, "strings.Trim": {0}, "strings.TrimPrefix": {0}, "strings.TrimSuffix": {0},
		"strings.TrimLeft":  {0},
		"strings.TrimRight": {0}, "strings.Clone": {0}, "strings.Split": {0}, "strings.Fields": {0}, "strings.Join": {0},
		"bytes.TrimSpace": {0}, "strings.NewReplacer": {}, "os.ExpandEnv": {0}, "slices.Concat": {0, 1, 2, 3},
		"slices.Clone": {0},
		"maps.Clone":   {0}, "net/url.Parse": {0}, "net/url.ParseRequestURI": {0}, "(*net/url.URL).String": {-1},
		"net/url.PathEscape":  {0},
		"net/url.QueryEscape": {0}, "(net/http.Header).Clone": {-1}, "(*net/http.Request).Clone": {-1},
		"(*net/http.Request).WithContext": {-1},
		"cmp.Or":                          {0, 1, 2, 3, 4, 5}, "fmt.Sprint": {0, 1, 2, 3}, "unique.Make": {0},
		"html.EscapeString": {0},
	}
})

// call is the node of a call's result.
func (c *check) call(e *ast.CallExpr) id {
	n := c.fresh(e)
	c.exprs[e] = n
	if c.info.Types[e.Fun].IsType() { // conversion
		if len(e.Args) == 1 {
			c.g.connect(c.expr(e.Args[0]), n, flows)
		}
		return n
	}
	switch callee := typeutil.Callee(c.info, e).(type) {
	case *types.Builtin:
		c.builtin(e, callee.Name(), n)
	case *types.Func:
		c.function(e, callee.Origin(), n)
	case *types.Var:
		if lit := c.lits[callee]; lit != nil {
			c.site(e, lit, callee.Name(), n)
		} else {
			c.args(e)
		}
	default:
		if lit, ok := ast.Unparen(e.Fun).(*ast.FuncLit); ok {
			c.site(e, lit, "function literal", n)
		} else {
			c.args(e)
		}
	}
	return n
}

func (c *check) args(e *ast.CallExpr) []id {
	out := make([]id, len(e.Args))
	for i, a := range e.Args {
		out[i] = c.expr(a)
	}
	return out
}

func (c *check) builtin(e *ast.CallExpr, name string, n id) {
	for i, a := range c.args(e) {
		switch name {
		case "append", "min", "max":
			c.g.connect(a, n, flows)
		case "panic", "print", "println":
			c.use(logged, a, e.Args[i], name)
		}
	}
}

func (c *check) function(e *ast.CallExpr, fn *types.Func, n id) {
	name, path := fn.FullName(), pkgPath(fn)
	if rules.IsGoSinkPackage(path) {
		c.sdkCall(e, fn, n)
		return
	}
	if fd := c.bodies[fn]; fd != nil {
		c.site(e, fd, fn.Name(), n)
		return
	}
	if idx, ok := passes()[name]; ok {
		args := c.args(e)
		for _, i := range idx {
			switch {
			case i < 0:
				if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
					c.passOn(c.expr(sel.X), e, n)
				}
			case i < len(args):
				c.passOn(args[i], e, n)
			}
		}
		if name == "net/url.PathEscape" || name == "net/url.QueryEscape" {
			c.use(inURL, args[0], e.Args[0], "a URL")
		}
		return
	}
	if c.standard(e, name, path, fn, n) {
		return
	}
	args := c.args(e)
	if what := logger(fn); what != "" {
		c.logs(e, args, fn.Name(), what)
		return
	}
	fact := new(funcFact)
	if c.pass.ImportObjectFact(fn, fact) {
		c.foreignCall(e, fn, fact, args, n)
		return
	}
	// A helper that gives a pointer to its only argument, in any library: ptr.To("…").
	if len(e.Args) == 1 {
		if p, ok := c.typeOf(e).(*types.Pointer); ok && types.Identical(p.Elem(), types.Default(c.typeOf(e.Args[0]))) {
			c.g.connect(args[0], n, flows)
		}
	}
}

// passOn connects a value with a call's first result, whether the call has one result or several.
func (c *check) passOn(from id, e *ast.CallExpr, n id) {
	if _, ok := c.typeOf(e).(*types.Tuple); ok {
		n = c.callResult(e, 0)
	}
	c.g.connect(from, n, flows)
}

// standard handles the functions of the standard library that have a shape of their own.
func (c *check) standard(e *ast.CallExpr, name, path string, fn *types.Func, n id) bool {
	switch name {
	case "os.Getenv", "syscall.Getenv", "os.LookupEnv":
		c.args(e)
		if len(e.Args) == 1 {
			read := n
			if _, ok := c.typeOf(e).(*types.Tuple); ok {
				read = c.callResult(e, 0)
			}
			if text, ok := c.constText(e.Args[0]); ok {
				c.g.at(read).env = text
			} else if key := c.expr(e.Args[0]); key != none {
				c.g.at(read).envKeys = append(c.g.at(read).envKeys, key)
			}
		}
	case "fmt.Sprintf", "fmt.Appendf":
		args := c.args(e)
		if name == "fmt.Appendf" && len(args) > 0 {
			args = args[1:]
		}
		c.format(e, args, n)
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString":
		args := c.args(e)
		if len(e.Args) > 0 && c.isStandardStream(e.Args[0]) {
			c.logs(e, args, fn.Name(), "standard output")
		}
	case "net/http.CanonicalHeaderKey", "net/textproto.CanonicalMIMEHeaderKey":
		c.args(e)
		if len(e.Args) == 1 {
			if text, ok := c.constText(e.Args[0]); ok && isAuthorization(text) {
				nd := c.g.at(n)
				nd.known, nd.text = true, "Authorization"
			}
		}
	case "net/http.NewRequest", "net/http.NewRequestWithContext", "net/http/httptest.NewRequest":
		args := c.args(e)
		i := 1
		if strings.HasSuffix(name, "WithContext") {
			i = 2
		}
		if i < len(args) {
			r := n
			if _, ok := c.typeOf(e).(*types.Tuple); ok {
				r = c.callResult(e, 0)
			}
			c.g.at(r).urlOf = args[i]
			if args[i] == none {
				c.g.at(r).urlOf = c.g.add(node{pos: e.Pos(), end: e.Pos()})
			}
		}
	case "(net/http.Header).Set", "(net/http.Header).Add", "(net/textproto.MIMEHeader).Set",
		"(net/textproto.MIMEHeader).Add":
		args := c.args(e)
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && len(args) == 2 {
			c.setHeader(sel.X, e.Args[0], args[1], e.Args[1], nil)
		}
	case "maps.Copy":
		if args := c.args(e); len(args) == 2 {
			c.g.connect(args[1], args[0], flows)
		}
	case "(net/url.Values).Set", "(net/url.Values).Add":
		args := c.args(e)
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && len(args) == 2 && c.fromQuery(sel.X) {
			c.use(inURL, args[1], e.Args[1], "a URL's query")
		}
	case "net/url.UserPassword", "net/url.User":
		for i, a := range c.args(e) {
			c.use(inURL, a, e.Args[i], "a URL's user-info")
		}
	case "net/url.JoinPath", "(*net/url.URL).JoinPath", "path.Join":
		args := c.args(e)
		var chunks []id
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && name == "(*net/url.URL).JoinPath" {
			chunks = append(chunks, c.expr(sel.X))
		}
		for i, a := range args {
			if i > 0 || len(chunks) > 0 {
				chunks = append(chunks, c.textNode(e, "/"))
			}
			chunks = append(chunks, a)
		}
		if len(chunks) > 0 {
			if _, ok := c.typeOf(e).(*types.Tuple); ok {
				n = c.callResult(e, 0)
			}
			c.concat(n, chunks, e)
		}
	case "context.WithValue":
		args := c.args(e)
		if len(args) == 3 {
			if obj := c.selected(e.Args[1]); obj != nil {
				if row, ok := rules.GoSinkOf(pkgPath(obj), obj.Name()); ok && row.Form == rules.GoContextKey {
					c.use(tokenAdmin, args[2], e.Args[2], row.What)
				}
			}
		}
	default:
		return c.flagCall(e, path, fn, n)
	}
	return true
}

// flagCall handles definitions of flags: flag.String, pflag's StringVarP and the like.
func (c *check) flagCall(e *ast.CallExpr, path string, fn *types.Func, n id) bool {
	if path != "flag" && !strings.HasSuffix(path, "/pflag") {
		return false
	}
	sig := fn.Signature()
	value, target := -1, -1
	for i := range sig.Params().Len() {
		switch sig.Params().At(i).Name() {
		case "value", "defaultValue":
			value = i
		case "p":
			target = i
		}
	}
	if value < 0 || !strings.HasPrefix(fn.Name(), "String") {
		return false
	}
	args := c.args(e)
	if value >= len(args) {
		return true
	}
	if target >= 0 {
		c.g.connect(args[value], args[target], flows)
	} else {
		c.g.connect(args[value], n, flows)
	}
	return true
}

// selected is the object that an identifier or qualified identifier names.
func (c *check) selected(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return c.info.Uses[e]
	case *ast.SelectorExpr:
		return c.info.Uses[e.Sel]
	}
	return nil
}

func (c *check) isStandardStream(e ast.Expr) bool {
	obj := c.selected(e)
	return obj != nil && pkgPath(obj) == "os" && (obj.Name() == "Stdout" || obj.Name() == "Stderr")
}

// fromQuery reports whether url.Values come from a URL's query, directly or through a variable.
func (c *check) fromQuery(e ast.Expr) bool {
	isQuery := func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return false
		}
		fn, ok := typeutil.Callee(c.info, call).(*types.Func)
		return ok && fn.FullName() == "(*net/url.URL).Query"
	}
	if isQuery(e) {
		return true
	}
	ident, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	obj, found := c.objectOf(ident), false
	ast.Inspect(c.file, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 && !found {
			if l, ok := a.Lhs[0].(*ast.Ident); ok && c.objectOf(l) == obj && isQuery(a.Rhs[0]) {
				found = true
			}
		}
		return !found
	})
	return found
}

// format makes n the text that a format and its arguments give.
func (c *check) format(e *ast.CallExpr, args []id, n id) {
	if len(args) == 0 {
		return
	}
	offset := len(e.Args) - len(args)
	format, ok := c.constText(e.Args[offset])
	if !ok || strings.Contains(format, "%[") || e.Ellipsis != token.NoPos {
		for _, a := range args[1:] {
			c.g.connect(a, n, parts)
		}
		return
	}
	var chunks []id
	next := 1
	for _, v := range verbs(format) {
		switch {
		case v.verb == 0:
			chunks = append(chunks, c.textNode(e, v.text))
		case next >= len(args):
		case v.whole():
			chunks = append(chunks, args[next])
			next++
		default:
			if v.shows() { // shows the text, but is no longer it
				c.g.connect(args[next], n, parts)
			}
			chunks = append(chunks, none)
			next++
		}
	}
	if len(chunks) > 0 {
		c.concat(n, chunks, e)
	}
}

// site notes a call of a function whose body is here, and connects arguments with parameters and results with the call.
func (c *check) site(e *ast.CallExpr, body ast.Node, name string, n id) {
	var ft *ast.FuncType
	switch b := body.(type) {
	case *ast.FuncDecl:
		ft = b.Type
	case *ast.FuncLit:
		ft = b.Type
	}
	args := c.args(e)
	s := callSite{call: e, fn: body, name: name, test: c.test}
	for _, f := range ft.Params.List {
		names := f.Names
		if len(names) == 0 {
			s.params = append(s.params, none)
		}
		for _, ident := range names {
			p := none
			if obj := c.info.Defs[ident]; obj != nil && ident.Name != "_" && carries(obj.Type()) {
				p = c.object(obj)
			}
			s.params = append(s.params, p)
		}
	}
	s.args = make([][]id, len(s.params))
	for i, a := range args {
		p := min(i, len(s.params)-1) // the rest of a variadic list
		if p < 0 {
			break
		}
		s.args[p] = append(s.args[p], a)
		c.g.connect(a, s.params[p], calls)
	}
	s.results = c.resultNodes(e, n)
	for i, r := range s.results {
		c.g.connect(c.result(body, i), r, returns)
	}
	c.sites = append(c.sites, s)
}

// resultNodes are the nodes of a call's results.
func (c *check) resultNodes(e *ast.CallExpr, n id) []id {
	tuple, ok := c.typeOf(e).(*types.Tuple)
	if !ok {
		return []id{n}
	}
	out := make([]id, tuple.Len())
	for i := range out {
		out[i] = c.callResult(e, i)
	}
	return out
}

// foreignCall applies the fact of a function in another package.
func (c *check) foreignCall(e *ast.CallExpr, fn *types.Func, fact *funcFact, args []id, n id) {
	s := callSite{call: e, name: fn.Pkg().Name() + "." + fn.Name(), fact: fact, test: c.test, results: c.resultNodes(e,
		n)}
	count := fn.Signature().Params().Len()
	s.args = make([][]id, count)
	for i, a := range args {
		p := min(i, count-1)
		if p < 0 || a == none {
			continue
		}
		s.args[p] = append(s.args[p], a)
		if p < len(fact.Params) {
			for r := role(1); r <= fact.Params[p]; r <<= 1 {
				if fact.Params[p]&r != 0 && r&(rawAuth|rawURL) == 0 {
					u := c.use(r, a, e.Args[i], s.name)
					if r == tokenSDK && p < len(fact.Beside) && fact.Beside[p] != "" {
						g := &group{pos: e.Pos()}
						g.add(u)
						g.add(c.use(environment, c.textNode(e, fact.Beside[p]), nil, s.name))
					}
				}
			}
		}
		for j, mask := range fact.Through {
			if p < 64 && mask&(1<<p) != 0 && j < len(s.results) {
				c.g.connect(a, s.results[j], flows)
			}
		}
	}
	for j, h := range fact.Results {
		if j < len(s.results) {
			nd := c.g.at(s.results[j])
			nd.held, nd.where = h, fn.Pkg()
		}
	}
	c.sites = append(c.sites, s)
}

// sdkCall handles a call into a package that has rows.
func (c *check) sdkCall(e *ast.CallExpr, fn *types.Func, n id) {
	args := c.args(e)
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		name = typeName(recv.Type()) + "." + name
	}
	row, ok := rules.GoSinkOf(pkgPath(fn), name)
	if !ok || row.Param >= len(args) {
		return
	}
	arg, at := e.Args[row.Param], args[row.Param]
	what := fn.Pkg().Name() + "." + fn.Name()
	var u *use
	switch row.Role {
	case rules.GoHeaders:
		u = c.use(tokenSDK, at, arg, what)
	case rules.GoURL:
		u = c.use(urlSDK, at, arg, what)
	case rules.GoEnvironment:
		u = c.use(environment, at, arg, what)
	case rules.GoAppName:
		u = c.use(appName, at, arg, what)
	case rules.GoInstanceID:
		u = c.use(instanceID, at, arg, what)
	case rules.GoHTTPClient:
		c.clients = append(c.clients, arg)
	case rules.GoOptions:
		c.roots = append(c.roots, optionRoot{args, e.Pos()})
	case rules.GoToken:
		u = &use{role: tokenAdmin, at: at, arg: arg, what: what, test: c.test}
		c.entries = append(c.entries, entry{container: none, request: none, key: args[row.Key], value: at, arg: arg,
			use: u, test: c.test})
	}
	c.g.at(n).option = u
}
