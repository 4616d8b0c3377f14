package syntax

import "testing"

// settingsLangs are the languages that the readers of settings, markup and documents know.
var settingsLangs = []string{"dotenv", "properties", "ini", "conf", "toml", "yaml", "json", "hcl", "xml", "html", "vue",
	"astro",
	"dockerfile", "makefile", "cmake", "shell", "console", "powershell", "batch", "markdown", "rst", "asciidoc",
	"notebook", "http",
	"log", "sql", "csv", "netrc", "procfile", "crontab", "diff", "url", "query", "headerline", "options", "commas",
	"twig", "prose"}

// FuzzSettings reads anything as every format: no panic, and every node stands inside the text and inside its parent.
func FuzzSettings(f *testing.F) {
	for i := range settingsLangs {
		f.Add(byte(i), "a: b\nX=${Y:-z} \"q\" '{\"a\": 1}'\n- name: x\n  value: y\n")
	}
	for _, c := range trails {
		for i, l := range settingsLangs {
			if l == langOf(c.path, c.text) {
				f.Add(byte(i), c.text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, k byte, s string) {
		lang := settingsLangs[int(k)%len(settingsLangs)]
		root := &Node{Kind: File, End: len(s)}
		r := &reading{meter: newMeter(len(s)), src: s}
		readAs(lang, r, root)
		r.conventions(root)
		stretch(root)
		doc := &Document{Text: []byte(s), Root: root}
		walk(root, func(n *Node) {
			if n.Start < 0 || n.End > len(s) || n.Start > n.End || n.NameStart < 0 || n.NameStart > len(s) {
				t.Fatalf("%s %q: %s %d..%d, its name at %d", lang, s, n.Kind, n.Start, n.End, n.NameStart)
			}
			for _, k := range n.Kids {
				if k.Parent != n {
					t.Fatalf("%s %q: %s has a kid whose parent is another", lang, s, n.Kind)
				}
			}
			if n.Kind == Literal {
				Embedded(n, doc)
			}
		})
	})
}
