package rules

import (
	"math/bits"
	"strings"
)

// Via is what kind of thing takes a credential.
type Via string

// What takes credentials.
const (
	ViaSDK     Via = "SDK"
	ViaEdge    Via = "Edge"
	ViaProxy   Via = "Proxy"
	ViaAdmin   Via = "Admin API client"
	ViaRequest Via = "request" // a raw HTTP request: its path decides
	ViaAction  Via = "action"
)

// A Sink is a place that takes one kind of credential.
type Sink struct {
	ID    string
	What  string // in words, as evidence says it: "clientKey of the JavaScript SDK"
	Takes Kind   // Personal stands for whatever the Admin API takes; ClientKey for a place that designates client keys
	Via   Via
	Side  Side // which side of the wire the thing runs on

	// Places are patterns of the trail that leads to the option (see parsePattern).
	Places []string
	// Modules are packages that bring it, as imports name them: one of them must be imported by the file, or, where Manifest is
	// set, be a dependency of the nearest manifest. A trailing * is a prefix. Empty: the place is distinctive enough.
	Modules []string
	// Beside are texts of which one must stand in the same table, call, service or task (any case).
	Beside []string
	// With are names of which one must stand in the same table, beside the innermost name of the place; empty: nothing.
	With []string
	// URL is what the URL beside must say for the place to count; NoAPI: whatever. A list is either.
	URL []API
	// Files are ends of path that the file must have, any of them; empty: any file.
	Files []string
	// Langs limits the languages (names of internal/syntax).
	Langs []string
	// Designates: what stands here is a proxy client key by designation.
	Designates bool
	// Example is a line of the place, with T where the credential stands. Langs or Files name its language; it is the row's test.
	Example Example

	patterns []pattern
	settings []string // normal forms of the settings among Places
}

// An Example is a file in which T stands for a credential.
type Example struct {
	File string
	Text string
}

var (
	jsFrontend = []string{"unleash-proxy-client", "@unleash/proxy-client-*", "@unleash/nextjs*", "@unleash/unleash-react-native-sdk", "@nunogois/*", "@karelics/angular-unleash-proxy-client",
		"@snowfrog/ngx-unleash-proxy-client", "@openfeature/unleash-web-provider", "@hathor/unleash-client", "@unleash/toolbar*", "@unleash/frontend-*"}
	jsBackend = []string{"unleash-client", "@unleash/openfeature-node-provider", "nestjs-unleash*"}
	javaSDK   = []string{"io.getunleash.util*", "io.getunleash.DefaultUnleash", "io.getunleash.CustomHttpHeadersProvider", "io.getunleash.*", "no.finn.unleash*", "dev.openfeature.contrib.providers.unleash*", "io.getunleash:unleash-client-java*", "unleash-client-java", "unleash-client-clojure*"}
	androids  = []string{"io.getunleash.android*", "io.getunleash.UnleashClient", "io.getunleash.UnleashConfig", "io.getunleash:unleash-android*", "io.getunleash:unleash-proxy-client-kotlin*"}
	goSDK     = []string{"github.com/unleash/unleash-client-go*", "github.com/unleash/unleash-go-sdk*"}
	edgeNear  = []string{"unleash-edge", "UPSTREAM_URL", "--upstream-url"}
	proxyNear = []string{"unleashorg/unleash-proxy", "@unleash/proxy\"", "@unleash/proxy/", "UNLEASH_PROXY_CLIENT_KEYS", "UNLEASH_PROXY_SECRETS", "EXP_SERVER_SIDE_SDK_CONFIG"}
)

// sinks is the table, in the order in which it is tried: the first row that fits a place decides, so that the particular stands before the general.
var sinks = []Sink{
	// Frontend SDKs.
	{ID: "next-server", What: "token of @unleash/nextjs on the server", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: []string{"@unleash/nextjs"},
		Places: []string{"getDefinitions( token", "flag( token", "flagsClient( token"}},
	{ID: "js-client-key", What: "clientKey of a JavaScript frontend SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: jsFrontend,
		Places: []string{"UnleashClient|FlagProvider|FlagContextProvider|getFrontendFlags|provideUnleashProxy|UnleashWebProvider|UnleashPlugin|init|use|flag|forRoot|ToolbarProvider|UnleashToolbar( config|unleashConfig|options clientKey", "UnleashClient|FlagProvider|getFrontendFlags|provideUnleashProxy|UnleashWebProvider|init|forRoot|createUnleashClient( clientKey"}},
	{ID: "js-client-key-table", What: "clientKey of a JavaScript frontend SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: jsFrontend, With: []string{"url", "appName", "refreshInterval", "bootstrap", "disableMetrics"},
		Places: []string{"clientKey"}},
	{ID: "js-frontend-header", What: "customHeaders of a JavaScript frontend SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: jsFrontend,
		Places: []string{"customHeaders Authorization"}},
	{ID: "android-client-key", What: "clientKey of the Android SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: androids, Langs: []string{"kotlin", "java", "groovy", "scala"},
		Places: []string{"clientKey|clientSecret(0)", "UnleashConfig( clientKey|clientSecret", "httpCustomHeaders Authorization"}},
	{ID: "swift-client-key", What: "clientKey of the iOS SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"swift", "objective-c", "objc"},
		Places: []string{"UnleashClient|UnleashClientBase|UnleashProviderConfig( clientKey", "Poller( apiKey"}},
	{ID: "flutter-client-key", What: "clientKey of the Flutter SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"dart"},
		Places: []string{"UnleashClient( clientKey"}},
	{ID: "cpp-client-key", What: "client key of the C++ SDK's ClientConfig", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"cpp", "c"},
		Places: []string{"ClientConfig(1)"}, Modules: []string{"unleash*", "<unleash*", "\"unleash*"}},
	{ID: "roku-client-key", What: "key of the Roku SDK's UnleashConfig", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"brightscript"},
		Places: []string{"UnleashConfig(0)"}},
	{ID: "lua-client-key", What: "ClientKey of the Lua SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"lua"},
		Places: []string{"ClientKey(0)", "clientKey"}, Modules: []string{"unleash*"}},
	{ID: "php-proxy", What: "withProxy() of the PHP SDK, which talks to the Frontend API", Takes: Frontend, Via: ViaSDK, Side: BackendSide, Langs: []string{"php"},
		Places: []string{"withProxy(0)"}},
	{ID: "github-action", What: "api-key of Unleash's GitHub action, which asks the Frontend API", Takes: Frontend, Via: ViaAction, Side: BackendSide, Beside: []string{"unleash/unleash-action"},
		Places: []string{"with api-key"}},
	{ID: "client-key-beside-url", What: "clientKey beside the URL of a frontend API", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, URL: []API{FrontendAPI, ProxyAPI},
		Places: []string{"clientKey|unleashClientKey|client_key", "clientKey|clientSecret(0)"}},

	// Backend SDKs.
	{ID: "node-header", What: "customHeaders.Authorization of the Node SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: jsBackend,
		Places: []string{"customHeaders|customHeadersFunction Authorization", "http headers Authorization"}},
	{ID: "go-header", What: "WithCustomHeaders of the Go SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"go"},
		Places: []string{"WithCustomHeaders( Authorization"}},
	{ID: "admin-kotlin", What: "apiKey of the Kotlin Admin SDK", Takes: Personal, Via: ViaAdmin, Side: BackendSide,
		Places: []string{"UnleashAdminClient(1)", "UnleashAdminClient( apiKey"}},
	{ID: "silvercar-header", What: "customHttpHeader of the Kotlin SDK by Silvercar", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: []string{"com.silvercar*"},
		Places: []string{"customHttpHeader( Authorization", "getCustomHeaders|customHeaders Authorization"}},
	{ID: "java-api-key", What: "apiKey of the Java SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: javaSDK, Langs: []string{"java", "kotlin", "groovy", "scala", "clojure"},
		Places: []string{"apiKey(0)", "customHttpHeader|custom-http-header( Authorization", "getCustomHeaders|customHeaders Authorization", "customHttpHeadersProvider( Authorization"}},
	{ID: "spring-starter", What: "api-token of the Spring Boot starter", Takes: Backend, Via: ViaSDK, Side: BackendSide, Places: []string{"setting:IO_GETUNLEASH_API_TOKEN", "setting:IO_GETUNLEASHED_API_TOKEN"}},
	{ID: "quarkus", What: "token of the Quarkus extension", Takes: Backend, Via: ViaSDK, Side: BackendSide, Places: []string{"setting:QUARKUS_UNLEASH_TOKEN", "setting:QUARKUS_OPENFEATURE_UNLEASH_API_KEY"}},
	{ID: "python-header", What: "custom_headers of the Python SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"python"},
		Places: []string{"custom_headers Authorization", "UNLEASH_CUSTOM_HEADERS Authorization", "unleash_custom_headers Authorization"}},
	{ID: "python-openfeature", What: "api_token of the Python OpenFeature provider", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"python"},
		Places: []string{"UnleashProvider( api_token"}},
	{ID: "ruby-header", What: "custom_http_headers of the Ruby SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"ruby"},
		Places: []string{"custom_http_headers Authorization"}},
	{ID: "ruby-cli", What: "header of the Ruby SDK's command line", Takes: Backend, Via: ViaSDK, Side: BackendSide,
		Places: []string{"unleash-client|bundle|rbenv( Authorization", "unleash-client|bundle|rbenv( -H|--header Authorization"}, Beside: []string{"unleash-client "}},
	{ID: "dotnet-header", What: "CustomHttpHeaders of the .NET SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"csharp", "fsharp", "vb"},
		Places: []string{"CustomHttpHeaders Authorization", "CustomHeaders|GetCustomHeaders Authorization"}},
	{ID: "php-header", What: "header of the PHP SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"php"}, Modules: []string{"Unleash\\*"},
		Places: []string{"withHeader|withHeaders( Authorization"}},
	{ID: "laravel", What: "Authorization header of laravel-unleash", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"php"},
		Places: []string{"otherRequestDefaults headers Authorization"}},
	{ID: "laravel-config", What: "api_key of laravel-unleash", Takes: Backend, Via: ViaSDK, Side: BackendSide, Files: []string{"config/unleash.php"},
		Places: []string{"api_key|api_token|token"}},
	{ID: "symfony", What: "custom_headers of the Symfony bundle", Takes: Backend, Via: ViaSDK, Side: BackendSide,
		Places: []string{"unleash_client custom_headers Authorization", "setting:UNLEASH_AUTH_TOKEN"}, Langs: []string{"yaml", "php", "xml"}},
	{ID: "rust-client", What: "secret of the Rust SDK's into_client", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"rust"},
		Places: []string{"into_client(3)"}},
	{ID: "rust-openfeature", What: "secret of the Rust OpenFeature provider", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"rust"}, Modules: []string{"unleash*"},
		Places: []string{"new(4)"}},
	{ID: "rust-environment", What: "UNLEASH_CLIENT_SECRET, which the Rust SDK reads", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: []string{"manifest:unleash-api-client", "manifest:unleash-openfeature-rust-provider"},
		Places: []string{"UNLEASH_CLIENT_SECRET"}},
	{ID: "elixir", What: "auth_token of the Elixir SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"elixir"},
		Places: []string{"config( auth_token", "config( custom_http_headers Authorization"}},
	{ID: "haskell", What: "API key of the Haskell SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"haskell"},
		Places: []string{"makeUnleashConfig(3)", "apiKey"}, Modules: []string{"Unleash*"}},
	{ID: "cpp-community", What: "authentication of unleash-client-cpp", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"cpp"},
		Places: []string{"authentication(0)"}, Modules: []string{"unleash*", "<unleash*", "\"unleash*"}},
	{ID: "cfml", What: "apiToken of the ColdBox module", Takes: Backend, Via: ViaSDK, Side: BackendSide, Places: []string{"unleashsdk apiToken"}},
	{ID: "dart-server", What: "apiToken of the Dart package unleash", Takes: Backend, Via: ViaSDK, Side: BackendSide, Langs: []string{"dart"},
		Places: []string{"UnleashSettings( apiToken"}},
	{ID: "node-header-by-manifest", What: "customHeaders.Authorization of the Node SDK", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: []string{"manifest:unleash-client"}, Langs: []string{"javascript", "typescript", "tsx", "jsx"},
		Places: []string{"customHeaders|customHeadersFunction Authorization"}},

	// Admin API clients.
	{ID: "terraform", What: "authorization of the Terraform provider", Takes: Personal, Via: ViaAdmin, Side: BackendSide, Places: []string{"[provider.unleash] authorization|api_token|auth_token"}},
	{ID: "pulumi", What: "authorization of the Pulumi provider", Takes: Personal, Via: ViaAdmin, Side: BackendSide, Modules: []string{"@pulumiverse/unleash", "pulumiverse_unleash*", "github.com/pulumiverse/pulumi-unleash*"},
		Places: []string{"Provider( authorization", "ProviderArgs( Authorization"}},
	{ID: "admin-go", What: "Authorization of the Admin API's Go client", Takes: Personal, Via: ViaAdmin, Side: BackendSide, Modules: []string{"github.com/unleash/unleash-server-api-go*"},
		Places: []string{"AddDefaultHeader( Authorization", "DefaultHeader Authorization", "WithValue( Authorization Key", "WithValue(2)"}},
	{ID: "mcp", What: "UNLEASH_PAT of Unleash's MCP server", Takes: Personal, Via: ViaAdmin, Side: BackendSide, Beside: []string{"@unleash/mcp", "unleash-mcp"},
		Places: []string{"UNLEASH_PAT"}},
	{ID: "backstage", What: "apiToken of Backstage's Unleash plugin", Takes: Personal, Via: ViaAdmin, Side: BackendSide, Langs: []string{"yaml"}, Files: []string{"app-config"},
		Places: []string{"unleash apiToken"}},
	{ID: "airbyte", What: "api_token of Airbyte's Unleash source", Takes: Personal, Via: ViaAdmin, Side: BackendSide, Beside: []string{"source-unleash"},
		Places: []string{"api_token"}},

	// Edge.
	{ID: "edge-tokens", What: "TOKENS of Edge", Takes: Backend, Via: ViaEdge, Side: BackendSide, Beside: edgeNear, Places: []string{"TOKENS|CLIENT_TOKENS"}},
	{ID: "edge-tokens-option", What: "--tokens of Edge", Takes: Backend, Via: ViaEdge, Side: BackendSide, Beside: []string{"edge"}, Places: []string{"--tokens|--client-tokens|-t|-c"}},
	{ID: "edge-frontend", What: "the tokens that Edge trusts for frontends", Takes: Frontend, Via: ViaEdge, Side: BackendSide, Beside: edgeNear, Places: []string{"PRETRUSTED_TOKENS|FRONTEND_TOKENS"}},
	{ID: "edge-frontend-option", What: "--pretrusted-tokens of Edge", Takes: Frontend, Via: ViaEdge, Side: BackendSide, Beside: []string{"edge"}, Places: []string{"--pretrusted-tokens|--frontend-tokens|-p|-f"}},

	// The Proxy.
	{ID: "proxy-token", What: "UNLEASH_API_TOKEN of the Proxy", Takes: Backend, Via: ViaProxy, Side: BackendSide, Beside: proxyNear, Places: []string{"UNLEASH_API_TOKEN"}},
	{ID: "proxy-option", What: "unleashApiToken of the Proxy", Takes: Backend, Via: ViaProxy, Side: BackendSide, Places: []string{"unleashApiToken"}, Langs: []string{"javascript", "typescript"}},
	{ID: "proxy-keys-option", What: "clientKeys of the Proxy", Takes: ClientKey, Via: ViaProxy, Side: BackendSide, Designates: true, Modules: []string{"@unleash/proxy", "manifest:@unleash/proxy"},
		Places: []string{"clientKeys|proxySecrets", "setClientKeys|setProxySecrets(0)"}},
	{ID: "proxy-keys", What: "the Proxy's client keys", Takes: ClientKey, Via: ViaProxy, Side: BackendSide, Designates: true,
		Places: []string{"UNLEASH_PROXY_CLIENT_KEYS|UNLEASH_PROXY_SECRETS"}},
	{ID: "proxy-chart-token", What: "proxy.apiToken of the Proxy's chart", Takes: Backend, Via: ViaProxy, Side: BackendSide, Beside: []string{"unleash-proxy"}, Langs: []string{"yaml", "json", "hcl"},
		Places: []string{"proxy apiToken", "setting:PROXY_API_TOKEN"}},
	{ID: "proxy-chart-keys", What: "proxy.clientKeys of the Proxy's chart", Takes: ClientKey, Via: ViaProxy, Side: BackendSide, Designates: true, Beside: []string{"unleash-proxy"}, Langs: []string{"yaml", "json", "hcl"},
		Places: []string{"proxy clientKeys"}},
}

func init() {
	for i := range sinks {
		row := &sinks[i]
		for _, text := range row.Places {
			if name, is := strings.CutPrefix(text, "setting:"); is {
				row.settings = append(row.settings, name)
				continue
			}
			p := parsePattern(text)
			row.patterns = append(row.patterns, p)
			// A trail enters a pattern by its innermost step, or by one further out where names are missing.
			for k := len(p) - 1; k >= 0; k-- {
				for _, name := range p[k].names {
					rowsByName[name] |= 1 << i
				}
				if p[k].call || p[k].block {
					break
				}
			}
		}
		if len(row.settings) > 0 {
			settingRows |= 1 << i
		}
	}
}

// rowsByName are the rows, one bit each, that a trail with a step of this name (lower case) can enter; settingRows are those that
// look at whole names of settings.
var (
	rowsByName  = map[string]uint64{}
	settingRows uint64
)

// candidates are the rows that a trail can fit at all.
func candidates(t Trail) uint64 {
	var rows uint64
	var buf [64]byte
	for i := range t {
		name := LastName(t[i].Name)
		if len(name) > len(buf) {
			continue
		}
		low := buf[:len(name)]
		for k := 0; k < len(name); k++ {
			c := name[k]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			low[k] = c
		}
		rows |= rowsByName[string(low)]
		if t[i].Kind == Key || t[i].Kind == Var || t[i].Kind == Section {
			if settingWord(t[i].Name) {
				rows |= settingRows
			}
		}
	}
	return rows
}

// settingWord reports whether a name has a word of the rows that look at whole names of settings.
func settingWord(name string) bool {
	for k := 0; k+5 <= len(name); k++ {
		switch name[k] {
		case 'u', 'U':
			if len(name)-k >= 7 && strings.EqualFold(name[k:k+7], "unleash") {
				return true
			}
		case 'p', 'P':
			if strings.EqualFold(name[k:k+5], "proxy") {
				return true
			}
		}
	}
	return false
}

// BesideTexts are all texts that rows want beside a place, in lower case.
func BesideTexts() []string { return besideTexts }

var besideTexts = func() (list []string) {
	seen := map[string]bool{}
	for _, row := range sinks {
		for _, text := range row.Beside {
			if text = strings.ToLower(text); !seen[text] {
				seen[text] = true
				list = append(list, text)
			}
		}
	}
	return list
}()

// Sinks are the rows of the table.
func Sinks() []Sink { return append([]Sink(nil), sinks...) }

// A Surround is what a Sink asks about a place besides its trail. The functions are called only for rows whose trail fits.
type Surround struct {
	Lang     string
	File     string
	Imports  func(module string) bool // the file imports it (any case; a trailing * is a prefix)
	Manifest func(module string) bool // the nearest manifest has it as a dependency
	Beside   func(texts []string) bool
	With     func(names []string) bool // one of the names (any case) stands in the same table
	URL      func() API                // of the URL beside, NoAPI where there is none
	// Module is the module that a callee's first name was imported from here, "" where that is not known.
	Module func(callee string) string
}

// A Match is a Sink that takes what stands at a place.
type Match struct {
	Sink    *Sink
	Takes   Kind     // Sink.Takes narrowed by the URL beside
	Missing []string // names to look up in the value, outermost first (see pattern.matches)
	First   int      // index of the innermost step that took part
	At      int      // index of the outermost one
}

// MayBeSink reports whether a trail can fit a row at all: most do not, and a Surround need not be made for them.
func MayBeSink(t Trail) bool { return candidates(t) != 0 }

// BringsSink reports whether a module brings a sink: an SDK, a provider, a tool's library.
func BringsSink(module string) bool {
	for i := range sinks {
		for _, m := range sinks[i].Modules {
			if !strings.HasPrefix(m, "manifest:") && ModuleFits(m, module) {
				return true
			}
		}
	}
	return false
}

// FindSink is the sink of a trail, false where no row fits.
func FindSink(t Trail, s Surround) (Match, bool) {
	if len(t) == 0 {
		return Match{}, false
	}
	var setting string
	for rows := candidates(t); rows != 0; rows &= rows - 1 {
		row := &sinks[bits.TrailingZeros64(rows)]
		if !oneOf(row.Langs, s.Lang) || !fileFits(row.Files, s.File) {
			continue
		}
		m := Match{Sink: row, Takes: row.Takes}
		callee, ok := "", false
		for _, p := range row.patterns {
			missing, first, at, by, is := p.matches(t)
			if is && (!ok || len(missing) < len(m.Missing)) {
				m.Missing, m.First, m.At, callee, ok = missing, first, at, by, true
			}
			if ok && len(m.Missing) == 0 {
				break
			}
		}
		if !ok {
			if setting == "" && len(row.settings) > 0 {
				setting = settingName(t)
			}
			for _, name := range row.settings {
				ok = ok || setting == name || strings.HasSuffix(setting, "_"+name)
			}
		}
		if !ok || !row.comesFrom(callee, s) {
			continue
		}
		if len(row.Beside) > 0 && !s.Beside(row.Beside) {
			continue
		}
		if len(row.With) > 0 && !s.With(row.With) {
			continue
		}
		if len(row.URL) > 0 {
			if u := s.URL(); !hasAPI(row.URL, u) {
				continue
			}
		}
		if row.Takes == Frontend && row.Via == ViaSDK && s.URL() == ProxyAPI {
			m.Takes = ClientKey
		}
		return m, true
	}
	return Match{}, false
}

// comesFrom reports whether the file, or the package, has the module that brings the sink.
func (row *Sink) comesFrom(callee string, s Surround) bool {
	if len(row.Modules) == 0 {
		return true
	}
	if callee != "" {
		if from := s.Module(callee); from != "" {
			for _, m := range row.Modules {
				if ModuleFits(m, from) {
					return true
				}
			}
			// Imported from elsewhere: another thing of the same name, unless it comes from the project's own files.
			if !strings.HasPrefix(from, ".") && !strings.HasPrefix(from, "@/") && !strings.HasPrefix(from, "~") {
				return false
			}
		}
	}
	for _, m := range row.Modules {
		if dep, is := strings.CutPrefix(m, "manifest:"); is {
			if s.Manifest(dep) {
				return true
			}
		} else if s.Imports(m) {
			return true
		}
	}
	return false
}

// ModuleFits reports whether an import names the module of a pattern: equal in any case, or of its prefix where the pattern ends in *.
func ModuleFits(pattern, module string) bool {
	if p, is := strings.CutSuffix(pattern, "*"); is {
		return len(module) >= len(p) && strings.EqualFold(module[:len(p)], p)
	}
	return strings.EqualFold(pattern, module)
}

// settingName is the NormalName of the names around a value, outermost first: io.getunleash.api-token, however it is nested.
func settingName(t Trail) string {
	var parts []string
	for _, s := range t {
		switch s.Kind {
		case Key, Var:
			parts = append([]string{NormalName(s.Name)}, parts...)
		case Section:
			if s.Name != "" {
				parts = append([]string{NormalName(s.Name)}, parts...)
			}
		}
	}
	if len(parts) > 12 {
		return ""
	}
	return strings.Join(parts, "_")
}

func oneOf(list []string, s string) bool {
	if len(list) == 0 {
		return true
	}
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func fileFits(files []string, path string) bool {
	if len(files) == 0 {
		return true
	}
	base := path[strings.LastIndexByte(path, '/')+1:]
	for _, f := range files {
		if strings.HasSuffix(path, f) || strings.HasPrefix(base, f) {
			return true
		}
	}
	return false
}

func hasAPI(list []API, a API) bool {
	for _, l := range list {
		if l == a {
			return true
		}
	}
	return false
}
