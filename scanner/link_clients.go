package scanner

import (
	"bytes"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file knows HTTP clients: a session, an instance, a named client gets its headers in one place, and is asked for a
// path in another. The request's path is the sink (VOCABULARY, item 23); the question is what the client that it is made
// on sends as Authorization: an entry of that name, whatever parts the client keeps its headers in.

// authHeader is the entry of a client that is asked for.
const authHeader = "Authorization"

// asksHeader reports whether the Authorization header is the first of the entries that are asked for.
func asksHeader(fields []string) bool {
	return len(fields) > 0 && strings.EqualFold(fields[0], authHeader)
}

// isHeaders reports whether a part of a client holds headers: headers, DefaultRequestHeaders, defaults.headers.common.
func isHeaders(name string) bool {
	switch name = strings.ToLower(name); name {
	case "common", "defaults":
		return true
	}
	return strings.Contains(name, "headers")
}

// allHeaders reports whether all parts of a name hold headers.
func allHeaders(parts []string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !isHeaders(p) })
}

// setsHeaderOf reports whether a call sets headers of what it is called on: SetHeader(name, x), headers.update({…}),
// interceptors.request.use(c => …).
func setsHeaderOf(call string) bool {
	switch low := strings.ToLower(rules.LastName(call)); low {
	case "setdefaultheader", "adddefaultheader", "defaultheader", "default_header", "tryaddwithoutvalidation",
		"withheader", "set_header", "add_header", "add_default_header", "setheaders", "set_headers":
		return true
	case "update", "merge", "merge!", "assign", "addall", "putall":
		parts := nameParts(call)
		return len(parts) > 2 && isHeaders(parts[len(parts)-2])
	case "use":
		return strings.Contains(call, ".interceptors.")
	}
	return false
}

// A headerSet is what gives the Authorization header of a client, or all of its headers, a value.
type headerSet struct {
	value *syntax.Node
	rest  []string // entries of the value that are asked for
	ifs   []atom   // the name of the header, where only other files say whether it is Authorization
}

// headerOf is how a Bind or a call sets the header that is asked for, the name of the client before it; false where it
// does not.
func (r *reader) headerOf(b *syntax.Node, want []string) (headerSet, bool) {
	at := slices.IndexFunc(want, func(p string) bool { return strings.EqualFold(p, authHeader) })
	if at < 1 {
		return headerSet{}, false
	}
	parts := r.parts(b.Name)
	if b.Kind == syntax.Call {
		parts = parts[:max(len(parts)-1, 0)]
		if i := slices.Index(parts, "interceptors"); i > 0 {
			parts = parts[:i]
		}
	}
	if len(parts) < at || !slices.Equal(parts[:at], want[:at]) {
		return headerSet{}, false
	}
	own := parts[at:]
	if b.Kind == syntax.Bind {
		switch {
		case len(own) == 0:
			return headerSet{}, false
		case allHeaders(own):
			return headerSet{b, want[at:], nil}, true
		case !allHeaders(own[:len(own)-1]):
			return headerSet{}, false
		case strings.EqualFold(own[len(own)-1], authHeader) || constantHeader(b, own[len(own)-1]):
			return headerSet{b, want[at+1:], nil}, true
		}
		ifs, is := r.headerNamed(b)
		return headerSet{b, want[at+1:], ifs}, is
	}
	if !allHeaders(own) {
		return headerSet{}, false
	}
	if value, ifs, is := r.headerCall(b); is {
		return headerSet{value, want[at+1:], ifs}, true
	}
	return headerSet{b, want[at:], nil}, setsHeaderOf(b.Name)
}

// headerNamed are the atoms of the name of the header that an entry is, where that is a name; false where it is no
// header by that.
func (r *reader) headerNamed(b *syntax.Node) ([]atom, bool) {
	key := r.keyName(b)
	if key == "" || !callsIt(key) {
		return nil, false
	}
	return r.headerIfs(&syntax.Node{Kind: syntax.Ref, Name: key, Parent: b.Parent, Start: nameStart(b), End: nameStart(b),
		NameStart: nameStart(b)})
}

// headerIfs are the atoms that a name must evaluate to Authorization by, none where this file says that it does; false
// where it says that it does not.
func (r *reader) headerIfs(ref *syntax.Node) ([]atom, bool) {
	if headerConstant(ref, ref.Name) {
		return nil, true
	}
	list := r.atomsOf(ref, nil)
	if slices.ContainsFunc(list, func(a atom) bool { return strings.EqualFold(a.text, authHeader) }) {
		return nil, true
	}
	list = toldElsewhere(list)
	return list, len(list) > 0
}

// toldElsewhere are those of some atoms of a name of which other files tell what they are. The list is changed.
func toldElsewhere(list []atom) []atom {
	return slices.DeleteFunc(list, func(a atom) bool { return a.text != "" || a.site != nil })
}

// headerCall is the value that a call sets the Authorization header to: set("Authorization", x), SetHeader(AUTH, x); false
// for other calls.
func (r *reader) headerCall(call *syntax.Node) (value *syntax.Node, ifs []atom, is bool) {
	last := strings.ToLower(rules.LastName(call.Name))
	if len(call.Kids) < 2 || !setsHeaders(last) && !setsHeaderOf(call.Name) {
		return nil, nil, false
	}
	name, value := call.Kids[0], call.Kids[1]
	if name.Kind != syntax.Arg || value.Kind != syntax.Arg || len(name.Kids) != 1 {
		return nil, nil, false
	}
	if strings.EqualFold(nameText(name), authHeader) {
		return value, nil, true
	}
	if ref := name.Kids[0]; ref.Kind == syntax.Ref && callsIt(ref.Name) {
		ifs, is = r.headerIfs(ref)
		return value, ifs, is
	}
	return nil, nil, false
}

// under follows a value whose header is Authorization if other files say so.
func (c *collector) under(ifs []atom, follow func()) {
	before := len(c.out)
	follow()
	if ifs == nil {
		return
	}
	for i := before; i < len(c.out); i++ {
		if c.out[i].ifs == nil {
			c.out[i].ifs = ifs
		}
	}
}

// isHeader reports whether what an atom's condition names is Authorization. A name that only its own condition leads to
// is not.
func (e *engine) isHeader(ifs []atom, f *fileFacts) bool {
	if len(ifs) == 0 {
		return false
	}
	is, known := e.headers[&ifs[0]]
	if !known {
		e.headers[&ifs[0]] = false // a condition may lead to itself
		is = slices.ContainsFunc(e.textsOf(ifs, f), func(t string) bool { return strings.EqualFold(t, authHeader) }) ||
			slices.ContainsFunc(ifs, func(a atom) bool { return e.ofLibrary(a.ref, f) })
		e.headers[&ifs[0]] = is
	}
	return is
}

// ofLibrary reports whether a name is a library's constant of Authorization, brought in by itself:
// use reqwest::header::AUTHORIZATION (VOCABULARY, item 36).
func (e *engine) ofLibrary(name string, f *fileFacts) bool {
	return name != "" && slices.ContainsFunc(e.linksOf(f).byLocal[name], func(i syntax.Import) bool {
		return (calledHeader(i.Name) || calledHeader(i.Module)) && !ownModule(i.Module) && len(e.importFiles(f, i)) == 0
	})
}

// ownModule reports whether a module is named from where the file stands, and so the program's own.
func ownModule(module string) bool {
	first, _, _ := strings.Cut(module, "::")
	return strings.HasPrefix(module, ".") || first == "crate" || first == "super" || first == "self"
}

// headerPath is the path of a value that is the Authorization header of what has a name, or of what a function gives: the
// name and the header's. names are those by which others know the value. Nil where it is no header.
func (r *reader) headerPath(n *syntax.Node, t rules.Trail, names []string) (path []string, ifs []atom) {
	if len(names) == 0 || r.settings() {
		return r.interceptorOf(n), nil
	}
	path = names
	switch h, is := r.headerNameOf(n); {
	case is && isHeaders(h.ref.Name) && authorization(t) != 0:
		return nil, nil
	case is && h.ref != n && !isHeaders(h.ref.Name):
		if ifs, is = r.headerIfs(h.ref); !is {
			return nil, nil
		}
		if h.at.Kind == syntax.Bind {
			path = path[:max(0, len(path)-len(r.parts(h.ref.Name)))]
		}
	case authorization(t) == 0:
		if strings.EqualFold(path[len(path)-1], authHeader) {
			path = path[:len(path)-1]
		}
	default:
		return nil, nil
	}
	for len(path) > 1 && isHeaders(path[len(path)-1]) {
		path = path[:len(path)-1]
	}
	if len(path) == 0 {
		return nil, nil
	}
	return append(path[:len(path):len(path)], authHeader), ifs
}

// interceptorOf is the path of a value that an interceptor of an instance sets as Authorization, nil for others:
// http.interceptors.request.use(c => { c.headers.Authorization = x }).
func (r *reader) interceptorOf(n *syntax.Node) []string {
	header := false
	for p, up := n.Parent, 0; p != nil && up < 12; p, up = p.Parent, up+1 {
		switch p.Kind {
		case syntax.Bind:
			header = header || strings.EqualFold(rules.LastName(p.Name), authHeader)
		case syntax.Call:
			if !header || rules.LastName(p.Name) != "use" {
				continue
			}
			parts := r.parts(p.Name)
			if i := slices.Index(parts, "interceptors"); i > 0 {
				return append(slices.Clone(parts[:i]), authHeader)
			}
		}
	}
	return nil
}

// requestsPath reports whether a function or method (last name, lower case) asks for the path which it is handed.
func requestsPath(name string) bool {
	switch name {
	case "get", "getasync", "getstringasync", "getfromjsonasync", "getstreamasync", "request", "uri", "url", "fetch",
		"get!", "request!", "getjson", "get_json", "getforobject", "getforentity", "exchange", "retrieve", "head", "stream",
		"execute", "query", "post", "postasync", "put", "delete", "getbytearrayasync", "path", "newrequest", "$get":
		return true
	}
	return false
}

// clientOf makes a place of the path of a request that a client sends, which is made in another place, and reports whether
// it does: what the client sends as Authorization is a token of the path's API.
func (r *reader) clientOf(n *syntax.Node, p *placeFact) bool {
	if r.settings() || p.comment || rules.InTestCode(r.f.filePath) || len(n.Text) > 300 ||
		n.Kind == syntax.Literal && !strings.Contains(n.Text, "/") {
		return false
	}
	call := requestAround(n)
	if call == nil || !requestsPath(strings.ToLower(rules.LastName(call.Name))) || r.setsItsHeader(call) {
		return false
	}
	switch {
	case n.Kind == syntax.Literal:
		if p.api = rules.ClassifyURL(n.Text); !takesToken(p.api) {
			p.api = rules.NoAPI
		}
		if p.host = hostOf(n.Text); p.host == "" {
			p.below = n.Text
		}
		if p.api == rules.NoAPI && !speaksOfAPI(p.below) {
			return false
		}
	case n.Kind == syntax.Ref && rules.LastName(n.Name) == strings.ToUpper(rules.LastName(n.Name)):
		p.urls = r.atomsOf(n, nil)
		for _, a := range p.urls {
			if api := rules.ClassifyURL(a.text); takesToken(api) {
				p.api = api
			}
		}
	default:
		return false
	}
	q := r.requestOf(call, p)
	if p.urls == nil && r.requests[q] {
		return false // one of many requests that the same client sends
	}
	if r.requests == nil {
		r.requests = map[clientRequest]bool{}
	}
	r.requests[q] = true
	c := collector{r: r, seen: map[*syntax.Node]int{}}
	c.client(call, []string{authHeader})
	if c.out = slices.DeleteFunc(c.out, func(a atom) bool { return !tells([]atom{a}) && !a.open }); len(c.out) == 0 {
		return false
	}
	p.atoms = c.out
	if p.below != "" {
		b := collector{r: r, seen: map[*syntax.Node]int{}}
		b.client(call, []string{baseAddress})
		p.base = b.out
	}
	return p.api != rules.NoAPI || len(p.urls) > 0 || len(p.base) > 0
}

// baseAddress is the entry of a client that is asked for as the address that stands before the paths of its requests.
const baseAddress = "baseURL"

// isBase reports whether clients call their base address so.
func isBase(name string) bool {
	switch strings.ToLower(name) {
	case "baseurl", "base_uri", "base_url", "baseaddress", "prefixurl", "setbaseurl", "host", "url":
		return true
	}
	return false
}

// A clientRequest is what a client, by how it is written and where, asks for.
type clientRequest struct {
	client string
	of     *syntax.Node // the block that brings its name in
	api    rules.API
	below  string // where the path alone does not tell
}

// requestOf is what a request asks for.
func (r *reader) requestOf(call *syntax.Node, p *placeFact) clientRequest {
	q := clientRequest{client: call.Name, api: p.api}
	first := call
	if chain := call.Parent; chain != nil && chain.Kind == syntax.Chain && chain.Kids[0] != call {
		first = chain.Kids[0]
		from, to := min(first.Start, len(r.doc.Text)), min(max(first.Start, call.Start), len(r.doc.Text))
		q.client = string(r.doc.Text[from:to])
	}
	if i := strings.LastIndexAny(q.client, ".>:"); first == call && i > 0 {
		q.client = q.client[:i]
	}
	if p.api == rules.NoAPI {
		q.below = p.below
	}
	if parts := r.parts(first.Name); len(parts) > 0 {
		q.of = r.scopeOf(first, parts[0]).block
	}
	return q
}

// speaksOfAPI reports whether a path below some base may be one of an API of Unleash.
func speaksOfAPI(text string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "/"), "/")
	first, _, _ = strings.Cut(first, "?")
	switch first {
	case "client", "frontend", "proxy", "admin", "features":
		return true
	}
	return false
}

// apiBelow is the API that a path below one of some bases names; what the path says alone where no base is known, and
// rules.NoAPI where they disagree.
func apiBelow(bases []string, path string, alone rules.API) (api rules.API, host string) {
	api, known := alone, false
	for _, b := range bases {
		if !strings.Contains(b, "://") {
			continue
		}
		a := rules.ClassifyURL(strings.TrimRight(b, "/") + "/" + strings.TrimLeft(path, "/"))
		if !takesToken(a) || known && a != api {
			return rules.NoAPI, ""
		}
		api, host, known = a, hostOf(b), true
	}
	return api, host
}

// requestAround is the call whose address a node is: its first or second argument, or one that is called url or path.
func requestAround(n *syntax.Node) *syntax.Node {
	for p, up := n.Parent, 0; p != nil && up < 4; p, up = p.Parent, up+1 {
		switch p.Kind {
		case syntax.Arg:
			if p.Index > 2 {
				return nil
			}
			return p.Parent
		case syntax.Bind:
			if !isURLName(p.Name) && !strings.EqualFold(p.Name, "path") || p.Parent == nil {
				return nil
			}
			if p.Parent.Kind == syntax.Call {
				return p.Parent
			}
		case syntax.Table, syntax.Literal:
		default:
			return nil
		}
	}
	return nil
}

// setsItsHeader reports whether a request has an Authorization header of its own.
func (r *reader) setsItsHeader(call *syntax.Node) bool {
	found := false
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		for _, k := range n.Kids {
			found = found || k.Kind == syntax.Bind && strings.EqualFold(rules.LastName(k.Name), authHeader)
			if found || depth > 4 {
				return
			}
			walk(k, depth+1)
		}
	}
	walk(call, 0)
	if chain := call.Parent; !found && chain != nil && chain.Kind == syntax.Chain {
		walk(chain, 0)
		for _, k := range chain.Kids[slices.Index(chain.Kids, call):] {
			_, _, is := r.headerCall(k)
			found = found || is
		}
	}
	return found
}

// pipedInto is the value that |> hands to a call, nil where none does.
func (r *reader) pipedInto(call *syntax.Node) *syntax.Node {
	if call.Parent == nil {
		return nil
	}
	at := slices.Index(call.Parent.Kids, call)
	if at < 1 {
		return nil
	}
	before := call.Parent.Kids[at-1]
	if before.End > call.Start || call.Start > len(r.doc.Text) ||
		string(bytes.TrimSpace(r.doc.Text[before.End:call.Start])) != "|>" {
		return nil
	}
	return before
}

// client follows the client that a request is made on to some of its entries.
func (c *collector) client(call *syntax.Node, fields []string) {
	r := c.r
	if chain := call.Parent; chain != nil && chain.Kind == syntax.Chain {
		if at := slices.Index(chain.Kids, call); at > 0 {
			first := chain.Kids[0]
			if parts := r.parts(first.Name); len(parts) > 1 && requestsPath(strings.ToLower(parts[len(parts)-1])) {
				c.named(first, parts[:len(parts)-1], fields, 0, nil) // client.get().uri(path)
				return
			}
			c.node(&syntax.Node{Kind: syntax.Chain, Kids: chain.Kids[:at], Parent: chain.Parent, Start: chain.Start,
				End: call.Start}, fields, 0, nil)
			return
		}
	}
	parts := r.parts(call.Name)
	if len(parts) > 1 {
		on := &syntax.Node{Kind: syntax.Ref, Name: call.Name[:strings.LastIndexAny(call.Name, ".>:")], Parent: call.Parent,
			Start: call.Start, End: call.Start, NameStart: call.NameStart}
		on.Name = strings.TrimRight(on.Name, "-?!.:")
		c.named(on, parts[:len(parts)-1], fields, 0, nil)
	}
	if piped := r.pipedInto(call); piped != nil {
		c.node(piped, fields, 0, nil)
		return
	}
	for _, k := range call.Kids { // Req.get!(client, url: path)
		if k.Kind == syntax.Arg && k.Index == 0 && len(k.Kids) == 1 && k.Kids[0].Kind != syntax.Literal {
			c.node(k.Kids[0], fields, 0, nil)
		}
	}
}

// askClient keeps the place of a request's path.
func (r *reader) askClient(n *syntax.Node, t rules.Trail, p *placeFact) {
	p.service, p.names = r.service(n, t)
	p.at, p.end = r.v.Position(n.Start), r.v.Position(n.End)
	p.from, p.to = n.Start, n.End
	r.f.places = append(r.f.places, p)
}

// basesOf are the atoms of the base address of the client whose header a value is, where other files say it:
// control.defaults.headers.common.Authorization = x, client.SetHeader("Authorization", x). Nil for others.
func (r *reader) basesOf(n *syntax.Node) []atom {
	for p, up := n.Parent, 0; p != nil && up < headerDepth; p, up = p.Parent, up+1 {
		var parts []string
		switch p.Kind {
		case syntax.Bind:
			parts = r.parts(p.Name)
			if len(parts) > 0 && !isHeaders(parts[len(parts)-1]) {
				parts = parts[:len(parts)-1]
			}
		case syntax.Call:
			if parts = r.parts(p.Name); len(parts) > 0 {
				parts = parts[:len(parts)-1]
			}
		case syntax.Block, syntax.Return, syntax.File:
			return nil
		}
		for len(parts) > 1 && isHeaders(parts[len(parts)-1]) {
			parts = parts[:len(parts)-1]
		}
		if len(parts) == 0 || !statementLevel(p) {
			continue
		}
		c := collector{r: r, seen: map[*syntax.Node]int{}}
		on := &syntax.Node{Kind: syntax.Ref, Name: p.Name, Parent: p.Parent, Start: p.Start, End: p.Start,
			NameStart: nameStart(p)}
		c.named(on, parts, []string{baseAddress}, 0, nil)
		return slices.DeleteFunc(c.out, func(a atom) bool { return a.site != nil })
	}
	return nil
}

// setsOutside reports whether a statement sets an entry of something that its function does not bring in.
func (r *reader) setsOutside(b *syntax.Node) bool {
	parts := r.parts(b.Name)
	if len(parts) < 2 || !statementLevel(b) {
		return false
	}
	of := r.scopeOf(b, parts[0])
	return of.block == r.doc.Root && of.param < 0
}

// setElsewhere follows a header of something that a file exports to the files that bring it in and set the header.
func (w *follower) setElsewhere(g *fileFacts, parts []string, depth int, way []hop) {
	if !w.first("h", g.path, strings.Join(parts, ".")) {
		return
	}
	w.e.demandCallers(g, parts[0])
	for _, f := range w.e.byTop[parts[0]] {
		if f == g || family(f.lang) != family(g.lang) || !sameTests(f, g) || w.e.home(f, parts[0], 0) != g {
			continue
		}
		for _, d := range w.e.topsOf(f)[parts[0]].defs {
			if k := commonNames(d.path, parts); k == len(d.path) && k > 1 {
				w.held(d, parts[k:], false, depth+1, way, byImport)
			}
		}
	}
}

// clientOfClass is the key under which .NET gives a class its HttpClient: AddHttpClient<T>(client => …).
func clientOfClass(class string) string { return `"HttpClient of ` + class }

// httpClientAs is the path under which a value in the lambda of AddHttpClient is given: the client's name, or the class
// that gets it, and the header or the base address that the value is. Nil for other values.
func (r *reader) httpClientAs(n *syntax.Node) []string {
	entry := ""
	if h, is := r.headerNameOf(n); is && h.ref != n {
		if ifs, is := r.headerIfs(h.ref); is && ifs == nil {
			entry = authHeader
		}
	}
	for child, p, up := n, n.Parent, 0; p != nil && up < 12; child, p, up = p, p.Parent, up+1 {
		switch p.Kind {
		case syntax.Bind:
			if entry == "" {
				entry = rules.LastName(p.Name)
			}
		case syntax.Call:
			if entry == "" && child.Kind == syntax.Arg && child.Index == 1 &&
				strings.EqualFold(literalBefore(child), authHeader) {
				entry = authHeader
			}
			if rules.LastName(p.Name) != "AddHttpClient" {
				continue
			}
			key := keyGiven(p)
			if names := typeNames(p.Type); len(names) > 0 {
				key = clientOfClass(rules.LastName(names[len(names)-1]))
			}
			if key == "" || entry != authHeader && entry != "BaseAddress" {
				return nil
			}
			return []string{given, key, entry}
		}
	}
	return nil
}
