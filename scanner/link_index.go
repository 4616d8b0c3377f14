package scanner

import (
	"path"
	"slices"
	"strings"
)

// This file finds the few definitions of a name that can be meant among the thousands that a tree may have of it.

// handings are the processes of all files by what they are given: a file, an object of Kubernetes, a name in their own
// file.
type handings struct {
	known   int // files that were looked at
	files   map[string][]*processFact
	objects map[string][]*processFact
	aliases map[aliased][]*processFact
	// parts are those that are known by what parts of other files may mean
	parts map[partName][]*processFact
	// generated are the objects that are made of a file of settings, by its path
	generated map[string][]objectName
}

// An aliased is a name that a process has in its file.
type aliased struct {
	file *fileFacts
	name string
}

// handings are those of the files that are known now.
func (e *engine) handings() *handings {
	h := &e.gives
	if h.files == nil {
		h.files, h.objects, h.aliases = map[string][]*processFact{}, map[string][]*processFact{}, map[aliased][]*processFact{}
		h.generated, h.parts = map[string][]objectName{}, map[partName][]*processFact{}
	}
	for ; h.known < len(e.files); h.known++ {
		g := e.files[h.known]
		for _, made := range g.makes {
			for _, name := range made.files {
				p := path.Join(g.dir, name)
				h.generated[p] = append(h.generated[p], made.objectName)
			}
		}
		for _, f := range g.processes {
			for _, of := range f.parts {
				h.parts[of] = append(h.parts[of], f)
			}
			for _, name := range f.files {
				if !f.product {
					p := path.Join(g.dir, name)
					h.files[p] = append(h.files[p], f)
				}
			}
			for _, o := range f.objects {
				if list := h.objects[o.name]; len(list) == 0 || list[len(list)-1] != f {
					h.objects[o.name] = append(list, f)
				}
			}
			for _, name := range f.aliases {
				h.aliases[aliased{g, name}] = append(h.aliases[aliased{g, name}], f)
			}
		}
	}
	return h
}

// A serving tells which definitions of a list can serve a file, by where both stand.
type serving struct {
	defs, files int                  // of which it was made
	loose       []int                // that a process is given, or that stand in files of CI: any file may be theirs
	home, owner map[string][]int     // the others, by the folder and the package that they serve
	own         map[*fileFacts][]int // by their file
}

// fewDefs is the length of a list that is quicker looked through than sorted.
const fewDefs = 16

// candidates are the definitions of a list that may serve a file (see serves), in their order.
func (e *engine) candidates(list []*def, f *fileFacts) []*def {
	if len(list) <= fewDefs {
		return list
	}
	s := e.servings[&list[0]]
	if s == nil || s.defs != len(list) || s.files != len(e.files) {
		s = e.servingOf(list)
		if e.servings == nil {
			e.servings = map[**def]*serving{}
		}
		e.servings[&list[0]] = s
	}
	at := append(slices.Clone(s.loose), s.own[f]...)
	for dir := path.Dir(f.filePath); ; dir = path.Dir(dir) {
		at = append(at, s.home[dir]...)
		if dir == "." || dir == "/" {
			break
		}
	}
	if owner, has := e.owner(f.filePath); has {
		at = append(at, s.owner[owner]...)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	out := make([]*def, len(at))
	for i, k := range at {
		out[i] = list[k]
	}
	return out
}

func (e *engine) servingOf(list []*def) *serving {
	s := &serving{home: map[string][]int{}, owner: map[string][]int{}, own: map[*fileFacts][]int{}}
	for i, d := range list {
		s.own[d.file] = append(s.own[d.file], i)
		_, ci := ciRoot(d.file.filePath)
		if _, known := e.takers(d); known || ci {
			s.loose = append(s.loose, i)
			continue
		}
		dir := path.Clean(home(d.file.dir))
		if d.file.role == requestSetting {
			dir = path.Clean(requestFolder(d.file.dir))
		}
		s.home[dir] = append(s.home[dir], i)
		if owner, has := e.owner(d.file.filePath); has {
			s.owner[owner] = append(s.owner[owner], i)
		}
	}
	s.defs, s.files = len(list), len(e.files) // takers may have read some
	return s
}

// defsUnder are the definitions of a file that can have a path of names, in their order: those whose first name is the
// first, and whose second is that of the second in any case or of its getter.
func (e *engine) defsUnder(f *fileFacts, want []string) []*def {
	index := e.under[f]
	if index == nil {
		index = map[string][]*def{}
		for _, d := range f.defs {
			index[d.path[0]] = append(index[d.path[0]], d)
			if len(d.path) > 1 {
				key := d.path[0] + "\x00" + memberKey(d.path[1])
				index[key] = append(index[key], d)
			}
		}
		if e.under == nil {
			e.under = map[*fileFacts]map[string][]*def{}
		}
		e.under[f] = index
	}
	if len(want) > 1 && want[1] != anyField {
		return index[want[0]+"\x00"+memberKey(want[1])]
	}
	return index[want[0]]
}

// memberKey is the same for any two names of which one is a member's where the other is asked for (isMember).
func memberKey(name string) string {
	name = strings.ToLower(name)
	for {
		short := strings.TrimPrefix(strings.TrimPrefix(name, "get"), "_")
		if short == "" || short == name {
			return name
		}
		name = short
	}
}
