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
		p.match.Sink = nil
		return p.class.Holds || p.exposed != "" || p.request || p.reads
	}
	return true
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

// param follows a parameter to the arguments of calls in other files.
func (w *follower) param(a atom, f *fileFacts, depth int, via []string) {
	key := "p:" + f.path + ":" + a.fn + ":" + a.param
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	for _, c := range w.e.calls[a.fn] {
		if c.file == f || !w.e.together(c.file.filePath, f.filePath) {
			continue
		}
		atoms := c.args[a.index]
		if named, ok := c.named[a.param]; ok {
			atoms = named
		}
		w.atoms(atoms, c.file, depth+1, append(via[:len(via):len(via)], "an argument of "+a.fn+" in "+c.file.path+":"+itoa(c.line)))
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

// lookup finds what holds a name: the definitions with the longest common path of names, in the file's own package before others.
func (e *engine) lookup(a atom, f *fileFacts) []*def {
	var parts []string
	for _, p := range strings.FieldsFunc(a.ref+"."+strings.Join(a.fields, "."), func(c rune) bool { return c == '.' || c == ':' || c == '/' }) {
		if n := rules.NormalName(p); n != "" {
			parts = append(parts, n)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	last := parts[len(parts)-1]
	imported := e.importedFrom(a, f)
	best, bestScore := []*def(nil), 0
	ownPackage := false
	pkg := e.packageOf(f.filePath)
	try := func(d *def, whole bool) {
		score := commonTail(d.path, parts)
		if whole {
			score = len(parts)
		}
		if score == 0 {
			return
		}
		fromImport := imported[d.file]
		sameDir := path.Dir(d.file.filePath) == path.Dir(f.filePath)
		if d.file != f && score == 1 && !fromImport {
			// A name of one word says too little, unless the language shares names within a folder.
			if len(rules.Words(d.raw)) < 2 && !(sameDir && f.lang == d.file.lang && (f.lang == "go" || f.lang == "hcl" || f.lang == "swift" || f.lang == "cpp")) {
				return
			}
		}
		if d.file != f && !fromImport && !e.together(d.file.filePath, f.filePath) {
			return
		}
		if fromImport {
			score += 10
		}
		own := e.packageOf(d.file.filePath) == pkg
		if own && !ownPackage && !fromImport {
			// Definitions of the own package hide those of others.
			if len(best) > 0 && bestScore <= score {
				best, bestScore = nil, 0
			}
			ownPackage = true
		} else if !own && ownPackage && !fromImport {
			return
		}
		switch {
		case score > bestScore:
			best, bestScore = []*def{d}, score
		case score == bestScore:
			best = append(best, d)
		}
	}
	for _, d := range e.defs[last] {
		try(d, false)
	}
	// IO_GETUNLEASH_API_TOKEN is io.getunleash.api-token: the whole name in one.
	if len(best) == 0 {
		whole := strings.Join(parts, "_")
		if whole != last {
			for _, d := range e.defs[whole] {
				try(d, true)
			}
		}
	}
	return best
}

// commonTail is how many names at the end two paths share.
func commonTail(have, want []string) int {
	n := 0
	for n < len(have) && n < len(want) && have[len(have)-1-n] == want[len(want)-1-n] {
		n++
	}
	return n
}

// importedFrom are the files that a name's first part was imported from.
func (e *engine) importedFrom(a atom, f *fileFacts) map[*fileFacts]bool {
	first := firstName(a.ref)
	var out map[*fileFacts]bool
	for _, i := range f.imports {
		local := i.Local
		if local == "" {
			local = i.Name
		}
		if local == "" {
			local = rules.LastName(i.Module)
		}
		if local != first {
			continue
		}
		for _, t := range e.importTargets(f, i.Module) {
			if out == nil {
				out = map[*fileFacts]bool{}
			}
			out[t] = true
		}
		// from app import settings: the module is app/settings.
		if i.Name != "" && i.Name != "*" {
			for _, t := range e.importTargets(f, i.Module+"."+i.Name) {
				if out == nil {
					out = map[*fileFacts]bool{}
				}
				out[t] = true
			}
		}
	}
	return out
}

// together reports whether two files can share settings: the package of one holds the other's, or they are of the same package.
func (e *engine) together(a, b string) bool {
	pa, pb := e.packageOf(a), e.packageOf(b)
	return pa == pb || holds(pa, pb) || holds(pb, pa)
}

func holds(outer, inner string) bool {
	return outer == "" || strings.HasPrefix(inner, outer+"/")
}
