// Package config holds the settings of an application.
package config

import "wrap/env"

const UnleashFrontendToken = "wrap:production.7289b359bad4ad43e3a838e0850d1d64493a841a66272405d3376fb6"

const Credential = "wrap:production.022be3d71a9a91bd502b2bf231040b83aebb3e34a9d4b3d2674ff3a5" // want `^unknown-token: `

const Half = "wrap:production.03364ec6de73ea885da9e3cf30f6"

type Config struct {
	UnleashToken string // want UnleashToken:`none \[backend wrap:development\.[0-9a-f]{4}…[0-9a-f]{4}\]`
	Web          string // want Web:`none \[frontend wrap:`
}

func Load() Config {
	return Config{
		UnleashToken: env.Or("UNLEASH_API_TOKEN", "wrap:development.be57c1e930a28012b542ca1a7f6f7eb10b3f0e23caf4cd20f42af492"), // want `^backend-token: `
		Web:          env.Or("UNLEASH_FRONTEND_TOKEN", "wrap:development.4c0265a864da507b6f65e5c26733b7d2909f82b4f775e28ac8c88ec6"),
	}
}
