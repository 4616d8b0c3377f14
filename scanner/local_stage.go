package scanner

import (
	"path"
	"slices"
	"strconv"
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
	return r.stageNamed(image.Text, stage)
}

// A stageFact is what a stage of a Dockerfile takes of the program.
type stageFact struct {
	sources []string // paths from the context, as written; none where that is not known, or where it takes all
	// programs are the packages that what it runs is built of, from the context; none where that is not known
	programs []string
}

// stageAround is the stage that a node stands in, nil outside of one.
func (r *reader) stageAround(n *syntax.Node) *stageFact {
	if r.doc.Lang != "dockerfile" {
		return nil
	}
	at := r.stageOf(n)
	if at == r.doc.Root {
		return nil
	}
	if f, known := r.stages[at]; known {
		return f
	}
	if r.stages == nil {
		r.stages = map[*syntax.Node]*stageFact{}
	}
	f := &stageFact{sources: r.sourcesOf(at, 0), programs: r.programsOf(at)}
	if slices.Contains(f.sources, ".") {
		f.sources = nil
	}
	r.stages[at] = f
	return f
}

// sourcesOf are the paths that a stage copies from the context, itself or through the stages that it is built on or
// copies from.
func (r *reader) sourcesOf(stage *syntax.Node, depth int) []string {
	if stage == nil || depth > followDepth {
		return nil
	}
	out := r.sourcesOf(r.baseOf(stage), depth+1)
	for _, c := range stage.Kids {
		if c.Kind != syntax.Call || c.Name != "COPY" && c.Name != "ADD" || len(c.Kids) == 0 || len(out) > 100 {
			continue
		}
		if from := callArg(c, "--from"); from != nil {
			out = append(out, r.sourcesOf(r.stageNamed(from.Text, stage), depth+1)...)
			continue
		}
		for _, k := range c.Kids[:len(c.Kids)-1] {
			if lit := onlyLiteral(k); lit != nil {
				out = append(out, strings.TrimPrefix(path.Clean(lit.Text), "/"))
			} else {
				out = append(out, ".") // a name tells which
			}
		}
	}
	return out
}

// programsOf are the packages of Go whose programs a stage copies from others; none where it copies anything else.
func (r *reader) programsOf(stage *syntax.Node) []string {
	var out []string
	for _, c := range stage.Kids {
		if c.Kind != syntax.Call || c.Name != "COPY" && c.Name != "ADD" || len(c.Kids) == 0 {
			continue
		}
		from := callArg(c, "--from")
		if from == nil || r.stageNamed(from.Text, stage) == nil {
			return nil
		}
		built := ""
		for _, k := range c.Kids[:len(c.Kids)-1] {
			if lit := onlyLiteral(k); lit != nil && k.Kind == syntax.Arg {
				built = r.builtBy(r.stageNamed(from.Text, stage), lit.Text)
			}
		}
		if built == "" {
			return nil
		}
		out = append(out, built)
	}
	return out
}

// builtBy is the package that a stage builds the program at a path of, "" where it does not say: go build -o /out/x
// ./cmd/x.
func (r *reader) builtBy(stage *syntax.Node, program string) string {
	for _, c := range stage.Kids {
		if c.Kind != syntax.Call || c.Name != "go" {
			continue
		}
		words := texts(c, nil)
		at, out := slices.Index(words, "build"), slices.Index(words, "-o")
		if at < 0 || out < at || out+2 >= len(words) || words[out+1] != program {
			continue
		}
		if last := words[out+2]; strings.HasPrefix(last, "./") {
			return path.Clean(last)
		}
	}
	return ""
}

// stageNamed is the stage before another one that a name or a number means, nil for none.
func (r *reader) stageNamed(name string, before *syntax.Node) *syntax.Node {
	n := 0
	for _, k := range r.doc.Root.Kids {
		if k == before {
			break
		}
		if k.Kind != syntax.Block {
			continue
		}
		if k.Name != "" && strings.EqualFold(k.Name, name) || name == strconv.Itoa(n) {
			return k
		}
		n++
	}
	return nil
}

// stageTakes reports whether the code of a file may run in a stage of a Dockerfile, by what that one copies.
func (e *engine) stageTakes(d *def, f *fileFacts) bool {
	if d.stage != nil && len(d.stage.programs) > 0 && !settingsLangs(f.lang) {
		known := false
		for _, p := range d.stage.programs {
			at := path.Join(d.file.dir, p)
			if liesIn(f.filePath, at) || e.startsWith(at, f) {
				return true
			}
			known = known || e.hasFolder(at)
		}
		if known || e.ask.lib == nil { // where only a part of the tree is known, the program is somewhere else
			return false
		}
	}
	if d.stage == nil || len(d.stage.sources) == 0 {
		return true
	}
	for base := d.file.dir; ; base = path.Dir(base) {
		found := false
		for _, s := range d.stage.sources {
			if i := strings.IndexAny(s, "*?["); i >= 0 {
				s = path.Dir(s[:i] + "x")
			}
			p := path.Join(base, s)
			if f.filePath == p || liesIn(f.filePath, p) {
				return true
			}
			found = found || e.hasFolder(p) || e.has(p)
		}
		if found {
			return false
		}
		if base == "." || base == "/" {
			return e.ask.lib != nil // where only a part of the tree is known, what is copied is somewhere else
		}
	}
}
