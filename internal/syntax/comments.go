package syntax

import "strings"

// readComments reads what stands in comments and hangs it where they stand: code as code, the rest as prose. Positions
// stay exact, for the marks of comments are only blanked out.
func (r *codeReader) readComments(root *Node, comments []codeComment, depth int) {
	added := map[*Node][]*Node{}
	var order []*Node
	for i := 0; i < len(comments); {
		r.step()
		j := i + 1
		for j < len(comments) && !comments[i].block && !comments[j].block && r.nextLine(comments[j-1].end,
			comments[j].start) {
			j++
		}
		start, end := comments[i].start, comments[j-1].end
		text := r.blanked(comments[i:j], start, end)
		for _, n := range r.commentNodes(text, depth) {
			walk(n, func(n *Node) {
				n.Start += start
				n.End += start
				n.NameStart += start
				n.Flags |= InComment
			})
			p := enclosing(root, n.Start)
			if added[p] == nil {
				order = append(order, p)
			}
			added[p] = append(added[p], n)
		}
		i = j
	}
	for _, p := range order {
		p.Kids = mergeKids(p, added[p])
	}
}

// nextLine says that only blanks and one line's end stand between two offsets.
func (r *codeReader) nextLine(from, to int) bool {
	return to-from < 400 && strings.TrimSpace(r.src[from:to]) == "" && strings.Count(r.src[from:to], "\n") == 1
}

// blanked is src[start:end] with the marks of the comments as blanks.
func (r *codeReader) blanked(comments []codeComment, start, end int) string {
	b := []byte(r.src[start:end])
	for _, c := range comments {
		blank := func(from, to int) {
			for k := from; k < to && k < end; k++ {
				if b[k-start] != '\n' {
					b[k-start] = ' '
				}
			}
		}
		text := r.src[c.start:c.end]
		if !c.block {
			n := 0
			for n < len(text) && strings.IndexByte("/#;-'!", text[n]) >= 0 && n < 4 {
				n++
			}
			if n == 0 && len(text) >= 3 {
				n = 3 // rem
			}
			blank(c.start, c.start+n)
			continue
		}
		for _, m := range r.l.block {
			if strings.HasPrefix(text, m[0]) {
				blank(c.start, c.start+len(m[0]))
				if strings.HasSuffix(text, m[1]) && len(text) >= len(m[0])+len(m[1]) {
					blank(c.end-len(m[1]), c.end)
				}
				break
			}
		}
		// The stars in front of the lines of a box.
		for p := c.start; p < c.end; {
			r.step()
			q := p
			for q < c.end && (r.src[q] == ' ' || r.src[q] == '\t') {
				q++
			}
			if q < c.end && r.src[q] == '*' && !(q+1 < c.end && r.src[q+1] == ':') {
				blank(q, q+1)
			}
			k := strings.IndexByte(r.src[p:c.end], '\n')
			if k < 0 {
				break
			}
			p += k + 1
		}
	}
	return string(b)
}

// commentNodes reads the text of a comment: runs of lines that look like code as code, the others as prose.
func (r *codeReader) commentNodes(text string, depth int) (nodes []*Node) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	lines := strings.SplitAfter(text, "\n")
	at := 0
	for i := 0; i < len(lines); {
		r.step()
		code := looksLikeCode(lines[i])
		j, n := i, 0
		for j < len(lines) && (looksLikeCode(lines[j]) == code || strings.TrimSpace(lines[j]) == "") {
			n += len(lines[j])
			j++
		}
		piece := text[at : at+n]
		root := &Node{Kind: File, End: len(piece)}
		if code {
			readProgram(r.meter, r.l, piece, root, depth+1)
			pruneRefs(root)
		} else if strings.TrimSpace(piece) != "" {
			readProse(&reading{meter: r.meter, src: piece, depth: maxEmbedding - 1}, root)
			stretch(root)
		}
		for _, k := range root.Kids {
			walk(k, func(n *Node) { n.Start += at; n.End += at; n.NameStart += at })
			nodes = append(nodes, k)
		}
		at += n
		i = j
	}
	return nodes
}

// pruneRefs drops names that stand alone: words of a sentence.
func pruneRefs(root *Node) {
	kept := root.Kids[:0]
	for _, k := range root.Kids {
		if k.Kind != Ref && !(k.Kind == Bind && len(k.Kids) == 0 && k.Flags&Typed != 0) {
			kept = append(kept, k)
		}
	}
	root.Kids = kept
}

// looksLikeCode tells a line of code from a line of prose.
func looksLikeCode(line string) bool {
	s := strings.TrimSpace(line)
	if s == "" {
		return false
	}
	if strings.HasPrefix(s, "@") && !strings.Contains(s, "(") {
		return false // @param and its like
	}
	// Words in a row, as sentences have them; code in quotes does not count.
	words, run := 0, 0
	var quote byte
	sign := false
	for i := 0; i < len(s); {
		c := s[i]
		if quote != 0 {
			if c == quote {
				quote = 0
			}
			i++
			continue
		}
		switch {
		case c == '"' || c == '`' || c == '\'' && (i == 0 || !isWordByte(s[i-1])):
			quote = c
			sign = true
			run = 0
		case isAlphaByte(c):
			for i < len(s) && isWordByte(s[i]) {
				i++
			}
			run++
			words = max(words, run)
			if i < len(s) && (s[i] == ',' || s[i] == '.' || s[i] == '?') && i+1 < len(s) && s[i+1] == ' ' {
				i++ // a comma of a sentence does not end the row
			}
			continue
		case c == ' ' || c == '\t':
		default:
			run = 0
			if strings.IndexByte("=:({[;}])", c) >= 0 {
				sign = true
			}
		}
		i++
	}
	if words >= 4 {
		return false
	}
	if !sign {
		return strings.HasSuffix(s, ",") && words < 2
	}
	if quote == 0 && !strings.ContainsAny(s, "\"'`") && !strings.ContainsAny(s, "({[}])=;") {
		return false // name: value without quotes
	}
	if !strings.ContainsAny(s, "\"'`(){}[];") { // NAME=value without quotes
		if k := strings.IndexByte(s, '='); k > 0 && k+1 < len(s) && s[k-1] != ' ' && s[k+1] != ' ' {
			return false
		}
	}
	return true
}

// enclosing finds the innermost node with kids that reaches over the offset.
func enclosing(n *Node, at int) *Node {
	for {
		lo, hi := 0, len(n.Kids)
		for lo < hi { // the last kid that begins at or before the offset
			m := (lo + hi) / 2
			if n.Kids[m].Start <= at {
				lo = m + 1
			} else {
				hi = m
			}
		}
		if lo == 0 {
			return n
		}
		k := n.Kids[lo-1]
		if k.Kind == Literal || k.Kind == Ref || at >= k.End {
			return n
		}
		n = k
	}
}

// mergeKids puts nodes among the kids of p, by where they stand.
func mergeKids(p *Node, nodes []*Node) []*Node {
	res := make([]*Node, 0, len(p.Kids)+len(nodes))
	i := 0
	for _, n := range nodes {
		for i < len(p.Kids) && p.Kids[i].Start <= n.Start {
			res = append(res, p.Kids[i])
			i++
		}
		n.Parent = p
		res = append(res, n)
	}
	return append(res, p.Kids[i:]...)
}
