package syntax

import "strings"

// The lexer reads JSX with a stack of modes, for between tags other rules hold.
type lexMode struct {
	kind  modeKind
	depth int // of braces, in code
}

type modeKind uint8

const (
	modeCode modeKind = iota // in { } of a tag
	modeTag                  // between < and >
	modeKids                 // between tags
)

// startsTag says whether the < here opens a tag and not the type parameters of an arrow function.
func (x *codeLexer) startsTag() bool {
	c := x.peek(1)
	if c == '>' {
		return true
	}
	if !isAlphaByte(c) && c != '$' {
		return false
	}
	p := x.p + 1
	for p < len(x.src) && (isWordByte(x.src[p]) || strings.IndexByte(".:-$", x.src[p]) >= 0) {
		p++
	}
	for p < len(x.src) && x.src[p] <= ' ' {
		p++
	}
	if p >= len(x.src) {
		return false
	}
	rest := x.src[p:]
	if rest[0] == ',' || rest[0] == '=' || strings.HasPrefix(rest, "extends ") || rest[0] == '>' &&
		strings.HasPrefix(rest, ">(") && x.l.genericArrows {
		return false
	}
	return isAlphaByte(rest[0]) || strings.IndexByte("/>{<$", rest[0]) >= 0
}

// tagStep cuts one token in or between tags.
func (x *codeLexer) tagStep() {
	m := &x.modes[len(x.modes)-1]
	c := x.src[x.p]
	if m.kind == modeKids {
		x.kidStep()
		return
	}
	switch {
	case c == '\n':
		x.p++
		x.nl, x.sp = true, true
	case c <= ' ':
		x.p++
		x.sp = true
	case x.has("//") || x.has("/*"):
		if !x.comment() {
			x.p++
		}
	case c == '"' || c == '\'':
		i := strings.IndexByte(x.src[x.p+1:], c)
		if i < 0 {
			x.p = len(x.src)
			return
		}
		s := codeStr{start: x.p + 1, end: x.p + 1 + i, esc: escEntities, flags: Quoted}
		if strings.IndexByte(x.src[s.start:s.end], '\n') >= 0 {
			s.flags |= Multiline
		}
		x.pushStr(s, x.p, s.end+1)
	case c == '{':
		x.pushOpen('{', x.p, x.p+1)
		x.modes = append(x.modes, lexMode{kind: modeCode, depth: 1})
	case c == '/' && x.peek(1) == '>':
		x.push(tClose, x.p, x.p+2)
		x.modes = x.modes[:len(x.modes)-1]
	case c == '>':
		x.push(tOp, x.p, x.p+1)
		m.kind = modeKids
	case c == '<' && !x.sp && len(x.toks) > 0 && x.toks[len(x.toks)-1].kind == tWord: // type arguments
		p, depth := x.p, 0
		for p < len(x.src) && p-x.p < 300 {
			if x.src[p] == '<' {
				depth++
			} else if x.src[p] == '>' && x.src[p-1] != '=' {
				if depth--; depth == 0 {
					break
				}
			}
			p++
		}
		x.p = min(p+1, len(x.src))
	case isAlphaByte(c) || c == '$' || c == '@' || c == ':':
		p := x.p + 1
		for p < len(x.src) && (isWordByte(x.src[p]) || strings.IndexByte(".:-$", x.src[p]) >= 0) {
			p++
		}
		x.push(tWord, x.p, p)
	case c == '=':
		x.push(tOp, x.p, x.p+1)
	default:
		x.p++
	}
}

func (x *codeLexer) kidStep() {
	c := x.src[x.p]
	switch {
	case c == '<' && x.peek(1) == '/':
		e := strings.IndexByte(x.src[x.p:], '>')
		if e < 0 {
			x.p = len(x.src)
			return
		}
		x.push(tClose, x.p, x.p+e+1)
		x.modes = x.modes[:len(x.modes)-1]
	case c == '<' && (isAlphaByte(x.peek(1)) || x.peek(1) == '>'):
		x.pushOpen('<', x.p, x.p+1)
		x.modes = append(x.modes, lexMode{kind: modeTag})
	case c == '{':
		x.pushOpen('{', x.p, x.p+1)
		x.modes = append(x.modes, lexMode{kind: modeCode, depth: 1})
	default:
		e := strings.IndexAny(x.src[x.p+1:], "<{")
		if e < 0 {
			e = len(x.src) - x.p - 1
		}
		e += x.p + 1
		if from, to := trim(x.src, x.p, e); from < to {
			x.push(tText, from, to)
		}
		if strings.IndexByte(x.src[x.p:e], '\n') >= 0 {
			x.nl = true
		}
		x.p = e
	}
}
