package syntax

import "strings"

// langSQL is SQL.
func langSQL() *language {
	return &language{name: "sql",
		endings: ".sql .psql .ddl .dml .pgsql",
		fences:  "postgres psql pgsql mysql",
		read:    readSQL,
	}
}

// readSQL reads dumps and scripts: rows of INSERT and COPY are Tables whose Binds are named as the columns are, name =
// 'text' is a Bind, other texts are Literals.
func readSQL(r *reading, root *Node) {
	s := &sqlReader{reading: r, root: root, columns: map[string][]string{}}
	for s.at < len(r.src) {
		s.step()
		s.token()
	}
}

type sqlReader struct {
	*reading
	root    *Node
	at      int
	last    string // the word before
	lastAt  int
	columns map[string][]string // of the tables that were created
}

// token reads what stands at s.at: a name, a text, a comment, a bracket.
func (s *sqlReader) token() {
	src := s.src
	switch c := src[s.at]; {
	case isSpace(c):
		s.at++
	case strings.HasPrefix(src[s.at:], "--") || c == '#':
		end := lineEnd(src, s.at)
		k := s.at
		for k < end && (src[k] == '-' || src[k] == '#' || src[k] == ' ') {
			k++
		}
		hold := &Node{}
		if strings.IndexByte(src[k:end], '\'') >= 0 {
			s.embed(hold, "sql", "", src[k:end], shifted(k))
		} else {
			s.proseLine(hold, k, end)
		}
		flagAll(hold.Kids, InComment)
		for _, h := range hold.Kids {
			s.root.put(h)
		}
		s.at = end
	case strings.HasPrefix(src[s.at:], "/*"):
		end := strings.Index(src[s.at:], "*/")
		if end < 0 {
			s.at = len(src)
			return
		}
		s.at += end + 2
	case c == '\'':
		n := s.root
		if s.last != "" {
			n = n.putBind(s.last, s.lastAt)
		}
		s.text(n)
		s.last = ""
	case c == '=' || c == '(' || c == ',':
		if c != '=' {
			s.last = ""
		}
		s.at++
	case isNameStart(c) || c == '"' || c == '`' || c == '[':
		word, at := s.name()
		switch strings.ToUpper(word) {
		case "INSERT", "REPLACE":
			s.insert()
		case "COPY":
			s.copy()
		case "CREATE":
			s.create()
		case "SET", "WHERE", "AND", "OR", "VALUES", "LIKE", "IN", "IS", "NOT", "NULL", "TO", "SELECT", "FROM", "AS":
			if s.last == "" || strings.ToUpper(word) != "TO" {
				s.last = ""
			}
		default:
			s.last, s.lastAt = word, at
		}
	default:
		s.at++
		if c == ';' || c == ')' {
			s.last = ""
		}
	}
}

// name reads a word, maybe quoted, maybe dotted.
func (s *sqlReader) name() (string, int) {
	src := s.src
	start := s.at
	k := s.at
	for k < len(src) {
		s.step()
		switch c := src[k]; {
		case isNameByte(c) || c == '.' || c == '$':
			k++
			continue
		case c == '"' || c == '`' || c == '[':
			closer := c
			if c == '[' {
				closer = ']'
			}
			e := strings.IndexByte(src[k+1:min(len(src), k+130)], closer)
			if e >= 0 {
				k += e + 2
				continue
			}
		}
		break
	}
	if k == start {
		s.at++
		return "", start
	}
	s.at = k
	w := src[start:k]
	if strings.ContainsAny(w, "\"`[") {
		w = strings.NewReplacer(`"`, "", "`", "", "[", "", "]", "").Replace(w)
		start++
	}
	return w, start
}

// text reads a quoted text and hangs it.
func (s *sqlReader) text(n *Node) {
	src := s.src
	k := s.at + 1
	for k < len(src) {
		s.step()
		if src[k] == '\\' {
			k += 2
			continue
		}
		if src[k] == '\'' {
			if k+1 < len(src) && src[k+1] == '\'' {
				k += 2
				continue
			}
			break
		}
		k++
	}
	closed := k < len(src)
	if !closed {
		k = lineEnd(src, s.at)
	}
	raw := src[s.at+1 : max(k, s.at+1)]
	text := strings.ReplaceAll(raw, "''", "'")
	if strings.IndexByte(text, '\\') >= 0 {
		text = decodeEscapes(text)
	}
	n.putLit(text, s.at+1, max(k, s.at+1), Quoted)
	n.End = max(n.End, k)
	s.at = k
	if closed {
		s.at++
	}
}

func (s *sqlReader) blanks() {
	for s.at < len(s.src) && isSpace(s.src[s.at]) {
		s.at++
	}
}

// names reads ( a, b, c ).
func (s *sqlReader) names() (names []string, at []int) {
	s.blanks()
	if s.at >= len(s.src) || s.src[s.at] != '(' {
		return nil, nil
	}
	s.at++
	for s.at < len(s.src) && s.src[s.at] != ')' && len(names) < 500 {
		s.step()
		if c := s.src[s.at]; isNameStart(c) || c == '"' || c == '`' || c == '[' {
			w, i := s.name()
			names, at = append(names, w), append(at, i)
			continue
		}
		if s.src[s.at] == '\'' {
			return nil, nil
		}
		s.at++
	}
	if s.at < len(s.src) {
		s.at++
	}
	return names, at
}

// insert reads INTO table (columns) VALUES (…), (…).
func (s *sqlReader) insert() {
	var table string
	tableAt := s.at
	for {
		s.step()
		s.blanks()
		if s.at >= len(s.src) || !isNameStart(s.src[s.at]) && strings.IndexByte("\"`[", s.src[s.at]) < 0 {
			break
		}
		w, at := s.name()
		switch strings.ToUpper(w) {
		case "INTO", "IGNORE", "OR", "REPLACE":
			continue
		}
		table, tableAt = w, at
		break
	}
	if table == "" {
		return
	}
	short := table[strings.LastIndexByte(table, '.')+1:]
	names, ats := s.names()
	if names == nil {
		names = s.columns[short]
	}
	s.blanks()
	if s.at < len(s.src) && hasPrefixFold(s.src[s.at:], "overriding") {
		s.at = lineEnd(s.src, s.at)
	}
	if s.at >= len(s.src) || !hasPrefixFold(s.src[s.at:], "values") {
		return
	}
	s.at += len("values")
	list := s.root.putBind(short, tableAt).putGroup(List, s.at)
	for s.at < len(s.src) {
		s.step()
		switch c := s.src[s.at]; {
		case c == '(':
			s.at++
			t := list.putNext(Element, s.at).putGroup(Table, s.at)
			s.row(t, names, ats)
			t.End = s.at
		case isSpace(c) || c == ',':
			s.at++
		case strings.HasPrefix(s.src[s.at:], "--"):
			s.at = lineEnd(s.src, s.at)
		default:
			return
		}
	}
}

// row reads values up to the closing bracket.
func (s *sqlReader) row(t *Node, names []string, ats []int) {
	src := s.src
	column, depth := 0, 0
	var n *Node
	open := func() *Node {
		if n == nil {
			if column < len(names) {
				at := s.at
				if column < len(ats) {
					at = ats[column]
				}
				n = t.putBind(names[column], at)
				n.Start, n.End = s.at, s.at
			} else {
				n = t.putNext(Arg, s.at)
			}
		}
		return n
	}
	for s.at < len(src) {
		s.step()
		switch c := src[s.at]; {
		case c == ')' && depth == 0:
			s.at++
			return
		case c == ')':
			depth--
			s.at++
		case c == '(':
			depth++
			s.at++
		case c == ',' && depth == 0:
			column++
			n = nil
			s.at++
		case c == '\'':
			s.text(open())
		case c == ';' && depth == 0:
			return
		case c >= '0' && c <= '9':
			k := s.at
			for k < len(src) && (isNameByte(src[k]) || src[k] == '.') {
				k++
			}
			s.lit(open(), s.at, k, 0)
			s.at = k
		default:
			s.at++
		}
	}
}

// copy reads COPY table (columns) FROM stdin; and the lines up to \.
func (s *sqlReader) copy() {
	s.blanks()
	if s.at >= len(s.src) {
		return
	}
	table, tableAt := s.name()
	short := table[strings.LastIndexByte(table, '.')+1:]
	names, ats := s.names()
	if names == nil {
		names = s.columns[short]
	}
	line := s.src[s.at:lineEnd(s.src, s.at)]
	if !strings.Contains(strings.ToLower(line), "from stdin") {
		return
	}
	s.at = min(lineEnd(s.src, s.at)+1, len(s.src))
	list := s.root.putBind(short, tableAt).putGroup(List, s.at)
	for s.at < len(s.src) {
		s.step()
		end := lineEnd(s.src, s.at)
		row := strings.TrimRight(s.src[s.at:end], "\r")
		start := s.at
		s.at = min(end+1, len(s.src))
		if row == `\.` {
			return
		}
		t := list.putNext(Element, start).putGroup(Table, start)
		t.End = start + len(row)
		for i := 0; ; i++ {
			s.step()
			cell, rest, more := strings.Cut(row, "\t")
			if cell != `\N` && cell != "" {
				n := t
				if i < len(names) {
					at := start
					if i < len(ats) {
						at = ats[i]
					}
					n = t.putBind(names[i], at)
					n.Start, n.End = start, start+len(cell)
				}
				n.putLit(decodeEscapes(cell), start, start+len(cell), 0)
			}
			start += len(cell) + 1
			if !more {
				break
			}
			row = rest
		}
	}
}

// create notes the columns of CREATE TABLE name ( … ).
func (s *sqlReader) create() {
	save := s.at
	for range 6 {
		s.blanks()
		if s.at >= len(s.src) {
			return
		}
		if s.src[s.at] == '(' {
			break
		}
		w, _ := s.name()
		switch strings.ToUpper(w) {
		case "TABLE", "IF", "NOT", "EXISTS", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "TEMP":
			continue
		case "", "INDEX", "UNIQUE", "FUNCTION", "EXTENSION", "SCHEMA", "TYPE", "SEQUENCE", "VIEW", "ROLE", "USER",
			"TRIGGER", "OR":
			return
		}
		s.blanks()
		if s.at >= len(s.src) || s.src[s.at] != '(' {
			return
		}
		table := w[strings.LastIndexByte(w, '.')+1:]
		end := matching(s.src, s.at+1, '(', ')')
		if end < 0 {
			break
		}
		depth, first := 0, true
		for i := s.at + 1; i < end; i++ {
			switch c := s.src[i]; {
			case c == '(':
				depth++
			case c == ')':
				depth--
			case c == ',' && depth == 0:
				first = true
			case first && !isSpace(c):
				first = false
				e := nextBlank(s.src, i, end)
				col := strings.Trim(s.src[i:e], "\"`[]")
				switch strings.ToUpper(col) {
				case "CONSTRAINT", "PRIMARY", "UNIQUE", "KEY", "FOREIGN", "CHECK", "INDEX":
				default:
					s.columns[table] = append(s.columns[table], col)
				}
			}
		}
		return
	}
	s.at = max(save, s.at)
}
