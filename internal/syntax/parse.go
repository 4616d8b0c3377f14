package syntax

// Read reads text as what its path and its content say it is. What it cannot tell, it leaves out: the error is
// ErrExhausted where reading costs more than the size of text allows, ErrFault where a reader failed, else nil. The document is never nil; that of a text
// that was not read has a root without kids.
func Read(name string, text []byte) (*Document, error) {
	src := string(text)
	doc := &Document{Path: name, Text: text, meter: newMeter(len(text))}
	err := doc.read(name, src)
	if err != nil {
		doc.Root, doc.Imports, doc.Directives = &Node{Kind: File, End: len(text)}, nil, nil
	}
	return doc, err
}

func (doc *Document) read(name, src string) (err error) {
	defer caught(&err)
	doc.Lang, doc.Root = langOf(name, src), &Node{Kind: File, End: len(src)}
	r := &reading{meter: doc.meter, path: name, src: src}
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
	return nil
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

// IsCode reports whether a file's name is that of a program in a language that this package reads.
func IsCode(name string) bool { return codeLangs()[langOfName(name)] != nil }
