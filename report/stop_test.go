package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// Where a comment would do harm or cannot stand, none is offered.
func TestNoCommentHere(t *testing.T) {
	for _, file := range []string{"a.json", "a.ipynb", "a.csv", "a", "app.zip!a.js", "a.js.map", "LICENSE"} {
		f := aFinding(rules.BackendToken, file, 2, secret)
		if text, ok := commentFor(&f, "backend-token"); ok {
			t.Errorf("%s: offers %q", file, text)
		}
	}
	f := aFinding(rules.BackendToken, "deploy.sh", 2, secret)
	if _, ok := commentFor(&f, "backend-token"); !ok {
		t.Error("deploy.sh: offers none")
	}
	f.Excerpt[0].Text = `curl -X POST \`
	if text, ok := commentFor(&f, "backend-token"); ok {
		t.Errorf("between the lines of one command: offers %q", text)
	}
	f = aFinding(rules.BackendToken, "refs/heads/x.js", 1, secret)
	f.Git = &finding.GitPlace{Where: "ref-name"}
	if text, ok := commentFor(&f, "backend-token"); ok {
		t.Errorf("a ref's name: offers %q", text)
	}
}

func TestStop(t *testing.T) {
	front := aFinding(rules.SecretInFrontend, "web/flags.ts", 3, secret)
	compose := aFinding(rules.BackendToken, "web/flags.ts", 3, person)
	data := aFinding(rules.BackendToken, "data.json", 1, chosen)
	r := &finding.Result{Findings: []finding.Finding{front, compose, data}}
	for _, row := range []struct {
		name       string
		r          *finding.Result
		stop       Stop
		want, miss []string
	}{
		{"a commit", r, Stop{What: "commit", FailOn: rules.Medium},
			[]string{"The commit was stopped", "// unleaked" + ":ignore secret-in-frontend,backend-token REASON\n",
				"version: 1\n", "suppress:\n", "- fingerprint: " + data.Fingerprint + "\n"}, []string{front.Fingerprint}},
		{"with a configuration", r, Stop{What: "commit", FailOn: rules.Medium, Config: true},
			[]string{"suppress:\n"}, []string{"version: 1"}},
		{"with suppressions", r, Stop{What: "commit", FailOn: rules.Medium, Config: true, Suppress: true},
			[]string{"- fingerprint: "}, []string{"version: 1", "suppress:\n"}},
		{"a push", r, Stop{What: "push", FailOn: rules.Medium},
			[]string{"The push was stopped: nothing was sent", front.Fingerprint}, []string{"unleaked:ignore"}},
		{"a gate that does not listen", r, Stop{What: "push", FailOn: rules.Medium, Deaf: true},
			[]string{"can accept a finding"}, []string{"unleaked:ignore", front.Fingerprint}},
		{"only what is bad enough", r, Stop{What: "commit", FailOn: rules.Critical},
			[]string{"ignore secret-in-frontend REASON"}, []string{data.Fingerprint}},
		{"nothing to stop", &finding.Result{}, Stop{What: "commit", FailOn: rules.Medium}, nil, []string{"stopped"}},
		{"incomplete", &finding.Result{Coverage: finding.Coverage{Skipped: []finding.Skip{{What: "a", Why: "b"}}}},
			Stop{What: "commit", FailOn: rules.Medium}, []string{"stopped", "could be read"}, []string{"accept"}},
	} {
		var out bytes.Buffer
		if err := WriteStop(&out, row.r, row.stop, Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		for _, want := range row.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: %q is missing in\n%s", row.name, want, &out)
			}
		}
		for _, not := range append(row.miss, "no-verify", hash1, hash2) {
			if strings.Contains(out.String(), not) {
				t.Errorf("%s: %q stands in\n%s", row.name, not, &out)
			}
		}
	}
}
