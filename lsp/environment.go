package lsp

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
)

// settingOf is the name of the setting that should hold a credential: one that states its kind.
func settingOf(f *scanner.Finding) string {
	switch f.Kind {
	case rules.Backend:
		return "UNLEASH_BACKEND_API_TOKEN"
	case rules.Frontend:
		return "UNLEASH_FRONTEND_API_TOKEN"
	case rules.Admin:
		return "UNLEASH_ADMIN_TOKEN"
	case rules.Personal:
		return "UNLEASH_PAT"
	case rules.ServiceAccount:
		return "UNLEASH_SERVICE_ACCOUNT_TOKEN"
	case rules.ClientKey:
		return "UNLEASH_PROXY_CLIENT_KEY"
	}
	return "UNLEASH_API_TOKEN"
}

// A language is how a language reads a setting of its process.
type language struct {
	read   func(name string) string
	quotes string // that open and close literals
	// whole, where set, makes the edits from the literal text[from:to], which holds the credential text[start:end].
	whole func(text []byte, from, to, start, end int, setting string) []change
}

var languages = sync.OnceValue(func() map[string]language {
	return map[string]language{
		".go":   {quotes: "\"`", whole: goEnvironment},
		".py":   {quotes: `"'`, whole: pythonEnvironment},
		".java": {read: func(n string) string { return `System.getenv("` + n + `")` }, quotes: `"`},
		".js":   scriptLanguage, ".jsx": scriptLanguage, ".mjs": scriptLanguage, ".cjs": scriptLanguage,
		".ts": scriptLanguage, ".tsx": scriptLanguage, ".mts": scriptLanguage, ".cts": scriptLanguage,
	}
})

var scriptLanguage = language{quotes: "\"'`", whole: scriptEnvironment}

// readEnvironment is what has to change so that a setting of the process is read in the place of a credential; nil
// where that cannot be told from the text.
func readEnvironment(name string, text []byte, start, end int, setting string) []change {
	ext := strings.ToLower(path.Ext(name))
	if ext == ".yaml" || ext == ".yml" {
		return yamlEnvironment(name, text, start, end, setting)
	}
	l, ok := languages()[ext]
	if !ok {
		return nil
	}
	from, to := literalAround(text, start, end, l.quotes)
	if from < 0 || inComment(text, from) {
		return nil
	}
	if l.whole != nil {
		return l.whole(text, from, to, start, end, setting)
	}
	return []change{{from, to, joined(text, from, to, start, end, l.read(setting))}}
}

// literalAround is the literal with one of these quotes that holds text[start:end], its quotes included; from is -1
// where there is none on the line.
func literalAround(text []byte, start, end int, quotes string) (from, to int) {
	line := bytes.LastIndexByte(text[:start], '\n') + 1
	stop := len(text)
	if i := bytes.IndexByte(text[end:], '\n'); i >= 0 {
		stop = end + i
	}
	var open byte
	from = -1
	for i := line; i < start; i++ {
		switch c := text[i]; {
		case c == '\\' && open != 0 && open != '`':
			i++
		case open == 0 && strings.IndexByte(quotes, c) >= 0:
			open, from = c, i
		case open != 0 && c == open:
			open, from = 0, -1
		}
	}
	if from < 0 {
		return -1, -1
	}
	for i := end; i < stop; i++ {
		if text[i] == '\\' && open != '`' {
			i++
		} else if text[i] == open {
			return from, i + 1
		}
	}
	return -1, -1
}

// inComment reports whether a comment begins on the line before at.
func inComment(text []byte, at int) bool {
	line := bytes.TrimSpace(text[bytes.LastIndexByte(text[:at], '\n')+1 : at])
	for _, c := range []string{"//", "#", "/*", "*", "<!--"} {
		if bytes.HasPrefix(line, []byte(c)) {
			return true
		}
	}
	return false
}

// joined is an expression in the place of a literal: what reads the setting, with what stands around the credential.
func joined(text []byte, from, to, start, end int, read string) string {
	quote := string(text[from])
	if start > from+1 {
		read = string(text[from:start]) + quote + " + " + read
	}
	if end < to-1 {
		read += " + " + quote + string(text[end:to])
	}
	return read
}

func scriptEnvironment(text []byte, from, to, start, end int, setting string) []change {
	read := "process.env." + setting
	if bytes.Contains(text, []byte("import.meta.env")) {
		read = "import.meta.env.VITE_" + setting
	}
	switch {
	case text[from] == '`' && (start > from+1 || end < to-1):
		return []change{{start, end, "${" + read + "}"}}
	case isAttribute(text, from):
		return []change{{from, to, "{" + joined(text, from, to, start, end, read) + "}"}}
	}
	return []change{{from, to, joined(text, from, to, start, end, read)}}
}

// isAttribute reports whether the literal that begins at from is the value of an attribute of JSX: the name, = and the
// literal stand without blanks, in a tag.
func isAttribute(text []byte, from int) bool {
	if from == 0 || text[from-1] != '=' {
		return false
	}
	before := text[max(0, from-500):from]
	open := bytes.LastIndexByte(before, '<')
	return open >= 0 && open+1 < len(before) && isLetter(before[open+1]) && bytes.LastIndexByte(before, '>') < open
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

var pythonImport = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^import (?:\w+, *)*os\b`) })

func pythonEnvironment(text []byte, from, to, start, end int, setting string) []change {
	read := `os.environ["` + setting + `"]`
	var changes []change
	prefix := from
	for prefix > 0 && isLetter(text[prefix-1]) {
		prefix--
	}
	switch letters := strings.ToLower(string(text[prefix:from])); {
	case from > 1 && text[from-1] == text[from] && text[from-2] == text[from], strings.Contains(letters, "b"):
		return nil // three quotes, or bytes
	case strings.Contains(letters, "f") && (start > from+1 || end < to-1):
		quote := "'"
		if text[from] == '\'' {
			quote = `"`
		}
		changes = []change{{start, end, "{os.environ[" + quote + setting + quote + "]}"}}
	default:
		changes = []change{{prefix, to, joined(text, from, to, start, end, read)}}
	}
	if !pythonImport().Match(text) {
		at := pythonImports(text)
		changes = append([]change{{at, at, "import os" + eol(text)}}, changes...)
	}
	return changes
}

// pythonImports is where an import can be added: before the first one that is not of __future__, else behind the
// comments and the text that a module begins with.
func pythonImports(text []byte) int {
	if m := regexp.MustCompile(`(?m)^(import |from [^_\s])`).FindIndex(text); m != nil {
		return m[0]
	}
	at := 0
	for at < len(text) && text[at] == '#' {
		at = lineEnd(text, at)
	}
	for _, quotes := range []string{`"""`, "'''"} {
		if bytes.HasPrefix(text[at:], []byte(quotes)) {
			if i := bytes.Index(text[at+3:], []byte(quotes)); i >= 0 {
				return lineEnd(text, at+3+i+3)
			}
		}
	}
	return at
}

// goEnvironment reads the setting with os.Getenv. A constant becomes a variable where it stands by itself; one of a
// group, or one that others are made of, is left alone.
func goEnvironment(text []byte, from, to, start, end int, setting string) []change {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution) // what can be read of it is enough
	if file == nil || file.Name == nil {
		return nil
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	literal, constant, tag := false, (*ast.GenDecl)(nil), false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			literal = literal || n.Kind == token.STRING && offset(n.Pos()) == from
		case *ast.GenDecl:
			if n.Tok == token.CONST && offset(n.Pos()) < from && from < offset(n.End()) {
				constant = n
			}
		case *ast.Field:
			tag = tag || n.Tag != nil && offset(n.Tag.Pos()) == from
		}
		return true
	})
	if !literal || tag {
		return nil
	}
	changes := []change{{from, to, joined(text, from, to, start, end, "os.Getenv("+strconv.Quote(setting)+")")}}
	if constant != nil {
		if constant.Lparen.IsValid() {
			return nil
		}
		at := offset(constant.Pos())
		changes = append([]change{{at, at + len("const"), "var"}}, changes...)
	}
	for _, i := range file.Imports {
		if i.Path.Value == `"os"` && (i.Name == nil || i.Name.Name == "os") {
			return changes
		}
	}
	at := offset(file.Name.End())
	added := eol(text) + eol(text) + `import "os"`
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			at, added = offset(g.Pos()), `import "os"`+eol(text)
			if g.Lparen.IsValid() {
				at, added = offset(g.Lparen)+1, eol(text)+"\t\"os\""
			}
			break
		}
	}
	return append([]change{{at, at, added}}, changes...)
}

var kubernetes = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^apiVersion:\s*\S+`) })

// yamlEnvironment refers to the setting as the file's reader does: a workflow to a secret of GitHub, a container of
// Kubernetes to a Secret, all else to a variable.
func yamlEnvironment(name string, text []byte, start, end int, setting string) []change {
	line := bytes.LastIndexByte(text[:start], '\n') + 1
	if inComment(text, start) {
		return nil
	}
	if strings.Contains("/"+name, "/.github/workflows/") {
		return []change{{start, end, "${{ secrets." + setting + " }}"}}
	}
	if kubernetes().Match(text) {
		m := regexp.MustCompile(`^([ -]*)value:[ \t]*(["']?)`).FindSubmatchIndex(text[line:start])
		stop := lineEnd(text, end)
		rest := bytes.TrimRight(text[end:stop], "\r\n")
		if m == nil || m[1] != start-line || len(bytes.Trim(rest, "\"' ")) > 0 {
			return nil
		}
		indent := strings.Repeat(" ", m[3])
		nl := eol(text)
		return []change{{line + m[3], end + len(rest), "valueFrom:" + nl + indent + "  secretKeyRef:" + nl + indent +
			"    name: unleash" + nl + indent + "    key: " + setting}}
	}
	return []change{{start, end, "${" + setting + "}"}}
}
