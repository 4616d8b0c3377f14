package analyzer

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// expr is the node of an expression, none where it holds no text.
func (c *check) expr(e ast.Expr) id {
	e = ast.Unparen(e)
	if n, ok := c.exprs[e]; ok {
		return n
	}
	tv := c.info.Types[e]
	if tv.Type != nil && !carries(tv.Type) {
		if call, ok := e.(*ast.CallExpr); ok { // fmt.Println gives an int, but takes texts
			c.exprs[e] = none
			c.call(call)
		}
		return none
	}
	c.exprs[e] = none // a cycle finds nothing
	var n id
	if tv.Value != nil && tv.Value.Kind() == constant.String {
		n = c.constant(e, constant.StringVal(tv.Value))
	} else {
		n = c.variable(e)
	}
	c.exprs[e] = n
	return n
}

func (c *check) fresh(e ast.Expr) id {
	return c.g.add(node{expr: e, pos: e.Pos(), end: e.End()})
}

func (c *check) textNode(e ast.Expr, text string) id {
	return c.g.add(node{expr: e, pos: e.Pos(), end: e.End(), known: true, text: text})
}

// constant is the node of a constant text. What it was made from stays connected, so that a use is known there too.
func (c *check) constant(e ast.Expr, text string) id {
	n := c.textNode(e, text)
	switch e := e.(type) {
	case *ast.Ident, *ast.SelectorExpr:
		var ident *ast.Ident
		if sel, ok := e.(*ast.SelectorExpr); ok {
			ident = sel.Sel
		} else {
			ident = e.(*ast.Ident)
		}
		if k, ok := c.info.Uses[ident].(*types.Const); ok {
			if k.Pkg() == c.pass.Pkg {
				c.g.connect(c.object(k), n, flows)
			} else {
				c.g.at(n).obj, c.g.at(n).where = k, k.Pkg()
				c.foreignConst(e, n, k, text)
			}
		}
	case *ast.BinaryExpr:
		c.concat(n, []id{c.expr(e.X), c.expr(e.Y)}, e)
	case *ast.CallExpr: // a conversion
		if len(e.Args) == 1 {
			c.g.connect(c.expr(e.Args[0]), n, flows)
		}
	}
	return n
}

// concat makes n the concatenation of chunks.
func (c *check) concat(n id, chunks []id, e ast.Expr) {
	for i, k := range chunks {
		if k == none {
			chunks[i] = c.g.add(node{pos: e.Pos(), end: e.Pos()}) // something that is not followed
		}
	}
	c.g.at(n).chunks = chunks
	bearer, open := true, 0
	for _, k := range chunks {
		nd := c.g.at(k)
		switch {
		case nd.known && isScheme(nd.text):
		default:
			open++
		}
	}
	bearer = open == 1
	c.g.at(n).bearer = bearer
	before := ""
	for _, k := range chunks {
		c.g.connect(k, n, parts)
		nd := c.g.at(k)
		if urlBefore(before) && !(nd.known && nd.text == "") {
			c.use(inURL, k, c.exprOf(k, e), "a URL")
		}
		if nd.known {
			before += nd.text
		} else if len(nd.chunks) > 0 {
			before += strings.Join(c.g.texts(k)[:1], "")
		} else {
			before += hole
		}
	}
}

func (c *check) exprOf(n id, otherwise ast.Expr) ast.Expr {
	if e := c.g.at(n).expr; e != nil {
		return e
	}
	return otherwise
}

// isScheme reports whether a text is what may stand before a token in a header.
func isScheme(text string) bool {
	t := strings.TrimSpace(text)
	return t == "" || strings.EqualFold(t, "Bearer")
}

// urlBefore reports whether what is appended to a text becomes part of a URL's path, query or user-info.
func urlBefore(before string) bool {
	if strings.ContainsAny(before, " \t\n\"") {
		before = before[strings.LastIndexAny(before, " \t\n\"")+1:]
	}
	if i := strings.Index(before, "://"); i >= 0 {
		// Right behind the slashes stands a host, as a rule: https:// + host. User-info is told by what follows.
		return len(before) > i+3 && before != before[:i+3]+hole
	}
	return strings.Contains(before, "/api/") || strings.HasPrefix(before, "/") && strings.Contains(before, "?") ||
		strings.HasPrefix(before, hole) && strings.HasSuffix(before, "=") && strings.ContainsAny(before, "?&")
}

// variable is the node of an expression that is not constant.
func (c *check) variable(e ast.Expr) id {
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := c.objectOf(e).(*types.Var); ok {
			return c.object(v)
		}
	case *ast.SelectorExpr:
		if v, ok := c.info.Uses[e.Sel].(*types.Var); ok {
			if c.isRequestHeader(e) {
				return c.fresh(e)
			}
			n := c.fresh(e)
			c.g.connect(c.object(v), n, flows)
			c.expr(e.X)
			return n
		}
	case *ast.CallExpr:
		return c.call(e)
	case *ast.CompositeLit:
		return c.composite(e)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			n := c.fresh(e)
			c.exprs[e] = n
			c.concat(n, c.operands(e), e)
			return n
		}
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return c.expr(e.X)
		}
	case *ast.StarExpr:
		return c.expr(e.X)
	case *ast.TypeAssertExpr:
		return c.expr(e.X)
	case *ast.IndexExpr:
		return c.index(e)
	case *ast.SliceExpr:
		if _, ok := c.typeOf(e.X).Underlying().(*types.Slice); ok && !isBytes(c.typeOf(e.X)) {
			return c.expr(e.X)
		}
	}
	return none
}

// operands are the operands of a + b + c in order; a constant run is one of them.
func (c *check) operands(e ast.Expr) []id {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || b.Op != token.ADD || c.info.Types[b].Value != nil {
		return []id{c.expr(e)}
	}
	return append(c.operands(b.X), c.expr(b.Y))
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

func (c *check) index(e *ast.IndexExpr) id {
	t := c.typeOf(e.X)
	if headerLike(t) {
		// Of a header only the Authorization is followed.
		if text, ok := c.constText(e.Index); ok && !isAuthorization(text) && isHTTPHeader(t) {
			return none
		}
		return c.expr(e.X)
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Pointer:
		if !isBytes(t) {
			return c.expr(e.X)
		}
	case *types.Map:
		return c.expr(e.X)
	}
	return none
}

func (c *check) constText(e ast.Expr) (string, bool) {
	tv := c.info.Types[ast.Unparen(e)]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(tv.Value), true
}

func isAuthorization(key string) bool { return strings.EqualFold(key, "Authorization") }

// composite is the node of a literal: a header is its Authorization values, a list its elements.
func (c *check) composite(e *ast.CompositeLit) id {
	t := c.typeOf(e)
	n := c.fresh(e)
	c.exprs[e] = n
	switch u := deref(t).Underlying().(type) {
	case *types.Map:
		header := headerLike(t) && (isHTTPHeader(t) || !c.isTable(e, u))
		for _, el := range e.Elts {
			kv, ok := el.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			value := c.expr(kv.Value)
			if !header {
				c.g.connect(value, n, flows)
				continue
			}
			c.entries = append(c.entries, entry{container: n, request: none, key: c.expr(kv.Key), value: value,
				arg: kv.Value, test: c.test})
			if text, ok := c.constText(kv.Key); ok && isAuthorization(text) && text != "Authorization" &&
				isHTTPHeader(t) {
				c.keys = append(c.keys, headerKey{kv.Key, n, e, c.test})
			}
		}
	case *types.Slice, *types.Array:
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			c.g.connect(c.expr(el), n, flows)
		}
	case *types.Struct:
		c.structLit(e, t, u, n)
		if typeName(t) != "URL" && typeName(t) != "Request" && typeName(t) != "Client" {
			return none
		}
	}
	return n
}

// isTable reports whether a map literal has no key that is a header's: tokens by environment, say.
func (c *check) isTable(e *ast.CompositeLit, t *types.Map) bool {
	if !isString(t.Elem()) {
		return false
	}
	for _, el := range e.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		if text, ok := c.constText(kv.Key); !ok || isAuthorization(text) {
			return false
		}
	}
	return len(e.Elts) > 0
}

func isHTTPHeader(t types.Type) bool {
	n, ok := deref(t).(*types.Named)
	return ok && n.Obj().Name() == "Header" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/http"
}

func (c *check) structLit(e *ast.CompositeLit, t types.Type, st *types.Struct, n id) {
	lit := structLit{pos: e.Pos(), test: c.test}
	owner := typeName(t)
	for i, el := range e.Elts {
		var field *types.Var
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				field, _ = c.info.Uses[key].(*types.Var)
			}
			el = kv.Value
		} else if i < st.NumFields() {
			field = st.Field(i)
		}
		value := c.expr(el)
		if field == nil || value == none {
			continue
		}
		if field.Pkg() != nil && field.Pkg().Path() == "net/http" && owner == "Request" {
			switch field.Name() {
			case "URL":
				c.g.at(n).urlOf = value
			case "Header":
				c.entries = append(c.entries, entry{container: none, request: n, key: none, anyKey: true, value: value,
					arg: el, test: c.test})
			}
			continue
		}
		if field.Pkg() != nil && field.Pkg().Path() == "net/url" && owner == "URL" {
			continue
		}
		if row, ok := rules.GoSinkOf(pkgPath(field), owner+"."+field.Name()); ok && row.Form == rules.GoMapField {
			c.use(tokenAdmin, value, el, row.What)
		}
		c.setField(owner, field, value, el)
		lit.fields = append(lit.fields, fieldValue{field, value, el})
	}
	if owner == "URL" && strings.HasSuffix(t.String(), "net/url.URL") {
		c.urlLit(e, n)
	}
	if len(lit.fields) > 0 {
		c.structs = append(c.structs, lit)
	}
}

func pkgPath(obj types.Object) string {
	if obj.Pkg() == nil {
		return ""
	}
	return obj.Pkg().Path()
}

// urlLit makes a url.URL literal the text that it stands for.
func (c *check) urlLit(e *ast.CompositeLit, n id) {
	field := map[string]id{}
	for _, el := range e.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				field[key.Name] = c.expr(kv.Value)
			}
		}
	}
	var chunks []id
	for _, p := range []struct{ before, name string }{{"", "Scheme"}, {"://", "Host"}, {"", "Path"}} {
		if v, ok := field[p.name]; ok {
			if p.before != "" {
				chunks = append(chunks, c.textNode(e, p.before))
			}
			chunks = append(chunks, v)
		}
	}
	if q, ok := field["RawQuery"]; ok && q != none {
		c.use(inURL, q, c.exprOf(q, e), "a URL's query")
	}
	if len(chunks) > 0 {
		c.concat(n, chunks, e)
	}
}

// tags reads the defaults in struct tags: `env:"UNLEASH_API_TOKEN" envDefault:"…"`.
func (c *check) tags(st *ast.StructType) {
	for _, f := range st.Fields.List {
		if f.Tag == nil || len(f.Names) == 0 {
			continue
		}
		if v, ok := c.info.Defs[f.Names[0]].(*types.Var); ok {
			c.tag(f, v)
		}
	}
}
