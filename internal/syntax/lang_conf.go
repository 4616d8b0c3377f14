package syntax

import "strings"

// langConf is directives in blocks: nginx, HAProxy, Caddy, HOCON.
func langConf() *language {
	return &language{name: "conf",
		files:   "nginx.conf httpd.conf apache2.conf .htaccess haproxy.cfg caddyfile mime.types redis.conf",
		endings: ".conf .strings .vhost .nginx .nginxconf .hocon",
		fences:  "nginx apache hocon",
		read:    readConf,
	}
}

// readConf reads the settings of nginx, Apache, HOCON and their like: statements of words, blocks in braces.
func readConf(r *reading, root *Node) {
	c := &conf{reading: r}
	c.block(root, 0)
}

type conf struct {
	*reading
	at int
}

func (c *conf) block(n *Node, nesting int) {
	src := c.src
	for c.at < len(src) {
		c.step()
		switch b := src[c.at]; {
		case isSpace(b) || b == ';' || b == ',':
			c.at++
		case b == '#' || b == '/' && strings.HasPrefix(src[c.at:], "//"):
			end := lineEnd(src, c.at)
			hold := &Node{}
			k := c.at
			for k < end && strings.IndexByte("#/ \t", src[k]) >= 0 {
				k++
			}
			if !c.iniEntry(hold, k, end, true) {
				c.proseLine(hold, k, end)
			}
			flagAll(hold.Kids, InComment)
			for _, k := range hold.Kids {
				n.put(k)
			}
			c.at = end
		case b == '}' || b == ']':
			c.at++
			if nesting > 0 {
				return
			}
		case b == '{':
			c.at++
			c.nested(n, nesting)
		case b == '<': // <Directory "x"> of Apache
			end := lineEnd(src, c.at)
			if c.at+1 < end && src[c.at+1] == '/' {
				c.at = end
				continue
			}
			c.at = end
		case b == '[' && nesting == 0 && strings.HasSuffix(strings.TrimSpace(src[c.at:lineEnd(src, c.at)]), "]"):
			end := lineEnd(src, c.at) // a section of INI after all
			n = rootOf(n)
			n = n.putBlock(strings.Trim(src[c.at:end], "[] \t\r"), c.at+1)
			c.at = end
		default:
			c.statement(n, nesting)
		}
	}
}

func rootOf(n *Node) *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

func (c *conf) nested(n *Node, nesting int) {
	if nesting >= maxNesting {
		c.at = len(c.src)
		return
	}
	c.block(n, nesting+1)
	n.End = c.at
}

// A confWord is a word of a statement: src[start:end], inside its quotes.
type confWord struct {
	start, end int
	quoted     bool
}

// statement reads one statement: name = value, name: value, name words…;, name words {.
func (c *conf) statement(n *Node, nesting int) {
	src := c.src
	var words []confWord
	sep := -1 // after which word = or : stood
	before := c.at
loop:
	for c.at < len(src) {
		c.step()
		switch b := src[c.at]; {
		case b == ' ' || b == '\t' || b == '\r':
			c.at++
		case b == '\n':
			k := c.at
			for k < len(src) && isSpace(src[k]) {
				k++
			}
			// name and { on the next line; a value on the line below its =.
			if sep == len(words) || k < len(src) && src[k] == '{' && len(words) == 1 {
				c.at = k
				continue
			}
			c.at++
			break loop
		case b == ';' || b == '}' || b == ']' || b == ',' && sep >= 0:
			if b != '}' && b != ']' {
				c.at++
			}
			break loop
		case b == '#' && len(words) > 0 && isSpace(src[c.at-1]):
			c.at = lineEnd(src, c.at)
		case b == '{':
			if sep == len(words) && len(words) > 0 || len(words) == 1 { // path { … }, path = { … }
				c.at++
				w := words[0]
				blk := n.putBlock(src[w.start:w.end], w.start)
				c.nested(blk, nesting)
				return
			}
			c.at++
			blk := n.putBlock(c.join(words), words0(words, c.at))
			c.nested(blk, nesting)
			return
		case b == '[' && sep == len(words):
			l := n.putBind(src[words[0].start:words[0].end], words[0].start)
			f := &flow{reading: c.reading, at: c.at, end: len(src)}
			f.value(l, nesting)
			c.at = max(f.at, c.at+1)
			return
		case (b == '=' || b == ':' && len(words) == 1) && sep < 0 && len(words) > 0:
			sep = len(words)
			c.at++
		case b == '"' || b == '\'':
			end, ok := quoteEnd(src, c.at, false)
			if strings.HasPrefix(src[c.at:], `"""`) {
				if k := strings.Index(src[c.at+3:], `"""`); k >= 0 {
					words = append(words, confWord{c.at + 3, c.at + 3 + k, true})
					c.at += k + 6
					continue
				}
			}
			if !ok || end-c.at > 1<<16 {
				end = lineEnd(src, c.at)
			}
			words = append(words, confWord{c.at + 1, max(end, c.at+1), true})
			c.at = min(end+1, len(src))
		default:
			k := c.at
			for k < len(src) && !isSpace(src[k]) && strings.IndexByte(";{}\"", src[k]) < 0 {
				c.step()
				if src[k] == '$' && k+1 < len(src) && src[k+1] == '{' {
					if e := matching(src, k+2, '{', '}'); e > 0 {
						k = e
					}
				}
				if sep < 0 && (src[k] == '=' || src[k] == ':' && (k+1 == len(src) || isSpace(src[k+1]) ||
					src[k+1] == '"')) && len(words) == 0 {
					break
				}
				if sep >= 0 && (src[k] == ',' || src[k] == ']') && (k+1 == len(src) || isSpace(src[k+1])) {
					break
				}
				k++
			}
			if k == c.at {
				c.at++
				continue
			}
			words = append(words, confWord{c.at, k, false})
			c.at = k
		}
	}
	if c.at == before {
		c.at++
	}
	c.hangWords(n, words, sep)
}

func words0(words []confWord, at int) int {
	if len(words) > 0 {
		return words[0].start
	}
	return at
}

func (c *conf) join(words []confWord) string {
	var parts []string
	for _, w := range words {
		parts = append(parts, c.src[w.start:w.end])
	}
	return strings.Join(parts, " ")
}

// hangWords hangs a statement: the last word but one names the last, the first names them all.
func (c *conf) hangWords(n *Node, words []confWord, sep int) {
	if len(words) == 0 {
		return
	}
	src := c.src
	hang := func(b *Node, w confWord) {
		flags := Flags(0)
		var decode func(string) string
		if w.quoted {
			flags, decode = Quoted, decodeEscapes
		}
		b.End = max(b.End, w.end)
		c.value(b, w.start, w.end, flags, refSettings|refDollar, decode)
		c.headerOf(b)
	}
	if sep > 0 {
		b := n.putBind(src[words[0].start:words[0].end], words[0].start)
		if isUpperName(b.Name) && isShellName(b.Name) {
			b.Flags |= Env
		}
		for _, w := range words[sep:] {
			hang(b, w)
		}
		return
	}
	b := n.putBind(src[words[0].start:words[0].end], words[0].start)
	switch rest := words[1:]; {
	case len(rest) == 0:
		b.Kind = Literal
		b.Text, b.Name = b.Name, ""
	case len(rest) == 1:
		hang(b, rest[0])
	default:
		// proxy_set_header Authorization "x", SetEnv NAME x, RequestHeader set Authorization "x"
		k := 0
		for k < len(rest)-2 && (isVerbOfConf(src[rest[k].start:rest[k].end])) {
			k++
		}
		name := src[rest[k].start:rest[k].end]
		in := b.putBind(strings.TrimPrefix(name, "$"), rest[k].start)
		if isUpperName(name) && isShellName(name) {
			in.Flags |= Env
		}
		for _, w := range rest[k+1:] {
			hang(in, w)
		}
	}
}

func isVerbOfConf(w string) bool {
	switch w {
	case "set", "add", "append", "always", "onsuccess", "setifempty", "edit", "set-header", "http-request", "merge":
		return true
	}
	return false
}
