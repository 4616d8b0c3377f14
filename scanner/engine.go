package scanner

// This file stands in for the engine: it tells of each hit what its format tells.

import (
	"path"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

type fileFacts struct{ findings []Finding }

func readFile(v *View, hits []Hit) *fileFacts {
	if len(hits) == 0 || v.Ignored {
		return nil
	}
	f := &fileFacts{}
	for _, h := range hits {
		at, end := v.Position(h.Start), v.Position(h.End)
		rule, sev := rules.UnknownToken, rules.High
		switch h.Kind {
		case rules.Admin:
			rule, sev = rules.AdminToken, rules.Critical
		case rules.Personal:
			rule, sev = rules.PersonalToken, rules.Critical
		}
		f.findings = append(f.findings, Finding{
			Rule: rule, Severity: sev, Kind: h.Kind, Format: h.Format, Certainty: rules.None, Project: h.Project, Environment: h.Environment,
			Selector: h.Selector, File: v.Path, Line: at.Line, Column: at.Column, EndLine: end.Line, EndColumn: end.Column,
			UTF16Column: at.UTF16Column, UTF16EndColumn: end.UTF16Column, Secret: h.Secret, Layers: h.Layers, Git: v.Git, Example: h.Example,
			Excerpt: excerpt(v, h.Start, h.End, nil),
		})
	}
	return f
}

func wantsFile(p string) bool {
	base := path.Base(p)
	return base == "package.json" || strings.HasPrefix(base, ".env")
}

func resolve(files []*fileFacts, opts Options) []Finding {
	var all []Finding
	for _, f := range files {
		all = append(all, f.findings...)
	}
	return all
}
