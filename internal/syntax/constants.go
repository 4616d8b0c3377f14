package syntax

import "strings"

const (
	constantDepth   = 2  // blocks around a constant
	sameConstants   = 64 // constants of one text that are remembered
	longestConstant = 64 // bytes of a text that is remembered
)

// constants are the Binds near the top of a tree that hold one literal, by its text in lower case.
type constants map[string][]*Node

// Constants returns the Binds of the file that n stands in that hold nothing but a text, in whatever case, and stand
// at the top or at most two blocks deep; the first 64 of them, in the order of the file. Its first call reads the
// tree's upper part, the others only look up: it is not safe for concurrent use.
func (n *Node) Constants(text string) []*Node {
	root := n
	for root.Parent != nil {
		root = root.Parent
	}
	if root.constants == nil {
		root.constants = constants{}
		root.constants.gather(root, 0)
	}
	return root.constants[lower(text)]
}

func (c constants) gather(n *Node, depth int) {
	for _, k := range n.Kids {
		switch {
		case k.Kind == Bind && len(k.Kids) == 1 && k.Kids[0].Kind == Literal && len(k.Kids[0].Text) <= longestConstant:
			text := strings.ToLower(k.Kids[0].Text)
			if len(c[text]) < sameConstants {
				c[text] = append(c[text], k)
			}
		case k.Kind == Block && depth < constantDepth:
			c.gather(k, depth+1)
		}
	}
}
