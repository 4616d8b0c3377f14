package scanner

import (
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// urlNames are the last words of names that hold a URL beside a token.
var urlNames = []string{"url", "uri", "unleashapi", "api", "endpoint", "host", "base", "href", "raw", "address",
	"server", "baseurl", "request"}

func isURLName(name string) bool {
	low := strings.ToLower(rules.LastName(name))
	for _, n := range urlNames {
		if low == n || strings.HasSuffix(low, n) && len(n) > 2 {
			return true
		}
	}
	return false
}

// A urlList is every URL under a level, read once for all the places within: a file of many places is asked as often as
// it has them.
type urlList struct {
	apis      []apiAt // those that name an API, by their place
	host      string  // of the first that names none
	relative  []apiAt // addresses of requests below a client's base, by what they name where that ends in /api
	elsewhere []atomAt
}

// An apiAt is a URL that names an API, or the address of a request that names none: then its api is rules.NoAPI.
type apiAt struct {
	at   int
	api  rules.API
	host string
}

type atomAt struct {
	at   int
	atom atom
}

// A urlLevel is a level, and whether the functions of a file count.
type urlLevel struct {
	node    *syntax.Node
	inFuncs bool
}

const (
	urlReach  = 4000 // bytes between a place and a URL in a run of statements
	elseLimit = 64   // URLs of other files that one place is asked about
)

// urlBeside is which API the URL configured beside a place names, its host, and the URLs that only other files say.
func (r *reader) urlBeside(n *syntax.Node) (api rules.API, host string, elsewhere []atom) {
	beside(n, func(level *syntax.Node) bool {
		if level.Kind == syntax.File && !r.settings() && !level1(n) {
			return true
		}
		var other bool
		api, host, other = r.urlIn(urlLevel{level, false}, n, host, &elsewhere)
		if api == rules.NoAPI && !other && level.Kind == syntax.File && !r.settings() && len(elsewhere) == 0 {
			// A session's header, set once for what functions send later.
			api, host, other = r.urlIn(urlLevel{level, true}, n, host, &elsewhere)
		}
		return api != rules.NoAPI || other || len(elsewhere) > 0 && level.Kind != syntax.File || r.sends(level)
	})
	if api != rules.NoAPI {
		elsewhere = nil
	}
	return api, host, elsewhere
}

// requestBeside is urlBeside for a header of raw requests: where it is set for a client whose base ends in /api, the
// requests that the file sends through clients say the rest, if they agree.
func (r *reader) requestBeside(n *syntax.Node) (api rules.API, host string, elsewhere []atom) {
	api, host, elsewhere = r.urlBeside(n)
	if api != rules.BaseAPI || r.settings() {
		return api, host, elsewhere
	}
	for i, u := range r.urlsUnder(urlLevel{r.doc.Root, true}).relative {
		if i > 0 && u.api != api {
			return rules.BaseAPI, host, nil
		}
		api = u.api
	}
	return api, host, elsewhere
}

// urlIn is the nearest URL under a level; other reports whether that is another host's, or another path. Where functions
// of a file count, it says nothing if they disagree.
func (r *reader) urlIn(level urlLevel, n *syntax.Node, host string, elsewhere *[]atom) (_ rules.API, _ string,
	other bool) {
	list := r.urlsUnder(level)
	*elsewhere = append(*elsewhere, list.near(n.Start)...)
	if host == "" {
		host = list.host
	}
	low, high := 0, len(list.apis)
	after := 1
	if level.node.Kind == syntax.Block || level.node.Kind == syntax.File {
		// In a run of statements the nearest URL counts, an earlier one before a later one.
		after = 2
		low = sort.Search(high, func(i int) bool { return list.apis[i].at >= n.Start-urlReach })
		high = sort.Search(high, func(i int) bool { return list.apis[i].at > n.Start+urlReach/2 })
	}
	window := list.apis[low:high]
	if len(window) == 0 {
		return rules.NoAPI, host, false
	}
	if level.inFuncs {
		for _, u := range window {
			if u.api != window[0].api {
				return rules.NoAPI, host, true
			}
		}
	}
	next := sort.Search(len(window), func(i int) bool { return window[i].at > n.Start })
	best := next
	if next == len(window) || next > 0 && n.Start-window[next-1].at <= after*(window[next].at-n.Start) {
		best = next - 1
	}
	for best > 0 && window[best-1].at == window[best].at {
		best--
	}
	for best < len(window)-1 && window[best].api == rules.NoAPI && window[best+1].at == window[best].at {
		best++
	}
	if window[best].host != "" {
		host = window[best].host
	}
	return window[best].api, host, window[best].api == rules.NoAPI
}

// near are the atoms nearest to a place, at most elseLimit of them.
func (l *urlList) near(offset int) []atom {
	list := l.elsewhere
	if len(list) > elseLimit {
		i := sort.Search(len(list), func(i int) bool { return list[i].at >= offset })
		low := min(max(0, i-elseLimit/2), len(list)-elseLimit)
		list = list[low : low+elseLimit]
	}
	var out []atom
	for _, a := range list {
		out = append(out, a.atom)
	}
	return out
}

// urlsUnder reads the URLs under a level.
func (r *reader) urlsUnder(level urlLevel) *urlList {
	if list, ok := r.urls[level]; ok {
		return list
	}
	list := &urlList{}
	run := level.node.Kind == syntax.Block || level.node.Kind == syntax.File
	r.eachURL(level.node, 0, level.inFuncs, func(text string, at *syntax.Node, more []atom) {
		for _, a := range more {
			list.elsewhere = append(list.elsewhere, atomAt{at.Start, a})
		}
		api := rules.ClassifyURL(text)
		if api != rules.NoAPI || hasPath(text) && (run && r.addresses(at) || !run && (urlBound(at) || r.addresses(at))) {
			list.apis = append(list.apis, apiAt{at.Start, api, hostOf(text)})
		} else if list.host == "" && strings.Contains(text, "://") {
			list.host = hostOf(text)
		}
		if text != "" && text[0] != '/' && !strings.Contains(text, ":") && r.addresses(at) {
			if below := rules.ClassifyURL("/api/" + text); takesToken(below) {
				list.relative = append(list.relative, apiAt{at.Start, below, ""})
			}
		}
	})
	sort.SliceStable(list.apis, func(i, j int) bool { return list.apis[i].at < list.apis[j].at })
	sort.SliceStable(list.elsewhere, func(i, j int) bool { return list.elsewhere[i].at < list.elsewhere[j].at })
	if r.urls == nil {
		r.urls = map[urlLevel]*urlList{}
	}
	r.urls[level] = list
	return list
}

// level1 reports whether a node stands in no function, class or section.
func level1(n *syntax.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == syntax.Block && p.Name != "" {
			return false
		}
	}
	return true
}

// eachURL calls visit with every text under a node that is, or is named as, a URL.
func (r *reader) eachURL(n *syntax.Node, depth int, inFuncs bool, visit func(text string, at *syntax.Node,
	elsewhere []atom)) {
	if depth > 12 {
		return
	}
	for _, k := range n.Kids {
		if k.Flags&syntax.InComment != 0 && n.Flags&syntax.InComment == 0 {
			continue // a request in a comment is one for what stands in it
		}
		switch k.Kind {
		case syntax.Literal:
			if len(k.Text) < 2000 && strings.ContainsRune(k.Text, '/') {
				visit(k.Text, k, nil)
			}
		case syntax.Ref:
			if !isURLName(k.Name) && !urlBound(k) && !r.addresses(k) {
				continue
			}
			tail := tailOf(n, k)
			for _, a := range r.atomsOf(k, nil) {
				if a.text != "" {
					visit(joinURL(a.text, tail), k, nil)
				} else if a.site == nil && (!r.settings() || a.ref != "") {
					a.tail = tail
					visit("", k, []atom{a})
				}
			}
		case syntax.Block:
			if n.Kind == syntax.File && depth == 0 && !r.settings() && !inFuncs {
				continue // another function's URL is not beside
			}
			r.eachURL(k, depth+1, inFuncs, visit)
		default:
			r.eachURL(k, depth+1, inFuncs, visit)
		}
	}
}

// tailOf is the path that follows a name in a text which begins with what the name holds: "$API/client/features",
// API + "/client/features". It is "" where none does.
func tailOf(whole, ref *syntax.Node) string {
	const opening = 4 // bytes, at most, between the beginning of a text and the name in it: f"{, "${
	for i, k := range whole.Kids {
		if k != ref {
			continue
		}
		if i > 0 {
			text := whole.Kids[i-1]
			inside := text.Kind == syntax.Literal && text.Flags&syntax.Template != 0 && text.End >= ref.End
			if !inside || ref.Start-text.Start > opening || !strings.HasPrefix(text.Text, "/") {
				return ""
			}
			return text.Text
		}
		if len(whole.Kids) > 1 {
			if next := whole.Kids[1]; next.Kind == syntax.Literal && next.Start >= ref.End && strings.HasPrefix(next.Text, "/") {
				return next.Text
			}
		}
	}
	return ""
}

// joinURL is a URL with the path that follows it, where they name an API together that the URL alone does not.
func joinURL(url, tail string) string {
	if tail == "" || takesToken(rules.ClassifyURL(url)) {
		return url
	}
	if joined := strings.TrimSuffix(url, "/") + tail; takesToken(rules.ClassifyURL(joined)) {
		return joined
	}
	return url
}

// urlBound reports whether a Ref is the value of something named as a URL.
func urlBound(n *syntax.Node) bool {
	handed := false
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case syntax.Bind:
			return isURLName(p.Name) && !(handed && strings.EqualFold(rules.LastName(p.Name), "request"))
		case syntax.Arg:
			handed = true
			if p.Parent != nil && isURLName(p.Parent.Name) {
				return true
			}
		case syntax.Table, syntax.Block, syntax.File:
			return false
		}
	}
	return false
}

func hostOf(text string) string {
	i := strings.Index(text, "://")
	if i < 0 {
		return ""
	}
	text = text[i+3:]
	if j := strings.IndexAny(text, "/?# \t\"'"); j >= 0 {
		text = text[:j]
	}
	if j := strings.LastIndexByte(text, '@'); j >= 0 {
		text = text[j+1:]
	}
	if j := strings.LastIndexByte(text, ':'); j >= 0 {
		text = text[:j]
	}
	return strings.ToLower(text)
}

// addresses reports whether a literal or a name is the address of a raw request: the first argument of what sends one,
// or the second behind the method; any word of a client on the command line.
func (r *reader) addresses(n *syntax.Node) bool {
	arg := n.Parent
	for arg != nil && (arg.Kind == syntax.Literal || arg.Kind == syntax.Element) {
		arg = arg.Parent
	}
	for arg != nil && arg.Kind == syntax.Arg && arg.Parent != nil && formats(strings.ToLower(rules.LastName(arg.Parent.Name))) &&
		arg.Parent.Parent != nil && arg.Parent.Parent.Kind == syntax.Arg {
		arg = arg.Parent.Parent
	}
	if arg == nil || arg.Kind != syntax.Arg || arg.Parent == nil || arg.Parent.Kind != syntax.Call {
		return false
	}
	if r.settings() && r.sends(arg.Parent) {
		return true
	}
	if arg.Index > 2 {
		return false
	}
	switch strings.ToLower(rules.LastName(arg.Parent.Name)) {
	case "fetch", "ofetch", "got", "axios", "ky", "get", "post", "put", "patch", "delete", "request", "newrequest",
		"newrequestwithcontext", "open", "urlopen", "getasync", "postasync", "httprequestmessage", "uri", "url", "create":
		return true
	}
	return false
}

// formats reports whether a function (its last name, lower case) puts a text together from its arguments.
func formats(name string) bool {
	switch name {
	case "sprintf", "format", "concat", "join", "formatted", "urljoin", "joinpath", "joinpaths":
		return true
	}
	return false
}

// sends reports whether a level is one raw request, whose address it holds itself: what stands around it says nothing of
// that (VOCABULARY, item 23).
func (r *reader) sends(level *syntax.Node) bool {
	if level.Kind != syntax.Call {
		return false
	}
	if r.doc.Lang == "http" || r.doc.Lang == "bruno" || r.doc.Lang == "log" {
		return true
	}
	switch strings.ToLower(rules.LastName(level.Name)) {
	case "curl", "wget", "http", "https", "xh", "httpie", "invoke-restmethod", "invoke-webrequest", "iwr", "irm":
		return r.settings()
	case "fetch", "ofetch", "$fetch", "urlopen":
		return !r.settings()
	}
	return false
}

// hasPath reports whether a text is a whole URL with a path.
func hasPath(text string) bool {
	_, rest, is := strings.Cut(text, "://")
	if !is {
		return false
	}
	_, p, is := strings.Cut(rest, "/")
	return is && p != ""
}
