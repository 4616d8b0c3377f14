package gitdb

import "strings"

// A Config is a git configuration as text: what it says, not what git would do with it. Includes are not followed, no
// value is run, expanded or obeyed; gitdb looks at the few that say how the repository is written.
type Config map[string][]string // "section.subsection.key", section and key in lower case

// Get is the last value of a key, "" where there is none.
func (c Config) Get(key string) string {
	v := c[key]
	if len(v) == 0 {
		return ""
	}
	return v[len(v)-1]
}

// Bool reads a truth value the way git does.
func (c Config) Bool(key string) bool {
	switch strings.ToLower(c.Get(key)) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}

// parseConfig reads what it can; a line that makes no sense is passed over.
func parseConfig(text string) Config {
	c := Config{}
	section := ""
	for len(text) > 0 {
		line := text
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			line = text[:i]
		}
		s := strings.TrimLeft(line, " \t\r\ufeff")
		if s == "" || s[0] == '#' || s[0] == ';' {
			text = after(text, len(line))
			continue
		}
		if s[0] == '[' {
			name, rest, ok := configSection(s)
			if !ok {
				text = after(text, len(line))
				continue
			}
			section = name
			// A key may follow on the same line.
			text = rest + text[len(line):]
			continue
		}
		i := 0
		for i < len(s) && (s[i] == '-' || s[i] >= '0' && s[i] <= '9' || s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z') {
			i++
		}
		key := strings.ToLower(s[:i])
		rest := strings.TrimLeft(s[i:], " \t\r")
		if key == "" || rest != "" && rest[0] != '=' {
			text = after(text, len(line))
			continue
		}
		if rest == "" { // a key alone is true
			c.add(section, key, "true")
			text = after(text, len(line))
			continue
		}
		value, n := configValue(text[len(line)-len(rest)+1:])
		c.add(section, key, value)
		text = text[len(line)-len(rest)+1+n:]
	}
	return c
}

func (c Config) add(section, key, value string) {
	if section != "" {
		c[section+"."+key] = append(c[section+"."+key], value)
	}
}

func after(text string, n int) string {
	if n < len(text) {
		return text[n+1:]
	}
	return ""
}

// configSection reads "[name]" or `[name "sub"]`, and gives what follows it on the line.
func configSection(s string) (name, rest string, ok bool) {
	i := 1
	for i < len(s) && s[i] != ']' && s[i] != ' ' && s[i] != '\t' && s[i] != '"' {
		i++
	}
	name = strings.ToLower(s[1:i])
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	if i < len(s) && s[i] == '"' {
		var b strings.Builder
		for i++; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			b.WriteByte(s[i])
		}
		name += "." + b.String()
		i++
	}
	if i >= len(s) || s[i] != ']' || name == "" {
		return "", "", false
	}
	return name, s[i+1:], true
}

// configValue reads a value up to the end of its line, with quotes, escapes, continued lines and a comment behind it,
// and says how many bytes it takes.
func configValue(s string) (string, int) {
	var b strings.Builder
	quoted := false
	kept := 0 // up to here blanks belong to the value
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\n':
			return strings.TrimLeft(b.String()[:kept], " \t"), i + 1
		case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
		case c == '"':
			quoted = !quoted
			kept = b.Len()
		case c == '\\' && i+1 < len(s):
			i++
			switch s[i] {
			case '\n':
			case '\r':
				if i+1 < len(s) && s[i+1] == '\n' {
					i++
				}
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'b':
				b.WriteByte('\b')
			default:
				b.WriteByte(s[i])
			}
			kept = b.Len()
		case !quoted && (c == '#' || c == ';'):
			for i < len(s) && s[i] != '\n' {
				i++
			}
			i--
		case !quoted && (c == ' ' || c == '\t'):
			if kept > 0 {
				b.WriteByte(c)
			}
		default:
			b.WriteByte(c)
			kept = b.Len()
		}
	}
	return strings.TrimLeft(b.String()[:kept], " \t"), len(s)
}
