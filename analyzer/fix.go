package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/unleaked/unleaked/rules"
)

// fixes are the changes that mend a finding and leave code that compiles, none where there is no such change.
func (c *check) fixes(f *finding, ids []rules.RuleID, file *ast.File) []analysis.SuggestedFix {
	if f.fixKey != nil {
		return c.fixHeaderKey(f)
	}
	h := f.holding
	if h == nil || h.expr == nil || h.inTag || h.inConst || h.foreign != nil {
		return nil
	}
	for _, id := range ids {
		rule, _ := rules.Lookup(id)
		if !rule.Misuse || id == rules.FrontendTokenInBackend || id == rules.PersonalTokenInSDK ||
			id == rules.AdminTokenInSDK {
			return c.fixToken(h, file)
		}
	}
	return nil
}

// fixHeaderKey writes the canonical key, unless the literal has it already.
func (c *check) fixHeaderKey(f *finding) []analysis.SuggestedFix {
	if _, ok := ast.Unparen(f.fixKey).(*ast.BasicLit); !ok {
		return nil
	}
	if f.siblings != nil {
		for _, el := range f.siblings.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok && kv.Key != f.fixKey {
				if text, ok := c.constText(kv.Key); ok && isAuthorization(text) {
					return nil
				}
			}
		}
	}
	return []analysis.SuggestedFix{{
		Message:   "Write the canonical key",
		TextEdits: []analysis.TextEdit{{Pos: f.fixKey.Pos(), End: f.fixKey.End(), NewText: []byte(`"Authorization"`)}},
	}}
}

// fixToken reads the token from the environment instead.
func (c *check) fixToken(h *holding, file *ast.File) []analysis.SuggestedFix {
	path := c.pathIn(file, h.expr)
	if len(path) == 0 || !replaceable(path) {
		return nil
	}
	if h.isOffer { // getEnv("UNLEASH_API_TOKEN", "…"): the environment is read already
		if text, ok := c.constText(h.expr); ok && h.cred.Start == 0 && h.cred.End == len(text) {
			return []analysis.SuggestedFix{{
				Message:   "Remove the hard-coded token",
				TextEdits: []analysis.TextEdit{{Pos: h.expr.Pos(), End: h.expr.End(), NewText: []byte(`""`)}},
			}}
		}
	}
	for _, n := range h.names {
		if strings.Contains(n.name, "_") && rules.ClassifyName(n.name).Unleash && setsEnv(path) {
			return nil // os.Setenv("UNLEASH_API_TOKEN", os.Getenv(…)) helps nobody
		}
	}
	osName, imp := c.importOS(file, h.expr.Pos())
	if osName == "" {
		return nil
	}
	setting := settingFor(h)
	text, ok := c.constText(h.expr)
	if len(text) > h.cred.Secret.Len()+100 || strings.Contains(text, "\n") {
		return nil // a document with a token in it
	}
	read := osName + ".Getenv(" + strconv.Quote(setting) + ")"
	if ok && h.cred.Start > 0 && h.cred.Start <= len(text) {
		read = strconv.Quote(text[:h.cred.Start]) + " + " + read
	}
	if ok && h.cred.End < len(text) {
		read += " + " + strconv.Quote(text[h.cred.End:])
	}
	conv, ok := c.conversion(h.expr)
	if !ok {
		return nil
	}
	if conv != "" {
		read = conv + "(" + read + ")"
	}
	edits := []analysis.TextEdit{{Pos: h.expr.Pos(), End: h.expr.End(), NewText: []byte(read)}}
	if imp != nil {
		edits = append([]analysis.TextEdit{*imp}, edits...)
	}
	return []analysis.SuggestedFix{{Message: "Read " + setting + " from the environment", TextEdits: edits}}
}

// settingFor is the environment variable to read instead: the one that stands beside the token, else one whose name
// states what belongs there.
func settingFor(h *holding) string {
	for _, n := range h.names {
		if cl := n.class(); cl.Unleash && cl.Holds && strings.ToUpper(n.name) == n.name && strings.Contains(n.name,
			"_") {
			return n.name
		}
	}
	kind := h.verdict.Kind
	for _, u := range h.uses {
		switch ruleUse(u).Takes {
		case rules.Backend:
			kind = rules.Backend
		case rules.Personal:
			kind = rules.Personal
		}
	}
	switch kind {
	case rules.Backend:
		return "UNLEASH_BACKEND_TOKEN"
	case rules.Frontend:
		return "UNLEASH_FRONTEND_TOKEN"
	case rules.Personal, rules.Admin:
		return "UNLEASH_PAT"
	case rules.ServiceAccount:
		return "UNLEASH_SERVICE_ACCOUNT_TOKEN"
	}
	return "UNLEASH_TOKEN"
}

// pathIn is the stack of nodes from a file to an expression.
func (c *check) pathIn(file *ast.File, e ast.Expr) []ast.Node {
	c.setFile(file)
	return c.pathTo(e)
}

// replaceable reports whether a call may stand where the constant on top of the stack stands.
func replaceable(path []ast.Node) bool {
	for i := len(path) - 2; i >= 0; i-- {
		switch p := path[i].(type) {
		case *ast.GenDecl:
			return p.Tok != token.CONST
		case *ast.ArrayType, *ast.Field, *ast.ImportSpec:
			return false
		case *ast.IndexExpr:
			if p.X == path[i+1] {
				return false
			}
		case *ast.SliceExpr:
			return false
		}
	}
	return true
}

func setsEnv(path []ast.Node) bool {
	for i := len(path) - 2; i >= 0; i-- {
		if call, ok := path[i].(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				return strings.Contains(sel.Sel.Name, "Setenv")
			}
			return false
		}
	}
	return false
}

// conversion is the type that a text has to be converted to where the expression stands, "" for none. It is not ok
// where that type cannot be named there.
func (c *check) conversion(e ast.Expr) (string, bool) {
	t := types.Unalias(c.typeOf(e))
	if b, ok := t.(*types.Basic); ok {
		return "", b.Info()&types.IsString != 0
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() != c.pass.Pkg || n.TypeArgs().Len() > 0 {
		return "", false
	}
	if _, obj := c.scopeAt(e.Pos()).LookupParent(n.Obj().Name(), e.Pos()); obj != n.Obj() {
		return "", false
	}
	return n.Obj().Name(), true
}

func (c *check) scopeAt(pos token.Pos) *types.Scope {
	if s := c.pass.Pkg.Scope().Innermost(pos); s != nil {
		return s
	}
	return c.pass.Pkg.Scope()
}

// importOS is the name by which package os is known at pos, and the edit that imports it where it is not. The name is
// "" where no free name was found.
func (c *check) importOS(file *ast.File, pos token.Pos) (string, *analysis.TextEdit) {
	scope := c.scopeAt(pos)
	visible := func(name string) types.Object {
		_, obj := scope.LookupParent(name, pos)
		return obj
	}
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err != nil || path != "os" {
			continue
		}
		name := "os"
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if pkg, ok := visible(name).(*types.PkgName); ok && pkg.Imported().Path() == "os" {
			return name, nil
		}
	}
	for _, name := range []string{"os", "stdos", "osenv"} {
		// Nothing by this name may be in sight here, in the package, or in the file's imports.
		if visible(name) != nil || c.pass.Pkg.Scope().Lookup(name) != nil || c.importedAs(file, name) {
			continue
		}
		edit := importEdit(file, name)
		return name, &edit
	}
	return "", nil
}

// importedAs reports whether a file imports something under a name.
func (c *check) importedAs(file *ast.File, name string) bool {
	scope := c.info.Scopes[file]
	return scope != nil && scope.Lookup(name) != nil
}

// importEdit adds an import of os: among those of the standard library where they stand in a list, else before the
// others.
func importEdit(file *ast.File, name string) analysis.TextEdit {
	spec := `"os"`
	if name != "os" {
		spec = name + ` "os"`
	}
	insert := func(pos token.Pos, text string) analysis.TextEdit {
		return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}
	}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT || importsC(g) {
			continue
		}
		if !g.Lparen.IsValid() {
			pos := g.Pos()
			if g.Doc != nil {
				pos = g.Doc.Pos()
			}
			return insert(pos, "import "+spec+"\n")
		}
		for _, s := range g.Specs {
			is := s.(*ast.ImportSpec)
			path, _ := strconv.Unquote(is.Path.Value)
			first, _, _ := strings.Cut(path, "/")
			if strings.Contains(first, ".") || is.Doc != nil {
				continue
			}
			return insert(is.Pos(), spec+"\n\t")
		}
		return insert(g.Lparen+1, "\n\t"+spec+"\n")
	}
	return insert(file.Name.End(), "\n\nimport "+spec)
}

// importsC reports whether a declaration imports cgo's "C", whose comment is code.
func importsC(g *ast.GenDecl) bool {
	for _, s := range g.Specs {
		if is, ok := s.(*ast.ImportSpec); ok && is.Path.Value == `"C"` {
			return true
		}
	}
	return false
}
