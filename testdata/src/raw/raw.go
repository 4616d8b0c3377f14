// Package raw asks Unleash without the SDK.
package raw

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

const clientToken = "raw:production.baadff78ee7cdb8aec3c425b053f67323474d89515ab8d26b656f555" // want `^backend-token: `

func features(ctx context.Context, base string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/client/features", nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", clientToken)
}

func frontend() {
	req, _ := http.NewRequest("GET", "https://unleash.raw.example/api/frontend", nil)
	req.Header.Set("Authorization", "raw:production.93d18498c1774fd79f535a8393f3e981eb1d961503769cfae8cd71ef") // a frontend token is public
}

func admin(project string) {
	req, _ := http.NewRequest("GET", fmt.Sprintf("https://unleash.raw.example/api/admin/projects/%s", project), nil)
	req.Header.Add("Authorization", "raw:production.c76f9191777f6e36ac810566ffc913fc12403f83c25b123a714770fe") // want `^unknown-token, sdk-token-in-admin-api: `
	req.Header.Set("Authorization", os.Getenv("UNLEASH_BACKEND_TOKEN"))                                        // want `^sdk-token-in-admin-api: what UNLEASH_BACKEND_TOKEN holds: a backend token is handed to a request to /api/admin`
}

func proxy() {
	req, _ := http.NewRequest("GET", "https://unleash.raw.example/proxy", nil)
	req.Header["Authorization"] = []string{"raw:production.14ba980c5d50ab2f4e70ef9916260e1d4b9d3d91a8e9f93c6418a4cd"} // want `^api-token-as-client-key, unknown-token: `
}

func literal() {
	u, _ := url.Parse("https://unleash.raw.example/api/client/features")
	_ = &http.Request{Method: "GET", URL: u, Header: http.Header{"Authorization": {"raw:production.2da05f441bf20129e8d07193b2c0fb95b82cf8978f36960d6544847f"}}} // want `^backend-token: `
}

func built(base *url.URL) {
	req, _ := http.NewRequest("GET", base.JoinPath("api", "client", "features").String(), nil)
	req.Header.Set("Authorization", "raw:production.800df391688dc05851a9d956f68531a7c56ea78c2ce456fdd66032c1") // want `^backend-token: `
}

var unleashFrontendToken = "raw:production.0749f3f21f94e29b24069a0f9e6125d9ebeea60cb3acff1c50adac1e"

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
	get("/api/client/features", "raw:production.546c4f8e2db51dca4a2c7b9322499ee65b276964c23f1cc2a39b69dc") // want `^backend-token: `
	get("/api/admin/projects", "raw:production.ab93c583341e403a34f78e61680ef1d421b862658cda9eb81620f106")  // want `^unknown-token, sdk-token-in-admin-api: `
}

// Others have an /api/admin too.
func foreign(session string) {
	req, _ := http.NewRequest("GET", "http://shop.raw.example/api/admin/orders", nil)
	req.Header.Set("Authorization", "Bearer "+session)
	req.Header.Set("Authorization", "Bearer letmein")
}
