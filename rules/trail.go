package rules

import "strings"

// A StepKind is how one step of a Trail holds the step before it.
type StepKind uint8

// The kinds of steps.
const (
	// an entry of a table, a keyword argument, an attribute, a setting of a file, or the value beside a literal name
	// ("Authorization", X)
	Key     StepKind = iota
	Var              // a variable, constant or field; Name may be dotted (config.custom_http_headers)
	Arg              // the Index-th positional argument of the call Name
	Call             // the call, constructor, tag or command Name, around a keyword argument or block
	Func             // the function or method Name that returns it
	Section          // a section, block or class Name around it
)

// A Step is one thing around a value.
type Step struct {
	Kind  StepKind
	Name  string
	Index int // Arg: from 0
	// Soft marks a Key that is only a literal standing before the value: "Authorization" in Set("Authorization", X). It
	// may name the value, or may be just another argument.
	Soft bool
}

// A Trail is what is around a value, innermost first.
type Trail []Step

// Names are the names that the value is bound to: those of its Key and Var steps, innermost first.
func (t Trail) Names() []string {
	var names []string
	for _, s := range t {
		if s.Kind == Key || s.Kind == Var {
			names = append(names, s.Name)
		}
	}
	return names
}

// A pattern is a compiled place of a Sink: steps, outermost first.
type pattern []patternStep

type patternStep struct {
	names []string // alternatives, lower case
	first string   // the first of them as it is spelled, for look-ups that part its words
	call  bool     // a call ("name(" or "name(3)"), else a name
	index int      // of the argument, -1 for any
	block bool     // "[name]": a section
}

// parsePattern compiles a pattern: words outermost first, "name(" a call, "name(3)" its fourth argument, "[name]" a
// section, "a|b" either.
func parsePattern(text string) pattern {
	var p pattern
	for _, word := range strings.Fields(text) {
		s := patternStep{index: -1}
		switch {
		case strings.HasPrefix(word, "["):
			s.block = true
			word = strings.Trim(word, "[]")
		case strings.HasSuffix(word, "("):
			s.call = true
			word = strings.TrimSuffix(word, "(")
		case strings.HasSuffix(word, ")"):
			s.call = true
			i := strings.IndexByte(word, '(')
			s.index = int(word[i+1] - '0')
			word = word[:i]
		}
		s.first, _, _ = strings.Cut(word, "|")
		for _, n := range strings.Split(word, "|") {
			s.names = append(s.names, strings.ToLower(n))
		}
		p = append(p, s)
	}
	return p
}

// matches reports whether the trail runs through the pattern. missing is how many of the pattern's innermost names the
// trail does not have yet: a Ref to a table of headers matches "custom_headers Authorization" with "Authorization"
// missing, which is then looked up in the table. Only plain names may be missing. first and at are the indexes of the
// trail's innermost and outermost step that took part, and callee the name of the outermost call that matched.
func (p pattern) matches(t Trail) (missing []string, first, at int, callee string, ok bool) {
	for lack := 0; lack < len(p); lack++ {
		if lack > 0 {
			last := p[len(p)-lack]
			if last.call || last.block {
				return nil, 0, 0, "", false
			}
			missing = append([]string{last.first}, missing...)
		}
		if first, at, callee, ok := p[:len(p)-lack].match(t); ok {
			return missing, first, at, callee, true
		}
	}
	return nil, 0, 0, "", false
}

func (p pattern) match(t Trail) (first, at int, callee string, ok bool) {
	i := len(p) - 1
	for j, s := range t {
		if i < 0 {
			break
		}
		if p[i].fits(s) {
			if p[i].call {
				callee = s.Name
			}
			if i == len(p)-1 {
				first = j
			}
			at = j
			i--
			continue
		}
		// Calls that only pass a value on (a map's constructor, Some(x), a look-up with a default), variables and
		// functions may stand between; another key may not.
		if s.Kind == Key && !s.Soft && !passesOn(strings.ToLower(s.Name)) {
			return 0, 0, "", false
		}
	}
	return first, at, callee, i < 0
}

// PassesOn reports whether a key holds a value without naming it ("value", "default").
func PassesOn(name string) bool { return passesOn(strings.ToLower(name)) }

// passesOn are keys that hold a value without naming it.
func passesOn(name string) bool {
	switch name {
	case "value", "default", "current", "defaultvalue", "0":
		return true
	}
	return false
}

func (w patternStep) fits(s Step) bool {
	switch {
	case w.block:
		return s.Kind == Section && w.named(s.Name)
	case w.call && w.index >= 0:
		return s.Kind == Arg && s.Index == w.index && w.named(LastName(s.Name))
	case w.call:
		return (s.Kind == Arg || s.Kind == Call) && w.named(LastName(s.Name))
	}
	return (s.Kind == Key || s.Kind == Var || s.Kind == Func) && w.named(LastName(s.Name))
}

func (w patternStep) named(name string) bool {
	for _, n := range w.names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// LastName is what follows the last dot, double colon, arrow or backslash of a dotted name. A name that starts with
// "--" is one name.
func LastName(name string) string {
	if name == "" || name[0] == '-' || name[0] == '/' || strings.HasPrefix(name, "checksum/") {
		return name // checksum/token of Helm's charts is no token
	}
	for i := len(name) - 2; i >= 0; i-- {
		switch name[i] {
		case '.', ':', '>', '\\', '/':
			return name[i+1:]
		}
	}
	return name
}
