package policy

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"

	gitignore "github.com/sabhiram/go-gitignore"

	"github.com/unleaked/unleaked/internal/plain"
)

// An Ignore is the user's own patterns, in the syntax of .gitignore, for paths relative to the root of a scan. The nil
// Ignore leaves nothing out.
//
// The library behind it turns a pattern into a regular expression, and differs from git in many ways, some of which
// would hide files that git shows. So it is given each pattern in a form that it cannot get wrong: what is special
// stands as the expression that it means, every other byte that is no letter or digit as a number, and bytes beyond
// ASCII as characters of their own, in patterns and paths alike. A folder that is ignored is ignored with all that is
// in it, as in git, whatever pattern follows.
type Ignore struct {
	lib *gitignore.GitIgnore
}

// maxPattern is the longest pattern taken. A longer one could make an expression too large to compile, which the
// library would not tell.
const maxPattern = 4 << 10

// NewIgnore reads patterns, one a line of lines.
func NewIgnore(lines []string) (*Ignore, error) {
	var translated []string
	for i, line := range lines {
		if len(line) > maxPattern {
			return nil, fmt.Errorf("ignore pattern %d is longer than %d bytes", i+1, maxPattern)
		}
		if i == 0 {
			line = strings.TrimPrefix(line, "\uFEFF")
		}
		if t, ok := translatePattern(line); ok {
			translated = append(translated, t)
		}
	}
	if len(translated) == 0 {
		return nil, nil
	}
	return &Ignore{lib: gitignore.CompileIgnoreLines(translated...)}, nil
}

// ReadIgnoreFile reads the patterns of a file; it is no error that there is none.
func ReadIgnoreFile(path string) ([]string, error) {
	text, err := plain.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading ignore patterns: %w", err)
	}
	return strings.Split(string(text), "\n"), nil
}

// Match reports whether the patterns leave out name, itself or with a folder above it.
func (g *Ignore) Match(name string, dir bool) bool {
	if g == nil {
		return false
	}
	for i := range name {
		if name[i] == '/' && g.MatchBelow(name[:i], true) {
			return true
		}
	}
	return g.MatchBelow(name, dir)
}

// MatchBelow is Match for a name of which no folder above it is left out.
func (g *Ignore) MatchBelow(name string, dir bool) bool {
	if g == nil || name == "." || name == "" {
		return false
	}
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; c == '/' || plainByte(c) {
			b.WriteByte(c)
		} else {
			b.WriteRune(patternRune(c))
		}
	}
	if dir {
		b.WriteByte('/')
	}
	return g.lib.MatchesPath(b.String())
}

// patternRune is the character that stands for a byte in paths and patterns: one beyond ASCII, and the line feed, which
// "." of an expression does not match, for itself otherwise.
func patternRune(c byte) rune {
	if c < 0x20 || c >= 0x7f {
		return 0x100 + rune(c)
	}
	return rune(c)
}

func plainByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// anyByte is one byte of a name, nothing the expression for nothing at all.
const (
	anyByte = `[^/]`
	nothing = `[^\x{0}-\x{10ffff}]`
)

// translatePattern is the line for the library that means what git reads in line; false where that is nothing.
func translatePattern(line string) (string, bool) {
	line = strings.TrimSuffix(line, "\r")
	if line == "" || line[0] == '#' {
		return "", false
	}
	line = trimTrailingSpaces(line)
	line, negated := strings.CutPrefix(line, "!")
	line, dirOnly := strings.CutSuffix(line, "/")
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(line); {
		c := line[i]
		switch {
		case c == '*':
			stars := i
			for stars < len(line) && line[stars] == '*' {
				stars++
			}
			begins := i == 0 || line[i-1] == '/'
			ends := stars == len(line) || line[stars] == '/'
			switch {
			case begins && ends && stars-i == 2 && anchored && stars < len(line):
				b.WriteString("**/") // any number of folders
				stars++
			case begins && ends:
				b.WriteString(anyByte + "*") // a name, which is never empty
			default:
				b.WriteByte('*')
			}
			i = stars
		case c == '?':
			b.WriteString(anyByte)
			i++
		case c == '[':
			set, size := readClass(line[i:])
			if size == 0 {
				return "", false // git matches nothing with it
			}
			b.WriteString(set)
			i += size
		case c == '\\':
			if i+1 == len(line) {
				return "", false // neither with this
			}
			writeByte(&b, line[i+1])
			i += 2
		default:
			writeByte(&b, c)
			i++
		}
	}
	out := b.String()
	if anchored && !strings.HasPrefix(out, "**/") {
		out = "/" + out
	}
	if dirOnly {
		out += "/"
	}
	if negated {
		out = "!" + out
	}
	return out, true
}

// trimTrailingSpaces cuts the blanks at the end that no backslash protects.
func trimTrailingSpaces(line string) string {
	end := -1
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			if end < 0 {
				end = i
			}
		case '\\':
			i++
			end = -1
		default:
			end = -1
		}
	}
	if end >= 0 {
		return line[:end]
	}
	return line
}

func writeByte(b *strings.Builder, c byte) {
	if c == '/' || plainByte(c) {
		b.WriteByte(c)
		return
	}
	fmt.Fprintf(b, `\x{%x}`, patternRune(c))
}

// readClass reads the bracket expression that text begins with, by git's rules: the class of the expression, and its
// length; 0 where it has no end.
func readClass(text string) (class string, size int) {
	var set [256]bool
	i := 1
	negated := i < len(text) && (text[i] == '!' || text[i] == '^')
	if negated {
		i++
	}
	previous := -1 // the byte that a range could begin with
	for first := true; ; first = false {
		if i >= len(text) {
			return "", 0
		}
		c := text[i]
		if c == ']' && !first {
			i++
			break
		}
		switch {
		case c == '\\':
			if i++; i >= len(text) {
				return "", 0
			}
			c = text[i]
			set[c] = true
			previous = int(c)
		case c == '-' && previous >= 0 && i+1 < len(text) && text[i+1] != ']':
			i++
			if c = text[i]; c == '\\' {
				if i++; i >= len(text) {
					return "", 0
				}
				c = text[i]
			}
			for k := previous; k <= int(c); k++ {
				set[k] = true
			}
			previous = -1
		case c == '[' && i+1 < len(text) && text[i+1] == ':':
			end := strings.IndexByte(text[i+2:], ']')
			if end < 0 {
				return "", 0
			}
			name := text[i+2 : i+2+end]
			if !strings.HasSuffix(name, ":") {
				// No class: an ordinary bracket.
				set['['] = true
				previous = '['
				break
			}
			in, ok := posixClasses()[strings.TrimSuffix(name, ":")]
			if !ok {
				return "", 0
			}
			for k := range 128 {
				if in(byte(k)) {
					set[k] = true
				}
			}
			i += 2 + end
			previous = -1
		default:
			set[c] = true
			previous = int(c)
		}
		i++
	}
	var b bytes.Buffer
	for k := 0; k < 256; k++ {
		if k != '/' && set[k] != negated {
			fmt.Fprintf(&b, `\x{%x}`, patternRune(byte(k)))
		}
	}
	if b.Len() == 0 {
		return nothing, i
	}
	return "[" + b.String() + "]", i
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

var posixClasses = sync.OnceValue(func() map[string]func(byte) bool {
	return map[string]func(byte) bool{
		"alnum":  func(c byte) bool { return isLetter(c) || isDigit(c) },
		"alpha":  isLetter,
		"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
		"cntrl":  func(c byte) bool { return c < 0x20 || c == 0x7f },
		"digit":  isDigit,
		"graph":  func(c byte) bool { return c > 0x20 && c < 0x7f },
		"lower":  func(c byte) bool { return c >= 'a' && c <= 'z' },
		"print":  func(c byte) bool { return c >= 0x20 && c < 0x7f },
		"punct":  func(c byte) bool { return c > 0x20 && c < 0x7f && !isLetter(c) && !isDigit(c) },
		"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
		"upper":  func(c byte) bool { return c >= 'A' && c <= 'Z' },
		"xdigit": func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' },
	}
})
