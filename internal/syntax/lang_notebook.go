package syntax

import "strings"

// langNotebook is a notebook of Jupyter.
func langNotebook() *language {
	return &language{name: "notebook",
		endings: ".ipynb",
		data:    true,
		read:    readNotebook,
	}
}

// readNotebook reads Jupyter notebooks: the cells' text in their language, one scope for all of them, and what they
// printed.
func readNotebook(r *reading, root *Node) {
	tree := &Node{Kind: File}
	readJSON(r, tree)
	lang := "python"
	var cells []*Node
	walk(tree, func(n *Node) {
		if n.Kind != Bind || len(n.Kids) != 1 {
			return
		}
		switch n.Name {
		case "language":
			if l := langOfFence(strings.ToLower(n.Kids[0].Text)); l != "" {
				lang = l
			}
		case "source", "input":
			if n.Parent != nil && n.Parent.Kind == Table {
				cells = append(cells, n.Parent)
			}
		}
	})
	if len(cells) == 0 {
		for _, k := range tree.Kids {
			root.put(k)
		}
		return
	}
	for _, c := range cells {
		kind := ""
		for _, k := range c.Kids {
			if k.Kind == Bind && k.Name == "cell_type" && len(k.Kids) == 1 {
				kind = k.Kids[0].Text
			}
		}
		for _, k := range c.Kids {
			switch {
			case k.Kind == Bind && (k.Name == "source" || k.Name == "input"):
				text, m := r.cellText(k)
				switch kind {
				case "markdown", "raw":
					r.embed(root, "markdown", "", text, m)
				default:
					r.cell(root, lang, text, m)
				}
			case k.Kind == Bind && k.Name == "outputs":
				root.put(k)
			}
		}
	}
}

// cellText puts the strings of a cell together.
func (r *reading) cellText(b *Node) (string, offsets) {
	var text strings.Builder
	var m offsets
	walk(b, func(n *Node) {
		if n.Kind != Literal || n.Flags&Default != 0 {
			return
		}
		raw := r.src[n.Start:n.End]
		t := n.Text
		if n.Flags&Template != 0 {
			t = decodeEscapes(raw)
		}
		for _, s := range align(raw, t, n.Start) {
			m = append(m, seam{text.Len() + s.in, s.out})
		}
		text.WriteString(t)
	})
	// A string that only reads a variable is a Ref without a Literal: nothing to lose.
	return text.String(), m
}

// cell reads a cell of code. Its magics are lines of their own.
func (r *reading) cell(root *Node, lang, text string, m offsets) {
	if strings.HasPrefix(text, "%%") {
		first := firstLine(text)
		word, rest, _ := strings.Cut(strings.TrimPrefix(first, "%%"), " ")
		at := min(lineEnd(text, 0)+1, len(text))
		l, name := "", ""
		switch word {
		case "bash", "sh", "script", "shell", "system", "!":
			l = "shell"
		case "writefile", "file":
			name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "-a"))
			l = langOf(name, text[at:])
		case "javascript", "js", "html", "sql", "ruby", "perl", "markdown", "latex":
			l = langOfFence(word)
		case "capture", "time", "timeit":
			l = lang
		}
		b := root
		if name != "" {
			b = root.putBlock(name, m.at(0))
		}
		r.embed(b, l, name, text[at:], shifted(at).into(m, len(text)-at))
		return
	}
	if !strings.Contains(text, "%") && !strings.Contains(text, "!") {
		r.embed(root, lang, "", text, m)
		return
	}
	code := []byte(text)
	type magic struct {
		lang       string
		start, end int
	}
	var magics []magic
	for i := 0; i < len(text); {
		r.step()
		e := lineEnd(text, i)
		k, stop := trimLine(text, i, e)
		i = e + 1
		if k >= stop || text[k] != '%' && text[k] != '!' {
			continue
		}
		mg := magic{start: k + 1, end: stop}
		switch {
		case text[k] == '!':
			mg.lang = "shell"
		case strings.HasPrefix(text[k:stop], "%env "), strings.HasPrefix(text[k:stop], "%set_env "):
			mg.lang = "dotenv"
			mg.start = k + strings.IndexByte(text[k:stop], ' ') + 1
			if w := text[mg.start:stop]; strings.IndexByte(w, '=') < 0 { // %env NAME value
				mg.lang = "properties"
			}
		case strings.HasPrefix(text[k:stop], "%sx "), strings.HasPrefix(text[k:stop], "%system "),
			strings.HasPrefix(text[k:stop], "%pip "):
			mg.lang = "shell"
		}
		if mg.lang != "" && mg.start < mg.end {
			magics = append(magics, mg)
		}
		for c := k; c < stop; c++ {
			code[c] = ' '
		}
	}
	for _, mg := range magics {
		before := len(root.Kids)
		r.embed(root, mg.lang, "", text[mg.start:mg.end], shifted(mg.start).into(m, mg.end-mg.start))
		for _, k := range root.Kids[before:] {
			if k.Kind == Bind && (mg.lang == "properties" || mg.lang == "dotenv") {
				k.Flags |= Env
			}
		}
	}
	r.embed(root, lang, "", string(code), m)
}

// into maps a piece of n bytes of a text through the map of that text.
func (o offsets) into(outer offsets, n int) offsets {
	start := o[0].out
	res := offsets{{0, outer.at(start)}}
	for _, s := range outer {
		if s.in > start && s.in < start+n {
			res = append(res, seam{s.in - start, s.out})
		}
	}
	return res
}
