package rules

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// Via is what kind of thing takes a credential.
type Via string

// What takes credentials.
const (
	ViaSDK     Via = "SDK"
	ViaEdge    Via = "Edge"
	ViaProxy   Via = "Proxy"
	ViaAdmin   Via = "Admin API client"
	ViaRequest Via = "request" // a raw HTTP request: its path decides
	ViaAction  Via = "action"
)

// A Sink is a place that takes one kind of credential.
type Sink struct {
	ID string
	// What it is in words, as evidence says it: "clientKey of the JavaScript SDK". What stands in braces gives way to
	// the option's name as the place has it: {TOKENS} is CLIENT_TOKENS where that is set.
	What  string
	Takes Kind // Personal stands for whatever the Admin API takes; ClientKey for a place that designates client keys
	Via   Via
	Side  Side // which side of the wire the thing runs on

	// Places are patterns of the trail that leads to the option (see parsePattern).
	Places []string
	// Modules are packages that bring it, as imports name them: one of them must be imported by the file, or, where
	// Manifest is set, be a dependency of the nearest manifest. A trailing * is a prefix. Empty: the place is
	// distinctive enough.
	Modules []string
	// Beside are texts of which one must stand in the same table, call, service or task (any case).
	Beside []string
	// BesidePath: the text may stand in the file's path instead, as a file of values is called after its chart.
	BesidePath bool
	// With are names of which one must stand in the same table, beside the innermost name of the place; empty: nothing.
	With []string
	// URL is what the URL beside must say for the place to count; NoAPI: whatever. A list is either.
	URL []API
	// Files are ends of path that the file must have, any of them; empty: any file.
	Files []string
	// Langs limits the languages (names of internal/syntax).
	Langs []string
	// Environment: its names are those of environment variables, which code writes in capitals.
	Environment bool
	// Designates: what stands here is a proxy client key by designation.
	Designates bool
	// Trusts: whatever stands here is taken for a frontend token, SECRET@ENVIRONMENT too, and handed to nobody else.
	Trusts bool
	// AnyText: whatever is no placeholder is a token there (VOCABULARY, item 15).
	AnyText bool
	// Example is a file with the place; it is the row's test.
	Example Example

	patterns []pattern
	settings []string // normal forms of the settings among Places
}

// Ships reports whether what stands there reaches people who are not trusted with secrets: an SDK of frontends, or what
// Edge lets frontends send.
func (s *Sink) Ships() bool { return s.Via == ViaSDK && s.Side == FrontendSide || s.Trusts }

// A rowSet is a set of rows of the table, one bit each; more rows than it holds are a panic when the table is made.
type rowSet [4]uint64

func (s *rowSet) add(row int) { s[row>>6] |= 1 << (row & 63) }

func (s *rowSet) join(other rowSet) {
	for k := range s {
		s[k] |= other[k]
	}
}

// first takes the first row out of the set and returns it, -1 where there is none.
func (s *rowSet) first() int {
	for k := range s {
		if s[k] != 0 {
			row := k<<6 + bits.TrailingZeros64(s[k])
			s[k] &= s[k] - 1
			return row
		}
	}
	return -1
}

// An Example is a file in which T stands for a credential.
type Example struct {
	File string
	Text string
}

// A sinkTable is every row, in the order in which they are tried (the first that fits a place decides, so that the
// particular stands before the general), and what leads to them.
type sinkTable struct {
	rows []Sink
	// byName are the rows that a trail with a step of this name (lower case) can enter; settings are those that look at
	// whole names of settings.
	byName   map[string]rowSet
	settings rowSet
}

// sinks is the table. It is made when it is first asked for: most runs of the program end without.
var sinks = sync.OnceValue(func() *sinkTable {
	t := &sinkTable{
		rows:   slices.Concat(frontendSinks, backendSinks, adminSinks, edgeSinks, proxySinks),
		byName: map[string]rowSet{},
	}
	for i := range t.rows {
		t.index(i)
	}
	return t
})

// index reads the places of row i.
func (t *sinkTable) index(i int) {
	row := &t.rows[i]
	for _, text := range row.Places {
		if name, is := strings.CutPrefix(text, "setting:"); is {
			row.settings = append(row.settings, name)
			continue
		}
		p := parsePattern(text)
		row.patterns = append(row.patterns, p)
		// A trail enters a pattern by its innermost step, or by one further out where names are missing.
		for k := len(p) - 1; k >= 0; k-- {
			for _, name := range p[k].names {
				set := t.byName[name]
				set.add(i)
				t.byName[name] = set
			}
			if p[k].call || p[k].block {
				break
			}
		}
	}
	if len(row.settings) > 0 {
		t.settings.add(i)
	}
}

// candidates are the rows that a trail can fit at all.
func candidates(t Trail) rowSet {
	table := sinks()
	var rows rowSet
	var buf [64]byte
	for i := range t {
		name := LastName(t[i].Name)
		if len(name) > len(buf) {
			continue
		}
		low := buf[:len(name)]
		for k := 0; k < len(name); k++ {
			c := name[k]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			low[k] = c
		}
		rows.join(table.byName[string(low)])
		if t[i].Kind == Key || t[i].Kind == Var || t[i].Kind == Section {
			if settingWord(t[i].Name) {
				rows.join(table.settings)
			}
		}
	}
	return rows
}

// settingWord reports whether a name has a word of the rows that look at whole names of settings.
func settingWord(name string) bool {
	for k := 0; k+5 <= len(name); k++ {
		switch name[k] {
		case 'u', 'U':
			if len(name)-k >= 7 && strings.EqualFold(name[k:k+7], "unleash") {
				return true
			}
		case 'p', 'P':
			if strings.EqualFold(name[k:k+5], "proxy") {
				return true
			}
		}
	}
	return false
}

// BesideTexts are all texts that rows want beside a place, in lower case.
func BesideTexts() []string { return besideTexts() }

var besideTexts = sync.OnceValue(func() (list []string) {
	seen := map[string]bool{}
	for _, row := range sinks().rows {
		for _, text := range row.Beside {
			if text = strings.ToLower(text); !seen[text] {
				seen[text] = true
				list = append(list, text)
			}
		}
	}
	return list
})

// Sinks are the rows of the table.
func Sinks() []Sink { return slices.Clone(sinks().rows) }

// A Surround is what a Sink asks about a place besides its trail. The functions are called only for rows whose trail
// fits.
type Surround struct {
	Lang     string
	File     string
	Imports  func(module string) bool // the file imports it (any case; a trailing * is a prefix)
	Manifest func(module string) bool // the nearest manifest has it as a dependency
	Beside   func(texts []string) bool
	With     func(names []string) bool // one of the names (any case) stands in the same table
	URL      func() API                // of the URL beside, NoAPI where there is none
	// Module is the module that a callee's first name was imported from here, "" where that is not known.
	Module func(callee string) string
}

// A Match is a Sink that takes what stands at a place.
type Match struct {
	Sink    *Sink
	What    string   // Sink.What with the option's name as it is written here
	Takes   Kind     // Sink.Takes narrowed by the URL beside
	Missing []string // names to look up in the value, outermost first (see pattern.matches)
	// Others are the names that other places of the sink look up in the same value: one takes auth_token of a table of
	// options, another the header in it.
	Others [][]string
	First  int // index of the innermost step that took part
	At     int // index of the outermost one
}

// MayBeSink reports whether a trail can fit a row at all: most do not, and a Surround need not be made for them.
func MayBeSink(t Trail) bool { return candidates(t) != rowSet{} }

// BringsSink reports whether a module brings a sink: an SDK, a provider, a tool's library.
func BringsSink(module string) bool {
	for i := range sinks().rows {
		for _, m := range sinks().rows[i].Modules {
			if !strings.HasPrefix(m, "manifest:") && ModuleFits(m, module) {
				return true
			}
		}
	}
	return false
}

// FindSink is the sink of a trail, false where no row fits.
func FindSink(t Trail, s Surround) (Match, bool) {
	if len(t) == 0 {
		return Match{}, false
	}
	var setting string
	rows := candidates(t)
	for n := rows.first(); n >= 0; n = rows.first() {
		row := &sinks().rows[n]
		if !oneOf(row.Langs, s.Lang) || !fileFits(row.Files, s.File) {
			continue
		}
		m := Match{Sink: row, Takes: row.Takes}
		callee, ok := "", false
		for _, p := range row.patterns {
			missing, first, at, by, is := p.matches(t)
			if is && (!ok || len(missing) < len(m.Missing)) {
				if ok {
					m.Others = append(m.Others, m.Missing)
				}
				m.Missing, m.First, m.At, callee, ok = missing, first, at, by, true
			} else if is {
				m.Others = append(m.Others, missing)
			}
			if ok && len(m.Missing) == 0 {
				m.Others = nil
				break
			}
		}
		if !ok {
			if setting == "" && len(row.settings) > 0 {
				setting = settingName(t)
			}
			for _, name := range row.settings {
				ok = ok || setting == name || strings.HasSuffix(setting, "_"+name)
			}
		}
		if !ok || !row.comesFrom(callee, s) || row.Environment && !inCapitals(t[m.First].Name, s.Lang) {
			continue
		}
		if len(row.Beside) > 0 && !(row.BesidePath && !isProgram(s.Lang) && hasAny(s.File, row.Beside)) && !s.Beside(row.Beside) {
			continue
		}
		if len(row.With) > 0 && !s.With(row.With) {
			continue
		}
		if len(row.URL) > 0 {
			if u := s.URL(); !hasAPI(row.URL, u) {
				continue
			}
		}
		if row.Takes == Frontend && row.Via == ViaSDK && s.URL() == ProxyAPI {
			m.Takes = ClientKey
		}
		m.What = row.whatAt(t, m)
		return m, true
	}
	return Match{}, false
}

// hasAny reports whether a text has one of others in it, in any case.
func hasAny(text string, others []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(others, func(s string) bool { return strings.Contains(text, strings.ToLower(s)) })
}

// inCapitals reports whether a name is written in capitals, as code writes the names of environment variables; other
// languages write settings as they like.
func inCapitals(name, lang string) bool {
	return !isProgram(lang) || strings.ToUpper(LastName(name)) == LastName(name)
}

// isProgram reports whether a language is one of programs.
func isProgram(lang string) bool {
	switch lang {
	case "rust", "go", "javascript", "typescript", "jsx", "tsx", "python", "ruby", "java", "kotlin", "csharp", "php",
		"swift", "dart", "scala", "elixir":
		return true
	}
	return false
}

// whatAt is What with the name that the option has in a trail: of a header, that of the option that takes it.
func (row *Sink) whatAt(t Trail, m Match) string {
	before, rest, ok := strings.Cut(row.What, "{")
	usual, after, closed := strings.Cut(rest, "}")
	if !ok || !closed {
		return row.What
	}
	isHeader := func(name string) bool { return strings.EqualFold(LastName(name), "authorization") }
	name := LastName(t[m.First].Name)
	if isHeader(name) && t[m.At].Kind != Section {
		name = LastName(t[m.At].Name)
	}
	if len(m.Missing) > 1 || len(m.Missing) == 1 && !isHeader(m.Missing[0]) || len(row.patterns) == 0 || isHeader(name) {
		name = usual // what stands here holds the option, or is named as a whole
	}
	return before + name + after
}

// comesFrom reports whether the file, or the package, has the module that brings the sink.
func (row *Sink) comesFrom(callee string, s Surround) bool {
	if len(row.Modules) == 0 {
		return true
	}
	if callee != "" {
		if from := s.Module(callee); from != "" {
			for _, m := range row.Modules {
				if ModuleFits(m, from) {
					return true
				}
			}
			// Imported from elsewhere: another thing of the same name, unless it comes from the project's own files.
			if !strings.HasPrefix(from, ".") && !strings.HasPrefix(from, "@/") && !strings.HasPrefix(from, "~") {
				return false
			}
		}
	}
	for _, m := range row.Modules {
		if dep, is := strings.CutPrefix(m, "manifest:"); is {
			if s.Manifest(dep) {
				return true
			}
		} else if s.Imports(m) {
			return true
		}
	}
	return false
}

// ModuleFits reports whether an import names the module of a pattern: equal in any case, or of its prefix where the
// pattern ends in *.
func ModuleFits(pattern, module string) bool {
	if p, is := strings.CutSuffix(pattern, "*"); is {
		return len(module) >= len(p) && strings.EqualFold(module[:len(p)], p)
	}
	return strings.EqualFold(pattern, module)
}

// settingName is the NormalName of the names around a value, outermost first: io.getunleash.api-token, however it is
// nested.
func settingName(t Trail) string {
	var parts []string
	for _, s := range t {
		switch s.Kind {
		case Key, Var:
			parts = append([]string{NormalName(s.Name)}, parts...)
		case Section:
			if s.Name != "" {
				parts = append([]string{NormalName(s.Name)}, parts...)
			}
		}
	}
	if len(parts) > 12 {
		return ""
	}
	return strings.Join(parts, "_")
}

func oneOf(list []string, s string) bool {
	if len(list) == 0 {
		return true
	}
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func fileFits(files []string, path string) bool {
	if len(files) == 0 {
		return true
	}
	base := path[strings.LastIndexByte(path, '/')+1:]
	for _, f := range files {
		if strings.HasSuffix(path, f) || strings.HasPrefix(base, f) {
			return true
		}
	}
	return false
}

func hasAPI(list []API, a API) bool {
	for _, l := range list {
		if l == a {
			return true
		}
	}
	return false
}
