package scanner

import (
	"maps"
	"path"
	"slices"
	"sort"

	"github.com/unleaked/unleaked/rules"
)

// An engine settles and judges all that was read of one tree.
type engine struct {
	files     []*fileFacts
	byPath    map[string]*fileFacts
	manifests map[string]*rules.Manifest // by folder
	packages  map[string][]string        // folders of packages, by the package's own name
	goModules []*rules.Manifest          // that have a Go module, the longest first
	bySetting map[string][]*def          // by the innermost name as written
	byTop     map[string][]*fileFacts    // of code, by the names at their top
	byBases   map[string][]derivedClass  // by the name of a class that they derive from, as written
	calls     map[string][]*callFact
	callsAt   map[*fileFacts]map[int]*callFact // by where they begin; of files that were asked
	fills     map[string][]*fillFact           // by the class that they fill
	subjects  map[string][]*callFact           // calls whose lambdas get an object, by its class
	lenders   map[string][]*lenderFact         // by the classes of what they hand to lambdas
	tops      map[*fileFacts]map[string]*top
	// paths of all files, by base name, by ending, by folder; made when the first question is asked
	byBase, byExt, inDir map[string][]string
	byKey, relaxed       map[string][]*def // see keyed
	byVariable           map[string][]*def // definitions of the environment in files of settings, by their squashed names
	keyedFiles           int
	wholes               map[*processFact]*processFact // see wholeOf
	byDefault            map[string][]*def             // see defaults
	defaultFiles         int
	near                 map[[2]string][]string // see nearestFirst
	tsconfigs            map[string]*tsconfig
	ask                  demand
	byText               map[string]*credential
	order                []*credential
	waiting              []*siteFact // asked for and not live
	uses                 map[*siteFact][]rules.Use
	evidence             map[*siteFact][]rules.Evidence
	exposures            map[*siteFact][]rules.Exposure
	live                 map[*siteFact]bool
	asked                map[*siteFact]bool // only a designation would make it a credential; nothing but where collects
	collects             bool               // records of other repositories are to come
	placed               map[*siteFact]bool
	deploys              map[*siteFact][]deployment
	declared             map[*siteFact]rules.Kind
	inInit               map[*siteFact]bool
	urls                 map[*siteFact][]rules.Exposure // places that put the credential into a URL
	keys                 map[string]bool                // texts that a Proxy designates as client keys
	links                map[*fileFacts]*links
	undo                 []func()
	processes            map[*processFact]*process
	closures             map[string]closure  // by where a program starts
	ran                  map[*fileFacts]bool // see ranByOther
	folderSet            map[string]bool     // see folders
	workspaces           map[string]bool     // folders below which manifests stand, see workspace
	workspacesOf         int                 // manifests that are known in it
	gives                handings
	chartList            []chart                          // see charts; nil until it is asked for
	servings             map[**def]*serving               // see candidates
	headers              map[*atom]bool                   // see isHeader
	tests                map[*fileFacts]bool              // see inTests
	matched              map[string][]string              // see matching
	owners               map[string]owning                // see owner
	ownersOf             int                              // manifests that they were found with
	under                map[*fileFacts]map[string][]*def // see defsUnder
	// what the services say that a file of settings is handed to (lower case), by its path
	handed map[string][]*envFile
}

// assume sets a fact for as long as the engine is at work: facts of what is staged are settled twice, the second time
// with what helps to judge them beside them, and must not remember what they were taken for without it.
func assume[T any](e *engine, fact *T, to T) {
	was := *fact
	e.undo = append(e.undo, func() { *fact = was })
	*fact = to
}

// restore takes back every assumption.
func (e *engine) restore() {
	for i := len(e.undo) - 1; i >= 0; i-- {
		e.undo[i]()
	}
}

// A credential is all sites of one string.
type credential struct {
	text  string
	sites []*siteFact
}

// newEngine is an engine without files.
func newEngine(lib *library) *engine {
	return &engine{
		byPath: map[string]*fileFacts{}, manifests: map[string]*rules.Manifest{}, packages: map[string][]string{},
		bySetting: map[string][]*def{}, byTop: map[string][]*fileFacts{}, tops: map[*fileFacts]map[string]*top{},
		byBases: map[string][]derivedClass{}, calls: map[string][]*callFact{}, callsAt: map[*fileFacts]map[int]*callFact{},
		subjects: map[string][]*callFact{}, lenders: map[string][]*lenderFact{},
		fills: map[string][]*fillFact{}, byText: map[string]*credential{},
		uses: map[*siteFact][]rules.Use{}, evidence: map[*siteFact][]rules.Evidence{},
		exposures: map[*siteFact][]rules.Exposure{}, live: map[*siteFact]bool{}, asked: map[*siteFact]bool{},
		placed:  map[*siteFact]bool{},
		deploys: map[*siteFact][]deployment{}, declared: map[*siteFact]rules.Kind{}, inInit: map[*siteFact]bool{},
		urls: map[*siteFact][]rules.Exposure{},
		keys: map[string]bool{}, links: map[*fileFacts]*links{}, handed: map[string][]*envFile{},
		processes: map[*processFact]*process{}, closures: map[string]closure{}, ran: map[*fileFacts]bool{},
		tsconfigs: map[string]*tsconfig{}, near: map[[2]string][]string{}, byDefault: map[string][]*def{},
		headers: map[*atom]bool{}, tests: map[*fileFacts]bool{}, owners: map[string]owning{}, matched: map[string][]string{},
		ask: demand{lib: lib, texts: map[string][]byte{}, words: map[string][]uint32{}, searched: map[string]bool{},
			barrels: map[string]bool{}, missing: map[string]bool{}},
	}
}

// resolve follows all names and returns the records of every credential of the files, the findings of settings without
// one, and what that asked for. lib gives files that a question leads to, nil where there is none. collects keeps the
// records of texts that wait for a designation.
func resolve(files []*fileFacts, lib *library, collects bool) resolved {
	e := newEngine(lib)
	e.collects = collects
	defer e.restore()
	for _, f := range files {
		if f != nil {
			e.add(f)
		}
	}
	e.packagesByName()
	for _, f := range e.files {
		assume(e, &f.pkg, e.packageOf(f.filePath))
	}
	e.gatherHanded()
	for _, f := range e.files {
		for _, s := range f.sites {
			e.live[s] = true
			e.ask.worth = true
		}
	}
	e.sides()
	e.demandReaders()
	reached := e.reachPlaces()
	// Keys that a Proxy designates make the same text a credential elsewhere, so these places come first.
	for _, pass := range []bool{true, false} {
		for _, r := range reached {
			if designates(r.place) == pass {
				e.apply(r)
			}
		}
	}
	e.shippedFiles()
	e.group()
	return resolved{e.records(), e.settingFindings(reached), e.demandCount()}
}

// add takes in the facts of one file.
func (e *engine) add(f *fileFacts) {
	e.files = append(e.files, f)
	if _, ok := e.byPath[f.filePath]; !ok {
		e.byPath[f.filePath] = f
	}
	f.dir = path.Dir(f.filePath)
	if m := f.manifest; m != nil {
		e.manifests[m.Dir] = merge(e.manifests[m.Dir], m)
	}
	top := map[string]bool{}
	for _, d := range f.defs {
		e.bySetting[d.raw] = append(e.bySetting[d.raw], d)
		if !d.soft && !settingsLangs(f.lang) || f.lang == "json" {
			top[d.path[0]] = true
			for k := 1; k <= e.spaces(d) && k < len(d.path); k++ {
				top[d.path[k]] = true
			}
		}
	}
	for _, c := range f.classes {
		top[c.name] = true
		for _, base := range slices.Compact(slices.Sorted(slices.Values(c.bases))) {
			e.byBases[base] = append(e.byBases[base], derivedClass{c, f})
		}
	}
	for name := range top { // each once: the order of a name's files is that of the files
		e.byTop[name] = append(e.byTop[name], f)
	}
	for _, c := range f.calls {
		e.calls[c.name] = append(e.calls[c.name], c)
		for _, class := range c.subjects {
			e.subjects[class] = append(e.subjects[class], c)
		}
	}
	for _, t := range f.lenders {
		for _, class := range slices.Compact(slices.Sorted(slices.Values(t.objects))) {
			e.lenders[class] = append(e.lenders[class], t)
		}
	}
	for _, fill := range f.fills {
		for _, class := range fill.classes {
			e.fills[class] = append(e.fills[class], fill)
		}
	}
}

// byTopFiles are the files that have a name at their top.
func (e *engine) byTopFiles(name string) []*fileFacts { return e.byTop[name] }

// settleFile decides what a file that was read on demand is of, as resolve and sides do for the others.
func (e *engine) settleFile(f *fileFacts) {
	assume(e, &f.pkg, e.packageOf(f.filePath))
	if f.side.Side == rules.UnknownSide {
		assume(e, &f.side, rules.SideOf(f.filePath, f.lang, nil, f.sideModules(), e.nearest(f.filePath)))
	}
	for _, s := range f.sites {
		e.live[s] = true
	}
}

// packagesByName lists the packages of the tree by the names that imports call them by.
func (e *engine) packagesByName() {
	for _, dir := range slices.Sorted(maps.Keys(e.manifests)) {
		m := e.manifests[dir]
		if m.Name != "" {
			e.packages[m.Name] = append(e.packages[m.Name], dir)
		}
		if m.GoModule != "" {
			e.goModules = append(e.goModules, m)
		}
	}
	slices.SortStableFunc(e.goModules, func(a, b *rules.Manifest) int { return len(b.GoModule) - len(a.GoModule) })
}

func designates(p *placeFact) bool {
	return p.class.Designate && !p.indirect || p.match.Sink != nil && p.match.Sink.Designates
}

// merge joins the manifests of one folder: an Android library has a Gradle file and may have a package.json.
func merge(a, b *rules.Manifest) *rules.Manifest {
	if a == nil {
		return b
	}
	m := *a
	m.Deps = map[string]bool{}
	for _, x := range []*rules.Manifest{a, b} {
		for d := range x.Deps {
			m.Deps[d] = true
		}
		if m.Name == "" {
			m.Name = x.Name
		}
		if m.GoModule == "" {
			m.GoModule = x.GoModule
		}
		if len(m.Entries) == 0 {
			m.Entries = x.Entries
		}
		m.Flutter, m.Android, m.Blazor, m.BrowserX, m.EnvAsset = m.Flutter || x.Flutter, m.Android || x.Android,
			m.Blazor || x.Blazor, m.BrowserX || x.BrowserX, m.EnvAsset || x.EnvAsset
	}
	return &m
}

// nearest is the manifest of the innermost folder around a path that has one, nil for none.
func (e *engine) nearest(p string) *rules.Manifest {
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if dir == "." || dir == "/" {
			return e.manifests[""]
		}
		if m := e.manifests[dir]; m != nil {
			return m
		}
	}
}

// sides decides the side of every file of code, now that the manifests are known; what only client modules import is
// client code too.
func (e *engine) sides() {
	importers := map[string][]*fileFacts{}
	for _, f := range e.files {
		m := e.nearest(f.filePath)
		if f.side.Side == rules.UnknownSide {
			assume(e, &f.side, rules.SideOf(f.filePath, f.lang, nil, f.sideModules(), m))
		}
		if f.shipped == "" && m != nil && m.BrowserX {
			assume(e, &f.shipped, rules.Shipped(f.filePath, m, func(string) bool { return false }))
		}
		if !e.ask.worth || f.side.Side == rules.BackendSide && f.shipped == "" {
			continue
		}
		for _, i := range f.imports {
			for _, p := range e.modulePaths(f, i.Module) {
				importers[p] = append(importers[p], f)
			}
		}
	}
	for round := 0; round < 4; round++ {
		changed := false
		for _, f := range e.files {
			if f.side.Side != rules.UnknownSide || len(importers[f.filePath]) == 0 {
				continue
			}
			all := true
			for _, i := range importers[f.filePath] {
				all = all && i.side.Side == rules.FrontendSide
			}
			if all {
				assume(e, &f.side, rules.FileSide{Side: rules.FrontendSide, Why: "only client code imports it (" +
					importers[f.filePath][0].path + ")"})
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

// group collects the live sites by their text, and those of which only a designation elsewhere makes
// credentials.
func (e *engine) group() {
	for _, f := range e.files {
		seen := map[*siteFact]bool{}
		list := append([]*siteFact(nil), f.sites...)
		for _, p := range f.places {
			for _, a := range p.atoms {
				if a.site != nil {
					list = append(list, a.site)
				}
			}
		}
		for _, d := range f.defs {
			for _, a := range d.atoms {
				if a.site != nil {
					list = append(list, a.site)
				}
			}
		}
		sort.SliceStable(list, func(i, j int) bool { return list[i].start < list[j].start })
		for _, s := range list {
			if seen[s] || !e.live[s] && !e.asked[s] || s.file != f {
				continue
			}
			seen[s] = true
			if !e.live[s] {
				e.waiting = append(e.waiting, s)
				continue
			}
			text := s.cred.Secret.Reveal()
			c := e.byText[text]
			if c == nil {
				c = &credential{text: text}
				e.byText[text] = c
				e.order = append(e.order, c)
			}
			c.sites = append(c.sites, s)
		}
	}
}

// ruleSite is a site as the rules see it.
func (e *engine) ruleSite(s *siteFact) rules.Site {
	rs := rules.Site{
		Credential: s.cred, File: s.file.path, Line: s.at.Line, InURL: s.inURL, InComment: s.comment,
		Placed:   s.placed || e.placed[s],
		Declared: s.declared, InInit: s.inInit || e.inInit[s],
		Evidence: append(append([]rules.Evidence(nil), s.evidence...), e.evidence[s]...),
		Uses:     e.uses[s], Exposures: append(append([]rules.Exposure(nil), s.exposures...), e.exposures[s]...),
		URLs: e.urls[s],
	}
	if d := e.declared[s]; d != "" {
		rs.Declared = d
	}
	deploys := append(append([]deployment(nil), s.deploys...), e.deploys[s]...)
	if d := rules.DeploymentOfPath(s.file.filePath); d != "" {
		deploys = append(deploys, deployment{d, "the path " + s.file.filePath})
	}
	for i, d := range deploys {
		if i > 0 && d.name != rs.Deployment {
			rs.Deployment, rs.DeployedBy = "", ""
			break
		}
		rs.Deployment, rs.DeployedBy = d.name, d.by
	}
	return rs
}
