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
	v0.Initialize(v0.WithCustomHeaders(http.Header{"Authorization": {"*:*.c9df12208ff08a7cd3063c8649d9bcccc633f1c6dd6436c39caa196e"}})) // want `^admin-token, admin-token-in-sdk: hard-coded admin token \*:\*\.[0-9a-f]{4}…[0-9a-f]{4}; an admin token is handed to unleash.WithCustomHeaders, which takes a backend token`
	v3.Initialize(v3.WithCustomHeaders(http.Header{"Authorization": {"*:*.2681c853ee1996fa32e393db50419fb2d634909b1fcde858567b0efb"}})) // want `^admin-token, admin-token-in-sdk: `
	v4.Initialize(v4.WithCustomHeaders(http.Header{"Authorization": {"*:*.25cd0dfc12326c8121b9873ee6a952f07e35f61155f71508601c41fd"}})) // want `^admin-token, admin-token-in-sdk: `
	v5.Initialize(v5.WithCustomHeaders(http.Header{"Authorization": {"*:*.ae881ba8b8d82e0c7625481a6f1747bff4aa6694e8c7de7dfeb8585c"}})) // want `^admin-token, admin-token-in-sdk: `
	v6.Initialize(v6.WithCustomHeaders(http.Header{"Authorization": {"*:*.9ff4da5a6718f3c5168256bcc4f2f41095bdafe71e0800d08fd86f64"}})) // want `^admin-token, admin-token-in-sdk: `
}

func openFeature() {
	provider.NewProvider(provider.ProviderConfig{
		Options: []v4.ConfigOption{
			v4.WithUrl("https://unleash.majors.example/api/frontend"), // want `^wrong-endpoint: `
			v4.WithEnvironment("production"),
			v4.WithCustomHeaders(http.Header{"Authorization": {"majors:development.452cdddf9ead428680ca75e8c12b0e8621d59d4a051bfc8bd3804384"}}), // want `^backend-token, environment-mismatch: `
		},
	})
}
