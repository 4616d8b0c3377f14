package scanner

import (
	"bytes"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/scanner/internal/glimpse"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

// A library gives the texts of a source's files by their paths, for those that a question leads to: they may have
// nothing in them that made them worth reading at first.
type library struct {
	names []string                         // as findings show them, sorted
	open  func(name string) ([]byte, bool) // the whole text, false where that cannot be read or is too large
	// recall gives the facts of a file that was read before, nil where they are not kept; keep keeps them, and gives
	// those to use. Both are nil where nothing is kept.
	recall func(name string) *fileFacts
	keep   func(name string, f *fileFacts) *fileFacts
	kept   *kept // nil where it is asked once
}

// Bounds of what is read because a question leads to it. They are numbers of files and bytes, never of seconds.
const (
	demandFiles  = 600       // files read by one scan
	demandSize   = 512 << 10 // bytes of one of them
	searchFiles  = 4000      // files searched for the callers of a function, or for who sets a setting
	searchBytes  = 48 << 20  // bytes of them
	callersFiles = 40        // files read for one name
)

// A demand is what the engine read because it was asked.
type demand struct {
	lib      *library
	known    map[string]bool // paths in the library
	texts    map[string][]byte
	held     int                 // bytes of texts
	words    map[string][]uint32 // hashes of the names in a text
	searched map[string]bool
	barrels  map[string]bool // of paths: the text may pass names of others on, see mayPass
	count    demandCount
	missing  map[string]bool // paths that gave nothing
	worth    bool            // there is a credential that a link may say something of
	late     lateShelf
}

// index lists the paths of all files by what modules call them. It is made when the first question is asked.
func (e *engine) index() {
	if e.byBase != nil {
		return
	}
	all := make([]string, 0, len(e.files))
	for _, f := range e.files {
		all = append(all, f.filePath)
	}
	var x *pathIndex
	if lib := e.ask.lib; lib != nil {
		if x = lib.indexed(all); x == nil {
			all = append(all, lib.names...)
		}
	}
	if x == nil {
		x = newPathIndex(all)
	}
	e.ask.known, e.byBase, e.byExt, e.inDir = x.known, x.byBase, x.byExt, x.inDir
}

func (e *engine) has(p string) bool {
	e.index()
	return e.ask.known[p]
}

// inFolder are the paths of the files in a folder, sorted.
func (e *engine) inFolder(dir string) []string {
	e.index()
	if dir == "" {
		dir = "."
	}
	return e.inDir[dir]
}

// foldersEnding are the folders whose path ends so, at most 8.
func (e *engine) foldersEnding(end string) []string {
	e.index()
	var out []string
	for dir := range e.inDir {
		if dir == end || strings.HasSuffix(dir, "/"+end) {
			out = append(out, dir)
		}
	}
	sort.Strings(out)
	return out[:min(len(out), 8)]
}

// file is the facts of a file, which is read now where it was not; nil where the scan has none of that path.
func (e *engine) file(p string) *fileFacts {
	known := e.byPath[p]
	if known != nil && !known.hollow {
		return known
	}
	if !e.has(p) || e.ask.lib == nil || e.ask.missing[p] {
		return known
	}
	if e.ask.count.files >= demandFiles {
		e.ask.count.bite(filesLimit, p)
		return known
	}
	f := e.readDemanded(p)
	if f == nil || f.hollow {
		e.ask.missing[p] = true
		return known
	}
	if f.unread != nil {
		e.ask.count.unread = append(e.ask.count.unread, Skip{What: f.path, Why: f.unread.Error()})
	}
	if known != nil {
		e.forget(known)
	}
	e.add(f)
	e.settleFile(f)
	return f
}

// forget takes the classes of a file out of what is known, for the file is read again with its names.
func (e *engine) forget(f *fileFacts) {
	delete(e.byPath, f.filePath)
	for _, c := range f.classes {
		e.byTop[c.name] = slices.DeleteFunc(slices.Clone(e.byTop[c.name]), func(g *fileFacts) bool { return g == f })
		for _, base := range c.bases {
			e.byBases[base] = slices.DeleteFunc(slices.Clone(e.byBases[base]), func(d derivedClass) bool { return d.file == f })
		}
	}
	for _, t := range f.lenders {
		for _, class := range t.objects {
			e.lenders[class] = slices.DeleteFunc(slices.Clone(e.lenders[class]), func(g *lenderFact) bool { return g.file == f })
		}
	}
	for _, fill := range f.fills {
		for _, class := range fill.classes {
			e.fills[class] = slices.DeleteFunc(slices.Clone(e.fills[class]), func(g *fillFact) bool { return g.file == f })
		}
	}
}

// readDemanded reads a file of the library, nil where there is nothing to be read.
func (e *engine) readDemanded(p string) *fileFacts {
	if e.ask.lib.recall != nil {
		if f := e.ask.lib.recall(p); f != nil {
			e.ask.count.files++
			return f
		}
	}
	text := e.opened(p)
	if text == nil {
		return nil
	}
	e.ask.count.files++
	f := readText(demandedView(p, text), nil, true)
	if f == nil {
		return nil
	}
	if e.ask.lib.keep != nil {
		return e.ask.lib.keep(p, f)
	}
	f.keepLate(&e.ask.late, func() ([]byte, bool) { return e.ask.lib.open(p) })
	return f
}

// demandedView is the view of a file that a question leads to.
func demandedView(p string, text []byte) *view {
	return &view{View: open.NewView(p, text)}
}

// opened is the text of a file that is read for more than whether it has a word.
func (e *engine) opened(p string) []byte {
	if lib := e.ask.lib; lib != nil && lib.kept != nil {
		lib.kept.opened[p] = true
	}
	return e.text(p)
}

// text is the text of a file, nil where it cannot be had.
func (e *engine) text(p string) []byte {
	if t, ok := e.ask.texts[p]; ok {
		return t
	}
	if e.ask.lib == nil {
		return nil
	}
	t, ok := e.ask.lib.open(p)
	if !ok || len(t) > demandSize || bytes.IndexByte(t[:min(len(t), 1<<10)], 0) >= 0 {
		t = nil
	}
	if e.ask.held += len(t); e.ask.held <= searchBytes {
		e.ask.texts[p] = t
	}
	return t
}

// holding reads those of the paths whose text has a word, at most so many.
func (e *engine) holding(paths []string, word string, limit int) {
	n := 0
	for i, p := range paths {
		if n >= limit {
			return
		}
		if i >= searchFiles {
			e.ask.count.bite(filesLimit, p)
			return
		}
		if e.readHolding(p, word) {
			n++
		}
	}
}

// holdingNear is holding for the files of a family, the nearest to a folder first.
func (e *engine) holdingNear(dir, family, word string, limit int) {
	if e.ask.lib == nil || e.ask.lib.kept == nil {
		e.holding(e.nearestFirst(dir, family), word, limit)
		return
	}
	n := 0
	for _, s := range e.spotsNear(search{dir, family, word}) {
		if n >= limit {
			return
		}
		if e.readHolding(s, word) {
			n++
		}
	}
}

// readHolding reads a file that was not read yet and has a word; it reports whether it did.
func (e *engine) readHolding(p, word string) bool {
	if f := e.byPath[p]; f != nil && !f.hollow || e.ask.missing[p] {
		return false
	}
	return e.hasWord(p, word) && e.file(p) != nil
}

// hasWord reports whether a file has a word: between bytes that no name has, where the word is a name itself. The names
// of a text are listed once, for many questions are asked of it.
func (e *engine) hasWord(p, word string) bool {
	if !isWholeName(word) {
		if lib := e.ask.lib; lib != nil && lib.kept != nil {
			lib.kept.askedTexts[word] = true
		}
		return bytes.Contains(e.text(p), []byte(word))
	}
	return e.mayHave(p, hashOf([]byte(word))) && bytes.Contains(e.text(p), []byte(word))
}

// mayHave reports whether a file has a name of this hash.
func (e *engine) mayHave(p string, hash uint32) bool {
	words := e.ask.words
	if lib := e.ask.lib; lib != nil && lib.kept != nil {
		lib.kept.asked[hash] = true
		words = lib.kept.words
	}
	list, known := words[p]
	if !known {
		list = hashedNames(e.text(p))
		words[p] = list
	}
	_, has := slices.BinarySearch(list, hash)
	return has
}

func isWholeName(word string) bool {
	for i := 0; i < len(word); i++ {
		if !glimpse.IsNameByte(word[i]) {
			return false
		}
	}
	return word != ""
}

// hashedNames are the hashes of the names in a text, sorted, each once.
func hashedNames(text []byte) []uint32 {
	var out []uint32
	for i := 0; i < len(text); i++ {
		if !glimpse.IsNameByte(text[i]) {
			continue
		}
		start := i
		for i < len(text) && glimpse.IsNameByte(text[i]) {
			i++
		}
		out = append(out, hashOf(text[start:i]))
	}
	slices.Sort(out)
	return slices.Clip(slices.Compact(out))
}

// hashOf is FNV-1a: it need not withstand anybody, a word that it takes for another is looked for in the text.
func hashOf(word []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range word {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// once reports whether a search was not made yet, and may be made at all.
func (e *engine) once(parts ...string) bool {
	if e.ask.lib == nil || !e.ask.worth {
		return false
	}
	key := strings.Join(parts, "\x00")
	if e.ask.searched[key] {
		return false
	}
	e.ask.searched[key] = true
	return true
}

// extensions are the endings of files that a family of languages has.
func extensions(name string) []string {
	switch name {
	case "go":
		return []string{".go"}
	case "jvm":
		return []string{".java", ".kt", ".scala", ".groovy"}
	case "net":
		return []string{".cs", ".fs", ".vb"}
	case "js":
		return []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro"}
	case "python":
		return []string{".py"}
	case "ruby":
		return []string{".rb"}
	case "php":
		return []string{".php"}
	case "swift":
		return []string{".swift"}
	case "rust":
		return []string{".rs"}
	case "dart":
		return []string{".dart"}
	case "elixir":
		return []string{".ex", ".exs"}
	case "hcl":
		return []string{".tf", ".tofu"}
	case "cpp":
		return []string{".h", ".hpp", ".cpp", ".cc", ".c", ".m", ".mm"}
	}
	return nil
}

// demandScope reads the files that may define a name which f sees without an import.
func (e *engine) demandScope(f *fileFacts, name string) {
	if e.ask.lib != nil && !e.ask.worth { // what names Unleash beside it is worth a look all the same
		for _, p := range e.inFolder(f.dir) {
			if g := e.byPath[p]; g != nil && g.hollow && e.inScope(f, g) && e.hasWord(p, name) {
				e.file(p)
			}
		}
	}
	if !e.once("scope", f.dir, family(f.lang), name) {
		return
	}
	e.index()
	switch family(f.lang) {
	case "go", "hcl":
		e.holding(withEndings(e.inFolder(f.dir), extensions(family(f.lang))), name, callersFiles)
	case "jvm":
		e.holding(withEndings(e.inFolder(f.dir), extensions("jvm")), name, callersFiles)
	case "net":
		e.holding(e.byBase[name+".cs"], name, 8)
	case "ruby":
		e.holding(e.byBase[snake(name)+".rb"], name, 8)
	case "php":
		e.holding(e.byBase[name+".php"], name, 8)
	case "elixir":
		e.holding(e.byBase[snake(lastOf(name))+".ex"], lastOf(name), 8)
	case "swift":
		var same []string
		for _, p := range e.byExt[".swift"] {
			if target(p) == target(f.filePath) && e.packageOf(p) == f.pkg {
				same = append(same, p)
			}
		}
		e.holding(same, name, callersFiles)
	}
}

func withEndings(paths, endings []string) []string {
	var out []string
	for _, p := range paths {
		for _, end := range endings {
			if strings.HasSuffix(p, end) {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

// demandCallers reads the files that may call a function of f.
func (e *engine) demandCallers(f *fileFacts, fn string) {
	fn = strings.TrimSuffix(fn, "()")
	if len(fn) < 3 || !e.once("callers", f.filePath, fn) {
		return
	}
	e.index()
	e.holdingNear(f.dir, family(f.lang), fn, callersFiles)
}

// nearestFirst are the paths of a family's files, those with the fewest folders between them and dir first.
func (e *engine) nearestFirst(dir, family string) []string {
	if list, known := e.near[[2]string{dir, family}]; known {
		return list
	}
	var far [][]string // by the number of folders between
	n := 0
	for _, ext := range extensions(family) {
		for _, p := range e.byExt[ext] {
			k := distance(dir, folder(p))
			for len(far) <= k {
				far = append(far, nil)
			}
			far[k] = append(far[k], p)
			n++
		}
	}
	list := make([]string, 0, n)
	for _, paths := range far {
		list = append(list, paths...)
	}
	if len(e.near) >= nearKept {
		clear(e.near)
	}
	e.near[[2]string{dir, family}] = list
	return list
}

// nearKept bounds the folders whose neighbours are kept in order.
const nearKept = 16

// folder is path.Dir of a clean path.
func folder(p string) string {
	if i := strings.LastIndexByte(p, '/'); i > 0 {
		return p[:i]
	}
	return path.Dir(p)
}

// distance is the number of steps from one folder to another, up and down.
func distance(from, to string) int {
	from, to = from+"/", to+"/"
	if from == "./" || from == "/" {
		from = ""
	}
	if to == "./" || to == "/" {
		to = ""
	}
	common := 0 // ends behind a slash
	for i := 0; i < len(from) && i < len(to) && from[i] == to[i]; i++ {
		if from[i] == '/' {
			common = i + 1
		}
	}
	return strings.Count(from[common:], "/") + strings.Count(to[common:], "/")
}

// demandSetting reads the files of settings that may set a name.
func (e *engine) demandSetting(name string) {
	if len(name) < 3 || !e.once("setting", name) {
		return
	}
	e.index()
	var paths []string
	for _, ext := range []string{".yaml", ".yml", ".json", ".toml", ".properties", ".conf", ".xcconfig", ".plist", ".ini",
		".tf", ".tofu", ".tfvars", ".sh", ".mk", ".service", ".bicep", ".gradle", ".kts"} {
		paths = append(paths, e.byExt[ext]...)
	}
	for _, base := range []string{"Dockerfile", "Makefile", "Procfile", "Jenkinsfile", "justfile"} {
		paths = append(paths, e.byBase[base]...)
	}
	e.holding(paths, name, callersFiles)
}

// codeFamilies are the families of languages in which programs read settings.
func codeFamilies() []string {
	return []string{"js", "python", "go", "jvm", "net", "ruby", "php", "rust", "dart", "swift", "elixir"}
}

const (
	readersNames = 150 // names that hold a credential whose readers are looked for
	readersFiles = 6   // files read for one of them
)

// demandReaders reads the nearest code that has the name of something that holds a credential: it may hand it to a
// request, and need not mention Unleash.
func (e *engine) demandReaders() {
	asked := 0
	for k := 0; k < len(e.files) && asked < readersNames; k++ {
		f := e.files[k]
		for _, d := range f.defs {
			if len(d.raw) < 4 || asked >= readersNames || !d.holdsToken() {
				continue
			}
			families := []string{family(f.lang)}
			if f.role == requestSetting {
				asked++
				e.demandRequests(f, d.raw)
				continue
			}
			if c := e.chartOfValues(f); c != nil && e.once("templates", c.dir, d.raw) {
				asked++
				e.holding(e.templatesOf(c), d.raw, callersFiles)
			}
			e.demandTakers(d)
			if settingsLangs(f.lang) {
				if isPlainWord(d.raw) {
					continue
				}
				families = codeFamilies()
			}
			if !e.once("readers", f.dir, d.raw) {
				continue
			}
			asked++
			e.index()
			for _, fam := range families {
				e.holdingNear(f.dir, fam, d.raw, readersFiles)
			}
		}
	}
}

// isPlainWord reports whether a name is a word that every program has.
func isPlainWord(name string) bool {
	return !strings.ContainsAny(name, "_-.") && name == strings.ToLower(name)
}

// demandTakers reads the manifests of Kubernetes that take the object which a definition is the data of, and the scripts
// that read a variable which a process is given: they need not mention Unleash.
func (e *engine) demandTakers(d *def) {
	e.index()
	for _, o := range e.objectsOf(d) {
		if e.once("object", o.name) {
			e.holding(slices.Concat(e.byExt[".yaml"], e.byExt[".yml"]), o.name, callersFiles)
		}
	}
	if d.file.lang == "yaml" && !isPlainWord(d.raw) && e.once("pipelines", d.raw) {
		e.holding(slices.Concat(e.byExt[".yml"], e.byExt[".yaml"]), d.raw, readersFiles)
	}
	if d.process != nil && d.env && e.once("scripts", d.raw) {
		e.holding(e.byExt[".sh"], d.raw, readersFiles)
	}
}

// lyingIn are the paths that lie in a folder.
func lyingIn(paths []string, dir string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !liesIn(p, dir) })
}

// holdsToken reports whether one of the things that a name holds is a token by its own text.
func (d *def) holdsToken() bool {
	for _, a := range d.atoms {
		if a.site != nil && !a.site.potential {
			return true
		}
	}
	return false
}
