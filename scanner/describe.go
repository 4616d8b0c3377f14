package scanner

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// openLiterals reads literals that hold a text of their own: a header, a URL's query, JSON in a string, a list of settings, a script in a block. What
// they hold becomes their kids.
func (r *reader) openLiterals() {
	next := 0
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		if depth > 60 || next > 2000 {
			return
		}
		for _, k := range n.Kids {
			if k.Kind == syntax.Literal && len(k.Kids) == 0 && len(k.Text) > 8 && r.worthOpening(k) {
				next++
				if doc := syntax.Embedded(k, r.doc); doc != nil && doc.Root != nil {
					k.Kids = doc.Root.Kids
					for _, kid := range k.Kids {
						kid.Parent = k
					}
				}
			}
			walk(k, depth+1)
		}
	}
	walk(r.doc.Root, 0)
}

// worthOpening reports whether a literal holds a credential and more, or text that mentions Unleash or a header in more than one word.
func (r *reader) worthOpening(n *syntax.Node) bool {
	for i := r.firstHit(n.Start); i < len(r.hits) && r.hits[i].Start < n.End; i++ {
		if h := r.hits[i]; h.End <= n.End {
			return n.End-n.Start > h.End-h.Start
		}
	}
	if len(n.Text) > 1<<20 {
		return false
	}
	if n.Flags&syntax.Multiline != 0 || strings.ContainsAny(n.Text, "=\n") || strings.Contains(n.Text, ": ") {
		return r.f.mentions && (strings.Contains(strings.ToLower(n.Text), "nleash") || strings.Contains(n.Text, "Authorization") || strings.Contains(n.Text, "TOKENS"))
	}
	return false
}

var declarable = map[string]rules.Kind{"client": rules.Backend, "backend": rules.Backend, "frontend": rules.Frontend, "admin": rules.Admin}

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
				s.evidence = append(s.evidence, rules.Evidence{Certainty: rules.ByHint, Kind: rules.ServiceAccount, File: r.f.path, Line: r.line(n.Start), Text: name + " around it speaks of service accounts"})
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
				s.evidence = append(s.evidence, r.declares(rules.ServiceAccount, o.lit, "the resource's type is unleash_service_account_token"))
				return
			case (o.plain || sharesPrefix(o.name, s.name)) && up < 3:
				kind := declarable[strings.ToLower(strings.Trim(o.lit.Text, "\"'"))]
				if kind == rules.Admin && s.cred.Kind != rules.Admin {
					continue
				}
				s.declared = kind
				s.evidence = append(s.evidence, r.declares(kind, o.lit, o.name+" beside it says "+o.lit.Text))
				if trailHas(t, "initApiTokens") {
					s.inInit = true
				}
				return
			}
		}
	}
}

// An options is what a level says of all the tokens in it, read once.
type options struct {
	types []typeOption
	envs  []envOption
}

// A typeOption is a type that stands beside tokens.
type typeOption struct {
	name    string // as written
	lit     *syntax.Node
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
		}
		if (k.Kind == syntax.Arg || k.Kind == syntax.Element) && len(k.Kids) == 1 {
			k = k.Kids[0]
		}
		if k.Kind != syntax.Bind && k.Kind != syntax.Call || len(o.envs) == elseLimit {
			continue
		}
		switch strings.ToLower(rules.LastName(k.Name)) {
		case "environment", "withenvironment", "setenvironment", "environmentname", "unleash_environment", "unleashenvironment":
			if lit := firstLiteral(k); lit != nil {
				if d := rules.DeploymentOf(lit.Text); d != "" {
					o.envs = append(o.envs, envOption{k, deployment{d, rules.LastName(k.Name) + " beside it"}})
				}
			}
		}
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
	lit := onlyLiteral(bind)
	if lit == nil {
		return typeOption{}, false
	}
	value := strings.ToLower(strings.Trim(lit.Text, "\"'"))
	t := typeOption{name: bind.Name, lit: lit, account: name == "type" && value == "unleash_service_account_token"}
	t.plain = name == "type" || name == "tokentype" || name == "token_type"
	return t, t.account || declarable[value] != "" && (t.plain || strings.HasSuffix(name, "_type"))
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

func onlyLiteral(n *syntax.Node) *syntax.Node {
	for n != nil && n.Kind != syntax.Literal {
		if len(n.Kids) != 1 {
			return nil
		}
		n = n.Kids[0]
	}
	return n
}

// ciFiles have jobs whose names are no deployments.
func isCI(p string) bool {
	base := path.Base(p)
	return strings.Contains(p, ".github/") || strings.HasPrefix(base, ".gitlab-ci") || strings.HasPrefix(base, "Jenkinsfile") || strings.Contains(p, ".circleci/") ||
		base == "azure-pipelines.yml" || base == "bitbucket-pipelines.yml" || base == "package.json" || base == "Makefile" || strings.HasSuffix(base, ".mk") || base == "turbo.json"
}

// deployments are the names of deployments that a place says: by the setting's own name, the keys around it, an option beside it.
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
				if d := rules.DeploymentOf(part); d != "" && !(d == "test" && !r.settings()) {
					out = append(out, deployment{d, "the key " + part + " around it"})
				} else if d := rules.DeploymentOfName(part); d != "" && d != "test" && d != "preview" && s.Kind != rules.Section {
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

// service is the service, task, script or file that a place belongs to, and the names that others know it by.
func (r *reader) service(n *syntax.Node, t rules.Trail) (string, []string) {
	key, names := r.f.path, []string(nil)
	beside(n, func(level *syntax.Node) bool {
		if level.Kind == syntax.File {
			return true
		}
		if !r.says(level, "unleash-edge") && !r.says(level, "upstream_url") && !r.says(level, "--upstream-url") {
			return false
		}
		// Climb to the level that names the image too, unless a file's end comes first: environment: is only a part of the service.
		if b := bindOf(level); b != nil && (strings.EqualFold(b.Name, "environment") || strings.EqualFold(b.Name, "env") || strings.EqualFold(b.Name, "stringData") || strings.EqualFold(b.Name, "data")) {
			return false
		}
		key = r.f.path + "#" + itoa(level.Start)
		if b := bindOf(level); b != nil {
			names = append(names, strings.ToLower(rules.LastName(b.Name)))
		}
		names = append(names, hostsIn(level, 0)...)
		return true
	})
	return key, names
}

// hostsIn are the hosts by which a service's settings say that others reach it: hostname: edge.example, hosts: [edge.example], their host: entries.
func hostsIn(n *syntax.Node, depth int) []string {
	var hosts []string
	if depth > 8 {
		return nil
	}
	for _, k := range n.Kids {
		if k.Kind == syntax.Bind {
			switch strings.ToLower(rules.LastName(k.Name)) {
			case "host", "hosts", "hostname":
				for _, v := range k.Kids {
					hosts = append(hosts, hostTexts(v)...)
				}
			}
		}
		if len(hosts) < 20 {
			hosts = append(hosts, hostsIn(k, depth+1)...)
		}
	}
	return hosts
}

func hostTexts(n *syntax.Node) []string {
	switch n.Kind {
	case syntax.Literal:
		if strings.Contains(n.Text, ".") && !strings.ContainsAny(n.Text, " /:@$*") {
			return []string{strings.ToLower(n.Text)}
		}
	case syntax.List, syntax.Element:
		var all []string
		for _, k := range n.Kids {
			all = append(all, hostTexts(k)...)
		}
		return all
	}
	return nil
}

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	var b [20]byte
	i := len(b)
	for ; n > 0; n /= 10 {
		i--
		b[i] = byte('0' + n%10)
	}
	return string(b[i:])
}

const defsLimit = 20000 // names kept of one file

// define keeps a name that holds a value that other files may read.
func (r *reader) define(n *syntax.Node, t rules.Trail, lookup bool) {
	if lookup || len(r.f.defs) >= defsLimit || n.Flags&syntax.InComment != 0 {
		return
	}
	var pathParts []string
	raw := ""
	soft := ""
	for _, s := range t {
		switch s.Kind {
		case rules.Key, rules.Var, rules.Func:
			if s.Soft {
				if soft == "" && (raw == "" || rules.PassesOn(raw)) {
					soft = s.Name
				}
				continue
			}
			if raw == "" {
				raw = lastSetting(s.Name)
			}
			pathParts = append(pathParts, s.Name)
		case rules.Section:
			pathParts = append(pathParts, s.Name)
		}
	}
	if soft == "" && (raw == "" || rules.PassesOn(raw)) {
		return
	}
	var atoms []atom
	if n.Kind == syntax.Literal {
		sites := r.sites[n]
		if len(sites) == 0 && (len(n.Text) < 4 || len(n.Text) > 300) {
			return
		}
		if len(sites) == 0 && !strings.Contains(n.Text, "/") && (strings.ContainsAny(n.Text, "0123456789:@") || rules.ClassifyName(raw).Holds) {
			sites = r.sitesIn(n)
		}
		for _, s := range sites {
			atoms = append(atoms, atom{site: s, line: s.at.Line})
		}
		if len(sites) == 0 && strings.Contains(n.Text, "/") {
			atoms = append(atoms, atom{text: n.Text, line: r.line(n.Start)})
		}
	} else {
		c := rules.ClassifyName(raw)
		if !c.Holds && !r.settings() && !isURLName(raw) {
			return
		}
		atoms = r.atomsOf(n, nil)
	}
	if len(atoms) == 0 {
		return
	}
	var norm []string
	for i := len(pathParts) - 1; i >= 0; i-- {
		for _, p := range strings.FieldsFunc(pathParts[i], func(c rune) bool { return c == '.' || c == ':' }) {
			if p = rules.NormalName(p); p != "" {
				norm = append(norm, p)
			}
		}
	}
	line := r.line(n.Start)
	if raw != "" && len(norm) > 0 {
		r.f.defs = append(r.f.defs, &def{file: r.f, path: norm, raw: raw, line: line, atoms: atoms})
	}
	if soft != "" {
		r.f.defs = append(r.f.defs, &def{file: r.f, path: append(norm[:len(norm):len(norm)], rules.NormalName(soft)), raw: soft, line: line, atoms: atoms})
	}
}

// gatherCalls keeps the calls whose arguments may be credentials.
func (r *reader) gatherCalls() {
	if len(r.f.sites) == 0 && !r.f.mentions || r.settings() && r.doc.Lang != "html" {
		return
	}
	index := r.index().calls
	for _, name := range slices.Sorted(maps.Keys(index)) {
		if len(name) < 2 {
			continue
		}
		for _, c := range index[name] {
			f := &callFact{file: r.f, name: name, line: r.line(c.Start), args: map[int][]atom{}, named: map[string][]atom{}}
			for _, k := range c.Kids {
				if k.Kind != syntax.Arg && k.Kind != syntax.Bind || !r.tokenish(k, 0) {
					continue
				}
				for _, t := range k.Kids {
					if t.Kind != syntax.Table {
						continue
					}
					for _, b := range t.Kids {
						if b.Kind == syntax.Bind && r.tokenish(b, 0) {
							f.named[rules.LastName(b.Name)] = r.atomsOf(&syntax.Node{Kind: syntax.Table, Kids: b.Kids, Parent: b.Parent, Start: b.Start, End: b.End}, nil)
						}
					}
				}
				atoms := r.atomsOf(&syntax.Node{Kind: syntax.Table, Kids: k.Kids, Parent: k.Parent, Start: k.Start, End: k.End}, nil)
				if k.Kind == syntax.Arg {
					f.args[k.Index] = atoms
				} else {
					f.named[rules.LastName(k.Name)] = atoms
				}
			}
			if len(f.args)+len(f.named) > 0 && len(r.f.calls) < 5000 {
				r.f.calls = append(r.f.calls, f)
			}
		}
	}
}

// tokenish reports whether an argument holds a credential, or a name that holds one by its own words.
func (r *reader) tokenish(n *syntax.Node, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, k := range n.Kids {
		if len(r.sites[k]) > 0 {
			return true
		}
		if k.Kind == syntax.Ref && rules.ClassifyName(rules.LastName(k.Name)).Holds {
			return true
		}
		if r.tokenish(k, depth+1) {
			return true
		}
	}
	return false
}
