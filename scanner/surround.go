package scanner

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// surround is what a sink asks about a place. Manifests are known when all files are read: byManifest assumes that they
// fit, and engine.allowed looks.
func (r *reader) surround(n *syntax.Node, byManifest bool) rules.Surround {
	return rules.Surround{
		Lang: r.lang(), File: r.f.filePath,
		Imports:  r.importsAt(n),
		Manifest: func(module string) bool { return byManifest },
		Beside:   func(texts []string) bool { return r.mentionsBeside(n, texts) },
		With:     func(names []string) bool { return standsWith(n, names) },
		URL: func() rules.API {
			api, _, _ := r.urlBeside(n)
			return api
		},
		Module: r.moduleOf,
	}
}

// importsAt is imports for a place. On a page for people each piece of code has its own, if it has any.
func (r *reader) importsAt(n *syntax.Node) func(module string) bool {
	if !isPage(r.doc.Lang) {
		return r.imports
	}
	piece := n
	for piece.Parent != nil && piece.Parent != r.doc.Root {
		piece = piece.Parent
	}
	var own []string
	for _, i := range r.doc.Imports {
		if i.Start >= piece.Start && i.Start < piece.End {
			own = append(own, i.Module)
		}
	}
	if len(own) == 0 {
		return r.imports
	}
	return func(module string) bool {
		return slices.ContainsFunc(own, func(m string) bool { return rules.ModuleFits(module, m) })
	}
}

// imports reports whether the file brings in a module that a pattern names.
func (r *reader) imports(module string) bool {
	yes, known := r.imported[module]
	if known {
		return yes
	}
	for _, m := range r.f.modules {
		yes = yes || rules.ModuleFits(module, m)
	}
	yes = yes || r.globalModule(module)
	if r.imported == nil {
		r.imported = map[string]bool{}
	}
	r.imported[module] = yes
	return yes
}

// moduleOf is the module that the first name of a callee was imported from, "" where that is not known.
func (r *reader) moduleOf(callee string) string {
	if r.modules == nil {
		r.modules = map[string]string{}
		for _, i := range r.doc.Imports {
			local := i.Local
			if local == "" {
				local = i.Name
			}
			if _, ok := r.modules[local]; !ok && local != "" {
				r.modules[local] = i.Module
			}
		}
	}
	return r.modules[firstName(callee)]
}

// standsWith reports whether one of the names (any case) is bound in the innermost table or call around a place.
func standsWith(n *syntax.Node, names []string) bool {
	found := false
	beside(n, func(level *syntax.Node) bool {
		binds := 0
		for _, k := range level.Kids {
			if k.Kind != syntax.Bind {
				continue
			}
			binds++
			for _, name := range names {
				found = found || strings.EqualFold(rules.LastName(k.Name), name)
			}
		}
		return binds > 0 || level.Kind == syntax.Block
	})
	return found
}

// globalModule reports whether a page loads a module by a script tag.
func (r *reader) globalModule(module string) bool {
	switch r.doc.Lang {
	case "html", "vue", "svelte", "php":
	default:
		return false
	}
	m := strings.TrimSuffix(module, "*")
	return len(m) > 8 && bytes.Contains(r.doc.Text, []byte(m))
}

// beside climbs from a place outwards, level by level: the table, call or chain around it, then the function or
// section, then the file. visit gets each level's node and stops the climb by returning true.
func beside(n *syntax.Node, visit func(level *syntax.Node) bool) {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case syntax.Table, syntax.Call, syntax.Chain, syntax.List, syntax.Block, syntax.File, syntax.Literal:
			if visit(p) {
				return
			}
		}
	}
}

// mentionsBeside reports whether one of the texts (any case) stands in the same table, call, service or task as n: the
// climb ends at the first level that names a product of Unleash's, so that two services of one file are told apart.
func (r *reader) mentionsBeside(n *syntax.Node, texts []string) bool {
	found := false
	beside(n, func(level *syntax.Node) bool {
		container := isContainer(level)
		says := func(text string) bool {
			return r.says(level, text) && !(container && r.saysInside(level, n, text))
		}
		for _, t := range texts {
			if says(strings.ToLower(t)) {
				found = true
				return true
			}
		}
		if slices.ContainsFunc(productMarks, says) {
			return true
		}
		// What an object of Kubernetes holds is its own: those that take it say so.
		return container || r.isServer(level) || r.doc.Lang == "yaml" && (isObject(r.keysOf(level)) || r.isDocument(level))
	})
	return found
}

// saysInside reports whether a text stands in a container only inside of others that are declared in it and that n is
// not of: Kamal's app and its accessories.
func (r *reader) saysInside(level, n *syntax.Node, text string) bool {
	inside := false
	for _, k := range level.Kids {
		if k.Kind == syntax.Bind && r.says(k, text) {
			if encloses(k, n) || !holdsContainer(k, 0) {
				return false
			}
			inside = true
		}
	}
	return inside
}

// isDocument reports whether a level is one of several documents of a file, each with a kind and a name of its own.
func (r *reader) isDocument(level *syntax.Node) bool {
	if level.Kind != syntax.Table || level.Parent != r.doc.Root || len(r.doc.Root.Kids) < 2 {
		return false
	}
	keys := r.keysOf(level)
	return keys["kind"] != nil && keys["name"] != nil
}

// holdsContainer reports whether a container is declared a few levels below a node.
func holdsContainer(n *syntax.Node, depth int) bool {
	return depth < 6 && slices.ContainsFunc(n.Kids, func(k *syntax.Node) bool {
		return isContainer(k) || holdsContainer(k, depth+1)
	})
}

// isServer reports whether a level is one of the servers that an editor or an agent starts.
func (r *reader) isServer(level *syntax.Node) bool {
	b := bindOf(level)
	if level.Kind != syntax.Table || b == nil || r.doc.Lang != "json" || r.keysOf(level)["command"] == nil {
		return false
	}
	around := bindOf(b)
	return around != nil && (listsServers("", around.Name) || around.Name == "servers")
}

// isContainer reports whether a level is all that is said of one container: a command that runs an image, a table that
// names one. What stands around it says nothing of it.
func isContainer(level *syntax.Node) bool {
	switch level.Kind {
	case syntax.Call:
		switch rules.LastName(level.Name) {
		case "docker", "podman", "nerdctl":
			return true
		}
	case syntax.Table:
		return slices.ContainsFunc(level.Kids, isImage)
	case syntax.Block: // a task of Nomad
		return slices.ContainsFunc(level.Kids, func(k *syntax.Node) bool {
			return k.Kind == syntax.Block && k.Name == "config" && slices.ContainsFunc(k.Kids, isImage)
		})
	}
	return false
}

// isImage reports whether an entry names the image of a container.
func isImage(k *syntax.Node) bool {
	if k.Kind != syntax.Bind || k.Name != "image" {
		return false
	}
	lit := onlyLiteral(k)
	return lit != nil && lit.Text != "" && !strings.ContainsAny(lit.Text, "${")
}

// A saying is a text (lower case) that may stand in a level.
type saying struct {
	level *syntax.Node
	text  string
}

// says reports whether a text (lower case) stands in a level. What a long one says is remembered: all its places ask
// the same.
func (r *reader) says(level *syntax.Node, text string) bool {
	part := r.lower(level)
	if len(part) < 512 {
		return bytes.Contains(part, []byte(text))
	}
	key := saying{level, text}
	yes, known := r.said[key]
	if !known {
		if r.said == nil {
			r.said = map[saying]bool{}
		}
		yes = bytes.Contains(part, []byte(text))
		r.said[key] = yes
	}
	return yes
}

// productMarks name an Unleash product (lower case): where one stands, the service is known.
var productMarks = []string{"unleash-server", "unleash-edge", "unleashorg/unleash-proxy", "upstream_url",
	"unleash_proxy_client_keys", "@unleash/mcp"}

// lower is a node's text in lower case, at most 64 KiB of it.
func (r *reader) lower(n *syntax.Node) []byte {
	if text, ok := r.innerText[n]; ok {
		return text
	}
	a, b := n.Start, n.End
	if n.Kind == syntax.File {
		a, b = 0, len(r.doc.Text)
	}
	a, b = max(0, a), min(len(r.doc.Text), b)
	if a >= b {
		return nil
	}
	if b-a > 64<<10 {
		b = a + 64<<10
	}
	if r.lowered == nil {
		r.lowered = bytes.ToLower(r.doc.Text)
		if len(r.lowered) != len(r.doc.Text) {
			r.lowered = r.doc.Text
		}
	}
	return r.lowered[a:b]
}

// envFiles notes the files of settings that this one hands to services: env_file of compose, --env-file,
// EnvironmentFile of systemd.
func (r *reader) envFiles() {
	if !r.settings() || !r.f.mentions && !bytes.Contains(r.lower(r.doc.Root), []byte("upstream_url")) {
		return
	}
	for _, n := range r.leaves {
		if n.Kind != syntax.Literal || !strings.Contains(n.Text, ".env") && !strings.Contains(n.Text, "env") {
			continue
		}
		b := bindOf(n)
		for b != nil && rules.PassesOn(b.Name) || b != nil && b.Name == "path" {
			b = bindOf(b)
		}
		if b == nil {
			continue
		}
		switch strings.ToLower(b.Name) {
		case "env_file", "--env-file", "environmentfile", "envfile", "env-file":
		default:
			continue
		}
		env := r.handsOver(b)
		env.name = strings.TrimPrefix(strings.Trim(n.Text, "\"'"), "-")
		r.f.envs = append(r.f.envs, env)
	}
	for _, p := range r.processTables() {
		if from := r.keysOf(p)["envFrom"]; from != nil {
			for _, o := range r.objectsIn(from, p) {
				env := r.handsOver(from)
				env.object = &o
				r.f.envs = append(r.f.envs, env)
			}
		}
	}
}

// handsOver is what is handed to the service that a node stands in.
func (r *reader) handsOver(n *syntax.Node) (env envFile) {
	beside(n, func(level *syntax.Node) bool {
		env.says = env.says[:0]
		for _, text := range rules.BesideTexts() {
			if r.says(level, text) {
				env.says = append(env.says, text)
			}
		}
		for _, mark := range []string{"unleash-edge", "unleash-proxy", "unleash-server", "@unleash/proxy"} {
			if r.says(level, mark) {
				return true
			}
		}
		return level.Kind == syntax.File || r.processes[level] != nil // what stands around a service says nothing of it
	})
	env.key, env.names = r.service(n, nil)
	return env
}

// processTables are the tables that declare processes, in order.
func (r *reader) processTables() []*syntax.Node {
	var out []*syntax.Node
	for table, f := range r.processes {
		if f != nil {
			out = append(out, table)
		}
	}
	slices.SortFunc(out, func(a, b *syntax.Node) int { return a.Start - b.Start })
	return out
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
		// Climb to the level that names the image too, unless a file's end comes first: environment: is only a part of
		// the service.
		if b := bindOf(level); b != nil && (strings.EqualFold(b.Name, "environment") || strings.EqualFold(b.Name,
			"env") || strings.EqualFold(b.Name, "stringData") || strings.EqualFold(b.Name, "data")) {
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

// hostsIn are the hosts by which a service's settings say that others reach it: hostname: edge.example, hosts:
// [edge.example], their host: entries.
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
