package rules

import "strings"

// Side is which side of the wire something runs on.
type Side string

// The sides.
const (
	BackendSide  Side = "backend"
	FrontendSide Side = "frontend"
	UnknownSide  Side = "unknown"
)

// A sideModule is a package whose import or dependency tells a side.
type sideModule struct {
	module string
	side   Side
}

// importSides are packages that only one side can load, as imports name them.
var importSides = []sideModule{
	{"server-only", BackendSide}, {"node:*", BackendSide}, {"fs", BackendSide}, {"fs/promises", BackendSide},
	{"http", BackendSide}, {"https", BackendSide}, {"net", BackendSide},
	{"child_process", BackendSide}, {"os", BackendSide}, {"express", BackendSide}, {"fastify*", BackendSide},
	{"koa", BackendSide}, {"@nestjs/*", BackendSide}, {"hono", BackendSide},
	{"next/server", BackendSide}, {"next/headers", BackendSide}, {"$env/static/private", BackendSide},
	{"$env/dynamic/private", BackendSide}, {"k6*", BackendSide},
	{"react-dom*", FrontendSide}, {"react-native*", FrontendSide}, {"expo*", FrontendSide}, {"vue", FrontendSide},
	{"svelte", FrontendSide}, {"@angular/*", FrontendSide}, {"solid-js*", FrontendSide}, {"preact*", FrontendSide},
	{"pinia", FrontendSide}, {"react-router*", FrontendSide}, {"@unleash/nextjs/client", FrontendSide},
	{"@unleash/proxy-client-*", FrontendSide}, {"client-only", FrontendSide},
	{"android.*", FrontendSide}, {"androidx.*", FrontendSide}, {"UIKit", FrontendSide}, {"SwiftUI", FrontendSide},
	{"package:flutter/*", FrontendSide},
}

// ImportSide is the side that an import tells, UnknownSide where it tells none.
func ImportSide(module string) Side {
	for _, m := range importSides {
		if ModuleFits(m.module, module) {
			return m.side
		}
	}
	return UnknownSide
}

// A Manifest is what a package's own file says of it.
type Manifest struct {
	GoModule string   // the module's path, of a go.mod
	Entries  []string // files that the package gives, as package.json names them, without endings
	Dir      string   // "" for the root
	Name     string   // as others import it, "" where it has none
	File     string
	Deps     map[string]bool // names of dependencies, lower case; of Gradle and Maven "group:artifact" and "artifact"
	Flutter  bool
	Android  bool // an Android application or library
	Blazor   bool // WebAssembly
	BrowserX bool // a browser extension's manifest.json
	EnvAsset bool // Flutter: .env is among the assets
}

// Has reports whether the package depends on module, or is it; a trailing * is a prefix.
func (m *Manifest) Has(module string) bool {
	if m == nil {
		return false
	}
	module = strings.ToLower(module)
	if p, is := strings.CutSuffix(module, "*"); is {
		for d := range m.Deps {
			if strings.HasPrefix(d, p) {
				return true
			}
		}
		return false
	}
	return m.Deps[module] || m.Name != "" && strings.EqualFold(m.Name, module)
}

var clientFrameworks = []string{"react", "react-dom", "vue", "svelte", "@angular/core", "solid-js", "preact",
	"react-native", "react-scripts", "expo", "@ionic/core", "lit", "vite", "parcel"}
var serverFrameworks = []string{"express", "fastify", "koa", "@nestjs/core", "next", "nuxt", "@sveltejs/kit",
	"@remix-run/node", "@remix-run/react", "hono", "astro", "gatsby", "@hapi/hapi", "@unleash/proxy", "unleash-server",
	"electron", "@hono/node-server", "polka", "@backstage/*", "redwood*", "@redwoodjs/*", "@tanstack/react-start",
	"@react-router/node"}

// Side is the side of the package's code as a whole: frontend where it has a client framework and nothing that runs on
// a server.
func (m *Manifest) Side() Side {
	if m == nil {
		return UnknownSide
	}
	if m.Flutter || m.Android || m.Blazor || m.BrowserX {
		return FrontendSide
	}
	for _, s := range serverFrameworks {
		if m.Has(s) {
			return UnknownSide
		}
	}
	for _, c := range clientFrameworks {
		// A build tool alone, beside the Node SDK, may as well build a server.
		if m.Has(c) && !((c == "vite" || c == "parcel" || c == "react") && m.Has("unleash-client")) {
			return FrontendSide
		}
	}
	return UnknownSide
}

// pathSide is the side that the conventions of frameworks give a path, UnknownSide where they give none.
func pathSide(path string, m *Manifest) Side {
	p := "/" + path
	base := p[strings.LastIndexByte(p, '/')+1:]
	has := func(parts ...string) bool {
		for _, s := range parts {
			if strings.Contains(p, s) {
				return true
			}
		}
		return false
	}
	switch {
	case has(".server.", "/+server.", "+page.server", "+layout.server", "hooks.server", "/.server/", "/lib/server/",
		"/pages/api/", "/app/api/"),
		strings.HasPrefix(base, "route.") && has("/app/"), strings.HasPrefix(base, "middleware."),
		strings.HasPrefix(base, "instrumentation."), strings.HasPrefix(base, "next.config."),
		strings.HasPrefix(base, "vite.config."), strings.HasPrefix(base, "nuxt.config."), strings.HasPrefix(base,
			"svelte.config."), strings.HasPrefix(base, "webpack."), strings.HasPrefix(base, "playwright."),
		strings.HasPrefix(base, "vitest."):
		return BackendSide
	case m != nil && (m.Has("nuxt") || m.Has("@sveltejs/kit")) && has("/server/"):
		return BackendSide
	case strings.Contains(base, ".client."), m != nil && m.Has("electron") && has("/renderer/"):
		return FrontendSide
	}
	return UnknownSide
}

// A FileSide is the side of a file and what tells it.
type FileSide struct {
	Side Side
	Why  string
}

// SideOf is which side a file of program code runs on, from its directives, its place, its imports and its package's
// manifest, in that order.
func SideOf(path, lang string, directives []string, modules []string, m *Manifest) FileSide {
	for _, d := range directives {
		switch strings.ToLower(d) {
		case "use client":
			return FileSide{FrontendSide, "it starts with 'use client'"}
		case "use server":
			return FileSide{BackendSide, "it starts with 'use server'"}
		}
	}
	if app := appAround(path); app != "" {
		return FileSide{FrontendSide, "it is shipped in the app " + app}
	}
	if s := pathSide(path, m); s != UnknownSide {
		return FileSide{s, "its path is one that the framework runs on the " + string(s)}
	}
	for _, mod := range modules {
		if s := ImportSide(mod); s == BackendSide {
			return FileSide{s, "it imports " + mod}
		}
	}
	for _, mod := range modules {
		if s := ImportSide(mod); s == FrontendSide {
			return FileSide{s, "it imports " + mod}
		}
	}
	switch lang {
	case "javascript", "typescript", "jsx", "tsx", "vue", "svelte", "html", "dart", "kotlin", "java", "csharp", "swift":
		if InTestCode(path) || toolFolder(path) {
			break
		}
		if m.Side() == FrontendSide {
			return FileSide{FrontendSide, "its package (" + m.File + ") is a client application"}
		}
	}
	return FileSide{UnknownSide, ""}
}

func toolFolder(path string) bool {
	p := "/" + strings.ToLower(path)
	for _, d := range []string{"/scripts/", "/tools/", "/e2e/", "/cypress/", "/playwright/", "/server/", "/functions/",
		"/api/", "/bin/", "/ops/", "/infra/", "/load/", "/electron/", "/.storybook/"} {
		if strings.Contains(p, d) && !strings.Contains(p, "/src/api/") {
			return true
		}
	}
	base := p[strings.LastIndexByte(p, '/')+1:]
	return strings.Contains(base, ".config.") || strings.HasPrefix(base, "gulpfile") || strings.HasPrefix(base,
		"gruntfile")
}

// Shipped is why a file reaches browsers or phones as it is, "" where nothing says so (VOCABULARY, items 17 and 29).
func Shipped(path string, m *Manifest, text func(mark string) bool) string {
	p := "/" + path
	lower := strings.ToLower(p)
	base := lower[strings.LastIndexByte(lower, '/')+1:]
	ext := ""
	if i := strings.LastIndexByte(base, '.'); i >= 0 {
		ext = base[i:]
	}
	has := func(parts ...string) bool {
		for _, s := range parts {
			if strings.Contains(lower, s) {
				return true
			}
		}
		return false
	}
	script := ext == ".js" || ext == ".mjs" || ext == ".cjs" || ext == ".css" || ext == ".wasm"
	asset := script || ext == ".json" || ext == ".html" || ext == ".htm" || ext == ".map" || ext == ".txt" ||
		ext == ".xml" || ext == ".webmanifest"
	switch {
	case appAround(path) != "":
		return "everything in an app is shipped to its users (" + appAround(path) + ")"
	case strings.HasSuffix(base, ".js.map") || strings.HasSuffix(base, ".mjs.map") || strings.HasSuffix(base,
		".css.map"):
		return "it is a source map, which is served beside its bundle"
	case has("/wwwroot/") && asset:
		return "everything in wwwroot is served to browsers"
	case has("/public/", "/static/") && asset && !has("/src/main/resources/static/../"):
		return "what stands in " + strings.Trim(map[bool]string{true: "public/", false: "static/"}[has("/public/")],
			"/") + "/ is served to browsers"
	case base == "env.js" || base == "env-config.js" || base == "runtime-env.js" || base == "runtime-config.js" ||
		base == "__env.js":
		return "it is a run-time settings script, which browsers load"
	case script && (text("window.__ENV") || text("window._env_") || text("window.__RUNTIME")):
		return "it sets run-time settings in the browser's window"
	case has("/.next/static/", "/_next/static/", "/.output/public/", "/.svelte-kit/output/client/"):
		return "it is part of a client bundle"
	case (has("/dist/", "/build/", "/out/", "/www/", "/assets/")) && script && bundled(base, text):
		return "it is a client bundle"
	case strings.HasSuffix(base, ".bundle.js") || strings.HasSuffix(base, ".chunk.js") || strings.HasSuffix(base,
		".jsbundle") || base == "index.android.bundle" || ext == ".hbc":
		return "it is a client bundle"
	case has("/flutter_assets/") || base == "libapp.so" || strings.HasSuffix(lower, "/app.framework/app"):
		return "it is part of a Flutter app as it is built"
	case script && (text("webpackChunk") || text("webpackJsonp") || text("__vite__mapDeps") ||
		text("document.createElement(\"link\").relList")):
		return "it is a client bundle"
	case m != nil && m.BrowserX && (script || ext == ".html" || ext == ".json" || ext == ".ts" || ext == ".tsx" ||
		ext == ".jsx"):
		return "it is part of a browser extension"
	case (ext == ".html" || ext == ".htm") && !has("/docs/", "/doc/", "/manual/") && text("<script"):
		return ""
	}
	return ""
}

// appAround is the file name of the app, as stores and browsers take them, that a path lies in; "" for none. In the path
// of an archive's member an exclamation mark stands behind each archive.
func appAround(path string) string {
	for rest := path; ; {
		archive, inner, ok := strings.Cut(rest, "!")
		if !ok {
			return ""
		}
		base := archive[strings.LastIndexByte(archive, '/')+1:]
		switch i := strings.LastIndexByte(base, '.'); strings.ToLower(base[max(0, i):]) {
		case ".apk", ".aab", ".apks", ".xapk", ".apkm", ".ipa", ".xpi", ".crx", ".appx", ".msix", ".appxbundle", ".msixbundle", ".hap":
			return base
		}
		rest = inner
	}
}

// bundled reports whether a script in a build's output folder is for browsers: its name carries a hash or the bundler's
// word for it, or its text touches the document.
func bundled(base string, text func(string) bool) bool {
	for _, w := range []string{".bundle.", ".chunk.", ".min.", "vendor", "app.", "main.", "index-"} {
		if strings.Contains(base, w) {
			return text("document.") || text("window.") || text("webpack") || text("self[") || text("location.")
		}
	}
	return text("document.createElement") || text("window.location")
}
