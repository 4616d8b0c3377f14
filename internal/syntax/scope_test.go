package syntax

import (
	"strings"
	"testing"
)

// TestDeclared looks at what brings a name in, and at where the innermost block of statements around it ends.
func TestDeclared(t *testing.T) {
	for _, c := range []struct {
		file, text string
		declared   bool
		until      string // what the text ends with there, "" where the Bind stands in no block of statements
	}{
		{"a.js", "const tok = 'x'", true, ""},
		{"a.js", "tok = 'x'", false, ""},
		{"a.js", "function f() { if (a) { let tok = 'x'; use(tok) } tok() }", true, "use(tok)"},
		{"a.js", "function f() { if (a) tok = 'x'; use(tok) }", false, "tok = 'x'"},
		{"a.go", "package a\nfunc f() {\n\ttok := \"x\"\n}", true, ""},
		{"a.go", "package a\nfunc f() {\n\ttok = \"x\"\n}", false, ""},
		{"a.go", "package a\nfunc f() {\n\tfor _, tok := range list {\n\t\tuse(tok)\n\t}\n}", true, "use(tok)"},
		{"a.py", "def f():\n    if a:\n        tok = 'x'\n    use(tok)\n", false, "tok = 'x'"},
		{"a.py", "def f():\n    for tok in list:\n        use(tok)\n", true, "use(tok)"},
		{"A.java", "class A { void f() { String tok = \"x\"; } }", true, ""},
		{"A.java", "class A { void f() { tok = \"x\"; } }", false, ""},
		{"a.rs", "fn f() { if a { let tok = b; use(tok); } }", true, "use(tok);"},
		{"a.kt", "fun f() { for (tok in list) { use(tok) } }", true, "use(tok)"},
		{"a.rb", "def f\n  if a\n    tok = 'x'\n  end\nend\n", false, "tok = 'x'"},
		{"a.php", "<?php function f() { foreach ($list as $tok) { use_it($tok); } }", true, "use_it($tok);"},
	} {
		var found *Node
		walk(parsed(t, c.file, []byte(c.text)).Root, func(n *Node) {
			if n.Kind == Bind && n.Name == "tok" {
				found = n
			}
		})
		if found == nil {
			t.Errorf("%s: no Bind in %s", c.file, c.text)
			continue
		}
		if is := found.Flags&Declared != 0; is != c.declared {
			t.Errorf("%s: declared is %v in %s", c.file, is, c.text)
		}
		if until := c.text[:found.Until]; c.until == "" && until != "" || !strings.HasSuffix(until, c.until) {
			t.Errorf("%s: ends at %q in %s", c.file, until, c.text)
		}
	}
}
