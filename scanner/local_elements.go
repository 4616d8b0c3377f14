package scanner

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file follows the variables of loops and of the functions that collections call for each of their elements.

// anyField stands among fields for the entries of a table under whatever name.
const anyField = "*"

// fieldNamed reports whether an entry of this name is the one that is asked for.
func fieldNamed(want, name string) bool { return want == anyField || strings.EqualFold(name, want) }

// iterates reports whether a method (its last name, lower case) calls a function for each element of its receiver.
func iterates(method string) bool {
	switch method {
	case "map", "foreach", "flatmap", "filter", "find", "each", "each_pair", "each_with_object", "for_each", "collect",
		"select", "some", "every", "associate", "associatewith", "mapvalues", "maptoobj", "each_value", "transform_values":
		return true
	}
	return false
}

// ofEntries are the fields to ask a table for where its entries, as pairs, or its values are asked for fields; false
// where a method (its last name, lower case) gives neither, nil where a name is asked for.
func ofEntries(method string, fields []string) ([]string, bool) {
	switch method {
	case "entries", "items", "iteritems", "each_pair", "each":
		if len(fields) > 0 && fields[0] == "1" {
			return append([]string{anyField}, fields[1:]...), true
		}
		return nil, method != "each"
	case "values", "each_value", "transform_values", "itervalues":
		return append([]string{anyField}, fields...), true
	}
	return nil, false
}

// element follows the index-th parameter of a function without a name, of which an entry may be taken apart, to the
// elements that it is called for.
func (c *collector) element(p *syntax.Node, index int, entry string, fields []string, depth int, via []string) {
	call := p.Parent
	if call != nil && call.Kind == syntax.Arg {
		call = call.Parent
	}
	if call == nil || call.Kind != syntax.Call {
		return
	}
	method := strings.ToLower(rules.LastName(call.Name))
	if !iterates(method) || len(p.Params) == 1 && index > 0 {
		return
	}
	switch {
	case numeric(entry):
		fields = append([]string{entry}, fields...)
	case len(p.Params) > 1 && (method == "each" || method == "each_pair"): // each { |name, value| … }
		fields = append([]string{string(rune('0' + index))}, fields...)
	case index > 0:
		return
	}
	if want, is := ofEntries(method, fields); is {
		fields = want
	}
	if chain := call.Parent; chain != nil && chain.Kind == syntax.Chain {
		if at := slices.Index(chain.Kids, call); at > 0 {
			c.node(chain.Kids[at-1], fields, depth+1, via)
			return
		}
	}
	if parts := c.r.parts(call.Name); len(parts) > 1 {
		c.named(call, parts[:len(parts)-1], fields, depth+1, via)
	}
}

// looped follows the variable of a loop to what is looped over, and reports whether it is one.
func (c *collector) looped(n *syntax.Node, parts, fields []string, depth int, via []string) bool {
	for _, loop := range c.r.index().loops[parts[0]] {
		if c.spent() || loop.Parent == nil || !encloses(loop.Parent, n) || encloses(loop, n) {
			continue
		}
		kids := loop.Kids[0].Kids
		over, at, names := kids[len(kids)-1], -1, len(kids)-1
		if loop.Name == "foreach" {
			over, names = kids[0], 1
		}
		for i, k := range kids {
			if k.Kind == syntax.Ref && k.Name == parts[0] {
				at = i
			}
		}
		rest := append(append([]string(nil), parts[1:]...), fields...)
		if names > 1 {
			rest = append([]string{string(rune('0' + at))}, rest...)
		}
		before := len(c.out)
		c.node(over, rest, depth+1, append(via[:len(via):len(via)], parts[0]))
		if loop.Name == "foreach" && len(c.out) == before { // foreach ($byName as $name => $value)
			c.node(over, append([]string{anyField}, rest...), depth+1, append(via[:len(via):len(via)], parts[0]))
		}
		return true
	}
	return false
}

// loopNames are the variables of a loop, none where a call is no loop that declares some: for name, value in x of
// Python, foreach ($x as $value) of PHP.
func loopNames(call *syntax.Node) []string {
	if call.Name != "for" && call.Name != "foreach" || len(call.Kids) == 0 || call.Kids[0].Kind != syntax.Arg {
		return nil
	}
	kids := call.Kids[0].Kids
	if len(kids) < 2 {
		return nil
	}
	names := kids[:len(kids)-1]
	if call.Name == "foreach" {
		names = kids[1:]
	}
	var out []string
	for _, k := range names {
		if k.Kind == syntax.Ref && k.Name == firstName(k.Name) {
			out = append(out, k.Name)
		}
	}
	return out
}
