package rules

// Texts of which one stands near the settings of Edge and of the Proxy.
var (
	edgeNear  = []string{"unleash-edge", "UPSTREAM_URL", "--upstream-url"}
	proxyNear = []string{"unleashorg/unleash-proxy", "@unleash/proxy\"", "@unleash/proxy/", "UNLEASH_PROXY_CLIENT_KEYS",
		"UNLEASH_PROXY_SECRETS", "EXP_SERVER_SIDE_SDK_CONFIG"}
)

// adminSinks are options of tools that talk to the Admin API.
var adminSinks = []Sink{
	{ID: "terraform", What: "{authorization} of the Terraform provider", Takes: Personal, Via: ViaAdmin,
		Side: BackendSide, Places: []string{"[provider.unleash] authorization|api_token|auth_token"},
		Example: Example{"main.tf", "provider \"unleash\" {\n  api_url       = \"https://eu.example.com\"\n  authorization = \"T\"\n}\n"}},
	{ID: "pulumi", What: "authorization of the Pulumi provider", Takes: Personal, Via: ViaAdmin, Side: BackendSide,
		Modules: []string{"@pulumiverse/unleash", "pulumiverse_unleash*", "github.com/pulumiverse/pulumi-unleash*"},
		Places:  []string{"Provider( authorization", "ProviderArgs( Authorization"},
		Example: Example{"index.ts", "import * as unleash from '@pulumiverse/unleash'\nconst provider = new unleash.Provider('main', { apiUrl: 'https://eu.example.com', authorization: 'T' })\n"}},
	{ID: "admin-go", What: "Authorization of the Admin API's Go client", Takes: Personal, Via: ViaAdmin,
		Side: BackendSide, Modules: []string{"github.com/unleash/unleash-server-api-go*"},
		Places: []string{"AddDefaultHeader( Authorization", "DefaultHeader Authorization",
			"WithValue( Authorization Key", "WithValue(2)"},
		Example: Example{"main.go", "package main\n\nimport \"github.com/Unleash/unleash-server-api-go/client\"\n\nfunc main() {\n\tconfig := client.NewConfiguration()\n\tconfig.AddDefaultHeader(\"Authorization\", \"T\")\n}\n"}},
	{ID: "mcp", What: "UNLEASH_PAT of Unleash's MCP server", Takes: Personal, Via: ViaAdmin, Side: BackendSide,
		Beside:  []string{"@unleash/mcp", "unleash-mcp"},
		Places:  []string{"UNLEASH_PAT"},
		Example: Example{".mcp.json", "{\"mcpServers\": {\"unleash\": {\"command\": \"npx\", \"args\": [\"@unleash/mcp\"], \"env\": {\"UNLEASH_PAT\": \"T\"}}}}\n"}},
	{ID: "backstage", What: "apiToken of Backstage's Unleash plugin", Takes: Personal, Via: ViaAdmin, Side: BackendSide,
		Langs: []string{"yaml"}, Files: []string{"app-config"},
		Places:  []string{"unleash apiToken"},
		Example: Example{"app-config.yaml", "unleash:\n  baseUrl: https://eu.example.com\n  apiToken: T\n"}},
	{ID: "airbyte", What: "api_token of Airbyte's Unleash source", Takes: Personal, Via: ViaAdmin, Side: BackendSide,
		Beside: []string{"source-unleash"},
		Places: []string{"api_token"},
		Example: Example{"connection.yaml",
			"connector: source-unleash\nconfig:\n  api_url: https://eu.example.com\n  api_token: T\n"}},
}

// edgeSinks are settings of Edge.
var edgeSinks = []Sink{
	{ID: "edge-tokens", What: "{TOKENS} of Edge", Takes: Backend, Via: ViaEdge, Side: BackendSide, Beside: edgeNear,
		BesidePath: true, Environment: true,
		Places: []string{"TOKENS|CLIENT_TOKENS"},
		Example: Example{"docker-compose.yml",
			"services:\n  edge:\n    image: unleashorg/unleash-edge\n    environment:\n      UPSTREAM_URL: https://eu.example.com\n      TOKENS: T\n"}},
	{ID: "edge-tokens-option", What: "{--tokens} of Edge", Takes: Backend, Via: ViaEdge, Side: BackendSide,
		Beside: []string{"edge"}, Places: []string{"--tokens|--client-tokens|-t|-c"},
		Example: Example{"run.sh", "unleash-edge edge --upstream-url https://eu.example.com --tokens 'T'\n"}},
	{ID: "edge-frontend", What: "the tokens that Edge trusts for frontends", Takes: Frontend, Via: ViaEdge,
		Trusts: true, Environment: true, BesidePath: true,
		Side: BackendSide, Beside: edgeNear, Places: []string{"PRETRUSTED_TOKENS|FRONTEND_TOKENS"},
		Example: Example{"docker-compose.yml",
			"services:\n  edge:\n    image: unleashorg/unleash-edge\n    environment:\n      UPSTREAM_URL: https://eu.example.com\n      PRETRUSTED_TOKENS: T\n"}},
	{ID: "edge-frontend-option", What: "{--pretrusted-tokens} of Edge", Takes: Frontend, Via: ViaEdge, Side: BackendSide,
		Trusts: true,
		Beside: []string{"edge"}, Places: []string{"--pretrusted-tokens|--frontend-tokens|-p|-f"},
		Example: Example{"run.sh", "unleash-edge edge --upstream-url https://eu.example.com --pretrusted-tokens 'T'\n"}},
}

// proxySinks are settings of the Proxy.
var proxySinks = []Sink{
	{ID: "proxy-token", What: "UNLEASH_API_TOKEN of the Proxy", Takes: Backend, Via: ViaProxy, Side: BackendSide,
		Beside: proxyNear, Places: []string{"UNLEASH_API_TOKEN"},
		Example: Example{"docker-compose.yml",
			"services:\n  proxy:\n    image: unleashorg/unleash-proxy\n    environment:\n      UNLEASH_API_TOKEN: T\n"}},
	{ID: "proxy-option", What: "unleashApiToken of the Proxy", Takes: Backend, Via: ViaProxy, Side: BackendSide,
		Places: []string{"unleashApiToken"}, Langs: []string{"javascript", "typescript"},
		Example: Example{"proxy.js", "const { createApp } = require('@unleash/proxy')\ncreateApp({ unleashUrl: 'https://eu.example.com/api', unleashApiToken: 'T' })\n"}},
	{ID: "proxy-keys-option", What: "{clientKeys} of the Proxy", Takes: ClientKey, Via: ViaProxy, Side: BackendSide,
		Designates: true, Modules: []string{"@unleash/proxy", "manifest:@unleash/proxy"},
		Places:  []string{"clientKeys|proxySecrets", "setClientKeys|setProxySecrets(0)"},
		Example: Example{"proxy.js", "const { createApp } = require('@unleash/proxy')\ncreateApp({ unleashUrl: 'https://eu.example.com/api', clientKeys: ['T'] })\n"}},
	{ID: "proxy-keys", What: "the Proxy's client keys", Takes: ClientKey, Via: ViaProxy, Side: BackendSide,
		Designates: true,
		Places:     []string{"UNLEASH_PROXY_CLIENT_KEYS|UNLEASH_PROXY_SECRETS"},
		Example:    Example{"proxy.env", "UNLEASH_PROXY_CLIENT_KEYS=T\n"}},
	{ID: "proxy-chart-token", What: "proxy.apiToken of the Proxy's chart", Takes: Backend, Via: ViaProxy,
		Side: BackendSide, Beside: []string{"unleash-proxy"}, BesidePath: true, Langs: []string{"yaml", "json", "hcl", "shell"},
		Places:  []string{"proxy apiToken", "setting:PROXY_API_TOKEN"},
		Example: Example{"values.yaml", "image: unleashorg/unleash-proxy\nproxy:\n  apiToken: T\n"}},
	{ID: "proxy-chart-token-with-keys", What: "proxy.apiToken of the Proxy's chart", Takes: Backend, Via: ViaProxy,
		Side: BackendSide, Beside: []string{"unleash"}, With: []string{"clientKeys"}, Langs: []string{"yaml", "json", "hcl"},
		Places:  []string{"proxy apiToken"},
		Example: Example{"values.yaml", "proxy:\n  serverHost: http://unleash:4242/api\n  apiToken: T\n  clientKeys: [some-secret]\n"}},
	{ID: "proxy-chart-keys", What: "proxy.clientKeys of the Proxy's chart", Takes: ClientKey, Via: ViaProxy,
		Side: BackendSide, Designates: true, Beside: []string{"unleash-proxy"}, BesidePath: true,
		Langs:   []string{"yaml", "json", "hcl", "shell"},
		Places:  []string{"proxy clientKeys", "setting:PROXY_CLIENT_KEYS"},
		Example: Example{"values.yaml", "image: unleashorg/unleash-proxy\nproxy:\n  clientKeys:\n    - T\n"}},
	{ID: "proxy-chart-keys-with-token", What: "proxy.clientKeys of the Proxy's chart", Takes: ClientKey, Via: ViaProxy,
		Side: BackendSide, Designates: true, Beside: []string{"unleash"}, With: []string{"apiToken", "apiTokenSecret"},
		Langs:   []string{"yaml", "json", "hcl"},
		Places:  []string{"proxy clientKeys"},
		Example: Example{"values.yaml", "proxy:\n  serverHost: http://unleash:4242/api\n  apiToken: none\n  clientKeys: [T]\n"}},
}
