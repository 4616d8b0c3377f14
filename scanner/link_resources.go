package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// This file reads the processes that resources of Terraform and tasks of Nomad declare.

// resourceAt is the process that a block of HCL declares: a container with its image, a task, a resource or module with
// an environment. nil where it declares none.
func (r *reader) resourceAt(block *syntax.Node) *processFact {
	if block.Kind != syntax.Block && block.Kind != syntax.Table || !r.says(block, "env") && !r.says(block, "app_settings") {
		return nil
	}
	f := &processFact{file: r.f, start: block.Start}
	kind, rest, _ := strings.Cut(block.Name, ".")
	image := r.imageIn(block, kind == "task")
	switch {
	case image != "":
		f.image, f.product = image, isProductImage(image)
		f.words = texts(block, nil)
	case block.Parent == r.doc.Root && (kind == "resource" || kind == "module"):
		f.words = r.wordsOf(block, nil, 0)
	default:
		return nil
	}
	f.name = lastOf(rest)
	r.processes[block] = f
	for p := block.Parent; p != nil && f.outer == nil; p = p.Parent {
		if p.Kind == syntax.Block || p.Kind == syntax.Table {
			f.outer = r.processAt(p)
		}
	}
	r.f.processes = append(r.f.processes, f)
	return f
}

// imageIn is the image that a block names, in a block called config where deep says so; "" for none.
func (r *reader) imageIn(block *syntax.Node, deep bool) string {
	for _, k := range block.Kids {
		switch {
		case k.Kind == syntax.Bind && k.Name == "image":
			return literalOf(k)
		case deep && k.Kind == syntax.Block && k.Name == "config":
			return r.imageIn(k, false)
		}
	}
	return ""
}

// resourceLevels bounds the blocks in a row of which one names the other.
const resourceLevels = 3

// wordsOf are the words of a block and of the blocks that it names: of the archive that a function is packed in.
func (r *reader) wordsOf(block *syntax.Node, out []string, level int) []string {
	out = texts(block, out)
	if level >= resourceLevels {
		return out
	}
	seen := map[string]bool{}
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		for _, k := range n.Kids {
			if parts := strings.Split(k.Name, "."); k.Kind == syntax.Ref && len(parts) > 2 && len(seen) < 16 {
				name := "resource." + parts[0] + "." + parts[1]
				if parts[0] == "data" {
					name = strings.Join(parts[:3], ".")
				}
				if !seen[name] {
					seen[name] = true
					for _, b := range r.doc.Root.Kids {
						if b.Kind == syntax.Block && b.Name == name && b != block {
							out = r.wordsOf(b, out, level+1)
						}
					}
				}
			}
			if depth < 12 {
				walk(k, depth+1)
			}
		}
	}
	walk(block, 0)
	return out
}
