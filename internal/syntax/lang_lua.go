package syntax

import "strings"

// langLua is Lua.
func langLua() *language {
	return &language{name: "lua",
		endings:  ".lua",
		programs: "lua",
		code: &codeLang{
			line: []string{"--"}, block: [][2]string{{"--[[", "]]"}, {"--[=[", "]=]"}, {"--[==[", "]==]"}},
			special: specialLua,
			quotes:  []codeQuote{dq, sq}, ends: wordSet("function do if repeat"), closers: wordSet("end until"),
			opens: opensLua,
			words: vocabulary(
				wModifier, "local",
				wFunc, "function",
				wReturn, "return",
				wControl, "if for while elseif until",
				wElse, "else do repeat then",
				wInfix, "and or not in",
				wLambda, "function",
				wEnd, "break goto",
			),
			exported: byTop, concat: "..", brace: braceTable, colonCall: true, command: true,
			traits: traits{
				ifBehind: true, braceValues: true, bareHeads: true, severalTargets: true, severalVars: true,
				bareBodies: true,
			},
		}}
}

func specialLua(x *codeLexer) bool {
	if x.src[x.p] != '[' {
		return false
	}
	close, n := luaBracket(x.src[x.p:])
	if n == 0 || x.unclosed[close] {
		return false
	}
	i := strings.Index(x.src[x.p+n:], close)
	if i < 0 {
		x.unclosed[close] = true
		return false
	}
	s := codeStr{start: x.p + n, end: x.p + n + i, flags: Quoted | Multiline}
	x.pushStr(s, x.p, s.end+len(close))
	return true
}

// luaBracket reads [[ or [==[ and gives what closes it.
func luaBracket(s string) (close string, n int) {
	n = 1
	for n < len(s) && s[n] == '=' {
		n++
	}
	if n >= len(s) || s[n] != '[' {
		return "", 0
	}
	return "]" + strings.Repeat("=", n-1) + "]", n + 1
}

func opensLua(p *pairer, i int, w, prev, next string) bool { return true }
