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
func codeExtensions(name string) string {
	switch name {
	case ".js", ".mjs", ".cjs", ".jsx", ".es6":
		return "javascript"
	case ".ts", ".mts", ".cts":
		return "typescript"
	case ".tsx":
		return "tsx"
	case ".java":
		return "java"
	case ".kt", ".kts":
		return "kotlin"
	case ".groovy", ".gradle", ".gvy":
		return "groovy"
	case ".scala", ".sc", ".sbt":
		return "scala"
	case ".clj", ".cljs", ".cljc", ".edn":
		return "clojure"
	case ".go":
		return "go"
	case ".py", ".pyi", ".pyw", ".bzl", ".star":
		return "python"
	case ".rb", ".rake", ".gemspec", ".ru", ".podspec":
		return "ruby"
	case ".php", ".phtml":
		return "php"
	case ".cs", ".csx":
		return "csharp"
	case ".fs", ".fsx", ".fsi":
		return "fsharp"
	case ".vb":
		return "vb"
	case ".rs":
		return "rust"
	case ".swift":
		return "swift"
	case ".dart":
		return "dart"
	case ".ex", ".exs":
		return "elixir"
	case ".hs", ".lhs":
		return "haskell"
	case ".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".m", ".mm", ".ino":
		return "cpp"
	case ".pl", ".pm", ".t":
		return "perl"
	case ".lua":
		return "lua"
	case ".brs":
		return "brightscript"
	case ".cfc", ".cfm", ".cfs":
		return "cfml"
	}
	return ""
}
