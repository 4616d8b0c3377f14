package scanner

import (
	"bytes"
	"sort"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// holding is the innermost literal under n that has the credential's text whole: offsets in a text that was written in
// parts lead only to the literal as a whole. n itself where there is none.
func holding(n *syntax.Node, secret string) *syntax.Node {
	if len(n.Kids) == 0 && n.Text == secret {
		return n
	}
	top := n
	for p := n.Parent; p != nil && p.Kind != syntax.File; p = p.Parent {
		if p.Kind == syntax.Literal {
			top = p
		}
	}
	var best *syntax.Node
	var walk func(k *syntax.Node, depth int)
	walk = func(k *syntax.Node, depth int) {
		for _, kid := range k.Kids {
			if kid.Kind == syntax.Literal && strings.Contains(kid.Text, secret) &&
				(best == nil || len(kid.Text) < len(best.Text)) {
				best = kid
			}
			if depth < 50 {
				walk(kid, depth+1)
			}
		}
	}
	walk(top, 0)
	if best == nil || strings.Contains(n.Text, secret) && len(n.Text) <= len(best.Text) {
		return n
	}
	return best
}

// openInner reads the decoded text that holds a hit as the file that it is, and gives the literal in it on which the
// credential stands. What it holds becomes the kids of the literal that was decoded.
func (r *reader) openInner(outer *syntax.Node, h Hit) *syntax.Node {
	if r.inner == nil {
		r.inner, r.innerText = map[string][]innerLiteral{}, map[*syntax.Node][]byte{}
	}
	literals, ok := r.inner[string(h.Inner)]
	if !ok {
		doc, err := syntax.Read("", h.Inner)
		if err != nil {
			r.f.unread = err
			return outer
		}
		low := bytes.ToLower(h.Inner)
		var walk func(n *syntax.Node, depth int)
		walk = func(n *syntax.Node, depth int) {
			for _, k := range n.Kids {
				if k.Kind == syntax.Literal {
					literals = append(literals, innerLiteral{k, k.Start, k.End})
				}
				// For everything else a node of the inner text stands where the decoded literal does.
				k.Start, k.End, k.NameStart = outer.Start, outer.End, outer.Start
				r.innerText[k] = low
				if depth < 200 {
					walk(k, depth+1)
				}
			}
		}
		walk(doc.Root, 0)
		for _, k := range doc.Root.Kids {
			k.Parent = outer
		}
		r.innerText[outer] = low
		r.inner[string(h.Inner)] = literals
	}
	var best *innerLiteral
	for i := range literals {
		l := &literals[i]
		if l.start <= h.Credential.Start && l.end > h.Credential.Start &&
			(best == nil || l.end-l.start < best.end-best.start) {
			best = l
		}
	}
	if best == nil {
		return outer
	}
	leaf := &syntax.Node{Kind: syntax.Literal, Flags: best.node.Flags, Text: best.node.Text, Start: outer.Start,
		End: outer.End, Parent: best.node.Parent}
	r.leaves = append(r.leaves, leaf)
	return leaf
}

// An innerLiteral is a literal of a decoded text, with its range in that text.
type innerLiteral struct {
	node       *syntax.Node
	start, end int
}

// foldedLiterals finds credentials in literals whose text is not written in one piece: cut in two, or escaped.
func (r *reader) foldedLiterals() {
	for _, n := range r.leaves {
		if n.Kind != syntax.Literal || len(n.Text) < 40 || len(n.Text) > 4096 || len(r.sites[n]) > 0 || n.Start < 0 ||
			n.End > len(r.doc.Text) || r.v.CutAt(n.Start, n.End) {
			continue
		}
		if n.End-n.Start == len(n.Text) && string(r.doc.Text[n.Start:n.End]) == n.Text || r.hitIn(n) {
			continue
		}
		for _, c := range rules.AppendCredentials(nil, []byte(n.Text)) {
			s := r.newSite(c, n.Start, n.End)
			s.comment = n.Flags&syntax.InComment != 0
			r.sites[n] = append(r.sites[n], s)
			r.f.sites = append(r.f.sites, s)
		}
	}
}

// hitIn reports whether a hit stands within a literal.
func (r *reader) hitIn(n *syntax.Node) bool {
	i := r.firstHit(n.Start)
	return i < len(r.hits) && r.hits[i].Start < n.End
}

// firstHit is the index of the first hit that begins at an offset or behind it.
func (r *reader) firstHit(offset int) int {
	return sort.Search(len(r.hits), func(i int) bool { return r.hits[i].Start >= offset })
}

// openLiterals reads literals that hold a text of their own: a header, a URL's query, JSON in a string, a list of
// settings, a script in a block. What they hold becomes their kids.
func (r *reader) openLiterals() {
	next := 0
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		if depth > 60 || next > 2000 {
			return
		}
		for _, k := range n.Kids {
			if k.Kind == syntax.Literal && len(k.Kids) == 0 && len(k.Text) > 8 && r.worthOpening(k) {
				next++
				if doc := syntax.Embedded(k, r.doc); doc != nil && doc.Root != nil {
					k.Kids = doc.Root.Kids
					for _, kid := range k.Kids {
						kid.Parent = k
					}
				}
			}
			walk(k, depth+1)
		}
	}
	walk(r.doc.Root, 0)
}

// worthOpening reports whether a literal holds a credential and more, or text that mentions Unleash or a header in more
// than one word.
func (r *reader) worthOpening(n *syntax.Node) bool {
	for i := r.firstHit(n.Start); i < len(r.hits) && r.hits[i].Start < n.End; i++ {
		if h := r.hits[i]; h.End <= n.End {
			return n.End-n.Start > h.End-h.Start
		}
	}
	if len(n.Text) > 1<<20 {
		return false
	}
	if n.Flags&syntax.Multiline != 0 || strings.ContainsAny(n.Text, "=\n") || strings.Contains(n.Text, ": ") {
		return r.f.mentions && (strings.Contains(strings.ToLower(n.Text), "nleash") || strings.Contains(n.Text,
			"Authorization") || strings.Contains(n.Text, "TOKENS"))
	}
	return false
}
