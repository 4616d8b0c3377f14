package syntax

// readAs reads r.src in a language, and as prose where it knows none.
func readAs(lang string, r *reading, root *Node) {
	l := languageOf(lang)
	switch {
	case l != nil && l.code != nil:
		tree, imports, directives := parseCode(r.meter, l.code, r.src)
		for _, k := range tree.Kids {
			root.put(k)
		}
		r.imports = append(r.imports, imports...)
		r.directives = append(r.directives, directives...)
		if l.code.pages {
			r.pageAround(root)
		}
	case l != nil && l.read != nil:
		l.read(r, root)
	default:
		readProse(r, root)
	}
}
