package scanner

import (
	"bytes"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file tells whether a name is put into the path, the query or the user-info of a URL that is made of parts
// (VOCABULARY, item 18): `${base}/users/${token}`, "https://" + token + "@host", String.format("%s?key=%s", base, token).

// inURLOf reports whether a name is put into a URL. base are the atoms of what stands before the path, which must be a
// URL then; nil where the text says itself that it is one.
func (r *reader) inURLOf(n *syntax.Node) (is bool, base []atom) {
	if r.settings() || n.Parent == nil || !r.mayBeSecret(n) {
		return false, nil
	}
	whole, part := n.Parent, n
	for whole.Kind == syntax.Arg && whole.Parent != nil && escapes(strings.ToLower(rules.LastName(whole.Parent.Name))) {
		part = whole.Parent // encodeURIComponent(token)
		if whole = part.Parent; whole == nil {
			return false, nil
		}
	}
	if whole.Kind == syntax.Arg && whole.Index > 0 && whole.Parent != nil &&
		formats(strings.ToLower(rules.LastName(whole.Parent.Name))) {
		return r.formattedURL(whole)
	}
	return r.joinedURL(whole, part)
}

// mayBeSecret reports whether a name in a text is a constant or called a secret, or the text calls it one: most of what
// stands in paths are ids.
func (r *reader) mayBeSecret(n *syntax.Node) bool {
	last := rules.LastName(n.Name)
	if last == strings.ToUpper(last) || rules.ClassifyName(last).Holds {
		return true
	}
	from := max(0, min(n.Start, len(r.doc.Text))-48)
	line := bytes.ToLower(r.doc.Text[from:min(n.Start, len(r.doc.Text))])
	for _, w := range []string{"token", "key", "secret", "auth", "pass", "://", "hook"} {
		if bytes.Contains(line, []byte(w)) {
			return true
		}
	}
	return false
}

// escapes reports whether a function (its last name, lower case) makes a text fit for a URL.
func escapes(name string) bool {
	switch name {
	case "encodeuricomponent", "encodeuri", "quote", "quote_plus", "pathescape", "queryescape", "urlencode", "rawurlencode",
		"encode_www_form_component", "encode", "escape", "escapedatastring", "encode_www_form":
		return true
	}
	return false
}

// joinedURL is inURLOf for a part of a template, or of a sum of texts.
func (r *reader) joinedURL(whole, part *syntax.Node) (bool, []atom) {
	var first *syntax.Node
	slash := false
	for _, k := range whole.Kids {
		if k.Start > part.Start {
			break
		}
		if k == part || k.Kind != syntax.Literal && k.Kind != syntax.Ref && k.Kind != syntax.Call {
			continue
		}
		slash = slash || k.Kind == syntax.Literal && strings.ContainsAny(k.Text, "/?")
		if first == nil || k.Start < first.Start {
			first = k
		}
	}
	if first == nil || !slash || part.Start > len(r.doc.Text) || part.Start-first.Start > urlReach {
		return false, nil
	}
	text := r.doc.Text
	before := text[first.Start:part.Start]
	inside := first.Kind == syntax.Literal && first.Flags&syntax.Template != 0 && first.End >= part.End
	if !inside && !sums(before) {
		return false, nil
	}
	if i := bytes.Index(before, []byte("://")); i >= 0 {
		if !isHTTP(string(before[max(0, i-5) : i+3])) {
			return false, nil
		}
		after := text[min(part.End, len(text)):min(part.End+100, len(text))]
		return bytes.ContainsAny(before[i+3:], "/?") || userInfo(after), nil
	}
	for _, k := range whole.Kids { // the base
		const opening = 4
		if k.Kind != syntax.Ref && k.Kind != syntax.Call || k.Start-first.Start > opening || k == part {
			continue
		}
		if rest := text[min(k.End, part.Start):part.Start]; bytes.ContainsAny(rest, "/?") {
			list := toldOf(r.atomsOf(k, nil))
			return len(list) > 0, list
		}
	}
	path := strings.TrimLeft(string(before), "`\"'")
	return strings.HasPrefix(path, "/") && r.addresses(first) && takesToken(rules.ClassifyURL(first.Text)), nil
}

// sums reports whether what stands between parts of a text says that they are put together.
func sums(before []byte) bool {
	before = bytes.TrimRight(before, " \t\n\r$")
	for _, sign := range []string{"+", ".", "<>", "~", "&", "^", "++", "\\("} {
		if bytes.HasSuffix(before, []byte(sign)) {
			return !bytes.HasSuffix(before, []byte("&&"))
		}
	}
	return false
}

// userInfo reports whether a text that follows a name in a URL makes it the user-info.
func userInfo(after []byte) bool {
	at := bytes.IndexByte(after, '@')
	return at >= 0 && !bytes.ContainsAny(after[:at], "/?\n;")
}

// toldOf are those of some atoms that may be a URL.
func toldOf(list []atom) []atom {
	var out []atom
	for _, a := range list {
		if a.site == nil && (a.text == "" || isHTTP(a.text)) {
			out = append(out, a)
		}
	}
	return out
}

// isHTTP reports whether a text has the scheme of a web address.
func isHTTP(text string) bool {
	low := strings.ToLower(text)
	return strings.Contains(low, "http://") || strings.Contains(low, "https://")
}

// formattedURL is inURLOf for an argument of a function that puts a text together by a format.
func (r *reader) formattedURL(arg *syntax.Node) (bool, []atom) {
	call := arg.Parent
	format := onlyLiteral(call.Kids[0])
	if format == nil || format == arg {
		return false, nil
	}
	holes := holesOf(format.Text)
	if arg.Index > len(holes) {
		return false, nil
	}
	at := holes[arg.Index-1]
	before := format.Text[:at]
	if i := strings.Index(before, "://"); i >= 0 {
		return isHTTP(before) && (strings.ContainsAny(before[i+3:], "/?") || userInfo([]byte(format.Text[at:]))), nil
	}
	if arg.Index > 1 && holes[0] == 0 && strings.ContainsAny(before, "/?") {
		for _, k := range call.Kids {
			if k.Kind == syntax.Arg && k.Index == 1 {
				list := toldOf(r.atomsOf(k, nil))
				return len(list) > 0, list
			}
		}
	}
	return false, nil
}

// holesOf are the places in a format where values are put in, in their order: %s, %v, {}.
func holesOf(format string) []int {
	var out []int
	for i := 0; i < len(format); i++ {
		switch {
		case format[i] == '{' && strings.IndexByte(format[i:], '}') > 0:
			out = append(out, i)
			i += strings.IndexByte(format[i:], '}')
		case format[i] == '%' && i+1 < len(format):
			if format[i+1] != '%' {
				out = append(out, i)
			}
			i++
		}
	}
	return out
}
