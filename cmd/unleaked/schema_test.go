package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/unleaked/unleaked/policy"
	"github.com/unleaked/unleaked/rules"
)

const schemaFile = "docs/unleaked.schema.json"

// TestSchema holds the shipped schema and the reader of configurations to one opinion.
func TestSchema(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	text := readText(t, schemaFile)
	list := regexp.MustCompile(`("rule": \{\s*"enum": )\[[^\]]*\]`)
	var names []string
	for _, r := range rules.All() {
		names = append(names, string(r.ID))
	}
	enum, err := json.MarshalIndent(names, "      ", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if !list.MatchString(text) {
		t.Fatal("the schema has no list of rules")
	}
	compare(t, schemaFile, []byte(list.ReplaceAllString(text, "${1}"+string(enum))))
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		text string
		good bool
	}{
		{"version: 1", true},
		{"version: 1\nignore: [testdata/, '*.snap']\npublic: true\nexamples: false\nfail-on: none\nbaseline: ci/baseline", true},
		{"version: 1\nsuppress: [{rule: backend-token, reason: known}]", true},
		{"version: 1\nsuppress: [{rule: [backend-token, admin-token], path: a/, reason: known, owner: me, expires: '2027-01-31'}]", true},
		{"version: 1\nsuppress: [{fingerprint: 1rabc123, reason: known}]", true},
		{"version: 2", false},
		{"ignore: [a]", false},
		{"version: 1\nignore: a", false},
		{"version: 1\nignored: [a]", false},
		{"version: 1\npublic: sometimes", false},
		{"version: 1\nfail-on: terrible", false},
		{"version: 1\nbaseline: /etc/baseline", false},
		{"version: 1\nsuppress: [{reason: everything}]", false},
		{"version: 1\nsuppress: [{rule: backend-token}]", false},
		{"version: 1\nsuppress: [{rule: backend-token, reason: '--'}]", false},
		{"version: 1\nsuppress: [{rule: no-such-rule, reason: known}]", false},
		{"version: 1\nsuppress: [{rule: backend-token, reason: known, line: 3}]", false},
		{"version: 1\nsuppress: [{path: '!a', reason: known}]", false},
		{"version: 1\nsuppress: [{path: a, reason: known, expires: soon}]", false},
	} {
		if _, err := policy.LoadConfig("c.yaml", []byte(row.text)); (err == nil) != row.good {
			t.Errorf("reading %q: %v", row.text, err)
		}
		var value any
		if err := yaml.Unmarshal([]byte(row.text), &value); err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); (err == nil) != row.good {
			t.Errorf("the schema on %q: %v", row.text, err)
		}
	}
}
