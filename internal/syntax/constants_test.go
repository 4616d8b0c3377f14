package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// TestConstants holds which Binds count as constants of a text, and that a file of the same text over and over gives a
// bounded number of them.
func TestConstants(t *testing.T) {
	doc := parsed(t, "a.js", []byte("const A = 'Authorization'\nclass C { B = 'authorization' }\n"+
		"const D = { E: 'authorization' }\nconst F = 'other', G = A\n"))
	var names []string
	for _, k := range doc.Root.Kids[len(doc.Root.Kids)-1].Constants("AUTHORIZATION") {
		names = append(names, k.Name)
	}
	if got := strings.Join(names, " "); got != "A B" {
		t.Errorf("constants: %s", got)
	}
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, "const A%d = 'x'\n", i)
	}
	if n := len(parsed(t, "a.js", []byte(many.String())).Root.Constants("x")); n != sameConstants {
		t.Errorf("%d constants", n)
	}
}
