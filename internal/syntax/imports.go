package syntax

import "strings"

func (r *codeReader) addImport(module, name, local string, at int) {
	if module != "" {
		r.imports = append(r.imports, Import{Module: module, Name: name, Local: local, Start: at})
	}
}

// importStatement reads import, use, require, open, using.
func (r *codeReader) importStatement(i, end int, p *Node, d *decl) int {
	w := r.word(i, end)
	e := i + 1
	for e < end && r.op(e, end) != ";" && !r.breaks(e, i) {
		r.step()
		if e > i+2 && r.toks[e].nl && r.op(e-1, end) == "*" && r.op(e-2, end) == "." { // import a.b.*
			break
		}
		if r.l.semicolons && r.toks[e].nl && r.toks[e].kind == tWord && r.class(e, end) != wNone &&
			r.class(e, end) != wCast && r.op(e-1, end) == "" {
			break
		}
		e = r.next(e, end)
	}
	e = min(e, end)
	if r.breaks(min(i+1, len(r.toks)-1), i) && i+1 < end {
		return i + 1
	}
	switch r.l.name {
	case "javascript", "typescript", "tsx":
		return r.importJS(i, e, end, p)
	case "python":
		r.importPython(w, i, e)
	case "java", "kotlin", "scala", "groovy":
		if w != "package" {
			r.importJava(i+1, e)
		}
	case "go":
		if w == "import" {
			r.importGo(i+1, e)
		}
	case "csharp":
		if r.opens(i+1, e, '(') || r.word(i+1, e) == "var" || r.word(i+1, e) == "await" {
			return i + 1 // a using statement: what it declares is read as such
		}
		if name, j := r.path(i+1, e); r.op(j, e) == "=" {
			full, _ := r.path(j+1, e)
			r.addImport(full, "", name, r.pos(i))
		} else if r.word(j, e) != "" && r.word(i+1, e) != "static" && r.word(i+1, e) != "global" {
			return i + 1
		} else {
			if name == "static" || name == "global" {
				name, _ = r.path(j, e)
			}
			r.addImport(name, "", "", r.pos(i))
		}
	case "rust":
		r.importRust("", i+1, e, 0)
	case "swift":
		j := i + 1
		if r.class(j, e) != wNone && r.word(j+1, e) != "" {
			j++
		}
		name, _ := r.path(j, e)
		r.addImport(name, "", "", r.pos(i))
	case "dart":
		r.importDart(w, i, e)
	case "php":
		return r.importPHP(w, i, e, end, p)
	case "ruby":
		if r.isStr(i+1, e) || r.opens(i+1, e, '(') && r.isStr(i+2, e) {
			k := i + 1
			if !r.isStr(k, e) {
				k++
			}
			m := r.keyText(k)
			if w == "require_relative" && !strings.HasPrefix(m, ".") {
				m = "./" + m
			}
			r.addImport(m, "", "", r.pos(i))
		} else {
			return i
		}
	case "elixir":
		r.importElixir(w, i, e)
	case "haskell":
		j := i + 1
		if r.word(j, e) == "qualified" {
			j++
		}
		name, j := r.path(j, e)
		local := ""
		for ; j < e; j = r.next(j, e) {
			r.step()
			if r.word(j, e) == "as" {
				local, _ = r.path(j+1, e)
			}
			if r.opens(j, e, '(') {
				for k := j + 1; k < r.mate(j, e); k++ {
					if n := r.word(k, e); n != "" {
						r.addImport(name, n, n, r.pos(i))
					}
				}
			}
		}
		r.addImport(name, "", local, r.pos(i))
	case "perl":
		return r.importPerl(w, i, e)
	case "fsharp":
		name, _ := r.path(i+1, e)
		r.addImport(name, "", "", r.pos(i))
	case "vb":
		name, j := r.path(i+1, e)
		if r.op(j, e) == "=" {
			full, _ := r.path(j+1, e)
			r.addImport(full, "", name, r.pos(i))
		} else {
			r.addImport(name, "", "", r.pos(i))
		}
	default:
		if r.isStr(i+1, e) {
			r.addImport(r.keyText(i+1), "", "", r.pos(i))
		} else if name, _ := r.path(i+1, e); name != "" {
			r.addImport(name, "", "", r.pos(i))
		} else {
			return i
		}
	}
	return e
}

// moduleAfter finds from "module" in [i,e).
func (r *codeReader) moduleAfter(i, e int) (string, int) {
	for k := i; k < e; k = r.next(k, e) {
		r.step()
		if r.word(k, e) == "from" && r.isStr(k+1, e) {
			return r.keyText(k + 1), k
		}
	}
	return "", -1
}

func (r *codeReader) importJS(i, e, end int, p *Node) int {
	if s := r.op(i+1, e); s == "." || r.opens(i+1, e, '(') {
		return i // import.meta, import(…)
	}
	if r.isStr(i+1, e) {
		r.addImport(r.keyText(i+1), "", "", r.pos(i))
		return e
	}
	module, from := r.moduleAfter(i+1, e)
	if from < 0 {
		if r.word(i+1, e) != "" && r.op(i+2, e) == "=" { // import x = require("m")
			local := r.text(i + 1)
			if r.word(i+3, e) == "require" && r.opens(i+4, e, '(') && r.isStr(i+5, e) {
				r.addImport(r.keyText(i+5), "*", local, r.pos(i))
			}
		}
		return e
	}
	j := i + 1
	if w := r.word(j, from); (w == "type" || w == "typeof" || w == "defer") && r.op(j+1, from) != "," && j+1 < from {
		j++
	}
	for j < from {
		r.step()
		switch {
		case r.op(j, from) == "*":
			if r.word(j+1, from) == "as" {
				r.addImport(module, "*", r.text(j+2), r.pos(j+2))
				j += 2
			}
		case r.opens(j, from, '{'):
			r.namedImports(module, j+1, r.mate(j, from))
			j = r.mate(j, from)
		case r.toks[j].kind == tWord:
			r.addImport(module, "default", r.text(j), r.pos(j))
		}
		j++
	}
	return min(from+2, e)
}

func (r *codeReader) namedImports(module string, i, end int) {
	for i < end {
		j := i
		if r.word(j, end) == "type" && r.toks[min(j+1, end-1)].kind == tWord && r.word(j+1, end) != "as" && j+1 < end {
			j++
		}
		if j < end && (r.toks[j].kind == tWord || r.toks[j].kind == tStr) {
			name := r.keyText(j)
			local, at := name, j
			if r.word(j+1, end) == "as" && j+2 < end {
				local, at = r.text(j+2), j+2
			}
			r.addImport(module, name, local, r.pos(at))
		}
		for i < end && r.op(i, end) != "," {
			i++
		}
		i++
	}
}

// exportList reads export { a, b as c } and export { a } from "m".
func (r *codeReader) exportList(i, end int, p *Node) int {
	m := r.mate(i, end)
	module, e := "", m+1
	if r.word(m+1, end) == "from" && r.isStr(m+2, end) {
		module, e = r.keyText(m+2), m+3
	}
	for j := i + 1; j < m; {
		k := j
		if r.word(k, m) == "type" && r.word(k+1, m) != "" && r.word(k+1, m) != "as" {
			k++
		}
		if r.word(k, m) != "" {
			name := r.text(k)
			out, at := name, k
			if r.word(k+1, m) == "as" && k+2 < m {
				out, at = r.keyText(k+2), k+2
			}
			b := p.newBind(out, r.pos(at))
			b.Flags |= Exported
			b.putRef(name, r.pos(k))
			if module != "" {
				r.addImport(module, name, name, r.pos(k))
			}
		}
		for j < m && r.op(j, m) != "," {
			j++
		}
		j++
	}
	return min(e, end)
}

// exportAll reads what follows export *: as name from "m". The import's local name is then "*".
func (r *codeReader) exportAll(i, end int, p *Node) int {
	local := "*"
	j := i + 1
	if r.word(j, end) == "as" {
		local = r.text(j + 1)
		j += 2
	}
	if r.word(j, end) != "from" || !r.isStr(j+1, end) {
		return i
	}
	r.addImport(r.keyText(j+1), "*", local, r.pos(i))
	if local != "*" {
		b := p.newBind(local, r.pos(i+2))
		b.Flags |= Exported
		b.putRef(local, r.pos(i+2))
	}
	return j + 2
}

func (r *codeReader) importPython(w string, i, e int) {
	if w == "import" {
		for j := i + 1; j < e; {
			name, k := r.path(j, e)
			local := name
			if dot := strings.IndexByte(name, '.'); dot > 0 {
				local = name[:dot]
			}
			if r.word(k, e) == "as" {
				local = r.text(k + 1)
			}
			r.addImport(name, "", local, r.pos(j))
			for j < e && r.op(j, e) != "," {
				j++
			}
			j++
		}
		return
	}
	j := i + 1
	dots := ""
	for s := r.op(j, e); s == "." || s == ".." || s == "..."; s = r.op(j, e) {
		r.step()
		dots += s
		j++
	}
	name, j := r.path(j, e)
	if r.word(j, e) != "import" {
		if name == "import" {
			name = ""
			j--
		} else {
			return
		}
	}
	module := dots + name
	j++
	if r.opens(j, e, '(') {
		e = r.mate(j, e)
		j++
	}
	if r.op(j, e) == "*" {
		r.addImport(module, "*", "*", r.pos(i))
		return
	}
	for j < e {
		if n := r.word(j, e); n != "" {
			local := n
			if r.word(j+1, e) == "as" {
				local = r.text(j + 2)
			}
			r.addImport(module, n, local, r.pos(j))
		}
		for j < e && r.op(j, e) != "," {
			j++
		}
		j++
	}
}

func (r *codeReader) importJava(j, e int) {
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

func (r *codeReader) importGo(j, e int) {
	if r.opens(j, e, '(') {
		e = r.mate(j, e)
		j++
	}
	alias := ""
	for ; j < e; j++ {
		switch r.toks[j].kind {
		case tStr:
			r.addImport(r.keyText(j), "", alias, r.pos(j))
			alias = ""
		case tWord:
			alias = r.text(j)
		case tOp:
			alias = ""
			if s := r.text(j); s == "." {
				alias = s
			}
		}
	}
}

func (r *codeReader) importRust(prefix string, j, e, depth int) {
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
			r.importRust(name, j+2, m, depth+1)
			j = m
		case r.opens(j, e, '{'):
			m := r.mate(j, e)
			r.importRust(name, j+1, m, depth+1)
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

func (r *codeReader) importDart(w string, i, e int) {
	if !r.isStr(i+1, e) {
		return
	}
	module := r.keyText(i + 1)
	local := "*"
	for j := i + 2; j < e; j++ {
		if r.word(j, e) == "as" {
			local = r.word(j+1, e)
		}
	}
	r.addImport(module, "*", local, r.pos(i))
}

func (r *codeReader) importPHP(w string, i, e, end int, p *Node) int {
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

func (r *codeReader) importElixir(w string, i, e int) {
	name, j := r.path(i+1, e)
	if r.op(j, e) == "." && r.opens(j+1, e, '{') {
		m := r.mate(j+1, e)
		for k := j + 2; k < m; k++ {
			if n := r.word(k, m); n != "" {
				r.addImport(name+"."+n, "", n, r.pos(k))
			}
		}
		return
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
}

func (r *codeReader) importPerl(w string, i, e int) int {
	if r.isStr(i+1, e) {
		r.addImport(r.keyText(i+1), "", "", r.pos(i))
		return e
	}
	name, j := "", i+1
	for j < e && (r.toks[j].kind == tWord || r.op(j, e) == "::") {
		if r.toks[j].sp && name != "" {
			break
		}
		name += r.text(j)
		j++
	}
	if name == "" || w == "no" {
		return e
	}
	if name == "constant" { // use constant NAME => "x"
		return j
	}
	any := false
	for k := j; k < e; k++ {
		if r.isStr(k, e) {
			n := r.keyText(k)
			r.addImport(name, n, n, r.pos(k))
			any = true
		}
	}
	if !any {
		r.addImport(name, "", "", r.pos(i))
	}
	return e
}

// directive reads a line of C's preprocessor: #include brings in, #define binds.
func (r *codeReader) directive(i, end int, d *decl) int {
	j := i + 1
	e := j
	for e < end && !r.toks[e].nl {
		e++ // one line, whatever brackets say
	}
	switch r.word(j, end) {
	case "include", "import":
		if r.isStr(j+1, e) {
			r.addImport(`"`+r.keyText(j+1)+`"`, "", "", r.pos(i))
		} else if r.op(j+1, e) == "<" && e > j+1 {
			r.addImport(strings.TrimSpace(r.src[r.pos(j+1):r.endPos(e)]), "", "", r.pos(i))
		}
	case "define":
		if r.word(j+1, e) != "" && e > j+2 && !(r.opens(j+2, e, '(') && !r.toks[j+2].sp) {
			b := &Node{Kind: Bind, Flags: Exported, Name: r.text(j + 1), NameStart: r.pos(j + 1), Start: r.pos(i),
				End: r.endPos(e)}
			l := r.lines
			r.lines = false
			for k := j + 2; k < e; {
				r.step()
				k = max(r.expr(k, e, b), k+1)
			}
			r.lines = l
			d.notes = append(d.notes, b)
		}
	case "if", "ifdef", "ifndef", "elif", "else", "endif", "pragma", "undef", "error", "warning", "line", "region",
		"endregion", "nullable":
	default:
		return i
	}
	return max(e, j)
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

// noteRequire notes the module that require("m") or import("m") brings in.
func (r *codeReader) noteRequire(l *link) {
	c := l.calls[0]
	switch c.Name {
	case "require", "import", "dofile", "require_once", "include", "jest.requireActual", "importScripts", "lazy",
		"React.lazy":
	default:
		return
	}
	if len(c.Kids) == 0 || c.Kids[0].Kind != Arg || len(c.Kids[0].Kids) == 0 {
		return
	}
	lit := c.Kids[0].Kids[0]
	if r.l.name == "php" { // __DIR__ . "/x.php"
		lit = c.Kids[0].Kids[len(c.Kids[0].Kids)-1]
	}
	if lit.Kind != Literal || lit.Flags&Quoted == 0 {
		return
	}
	name := ""
	if l.path != "" && len(l.calls) == 1 {
		name = l.path
		if dot := strings.IndexByte(name, '.'); dot > 0 {
			name = name[:dot]
		}
	}
	r.addImport(lit.Text, name, "", c.Start)
}

// notePatterns gives the import that a bind's value has just brought in the name, or names, of the bind.
func (r *codeReader) notePatterns(b *Node) {
	if len(r.imports) == 0 || len(b.Kids) == 0 {
		return
	}
	c := b.Kids[0]
	if c.Kind == Chain && len(c.Kids) > 0 {
		c = c.Kids[0]
	}
	m := &r.imports[len(r.imports)-1]
	if c.Kind != Call || c.Start != m.Start || m.Local != "" {
		return
	}
	if !strings.HasPrefix(b.Name, "{") {
		m.Local = b.Name
		if m.Name == "" {
			m.Name = "*"
		}
		return
	}
	module, at := m.Module, m.Start
	r.imports = r.imports[:len(r.imports)-1]
	for _, part := range strings.Split(strings.Trim(b.Name, "{}"), ",") {
		name, local, ok := strings.Cut(part, ":")
		if !ok {
			local = name
		}
		if strings.HasPrefix(name, "...") {
			name, local = "*", strings.TrimPrefix(name, "...")
		}
		r.addImport(module, name, local, at)
	}
}
