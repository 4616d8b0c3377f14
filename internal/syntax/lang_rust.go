package syntax

import "strings"

// langRust is Rust.
func langRust() *language {
	return &language{name: "rust",
		endings: ".rs",
		fences:  "rs",
		code: &codeLang{
			line: slashes, block: slashBox, nested: true, special: specialRust, bareApos: true,
			semicolons: true, angles: true,
			quotes: []codeQuote{dq.over(), dq.as(`b"`).over(), char},
			words: vocabulary(
				wModifier, "pub unsafe async extern default mut ref crate dyn",
				wVar, "let const static",
				wFunc, "fn",
				wClass, "struct enum trait impl mod union macro_rules",
				wImport, "use",
				wReturn, "return",
				wControl, "if for while match",
				wElse, "else loop unsafe",
				wPrefix, "move await",
				wInfix, "in",
				wCast, "as",
				wType, "type",
				wEnd, "break continue",
			),
			exported: byWord, implicit: true, concat: "+", brace: braceInit, arrows: "", tuples: true,
			imports: (*codeReader).importRust,
			gives:   givesRust,
			traits: traits{
				hashNotes: true, macros: true, tryMark: true, capitalInit: true, noTernary: true, barLambdas: true,
				blockValues: true, armCommas: true, bareHeads: true, strictFuncs: true, varTuples: true,
				bareFunctions: true, implFor: true, typeMembers: true, scopedModifiers: true, bounds: true,
				functionTypes: true,
			},
		}}
}

// givesRust says that a body gives its last expression where no semicolon ends it.
func givesRust(r *codeReader, end int, _ bool, _ int, _ *Node) bool { return r.op(end-1, end) != ";" }

// importRust reads use a::{b, c as d}.
func (r *codeReader) importRust(_ string, i, e int) int {
	r.used("", i+1, e, 0)
	return e
}

// used adds what stands in [j,e) of a use, below prefix.
func (r *codeReader) used(prefix string, j, e, depth int) {
	for j < e && depth < 20 {
		r.step()
		name := prefix
		at := j
		for j < e {
			r.step()
			if w := r.word(j, e); w != "" && w != "as" {
				if name != "" {
					name += "::"
				}
				name += w
				j++
			} else if r.op(j, e) == "::" && !r.opens(j+1, e, '{') && r.op(j+1, e) != "*" {
				j++
			} else {
				break
			}
		}
		switch {
		case r.op(j, e) == "::" && r.op(j+1, e) == "*":
			r.addImport(name, "*", "*", r.pos(at))
		case r.op(j, e) == "::" && r.opens(j+1, e, '{'):
			m := r.mate(j+1, e)
			r.used(name, j+2, m, depth+1)
			j = m
		case r.opens(j, e, '{'):
			m := r.mate(j, e)
			r.used(name, j+1, m, depth+1)
			j = m
		case name != prefix:
			last := name[strings.LastIndexByte(name, ':')+1:]
			local := last
			if r.word(j, e) == "as" {
				local = r.text(j + 1)
			}
			r.addImport(name, last, local, r.pos(at))
		}
		for j < e && r.op(j, e) != "," {
			r.step()
			j = r.next(j, e)
		}
		j++
	}
}

func specialRust(x *codeLexer) bool {
	if x.src[x.p] == '\'' && isAlphaByte(x.peek(1)) && !x.prose {
		e := x.p + 2
		for e < len(x.src) && isWordByte(x.src[e]) {
			e++
		}
		if e >= len(x.src) || x.src[e] != '\'' { // a lifetime
			x.p = e
			x.sp = true
			return true
		}
	}
	if x.p > 0 && isWordByte(x.src[x.p-1]) {
		return false
	}
	switch {
	case x.has(`r"`), x.has("r#"):
		return x.hashed(x.p+1, false)
	case x.has(`br"`), x.has("br#"):
		return x.hashed(x.p+2, false)
	}
	return false
}
