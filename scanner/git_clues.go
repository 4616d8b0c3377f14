package scanner

import (
	"bytes"
	"path"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// clues are what a file says that has to do with what was found: its text, a name that holds it, the name of its file.
type clues struct {
	secrets [][]byte
	names   []clue
	known   map[string]bool // names that are there
}

// A clue is a name: its words in lower case, in whatever way a file joins them.
type clue struct {
	words [][]byte
	weak  bool // it is one of a table around the credential, or of its file
}

func (c *clues) secret(text string) {
	if !c.known["="+text] {
		c.know("=" + text)
		c.secrets = append(c.secrets, []byte(text))
	}
}

func (c *clues) know(key string) {
	if c.known == nil {
		c.known = map[string]bool{}
	}
	c.known[key] = true
}

func (c *clues) name(name string, weak bool) {
	key := rules.NormalName(name)
	if len(key) < 3 || c.known[key] {
		return
	}
	c.know(key)
	k := clue{weak: weak || !strings.Contains(key, "_")}
	for _, w := range strings.Split(key, "_") {
		k.words = append(k.words, []byte(strings.ToLower(w)))
	}
	c.names = append(c.names, k)
}

// file takes up the name by which others import a file, or hand it to a service.
func (c *clues) file(p string) {
	base := path.Base(p)
	if strings.HasPrefix(base, ".") { // .env, .env.local
		c.names = append(c.names, clue{words: [][]byte{[]byte(strings.ToLower(base))}})
		return
	}
	stem, _, _ := strings.Cut(base, ".")
	if stem == "index" || stem == "__init__" || stem == "mod" {
		stem = path.Base(path.Dir(p))
	}
	c.name(stem, true)
}

// learn takes up the names that a file gives to what was found: those that hold it, or something that goes by a name
// which is known.
func (c *clues) learn(f *fileFacts) {
	for _, d := range f.defs {
		for _, a := range d.atoms {
			if a.site == nil && !c.knows(a.ref) || a.site != nil && f.ignored {
				continue
			}
			c.name(d.raw, false)
			for _, p := range d.path[:len(d.path)-1] {
				c.name(p, true)
			}
			break
		}
	}
	for _, k := range f.calls {
		for _, atoms := range k.arguments().args {
			for _, a := range atoms {
				if a.site != nil && !f.ignored || c.knows(a.ref) {
					c.name(k.name, false)
				}
			}
		}
	}
	if f.ignored {
		return
	}
	for _, p := range f.places {
		if p.sets || p.reads {
			c.name(p.name, false)
		}
	}
}

// undecided takes up the texts of a file that only another may make credentials, as a list of client keys does, and
// reports whether there are any, or settings that another may fill.
func (c *clues) undecided(f *fileFacts) bool {
	open := false
	for _, p := range f.places {
		open = open || (p.sets || p.reads) && !p.comment
		for _, a := range p.atoms {
			if a.site != nil && a.site.potential && !p.comment {
				open = true
				if text := a.site.cred.Secret.Reveal(); len(text) >= 8 {
					c.secret(text)
				}
			}
		}
	}
	return open
}

// knows reports whether the last name of a dotted one is known.
func (c *clues) knows(ref string) bool {
	if ref == "" {
		return false
	}
	return c.known[rules.NormalName(rules.LastName(ref))]
}

// class says how much a file says: 0 of the credential or a name that holds it, 1 of what is around that, 2 nothing.
func (c *clues) class(f *nearFile) int {
	if c.holds(f.text) {
		return 0
	}
	class := 2
	for i := range c.names {
		switch k := &c.names[i]; {
		case k.weak && class == 1 || !k.in(f.lower):
		case !k.weak:
			return 0
		default:
			class = 1
		}
	}
	return class
}

// in reports whether a text (lower case) has the words of a name one behind the other, with at most two signs between
// them.
func (k *clue) in(text []byte) bool {
	for at := 0; ; {
		i := bytes.Index(text[at:], k.words[0])
		if i < 0 {
			return false
		}
		at += i + len(k.words[0])
		rest := text[at:]
		all := true
		for _, w := range k.words[1:] {
			signs := 0
			for signs < 2 && signs < len(rest) && !lowerAlnum(rest[signs]) {
				signs++
			}
			if all = bytes.HasPrefix(rest[signs:], w); !all {
				break
			}
			rest = rest[signs+len(w):]
		}
		if all {
			return true
		}
	}
}

func lowerAlnum(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// holds reports whether a text holds one of the credentials.
func (c *clues) holds(text []byte) bool {
	for _, s := range c.secrets {
		if bytes.Contains(text, s) {
			return true
		}
	}
	return false
}

// mostPromise is the most that a name promises.
const mostPromise = 4

// promise is how much the name of a file says that it may tell what a credential is. It is asked of thousands.
func promise(base string) int {
	n := 0
	for i := 0; i < len(base); i++ {
		rest := base[i:]
		switch base[i] | 0x20 {
		case 'u':
			n += promises(rest, "unleash")
		case 'f':
			n += promises(rest, "feature") + promises(rest, "flag")
		case 't':
			n += promises(rest, "toggle") + promises(rest, "token") - promises(rest, "test")
		case 'e':
			n += promises(rest, "env")
		case 'c':
			n += promises(rest, "compose") + promises(rest, "config")
		case 'v':
			n += promises(rest, "values")
		case 's':
			n += promises(rest, "settings") + promises(rest, "secret") - promises(rest, "spec.")
		}
	}
	switch path.Ext(base) {
	case ".md", ".mdx", ".rst", ".txt", ".adoc":
		n -= 2
	}
	return min(n, mostPromise)
}

// promises is 2 where a name begins with a word (lower case), in any case.
func promises(name, word string) int {
	if len(name) >= len(word) && strings.EqualFold(name[:len(word)], word) {
		return 2
	}
	return 0
}

// unreadable reports whether the name of a file says that it is of use to no verdict: pictures, fonts, archives, style
// sheets, what tools write.
func unreadable(base string) bool {
	switch path.Ext(base) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".bmp", ".pdf", ".woff", ".woff2", ".ttf",
		".otf", ".eot", ".mp3", ".mp4", ".webm", ".zip",
		".gz", ".tgz", ".xz", ".zst", ".jar", ".exe", ".dll", ".so", ".dylib", ".bin", ".wasm", ".css", ".scss",
		".sass", ".less", ".lock", ".sum", ".snap", ".map", ".po":
		return true
	}
	return base == "package-lock.json" || base == "pnpm-lock.yaml" || base == ".gitignore" ||
		base == ".gitattributes" || base == "LICENSE"
}
