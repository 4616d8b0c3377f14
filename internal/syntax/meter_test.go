package syntax

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func init() { rethrow = true }

// parsed reads a text that a reader has to get through without spending more than a tenth of what it may.
func parsed(t testing.TB, name string, text []byte) *Document {
	t.Helper()
	doc, err := Read(name, text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	frugal(t, name, text, doc.meter)
	return doc
}

func frugal(t testing.TB, name string, text []byte, m *meter) {
	t.Helper()
	all := newMeter(len(text))
	if m.steps < all.steps/10*9 || m.embedded < all.embedded/10*9 {
		t.Errorf("%s: %d steps and %d embedded bytes spent on %d bytes:\n%q", name, all.steps-m.steps,
			all.embedded-m.embedded, len(text), text[:min(len(text), 2000)])
	}
}

// byHand are loops whose progress their shape does not show, each with the reason why it ends.
var byHand = map[string]string{
	"alignWith":        "every branch moves i or j, and neither moves back",
	"decodeEscapes":    "every branch moves i",
	"decodeReferences": "every branch moves i",
	"looksLikeCode":    "every branch moves i: a word has a byte",
	"enclosing":        "goes down a tree; its inner loop is a binary search",
	"Constants":        "goes up a tree",
	"underEnv":         "goes up a tree",
	"underKey":         "goes up a tree",
	"underBuild":       "goes up a tree",
	"rootOf":           "goes up a tree",
	"walk":             "visits a tree once",
	"quoteEnd":         "every branch moves k",
	"unquoteLines":     "a line has at least its end",
	"commonIndent":     "a line has at least its end",
	"dedent":           "a line has at least its end",
	"text":             "every branch moves i",
	"expression":       "every branch moves i",
	"csvRow":           "every branch moves the offset",
	"balanced":         "every branch moves i",
}

// TestLoops holds that each loop of the package either has a shape that ends, or pays its meter for every round, or is
// among those that were looked at.
func TestLoops(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, is := d.(*ast.FuncDecl)
			if !is {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				loop, is := n.(*ast.ForStmt)
				if !is || ends(loop) || pays(loop) {
					return true
				}
				if used[fn.Name.Name] = true; byHand[fn.Name.Name] == "" {
					t.Errorf("%s: this loop may stand still: let it pay for its rounds with step()", set.Position(loop.Pos()))
				}
				return true
			})
		}
	}
	for name := range byHand {
		if !used[name] {
			t.Errorf("no loop of %s needs a reason any more", name)
		}
	}
}

// pays reports whether a loop takes a step in every round.
func pays(loop *ast.ForStmt) bool {
	for _, s := range loop.Body.List {
		if e, is := s.(*ast.ExprStmt); is && strings.HasSuffix(source(e.X), ".step()") {
			return true
		}
		if _, is := s.(*ast.BranchStmt); is {
			return false
		}
	}
	return false
}

// ends reports whether a loop has a condition on something that every round moves by a constant, and nothing moves
// back.
func ends(loop *ast.ForStmt) bool {
	if loop.Cond == nil {
		return false
	}
	moved := map[string]token.Token{}
	move := func(s ast.Stmt) {
		if s, is := s.(*ast.IncDecStmt); is {
			moved[source(s.X)] = s.Tok
		}
	}
	move(loop.Post)
	if loop.Post == nil && !skips(loop.Body) {
		for _, s := range loop.Body.List {
			move(s)
		}
	}
	for name, tok := range moved {
		if strings.Contains(source(loop.Cond), name) && !reset(loop.Body, name, tok) {
			return true
		}
	}
	return false
}

func skips(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		b, is := n.(*ast.BranchStmt)
		found = found || is && b.Tok == token.CONTINUE
		return true
	})
	return found
}

// reset reports whether a body sets name otherwise than in the direction of tok.
func reset(body *ast.BlockStmt, name string, tok token.Token) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IncDecStmt:
			found = found || source(n.X) == name && n.Tok != tok
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				found = found || source(l) == name
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && source(n.X) == name
		}
		return true
	})
	return found
}

func source(n ast.Node) string {
	var b strings.Builder
	if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
		panic(err)
	}
	return b.String()
}

// corpusFiles are the files of the cases in testdata, by the language that they are read in.
func corpusFiles(t testing.TB) map[string][]txtar.File {
	t.Helper()
	files := map[string][]txtar.File{}
	err := filepath.WalkDir("../../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".txtar") || strings.Contains(path, "script") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, f := range txtar.Parse(text).Files {
			lang := langOf(f.Name, string(f.Data))
			files[lang] = append(files[lang], f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// allLangs are the languages that have a reader, prose included.
func allLangs() []string { return append(append([]string{}, settingsLangs...), codeNames()...) }

// readIn reads a text in a language, whatever its name says, with all that is embedded in it.
func readIn(lang string, text string) (m *meter, err error) {
	m = newMeter(len(text))
	defer caught(&err)
	doc := &Document{Lang: lang, Text: []byte(text), Root: &Node{Kind: File, End: len(text)}, meter: m}
	r := &reading{meter: m, src: text}
	readAs(lang, r, doc.Root)
	r.conventions(doc.Root)
	stretch(doc.Root)
	walk(doc.Root, func(n *Node) { Embedded(n, doc) })
	if doc.Exhausted() {
		return m, ErrExhausted
	}
	return m, nil
}

// tails are what a text may end in, in the middle of whatever it was.
var tails = []string{`\`, `\\\`, "'", `"`, "`", `"""`, "'''", "<<EOF\n", "<<-'E'\nx\\", "<!--", "/*", "{-", "(*", "--[[", "{{", "${", "$(", "%{", "<%=", "@@", "```", "~~~sh\n", "<a b='", "</", "<![CDATA[", "---", "|", ">-", "- ", "\r", "\x00", "\ufeff", "\xff\xfe", "#{", "%w(", "q{", "~s(", "r#\"", "R\"x(", "@'\n", "$@\"", "[[", "|-\n  a:", "COPY x FROM stdin;\n", "-H 'A: b", "\\\r\n", "^\r\n", "=\\"}

// TestEnds cuts the files of the corpus off at many places, ends them in what is never closed, and reads them as what
// they are and as everything else: the work stays in proportion to the text. It counts steps, not seconds.
func TestEnds(t *testing.T) {
	files, langs := corpusFiles(t), allLangs()
	check := func(lang, text string) {
		t.Helper()
		m, err := readIn(lang, text)
		if err != nil {
			t.Errorf("%s: %v:\n%q", lang, err, text[:min(len(text), 3000)])
			return
		}
		frugal(t, lang, []byte(text), m)
	}
	n := 0
	for _, lang := range langs {
		list := files[lang]
		for i, f := range list {
			if testing.Short() && i%7 != 0 {
				continue
			}
			text := string(f.Data[:min(len(f.Data), 6000)])
			n++
			check(lang, text)
			for k := range 12 {
				cut := text[:(len(text)*(2*k+1)+n%24)/25]
				check(lang, cut+tails[(n+k)%len(tails)])
			}
			check(lang, strings.ReplaceAll(text, "\n", "\r"))
			check(lang, strings.ReplaceAll(text, " ", "\x00"))
			check(langs[n%len(langs)], text)
			check(langs[(n*7+3)%len(langs)], text)
		}
	}
}

// TestTails ends a few words of each language in each thing that nothing closes, once and many times over.
func TestTails(t *testing.T) {
	for _, lang := range allLangs() {
		for _, tail := range tails {
			for _, text := range []string{tail, "a: b\nx = y " + tail, "del C:\\out\\ " + tail, "x(\"a\", " + tail + "\n",
				strings.Repeat(tail, 500), strings.Repeat("a"+tail+"\n", 300), strings.Repeat(" ", 300) + tail} {
				m, err := readIn(lang, text)
				if err != nil {
					t.Errorf("%s: %v: %q", lang, err, text[:min(len(text), 200)])
					continue
				}
				frugal(t, lang, []byte(text), m)
			}
		}
	}
}
