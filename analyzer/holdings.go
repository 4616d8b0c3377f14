package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// A holding is a token that stands in the code.
type holding struct {
	cred     rules.Credential
	node     id
	expr     ast.Expr // the literal or concatenation that holds it; nil in a struct tag
	pos, end token.Pos
	names    []named
	inConst  bool
	inTag    bool
	inURL    bool
	served   bool           // it is a client key beside the URL of the Frontend API
	isOffer  bool           // it is the default beside the name of a setting: getEnv("UNLEASH_API_TOKEN", "…")
	foreign  *types.Package // of a constant of another package: its own pass reports it
	test     bool
	file     *ast.File
	uses     []*use
	verdict  rules.Verdict
	known    rules.Knowledge
}

// boundName is the name that the code binds it to, "" where it has none.
func (h *holding) boundName() string {
	if len(h.names) == 0 {
		return ""
	}
	return h.names[0].name
}

// named is a name that a value is bound to, and the names around it.
type named struct {
	name  string
	outer []string
}

func (n named) class() rules.NameClass { return rules.ClassifyName(n.name, n.outer...) }

// literal finds the tokens in the literal or constant concatenation on top of the stack.
func (c *check) literal(e ast.Expr, stack []ast.Node) {
	n := c.expr(e)
	if n == none || !c.g.at(n).known || len(c.g.at(n).creds) > 0 {
		return
	}
	text := c.g.at(n).text
	b := c.bindings(stack)
	found := rules.AppendCredentials(nil, []byte(text))
	if len(found) == 0 && b.holdsToken() {
		if cred, ok := placed(text, c.fileName()); ok {
			found = append(found, cred)
		}
	}
	for _, cred := range found {
		if (cred.Malformed || cred.Weak) && !b.holdsToken() || c.inLeaf(e, cred) {
			continue
		}
		c.hold(n, e, cred, b)
	}
}

func (c *check) fileName() string { return c.pass.Fset.File(c.file.FileStart).Name() }

// hold notes that a token stands at a node.
func (c *check) hold(n id, e ast.Expr, cred rules.Credential, b bindings) *holding {
	pos, end := c.place(e, cred)
	h := &holding{cred: cred, node: n, expr: e, pos: pos, end: end, names: b.names, inConst: b.inConst,
		isOffer: b.offer, served: b.served, test: c.test, file: c.file}
	if before := c.g.at(n).text; cred.Start <= len(before) {
		h.inURL = inURLAt(before, cred)
	}
	c.g.at(n).creds = append(c.g.at(n).creds, h)
	c.holdings = append(c.holdings, h)
	return h
}

// inURLAt reports whether a token stands in the path, query or user-info of a URL in text.
func inURLAt(text string, cred rules.Credential) bool {
	if urlBefore(text[:cred.Start]) {
		return true
	}
	before := text[:cred.Start]
	return strings.HasSuffix(before, "://") && strings.HasPrefix(text[min(cred.End, len(text)):], "@")
}

// inLeaf reports whether a token of a concatenation stands whole in one of its operands, where it is found by itself.
func (c *check) inLeaf(e ast.Expr, cred rules.Credential) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	for _, op := range []ast.Expr{b.X, b.Y} {
		if text, ok := c.constText(op); ok && strings.Contains(text, cred.Secret.Reveal()) {
			return true
		}
	}
	return false
}

// place is where a token begins and ends in the source: in the middle of a literal where its text is written as it is,
// else the whole expression.
func (c *check) place(e ast.Expr, cred rules.Credential) (pos, end token.Pos) {
	offset := 0
	for _, leaf := range leaves(e) {
		text, ok := c.constText(leaf)
		if !ok {
			break
		}
		if cred.Start < offset+len(text) {
			start := leaf.Pos()
			lit, ok := leaf.(*ast.BasicLit)
			if !ok || len(lit.Value) != len(text)+2 { // a name, or escapes
				return start, leaf.End()
			}
			start += token.Pos(1 + cred.Start - offset)
			if cred.End <= offset+len(text) {
				return start, start + token.Pos(cred.End-cred.Start)
			}
			return start, e.End()
		}
		offset += len(text)
	}
	return e.Pos(), e.End()
}

// leaves are the operands of a concatenation in order.
func leaves(e ast.Expr) []ast.Expr {
	e = ast.Unparen(e)
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.ADD {
		return append(leaves(b.X), leaves(b.Y)...)
	}
	return []ast.Expr{e}
}

// foreignConst notes a token that is a constant of another package.
func (c *check) foreignConst(e ast.Expr, n id, k *types.Const, text string) {
	if len(text) < 16 {
		return
	}
	for _, cred := range rules.AppendCredentials(nil, []byte(text)) {
		if cred.Malformed || cred.Weak {
			continue
		}
		h := c.hold(n, e, cred, bindings{names: []named{{name: k.Name(), outer: []string{k.Pkg().Name()}}}})
		h.pos, h.end, h.foreign = e.Pos(), e.End(), k.Pkg()
	}
}

// bindings are what a literal is bound to.
type bindings struct {
	names   []named
	inConst bool
	offer   bool
	served  bool // a client key beside the URL of the Frontend API: what a browser gets
}

// holdsToken reports whether a name says that it holds a token of Unleash.
func (b bindings) holdsToken() bool {
	for _, n := range b.names {
		if cl := n.class(); cl.Unleash && cl.Holds && !cl.NotAToken && !cl.Designate {
			return true
		}
	}
	return false
}

// bindings reads what the expression on top of the stack is bound to: from the inside out, up to the first place that
// names it.
func (c *check) bindings(stack []ast.Node) bindings {
	var b bindings
	add := func(name string, outer ...string) {
		if name != "" && name != "_" {
			b.names = append(b.names, named{name, outer})
		}
	}
	for i := len(stack) - 1; i >= 0; i-- {
		if g, ok := stack[i].(*ast.GenDecl); ok {
			b.inConst = g.Tok == token.CONST
			break
		}
		if _, ok := stack[i].(ast.Stmt); ok {
			if _, ok := stack[i].(*ast.DeclStmt); !ok {
				break
			}
		}
	}
	for i := len(stack) - 2; i >= 0; i-- {
		child := stack[i+1]
		switch p := stack[i].(type) {
		case *ast.KeyValueExpr:
			if child != p.Value {
				return b
			}
			lit, _ := stack[i-1].(*ast.CompositeLit)
			switch k := p.Key.(type) {
			case *ast.Ident:
				outer := ""
				if lit != nil {
					outer = typeName(c.typeOf(lit))
				}
				if isDefaultField(k.Name) && lit != nil {
					b.offer = true
					for _, s := range c.settingNames(lit.Elts, p) {
						add(s, outer)
					}
				}
				add(k.Name, outer)
				if outer != "" && rules.ClassifyName(k.Name).Kind == rules.Unknown {
					add(subject(outer)+"_"+k.Name, outer)
				}
				if lit != nil && isClientKey(k.Name) && c.besideFrontendURL(lit, p) {
					b.served = true
				}
			default:
				if text, ok := c.constText(p.Key); ok && !isAuthorization(text) {
					add(text)
					b.served = lit != nil && isClientKey(text) && c.besideFrontendURL(lit, p)
				}
			}
			if len(b.names) > 0 {
				return b
			}
		case *ast.CallExpr:
			if c.info.Types[p.Fun].IsType() {
				continue
			}
			before := len(b.names)
			for _, s := range c.settingNames(p.Args, child) {
				add(s)
			}
			if len(b.names) > before {
				b.offer = isLookup(p)
			}
			for j, a := range p.Args {
				if a == child {
					add(c.paramName(p, j))
				}
			}
		case *ast.ValueSpec:
			for j, v := range p.Values {
				if v == child && j < len(p.Names) {
					add(p.Names[j].Name, c.pass.Pkg.Name())
				}
			}
			return b
		case *ast.AssignStmt:
			for j, v := range p.Rhs {
				if v == child && j < len(p.Lhs) {
					switch l := p.Lhs[j].(type) {
					case *ast.Ident:
						add(l.Name)
					case *ast.SelectorExpr:
						add(l.Sel.Name, c.ownerOf(l))
					case *ast.IndexExpr:
						if text, ok := c.constText(l.Index); ok && !isAuthorization(text) {
							add(text)
						}
					}
				}
			}
			return b
		case *ast.ReturnStmt:
			for k := i; k >= 0; k-- {
				switch f := stack[k].(type) {
				case *ast.FuncDecl:
					add(f.Name.Name)
					return b
				case *ast.FuncLit:
					return b
				}
			}
			return b
		case ast.Stmt, ast.Decl, *ast.FuncLit:
			return b
		}
	}
	return b
}

// subject is a type's name without the word for a set of settings: what frontendConfig configures is the frontend.
func subject(name string) string {
	for _, word := range []string{"Config", "Configuration", "Settings", "Options", "Opts", "Cfg", "Conf"} {
		if s, ok := strings.CutSuffix(name, word); ok {
			return s
		}
	}
	return name
}

// isClientKey reports whether a name is that of a frontend SDK's clientKey.
func isClientKey(name string) bool {
	return strings.HasSuffix(rules.NormalName(name), "CLIENT_KEY")
}

// besideFrontendURL reports whether a literal has the URL of the Frontend API beside a value, perhaps as a default.
func (c *check) besideFrontendURL(lit *ast.CompositeLit, value ast.Expr) bool {
	found := false
	for _, el := range lit.Elts {
		if el == value {
			continue
		}
		ast.Inspect(el, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := c.constText(e); ok && rules.ClassifyURL(text) == rules.FrontendAPI {
					found = true
				}
			}
			return !found
		})
	}
	return found
}

// isDefaultField reports whether a field of a flag or option holds its default.
func isDefaultField(name string) bool {
	switch name {
	case "Value", "Default", "DefaultValue", "DefValue", "Fallback":
		return true
	}
	return false
}

// isLookup reports whether a call looks a setting up, so that what stands beside the name is what holds without one.
func isLookup(call *ast.CallExpr) bool {
	name := ""
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	name = strings.ToLower(name)
	return strings.Contains(name, "get") || strings.Contains(name, "env") || strings.Contains(name, "lookup") ||
		strings.Contains(name, "default")
}

// settingNames are the constant texts beside a value that name a setting of Unleash.
func (c *check) settingNames(list []ast.Expr, value ast.Node) []string {
	var out []string
	for _, e := range list {
		if e == value {
			continue
		}
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if lit, ok := e.(*ast.CompositeLit); ok { // EnvVars: []string{"UNLEASH_API_TOKEN"}
			out = append(out, c.settingNames(lit.Elts, nil)...)
			continue
		}
		if call, ok := e.(*ast.CallExpr); ok && isLookup(call) { // cmp.Or(os.Getenv("UNLEASH_API_TOKEN"), "…")
			out = append(out, c.settingNames(call.Args, nil)...)
			continue
		}
		text, ok := c.constText(e)
		if !ok || len(text) > 100 || strings.ContainsAny(text, " \t\n/") {
			continue
		}
		if cl := rules.ClassifyName(text); cl.Holds && (cl.Unleash || cl.Kind != rules.Unknown) {
			out = append(out, text)
		}
	}
	return out
}

// paramName is the name of the parameter that takes the i-th argument.
func (c *check) paramName(call *ast.CallExpr, i int) string {
	sig, ok := c.typeOf(call.Fun).(*types.Signature)
	if !ok || sig.Params().Len() == 0 {
		return ""
	}
	i = min(i, sig.Params().Len()-1)
	return sig.Params().At(i).Name()
}

// tag reads the default in a struct tag.
func (c *check) tag(f *ast.Field, field *types.Var) {
	raw, err := strconv.Unquote(f.Tag.Value)
	if err != nil || !strings.Contains(raw, "efault") {
		return
	}
	tag := reflect.StructTag(raw)
	b := bindings{names: []named{{name: field.Name()}}, inConst: true}
	for _, key := range []string{"env", "envconfig", "mapstructure", "json", "yaml", "long", "name", "koanf", "arg"} {
		if v, _, _ := strings.Cut(tag.Get(key), ","); v != "" {
			b.names = append(b.names, named{name: strings.TrimPrefix(v, "env:")})
		}
	}
	_, inEnv, _ := strings.Cut(tag.Get("env"), "default=") // sethvargo/go-envconfig
	for _, value := range []string{tag.Get("envDefault"), tag.Get("default"), tag.Get("env-default"), inEnv} {
		if value == "" {
			continue
		}
		n := c.g.add(node{pos: f.Tag.Pos(), end: f.Tag.End(), known: true, text: value})
		c.g.connect(n, c.object(field), flows)
		found := rules.AppendCredentials(nil, []byte(value))
		if len(found) == 0 && b.holdsToken() {
			if cred, ok := placed(value, c.fileName()); ok {
				found = append(found, cred)
			}
		}
		for _, cred := range found {
			if cred.Malformed {
				continue
			}
			h := &holding{cred: cred, node: n, pos: f.Tag.Pos(), end: f.Tag.End(), names: b.names, inTag: true,
				test: c.test, file: c.file}
			if i := strings.Index(f.Tag.Value, cred.Secret.Reveal()); i >= 0 {
				h.pos = f.Tag.Pos() + token.Pos(i)
				h.end = h.pos + token.Pos(cred.Secret.Len())
			}
			c.g.at(n).creds = append(c.g.at(n).creds, h)
			c.holdings = append(c.holdings, h)
		}
	}
}
