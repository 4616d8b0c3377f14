package syntax

import "strings"

// langXML is XML.
func langXML() *language {
	return &language{name: "xml",
		files: "app.config web.config nuget.config packages.config machine.config",
		endings: ".xml .plist .csproj .vbproj .fsproj .props .targets .config .pom .xaml .nuspec .wsdl .xsd " +
			".storyboard .xib .svg .resx .iml .entitlements .xsl .xslt .pubxml .settings " +
			".jmx .run .launch .wxs .rss .atom .vcxproj .xcscheme .mobileconfig .jelly",
		fences: "plist pom maven csproj",
		data:   true,
		read:   readXML,
	}
}

// readXML reads markup that holds data: an element is a Bind of its name, attributes and elements in it are Binds of a
// Table, a text alone is its value. Key and value of property lists and of name/value elements are put together.
func readXML(r *reading, root *Node) {
	x := &markup{reading: r}
	stack := []*Node{root}
	top := func() *Node { return stack[len(stack)-1] }
	shut := func(b *Node, end int) {
		b.End = end
		settleElement(b)
	}
	for x.at < len(r.src) {
		r.step()
		start := x.at
		switch t := x.next(); t.kind {
		case markText, markCDATA:
			v, e := trim(r.src, t.start, t.end)
			if v < e && len(stack) > 1 {
				flags := Flags(0)
				if strings.IndexByte(r.src[v:e], '\n') > 0 {
					flags = Multiline
				}
				decode := decodeReferences
				if t.kind == markCDATA {
					decode = nil
				}
				r.value(top(), v, e, flags, refSettings, decode)
			} else if v < e {
				r.proseLine(root, v, min(e, lineEnd(r.src, v)))
			}
		case markComment:
			r.markupComment(top(), "xml", t.start, t.end)
		case markOpen:
			if len(stack) >= maxNesting {
				continue
			}
			b := top().putBind(t.name, t.nameAt)
			b.Start, b.End = start, x.at
			for _, a := range t.attrs {
				k := b.putBind(a.name, a.nameAt)
				k.End = a.end
				r.value(k, a.start, a.end, Quoted, refSettings, decodeReferences)
			}
			if t.empty {
				shut(b, x.at)
				continue
			}
			stack = append(stack, b)
		case markClose:
			for i := len(stack) - 1; i > 0; i-- {
				if stack[i].Name == t.name {
					for len(stack) > i {
						r.step()
						shut(top(), x.at)
						stack = stack[:len(stack)-1]
					}
					break
				}
				if len(stack)-i > 16 {
					break
				}
			}
		}
	}
	for len(stack) > 1 {
		r.step()
		shut(top(), len(r.src))
		stack = stack[:len(stack)-1]
	}
}

// localName is a name without its namespace.
func localName(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// settleElement gives an element that was read its final form.
func settleElement(b *Node) {
	binds := 0
	for _, k := range b.Kids {
		if k.Kind == Bind {
			binds++
		}
	}
	if binds == 0 {
		return
	}
	switch b.Name {
	case "dict":
		pairKeys(b)
	case "array":
		l := &Node{Kind: List, Start: b.Start, End: b.End, Parent: b}
		for _, k := range b.Kids {
			if k.Kind == Bind {
				e := l.putNext(Element, k.Start)
				e.End = k.End
				for _, g := range k.Kids {
					e.put(g)
				}
			}
		}
		b.Kids = []*Node{l}
		return
	}
	t := &Node{Kind: Table, Start: b.Start, End: b.End, Parent: b}
	var name *Node
	for _, k := range b.Kids {
		if k.Kind == Bind && isPairName(localName(k.Name)) && len(k.Kids) == 1 && k.Kids[0].Kind == Literal &&
			name == nil {
			name = k.Kids[0]
		}
		t.put(k)
	}
	if name != nil && len(name.Text) < 256 { // <string name="x">text</string>
		for i, k := range t.Kids {
			if k.Kind == Literal || k.Kind == Ref {
				n := &Node{Kind: Bind, Name: name.Text, NameStart: name.Start, Start: k.Start, End: k.End,
					Flags: k.Flags & InComment, Parent: t}
				for _, v := range t.Kids[i:] {
					n.put(v)
				}
				t.Kids = append(t.Kids[:i:i], n)
				break
			}
		}
	}
	b.Kids = []*Node{t}
}

// pairKeys joins <key>K</key> and the element behind it, in a <dict>.
func pairKeys(b *Node) {
	var kids []*Node
	var key *Node
	for _, k := range b.Kids {
		switch {
		case k.Kind == Bind && k.Name == "key" && len(k.Kids) == 1 && k.Kids[0].Kind == Literal:
			key = k.Kids[0]
			continue
		case k.Kind == Bind && key != nil:
			n := &Node{Kind: Bind, Name: key.Text, NameStart: key.Start, Start: key.Start, End: k.End,
				Flags: k.Flags & InComment}
			for _, g := range k.Kids {
				n.put(g)
			}
			kids = append(kids, n)
			key = nil
			continue
		}
		kids = append(kids, k)
	}
	b.Kids = kids
}

// markupComment reads a comment of markup: elements that were commented out, or prose.
func (r *reading) markupComment(n *Node, lang string, start, end int) {
	text := r.src[start:end]
	if !strings.ContainsAny(text, "=:<.") {
		return
	}
	if strings.IndexByte(text, '<') < 0 {
		lang = "prose"
	}
	hold := &Node{}
	r.embed(hold, lang, "", text, shifted(start))
	flagAll(hold.Kids, InComment)
	for _, k := range hold.Kids {
		n.put(k)
	}
}

// The kinds of pieces of markup.
const (
	markText = iota
	markCDATA
	markComment
	markOpen
	markClose
	markOther
)

// A mark is one piece of markup.
type mark struct {
	kind       int
	name       string
	nameAt     int
	attrs      []attribute
	empty      bool // <x/>
	start, end int  // what is inside of a text, comment or CDATA
}

// An attribute is name=value: the value is src[start:end]. Braces says that it stood in { }.
type attribute struct {
	name       string
	nameAt     int
	start, end int
	braces     bool
	bare       bool // no value at all
}

// A markup cuts XML and HTML into its pieces.
type markup struct {
	*reading
	at int
}

func (x *markup) next() mark {
	src := x.src
	if src[x.at] != '<' || x.at+1 >= len(src) || !isNameStart(src[x.at+1]) && strings.IndexByte("/!?%",
		src[x.at+1]) < 0 {
		start := x.at
		k := strings.IndexByte(src[x.at+1:], '<')
		if k < 0 {
			x.at = len(src)
		} else {
			x.at += k + 1
		}
		return mark{kind: markText, start: start, end: x.at}
	}
	rest := src[x.at:]
	until := func(open, closer string) (int, int) {
		start := x.at + len(open)
		k := strings.Index(src[min(start, len(src)):], closer)
		if k < 0 {
			x.at = len(src)
			return min(start, len(src)), len(src)
		}
		x.at = start + k + len(closer)
		return start, start + k
	}
	switch {
	case strings.HasPrefix(rest, "<!--"):
		s, e := until("<!--", "-->")
		return mark{kind: markComment, start: s, end: e}
	case strings.HasPrefix(rest, "<![CDATA["):
		s, e := until("<![CDATA[", "]]>")
		return mark{kind: markCDATA, start: s, end: e}
	case strings.HasPrefix(rest, "<?"):
		s, e := until("<?", "?>")
		return mark{kind: markOther, name: "?", start: s, end: e}
	case strings.HasPrefix(rest, "<%"):
		s, e := until("<%", "%>")
		return mark{kind: markOther, name: "%", start: s, end: e}
	case strings.HasPrefix(rest, "<!"):
		s, e := until("<!", ">")
		return mark{kind: markOther, start: s, end: e}
	case strings.HasPrefix(rest, "</"):
		s, e := until("</", ">")
		return mark{kind: markClose, name: strings.TrimSpace(src[s:e]), start: s, end: e}
	}
	return x.open()
}

// open reads an opening tag with its attributes.
func (x *markup) open() mark {
	src := x.src
	m := mark{kind: markOpen, nameAt: x.at + 1}
	k := x.at + 1
	for k < len(src) && !isSpace(src[k]) && src[k] != '>' && src[k] != '/' && src[k] != '<' {
		k++
	}
	m.name = src[m.nameAt:k]
	for k < len(src) {
		x.step()
		switch c := src[k]; {
		case isSpace(c):
			k++
		case c == '>':
			x.at = k + 1
			return m
		case c == '/':
			if k+1 < len(src) && src[k+1] == '>' {
				m.empty = true
			}
			k++
		case c == '<': // never closed
			x.at = k
			return m
		case c == '{': // {config}, {...rest} of Svelte and JSX
			e := matching(src, k+1, '{', '}')
			if e < 0 {
				k++
				continue
			}
			m.attrs = append(m.attrs, attribute{nameAt: k + 1, start: k + 1, end: e, braces: true})
			k = e + 1
		default:
			var a attribute
			a, k = x.attribute(k)
			if a.name != "" {
				m.attrs = append(m.attrs, a)
			}
		}
	}
	x.at = len(src)
	return m
}

func (x *markup) attribute(k int) (attribute, int) {
	src := x.src
	a := attribute{nameAt: k}
	start := k
	for k < len(src) && !isSpace(src[k]) && strings.IndexByte("=></", src[k]) < 0 {
		k++
	}
	if k == start {
		return a, k + 1
	}
	a.name = strings.Trim(src[start:k], `"'`)
	v := k
	for v < len(src) && isSpace(src[v]) {
		v++
	}
	if v >= len(src) || src[v] != '=' {
		a.bare, a.start, a.end = true, k, k
		return a, k
	}
	v++
	for v < len(src) && isSpace(src[v]) {
		v++
	}
	if v >= len(src) {
		a.bare, a.start, a.end = true, k, k
		return a, v
	}
	switch q := src[v]; q {
	case '"', '\'', '`':
		e := strings.IndexByte(src[v+1:], q)
		if e < 0 {
			e = lineEnd(src, v) - v - 1
		}
		a.start, a.end = v+1, v+1+e
		return a, min(a.end+1, len(src))
	case '{':
		if e := matching(src, v+1, '{', '}'); e > 0 {
			a.start, a.end, a.braces = v+1, e, true
			return a, e + 1
		}
	}
	a.start = v
	for v < len(src) && !isSpace(src[v]) && src[v] != '>' {
		v++
	}
	a.end = v
	return a, v
}
