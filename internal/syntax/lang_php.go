package syntax

import "strings"

// langPHP is PHP.
func langPHP() *language {
	return &language{name: "php",
		endings:  ".php .phtml",
		programs: "php",
		code: &codeLang{
			line: []string{"//", "#"}, block: slashBox, special: specialPHP, sigils: "$", elvis: true,
			semicolons: true, typeFirst: true,
			heredocHoles: holeDollarName | holeBrace,
			quotes: []codeQuote{dq.with(holeDollarName | holeDollarBrace | holeBrace).over(),
				{open: "'", close: "'", esc: escOnlyQuote, multi: true}},
			words: vocabulary(
				wModifier, "public private protected static final abstract readonly var",
				wVar, "const global",
				wFunc, "function",
				wClass, "class interface trait enum namespace",
				wImport, "use require require_once include include_once",
				wReturn, "return yield",
				wControl, "if for while switch match catch foreach elseif declare",
				wElse, "else try finally do",
				wCase, "case default",
				wPrefix, "new throw echo print clone",
				wInfix, "and or xor",
				wCast, "as instanceof",
				wLambda, "function fn",
				wEnd, "break continue",
			),
			exported: notPrivate, concat: ".", brace: braceTable, fat: true, arrows: "=>", kwargs: true,
			imports:   (*codeReader).importPHP,
			operators: ".= //=",
			traits: traits{
				hashNotes: true, holeMembers: true, heredocTail: true, pages: true, sigilVars: true,
				backslashPaths: true, arrowMembers: true, barePrint: true, requires: true, listPatterns: true,
				notIsKept: true, loopAs: true, controlNames: true, groupedVars: true, plainVars: true,
				bareFunctions: true, prototypes: true, noAtNotes: true, castNames: true, nullableTypes: true,
			},
		}}
}

// importPHP reads use A\B as C, use A\{B, C} and require "x.php".
func (r *codeReader) importPHP(w string, i, e int) int {
	if w != "use" { // require __DIR__ . "/x.php"
		tmp := &Node{Kind: File}
		j := r.expr(i+1, e, tmp)
		walk(tmp, func(n *Node) {
			if n.Kind == Literal && n.Flags&Quoted != 0 {
				r.addImport(n.Text, "", "", r.pos(i))
			}
		})
		return max(j, i+1)
	}
	j := i + 1
	if r.opens(j, e, '(') {
		return i
	}
	if (r.word(j, e) == "function" || r.word(j, e) == "const") && r.word(j+1, e) != "" {
		j++
	}
	for j < e {
		r.step()
		prefix, k := r.nsPath(j, e)
		if r.opens(k, e, '{') {
			m := r.mate(k, e)
			for q := k + 1; q < m; {
				n, z := r.nsPath(q, m)
				r.oneUse(prefix+n, z, m, r.pos(q))
				for q < m && r.op(q, m) != "," {
					q++
				}
				q++
			}
			k = m
		} else {
			r.oneUse(prefix, k, e, r.pos(j))
		}
		for j = k; j < e && r.op(j, e) != ","; j++ {
		}
		j++
	}
	return e
}

func (r *codeReader) oneUse(full string, k, e, at int) {
	last := full[strings.LastIndexByte(full, '\\')+1:]
	local := last
	if r.word(k, e) == "as" {
		local = r.text(k + 1)
	}
	r.addImport(strings.TrimPrefix(full, "\\"), last, local, at)
}

// nsPath reads A\B\C as written.
func (r *codeReader) nsPath(j, e int) (string, int) {
	s := ""
	for j < e && (r.toks[j].kind == tWord && r.word(j, e) != "as" || r.op(j, e) == "\\") {
		s += r.text(j)
		j++
	}
	return s, j
}

// required reads require __DIR__ . "/x.php" of PHP where its value is used: it is a call.
func (r *codeReader) required(i, end int, p *Node) int {
	c := p.newCall("require", r.pos(i))
	a := c.putNext(Arg, r.pos(i))
	j := max(r.expr(i+1, end, a), i+1)
	a.End = r.endPos(j)
	c.End = a.End
	r.noteRequire(&link{calls: []*Node{c}})
	return j
}

func specialPHP(x *codeLexer) bool {
	switch {
	case x.has("?>"):
		x.push(tOp, x.p, x.p)
		x.p += 2
		x.outsidePHP()
		return true
	case x.has("#["):
		x.push(tOp, x.p, x.p+1)
		return true
	case x.has("<<<"):
		return x.heredocTag("<<<")
	}
	return false
}

// outsidePHP skips text up to the next <?php, and says whether there is one.
func (x *codeLexer) outsidePHP() bool {
	rest := x.src[x.p:]
	i := strings.Index(rest, "<?")
	if i < 0 {
		x.p = len(x.src)
		return false
	}
	x.p += i + 2
	if x.has("php") {
		x.p += 3
	} else if x.has("=") {
		x.p++
	} else if x.has("xml") {
		return x.outsidePHP()
	}
	x.nl = true
	return true
}

// pageAround reads what stands outside of the tags of PHP: the page that the program fills in.
func (r *reading) pageAround(root *Node) {
	if !strings.Contains(r.src, "?>") && strings.HasPrefix(strings.TrimSpace(r.src), "<?") {
		return
	}
	var page strings.Builder
	at, markup := 0, false
	for at < len(r.src) {
		r.step()
		open := strings.Index(r.src[at:], "<?")
		if open < 0 {
			open = len(r.src) - at
		}
		text := r.src[at : at+open]
		markup = markup || strings.Contains(text, "</")
		page.WriteString(text)
		end := len(r.src)
		if e := strings.Index(r.src[at+open:], "?>"); e >= 0 {
			end = at + open + e + len("?>")
		}
		for _, c := range []byte(r.src[at+open : end]) { // what the program writes there is not known
			if c != '\n' {
				c = ' '
			}
			page.WriteByte(c)
		}
		at = end
	}
	if markup {
		r.embed(root, "html", "", page.String(), shifted(0))
	}
}
