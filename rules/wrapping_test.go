package rules

import (
	"strings"
	"testing"
)

// Real servers accepted these names; T stands for the token in the places where people put it.
var (
	oddNames = []string{
		"UPPER", "a_b", "-lead", "4567", "z", "with.dot", ".", "..", "a*b", "a'b", "a!b", "a~b", "a(b)", "undefined",
		"*", "[]", "default",
		"_x", "x_", "a-", "n", "r1", "u0041", "x41", "e", "bb", "tab", "~", "prod-eu.v2", strings.Repeat("p", maxName),
	}
	wrappings = []string{
		"T", "T\n", "T\r\n", " T ", "\tT\t", "\"T\"", "'T'", "`T`", "X=T", "X='T'", "X=\"T\"", "X: T", "X: 'T'",
		"X: \"T\"", "- T", "export X=T", "set X=T", "-e X=T",
		"--token=T", "--token T", "--token 'T'", "{\"k\":\"T\"}", "{k:'T'}", "[\"T\",\"x\"]", "['T']", "(T)",
		"f(\"T\")", "f('T')", "f(a, 'T', b)", "f(a,'T')", "f(`T`)",
		"\"Bearer T\"", "'Bearer T'", "Authorization: T", "Authorization: Bearer T", "-H 'Authorization: T'",
		"-H \"Authorization: T\"", "<string>T</string>",
		"<v a=\"T\"/>", "<v a='T'/>", "T,x", "x,T", "x;T;y", "x|T|y", "# T", "// T", "/* T */", "<!-- T -->",
		"{\\\"k\\\":\\\"T\\\"}", "\\\"T\\\"", "\"a\\nT\\nb\"", "'a\\tT'", "b\"T\"", "r\"T\"",
		"`T`:", "**T**", "(see T)", "T.", "T, and", "token T!", "?token=T&x=1", "?token=T#x", "%22T%22", "{{ T }}", "${X:-T}", "\"${X:-T}\"", "key = T", "key=>'T'", "\"k\"=>\"T\",", "@\"T\"", "x\x00T\x00y",
		"\x1b[33mT\x1b[0m", "“T”", "«T»", "\u00a0T\u00a0", "T\u2028", "…T…", "{T}", "[T]", "<T>", "$T", "@T", "T@host",
		"T;", "T)", "'T')", "https://u.example/api?token=T",
	}
)

func TestOddNamesInWrappings(t *testing.T) {
	for i, name := range oddNames {
		environment := name
		if name == "[]" || name == "*" {
			environment = "eu.prod"
		}
		for j, body := range []string{Expand("{hex56}", uint64(i)), Expand("{v2}", uint64(i))} {
			token := name + ":" + environment + "." + body
			for _, wrapping := range wrappings {
				text := strings.ReplaceAll(wrapping, "T", token)
				found := AppendCredentials(nil, []byte(text))
				if len(found) != 1 || found[0].Secret.Reveal() != token || found[0].Project != name ||
					found[0].Environment != environment || found[0].Malformed || found[0].Weak {
					var got []string
					for _, c := range found {
						got = append(got, c.Project)
					}
					t.Errorf("name %q in %q, form %d: found projects %q", name, wrapping, j, got)
				}
			}
		}
	}
}

func TestAccountTokensInWrappings(t *testing.T) {
	for i, body := range []string{Expand("{hex56}", 8), Expand("{v2}", 8)} {
		token := accountPrefix + body
		for _, wrapping := range wrappings {
			text := strings.ReplaceAll(wrapping, "T", token)
			found := AppendCredentials(nil, []byte(text))
			if len(found) != 1 || found[0].Secret.Reveal() != token || found[0].Kind != Personal ||
				found[0].Malformed || found[0].Weak {
				t.Errorf("%q, form %d: found %d", wrapping, i, len(found))
			}
		}
	}
}
