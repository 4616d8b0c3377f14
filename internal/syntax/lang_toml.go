package syntax

import "strings"

// langTOML is TOML.
func langTOML() *language {
	return &language{name: "toml",
		files:   "pipfile poetry.lock cargo.lock gopkg.lock uv.lock",
		endings: ".toml",
		data:    true,
		read:    readTOML,
	}
}

// readTOML reads TOML: a [table] and each [[of an array]] is a Block.
func readTOML(r *reading, root *Node) {
	src := r.src
	section := root
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		at := i
		i = end + 1
		if k >= e {
			continue
		}
		switch src[k] {
		case '#':
			for k < e && (src[k] == '#' || src[k] == ' ') {
				k++
			}
			hold := &Node{}
			if eq := strings.IndexByte(src[k:e], '='); eq > 0 && strings.IndexByte(strings.TrimSpace(src[k:k+eq]),
				' ') < 0 {
				r.embed(hold, "toml", "", src[k:e], shifted(k))
			} else {
				r.proseLine(hold, k, e)
			}
			flagAll(hold.Kids, InComment)
			for _, n := range hold.Kids {
				section.put(n)
			}
		case '[':
			stop := strings.IndexByte(src[k:e], ']')
			if stop < 0 {
				stop = e - k
			}
			v, ve := trim(src, k, k+stop)
			for v < ve && (src[v] == '[' || src[v] == ' ') {
				v++
			}
			section.End = max(section.End, at)
			section = root.putBlock(strings.ReplaceAll(src[v:ve], `"`, ""), v)
			section.Start, section.End = k, e
		default:
			i = max(i, r.tomlEntry(section, k, end))
		}
	}
	walk(root, func(n *Node) {
		if n.Kind == Block && isEnvKey(n.Name[strings.LastIndexByte(n.Name, '.')+1:]) {
			for _, k := range n.Kids {
				if k.Kind == Bind {
					k.Flags |= Env
				}
			}
		}
	})
}

// tomlEntry reads key = value, and returns the start of the line behind it.
func (r *reading) tomlEntry(n *Node, k, end int) int {
	src := r.src
	v := k
	for v < end && src[v] != '=' {
		r.step()
		if src[v] == '"' || src[v] == '\'' {
			c, ok := quoteEnd(src[:end], v, false)
			if !ok {
				break
			}
			v = c
		}
		v++
	}
	if v >= end || src[v] != '=' {
		_, e := trimLine(src, k, end)
		r.proseLine(n, k, e)
		return 0
	}
	name := strings.ReplaceAll(strings.TrimSpace(src[k:v]), `"`, "")
	at := k
	if src[k] == '"' || src[k] == '\'' {
		at++
		name = strings.Trim(name, `'`)
	}
	b := n.putBind(name, at)
	b.Start = k
	v, _ = trimLine(src, v+1, end)
	next := r.tomlValue(b, v, end)
	b.End = max(b.End, min(next, len(src)))
	return lineEnd(src, min(next, len(src))) + 1
}

// tomlValue reads the value at v, and returns its end.
func (r *reading) tomlValue(b *Node, v, end int) int {
	src := r.src
	for _, q := range []string{`"""`, `'''`} {
		if strings.HasPrefix(src[v:], q) {
			stop := strings.Index(src[v+3:], q)
			if stop < 0 {
				break
			}
			start := v + 3
			if strings.HasPrefix(src[start:], "\n") {
				start++
				stop--
			}
			stop += start
			var decode func(string) string
			if q == `"""` {
				decode = decodeEscapes
			}
			r.value(b, start, max(stop, start), Quoted|Multiline, refSettings, decode)
			return stop + 3
		}
	}
	limit := end
	if v < end && (src[v] == '[' || src[v] == '{') {
		limit = len(src)
		if balanced(src[v:end]) {
			limit = end
		}
	}
	f := &flow{reading: r, at: v, end: limit}
	f.value(b, 0)
	return f.at
}
