package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/unleaked/unleaked/internal/syntax"
	"github.com/unleaked/unleaked/rules"
)

// This file is the fourth reason: how frameworks bind settings to names. A row of bindings says by what a declaration
// is bound (an annotation, a tag, what its class derives from), a row of lookups which calls read a setting by its
// name. What names of a program stand for is in link_sources.go, what calls fill in link_fills.go, what containers are
// given in link_containers.go: each row there names a case that needs it (TestFrameworks).

// A lookupKind is what a call that names a setting reads.
type lookupKind uint8

const (
	noLookup  lookupKind = iota
	envLookup            // a variable of the process's environment
	keyLookup            // a key of the program's configuration
	anyLookup            // either: the program's configuration may be filled from the environment
)

// A lookup says that calls whose callee has one of the words read what their first argument names.
type lookup struct {
	words []string // of the callee, upper case: rules.Words
	kind  lookupKind
}

// lookups is tried in this order.
var lookups = []lookup{
	{[]string{"ENV", "ENVIRON", "ENVIRONMENT", "GETENV", "LOOKUPENV", "GETENVIRONMENT", "ENVS", "DOTENV"}, envLookup},
	{[]string{"VIPER", "KOANF", "CONFIG", "CONFIGURATION", "CONF", "CFG", "SETTING", "SETTINGS", "PROPERTY",
		"PROPERTIES", "PROPS", "SECRET", "SECRETS", "CREDENTIALS", "OPTION", "OPTIONS", "PARAM", "PARAMETER",
		"PARAMETERS", "VALUE", "OBJECT", "DEFAULTS", "NCONF", "CONVICT"}, anyLookup},
}

// lookupOf is what a call of this name reads where its first argument is the literal name.
func lookupOf(callee, name string) lookupKind {
	words := rules.Words(callee)
	for _, row := range lookups {
		for _, w := range words {
			for _, want := range row.words {
				if w == want {
					if row.kind == envLookup && strings.Contains(name, ".") {
						return anyLookup // environment.config.property("flags.token")
					}
					return row.kind
				}
			}
		}
	}
	if strings.ContainsAny(name, "._-:") {
		return anyLookup // get("flags.token"), require("FLAG_TOKEN")
	}
	return noLookup
}

// configKey is the key of the program's configuration that a member of an object of configuration is: what follows the
// first part of the name that says so (builder.Configuration["Flags:Token"], settings.FLAGS_TOKEN); "" for others.
func configKey(parts []string) string {
	for i := 0; i+1 < len(parts) && i < 3; i++ {
		words := rules.Words(parts[i])
		if len(words) == 0 {
			continue
		}
		for _, row := range lookups {
			if row.kind != anyLookup {
				continue
			}
			for _, want := range row.words {
				if words[len(words)-1] == want {
					return strings.Join(parts[i+1:], ".")
				}
			}
		}
	}
	return ""
}

// envPrefixes are what stands in front of a variable of the environment that code reads as a member.
var envPrefixes = []string{"process.env.", "import.meta.env.", "os.environ.", "ENV.", "$_ENV.", "$_SERVER.", "_ENV.",
	"_SERVER.", "Deno.env.", "Bun.env.", "env.", "Env.", "window._env_.", "window.__ENV.", "globalThis.process.env.",
	"dotenv.env.", "sys.env.", "$env:", "Env:", "DotEnv.", "EnvironmentVariables.",
	"ProcessInfo.processInfo.environment.", "Platform.environment.", "c.env.", "context.env.", "ctx.env.",
	"platform.env.", "locals.runtime.env.", "__ENV."}

// builtPrefixes are what stands in front of a setting that the build puts into the program.
var builtPrefixes = []string{"BuildConfig.", "Config."}

// settingRead is the setting that a name reads from outside, as the environment calls it; "" for another name.
func settingRead(name string) string {
	for _, p := range envPrefixes {
		if rest, is := strings.CutPrefix(name, p); is && rest != "" {
			rest, _, _ = strings.Cut(rest, ".")
			return strings.TrimSuffix(rest, "!")
		}
	}
	return ""
}

// settingModules are modules that export the environment's variables by their names.
func isSettingModule(module string) bool {
	return strings.HasPrefix(module, "$env/") || module == "@env" || strings.HasPrefix(module, "astro:env")
}

// A reference is a setting that a literal names in the notation of a framework.
type reference struct {
	open, close string
	kind        lookupKind
	// cut ends the name: what follows it is the value that stands in
	cut string
}

// references is tried in this order: the whole literal must have the form.
var references = []reference{
	{"%env(", ")%", envLookup, ""},     // Symfony: %env(FLAG_TOKEN)%, %env(default:x:FLAG_TOKEN)%
	{"${env:", "}", envLookup, ","},    // Serverless
	{"${", "}", anyLookup, ":"},        // Spring, Quarkus, Micronaut, HOCON: ${flags.token:none}
	{"%env.", "%", envLookup, ""},      // TeamCity
	{"#{", "}", anyLookup, ""},         // Octopus
	{"%", "%", anyLookup, ""},          // a parameter of Symfony's container, a variable of Windows
	{"$(", ")", anyLookup, ""},         // xcconfig's settings in Info.plist, MSBuild's properties
	{"{{", "}}", anyLookup, ""},        // HTTP clients' environments
	{"@Microsoft.KeyVault", "", 0, ""}, // kept elsewhere
}

// referenceIn is the setting that the text of a literal refers to, "" for other texts.
func referenceIn(text string) (name string, kind lookupKind) {
	if len(text) < 4 || len(text) > 200 {
		return "", noLookup
	}
	for _, row := range references {
		if row.close == "" || !strings.HasPrefix(text, row.open) || !strings.HasSuffix(text, row.close) ||
			len(text) <= len(row.open)+len(row.close) {
			continue
		}
		name := strings.TrimSpace(text[len(row.open) : len(text)-len(row.close)])
		if row.cut != "" {
			name, _, _ = strings.Cut(name, row.cut)
		} else if i := strings.LastIndexByte(name, ':'); i >= 0 && row.open == "%env(" {
			name = name[i+1:] // processors stand in front
		}
		if isName(name) {
			return name, row.kind
		}
		return "", noLookup
	}
	return "", noLookup
}

// referenceIn is the same of a node, which must hold no credential.
func (r *reader) referenceIn(n *syntax.Node) (string, lookupKind) {
	if len(r.sites[n]) > 0 || len(n.Kids) > 0 {
		return "", noLookup
	}
	return referenceIn(n.Text)
}

// namesVariables reports whether a file of settings says by which variable of the environment each key is filled, not
// what it holds: that of node-config.
func namesVariables(p string) bool {
	stem, _, _ := strings.Cut(path.Base(p), ".")
	return stem == "custom-environment-variables"
}

// variableIn is the variable of the environment that a file names for a key, "" for what is none.
func (r *reader) variableIn(n *syntax.Node) string {
	if n.Kind != syntax.Literal || !namesVariables(r.f.filePath) || !r.settings() || !isName(n.Text) ||
		strings.ContainsAny(n.Text, ".:-") {
		return ""
	}
	if b := bindOf(n); b != nil && b.Name == "__format" {
		return ""
	}
	return n.Text
}

// A binding says that a declaration is bound to a setting which an annotation or a tag names.
type binding struct {
	notes []string // names of annotations or tags, lower case, without @
	arg   string   // the argument that names the setting, "" for the first one
	kind  lookupKind
	refs  bool // the name may be a constant's: @Inject(FLAG_TOKEN)
}

var bindings = []binding{
	{[]string{"env", "envconfig", "envvar", "envfield", "clap", "arg", "envied"}, "", envLookup, false},
	{[]string{"envied", "enviedfield", "field"}, "varName", envLookup, false},
	{[]string{"arg", "clap", "structopt", "argh"}, "env", envLookup, false},
	{[]string{"inject", "named", "qualifier"}, "", anyLookup, true},
	{[]string{"value", "property", "configproperty", "autowire"}, "", anyLookup, false},
	{[]string{"configproperty", "property"}, "name", anyLookup, false},
	{[]string{"autowire"}, "env", envLookup, false},
	{[]string{"autowire"}, "param", keyLookup, false},
	{[]string{"json", "yaml", "toml", "mapstructure", "koanf", "hcl", "ini", "jsonproperty", "jsonpropertyname",
		"serializedname", "serialname", "configurationkeyname"}, "", keyLookup, false},
}

// boundTo is the setting that the annotations of a declaration bind it to, "" for none.
func boundTo(b *syntax.Node) (name string, kind lookupKind) {
	for _, note := range b.Kids {
		if note.Kind != syntax.Call || !strings.HasPrefix(note.Name, "@") {
			continue
		}
		last := strings.ToLower(rules.LastName(strings.TrimPrefix(note.Name, "@")))
		for _, row := range bindings {
			for _, n := range row.notes {
				if n != last {
					continue
				}
				lit := noteArg(note, row.arg)
				if lit == nil {
					if ref := noteRef(note); ref != "" && row.refs {
						return ref, row.kind
					}
					continue
				}
				if name, kind := referenceIn(lit.Text); name != "" {
					return name, kind
				}
				text, _, _ := strings.Cut(lit.Text, ",") // env:"X,required"
				if isName(text) {
					return text, row.kind
				}
			}
		}
	}
	return "", noLookup
}

// noteRef is the last name of the constant that is an annotation's first argument, "" where that is none.
func noteRef(note *syntax.Node) string {
	if len(note.Kids) == 0 {
		return ""
	}
	if k := note.Kids[0]; k.Kind == syntax.Arg && len(k.Kids) == 1 && k.Kids[0].Kind == syntax.Ref && isName(k.Kids[0].Name) {
		return rules.LastName(k.Kids[0].Name)
	}
	return ""
}

// noteArg is the literal of an annotation's argument of this name, of its first one where the name is empty; nil where
// it has none.
func noteArg(note *syntax.Node, name string) *syntax.Node {
	for _, k := range note.Kids {
		switch {
		case name == "" && (k.Kind == syntax.Arg || k.Kind == syntax.Bind && k.Name == "value"),
			name != "" && k.Kind == syntax.Bind && strings.EqualFold(k.Name, name):
			return firstLiteral(k)
		}
	}
	return nil
}

// fieldSetting is the setting that fills a field of a class because of what the class derives from: pydantic's
// BaseSettings with env_prefix. "" where nothing does.
func fieldSetting(class, field *syntax.Node) string {
	if class.Flags&syntax.Class == 0 || !strings.Contains(class.Type, "BaseSettings") {
		return ""
	}
	for _, alias := range []string{"alias", "validation_alias", "env"} {
		if lit := callArg(field, alias); lit != nil {
			return lit.Text
		}
	}
	prefix := ""
	for _, k := range class.Kids {
		if k.Kind == syntax.Bind && k.Name == "model_config" || k.Kind == syntax.Block && k.Name == "Config" {
			if lit := callArg(k, "env_prefix"); lit != nil {
				prefix = lit.Text
			}
		}
	}
	return strings.ToUpper(prefix + field.Name)
}

// callArg is the literal of the keyword argument or entry of this name under a node, nil for none.
func callArg(n *syntax.Node, name string) *syntax.Node {
	for _, k := range n.Kids {
		if k.Kind == syntax.Bind && k.Name == name {
			return firstLiteral(k)
		}
		if k.Kind == syntax.Call || k.Kind == syntax.Table || k.Kind == syntax.Arg {
			if lit := callArg(k, name); lit != nil {
				return lit
			}
		}
	}
	return nil
}

// stackKey is the key of a stack's configuration that a call reads, as Pulumi's files write it (namespace:key), "" for
// other calls: new pulumi.Config("relay").require("pass").
func (r *reader) stackKey(n *syntax.Node, last string) string {
	switch last {
	case "require", "get", "requireSecret", "getSecret", "require_secret", "get_secret":
	default:
		return ""
	}
	parts, name := r.parts(n.Name), ""
	if len(n.Kids) > 0 {
		name = nameText(n.Kids[0])
	}
	if len(parts) != 2 || name == "" {
		return ""
	}
	for _, b := range r.index().binds[parts[0]] {
		if b.Kind != syntax.Bind || len(b.Kids) != 1 || b.Kids[0].Kind != syntax.Call || !visible(b, n) {
			continue
		}
		call := b.Kids[0]
		if rules.LastName(strings.TrimSuffix(call.Name, ".new")) != "Config" || !strings.Contains(r.moduleOf(call.Name), "pulumi") {
			continue
		}
		if lit := anyLiteral(call); lit != nil && isName(lit.Text) {
			return lit.Text + ":" + name
		}
		if len(call.Kids) == 0 { // that of the project, see ownStack
			return ":" + name
		}
	}
	return ""
}

// sections are annotations of classes (lower case) whose fields a section of the configuration fills.
var sections = []string{"configurationproperties", "configmapping", "configproperties", "configurationkey"}

// sectionBases are classes of libraries whose own classes a section fills: the one that a call in the class names, else
// the one called as the class is.
var sectionBases = []struct{ base, call, end string }{
	{"Anyway::Config", "config_name", "Config"},
}

// sectionOf is the section of the configuration that fills a class's fields, "" where no annotation says so.
func sectionOf(class *syntax.Node) string {
	for _, row := range sectionBases {
		if !slices.Contains(typeNames(class.Type), row.base) {
			continue
		}
		for _, k := range class.Kids {
			if k.Kind == syntax.Call && k.Name == row.call {
				if lit := anyLiteral(k); lit != nil && isName(lit.Text) {
					return lit.Text
				}
			}
		}
		return snake(strings.TrimSuffix(rules.LastName(class.Name), row.end))
	}
	for _, note := range class.Kids {
		if note.Kind != syntax.Call || !strings.HasPrefix(note.Name, "@") {
			continue
		}
		last := strings.ToLower(rules.LastName(strings.TrimPrefix(note.Name, "@")))
		for _, s := range sections {
			if s != last {
				continue
			}
			for _, arg := range []string{"prefix", "value", ""} {
				if lit := noteArg(note, arg); lit != nil && isName(lit.Text) {
					return lit.Text
				}
			}
		}
	}
	return ""
}
