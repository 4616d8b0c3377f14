package syntax

import "strings"

// langURL is a URL.
func langURL() *language {
	return &language{name: "url",
		read: readURL,
	}
}

// langQuery is the query of a URL.
func langQuery() *language {
	return &language{name: "query",
		read: readQuery,
	}
}

// langHeaderLine is one header.
func langHeaderLine() *language {
	return &language{name: "headerline",
		read: readHeaderLine,
	}
}

// langOptions is words of a command.
func langOptions() *language {
	return &language{name: "options",
		read: readOptions,
	}
}

// langCommas is values that commas part.
func langCommas() *language {
	return &language{name: "commas",
		read: readCommas,
	}
}

// readURL reads a URL's query and fragment as Binds, and its user-info.
func readURL(r *reading, root *Node) {
	src := strings.TrimSpace(r.src)
	off := strings.Index(r.src, src)
	q := len(src)
	if k := strings.IndexAny(src, "?#"); k >= 0 {
		q = k
	}
	if s := strings.Index(src[:q], "://"); s >= 0 {
		host := src[s+3 : q]
		if k := strings.IndexByte(host, '/'); k >= 0 {
			host = host[:k]
		}
		if at := strings.LastIndexByte(host, '@'); at > 0 {
			b := root.putBind("userinfo", off+s+3)
			b.End = off + s + 3 + at
			r.lit(b, off+s+3, off+s+3+at, 0)
		}
	}
	base := root.putNext(Arg, off)
	base.End = off + q
	r.lit(base, off, off+q, 0)
	if q < len(src) {
		r.query(root, off+q+1, off+len(src))
	}
}

// readQuery reads name=value pairs between & or ;.
func readQuery(r *reading, root *Node) { r.query(root, 0, len(r.src)) }

func (r *reading) query(n *Node, start, end int) {
	for i := start; i < end; {
		r.step()
		k := i
		for k < end && strings.IndexByte("&;#?\n", r.src[k]) < 0 {
			k++
		}
		at, stop := trim(r.src, i, k)
		i = k + 1
		eq := strings.IndexByte(r.src[at:stop], '=')
		if eq <= 0 {
			continue
		}
		b := n.putBind(strings.TrimSpace(r.src[at:at+eq]), at)
		b.End = stop
		if isUpperName(b.Name) && isShellName(b.Name) {
			b.Flags |= Env
		}
		v, e := trim(r.src, at+eq+1, stop)
		flags := Flags(0)
		if e-v >= 2 && (r.src[v] == '"' || r.src[v] == '\'') && r.src[e-1] == r.src[v] {
			v, e, flags = v+1, e-1, Quoted
		}
		r.value(b, v, e, flags, refBrace|refTwig, nil)
	}
}

// readHeaderLine reads "Name: value".
func readHeaderLine(r *reading, root *Node) {
	k, e := trim(r.src, 0, len(r.src))
	r.header(root, k, e)
}

// readOptions reads options without their command.
func readOptions(r *reading, root *Node) {
	s := &shell{reading: r}
	var words []shellWord
	for s.at < len(r.src) {
		r.step()
		if isSpace(r.src[s.at]) {
			s.at++
			continue
		}
		before := s.at
		w := s.word()
		if s.at == before {
			s.at++
			continue
		}
		words = append(words, w)
	}
	s.command(root, append([]shellWord{{}}, words...))
}

// readCommas reads values between commas.
func readCommas(r *reading, root *Node) {
	l := root.putGroup(List, 0)
	for i := 0; i < len(r.src); {
		r.step()
		k := i
		for k < len(r.src) && r.src[k] != ',' {
			k++
		}
		v, e := trim(r.src, i, k)
		if v < e {
			el := l.putNext(Element, v)
			el.End = e
			r.lit(el, v, e, 0)
		}
		i = k + 1
	}
	l.End = len(r.src)
}
