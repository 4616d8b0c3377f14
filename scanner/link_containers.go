package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows how containers of services are given values under names. Who asks for such a name (see bindings) gets
// the value.

// A container says how one gives a value: an entry of a table beside the one that names it, or a call in a chain behind
// the one that names it.
type container struct {
	entries []string // entries of a table that hold a value; the syntax has put the name that stands beside around it
	calls   []string // calls of a chain whose argument is the value
	notes   []string // annotations (lower case, without @) of a method that returns the value
	test    string   // the case that needs the row
}

var containers = []container{
	{entries: []string{"useValue", "useFactory"}, test: "r2-hard-nest-custom-provider-token"},
	{calls: []string{"to", "toInstance", "toConstantValue", "toValue"}, test: "r2-hard-java-guice-named"},
	{notes: []string{"provides", "produces", "bean"}, test: "row-dagger-provides-named"},
}

// providedAs are the names under which a container is given a leaf, none for most.
func (r *reader) providedAs(n *syntax.Node) []string {
	var out []string
	for i := range containers {
		out = append(out, containers[i].entryName(n)...)
		out = append(out, containers[i].chainName(n)...)
		out = append(out, containers[i].methodName(n)...)
	}
	return out
}

func (row *container) entryName(n *syntax.Node) []string {
	for p := n.Parent; p != nil && (p.Kind == syntax.Bind || p.Kind == syntax.Block || p.Kind == syntax.Return); p = p.Parent {
		if p.Kind == syntax.Bind && p.Parent != nil && p.Parent.Kind == syntax.Bind && has(row.entries, p.Parent.Name) {
			return []string{rules.LastName(p.Name)}
		}
	}
	return nil
}

func (row *container) chainName(n *syntax.Node) []string {
	arg := n.Parent
	if arg == nil || arg.Kind != syntax.Arg || arg.Parent == nil || !has(row.calls, rules.LastName(arg.Parent.Name)) {
		return nil
	}
	chain := arg.Parent.Parent
	if chain == nil || chain.Kind != syntax.Chain {
		return nil
	}
	var out []string
	for _, call := range chain.Kids {
		if call == arg.Parent {
			return out
		}
		if lit := anyLiteral(call); lit != nil && isName(lit.Text) {
			out = []string{lit.Text}
		}
	}
	return out
}

func (row *container) methodName(n *syntax.Node) []string {
	if n.Parent == nil || n.Parent.Kind != syntax.Return {
		return nil
	}
	method := n.Parent.Parent
	if method == nil || method.Kind != syntax.Block || len(row.notes) == 0 {
		return nil
	}
	name, gives := "", false
	for _, note := range method.Kids {
		if note.Kind != syntax.Call || !strings.HasPrefix(note.Name, "@") {
			continue
		}
		last := strings.ToLower(rules.LastName(strings.TrimPrefix(note.Name, "@")))
		gives = gives || has(row.notes, last)
		if lit := noteArg(note, ""); lit != nil && isName(lit.Text) {
			name = lit.Text
		}
	}
	if !gives || name == "" {
		return nil
	}
	return []string{name}
}

func has(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}
