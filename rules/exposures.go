package rules

import "strings"

// An exposure is a place of a build's settings that puts what stands there into what browsers load (VOCABULARY, item
// 17).
type exposure struct {
	files []string // beginnings of the file's name; empty for any
	names []string // all of these are names around the value, outermost first; others may stand between
	top   bool     // no key of a table stands around the outermost of names
	calls []string // or: the value is in a call of one of these
	why   string
}

var exposures = []exposure{
	{files: []string{"next.config."}, names: []string{"env"}, why: "env of next.config puts it into the bundle"},
	{files: []string{"next.config."}, names: []string{"publicRuntimeConfig"},
		why: "publicRuntimeConfig of next.config is sent to browsers"},
	{files: []string{"nuxt.config."}, names: []string{"runtimeConfig", "public"},
		why: "runtimeConfig.public of nuxt.config is sent to browsers"},
	{files: []string{"nuxt.config."}, names: []string{"publicRuntimeConfig"},
		why: "publicRuntimeConfig of nuxt.config is sent to browsers"},
	{files: []string{"nuxt.config."}, names: []string{"env"}, why: "env of nuxt.config puts it into the bundle"},
	{files: []string{"vite.config.", "astro.config.", "svelte.config.", "vitest.config.", "quasar.config.",
		"electron.vite.config."}, names: []string{"define"}, why: "Vite's define puts it into the bundle"},
	{files: []string{"esbuild", "build.", "tsup.config.", "rsbuild.config.", "rspack.config.", "rollup.config."},
		names: []string{"define"}, why: "define puts it into the bundle"},
	{calls: []string{"DefinePlugin", "EnvironmentPlugin"}, why: "webpack's plugin puts it into the bundle"},
	{files: []string{"build.gradle"}, calls: []string{"buildConfigField", "resValue", "manifestPlaceholders"},
		why: "the Android build puts it into the app"},
	{files: []string{"app.json", "app.config."}, names: []string{"expo", "extra"},
		why: "extra of Expo's app config is shipped with the app"},
	{files: []string{"app.json", "app.config."}, names: []string{"extra"}, top: true,
		why: "extra of Expo's app config is shipped with the app"},
	{names: []string{"window._env_"}, why: "it is set in the browser's window"},
	{names: []string{"window.__ENV"}, why: "it is set in the browser's window"},
	{names: []string{"window.__ENV__"}, why: "it is set in the browser's window"},
	{names: []string{"window.__RUNTIME_ENV__"}, why: "it is set in the browser's window"},
	{calls: []string{"makeEnvPublic"}, why: "makeEnvPublic sends it to browsers"},
}

// ExposedBy says why a value at this place of this file reaches browsers or phones, "" where nothing says so. prefixes
// are public prefixes that the repository configures besides the bundlers' own.
func ExposedBy(t Trail, path string, prefixes ...string) string {
	for _, s := range t {
		if s.Kind != Key && s.Kind != Var {
			continue
		}
		name := LastName(s.Name)
		if strings.HasPrefix(s.Name, "import.meta.env.") || strings.HasPrefix(s.Name, "process.env.") {
			continue // read, not set
		}
		if p := PublicPrefix(name, prefixes...); p != "" {
			return "it is bound to " + name + ": bundlers put " + p + " variables into what browsers load"
		}
		if !s.Soft {
			break // names further out do not name the value
		}
	}
	base := path[strings.LastIndexByte(path, '/')+1:]
	for _, e := range exposures {
		if len(e.files) > 0 && !startsWithOne(base, e.files) {
			continue
		}
		if e.fits(t) {
			return e.why
		}
	}
	return ""
}

func (e exposure) fits(t Trail) bool {
	if len(e.calls) > 0 {
		for _, s := range t {
			if s.Kind != Arg && s.Kind != Call {
				continue
			}
			for _, c := range e.calls {
				if LastName(s.Name) == c {
					return true
				}
			}
		}
		return false
	}
	i := len(e.names) - 1
	first := true
	for _, s := range t {
		if s.Kind != Key && s.Kind != Var {
			continue
		}
		// The innermost name is the value's own, except where the pattern is a whole dotted variable.
		if i >= 0 && (!first || strings.Contains(e.names[i], ".")) && (s.Name == e.names[i] ||
			!strings.Contains(e.names[i], ".") && LastName(s.Name) == e.names[i]) {
			i--
		} else if i < 0 && e.top && s.Kind == Key && s.Name != "default" {
			return false
		}
		first = false
	}
	return i < 0
}

func startsWithOne(s string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
