package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An id is a node's index in the graph; none stands for a value that no node follows.
type id int32

const none id = -1

// An edgeKind says how a value gets from one node to the next.
type edgeKind uint8

const (
	flows   edgeKind = iota // unchanged
	calls                   // from an argument to the parameter
	returns                 // from a function's result to a call of it
	parts                   // as a part of a longer text
)

type edge struct {
	to   id
	kind edgeKind
}

// A node is a place where a string, or something that holds strings, can be. Containers are transparent: a header is
// its Authorization values, a slice its elements, a pointer what it points to.
type node struct {
	preds []edge
	pos   token.Pos
	end   token.Pos
	expr  ast.Expr     // nil for the node of an object
	obj   types.Object // the variable, field, parameter or constant

	known   bool // text is the node's constant value
	text    string
	chunks  []id           // of a concatenation, in order
	bearer  bool           // the other chunks are "Bearer " or empty: the whole is a token as its part is
	env     string         // the name of the environment variable that is read here
	envKeys []id           // of the name of an environment variable that is read here, where a caller decides it
	creds   []*holding     // tokens whose text stands here
	held    holdFact       // what a fact says of a foreign object
	where   *types.Package // of a foreign object
	urlOf   id             // of a request: its URL
	option  *use           // of a call that makes an SDK option
	reach   []reached      // where the value goes
	objects []string       // names that state a kind, of variables that the value gets to
}

// reached is a use that a node's value gets to. up: without first being returned to a caller, so that it holds for
// whatever a caller passes.
type reached struct {
	use *use
	up  bool
}

// A use is a place that takes a value in a role.
type use struct {
	role  role
	at    id       // the node that is used
	arg   ast.Expr // what stands there, for reports
	what  string   // in words
	group *group
	test  bool // in a test file
}

// A group is what belongs to one client or request: its token, URL, environment and names.
type group struct {
	uses []*use
	pos  token.Pos
}

func (g *group) add(u *use) {
	if u.group == nil {
		u.group = g
		g.uses = append(g.uses, u)
	}
}

type graph struct {
	nodes []node
}

func (g *graph) add(n node) id {
	if n.urlOf == 0 {
		n.urlOf = none
	}
	g.nodes = append(g.nodes, n)
	return id(len(g.nodes) - 1)
}

func (g *graph) at(n id) *node { return &g.nodes[n] }

// connect makes to take what from has. It reports whether the edge is new.
func (g *graph) connect(from, to id, kind edgeKind) bool {
	if from == none || to == none || from == to {
		return false
	}
	preds := g.nodes[to].preds
	for _, e := range preds {
		if e.to == from && e.kind == kind {
			return false
		}
	}
	g.nodes[to].preds = append(preds, edge{from, kind})
	return true
}

// A walk goes backwards from a node to everything that can get there. It keeps calls and returns matched: what a
// function returns of its own parameter comes from the one call in hand, not from all calls (the edges from argument to
// call node say so), hence inside a function that was entered by its result the way out through parameters is closed.
type walk struct {
	parts bool // also through parts of longer texts
	local bool // stay in the function
	// closed does not go to callers: only what is there whoever calls.
	closed bool
	stop   func(n id) bool
}

type state struct {
	n    id
	down bool
}

// from visits every node that reaches start, start too. down tells the visitor that the node was entered through a
// result.
func (w walk) from(g *graph, start id, visit func(n id, down bool)) {
	if start == none {
		return
	}
	seen := map[state]bool{}
	stack := []state{{start, false}}
	seen[stack[0]] = true
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		visit(s.n, s.down)
		if w.stop != nil && w.stop(s.n) {
			continue
		}
		n := g.at(s.n)
		for _, e := range n.preds {
			next := state{e.to, s.down}
			switch e.kind {
			case calls:
				if w.local || w.closed || s.down {
					continue
				}
			case returns:
				if w.local {
					continue
				}
				next.down = true
			case parts:
				if !w.parts && !n.bearer {
					continue
				}
			}
			// A field or package variable is the same wherever it is read: the call is forgotten.
			if next.down && shared(g.at(e.to).obj) {
				next.down = false
			}
			if !seen[next] {
				seen[next] = true
				stack = append(stack, next)
			}
		}
	}
}

// shared reports whether an object outlives the calls of a function: a field or package variable.
func shared(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && (v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope())
}

const (
	hole     = "\x00" // stands for a part of a text that is not known
	maxTexts = 16
)

// texts are the constant texts that a node can have, with a hole for each part that nothing in the package decides.
func (g *graph) texts(n id) []string {
	return g.textsIn(n, map[id]bool{}, 0)
}

func (g *graph) textsIn(n id, busy map[id]bool, depth int) []string {
	if n == none || busy[n] || depth > 40 {
		return []string{hole}
	}
	nd := g.at(n)
	if nd.known {
		return []string{nd.text}
	}
	busy[n] = true
	defer delete(busy, n)
	if len(nd.chunks) > 0 {
		out := []string{""}
		for _, c := range nd.chunks {
			tails := g.textsIn(c, busy, depth+1)
			var next []string
			for _, head := range out {
				for _, tail := range tails {
					if len(next) < maxTexts {
						next = append(next, head+tail)
					}
				}
			}
			out = next
		}
		return out
	}
	if nd.env != "" || len(nd.preds) == 0 {
		out := []string{hole}
		for _, e := range nd.preds { // a default beside the environment
			out = append(out, g.textsIn(e.to, busy, depth+1)...)
		}
		return dedupe(out)
	}
	var out []string
	for _, e := range nd.preds {
		if e.kind == calls {
			out = append(out, hole) // a caller decides
			continue
		}
		if e.kind == parts {
			continue
		}
		out = append(out, g.textsIn(e.to, busy, depth+1)...)
	}
	if len(out) == 0 {
		return []string{hole}
	}
	return dedupe(out)
}

func dedupe(list []string) []string {
	var out []string
	for _, s := range list {
		found := false
		for _, o := range out {
			found = found || o == s
		}
		if !found && len(out) < maxTexts {
			out = append(out, s)
		}
	}
	return out
}
