package syntax

// Parse reads text as what its path and its content say it is. It never fails: what it cannot tell, it leaves out.
func Parse(name string, text []byte) *Document {
	src := string(text)
	doc := &Document{Path: name, Text: text, Lang: langOf(name, src), Root: &Node{Kind: File, End: len(text)}}
	r := &reading{path: name, src: src}
	readAs(doc.Lang, r, doc.Root)
	if isData(doc.Lang) {
		r.conventions(doc.Root)
	} else {
		walk(doc.Root, func(n *Node) {
			if n.Kind == Table {
				pairUp(n)
			}
		})
	}
	stretch(doc.Root)
	doc.Imports, doc.Directives = r.imports, r.directives
	return doc
}

// codeExtensions names the language of a program by its file's extension.
var codeExtensions = map[string]string{
	".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript", ".es6": "javascript",
	".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx",
	".java": "java", ".kt": "kotlin", ".kts": "kotlin", ".groovy": "groovy", ".gradle": "groovy", ".gvy": "groovy",
	".scala": "scala", ".sc": "scala", ".sbt": "scala",
	".clj": "clojure", ".cljs": "clojure", ".cljc": "clojure", ".edn": "clojure",
	".go": "go", ".py": "python", ".pyi": "python", ".pyw": "python", ".bzl": "python", ".star": "python",
	".rb": "ruby", ".rake": "ruby", ".gemspec": "ruby", ".ru": "ruby", ".podspec": "ruby",
	".php": "php", ".phtml": "php", ".cs": "csharp", ".csx": "csharp", ".fs": "fsharp", ".fsx": "fsharp",
	".fsi": "fsharp",
	".vb":  "vb", ".rs": "rust", ".swift": "swift", ".dart": "dart", ".ex": "elixir", ".exs": "elixir",
	".hs": "haskell", ".lhs": "haskell", ".c": "cpp", ".h": "cpp", ".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp",
	".hh": "cpp", ".hpp": "cpp", ".hxx": "cpp", ".m": "cpp", ".mm": "cpp", ".ino": "cpp",
	".pl": "perl", ".pm": "perl", ".t": "perl", ".lua": "lua", ".brs": "brightscript", ".cfc": "cfml", ".cfm": "cfml",
	".cfs": "cfml",
}
