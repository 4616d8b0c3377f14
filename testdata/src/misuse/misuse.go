// Package misuse hands tokens to places that take others.
package misuse

import (
	"net/http"
	"os"

	"github.com/Unleash/unleash-client-go/v4"
)

const UnleashFrontendToken = "misuse:production.9d5ffbcbbacb8b9baa0da0cc5a6df976f33be8f211975bdee833c203" // want `^frontend-token-in-backend: a frontend token is handed to unleash.WithCustomHeaders, which takes a backend token$`

func frontend() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {UnleashFrontendToken}}))
}

func frontendDefault() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"default:development.unleash-insecure-frontend-api-token"}})) // want `^frontend-token-in-backend, insecure-default-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"default:development.unleash-insecure-api-token"}}))          // want `^insecure-default-token: `
}

func personal() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"user:73767da47d45c005f822d24f4a3b221cd60cdd360c1e8f4b4eeada4b"}})) // want `^personal-token, personal-token-in-sdk: `
}

func named() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_FRONTEND_API_TOKEN")}})) // want `^frontend-token-in-backend: what UNLEASH_FRONTEND_API_TOKEN holds: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_PAT")}}))                // want `^personal-token-in-sdk: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_ADMIN_TOKEN")}}))        // want `^admin-token-in-sdk: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_API_TOKEN")}}))
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_CLIENT_KEY")}}))
}

const shared = "misuse:production.d4d599f8572417b68ebcc741d91af556df1424d49f2322b953c5bc7c" // want `^conflicting-use, unknown-token: .*the same token is used as backend \(unleash.WithCustomHeaders\) and as frontend \(a request to /api/frontend\)`

func conflict() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {shared}}))
	req, _ := http.NewRequest("GET", "https://unleash.misuse.example/api/frontend", nil)
	req.Header.Set("Authorization", shared)
}

func environments() {
	unleash.Initialize(
		unleash.WithEnvironment("prod"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"misuse:staging.c7154749b890222b0b1269902018fae1287477142afb87052fdfa3f0"}}), // want `^backend-token, environment-mismatch: .*token of environment "staging" beside the environment "prod"`
	)
	unleash.Initialize(
		unleash.WithEnvironment("production"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"misuse:production.e643542707bc6327b7a8c47537ff54257f298f5b0ce99f46cf6d07d6"}}), // want `^backend-token: `
	)
	unleash.Initialize(
		unleash.WithEnvironment("default"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"misuse:production.8245bc298d52cf710e9c2a747a43123cbbb2fdb25246ea60bf227040"}}), // want `^backend-token: `
	)
}

func chosen(env string) {
	token := "misuse:staging.33bf75e3e7d999b1ef79a3320866dd268dc6bffceb3141e251726b23" // want `^backend-token: `
	if env == "production" {
		token = "misuse:production.e0cec2d326c72f8d7002b4c641071550807b5f4e895c647ba1b9787f" // want `^backend-token: `
	}
	unleash.Initialize(unleash.WithEnvironment("production"), unleash.WithCustomHeaders(http.Header{"Authorization": {token}}))
}

func keys() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"authorization": {os.Getenv("UNLEASH_API_TOKEN")}})) // want `^non-canonical-header: `
	other := http.Header{"authorization": {os.Getenv("GITHUB_TOKEN")}}
	_ = other
}
