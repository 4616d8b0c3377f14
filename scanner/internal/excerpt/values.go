package excerpt

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// hidden is what is shown in place of a value.
const hidden = "…"

// A veil goes over a line and notes what is a value on it: what stands in quotes and behind name= and name:, and
// whatever looks random. Names, keywords, keys and punctuation are none; in code neither are names behind = and :.
type veil struct {
	line   []byte
	code   bool
	bound  bool // a name stood before, so that words are its value
	option bool // the word before names an option whose value is a secret
	short  int  // words of one or two bytes in a row, the first of them at
	at     int
	values []span
}

// valuesOn are the spans of text[from:to] that are values, in order. It decides by the line alone, without what is cut
// from it or kept.
func valuesOn(path string, text []byte, from, to int, cuts []cut, keep span) []span {
	x := &veil{line: bytes.Clone(text[from:to]), code: syntax.IsCode(path)}
	for _, c := range append(slices.Clone(cuts), cut{span: keep}) {
		for i := max(c.start, from); i < min(c.end, to); i++ {
			x.line[i-from] = ' '
		}
	}
	x.read(0, len(x.line), false)
	// What leads to a name that is shown, as process.env. does, is of the name.
	shown := !slices.ContainsFunc(cuts, func(c cut) bool { return c.start < keep.end && c.end > keep.start })
	x.values = slices.DeleteFunc(x.values, func(s span) bool {
		return shown && keep.start > from && s.end == keep.start-from-1 && text[keep.start-1] == '.' &&
			bytes.IndexByte(x.line[s.start:s.end], ' ') < 0 && !x.random(x.line[s.start:s.end])
	})
	for i := range x.values {
		x.values[i].start += from
		x.values[i].end += from
	}
	return x.values
}

// read goes over line[i:end]; quoted says that it stands in quotes.
func (x *veil) read(i, end int, quoted bool) {
	for i < end {
		c := x.line[i]
		switch {
		case (c == '"' || c == '\'' || c == '`') && !quoted && (i == 0 || !valueByte(x.line[i-1]) || c != '\''):
			e := x.closing(i, end)
			if !x.module(i, e) {
				x.read(i+1, e, true)
			}
			i = min(e+1, end)
			continue
		case valueByte(c):
			e := i
			for e < end && (valueByte(x.line[e]) || e > i && joins(x.line[e]) && e+1 < end && valueByte(x.line[e+1])) {
				e++
			}
			i = x.word(i, e, end, quoted)
			continue
		case (c == '/' && i+1 < end && x.line[i+1] == '/' || c == '#') && x.code && !quoted:
			x.code = false // a comment
		case c == '#' && !quoted && i > 0 && x.line[i-1] == ' ', (c == '&' || c == '|') && !quoted && x.alone(i):
			x.bound = false // a comment, another command
		case c == '-' && (i == 0 || bytes.IndexByte([]byte(" \"'[,"), x.line[i-1]) >= 0): // an option
			if e := x.optionEnd(i, end); e > 0 {
				x.bound = false
				x.option = secretWord(x.line[i:e])
				i = e
				continue
			}
			x.bound = x.bound && quoted
		case c == '>' && i+1 < end && x.element(i+1):
			x.bound = true
		case c == '<' && x.bound && !x.code:
			x.bound = false
		case c == ',' || c == ';' || c == '{' || c == '(':
			x.bound = x.bound && !x.code
		case c >= 0x80:
			if quoted || x.bound {
				x.hide(i, i+1)
			}
		}
		i++
	}
}

// word looks at line[i:e] and returns where to go on.
func (x *veil) word(i, e, end int, quoted bool) int {
	word := x.line[i:e]
	told := x.option && !(word[0] == '$' && len(word) > 1)
	x.option = false
	if len(word) > 2 {
		x.short = 0
	} else if x.short++; x.short == 1 {
		x.at = i
	} else if x.short >= 6 && !quoted { // spaced out
		x.hide(x.at, e)
	}
	if e+2 < end && x.line[e] == ':' && x.line[e+1] == '/' && x.line[e+2] == '/' && len(word) < 12 && !x.random(word) {
		return x.url(e+3, end)
	}
	if !x.random(word) && x.isKey(i, e, end) {
		x.bound = true
		return e
	}
	switch {
	case told:
		x.hide(i, e)
	case !x.random(word) && isPublicWord(word):
	case quoted, x.random(word), x.bound && !x.code:
		x.hide(i, e)
	case x.line[i] >= '0' && x.line[i] <= '9' && e-i >= 3:
		x.hide(i, e)
	}
	return e
}

// isKey reports whether the word line[i:e] is a key: that is told by what follows it.
func (x *veil) isKey(i, e, end int) bool {
	if word := x.line[i]; word >= '0' && word <= '9' {
		return false // a time, a port
	}
	rest := x.line[e:]
	if e == end && len(rest) > 1 && (rest[0] == '"' || rest[0] == '\'') { // all of a text in quotes
		return rest[1] == ':' || bytes.HasPrefix(rest[1:], []byte(" =>"))
	}
	rest = bytes.TrimLeft(x.line[e:end], " ")
	return len(rest) > 0 && (rest[0] == '=' || rest[0] == ':') && (len(rest) < 2 || rest[1] != ':')
}

// url shows the host of a URL and hides what else is in it.
func (x *veil) url(i, end int) int {
	e := i
	for e < end && x.line[e] > ' ' && bytes.IndexByte([]byte(";\"'`<>)"), x.line[e]) < 0 {
		e++
	}
	host := i
	for host < e && (valueByte(x.line[host]) || x.line[host] == '.' || x.line[host] == '-') {
		host++
	}
	if host < e && x.line[host] == '@' || x.random(x.line[i:host]) || host < e && x.line[host] == ':' &&
		slices.Contains(x.line[host:e], '@') {
		host = i // what looks like a host is a user
	}
	if e > host {
		x.hide(host, e)
	}
	return e
}

// closing is the offset of the quote that closes the one at i, end where none does.
func (x *veil) closing(i, end int) int {
	for k := i + 1; k < end; k++ {
		if x.line[k] == '\\' {
			k++
		} else if x.line[k] == x.line[i] {
			return k
		}
	}
	return end
}

// hide adds a value; values with nothing but one byte between them are one.
func (x *veil) hide(start, end int) {
	if n := len(x.values); n > 0 && start-x.values[n-1].end <= 1 {
		x.values[n-1].start = min(x.values[n-1].start, start)
		x.values[n-1].end = max(x.values[n-1].end, end)
		return
	}
	x.values = append(x.values, span{start, end})
}

// random reports whether a word looks like no name: digits among its letters, or longer than names are.
func (x *veil) random(word []byte) bool {
	if ofWords(word) {
		return false
	}
	letters, digits, changes, run := 0, 0, 0, 0
	for i, c := range word {
		digit := c >= '0' && c <= '9'
		switch {
		case digit:
			digits++
		case joins(c) || c == '_' || c == '$':
			run = 0
			continue
		default:
			letters++
		}
		run++
		if i > 0 && digit != (word[i-1] >= '0' && word[i-1] <= '9') {
			changes++
		}
		if run >= 28 {
			return true
		}
	}
	return digits > 0 && letters > 0 && (changes >= 3 || digits >= 4) || !x.code && len(word) >= 32 && letters > 24
}

// alone reports whether the sign at i, which may stand twice, has blanks around it, as between two commands.
func (x *veil) alone(i int) bool {
	a, e := i, i+1
	for a > 0 && x.line[a-1] == x.line[i] {
		a--
	}
	for e < len(x.line) && x.line[e] == x.line[i] {
		e++
	}
	return a > 0 && x.line[a-1] == ' ' && e < len(x.line) && x.line[e] == ' '
}

// module reports whether line[open+1:end] is the name of a module that code imports.
func (x *veil) module(open, end int) bool {
	if !x.code || open+1 >= end || x.random(x.line[open+1:end]) || bytes.Contains(x.line[open:end], []byte("://")) {
		return false
	}
	before := bytes.TrimRight(x.line[:open], " ")
	for _, w := range []string{"from", "import", "require(", "import(", "require"} {
		if bytes.HasSuffix(before, []byte(w)) {
			return true
		}
	}
	return false
}

// optionEnd is the offset behind the name of the option that begins at i, 0 where none does.
func (x *veil) optionEnd(i, end int) int {
	e := i
	for e < end && x.line[e] == '-' && e-i < 2 {
		e++
	}
	name := e
	for e < end && (valueByte(x.line[e]) && x.line[e] != '$' && x.line[e] != '%' || e > name && x.line[e] == '-') {
		e++
	}
	if e == name || x.random(x.line[name:e]) || e < end && bytes.IndexByte([]byte("=: \t,]\"'"), x.line[e]) < 0 {
		return 0
	}
	return e
}

// element reports whether what begins at i is the text of an element, as XML and HTML have them.
func (x *veil) element(i int) bool {
	k := bytes.IndexByte(x.line[i:], '<')
	return k > 0 && i+k+1 < len(x.line) && x.line[i+k+1] == '/'
}

// secretWord reports whether the name of an option says that its value is a secret.
func secretWord(option []byte) bool {
	low := bytes.ToLower(option)
	for _, w := range []string{"pass", "token", "secret", "key", "auth", "cred", "pwd", "header", "user"} {
		if bytes.Contains(low, []byte(w)) {
			return true
		}
	}
	return len(low) == 2 && (low[1] == 'p' || low[1] == 'u' || low[1] == 'h')
}

// publicWords are values that say what something is and nothing else.
var publicWords = map[string]bool{
	"true": true, "false": true, "null": true, "nil": true, "None": true, "True": true, "False": true, "undefined": true,
	"frontend": true, "backend": true, "client": true, "admin": true, "development": true, "production": true,
	"staging": true, "default": true, "Bearer": true, "GET": true, "POST": true, "Authorization": true,
}

// fileEndings are what names of files end in that are shown.
var fileEndings = strings.Fields(".yml .yaml .json .js .ts .jsx .tsx .mjs .cjs .go .py .rb .php .java .kt .cs .rs .sh " +
	".ps1 .bat .env .properties .toml .ini .conf .cfg .xml .html .css .md .txt .sql .tf .tfvars .log .zip .tar .gz " +
	".lock .tpl .tmpl .gradle")

// isPublicWord reports whether a word that stands for a value is the name of a setting or a file, a reference, or one
// of the words that everybody uses.
func isPublicWord(word []byte) bool {
	s := string(word)
	if publicWords[s] || strings.HasPrefix(s, "env.") && publicWords[s[len("env."):]] {
		return true
	}
	if name := strings.TrimLeft(s, "$"); len(name) < len(s) {
		return len(name) > 0 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
	}
	if strings.Count(s, "_") > 0 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
		return true
	}
	for _, end := range fileEndings {
		if strings.HasSuffix(s, end) && strings.Trim(s[:len(s)-len(end)], "0123456789") == s[:len(s)-len(end)] {
			return true
		}
	}
	return false
}

// ofWords reports whether a long name is put together from words and numbers: parts between marks, or humps, that are
// some letters long each.
func ofWords(word []byte) bool {
	if len(word) < 8 {
		return false
	}
	parts, upper, digits := 1, 0, 0
	for i, c := range word {
		switch {
		case c >= 'A' && c <= 'Z':
			upper++
			if i > 0 && word[i-1] >= 'a' && word[i-1] <= 'z' {
				parts++
			}
		case c >= '0' && c <= '9':
			digits++
			if i > 0 && bytes.IndexByte([]byte("0123456789_-vV"), word[i-1]) < 0 {
				return false // digits among letters
			}
		case c == '_' || c == '-' || c == '.':
			parts++
		case c < 'a' || c > 'z':
			return false
		case i > 0 && word[i-1] >= '0' && word[i-1] <= '9':
			return false
		}
	}
	letters := len(word) - digits
	return parts > 1 && digits <= 6 && letters >= 4*parts && letters <= 14*parts
}

func valueByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '%'
}

// joins reports whether a byte between two of a word's makes one of them.
func joins(c byte) bool { return c == '.' || c == '-' || c == '+' || c == '/' }

// withValues puts the values of a line among what is cut from it; keep is what the finding stands on, and stays.
func withValues(cuts []cut, values []span, keep span) []cut {
	all := slices.Clone(cuts)
	if keep.end > keep.start && !slices.ContainsFunc(cuts, func(c cut) bool {
		return c.start < keep.end && c.end > keep.start
	}) {
		all = append(all, cut{keep, ""})
		slices.SortFunc(all, func(a, b cut) int { return a.start - b.start })
	}
	var out []cut
	i := 0
	for _, v := range values {
		for i < len(all) && all[i].start < v.end {
			c := all[i]
			if c.start > v.start {
				out = append(out, cut{span{v.start, c.start}, hidden})
			}
			v.start = max(v.start, c.end)
			if c.end > v.end { // it goes on into the next value
				break
			}
			if c.shown != "" {
				out = append(out, c)
			}
			i++
		}
		if v.start < v.end {
			out = append(out, cut{v, hidden})
		}
	}
	for ; i < len(all); i++ {
		if all[i].shown != "" {
			out = append(out, all[i])
		}
	}
	return out
}
