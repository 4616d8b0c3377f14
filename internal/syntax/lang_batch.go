package syntax

import "strings"

// langBatch is a batch file of Windows.
func langBatch() *language {
	return &language{name: "batch",
		endings: ".bat .cmd",
		fences:  "bat cmd dos",
		read:    readBatch,
	}
}

// langBatchLine is one line of a batch file.
func langBatchLine() *language {
	return &language{name: "batchline",
		read: readBatchLine,
	}
}

// readBatch reads batch files of Windows: set NAME=value, and commands.
func readBatch(r *reading, root *Node) {
	src := r.src
	for i := 0; i < len(src); {
		r.step()
		end := lineEnd(src, i)
		k, e := trimLine(src, i, end)
		for k < e && (src[k] == '@' || src[k] == '(' || src[k] == ')' || src[k] == ' ') {
			k++
		}
		line := src[k:e]
		comment := false
		for _, mark := range []string{"rem ", "::", "rem\t", "#"} {
			if hasPrefixFold(line, mark) {
				k, _ = trim(src, k+len(mark), e)
				comment = true
				break
			}
		}
		for !comment && end < len(src) && strings.HasSuffix(strings.TrimRight(src[k:end], " \r"), "^") {
			r.step()
			end = lineEnd(src, end+1)
			_, e = trimLine(src, k, end)
		}
		i = end + 1
		if k >= e {
			continue
		}
		hold := &Node{}
		if !r.batchSet(hold, k, e) {
			if comment {
				r.proseLine(hold, k, e)
			} else {
				// ^ continues a line as \ does, and both are one byte.
				text := strings.ReplaceAll(strings.ReplaceAll(src[k:e], "^\n", "\\\n"), "^\r\n", "\\\r\n")
				r.embed(hold, "batchline", "", text, shifted(k))
			}
		}
		if comment {
			flagAll(hold.Kids, InComment)
		}
		for _, n := range hold.Kids {
			root.put(n)
		}
	}
}

// readBatchLine reads a command of a batch file.
func readBatchLine(r *reading, root *Node) {
	s := &shell{reading: r, blocks: []*Node{root}, style: refPercent}
	s.statements()
}

func (r *reading) batchSet(n *Node, k, e int) bool {
	src := r.src
	if !hasPrefixFold(src[k:e], "set ") && !hasPrefixFold(src[k:e], "if not defined ") {
		return false
	}
	s := strings.Index(strings.ToLower(src[k:e]), "set ")
	if s < 0 {
		return false
	}
	k, e = trim(src, k+s+4, e)
	for k < e && src[k] == '/' {
		r.step()
		// set /p NAME=
		k, _ = trim(src, nextBlank(src, k, e), e)
	}
	if k < e && src[k] == '"' {
		k++
		if c := strings.LastIndexByte(src[k:e], '"'); c >= 0 {
			e = k + c
		}
	}
	eq := strings.IndexByte(src[k:e], '=')
	if eq <= 0 {
		return false
	}
	for _, sep := range []string{" & ", " && "} {
		if c := strings.Index(src[k+eq:e], sep); c >= 0 {
			e = k + eq + c
		}
	}
	b := n.putBind(strings.TrimSpace(src[k:k+eq]), k)
	b.Flags, b.End = Env, e
	v := k + eq + 1
	if e-v >= 2 && src[v] == '"' && src[e-1] == '"' {
		v, e = v+1, e-1
	}
	r.value(b, v, e, 0, refPercent|refTwig, nil)
	return true
}
