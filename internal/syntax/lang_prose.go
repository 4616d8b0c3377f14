package syntax

import "strings"

// langProse is text that is known to be no settings.
func langProse() *language {
	return &language{name: "prose",
		files: "go.mod go.sum go.work requirements.txt license yarn.lock gemfile.lock checksums.txt " +
			"sha256sums",
	}
}

// langText is a text whose content tells what it is.
func langText() *language {
	return &language{name: "txt",
		endings: ".txt .text .me .nfo .eml",
		really:  asItLooks,
	}
}

// asItLooks is what the text looks like, "" where it looks like nothing.
func asItLooks(_, text string) string { return sniff(text) }

// langTemplate is a template whose content tells what it is of.
func langTemplate() *language {
	return &language{name: "template",
		endings: ".tmpl .tpl .template .j2",
		really:  asItLooks,
	}
}

// readProse reads text of which nothing is known, line by line: name=value and "name: value" are bound, the rest of a
// line that says something is one Literal.
func readProse(r *reading, root *Node) {
	for i := 0; i < len(r.src); {
		r.step()
		end := lineEnd(r.src, i)
		if strings.Contains(r.src[i:end], " | ") && isTableRule(r.src, end+1) {
			i = r.markdownTable(root, i)
			continue
		}
		r.sentence(root, i, end)
		i = end + 1
	}
}

// sentence reads a line of a document: a command as a shell would, anything else as prose.
func (r *reading) sentence(n *Node, start, end int) {
	k, e := trim(r.src, start, end)
	if r.depth < maxEmbedding-1 && isCommandLine(r.src[k:e]) && r.embed(n, "shell", "", r.src[k:e], shifted(k)) {
		return
	}
	r.proseLine(n, start, end)
}

// isCommandLine reports whether a line of a document is a command: a program that takes settings or headers, and an
// option of it before anything that a sentence would have.
func isCommandLine(line string) bool {
	if len(line) > 1<<12 {
		return false
	}
	program, rest, _ := strings.Cut(strings.TrimPrefix(line, "$ "), " ")
	switch program {
	case "docker", "podman", "nerdctl", "curl", "wget", "helm", "kubectl", "oc", "http", "https", "xh", "npx", "heroku",
		"flyctl", "fly":
	default:
		return false
	}
	for i := range 4 { // docker compose run -e
		word, more, _ := strings.Cut(rest, " ")
		dashes := len(word) - len(strings.TrimLeft(word, "-"))
		switch {
		case dashes > 0 && nameEnd(word, dashes) > dashes:
			return true
		case word == "" || i == 3 || strings.ContainsAny(word[len(word)-1:], ".,:;!?"):
			return false
		}
		rest = more
	}
	return false
}

// isTableRule reports whether the line at i parts a table's head from its rows.
func isTableRule(src string, i int) bool {
	if i >= len(src) {
		return false
	}
	line := strings.TrimSpace(src[i:lineEnd(src, i)])
	return len(line) > 4 && strings.IndexByte(line, '-') >= 0 && strings.ContainsAny(line, "+|") &&
		strings.Trim(line, "-+|: ") == ""
}

// proseLine reads one line of prose, in src[start:end].
func (r *reading) proseLine(n *Node, start, end int) {
	start, end = trim(r.src, start, end)
	if start >= end {
		return
	}
	line := r.src[start:end]
	if end-start > 1<<16 { // nobody writes such a line
		r.words(n, start, end)
		return
	}
	// Marks of lists, quotes and comments in front.
	rest := strings.TrimLeft(line, "-*#>/;|+!•–—` \t")
	if strings.HasPrefix(strings.TrimLeft(line, "-+>#/;|! \t"), "*:") { // a token, not a mark
		rest = strings.TrimLeft(line, "-+>#/;|! \t")
	}
	at := end - len(rest)
	if rest == "" {
		return
	}
	if r.proseBind(n, at, end) {
		return
	}
	if !r.words(n, at, end) {
		r.lit(n, at, end, 0)
	}
}

// proseBind reads "name: value", "name = value" and NAME=value at the start of a piece.
func (r *reading) proseBind(n *Node, start, end int) bool {
	src := r.src
	at := start
	if k := wordEnd(src, at, end); src[at:k] == "export" || src[at:k] == "set" || src[at:k] == "ENV" || src[at:k] == "ARG" {
		if next, _ := trim(src, k, end); next < end && isNameStart(src[next]) {
			at = next
		}
	}
	k := at
	blanks := 0
	for k < end && k-at < 64 {
		c := src[k]
		if c == '=' || c == ':' {
			break
		}
		if c == ' ' || c == '\t' {
			if blanks++; blanks > 4 {
				return false
			}
		} else if !isNameByte(c) && strings.IndexByte(".-/()[]'`*\"@", c) < 0 && c < 0x80 {
			return false
		}
		k++
	}
	if k >= end || k == at || k-at >= 64 || strings.Count(src[at:k], "`")%2 == 1 || src[k] == '=' && settingApart(src[at:k]) {
		return false
	}
	name := strings.Trim(src[at:k], " \t`*'\"")
	nameAt := at + strings.Index(src[at:k], name)
	if name == "" {
		return false
	}
	sep := src[k]
	v := k + 1
	flags := Flags(0)
	switch {
	case sep == ':' && v < end && src[v] == '=':
		v++
	case sep == ':' && (v >= end || !isSpace(src[v])):
		if !strings.HasPrefix(src[v:end], "*") && !strings.HasPrefix(src[v:end], "`") || name == "*" {
			return false // a token, a URL, a time: no name
		}
		if nameEnd(src, at) != k && !strings.Contains(src[at:k], "`") {
			return false
		}
		if strings.HasPrefix(src[v:end], "*.") || strings.HasPrefix(src[v:end], "*:*.") && name == "*" {
			return false
		}
	case sep == '=' && v < end && (src[v] == '=' || src[v] == '>'):
		v++
	}
	if sep == '=' && isShellName(name) && nameAt+len(name) == k {
		flags = Env
	}
	v, e := trim(src, v, end)
	if sep == ':' {
		for v < e && (src[v] == '*' || src[v] == '_') && v+1 < e && (src[v+1] == '*' || src[v+1] == ' ' || src[v+1] == '`') {
			v++ // **name:** value
		}
		v, e = trim(src, v, e)
	}
	b := n.putBind(name, nameAt)
	b.Flags |= flags
	b.End = e
	r.proseValue(b, v, e)
	return true
}

// settingApart reports whether what stands before a sign of equality ends in a setting's name that words stand before:
// docker run -e "UNLEASH_API_TOKEN. They are no part of it.
func settingApart(text string) bool {
	i := strings.LastIndexAny(text, " \t")
	name := strings.TrimLeft(text[i+1:], "\"'")
	return i > 0 && strings.Contains(name, "_") && isShellName(name) && name == strings.ToUpper(name)
}

// proseValue reads what follows a name: a quoted text, code, a word, several words.
func (r *reading) proseValue(b *Node, v, e int) {
	if v >= e {
		return
	}
	src := r.src
	switch c := src[v]; c {
	case '"', '\'', '`':
		if end, ok := quoteEnd(src[:e], v, false); ok {
			r.value(b, v+1, end, Quoted, refSettings|refDollar, decodeEscapes)
			r.words(b, end+1, e)
			return
		}
	case '{', '[':
		if r.embed(b, "json", "", src[v:e], shifted(v)) {
			return
		}
	}
	if strings.IndexByte(src[v:e], '`') >= 0 && r.words(b, v, e) {
		return
	}
	if k := strings.Index(src[v:e], " #"); k > 0 {
		e = v + k
		v, e = trim(src, v, e)
	}
	if k := nameEnd(src[:e], v); k > v && k < e && src[k] == '=' { // "or: NAME=value"
		r.apart(b, v, e, 0)
		return
	}
	for e > v && strings.IndexByte(",;", src[e-1]) >= 0 {
		e--
	}
	if strings.IndexByte(src[v:e], ' ') >= 0 && r.words(b, v, e) {
		return
	}
	r.value(b, v, e, 0, refSettings|refDollar, nil)
}

// words finds in a sentence what stands apart: code between backquotes, quoted texts, NAME=value, long words. It says
// whether there was any.
func (r *reading) words(n *Node, start, end int) bool {
	src := r.src
	found := false
	for i := start; i < end; {
		r.step()
		c := src[i]
		if isSpace(c) {
			i++
			continue
		}
		if (c == '`' || c == '"' || c == '\'') && (i == start || !isNameByte(src[i-1])) {
			if k := strings.IndexByte(src[i+1:min(end, i+1024)], c); k > 0 {
				r.apart(n, i+1, i+1+k, Quoted)
				found = true
				i += k + 2
				continue
			}
			i++
			continue
		}
		k := i
		for k < end && !isSpace(src[k]) && src[k] != '`' && src[k] != '"' {
			k++
		}
		if k == i {
			i++
			continue
		}
		w, e := i, k
		if l := strings.Index(src[w:e], "]("); l >= 0 { // a link of Markdown
			w += l + 2
		}
		for w < e && strings.IndexByte("(<|,;", src[w]) >= 0 {
			w++
		}
		for e > w && strings.IndexByte(").,;|>!?", src[e-1]) >= 0 {
			e--
		}
		if e-w >= 12 && strings.ContainsAny(src[w:e], "=:./_") || strings.IndexByte(src[w:e], '=') > 0 {
			r.apart(n, w, e, 0)
			found = true
		}
		i = k
	}
	return found
}

// apart hangs a piece that stands apart in a sentence.
func (r *reading) apart(n *Node, start, end int, flags Flags) {
	if start >= end {
		return
	}
	src := r.src
	if k := nameEnd(src[:end], start); k > start && k < end && src[k] == '=' && k+1 < end && src[k+1] != '=' {
		b := n.putBind(src[start:k], start)
		b.Flags |= Env
		b.End = end
		r.value(b, k+1, end, flags, refSettings|refDollar, nil)
		return
	}
	if flags&Quoted != 0 {
		if k := strings.Index(src[start:end], ": "); k > 0 && r.proseBind(n, start, end) {
			return
		}
	}
	r.lit(n, start, end, flags)
}

func trim(src string, start, end int) (int, int) {
	for start < end && isSpace(src[start]) {
		start++
	}
	for end > start && isSpace(src[end-1]) {
		end--
	}
	return start, end
}

func wordEnd(src string, i, end int) int {
	for i < end && !isSpace(src[i]) {
		i++
	}
	return i
}
