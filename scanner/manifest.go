package scanner

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// manifests are files that say what a package is; their whole name, or how it ends.
func isManifest(p string) bool {
	base := path.Base(p)
	switch base {
	case "package.json", "pubspec.yaml", "build.gradle", "build.gradle.kts", "pom.xml", "Podfile", "Package.swift",
		"Cargo.toml", "go.mod", "composer.json", "Gemfile",
		"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt", "mix.exs", "manifest.json", "AndroidManifest.xml", "deno.json":
		return true
	}
	return strings.HasSuffix(base, ".csproj") || strings.HasSuffix(base, ".fsproj") || strings.HasSuffix(base,
		".vbproj")
}

// holdsSettings reports whether a file holds settings that code reads, whether or not it mentions Unleash.
func holdsSettings(p string) bool {
	base := path.Base(p)
	if (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")) && (strings.HasPrefix(base, "compose.") ||
		strings.HasPrefix(base, "docker-compose")) {
		return true // it hands settings on under other names
	}
	return strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env") || base == "gradle.properties" ||
		base == "local.properties" || isKustomization(p) || strings.HasPrefix(base, "application") &&
		(strings.HasSuffix(base, ".properties") || strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"))
}

// configures reports whether a file configures a bundler, which may expose settings under prefixes of its own.
func configures(p string) bool {
	base := path.Base(p)
	for _, b := range []string{"vite.config.", "svelte.config.", "astro.config.", "nuxt.config.", "next.config.",
		"quasar.config.", "rsbuild.config."} {
		if strings.HasPrefix(base, b) {
			return true
		}
	}
	return false
}

// wantsFile reports whether a file is read whatever it holds, to know the packages and the settings of a tree.
func wantsFile(p string) bool { return isManifest(p) || holdsSettings(p) || configures(p) }

// dependency finds what may be the name of a dependency in a manifest of any kind: a word with the characters that
// package names have.
var dependency = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[@A-Za-z_][\w@./:+-]*[\w]`) })

const manifestLimit = 1 << 20

// readManifest is what a manifest says of its package, nil of other files. It reads words, not the grammar of each
// build tool: a package that is named is taken for a dependency.
func readManifest(p string, text []byte) *rules.Manifest {
	if !isManifest(p) || len(text) > manifestLimit {
		return nil
	}
	base := path.Base(p)
	dir := path.Dir(p)
	if dir == "." {
		dir = ""
	}
	m := &rules.Manifest{Dir: dir, File: p, Deps: map[string]bool{}}
	has := func(s string) bool { return bytes.Contains(text, []byte(s)) }
	switch base {
	case "go.mod":
		if n := regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`).FindSubmatch(text); n != nil {
			m.GoModule = string(n[1])
		}
	case "Cargo.toml":
		if n := regexp.MustCompile(`(?ms)^\[package\].*?^name\s*=\s*"([^"]+)"`).FindSubmatch(text); n != nil {
			m.Name = string(n[1])
		}
	case "manifest.json":
		if !has("\"manifest_version\"") {
			return nil
		}
		m.BrowserX = true
		return m
	case "AndroidManifest.xml":
		return nil
	case "package.json":
		packageDeps(p, text, m)
		return m
	case "pubspec.yaml":
		if n := regexp.MustCompile(`(?m)^name:\s*([\w.-]+)`).FindSubmatch(text); n != nil {
			m.Name = string(n[1])
		}
		m.Flutter = regexp.MustCompile(`(?m)^\s*sdk:\s*flutter|^flutter:`).Match(text)
		m.EnvAsset = regexp.MustCompile(`(?m)^\s*-\s*['"]?(?:[\w./]*/)?\.env`).Match(text)
	case "build.gradle", "build.gradle.kts":
		m.Android = has("com.android.application") || has("com.android.library") || has("android {") &&
			has("compileSdk")
	}
	if strings.HasSuffix(base, "proj") {
		m.Blazor = has("BlazorWebAssembly")
	}
	for _, w := range dependency().FindAll(text, 20000) {
		word := strings.ToLower(string(w))
		m.Deps[word] = true
		// group:artifact:version
		if parts := strings.Split(word, ":"); len(parts) >= 2 {
			m.Deps[parts[0]+":"+parts[1]] = true
			m.Deps[parts[1]] = true
		}
	}
	return m
}

// packageDeps reads the dependencies of a package.json; a file that is no JSON gives none.
func packageDeps(p string, text []byte, m *rules.Manifest) {
	doc, err := syntax.Read(p, text)
	if err != nil {
		return // whoever reads the file for what it holds lists it
	}
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		if depth > 8 {
			return
		}
		for _, k := range n.Kids {
			if k.Kind == syntax.Bind && (strings.HasSuffix(k.Name, "ependencies")) {
				for _, table := range k.Kids {
					for _, d := range table.Kids {
						if d.Kind == syntax.Bind {
							m.Deps[strings.ToLower(d.Name)] = true
						}
					}
				}
				continue
			}
			if lit := onlyLiteral(k); depth == 1 && k.Kind == syntax.Bind && k.Name == "name" && lit != nil {
				m.Name = lit.Text
			}
			if lit := onlyLiteral(k); depth == 1 && k.Kind == syntax.Bind && lit != nil {
				switch k.Name {
				case "main", "module", "types", "source", "exports", "typings":
					m.Entries = append(m.Entries, strings.TrimSuffix(strings.TrimSuffix(lit.Text, path.Ext(lit.Text)), ".d"))
				}
			}
			if k.Kind == syntax.Bind && k.Name == "engines" && bytes.Contains(text, []byte("\"vscode\"")) {
				m.Deps["vscode"] = true
			}
			walk(k, depth+1)
		}
	}
	walk(doc.Root, 0)
}

// configuredPrefixes are the public prefixes that a bundler's configuration names (envPrefix, publicPrefix).
func configuredPrefixes(p string, doc *syntax.Document) []string {
	if !configures(p) {
		return nil
	}
	var out []string
	var walk func(n *syntax.Node, depth int)
	walk = func(n *syntax.Node, depth int) {
		if depth > 20 {
			return
		}
		for _, k := range n.Kids {
			if k.Kind == syntax.Bind && (k.Name == "envPrefix" || k.Name == "publicPrefix") {
				var literals func(n *syntax.Node)
				literals = func(n *syntax.Node) {
					for _, l := range n.Kids {
						if l.Kind == syntax.Literal && l.Text != "" {
							out = append(out, l.Text)
						}
						literals(l)
					}
				}
				literals(k)
			}
			walk(k, depth+1)
		}
	}
	walk(doc.Root, 0)
	return out
}
