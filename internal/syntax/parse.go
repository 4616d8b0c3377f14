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

// IsCode reports whether a file's name is that of a program in a language that this package reads.
func IsCode(name string) bool { return codeOf(langOfName(name)) != nil }
