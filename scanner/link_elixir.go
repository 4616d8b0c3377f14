package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows the environment of applications of Elixir: config :app, key: x in config/*.exs gives what
// Application.fetch_env!(:app, :key) takes.

// applicationKey is the key under which an application's settings are given.
func applicationKey(app string) string { return `"application ` + app }

// applicationPath is the path under which a call of config gives what stands in its argument or option child; entries are
// the names between the two, innermost first. Nil for other calls.
func (r *reader) applicationPath(call, child *syntax.Node, entries []string) []string {
	if r.doc.Lang != "elixir" || call.Name != "config" || len(call.Kids) < 2 {
		return nil
	}
	app := onlyLiteral(call.Kids[0])
	if app == nil || child == call.Kids[0] {
		return nil
	}
	out := []string{given, applicationKey(app.Text)}
	if key := call.Kids[1]; key != child { // config :app, Key, …
		if name := r.settingKey(key); name != "" {
			out = append(out, name)
		}
	}
	for i := len(entries) - 1; i >= 0; i-- {
		out = append(out, entries[i])
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

// applicationTaken is the key and the entry of an application's settings that a call asks for, "" for other calls.
func (r *reader) applicationTaken(call *syntax.Node) (key, entry string) {
	if r.doc.Lang != "elixir" || !strings.HasPrefix(call.Name, "Application.") || len(call.Kids) < 2 {
		return "", ""
	}
	switch strings.TrimPrefix(call.Name, "Application.") {
	case "get_env", "fetch_env!", "fetch_env", "compile_env", "compile_env!":
	default:
		return "", ""
	}
	app := onlyLiteral(call.Kids[0])
	if entry = r.settingKey(call.Kids[1]); app == nil || entry == "" {
		return "", ""
	}
	return applicationKey(app.Text), entry
}

// settingKey is the key of a setting that an argument is: a word, or a module by its last name. "" for others.
func (r *reader) settingKey(arg *syntax.Node) string {
	if arg.Kind != syntax.Arg {
		return ""
	}
	switch v := onlyKid(arg); {
	case v == nil:
	case v.Kind == syntax.Literal && isName(v.Text):
		return v.Text
	case v.Kind == syntax.Ref && v.Name == "__MODULE__":
		if around := r.spaceOf(outermost(v)); len(around) > 0 {
			return around[len(around)-1]
		}
	case v.Kind == syntax.Ref && isUpper(v.Name):
		return rules.LastName(v.Name)
	}
	return ""
}

// outermost is the module around a node, nil where none is.
func outermost(n *syntax.Node) *syntax.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.Block && isUpper(p.Name) {
			return p
		}
	}
	return nil
}

// entryTaken is the entry of a table that a call gives, and what it is an entry of: Keyword.fetch!(x, :token),
// x |> Map.get(:token). Nil for other calls.
func (r *reader) entryTaken(call *syntax.Node) (of *syntax.Node, entry string) {
	if r.doc.Lang != "elixir" {
		return nil, ""
	}
	module, fn, _ := strings.Cut(call.Name, ".")
	switch fn {
	case "get", "fetch!", "get!", "fetch", "pop!", "pop":
	default:
		return nil, ""
	}
	if module != "Keyword" && module != "Map" && module != "Access" {
		return nil, ""
	}
	args := call.Kids
	if of = r.pipedInto(call); of == nil && len(args) > 0 {
		of, args = args[0], args[1:]
	}
	if of == nil || len(args) == 0 || args[0].Kind != syntax.Arg {
		return nil, ""
	}
	lit := onlyLiteral(args[0])
	if lit == nil || !isName(lit.Text) {
		return nil, ""
	}
	return of, lit.Text
}
