package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/unleaked/unleaked/scanner"
)

// hover says of the credential under the pointer what it is, and why that is known. Public ones are told too, which
// give no diagnostic, and accepted ones.
func (s *server) hover(ctx context.Context, r *jsonrpc2.Request) (any, error) {
	p, err := params[documentParams](r)
	if err != nil {
		return nil, err
	}
	room, name, st, text := s.document(ctx, p.Document.URI)
	if st == nil {
		return nil, nil
	}
	_ = room
	at := s.enc.offset(text, p.Position)
	for _, list := range [][]scanner.Finding{st.result.Findings, st.result.Suppressed} {
		for i := range list {
			f := &list[i]
			if f.File != name {
				continue
			}
			if start, end := rangeOf(f, text); start <= at && at <= end {
				return map[string]any{"contents": map[string]string{"kind": "markdown", "value": describe(f)},
					"range": s.spanOf(f, text)}, nil
			}
		}
	}
	return nil, nil
}

// describe is a finding in Markdown.
func describe(f *scanner.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** · %s\n\n", plain(string(f.Rule)), f.Severity)
	if f.Format == "" {
		fmt.Fprintf(&b, "A setting that is named as a secret, kind %s.\n\n", plain(string(f.Kind)))
	} else {
		fmt.Fprintf(&b, "`%s`  \nkind **%s** (%s), certainty **%s**, format %s\n\n", strings.ReplaceAll(f.Shown(), "`", "'"),
			f.Kind, f.Visibility(), f.Certainty, f.Format)
	}
	if f.Project != "" || f.Environment != "" {
		fmt.Fprintf(&b, "project `%s`, environment `%s`\n\n", strings.ReplaceAll(f.Project, "`", "'"),
			strings.ReplaceAll(f.Environment, "`", "'"))
	}
	if f.Selector != "" {
		fmt.Fprintf(&b, "selector `%s`\n\n", f.Selector)
	}
	fmt.Fprintf(&b, "%s\n\n", plain(f.Message))
	for _, p := range slices.Concat(f.Evidence, f.Related) {
		fmt.Fprintf(&b, "- %s:%d %s\n", plain(p.File), p.Line, plain(p.Text))
	}
	fmt.Fprintf(&b, "\nFix: %s\n", plain(f.Fix))
	if f.Suppressed != nil {
		fmt.Fprintf(&b, "\nAccepted in %s: %s\n", plain(f.Suppressed.Where), plain(f.Suppressed.Reason))
	}
	fmt.Fprintf(&b, "\n[%s](%s)\n", f.Rule, f.Rule.URL())
	return b.String()
}

// plain is text in which Markdown sees nothing.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>()#+!|&~", r):
			b.WriteByte('\\')
		case r < 0x20:
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
