package syntax

import "strings"

// langMarkdown is Markdown.
func langMarkdown() *language {
	return &language{name: "markdown",
		endings: ".md .markdown .mdown .mkd .qmd .rmd .mdx .mdc .mdwn",
		fences:  "md mdx",
		read:    readMarkdown,
	}
}

// readMarkdown reads documents: fenced code by its language, indented code by its looks, prose line by line.
func readMarkdown(r *reading, root *Node) {
	src := r.src
	i := 0
	if strings.HasPrefix(src, "---\n") || strings.HasPrefix(src, "+++\n") || strings.HasPrefix(src, "---\r\n") {
		mark := src[:3]
		if k := strings.Index(src[3:], "\n"+mark); k >= 0 {
			lang := "yaml"
			if mark == "+++" {
				lang = "toml"
			}
			at := lineEnd(src, 0) + 1
			if end := k + 4; end > at {
				r.embed(root, lang, "", src[at:end], shifted(at))
			}
			i = lineEnd(src, k+4) + 1
		}
	}
	var pending string // a file's name that stands right before a fence
	for i < len(src) {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		if k >= e {
			i = end + 1
			continue
		}
		body := k
		for body < e && src[body] == '>' {
			r.step()
			// quoted
			body, _ = trimLine(src, body+1, e)
		}
		// a fence that an item begins with
		for body+1 < e && (src[body] == '-' || src[body] == '*') && src[body+1] == ' ' {
			r.step()
			body, _ = trimLine(src, body+1, e)
		}
		if fence := fenceAt(src[body:e]); fence > 0 {
			i = r.fence(root, body, fence, end, pending)
			pending = ""
			continue
		}
		if c, _ := indentOf(src, i, end); (c >= 4 || src[i] == '\t') && !listItem(src[k:e]) {
			i = r.indentedCode(root, i)
			continue
		}
		pending = fileInLine(src[k:e])
		if src[k] == '<' && !strings.HasPrefix(src[k:e], "<http") && strings.IndexByte(src[k:e], '>') > 0 {
			i = r.htmlBlock(root, i, k)
			continue
		}
		if src[k] == '|' || strings.Contains(src[k:e], " | ") && !isCommandLine(src[k:e]) {
			i = r.markdownTable(root, i)
			continue
		}
		r.markdownLine(root, k, e)
		i = end + 1
	}
}

// fenceAt says how many marks open a fence, 0 where none does.
func fenceAt(line string) int {
	n := 0
	for n < len(line) && line[n] == line[0] && (line[0] == '`' || line[0] == '~') {
		n++
	}
	if n >= 3 && (line[0] == '~' || strings.IndexByte(line[n:], '`') < 0) {
		return n
	}
	return 0
}

func listItem(line string) bool {
	if len(line) > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ' {
		return true
	}
	n := 0
	for n < len(line) && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	return n > 0 && n+1 < len(line) && (line[n] == '.' || line[n] == ')') && line[n+1] == ' '
}

// fence reads the code between two fences. It returns where to go on.
func (r *reading) fence(root *Node, at, marks, end int, pending string) int {
	src := r.src
	mark := src[at : at+marks]
	info := strings.TrimSpace(src[at+marks : end])
	start := min(end+1, len(src))
	stop, next := len(src), len(src)
	for i := start; i < len(src); {
		r.step()
		e := lineEnd(src, i)
		line := strings.Trim(src[i:e], "> \t\r")
		if strings.HasPrefix(line, mark) && strings.Trim(line, mark[:1]) == "" {
			stop, next = i, min(e+1, len(src))
			break
		}
		i = e + 1
	}
	if start >= stop {
		return next
	}
	lang, name := fenceInfo(info)
	if name == "" {
		name = pending
	}
	b := root.putBlock(name, start)
	b.End = stop
	r.codeBlock(b, lang, name, start, stop)
	return next
}

// codeBlock reads a block of code of a document: as what it says it is, else as what it looks like.
func (r *reading) codeBlock(b *Node, lang, name string, start, stop int) {
	text, m := r.src[start:stop], shifted(start)
	if quoted := strings.HasPrefix(strings.TrimLeft(text, " "), ">"); quoted {
		text, m = unquoteLines(text, start)
	} else if indent := commonIndent(text); indent > 0 {
		text, m = dedent(text, indent, start)
	}
	if lang == "" && name != "" {
		lang = langOfName(name)
	}
	switch lang {
	case "", "txt", "template":
		lang = sniff(text)
		if lang == "" {
			lang = guessCode(text)
		}
	case "shell":
		if l := sniffLines(text); l == "console" || l == "http" {
			lang = l
		}
	}
	if !r.embed(b, lang, name, text, m) {
		r.lit(b, start, stop, Multiline)
	}
}

// unquoteLines takes the marks of a quotation from the start of each line.
func unquoteLines(piece string, start int) (string, offsets) {
	var b strings.Builder
	var m offsets
	for i := 0; i < len(piece); {
		e := lineEnd(piece, i)
		k := i
		for k < e && (piece[k] == '>' || piece[k] == ' ') && (k == i || piece[k-1] != ' ' || piece[k] == '>') {
			k++
		}
		m = append(m, seam{b.Len(), start + k})
		b.WriteString(piece[k:e])
		b.WriteByte('\n')
		i = e + 1
	}
	return b.String(), m
}

// fenceInfo reads the line behind a fence's marks: yaml title="x.yml", {.python file=x}, js:app.js.
func fenceInfo(info string) (lang, name string) {
	info = strings.TrimSpace(strings.TrimLeft(info, "{."))
	word := info
	for i := 0; i < len(info); i++ {
		if strings.IndexByte(" \t{,}", info[i]) >= 0 {
			word = info[:i]
			break
		}
	}
	for _, key := range []string{"title=", "file=", "filename=", "name=", "path=", "label="} {
		if k := strings.Index(info, key); k >= 0 {
			v := strings.TrimLeft(info[k+len(key):], `"'{`)
			if e := strings.IndexAny(v, `"' }`); e >= 0 {
				v = v[:e]
			}
			name = v
			break
		}
	}
	if k := strings.IndexByte(word, ':'); k > 0 {
		if name == "" {
			name = word[k+1:]
		}
		word = word[:k]
	}
	lang = langOfFence(strings.ToLower(word))
	if lang == "" && strings.Contains(word, ".") {
		name = word
	}
	return lang, name
}

// indentedCode reads a run of indented lines. It returns where to go on.
func (r *reading) indentedCode(root *Node, i int) int {
	src := r.src
	start, last := i, i
	for i < len(src) {
		r.step()
		end := lineEnd(src, i)
		c, blank := indentOf(src, i, end)
		if !blank && (c < 2 && src[i] != '\t' || fenceAt(strings.TrimLeft(src[i:end], " \t")) > 0) {
			break
		}
		if !blank {
			last = end
		}
		i = end + 1
	}
	b := root.putBlock("", start)
	b.End = last
	text := src[start:last]
	if sniff(text) == "" && guessCode(text) == "" {
		for k := start; k < last; {
			r.step()
			e := min(lineEnd(src, k), last)
			r.markdownLine(b, k, e)
			k = e + 1
		}
		return min(i, len(src))
	}
	r.codeBlock(b, "", "", start, last)
	return min(i, len(src))
}

// fileInLine finds a file's name that a line ends with, or that alone stands in it as code: what follows is that file.
func fileInLine(line string) string {
	t := strings.TrimRight(line, ": *_`")
	k := strings.LastIndexAny(t, " `*_(\"[")
	word := strings.Trim(t[k+1:], "`*_\"'#")
	if langOfName(word) != "" && (strings.Contains(word, ".") || word == "Dockerfile" || word == "Makefile") && !strings.Contains(word, "//") {
		return word
	}
	// The only code in the line.
	if strings.Count(line, "`") == 2 {
		a := strings.IndexByte(line, '`')
		b := strings.LastIndexByte(line, '`')
		if w := line[a+1 : b]; strings.IndexByte(w, ' ') < 0 && strings.Contains(w, ".") && langOfName(w) != "" {
			return w
		}
	}
	return ""
}

// htmlBlock reads tags among Markdown up to the next blank line.
func (r *reading) htmlBlock(root *Node, i, k int) int {
	src := r.src
	stop := len(src)
	if strings.HasPrefix(src[k:], "<!--") {
		if c := strings.Index(src[k:], "-->"); c > 0 {
			stop = lineEnd(src, k+c)
		}
	} else if c := strings.Index(src[k:], "\n\n"); c > 0 {
		stop = k + c
	}
	if f := strings.Index(src[k:stop], "\n```"); f > 0 {
		stop = k + f
	}
	r.embed(root, "html", "", src[k:stop], shifted(k))
	return min(stop+1, len(src))
}

// markdownLine reads a line of prose: its code, quotes and words.
func (r *reading) markdownLine(n *Node, k, e int) {
	for k < e && (r.src[k] == '#' || r.src[k] == '>') {
		r.step()
		k, _ = trimLine(r.src, k+1, e)
	}
	r.sentence(n, k, e)
}

// markdownTable reads rows between bars. The heads name the cells, and where the first cell of a row is a name, it
// names them too.
func (r *reading) markdownTable(root *Node, i int) int {
	src := r.src
	var heads []span
	list := &Node{Kind: List, Start: i, End: i}
	rows := 0
	for i < len(src) {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		if k >= e {
			break
		}
		if strings.IndexByte(src[k:e], '|') < 0 { // the rules of psql and mysql have no bars
			if src[k] != '-' && src[k] != '+' || strings.IndexByte(src[k:e], '+') < 0 || strings.Trim(src[k:e], "-+") != "" {
				break
			}
			i = end + 1
			continue
		}
		cells := r.cells(k, e)
		i = end + 1
		if strings.Trim(src[k:e], "|-: +=") == "" {
			continue
		}
		if heads == nil {
			heads = cells
			continue
		}
		rows++
		t := list.putNext(Element, k).putGroup(Table, k)
		t.End = e
		var rowName span
		for c, s := range cells {
			name, at := "", s.start
			if c < len(heads) {
				name, at = strings.Trim(src[heads[c].start:heads[c].end], "*_` "), heads[c].start
			}
			b := t.putBind(name, at)
			b.Start, b.End = s.start, s.end
			if rowName.end > 0 {
				b = b.putBind(src[rowName.start:rowName.end], rowName.start)
			}
			r.tableCell(b, s.start, s.end)
			if c == 0 {
				if v, ve := trimMarks(src, s.start, s.end); ve > v && !strings.ContainsAny(src[v:ve], ":.=") &&
					ve-v < 64 && (ve-v < 32 || strings.ContainsAny(src[v:ve], "_- ")) {
					rowName = span{start: v, end: ve}
				}
			}
		}
	}
	if rows == 0 {
		if heads != nil {
			r.proseLine(root, heads[0].start, heads[len(heads)-1].end)
		}
		return i
	}
	root.put(list)
	return i
}

func trimMarks(src string, v, e int) (int, int) {
	for v < e && strings.IndexByte("`*_ \"", src[v]) >= 0 {
		v++
	}
	for e > v && strings.IndexByte("`*_ \"", src[e-1]) >= 0 {
		e--
	}
	return v, e
}

// tableCell reads one cell: code, or a text.
func (r *reading) tableCell(b *Node, v, e int) {
	if strings.IndexByte(r.src[v:e], '`') < 0 {
		v, e = trimMarks(r.src, v, e)
		if v < e {
			r.lit(b, v, e, 0)
		}
		return
	}
	r.words(b, v, e)
}

// cells splits a row at its bars.
func (r *reading) cells(k, e int) []span {
	src := r.src
	if src[k] == '|' {
		k++
	}
	if e > k && src[e-1] == '|' {
		e--
	}
	var res []span
	at := k
	code := false
	for i := k; i <= e; i++ {
		if i < e && src[i] == '`' {
			code = !code
		}
		if i < e && (src[i] != '|' || code || i > 0 && src[i-1] == '\\') {
			continue
		}
		v, stop := trim(src, at, i)
		res = append(res, span{start: v, end: stop})
		at = i + 1
	}
	return res
}
