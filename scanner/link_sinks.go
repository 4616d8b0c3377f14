package scanner

import (
	"path"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

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
