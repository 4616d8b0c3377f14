// Package raw asks Unleash without the SDK.
package raw

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

const clientToken = "raw:production.2efe6d8d9f18e36a125f85463cff027696f84d534af467712c0f9820" // want `^backend-token: `

func features(ctx context.Context, base string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/client/features", nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", clientToken)
}

func frontend() {
	req, _ := http.NewRequest("GET", "https://unleash.raw.example/api/frontend", nil)
	req.Header.Set("Authorization", "raw:production.a419b3a2d06c4c078eb42961b4afb06b7f147794d0e55c3adec9446a") // a frontend token is public
}

func admin(project string) {
	req, _ := http.NewRequest("GET", fmt.Sprintf("https://unleash.raw.example/api/admin/projects/%s", project), nil)
	req.Header.Add("Authorization", "raw:production.02f976812b29a4cd799bce9be6ca929956f193afa3528f97f2308003") // want `^unknown-token, sdk-token-in-admin-api: `
	req.Header.Set("Authorization", os.Getenv("UNLEASH_BACKEND_TOKEN"))                                        // want `^sdk-token-in-admin-api: what UNLEASH_BACKEND_TOKEN holds: a backend token is handed to a request to /api/admin`
}

func proxy() {
	req, _ := http.NewRequest("GET", "https://unleash.raw.example/proxy", nil)
	req.Header["Authorization"] = []string{"raw:production.2fad0ac6f908cce3bce2c20b54454bd9f1c4063d3b6e177b583b8dbd"} // want `^api-token-as-client-key, unknown-token: `
}

func literal() {
	u, _ := url.Parse("https://unleash.raw.example/api/client/features")
	_ = &http.Request{Method: "GET", URL: u, Header: http.Header{"Authorization": {"raw:production.7c23949a5f5e58a461ebf2a36214a88d8c5f31ee37a19378886f1053"}}} // want `^backend-token: `
}

func built(base *url.URL) {
	req, _ := http.NewRequest("GET", base.JoinPath("api", "client", "features").String(), nil)
	req.Header.Set("Authorization", "raw:production.200757abcdd77bf71ee46b6228db720186831dae0130d7cb2d19f35e") // want `^backend-token: `
}

var unleashFrontendToken = "raw:production.dd5d7e7c1cf1f1404e7d55ba0bd8d2cbe198fc1650004dc68e01f008"

func contradiction() {
	req, _ := http.NewRequest("GET", "https://unleash.raw.example/api/client/features", nil) // want `^wrong-endpoint: a request to the client API takes a backend token, but the token beside is a frontend token`
	req.Header.Set("Authorization", unleashFrontendToken)
}

func plain() {
	req, _ := http.NewRequest("GET", "http://flags.raw.example/api/client/features", nil) // want `^plain-http: `
	req.Header.Set("Authorization", clientToken)
}

// get is a wrapper: its callers say where the request goes.
func get(path, token string) {
	req, _ := http.NewRequest("GET", "https://unleash.raw.example"+path, nil)
	req.Header.Set("Authorization", token)
}

func callers() {
	get("/api/client/features", "raw:production.ae45f928c7b36904b0887d2910d8064bd639c3dbb042a22b02b1adb9") // want `^backend-token: `
	get("/api/admin/projects", "raw:production.30b46b2bbdcf316a8180c0a53f1bd64e601eea011e4961d0ec496e38")  // want `^unknown-token, sdk-token-in-admin-api: `
}

// Others have an /api/admin too.
func foreign(session string) {
	req, _ := http.NewRequest("GET", "http://shop.raw.example/api/admin/orders", nil)
	req.Header.Set("Authorization", "Bearer "+session)
	req.Header.Set("Authorization", "Bearer letmein")
}
