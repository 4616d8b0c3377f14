package scanner

import (
	"bytes"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// urlNames are the last words of names that hold a URL beside a token.
var urlNames = []string{"url", "uri", "unleashapi", "api", "endpoint", "host", "base", "href", "raw", "address", "server", "baseurl", "request"}

func isURLName(name string) bool {
	low := strings.ToLower(rules.LastName(name))
	for _, n := range urlNames {
		if low == n || strings.HasSuffix(low, n) && len(n) > 2 {
			return true
		}
	}
	return false
}

// beside climbs from a place outwards, level by level: the table, call or chain around it, then the function or section, then the file. visit gets each
// level's node and stops the climb by returning true.
func beside(n *syntax.Node, visit func(level *syntax.Node) bool) {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case syntax.Table, syntax.Call, syntax.Chain, syntax.List, syntax.Block, syntax.File, syntax.Literal:
			if visit(p) {
				return
			}
		}
	}
}

// mentionsBeside reports whether one of the texts (any case) stands in the same table, call, service or task as n: the climb ends at the
// first level that names a product of Unleash's, so that two services of one file are told apart.
func (r *reader) mentionsBeside(n *syntax.Node, texts []string) bool {
	found := false
	beside(n, func(level *syntax.Node) bool {
		part := r.lower(level)
		for _, t := range texts {
			if bytes.Contains(part, []byte(strings.ToLower(t))) {
				found = true
				return true
			}
		}
		for _, mark := range productMarks {
			if bytes.Contains(part, mark) {
				return true
			}
		}
		return false
	})
	return found
}

// productMarks name an Unleash product (lower case): where one stands, the service is known.
var productMarks = [][]byte{[]byte("unleash-server"), []byte("unleash-edge"), []byte("unleashorg/unleash-proxy"), []byte("upstream_url"), []byte("unleash_proxy_client_keys"), []byte("@unleash/mcp")}

// lower is a node's text in lower case, at most 64 KiB of it.
func (r *reader) lower(n *syntax.Node) []byte {
	if text, ok := r.innerText[n]; ok {
		return text
	}
	a, b := n.Start, n.End
	if n.Kind == syntax.File {
		a, b = 0, len(r.doc.Text)
	}
	a, b = max(0, a), min(len(r.doc.Text), b)
	if a >= b {
		return nil
	}
	if b-a > 64<<10 {
		b = a + 64<<10
	}
	if r.lowered == nil {
		r.lowered = bytes.ToLower(r.doc.Text)
		if len(r.lowered) != len(r.doc.Text) {
			r.lowered = r.doc.Text
		}
	}
	return r.lowered[a:b]
}

// envFiles notes the files of settings that this one hands to services: env_file of compose, --env-file, EnvironmentFile of systemd.
func (r *reader) envFiles() {
	if !r.settings() || !r.f.mentions && !bytes.Contains(r.lower(r.doc.Root), []byte("upstream_url")) {
		return
	}
	for _, n := range r.leaves {
		if n.Kind != syntax.Literal || !strings.Contains(n.Text, ".env") && !strings.Contains(n.Text, "env") {
			continue
		}
		b := bindOf(n)
		for b != nil && rules.PassesOn(b.Name) || b != nil && b.Name == "path" {
			b = bindOf(b)
		}
		if b == nil {
			continue
		}
		switch strings.ToLower(b.Name) {
		case "env_file", "--env-file", "environmentfile", "envfile", "env-file":
		default:
			continue
		}
		var text []byte
		beside(b, func(level *syntax.Node) bool {
			text = r.lower(level)
			for _, mark := range [][]byte{[]byte("unleash-edge"), []byte("unleash-proxy"), []byte("unleash-server"), []byte("@unleash/proxy")} {
				if bytes.Contains(text, mark) {
					return true
				}
			}
			return level.Kind == syntax.File
		})
		r.f.envs = append(r.f.envs, envFile{name: strings.TrimPrefix(strings.Trim(n.Text, "\"'"), "-"), service: string(text)})
	}
}

// urlBeside is which API the URL configured beside a place names, its host, and the URLs that only other files say.
func (r *reader) urlBeside(n *syntax.Node) (api rules.API, host string, elsewhere []atom) {
	beside(n, func(level *syntax.Node) bool {
		if level.Kind == syntax.File && !r.settings() && !level1(n) {
			return true
		}
		api, host = r.urlIn(level, n, host, false, &elsewhere)
		if api == rules.NoAPI && level.Kind == syntax.File && !r.settings() && len(elsewhere) == 0 {
			// A session's header, set once for what functions send later.
			api, host = r.urlIn(level, n, host, true, &elsewhere)
		}
		return api != rules.NoAPI || len(elsewhere) > 0 && level.Kind != syntax.File
	})
	if api != rules.NoAPI {
		elsewhere = nil
	}
	return api, host, elsewhere
}

// urlIn is the nearest URL under a level. inFuncs looks into functions of a file too, and says nothing where they disagree.
func (r *reader) urlIn(level, n *syntax.Node, host string, inFuncs bool, elsewhere *[]atom) (rules.API, string) {
	best, bestGap, several := rules.NoAPI, 1<<30, false
	r.eachURL(level, 0, inFuncs, func(text string, at *syntax.Node, more []atom) {
		*elsewhere = append(*elsewhere, more...)
		a := rules.ClassifyURL(text)
		if a == rules.NoAPI {
			if host == "" && strings.Contains(text, "://") {
				host = hostOf(text)
			}
			return
		}
		gap := at.Start - n.Start
		if gap < 0 {
			gap = -gap
		}
		if level.Kind == syntax.Block || level.Kind == syntax.File {
			// In a run of statements the nearest URL counts, an earlier one before a later one.
			if at.Start > n.Start {
				gap *= 2
			}
			if gap > 4000 {
				return
			}
		}
		several = several || best != rules.NoAPI && best != a
		if gap < bestGap {
			best, bestGap, host = a, gap, hostOf(text)
		}
	})
	if inFuncs && several {
		return rules.NoAPI, host
	}
	return best, host
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
func (r *reader) eachURL(n *syntax.Node, depth int, inFuncs bool, visit func(text string, at *syntax.Node, elsewhere []atom)) {
	if depth > 12 {
		return
	}
	for _, k := range n.Kids {
		switch k.Kind {
		case syntax.Literal:
			if len(k.Text) < 2000 && strings.ContainsRune(k.Text, '/') && k.Flags&syntax.InComment == 0 {
				visit(k.Text, k, nil)
			}
		case syntax.Ref:
			if !isURLName(k.Name) && !urlBound(k) {
				continue
			}
			for _, a := range r.atomsOf(k, nil) {
				if a.text != "" {
					visit(a.text, k, nil)
				} else if a.ref != "" {
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

// urlBound reports whether a Ref is the value of something named as a URL.
func urlBound(n *syntax.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case syntax.Bind:
			return isURLName(p.Name)
		case syntax.Arg:
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
