package syntax

import (
	"fmt"
	"strconv"
	"strings"
)

var kindNames = [...]string{"file", "bind", "call", "chain", "arg", "table", "list", "element", "block", "return", "literal", "ref"}

var flagNames = [...]string{"comment", "exported", "template", "quoted", "typed", "env", "multiline", "default"}

// Dump shows a document as an indented tree, one node a line: kind, name, text, flags, line. It is made for tests and
// for eyes.
func Dump(doc *Document) string {
	var b strings.Builder
	for _, d := range doc.Directives {
		fmt.Fprintf(&b, "directive %q\n", d)
	}
	for _, i := range doc.Imports {
		fmt.Fprintf(&b, "import %s from %q as %s\n", i.Name, i.Module, i.Local)
	}
	lines := lineStarts(doc.Text)
	var dump func(n *Node, depth int)
	dump = func(n *Node, depth int) {
		if depth > 0 {
			b.WriteString(strings.Repeat("  ", depth-1))
			b.WriteString(kindNames[n.Kind])
			if n.Kind == Arg || n.Kind == Element {
				b.WriteString(" " + strconv.Itoa(n.Index))
			}
			if n.Name != "" {
				b.WriteString(" " + n.Name)
			}
			if len(n.Params) > 0 {
				b.WriteString("(" + strings.Join(n.Params, ", ") + ")")
			}
			if n.Kind == Literal {
				b.WriteString(" " + strconv.Quote(n.Text))
			}
			for i, f := range flagNames {
				if n.Flags&(1<<i) != 0 {
					b.WriteString(" +" + f)
				}
			}
			at := n.Start
			if n.Name != "" {
				at = n.NameStart
			}
			fmt.Fprintf(&b, " :%d\n", lineOf(lines, at))
		}
		if depth > 500 {
			return
		}
		for _, k := range n.Kids {
			dump(k, depth+1)
		}
	}
	dump(doc.Root, 0)
	return b.String()
}

func lineStarts(text []byte) []int {
	starts := []int{0}
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func lineOf(starts []int, at int) int {
	lo, hi := 0, len(starts)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; starts[mid] <= at {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + 1
}
