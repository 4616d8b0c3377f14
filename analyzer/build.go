package analyzer

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/unleaked/unleaked/rules"
)

// A check is the pass over one package: the graph while it is built, then what is read off it.
type check struct {
	pass *analysis.Pass
	set  settings
	info *types.Info
	g    graph

	objs    map[types.Object]id
	exprs   map[ast.Expr]id
	results map[resultKey]id
	multi   map[resultKey]id // results of calls that give several
	bodies  map[*types.Func]*ast.FuncDecl
	lits    map[types.Object]*ast.FuncLit

	uses     []*use
	sites    []callSite
	entries  []entry
	requests []authUse
	roots    []optionRoot
	clients  []ast.Expr // what WithHttpClient gets
	structs  []structLit
	keys     []headerKey
	holdings []*holding
	findings map[token.Pos]*finding
	held     map[token.Pos]*Held // of the findings that were reported

	file *ast.File
	test bool
}

type resultKey struct {
	fn    ast.Node // *ast.FuncDecl, *ast.FuncLit or *ast.CallExpr
	index int
}

// A callSite is a call of a function whose body is in this package, or that a fact describes.
type callSite struct {
	call    *ast.CallExpr
	fn      ast.Node // body; nil for a function of another package
	name    string
	fact    *funcFact
	params  []id // of fn; empty for a foreign one
	args    [][]id
	results []id
	test    bool
}

// An entry is a header set under a key that is known only when the graph is complete.
type entry struct {
	container id              // of the header, none where request is set
	request   id              // whose Header is meant
	transport *types.TypeName // in whose RoundTrip method it stands
	key       id
	anyKey    bool // the key is that of a range over a header
	value     id
	arg       ast.Expr
	use       *use // counts only under this key
	test      bool
}

// An authUse is the Authorization of a raw request.
type authUse struct {
	request   id
	transport *types.TypeName
	value     id
	arg       ast.Expr
	test      bool
}

// An optionRoot is a list of SDK options that make one client.
type optionRoot struct {
	args []id
	pos  token.Pos
}

// A structLit is a composite literal whose fields are nodes.
type structLit struct {
	pos    token.Pos
	fields []fieldValue
	test   bool
}

type fieldValue struct {
	field *types.Var
	value id
	expr  ast.Expr
}

// A headerKey is a constant key of a header literal or index that names Authorization.
type headerKey struct {
	expr      ast.Expr
	container id
	siblings  *ast.CompositeLit
	test      bool
}

func newCheck(pass *analysis.Pass, set settings) *check {
	return &check{
		pass: pass, set: set, info: pass.TypesInfo, held: map[token.Pos]*Held{},
		objs: map[types.Object]id{}, exprs: map[ast.Expr]id{}, results: map[resultKey]id{}, multi: map[resultKey]id{},
		bodies: map[*types.Func]*ast.FuncDecl{}, lits: map[types.Object]*ast.FuncLit{},
	}
}

// build makes the graph of the files.
func (c *check) build(files []*ast.File) {
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
				if fn, ok := c.info.Defs[fd.Name].(*types.Func); ok {
					c.bodies[fn] = fd
				}
			}
		}
	}
	for _, f := range files {
		c.setFile(f)
		c.walk(f)
	}
}

func (c *check) setFile(f *ast.File) {
	c.file = f
	c.test = strings.HasSuffix(c.pass.Fset.File(f.FileStart).Name(), "_test.go")
}

// walk reads every statement and expression below root.
func (c *check) walk(root ast.Node) {
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.ImportSpec:
			stack = stack[:len(stack)-1]
			return false
		case *ast.FuncDecl:
			c.namedResults(n, n.Type)
		case *ast.FuncLit:
			c.namedResults(n, n.Type)
		case *ast.ValueSpec:
			c.bind(identExprs(n.Names), n.Values)
		case *ast.AssignStmt:
			c.assign(n)
		case *ast.RangeStmt:
			c.rangeOver(n)
		case *ast.ReturnStmt:
			c.giveBack(n, stack)
		case *ast.StructType:
			c.tags(n)
		case *ast.CallExpr:
			c.expr(n)
		case *ast.CompositeLit:
			c.expr(n)
		case *ast.BasicLit:
			if n.Kind == token.STRING && !isTag(stack) {
				c.literal(n, stack)
			}
		case *ast.BinaryExpr:
			if n.Op == token.ADD && !foldsInto(c.info, stack) {
				c.literal(n, stack)
			}
		}
		return true
	})
}

// isTag reports whether the literal on top of the stack is a struct tag.
func isTag(stack []ast.Node) bool {
	f, ok := stack[len(stack)-2].(*ast.Field)
	return ok && f.Tag == stack[len(stack)-1]
}

// foldsInto reports whether the concatenation on top of the stack is part of a longer constant one.
func foldsInto(info *types.Info, stack []ast.Node) bool {
	for i := len(stack) - 2; i >= 0; i-- {
		switch p := stack[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.BinaryExpr:
			return p.Op == token.ADD && info.Types[p].Value != nil
		}
		return false
	}
	return false
}

func identExprs(names []*ast.Ident) []ast.Expr {
	out := make([]ast.Expr, len(names))
	for i, n := range names {
		out[i] = n
	}
	return out
}

func (c *check) assign(s *ast.AssignStmt) {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE, token.ADD_ASSIGN:
		c.bind(s.Lhs, s.Rhs)
	}
}

// bind connects right-hand sides with what they are assigned to.
func (c *check) bind(lhs, rhs []ast.Expr) {
	if len(rhs) == 1 && len(lhs) > 1 {
		if call, ok := ast.Unparen(rhs[0]).(*ast.CallExpr); ok {
			c.expr(call)
			for i, l := range lhs {
				c.store(l, c.callResult(call, i), rhs[0])
			}
			return
		}
		c.store(lhs[0], c.expr(rhs[0]), rhs[0]) // v, ok := m[k], x.(T)
		return
	}
	for i, l := range lhs {
		if i >= len(rhs) {
			break
		}
		if lit, ok := ast.Unparen(rhs[i]).(*ast.FuncLit); ok {
			if ident, ok := l.(*ast.Ident); ok {
				if obj := c.objectOf(ident); obj != nil {
					c.lits[obj] = lit
				}
			}
			continue
		}
		c.store(l, c.expr(rhs[i]), rhs[i])
	}
}

// store makes the place that l denotes take a value.
func (c *check) store(l ast.Expr, value id, from ast.Expr) {
	if value == none {
		return
	}
	switch l := ast.Unparen(l).(type) {
	case *ast.Ident:
		if l.Name != "_" {
			if obj := c.objectOf(l); obj != nil {
				c.g.connect(value, c.object(obj), flows)
			}
		}
	case *ast.SelectorExpr:
		if c.isRequestHeader(l) {
			c.entries = append(c.entries, entry{container: none, request: c.expr(l.X), transport: c.transportOf(l.X),
				key: none, anyKey: true,
				value: value, arg: from, test: c.test})
			return
		}
		if v, ok := c.info.Uses[l.Sel].(*types.Var); ok {
			c.setField(c.ownerOf(l), v, value, from)
		}
	case *ast.IndexExpr:
		if headerLike(c.typeOf(l.X)) {
			c.setHeader(l.X, l.Index, value, from, nil)
			return
		}
		c.g.connect(value, c.expr(l.X), flows)
	case *ast.StarExpr:
		c.g.connect(value, c.expr(l.X), flows)
	}
}

// setField makes a field take a value, and notes what rows say of the field.
func (c *check) setField(owner string, field *types.Var, value id, from ast.Expr) {
	n := c.object(field)
	c.g.connect(value, n, flows)
	if field.Pkg() == nil || !rules.IsGoSinkPackage(field.Pkg().Path()) {
		return
	}
	row, ok := rules.GoSinkOf(field.Pkg().Path(), owner+"."+field.Name())
	if !ok {
		return
	}
	switch row.Role {
	case rules.GoToken:
		c.use(tokenAdmin, value, from, row.What)
	case rules.GoURL:
		c.use(urlAdmin, value, from, row.What)
	case rules.GoOptions:
		c.roots = append(c.roots, optionRoot{[]id{value}, from.Pos()})
	}
}

// setHeader notes that a header gets a value under a key.
func (c *check) setHeader(header, key ast.Expr, value id, arg ast.Expr, u *use) {
	e := entry{container: none, request: none, key: c.expr(key), anyKey: c.isRangeKey(key), value: value, arg: arg,
		use: u, test: c.test}
	if sel, ok := ast.Unparen(header).(*ast.SelectorExpr); ok && c.isRequestHeader(sel) {
		e.request, e.transport = c.expr(sel.X), c.transportOf(sel.X)
	} else {
		e.container = c.expr(header)
		if sel, ok := ast.Unparen(header).(*ast.SelectorExpr); ok { // cfg.DefaultHeader["Authorization"] = token
			if v, ok := c.info.Uses[sel.Sel].(*types.Var); ok && v.IsField() && v.Pkg() != nil {
				if row, ok := rules.GoSinkOf(v.Pkg().Path(), c.ownerOf(sel)+"."+v.Name()); ok &&
					row.Form == rules.GoMapField {
					e.use = &use{role: tokenAdmin, at: value, arg: arg, what: row.What, test: c.test}
				}
			}
		}
	}
	c.entries = append(c.entries, e)
}

func (c *check) use(r role, at id, arg ast.Expr, what string) *use {
	u := &use{role: r, at: at, arg: arg, what: what, test: c.test}
	if at != none {
		c.uses = append(c.uses, u)
	}
	return u
}

func (c *check) rangeOver(s *ast.RangeStmt) {
	from := c.expr(s.X)
	if s.Value != nil && from != none {
		c.store(s.Value, from, s.X)
	}
}

// isRangeKey reports whether an expression is the key variable of a range over a header.
func (c *check) isRangeKey(e ast.Expr) bool {
	ident, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	obj := c.objectOf(ident)
	if obj == nil {
		return false
	}
	found := false
	ast.Inspect(c.file, func(n ast.Node) bool {
		if n == nil || found || obj.Pos() < n.Pos() || obj.Pos() >= n.End() {
			return false
		}
		if r, ok := n.(*ast.RangeStmt); ok {
			if k, ok := r.Key.(*ast.Ident); ok && c.objectOf(k) == obj && headerLike(c.typeOf(r.X)) {
				found = true
			}
		}
		return true
	})
	return found
}

// namedResults makes a function's named results its results.
func (c *check) namedResults(fn ast.Node, ft *ast.FuncType) {
	if ft.Results == nil {
		return
	}
	i := 0
	for _, f := range ft.Results.List {
		for _, name := range f.Names {
			if obj := c.info.Defs[name]; obj != nil && carries(obj.Type()) {
				c.g.connect(c.object(obj), c.result(fn, i), flows)
			}
			i++
		}
	}
}

func (c *check) giveBack(s *ast.ReturnStmt, stack []ast.Node) {
	var fn ast.Node
	for i := len(stack) - 2; i >= 0 && fn == nil; i-- {
		switch stack[i].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			fn = stack[i]
		}
	}
	if fn == nil {
		return
	}
	if len(s.Results) == 1 {
		if call, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr); ok {
			if tuple, ok := c.typeOf(call).(*types.Tuple); ok {
				c.expr(call)
				for i := range tuple.Len() {
					c.g.connect(c.callResult(call, i), c.result(fn, i), flows)
				}
				return
			}
		}
	}
	for i, r := range s.Results {
		if n := c.expr(r); n != none {
			c.g.connect(n, c.result(fn, i), flows)
		}
	}
}

func (c *check) result(fn ast.Node, i int) id {
	k := resultKey{fn, i}
	n, ok := c.results[k]
	if !ok {
		n = c.g.add(node{pos: fn.Pos(), end: fn.Pos()})
		c.results[k] = n
	}
	return n
}

// callResult is the node of the i-th result of a call that gives several.
func (c *check) callResult(call *ast.CallExpr, i int) id {
	k := resultKey{call, i}
	n, ok := c.multi[k]
	if !ok {
		n = c.g.add(node{expr: call, pos: call.Pos(), end: call.End()})
		c.multi[k] = n
	}
	return n
}

func (c *check) objectOf(ident *ast.Ident) types.Object {
	if obj := c.info.Defs[ident]; obj != nil {
		return obj
	}
	return c.info.Uses[ident]
}

func (c *check) typeOf(e ast.Expr) types.Type {
	if t := c.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// object is the node of a variable, field, parameter or constant.
func (c *check) object(obj types.Object) id {
	if v, ok := obj.(*types.Var); ok {
		obj = v.Origin()
	}
	n, ok := c.objs[obj]
	if ok {
		return n
	}
	nd := node{obj: obj, pos: obj.Pos(), end: obj.Pos()}
	if k, ok := obj.(*types.Const); ok && k.Val().Kind() == constant.String {
		nd.known, nd.text = true, constant.StringVal(k.Val())
	}
	if obj.Pkg() != nil && obj.Pkg() != c.pass.Pkg {
		nd.where = obj.Pkg()
		if v, ok := obj.(*types.Var); ok {
			fact := new(varFact)
			if c.pass.ImportObjectFact(v, fact) {
				nd.held = fact.Hold
			}
		}
	}
	n = c.g.add(nd)
	c.objs[obj] = n
	if nd.where != nil {
		c.foreignUse(obj, n)
	}
	return n
}

// foreignUse notes what a fact says becomes of a variable or field of another package.
func (c *check) foreignUse(obj types.Object, n id) {
	v, ok := obj.(*types.Var)
	if !ok {
		return
	}
	fact := new(varFact)
	if !c.pass.ImportObjectFact(v, fact) {
		return
	}
	for r := role(1); r <= fact.Role; r <<= 1 {
		if fact.Role&r != 0 && r&(rawAuth|rawURL) == 0 {
			c.use(r, n, nil, v.Name()+" of "+v.Pkg().Name())
		}
	}
}

// carries reports whether values of a type can hold a token.
func carries(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsString != 0 || b.Kind() == types.UnsafePointer
}

// headerLike reports whether a type is a map from strings to strings or lists of strings.
func headerLike(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	m, ok := t.Underlying().(*types.Map)
	if !ok || !isString(m.Key()) {
		return false
	}
	if s, ok := m.Elem().Underlying().(*types.Slice); ok {
		return isString(s.Elem())
	}
	return isString(m.Elem())
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// isRequestHeader reports whether a selector is the Header of an http.Request.
func (c *check) isRequestHeader(sel *ast.SelectorExpr) bool {
	v, ok := c.info.Uses[sel.Sel].(*types.Var)
	return ok && v.IsField() && v.Name() == "Header" && v.Pkg() != nil && v.Pkg().Path() == "net/http" &&
		c.ownerOf(sel) == "Request"
}

// ownerOf is the name of the type whose field a selector selects.
func (c *check) ownerOf(sel *ast.SelectorExpr) string {
	s, ok := c.info.Selections[sel]
	if !ok {
		return ""
	}
	t := s.Recv()
	// Through embedded fields, as the selector goes.
	for _, i := range s.Index()[:len(s.Index())-1] {
		st, ok := deref(t).Underlying().(*types.Struct)
		if !ok || i >= st.NumFields() {
			return ""
		}
		t = st.Field(i).Type()
	}
	return typeName(t)
}

func deref(t types.Type) types.Type {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		return types.Unalias(p.Elem())
	}
	return t
}

func typeName(t types.Type) string {
	if n, ok := deref(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// transportOf is the type in whose RoundTrip method e is the request, nil elsewhere.
func (c *check) transportOf(e ast.Expr) *types.TypeName {
	for _, d := range c.file.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Name.Name != "RoundTrip" || fd.Recv == nil || e.Pos() < fd.Pos() || e.Pos() >= fd.End() {
			continue
		}
		fn, ok := c.info.Defs[fd.Name].(*types.Func)
		if !ok {
			return nil
		}
		if n, ok := deref(fn.Signature().Recv().Type()).(*types.Named); ok {
			return n.Obj()
		}
	}
	return nil
}
