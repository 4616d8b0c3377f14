package syntax

import (
	"strings"
	"sync"
)

// langHTML is HTML, and templates of it.
func langHTML() *language {
	return &language{name: "html",
		endings: ".html .htm .xhtml .shtml .cshtml .razor .jsp .aspx .ascx .vm .ftl .twig .liquid .njk .eex " +
			".heex .leex .haml .asp .mjml",
		fences: "htm xhtml",
		read:   readHTML,
	}
}

// langTwig is what templates leave between the tags of others.
func langTwig() *language {
	return &language{name: "twig",
		read: readTwig,
	}
}

// langVue is a component of Vue.
func langVue() *language {
	return &language{name: "vue",
		endings: ".vue",
		read:    readHTML,
	}
}

// langSvelte is a component of Svelte.
func langSvelte() *language {
	return &language{name: "svelte",
		endings: ".svelte",
		read:    readHTML,
	}
}

// langAstro is a component of Astro.
func langAstro() *language {
	return &language{name: "astro",
		endings: ".astro",
		read:    readAstro,
	}
}

// readHTML reads pages: a tag is a Call with its attributes as Binds, scripts are read as programs, preformatted text
// as the code that it shows, and the rest as prose, however many tags stand between its words.
func readHTML(r *reading, root *Node) {
	h := &page{reading: r, markup: markup{reading: r}, stack: []*Node{root}}
	h.run()
}

// A page is HTML that is being read. Text gathers until a tag that breaks lines.
type page struct {
	*reading
	markup markup
	stack  []*Node
	names  []string
	text   strings.Builder
	seams  offsets
	pre    int    // the depth of the stack at which preformatted text began, 0 outside of it
	lang   string // of the preformatted text
	cells  int    // cells of the row that were read
	row    []span // where they stand in text
	titles int    // how many of them are heads
	heads  []string
}

func (h *page) top() *Node { return h.stack[len(h.stack)-1] }

func (h *page) run() {
	src := h.src
	for h.markup.at < len(src) {
		h.step()
		start := h.markup.at
		switch t := h.markup.next(); t.kind {
		case markText:
			h.gather(t.start, t.end)
		case markComment:
			h.flush()
			h.markupComment(h.top(), "html", t.start, t.end)
		case markCDATA:
			h.gather(t.start, t.end)
		case markOther:
			if t.name == "?" && strings.HasPrefix(src[t.start:], "php") {
				h.flush()
				h.embed(h.top(), "php", "", "<?"+src[t.start:t.end], offsets{{0, t.start}, {2, t.start}})
			} else if t.name == "%" && t.start < t.end {
				h.value(h.top(), start, h.markup.at, 0, refTwig, nil)
			}
		case markOpen:
			h.open(t, start)
		case markClose:
			h.close(strings.ToLower(t.name), start)
		}
	}
	h.flush()
}

// blankLines makes one line of several, byte for byte.
var blankLines = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("\n", " ", "\r", " ", "\t", " ") })

// gather adds text, its references resolved.
func (h *page) gather(start, end int) {
	raw := h.src[start:end]
	if h.pre == 0 && strings.TrimSpace(raw) == "" {
		if h.text.Len() > 0 {
			h.mark(start)
			h.text.WriteByte(' ')
		}
		return
	}
	for i := start; i < end; {
		h.step()
		k := strings.IndexByte(h.src[i:end], '&')
		if k < 0 {
			k = end - i
		}
		h.mark(i)
		piece := h.src[i : i+k]
		if h.pre == 0 {
			piece = blankLines().Replace(piece)
		}
		h.text.WriteString(piece)
		i += k
		if i < end {
			h.mark(i)
			if s, n := unreferenceOrAmp(h.src[i:end]); n > 0 {
				h.text.WriteString(s)
				i += n
			}
		}
	}
}

func unreferenceOrAmp(s string) (string, int) {
	if t, n := unreference(s); n > 0 {
		return t, n
	}
	return "&", 1
}

// mark says that what is gathered next stands at an offset.
func (h *page) mark(at int) {
	h.seams = append(h.seams, seam{h.text.Len(), at})
}

// add gathers a text that does not stand in the source.
func (h *page) add(s string, at int) {
	h.mark(at)
	h.text.WriteString(s)
	h.mark(at)
}

// flush reads what was gathered.
func (h *page) flush() {
	row, titles := h.row, h.titles
	h.cells, h.row, h.titles = 0, nil, 0
	if h.text.Len() == 0 {
		return
	}
	text, m := h.text.String(), h.seams
	h.text.Reset()
	h.seams = nil
	if strings.TrimSpace(text) == "" {
		return
	}
	n := h.top()
	if h.pre > 0 {
		b := n.putBlock("", m[0].out)
		lang := h.lang
		if lang == "" {
			lang = sniff(text)
		}
		if lang == "" {
			lang = guessCode(text)
		}
		if lang == "shell" && sniffLines(text) == "console" {
			lang = "console"
		}
		h.embed(b, lang, "", text, m)
		return
	}
	if strings.Contains(text, "{{") {
		h.embed(n, "twig", "", text, m)
		return
	}
	if len(row) > 2 || len(row) == 2 && (titles == 2 || len(h.heads) == 2) {
		row[len(row)-1].end = len(text)
		if h.tableRow(n, text, m, row, titles) {
			return
		}
	}
	h.embed(n, "prose", "", text, m)
}

// tableRow keeps a row of heads, and binds the cells of another one to them.
func (h *page) tableRow(n *Node, text string, m offsets, row []span, titles int) bool {
	if titles == len(row) {
		h.heads = h.heads[:0]
		for _, c := range row {
			h.heads = append(h.heads, strings.Trim(text[c.start:c.end], " :`*"))
		}
		return false
	}
	if len(h.heads) != len(row) {
		return false
	}
	t := n.putGroup(Table, m.at(row[0].start))
	t.End = m.end(row[len(row)-1].end)
	name := ""
	for i, c := range row {
		b := t.putBind(h.heads[i], m.at(c.start))
		b.End = m.end(c.end)
		if i == 0 {
			name = strings.Trim(text[c.start:c.end], " :`*")
			if len(name) >= 64 || strings.ContainsAny(name, ":.=") || len(name) >= 32 && !strings.ContainsAny(name,
				"_- ") {
				name = ""
			}
		} else if name != "" { // the first cell names the others, as in tables of settings
			b = b.putBind(name, m.at(row[0].start))
			b.End = m.end(c.end)
		}
		at := offsets{{0, m.at(c.start)}}
		for _, s := range m {
			if s.in > c.start && s.in < c.end {
				at = append(at, seam{s.in - c.start, s.out})
			}
		}
		h.embed(b, "prose", "", text[c.start:c.end], at)
	}
	return true
}

func isInline(tag string) bool {
	switch tag {
	case "span", "b", "i", "em", "strong", "code", "a", "small", "mark", "kbd", "samp", "var", "sub", "sup", "u", "s",
		"font", "tt",
		"abbr", "wbr", "ins", "del", "label", "time", "q", "cite", "bdi", "bdo":
		return true
	}
	return false
}

func isVoid(tag string) bool {
	switch tag {
	case "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "param",
		"!doctype":
		return true
	}
	return false
}

func (h *page) open(t mark, start int) {
	tag := strings.ToLower(t.name)
	if isInline(tag) {
		if tag == "code" && h.pre == 0 && !h.within("pre") {
			h.add("`", start)
		}
		for _, a := range t.attrs {
			if strings.HasPrefix(a.name, "data-") && a.end-a.start > 3 && !a.bare {
				h.attributes(h.top().putCall(t.name, t.nameAt), []attribute{a})
			}
		}
		if tag == "code" && h.pre > 0 && h.lang == "" {
			h.lang = h.langOf(t.attrs)
		}
		return
	}
	switch tag {
	case "br":
		if h.pre > 0 {
			h.add("\n", start)
		} else {
			h.flush()
		}
		return
	case "td", "th", "dd":
		if h.pre == 0 {
			h.cells++
			if n := len(h.row); n > 0 {
				h.row[n-1].end = h.text.Len()
			}
			if tag == "th" {
				h.titles++
			}
			if h.cells == 2 && h.text.Len() > 0 && h.text.Len() < 80 {
				h.add(": ", start)
			} else if h.text.Len() > 0 {
				h.add(" ", start)
			}
			if tag != "dd" && len(h.row) < 64 {
				h.row = append(h.row, span{start: h.text.Len(), end: -1})
			}
			return
		}
	}
	if h.pre > 0 && (tag == "div" || tag == "li" || tag == "tr" || tag == "ol" || tag == "table" || tag == "tbody") {
		return
	}
	h.flush()
	if tag == "table" {
		h.heads = nil
	}
	c := h.top().putCall(t.name, t.nameAt)
	c.Start, c.End = start, h.markup.at
	h.attributes(c, t.attrs)
	if tag == "meta" || tag == "input" || tag == "param" || tag == "data" {
		pairUp(c)
	}
	switch {
	case tag == "script" || tag == "style":
		if !t.empty {
			h.script(c, t, tag)
		}
		return
	case t.empty || isVoid(tag):
		return
	}
	if len(h.stack) >= maxNesting {
		return
	}
	h.stack = append(h.stack, c)
	h.names = append(h.names, tag)
	if tag == "pre" || tag == "textarea" {
		h.pre = len(h.stack)
		h.lang = h.langOf(t.attrs)
	}
}

func (h *page) within(tag string) bool {
	for _, n := range h.names {
		if n == tag {
			return true
		}
	}
	return false
}

func (h *page) close(tag string, start int) {
	if isInline(tag) {
		if tag == "code" && h.pre == 0 && !h.within("pre") {
			h.add("`", start)
		}
		return
	}
	if h.pre > 0 && tag != "pre" && tag != "textarea" {
		if tag == "div" || tag == "li" || tag == "tr" || tag == "p" {
			h.add("\n", start)
		}
		return
	}
	if tag == "td" || tag == "th" || tag == "dt" {
		if tag == "dt" {
			h.cells = 1
		}
		return
	}
	h.flush()
	for i := len(h.names) - 1; i >= 0 && i >= len(h.names)-32; i-- {
		if h.names[i] == tag {
			for k := i + 1; k < len(h.stack); k++ {
				h.stack[k].End = h.markup.at
			}
			h.stack, h.names = h.stack[:i+1], h.names[:i]
			break
		}
	}
	if len(h.stack) < h.pre {
		h.pre, h.lang = 0, ""
	}
}

// langOf finds the language of shown code among a tag's attributes.
func (h *page) langOf(attrs []attribute) string {
	for _, a := range attrs {
		v := h.src[a.start:a.end]
		switch a.name {
		case "class":
			for _, w := range strings.Fields(v) {
				w = strings.ToLower(w)
				for _, p := range []string{"language-", "lang-", "highlight-source-", "brush:", "source-"} {
					if strings.HasPrefix(w, p) {
						if l := langOfFence(w[len(p):]); l != "" {
							return l
						}
					}
				}
			}
		case "data-lang", "data-language", "lang", "data-code-lang":
			if l := langOfFence(strings.ToLower(v)); l != "" {
				return l
			}
		}
	}
	return ""
}

// attributes hangs attributes: texts, and the expressions that frameworks write in them.
func (h *page) attributes(c *Node, attrs []attribute) {
	for _, a := range attrs {
		if a.name == "" { // {config}
			w := strings.TrimSpace(h.src[a.start:a.end])
			if nameEnd(w, 0) == len(w) && w != "" {
				b := c.putBind(w, a.nameAt)
				b.putRef(w, a.nameAt)
			} else {
				h.expression(c, a.start, a.end)
			}
			continue
		}
		name, code := bound(a.name)
		if a.bare {
			continue
		}
		b := c.putBind(name, a.nameAt+strings.Index(a.name, name))
		b.Start, b.End = a.nameAt, a.end
		switch {
		case a.braces || code:
			h.expression(b, a.start, a.end)
		case strings.HasPrefix(name, "on") && strings.IndexByte(h.src[a.start:a.end], '(') > 0:
			h.expression(b, a.start, a.end)
		default:
			h.value(b, a.start, a.end, Quoted, refSettings, decodeReferences)
			if len(b.Kids) == 1 && b.Kids[0].Kind == Literal {
				if langOfContent("", b.Kids[0]) == "json" {
					h.replace(b, b.Kids[0], "json", "")
				}
			}
		}
	}
}

// bound takes the marks from an attribute's name that say that its value is code: :config, v-bind:config, [config],
// @click.
func bound(name string) (string, bool) {
	switch {
	case strings.HasPrefix(name, "v-bind:"):
		return name[7:], true
	case len(name) > 1 && (name[0] == ':' || name[0] == '@'):
		return name[1:], true
	case len(name) > 2 && name[0] == '[' && name[len(name)-1] == ']':
		return name[1 : len(name)-1], true
	case len(name) > 2 && name[0] == '(' && name[len(name)-1] == ')':
		return name[1 : len(name)-1], true
	case strings.HasPrefix(name, "v-") && name != "v-for", strings.HasPrefix(name, "x-data"), strings.HasPrefix(name,
		"ng-"):
		return name, true
	}
	return name, false
}

// expression reads src[start:end] as an expression of JavaScript.
func (h *page) expression(n *Node, start, end int) {
	if start >= end {
		return
	}
	text := decodeReferences(h.src[start:end])
	m := align(h.src[start:end], text, start)
	// In parentheses, braces are an object and no block.
	inner := make(offsets, 0, len(m)+1)
	inner = append(inner, seam{0, start})
	for _, s := range m {
		inner = append(inner, seam{s.in + 1, s.out})
	}
	h.embed(n, "typescript", "", "("+text+")", inner)
}

// script reads what stands up to the closing tag.
func (h *page) script(c *Node, t mark, tag string) {
	src := h.src
	start := h.markup.at
	end := len(src)
	for i := start; i < len(src); {
		h.step()
		k := strings.Index(src[i:], "</")
		if k < 0 {
			break
		}
		if hasPrefixFold(src[i+k+2:], tag) {
			end = i + k
			break
		}
		i += k + 2
	}
	h.markup.at = end
	if k := strings.IndexByte(src[end:], '>'); k >= 0 {
		h.markup.at = end + k + 1
	}
	c.End = h.markup.at
	if tag == "style" || start >= end {
		return
	}
	lang := "javascript"
	for _, a := range t.attrs {
		switch v := strings.ToLower(src[a.start:a.end]); a.name {
		case "type":
			switch {
			case strings.Contains(v, "json"), v == "importmap", v == "speculationrules":
				lang = "json"
			case strings.Contains(v, "typescript"):
				lang = "typescript"
			case strings.Contains(v, "template"), strings.Contains(v, "html"), strings.Contains(v, "x-"):
				if !strings.Contains(v, "javascript") {
					lang = "html"
				}
			}
		case "lang":
			if l := langOfFence(v); l != "" {
				lang = l
			}
		}
	}
	h.embed(c, lang, "", src[start:end], shifted(start))
}

// readTwig reads lines of text with {{ … }} in it.
func readTwig(r *reading, root *Node) {
	for i := 0; i < len(r.src); {
		r.step()
		end := lineEnd(r.src, i)
		k, e := trimLine(r.src, i, end)
		i = end + 1
		if k < e {
			r.value(root, k, e, 0, refTwig, nil)
		}
	}
}

// readAstro reads the script between --- and the template behind it.
func readAstro(r *reading, root *Node) {
	src := r.src
	body := 0
	if k := len(src) - len(strings.TrimLeft(src, " \t\r\n")); strings.HasPrefix(src[k:], "---") {
		start := lineEnd(src, k)
		if e := strings.Index(src[start:], "\n---"); e >= 0 {
			r.embed(root, "typescript", "", src[start:start+e+1], shifted(start))
			body = lineEnd(src, start+e+1)
		}
	}
	r.embed(root, "html", "", src[body:], shifted(body))
}
