package syntax

import "strings"

// Embedded reads again what a Literal of a document holds: JSON, a header "Name: value", NAME=value, options, a URL
// with its query, several values between commas, a key in PEM, lines of settings. The offsets of its nodes lead into
// the text of doc; where the literal's escapes do not let them, they are those of the literal. Nil where the literal
// is just what it is.
//
// What all the texts of a document cost together is bounded as Read's work is: from there on the result is nil, and
// doc.Exhausted reports it.
func Embedded(lit *Node, doc *Document) *Document {
	var held *Document
	var err error
	func() {
		defer caught(&err)
		held = embedded(lit, doc)
	}()
	return held
}

// Exhausted reports whether more would have had to be spent on the document than a text of its size is worth, so that
// Embedded left out some of what stands in it.
func (doc *Document) Exhausted() bool {
	return doc.meter != nil && (doc.meter.steps < 0 || doc.meter.embedded < 0)
}

func embedded(lit *Node, doc *Document) *Document {
	if lit == nil || lit.Kind != Literal || lit.Start < 0 || lit.End > len(doc.Text) || lit.Start >= lit.End {
		return nil
	}
	text := lit.Text
	raw := string(doc.Text[lit.Start:lit.End])
	m := align(raw, text, lit.Start)
	if m == nil {
		if lit.Flags&Template == 0 {
			m = offsets{{0, lit.Start}}
		} else if text, m = withReferences(raw, lit.Start); strings.TrimSpace(raw) == "" {
			return nil
		}
	}
	lang := heldLang(text)
	if lang == "" {
		return nil
	}
	hold := &Node{Kind: File, Start: lit.Start, End: lit.End}
	if doc.meter == nil {
		doc.meter = newMeter(len(doc.Text))
	}
	r := &reading{meter: doc.meter, path: doc.Path, depth: 1}
	if !r.embed(hold, lang, "", text, m) {
		return nil
	}
	if len(hold.Kids) == 1 && hold.Kids[0].Kind == Literal && hold.Kids[0].Text == text {
		return nil
	}
	walk(hold, func(n *Node) {
		n.Start, n.NameStart = min(max(n.Start, lit.Start), lit.End), min(max(n.NameStart, lit.Start), lit.End)
		n.End = min(max(n.End, n.Start), lit.End)
		n.Flags |= lit.Flags & InComment
	})
	stretch(hold)
	return &Document{Path: doc.Path, Lang: lang, Text: doc.Text, Root: hold, Imports: r.imports}
}

// withReferences is the text of a string with the references that stand in it: raw, without the escapes of quotes and
// lines, where it has any.
func withReferences(raw string, start int) (string, offsets) {
	if strings.IndexByte(raw, '\\') >= 0 {
		text := decodeEscapes(raw)
		if m := align(raw, text, start); m != nil {
			return text, m
		}
	}
	return raw, shifted(start)
}

// heldLang says what a string holds; "" where it is but a string.
func heldLang(text string) string {
	t := strings.TrimSpace(text)
	if len(t) < 3 {
		return ""
	}
	switch {
	case (t[0] == '{' || t[0] == '[' && len(t) > 2 && t[1] != ']' && strings.ContainsAny(t[:min(len(t), 64)], `"'{`)) &&
		strings.ContainsAny(t, `":`) && !strings.HasPrefix(t, "{{"):
		return "json"
	case strings.IndexByte(t, '\n') >= 0:
		if strings.HasPrefix(t, "-----BEGIN ") {
			return ""
		}
		if l := sniff(t); l != "" {
			return l
		}
		if strings.Contains(t, "INSERT INTO ") || strings.Contains(t, "COPY ") && strings.Contains(t, "\n\\.") {
			return "sql" // a dump
		}
		return "prose"
	case isURL(t):
		if strings.IndexByte(t, '?') >= 0 || strings.IndexByte(t, '#') >= 0 || strings.IndexByte(t, '@') > 0 {
			return "url"
		}
		return ""
	case strings.HasPrefix(t, "/") && strings.IndexByte(t, '?') > 0 && strings.IndexByte(t, ' ') < 0:
		return "url"
	case isRequestLine(t):
		return "http"
	case headerName(t) > 0:
		return "headerline"
	case t[0] == '<' && strings.Contains(t, "</"):
		return "html"
	case t[0] == '-' && (strings.IndexByte(t, '=') > 0 || strings.IndexByte(t, ' ') > 0) && len(t) > 3 &&
		(isNameStart(t[1]) || t[1] == '-'):
		return "options"
	}
	if k := settingNameEnd(t); k > 0 {
		switch {
		case strings.ContainsAny(t, ";&") && strings.Count(t, "=") > 1:
			return "query"
		case strings.IndexByte(t, ' ') > 0:
			return "shell"
		}
		return "query"
	}
	if i := strings.IndexByte(t, ' '); i > 0 && isCommandWord(t[:i]) && (strings.Contains(t, " -") ||
		strings.Contains(t, "=")) {
		return "shell"
	}
	if strings.IndexByte(t, ',') > 0 && strings.IndexByte(t, '\n') < 0 {
		return "commas"
	}
	return ""
}

// settingNameEnd is where the = of NAME=value stands, 0 where a text does not begin so.
func settingNameEnd(t string) int {
	k := 0
	for k < len(t) && (isNameByte(t[k]) || k > 0 && (t[k] == '.' || t[k] == '-')) {
		k++
	}
	if k > 0 && k+1 < len(t) && t[k] == '=' && t[k+1] != '=' && isNameStart(t[0]) {
		return k
	}
	return 0
}

func isURL(t string) bool {
	k := 0
	for k < len(t) && k < 16 && (isNameByte(t[k]) || t[k] == '+' || t[k] == '.' || t[k] == '-') {
		k++
	}
	return k > 1 && strings.HasPrefix(t[k:], "://")
}
