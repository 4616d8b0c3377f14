package scanner

import (
	"path"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// describe adds what stands beside a site: a declared type, the deployment that its place names.
func (r *reader) describe(s *siteFact, n *syntax.Node, t rules.Trail) {
	if s.name == "" {
		if names := t.Names(); len(names) > 0 {
			s.name = rules.LastName(names[0])
		}
	}
	s.deploys = r.deployments(n, t)
	if s.cred.Kind == rules.Personal {
		for _, name := range append(aroundNames(t), path.Base(r.f.filePath)) {
			if words := rules.Words(name); strings.Contains(strings.Join(words, " "), "SERVICE ACCOUNT") {
				s.evidence = append(s.evidence, rules.Evidence{Certainty: rules.ByHint, Kind: rules.ServiceAccount,
					File: r.f.path, Line: r.line(n.Start), Text: name + " around it speaks of service accounts"})
				break
			}
		}
	}
	for p, up := n.Parent, 0; p != nil && up < 12; p, up = p.Parent, up+1 {
		if p.Kind != syntax.Table && p.Kind != syntax.Call && !(p.Kind == syntax.Block && r.settings()) {
			continue
		}
		for _, o := range r.optionsOf(p).types {
			switch {
			case o.account:
				s.evidence = append(s.evidence, r.declares(rules.ServiceAccount, o.at,
					"the resource's type is unleash_service_account_token"))
				return
			case (o.plain || sharesPrefix(o.name, s.name)) && up < 3:
				kind, init := o.kind, trailHas(t, "initApiTokens")
				if kind == rules.Admin && !init && s.cred.Kind != rules.Admin && s.cred.Format != rules.Legacy {
					continue
				}
				s.declared, s.inInit = kind, s.inInit || init
				says := r.declares(kind, o.at, o.name+" beside it says "+o.value)
				says.InInit = init
				s.evidence = append(s.evidence, says)
				return
			}
		}
	}
}

// An options is what a level says of all the tokens in it, read once.
type options struct {
	types  []typeOption
	envs   []envOption
	scoped bool // it says the environment or the projects
	minted bool // it says who minted them, in the server's words
}

// A typeOption is a type that stands beside tokens.
type typeOption struct {
	name    string // as written
	at      *syntax.Node
	value   string // as written: CLIENT, ApiTokenType.CLIENT
	kind    rules.Kind
	plain   bool // it is of the whole table; otherwise of the settings that share its prefix
	account bool // it says that the table is a service account's
}

// An envOption is an option whose meaning is the environment.
type envOption struct {
	node       *syntax.Node
	deployment deployment
}

const optionsLimit = 1000 // of one level

func (r *reader) optionsOf(level *syntax.Node) *options {
	o, known := r.options[level]
	if known {
		return o
	}
	o = &options{}
	for _, k := range level.Kids {
		if k.Kind == syntax.Bind && len(o.types) < optionsLimit {
			if t, ok := typeOptionOf(k); ok {
				o.types = append(o.types, t)
			}
			switch rules.NormalName(rules.LastName(k.Name)) {
			case "ENVIRONMENT", "PROJECT", "PROJECTS":
				o.scoped = true
			case "USERNAME", "TOKEN_NAME":
				o.minted = true
			}
		}
		if (k.Kind == syntax.Arg || k.Kind == syntax.Element) && len(k.Kids) == 1 {
			k = k.Kids[0]
		}
		if k.Kind != syntax.Bind && k.Kind != syntax.Call || len(o.envs) == elseLimit {
			continue
		}
		switch strings.ToLower(rules.LastName(k.Name)) {
		case "environment", "withenvironment", "setenvironment", "environmentname", "unleash_environment",
			"unleashenvironment":
			if d := onlyDeployment(k); d != "" {
				o.envs = append(o.envs, envOption{k, deployment{d, rules.LastName(k.Name) + " beside it"}})
			}
		}
	}
	if r.rowOfTokens(level) {
		at := rowType(level)
		o.types = append(o.types, typeOption{name: "its type", at: at, value: at.Text, kind: rules.KindOfType(at.Text),
			plain: true})
	}
	if r.options == nil {
		r.options = map[*syntax.Node]*options{}
	}
	r.options[level] = o
	return o
}

func typeOptionOf(bind *syntax.Node) (typeOption, bool) {
	name := strings.ToLower(rules.LastName(bind.Name))
	if !strings.HasSuffix(name, "type") {
		return typeOption{}, false
	}
	at := onlyValue(bind)
	if at == nil {
		return typeOption{}, false
	}
	t := typeOption{name: bind.Name, at: at, value: strings.Trim(at.Text, "\"'")}
	word := strings.ToLower(t.value)
	if at.Kind == syntax.Ref {
		// A member of an enumeration: ApiTokenType.CLIENT of the server, TokenType::Frontend of Edge.
		parts := nameParts(at.Name)
		if len(parts) < 2 || !strings.HasSuffix(strings.ToLower(parts[len(parts)-2]), "tokentype") {
			return typeOption{}, false
		}
		t.value = strings.Join(parts[len(parts)-2:], ".")
		word = strings.ToLower(parts[len(parts)-1])
	}
	t.kind = rules.KindOfType(word)
	t.account = name == "type" && word == "unleash_service_account_token"
	t.plain = name == "type" || name == "tokentype" || name == "token_type"
	return t, t.account || t.kind != "" && (t.plain || strings.HasSuffix(name, "_type"))
}

// declaresToken reports whether what stands beside a literal declares it a token, whatever its text (VOCABULARY, item 34): it
// is the secret of an object, or of a row of a table, that has a type of Unleash's own and says its environment or its
// projects.
func (r *reader) declaresToken(n *syntax.Node, t rules.Trail) bool {
	level := n.Parent
	for level != nil && level.Kind != syntax.Table && level.Kind != syntax.Call &&
		!(level.Kind == syntax.Block && r.settings()) {
		level = level.Parent
	}
	if level == nil {
		return false
	}
	if r.rowOfTokens(level) && onlyLiteral(level.Kids[0]) == n {
		return true
	}
	if len(t) == 0 || t[0].Kind != rules.Key {
		return false
	}
	switch strings.ToLower(rules.LastName(t[0].Name)) {
	case "secret", "token":
	default:
		return false
	}
	plain := false
	for _, o := range r.optionsOf(level).types {
		plain = plain || o.plain
	}
	return plain && (r.optionsOf(level).scoped || trailHas(t, "api_tokens"))
}

// serversOwn reports whether the server itself wrote the row, or the object, that a literal is the secret of: only there
// is bare hex a token for its type alone.
func (r *reader) serversOwn(n *syntax.Node, t rules.Trail) bool {
	for _, s := range t {
		switch rules.NormalName(rules.LastName(s.Name)) {
		case "API_TOKENS", "INIT_API_TOKENS":
			return true
		}
	}
	if r.says(r.doc.Root, "unleash") {
		return true
	}
	for level := n.Parent; level != nil; level = level.Parent {
		if level.Kind == syntax.Table {
			return r.optionsOf(level).minted
		}
	}
	return false
}

// rowOfTokens reports whether a table is a row of the server's table api_tokens whose columns nothing names: the secret
// is its first value, and one of the first five is a type.
func (r *reader) rowOfTokens(row *syntax.Node) bool {
	if row.Kind != syntax.Table || len(row.Kids) < 4 || row.Kids[0].Kind != syntax.Arg || r.doc.Lang != "sql" {
		return false
	}
	b := bindOf(row)
	return b != nil && strings.EqualFold(b.Name, "api_tokens") && rowType(row) != nil
}

// rowType is the value of a row that is a type of Unleash's own, nil for none.
func rowType(row *syntax.Node) *syntax.Node {
	for _, k := range row.Kids[1:min(len(row.Kids), 5)] {
		if lit := onlyLiteral(k); lit != nil && rules.KindOfType(lit.Text) != "" {
			return lit
		}
	}
	return nil
}

// aroundNames are the names around a value, and the sections that it stands in.
func aroundNames(t rules.Trail) []string {
	var out []string
	for _, s := range t {
		if s.Kind == rules.Key || s.Kind == rules.Var || s.Kind == rules.Section {
			out = append(out, s.Name)
		}
	}
	return out
}

func trailHas(t rules.Trail, name string) bool {
	for _, s := range t {
		if s.Kind != rules.Arg && strings.EqualFold(rules.LastName(s.Name), name) {
			return true
		}
	}
	return false
}

func (r *reader) declares(k rules.Kind, at *syntax.Node, text string) rules.Evidence {
	return rules.Evidence{Certainty: rules.Declared, Kind: k, File: r.f.path, Line: r.line(at.Start), Text: text}
}

// sharesPrefix reports whether two settings are of one group: UNLEASH_SERVER_API_TYPE and UNLEASH_SERVER_API_TOKEN.
func sharesPrefix(a, b string) bool {
	i, j := strings.LastIndexByte(a, '_'), strings.LastIndexByte(b, '_')
	return i > 0 && i == j && strings.EqualFold(a[:i], b[:j])
}

// onlyValue is the literal or the name that is all of a value, nil where there is more.
func onlyValue(n *syntax.Node) *syntax.Node {
	for n != nil && n.Kind != syntax.Literal && n.Kind != syntax.Ref {
		if len(n.Kids) != 1 {
			return nil
		}
		n = n.Kids[0]
	}
	return n
}

// onlyLiteral is the literal that is all of a value, nil where it is none.
func onlyLiteral(n *syntax.Node) *syntax.Node {
	if v := onlyValue(n); v != nil && v.Kind == syntax.Literal {
		return v
	}
	return nil
}

// ciFiles have jobs whose names are no deployments.
func isCI(p string) bool {
	base := path.Base(p)
	return strings.Contains(p, ".github/") || strings.HasPrefix(base, ".gitlab-ci") || strings.HasPrefix(base,
		"Jenkinsfile") || strings.Contains(p, ".circleci/") ||
		base == "azure-pipelines.yml" || base == "bitbucket-pipelines.yml" || base == "package.json" ||
		base == "Makefile" || strings.HasSuffix(base, ".mk") || base == "turbo.json"
}

// deployments are the names of deployments that a place says: by the setting's own name, the keys around it, an option
// beside it.
func (r *reader) deployments(n *syntax.Node, t rules.Trail) []deployment {
	var out []deployment
	own := true
	for _, s := range t {
		switch s.Kind {
		case rules.Key, rules.Var, rules.Section:
			if s.Kind == rules.Section && !r.settings() {
				continue
			}
			if own {
				last := lastSetting(s.Name)
				if d := rules.DeploymentOfName(last); d != "" && !(d == "test" && !r.settings()) {
					out = append(out, deployment{d, "the name " + last})
				}
				// %dev.quarkus.unleash.token, settings.production.token
				for _, part := range strings.Split(strings.TrimSuffix(strings.TrimSuffix(s.Name, last), "."), ".") {
					part = strings.TrimPrefix(part, "%")
					if d := rules.DeploymentOf(part); d != "" && d != "test" && !isCI(r.f.filePath) {
						out = append(out, deployment{d, "the key " + part + " around it"})
					}
				}
				if !s.Soft {
					own = false
				}
				continue
			}
			if isCI(r.f.filePath) {
				continue
			}
			for _, part := range strings.Split(s.Name, ".") {
				if d := rules.DeploymentOf(part); d != "" && !(d == "test" && !r.settings()) &&
					!(d == "preview" && s.Kind == rules.Var && !r.settings()) { // of code it is as often what is shown
					out = append(out, deployment{d, "the key " + part + " around it"})
				} else if d := rules.DeploymentOfName(part); d != "" && d != "test" && d != "preview" &&
					s.Kind != rules.Section {
					out = append(out, deployment{d, "the name " + part + " around it"})
				}
			}
		}
	}
	// An option whose meaning is the environment.
	levels := 0
	beside(n, func(level *syntax.Node) bool {
		levels++
		if level.Kind == syntax.File || level.Kind == syntax.Block || levels > 6 {
			return true
		}
		for _, o := range r.optionsOf(level).envs {
			if !encloses(o.node, n) {
				out = append(out, o.deployment)
			}
		}
		return false
	})
	return out
}

// onlyDeployment is the deployment that an option names, "" where none or where a condition chooses between texts.
func onlyDeployment(option *syntax.Node) string {
	first := firstLiteral(option)
	if first == nil {
		return ""
	}
	for _, k := range first.Parent.Kids {
		if k.Kind == syntax.Literal && k.Text != first.Text {
			return ""
		}
	}
	return rules.DeploymentOf(first.Text)
}

func firstLiteral(n *syntax.Node) *syntax.Node {
	for _, k := range n.Kids {
		if k.Kind == syntax.Literal {
			return k
		}
		if k.Kind == syntax.Arg {
			return firstLiteral(k)
		}
	}
	return nil
}
