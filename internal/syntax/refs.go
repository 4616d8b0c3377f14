package syntax

import "strings"

// A refStyle says which spellings of references a format has. Some are so unmistakable that all have them.
type refStyle uint8

const (
	refDollar  refStyle = 1 << iota // $NAME
	refBrace                        // ${NAME}, ${NAME:-default}, ${name:default}
	refParen                        // $(NAME): make, Azure, Kubernetes, property lists; in shells it is a command
	refPercent                      // %NAME%
	refTwig                         // {{ x }}, ${{ x }}, {% x %}, <%= x %>
	refAt                           // @NAME@, @@NAME@@
	refCommand                      // $(command), `command`
)

const (
	refSettings = refBrace | refParen | refPercent | refTwig | refAt
	refShell    = refDollar | refBrace | refCommand | refTwig
)

// A refPiece is a reference in a text: src[start:end], what it reads, and the texts that stand in for it.
type refPiece struct {
	start, end int
	refs       []span // named places
	defaults   []span
	command    span // of a command substitution
}

type span struct {
	start, end int
	name       string // where it is not the text itself
}

// value hangs what the text src[start:end] holds: a Literal, or the Refs in it with a Literal of what stands around
// them and the Literals of their defaults. The text of a Literal without references is decoded by decode.
func (r *reading) value(n *Node, start, end int, flags Flags, style refStyle, decode func(string) string) {
	text := r.src[start:end]
	if !strings.ContainsAny(text, "$%{@<`#") {
		r.leaf(n, start, end, flags, decode)
		return
	}
	pieces := r.references(start, end, style)
	if len(pieces) == 0 {
		r.leaf(n, start, end, flags, decode)
		return
	}
	var around strings.Builder
	at := start
	for _, p := range pieces {
		around.WriteString(r.src[at:p.start])
		at = p.end
	}
	around.WriteString(r.src[at:end])
	if rest := around.String(); strings.TrimSpace(rest) != "" || flags&Quoted != 0 && rest != "" {
		if decode != nil {
			rest = decode(rest)
		}
		n.putLit(rest, start, end, flags|Template)
	}
	for _, p := range pieces {
		if p.command.end > p.command.start {
			r.embed(n, "shell", "", r.src[p.command.start:p.command.end], shifted(p.command.start))
			continue
		}
		for _, s := range p.refs {
			name := s.name
			if name == "" {
				name = r.src[s.start:s.end]
			}
			ref := n.putRef(name, s.start)
			ref.End = s.end
		}
		for _, s := range p.defaults {
			to := n
			if style&refCommand != 0 && len(p.refs) == 1 && r.src[s.start-1] == '=' { // ${NAME:=value} sets the name too
				to = n.putBind(r.src[p.refs[0].start:p.refs[0].end], p.refs[0].start)
			}
			r.defaultValue(to, s.start, s.end, style)
		}
	}
}

func (r *reading) leaf(n *Node, start, end int, flags Flags, decode func(string) string) {
	if start == end && flags&Quoted == 0 {
		return
	}
	text := r.src[start:end]
	if decode != nil {
		text = decode(text)
	}
	n.putLit(text, start, end, flags)
}

// defaultValue hangs what stands in for a reference: maybe another reference.
func (r *reading) defaultValue(n *Node, start, end int, style refStyle) {
	for start < end && isSpace(r.src[start]) {
		start++
	}
	for start < end && isSpace(r.src[end-1]) {
		end--
	}
	flags := Default
	if end-start >= 2 && (r.src[start] == '"' || r.src[start] == '\'') && r.src[end-1] == r.src[start] {
		start, end, flags = start+1, end-1, Default|Quoted
	}
	if start >= end || r.depth >= maxEmbedding {
		return
	}
	r.depth++ // defaults in defaults are bounded as texts in texts are
	r.value(n, start, end, flags, style, nil)
	r.depth--
}

// references finds the references in src[start:end], outermost ones only, in order.
func (r *reading) references(start, end int, style refStyle) []refPiece {
	var res []refPiece
	src := r.src[:end]
	for i := start; i < end; {
		r.step()
		var p refPiece
		switch src[i] {
		case '\\':
			if style&refCommand != 0 {
				i++
			}
		case '$':
			p = dollarRef(src, i, style)
		case '%':
			if style&refPercent != 0 {
				p = percentRef(src, i)
			}
		case '{':
			if style&refTwig != 0 && strings.HasPrefix(src[i:], "{{") {
				p = twigRef(src, i, i+2, "}}")
			} else if style&refTwig != 0 && strings.HasPrefix(src[i:], "{%") {
				p = twigRef(src, i, i+2, "%}")
			}
		case '<':
			if style&refTwig != 0 && strings.HasPrefix(src[i:], "<%=") {
				p = twigRef(src, i, i+3, "%>")
			} else if style&refTwig != 0 && isParameterRef(src[i:]) {
				p = twigRef(src, i, i+2, ">>")
			}
		case '@':
			if style&refAt != 0 {
				p = atRef(src, i)
			}
		case '#':
			if style&refTwig != 0 && strings.HasPrefix(src[i:], "#{") {
				p = hashRef(src, i)
			}
		case '`':
			if style&refCommand != 0 {
				if k := strings.IndexByte(src[i+1:], '`'); k > 0 {
					p = refPiece{start: i, end: i + k + 2, command: span{start: i + 1, end: i + 1 + k}}
				}
			}
		}
		if p.end > i {
			res = append(res, p)
			i = p.end
			continue
		}
		i++
	}
	return res
}

// isParameterRef reports whether a text begins with a parameter as CircleCI writes it: << parameters.x >>.
func isParameterRef(s string) bool {
	if !strings.HasPrefix(s, "<<") {
		return false
	}
	s = strings.TrimLeft(s[2:min(len(s), 8)], " ") + s[min(len(s), 8):]
	return strings.HasPrefix(s, "parameters.") || strings.HasPrefix(s, "pipeline.parameters.") || strings.HasPrefix(s, "matrix.")
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

func isNameByte(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' }

// nameEnd is where the identifier at i ends; i where none begins.
func nameEnd(src string, i int) int {
	if i >= len(src) || !isNameStart(src[i]) {
		return i
	}
	for i < len(src) && isNameByte(src[i]) {
		i++
	}
	return i
}

// maxBracket bounds the search for the bracket that closes another, so that brackets that nothing closes cost little.
const maxBracket = 1024

// matching finds the closer of the bracket that opened before i, bounded; -1 where there is none.
func matching(src string, i int, open, closer byte) int {
	depth := 1
	for limit := min(len(src), i+maxBracket); i < limit; i++ {
		switch src[i] {
		case '\\':
			i++
		case open:
			depth++
		case closer:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func dollarRef(src string, i int, style refStyle) refPiece {
	if i+1 >= len(src) {
		return refPiece{}
	}
	switch c := src[i+1]; {
	case c == '{' && strings.HasPrefix(src[i:], "${{"):
		if style&refTwig == 0 {
			return refPiece{}
		}
		return twigRef(src, i, i+3, "}}")
	case c == '[' && style&refTwig != 0 && strings.HasPrefix(src[i:], "$[["): // GitLab's inputs
		return twigRef(src, i, i+3, "]]")
	case c == '{' && style&refBrace != 0:
		end := matching(src, i+2, '{', '}')
		if end < 0 {
			return refPiece{}
		}
		return braceRef(src, i, i+2, end, style)
	case c == '(' && style&refCommand != 0:
		end := matching(src, i+2, '(', ')')
		if end < 0 {
			return refPiece{}
		}
		return refPiece{start: i, end: end + 1, command: span{start: i + 2, end: end}}
	case c == '(' && style&refParen != 0:
		end := matching(src, i+2, '(', ')')
		if end < 0 || end == i+2 || strings.ContainsAny(src[i+2:end], " \n\"'") {
			return refPiece{}
		}
		return refPiece{start: i, end: end + 1, refs: []span{{start: i + 2, end: end}}}
	case style&refDollar != 0:
		if end := nameEnd(src, i+1); end > i+1 {
			if end < len(src) && src[end] == ':' && strings.EqualFold(src[i+1:end], "env") { // $env:NAME of PowerShell
				if e := nameEnd(src, end+1); e > end+1 {
					return refPiece{start: i, end: e, refs: []span{{start: end + 1, end: e}}}
				}
			}
			return refPiece{start: i, end: end, refs: []span{{start: i + 1, end: end}}}
		}
		if c >= '0' && c <= '9' || c == '@' || c == '*' || c == '#' || c == '?' || c == '$' {
			return refPiece{start: i, end: i + 2, refs: []span{{start: i + 1, end: i + 2}}}
		}
	}
	return refPiece{}
}

// resolvers are the words before a colon in ${…} that name where a value comes from; the rest is no default.
func isResolver(word string) bool {
	switch word {
	case "ssm", "self", "opt", "file", "param", "vault", "sm", "input", "cf", "s3", "aws", "secret", "secrets", "sys",
		"custom", "op", "doppler", "git", "terraform", "strToBool", "gcp", "azure", "config", "command", "cred", "awssm",
		"aws-parameterstore", "akv", "keyvault", "consul", "kv", "base64", "decrypt", "workspaceFolder", "parameter":
		return true
	}
	return false
}

// outerComma is the index of the first comma that stands in no braces, -1 where there is none.
func outerComma(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// braceRef reads ${NAME…}: what stands between start and end.
func braceRef(src string, i, start, end int, style refStyle) refPiece {
	p := refPiece{start: i, end: end + 1}
	at := start
	for at < end && (src[at] == '!' || src[at] == '#' || isSpace(src[at])) {
		at++
	}
	k := at
	if strings.HasPrefix(src[at:end], "file(") { // of the Serverless Framework: ${file(path):key}
		e := end
		if c := strings.IndexByte(src[at:end], ','); c > 0 {
			e = at + c
			p.defaults = []span{{start: e + 1, end: end}}
		}
		p.refs = []span{{start: at, end: e}}
		return p
	}
	for k < end && (isNameByte(src[k]) || strings.IndexByte(".-[]/*@", src[k]) >= 0) {
		if src[k] == '-' && isShellName(src[at:k]) && !(style&refCommand == 0 && isKebab(src[at:end])) { // ${NAME-default}
			break
		}
		k++
	}
	if k == at {
		return refPiece{start: i, end: end + 1, refs: []span{{start: start, end: end}}}
	}
	name := span{start: at, end: k}
	if style&refCommand != 0 && (strings.HasSuffix(src[at:k], "[@]") || strings.HasSuffix(src[at:k], "[*]")) {
		name.end -= len("[@]") // all of an array
	}
	rest := src[k:end]
	switch {
	case rest == "" || strings.TrimSpace(rest) == "":
		p.refs = []span{name}
	case strings.HasPrefix(rest, ":-"), strings.HasPrefix(rest, ":="):
		p.refs, p.defaults = []span{name}, []span{{start: k + 2, end: end}}
	case strings.HasPrefix(rest, ":+"):
		p.refs, p.defaults = []span{name}, []span{{start: k + 2, end: end}}
	case strings.HasPrefix(rest, ":?"), strings.HasPrefix(rest, "?"):
		p.refs = []span{name}
	case rest[0] == '-', rest[0] == '=' && rest != "=", rest[0] == '+':
		p.refs, p.defaults = []span{name}, []span{{start: k + 1, end: end}}
	case rest[0] == ':':
		switch word := src[at:k]; {
		case word == "env": // ${env:NAME}, ${env:NAME, 'default'}
			e := nameEnd(src[:end], k+1)
			if e == k+1 {
				return refPiece{start: i, end: end + 1, refs: []span{{start: start, end: end}}}
			}
			p.refs = []span{{start: k + 1, end: e}}
			if e < end && (src[e] == ',' || src[e] == ':') {
				p.defaults = []span{{start: e + 1, end: end}}
			}
		case isResolver(word) || strings.HasPrefix(rest, "://"):
			e := end
			if c := outerComma(src[start:end]); c > 0 { // ${ssm:/a/b, 'default'}
				e = start + c
				p.defaults = []span{{start: e + 1, end: end}}
			}
			p.refs = []span{{start: start, end: e}}
		default: // ${name:default} of Spring and its like
			p.refs = []span{name}
			if k+1 < end {
				p.defaults = []span{{start: k + 1, end: end}}
			}
		}
	case rest[0] == '%' || rest[0] == '^' || rest[0] == ',' || rest[0] == '#':
		p.refs = []span{name}
	default: // an expression: its names and its texts
		return expression(src, p, start, end)
	}
	return p
}

// isKebab reports whether a text is a property's name of lower-case words with dashes, as Spring writes them.
func isKebab(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || (c == '-' || c == '.') && i > 0 && i+1 < len(s)) {
			return false
		}
	}
	return s != ""
}

func isShellName(s string) bool {
	return s != "" && nameEnd(s, 0) == len(s) && !strings.ContainsAny(s, ".")
}

func percentRef(src string, i int) refPiece {
	if strings.HasPrefix(src[i:], "%env(") { // Symfony: %env(processor:NAME)%
		k := strings.Index(src[i:min(len(src), i+256)], ")%")
		if k < 0 {
			return refPiece{}
		}
		start := i + 5
		if c := strings.LastIndexByte(src[start:i+k], ':'); c >= 0 {
			start += c + 1
		}
		return refPiece{start: i, end: i + k + 2, refs: []span{{start: start, end: i + k}}}
	}
	k := i + 1
	for k < len(src) && (isNameByte(src[k]) || src[k] == '.' || src[k] == '-') && k-i < 100 {
		k++
	}
	if k >= len(src) || src[k] != '%' || k-i < 4 || !isNameStart(src[i+1]) {
		return refPiece{}
	}
	// %E2%98%: percent-encoded bytes.
	if k-i == 3 {
		return refPiece{}
	}
	return refPiece{start: i, end: k + 1, refs: []span{{start: i + 1, end: k}}}
}

func atRef(src string, i int) refPiece {
	n := 1
	if strings.HasPrefix(src[i:], "@@") {
		n = 2
	}
	k := i + n
	for k < len(src) && (isNameByte(src[k]) || src[k] == '.' || src[k] == '-') && k-i < 100 {
		k++
	}
	if k-i-n < 3 || !strings.HasPrefix(src[k:], src[i:i+n]) || !isNameStart(src[i+n]) {
		return refPiece{}
	}
	if i > 0 && (isNameByte(src[i-1]) || src[i-1] == '/') { // an address, a version
		return refPiece{}
	}
	return refPiece{start: i, end: k + n, refs: []span{{start: i + n, end: k}}}
}

// hashRef reads #{NAME}# and #{NAME}.
func hashRef(src string, i int) refPiece {
	end := matching(src, i+2, '{', '}')
	if end < 0 {
		return refPiece{}
	}
	p := expression(src, refPiece{start: i, end: end + 1}, i+2, end)
	if end+1 < len(src) && src[end+1] == '#' {
		p.end++
	}
	return p
}

// twigRef reads {{ … }} and its like.
func twigRef(src string, i, start int, closer string) refPiece {
	k := strings.Index(src[start:min(len(src), start+2048)], closer)
	if k < 0 {
		return refPiece{}
	}
	p := expression(src, refPiece{start: i, end: start + k + len(closer)}, start, start+k)
	if closer == "}}" && p.end < len(src) && src[p.end] == '}' { // {{{ x }}}
		p.end++
	}
	return p
}

// expression collects the names and texts of a template's expression.
func expression(src string, p refPiece, start, end int) refPiece {
	var last string
	for i := start; i < end; {
		c := src[i]
		switch {
		case c == '"' || c == '\'' || c == '`':
			k := i + 1
			for k < end && src[k] != c {
				if src[k] == '\\' {
					k++
				}
				k++
			}
			k = min(k, end)
			text := src[i+1 : min(k, end)]
			switch {
			case isEnvReader(last) && isShellName(text):
				p.refs = append(p.refs, span{start: i + 1, end: k})
				last = "" // what follows is a default
			case last == "lookup" || last == "include" || last == "template" || last == "printf" &&
				strings.Contains(text, "%"),
				last == "if" || last == "eq" || last == "ne":
			case isEnvReader(last): // lookup('env', 'X'): the name follows
			default:
				p.defaults = append(p.defaults, span{start: i, end: min(k+1, end)})
			}
			if text == "env" && last == "lookup" {
				last = "env"
			}
			i = k + 1
		case isNameStart(c) || c == '.' || c == '$':
			k := i + 1
			for k < end && (isNameByte(src[k]) || src[k] == '.' || src[k] == '-' && k+1 < end && isNameByte(src[k+1])) {
				k++
			}
			if k < end && src[k] == '[' { // x["y"] is x.y
				if e := matching(src[:end], k+1, '[', ']'); e > k {
					key := strings.Trim(src[k+1:e], `"' `)
					name := src[i:k] + "." + key
					if isEnvReader(src[i:k]) {
						name = key
					}
					p.refs = append(p.refs, span{start: i, end: e + 1, name: name})
					i = e + 1
					last = name
					continue
				}
			}
			word := strings.TrimPrefix(src[i:k], "$")
			last = strings.TrimLeft(word, ".")
			switch {
			case strings.HasPrefix(last, "env.") && isShellName(last[4:]):
				p.refs = append(p.refs, span{start: i, end: k, name: last})
			case isTemplateWord(word) || word == "" || word == ".":
			case k < end && src[k] == '(', isEnvReader(word):
			default:
				p.refs = append(p.refs, span{start: i, end: k, name: word})
			}
			i = k
		default:
			i++
		}
	}
	return p
}

func isEnvReader(word string) bool {
	switch word {
	case "env", "ENV", "getenv", "ENV.fetch", "requiredEnv", "expandenv", "process.env", "os.Getenv", "envOrKey":
		return true
	}
	return false
}

// isTemplateWord tells the filters and keywords of templates from names.
func isTemplateWord(word string) bool {
	switch word {
	case "default", "quote", "squote", "b64enc", "b64encode", "b64dec", "b64decode", "required", "toYaml", "nindent",
		"indent", "if", "else", "end", "endif", "with", "range", "include", "define", "template", "block", "tpl", "and",
		"or", "not", "eq", "ne", "trim", "upper", "lower", "join", "split", "set", "for", "in", "endfor", "is",
		"defined",
		"none", "true", "false", "null", "nil", "lookup", "printf", "toJson", "toString", "trimSuffix", "trimPrefix",
		"mandatory", "replace", "omit", "raw", "endraw", "secret", "key", "keyOrDefault", "format", "kindIs", "hasKey",
		"coalesce", "ternary", "empty", "list", "dict", "index", "fetch", "to_s", "urlencode", "to_json", "string",
		"int":
		return true
	}
	return false
}
