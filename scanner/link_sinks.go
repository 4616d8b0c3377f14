package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// allowed reports whether the place's sink comes with the package that the file is of, where its row asks that.
func (e *engine) allowed(p *placeFact) bool {
	row := p.match.Sink
	if row == nil {
		return true
	}
	if p.envFile {
		env := e.handedTo(p, row.Beside)
		if env == nil {
			assume(e, &p.match.Sink, nil)
			return p.class.Holds || p.exposed != ""
		}
		assume(e, &p.service, env.key)
		assume(e, &p.names, env.names)
	}
	if (p.beside != nil || p.outer != "" || p.part != nil) && !e.saysBeside(p, row.Beside) {
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

// saysBeside reports whether a name beside a place holds one of the texts, or the place is among the values of a chart
// whose name has one.
func (e *engine) saysBeside(p *placeFact, texts []string) bool {
	says := func(text string) bool {
		text = strings.ToLower(text)
		return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(text, strings.ToLower(t)) })
	}
	if p.outer != "" {
		if name := e.takenAs(p.outer, p.file); name != "" && says(name) {
			return true
		}
	}
	if p.part != nil {
		return says(e.wholeOf(p.part).image)
	}
	return slices.ContainsFunc(e.textsOf(p.beside, p.file), says)
}

// handedTo is how another file hands what a place stands in to a service that one of the texts names, nil where none does.
func (e *engine) handedTo(p *placeFact, texts []string) *envFile {
	list, ok := e.handed[p.file.filePath]
	if !ok {
		list = e.handed["/"+path.Base(p.file.filePath)]
	}
	if p.object != nil {
		list = e.handed[""]
	}
	made := e.handings().generated[p.file.filePath] // a kustomization makes objects of the file
	if p.object == nil && len(made) > 0 {
		list = append(slices.Clone(list), e.handed[""]...)
	}
	for _, env := range list {
		if p.object != nil && !p.object.agrees(*env.object) ||
			p.object == nil && env.object != nil && !slices.ContainsFunc(made, env.object.agrees) {
			continue
		}
		for _, t := range texts {
			if slices.Contains(env.says, strings.ToLower(t)) {
				return env
			}
		}
	}
	return nil
}

// gatherHanded notes what each file of settings is handed to: by its path or, where the scan has no file there, by its
// name alone. Objects of Kubernetes have no path.
func (e *engine) gatherHanded() {
	for _, f := range e.files {
		for i := range f.envs {
			env := &f.envs[i]
			key := path.Join(f.dir, env.name)
			if env.object != nil {
				key = ""
			} else if e.byPath[key] == nil {
				key = "/" + path.Base(env.name)
			}
			e.handed[key] = append(e.handed[key], env)
		}
	}
}
