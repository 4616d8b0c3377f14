package syntax

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

var kindNames = [...]string{"File", "Bind", "Call", "Chain", "Arg", "Table", "List", "Element", "Block", "Return",
	"Literal", "Ref"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

var flagNames = [...]string{"comment", "exported", "template", "quoted", "typed", "env", "multiline", "default", "class"}

// String lists the flags that are set, but for Declared, which tells little to people.
func (f Flags) String() string {
	var on []string
	for i, n := range flagNames {
		if f&(1<<i) != 0 {
			on = append(on, n)
		}
	}
	return strings.Join(on, ",")
}

// Dump writes the tree of a document for people and tests: one node a line, indented, with the line it stands on.
func Dump(w io.Writer, doc *Document) error {
	if doc.Lang != "" {
		fmt.Fprintf(w, "lang %s\n", doc.Lang)
	}
	for _, s := range doc.Directives {
		fmt.Fprintf(w, "directive %q\n", s)
	}
	for _, m := range doc.Imports {
		fmt.Fprintf(w, "import %q name=%q local=%q\n", m.Module, m.Name, m.Local)
	}
	for _, k := range doc.Root.Kids {
		if err := dumpNode(w, doc, k, 0); err != nil {
			return err
		}
	}
	return nil
}

func dumpNode(w io.Writer, doc *Document, n *Node, depth int) error {
	var b strings.Builder
	b.WriteString(strings.Repeat("  ", depth))
	b.WriteString(n.Kind.String())
	switch n.Kind {
	case Arg, Element:
		fmt.Fprintf(&b, " %d", n.Index)
	case Literal:
		fmt.Fprintf(&b, " %q", n.Text)
	case Return, Chain, Table, List:
	default:
		fmt.Fprintf(&b, " %s", n.Name)
	}
	if n.Kind == Block && len(n.Params) > 0 {
		fmt.Fprintf(&b, "(%s)", strings.Join(n.Params, ", "))
	}
	if t := n.Result(); t != "" && n.Kind == Block {
		fmt.Fprintf(&b, " gives %s", t)
	}
	at := n.Start
	if n.Name != "" {
		at = n.NameStart
	}
	if at >= 0 && at <= len(doc.Text) {
		fmt.Fprintf(&b, " :%d", 1+bytes.Count(doc.Text[:at], []byte("\n")))
	}
	if on := n.Flags.String(); on != "" {
		fmt.Fprintf(&b, " [%s]", on)
	}
	if n.Kind == Bind && n.Index > 0 {
		fmt.Fprintf(&b, " part %d", n.Index)
	}
	b.WriteByte('\n')
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	for _, k := range n.Kids {
		if err := dumpNode(w, doc, k, depth+1); err != nil {
			return err
		}
	}
	return nil
}
