package syntax

import "strings"

var (
	typePrefix = lazyWords("const mut dyn impl keyof typeof readonly unique struct final in out ref some any infer inout var fn chan escaping autoclosure asserts suspend")
	// typePrefixC are words of C that stand in front of another one of a type.
	typePrefixC = lazyWords("unsigned signed long short volatile enum union struct const")
)

// skipType skips a type.
func (r *codeReader) skipType(i, end int) int {
	start := i
	for steps := 0; i < end && steps < 200; steps++ {
		if i > start && r.breaks(i, start) && r.op(i, end) != "|" && r.op(i, end) != "&" {
			return i
		}
		switch s := r.op(i, end); s {
		case "&", "*", "?", "&&", "|", "...", "!", "@", "'", "^", "<-", "->":
			i++
			continue
		case "<":
			return i
		case "":
		default:
			return i
		}
		w := r.word(i, end)
		switch {
		case w != "" && (typePrefix(w) || r.l.cTypes && typePrefixC(w)) && i+1 < end &&
			(r.toks[i+1].kind == tWord || r.toks[i+1].kind == tOpen || r.op(i+1, end) == "*" || r.op(i+1, end) == "&" ||
				r.op(i+1, end) == "'"):
			if w == "struct" && r.opens(i+1, end, '{') {
				i = r.mate(i+1, end) + 1
				return min(i, end)
			}
			i++
			continue
		case w != "":
			if c := r.class(i, end); c != wNone && c != wModifier && c != wPrefix && c != wType && c != wFunc &&
				c != wLambda && c != wInfix || c == wFunc && !r.opens(i+1, end, '(') {
				return i
			}
			_, i = r.path(i, end)
			if w == "map" && r.opens(i, end, '[') || (w == "func" || w == "Function") && r.opens(i, end, '(') ||
				(w == "FnOnce" || w == "FnMut" || w == "Fn") && r.opens(i, end, '(') {
				i = r.mate(i, end) + 1
				if w != "Function" && i < end && !r.opens(i, end, '{') && r.op(i, end) == "" && !r.breaks(i, start) {
					continue
				}
				return min(i, end)
			}
			if w == "interface" && r.opens(i, end, '{') {
				return min(r.mate(i, end)+1, end)
			}
		case r.isStr(i, end) && r.l.tableJS, i < end && r.toks[i].kind == tNum && r.l.tableJS:
			i++
		case r.opens(i, end, '('):
			i = r.mate(i, end) + 1
		case r.opens(i, end, '['):
			i = r.mate(i, end) + 1
			if r.l.spaceType {
				continue
			}
		case r.opens(i, end, '{') && r.l.tableJS && (i == start || r.toks[i-1].kind == tOp):
			i = r.mate(i, end) + 1
		default:
			return min(i, end)
		}
		// What follows a type.
	suffix:
		for i < end && !(r.breaks(i, start) && r.op(i, end) != "|" && r.op(i, end) != "&") {
			r.step()
			switch s := r.op(i, end); s {
			case "<":
				k := r.angles(i, end)
				if k <= i {
					return i
				}
				i = k
			case "<>", "?", "!", "...", "*", "**", "^":
				i++
			case "&", "&&":
				if r.l.intersections {
					break suffix
				}
				i++
			case ".", "::":
				if r.l.functionTypes && r.opens(i+1, end, '(') { // Spec.() -> Unit
					i = r.mate(i+1, end) + 1
					continue
				}
				if r.word(i+1, end) == "" {
					return i
				}
				i += 2
			default:
				if r.opens(i, end, '[') && (!r.toks[i].sp || r.mate(i, end) == i+1) {
					i = r.mate(i, end) + 1
					continue
				}
				if r.l.ofTypes && r.opens(i, end, '(') {
					i = r.mate(i, end) + 1
					continue
				}
				if r.l.cTypes && r.word(i, end) == "const" {
					i++
					continue
				}
				break suffix
			}
		}
		switch s := r.op(i, end); {
		case s == "|", s == "&" && r.l.intersections, s == "+" && r.l.bounds:
			i++
		case s == "=>" && r.l.tableJS && start < i && r.text(i-1) == ")", s == "->" && r.l.functionTypes,
			s == "=>" && r.l.fatTypes:
			i++
		case r.l.offside && r.word(i, end) != "" && !r.toks[i].nl && r.class(i, end) == wNone:
		default:
			if w := r.word(i, end); r.l.tableJS && (w == "is" || w == "extends") {
				i++
				continue
			}
			return min(i, end)
		}
	}
	return min(i, end)
}

// angles skips <…> if it holds what types hold; else it gives i.
func (r *codeReader) angles(i, end int) int {
	depth := 0
	for j := i; j < end && j-i < 300; {
		r.step()
		t := &r.toks[j]
		switch t.kind {
		case tOp:
			switch s := r.text(j); s {
			case "<":
				depth++
			case ">":
				if depth--; depth == 0 {
					return j + 1
				}
			case "<>", ".", ",", "?", "&", "|", "*", "::", ":", "'", "=>", "->", "=", "...", "-", "@", "&&", "+", "!",
				"~":
			case ">=":
				return i
			default:
				return i
			}
		case tWord, tNum:
		case tStr:
			if !r.l.tableJS && !r.l.cTypes {
				return i
			}
		case tOpen:
			if t.open == '{' && !r.l.tableJS || t.open == 'I' || t.open == '<' {
				return i
			}
			j = r.next(j, end)
			continue
		default:
			return i
		}
		j++
	}
	return i
}

// typed finds the name of a declaration that begins with its type: final Map<String, String> name.
func (r *codeReader) typed(i, end int, where place) (int, bool) {
	if r.word(i, end) == "" && r.op(i, end) != "?" && !r.opens(i, end, '(') {
		return i, false
	}
	if c := r.class(i, end); c != wNone && c != wVar && c != wModifier {
		return i, false
	}
	if r.l.sigilVars && strings.HasPrefix(r.text(i), "$") {
		return i, false
	}
	j := r.skipType(i, end)
	if j <= i || r.word(j, end) == "" || r.class(j, end) != wNone && r.class(j, end) != wType && !r.assigned(j+1, end) {
		return i, false
	}
	if w := r.word(j, end); r.l.getters && (w == "get" || w == "set") && r.word(j+1, end) != "" {
		return j, true
	}
	for r.word(j+1, end) != "" && r.class(j+1, end) == wNone && !r.breaks(j+1, i) && r.l.cTypes {
		j++ // unsigned long name, MACRO type name
	}
	if r.breaks(j, i) || r.toks[j].mate > 0 {
		return i, false
	}
	if r.l.command && r.l.words.class(r.word(i, end)) == wNone {
		// A command of Groovy and its argument look like a type and a name.
		c := r.text(i)[0]
		if !(c >= 'A' && c <= 'Z') && !isPrimitive(r.text(i)) {
			return i, false
		}
	}
	k := j + 1
	if k >= end {
		return j, true
	}
	if r.toks[k].kind == tOpen {
		return j, r.toks[k].open == '(' || r.toks[k].open == '{' || r.toks[k].open == '['
	}
	switch s := r.op(k, end); s {
	case "=", ";", ",", ":", "=>", "::":
		return j, true
	case "<":
		n := r.angles(k, end)
		return j, n > k && r.opens(n, end, '(')
	case ".":
		return j, r.l.dottedNames
	}
	w := r.word(k, end)
	return j, w == "in" || w == "of" || w == "async" || w == "get" || w == "throws" || r.toks[k].kind == tClose ||
		r.l.lines() && r.toks[k].nl || w == "PROGMEM"
}

var isPrimitive = lazyWords("int long short byte char boolean double float void def var final string bool object any")
