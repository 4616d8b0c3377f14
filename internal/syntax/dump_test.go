package syntax

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var (
	dumpFile  = flag.String("file", "", "a file whose tree TestDump prints")
	dumpPaths = flag.Bool("paths", false, "print what is around each long text instead of the tree")
)

// TestDump prints the tree of a file: go test ./internal/syntax -run TestDump -file PATH.
func TestDump(t *testing.T) {
	if *dumpFile == "" {
		t.Skip("no -file")
	}
	text, err := os.ReadFile(*dumpFile)
	if err != nil {
		t.Fatal(err)
	}
	doc := parsed(t, *dumpFile, text)
	if !*dumpPaths {
		if err := Dump(os.Stdout, doc); err != nil {
			t.Fatal(err)
		}
		return
	}
	walk(doc.Root, func(n *Node) {
		if n.Kind == Literal && len(n.Text) >= 40 {
			fmt.Printf("%d: %s %s\n", 1+strings.Count(string(text[:n.Start]), "\n"), pathOf(n), n.Flags)
		}
	})
}

// pathOf writes what is around a node, outermost first.
func pathOf(n *Node) string {
	var parts []string
	for p := n; p != nil && p.Kind != File; p = p.Parent {
		s := p.Kind.String()
		switch p.Kind {
		case Arg, Element:
			s = fmt.Sprintf("%s%d", s, p.Index)
		case Literal:
			s = "…"
		case Bind, Call, Block:
			s += " " + p.Name
		}
		parts = append([]string{s}, parts...)
	}
	return strings.Join(parts, " > ")
}
