package scanner

import (
	"path"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
)

// A tsconfig is what a folder's tsconfig.json or jsconfig.json says of modules' paths.
type tsconfig struct {
	base  string            // baseUrl, "" where it is not set
	paths map[string]string // the first target of each pattern
	order []string          // the patterns
}

// tsconfig is that of a folder, nil where it has none that says something of paths.
func (e *engine) tsconfig(dir string) *tsconfig {
	if cfg, known := e.tsconfigs[dir]; known {
		return cfg
	}
	var cfg *tsconfig
	for _, name := range []string{"tsconfig.json", "tsconfig.base.json", "jsconfig.json"} {
		p := path.Join(dir, name)
		if !e.has(p) {
			continue
		}
		if cfg = readTSConfig(p, e.opened(p)); cfg != nil {
			break
		}
	}
	e.tsconfigs[dir] = cfg
	return cfg
}

func readTSConfig(p string, text []byte) *tsconfig {
	if len(text) == 0 {
		return nil
	}
	cfg := &tsconfig{paths: map[string]string{}}
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		for _, k := range n.Kids {
			if depth > 6 {
				return
			}
			if k.Kind == syntax.Bind && k.Name == "baseUrl" {
				if lit := onlyLiteral(k); lit != nil {
					cfg.base = lit.Text
				}
			}
			if k.Kind == syntax.Bind && k.Name == "paths" {
				for _, table := range k.Kids {
					for _, b := range table.Kids {
						if lit := anyLiteral(b); lit != nil {
							cfg.paths[b.Name] = lit.Text
							cfg.order = append(cfg.order, b.Name)
						}
					}
				}
				continue
			}
			walk(k, depth+1)
		}
	}
	doc, err := syntax.Read(p, text)
	if err != nil {
		return nil // whoever reads the file for what it holds lists it
	}
	walk(doc.Root, 0)
	if cfg.base == "" && len(cfg.paths) == 0 {
		return nil
	}
	return cfg
}

// anyLiteral is the first literal under a node, nil where there is none.
func anyLiteral(n *syntax.Node) *syntax.Node {
	for _, k := range n.Kids {
		if k.Kind == syntax.Literal {
			return k
		}
		if lit := anyLiteral(k); lit != nil {
			return lit
		}
	}
	return nil
}

// resolve are the paths, without their endings, that a module may be.
func (c *tsconfig) resolve(dir, module string) []string {
	var out []string
	for _, pattern := range c.order {
		before, after, star := strings.Cut(pattern, "*")
		switch {
		case !star && pattern == module:
			out = append(out, path.Join(dir, c.base, c.paths[pattern]))
		case star && strings.HasPrefix(module, before) && strings.HasSuffix(module, after) &&
			len(module) >= len(before)+len(after):
			middle := module[len(before) : len(module)-len(after)]
			out = append(out, path.Join(dir, c.base, strings.Replace(c.paths[pattern], "*", middle, 1)))
		}
	}
	if c.base != "" {
		out = append(out, path.Join(dir, c.base, module))
	}
	return out
}
