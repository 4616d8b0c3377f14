package syntax

import "strings"

// langRuby is Ruby.
func langRuby() *language {
	return &language{name: "ruby",
		files: "brewfile gemfile rakefile podfile fastfile vagrantfile capfile guardfile dangerfile appfile " +
			"matchfile deliverfile config.ru puppetfile berksfile",
		endings:  ".rb .rake .gemspec .ru .podspec",
		fences:   "rb",
		programs: "ruby",
		code: &codeLang{
			line: hash, block: [][2]string{{"=begin", "\n=end"}}, special: specialRuby, sigils: "@$",
			wordTail: "?!", heredocHoles: holeHashBrace,
			quotes: []codeQuote{dq.with(holeHashBrace).over(), {open: "'", close: "'", esc: escOnlyQuote, multi: true},
				dq.with(holeHashBrace).as("`").closed("`")},
			ends: wordSet("def class module begin do case if unless while until for"), closers: wordSet("end"),
			opens: opensRuby,
			words: vocabulary(
				wModifier, "private protected public private_class_method module_function",
				wFunc, "def",
				wClass, "class module",
				wImport, "require require_relative load autoload",
				wReturn, "return yield",
				wControl, "if unless while until for elsif rescue case when",
				wElse, "else begin ensure do then",
				wPrefix, "raise not",
				wInfix, "in and or",
				wEnd, "break next redo retry",
			),
			exported: byTop, implicit: true, concat: "+", adjacent: true, brace: braceHash, fat: true, command: true,
			trailing: true, kwargs: true,
			imports:   (*codeReader).importRuby,
			operators: "&. =~",
			traits: traits{
				quotedSymbols: true, statementStrings: true, statementCalls: true, doBlocks: true, newMethod: true,
				arrowLambdas: true, ifBehind: true, braceValues: true, bareHeads: true, severalTargets: true,
				controlNames: true, setters: true, bareBodies: true, keywordParams: true, modifierCalls: true,
			},
		}}
}

func specialRuby(x *codeLexer) bool {
	c := x.src[x.p]
	switch {
	case c == '<':
		return x.startsOperandOrArg() && x.heredocTag("<<")
	case c == ':' && x.peek(1) != ':' && x.peek(-1) != ':':
		return x.symbol()
	case c == '%' && x.startsOperandOrArg():
		switch n := x.peek(1); n {
		case 'q':
			return x.delimited(x.p+2, escOnlyQuote, 0, plainStr)
		case 'Q', 'x':
			return x.delimited(x.p+2, escBackslash, holeHashBrace, plainStr)
		case 'w', 'W', 'i', 'I':
			return x.words(x.p + 2)
		case 'r':
			return x.delimited(x.p+2, escBackslash, holeHashBrace, regexStr)
		case 's':
			return x.delimited(x.p+2, 0, 0, symbolStr)
		case '(', '{', '[', '|', '<':
			return x.delimited(x.p+1, escBackslash, holeHashBrace, plainStr)
		}
	case c == '/' && x.startsOperandOrArg():
		return x.regex()
	case c == '=' && x.has("=begin") && x.p > 0 && x.peek(-1) != '\n':
		return false
	case c == '_' && x.nl && x.has("__END__") && (x.p == 0 || x.peek(-1) == '\n'):
		x.p = len(x.src)
		return true
	}
	return false
}

func opensRuby(p *pairer, i int, w, prev, next string) bool {
	switch w {
	case "if", "unless", "while", "until":
		return p.begins(i)
	case "for", "case", "begin":
		return true
	case "do":
		// The do of "while … do" belongs to it.
		k := len(p.stack) - 1
		if k < 0 || p.stack[k].kind != 'e' || p.stack[k].col <= 0 {
			return true
		}
		from := p.stack[k].col
		for j := from; j <= i; j++ {
			if j > from && p.in[j].nl || j-from > 200 {
				return true
			}
		}
		p.stack[k].col = 0
		return false
	case "def":
		// def name(args) = expression has no end.
		for j := i + 1; j < len(p.in) && j < i+200 && !(p.in[j].nl); j++ {
			if p.in[j].kind == tOp && p.text(p.in[j]) == "=" && p.in[j].sp && (p.in[j-1].kind == tClose || j == i+2) {
				depth := 0
				for k := i + 1; k < j; k++ {
					switch p.in[k].kind {
					case tOpen:
						depth++
					case tClose:
						depth--
					}
				}
				if depth == 0 {
					return false
				}
			}
		}
		return true
	case "class":
		return prev != "self"
	}
	return true
}

// importRuby reads require "x", require("x") and require_relative "x".
func (r *codeReader) importRuby(w string, i, e int) int {
	k := i + 1
	if r.opens(k, e, '(') {
		k++
	}
	if !r.isStr(k, e) {
		return i
	}
	m := r.keyText(k)
	if w == "require_relative" && !strings.HasPrefix(m, ".") {
		m = "./" + m
	}
	r.addImport(m, "", "", r.pos(i))
	return e
}
