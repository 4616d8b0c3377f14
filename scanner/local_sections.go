package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows parts of the program's configuration that code holds: gate := viper.Sub("gate") and
// gate.GetString("pass") read the key gate.pass.

// givesSection reports whether a call by the last name of its callee, in lower case, gives the part of the configuration
// that its argument names.
func givesSection(last string) bool {
	switch last {
	case "getsection", "getrequiredsection", // .NET
		"getconfig", "config", // HOCON, Ktor
		"sub", "cut", // viper, koanf
		"subset", "configurationat", "at": // Commons Configuration, Config4k
		return true
	}
	return false
}

// sectionOfCall is the part of the configuration that a call gives, by the keys that lead to it; false for another call.
func (r *reader) sectionOfCall(call *syntax.Node) (string, bool) {
	if call.Kind != syntax.Call || len(call.Kids) != 1 || !givesSection(strings.ToLower(rules.LastName(call.Name))) {
		return "", false
	}
	name := nameText(call.Kids[0])
	return name, name != ""
}

// sectionIn is the part of the configuration that a value is, "" where it is none: GetSection("a").GetSection("b").
func (r *reader) sectionIn(value *syntax.Node, depth int) string {
	calls := []*syntax.Node{value}
	if value.Kind == syntax.Chain {
		calls = value.Kids
	}
	if len(calls) == 0 {
		return ""
	}
	var keys []string
	for _, call := range calls {
		key, is := r.sectionOfCall(call)
		if !is {
			return ""
		}
		keys = append(keys, key)
	}
	if outer := r.sectionNamed(calls[0], depth+1); outer != "" {
		keys = append([]string{outer}, keys...)
	}
	return strings.Join(keys, ".")
}

// sectionLevels bounds the names in a row that hold parts of parts.
const sectionLevels = 4

// sectionNamed is the part of the configuration that the name holds on which a call is made or whose entry a node reads,
// "" where it holds none.
func (r *reader) sectionNamed(n *syntax.Node, depth int) string {
	parts := r.parts(n.Name)
	if len(parts) < 2 || depth > sectionLevels {
		return ""
	}
	c := collector{r: r}
	binds, _, _ := c.binding(n, parts[0])
	if len(binds) != 1 || binds[0].Kind != syntax.Bind || len(binds[0].Kids) != 1 || len(r.parts(binds[0].Name)) != 1 {
		return ""
	}
	return r.sectionIn(binds[0].Kids[0], depth)
}

// sectionBefore is the part of the configuration in which a call looks up what its argument names, "" for all of it.
func (r *reader) sectionBefore(call *syntax.Node) string {
	chain := call.Parent
	if chain == nil || chain.Kind != syntax.Chain || chain.Kids[0] == call {
		return r.sectionNamed(call, 0)
	}
	var keys []string
	for _, k := range chain.Kids {
		if k == call {
			break
		}
		key, is := r.sectionOfCall(k)
		if !is {
			return ""
		}
		keys = append(keys, key)
	}
	if outer := r.sectionNamed(chain.Kids[0], 0); outer != "" {
		keys = append([]string{outer}, keys...)
	}
	return strings.Join(keys, ".")
}

// lookupOf is what a call reads where its first argument is the literal name.
func (r *reader) lookupOf(call *syntax.Node, name string) lookupKind {
	kind := lookupOf(call.Name, name)
	if kind == noLookup && strings.HasPrefix(strings.ToLower(rules.LastName(call.Name)), "get") && r.sectionBefore(call) != "" {
		return keyLookup // gate.getString("pass")
	}
	return kind
}

// readsName reports whether a call reads a setting that its argument names.
func (r *reader) readsName(call *syntax.Node) bool {
	i := isLookup(call)
	return i >= 0 && r.lookupOf(call, nameText(call.Kids[i])) != noLookup
}

// lookedUp keeps the setting that a call looks up by a name, in the part of the configuration that it is called on.
func (c *collector) lookedUp(call, n *syntax.Node, name string, kind lookupKind, fields, via []string) {
	if kind == envLookup {
		c.setting(n, name, kind, fields, via)
		return
	}
	if section := c.r.sectionBefore(call); section != "" {
		name, kind = section+"."+name, keyLookup
	}
	c.setting(n, name, kind, fields, via)
}
