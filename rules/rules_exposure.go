package rules

// exposureRules say that a credential stands in text that others can read. One of them holds for each occurrence.
var exposureRules = []Rule{
	{
		ID:       AdminToken,
		Severity: Critical,
		Title:    "Admin token in readable text",
		Why: "An admin token may do everything that an administrator of Unleash may: change and delete flags in every project and " +
			"environment, make users, make more tokens. Whoever can read this text can do it too.",
		Fix: "Admin tokens are deprecated. Create a service account with only the permissions that this job needs (or a personal " +
			"access token where Unleash has no service accounts), keep its token in a secret store, and switch the job to it.",
		Revoke:    true,
		Precision: "very-high",
		CWE:       []int{798, 540},
		Bad: []Sample{{
			Note: "An admin token in a Terraform variable file.",
			Files: []SampleFile{{"terraform.tfvars", `unleash_url   = "https://unleash.example.com"
unleash_token = "*:*.{{HASH1}}"
`}},
		}},
		Good: []Sample{{
			Note: "The token comes from the environment.",
			Files: []SampleFile{{"provider.tf", `provider "unleash" {
  base_url      = "https://unleash.example.com"
  authorization = var.unleash_token
}
`}},
		}},
	},
	{
		ID:       PersonalToken,
		Severity: Critical,
		Title:    "Personal access or service-account token in readable text",
		Why: "The token acts as its owner in the Admin API, with all of the owner's permissions, and nothing in an audit log tells " +
			"the thief from the owner.",
		Fix: "Create a new token with an expiry date, keep it in a secret store or in the environment, and switch the tools that use " +
			"this one. For anything that runs unattended prefer a service account to a person's token.",
		Revoke:    true,
		Precision: "very-high",
		CWE:       []int{798, 540},
		Bad: []Sample{{
			Note: "A personal access token in the settings of an MCP server.",
			Files: []SampleFile{{".mcp.json", `{
  "mcpServers": {
    "unleash": {
      "command": "npx",
      "args": ["@unleash/mcp"],
      "env": {
        "UNLEASH_BASE_URL": "https://unleash.example.com",
        "UNLEASH_PAT": "user:{{HASH1}}"
      }
    }
  }
}
`}},
		}},
		Good: []Sample{{
			Note: "The settings name the variable that holds it.",
			Files: []SampleFile{{".mcp.json", `{
  "mcpServers": {
    "unleash": {
      "command": "npx",
      "args": ["@unleash/mcp"],
      "env": {
        "UNLEASH_BASE_URL": "https://unleash.example.com",
        "UNLEASH_PAT": "${UNLEASH_PAT}"
      }
    }
  }
}
`}},
		}},
	},
	{
		ID:       BackendToken,
		Severity: High,
		Title:    "Backend token in readable text",
		Why: "A backend token reads every flag of its projects and environment with all strategies, constraints and segments, which " +
			"may name customers and unreleased features, and it can send false metrics.",
		Fix: "Create a new backend token for the same projects and environment, hand it to the service through the environment or a " +
			"secret store, and deploy.",
		Revoke:    true,
		Precision: "high",
		CWE:       []int{798, 540},
		Bad: []Sample{{
			Note: "A backend token in the code of a service.",
			Files: []SampleFile{{"flags.js", `const { initialize } = require('unleash-client');

const unleash = initialize({
  url: 'https://unleash.example.com/api/',
  appName: 'orders',
  customHeaders: { Authorization: 'default:production.{{HASH1}}' },
});
`}},
		}},
		Good: []Sample{{
			Note: "The service reads it from its environment.",
			Files: []SampleFile{{"flags.js", `const { initialize } = require('unleash-client');

const unleash = initialize({
  url: 'https://unleash.example.com/api/',
  appName: 'orders',
  customHeaders: { Authorization: process.env.UNLEASH_API_TOKEN },
});
`}},
		}},
	},
	{
		ID:       UnknownToken,
		Severity: High,
		Title:    "API token of undecided type in readable text",
		Why: "The text of an API token does not say whether it is a backend token, which is secret, or a frontend token, which is " +
			"not. Nothing in the scanned text decides it, so it is taken for a secret.",
		Fix: "Look the token up in Unleash (Admin settings > API access) to see its type. If it is a frontend token, name the setting " +
			"that holds it after what it is (UNLEASH_FRONTEND_API_TOKEN). If it is a backend token, create a new one, keep it in a secret " +
			"store and deploy it.",
		Revoke:    true,
		Precision: "high",
		CWE:       []int{798, 540},
		Bad: []Sample{{
			Note: "A token in a note, without a word on its type.",
			Files: []SampleFile{{"notes.txt", `token for the demo: default:development.{{HASH1}}
`}},
		}},
		Good: []Sample{{
			Note: "A name that states the type decides it.",
			Files: []SampleFile{{".env.example", `UNLEASH_FRONTEND_API_TOKEN=default:development.{{HASH1}}
`}},
		}},
	},
	{
		ID:       LegacyToken,
		Severity: High,
		Title:    "Token of an old Unleash server in readable text",
		Why: "Tokens made by Unleash before 4.2 name no project and no environment; many are admin tokens, and servers still accept " +
			"them after an upgrade.",
		Fix: "Look the token up in Unleash to see its type. Create a token of today's kind, scoped to a project and an environment, " +
			"keep it in a secret store, and deploy it.",
		Revoke:    true,
		Precision: "medium",
		CWE:       []int{798, 540},
		Bad: []Sample{{
			Note: "64 hexadecimal digits handed to an SDK.",
			Files: []SampleFile{{"flags.rb", `require 'unleash'

CLIENT = Unleash::Client.new(
  url: 'https://unleash.example.com/api',
  app_name: 'orders',
  custom_http_headers: { 'Authorization': '{{HEX64}}' }
)
`}},
		}},
		Good: []Sample{{
			Note: "The same digits elsewhere are a digest.",
			Files: []SampleFile{{"checksums.txt", `{{HEX64}}  unleash-edge-linux-amd64.tar.gz
`}},
		}},
	},
	{
		ID:       InsecureDefaultToken,
		Severity: Medium,
		Title:    "Published default token",
		Why: "The token stands in Unleash's public samples. It is no secret, and it is valid on every server that was started with " +
			"the sample unchanged.",
		Fix: "Generate a random token for each INIT_* variable, keep it in a secret store, and start the servers with it; or leave the " +
			"variables out and create tokens in Unleash.",
		Revoke:    true,
		Precision: "very-high",
		CWE:       []int{1392, 798},
		Bad: []Sample{{
			Note: "A compose file that starts a server with the sample's token.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  web:
    image: unleashorg/unleash-server:latest
    environment:
      INIT_BACKEND_API_TOKENS: "default:development.{{DEFAULT}}"
`}},
		}},
		Good: []Sample{{
			Note: "The value comes from outside.",
			Files: []SampleFile{{"docker-compose.yml", `services:
  web:
    image: unleashorg/unleash-server:latest
    environment:
      INIT_BACKEND_API_TOKENS: "${INIT_BACKEND_API_TOKENS}"
`}},
		}},
	},
	{
		ID:       FrontendToken,
		Severity: Info,
		Title:    "Frontend token",
		Why: "Frontend tokens are made to be seen: they read only flags evaluated for one user at a time. It is listed because " +
			"public credentials were asked for.",
		Fix:       "Nothing has to be done.",
		Precision: "high",
		Bad: []Sample{{
			Note: "A frontend token where it belongs, listed with --public.",
			Files: []SampleFile{{"flags.ts", `import { UnleashClient } from 'unleash-proxy-client';

export const unleash = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: 'default:production.{{HASH1}}',
  appName: 'shop',
});
`}},
		}},
	},
	{
		ID:       ClientKeyRule,
		Severity: Info,
		Title:    "Proxy client key",
		Why: "A client key only lets an application talk to the Unleash Proxy, and is made to be seen. It is listed because public " +
			"credentials were asked for.",
		Fix:       "Nothing has to be done. The Proxy is no longer developed; Unleash Edge and frontend tokens take its place.",
		Precision: "medium",
		Bad: []Sample{{
			Note: "A key of the Proxy's list, listed with --public.",
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
}
