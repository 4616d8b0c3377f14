package syntax

// parseCode reads a text of a programming language. Offsets count from the start of text.
func parseCode(lang *codeLang, text []byte) (root *Node, imports []Import, directives []string) {
	return &Node{Kind: File, End: len(text)}, nil, nil
}

// A codeLang is what tells one programming language from another.
type codeLang struct {
	name string
}

// codeLangs are the programming languages, by name.
var codeLangs = map[string]*codeLang{}
