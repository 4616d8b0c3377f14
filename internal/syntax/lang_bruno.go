package syntax

import "strings"

// langBruno is the files of Bruno's requests, folders and environments.
func langBruno() *language {
	return &language{name: "bruno",
		endings: ".bru",
		read:    readBruno,
	}
}

// readBruno reads blocks: the one of a method is a Call of it, its URL the first Arg, and headers and what is told to
// authorise it Binds under it; variables are Binds of the file; texts are read as what their blocks are called after.
func readBruno(r *reading, root *Node) {
	b := &bruno{reading: r, root: root}
	for i := 0; i < len(r.src); {
		r.step()
		end := lineEnd(r.src, i)
		k, e := trimLine(r.src, i, end)
		line := r.src[k:e]
		switch {
		case strings.HasSuffix(line, "{"):
			i = b.block(strings.TrimSpace(line[:len(line)-1]), k, min(end+1, len(r.src)), "}")
		case strings.HasSuffix(line, "["): // names of variables without their values
			i = b.block("", k, min(end+1, len(r.src)), "]")
		default:
			r.proseLine(root, k, e)
			i = end + 1
		}
	}
}

type bruno struct {
	*reading
	root *Node
	call *Node // the request, nil before it
}

// block reads what stands in a block whose first line begins at start; next is the offset behind it. What closes it
// stands at the beginning of a line.
func (b *bruno) block(name string, at, start int, closer string) (next int) {
	end, next := len(b.src), len(b.src)
	for i := start; i < len(b.src); {
		b.step()
		e := lineEnd(b.src, i)
		if strings.TrimRight(b.src[i:e], " \t\r") == closer {
			end, next = i, min(e+1, len(b.src))
			break
		}
		i = e + 1
	}
	kind, _, _ := strings.Cut(name, ":")
	switch kind {
	case "":
	case "get", "post", "put", "patch", "delete", "head", "options", "http", "graphql":
		b.call = b.root.putCall(strings.ToUpper(kind), at)
		b.call.End = end
		b.lines(b.call, start, end)
	case "headers":
		b.lines(b.holder(name, at, end), start, end)
	case "auth":
		b.auth(b.holder(name, at, end), start, end)
	case "vars":
		b.lines(b.root, start, end)
	case "body", "script", "tests", "docs":
		n := b.holder(name, at, end)
		inner := n.putBlock(kind, at)
		inner.End = end
		b.embed(inner, textOf(name), "", b.src[start:end], shifted(start))
	default:
		n := b.root.putBlock(name, at)
		n.End = end
		b.lines(n, start, end)
	}
	return next
}

// textOf is the language of the text in a block, "text" where that is none.
func textOf(name string) string {
	switch {
	case name == "body" || name == "body:json":
		return "json"
	case name == "tests" || strings.HasPrefix(name, "script"):
		return "javascript"
	case name == "docs":
		return "markdown"
	}
	return "text"
}

// holder is what the entries of a block are of: the request, else a block of that name.
func (b *bruno) holder(name string, at, end int) *Node {
	n := b.call
	if n == nil {
		n = b.root.putBlock(name, at)
	}
	n.End = max(n.End, end)
	return n
}

// lines reads name: value, a line each. One that begins with ~ is switched off.
func (b *bruno) lines(n *Node, start, end int) {
	b.eachLine(start, end, func(name string, at, v, e int) {
		if n == b.call && name == "url" {
			b.value(n.putNext(Arg, v), v, e, 0, refTwig, nil)
			return
		}
		bind := n.putBind(name, at)
		bind.End = e
		b.value(bind, v, e, 0, refTwig, nil)
	})
}

// auth reads what authorises a request: a key is the header, or what else it says, of its name.
func (b *bruno) auth(n *Node, start, end int) {
	name, at, v, e := "", 0, 0, 0
	b.eachLine(start, end, func(key string, k, from, to int) {
		switch key {
		case "key":
			name, at = b.src[from:to], from
		case "value":
			v, e = from, to
		case "token": // of a bearer
			name, at, v, e = "Authorization", k, from, to
		}
	})
	if name == "" || v == e {
		return
	}
	bind := n.putBind(name, at)
	bind.End = max(e, at)
	b.value(bind, v, e, 0, refTwig, nil)
}

func (b *bruno) eachLine(start, end int, visit func(name string, at, v, e int)) {
	for i := start; i < end; {
		b.step()
		stop := lineEnd(b.src, i)
		k, e := trimLine(b.src, i, min(stop, end))
		i = stop + 1
		if k < e && (b.src[k] == '~' || b.src[k] == '@') {
			k++
		}
		colon := strings.IndexByte(b.src[k:e], ':')
		if colon <= 0 {
			continue
		}
		v, ve := trim(b.src, k+colon+1, e)
		visit(strings.TrimSpace(b.src[k:k+colon]), k, v, ve)
	}
}
