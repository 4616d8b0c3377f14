package syntax

import "strings"

// langCSV is rows of values.
func langCSV() *language {
	return &language{name: "csv",
		endings: ".csv .tsv .tab .psv",
		fences:  "tsv",
		read:    readCSV,
	}
}

// readCSV reads tables of comma, semicolon, tab or bar: the first row names the cells.
func readCSV(r *reading, root *Node) {
	src := strings.TrimPrefix(r.src, "\ufeff")
	first := firstLine(src)
	sep, most := byte(','), 0
	for _, c := range []byte(",;\t|") {
		if n := strings.Count(first, string(c)); n > most {
			sep, most = c, n
		}
	}
	at := len(r.src) - len(src)
	list := root.putGroup(List, at)
	var heads []span
	for row := 0; at < len(r.src); row++ {
		r.step()
		var cells []csvCell
		cells, at = csvRow(r.src, at, sep)
		if row == 0 && headRow(r.src, cells) {
			for _, c := range cells {
				heads = append(heads, span{start: c.start, end: c.end})
			}
			continue
		}
		t := list.putNext(Element, at).putGroup(Table, at)
		for i, c := range cells {
			if c.start >= c.end {
				continue
			}
			n := t
			if i < len(heads) && heads[i].end > heads[i].start {
				n = t.putBind(r.src[heads[i].start:heads[i].end], heads[i].start)
				n.Start, n.End = c.start, c.end
			}
			text := r.src[c.start:c.end]
			flags := Flags(0)
			if c.quoted {
				text, flags = strings.ReplaceAll(text, `""`, `"`), Quoted
			}
			n.putLit(text, c.start, c.end, flags)
		}
		if len(t.Kids) > 0 {
			t.Start, t.End = t.Kids[0].Start, t.Kids[len(t.Kids)-1].End
			t.Parent.Start, t.Parent.End = t.Start, t.End
		}
		pairUp(t)
	}
}

type csvCell struct {
	start, end int
	quoted     bool
}

func csvRow(src string, at int, sep byte) ([]csvCell, int) {
	var cells []csvCell
	for {
		c := csvCell{start: at, end: at}
		if at < len(src) && src[at] == '"' {
			c.quoted = true
			c.start++
			k := at + 1
			for k < len(src) && (src[k] != '"' || k+1 < len(src) && src[k+1] == '"') {
				if src[k] == '"' {
					k++
				}
				k++
			}
			if k >= len(src) { // never closed
				k = lineEnd(src, at)
			}
			c.end = max(k, c.start)
			at = min(k+1, len(src))
			for at < len(src) && src[at] != sep && src[at] != '\n' {
				at++
			}
		} else {
			for at < len(src) && src[at] != sep && src[at] != '\n' {
				at++
			}
			c.start, c.end = trim(src, c.start, at)
		}
		cells = append(cells, c)
		if at >= len(src) {
			return cells, at
		}
		at++
		if src[at-1] == '\n' {
			return cells, at
		}
	}
}

// headRow says that a row holds names: short words, none of which looks like a value.
func headRow(src string, cells []csvCell) bool {
	if len(cells) < 2 {
		return false
	}
	for _, c := range cells {
		t := src[c.start:c.end]
		if len(t) > 48 || strings.ContainsAny(t, ":@=") || t != "" && t[0] >= '0' && t[0] <= '9' {
			return false
		}
	}
	return true
}
