package scanner

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file follows the parameters of functions that collections call for each of their elements.

// anyField stands among fields for the entries of a table under whatever name.
const anyField = "*"

// fieldNamed reports whether an entry of this name is the one that is asked for.
func fieldNamed(want, name string) bool {
	return want == anyField || strings.EqualFold(name, want) || want == baseAddress && isBase(name)
}

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
	if handlesCommand(method) {
		if entry != "" {
			fields = append([]string{entry}, fields...)
		}
		c.emit(atom{ref: "options", fields: fields, line: c.r.line(p.Start), via: via})
		return
	}
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
