// Package config holds the settings of an application.
package config

import "wrap/env"

const UnleashFrontendToken = "wrap:production.533dd897b7c31b1e8621b3e7454614533eaf176ccf7569e524f5f707"

const Credential = "wrap:production.1208011d4a1efdfc45a5dd320d9884ef09cd5a05a0ff9453a05054e5" // want `^unknown-token: `

const Half = "wrap:production.ef42c7b7644315ea4c5ff519912d"

type Config struct {
	UnleashToken string // want UnleashToken:`none \[backend wrap:development\.[0-9a-f]{4}…[0-9a-f]{4} \$UNLEASH_API_TOKEN\]`
	Web          string // want Web:`none \[frontend wrap:`
}

func Load() Config {
	return Config{
		UnleashToken: env.Or("UNLEASH_API_TOKEN", "wrap:development.f7abb759336dc52e28450f927d083da8292db4992d660738a85af4a6"), // want `^backend-token: `
		Web:          env.Or("UNLEASH_FRONTEND_TOKEN", "wrap:development.bb57ee5c552cf8e0245d25c93921bc5c51cd41ede1db55bacef033a4"),
	}
}
