package syntax

import "strings"

// langShell is a script of sh, bash and their like.
func langShell() *language {
	return &language{name: "shell",
		files: ".envrc .bashrc .zshrc .profile .bash_profile .bash_history .zsh_history .zshenv " +
			".bash_aliases pkgbuild .ash_history .history gradlew mvnw .zprofile .kshrc fish_history " +
			".bash_logout",
		endings:  ".sh .bash .zsh .fish .ksh .ash .csh .tcsh .command .bats .nu .history .profile",
		fences:   "sh bash zsh fish ksh shellscript curl bash-session-input cmdline terminal cli",
		programs: "sh bash zsh dash ksh fish ash csh tcsh with-contenv bats openrc-run busybox",
		read:     readShell,
	}
}

// A shell reads the scripts of sh, bash, zsh, fish and their like: assignments, commands with their words, options,
// here-documents, functions. What it takes for a command need not be one.
type shell struct {
	*reading
	at      int
	blocks  []*Node // open function bodies
	heredoc []pendingHeredoc
	piped   *Node // the call that writes into the next one
	style   refStyle
}

// A shellWord is one word of a command line.
type shellWord struct {
	text       string // decoded, references taken out
	raw        string // as written
	start, end int
	quoted     bool
	list       []shellWord // of NAME=( … )
	nodes      []*Node     // what a word that did not come from shell text holds besides text
	whole      bool        // the word's text is what it stands for: no shell syntax in it
}

type pendingHeredoc struct {
	call   *Node
	tag    string
	strip  bool
	target string
}

func readShell(r *reading, root *Node) {
	s := &shell{reading: r, blocks: []*Node{root}}
	if strings.HasPrefix(r.src, "#!") {
		s.at = lineEnd(r.src, 0)
	}
	s.statements()
}

func (s *shell) body() *Node { return s.blocks[len(s.blocks)-1] }

// statements reads to the end of the text.
func (s *shell) statements() {
	var words []shellWord
	var target string
	src := s.src
	flush := func() *Node {
		var c *Node
		if len(words) > 0 {
			c = s.statement(words)
		}
		for i := range s.heredoc {
			if s.heredoc[i].call == nil {
				s.heredoc[i].call = c
				if s.heredoc[i].target == "" {
					s.heredoc[i].target = target
				}
			}
		}
		words, target = nil, ""
		return c
	}
	for s.at < len(src) {
		s.step()
		switch c := src[s.at]; {
		case c == '\\' && s.at+1 < len(src) && (src[s.at+1] == '\n' || src[s.at+1] == '\r'):
			s.at += 2
		case c == ' ' || c == '\t' || c == '\r':
			s.at++
		case c == '\n':
			flush()
			s.piped = nil
			s.at++
			s.heredocs()
		case c == '#':
			inside := len(words) > 0 && startsLine(src, s.at) // between the lines of one command
			s.comment()
			if inside && s.at < len(src) {
				s.at++
			}
		case c == ';' || c == '&':
			if c == '&' && s.at+1 < len(src) && src[s.at+1] == '>' { // &> file
				s.at++
				continue
			}
			flush()
			s.piped = nil
			s.at++
		case c == '|':
			call := flush()
			s.piped = nil
			s.at++
			if s.at < len(src) && src[s.at] == '|' {
				s.at++
			} else {
				s.piped = call
			}
		case c == '(' || c == ')':
			if c == '(' && len(words) == 1 && strings.HasPrefix(strings.TrimLeft(src[s.at+1:min(len(src), s.at+8)],
				" "), ")") {
				s.at += strings.IndexByte(src[s.at:], ')') + 1
				b := s.body().putBlock(words[0].text, words[0].start)
				words = nil
				if k := s.openBrace(); k > 0 && len(s.blocks) < maxNesting {
					s.at = k
					s.blocks = append(s.blocks, b)
				}
				continue
			}
			flush()
			s.at++
		case (c == '{' || c == '[') && len(words) == 0 && s.at+1 < len(src) && (src[s.at+1] == '"' ||
			src[s.at+1] == '{'):
			// What a program said, among the commands that made it.
			end := lineEnd(src, s.at)
			s.embed(s.body(), "json", "", src[s.at:end], shifted(s.at))
			s.at = end
		case c == '{' && (s.at+1 >= len(src) || isSpace(src[s.at+1])):
			s.at++
		case c == '}' && len(words) == 0:
			if len(s.blocks) > 1 {
				s.body().End = s.at + 1
				s.blocks = s.blocks[:len(s.blocks)-1]
			}
			s.at++
		case (c == '<' || c == '>') && !isParameterRef(src[s.at:]) || c >= '0' && c <= '9' && s.at+1 < len(src) && (src[s.at+1] == '>' ||
			src[s.at+1] == '<'):
			if c >= '0' && c <= '9' {
				s.at++
			}
			if t, w, ok := s.redirect(); ok {
				if t != "" {
					target = t
				}
				if w.end > w.start {
					words = append(words, w)
				}
			}
		default:
			before := s.at
			w := s.word()
			if s.at == before {
				s.at++
				continue
			}
			if w.text == "tee" {
				// tee FILE <<EOF: the file names what the document is.
				save := s.at
				for s.at < len(src) && (src[s.at] == ' ' || src[s.at] == '-') {
					s.step()
					s.at = nextBlankOr(src, s.at)
					for s.at < len(src) && src[s.at] == ' ' {
						s.at++
					}
					if s.at < len(src) && src[s.at] != '-' {
						break
					}
				}
				if s.at < len(src) && !isSpace(src[s.at]) && strings.IndexByte("<>|&;", src[s.at]) < 0 {
					target = s.word().text
				}
				s.at = save
			}
			words = append(words, w)
		}
	}
	flush()
	s.heredocs()
	for _, b := range s.blocks[1:] {
		b.End = len(src)
	}
}

func nextBlankOr(src string, i int) int {
	if src[i] == ' ' {
		return i
	}
	return nextBlank(src, i, len(src))
}

// openBrace finds the { that opens a function's body after its head.
func (s *shell) openBrace() int {
	k := s.at
	for k < len(s.src) && isSpace(s.src[k]) {
		k++
	}
	if k < len(s.src) && s.src[k] == '{' {
		return k + 1
	}
	return 0
}

// redirect reads < > << <<< and where they lead.
func (s *shell) redirect() (target string, here shellWord, ok bool) {
	src := s.src
	op := s.at
	for s.at < len(src) && strings.IndexByte("<>&|-", src[s.at]) >= 0 && s.at-op < 4 {
		if src[s.at] == '-' && !strings.HasSuffix(src[op:s.at], "<<") {
			break
		}
		s.at++
	}
	sign := src[op:s.at]
	if s.at < len(src) && src[s.at] == '(' { // process substitution
		return "", shellWord{}, true
	}
	for s.at < len(src) && (src[s.at] == ' ' || src[s.at] == '\t') {
		s.at++
	}
	if s.at >= len(src) || src[s.at] == '\n' {
		return "", shellWord{}, false
	}
	w := s.word()
	switch {
	case sign == "<<<":
		return "", w, true
	case strings.HasPrefix(sign, "<<"):
		if w.text != "" {
			s.heredoc = append(s.heredoc, pendingHeredoc{tag: w.text, strip: strings.HasSuffix(sign, "-")})
		}
	case strings.HasPrefix(sign, ">"):
		return w.text, shellWord{}, true
	}
	return "", shellWord{}, true
}

// heredocs reads the documents that the line before announced.
func (s *shell) heredocs() {
	for _, h := range s.heredoc {
		start := s.at
		end, next := len(s.src), len(s.src)
		for i := s.at; i < len(s.src); {
			s.step()
			e := lineEnd(s.src, i)
			line := strings.TrimRight(s.src[i:e], "\r")
			if strings.TrimLeft(line, "\t") == h.tag || strings.TrimSpace(line) == h.tag {
				end, next = i, min(e+1, len(s.src))
				break
			}
			i = e + 1
		}
		s.at = next
		if start >= end {
			continue
		}
		n := h.call
		if n == nil {
			n = s.body()
		}
		b := n.putBlock(h.target, start)
		b.End = end
		text, m := s.src[start:end], shifted(start)
		if indent := commonIndent(text); indent > 0 {
			text, m = dedent(text, indent, start)
		}
		lang := ""
		if h.target != "" {
			lang = langOfName(h.target)
		}
		if lang == "" && h.call != nil {
			lang = stdinLang(h.call)
		}
		if lang == "" {
			lang = sniff(text)
		}
		if !s.embed(b, lang, h.target, text, m) {
			s.lit(b, start, end, Multiline)
		}
	}
	s.heredoc = s.heredoc[:0]
}

// stdinLang says what a command reads from its standard input.
func stdinLang(c *Node) string {
	switch c.Name {
	case "bash", "sh", "zsh", "ssh", "su", "sudo":
		return "shell"
	case "kubectl", "oc", "helm":
		return "yaml"
	case "psql", "mysql", "sqlite3":
		return "sql"
	case "python", "python3":
		return "python"
	case "node":
		return "javascript"
	}
	return ""
}

// commonIndent is the least indentation of the lines that hold something.
func commonIndent(text string) int {
	least := -1
	for i := 0; i < len(text); {
		e := lineEnd(text, i)
		if c, blank := indentOf(text, i, e); !blank && (least < 0 || c < least) {
			least = c
		}
		i = e + 1
	}
	return max(least, 0)
}

// comment reads a comment: what was commented out, over the lines that a backslash continues.
func (s *shell) comment() {
	src := s.src
	var text strings.Builder
	var m offsets
	for {
		s.step()
		end := lineEnd(src, s.at)
		k := s.at
		for k < end && (src[k] == '#' || src[k] == ' ' || src[k] == '\t') {
			k++
		}
		m = append(m, seam{text.Len(), k})
		text.WriteString(src[k:end])
		text.WriteByte('\n')
		s.at = end
		if !strings.HasSuffix(strings.TrimRight(src[k:end], " \r"), "\\") {
			break
		}
		next, _ := trimLine(src, min(end+1, len(src)), lineEnd(src, min(end+1, len(src))))
		if next >= len(src) || src[next] != '#' {
			break
		}
		s.at = next
	}
	s.commented(s.body(), text.String(), m)
}

// commented hangs what a comment holds: a command line or prose.
func (r *reading) commented(n *Node, text string, m offsets) {
	if !strings.ContainsAny(text, "=:./") {
		return
	}
	lang := "prose"
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if k := nameEnd(first, 0); k > 0 && k < len(first) && first[k] == '=' || isCommandWord(first) &&
		strings.Contains(text, " -") || first == "export" {
		lang = "shell"
	}
	hold := &Node{}
	r.embed(hold, lang, "", text, m)
	flagAll(hold.Kids, InComment)
	for _, k := range hold.Kids {
		n.put(k)
	}
}

// isCommandWord says that a word at the start of a comment is likely a program's name.
func isCommandWord(w string) bool {
	if w == "" || w[0] >= 'A' && w[0] <= 'Z' {
		return false
	}
	for i := 0; i < len(w); i++ {
		if !isNameByte(w[i]) && strings.IndexByte("-./", w[i]) < 0 {
			return false
		}
	}
	return true
}

// word reads one word, with its quotes.
func (s *shell) word() shellWord {
	src := s.src
	w := shellWord{start: s.at}
	var text strings.Builder
	pieces, quotes := 0, 0
loop:
	for s.at < len(src) {
		s.step()
		c := src[s.at]
		switch {
		case c == '\\':
			if s.at+1 < len(src) && src[s.at+1] == '\n' {
				break loop
			}
			if s.at+1 < len(src) {
				text.WriteByte(src[s.at+1])
			}
			s.at += 2
			pieces++
		case c == '\'' || c == '"' || c == '`':
			end := s.closing(s.at)
			inner := src[s.at+1 : min(end, len(src))]
			switch {
			case c == '"':
				text.WriteString(s.plainText(s.at+1, min(end, len(src))))
			case c == '\'' && s.at > w.start && src[s.at-1] == '$': // $'…'
				t := strings.TrimSuffix(text.String(), "$")
				text.Reset()
				text.WriteString(t + decodeEscapes(inner))
			case c == '\'':
				text.WriteString(inner)
			}
			s.at = min(end+1, len(src))
			pieces++
			quotes++
		case c == '$' && s.at+1 < len(src) && (src[s.at+1] == '(' || src[s.at+1] == '{'):
			open, closer := src[s.at+1], byte(')')
			if open == '{' {
				closer = '}'
			}
			if e := matching(src, s.at+2, open, closer); e > 0 {
				s.at = e + 1
			} else {
				s.at += 2
			}
			pieces++
		case c == '$' && nameEnd(src, s.at+1) > s.at+1:
			s.at = nameEnd(src, s.at+1)
			pieces++
		case c == '{' && strings.HasPrefix(src[s.at:], "{{"):
			if e := strings.Index(src[s.at:min(len(src), s.at+512)], "}}"); e > 0 {
				s.at += e + 2
				pieces++
				continue
			}
			text.WriteByte(c)
			s.at++
		case c == '<' && isParameterRef(src[s.at:]) && strings.Contains(src[s.at:min(len(src), s.at+256)], ">>"):
			s.at += strings.Index(src[s.at:], ">>") + 2
			pieces++
		case c == '(' && s.at > w.start && src[s.at-1] == '=': // NAME=( … )
			s.at++
			w.list = s.array()
			break loop
		case isSpace(c) || strings.IndexByte(";&|<>()", c) >= 0:
			// <placeholder> and URLs with & are words to those who write documents.
			if c == '<' && s.at > w.start && placeholderEnd(src, s.at) > 0 {
				k := placeholderEnd(src, s.at)
				text.WriteString(src[s.at:k])
				s.at = k
				continue
			}
			break loop
		default:
			text.WriteByte(c)
			s.at++
			if pieces == 0 {
				pieces = 1
			} else if quotes > 0 {
				pieces++
			}
		}
	}
	s.at = min(s.at, len(src))
	w.end = s.at
	w.raw = src[w.start:w.end]
	w.text = text.String()
	w.quoted = quotes == 1 && len(w.raw) >= 2 && (w.raw[0] == '"' || w.raw[0] == '\'') && s.closing(w.start) == w.end-1
	return w
}

// placeholderEnd is the end of <word> at i, 0 where none stands.
func placeholderEnd(src string, i int) int {
	k := i + 1
	for k < len(src) && k-i < 64 && (isNameByte(src[k]) || src[k] == '-' || src[k] == ' ') {
		k++
	}
	if k > i+2 && k < len(src) && src[k] == '>' {
		return k + 1
	}
	return 0
}

// closing is the offset of the quote that closes the one at i, or of the text's end.
func (s *shell) closing(i int) int {
	src := s.src
	c := src[i]
	for k := i + 1; k < len(src); k++ {
		s.step()
		switch {
		case src[k] == '\\' && (c != '\'' || i > 0 && src[i-1] == '$'):
			k++
		case src[k] == c:
			return k
		case c == '"' && src[k] == '$' && k+1 < len(src) && src[k+1] == '(':
			if e := matching(src, k+2, '(', ')'); e > 0 {
				k = e
			}
		case c == '"' && src[k] == '$' && k+1 < len(src) && src[k+1] == '{':
			if e := matching(src, k+2, '{', '}'); e > 0 {
				k = e
			}
		}
	}
	// Never closed: the rest of the text is not its business.
	return lineEnd(src, i)
}

// plainText decodes the inside of double quotes, references left out.
func (s *shell) plainText(start, end int) string {
	raw := s.src[start:end]
	if !strings.ContainsAny(raw, "\\$`") {
		return raw
	}
	var b strings.Builder
	at := start
	for _, p := range s.references(start, end, s.style|refShell) {
		b.WriteString(s.src[at:p.start])
		at = p.end
	}
	b.WriteString(s.src[at:end])
	return unquoteDouble(b.String())
}

// unquoteDouble takes the backslashes that double quotes need.
func unquoteDouble(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch s[i+1] {
			case '"', '\\', '$', '`', '!':
				i++
			case '\n':
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// array reads the words of ( … ), comments aside.
func (s *shell) array() []shellWord {
	words := []shellWord{}
	for s.at < len(s.src) {
		s.step()
		switch c := s.src[s.at]; {
		case c == ')':
			s.at++
			return words
		case isSpace(c):
			s.at++
		case c == '#':
			s.at = lineEnd(s.src, s.at)
		default:
			before := s.at
			if w := s.word(); s.at > before {
				words = append(words, w)
			} else {
				s.at++
			}
		}
	}
	return words
}

// hang hangs the value of a word from an offset of its raw text on.
func (s *shell) hang(n *Node, w shellWord, from int) {
	if w.whole || len(w.nodes) > 0 {
		if len(w.nodes) == 0 {
			s.value(n, w.start+from, w.end, Quoted, refSettings, nil)
		}
		for _, k := range w.nodes {
			n.put(k)
		}
		return
	}
	s.shellValue(n, w.start+from, w.end)
}

// shellValue hangs what src[start:end] stands for: one quoted text, or pieces put together.
func (s *shell) shellValue(n *Node, start, end int) {
	src := s.src
	if start >= end {
		return
	}
	q := start
	if src[q] == '$' && q+1 < end && src[q+1] == '\'' {
		q++
	}
	switch c := src[q]; {
	case (c == '"' || c == '\'') && s.closing(q) == end-1:
		s.quotedValue(n, q+1, end-1, c, q > start)
		return
	case !strings.ContainsAny(src[start:end], `"'\`):
		s.value(n, start, end, 0, s.style|refShell, nil)
		return
	}
	// Several pieces: one Literal of them all, and their references.
	var text strings.Builder
	var refs Node
	for i := start; i < end; {
		s.step()
		switch c := src[i]; {
		case c == '\'' || c == '"':
			k := min(s.closing(i), end)
			if c == '\'' {
				text.WriteString(src[i+1 : k])
			} else {
				text.WriteString(s.plainText(i+1, k))
				s.value(&refs, i+1, k, Quoted, s.style|refShell, nil)
			}
			i = k + 1
		case c == '\\' && i+1 < end:
			text.WriteByte(src[i+1])
			i += 2
		default:
			k := i
			if src[k] == '\\' { // the word's last byte: C:\flags\
				k++
			}
			for k < end && src[k] != '\'' && src[k] != '"' && src[k] != '\\' {
				s.step()
				if src[k] == '$' && k+1 < end && (src[k+1] == '(' || src[k+1] == '{') {
					closer := byte(')')
					if src[k+1] == '{' {
						closer = '}'
					}
					if e := matching(src[:end], k+2, src[k+1], closer); e > 0 {
						k = e
					}
				}
				k++
			}
			at := i
			for _, p := range s.references(i, k, s.style|refShell) {
				text.WriteString(src[at:p.start])
				at = p.end
			}
			text.WriteString(src[min(at, k):k])
			s.value(&refs, i, k, 0, s.style|refShell, nil)
			i = k
		}
	}
	flags := Quoted
	var kept []*Node
	for _, k := range refs.Kids {
		if k.Kind == Literal && k.Flags&Default == 0 {
			continue
		}
		flags |= Template
		kept = append(kept, k)
	}
	if text.Len() > 0 {
		n.putLit(text.String(), start, end, flags)
	}
	for _, k := range kept {
		n.put(k)
	}
}

// quotedValue hangs the inside of one pair of quotes.
func (s *shell) quotedValue(n *Node, start, end int, quote byte, ansi bool) {
	flags := Quoted
	if strings.IndexByte(s.src[start:end], '\n') >= 0 {
		flags |= Multiline
	}
	switch {
	case ansi:
		s.value(n, start, end, flags, 0, decodeEscapes)
	case quote == '\'':
		s.value(n, start, end, flags, refTwig, nil)
	default:
		s.value(n, start, end, flags, s.style|refShell, unquoteDouble)
	}
}
