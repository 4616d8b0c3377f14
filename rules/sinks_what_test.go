package rules

import (
	"strings"
	"testing"
)

// A sink is called by the name that its option has at the place.
func TestSinkIsCalledAsTheSourceCallsIt(t *testing.T) {
	around := Surround{
		Imports: func(m string) bool { return strings.HasPrefix(m, "io.getunleash") }, Manifest: func(string) bool { return true },
		Beside: func([]string) bool { return true }, With: func([]string) bool { return true },
		URL: func() API { return NoAPI }, Module: func(string) string { return "" },
	}
	key := func(name string) Step { return Step{Kind: Key, Name: name} }
	for _, c := range []struct {
		lang, file string
		trail      Trail
		want       string
	}{
		{"yaml", "compose.yml", Trail{key("CLIENT_TOKENS")}, "CLIENT_TOKENS of Edge"},
		{"yaml", "compose.yml", Trail{key("TOKENS")}, "TOKENS of Edge"},
		{"java", "Flags.java", Trail{{Kind: Arg, Name: "builder.apiKey"}}, "apiKey of the Java SDK"},
		{"java", "Flags.java", Trail{key("Authorization"), {Kind: Arg, Name: "builder.customHttpHeader", Index: 1}},
			"customHttpHeader of the Java SDK"},
		{"hcl", "main.tf", Trail{key("authorization"), {Kind: Section, Name: "provider.unleash"}},
			"authorization of the Terraform provider"},
		{"hcl", "main.tf", Trail{key("auth_token"), {Kind: Section, Name: "provider.unleash"}},
			"auth_token of the Terraform provider"},
		{"python", "flags.py", Trail{key("custom_headers"), {Kind: Arg, Name: "UnleashClient"}},
			"custom_headers of the Python SDK"},
		{"rust", "state.rs", Trail{key("tokens")}, ""},
	} {
		at := around
		at.Lang, at.File = c.lang, c.file
		m, ok := FindSink(c.trail, at)
		if m.What != c.want || ok != (c.want != "") {
			t.Errorf("%s %v: %q, want %q", c.lang, c.trail, m.What, c.want)
		}
	}
}
