package rules

// Modules that bring them, as imports name them.
var (
	jsFrontend = []string{"unleash-proxy-client", "@unleash/proxy-client-*", "@unleash/nextjs*", "@unleash/unleash-react-native-sdk", "@nunogois/*", "@karelics/angular-unleash-proxy-client",
		"@snowfrog/ngx-unleash-proxy-client", "@openfeature/unleash-web-provider", "@hathor/unleash-client", "@unleash/toolbar*", "@unleash/frontend-*"}
	androids = []string{"io.getunleash.android*", "io.getunleash.UnleashClient", "io.getunleash.UnleashConfig", "io.getunleash:unleash-android*", "io.getunleash:unleash-proxy-client-kotlin*"}
)

// frontendSinks are options of SDKs that run at the user's.
var frontendSinks = []Sink{
	{ID: "next-server", What: "token of @unleash/nextjs on the server", Takes: Backend, Via: ViaSDK, Side: BackendSide, Modules: []string{"@unleash/nextjs"},
		Places:  []string{"getDefinitions( token", "flag( token", "flagsClient( token"},
		Example: Example{"app/page.tsx", "import { getDefinitions } from '@unleash/nextjs'\nconst d = await getDefinitions({ token: 'T' })\n"}},
	{ID: "js-client-key", What: "clientKey of a JavaScript frontend SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: jsFrontend,
		Places:  []string{"UnleashClient|FlagProvider|FlagContextProvider|getFrontendFlags|provideUnleashProxy|UnleashWebProvider|UnleashPlugin|init|use|flag|forRoot|ToolbarProvider|UnleashToolbar( config|unleashConfig|options clientKey", "UnleashClient|FlagProvider|getFrontendFlags|provideUnleashProxy|UnleashWebProvider|init|forRoot|createUnleashClient( clientKey"},
		Example: Example{"src/flags.ts", "import { UnleashClient } from 'unleash-proxy-client'\nnew UnleashClient({ url: 'https://eu.example.com/api/frontend', clientKey: 'T', appName: 'web' })\n"}},
	{ID: "js-client-key-table", What: "clientKey of a JavaScript frontend SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: jsFrontend, With: []string{"url", "appName", "refreshInterval", "bootstrap", "disableMetrics"},
		Places:  []string{"clientKey"},
		Example: Example{"src/config.ts", "import { FlagProvider } from '@unleash/proxy-client-react'\nexport const config = { url: 'https://eu.example.com/api/frontend', clientKey: 'T' }\n"}},
	{ID: "js-frontend-header", What: "customHeaders of a JavaScript frontend SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: jsFrontend,
		Places:  []string{"customHeaders Authorization"},
		Example: Example{"src/flags.ts", "import { UnleashClient } from 'unleash-proxy-client'\nnew UnleashClient({ url: 'https://eu.example.com/api/frontend', customHeaders: { Authorization: 'T' } })\n"}},
	{ID: "android-client-key", What: "clientKey of the Android SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Modules: androids, Langs: []string{"kotlin", "java", "groovy", "scala"},
		Places:  []string{"clientKey|clientSecret(0)", "UnleashConfig( clientKey|clientSecret", "httpCustomHeaders Authorization"},
		Example: Example{"app/src/main/java/App.kt", "import io.getunleash.android.UnleashConfig\nval config = UnleashConfig.newBuilder(\"app\").clientKey(\"T\").build()\n"}},
	{ID: "swift-client-key", What: "clientKey of the iOS SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"swift", "objective-c", "objc"},
		Places:  []string{"UnleashClient|UnleashClientBase|UnleashProviderConfig( clientKey", "Poller( apiKey"},
		Example: Example{"App.swift", "import UnleashProxyClientSwift\nlet unleash = UnleashClient(unleashUrl: \"https://eu.example.com/api/frontend\", clientKey: \"T\")\n"}},
	{ID: "flutter-client-key", What: "clientKey of the Flutter SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"dart"},
		Places:  []string{"UnleashClient( clientKey"},
		Example: Example{"lib/main.dart", "import 'package:unleash_proxy_client_flutter/unleash_proxy_client_flutter.dart';\nfinal unleash = UnleashClient(url: Uri.parse('https://eu.example.com/api/frontend'), clientKey: 'T', appName: 'app');\n"}},
	{ID: "cpp-client-key", What: "client key of the C++ SDK's ClientConfig", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"cpp", "c"},
		Places: []string{"ClientConfig(1)"}, Modules: []string{"unleash*", "<unleash*", "\"unleash*"},
		Example: Example{"main.cpp", "#include <unleash/unleashclient.h>\nunleash::ClientConfig config(\"https://eu.example.com/api/frontend\", \"T\", \"app\");\n"}},
	{ID: "roku-client-key", What: "key of the Roku SDK's UnleashConfig", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"brightscript"},
		Places:  []string{"UnleashConfig(0)"},
		Example: Example{"source/main.brs", "sub main()\n  config = UnleashConfig(\"T\", \"https://eu.example.com/api/frontend\")\nend sub\n"}},
	{ID: "lua-client-key", What: "ClientKey of the Lua SDK", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, Langs: []string{"lua"},
		Places: []string{"ClientKey(0)", "clientKey"}, Modules: []string{"unleash*"},
		Example: Example{"flags.lua", "local unleash = require(\"unleash-client\")\nlocal client = unleash.new({ clientKey = \"T\" })\n"}},
	{ID: "php-proxy", What: "withProxy() of the PHP SDK, which talks to the Frontend API", Takes: Frontend, Via: ViaSDK, Side: BackendSide, Langs: []string{"php"},
		Places:  []string{"withProxy(0)"},
		Example: Example{"flags.php", "<?php\nuse Unleash\\Client\\UnleashBuilder;\n$unleash = UnleashBuilder::create()->withProxy('T')->build();\n"}},
	{ID: "github-action", What: "api-key of Unleash's GitHub action, which asks the Frontend API", Takes: Frontend, Via: ViaAction, Side: BackendSide, Beside: []string{"unleash/unleash-action"},
		Places:  []string{"with api-key"},
		Example: Example{".github/workflows/flags.yml", "jobs:\n  flags:\n    steps:\n      - uses: unleash/unleash-action@v2\n        with:\n          api-key: T\n"}},
	{ID: "client-key-beside-url", What: "clientKey beside the URL of a frontend API", Takes: Frontend, Via: ViaSDK, Side: FrontendSide, URL: []API{FrontendAPI, ProxyAPI},
		Places:  []string{"clientKey|unleashClientKey|client_key", "clientKey|clientSecret(0)"},
		Example: Example{"settings.json", "{\"unleash\": {\"url\": \"https://eu.example.com/api/frontend\", \"clientKey\": \"T\"}}\n"}},
}
