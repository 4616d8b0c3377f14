package scanner

import (
	"bytes"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

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
		for _, t := range texts {
			if r.says(level, strings.ToLower(t)) {
				found = true
				return true
			}
		}
		for _, mark := range productMarks {
			if r.says(level, mark) {
				return true
			}
		}
		return false
	})
	return found
}

// A saying is a text (lower case) that may stand in a level.
type saying struct {
	level *syntax.Node
	text  string
}

// says reports whether a text (lower case) stands in a level. What a long one says is remembered: all its places ask the same.
func (r *reader) says(level *syntax.Node, text string) bool {
	part := r.lower(level)
	if len(part) < 512 {
		return bytes.Contains(part, []byte(text))
	}
	key := saying{level, text}
	yes, known := r.said[key]
	if !known {
		if r.said == nil {
			r.said = map[saying]bool{}
		}
		yes = bytes.Contains(part, []byte(text))
		r.said[key] = yes
	}
	return yes
}

// productMarks name an Unleash product (lower case): where one stands, the service is known.
var productMarks = []string{"unleash-server", "unleash-edge", "unleashorg/unleash-proxy", "upstream_url", "unleash_proxy_client_keys", "@unleash/mcp"}

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
		var service []string
		beside(b, func(level *syntax.Node) bool {
			service = service[:0]
			for _, text := range rules.BesideTexts() {
				if r.says(level, text) {
					service = append(service, text)
				}
			}
			for _, mark := range []string{"unleash-edge", "unleash-proxy", "unleash-server", "@unleash/proxy"} {
				if r.says(level, mark) {
					return true
				}
			}
			return level.Kind == syntax.File
		})
		r.f.envs = append(r.f.envs, envFile{name: strings.TrimPrefix(strings.Trim(n.Text, "\"'"), "-"), service: service})
	}
}
