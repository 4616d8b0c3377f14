package analyzer

import (
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/unleaked/unleaked/rules"
)

const docsURL = "https://github.com/unleaked/unleaked/blob/main/docs/rules.md"

// report writes the findings as diagnostics, one a place, in the order of the source.
func (c *check) report() {
	var list []*finding
	for _, f := range c.findings {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *finding) int { return int(a.pos) - int(b.pos) })
	for _, f := range list {
		c.diagnose(f)
	}
}

func (c *check) diagnose(f *finding) {
	file := c.fileAt(f)
	if file == nil {
		return
	}
	name := c.pass.Fset.File(file.FileStart).Name()
	generated := ast.IsGenerated(file)
	if !c.set.tests && strings.HasSuffix(name, "_test.go") || !c.set.generated && generated {
		return
	}
	if h := f.holding; h != nil && h.cred.Example && !c.set.examples {
		return
	}
	text := map[rules.RuleID]string{}
	accepted := c.accepted(file)[c.pass.Fset.Position(f.pos).Line]
	var ids []rules.RuleID
	for i, id := range f.ids {
		// That a public credential can be read is not told unless asked for; its misuse is.
		if (id == rules.FrontendToken || id == rules.ClientKeyRule) && !c.set.public {
			continue
		}
		if slices.Contains(accepted, id) {
			continue
		}
		ids = append(ids, id)
		text[id] = f.says[i]
	}
	if len(ids) == 0 {
		return
	}
	rules.Sort(ids)
	d := analysis.Diagnostic{Pos: f.pos, End: f.end, Category: string(ids[0]), URL: docsURL + "#" + string(ids[0])}
	d.Message = message(ids, text)
	if f.holding != nil {
		for _, says := range f.holding.known.Says {
			d.Message += "; " + says
		}
	}
	for _, r := range f.related {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: r.pos, Message: r.text})
	}
	if !generated {
		d.SuggestedFixes = c.fixes(f, ids, file)
	}
	c.pass.Report(d)
	if h := f.holding; h != nil {
		c.held[f.pos] = &Held{Credential: h.cred, Verdict: h.verdict, Knowledge: h.known, Name: h.boundName()}
	}
}

// message names the rules, the most severe first, and says what each means here.
func message(ids []rules.RuleID, text map[rules.RuleID]string) string {
	var names, says []string
	for _, id := range ids {
		names = append(names, string(id))
		if t := text[id]; !slices.Contains(says, t) {
			says = append(says, t)
		}
	}
	return strings.Join(names, ", ") + ": " + strings.Join(says, "; ")
}

func (c *check) fileAt(f *finding) *ast.File {
	for _, file := range c.pass.Files {
		if f.pos >= file.FileStart && f.pos < file.FileEnd {
			return file
		}
	}
	return nil
}
