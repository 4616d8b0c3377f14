package scanner

import (
	"path"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// A reach is a place and the sites whose credentials come to it, each with the way that it takes.
type reach struct {
	place *placeFact
	sites []reachedSite
	api   rules.API // the place's, with URLs from other files
	host  string
}

type reachedSite struct {
	site *siteFact
	via  []string
}

const reachLimit = 200 // atoms followed for one place

// reachPlaces follows every place's names to the credentials that they hold, over all files.
func (e *engine) reachPlaces() []reach {
	var out []reach
	for _, f := range e.files {
		for _, p := range f.places {
			if !e.allowed(p) {
				continue
			}
			r := reach{place: p, api: p.api, host: p.host}
			w := &follower{e: e, seen: map[string]bool{}}
			w.atoms(p.atoms, f, 0, nil)
			r.sites = w.sites
			if r.api == rules.NoAPI && len(p.urls) > 0 {
				u := &follower{e: e, seen: map[string]bool{}}
				u.atoms(p.urls, f, 0, nil)
				for _, t := range u.texts {
					if a := rules.ClassifyURL(t); a != rules.NoAPI {
						r.api, r.host = a, hostOf(t)
						break
					}
				}
			}
			// Parameters: what callers in other files hand over.
			out = append(out, r)
		}
	}
	return out
}

// allowed reports whether the place's sink comes with the package that the file is of, where its row asks that.
func (e *engine) allowed(p *placeFact) bool {
	row := p.match.Sink
	if row == nil {
		return true
	}
	if p.envFile && !e.handedTo(p.file, row.Beside) {
		assume(e, &p.match.Sink, nil)
		return p.class.Holds || p.exposed != ""
	}
	byManifest := false
	for _, m := range row.Modules {
		dep, is := strings.CutPrefix(m, "manifest:")
		if !is {
			for _, mod := range p.file.modules {
				if rules.ModuleFits(m, mod) {
					return true
				}
			}
			continue
		}
		byManifest = true
		for _, mod := range p.file.modules {
			if rules.ModuleFits(dep, mod) {
				return true
			}
		}
		if e.nearest(p.file.filePath).Has(dep) {
			return true
		}
	}
	if byManifest {
		assume(e, &p.match.Sink, nil)
		return p.class.Holds || p.exposed != "" || p.request || p.reads
	}
	return true
}

// handedTo reports whether another file hands this file of settings to a service that one of the texts names.
func (e *engine) handedTo(f *fileFacts, texts []string) bool {
	list, ok := e.handed[f.filePath]
	if !ok {
		list = e.handed["/"+path.Base(f.filePath)]
	}
	for _, t := range texts {
		if list[strings.ToLower(t)] {
			return true
		}
	}
	return false
}

// gatherHanded notes what each file of settings is handed to: by its path or, where the scan has no file there, by its
// name alone.
func (e *engine) gatherHanded() {
	for _, f := range e.files {
		for _, env := range f.envs {
			key := path.Join(f.dir, env.name)
			if e.byPath[key] == nil {
				key = "/" + path.Base(env.name)
			}
			if e.handed[key] == nil {
				e.handed[key] = map[string]bool{}
			}
			for _, text := range env.service {
				e.handed[key][text] = true
			}
		}
	}
}

// A follower follows atoms.
type follower struct {
	e     *engine
	seen  map[string]bool
	sites []reachedSite
	texts []string
	work  int
}

func (w *follower) atoms(list []atom, f *fileFacts, depth int, via []string) {
	for _, a := range list {
		if w.work++; w.work > reachLimit || depth > followDepth {
			return
		}
		way := append(via[:len(via):len(via)], a.via...)
		switch {
		case a.site != nil:
			if len(a.fields) == 0 {
				w.sites = append(w.sites, reachedSite{a.site, way})
			}
		case a.text != "":
			w.texts = append(w.texts, a.text)
		case a.fn != "":
			w.param(a, f, depth, way)
		case a.ref != "":
			w.name(a, f, depth, way)
		}
	}
}

// param follows a parameter to the arguments of calls in other files. Where no call hands one over (a framework injects
// it), a member of the parameter is followed by its own name.
func (w *follower) param(a atom, f *fileFacts, depth int, via []string) {
	key := "p:" + f.path + ":" + a.fn + ":" + a.param + ":" + strings.Join(a.fields, ".")
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	before := len(w.sites)
	for _, c := range w.e.calls[a.fn] {
		if c.file == f || !together(c.file, f) && !w.e.reaches(c.file, f) {
			continue
		}
		atoms := c.args[a.index]
		if named, ok := c.named[a.param]; ok {
			atoms = named
		} else if len(a.fields) > 0 && a.index == 0 && c.named[a.fields[0]] != nil {
			atoms = c.named[a.fields[0]] // <Flags token=…> is props.token
		}
		w.atoms(atoms, c.file, depth+1, append(via[:len(via):len(via)],
			"an argument of "+a.fn+" in "+c.file.path+":"+itoa(c.line)))
	}
	if len(w.sites) == before && len(a.fields) > 0 {
		w.name(atom{ref: a.param, fields: a.fields, member: true}, f, depth, via)
	}
}

// name follows a name that its own file does not define.
func (w *follower) name(a atom, f *fileFacts, depth int, via []string) {
	key := "n:" + f.path + ":" + a.ref + ":" + strings.Join(a.fields, ".")
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	for _, d := range w.e.lookup(a, f) {
		way := via
		if d.file != f {
			way = append(via[:len(via):len(via)], d.raw+" in "+d.file.path+":"+itoa(d.line))
		}
		w.atoms(d.atoms, d.file, depth+1, way)
	}
}

// lookup finds what holds a name: the definitions with the longest common path of names, the nearest of them.
func (e *engine) lookup(a atom, f *fileFacts) []*def {
	imported := e.importedFrom(firstName(a.ref), f)
	for _, i := range e.linksOf(f).byLocal[firstName(a.ref)] {
		// Imported under another name.
		if i.Local != "" && i.Name != "" && i.Name != "*" && i.Name != "default" && i.Name != i.Local &&
			!strings.ContainsAny(i.Name, "./") {
			a.ref = i.Name + strings.TrimPrefix(a.ref, i.Local)
			break
		}
	}
	var parts []string
	for _, p := range strings.FieldsFunc(a.ref+"."+strings.Join(a.fields, "."), func(c rune) bool {
		return c == '.' ||
			c == ':' || c == '/'
	}) {
		if n := rules.NormalName(p); n != "" {
			parts = append(parts, n)
		}
	}
	member := a.member || len(parts) > 1
	for len(parts) > 1 && rules.PassesOn(parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return nil
	}
	q := query{e: e, f: f, parts: parts, member: member, imported: imported,
		twoWords: len(rules.Words(parts[len(parts)-1])) >= 2}
	for _, d := range e.defs[parts[len(parts)-1]] {
		q.try(d, commonTail(d.path, parts))
	}
	// IO_GETUNLEASH_API_TOKEN is io.getunleash.api-token: the whole name in one.
	if len(q.best) == 0 && len(parts) > 1 {
		for _, d := range e.defs[strings.Join(parts, "_")] {
			q.try(d, len(parts))
		}
	}
	// A table, an enum, a provider as a whole: what stands in it.
	if len(q.best) == 0 {
		for _, d := range e.inner[parts[len(parts)-1]] {
			for i := len(d.path) - 2; i >= 0; i-- {
				if d.path[i] == parts[len(parts)-1] {
					q.try(d, commonTail(d.path[:i+1], parts))
					break
				}
			}
		}
	}
	return q.best
}

// A query is a name to look up, and the best answers so far.
type query struct {
	e        *engine
	f        *fileFacts
	parts    []string
	member   bool
	imported map[*fileFacts]bool
	twoWords bool // its last name has two words or more
	best     []*def
	score    int
}

// try weighs a definition that shares common names at its end with what is asked for.
func (q *query) try(d *def, common int) {
	if common == 0 {
		return
	}
	imported := q.imported[d.file]
	if d.file == q.f && !d.holdsToken() {
		return // the file's own names have been followed
	}
	if d.file != q.f && !imported {
		if !together(d.file, q.f) && !q.e.reaches(q.f, d.file) || common == 1 && !q.telling(d) {
			return
		}
	}
	// More names in common come first, then what is nearer: imported, the same file, folder, package.
	score := common * 10
	switch {
	case imported:
		score += 105
	case d.file == q.f:
		score += 4
	case d.file.dir == q.f.dir:
		score += 3
	case d.file.pkg == q.f.pkg:
		score += 3
	}
	switch {
	case score > q.score:
		q.best, q.score = []*def{d}, score
	case score == q.score:
		q.best = append(q.best, d)
	}
}

// telling reports whether one name in common says enough: it has two words, or it is one of a token (a name of one word
// that holds what is surely a token) and is read as a member, or by code of the same folder and language.
func (q *query) telling(d *def) bool {
	if q.twoWords {
		return true
	}
	sameFolder := d.file.dir == q.f.dir && q.f.lang == d.file.lang
	if sameFolder && (q.f.lang == "go" || q.f.lang == "hcl") {
		return true
	}
	if !d.holdsToken() {
		return false
	}
	return q.member || sameFolder
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

// commonTail is how many names at the end two paths share.
func commonTail(have, want []string) int {
	n := 0
	for n < len(have) && n < len(want) && have[len(have)-1-n] == want[len(want)-1-n] {
		n++
	}
	return n
}
