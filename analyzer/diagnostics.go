package analyzer

import (
	"bytes"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/unleaked/unleaked/rules"
)

// diagnostics are what was told, in a form that does not need the packages any more.
func diagnostics(told []located, base string) []Diagnostic {
	texts := map[string][]byte{}
	place := func(p token.Position) Position {
		text, ok := texts[p.Filename]
		if !ok {
			text, _ = os.ReadFile(p.Filename) // without it, columns are those of the go command: bytes
			texts[p.Filename] = text
		}
		return Position{p.Line, runeColumn(text, p)}
	}
	var out []Diagnostic
	for _, t := range told {
		d := Diagnostic{File: filepath.ToSlash(relative(base, t.pos.Filename)), Start: place(t.pos), Held: t.is}
		names, says, _ := strings.Cut(t.d.Message, ": ")
		for name := range strings.SplitSeq(names, ", ") {
			d.Rules = append(d.Rules, rules.RuleID(name))
		}
		d.Message = says
		if t.d.End.IsValid() {
			d.End = place(t.pkg.Fset.Position(t.d.End))
		}
		for _, r := range t.d.Related {
			if p := t.pkg.Fset.Position(r.Pos); p.IsValid() {
				d.Related = append(d.Related, Related{filepath.ToSlash(relative(base, p.Filename)), p.Line, r.Message})
			}
		}
		out = append(out, d)
	}
	return out
}

// runeColumn is a column in code points, where the text is at hand.
func runeColumn(text []byte, p token.Position) int {
	if p.Offset > len(text) || p.Column < 1 {
		return p.Column
	}
	line := text[1+bytes.LastIndexByte(text[:p.Offset], '\n') : p.Offset]
	return 1 + utf8.RuneCount(line)
}
