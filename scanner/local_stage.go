package scanner

import (
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// This file knows what a Dockerfile's names mean: what a stage declares ends with it, but for stages that are built on
// it, and what stands before the first stage is known only to those that declare it again, and to FROM.

// inStage reports whether a declaration of a Dockerfile gives a value to the name that a node reads.
func (r *reader) inStage(b, n *syntax.Node) bool {
	from, at := r.stageOf(b), r.stageOf(n)
	switch {
	case from == at:
		return b.Start < n.Start
	case from != r.doc.Root:
		return r.builtOn(at, from, 0)
	case inFrom(n):
		return true
	}
	for stage, n := at, 0; stage != nil && n < followDepth; stage, n = r.baseOf(stage), n+1 {
		for _, k := range stage.Kids {
			if k.Kind == syntax.Bind && k.Flags&syntax.Typed != 0 && k.Name == b.Name {
				return true
			}
		}
	}
	return false
}

// stageOf is the stage that a node stands in, the root for what stands before the first one.
func (r *reader) stageOf(n *syntax.Node) *syntax.Node {
	stage := r.doc.Root
	for p := n; p.Parent != nil; p = p.Parent {
		if p.Kind == syntax.Block && p.Parent == r.doc.Root {
			stage = p
		}
	}
	return stage
}

// inFrom reports whether a node stands in the line that begins a stage.
func inFrom(n *syntax.Node) bool {
	for p := n.Parent; p != nil && p.Kind != syntax.Block; p = p.Parent {
		if p.Kind == syntax.Call && p.Name == "FROM" {
			return true
		}
	}
	return false
}

func (r *reader) builtOn(stage, base *syntax.Node, depth int) bool {
	if depth > followDepth {
		return false
	}
	b := r.baseOf(stage)
	return b != nil && (b == base || r.builtOn(b, base, depth+1))
}

// baseOf is the stage that another one is built on, nil where that is an image from elsewhere.
func (r *reader) baseOf(stage *syntax.Node) *syntax.Node {
	if len(stage.Kids) == 0 || stage.Kids[0].Name != "FROM" {
		return nil
	}
	image := firstLiteral(stage.Kids[0])
	if image == nil {
		return nil
	}
	for _, k := range r.doc.Root.Kids {
		if k == stage {
			return nil // only those before it
		}
		if k.Kind == syntax.Block && k.Name != "" && strings.EqualFold(k.Name, image.Text) {
			return k
		}
	}
	return nil
}
