package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// A source says that a name of a program stands for settings that its framework takes from elsewhere: what follows the
// name is the key of one. To add a framework add one row, with a case of testdata/cases that needs it.
type source struct {
	// name is dotted, as code has it; of a module what it exports, else global. Several are separated by blanks.
	name string
	// module is the module that the name must be imported from, "" where the name is there without an import. One that
	// ends in an asterisk is all that begin so.
	module string
	// needs is the package that the program must depend on, "" where it needs none
	needs string
	langs string // family of languages
	env   bool   // the keys are variables of the environment
	// prefix stands before the variable of the environment that a key may be set by, "" where none can
	prefix string
	// files are patterns (path.Match) of the files that hold the keys, from the folder of the program; {} is the first
	// part of the key
	files []string
	roots []string // dotted names in those files under which the keys stand; "" is their top
	named bool     // the files are those that the code names by their paths
	// defined: the files define names of the whole program, which is the key; they hold them in an entry or call called
	// define
	defined bool
	test    string // the case that needs the row
}

// sources is tried in this order; all rows that fit count.
var sources = []source{
	{name: "default.expoConfig.extra", module: "expo-constants", langs: "js", files: expoFiles, roots: expoRoots,
		test: "expo-config-extra-key"},
	{name: "default.manifest.extra", module: "expo-constants", langs: "js", files: expoFiles, roots: expoRoots,
		test: "row-expo-manifest-extra"},
	{name: "useRuntimeConfig", langs: "js", prefix: "NUXT_", files: []string{"nuxt.config.*"},
		roots: []string{"default.runtimeConfig", "runtimeConfig"}, test: "b3-nuxt-runtime-config-private-and-public"},
	{name: "Rails.configuration Rails.application.config", langs: "ruby", files: []string{"config/application.rb",
		"config/environments/*.rb", "config/initializers/*.rb"}, roots: []string{railsRoot},
		test: "b4-rails-config-x-to-initializer"},
	{name: "Rails.application.credentials", langs: "ruby", files: []string{"config/credentials/*.yml",
		"config/credentials*.yml"}, roots: []string{""}, test: "r5-rails-credentials-in-plain-files"},
	{name: "Settings", langs: "ruby", needs: "config", files: []string{"config/settings.yml", "config/settings/*.yml",
		"config/settings.local.yml", "config/environments/*.yml"}, roots: []string{""},
		test: "b7-ruby-config-gem-settings-override"},
	{name: "default", module: "next/config", langs: "js", files: []string{"next.config.*"},
		roots: []string{"default", ""}, test: "row-next-public-runtime-config"},
	{defined: true, langs: "js", files: bundlerFiles, test: "row-vite-define-and-webpack"},
	{defined: true, langs: "php", files: []string{"wp-config.php"}, test: "b6-php-wordpress-define"},
	{name: "R.string", langs: "jvm", files: []string{"src/*/res/values*/*.xml"}, roots: []string{"resources.string"},
		test: "android-string-resource-key"},
	{name: "R.string", langs: "jvm", files: []string{"build.gradle", "build.gradle.kts"}, roots: []string{"resValue"},
		test: "row-android-res-value"},
	{name: "Bundle.main.infoDictionary", langs: "swift", files: []string{"*.plist", "*/*.plist"},
		roots: []string{"plist.dict"}, test: "r2-hard-swift-plist-reading"},
	{name: "DotEnv", langs: "dart", env: true, test: "b6-dart-server-dotenv-package"},
	{name: "ConfigParser RawConfigParser configparser.ConfigParser configparser.RawConfigParser", langs: "python", named: true,
		test: "b6-python-configparser-ini"},
	{name: "loadEnv", module: "vite", langs: "js", env: true, test: "vite-define-reads-env-file-token"},
	{name: "createEnv", module: "@t3-oss/env-*", langs: "js", env: true, test: "settings-t3-env-two-names"},
	{name: "cleanEnv", module: "envalid", langs: "js", env: true, test: "b7-serverless-custom-stage-map"},
	{name: "envsafe", module: "envsafe", langs: "js", env: true, test: "row-envsafe-schema"},
	{name: "process.env", langs: "js", env: true, test: "r2-node-env-schema-module"},
	{name: "import.meta.env", langs: "js", env: true, test: "row-import-meta-env-schema"},
	{name: "providers.Configuration", module: "dependency_injector", langs: "python", named: true,
		test: "b7-python-dependency-injector-yaml"},
	{name: "json.load json.loads tomllib.load tomllib.loads toml.load tomli.load yaml.load yaml.safe_load yaml.full_load",
		langs: "python", named: true, test: "row-python-json-file-by-path"},
	{name: "YAML.load_file YAML.safe_load_file YAML.load YAML.safe_load JSON.parse JSON.load_file Psych.load_file",
		langs: "ruby", named: true, test: "row-ruby-yaml-file-by-path"},
	{name: "JSON.parse YAML.parse YAML.load yaml.load yaml.parse toml.parse TOML.parse jsyaml.load", langs: "js",
		named: true, test: "row-node-json-parse-read-file"},
	{name: "jsonDecode json.decode loadYaml", langs: "dart", named: true, test: "row-flutter-json-asset"},
	{name: "json_decode parse_ini_file Yaml.parseFile Yaml.parse yaml_parse_file", langs: "php", named: true,
		test: "row-php-json-decode"},
	{name: "Jason.decode! Jason.decode Poison.decode! YamlElixir.read_from_file!", langs: "elixir", named: true,
		test: "row-elixir-jason-decode"},
	{name: "NSDictionary NSMutableDictionary PropertyListSerialization.propertyList", langs: "swift", named: true,
		test: "b7-swift-backend-named-plist-to-ios-sdk"},
	{name: "JSONSerialization.jsonObject", langs: "swift", named: true, test: "row-swift-json-serialization"},
}

// givesEnvironment reports whether a call is a source's that gives the environment's variables: what it is handed only
// describes them.
func (r *reader) givesEnvironment(call *syntax.Node) bool {
	module := ""
	for i := range sources {
		row := &sources[i]
		if !row.env || row.module == "" || row.langs != family(r.doc.Lang) {
			continue
		}
		if module == "" {
			if module = r.moduleOf(call.Name); module == "" {
				return false
			}
		}
		if row.of(module) {
			return true
		}
	}
	return false
}

// of reports whether a module is the row's.
func (row *source) of(module string) bool {
	start, all := strings.CutSuffix(row.module, "*")
	return module == row.module || all && strings.HasPrefix(module, start)
}

// defined follows a name that nothing in sight declares to the settings that put it into the program: of the bundler, of
// WordPress, which loads them before every plugin and theme.
func (w *follower) defined(name string, f *fileFacts, depth int, way []hop) {
	for i := range sources {
		row := &sources[i]
		if !row.defined || row.langs != family(f.lang) || !w.first("b", f.path, name) {
			continue
		}
		parts := nameParts(name)
		for _, g := range w.e.sourceFiles(row, f, parts) {
			for _, d := range g.defs {
				at := len(d.path) - len(parts)
				if at < 0 || !slices.Equal(d.path[at:], parts) {
					continue
				}
				bundled := at > 0 && (d.path[at-1] == "define" || strings.HasSuffix(d.call, "DefinePlugin"))
				if bundled || at == 0 && d.call == "define" {
					w.atoms(d.atoms, g, depth+1, with1(way, hop{byFramework, g.path, d.line, name}))
				}
			}
		}
	}
}

var (
	bundlerFiles = []string{"vite.config.*", "webpack.config.*", "webpack.*.js", "rollup.config.*", "rspack.config.*",
		"esbuild.*", "rsbuild.config.*", "vue.config.*"}
	expoFiles = []string{"app.json", "app.config.*"}
	expoRoots = []string{"expo.extra", "extra", "default.extra", "default.expo.extra"}
)

// source follows a name that stands for settings, and reports whether it is one.
func (w *follower) source(parts []string, f *fileFacts, depth int, way []hop) bool {
	is := false
	for i := range sources {
		row := &sources[i]
		if row.langs != family(f.lang) || row.defined {
			continue
		}
		key, ok := w.e.sourceKey(row, parts, f)
		if !ok || len(key) == 0 {
			continue
		}
		files := w.e.sourceFiles(row, f, key)
		if len(files) == 0 && row.plain() {
			continue // a name that any program may have
		}
		is = true
		if row.env {
			w.setting(atom{setting: key[0], fields: key[1:]}, f, depth, way)
			continue
		}
		before := w.found()
		if row.named {
			w.inNamed(strings.Join(key, "."), w.e.namedFiles(f), depth, way)
			continue
		}
		for _, g := range files {
			w.inFile(g, row, key, depth, way)
		}
		if w.found() == before && row.prefix != "" {
			w.setting(atom{setting: row.prefix + rules.NormalName(strings.Join(key, "_"))}, f, depth, way)
		}
	}
	return is
}

// plain reports whether the row's name is a plain one, which stands for settings only where its files are.
func (row *source) plain() bool {
	return row.module == "" && row.prefix == "" && len(row.files) > 0 && !strings.Contains(row.name, ".")
}

// sourceKey is what follows a source's name in a dotted name, false where the name is not the source's.
func (e *engine) sourceKey(row *source, parts []string, f *fileFacts) ([]string, bool) {
	for _, name := range strings.Fields(row.name) {
		if key, is := e.keyBehind(row, strings.Split(name, "."), parts, f); is {
			return key, true
		}
	}
	return nil, false
}

// keyBehind is sourceKey for one of the row's names.
func (e *engine) keyBehind(row *source, name, parts []string, f *fileFacts) ([]string, bool) {
	links := e.linksOf(f).byLocal[parts[0]]
	if row.needs != "" && !e.nearest(f.filePath).Has(row.needs) {
		return nil, false
	}
	if row.module == "" {
		for _, i := range links {
			if len(e.importFiles(f, i)) > 0 {
				return nil, false // the project's own
			}
		}
		return parts[min(len(name), len(parts)):], hasPrefix(parts, name)
	}
	for _, i := range links {
		if !row.of(i.Module) && i.Module != row.module+"."+i.Name {
			continue
		}
		whole := parts[1:]
		if i.Name != "" && i.Name != "*" {
			whole = append([]string{i.Name}, whole...)
		}
		if hasPrefix(whole, name) {
			return whole[len(name):], true
		}
	}
	return nil, false
}

func hasPrefix(parts, prefix []string) bool {
	if len(parts) < len(prefix) {
		return false
	}
	for i := range prefix {
		if parts[i] != prefix[i] {
			return false
		}
	}
	return true
}

const sourceFilesLimit = 200 // files looked at for one key

// sourceFiles are the files that hold the keys of a source for the program of a file.
func (e *engine) sourceFiles(row *source, f *fileFacts, key []string) []*fileFacts {
	var out []*fileFacts
	base := e.programFolder(f)
	for _, pattern := range row.files {
		pattern = path.Join(base, strings.ReplaceAll(pattern, "{}", key[0]))
		for _, p := range e.matching(pattern) {
			if len(out) >= sourceFilesLimit {
				return out
			}
			if e.byPath[p] == nil && !e.hasWord(p, key[len(key)-1]) {
				continue
			}
			if g := e.file(p); g != nil && g != f && sameTests(g, f) {
				out = append(out, g)
			}
		}
	}
	return out
}

// programFolder is the folder of the program that a file of code is of: its package's, or what is above src where no
// manifest says so.
func (e *engine) programFolder(f *fileFacts) string {
	if site, _, is := strings.Cut("/"+f.filePath, "/wp-content/"); is && f.lang == "php" {
		return strings.TrimPrefix(site, "/") // a plugin's own manifest makes no program of it
	}
	if dir, has := e.owner(f.filePath); has {
		return dir
	}
	if i := strings.Index("/"+f.filePath, "/src/"); i >= 0 {
		return path.Clean(f.filePath[:i] + ".")
	}
	if f.lang == "swift" {
		return f.dir
	}
	return ""
}

// matching are the paths that a pattern fits, in their order.
func (e *engine) matching(pattern string) []string {
	list, known := e.matched[pattern]
	if !known {
		list = e.match(pattern)
		e.matched[pattern] = list
	}
	return list
}

func (e *engine) match(pattern string) []string {
	e.index()
	var out []string
	if strings.IndexByte(path.Dir(pattern), '*') < 0 {
		for _, p := range e.inFolder(path.Dir(pattern)) {
			if ok, _ := path.Match(pattern, p); ok {
				out = append(out, p)
			}
		}
		return out
	}
	for _, p := range e.byExt[path.Ext(pattern)] {
		if ok, _ := path.Match(pattern, p); ok {
			out = append(out, p)
		}
	}
	return out
}

// inFile follows a key of a source in one of its files.
func (w *follower) inFile(g *fileFacts, row *source, key []string, depth int, way []hop) {
	if !w.first("o", g.path, row.name, strings.Join(key, ".")) {
		return
	}
	for _, root := range row.roots {
		want := key
		if root != "" {
			want = append(strings.Split(root, "."), key...)
		}
		before := w.found()
		if !settingsLangs(g.lang) {
			w.member(g, want, false, depth+1, way, byFramework)
		}
		for _, d := range g.defs {
			if settingsLangs(g.lang) && sameKeys(d.path, want) || d.soft && root == d.call && len(key) == 1 && d.raw == key[0] {
				w.atoms(d.atoms, g, depth+1, with1(way, hop{byFramework, g.path, d.line, strings.Join(key, ".") + " of " +
					row.name}))
			}
		}
		if w.found() > before {
			return
		}
	}
}

// sameKeys reports whether two paths of keys are one, whatever the case and the separators of their parts.
func sameKeys(have, want []string) bool {
	return squashed(strings.Join(have, ".")) == squashed(strings.Join(want, "."))
}

// squashed is a name without what frameworks ignore in keys: case and separators.
func squashed(name string) string {
	return strings.ReplaceAll(rules.NormalName(name), "_", "")
}

// pathsIn are the paths of files of settings that a text of code names by literals, at most 32.
func pathsIn(leaves []*syntax.Node) []string {
	var out []string
	for _, n := range leaves {
		if n.Kind != syntax.Literal || len(n.Text) > 200 || len(out) >= 32 {
			continue
		}
		text := strings.TrimPrefix(n.Text, "go:embed ")
		if b := n.Parent; b != nil && b.Kind == syntax.Bind && b.Name == "forResource" && b.Parent != nil {
			for _, end := range []string{"withExtension", "ofType"} {
				if lit := callArg(b.Parent, end); lit != nil {
					text += "." + lit.Text
				}
			}
		}
		switch path.Ext(text) {
		case ".json", ".yaml", ".yml", ".toml", ".ini", ".properties", ".env", ".plist", ".conf", ".cfg", ".xml", ".edn":
			if !strings.ContainsAny(text, " \t\n*") {
				out = append(out, text)
			}
		}
	}
	return out
}
