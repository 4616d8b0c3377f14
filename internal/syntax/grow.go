package syntax

import (
	"sort"
	"strings"
)

// maxEmbedding bounds how many texts may stand in one another: shell in YAML in Markdown is three.
const maxEmbedding = 5

// A reading is one text that is being read, with what it brings in. Readers of formats hang nodes under a root; all
// their offsets count in src.
type reading struct {
	*meter
	path       string // of the document, or of the file that the text is the content of; may be empty
	src        string
	depth      int // how many texts this one stands in
	imports    []Import
	directives []string
	openTags   map[string]bool // of here-documents that nothing closes
}

// A reader reads r.src and hangs what it finds under root.
type reader func(r *reading, root *Node)

func (n *Node) put(k *Node) *Node {
	k.Parent = n
	n.Kids = append(n.Kids, k)
	return k
}

func (n *Node) putBind(name string, at int) *Node {
	return n.put(&Node{Kind: Bind, Name: name, NameStart: at, Start: at, End: at + len(name)})
}

func (n *Node) putCall(name string, at int) *Node {
	return n.put(&Node{Kind: Call, Name: name, NameStart: at, Start: at, End: at + len(name)})
}

func (n *Node) putBlock(name string, at int) *Node {
	return n.put(&Node{Kind: Block, Name: name, NameStart: at, Start: at, End: at + len(name)})
}

func (n *Node) putRef(name string, at int) *Node {
	return n.put(&Node{Kind: Ref, Name: name, NameStart: at, Start: at, End: at + len(name)})
}

// putGroup hangs a Table or a List.
func (n *Node) putGroup(k Kind, at int) *Node {
	return n.put(&Node{Kind: k, Start: at, End: at})
}

// putNext hangs the next Arg or Element; it counts those that are there.
func (n *Node) putNext(k Kind, at int) *Node {
	i := 0
	for j := len(n.Kids) - 1; j >= 0; j-- {
		if n.Kids[j].Kind == k {
			i = n.Kids[j].Index + 1
			break
		}
	}
	return n.put(&Node{Kind: k, Index: i, Start: at, End: at})
}

func (n *Node) putLit(text string, start, end int, flags Flags) *Node {
	return n.put(&Node{Kind: Literal, Text: text, Start: start, End: end, Flags: flags})
}

// lit hangs the bare text src[start:end].
func (r *reading) lit(n *Node, start, end int, flags Flags) *Node {
	return n.putLit(r.src[start:end], start, end, flags)
}

// walk visits n and all below it, parents first, without recursion: a text may nest deeper than a stack should.
func walk(n *Node, visit func(*Node)) {
	stack := []*Node{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		visit(n)
		for i := len(n.Kids) - 1; i >= 0; i-- {
			stack = append(stack, n.Kids[i])
		}
	}
}

// stretch makes every node reach over its kids, and hangs parents right.
func stretch(root *Node) {
	var order []*Node
	walk(root, func(n *Node) { order = append(order, n) })
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		for _, k := range n.Kids {
			k.Parent = n
			if n.Kind == Literal || n.Kind == Ref {
				continue
			}
			n.Start = min(n.Start, k.Start)
			n.End = max(n.End, k.End)
		}
	}
}

func flagAll(nodes []*Node, f Flags) {
	for _, k := range nodes {
		walk(k, func(n *Node) { n.Flags |= f })
	}
}

// A seam is where an inner text goes on at another place of the outer one.
type seam struct{ in, out int }

// An offsets maps the offsets of a text to those of the text it was taken from: between seams both run in step.
type offsets []seam

// at maps one offset. Nil maps everything to itself.
func (o offsets) at(i int) int {
	if len(o) == 0 {
		return i
	}
	k := sort.Search(len(o), func(k int) bool { return o[k].in > i }) - 1
	if k < 0 {
		return o[0].out
	}
	return o[k].out + i - o[k].in
}

// shifted maps a text that stands at one place.
func shifted(by int) offsets { return offsets{{0, by}} }

// embed reads the inner text in lang and hangs what it holds under parent, at its place in r.src. It says whether
// there was anything.
func (r *reading) embed(parent *Node, lang, path, inner string, m offsets) bool {
	if r.depth >= maxEmbedding || strings.TrimSpace(inner) == "" {
		return false
	}
	r.open(len(inner))
	in := &reading{meter: r.meter, path: path, src: inner, depth: r.depth + 1}
	root := &Node{Kind: File, End: len(inner)}
	readAs(lang, in, root)
	if len(root.Kids) == 0 && len(in.imports) == 0 {
		return false
	}
	if lang == "json" || lang == "yaml" || lang == "toml" {
		in.conventions(root)
	}
	for _, k := range root.Kids {
		walk(k, func(n *Node) {
			empty := n.Start == n.End // its end is where it starts, not behind what stands before it
			n.Start, n.NameStart, n.End = m.at(n.Start), m.at(n.NameStart), m.end(n.End)
			if empty {
				n.End = n.Start
			}
			if limit := len(r.src); limit > 0 { // a line end that was added
				n.Start, n.NameStart, n.End = min(n.Start, limit), min(n.NameStart, limit), min(n.End, limit)
			}
		})
		parent.put(k)
	}
	for _, i := range in.imports {
		i.Start = m.at(i.Start)
		r.imports = append(r.imports, i)
	}
	return true
}

// end maps the offset behind a piece: behind the piece's last byte, not at what follows a seam.
func (o offsets) end(i int) int {
	if i == 0 {
		return o.at(0)
	}
	return o.at(i-1) + 1
}
