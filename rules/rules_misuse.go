package rules

// misuseRules say that a credential is used where it must not be, whether or not its text is random.
var misuseRules = []Rule{
	{
		ID:       SecretInFrontend,
		Severity: Critical,
		Title:    "Secret token in frontend code",
		Why: "Everything that a browser, a phone or a desktop application loads can be read by its user. A backend token " +
			"shows them every flag with its rules, an admin or personal token lets them change it. The Frontend API " +
			"refuses a backend token (status 403, \"invalid token: expected a different token type for this endpoint\").",
		Fix: "Create a frontend token for this project and environment and use it here, with the Frontend API (/api/frontend) or " +
			"Unleash Edge, and deploy.",
		Revoke:    true,
		Misuse:    true,
		Precision: "high",
		CWE:       []int{522, 200, 798},
		Bad: []Sample{{
			Note: "The backend's token, bound to a name that the bundler hands to browsers.",
			Files: []SampleFile{{".env.production", `NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN=default:production.{{HASH1}}
`}},
		}, {
			Note: "A personal access token given to a frontend SDK.",
			Files: []SampleFile{{"flags.ts", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: 'user:{{HASH1}}',
  appName: 'shop',
});
`}},
		}},
		Good: []Sample{{
			Note: "A frontend token in the browser, the backend's token without the prefix.",
			Files: []SampleFile{{".env.production", `NEXT_PUBLIC_UNLEASH_FRONTEND_API_TOKEN=default:production.{{HASH1}}
UNLEASH_SERVER_API_TOKEN=default:production.{{HASH2}}
`}},
		}},
	},
	{
		ID:       FrontendTokenInBackend,
		Severity: Medium,
		Title:    "Frontend token in a backend SDK, Edge or Proxy",
		Why: "The server refuses a frontend token where a backend token belongs (status 403, \"invalid token: expected a different token type for this endpoint\"), so that every " +
			"flag stays at its default.",
		Fix: "Create a backend token for the same project and environment (Admin settings > API access), hand it to the service through " +
			"the environment or a secret store, and leave the frontend token to the frontend.",
		Misuse:    true,
		Precision: "high",
		CWE:       []int{628},
		Bad: []Sample{{
			Note: "A setting named as a frontend token, read into the Node SDK.",
			Files: []SampleFile{{"flags.js", `const { initialize } = require('unleash-client');

initialize({
  url: 'http://localhost:4242/api/',
  appName: 'orders',
  customHeaders: { Authorization: process.env.UNLEASH_FRONTEND_API_TOKEN },
});
`}, {".env", `UNLEASH_FRONTEND_API_TOKEN=default:development.{{HASH1}}
`}},
		}},
		Good: []Sample{{
			Note: "Each side has its own token.",
			Files: []SampleFile{{"flags.js", `const { initialize } = require('unleash-client');

initialize({
  url: 'http://localhost:4242/api/',
  appName: 'orders',
  customHeaders: { Authorization: process.env.UNLEASH_BACKEND_API_TOKEN },
});
`}, {".env", `UNLEASH_FRONTEND_API_TOKEN=default:development.{{HASH1}}
UNLEASH_BACKEND_API_TOKEN=default:development.{{HASH2}}
`}},
		}},
	},
	{
		ID:       PersonalTokenInSDK,
		Severity: High,
		Title:    "Personal access or service-account token in an SDK, Edge or Proxy",
		Why: "The token may do all that its owner may, where reading flags would do. Servers from 8.0 refuse it in an SDK (status 403, \"invalid token: expected a different token type for this endpoint\"), and Edge " +
			"cannot read it.",
		Fix: "Create a backend token (for a frontend SDK: a frontend token) for this project and environment and use it here, and " +
			"deploy.",
		Revoke:    true,
		Misuse:    true,
		Precision: "very-high",
		CWE:       []int{250},
		Bad: []Sample{{
			Note: "A personal access token in the Node SDK.",
			Files: []SampleFile{{"flags.js", `const { initialize } = require('unleash-client');

initialize({
  url: 'https://unleash.example.com/api/',
  appName: 'orders',
  customHeaders: { Authorization: 'user:{{HASH1}}' },
});
`}},
		}},
		Good: []Sample{{
			Note: "A personal access token in a request to the Admin API.",
			Files: []SampleFile{{"list.sh", `curl -H 'Authorization: user:{{HASH1}}' https://unleash.example.com/api/admin/projects
`}},
		}},
	},
	{
		ID:       AdminTokenInSDK,
		Severity: High,
		Title:    "Admin token in an SDK, Edge or Proxy",
		Why:      "The token may change everything, where reading flags would do. Servers from 8.0 refuse it in an SDK (status 403, \"invalid token: expected a different token type for this endpoint\").",
		Fix: "Create a backend token (for a frontend SDK: a frontend token) for this project and environment and use it here, and " +
			"deploy.",
		Revoke:    true,
		Misuse:    true,
		Precision: "very-high",
		CWE:       []int{250},
		Bad: []Sample{{
			Note: "An admin token in the Go SDK.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("https://unleash.example.com/api/"),
		unleash.WithAppName("orders"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"*:*.{{HASH1}}"}}),
	)
}
`}},
		}},
		Good: []Sample{{
			Note: "A backend token of one environment.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("https://unleash.example.com/api/"),
		unleash.WithAppName("orders"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"*:production.{{HASH1}}"}}),
	)
}
`}},
		}},
	},
	{
		ID:       SDKTokenInAdminAPI,
		Severity: Medium,
		Title:    "Backend or frontend token in an Admin API client",
		Why:      "The Admin API refuses backend and frontend tokens (status 403, \"invalid token: expected a different token type for this endpoint\"): the tool cannot work with this one.",
		Fix: "Create a service account with the permissions that the tool needs (Admin settings > Service accounts), or a personal access " +
			"token (Profile > Personal API tokens), and hand it to the tool through the environment or a secret store.",
		Misuse:    true,
		Precision: "high",
		CWE:       []int{628},
		Bad: []Sample{{
			Note: "A backend token in Terraform's provider.",
			Files: []SampleFile{{"main.tf", `provider "unleash" {
  base_url      = "https://unleash.example.com"
  authorization = "default:production.{{HASH1}}"
}
`}},
		}},
		Good: []Sample{{
			Note: "A service account's token.",
			Files: []SampleFile{{"main.tf", `provider "unleash" {
  base_url      = "https://unleash.example.com"
  authorization = "user:{{HASH1}}"
}
`}},
		}},
	},
	{
		ID:       ClientKeyToAPI,
		Severity: Medium,
		Title:    "Proxy client key sent to the Unleash API or to Edge",
		Why: "Only the Proxy knows client keys. The Unleash API refuses them (status 401, \"This endpoint requires an API " +
			"token. Please add an authorization header to your request with a valid token\"), and Edge does (status 403), " +
			"so that every flag stays at its default.",
		Fix: "Create a frontend token (Admin settings > API access) and use it with /api/frontend; or point the SDK at the Proxy's " +
			"/proxy.",
		Misuse:    true,
		Precision: "high",
		CWE:       []int{628},
		Bad: []Sample{{
			Note: "The Proxy's key with the URL of the Frontend API.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  proxy:
    image: unleashorg/unleash-proxy
    environment:
      UNLEASH_URL: https://unleash.example.com/api
      UNLEASH_API_TOKEN: ${UNLEASH_API_TOKEN}
      UNLEASH_PROXY_CLIENT_KEYS: shop-web-91ab4c07
`}, {"flags.ts", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: 'shop-web-91ab4c07',
  appName: 'shop',
});
`}},
		}},
		Good: []Sample{{
			Note: "The Proxy's key with the Proxy's URL.",
			Files: []SampleFile{{"flags.ts", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://proxy.example.com/proxy',
  clientKey: 'shop-web-91ab4c07',
  appName: 'shop',
});
`}},
		}},
	},
	{
		ID:       APITokenAsClientKey,
		Severity: High,
		Title:    "API token used as a proxy client key",
		Why: "Client keys are public: they stand in every application that talks to the Proxy. An API token among them gives its " +
			"rights to every visitor.",
		Fix: "Put a new random text into the Proxy's client keys and into the applications. If the token is a secret one, create a new " +
			"one where it is still needed, and deploy.",
		Revoke:    true,
		Misuse:    true,
		Precision: "high",
		CWE:       []int{522, 200},
		Bad: []Sample{{
			Note: "The Proxy's own API token as its client key.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  proxy:
    image: unleashorg/unleash-proxy
    environment:
      UNLEASH_URL: https://unleash.example.com/api
      UNLEASH_API_TOKEN: "default:production.{{HASH1}}"
      UNLEASH_PROXY_CLIENT_KEYS: "default:production.{{HASH1}}"
`}},
		}},
		Good: []Sample{{
			Note: "A text of its own as client key.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  proxy:
    image: unleashorg/unleash-proxy
    environment:
      UNLEASH_URL: https://unleash.example.com/api
      UNLEASH_API_TOKEN: ${UNLEASH_API_TOKEN}
      UNLEASH_PROXY_CLIENT_KEYS: shop-web-91ab4c07
`}},
		}},
	},
	{
		ID:       ConflictingUse,
		Severity: High,
		Title:    "One token used as backend and as frontend token",
		Why: "A token has one type, so that one of the uses fails. And whatever it is, the frontend has published it: if it is a " +
			"backend token, a secret is out.",
		Fix: "Look the token up in Unleash to see its type. Create a backend token for the backend and a frontend token for the " +
			"frontend, use each where it belongs, and deploy.",
		Revoke:    true,
		Misuse:    true,
		Precision: "high",
		CWE:       []int{522, 628},
		Bad: []Sample{{
			Note: "The same token in the Node SDK and in the browser's.",
			Files: []SampleFile{{"server.js", `const { initialize } = require('unleash-client');

initialize({
  url: 'https://unleash.example.com/api/',
  appName: 'shop-server',
  customHeaders: { Authorization: 'default:production.{{HASH1}}' },
});
`}, {"web/flags.js", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: 'default:production.{{HASH1}}',
  appName: 'shop',
});
`}},
		}},
		Good: []Sample{{
			Note: "Two tokens.",
			Files: []SampleFile{{"server.js", `const { initialize } = require('unleash-client');

initialize({
  url: 'https://unleash.example.com/api/',
  appName: 'shop-server',
  customHeaders: { Authorization: 'default:production.{{HASH1}}' },
});
`}, {"web/flags.js", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: 'default:production.{{HASH2}}',
  appName: 'shop',
});
`}},
		}},
	},
	{
		ID:       EdgeScopeMismatch,
		Severity: Medium,
		Title:    "Edge's backend token does not cover a frontend token",
		Why: "Edge knows only the projects and the environment of its own backend tokens. It refuses a frontend token beyond them, " +
			"so that every flag of that frontend stays at its default.",
		Fix: "Create a backend token with at least the projects and the environment of the frontend token (*:ENVIRONMENT covers every " +
			"project; Admin settings > API access) and start Edge with it.",
		Misuse:    true,
		Precision: "high",
		CWE:       []int{628},
		Bad: []Sample{{
			Note: "A backend token of development, a frontend token of production.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  edge:
    image: unleashorg/unleash-edge:v19.6
    command: edge
    environment:
      - UPSTREAM_URL=https://unleash.example.com
      - TOKENS=*:development.{{HASH1}}
      - PRETRUSTED_TOKENS=*:production.{{HASH2}}
`}},
		}},
		Good: []Sample{{
			Note: "Both of production.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  edge:
    image: unleashorg/unleash-edge:v19.6
    command: edge
    environment:
      - UPSTREAM_URL=https://unleash.example.com
      - TOKENS=*:production.{{HASH1}}
      - PRETRUSTED_TOKENS=*:production.{{HASH2}}
`}},
		}},
	},
	{
		ID:       EnvironmentMismatch,
		Severity: Low,
		Title:    "Token of another environment than the setting's",
		Why:      "A development build that reads production's flags, or the other way round, switches features for the wrong people.",
		Fix: "Create a token of the environment that the file or the setting names (Admin settings > API access) and use it here; " +
			"or rename the setting if it is the name that is wrong.",
		Misuse:    true,
		Precision: "medium",
		Bad: []Sample{{
			Note: "Production's token in the settings of development.",
			Files: []SampleFile{{".env.development", `UNLEASH_BACKEND_API_TOKEN=default:production.{{HASH1}}
`}},
		}},
		Good: []Sample{{
			Note: "Development's token in the settings of development.",
			Files: []SampleFile{{".env.development", `UNLEASH_BACKEND_API_TOKEN=default:development.{{HASH1}}
`}},
		}},
	},
	{
		ID:       InvalidTokenScope,
		Severity: Medium,
		Title:    "Scope that the server refuses for this type of token",
		Why: "Backend and frontend tokens belong to one environment, admin tokens to all projects and environments. With any other scope " +
			"the server does not start, or the token never works.",
		Fix:       "Write PROJECT:ENVIRONMENT for a backend or frontend token (*:ENVIRONMENT for every project), and *:* only for an admin token.",
		Misuse:    true,
		Precision: "very-high",
		CWE:       []int{628},
		Bad: []Sample{{
			Note: "All environments in a frontend token.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  web:
    image: unleashorg/unleash-server
    environment:
      INIT_FRONTEND_API_TOKENS: "*:*.{{HASH1}}"
`}},
		}},
		Good: []Sample{{
			Note: "One environment.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  web:
    image: unleashorg/unleash-server
    environment:
      INIT_FRONTEND_API_TOKENS: "*:development.{{HASH1}}"
`}},
		}},
	},
	{
		ID:       MalformedToken,
		Severity: Low,
		Title:    "Text that is nearly an Unleash token",
		Why: "A token belongs here, and this is not quite one: the server, Edge or the SDK cannot read it. Most often it was mangled on the " +
			"way, and the right one is as secret as this one looks.",
		Fix:       "Copy the token again from Unleash (PROJECT:ENVIRONMENT.SECRET, without blanks) and keep it outside of the code.",
		Misuse:    true,
		Precision: "medium",
		Bad: []Sample{{
			Note: "Separators the wrong way round.",
			Files: []SampleFile{{"values.yaml", `env:
  - name: UPSTREAM_URL
    value: https://unleash.example.com
  - name: TOKENS
    value: "*.development:{{HASH1}}"
image:
  repository: unleashorg/unleash-edge
`}},
		}},
		Good: []Sample{{
			Note: "Project, colon, environment, dot.",
			Files: []SampleFile{{"values.yaml", `env:
  - name: UPSTREAM_URL
    value: https://unleash.example.com
  - name: TOKENS
    value: "*:development.{{HASH1}}"
image:
  repository: unleashorg/unleash-edge
`}},
		}},
	},
	{
		ID:       TokenInURL,
		Severity: Medium,
		Title:    "Secret token in a URL",
		Why:      "URLs are written down by servers, proxies, browsers and monitoring. A token in one is in all of their logs.",
		Fix: "Create a new token and send it in the Authorization header only. Where the Admin API's own path wants a token, let a script " +
			"run that call, and keep its URL out of logs. Deploy, and clean the logs that have this one.",
		Revoke:    true,
		Misuse:    true,
		Precision: "very-high",
		CWE:       []int{598, 532},
		Bad: []Sample{{
			Note: "The token as a query parameter.",
			Files: []SampleFile{{"check.sh", `curl "https://unleash.example.com/api/admin/user?token=user:{{HASH1}}"
`}},
		}},
		Good: []Sample{{
			Note: "The token as a header, from the environment.",
			Files: []SampleFile{{"check.sh", `curl -H "Authorization: $UNLEASH_PAT" https://unleash.example.com/api/admin/user
`}},
		}},
	},
	{
		ID:       SecretEnvInFrontend,
		Severity: High,
		Title:    "Frontend code reads the setting of a secret token",
		Why: "No token is in sight, but the bundler will put one into what browsers load as soon as the setting has a value: by its name it " +
			"holds a secret token.",
		Fix: "Create a frontend token (Admin settings > API access), keep it in a setting with a name that says so " +
			"(NEXT_PUBLIC_UNLEASH_FRONTEND_API_TOKEN), and read that one here. If a build ever had the secret one, replace and delete it.",
		Misuse:    true,
		Precision: "high",
		CWE:       []int{526, 200},
		Bad: []Sample{{
			Note: "A browser-exposed name for the backend's token.",
			Files: []SampleFile{{"src/flags.js", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: process.env.NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN,
  appName: 'shop',
});
`}},
		}},
		Good: []Sample{{
			Note: "A setting of the frontend's own.",
			Files: []SampleFile{{"src/flags.js", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: process.env.NEXT_PUBLIC_UNLEASH_FRONTEND_API_TOKEN,
  appName: 'shop',
});
`}},
		}},
	},
}
