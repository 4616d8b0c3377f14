package scanner

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file reads the processes that files of settings declare: services of compose, containers of workloads, jobs and
// steps of CI, functions of a platform. What stands in one is given to it alone (VOCABULARY, item 37).

// A processFact is a process that a file of settings declares, and what it says of the code that runs in it.
type processFact struct {
	file    *fileFacts
	name    string
	start   int          // of what declares it, in the view
	outer   *processFact // the job around a step
	dirs    []string     // folders that it is built from or works in, as written
	words   []string     // other words that may be paths of what it runs
	image   string
	built   bool   // its image is built here
	docker  string // the Dockerfile, where that is not its folder's own
	product bool   // its image is Unleash's own
	files   []string
	objects []objectName
	aliases []string   // anchors that it takes settings from
	parts   []partName // by which it is known where it is written in parts
	partial bool       // another part says what runs
}

// An objectName is a ConfigMap or a Secret of Kubernetes; the namespace is "" where nothing says one. A name that is a
// template is the same in the templates of one chart, which is the folder of it, "" for plain names.
type objectName struct{ name, namespace, chart string }

// An objectFact is an object that a file defines.
type objectFact struct {
	objectName
}

// agrees reports whether two names may be of one object.
func (o objectName) agrees(with objectName) bool {
	return o.name == with.name && o.chart == with.chart && (o.namespace == with.namespace || o.namespace == "" || with.namespace == "")
}

// keysOf is mapping, remembered: each leaf of a large table asks for it.
func (r *reader) keysOf(n *syntax.Node) map[string]*syntax.Node {
	keys, known := r.keys[n]
	if !known {
		if r.keys == nil {
			r.keys = map[*syntax.Node]map[string]*syntax.Node{}
		}
		keys = mapping(n)
		r.keys[n] = keys
	}
	return keys
}

// mapping are the Binds of a table by their names, nil for another node.
func mapping(n *syntax.Node) map[string]*syntax.Node {
	if n.Kind != syntax.Table && n.Kind != syntax.Block {
		return nil
	}
	keys := map[string]*syntax.Node{}
	for _, k := range n.Kids {
		if k.Kind == syntax.Bind && len(k.Kids) > 0 {
			if _, has := keys[k.Name]; !has {
				keys[k.Name] = k
			}
		}
	}
	return keys
}

// texts are the literals under a node, in order, at most 400.
func texts(n *syntax.Node, out []string) []string {
	for _, k := range n.Kids {
		if len(out) >= 400 {
			return out
		}
		if k.Kind == syntax.Literal && len(k.Kids) == 0 && len(k.Text) <= 200 {
			out = append(out, strings.Fields(k.Text)...)
		}
		if k.Kind == syntax.Call && k.Name != "" || k.Kind == syntax.Bind && strings.HasPrefix(k.Name, "-") {
			out = append(out, k.Name) // the first word of a command line, an option before its value
		}
		out = texts(k, out)
	}
	return out
}

// literalOf is the text that is all of a Bind's value, "" for none.
func literalOf(b *syntax.Node) string {
	if b == nil {
		return ""
	}
	if lit := onlyLiteral(b); lit != nil {
		return lit.Text
	}
	return ""
}

// processKeys are keys of which a table has one that declares a process.
var processKeys = []string{"image", "build", "handler", "entry", "CodeUri", "script", "run", "steps", "extends",
	"env_file", "jobs"}

// isStage reports whether a table is a stage of a pipeline: what it sets is known to its jobs and to no other stage's.
func isStage(table *syntax.Node) bool {
	b := bindOf(table)
	return b != nil && b.Name == "stages" && table.Parent != nil && table.Parent.Kind == syntax.Element
}

// processAround is the innermost process that a node stands in, nil for none.
func (r *reader) processAround(n *syntax.Node) *processFact {
	if !r.hasUnits {
		return nil
	}
	for p, child := n.Parent, n; p != nil; p, child = p.Parent, p {
		if p.Kind != syntax.Table && !(p.Kind == syntax.Block && p.Name != "") && !r.isJenkinsStage(p) {
			continue
		}
		if child.Kind == syntax.Bind && child.Name == "image" {
			continue
		}
		if f := r.processAt(p); f != nil {
			return f
		}
	}
	return nil
}

// declaresProcesses reports whether the file is of a format in which processes are declared. It reads the text: the answer
// is kept in hasUnits, for it is asked for each leaf.
func (r *reader) declaresProcesses() bool {
	text := r.doc.Text
	has := func(word string) bool { return bytes.Contains(text, []byte(word)) }
	switch {
	case r.doc.Lang == "yaml", r.doc.Lang == "makefile":
		return true
	case r.doc.Lang == "hcl":
		return has("env") || has("app_settings")
	case r.doc.Lang == "groovy":
		return isJenkinsfile(r.f.filePath) && has("environment")
	case r.doc.Lang == "json":
		return len(text) < 1<<18
	}
	return family(r.doc.Lang) == "js" && r.doc.Lang != "html" && len(text) < 1<<16 && has("env") &&
		(has("script:") || has("handler:") || has("entry:"))
}

// gatherProcesses keeps the processes that a file declares.
func (r *reader) gatherProcesses() {
	if !r.hasUnits {
		return
	}
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		if depth > 60 || len(r.f.processes) > 2000 {
			return
		}
		for _, k := range n.Kids {
			if k.Kind == syntax.Table {
				r.processAt(k)
			}
			walk(k, depth+1)
		}
	}
	walk(r.doc.Root, 0)
}

// processAt is the process that a table declares, nil where it declares none.
func (r *reader) processAt(table *syntax.Node) *processFact {
	if f, known := r.processes[table]; known {
		return f
	}
	if r.processes == nil {
		r.processes = map[*syntax.Node]*processFact{}
	}
	r.processes[table] = nil
	switch r.doc.Lang {
	case "makefile":
		return r.targetAt(table)
	case "groovy":
		return r.jenkinsStageAt(table)
	case "hcl":
		return r.resourceAt(table)
	}
	if !slices.ContainsFunc(table.Kids, func(k *syntax.Node) bool {
		return k.Kind == syntax.Bind && (k.Name == "image" || r.doc.Lang != "json" && slices.Contains(processKeys, k.Name) ||
			k.Name == "command" && r.listsServers())
	}) && !r.isPart(table) {
		return nil
	}
	keys := mapping(table)
	if family(r.doc.Lang) == "js" && !startsProgram(keys) {
		return nil
	}
	stage := keys["jobs"] != nil && isStage(table)
	if isObject(keys) || keys["jobs"] != nil && !stage || keys["services"] != nil {
		return nil
	}
	if b := bindOf(table); b != nil && b.Name == "build" || r.isChartValue(table, keys) {
		return nil
	}
	f := &processFact{file: r.f, start: table.Start, name: literalOf(keys["name"])}
	if b := bindOf(table); b != nil && !rules.PassesOn(b.Name) && b.Name != "containers" {
		f.name = b.Name
	}
	r.describeProcess(f, table, keys)
	f.parts = r.partsOf(table)
	f.partial = len(f.parts) > 0 && keys["image"] == nil && keys["build"] == nil
	r.processes[table] = f
	for p := table.Parent; p != nil && f.outer == nil; p = p.Parent {
		if p.Kind == syntax.Table {
			f.outer = r.processAt(p)
		}
	}
	r.f.processes = append(r.f.processes, f)
	return f
}

// targetAt is the target of a Makefile that a block is of: what is set for it is known to its recipe.
func (r *reader) targetAt(block *syntax.Node) *processFact {
	if block.Kind != syntax.Block || block.Parent != r.doc.Root {
		return nil
	}
	f := &processFact{file: r.f, start: block.Start, name: block.Name}
	for _, k := range r.doc.Root.Kids {
		if k.Kind != syntax.Block || k.Name != block.Name {
			continue
		}
		if first := r.processes[k]; first != nil {
			f = first // a target may be written in several parts
			break
		}
		f.words = texts(k, f.words)
	}
	if r.processes[block] = f; f.start == block.Start {
		r.f.processes = append(r.f.processes, f)
	}
	return f
}

func isJenkinsfile(p string) bool {
	base := path.Base(p)
	return strings.HasPrefix(base, "Jenkinsfile") || strings.HasSuffix(base, ".jenkinsfile")
}

// isJenkinsStage reports whether a node is a stage of a pipeline of Jenkins.
func (r *reader) isJenkinsStage(n *syntax.Node) bool {
	return r.doc.Lang == "groovy" && n.Kind == syntax.Call && n.Name == "stage"
}

// jenkinsStageAt is the stage of Jenkins that a call declares, nil where it declares none.
func (r *reader) jenkinsStageAt(call *syntax.Node) *processFact {
	if !r.isJenkinsStage(call) {
		return nil
	}
	f := &processFact{file: r.f, start: call.Start}
	if lit := anyLiteral(call); lit != nil {
		f.name = lit.Text
	}
	for p := call.Parent; p != nil && f.outer == nil; p = p.Parent {
		if r.isJenkinsStage(p) {
			f.outer = r.processAt(p)
		}
	}
	f.words = texts(call, nil)
	r.processes[call] = f
	r.f.processes = append(r.f.processes, f)
	return f
}

// listsServers reports whether the file lists servers that an editor or an agent starts.
func (r *reader) listsServers() bool {
	if r.doc.Lang != "json" || len(r.doc.Root.Kids) == 0 {
		return false
	}
	for key := range r.keysOf(r.doc.Root.Kids[0]) {
		if listsServers(r.f.filePath, key) {
			return true
		}
	}
	return false
}

// startsProgram reports whether a table of code says what a program is and what its environment: an app of PM2, a function
// of a stack.
func startsProgram(keys map[string]*syntax.Node) bool {
	if keys["script"] == nil && keys["handler"] == nil && keys["entry"] == nil {
		return false
	}
	for name := range keys {
		if environmentKey(name) {
			return true
		}
	}
	return false
}

// programSetting is the variable that code gives to a program which it describes in a table, "" for another value.
func (r *reader) programSetting(n *syntax.Node) string {
	if r.settings() || n.Parent == nil || n.Parent.Kind != syntax.Bind {
		return ""
	}
	b := n.Parent
	if block := b.Parent; r.hasUnits && r.doc.Lang == "groovy" && block != nil && block.Kind == syntax.Block &&
		block.Parent != nil && block.Parent.Kind == syntax.Call && block.Parent.Name == "environment" {
		return b.Name
	}
	if table := b.Parent; table == nil || table.Kind != syntax.Table || table.Parent == nil ||
		table.Parent.Kind != syntax.Bind || !environmentKey(table.Parent.Name) || r.processAround(n) == nil {
		return ""
	}
	return rules.LastName(b.Name)
}

// environmentKey reports whether a key of a table holds variables of the environment; PM2 has env_production beside env.
func environmentKey(name string) bool {
	return name == "env" || name == "environ" || name == "environment" || strings.HasPrefix(name, "env_") && name != "env_file"
}

// isChartValue reports whether a table is values of a chart: an image of them is a table of its parts.
func (r *reader) isChartValue(table *syntax.Node, keys map[string]*syntax.Node) bool {
	image := keys["image"]
	return image != nil && keys["build"] == nil && onlyLiteral(image) == nil && len(image.Kids) == 1 &&
		image.Kids[0].Kind == syntax.Table && callArg(image, "repository") != nil
}

// isObject reports whether a table is an object of Kubernetes: its containers are the processes.
func isObject(keys map[string]*syntax.Node) bool {
	return keys["apiVersion"] != nil && keys["kind"] != nil
}

// describeProcess reads what the keys of a table say of its process.
func (r *reader) describeProcess(f *processFact, table *syntax.Node, keys map[string]*syntax.Node) {
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		b := keys[name]
		switch name {
		case "image":
			f.image = literalOf(b)
			f.product = isProductImage(f.image)
		case "build":
			f.built = true
			switch {
			case literalOf(b) != "" && len(b.Kids) == 1 && b.Kids[0].Kind == syntax.Literal:
				f.dirs = append(f.dirs, literalOf(b))
			default:
				inner := mapping(b.Kids[0])
				f.docker = literalOf(inner["dockerfile"])
				if context := literalOf(inner["context"]); context != "" {
					f.dirs = append(f.dirs, context)
				} else {
					f.dirs = append(f.dirs, ".")
				}
			}
		case "working-directory", "working_directory", "workingDirectory", "CodeUri", "cwd":
			f.dirs = append(f.dirs, literalOf(b))
		case "defaults":
			if lit := callArg(b, "working-directory"); lit != nil {
				f.dirs = append(f.dirs, lit.Text)
			} else if run := mapping(b.Kids[0])["run"]; run != nil && run.Kids[0].Kind == syntax.Table {
				f.dirs = append(f.dirs, literalOf(mapping(run.Kids[0])["working-directory"]))
			}
		case "script", "run", "steps", "handler", "entry", "before_script", "entrypoint", "command", "args", "jobs":
			f.words = texts(b, f.words)
		case "code": // a function of a stack: the folder that is packed
			if !r.settings() {
				f.words = texts(b, f.words)
			}
		case "extends":
			if lit := callArg(b, "service"); lit != nil {
				f.aliases = append(f.aliases, lit.Text)
			} else {
				f.aliases = texts(b, f.aliases)
			}
		case "env_file":
			f.files = texts(b, f.files)
		case "envFrom":
			f.objects = append(f.objects, r.objectsIn(b, table)...)
		}
	}
	slices.Sort(f.dirs)
	f.dirs = slices.DeleteFunc(slices.Compact(f.dirs), func(s string) bool { return s == "" })
	f.aliases = append(f.aliases, aliasesIn(table, 0)...)
}

func isProductImage(image string) bool {
	for _, mark := range []string{"unleash-edge", "unleash-proxy", "unleash-server", "unleashorg/"} {
		if strings.Contains(image, mark) {
			return true
		}
	}
	return false
}

// aliasesIn are the anchors that a table merges or gives as its environment.
func aliasesIn(n *syntax.Node, depth int) []string {
	var out []string
	for _, k := range n.Kids {
		if k.Kind == syntax.Bind && len(k.Kids) > 0 {
			for _, v := range k.Kids {
				if v.Kind == syntax.Ref && (k.Name == "<<" || k.Name == "environment" || k.Name == "env") {
					out = append(out, v.Name)
				}
			}
		}
		if depth < 3 && len(out) < 16 {
			out = append(out, aliasesIn(k, depth+1)...)
		}
	}
	return out
}

// objectsIn are the objects that envFrom of a container takes.
func (r *reader) objectsIn(b, at *syntax.Node) []objectName {
	var out []objectName
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		for _, k := range n.Kids {
			if k.Kind == syntax.Bind && (k.Name == "secretRef" || k.Name == "configMapRef") {
				if o := r.objectNamed(bindIn(k, "name"), r.namespaceOf(at)); o.name != "" {
					out = append(out, o)
				}
			}
			if depth < 6 {
				walk(k, depth+1)
			}
		}
	}
	walk(b, 0)
	return out
}

// namespaceOf is the namespace of the object that a node stands in, "" where it says none.
func (r *reader) namespaceOf(n *syntax.Node) string {
	for p := n; p != nil; p = p.Parent {
		if keys := r.keysOf(p); keys["apiVersion"] != nil {
			if meta := keys["metadata"]; meta != nil {
				return literalOf(mapping(meta.Kids[0])["namespace"])
			}
			return literalOf(keys["namespace"]) // of a kustomization
		}
	}
	return ""
}

// objectAround is the ConfigMap or Secret whose data a node stands in, nil for none.
func (r *reader) objectAround(n *syntax.Node) *objectFact {
	if r.doc.Lang != "yaml" && r.doc.Lang != "json" {
		return nil
	}
	for p, child := n.Parent, n; p != nil; p, child = p.Parent, p {
		keys := r.keysOf(p)
		if keys == nil {
			continue
		}
		if isObject(keys) {
			kind := literalOf(keys["kind"])
			meta := keys["metadata"]
			if child.Kind != syntax.Bind || meta == nil || kind != "Secret" && kind != "ConfigMap" ||
				child.Name != "data" && child.Name != "stringData" {
				return nil
			}
			of := mapping(meta.Kids[0])
			return &objectFact{objectName: r.objectNamed(of["name"], literalOf(of["namespace"]))}
		}
		if b := bindOf(p); b != nil && (b.Name == "secretGenerator" || b.Name == "configMapGenerator") {
			return &objectFact{objectName: r.objectNamed(keys["name"], firstOf(literalOf(keys["namespace"]), r.namespaceOf(p)))}
		}
	}
	return nil
}

// objectNamed is the object of a name.
func (r *reader) objectNamed(b *syntax.Node, namespace string) objectName {
	o := objectName{name: literalOf(b), namespace: namespace}
	if o.name != "" || b == nil {
		return o
	}
	line, _, _ := strings.Cut(string(r.doc.Text[nameStart(b):min(len(r.doc.Text), nameStart(b)+200)]), "\n")
	_, value, _ := strings.Cut(line, ":")
	if value = strings.Trim(value, " \t\r\"'"); strings.Contains(value, "{{") {
		o.name, o.chart = value, r.f.filePath
		if i := strings.LastIndex("/"+o.chart, "/templates/"); i >= 0 {
			o.chart = "/" + o.chart[:i]
		}
	}
	return o
}

// bindIn is the entry of this name under a node, at any depth; nil for none.
func bindIn(n *syntax.Node, name string) *syntax.Node {
	for _, k := range n.Kids {
		if k.Kind == syntax.Bind && k.Name == name && len(k.Kids) > 0 {
			return k
		}
		if b := bindIn(k, name); b != nil {
			return b
		}
	}
	return nil
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// refersTo is the object and the key that the value of a variable is taken from, false for another value.
func (r *reader) refersTo(n *syntax.Node) (of objectName, key string, ok bool) {
	if n.Kind != syntax.Ref || n.Parent == nil || n.Parent.Kind != syntax.Bind || len(n.Parent.Kids) < 2 {
		return of, "", false
	}
	for _, from := range n.Parent.Kids[0].Kids {
		if from.Kind != syntax.Bind || !strings.HasSuffix(strings.ToLower(from.Name), "keyref") &&
			!strings.HasSuffix(from.Name, "key_ref") || len(from.Kids) == 0 {
			continue
		}
		keys := mapping(from.Kids[0])
		of = r.objectNamed(keys["name"], r.namespaceOf(n))
		if key = literalOf(keys["key"]); of.name != "" && key != "" {
			return of, key, true
		}
	}
	return of, "", false
}

// A process is what a processFact comes to in the program.
type process struct {
	fact *processFact
	// runs are folders and files of the code that runs in it; wide is the folder that it is built from where a part of
	// that is known to be its own. Both are empty where nothing tells.
	runs []string
	wide string
	none bool // it runs nothing of this tree
}

// processOf resolves a process's paths.
func (e *engine) processOf(fact *processFact) *process {
	if p := e.processes[fact]; p != nil {
		return p
	}
	p := &process{fact: fact, none: fact.product}
	e.processes[fact] = p
	if p.none {
		return p
	}
	bases := []string{path.Dir(fact.file.filePath)}
	if root, is := ciRoot(fact.file.filePath); is {
		bases = []string{root}
	} else if strings.HasPrefix(path.Base(bases[0]), ".") && bases[0] != "." { // .vscode/, .cursor/
		bases = []string{path.Dir(bases[0])}
	} else if pkg := fact.file.pkg; !settingsLangs(fact.file.lang) && pkg != bases[0] {
		bases = append(bases, path.Join(".", pkg)) // code names paths from where it is started
	}
	dirs := fact.dirs
	if len(dirs) == 0 && fact.outer != nil {
		dirs = fact.outer.dirs
	}
	var in []string
	for _, d := range dirs {
		if dir := path.Join(bases[0], strings.TrimSuffix(d, "/")); e.hasFolder(dir) {
			in = append(in, dir)
		}
	}
	p.runs = append(p.runs, e.named(fact.words, append(in, bases...))...)
	switch {
	case len(p.runs) > 0 && len(in) > 0:
		p.wide = in[0]
	case len(in) > 0:
		p.runs = in
	}
	if fact.docker != "" && len(in) > 0 {
		if dir := path.Dir(path.Join(in[0], fact.docker)); dir != in[0] && e.hasFolder(dir) {
			p.runs, p.wide = []string{dir}, in[0]
		}
	}
	if len(p.runs) == 0 && fact.image != "" {
		p.runs = e.builtAs(fact)
	}
	if len(p.runs) == 0 && fact.image == "" {
		for _, base := range fact.file.processes {
			if base != fact && base.name != "" && slices.Contains(fact.aliases, base.name) {
				of := e.processOf(base)
				p.runs, p.wide, p.none = of.runs, of.wide, of.none
			}
		}
	}
	if whole := e.wholeOf(fact); whole != fact && len(p.runs) == 0 {
		of := e.processOf(whole)
		p.runs, p.wide, p.none = of.runs, of.wide, of.none
		return p
	}
	if len(p.runs) == 0 && fact.image == "" && fact.outer != nil {
		outer := e.processOf(fact.outer)
		p.runs, p.wide = outer.runs, outer.wide
	}
	return p
}

// ciRoot is the folder whose code the jobs of a file of CI run, false for other files.
func ciRoot(p string) (string, bool) {
	for _, dir := range []string{".github/", ".circleci/", ".buildkite/", ".gitea/", ".woodpecker/"} {
		if i := strings.Index(p, dir); i == 0 || i > 0 && p[i-1] == '/' {
			return path.Clean(p[:i] + "."), true
		}
	}
	base := path.Base(p)
	if strings.HasPrefix(base, ".gitlab-ci") || strings.HasPrefix(base, "azure-pipelines") ||
		strings.HasPrefix(base, "bitbucket-pipelines") || strings.HasPrefix(base, ".drone") ||
		strings.HasPrefix(base, ".travis") || strings.HasPrefix(base, "cloudbuild") {
		return path.Dir(p), true
	}
	return "", false
}

// named are the folders and files that words of a command line name: those behind cd and options for folders, and words
// that are paths of what is there.
func (e *engine) named(words, bases []string) []string {
	var out []string
	add := func(p string) {
		if !slices.Contains(out, p) && len(out) < 16 {
			out = append(out, p)
		}
	}
	for i, w := range words {
		w = strings.Trim(w, "\"'();&|")
		option, value, joined := strings.Cut(w, "=")
		folder := i > 0 && folderOption(words[i-1])
		if joined && folderOption(option) {
			w, folder = value, true
		}
		if i > 0 && words[i-1] == "-m" && !strings.Contains(w, "/") { // python -m package.module
			w = strings.ReplaceAll(w, ".", "/")
			for _, base := range bases {
				for _, p := range e.existing(path.Join(base, w)+".py", path.Join(base, w, "__main__.py")) {
					add(p)
				}
			}
		}
		if w == "" || w[0] == '-' || strings.Contains(w, "://") || strings.ContainsAny(w, "$*{") {
			continue
		}
		if folder {
			for _, dir := range e.packages[w] {
				add(path.Clean("./" + dir))
			}
		}
		for _, base := range bases {
			p := path.Join(base, w)
			switch {
			case strings.ContainsAny(w, "./") && e.has(p):
				add(p)
			case (folder || strings.Contains(w, "/")) && p != "." && e.hasFolder(p):
				add(p)
			case e.ask.lib == nil && strings.HasPrefix(w, "./") && path.Ext(w) != "":
				add(p) // only a part of the tree is known here: the script is there all the same
			case strings.Contains(w, "/"): // handlers name a function of the file
				for _, ext := range handlerEndings {
					if q := strings.TrimSuffix(p, path.Ext(p)) + ext; e.has(q) {
						add(q)
					}
				}
			}
		}
	}
	return out
}

var handlerEndings = []string{".js", ".ts", ".mjs", ".cjs", ".py", ".rb", ".go"}

// folderOption reports whether a word of a command line is followed by a folder or a package.
func folderOption(word string) bool {
	switch word {
	case "cd", "pushd", "--prefix", "-C", "--cwd", "--workspace", "--filter", "--project", "--directory", "-w", "--dir":
		return true
	}
	return false
}

// builtAs are the folders of the image that a process runs: what another one builds under that name, else the one
// package or folder of that name.
func (e *engine) builtAs(fact *processFact) []string {
	name := imageName(fact.image)
	for _, f := range e.files {
		for _, other := range f.processes {
			if other != fact && other.built && other.image == fact.image {
				if p := e.processOf(other); len(p.runs) > 0 {
					return p.runs
				}
			}
		}
	}
	if strings.ContainsAny(fact.image, "${") {
		name = fact.name
	}
	if name == "" {
		return nil
	}
	if dirs := e.packages[name]; len(dirs) == 1 && dirs[0] != "" {
		return dirs
	}
	var out []string
	for dir := range e.folders() {
		if path.Base(dir) == name {
			out = append(out, dir)
		}
	}
	if len(out) == 1 {
		return out
	}
	return nil
}

// imageName is the last name of an image, without registry, tag and digest.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	image = image[strings.LastIndexByte(image, '/')+1:]
	image, _, _ = strings.Cut(image, ":")
	return image
}

// folders are all folders of the tree.
func (e *engine) folders() map[string]bool {
	e.index()
	if e.folderSet == nil {
		e.folderSet = map[string]bool{}
		for dir := range e.inDir {
			for d := dir; d != "." && d != "/" && !e.folderSet[d]; d = path.Dir(d) {
				e.folderSet[d] = true
			}
		}
	}
	return e.folderSet
}

func (e *engine) hasFolder(dir string) bool { return dir == "." || e.folders()[dir] }

// takers are the processes that a definition is given to; known reports whether the files say who that is.
func (e *engine) takers(d *def) (list []*process, known bool) {
	add := func(fact *processFact) { list = append(list, e.processOf(fact)) }
	if d.process != nil {
		add(d.process)
		for _, f := range d.file.processes { // services that extend it
			if d.process.name != "" && slices.Contains(f.aliases, d.process.name) {
				add(f)
			}
		}
		return list, true
	}
	h := e.handings()
	for _, name := range d.path {
		for _, f := range h.aliases[aliased{d.file, name}] {
			add(f)
		}
	}
	e.index()
	for _, o := range e.objectsOf(d) {
		if e.once("object", o.name) {
			e.holding(slices.Concat(e.byExt[".yaml"], e.byExt[".yml"]), o.name, callersFiles)
			h = e.handings()
		}
		for _, f := range h.objects[o.name] {
			if slices.ContainsFunc(f.objects, o.agrees) {
				add(f)
			}
		}
	}
	for _, f := range h.files[d.file.filePath] {
		add(f)
	}
	return list, len(list) > 0
}

// objectsOf are the objects of Kubernetes whose data a definition is: the one that it stands in, and those that a
// kustomization makes of its file.
func (e *engine) objectsOf(d *def) []objectName {
	if d.object != nil {
		return []objectName{d.object.objectName}
	}
	if d.file.lang != "dotenv" && d.file.lang != "properties" && d.file.lang != "ini" {
		return nil
	}
	return e.handings().generated[d.file.filePath]
}

// A generator is an object that a kustomization makes of files of settings.
type generator struct {
	objectName
	files []string
}

// gatherGenerators keeps the objects that a kustomization makes of files of settings.
func (r *reader) gatherGenerators() {
	if !isKustomization(r.f.filePath) || len(r.doc.Root.Kids) == 0 {
		return
	}
	keys := mapping(r.doc.Root.Kids[0])
	for _, list := range []string{"secretGenerator", "configMapGenerator"} {
		b := keys[list]
		if b == nil || b.Kids[0].Kind != syntax.List {
			continue
		}
		for _, k := range b.Kids[0].Kids {
			if k.Kind != syntax.Element || len(k.Kids) == 0 || len(r.f.makes) >= 200 {
				continue
			}
			of := mapping(k.Kids[0])
			g := generator{objectName: r.objectNamed(of["name"], firstOf(literalOf(of["namespace"]), literalOf(keys["namespace"])))}
			for _, name := range []string{"envs", "env"} {
				if of[name] != nil {
					g.files = texts(of[name], g.files)
				}
			}
			if g.name != "" && len(g.files) > 0 {
				r.f.makes = append(r.f.makes, g)
			}
		}
	}
}

func isKustomization(p string) bool {
	base := path.Base(p)
	return base == "kustomization.yaml" || base == "kustomization.yml"
}

// runsIn reports whether a process runs a file's code, and how near that makes its settings.
func (e *engine) runsIn(p *process, f *fileFacts) (near int, ok bool) {
	for _, at := range p.runs {
		if f.filePath == at || liesIn(f.filePath, at) {
			near, ok = max(near, 1<<10+len(at)), true
		} else if m := e.nearest(at + "/."); m != nil && e.dependsOn(m, f) || e.startsWith(at, f) {
			near, ok = max(near, 1<<9), true
		}
	}
	if !ok && p.wide != "" && liesIn(f.filePath, p.wide) {
		return 1<<9 + len(p.wide), true
	}
	return near, ok
}

// closureFiles bounds the files that are looked at for what one file or folder brings in.
const closureFiles = 60

// startsWith reports whether a program that starts with a file, or with the code of a folder, runs the code of another
// file of its package: it imports that, however far. In languages whose files see each other without imports, all of the
// package runs.
func (e *engine) startsWith(at string, f *fileFacts) bool {
	owner, has := e.owner(at + "/.")
	if owner != f.pkg || family(f.lang) == "" || settingsLangs(f.lang) {
		return false
	}
	c, known := e.closures[at]
	if !known {
		c = e.closureOf(at)
		e.closures[at] = c
	}
	return c.files[f] || has && c.open && c.family == family(f.lang)
}

// A closure is what a program brings in.
type closure struct {
	files  map[*fileFacts]bool
	family string // of its languages
	open   bool   // more may run than is listed
}

// closureOf is what a file, or the code of a folder, brings in.
func (e *engine) closureOf(at string) closure {
	c := closure{files: map[*fileFacts]bool{}}
	starts := []string{at}
	if !e.has(at) {
		starts = e.inFolder(at)
	}
	var queue []*fileFacts
	add := func(f *fileFacts) {
		if f == nil || c.files[f] || settingsLangs(f.lang) {
			return
		}
		if len(c.files) >= closureFiles {
			c.open = true
			return
		}
		c.files[f] = true
		queue = append(queue, f)
	}
	for _, p := range starts {
		if !rules.InTestCode(p) {
			add(e.file(p))
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		f := queue[0]
		if c.family == "" {
			c.family = family(f.lang)
		}
		switch family(f.lang) {
		case "js", "python", "go", "rust":
		default:
			c.open = true
		}
		for _, i := range f.imports {
			for _, to := range e.importFiles(f, i) {
				add(to.file)
			}
		}
	}
	return c
}

// dependsOn reports whether a package needs the one that a file lies in.
func (e *engine) dependsOn(m *rules.Manifest, f *fileFacts) bool {
	mine := e.nearest(f.filePath)
	return mine != nil && mine != m && mine.Name != "" && m.Has(mine.Name)
}

// ranByOther reports whether a process of which more is known runs a file's code.
func (e *engine) ranByOther(f *fileFacts) bool {
	if yes, known := e.ran[f]; known {
		return yes
	}
	yes := false
	for _, g := range e.files {
		for _, fact := range g.processes {
			if fact.image == "" && !fact.built {
				continue // jobs of CI run what others run too
			}
			if _, ok := e.runsIn(e.processOf(fact), f); ok {
				yes = true
			}
		}
	}
	e.ran[f] = yes
	return yes
}
