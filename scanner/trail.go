package scanner

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// settingsLangs are languages whose bindings are settings, not variables: every name in them is a key that other files
// may read.
func settingsLangs(name string) bool {
	switch name {
	case "yaml", "json", "json5", "jsonc", "ndjson", "toml", "ini", "properties", "dotenv", "hcl", "xml",
		"plist", "html", "markdown", "http", "log", "sql", "csv", "tsv", "xcconfig", "systemd", "conf", "text", "",
		"dockerfile", "shell", "powershell", "batch", "makefile", "notebook", "diff", "procfile", "crontab",
		"bruno":
		return true
	}
	return false
}

// trailOf is what is around a node, innermost first.
func trailOf(n *syntax.Node, lang string) rules.Trail { return trailNamed(n, lang, nil) }

// trailNamed is trailOf where the name that at gives is Authorization, whatever is written; nil for none.
func trailNamed(n *syntax.Node, lang string, at *syntax.Node) rules.Trail {
	var t rules.Trail
	settings := settingsLangs(lang)
	if n.Kind == syntax.Ref {
		if name := headerBefore(n); name != "" {
			t = append(t, rules.Step{Kind: rules.Key, Name: name})
		}
	}
	if name := variableBefore(n); name != "" && !settings {
		t = append(t, rules.Step{Kind: rules.Key, Name: name})
	}
	bound, returned := false, false
	for child, p := n, n.Parent; p != nil; child, p = p, p.Parent {
		if len(t) > 64 {
			break
		}
		switch p.Kind {
		case syntax.Bind:
			if bound {
				continue
			}
			if p == at {
				step := rules.Step{Kind: rules.Key, Name: "Authorization"}
				if statementLevel(p) { // headers[AUTH] = x
					step = rules.Step{Kind: rules.Var, Name: p.Name + ".Authorization"}
				}
				t = append(t, step)
				continue
			}
			if !settings && statementLevel(p) && !strings.EqualFold(p.Name, "authorization") {
				kind := rules.Var
				if child.Kind == syntax.Block && len(p.Kids) == 1 {
					kind = rules.Func // the name of a function, which need not give what stands in it
				}
				t = append(t, rules.Step{Kind: kind, Name: p.Name})
				bound = true
				continue
			}
			if p.Flags&syntax.Env != 0 || !numeric(p.Name) {
				name := p.Name
				if !settings && constantHeader(p, name) {
					name = "Authorization"
				}
				t = append(t, rules.Step{Kind: rules.Key, Name: name})
			}
			if call := p.Parent; call != nil && call.Kind == syntax.Call && rules.PassesOn(p.Name) {
				if name := optionName(call); name != "" {
					t = append(t, rules.Step{Kind: rules.Key, Name: name, Soft: true})
				}
			}
		case syntax.Arg:
			if bound {
				continue
			}
			if call := p.Parent; call != nil {
				name := literalBefore(p)
				if p == at {
					name = "Authorization"
				}
				if name == "" && p.Index > 0 {
					name = optionName(call)
				}
				if name == "" && p.Index == 0 {
					name = headerBehind(call)
				}
				if name != "" {
					t = append(t, rules.Step{Kind: rules.Key, Name: name, Soft: true})
				}
				t = append(t, rules.Step{Kind: rules.Arg, Name: call.Name, Index: p.Index})
				// settings.CustomHttpHeaders.Add("Authorization", x) sets an entry of its receiver.
				if dot := strings.LastIndexByte(call.Name, '.'); dot > 0 && name != "" &&
					setters(strings.ToLower(call.Name[dot+1:])) {
					t = append(t, rules.Step{Kind: rules.Var, Name: call.Name[:dot]})
				}
			}
		case syntax.Call:
			if !bound && child.Kind != syntax.Arg {
				t = append(t, rules.Step{Kind: rules.Call, Name: p.Name})
			}
		case syntax.Element:
			if p == at {
				t = append(t, rules.Step{Kind: rules.Key, Name: "Authorization"})
				continue
			}
			if bound || p.Index != 1 || p.Parent == nil || len(p.Parent.Kids) != 2 || p.Parent.Parent != nil &&
				(p.Parent.Parent.Kind == syntax.Literal || p.Parent.Parent.Kind == syntax.Bind) {
				continue
			}
			if name := nameText(p.Parent.Kids[0]); name != "" {
				t = append(t, rules.Step{Kind: rules.Key, Name: name})
			}
		case syntax.Return:
			returned = true
		case syntax.Block:
			switch {
			case p.Name == "":
			case (returned || child.Kind == syntax.Literal || child.Kind == syntax.Ref) && !bound && !settings:
				t = append(t, rules.Step{Kind: rules.Func, Name: p.Name})
				bound = true
			default:
				t = append(t, rules.Step{Kind: rules.Section, Name: p.Name})
			}
			returned = false
		}
	}
	return t
}

// statementLevel reports whether a Bind stands as a statement (or a class's member), and so declares or sets a
// variable.
func statementLevel(n *syntax.Node) bool {
	p := n.Parent
	return p == nil || p.Kind == syntax.File || p.Kind == syntax.Block || p.Kind == syntax.Bind &&
		(p.Flags&syntax.Exported != 0 || n.Kind == syntax.Bind && n.Until != 0) // let x = { let y = …; … }
}

func numeric(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// literalBefore is the name that stands as a literal argument right before arg, "" for none: "Authorization" in
// Set("Authorization", x).
func literalBefore(arg *syntax.Node) string {
	var before *syntax.Node
	kids := arg.Parent.Kids
	i := max(0, min(arg.Index, len(kids)-1)) // it stands there, or behind
	for i < len(kids)-1 && kids[i] != arg {
		i++
	}
	for i--; i >= 0 && before == nil; i-- {
		if kids[i].Kind == syntax.Arg {
			before = kids[i]
		}
	}
	if before == nil || len(before.Kids) != 1 {
		return ""
	}
	return nameText(before)
}

// headerBehind is the name of the header that a call of Foundation sets to its first argument, "" for other calls:
// setValue(x, forHTTPHeaderField: "Authorization").
func headerBehind(call *syntax.Node) string {
	for _, k := range call.Kids {
		if k.Kind == syntax.Bind && k.Name == headerLabel {
			return nameText(k)
		}
	}
	return ""
}

// headerLabel is the label of the argument that names a header in Foundation's calls.
const headerLabel = "forHTTPHeaderField"

// nameText is the text of the one literal in n if it can be a name, "" otherwise. Ruby's and Elixir's symbols count.
func nameText(n *syntax.Node) string {
	for n.Kind != syntax.Literal && len(n.Kids) == 1 {
		if n.Kind == syntax.Call && !strings.HasSuffix(strings.ToLower(n.Name), "headerkey") && !passing(strings.ToLower(
			rules.LastName(n.Name))) {
			break
		}
		n = n.Kids[0]
	}
	if n.Kind == syntax.Ref && headerConstant(n, n.Name) {
		return "Authorization" // (VOCABULARY, item 36)
	}
	if n.Kind == syntax.Literal && n.Flags&syntax.Template == 0 && isName(n.Text) {
		return n.Text
	}
	return ""
}

// isName reports whether a text can be the name of a setting, a header or an option.
func isName(s string) bool {
	if len(s) < 2 || len(s) > 64 {
		return false
	}
	letters, run := 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if run++; c == '_' || c == '-' || c == '.' || c == ':' {
			run = 0
		}
		if run > 32 {
			return false // no word is that long: a hash is
		}
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9', c == '_', c == '-', c == '.', c == ':' && i > 0 && i < len(s)-1:
		default:
			return false
		}
	}
	return letters >= 2
}

// optionName is the name of the option that a call declares by its first argument ("--auth", "-a, --auth <token>"), ""
// for none.
func optionName(call *syntax.Node) string {
	if strings.HasSuffix(call.Name, "Flag") { // &cli.StringFlag{Name: "token", Value: x} of Go
		for _, k := range call.Kids {
			if lit := onlyLiteral(k); k.Kind == syntax.Bind && k.Name == "Name" && lit != nil && isName(lit.Text) {
				return lit.Text
			}
		}
	}
	for _, k := range call.Kids {
		if k.Kind != syntax.Arg {
			continue
		}
		lit := onlyLiteral(k)
		if lit == nil || !strings.HasPrefix(lit.Text, "-") {
			return ""
		}
		for _, w := range strings.FieldsFunc(lit.Text, func(c rune) bool {
			return c == ' ' || c == ',' || c == '=' ||
				c == '|'
		}) {
			if strings.HasPrefix(w, "--") && isName(w) {
				return w[2:]
			}
		}
		return ""
	}
	return ""
}

const headersBefore = 64 // siblings of a name that are looked at

// headerBefore is the header's name in the text before a Ref of the same interpolated string ("Authorization:
// ${TOKEN}"), "" for none.
func headerBefore(n *syntax.Node) string {
	if n.Parent == nil {
		return ""
	}
	for i, k := range n.Parent.Kids {
		if k == n || i > headersBefore {
			break
		}
		if k.Kind != syntax.Literal || k.Flags&syntax.Template == 0 {
			continue
		}
		text := strings.TrimSpace(k.Text)
		if i := strings.IndexByte(text, ':'); i > 0 && isName(text[:i]) {
			rest := strings.TrimSpace(text[i+1:])
			if rest == "" || strings.EqualFold(rest, "bearer") {
				return text[:i]
			}
		}
	}
	return ""
}

// variableBefore is the variable of the environment that an element of a list gives to a process, where its value is a
// name or a call: `TOKENS=${tokens}`. It is "" for none.
func variableBefore(n *syntax.Node) string {
	e := n.Parent
	if e == nil || e.Kind != syntax.Element || len(e.Kids) != 2 || e.Kids[1] != n || n.Kind != syntax.Ref && n.Kind != syntax.Call {
		return ""
	}
	name, is := strings.CutSuffix(e.Kids[0].Text, "=")
	if lit := e.Kids[0]; !is || lit.Kind != syntax.Literal || lit.Flags&syntax.Template == 0 || !isName(name) ||
		name != strings.ToUpper(name) {
		return ""
	}
	return name
}

// headerConstant reports whether a name evaluates to Authorization: a library's constant of that name, or one of the
// file's own that holds it.
func headerConstant(at *syntax.Node, name string) bool {
	return rules.LastName(name) != name && calledHeader(name) || constantHeader(at, name)
}

// calledHeader reports whether a name is called as libraries call their constant of Authorization.
func calledHeader(name string) bool {
	switch rules.NormalName(rules.LastName(name)) {
	case "AUTHORIZATION", "HEADER_AUTHORIZATION", "AUTHORIZATION_HEADER", "KEY_AUTHORIZATION":
		return true
	}
	return false
}

// constantHeader reports whether a constant of the file holds Authorization.
func constantHeader(at *syntax.Node, name string) bool {
	if name == "" || len(name) > 64 || strings.EqualFold(name, "authorization") {
		return false
	}
	last := rules.LastName(name)
	if low := strings.ToLower(last); !strings.Contains(low, "auth") && !strings.Contains(low, "head") &&
		!strings.Contains(low, "key") && !strings.Contains(low, "hdr") {
		return false // most names: nobody calls a header's name so
	}
	return slices.ContainsFunc(at.Constants("authorization"), func(k *syntax.Node) bool {
		return k != at && rules.LastName(k.Name) == last
	})
}
