package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// copyRedacted is the command whose answer is a credential in its redacted form, for the clipboard.
const copyRedacted = "unleaked.copyRedacted"

// codeActions are what can be done about the findings in a range.
func (s *server) codeActions(ctx context.Context, r *jsonrpc2.Request) (any, error) {
	p, err := params[documentParams](r)
	if err != nil {
		return nil, err
	}
	actions := []codeAction{}
	room, name, st, text := s.document(ctx, p.Document.URI)
	if st == nil {
		return actions, nil
	}
	from, to := s.enc.offset(text, p.Range.Start), s.enc.offset(text, p.Range.End)
	for i := range st.result.Findings {
		f := &st.result.Findings[i]
		start, end := rangeOf(f, text)
		if f.File != name || start > to || end < from || !s.reported(f) {
			continue
		}
		ds := []diagnostic{s.diagnostic(f, room, text)}
		add := func(title string, preferred bool, changes []change) {
			if changes == nil {
				return
			}
			a := codeAction{Title: title, Kind: "quickfix", Diagnostics: ds, Preferred: preferred,
				Edit: &workspaceEdit{Changes: map[string][]edit{}}}
			for _, c := range changes {
				a.Edit.Changes[p.Document.URI] = append(a.Edit.Changes[p.Document.URI],
					edit{span{s.enc.position(text, c.start), s.enc.position(text, c.end)}, c.text})
			}
			actions = append(actions, a)
		}
		if setting := settingOf(f); f.Format != "" {
			add("Read "+setting+" from the environment instead", true, readEnvironment(name, text, start, end, setting))
		}
		add("Accept "+string(f.Rule)+": write REASON", false, accept(name, text, start, f))
		if shown := f.Shown(); shown != "" {
			actions = append(actions, codeAction{Title: "Copy the token, redacted", Kind: "quickfix", Diagnostics: ds,
				Command: &command{Title: "Copy the token, redacted", Command: copyRedacted, Arguments: []any{shown}}})
		}
	}
	return actions, nil
}

// execute runs a command. A server has no clipboard: the editor's side gets the text to copy.
func (s *server) execute(_ context.Context, r *jsonrpc2.Request) (any, error) {
	p, err := params[commandParams](r)
	if err != nil {
		return nil, err
	}
	var shown string
	if p.Command != copyRedacted || len(p.Arguments) != 1 || json.Unmarshal(p.Arguments[0], &shown) != nil {
		return nil, fmt.Errorf("there is no command %s with these arguments", p.Command)
	}
	return shown, nil
}

// A change is a part of a text that is to be replaced.
type change struct {
	start, end int
	text       string
}

// accept puts a comment above a finding's line that accepts it once a person has written why: the word REASON is none. It
// is nil where the file has no comments, or a comment there would be a part of a literal.
func accept(name string, text []byte, start int, f *scanner.Finding) []change {
	open, end, ok := finding.Comment(name)
	if !ok {
		return nil
	}
	line := bytes.LastIndexByte(text[:start], '\n') + 1
	if open == "//" && bytes.Count(text[:line], []byte("`"))%2 == 1 {
		return nil
	}
	indent := line
	for indent < start && (text[indent] == ' ' || text[indent] == '\t') {
		indent++
	}
	return []change{{line, line, string(text[line:indent]) + strings.TrimSpace(open+" unleaked:ignore "+string(f.Rule)+
		" "+finding.NoReason+" "+end) + eol(text)}}
}

// eol is how lines of text end.
func eol(text []byte) string {
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
