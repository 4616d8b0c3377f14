package finding

import (
	"path"
	"strings"
	"sync"
)

// A comment is how a comment of one line is written: with an end where it needs one.
type comment struct{ open, end string }

// comments are the comments of files, by the end of their names; a file of another name has none that is known.
var comments = sync.OnceValue(func() map[string]comment {
	m := map[string]comment{}
	for _, row := range []struct {
		comment
		names string
	}{
		{comment{"#", ""}, "env yml yaml toml py pyi rb rake sh bash zsh fish ksh tf tfvars tofu hcl " +
			"properties conf cfg cnf pl pm r ex exs nix graphql gql ps1 psm1 jl cr tcl service dockerfile " +
			"containerfile makefile mk cmake gemfile rakefile procfile vagrantfile envrc editorconfig " +
			"npmrc gitlab-ci nginx ru gd bzl bazel build star"},
		{comment{"//", ""}, "go js mjs cjs jsx ts mts cts tsx java kt kts swift c h cc cpp cxx hpp m mm " +
			"cs rs dart scala groovy gradle php jsonc json5 proto scss less sass sol zig fs fsx jsonnet " +
			"libsonnet bicep cue vue svelte pug jenkinsfile pbxproj xcconfig gleam v odin"},
		{comment{"--", ""}, "sql lua hs elm adb ads applescript"},
		{comment{";", ""}, "ini el lisp clj cljs cljc edn scm rkt asm inf reg"},
		{comment{"%", ""}, "tex erl hrl"},
		{comment{"'", ""}, "vb vbs bas"},
		{comment{"REM", ""}, "bat cmd"},
		{comment{"/*", "*/"}, "css pcss"},
		{comment{"<!--", "-->"}, "html htm xhtml md mdx markdown xml svg xaml csproj fsproj vbproj " +
			"props targets config plist xsd wsdl pom"},
		{comment{"{{!--", "--}}"}, "hbs handlebars"},
		{comment{"(*", "*)"}, "ml mli"},
		{comment{"..", ""}, "rst"},
	} {
		for _, name := range strings.Fields(row.names) {
			m[name] = row.comment
		}
	}
	return m
})

// Comment returns how a file writes a comment of one line: what begins it, and what ends it, "" where the line's end
// does. ok is false where the file has no comments, or none that is known.
func Comment(file string) (open, end string, ok bool) {
	base := strings.ToLower(path.Base(file))
	c, ok := comments()[base[strings.LastIndexByte(base, '.')+1:]]
	if first, _, _ := strings.Cut(strings.TrimPrefix(base, "."), "."); !ok {
		c, ok = comments()[first] // Dockerfile.web, .env.production
	}
	return c.open, c.end, ok
}
