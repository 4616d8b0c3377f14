package analyzer

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/unleaked/unleaked/rules"
)

// exportHelpers tells other packages of functions that give back or log what they get, in a package that has nothing
// else to do with Unleash.
func exportHelpers(pass *analysis.Pass, l look) error {
	if len(l.helpers) == 0 {
		return nil
	}
	c := newCheck(pass, settings{})
	for _, fd := range l.helpers {
		if fn, ok := pass.TypesInfo.Defs[fd.Name].(*types.Func); ok {
			c.bodies[fn] = fd
		}
	}
	for _, f := range pass.Files {
		c.setFile(f)
		for _, fd := range l.helpers {
			if fd.Pos() >= f.FileStart && fd.Pos() < f.FileEnd {
				c.walk(fd)
			}
		}
	}
	for _, e := range c.entries {
		c.enter(e)
	}
	c.summarise()
	c.spread(0)
	c.exportFuncs()
	return nil
}

// exportFacts tells other packages what this one does with what it gets.
func (c *check) exportFacts() {
	c.settle()
	c.exportFuncs()
	for obj, n := range c.objs {
		v, ok := obj.(*types.Var)
		if !ok || !shared(v) || v.Pkg() != c.pass.Pkg || !v.Exported() {
			continue
		}
		fact := &varFact{Role: c.roles(n, false) &^ (logged | inURL), Hold: c.holds(n)}
		if fact.Role != 0 || !fact.Hold.empty() {
			c.pass.ExportObjectFact(v, fact)
		}
	}
}

func (c *check) exportFuncs() {
	for fn, fd := range c.bodies {
		if !fn.Exported() {
			continue
		}
		fact, useful := &funcFact{}, false
		params := c.paramNodes(fd)
		for _, p := range params {
			r := c.roles(p, true)
			fact.Params = append(fact.Params, r)
			fact.Beside = append(fact.Beside, c.beside(p))
			useful = useful || r != 0
		}
		for i := range fn.Signature().Results().Len() {
			var mask, reads uint64
			var hold holdFact
			if res, ok := c.results[resultKey{fd, i}]; ok {
				s := c.summary(res)
				for j, p := range params {
					if j < 64 && p != none && s.through[p] {
						mask |= 1 << j
					}
					if j < 64 && p != none && s.names[p] {
						reads |= 1 << j
					}
				}
				hold = c.holds(res)
			}
			fact.Through = append(fact.Through, mask)
			fact.Reads = append(fact.Reads, reads)
			fact.Results = append(fact.Results, hold)
			useful = useful || mask != 0 || reads != 0 || !hold.empty()
		}
		if useful {
			c.pass.ExportObjectFact(fn, fact)
		}
	}
}

// beside is the environment that is set beside the token that a parameter is, "" where none or several are.
func (c *check) beside(param id) string {
	found := ""
	if param == none {
		return ""
	}
	for _, x := range c.g.at(param).reach {
		if !x.up || x.use.role&tokenSDK == 0 || x.use.group == nil {
			continue
		}
		for _, u := range x.use.group.uses {
			if u.role != environment {
				continue
			}
			texts := c.g.texts(u.at)
			if len(texts) != 1 || strings.Contains(texts[0], hole) || found != "" && found != texts[0] {
				return ""
			}
			found = texts[0]
		}
	}
	return found
}

// paramNodes are the nodes of a function's parameters, none for one that holds no text.
func (c *check) paramNodes(fd *ast.FuncDecl) []id {
	var out []id
	for _, f := range fd.Type.Params.List {
		if len(f.Names) == 0 {
			out = append(out, none)
		}
		for _, name := range f.Names {
			n, ok := c.objs[c.info.Defs[name]]
			if !ok {
				n = none
			}
			out = append(out, n)
		}
	}
	return out
}

// holds is what a node holds whoever calls: not what parameters bring.
func (c *check) holds(n id) holdFact {
	var h holdFact
	walk{closed: true}.from(&c.g, n, func(m id, _ bool) {
		nd := c.g.at(m)
		if nd.env != "" && !slices.Contains(h.Envs, nd.env) && len(h.Envs) < 8 {
			if cl := rules.ClassifyName(nd.env); cl.Holds && !cl.NotAToken {
				h.Envs = append(h.Envs, nd.env)
			}
		}
		for _, x := range nd.creds {
			if len(h.Creds) < 8 {
				pos := c.pass.Fset.Position(x.pos)
				h.Creds = append(h.Creds, credFact{
					Kind: x.verdict.Kind, Certainty: x.verdict.Certainty, Format: x.cred.Format,
					Environment: x.cred.Environment,
					Shown:       x.cred.Secret.String(), Where: fmt.Sprintf("%s:%d", filepath.Base(pos.Filename),
						pos.Line),
				})
			}
		}
		h.Creds = append(h.Creds, nd.held.Creds...)
		h.Envs = append(h.Envs, nd.held.Envs...)
	})
	return h
}
