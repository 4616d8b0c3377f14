package scanner

import (
	"maps"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

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
		if len(sites) == 0 && !strings.Contains(n.Text, "/") && (strings.ContainsAny(n.Text, "0123456789:@") ||
			rules.ClassifyName(raw).Holds) {
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
		r.f.defs = append(r.f.defs, &def{file: r.f, path: append(norm[:len(norm):len(norm)], rules.NormalName(soft)),
			raw: soft, line: line, atoms: atoms})
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
			f := &callFact{file: r.f, name: name, line: r.line(c.Start), args: map[int][]atom{},
				named: map[string][]atom{}}
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
							f.named[rules.LastName(b.Name)] = r.atomsOf(&syntax.Node{Kind: syntax.Table, Kids: b.Kids,
								Parent: b.Parent, Start: b.Start, End: b.End}, nil)
						}
					}
				}
				atoms := r.atomsOf(&syntax.Node{Kind: syntax.Table, Kids: k.Kids, Parent: k.Parent, Start: k.Start,
					End: k.End}, nil)
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
