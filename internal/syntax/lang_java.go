package syntax

import "strings"

// langJava is Java.
func langJava() *language {
	return &language{name: "java",
		endings: ".java",
		code: &codeLang{
			line: slashes, block: slashBox, wordBytes: "$", semicolons: true, typeFirst: true,
			angles: true,
			quotes: []codeQuote{triple, dq, char},
			words: vocabulary(
				wModifier, "public private protected static final abstract native synchronized transient volatile "+
					"strictfp default sealed",
				wVar, "var",
				wClass, "class interface enum record @interface",
				wImport, "import package",
				wReturn, "return yield",
				wControl, "if for while switch catch synchronized",
				wElse, "else try finally do",
				wCase, "case default",
				wPrefix, "new throw assert",
				wCast, "instanceof extends super",
				wEnd, "break continue",
			),
			exported: notPrivate, concat: "+", brace: braceNew, arrows: "->",
			imports: (*codeReader).importJava,
			traits: traits{
				bareFunctions: true, prototypes: true, noteTypes: true,
			},
		}}
}

// importJava reads import a.b.C, as Java, Kotlin, Scala and Groovy write it.
func (r *codeReader) importJava(w string, i, e int) int {
	if w != "package" {
		r.javaNames(i+1, e)
	}
	return e
}

func (r *codeReader) javaNames(j, e int) {
	at := r.pos(j)
	if r.word(j, e) == "static" || r.word(j, e) == "given" {
		j++
	}
	name, k := r.path(j, e)
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case r.op(k, e) == "." && (r.op(k+1, e) == "*" || r.word(k+1, e) == "_"):
		r.addImport(name, "*", "*", at)
	case strings.HasSuffix(name, "._"):
		r.addImport(strings.TrimSuffix(name, "._"), "*", "*", at)
	case r.op(k, e) == "." && r.opens(k+1, e, '{'):
		m := r.mate(k+1, e)
		for q := k + 2; q < m; {
			if n := r.word(q, m); n != "" {
				local := n
				if r.op(q+1, m) == "=>" || r.word(q+1, m) == "as" {
					local = r.text(q + 2)
				}
				r.addImport(name+"."+n, n, local, r.pos(q))
			}
			for q < m && r.op(q, m) != "," {
				q++
			}
			q++
		}
	default:
		local := last
		if r.word(k, e) == "as" {
			local = r.text(k + 1)
		}
		r.addImport(name, last, local, at)
	}
}
