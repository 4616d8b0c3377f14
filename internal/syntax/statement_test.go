package syntax

import (
	"slices"
	"strings"
	"testing"
)

// returned is what the function of a name gives back: the texts and names under its Return.
func returned(t *testing.T, path, text, fn string) (given []string) {
	t.Helper()
	walk(parsed(t, path, []byte(text)).Root, func(n *Node) {
		if n.Kind != Return || n.Parent == nil || n.Parent.Name != fn {
			return
		}
		walk(n, func(k *Node) {
			switch k.Kind {
			case Literal:
				given = append(given, k.Text)
			case Ref, Call:
				given = append(given, k.Name)
			}
		})
	})
	return given
}

// A body of Rust gives its last expression, and nothing where a semicolon ends it.
func TestRustGives(t *testing.T) {
	for text, want := range map[string][]string{
		`fn key() -> String { "tok".into() }`:     {"tok"},
		`fn key() { log("tok"); }`:                nil,
		`fn key() -> String { a(); return "x"; }`: {"x"},
		`fn key() -> String { let k = "a"; k }`:   {"k"},
	} {
		got := returned(t, "a.rs", text, "key")
		for i := range got {
			got[i] = strings.TrimSuffix(got[i], ".into")
		}
		if len(got) > 1 {
			got = got[:1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s gives %q, not %q", text, got, want)
		}
	}
}

// A line that begins with a pipe goes on with the statement of the line above.
func TestPipesGoOn(t *testing.T) {
	for path, text := range map[string]string{
		"a.exs": "key =\n  System.get_env(\"K\")\n  |> fallback(\"tok\")\nother = 1\n",
		"a.fs":  "let key =\n    env \"K\"\n    |> fallback \"tok\"\nlet other = 1\n",
	} {
		var names []string
		walk(parsed(t, path, []byte(text)).Root, func(n *Node) {
			if n.Kind != Literal || n.Text != "tok" {
				return
			}
			for p := n.Parent; p != nil; p = p.Parent {
				if p.Kind == Bind {
					names = append(names, p.Name)
				}
			}
		})
		if !slices.Equal(names, []string{"key"}) {
			t.Errorf("%s: what a pipe is handed is bound to %q", path, names)
		}
	}
}

// What a module of JavaScript exports is what it assigns to exports, module.exports and their members.
func TestCommonExports(t *testing.T) {
	for text, want := range map[string]bool{
		`module.exports.key = "tok"`:         true,
		`exports.key = "tok"`:                true,
		`module.exports = { key: "tok" }`:    true,
		`settings.key = "tok"`:               false,
		`settings.exports.key = "tok"`:       false,
		`module.exported.key = "tok"`:        false,
		`const exporter = { key: "tok" }`:    false,
		`var module_exports = {}; k = "tok"`: false,
	} {
		exported := false
		walk(parsed(t, "a.js", []byte(text)).Root, func(n *Node) {
			exported = exported || n.Kind == Bind && n.Flags&Exported != 0
		})
		if exported != want {
			t.Errorf("%s: exported %v", text, exported)
		}
	}
}

// A heredoc ends at its tag and what stands behind it is read, however lines end.
func TestHeredocEnds(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		for path, lines := range map[string][]string{
			"a.rb":  {"text = <<~EOS", "  one", "EOS", `key = "tok"`, ""},
			"a.php": {"<?php", "$text = <<<EOS", "one", "EOS;", `$key = "tok";`, ""},
			"a.pl":  {"my $text = <<EOS;", "one", "EOS", `my $key = "tok";`, ""},
		} {
			bound := map[string]string{}
			walk(parsed(t, path, []byte(strings.Join(lines, end))).Root, func(n *Node) {
				if n.Kind == Literal && n.Parent.Kind == Bind {
					bound[n.Parent.Name] = strings.TrimSpace(n.Text)
				}
			})
			if bound["text"] != "one" || bound["key"] != "tok" {
				t.Errorf("%s with %q: %v", path, end, bound)
			}
		}
	}
}
