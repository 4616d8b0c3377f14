// Package admin calls the Admin API.
package admin

import (
	"context"
	"os"

	"github.com/Unleash/unleash-server-api-go/client"
)

const unleashBackendToken = "report:production.1d04a6d895c50843cb62b7955fcd139870a1d00d62dcc4481a2cd81c" // want `^backend-token, sdk-token-in-admin-api: `

func Context(parent context.Context) context.Context {
	return context.WithValue(parent, client.ContextAPIKeys, map[string]client.APIKey{
		"Authorization": {Key: unleashBackendToken},
	})
}

func Config() *client.Configuration {
	cfg := client.NewConfiguration()
	cfg.AddDefaultHeader("Authorization", "user:dfb61b8317307cbfbae6023a72a3dfd624d085483490b625bb987bd5")            // want `^personal-token: `
	cfg.AddDefaultHeader("X-Trace", "report:production.954428d27e2401bb0817482d1e7b3c9e964ada9536fcffa09eaeacbc")     // want `^unknown-token: `
	cfg.DefaultHeader["Authorization"] = "report:production.d2f56f8665ba5519d2efa302c548c1efd083b2bf1a8a2c69713306e6" // want `^unknown-token, sdk-token-in-admin-api: `
	cfg.Servers = client.ServerConfigurations{{URL: "http://unleash.report.example"}}                                 // want `^plain-http: `
	cfg.AddDefaultHeader("Authorization", os.Getenv("UNLEASH_FRONTEND_TOKEN"))                                        // want `^sdk-token-in-admin-api: `
	return cfg
}

func Literal() *client.Configuration {
	return &client.Configuration{DefaultHeader: map[string]string{"Authorization": "*:*.b01a38dbbba1ef4ffd9ba7b081b094906b3d7fc8a7ff90fc6139a33e"}} // want `^admin-token: `
}

func Access(parent context.Context) context.Context {
	return context.WithValue(parent, client.ContextAccessToken, "report:production.6fe6ead9521f522e5b5d9e6f6c5bb320bde11dcf3f8ec7e301e9c378") // want `^unknown-token, sdk-token-in-admin-api: `
}
