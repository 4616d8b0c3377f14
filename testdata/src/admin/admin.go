// Package admin calls the Admin API.
package admin

import (
	"context"
	"os"

	"github.com/Unleash/unleash-server-api-go/client"
)

const unleashBackendToken = "report:production.f78ad9da37cee0589ee20edb8a841890020d8a2e48675239230f01f9" // want `^backend-token, sdk-token-in-admin-api: `

func Context(parent context.Context) context.Context {
	return context.WithValue(parent, client.ContextAPIKeys, map[string]client.APIKey{
		"Authorization": {Key: unleashBackendToken},
	})
}

func Config() *client.Configuration {
	cfg := client.NewConfiguration()
	cfg.AddDefaultHeader("Authorization", "user:72d9d7fb44d533866400e087a931cd038fede16af4eee4eda6dcc256")            // want `^personal-token: `
	cfg.AddDefaultHeader("X-Trace", "report:production.670279744311c858195405c18d99e547e4dd646dc53c0d5976473618")     // want `^unknown-token: `
	cfg.DefaultHeader["Authorization"] = "report:production.25523e72898c06d74bcb69f1c8c587acf5fee7338ccd423a7713a207" // want `^unknown-token, sdk-token-in-admin-api: `
	cfg.Servers = client.ServerConfigurations{{URL: "http://unleash.report.example"}}                                 // want `^plain-http: `
	cfg.AddDefaultHeader("Authorization", os.Getenv("UNLEASH_FRONTEND_TOKEN"))                                        // want `^sdk-token-in-admin-api: `
	return cfg
}

func Literal() *client.Configuration {
	return &client.Configuration{DefaultHeader: map[string]string{"Authorization": "*:*.64e0b2e6005e203336ba061dd3544707246b209de026396886f6ec19"}} // want `^admin-token: `
}

func Access(parent context.Context) context.Context {
	return context.WithValue(parent, client.ContextAccessToken, "report:production.a397cef410be1fc5aacd1bc1fc30ebd1782ff13291ab78ca3584dd02") // want `^unknown-token, sdk-token-in-admin-api: `
}
