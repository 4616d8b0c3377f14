package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// TestNoDigestOfAGuess wants no digest of a file or a line in reports of a text that an operator chose.
func TestNoDigestOfAGuess(t *testing.T) {
	const blob, line = "0123456789abcdef0123456789abcdef01234567", "252a2d0d3b21de14:1"
	for text, shows := range map[string]bool{
		rules.Expand("default"+":production.{hex56}", 1): true,
		"default" + ":production.our-summer-token":       false,
	} {
		c, ok := rules.ParseValue(text)
		if !ok {
			t.Fatal("no credential")
		}
		r := &finding.Result{Findings: []finding.Finding{{Rule: "backend-token", File: "a", Line: 1, Column: 1, EndLine: 1,
			EndColumn: 2, Secret: c.Secret, Fingerprint: rules.Fingerprint(c, "a"), LineHash: line,
			Git: &finding.GitPlace{Blob: blob, Where: "blob"}}}}
		for _, format := range Formats() {
			var b bytes.Buffer
			if err := Write(&b, format, r, Options{}); err != nil {
				t.Fatal(err)
			}
			digests := strings.Contains(b.String(), blob) || strings.Contains(b.String(), line[:16])
			if digests && !shows {
				t.Errorf("%s: a digest of what can be guessed", format)
			}
			if !digests && shows && (format == "json" || format == "sarif") {
				t.Errorf("%s: no digest of what cannot be guessed", format)
			}
		}
		if r.Findings[0].Git.Blob != blob {
			t.Error("the result was changed")
		}
	}
}
