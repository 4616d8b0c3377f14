// Package majors uses every major version of the SDK, and the OpenFeature provider.
package majors

import (
	"net/http"

	v0 "github.com/Unleash/unleash-client-go"
	v3 "github.com/Unleash/unleash-client-go/v3"
	v4 "github.com/Unleash/unleash-client-go/v4"
	v5 "github.com/Unleash/unleash-go-sdk/v5"
	v6 "github.com/Unleash/unleash-go-sdk/v6"
	provider "github.com/open-feature/go-sdk-contrib/providers/unleash/pkg"
)

func all() {
	v0.Initialize(v0.WithCustomHeaders(http.Header{"Authorization": {"*:*.59c0b8742cdfce5223849e7efd5cbcff2a539af2afb3af19ae02332a"}})) // want `^admin-token, admin-token-in-sdk: hard-coded admin token \*:\*\.[0-9a-f]{4}…[0-9a-f]{4}; an admin token is handed to unleash.WithCustomHeaders, which takes a backend token`
	v3.Initialize(v3.WithCustomHeaders(http.Header{"Authorization": {"*:*.e3eae0df93385098f8835eaf1856bf36aef46b0a08abf73b01ee2a98"}})) // want `^admin-token, admin-token-in-sdk: `
	v4.Initialize(v4.WithCustomHeaders(http.Header{"Authorization": {"*:*.297824f5d1ed6be338142a6806fa0a7a730b9f425c75f688fa5fac35"}})) // want `^admin-token, admin-token-in-sdk: `
	v5.Initialize(v5.WithCustomHeaders(http.Header{"Authorization": {"*:*.c7a681d63b30fa4c80b03d76ec5b71035a103cbaa04febc70f946f8b"}})) // want `^admin-token, admin-token-in-sdk: `
	v6.Initialize(v6.WithCustomHeaders(http.Header{"Authorization": {"*:*.5456b7387c1ed4fdc72a2c58eb006157606b0c6eaa310db7f9d35b20"}})) // want `^admin-token, admin-token-in-sdk: `
}

func openFeature() {
	provider.NewProvider(provider.ProviderConfig{
		Options: []v4.ConfigOption{
			v4.WithUrl("https://unleash.majors.example/api/frontend"), // want `^wrong-endpoint: `
			v4.WithEnvironment("production"),
			v4.WithCustomHeaders(http.Header{"Authorization": {"majors:development.43886047a0baa2fb09e7734081c3f3a3e1f9bb73c8a42c65f06d2b45"}}), // want `^backend-token, environment-mismatch: `
		},
	})
}
