// Package misuse hands tokens to places that take others.
package misuse

import (
	"net/http"
	"os"

	"github.com/Unleash/unleash-client-go/v4"
)

const UnleashFrontendToken = "misuse:production.bde58e634481865e9b93a9fa21ab5f5748ed026704fbd7301014e69a" // want `^frontend-token-in-backend: a frontend token is handed to unleash.WithCustomHeaders, which takes a backend token$`

func frontend() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {UnleashFrontendToken}}))
}

func frontendDefault() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"default:development.unleash-insecure-frontend-api-token"}})) // want `^frontend-token-in-backend: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"default:development.unleash-insecure-api-token"}}))          // want `^insecure-default-token: `
}

func personal() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"user:0c76260549ca587462c8ae98674114a659a74f05743112eb5498ceb9"}})) // want `^personal-token, personal-token-in-sdk: `
}

func named() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_FRONTEND_API_TOKEN")}})) // want `^frontend-token-in-backend: what UNLEASH_FRONTEND_API_TOKEN holds: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_PAT")}}))                // want `^personal-token-in-sdk: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_ADMIN_TOKEN")}}))        // want `^admin-token-in-sdk: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_API_TOKEN")}}))
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_CLIENT_KEY")}}))
}

const shared = "misuse:production.f93f3b9a833bdae0489480bb8c7f039ce9b1ecc2a58344350f04aae9" // want `^conflicting-use, unknown-token: .*the same token is used as backend \(unleash.WithCustomHeaders\) and as frontend \(a request to /api/frontend\)`

func conflict() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {shared}}))
	req, _ := http.NewRequest("GET", "https://unleash.misuse.example/api/frontend", nil)
	req.Header.Set("Authorization", shared)
}

func environments() {
	unleash.Initialize(
		unleash.WithEnvironment("prod"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"misuse:staging.cf475377c77dba581fa616d4971caf91ea4cd327ef6233a7612e11c3"}}), // want `^backend-token, environment-mismatch: .*token of environment "staging" beside the environment "prod"`
	)
	unleash.Initialize(
		unleash.WithEnvironment("production"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"misuse:production.7ebd51fb1e27b226e0e2864ae30f41ecc5046af3ae328ef83ecf2f1f"}}), // want `^backend-token: `
	)
	unleash.Initialize(
		unleash.WithEnvironment("default"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"misuse:production.7b82a78279a6bb0aefbb4a0055f0e135fe9ee92cd2fcd617aaaf7562"}}), // want `^backend-token: `
	)
}

func chosen(env string) {
	token := "misuse:staging.df54518933ab4c3e8b23c7d62f7fc378cdd9416fbabc68cef73315b8" // want `^backend-token: `
	if env == "production" {
		token = "misuse:production.e2c5346b4b32aaa8d27e5789c41412c267f6ce854847cbea2f4bfd77" // want `^backend-token: `
	}
	unleash.Initialize(unleash.WithEnvironment("production"), unleash.WithCustomHeaders(http.Header{"Authorization": {token}}))
}

func keys() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"authorization": {os.Getenv("UNLEASH_API_TOKEN")}})) // want `^non-canonical-header: `
	other := http.Header{"authorization": {os.Getenv("GITHUB_TOKEN")}}
	_ = other
}
