package scanner

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// This file is the third reason: the process that runs the code is given the setting (VOCABULARY, item 37). A process
// has a folder of code that it runs. A setting that a file gives to one process is no setting of another.

// mcpServer reports whether a definition is of a server in an editor's list that runs nothing of this tree.
func (e *engine) mcpServer(d *def) bool {
	return len(d.path) > 1 && listsServers(d.file.filePath, d.path[0]) &&
		(d.process == nil || len(e.processOf(d.process).runs) == 0)
}

// listsServers reports whether a key of a file lists servers that an editor or an agent starts.
func listsServers(p, key string) bool {
	return key == "mcpServers" || key == "mcp" || key == "context_servers" || strings.HasSuffix(path.Base(p), "mcp.json")
}

// serves reports whether a setting is given to the process that runs a file's code, and how near it stands: a larger
// number is nearer.
func (e *engine) serves(d *def, f *fileFacts) (near int, ok bool) {
	if d.file == f {
		// What a file of compose interpolates is no setting of its services, and a Dockerfile's own names end with their
		// stages.
		return 1 << 20, f.lang != "dockerfile" && (d.process == nil || !isCompose(f.filePath))
	}
	if e.inTests(d.file) && !e.inTests(f) || isDocumentation(d.file.filePath) {
		return 0, false // what a page tells its readers to set, nothing sets
	}
	if near, ok, known := servesRequests(d, f); known {
		return near, ok
	}
	if yes, known := e.substitutes(d, f); known {
		return 1 << 10, yes
	}
	if e.mcpServer(d) || !e.stageTakes(d, f) {
		return 0, false
	}
	if d.command != nil {
		if e.starts(d, f) {
			return 1 << (11 + rankBits), true
		}
		if d.process == nil || !slices.ContainsFunc(d.path, isCommandKey) {
			return 0, false
		}
	}
	list, known := e.takers(d)
	resolved := false // code is known to run in one of them
	for _, p := range list {
		if k, is := e.runsIn(p, f); is {
			near, ok = max(near, k<<rankBits+rankOf(d, p.fact)), true
		}
		resolved = resolved || p.none || len(p.runs) > 0
	}
	// Where only a part of the tree is known, so is what a process runs: nobody else is given its settings.
	if ok || known && (resolved || e.ask.lib == nil && d.process != nil || e.ranByOther(f)) {
		return near, ok
	}
	if root, is := ciRoot(d.file.filePath); is {
		return 1, liesIn(f.filePath, root)
	}
	dir := home(d.file.dir)
	if role, is := roleOf(d.file.dir); is {
		return 1 + len(role), liesIn(f.filePath, role)
	}
	owner, has := e.owner(d.file.filePath)
	mine, mineHas := e.owner(f.filePath)
	switch {
	case has && mineHas && owner == mine:
		// Of one package: the nearer folder counts where both lie above the file.
		if dir != "." && liesIn(f.filePath, dir) {
			return 2 + len(dir), true
		}
		return 2 + len(owner), true
	case has && !e.workspace(owner):
		return 0, false
	case liesIn(f.filePath, dir):
		return 1 + len(dir), true
	}
	return 0, false
}

// rankBits is the room for the rank of a definition among those of one process.
const rankBits = 6

// rankOf is the rank of a definition among those that a process is given: the later of its files of settings counts, and
// what stands in the process itself before them.
func rankOf(d *def, p *processFact) int {
	const own = 1<<rankBits - 1
	if d.process != nil || d.file == p.file {
		return own
	}
	for i := len(p.files) - 1; i >= 0; i-- {
		if path.Join(p.file.dir, p.files[i]) == d.file.filePath {
			return min(i+1, own-1)
		}
	}
	return 0
}

// isCommandKey reports whether a key of a container holds what is given to the image's program.
func isCommandKey(key string) bool { return key == "command" || key == "args" || key == "entrypoint" }

func isCompose(p string) bool {
	base := path.Base(p)
	return strings.HasPrefix(base, "compose.") || strings.HasPrefix(base, "docker-compose")
}

// home is the folder of the program whose settings lie in a folder, by the folders that build tools keep them in and that
// people keep what deploys it in.
func home(dir string) string {
	if role, is := roleOf(dir); is {
		return role
	}
	for _, end := range []string{"src/main/resources", "src/main/docker", "src/main/resources/config", "src/test/resources",
		"config", "conf", "Config", "Resources", "settings", "deploy/k8s", "deploy/kubernetes", "packaging/systemd", "deploy",
		"deployment", "packaging", "k8s", "kubernetes", "systemd"} {
		if dir == end {
			return "."
		}
		if n := len(dir) - len(end) - 1; n >= 0 && dir[n] == '/' && dir[n+1:] == end {
			return dir[:n]
		}
	}
	return dir
}

// roleOf is the role of Ansible whose defaults and variables lie in a folder, false for other folders.
func roleOf(dir string) (string, bool) {
	if base := path.Base(dir); base != "defaults" && base != "vars" {
		return "", false
	}
	role := path.Dir(dir)
	return role, path.Base(path.Dir(role)) == "roles"
}

// liesIn reports whether a path lies in a folder.
func liesIn(p, dir string) bool {
	return dir == "." || dir == "" || strings.HasPrefix(p, dir+"/")
}

// owner is the folder of the nearest manifest at or above a path, false where none stands above it.
func (e *engine) owner(p string) (string, bool) {
	if e.ownersOf != len(e.manifests) {
		e.owners, e.ownersOf = map[string]owning{}, len(e.manifests)
	}
	o, known := e.owners[p]
	if !known {
		o.dir, o.has = e.findOwner(p)
		e.owners[p] = o
	}
	return o.dir, o.has
}

// An owning is what owner says of a path.
type owning struct {
	dir string
	has bool
}

func (e *engine) findOwner(p string) (string, bool) {
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		key := dir
		if dir == "." || dir == "/" {
			key = ""
		}
		if e.manifests[key] != nil {
			return key, true
		}
		if key == "" {
			return "", false
		}
	}
}

// packageOf is the folder of the package that a path lies in, "" for the root.
func (e *engine) packageOf(p string) string {
	dir, _ := e.owner(p)
	return dir
}

// workspace reports whether other packages lie below a package's folder.
func (e *engine) workspace(dir string) bool {
	if e.workspaces == nil || e.workspacesOf != len(e.manifests) {
		e.workspaces, e.workspacesOf = map[string]bool{}, len(e.manifests)
		for d := range e.manifests {
			for up := d; up != "" && up != "/"; {
				if up = path.Dir(up); up == "." {
					up = ""
				}
				if e.workspaces[up] {
					break
				}
				e.workspaces[up] = true
			}
		}
	}
	return e.workspaces[dir]
}

// setting follows a variable of the environment to what the processes that run the file's code are given.
func (w *follower) setting(a atom, f *fileFacts, depth int, way []hop) {
	name := a.setting
	if !w.first("s", f.path, name, strings.Join(a.fields, "."), a.process.key()) {
		return
	}
	w.e.demandSetting(name)
	before := w.found()
	w.given(sharedWith(w.e.bySetting[name], a.process, f), a.fields, name, f, depth, way)
	if w.found() == before && family(f.lang) == "js" {
		w.defined("process.env."+name, f, depth, way)
	}
}

// sharedWith are those of some definitions that a process of f sees: of the same file none that is another process's.
func sharedWith(list []*def, at *processFact, f *fileFacts) []*def {
	if at == nil {
		return list
	}
	list = slices.DeleteFunc(slices.Clone(list), func(d *def) bool { return d.file == f && !d.process.givesTo(at) })
	for q := at; q != nil; q = q.outer { // what a job sets hides what stands around it
		if slices.ContainsFunc(list, func(d *def) bool { return d.process == q }) {
			return slices.DeleteFunc(list, func(d *def) bool { return d.file == f && d.process != q })
		}
	}
	return list
}

// key tells a process from others of its file.
func (p *processFact) key() string {
	if p == nil {
		return ""
	}
	return strconv.Itoa(p.start)
}

// givesTo reports whether what a process is given is known in another one: in itself, in a step of it, in one that
// extends it.
func (p *processFact) givesTo(other *processFact) bool {
	for q := other; q != nil; q = q.outer {
		if p == nil || p == q || p.name != "" && slices.Contains(q.aliases, p.name) {
			return true
		}
	}
	return p == nil
}

// given follows the nearest of the definitions that serve a file.
func (w *follower) given(list []*def, fields []string, name string, f *fileFacts, depth int, way []hop) {
	best := -1
	var take []*def
	for _, d := range w.e.candidates(list, f) {
		if !settingsLangs(d.file.lang) && !setsEnvironment(d) {
			continue
		}
		near, ok := w.e.serves(d, f)
		if !ok || near < best {
			continue
		}
		if near > best {
			best, take = near, nil
		}
		take = append(take, d)
	}
	for _, d := range take {
		way := with1(way, hop{byProcess, d.file.path, d.line, name})
		if d.variable != "" {
			w.setting(atom{setting: d.variable, fields: fields}, f, depth+1, way)
			continue
		}
		w.atoms(extended(d.atoms, fields), d.file, depth+1, way)
	}
}

// object follows a key of a ConfigMap or a Secret to what the objects of that name hold; name and namespace have to
// agree.
func (w *follower) object(a atom, f *fileFacts, depth int, way []hop) {
	if !w.first("o", a.object.name, a.object.namespace, a.key) {
		return
	}
	w.e.demandSetting(a.key)
	for _, d := range w.e.bySetting[a.key] {
		if slices.ContainsFunc(w.e.objectsOf(d), a.object.agrees) && sameTests(d.file, f) {
			w.atoms(d.atoms, d.file, depth+1, with1(way, hop{byProcess, d.file.path, d.line,
				a.key + " of " + a.object.name}))
		}
	}
}

// setsEnvironment reports whether a definition in code sets a variable of the environment: process.env.X = …,
// os.Setenv("X", …).
func setsEnvironment(d *def) bool {
	return d.soft || len(d.path) > 2 && environmentKey(d.path[1]) || d.path[0] == "ENV"
}

// key follows a key of the program's configuration: to the files of settings of its package that have it, to the
// variable of the environment that frameworks make of it.
func (w *follower) key(a atom, f *fileFacts, depth int, way []hop) {
	if strings.HasPrefix(a.key, ":") {
		if a.key = w.e.projectOfStack(f) + a.key; strings.HasPrefix(a.key, ":") {
			return
		}
	}
	norm := rules.NormalName(a.key)
	if norm == "" || !w.first("k", f.path, norm, strings.Join(a.fields, ".")) {
		return
	}
	if len(a.fields) > 0 { // getSection("flags").token, YAML.load_file("x.yml")["token"]
		for _, part := range a.fields {
			norm += "_" + rules.NormalName(propertyOf(part))
		}
	}
	before := w.found()
	w.e.demandSetting(lastOf(a.key))
	w.given(w.e.keyed(norm), nil, a.key, f, depth, way)
	fam := family(f.lang)
	relaxes := (fam == "jvm" || fam == "net") && norm != a.key // a variable of the process goes before the file
	if relaxes {
		w.given(w.e.byVariable[squashed(norm)], nil, norm, f, depth, way)
	} else if w.found() == before && norm != a.key {
		w.given(w.e.bySetting[norm], nil, norm, f, depth, way)
	}
	if w.found() == before && (fam == "jvm" || fam == "net") {
		w.given(w.e.relaxed[relaxed(append(keyParts(a.key), a.fields...))], nil, a.key, f, depth, way)
	}
	if w.found() == before {
		w.configured(norm, strings.Join(append([]string{a.key}, a.fields...), "."), f, depth, way)
	}
}

// projectOfStack is the name of Pulumi's project that a file's program is, "" where nothing says it.
func (e *engine) projectOfStack(f *fileFacts) string {
	for dir := f.dir; ; dir = path.Dir(dir) {
		if p := path.Join(dir, "Pulumi.yaml"); e.has(p) {
			for line := range strings.Lines(string(e.opened(p))) {
				if name, is := strings.CutPrefix(line, "name:"); is {
					return strings.Trim(strings.TrimSpace(name), "\"'")
				}
			}
			return ""
		}
		if dir == "." || dir == "/" {
			return ""
		}
	}
}

// keyed are the definitions in files of settings whose whole path of keys is a name (rules.NormalName), but for the
// deployment or profile around them.
func (e *engine) keyed(norm string) []*def {
	if e.byKey == nil {
		e.byKey, e.relaxed, e.byVariable = map[string][]*def{}, map[string][]*def{}, map[string][]*def{}
		e.keyedFiles = 0
	}
	for ; e.keyedFiles < len(e.files); e.keyedFiles++ {
		f := e.files[e.keyedFiles]
		if !settingsLangs(f.lang) {
			continue
		}
		for _, d := range f.defs {
			p := d.path
			loose := relaxed(p)
			e.relaxed[loose] = append(e.relaxed[loose], d)
			if d.env {
				e.byVariable[squashed(d.raw)] = append(e.byVariable[squashed(d.raw)], d)
			}
			key := rules.NormalName(strings.Join(p, "_"))
			e.byKey[key] = append(e.byKey[key], d)
			stem, _, _ := strings.Cut(path.Base(f.filePath), ".")
			if inner := rules.NormalName(stem) + "_" + key; stem != "" && stem != "application" {
				e.byKey[inner] = append(e.byKey[inner], d)
			}
			for len(p) > 1 && namesProfile(p[0]) {
				p = p[1:] // an anchor stands behind its key
				key := rules.NormalName(strings.Join(p, "_"))
				e.byKey[key] = append(e.byKey[key], d)
				e.byKey[rules.NormalName(stem)+"_"+key] = append(e.byKey[rules.NormalName(stem)+"_"+key], d)
			}
		}
	}
	return e.byKey[norm]
}

// relaxed is a path of keys as Spring's and .NET's configuration compare them: without case, hyphens and underscores.
func relaxed(keys []string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(strings.Join(keys, ".")))
}

// keyParts are the keys of a dotted or colon-separated path.
func keyParts(key string) []string {
	return strings.FieldsFunc(key, func(c rune) bool { return c == '.' || c == ':' })
}

// namesProfile reports whether a key is a deployment or a profile whose settings stand below it.
func namesProfile(key string) bool {
	return rules.DeploymentOf(strings.TrimPrefix(key, "%")) != "" || profileKeys(strings.ToLower(key))
}

// profileKeys hold settings without naming them.
func profileKeys(name string) bool {
	switch name {
	case "default", "defaults", "shared", "common", "all", "profiles", "values", "parameters", "config", "dict":
		return true
	}
	return false
}

// configured follows a key to modules of configuration that are code: what the default export of a module called
// config gives, Laravel's files of the folder config, which the first part of the key names.
func (w *follower) configured(norm, key string, f *fileFacts, depth int, way []hop) {
	if f.lang == "python" {
		w.settingsModule(key, f, depth, way)
	}
	if first, _, more := strings.Cut(key, "."); f.lang == "php" && more { // Laravel's file of that name
		w.e.file(path.Join(w.e.programFolder(f), "config", first+".php"))
	}
	for _, d := range w.e.defaults(norm) {
		if d.file == f || d.file.pkg != f.pkg || !sameTests(d.file, f) || family(d.file.lang) != family(f.lang) {
			continue
		}
		w.atoms(d.atoms, d.file, depth+1, with1(way, hop{byFramework, d.file.path, d.line,
			strings.Join(d.path[1:], ".") + " of the configuration"}))
	}
}

// settingsModule follows a key to the project's modules called settings and config, and to the classes in them: Django's
// settings, Flask's app.config.
func (w *follower) settingsModule(key string, f *fileFacts, depth int, way []hop) {
	w.e.index()
	parts := strings.FieldsFunc(key, func(c rune) bool { return c == '.' })
	if len(parts) == 0 {
		return
	}
	var paths []string
	paths = append(append(paths, w.e.byBase["settings.py"]...), w.e.byBase["config.py"]...)
	for _, p := range w.e.byExt[".py"] {
		if path.Base(path.Dir(p)) == "settings" {
			paths = append(paths, p)
		}
	}
	for _, p := range paths {
		if w.e.packageOf(p) != f.pkg || rules.InTestCode(p) {
			continue
		}
		g := w.e.file(p)
		if g == nil || g == f {
			continue
		}
		w.member(g, parts, false, depth+1, way, byFramework)
		for _, c := range g.classes {
			w.member(g, append([]string{c.name}, parts...), false, depth+1, way, byFramework)
		}
	}
}

// defaults are those of what modules give as a whole (their default exports, what a file of PHP returns) that a key
// (rules.NormalName) names: with the module's name before it, or alone where that is a configuration's.
func (e *engine) defaults(norm string) []*def {
	files := e.byTopFiles("default")
	for ; e.defaultFiles < len(files); e.defaultFiles++ {
		f := files[e.defaultFiles]
		stem, _, _ := strings.Cut(path.Base(f.filePath), ".")
		stem = rules.NormalName(stem)
		config := strings.Contains(strings.ToLower(f.filePath), "config")
		top := e.topsOf(f)["default"]
		if top == nil {
			continue
		}
		for _, d := range top.defs {
			if len(d.path) < 2 {
				continue
			}
			inner := rules.NormalName(strings.Join(d.path[1:], "_"))
			if config {
				e.byDefault[inner] = append(e.byDefault[inner], d)
			}
			e.byDefault[stem+"_"+inner] = append(e.byDefault[stem+"_"+inner], d)
		}
	}
	return e.byDefault[norm]
}

// injected follows a parameter that a container of services hands over: Symfony's arguments and bind.
func (w *follower) injected(a atom, f *fileFacts, depth int, way []hop) {
	if f.lang != "php" {
		return
	}
	w.e.demandSetting(a.param)
	for _, key := range []string{a.param, "string $" + a.param} {
		for _, d := range w.e.bySetting[key] {
			if d.file.lang == "yaml" && d.path[0] == "services" && d.file.pkg == f.pkg && handsOver(d.path[1:], a.fn, f) {
				w.atoms(extended(d.atoms, a.fields), d.file, depth+1, with1(way, hop{byFramework, d.file.path, d.line,
					a.param + ", which the container hands to " + a.fn + ","}))
			}
		}
	}
}

// handsOver reports whether the path of an argument in Symfony's services is one of a class of f.
func handsOver(keys []string, class string, f *fileFacts) bool {
	for i, k := range keys {
		if k != "bind" && k != "arguments" {
			continue
		}
		service := strings.Join(keys[:i], ".")
		if service == "_defaults" || k == "bind" && i > 0 && keys[0] == "_instanceof" {
			return true
		}
		return service == class || service == f.namespace+"."+class
	}
	return false
}

// settingsName follows a name that a file of settings refers to: a variable or local of Terraform, a value of a chart, a
// variable of the environment. at is the process that the name stands in, nil for none.
func (w *follower) settingsName(parts []string, at *processFact, f *fileFacts, depth int, way []hop) {
	switch {
	case f.lang == "hcl":
		w.terraform(parts, f, depth, way)
	case w.ownKeys(strings.Join(parts, "."), f, depth, way):
	case isInputName(parts):
		w.input(parts[len(parts)-1], at, f, depth, way)
	case len(parts) == 2 && parts[0] == "matrix":
		w.matrix(parts[1], at, f, depth, way)
	case len(parts) == 1 && path.Base(f.filePath) == "Pulumi.yaml":
		w.key(atom{key: ":" + parts[0]}, f, depth, way)
	case parts[0] == "Values":
		w.chart(parts[1:], f, depth, way)
	case len(parts) == 1:
		w.setting(atom{setting: parts[0], process: at}, f, depth, way)
		w.key(atom{key: parts[0]}, f, depth, way)
	case f.role != noRequests && len(parts) == 3 && parts[0] == "process" && parts[1] == "env": // of Bruno
		w.setting(atom{setting: parts[2]}, f, depth, way)
	case parts[0] == "env" || parts[0] == "secrets" || parts[0] == "vars" || parts[0] == "variables":
		w.setting(atom{setting: parts[len(parts)-1], process: at}, f, depth, way)
	default:
		w.key(atom{key: strings.Join(parts, ".")}, f, depth, way)
	}
}
