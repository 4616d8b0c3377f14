package syntax

import "strings"

// statement reads the words of one command and hangs what they are: assignments, a declaration, a call.
func (s *shell) statement(words []shellWord) *Node {
	n := s.body()
	for len(words) > 0 && isShellKeyword(words[0].raw) {
		s.step()
		if words[0].raw == "for" || words[0].raw == "foreach" {
			return s.loop(n, words[1:])
		}
		if words[0].raw == "function" && len(words) > 1 {
			b := n.putBlock(words[1].text, words[1].start)
			if len(s.blocks) < maxNesting {
				s.blocks = append(s.blocks, b)
			}
			return nil
		}
		if words[0].raw == "end" && len(s.blocks) > 1 {
			s.blocks = s.blocks[:len(s.blocks)-1]
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	if strings.HasPrefix(words[0].raw, "$") && (words[0].raw == "$" || words[0].raw == "$>") { // a prompt
		words = words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	return s.command(n, words)
}

func isShellKeyword(w string) bool {
	switch w {
	case "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "case", "esac", "in", "for", "foreach",
		"function",
		"!", "{", "}", "[[", "time", "end", "begin":
		return true
	}
	return false
}

// loop reads for NAME in WORDS.
func (s *shell) loop(n *Node, words []shellWord) *Node {
	if len(words) < 3 || words[1].raw != "in" {
		return nil
	}
	b := n.putBind(words[0].text, words[0].start)
	l := b.putGroup(List, words[2].start)
	for _, w := range words[2:] {
		s.hang(l.putNext(Element, w.start), w, 0)
	}
	return nil
}

// assignment says where in a word NAME= ends, 0 where it is none. NAME[x]= and NAME+= count.
func assignment(raw string) (name string, value int) {
	k := nameEnd(raw, 0)
	if k == 0 || k >= len(raw) {
		return "", 0
	}
	name = raw[:k]
	if raw[k] == '[' {
		e := strings.IndexByte(raw[k:], ']')
		if e < 0 {
			return "", 0
		}
		k += e + 1
	}
	if k < len(raw) && raw[k] == '+' {
		k++
	}
	if k >= len(raw) || raw[k] != '=' || strings.HasPrefix(raw[k:], "==") || strings.HasPrefix(raw[k:], "=~") {
		return "", 0
	}
	return name, k + 1
}

// assign hangs NAME=value under n.
func (s *shell) assign(n *Node, w shellWord, name string, value int) *Node {
	b := n.putBind(name, w.start+strings.Index(w.raw, name))
	b.Flags |= Env
	b.Start, b.End = w.start, w.end
	switch {
	case len(w.list) > 0 && strings.HasPrefix(w.list[0].raw, "-"):
		s.command(b, append([]shellWord{{start: w.start, end: w.start}}, w.list...))
	case w.list != nil:
		l := b.putGroup(List, w.start)
		for _, e := range w.list {
			el := l.putNext(Element, e.start)
			if name, v := assignment(e.raw); v > 0 {
				s.assign(el, e, name, v)
				continue
			}
			s.hang(el, e, 0)
		}
	default:
		s.hang(b, w, value)
		s.optionsIn(b)
	}
	return b
}

// optionsIn reads an assigned text that holds options or a header: JAVA_OPTS="-Dx=y", AUTH="Authorization: x".
func (s *shell) optionsIn(b *Node) {
	if len(b.Kids) == 0 || b.Kids[0].Kind != Literal || s.depth >= maxEmbedding {
		return
	}
	l := b.Kids[0]
	raw := s.src[l.Start:l.End]
	if s.headerIn(b, l) || len(raw) < 4 || raw[0] != '-' || strings.IndexByte(raw, '=') < 0 && strings.IndexByte(raw,
		' ') < 0 {
		return
	}
	// The words end where the literal does: its closing quote opens nothing.
	inner := *s.reading
	inner.src = s.src[:l.End]
	in := &shell{reading: &inner, at: l.Start}
	var words []shellWord
	for in.at < l.End {
		s.step()
		if isSpace(s.src[in.at]) {
			in.at++
			continue
		}
		before := in.at
		w := in.word()
		if in.at == before {
			return
		}
		words = append(words, w)
	}
	b.Kids = nil
	s.depth++
	in.command(b, append([]shellWord{{start: l.Start, end: l.Start}}, words...))
	s.depth--
}

// headerIn puts a literal "Name: value" under a Bind of the header's name.
func (r *reading) headerIn(n, l *Node) bool {
	raw := r.src[l.Start:l.End]
	k := headerName(raw)
	if k == 0 {
		return false
	}
	v := l.Start + k + 1
	for v < l.End && r.src[v] == ' ' {
		v++
	}
	b := &Node{Kind: Bind, Name: raw[:k], NameStart: l.Start, Start: l.Start, End: l.End, Parent: n,
		Flags: l.Flags & InComment}
	if v < l.End {
		flags := l.Flags
		text := l.Text
		if i := strings.IndexByte(text, ':'); i >= 0 {
			text = strings.TrimLeft(text[i+1:], " ")
		}
		if text != "" {
			b.putLit(text, v, l.End, flags)
		}
	}
	// The references that follow the literal belong to the value.
	var rest []*Node
	for i, k := range n.Kids {
		if k == l {
			for _, f := range n.Kids[i+1:] {
				b.put(f)
			}
			rest = append(n.Kids[:i:i], b)
			break
		}
	}
	if rest == nil {
		return false
	}
	n.Kids = rest
	return true
}

// headerName is the length of the header name that a text begins with, before its colon; 0 where it is none.
func headerName(s string) int {
	k := 0
	for k < len(s) && k < 64 && (isNameByte(s[k]) && s[k] != '_' || s[k] == '-') {
		k++
	}
	if k < 2 || k+1 >= len(s) || s[k] != ':' || s[k+1] != ' ' && !strings.EqualFold(s[:k], "authorization") ||
		!isNameStart(s[0]) {
		return 0
	}
	return k
}

// command hangs a command line: assignments in front, the name, the options and words.
func (s *shell) command(n *Node, words []shellWord) *Node {
	i := 0
	type prefix struct {
		name  string
		value int
	}
	var front []prefix
	for i < len(words) && !words[i].whole {
		name, v := assignment(words[i].raw)
		if v == 0 {
			break
		}
		front = append(front, prefix{name, v})
		i++
	}
	if i == len(words) {
		for k, f := range front {
			s.assign(n, words[k], f.name, f.value)
		}
		return nil
	}
	head := words[i]
	switch head.text {
	case "export", "declare", "local", "readonly", "typeset":
		for _, w := range words[i+1:] {
			if name, v := assignment(w.raw); v > 0 {
				b := s.assign(n, w, name, v)
				if head.text == "export" {
					b.Flags |= Exported
				}
			}
		}
		return nil
	case "set", "setenv", "setx", "alias":
		if k := i + 1; head.text != "alias" {
			for k < len(words) && strings.HasPrefix(words[k].raw, "-") {
				k++
			}
			if k+1 < len(words) && nameEnd(words[k].raw, 0) == len(words[k].raw) && (k > i+1 || head.text != "set") {
				b := n.putBind(words[k].text, words[k].start)
				b.Flags |= Env
				for _, w := range words[k+1:] {
					s.hang(b, w, 0)
				}
				return nil
			}
		}
	}
	// $env.NAME = value of Nushell.
	if name, is := strings.CutPrefix(head.raw, "$env."); is && isShellName(name) && i+2 < len(words) &&
		words[i+1].raw == "=" {
		b := n.putBind(name, head.start+len("$env."))
		b.Flags |= Env
		for _, w := range words[i+2:] {
			s.hang(b, w, 0)
		}
		return nil
	}
	c := n.putCall(head.text, head.start)
	c.End = words[len(words)-1].end
	for k, f := range front {
		s.assign(c, words[k], f.name, f.value)
	}
	if head.text == "" && len(head.nodes) == 0 && head.end > head.start {
		s.hang(c.putNext(Arg, head.start), head, 0)
	}
	s.options(c, words[i+1:])
	s.namedSetting(c)
	return c
}

// options hangs the words after a command's name.
func (s *shell) options(c *Node, words []shellWord) {
	cmd := c.Name
	if k := strings.LastIndexByte(cmd, '/'); k >= 0 {
		cmd = cmd[k+1:]
	}
	for i := 0; i < len(words); i++ {
		s.step()
		w := words[i]
		t := w.text
		if t == "--" || t == "" && len(w.nodes) == 0 && w.end == w.start {
			continue
		}
		if len(t) > 1 && (t[0] == '-' || t[0] == '/' && isWindowsOption(t)) && !isSpace(t[1]) {
			i += s.option(c, cmd, w, words[i+1:])
			continue
		}
		if (cmd == "sudo" || cmd == "env" || cmd == "exec" || cmd == "nohup") && isCommandWord(t) &&
			assignmentEnd(w) == 0 {
			// The command proper.
			s.command(c, words[i:])
			return
		}
		s.positional(c, cmd, w)
	}
}

func assignmentEnd(w shellWord) int {
	_, v := assignment(w.raw)
	return v
}

// isWindowsOption tells /p:Name=value from a path.
func isWindowsOption(t string) bool {
	k := strings.IndexByte(t, ':')
	return k > 0 && k < 24 && strings.IndexByte(t[1:k], '/') < 0 && strings.IndexByte(t, '=') > k
}

// positional hangs a word that is no option.
func (s *shell) positional(c *Node, cmd string, w shellWord) {
	if !strings.HasPrefix(w.raw, "http") && s.settingWord(c, w, 0, false) {
		return
	}
	if cmd == "http" || cmd == "https" || cmd == "xh" || cmd == "httpie" { // Name:value
		if k := headerName(w.text); k > 0 || colonWord(w.raw) > 0 {
			k = colonWord(w.raw)
			if k > 0 && !w.quoted {
				b := c.putBind(w.raw[:k], w.start)
				b.End = w.end
				s.hang(b, w, k+1)
				return
			}
		}
	}
	a := c.putNext(Arg, w.start)
	a.End = w.end
	s.hang(a, w, 0)
	s.inside(a, cmd, "")
}

// colonWord is where the colon of httpie's Name:value stands, 0 where there is none.
func colonWord(raw string) int {
	k := 0
	for k < len(raw) && (isNameByte(raw[k]) || raw[k] == '-') {
		k++
	}
	if k > 1 && k+1 < len(raw) && raw[k] == ':' && raw[k+1] != '/' && raw[k+1] != '=' && raw[0] >= 'A' &&
		raw[0] <= 'Z' {
		return k
	}
	return 0
}

// settingWord hangs the part of a word from an offset on as NAME=value, if that is what it is. Names may be dotted.
func (s *shell) settingWord(c *Node, w shellWord, from int, env bool) bool {
	raw := w.raw
	if from > len(raw) {
		return false
	}
	start := from
	quote := byte(0)
	if start < len(raw) && (raw[start] == '"' || raw[start] == '\'') && !w.whole { // "NAME=value"
		quote = raw[start]
		start++
	}
	k := start
	for k < len(raw) && (isNameByte(raw[k]) || k > start && strings.IndexByte(".-:/[]", raw[k]) >= 0) {
		k++
	}
	if k == start || k >= len(raw) || raw[k] != '=' || !isNameStart(raw[start]) || k+1 < len(raw) && raw[k+1] == '=' ||
		strings.Contains(raw[start:k], "//") {
		return false
	}
	if !env && k-start >= 16 && strings.Trim(raw[k:], "=") == "" && !isUpperName(raw[start:k]) {
		return false // Base64 that ends in =
	}
	if !env && raw[k-1] == ':' { // httpie's name:=json
		k--
	}
	name := raw[start:k]
	if raw[k] == ':' {
		k++
	}
	b := c.putBind(name, w.start+start)
	b.End = w.end
	if env || isUpperName(name) {
		b.Flags |= Env
	}
	end := w.end
	if quote != 0 && raw[len(raw)-1] == quote && s.closing(w.start+from) == w.end-1 {
		end--
		v := w.start + k + 1
		if end-v >= 2 && (s.src[v] == '\'' || s.src[v] == '"') && s.src[end-1] == s.src[v] { // "NAME='value'"
			v, end = v+1, end-1
		} else if end-v >= 4 && s.src[v] == '\\' && (s.src[v+1] == '"' || s.src[v+1] == '\'') && s.src[end-2] == '\\' {
			v, end = v+2, end-2
		}
		s.quotedValue(b, v, end, quote, false)
		s.optionsIn(b)
		return true
	}
	s.hang(b, w, k+1)
	s.optionsIn(b)
	return true
}

// option reads an option, and says how many of the following words are its value.
func (s *shell) option(c *Node, cmd string, w shellWord, next []shellWord) int {
	t := w.text
	name, attached := t, -1
	if k := strings.IndexByte(t, '='); k > 0 {
		name, attached = t[:k], k+1
	}
	// -Dname=value, -Pname=value, /p:Name=value, -p:Name=value, -ldflags-like -Xname=value
	if len(t) > 3 && t[0] != '/' && t[1] != '-' && attached > 0 && (t[1] >= 'A' && t[1] <= 'Z' || t[1] == 'e') &&
		isNameStart(t[2]) && !isLongOption(name) {
		if s.settingWord(c, w, 2+quoteShift(w), t[1] == 'e') {
			return 0
		}
	}
	if k := strings.IndexByte(t, ':'); k > 0 && attached > k && (t[0] == '/' || strings.HasPrefix(t, "-p:")) {
		if s.settingWord(c, w, k+1, false) {
			return 0
		}
	}
	if len(t) > 4 && t[0] == '-' && t[1] == 'H' && headerName(t[2:]) > 0 { // -HAuthorization: x
		a := c.putBind("-H", w.start)
		s.hang(a, w, 2+quoteShift(w))
		s.inside(a, cmd, "-H")
		return 0
	}
	if attached > 0 {
		v := strings.IndexByte(w.raw, '=') + 1
		if v == 0 {
			return 0
		}
		if isEnvOption(name) && s.settingWord(c, w, v, true) || isSetOption(name) && s.setList(c, w, v) {
			return 0
		}
		b := c.putBind(name, w.start)
		b.End = w.end
		end := w.end
		if !w.whole && len(w.raw) > 1 && (w.raw[0] == '"' || w.raw[0] == '\'') && w.quoted { // "--name=value"
			s.quotedValue(b, w.start+v, end-1, w.raw[0], false)
		} else {
			s.hang(b, w, v)
		}
		s.inside(b, cmd, name)
		return 0
	}
	if isEnvOption(name) && len(next) > 0 && (name != "-e" || cmd != "curl" && cmd != "grep" && cmd != "sed") {
		if s.settingWord(c, next[0], 0, true) {
			return 1
		}
		if next[0].raw != "" && isShellName(next[0].raw) && isUpperName(next[0].raw) { // passed on
			b := c.putBind(next[0].raw, next[0].start)
			b.Flags |= Env
			b.putRef(next[0].raw, next[0].start)
			return 1
		}
	}
	if (isSetOption(name) || name == "-D" || name == "-P") && len(next) > 0 && s.setList(c, next[0], 0) {
		return 1
	}
	if len(next) == 0 || takesNone(cmd, name) || len(next[0].text) > 1 && next[0].text[0] == '-' &&
		!isSpace(next[0].text[1]) {
		a := c.putNext(Arg, w.start)
		a.End = w.end
		s.hang(a, w, 0)
		return 0
	}
	b := c.putBind(name, w.start)
	b.End = next[0].end
	s.hang(b, next[0], 0)
	s.inside(b, cmd, name)
	taken := 1
	// Lists of settings: --parameter-overrides A=b C=d.
	if name == "--parameter-overrides" || name == "--set-env-vars" || name == "--settings" || name == "--env-vars" {
		b.Kids = nil
		taken = 0
		for taken < len(next) && s.setList(b, next[taken], 0) {
			taken++
		}
		if taken == 0 {
			s.hang(b, next[0], 0)
			taken = 1
		}
	}
	return taken
}

func quoteShift(w shellWord) int {
	if !w.whole && w.raw != "" && (w.raw[0] == '"' || w.raw[0] == '\'') {
		return 1
	}
	return 0
}

// isLongOption tells -backend-config=x and its like from -Dname=value.
func isLongOption(name string) bool {
	return name == "-var" || name == "-e" || strings.HasPrefix(name, "-X") && len(name) == 2
}

func isEnvOption(name string) bool {
	switch name {
	case "-e", "--env", "--build-arg", "--dart-define", "--from-literal", "--secret-env", "--env-add", "--define", "-E",
		"--environment", "--env-var", "--set-env", "--setenv", "--envvar", "--build-env":
		return true
	}
	return false
}

func isSetOption(name string) bool {
	switch name {
	case "--set", "--set-string", "--set-literal", "-var", "--var", "--extra-vars", "--set-env-vars",
		"--update-env-vars",
		"--parameters", "--param", "-p", "--set-json", "--parameter-overrides", "--env-vars", "--variables",
		"--config-env",
		"--update-secrets", "--secret", "--setting", "-D", "-P", "--system-property", "--settings", "--property",
		"--args":
		return true
	}
	return false
}

// setList reads a=b,c=d from an offset of a word on.
func (s *shell) setList(c *Node, w shellWord, from int) bool {
	raw := w.raw
	inner := from
	if inner < len(raw) && (raw[inner] == '"' || raw[inner] == '\'') {
		inner++
	}
	if k := strings.IndexByte(raw[min(inner, len(raw)):], ','); k < 0 || strings.Count(raw, "=") < 2 {
		return s.settingWord(c, w, from, false)
	}
	// Commas stand between settings only where NAME= follows them.
	src := s.src
	end := w.end
	if inner > from {
		end--
	}
	starts := []int{w.start + inner}
	for k := w.start + inner; k < end; k++ {
		if src[k] != ',' || src[k-1] == '\\' {
			continue
		}
		e := k + 1
		for e < end && (isNameByte(src[e]) || strings.IndexByte(".-[]", src[e]) >= 0) {
			e++
		}
		if e > k+1 && e < end && src[e] == '=' {
			starts = append(starts, k+1)
		}
	}
	found := false
	for i, at := range starts {
		stop := end
		if i+1 < len(starts) {
			stop = starts[i+1] - 1
		}
		k := at
		for k < stop && (isNameByte(src[k]) || strings.IndexByte(".-[]", src[k]) >= 0) {
			k++
		}
		if k == at || k >= stop || src[k] != '=' {
			continue
		}
		b := c.putBind(src[at:k], at)
		b.End = stop
		if isUpperName(src[at:k]) {
			b.Flags |= Env
		}
		s.shellValue(b, k+1, stop)
		found = true
	}
	return found
}

// takesNone says that an option stands alone, as far as that is known.
func takesNone(cmd, name string) bool {
	switch name {
	case "--help", "--version", "--verbose", "--quiet", "--force", "--yes", "-y", "--dry-run", "--debug", "--watch",
		"--json",
		"--recursive", "--all", "--rm", "--init", "--detach", "--silent", "--show-error", "--insecure", "--location",
		"--fail",
		"--include", "--compressed", "--get", "--head", "--fail-with-body", "--no-progress-meter", "--remote-name",
		"-it", "-ti",
		"--interactive", "--tty", "--privileged", "--no-cache", "--pull", "--push", "--load", "--overwrite", "--global",
		"-sS",
		"--show-headers", "--no-verify", "--production", "--build", "-jar", "--insecure-skip-tls-verify", "--install",
		"--atomic", "--wait":
		return true
	}
	if len(name) < 2 || name[1] == '-' {
		return strings.HasPrefix(name, "--no-")
	}
	last := name[len(name)-1]
	switch cmd {
	case "curl":
		return strings.IndexByte("HdXuboAeTFxmEUyYzcDKQrtwC", last) < 0
	case "wget":
		return strings.IndexByte("OoaeUtTPiQlDIXR-", last) < 0
	case "docker", "podman", "nerdctl":
		return name == "-d" || name == "-i" || name == "-t" || name == "-P" || name == "-q"
	case "kubectl", "oc":
		return name == "-i" || name == "-t"
	case "bash", "sh", "zsh":
		return last != 'c'
	case "npm", "pnpm", "yarn":
		return name == "-g" || name == "-D" || name == "-w"
	case "http", "https", "xh":
		return strings.IndexByte("bhvIFf", last) >= 0
	case "echo", "printf", "mkdir", "rm", "cp", "ls", "test", "[", "set":
		return true
	}
	return false
}

// inside reads what the value of an option or a word holds in turn: a header, JSON, a script.
func (s *shell) inside(n *Node, cmd, option string) {
	if len(n.Kids) == 0 || n.Kids[0].Kind != Literal || s.depth >= maxEmbedding {
		return
	}
	l := n.Kids[0]
	if s.headerIn(n, l) {
		return
	}
	lang := ""
	t := strings.TrimSpace(l.Text)
	switch {
	case option == "-c" && (cmd == "bash" || cmd == "sh" || cmd == "zsh" || cmd == "su" || cmd == "dash"):
		lang = "shell"
	case option == "-c" && (cmd == "psql" || cmd == "mysql"), option == "-e" && (cmd == "mysql"),
		option == "--command" && cmd == "psql":
		lang = "sql"
	case option == "-c" && strings.HasPrefix(cmd, "python"):
		lang = "python"
	case option == "-e" && (cmd == "node" || cmd == "bun"), option == "--eval":
		lang = "javascript"
	case option == "-e" && (cmd == "ruby"):
		lang = "ruby"
	case len(t) > 6 && (t[0] == '{' || t[0] == '[') && strings.IndexByte(t, '"') > 0 && strings.IndexByte(t, ':') > 0:
		lang = "json"
	case cmd == "bash" || cmd == "ssh" || cmd == "eval" || cmd == "watch" || cmd == "su" || cmd == "concurrently":
		if strings.IndexByte(t, ' ') > 0 {
			lang = "shell"
		}
	case option == "-ldflags" || strings.HasSuffix(option, "Arguments") || strings.HasSuffix(option, "-args") ||
		strings.HasSuffix(option, "-opts"):
		if strings.HasPrefix(t, "-") {
			s.optionsIn(n)
			return
		}
	case option == "" && strings.HasPrefix(t, "-D") && strings.IndexByte(t, '=') > 0:
		s.optionsIn(n)
		return
	}
	if lang != "" {
		s.replace(n, l, lang, "")
	}
}

// namedSetting finds the name that a command sets: gh secret set NAME --body v, dotnet user-secrets set NAME v,
// aws ssm put-parameter --name NAME --value v. The value goes under a Bind of the name.
func (s *shell) namedSetting(c *Node) {
	var name *Node
	var value *Node
	verb := false
	for _, k := range c.Kids {
		if len(k.Kids) == 0 || k.Kids[0].Kind != Literal {
			continue
		}
		l := k.Kids[0]
		switch {
		case k.Kind == Bind && (k.Name == "--name" || k.Name == "--key" || k.Name == "--secret-id" ||
			k.Name == "--secret-name"):
			name = l
		case k.Kind == Bind && (k.Name == "--value" || k.Name == "--secret-string" || k.Name == "--body" ||
			k.Name == "-b" ||
			k.Name == "--secret" || k.Name == "--plaintext" || k.Name == "-v" && verb):
			value = k
		case k.Kind == Arg && isSettingVerb(l.Text):
			verb = true
		case k.Kind == Arg && verb && name == nil && isSettingName(l.Text):
			name = l
		case k.Kind == Arg && verb && name != nil && value == nil && l.Start > name.Start && len(l.Text) > 3:
			value = k
		}
	}
	if name == nil || name.Text == "" {
		return
	}
	if value == nil {
		p := s.piped
		if !verb || p == nil || p.Name != "echo" && p.Name != "printf" && p.Name != "print" {
			return
		}
		for _, k := range p.Kids {
			if k.Kind == Arg && len(k.Kids) > 0 && !strings.Contains(k.Kids[0].Text, "%") &&
				!strings.HasPrefix(k.Kids[0].Text, "-") {
				value = k
			}
		}
		if value == nil {
			return
		}
	}
	b := &Node{Kind: Bind, Flags: Env, Name: name.Text, NameStart: name.Start, Start: value.Start, End: value.End,
		Parent: value, Kids: value.Kids}
	for _, k := range b.Kids {
		k.Parent = b
	}
	value.Kids = []*Node{b}
}

func isSettingVerb(w string) bool {
	switch w {
	case "set", "put", "add", "create", "config:set", "env:set", "secret:create", "put-parameter", "setenv", "update",
		"env:add", "variables:set", "secrets:set", "create-secret", "functions:config:set":
		return true
	}
	return false
}

// isSettingName says that a word names a setting: upper case with an underscore, or a path with colons or dots.
func isSettingName(w string) bool {
	if len(w) < 3 || len(w) > 128 || !isNameStart(w[0]) {
		return false
	}
	marks := false
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case c == '_' || c == ':' || c == '.' || c == '-' || c == '/':
			marks = true
		case !isNameByte(c):
			return false
		}
	}
	return marks
}
