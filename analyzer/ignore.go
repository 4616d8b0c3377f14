package analyzer

import (
	"go/ast"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// marker begins a comment that accepts findings, as everywhere in this tool:
//
//	unleaked:ignore RULE[,RULE...] REASON
//
// It stands behind the code of its line, or alone on the line above. Without a rule or a reason it accepts nothing.
const marker = "unleaked:ignore"

// accepted are the rules that comments of a file accept, by line.
func (c *check) accepted(file *ast.File) map[int][]rules.RuleID {
	var out map[int][]rules.RuleID
	for _, g := range file.Comments {
		for _, comment := range g.List {
			before, rest, found := strings.Cut(comment.Text, marker)
			if !found || strings.Trim(before, "/* \t") != "" || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
				continue
			}
			ids := acceptedRules(strings.TrimSuffix(rest, "*/"))
			line := c.pass.Fset.Position(comment.Pos()).Line
			if c.alone(file, line, comment) {
				line = c.pass.Fset.Position(comment.End()).Line + 1
			}
			if out == nil {
				out = map[int][]rules.RuleID{}
			}
			out[line] = append(out[line], ids...)
		}
	}
	return out
}

// acceptedRules are the rules of a comment, none where one of them is unknown or the reason is missing.
func acceptedRules(text string) []rules.RuleID {
	var ids []rules.RuleID
	words := strings.Fields(strings.ReplaceAll(text, ",", ", "))
	for i, w := range words {
		name, more := strings.CutSuffix(w, ",")
		if _, ok := rules.Lookup(rules.RuleID(name)); !ok {
			return nil
		}
		ids = append(ids, rules.RuleID(name))
		if !more {
			if strings.Trim(strings.Join(words[i+1:], ""), "-:—–") == "" {
				return nil
			}
			return ids
		}
	}
	return nil
}

// alone reports whether nothing but the comment stands on its line.
func (c *check) alone(file *ast.File, line int, comment *ast.Comment) bool {
	alone := true
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		}
		if !alone || n.Pos() > comment.Pos() {
			return false
		}
		if _, ok := n.(*ast.File); !ok && (c.pass.Fset.Position(n.Pos()).Line == line || n.End() <= comment.Pos() &&
			c.pass.Fset.Position(n.End()).Line == line) {
			alone = false
		}
		return alone
	})
	return alone
}
