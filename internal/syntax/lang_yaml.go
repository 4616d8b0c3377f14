package syntax

import (
	"path"
	"strings"
)

// langYAML is YAML.
func langYAML() *language {
	return &language{name: "yaml",
		files:   ".clang-format .clang-tidy .gemrc pnpm-lock.yaml .yarnrc.yml .ansible-lint .travis.yml",
		endings: ".yaml .yml .cwl .eyaml .sops .raml .syntax .mir",
		fences:  "yml helm k8s docker-compose compose",
		named:   namedCompose, really: yamlOrJSON,
		data: true,
		read: readYAML,
	}
}

// namedCompose knows docker-compose.yml.bak and its like.
func namedCompose(base string) bool {
	return (strings.HasPrefix(base, "docker-compose") || strings.HasPrefix(base, "compose.")) && path.Ext(base) != ""
}

func yamlOrJSON(head, _ string) string {
	if strings.HasPrefix(head, "{") && !strings.HasPrefix(head, "{{") {
		return "json"
	}
	return "yaml"
}

// A yamlReader reads YAML line by line: what is broken or templated costs its own line only.
type yamlReader struct {
	*reading
	frames []yamlFrame
	at     int // start of the line to read next
}

// A yamlFrame is a mapping or a sequence that is open.
type yamlFrame struct {
	indent  int
	node    *Node // Table or List
	pending *Node // the Bind or Element that waits for its value
	keyCol  int   // the column of the pending Bind
}

// maxYAMLDepth bounds the open collections.
const maxYAMLDepth = 200

func readYAML(r *reading, root *Node) {
	y := &yamlReader{reading: r}
	y.start(root)
	src := r.src
	for y.at < len(src) {
		r.step()
		end := lineEnd(src, y.at)
		i, e := trimLine(src, y.at, end)
		switch {
		case i >= e:
			y.at = min(end+1, len(src))
		case src[i] == '#':
			y.comments(root)
		case i == y.at && (strings.HasPrefix(src[i:e], "---") || strings.HasPrefix(src[i:e], "...")) &&
			(e == i+3 || isSpace(src[i+3])):
			y.start(root)
			y.at = min(end+1, len(src))
			if e > i+3 {
				k, _ := trimLine(src, i+3, e)
				y.content(k, e, k-i)
			}
		case src[i] == '%' && i == y.at && strings.HasPrefix(src[i:], "%YAML"):
			y.at = min(end+1, len(src))
		case templateLine(src[i:e]):
			y.templates(i, e)
			y.at = min(end+1, len(src))
		default:
			col := i - y.at
			y.at = min(end+1, len(src))
			y.content(i, e, col)
		}
	}
	// A document that is no mapping is what it holds, and one of which nothing was read is none.
	var kept []*Node
	for _, k := range root.Kids {
		if k.Kind == Table && (len(k.Kids) == 0 || k.Kids[0].Kind != Bind && len(k.Kids) == 1) {
			kept = append(kept, k.Kids...)
			continue
		}
		kept = append(kept, k)
	}
	root.Kids = kept
}

// start opens a document.
func (y *yamlReader) start(root *Node) {
	t := root.putGroup(Table, y.at)
	y.frames = append(y.frames[:0], yamlFrame{indent: -1, node: t})
}

func trimLine(src string, i, end int) (int, int) {
	for i < end && (src[i] == ' ' || src[i] == '\t' || src[i] == '\r') {
		i++
	}
	for end > i && isSpace(src[end-1]) {
		end--
	}
	return i, end
}

// templateLine says that a line is a template's own: {{- if … }}, {% for … %}, <% … %>.
func templateLine(line string) bool {
	return strings.HasPrefix(line, "{{") && strings.HasSuffix(line, "}}") && strings.Index(line, "}}") == len(line)-2 ||
		strings.HasPrefix(line, "{%") && strings.HasSuffix(line, "%}") ||
		strings.HasPrefix(line, "<%") && strings.HasSuffix(line, "%>")
}

// templates hangs what a line of templates reads.
func (y *yamlReader) templates(i, e int) {
	n := y.top().node
	if p := y.top().pending; p != nil {
		n = p
	}
	for _, p := range y.references(i, e, refTwig) {
		for _, s := range p.refs {
			name := s.name
			if name == "" {
				name = y.src[s.start:s.end]
			}
			n.putRef(name, s.start).End = s.end
		}
		for _, s := range p.defaults {
			y.defaultValue(n, s.start, s.end, refTwig)
		}
	}
}

func (y *yamlReader) top() *yamlFrame { return &y.frames[len(y.frames)-1] }

func (y *yamlReader) push(f yamlFrame) bool {
	if len(y.frames) >= maxYAMLDepth {
		return false
	}
	y.frames = append(y.frames, f)
	return true
}

// pop closes what is indented deeper than col.
func (y *yamlReader) pop(col int) {
	for len(y.frames) > 1 && y.top().indent > col {
		y.step()
		y.frames = y.frames[:len(y.frames)-1]
	}
}

// content reads src[i:e], which begins at a column of its line.
func (y *yamlReader) content(i, e, col int) {
	src := y.src
	for depth := 0; depth < maxYAMLDepth; depth++ {
		if i >= e {
			return
		}
		if src[i] == '-' && (i+1 == e || isSpace(src[i+1])) {
			k := i + 1
			for k < e && (src[k] == ' ' || src[k] == '\t') {
				k++
			}
			y.item(i, col)
			col += k - i
			i = k
			if i < e && src[i] == '#' {
				return
			}
			continue
		}
		break
	}
	if src[i] == '?' && i+1 < e && src[i+1] == ' ' {
		i, col = i+2, col+2
	}
	if name, nameAt, v, ok := y.key(i, e); ok {
		y.entry(i, name, nameAt, v, e, col)
		return
	}
	y.scalar(i, e, col)
}

// item opens the next element of the sequence at col.
func (y *yamlReader) item(i, col int) {
	y.pop(col)
	top := y.top()
	if top.node.Kind != List || top.indent != col {
		if top.node.Kind == List && top.pending == nil {
			y.frames = y.frames[:max(len(y.frames)-1, 1)]
			top = y.top()
		}
		parent := top.node
		if top.pending != nil {
			parent = top.pending
		}
		l := parent.putGroup(List, i)
		if !y.push(yamlFrame{indent: col, node: l}) {
			return
		}
		top = y.top()
	}
	top.pending = top.node.putNext(Element, i)
	top.keyCol = col
}

// key finds the key of a mapping's entry at i: its name, where that stands, and where the value begins.
func (y *yamlReader) key(i, e int) (name string, nameAt, v int, ok bool) {
	src := y.src[:e]
	nameAt = i
	k := i
	switch src[i] {
	case '"', '\'':
		end, closed := quoteEnd(src, i, src[i] == '\'')
		if !closed {
			return
		}
		name, nameAt, k = decodeEscapes(src[i+1:end]), i+1, end+1
		for k < e && (src[k] == ' ' || src[k] == '\t') {
			k++
		}
		if k >= e || src[k] != ':' || k+1 < e && !isSpace(src[k+1]) {
			return
		}
		return name, nameAt, k + 1, true
	case '[', ']', '}', ',', '|', '>', '@', '`':
		return
	case '{':
		if !strings.HasPrefix(src[i:], "{{") {
			return
		}
	case '&', '!':
		w := wordEnd(src, i, e)
		if w < e {
			w, _ = trimLine(src, w, e)
			return y.key(w, e)
		}
		return
	}
	for limit := min(e, i+512); k < limit; k++ {
		y.step()
		switch c := src[k]; {
		case c == ':' && (k+1 == e || src[k+1] == ' ' || src[k+1] == '\t'):
			name = strings.TrimSpace(src[i:k])
			// The colon of a header in a command's quotes ends no key.
			open := strings.Count(name, "'")%2 == 1 || strings.Count(name, `"`)%2 == 1
			return name, nameAt, k + 1, name != "" && !open
		case c == '#' && k > i && isSpace(src[k-1]):
			return
		case c == '{' && k+1 < e && src[k+1] == '{':
			if t := strings.Index(src[k:e], "}}"); t > 0 {
				k += t + 1
			}
		}
	}
	return
}

// entry reads an entry of a mapping at col.
func (y *yamlReader) entry(i int, name string, nameAt, v, e, col int) {
	y.pop(col)
	for len(y.frames) > 1 && y.top().node.Kind == List && y.top().indent >= col {
		y.step()
		y.frames = y.frames[:len(y.frames)-1]
	}
	top := y.top()
	if top.indent < col || top.node.Kind == List {
		switch {
		case top.pending != nil:
			t := top.pending.putGroup(Table, i)
			if !y.push(yamlFrame{indent: col, node: t}) {
				return
			}
			top = y.top()
		case top.indent < 0: // the first entry of a document
			top.indent = col
		case top.node.Kind == List:
			e := top.node.putNext(Element, i)
			t := e.putGroup(Table, i)
			if !y.push(yamlFrame{indent: col, node: t}) {
				return
			}
			top = y.top()
		}
	}
	b := top.node.putBind(name, nameAt)
	b.Start, b.End = i, v
	top.pending, top.keyCol = nil, col
	if w := y.assign(b, v, e, col); w != nil {
		y.top().pending, y.top().keyCol = w, col
	}
}

// assign reads the value src[v:e] of b, with the lines that go on with it. Where the value is still to come, it says
// under which node: an anchor is a Bind of its own, so that its aliases, which are Refs, lead to it.
func (y *yamlReader) assign(b *Node, v, e, col int) (waiting *Node) {
	src := y.src
	v, _ = trimLine(src, v, e)
	for v < e && (src[v] == '&' || src[v] == '!') {
		y.step()
		w := wordEnd(src, v, e)
		if src[v] == '!' {
			switch tag := src[v:w]; tag {
			case "!Ref", "!GetAtt", "!secret", "!env", "!ENV", "!ImportValue", "!reference", "!env_var":
				k, ke := trimLine(src, w, e)
				if k < ke && strings.IndexByte("[{\"'$", src[k]) < 0 {
					n := nextBlank(src, k, ke)
					b.putRef(strings.Trim(src[k:n], `"'`), k)
					if d, _ := trimLine(src, n, ke); d < ke && tag == "!env_var" {
						y.value(b, d, ke, Default, refSettings, nil)
					}
					return nil
				}
			case "!FindInMap":
				b = b.putBind("Fn::FindInMap", v)
			}
		} else if w > v+1 {
			b = b.putBind(src[v+1:w], v+1)
		}
		v, _ = trimLine(src, w, e)
	}
	if v >= e || src[v] == '#' {
		return b
	}
	switch c := src[v]; {
	case c == '|' || c == '>':
		if h := blockHeader(src[v:e]); h {
			y.blockScalar(b, v, col)
			return nil
		}
		y.plain(b, v, e, col)
	case c == '"' || c == '\'':
		y.quotedScalar(b, v, e, col)
	case c == '[' || c == '{' && !strings.HasPrefix(src[v:], "{{"):
		y.flowValue(b, v, e, col)
	case c == '*' && nameEnd(src[:e], v+1) > v+1 && aliasEnd(src[v:e]):
		n := nextBlank(src, v, e)
		b.putRef(src[v+1:n], v+1)
	default:
		y.plain(b, v, e, col)
	}
	return nil
}

// aliasEnd says that *name stands alone: *:development.x is a token without its quotes.
func aliasEnd(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] == ' ' {
			return strings.HasPrefix(strings.TrimSpace(s[i:]), "#")
		}
		if !isNameByte(s[i]) && s[i] != '-' && s[i] != '.' {
			return false
		}
	}
	return true
}

func nextBlank(src string, i, e int) int {
	for i < e && !isSpace(src[i]) {
		i++
	}
	return i
}

// blockHeader says that | or > with its marks is all that stands there.
func blockHeader(s string) bool {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '-' || c == '+' || c >= '0' && c <= '9':
		case isSpace(c):
			rest := strings.TrimSpace(s[i:])
			return rest == "" || rest[0] == '#'
		default:
			return false
		}
	}
	return true
}

// indentOf is the column of a line's first byte that is not blank.
func indentOf(src string, i, end int) (col int, blank bool) {
	k := i
	for k < end && (src[k] == ' ' || src[k] == '\t') {
		k++
	}
	return k - i, k >= end || src[k] == '\r'
}

// blockScalar reads the lines of | or >: those indented deeper than the key.
func (y *yamlReader) blockScalar(b *Node, v, col int) {
	src := y.src
	start, last := y.at, y.at
	indent := -1
	i := y.at
	for i < len(src) {
		y.step()
		end := lineEnd(src, i)
		c, blank := indentOf(src, i, end)
		if !blank {
			if c <= col {
				break
			}
			if indent < 0 || c < indent {
				indent = c
			}
			last = end
		}
		i = end + 1
	}
	y.at = min(i, len(src))
	if indent < 0 {
		return
	}
	text, m := dedent(src[start:last], indent, start)
	first := start
	if len(m) > 0 {
		first = m[0].out
	}
	if src[v] == '>' {
		text = fold(text)
	}
	b.putLit(text, first, last, Multiline)
}

// dedent takes indent blanks from the start of each line. The offsets lead back to the text that the piece was cut
// from, where it stands at start.
func dedent(piece string, indent, start int) (string, offsets) {
	var b strings.Builder
	b.Grow(len(piece))
	var m offsets
	for i := 0; i < len(piece); {
		end := lineEnd(piece, i)
		k := i
		for k < end && k-i < indent && (piece[k] == ' ' || piece[k] == '\t') {
			k++
		}
		m = append(m, seam{b.Len(), start + k})
		b.WriteString(piece[k:end])
		if end < len(piece) {
			b.WriteByte('\n')
		}
		i = end + 1
	}
	return b.String(), m
}

// fold joins lines as > does. The length stays, and so do the offsets.
func fold(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c == '\n' && i > 0 && b[i-1] != '\n' && i+1 < len(b) && b[i+1] != '\n' && b[i+1] != ' ' {
			b[i] = ' '
		}
	}
	return string(b)
}

// quotedScalar reads a quoted text, maybe over several lines: those indented deeper than the key.
func (y *yamlReader) quotedScalar(b *Node, v, e, col int) {
	src := y.src
	doubled := src[v] == '\''
	decode := decodeEscapes
	if doubled {
		decode = func(s string) string { return strings.ReplaceAll(s, "''", "'") }
	}
	end, ok := quoteEnd(src[:e], v, doubled)
	flags := Quoted
	if !ok {
		if k, closed := y.quoteOverLines(v, col, doubled); closed {
			y.at = min(lineEnd(src, k)+1, len(src))
			y.value(b, v+1, k, flags|Multiline, refSettings, func(s string) string { return foldQuoted(decode(s)) })
			return
		}
		end = e
	}
	y.value(b, v+1, end, flags, refSettings, decode)
	if k, _ := trimLine(src, end+1, e); ok && k < e && src[k] != '#' && src[k] != ',' {
		// What follows a closed quote is broken YAML, or a template's quotes: "a" + "b", "{{ x "y" }}".
		y.value(b, k, e, 0, refSettings, nil)
	}
}

// quoteOverLines finds the quote that closes the one at v on a later line. The lines between must be indented deeper
// than the key.
func (y *yamlReader) quoteOverLines(v, col int, doubled bool) (int, bool) {
	src := y.src
	for k := v + 1; k < len(src); k++ {
		switch c := src[k]; {
		case c == '\\' && !doubled:
			k++
		case c == src[v]:
			if doubled && k+1 < len(src) && src[k+1] == c {
				k++
				continue
			}
			return k, true
		case c == '\n':
			in, blank := indentOf(src, k+1, lineEnd(src, k+1))
			if !blank && in <= col && (col > 0 || src[k+1+in] != src[v]) {
				return 0, false
			}
		}
	}
	return 0, false
}

// foldQuoted joins the lines of a quoted text.
func foldQuoted(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		if i > 0 {
			lines[i] = strings.TrimLeft(lines[i], " \t")
		}
		if i < len(lines)-1 {
			lines[i] = strings.TrimRight(lines[i], " \t\r")
		}
	}
	return strings.Join(lines, " ")
}

// flowValue reads { } and [ ], maybe over several lines.
func (y *yamlReader) flowValue(b *Node, v, e, col int) {
	src := y.src
	// Where it ends on its line, the rest of the file is not its business, however broken it is.
	end := e
	if !balanced(src[v:e]) {
		for limit := y.at; limit < len(src); {
			y.step()
			le := lineEnd(src, limit)
			c, blank := indentOf(src, limit, le)
			if !blank && c <= col && strings.IndexByte("]}", src[limit+c]) < 0 {
				break
			}
			end = le
			limit = le + 1
		}
	}
	f := &flow{reading: y.reading, at: v, end: end, yaml: true}
	f.value(b, 0)
	if f.at > y.at {
		y.at = min(lineEnd(src, f.at)+1, len(src))
	}
}

// balanced says that all brackets are closed, quotes left aside.
func balanced(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\'':
			if i > 0 && isNameByte(s[i-1]) {
				continue
			}
			k, ok := quoteEnd(s, i, c == '\'')
			if !ok {
				return false
			}
			i = k
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
	return depth <= 0
}

// scalar reads content that is no entry of a mapping: an item, the rest of a text, a document of one value.
func (y *yamlReader) scalar(i, e, col int) {
	y.pop(col)
	top := y.top()
	n := top.node
	c := -1
	if top.pending != nil && (top.indent < col || top.node.Kind == List) {
		n, c = top.pending, top.keyCol
	}
	if top.node.Kind == List && top.pending == nil {
		n = top.node.putNext(Element, i)
	}
	waiting := y.assign(n, i, e, c)
	if n == top.pending {
		top.pending = waiting
	}
}

// plain reads a text without quotes, with the lines that go on with it.
func (y *yamlReader) plain(b *Node, v, e, col int) {
	src := y.src
	end := e
	for k := v; k < e; k++ {
		y.step()
		switch {
		case src[k] == '#' && k > v && isSpace(src[k-1]):
			end = k
		case src[k] == '{' && k+1 < e && src[k+1] == '{', src[k] == '$' && strings.HasPrefix(src[k:e], "${{"):
			if t := strings.Index(src[k:e], "}}"); t > 0 {
				k += t + 1
			}
			continue
		default:
			continue
		}
		break
	}
	if end < e { // a comment stands behind
		hold := &Node{}
		if k := end + 1; strings.ContainsAny(src[k:e], ":=") {
			y.proseLine(hold, k, e)
		}
		_, end = trimLine(src, v, end)
		y.value(b, v, end, 0, refSettings, nil)
		flagAll(hold.Kids, InComment)
		for _, k := range hold.Kids {
			if k.Kind == Bind {
				y.top().node.put(k)
			}
		}
		return
	}
	// Lines that go on: deeper than the key, and no entry or item themselves.
	parts := []string{src[v:end]}
	for y.at < len(src) && col >= 0 && len(src[v:end]) > 0 {
		y.step()
		le := lineEnd(src, y.at)
		c, blank := indentOf(src, y.at, le)
		i, stop := trimLine(src, y.at, le)
		if blank || c <= col || src[i] == '#' || templateLine(src[i:stop]) {
			break
		}
		if src[i] == '-' && i+1 < stop && src[i+1] == ' ' && !strings.Contains(parts[0], " ") {
			break
		}
		if _, _, _, ok := y.key(i, stop); ok {
			break
		}
		parts = append(parts, src[i:stop])
		end = stop
		y.at = min(le+1, len(src))
	}
	if len(parts) == 1 {
		y.value(b, v, end, 0, refSettings, nil)
		return
	}
	y.value(b, v, end, Multiline, refSettings, func(string) string { return strings.Join(parts, " ") })
}

// comments reads a run of comment lines as what was commented out, and hangs it where it stood.
func (y *yamlReader) comments(root *Node) {
	src := y.src
	i, _ := trimLine(src, y.at, lineEnd(src, y.at))
	col := i - y.at
	var text strings.Builder
	var m offsets
	useful := false
	minCol := -1
	for y.at < len(src) {
		y.step()
		end := lineEnd(src, y.at)
		k, e := trimLine(src, y.at, end)
		if k >= e || src[k] != '#' || k-y.at != col {
			break
		}
		for k < e && src[k] == '#' {
			k++
		}
		m = append(m, seam{text.Len(), k})
		text.WriteString(src[k:e])
		text.WriteByte('\n')
		if strings.ContainsAny(src[k:e], ":=.") {
			useful = true
			if c, blank := indentOf(src, k, e); !blank && (minCol < 0 || c < minCol) {
				minCol = c
			}
		}
		y.at = min(end+1, len(src))
	}
	if y.at > len(src) {
		y.at = len(src)
	}
	if !useful {
		return
	}
	if col == 0 && minCol > 1 { // the mark was put at the line's start, before the indentation
		col = minCol
	}
	// Where a comment stands, it belongs to what is open there.
	n := root
	for k := len(y.frames) - 1; k >= 0; k-- {
		f := &y.frames[k]
		if f.indent > col {
			continue
		}
		n = f.node
		if f.pending != nil && (f.keyCol < col || f.keyCol == col && f.pending.Kind == Bind && strings.HasPrefix(strings.TrimSpace(text.String()), "- ")) {
			n = f.pending
		}
		break
	}
	hold := &Node{}
	y.embed(hold, "yaml", "", text.String(), m)
	kids := hold.Kids
	if len(kids) == 1 && kids[0].Kind == Table {
		kids = kids[0].Kids
	}
	flagAll(kids, InComment)
	for _, k := range kids {
		if n.Kind == List && k.Kind == List {
			for _, e := range k.Kids {
				e.Index = len(n.Kids)
				n.put(e)
			}
			continue
		}
		if n.Kind == Bind && k.Kind == Bind {
			t := n.Kids
			if len(t) == 0 || t[len(t)-1].Kind != Table || t[len(t)-1].Flags&InComment == 0 {
				n.putGroup(Table, k.Start).Flags = InComment
			}
			n.Kids[len(n.Kids)-1].put(k)
			continue
		}
		n.put(k)
	}
}
