package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows the flags of command lines: what code calls those that it takes, and what a command line gives to which
// program. A flag is a setting whose name begins with a dash.

// flagCalls declare a flag by a literal; its value is what the object of all flags has under the same name.
var flagCalls = []string{"add_argument", "add_option", "option", "requiredOption", "addOption"}

// handlesCommand reports whether a method (lower case) is handed the function that runs a command: it gets an object of all
// flags.
func handlesCommand(method string) bool { return method == "action" || method == "command" }

// handler reports whether a function is handed to what runs it for a command whose flags the file declares.
func (r *reader) handler(p *syntax.Node) bool {
	return p.Parent != nil && p.Parent.Kind == syntax.Arg && p.Parent.Parent != nil &&
		handlesCommand(strings.ToLower(rules.LastName(p.Parent.Parent.Name)))
}

// handled follows entries of a parameter of a function that runs a command to the flags which the file declares that says
// so: .action(list), set_defaults(func=run).
func (w *follower) handled(a atom, f *fileFacts, depth int, way []hop) {
	fields := a.fields
	if a.entry {
		fields = append([]string{a.param}, fields...)
	}
	if len(fields) == 0 {
		return
	}
	for _, name := range []string{"action", "command", "set_defaults"} {
		for _, c := range w.e.calls[name] {
			if c.hands(a.fn) && !c.onlyTests(f) && (c.file == f || w.e.sees(c.file, f, a.fn)) {
				at := with1(way, hop{byWrapper, c.file.path, c.line, "an argument of " + a.fn})
				w.less(append([]string{"options"}, fields...), atom{ref: "options"}, c.file, depth+1, at)
			}
		}
	}
}

// hands reports whether a call that declares a command hands over a function: as its first argument, or by a keyword.
func (c *callFact) hands(fn string) bool {
	if c.first != "" {
		return rules.LastName(c.first) == fn
	}
	for _, list := range c.arguments().named {
		for _, a := range list {
			if rules.LastName(a.ref) == fn && len(a.fields) == 0 {
				return true
			}
		}
	}
	return false
}

// A flag is one that a file declares: its name with the dashes, and the call.
type flag struct {
	name  string
	call  *syntax.Node
	value *syntax.Node // the part of the call that holds where the flag is not given, nil where its name says so
}

// flagged follows a name to the flag that fills it, and to what holds where that is not given.
func (c *collector) flagged(n *syntax.Node, parts []string, depth int, via []string) {
	f := c.r.flagOf(parts)
	if f == nil {
		return
	}
	c.setting(n, f.name, envLookup, nil, via)
	for _, k := range f.call.Kids {
		if k.Kind == syntax.Arg && len(k.Kids) == 1 && k.Kids[0].Kind == syntax.Table { // option("x", { default: … })
			if b := mapping(k.Kids[0])["default"]; b != nil {
				c.kids(b, nil, depth+1, via)
			}
		}
		if k.Kind == syntax.Bind && (isDefault(k.Name) || f.value == k) || k.Kind == syntax.Arg && f.value == k {
			c.kids(k, nil, depth+1, via)
		}
		if k.Kind == syntax.Bind && (k.Name == "EnvVars" || k.Name == "EnvVar" || k.Name == "Sources") { // of urfave/cli
			c.variables(k, via)
		}
	}
}

// variables keeps the variables of the environment that literals under a node name.
func (c *collector) variables(n *syntax.Node, via []string) {
	for _, k := range n.Kids {
		if k.Kind == syntax.Literal && isName(k.Text) {
			c.setting(k, k.Text, envLookup, nil, via)
		}
		c.variables(k, via)
	}
}

// flagAsked is the name of the flag whose value a call of Go gives: c.String("token"), flags.GetString("token"). "" for
// other calls.
func (r *reader) flagAsked(call *syntax.Node) string {
	if r.doc.Lang != "go" || len(call.Kids) != 1 {
		return ""
	}
	switch rules.LastName(call.Name) {
	case "String", "StringSlice", "GetString", "GetStringSlice", "Value":
		if lit := onlyLiteral(call.Kids[0]); lit != nil && call.Kids[0].Kind == syntax.Arg && isName(lit.Text) {
			return lit.Text
		}
	}
	return ""
}

// flagOf is the flag that fills a name of a file, nil for none.
func (r *reader) flagOf(parts []string) *flag {
	x := r.index()
	if x.flags == nil {
		x.flags = map[string]*flag{}
		r.gatherFlags(x)
	}
	if len(x.flags) == 0 {
		return nil
	}
	last := rules.NormalName(parts[len(parts)-1])
	if len(parts) > 1 {
		if f := x.flags["."+last]; f != nil {
			return f
		}
	}
	return x.flags[last]
}

// gatherFlags lists the flags that a file declares, by the normal names of what they fill; with a dot before where that
// is an entry of an object.
func (r *reader) gatherFlags(x *localIndex) {
	for _, name := range flagCalls {
		for _, call := range x.calls[name] {
			if name, dest := declaredFlag(call); name != "" {
				x.flags["."+rules.NormalName(dest)] = &flag{name: name, call: call}
			}
		}
	}
	if r.doc.Lang != "go" {
		return
	}
	fills := func(name string, call, by *syntax.Node) {
		if lit := onlyLiteral(by); lit != nil && isName(lit.Text) {
			x.flags[rules.NormalName(rules.LastName(name))] = &flag{name: "--" + lit.Text, call: call}
		}
	}
	r.gatherAsked(x)
	for _, name := range []string{"StringVar", "StringVarP"} {
		for _, call := range x.calls[name] {
			if at := pointedTo(call); at != nil {
				fills(at.Name, call, call.Kids[1])
			}
		}
	}
	for _, name := range []string{"String", "StringP"} {
		for _, call := range x.calls[name] {
			if b := call.Parent; len(call.Kids) > 2 && b.Kind == syntax.Bind {
				fills(b.Name, call, call.Kids[0])
			}
		}
	}
}

// gatherAsked lists the flags of Go that calls ask for by their names: String("token", "x", "…"), &cli.StringFlag{…}.
func (r *reader) gatherAsked(x *localIndex) {
	declares := func(by, value, call *syntax.Node) {
		if lit := onlyLiteral(by); lit != nil && isName(lit.Text) {
			x.flags["."+rules.NormalName(lit.Text)] = &flag{"--" + lit.Text, call, value}
		}
	}
	for name, at := range map[string]int{"String": 1, "StringP": 2, "StringSlice": 1, "StringSliceP": 2} {
		for _, call := range x.calls[name] {
			if len(call.Kids) == at+2 {
				declares(call.Kids[0], call.Kids[at], call)
			}
		}
	}
	for _, name := range []string{"StringFlag", "StringSliceFlag"} {
		for _, call := range x.calls[name] {
			var by, value *syntax.Node
			for _, k := range call.Kids {
				switch k.Name {
				case "Name":
					by = k
				case "Value":
					value = k
				}
			}
			if by != nil {
				declares(by, value, call)
			}
		}
	}
}

// declaredFlag is the flag that a call declares, and the name of what it fills: add_argument("--token", dest="t"),
// option("-t, --token <token>"), option("token", {…}).
func declaredFlag(call *syntax.Node) (name, dest string) {
	for _, k := range call.Kids {
		lit := onlyLiteral(k)
		if lit == nil {
			continue
		}
		if k.Kind == syntax.Bind && k.Name == "dest" {
			dest = lit.Text
		}
		if k.Kind != syntax.Arg || name != "" {
			continue
		}
		for _, word := range strings.FieldsFunc(lit.Text, func(c rune) bool { return c == ' ' || c == ',' || c == '=' }) {
			if strings.HasPrefix(word, "--") {
				name = word
				break
			}
		}
		if name == "" && k.Index == 0 && isName(lit.Text) && lit.Text[0] != '-' && len(call.Kids) > 1 {
			name = "--" + lit.Text // of yargs
		}
	}
	if dest == "" {
		dest = name
	}
	return name, dest
}

// noteFlag is the flag by which an annotation of a declaration says that it is filled, "" for none: @Option(names =
// "--token"), #[arg(long)].
func noteFlag(note *syntax.Node, name string) string {
	flag := ""
	var walk func(n *syntax.Node)
	walk = func(n *syntax.Node) {
		for _, k := range n.Kids {
			switch {
			case flag != "":
				return
			case k.Kind == syntax.Literal && strings.HasPrefix(k.Text, "--") && isName(k.Text):
				flag = k.Text
			case k.Kind == syntax.Ref && k.Name == "long":
				flag = "--" + kebab(name)
			case k.Kind == syntax.Bind && k.Name == "long":
				if lit := onlyLiteral(k); lit != nil {
					flag = "--" + lit.Text
				}
			}
			walk(k)
		}
	}
	walk(note)
	return flag
}

// kebab is a name as command lines write it.
func kebab(name string) string {
	return strings.ToLower(strings.ReplaceAll(rules.NormalName(name), "_", "-"))
}

// commandAround is the command line that a value of a flag stands in, word by word as far as they are known; nil for
// another value.
func (r *reader) commandAround(n *syntax.Node, flag string) []string {
	if !r.settings() || !strings.HasPrefix(flag, "-") {
		return nil
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind != syntax.Call {
			continue
		}
		words := []string{p.Name}
		for _, k := range p.Kids {
			if len(words) > 24 {
				break
			}
			if k.Kind == syntax.Bind {
				words = append(words, k.Name)
			}
			if lit := onlyLiteral(k); lit != nil && len(lit.Text) < 200 && len(r.sites[lit]) == 0 {
				words = append(words, lit.Text)
			}
		}
		return words
	}
	return nil
}

// starts reports whether a command line starts a program that runs a file's code.
func (e *engine) starts(d *def, f *fileFacts) bool {
	bases := []string{d.file.dir}
	if owner, has := e.owner(d.file.filePath); has && path.Join(".", owner) != d.file.dir {
		bases = append(bases, path.Join(".", owner))
	}
	at := e.named(d.command, bases)
	for _, p := range at {
		if isManifest(p) { // cargo run --manifest-path tools/Cargo.toml
			p = path.Dir(p)
		}
		if f.filePath == p || liesIn(f.filePath, p) || e.startsWith(p, f) {
			return true
		}
	}
	program := path.Base(d.command[0])
	m := e.nearest(f.filePath)
	return len(at) == 0 && program != "." && (program == path.Base(f.dir) || m != nil &&
		slices.Contains([]string{m.Name, path.Base(m.Name), path.Base(m.GoModule)}, program))
}
