// Package endpoints has URLs that fit their tokens, and some that do not.
package endpoints

import (
	"fmt"
	"net/http"
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

const base = "http://unleash.endpoints.example"

var token = http.Header{"Authorization": {os.Getenv("UNLEASH_API_TOKEN")}}

func urls(host string) {
	unleash.Initialize(unleash.WithUrl("https://unleash.endpoints.example/api/"), unleash.WithCustomHeaders(token))
	unleash.Initialize(unleash.WithUrl("https://unleash.endpoints.example/api/frontend"), unleash.WithCustomHeaders(token)) // want `^wrong-endpoint: the URL of the frontend API in a backend SDK`
	unleash.Initialize(unleash.WithUrl("https://unleash.endpoints.example/proxy"), unleash.WithCustomHeaders(token))        // want `^wrong-endpoint: `
	unleash.Initialize(unleash.WithUrl("https://unleash.endpoints.example/api/admin"), unleash.WithCustomHeaders(token))    // want `^wrong-endpoint: `
	unleash.Initialize(unleash.WithUrl(fmt.Sprintf("https://%s/api/frontend", host)), unleash.WithCustomHeaders(token))     // want `^wrong-endpoint: `
	unleash.Initialize(unleash.WithUrl("https://gitlab.com/api/v4/feature_flags/unleash/1"), unleash.WithInstanceId("x"))
	// GitLab speaks the protocol without tokens.
	unleash.Initialize(unleash.WithUrl("http://gitlab.endpoints.example/api/v4/feature_flags/unleash/1"), unleash.WithInstanceId("x"))
}

func plain(host string) {
	unleash.Initialize(unleash.WithUrl("http://unleash.endpoints.example/api/"), unleash.WithCustomHeaders(token)) // want `^plain-http: `
	unleash.Initialize(unleash.WithUrl("http://localhost:4242/api/"), unleash.WithCustomHeaders(token))
	unleash.Initialize(unleash.WithUrl("http://127.0.0.1:4242/api/"), unleash.WithCustomHeaders(token))
	unleash.Initialize(unleash.WithUrl("http://[::1]:4242/api/"), unleash.WithCustomHeaders(token))
	unleash.Initialize(unleash.WithUrl("http://"+host+"/api/"), unleash.WithCustomHeaders(token))
	unleash.Initialize(unleash.WithUrl("http://unleash.endpoints.example/api/")) // no token goes there
}

func viaList() {
	opts := []unleash.ConfigOption{unleash.WithUrl("http://10.1.2.3:4242/api/frontend")} // want `^wrong-endpoint, plain-http: `
	opts = append(opts, unleash.WithCustomHeaders(token))
	unleash.NewClient(opts...)
}

func connect(url string) {
	unleash.Initialize(unleash.WithUrl(url), unleash.WithCustomHeaders(token))
}

func callers() {
	connect("https://unleash.endpoints.example/api/frontend") // want `^wrong-endpoint: `
	connect("https://unleash.endpoints.example/api")
}
