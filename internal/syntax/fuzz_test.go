package syntax

import (
	"sort"
	"strings"
	"testing"
)

// fuzzSeeds hold the shapes in which readers lose their way: what is cut off, nested, unbalanced, or another language.
var fuzzSeeds = []string{
	"const { A: b, C = 'x' } = import.meta.env\nexport default () => <A b={`${c}`}>it's {d}</A>\n// x: 'y'",
	"class A : B(\"x\") { val c by lazy { \"$d${e}\" } }\nfun f(x: Int = 1) = when (x) { 1 -> \"a\" else -> \"b\" }",
	"def f(a, *b, c=\"x\"):\n  return {\"a\": f\"{b}\"}\n\n@x(1)\nclass C(D):\n    e: str = 'f'\n",
	"func f() error {\n\treturn g(http.Header{\"A\": {\"b\"}}, []string{`c`}, map[string]string{\"d\": e})\n}",
	"x = foo \"a\", b: 1 do |c|\n  c.d = <<~E\n    text #{f}\n  E\nend if g\n",
	"<?php $a = ['b' => \"{$c->d}\"]; ?> <b> <?= $e ?>",
	"let f x = dict [ (\"a\", x) ]\nlet g =\n    h\n        (i)\n",
	"(defn f [a] (-> (b/c \"d\") (.e {:f \"g\"})))",
	"sub a()\n b = \"c\"\nend sub\n'comment",
	"config{\"a\",\"b\"}; auto x = R\"(\")\"; #define A \"b\"\n",
	"a({[\"b\", `${`, \"c\n/* d", "<<<<<<<<<{{{{{{((((((", "'''\"\"\"```/*<!--(*{-#[[", "\"\\", "${${${${\"${", "x ? y : z ? w",
	"+const a = 'b'\n-let c = \"d\"\n@@ -1 +1 @@\n",
}

func codeNames() []string {
	var names []string
	for _, l := range languages() {
		if l.code != nil {
			names = append(names, l.name)
		}
	}
	sort.Strings(names)
	return names
}

// FuzzCode reads anything as every language: no panic, no tree that is none.
func FuzzCode(f *testing.F) {
	names := codeNames()
	for _, s := range fuzzSeeds {
		for i := range names {
			f.Add(s, byte(i))
		}
	}
	f.Fuzz(func(t *testing.T, src string, lang byte) {
		if len(src) > 1<<14 {
			t.Skip()
		}
		name := names[int(lang)%len(names)]
		doc := &Document{Lang: name, Text: []byte(src)}
		doc.Root, doc.Imports, doc.Directives = parseCode(newMeter(len(doc.Text)), codeOf(name), string(doc.Text))
		if err := badTree(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// TestCutOff reads every prefix of the seeds as every language.
func TestCutOff(t *testing.T) {
	for _, s := range fuzzSeeds {
		for _, name := range codeNames() {
			for i := range len(s) + 1 {
				doc := &Document{Lang: name, Text: []byte(s[:i])}
				doc.Root, doc.Imports, doc.Directives = parseCode(newMeter(len(doc.Text)), codeOf(name), string(doc.Text))
				if err := badTree(doc); err != nil {
					t.Fatalf("%s: %q: %v", name, s[:i], err)
				}
			}
		}
	}
}

// TestDeep reads texts that nest deeper than any stack should.
func TestDeep(t *testing.T) {
	for _, s := range []string{"(", "[", "{", "a(", "a=>", "{a:", "<a>", "`${", "if(", "f(x)(", "[[", "a?b:", "!", "a=", "x.y(", "\"\"+(", "fn(|a|"} {
		text := strings.Repeat(s, 2000) + "'end'"
		for _, name := range codeNames() {
			doc := &Document{Lang: name, Text: []byte(text)}
			doc.Root, doc.Imports, doc.Directives = parseCode(newMeter(len(doc.Text)), codeOf(name), string(doc.Text))
			if err := badTree(doc); err != nil {
				t.Fatalf("%s: %q…: %v", name, s, err)
			}
		}
	}
}

// TestLinear holds that the work grows with the text: twice the text, about twice the looks at tokens.
func TestLinear(t *testing.T) {
	shapes := append([]string{"a -> ", "x,", "case ", "def f ", "class X ", "if a ", "a<", "\n a", "(a)=>", "a b ", "a.b(", "[a", "x: ", "fn f(", "a = ", "when x ", "`${a}", "\"a\" + ",
		"let ", "export ", "@a ", "? ", "a :: ", "| ", "do ", "\n  if x:", "f(a, (", "{ a: [", "new ", "{x;y}"}, fuzzSeeds...)
	work := func(l *codeLang, text string) int {
		m := newMeter(len(text))
		readProgram(m, l, text, &Node{Kind: File, End: len(text)}, 1)
		return newMeter(len(text)).steps - m.steps
	}
	for _, name := range codeNames() {
		for _, s := range shapes {
			n := max(20, 1500/len(s))
			once, twice := work(codeOf(name), strings.Repeat(s, n)), work(codeOf(name), strings.Repeat(s, 2*n))
			if twice > 3*once+5000 {
				t.Errorf("%s: %q: %d looks for %d bytes, %d for twice as much", name, s, once, n*len(s), twice)
			}
		}
	}
}
