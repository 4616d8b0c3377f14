package syntax

import "strings"

// langJSON is JSON.
func langJSON() *language {
	return &language{name: "json",
		files: ".babelrc .eslintrc .prettierrc .swcrc .jshintrc .stylelintrc .lintstagedrc .releaserc " +
			".mocharc composer.lock pipfile.lock .ngxrc .nycrc .firebaserc flake.lock .parcelrc " +
			".watchmanconfig .postcssrc",
		endings: ".json .json5 .jsonc .ndjson .jsonl .har .webmanifest .geojson .tfstate .map .avsc .arb " +
			".code-workspace .postman_collection .postman_environment .topojson .ldjson .jsonld " +
			" .importmap .insomnia",
		fences: "json5 jsonc ndjson jsonl",
		really: jsonOrXML,
		data:   true,
		read:   readJSON,
	}
}

func jsonOrXML(head, _ string) string {
	if strings.HasPrefix(head, "<") {
		return "xml"
	}
	return "json"
}

// maxNesting bounds the depth of a tree of data; deeper text is passed over.
const maxNesting = 200

// A flow reads braces and brackets: JSON with everything that its relatives allow (comments, trailing commas, single
// quotes, bare words), and the flow form of YAML.
type flow struct {
	*reading
	at   int
	end  int
	yaml bool
}

// readJSON reads JSON, JSON5, JSON with comments, and several values one after another.
func readJSON(r *reading, root *Node) {
	f := &flow{reading: r, end: len(r.src)}
	f.at = len(r.src) - len(strings.TrimPrefix(r.src, "\ufeff"))
	for {
		r.step()
		f.space(root)
		if f.at >= f.end {
			return
		}
		before := f.at
		if c := r.src[f.at]; c == '}' || c == ']' || c == ',' {
			f.at++
			continue
		}
		if key, ok := f.entry(root); ok { // a piece of an object, without its braces
			f.value(key, 0)
			key.End = f.at
		} else {
			f.value(root, 0)
		}
		if f.at == before {
			f.at++
		}
	}
}

// space passes over blanks and comments. Assignments in comments are read.
func (f *flow) space(parent *Node) {
	for f.at < f.end {
		f.step()
		switch c := f.src[f.at]; {
		case isSpace(c):
			f.at++
		case c == '#' && f.yaml && (f.at == 0 || isSpace(f.src[f.at-1])), c == '#' && !f.yaml,
			c == '/' && !f.yaml && strings.HasPrefix(f.src[f.at:], "//"):
			end := lineEnd(f.src, f.at)
			f.comment(parent, f.at+1, min(end, f.end))
			f.at = end
		case c == '/' && !f.yaml && strings.HasPrefix(f.src[f.at:], "/*"):
			end := strings.Index(f.src[f.at+2:f.end], "*/")
			if end < 0 {
				f.at = f.end
				return
			}
			f.comment(parent, f.at+2, f.at+2+end)
			f.at += end + 4
		default:
			return
		}
	}
}

// comment reads a comment as what was commented out.
func (f *flow) comment(parent *Node, start, end int) {
	text := f.src[start:end]
	if parent == nil || !strings.ContainsAny(text, ":=") || f.depth >= maxEmbedding {
		return
	}
	start += len(text) - len(strings.TrimLeft(text, "/*# \t"))
	hold := &Node{}
	if !f.yaml && strings.IndexByte(f.src[start:end], '"') >= 0 {
		f.embed(hold, "json", "", f.src[start:end], shifted(start))
	} else {
		f.embed(hold, "prose", "", f.src[start:end], shifted(start))
	}
	flagAll(hold.Kids, InComment)
	for _, k := range hold.Kids {
		parent.put(k)
	}
}

// value reads one value and hangs it under n.
func (f *flow) value(n *Node, nesting int) {
	f.space(n)
	if f.at >= f.end {
		return
	}
	if nesting > maxNesting {
		f.at = f.end
		return
	}
	switch c := f.src[f.at]; c {
	case '{':
		if f.yaml && strings.HasPrefix(f.src[f.at:], "{{") {
			f.bare(n)
			return
		}
		t := n.putGroup(Table, f.at)
		f.at++
		f.table(t, nesting)
		t.End = f.at
	case '[':
		l := n.putGroup(List, f.at)
		f.at++
		f.list(l, nesting)
		l.End = f.at
	case '"', '\'', '`':
		f.quoted(n)
	case '}', ']', ',', ':':
	case '&', '!':
		if !f.yaml {
			f.bare(n)
			return
		}
		for f.at < f.end && !isSpace(f.src[f.at]) && strings.IndexByte(",]}", f.src[f.at]) < 0 {
			f.at++
		}
		f.value(n, nesting+1)
	default:
		f.bare(n)
	}
}

func (f *flow) table(t *Node, nesting int) {
	for {
		f.step()
		f.space(t)
		if f.at >= f.end {
			return
		}
		switch f.src[f.at] {
		case '}':
			f.at++
			return
		case ',', ';':
			f.at++
			continue
		case ']':
			return // the bracket of an outer list: this table was cut off
		}
		before := f.at
		if key, ok := f.entry(t); ok {
			f.value(key, nesting+1)
			key.End = max(key.End, f.at)
		} else {
			f.value(t, nesting+1)
		}
		if f.at == before {
			f.at++
		}
	}
}

func (f *flow) list(l *Node, nesting int) {
	for i := 0; ; {
		f.step()
		f.space(l)
		if f.at >= f.end {
			return
		}
		switch f.src[f.at] {
		case ']':
			f.at++
			return
		case ',':
			f.at++
			continue
		case '}':
			return
		}
		before := f.at
		e := l.put(&Node{Kind: Element, Index: i, Start: f.at, End: f.at})
		i++
		if key, ok := f.entry(e); ok && f.yaml { // [name: value] of YAML
			f.value(key, nesting+1)
		} else if ok {
			f.value(key, nesting+1)
		} else {
			f.value(e, nesting+1)
		}
		e.End = f.at
		if f.at == before {
			f.at++
		}
	}
}

// entry reads a key and its colon, if that is what comes.
func (f *flow) entry(t *Node) (*Node, bool) {
	start := f.at
	var name string
	nameAt := start
	switch c := f.src[f.at]; {
	case c == '"' || c == '\'':
		end, ok := quoteEnd(f.src[:f.end], f.at, f.yaml && c == '\'')
		if !ok {
			return nil, false
		}
		name, nameAt = f.unquote(f.at, end), f.at+1
		f.at = end + 1
	case c == '{' || c == '[' || c == '}' || c == ']' || c == ',':
		return nil, false
	default:
		k := f.at
		for k < f.end && k-f.at < 256 {
			c := f.src[k]
			if strings.IndexByte(",{}[]\"\n", c) >= 0 || c == ':' && (!f.yaml || k+1 >= f.end || isSpace(f.src[k+1])) {
				break
			}
			if c == '=' && !f.yaml && k+1 < f.end && f.src[k+1] != '=' {
				break
			}
			k++
		}
		if k >= f.end || k == f.at || f.src[k] != ':' && f.src[k] != '=' {
			return nil, false
		}
		name = strings.TrimSpace(f.src[f.at:k])
		if !f.yaml && strings.ContainsAny(name, " \t/") {
			return nil, false
		}
		f.at = k
	}
	for f.at < f.end && isSpace(f.src[f.at]) {
		f.at++
	}
	if f.at >= f.end || f.src[f.at] != ':' && (f.src[f.at] != '=' || f.yaml) {
		f.at = start
		return nil, false
	}
	f.at++
	if strings.HasPrefix(f.src[f.at:f.end], ">") { // => of Ruby and PHP, in JSON-like text
		f.at++
	}
	b := t.putBind(name, nameAt)
	b.Start = start
	return b, true
}

// quoteEnd finds the quote that closes the one at i. Doubled says that a quote is escaped by doubling it.
func quoteEnd(src string, i int, doubled bool) (int, bool) {
	q := src[i]
	for k := i + 1; k < len(src); k++ {
		switch c := src[k]; {
		case c == '\\' && !doubled:
			k++
		case c == q:
			if doubled && k+1 < len(src) && src[k+1] == q {
				k++
				continue
			}
			return k, true
		case c == '{' && k+1 < len(src) && src[k+1] == '{' && q == '"':
			// Quotes in a template do not close the text around it.
			if e := strings.Index(src[k:min(len(src), k+512)], "}}"); e > 0 && strings.IndexByte(src[k:k+e], '\n') < 0 &&
				strings.Count(src[k:k+e], `"`)%2 == 0 {
				k += e + 1
			}
		}
	}
	return len(src), false
}

func (f *flow) unquote(i, end int) string {
	raw := f.src[i+1 : min(end, f.end)]
	if f.src[i] == '\'' && f.yaml {
		return strings.ReplaceAll(raw, "''", "'")
	}
	return decodeEscapes(raw)
}

func (f *flow) quoted(n *Node) {
	i := f.at
	end, ok := quoteEnd(f.src[:f.end], i, f.yaml && f.src[i] == '\'')
	if !ok { // cut off, or broken: the line is all that can be told
		end = min(lineEnd(f.src, i), f.end)
	}
	flags := Quoted
	raw := f.src[i+1 : max(end, i+1)]
	if strings.IndexByte(raw, '\n') >= 0 {
		flags |= Multiline
	}
	decode := decodeEscapes
	if f.src[i] == '\'' && f.yaml {
		decode = func(s string) string { return strings.ReplaceAll(s, "''", "'") }
	}
	f.reading.value(n, i+1, max(end, i+1), flags, refSettings, decode)
	f.at = end
	if ok {
		f.at++
	}
}

// bare reads a word without quotes: a number, a constant, a plain scalar of YAML, a template.
func (f *flow) bare(n *Node) {
	start := f.at
	for f.at < f.end {
		f.step()
		c := f.src[f.at]
		if c == '{' && strings.HasPrefix(f.src[f.at:], "{{") {
			if e := strings.Index(f.src[f.at:min(f.end, f.at+1024)], "}}"); e > 0 {
				f.at += e + 2
				continue
			}
		}
		if c == '$' && f.at+1 < f.end && f.src[f.at+1] == '{' {
			if e := matching(f.src[:f.end], f.at+2, '{', '}'); e > 0 {
				f.at = e + 1
				continue
			}
		}
		if c == ',' || c == '}' || c == ']' || c == '\n' || c == '[' && !f.yaml || c == '{' && !f.yaml {
			break
		}
		if f.yaml && c == ':' && (f.at+1 >= f.end || isSpace(f.src[f.at+1])) {
			break
		}
		if c == '#' && f.at > start && isSpace(f.src[f.at-1]) {
			break
		}
		if !f.yaml && c == '/' && f.at+1 < f.end && (f.src[f.at+1] == '/' || f.src[f.at+1] == '*') && f.at > start && isSpace(f.src[f.at-1]) {
			break
		}
		f.at++
	}
	end := f.at
	for end > start && isSpace(f.src[end-1]) {
		end--
	}
	if end == start {
		return
	}
	if f.yaml && f.src[start] == '*' && nameEnd(f.src, start+1) > start+1 && !strings.ContainsAny(f.src[start:end], ": .") {
		n.putRef(f.src[start+1:end], start+1)
		return
	}
	f.reading.value(n, start, end, 0, refSettings, nil)
}

// lineEnd is the offset of the line's end: of its \n or of the text's end.
func lineEnd(src string, i int) int {
	if k := strings.IndexByte(src[i:], '\n'); k >= 0 {
		return i + k
	}
	return len(src)
}
