package scanner

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// This file knows processes that are written in parts: a patch of a kustomization adds settings to a container that the
// base declares, a second file of compose to a service of the first one.

// A partName says of which process a table is all or a part: a container of a workload, a service of compose.
type partName struct {
	kind, name string // of the workload; "compose" and the folder
	part       string // the container's name, or # and its place in the list; the service
}

// partsOf are the names by which parts of other files may mean the process that a table declares or adds to, none where
// it is no such table.
func (r *reader) partsOf(table *syntax.Node) []partName {
	if r.doc.Lang != "yaml" {
		return nil
	}
	if of, is := r.operationPart(table); is {
		return []partName{of}
	}
	if b := bindOf(table); b != nil && table.Parent == b && isCompose(r.f.filePath) {
		if around := bindOf(b); around != nil && around.Name == "services" && around.Parent != nil && around.Parent.Parent == r.doc.Root {
			return []partName{{"compose", r.f.dir, b.Name}}
		}
		return nil
	}
	element := table.Parent
	if element == nil || element.Kind != syntax.Element {
		return nil
	}
	if list := bindOf(element); list == nil || list.Name != "containers" && list.Name != "initContainers" {
		return nil
	}
	name := literalOf(r.keysOf(table)["name"])
	for p := element.Parent; p != nil && name != ""; p = p.Parent {
		keys := r.keysOf(p)
		if !isObject(keys) {
			continue
		}
		if meta := keys["metadata"]; meta != nil {
			of := partName{kind: literalOf(keys["kind"]), name: literalOf(mapping(meta.Kids[0])["name"]), part: name}
			at := of
			at.part = "#" + strconv.Itoa(element.Index)
			return []partName{of, at}
		}
		return nil
	}
	return nil
}

// operationPart is the process that an operation of a JSON patch adds to, the zero value for another table: op: add,
// path: /spec/template/spec/containers/0/env/-, of a patch whose target is named.
func (r *reader) operationPart(table *syntax.Node) (of partName, ok bool) {
	keys := r.keysOf(table)
	if r.doc.Lang != "yaml" || keys["op"] == nil || keys["value"] == nil {
		return of, false
	}
	_, rest, found := strings.Cut(literalOf(keys["path"]), "/containers/")
	place, rest, _ := strings.Cut(rest, "/")
	if first, _, _ := strings.Cut(rest, "/"); !found || !numeric(place) || first != "env" {
		return of, false
	}
	for p := table.Parent; p != nil; p = p.Parent {
		if target := r.keysOf(p)["target"]; target != nil {
			at := mapping(target.Kids[0])
			return partName{literalOf(at["kind"]), literalOf(at["name"]), "#" + place}, true
		}
	}
	return of, false
}

// isPart reports whether a table that says nothing of what runs is a part of a process.
func (r *reader) isPart(table *syntax.Node) bool {
	if r.doc.Lang != "yaml" {
		return false
	}
	adds := false
	for _, k := range table.Kids {
		if k.Kind == syntax.Bind {
			adds = adds || environmentKey(k.Name) || k.Name == "envFrom" || k.Name == "op"
		}
	}
	if !adds {
		return false
	}
	return len(r.partsOf(table)) > 0
}

// A kustomFact is what a kustomization takes in.
type kustomFact struct {
	bases   []string // files and folders, as written
	patches []string // files that change what the bases hold
}

// readKustomization is what the file takes in, nil where it is no kustomization.
func (r *reader) readKustomization() *kustomFact {
	if !isKustomization(r.f.filePath) || len(r.doc.Root.Kids) == 0 {
		return nil
	}
	keys := mapping(r.doc.Root.Kids[0])
	k := &kustomFact{}
	for _, name := range []string{"resources", "bases", "components"} {
		if keys[name] != nil {
			k.bases = texts(keys[name], k.bases)
		}
	}
	for _, name := range []string{"patchesStrategicMerge", "patchesJson6902", "patches"} {
		b := keys[name]
		if b == nil || len(b.Kids) == 0 {
			continue
		}
		for _, e := range b.Kids[0].Kids {
			if len(e.Kids) == 1 && e.Kids[0].Kind == syntax.Literal {
				k.patches = append(k.patches, e.Kids[0].Text)
			} else if len(e.Kids) == 1 {
				if at := literalOf(mapping(e.Kids[0])["path"]); at != "" {
					k.patches = append(k.patches, at)
				}
			}
		}
	}
	return k
}

// wholeOf is the process that another one is a part of, itself where it is none of a known one.
func (e *engine) wholeOf(p *processFact) *processFact {
	if p == nil || !p.partial {
		return p
	}
	whole, known := e.wholes[p]
	if !known {
		whole = e.findWhole(p)
		if e.wholes == nil {
			e.wholes = map[*processFact]*processFact{}
		}
		e.wholes[p] = whole
	}
	return whole
}

func (e *engine) findWhole(p *processFact) *processFact {
	e.index()
	if p.parts[0].kind == "compose" {
		for _, at := range e.inFolder(p.file.dir) {
			if isCompose(at) {
				e.file(at)
			}
		}
	}
	under := e.patched(p.file)
	for _, of := range p.parts {
		for _, other := range e.handings().parts[of] {
			if other.partial {
				continue
			}
			if of.kind == "compose" || other.file == p.file || slices.ContainsFunc(under, func(at string) bool {
				return other.file.filePath == at || liesIn(other.file.filePath, at)
			}) {
				return other
			}
		}
	}
	return p
}

// kustomLevels bounds the kustomizations in a row of which one takes in the other.
const kustomLevels = 8

// patched are the files and folders that hold what the patches in a file change: what the kustomizations take in that
// list the file, or that it is.
func (e *engine) patched(f *fileFacts) []string {
	var out []string
	var take func(k *fileFacts, level int)
	take = func(k *fileFacts, level int) {
		for _, base := range k.kustom.bases {
			at := path.Join(k.dir, base)
			if slices.Contains(out, at) || level > kustomLevels || len(out) > 500 {
				continue
			}
			out = append(out, at)
			if !e.has(at) {
				for _, name := range []string{"kustomization.yaml", "kustomization.yml"} {
					if inner := e.file(path.Join(at, name)); inner != nil && inner.kustom != nil {
						take(inner, level+1)
					}
				}
				continue
			}
			e.file(at)
		}
	}
	for _, p := range slices.Concat(e.byBase["kustomization.yaml"], e.byBase["kustomization.yml"]) {
		if !liesIn(f.filePath, path.Dir(p)) {
			continue
		}
		k := e.file(p)
		if k == nil || k.kustom == nil {
			continue
		}
		if k == f || slices.ContainsFunc(k.kustom.patches, func(at string) bool { return path.Join(k.dir, at) == f.filePath }) {
			take(k, 0)
		}
	}
	return out
}
