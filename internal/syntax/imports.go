package syntax

import "strings"

func (r *codeReader) addImport(module, name, local string, at int) {
	if module != "" {
		r.imports = append(r.imports, Import{Module: module, Name: name, Local: local, Start: at})
	}
}

// importStatement reads import, use, require, open, using.
func (r *codeReader) importStatement(i, end int) int {
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
	if r.l.imports != nil {
		return r.l.imports(r, w, i, e)
	}
	if r.isStr(i+1, e) {
		r.addImport(r.keyText(i+1), "", "", r.pos(i))
	} else if name, _ := r.path(i+1, e); name != "" {
		r.addImport(name, "", "", r.pos(i))
	} else {
		return i
	}
	return e
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
	if r.l.requires { // __DIR__ . "/x.php"
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
