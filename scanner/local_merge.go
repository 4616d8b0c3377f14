package scanner

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows values that are put together from others: { ...defaults, token }, Object.assign, merge, copy, with.
// What names an entry there hides the entry of that name of the others.

// fillsIn reports whether a function (its last name, lower case) takes from its later arguments only what the earlier
// ones lack.
func fillsIn(name string) bool {
	switch name {
	case "defaults", "defaultsdeep", "reverse_merge", "setdefault":
		return true
	}
	return false
}

// overlays reports whether a function (its last name, lower case) puts its arguments over one another, the last one on
// top.
func overlays(name string) bool {
	switch name {
	case "assign", "merge", "mergedeep", "deepmerge", "deep_merge", "extend", "array_merge", "array_replace", "update":
		return true
	}
	return false
}

// A mergedName is a name whose entries are entries of a value.
type mergedName struct {
	name string
	sure bool // it is all of an argument, and not one of two that the run chooses between
}

// mergedIn are the names that are arguments of a call, those first whose entries hide the others', at most 8.
func (r *reader) mergedIn(call *syntax.Node) []mergedName {
	var out []mergedName
	for _, k := range call.Kids {
		if k.Kind != syntax.Arg {
			continue
		}
		for _, v := range k.Kids {
			if v.Kind == syntax.Ref && len(out) < 8 && len(v.Name) < 120 {
				out = append(out, mergedName{strings.Join(r.parts(v.Name), "."), len(k.Kids) == 1})
			}
		}
	}
	if overlays(strings.ToLower(rules.LastName(call.Name))) {
		slices.Reverse(out)
	}
	return out
}

// hides reports whether something that stands with the at-th part of a value gives its entry of a name another value: a
// key behind a spread, a keyword beside an argument, a table behind one.
func (r *reader) hides(whole *syntax.Node, at int, entry string) bool {
	part := whole.Kids[at]
	if entry == anyField || part.Kind == syntax.Bind || r.settings() {
		return false
	}
	switch whole.Kind {
	case syntax.Table:
		return binds(whole.Kids[at+1:], entry)
	case syntax.Call:
		return !fillsIn(strings.ToLower(rules.LastName(whole.Name))) && (binds(whole.Kids, entry) ||
			slices.ContainsFunc(whole.Kids[at+1:], func(k *syntax.Node) bool { return binds(tableIn(k), entry) }))
	}
	return at+1 < len(whole.Kids) && binds(tableIn(whole.Kids[at+1]), entry) && r.joined(part, whole.Kids[at+1])
}

// tableIn are the entries of a table, or of an argument that is one; nil of others.
func tableIn(n *syntax.Node) []*syntax.Node {
	if n.Kind == syntax.Arg && len(n.Kids) == 1 {
		n = n.Kids[0]
	}
	if n.Kind != syntax.Table {
		return nil
	}
	return n.Kids
}

// joined reports whether an operator makes one value of two: a | b of Python, a with { … } of C#.
func (r *reader) joined(a, b *syntax.Node) bool {
	if a.End > b.Start || b.Start > len(r.doc.Text) || b.Start-a.End > 20 {
		return false
	}
	switch string(bytes.TrimSpace(bytes.TrimRight(r.doc.Text[a.End:b.Start], " \n\t{"))) {
	case "|", "with":
		return true
	}
	return false
}

func binds(kids []*syntax.Node, name string) bool {
	return slices.ContainsFunc(kids, func(k *syntax.Node) bool {
		return k.Kind == syntax.Bind && strings.EqualFold(k.Name, name)
	})
}

// hiddenIn are the names of entries of a leaf that what stands around it, or in it, gives other values, at most 64. They
// are other definitions.
func (r *reader) hiddenIn(n *syntax.Node) []string {
	if r.settings() || n.Kind == syntax.Literal {
		return nil
	}
	var out []string
	for _, name := range keysAround(n) {
		if len(out) < 64 && !slices.Contains(out, name) && r.isHidden(n, name) {
			out = append(out, name)
		}
	}
	return out
}

// isHidden reports whether an entry of a leaf is hidden at a level between it and what it is the value of.
func (r *reader) isHidden(n *syntax.Node, entry string) bool {
	if n.Kind == syntax.Call && len(n.Kids) > 0 && !fillsIn(strings.ToLower(rules.LastName(n.Name))) &&
		!r.givesEnvironment(n) && (binds(n.Kids, entry) || binds(tableIn(n.Kids[len(n.Kids)-1]), entry)) {
		return true
	}
	for p := n; p.Parent != nil; p = p.Parent {
		if at := slices.Index(p.Parent.Kids, p); at >= 0 && r.hides(p.Parent, at, entry) {
			return true
		}
		switch p.Parent.Kind {
		case syntax.Table, syntax.Element, syntax.Arg, syntax.Call:
		default:
			return false
		}
	}
	return false
}

// keysAround are the names of the entries that stand in a leaf, and with it in what it is a part of, at most 256.
func keysAround(n *syntax.Node) []string {
	var out []string
	add := func(kids []*syntax.Node) {
		for _, k := range kids {
			for _, b := range append(slices.Clip(tableIn(k)), k) {
				if b.Kind == syntax.Bind && len(out) < 256 {
					out = append(out, b.Name)
				}
			}
		}
	}
	add(n.Kids)
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case syntax.Table, syntax.Call:
			add(p.Kids)
		case syntax.Element, syntax.Arg:
		case syntax.Bind, syntax.Return:
			add(p.Kids)
			return out
		default:
			return out
		}
	}
	return out
}
