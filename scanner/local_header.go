package scanner

import (
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows headers whose name is a constant of another file (VOCABULARY, item 36).

// A headerName is a name that stands where that of a header does, before a value.
type headerName struct {
	at  *syntax.Node // the Bind or Arg of the value
	ref *syntax.Node // the name
}

// headerDepth bounds the levels between a value and what has its header's name.
const headerDepth = 6

// headerNameOf is the name that stands before a value where that of a header does, false where none does: in
// set(AUTH, x), { [AUTH]: x }, headers[AUTH] = x, Map.of(AUTH, x), (AUTH, x).
func (r *reader) headerNameOf(n *syntax.Node) (headerName, bool) {
	for child, p, up := n, n.Parent, 0; p != nil && up < headerDepth; child, p, up = p, p.Parent, up+1 {
		switch p.Kind {
		case syntax.Arg:
			call := p.Parent
			if call == nil {
				return headerName{}, false
			}
			if ref := labelled(call, headerLabel); ref != nil {
				return headerName{p, ref}, true
			}
			if ref := refBefore(p); ref != nil && setsHeaders(strings.ToLower(rules.LastName(call.Name))) {
				return headerName{p, ref}, callsIt(ref.Name)
			}
		case syntax.Element:
			if p.Index == 1 && p.Parent != nil && len(p.Parent.Kids) == 2 {
				if ref := onlyValue(p.Parent.Kids[0]); ref != nil && ref.Kind == syntax.Ref {
					return headerName{p, ref}, callsIt(ref.Name)
				}
			}
			if at := slices.Index(p.Kids, child); at == 2 && p.Kids[0].Kind == syntax.Ref && p.Kids[1].Kind == syntax.Literal &&
				strings.TrimSpace(p.Kids[1].Text) == ":" { // AUTH . ': ' . $token
				return headerName{p, p.Kids[0]}, callsIt(p.Kids[0].Name)
			}
		case syntax.Bind:
			name := r.keyName(p)
			return headerName{p, &syntax.Node{Kind: syntax.Ref, Name: name, Parent: p.Parent, Start: nameStart(p),
				End: nameStart(p), NameStart: nameStart(p)}}, name != "" && callsIt(name)
		case syntax.Block, syntax.Return, syntax.File:
			return headerName{}, false
		}
	}
	return headerName{}, false
}

// setsHeaders reports whether a function (its last name, lower case) takes the name of a header before its value.
func setsHeaders(name string) bool {
	switch name {
	case "of", "entry", "pair", "withheader", "setrequestproperty", "addrequestproperty", "add_header", "set_header",
		"tryaddwithoutvalidation", "put_req_header", "put_header", "withaddedheader", "tuple", "setrequestheader":
		return true
	}
	return setters(name)
}

// callsIt reports whether a name is one that people give to the name of a header.
func callsIt(name string) bool {
	low := strings.ToLower(name)
	for _, w := range []string{"auth", "head", "hdr", "key", "name", "cred", "token"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// keyName is the name, dotted, that the key of an entry is, "" where that is a word or a text: AUTH of { [AUTH]: x },
// headers[AUTH] = x, { AUTH: x } of Python.
func (r *reader) keyName(b *syntax.Node) string {
	text := r.doc.Text
	if len(b.Kids) == 0 || b.Start >= b.Kids[0].Start || b.Kids[0].Start > len(text) {
		return ""
	}
	head := string(text[b.Start:min(b.Kids[0].Start, b.Start+200)])
	if i := strings.IndexByte(head, '['); i >= 0 {
		name, _, closed := strings.Cut(head[i+1:], "]")
		if !closed || strings.Trim(name, nameBytes) != "" {
			return ""
		}
		return strings.Join(r.parts(name), ".")
	}
	bare := family(r.doc.Lang) != "js" && (r.doc.Lang != "ruby" || strings.Contains(head, "=>"))
	if !bare || statementLevel(b) || strings.ContainsAny(head, "\"'`") {
		return ""
	}
	return b.Name
}

// nameBytes are what names with what they are members of are written with.
const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.:\\"

// labelled is the name that an argument with this label is, nil for none.
func labelled(call *syntax.Node, label string) *syntax.Node {
	for _, k := range call.Kids {
		if k.Kind == syntax.Bind && k.Name == label {
			if v := onlyValue(k); v != nil && v.Kind == syntax.Ref {
				return v
			}
		}
	}
	return nil
}

// refBefore is the name that is the first argument of a call, where arg is the second; nil for none.
func refBefore(arg *syntax.Node) *syntax.Node {
	if arg.Index != 1 {
		return nil
	}
	for _, k := range arg.Parent.Kids {
		if k.Kind == syntax.Arg && k.Index == 0 {
			if v := onlyValue(k); v != nil && v.Kind == syntax.Ref {
				return v
			}
		}
	}
	return nil
}

// elsewhere are the atoms that tell whether a header's name is Authorization, nil where this file tells that it is not.
func (h headerName) elsewhere(r *reader) []atom {
	return toldElsewhere(r.atomsOf(h.ref, nil))
}
