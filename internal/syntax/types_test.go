package syntax

import (
	"strings"
	"testing"
)

// TestTypes wants the types that declarations, parameters and heads of classes have, as they are written,
// and what functions give back.
func TestTypes(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"a.go", "package a\ntype C struct {\n\tIn Inner\n}\nfunc (c *C) Tok(p *Props, n int) string { var s Other; return s.x }",
			"In: Inner; Tok: c *C(*Props|int)string; s: Other"},
		{"a.ts", "class K extends B { private k: Props; constructor(private readonly cfg: Config) { super() } }",
			"K: extends B; k: Props; constructor: (Config)"},
		{"A.java", "class K extends B { private final Props props; K(@Named(\"x\") Props p) { Other o; } }",
			"K: extends B; props: Props; K: (Props); o: Other"},
		{"a.py", "class K(Base):\n    cred: str\n    def f(self, a, b: Props):\n        pass\n",
			"K: Base; cred: str; f: (|Props)"},
		{"A.cs", "class K { public Inner In { get; set; } public K(IOptions<Flags> o) {} }",
			"In: Inner; K: (IOptions<Flags>)"},
		{"a.kt", "class K(private val p: Props) { fun f(o: Other) = o.x }", "K: (Props); f: (Other)"},
		{"a.swift", "struct K { let p: Props\n func f(o: Other) -> String { return o.x } }", "p: Props; f: (Other)String"},
		{"a.rs", "struct K { p: Props }\nfn f(o: &Other) -> String { o.x }", "p: Props; f: (&Other)String"},
		{"b.kt", "fun f(n: Int, s: suspend Spec.() -> Unit = {}) {}", "f: (Int|suspend Spec.() -> Unit)"},
		{"b.rs", "fn f(s: impl FnOnce(&mut Spec)) {}", "f: (impl FnOnce(&mut Spec))"},
		{"a.js", "const a = 1\nfunction f(b = 2) {}", ""},
	} {
		var got []string
		walk(parsed(t, c.file, []byte(c.text)).Root, func(n *Node) {
			if n.Type == "" && n.Types == nil {
				return
			}
			s := n.Name + ": " + strings.TrimSpace(n.Type)
			if n.Types != nil {
				var list []string
				for _, p := range n.Types[:len(n.Params)] {
					list = append(list, strings.TrimSpace(p))
				}
				s += "(" + strings.Join(list, "|") + ")" + n.Result()
			}
			got = append(got, s)
		})
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %s\nnot %s", c.file, s, c.want)
		}
	}
}
