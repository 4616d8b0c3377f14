package syntax

import "strings"

// langElixir is Elixir.
func langElixir() *language {
	return &language{name: "elixir",
		endings:  ".ex .exs",
		fences:   "ex exs",
		programs: "elixir escript",
		code: &codeLang{
			line: hash, special: specialElixir, sigils: "@", wordTail: "?!",
			heredocHoles: holeHashBrace,
			quotes: []codeQuote{triple.with(holeHashBrace), {open: "'''", close: "'''", esc: escBackslash, multi: true,
				holes: holeHashBrace},
				dq.with(holeHashBrace).over(), sq.with(holeHashBrace).over()},
			ends: wordSet("do fn"), closers: wordSet("end"), opens: opensElixir,
			words: vocabulary(
				wFunc, "def defp defmacro defmacrop test",
				wClass, "defmodule defprotocol defimpl",
				wImport, "import alias use require",
				wControl, "if for unless case cond with receive quote describe",
				wElse, "else try after rescue do",
				wPrefix, "raise not",
				wInfix, "and or in when",
				wLambda, "fn",
			),
			exported: byTop, implicit: true, concat: "<>", brace: braceTable, command: true, kwargs: true, fat: true,
			imports:   (*codeReader).importElixir,
			operators: "=~",
			traits: traits{
				attributes: true, tailAlways: true, statementStrings: true, statementCalls: true, bindArgs: true,
				doBlocks: true, dotCalls: true, structs: true, fnArms: true, closureArms: true, captures: true,
				ifBehind: true, braceTuples: true, braceValues: true, armBraces: true, bareHeads: true,
				controlNames: true, strictFuncs: true, funcCalls: true, quotedFuncs: true, selfIsName: true,
				noAtNotes: true,
			},
		}}
}

// importElixir reads alias A.B, alias A.{B, C} and alias A, as: B.
func (r *codeReader) importElixir(w string, i, e int) int {
	name, j := r.path(i+1, e)
	if r.op(j, e) == "." && r.opens(j+1, e, '{') {
		m := r.mate(j+1, e)
		for k := j + 2; k < m; k++ {
			if n := r.word(k, m); n != "" {
				r.addImport(name+"."+n, "", n, r.pos(k))
			}
		}
		return e
	}
	local := ""
	if w == "alias" {
		local = name[strings.LastIndexByte(name, '.')+1:]
	}
	for k := j; k < e; k++ {
		if r.word(k, e) == "as" && r.op(k+1, e) == ":" {
			local, _ = r.path(k+2, e)
		}
	}
	r.addImport(name, "", local, r.pos(i))
	return e
}

func specialElixir(x *codeLexer) bool {
	c := x.src[x.p]
	switch {
	case c == ':' && x.peek(1) != ':' && x.peek(-1) != ':':
		return x.symbol()
	case c == '?' && x.peek(1) > ' ' && x.startsOperand():
		x.push(tNum, x.p, x.p+2)
		return true
	case c == '~' && isAlphaByte(x.peek(1)):
		sigil := x.peek(1)
		esc, holes := escBackslash, holeHashBrace
		if sigil < 'a' {
			esc, holes = 0, 0
		}
		for _, q := range []string{`"""`, "'''"} {
			if strings.HasPrefix(x.src[x.p+2:], q) {
				s, end, ok := x.scan(&codeQuote{open: q, close: q, esc: esc, holes: holes, multi: true}, x.p+2)
				if ok {
					x.pushStr(s, x.p, end)
				}
				return ok
			}
		}
		switch sigil {
		case 'w', 'W':
			return x.words(x.p + 2)
		case 'r', 'R':
			return x.delimited(x.p+2, esc, 0, regexStr)
		}
		return x.delimited(x.p+2, esc, holes, plainStr)
	}
	return false
}

func opensElixir(p *pairer, i int, w, prev, next string) bool {
	return w == "do" || w == "fn"
}
