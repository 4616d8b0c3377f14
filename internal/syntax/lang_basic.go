package syntax

// langBasic is Visual Basic.
func langBasic() *language {
	return &language{name: "vb",
		endings: ".vb",
		fences:  "vbnet vb.net",
		code: &codeLang{
			line: []string{"'"}, caseless: true, wordTail: "",
			quotes: []codeQuote{{open: `$"`, close: `"`, esc: escDoubled, holes: holeBrace}, {open: `"`, close: `"`,
				esc: escDoubled}},
			ends:    wordSet("sub function class module namespace property structure interface enum"),
			closers: wordSet("end"), closersNamed: true, opens: opensBasic,
			words: vocabulary(
				wModifier, "public private protected friend shared readonly const overrides overridable mustinherit "+
					"partial async notinheritable withevents shadows overloads default writeonly "+
					"notoverridable iterator",
				wVar, "dim const",
				wFunc, "sub function property",
				wClass, "class module namespace structure interface enum",
				wImport, "imports",
				wReturn, "return",
				wControl, "if for while select with using elseif catch",
				wElse, "else try finally do loop next wend then",
				wCase, "case",
				wPrefix, "new await throw byval byref optional of call set",
				wInfix, "and or andalso orelse not is isnot mod from to step in each",
				wCast, "as",
				wEnd, "exit end inherits implements option",
			),
			exported: notPrivate, concat: "& +", brace: braceTable, tuples: false,
			imports: (*codeReader).importBasic,
			traits: traits{
				fromWith: true, ofTypes: true, parenIndex: true, ifBehind: true, bareHeads: true, severalVars: true,
				modifierVars: true, asTypes: true, asNew: true, bareBodies: true,
			},
		}}
}

// opensBasic: Sub, Function and the like begin a body where they begin a line, modifiers in front.
func opensBasic(p *pairer, i int, w, prev, next string) bool {
	if w == "property" && !p.accessors(i) {
		return false
	}
	switch lower(prev) {
	case "end", "exit", "declare", "as", "delegate", "mustoverride", "continue":
		return false
	}
	for j := i; j > i-8; j-- {
		if j == 0 || p.in[j].nl {
			return true
		}
		if p.in[j-1].kind != tWord {
			// An anonymous function that goes on over lines.
			for k := i + 1; k < len(p.in) && k < i+100; k++ {
				if p.in[k].nl {
					return p.in[k-1].kind == tClose || p.in[k-1].kind == tWord
				}
				if p.in[k].kind == tClose {
					return k+1 >= len(p.in) || p.in[k+1].nl || lower(p.near(k, 1)) == "as"
				}
			}
			return false
		}
		if w := lower(p.text(p.in[j-1])); w == "declare" || w == "mustoverride" || w == "delegate" {
			return false
		}
	}
	return false
}

// accessors says that the line behind token i begins with Get or Set: the property has a body.
func (p *pairer) accessors(i int) bool {
	for k := i + 1; k < len(p.in) && k < i+60; k++ {
		if p.in[k].nl {
			w := p.text(p.in[k])
			return w == "get" || w == "set"
		}
	}
	return false
}

// importBasic reads Imports A.B and Imports C = A.B.
func (r *codeReader) importBasic(_ string, i, e int) int {
	name, j := r.path(i+1, e)
	local := ""
	if r.op(j, e) == "=" {
		local = name
		name, _ = r.path(j+1, e)
	}
	r.addImport(name, "", local, r.pos(i))
	return e
}
