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

// A look is what one glance over a package tells.
type look struct {
	relevant bool            // it may hold or use a token
	helpers  []*ast.FuncDecl // functions that may give a parameter back or log one, for packages that are not relevant
}

func isSDK(path string) bool { return rules.IsGoSinkPackage(path) }

// survey glances over a package. Most have nothing to do with Unleash, and for those this is all that happens.
func survey(pass *analysis.Pass) look {
	l := look{}
	web := false
	for _, imp := range pass.Pkg.Imports() {
		l.relevant = l.relevant || isSDK(imp.Path())
		web = web || imp.Path() == "net/http"
	}
	l.relevant = l.relevant || importsUses(pass)
	if l.relevant {
		return l
	}
	// Parts of a constant that was looked at whole: a table of a thousand lines is one concatenation a thousand deep.
	done := map[ast.Expr]bool{}
	for _, f := range pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if l.relevant {
				return false
			}
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				l.relevant = n.Kind == token.STRING && (speaks(n.Value) || web && len(n.Value) == 15 &&
					isAuthorization(n.Value[1:14]))
			case *ast.Ident:
				l.relevant = mentions(n.Name)
			case *ast.BinaryExpr:
				if n.Op == token.ADD && done[n] {
					done[n.X], done[n.Y] = true, true
				} else if n.Op == token.ADD {
					if v := pass.TypesInfo.Types[n].Value; v != nil && v.Kind() == constant.String {
						l.relevant = speaks(constant.StringVal(v))
						done[n.X], done[n.Y] = true, true
					}
				}
			case *ast.FuncDecl:
				if n.Body != nil && mayHelp(pass.TypesInfo, n) {
					l.helpers = append(l.helpers, n)
				}
			}
			return !l.relevant
		})
		if l.relevant {
			break
		}
	}
	return l
}

// importsUses reports whether a package that is imported has functions, variables or fields that use or hold tokens.
func importsUses(pass *analysis.Pass) bool {
	for _, f := range pass.AllObjectFacts() {
		if !tellsOfTokens(f.Fact) {
			continue
		}
		for _, imp := range pass.Pkg.Imports() {
			if f.Object.Pkg() == imp {
				return true
			}
		}
	}
	return false
}

func tellsOfTokens(fact analysis.Fact) bool {
	switch f := fact.(type) {
	case *varFact:
		return true
	case *funcFact:
		for _, r := range f.Params {
			if r&^(logged|inURL) != 0 {
				return true
			}
		}
		for _, h := range f.Results {
			if !h.empty() {
				return true
			}
		}
	}
	return false
}

// speaks reports whether a text names Unleash or holds a token.
func speaks(text string) bool {
	if mentions(text) {
		return true
	}
	return len(text) >= 60 && strings.IndexByte(text, ':') >= 0 && len(rules.AppendCredentials(nil, []byte(text))) > 0
}

func mentions(text string) bool {
	return len(text) >= 7 && (strings.Contains(text, "nleash") || strings.Contains(text, "NLEASH"))
}

// mayHelp reports whether a function may give a text that it gets back, or write it to a log: so that its callers in
// other packages need to know.
func mayHelp(info *types.Info, fd *ast.FuncDecl) bool {
	if !fd.Name.IsExported() {
		return false
	}
	fn, ok := info.Defs[fd.Name].(*types.Func)
	if !ok {
		return false
	}
	sig := fn.Signature()
	if sig.Params().Len() == 0 || sig.Params().Len() > 63 {
		return false
	}
	if isLevel(fd.Name.Name) {
		return true
	}
	text := func(t types.Type) bool {
		switch u := t.Underlying().(type) {
		case *types.Basic:
			return u.Info()&types.IsString != 0
		case *types.Slice:
			return isString(u.Elem())
		case *types.Pointer:
			return isString(u.Elem())
		}
		_, ok := t.(*types.TypeParam)
		return ok
	}
	for i := range sig.Results().Len() {
		if text(sig.Results().At(i).Type()) {
			for j := range sig.Params().Len() {
				if text(sig.Params().At(j).Type()) {
					return true
				}
			}
		}
	}
	return false
}
