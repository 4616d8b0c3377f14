package scanner

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a text says, and whether the last result stays good: a text that leaves nothing changes nothing, unless somebody
// asked for a word that comes or goes, or has read it for more than words.
func TestWorkspaceKeepsItsResult(t *testing.T) {
	token := "default:production." + strings.Repeat("0123456789abcdef", 4)[:56]
	dir := t.TempDir()
	for name, text := range map[string]string{
		"package.json":       `{"name": "shop"}`,
		"deploy/compose.yml": "services:\n  web:\n    build: ..\n    environment:\n      SHOP_KEY: " + token + "\n",
		"src/ask.js":         "export const x = 1;\n",
		"src/other.js":       "export const y = 1;\n",
		"src/client.js":      "import { initialize } from 'unleash-client';\nimport { settings } from './settings';\ninitialize({ url: 'https://u.example.com/api', appName: 'a', customHeaders: { Authorization: settings.key } });\n",
		"src/settings.js":    "export const settings = { key: 'none' };\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opts := Options{Public: true}
	tree := func() *Tree { return &Tree{Paths: []string{dir}, NoGit: true} }
	w := NewWorkspace(tree(), opts)
	if err := w.Load(context.Background(), opts, nil); err != nil {
		t.Fatal(err)
	}
	ask := "fetch('https://u.example.com/api/client/features', { headers: { Authorization: process.env.SHOP_KEY } });\n"
	for _, step := range []struct {
		name, text string
		kept       bool
	}{
		{"src/ask.js", "export const x = 2;\n", false}, // the editor holds it from now on
		{"src/ask.js", "export const x = 23; // and more\n", true},
		{"src/ask.js", "", true},
		{"src/ask.js", ask, false},
		{"src/ask.js", strings.ReplaceAll(ask, "SHOP_KEY", "SHOP_KEYS"), false},
		{"src/ask.js", "export const x = 2;\n", false},
		{"src/ask.js", "export const x = 24;\n", true}, // what it asked before is gone, and nobody asks it
		{"src/other.js", "export const y = 2;\n", false},
		{"src/other.js", "export const y = 3;\n", true},
		{"src/other.js", "export const t = '" + token + "';\n", false},
		{"src/settings.js", "export const settings = { key: 'some' };\n", false},
		{"src/settings.js", "export const settings = { key: process.env.SHOP_KEY };\n", false},
		{"src/new.js", "export const z = 1;\n", false},
		{"src/new.js", "export const z = 2;\n", true},
		{"src/new.js", "process.env.SHOP_KEY\n", false},
	} {
		w.Set(step.name, []byte(step.text), false)
		if kept := w.last != nil; kept != step.kept {
			t.Errorf("%s: %q: the last result is kept: %v", step.name, step.text, kept)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(step.name)), []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		fresh, err := Scan(context.Background(), tree(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := saidOf(w.Result(context.Background())), saidOf(fresh); got != want {
			t.Errorf("%s: %q: it says\n%s\nand a scan\n%s", step.name, step.text, got, want)
		}
	}
}

// saidOf is what a result says of its findings.
func saidOf(r *Result) string {
	var b strings.Builder
	for i := range r.Findings {
		f := &r.Findings[i]
		b.WriteString(f.File + " " + string(f.Rule) + " " + string(f.Kind) + " " + f.Message + "\n")
		for _, e := range f.Evidence {
			b.WriteString("  " + e.File + " " + e.Text + "\n")
		}
	}
	return b.String()
}
