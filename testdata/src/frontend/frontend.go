// Package frontend serves a frontend token to browsers, as it should.
package frontend

import (
	"encoding/json"
	"net/http"
	"os"
)

// Flags is what the web application starts its SDK with.
type Flags struct {
	URL       string `json:"url"`
	ClientKey string `json:"clientKey"` // want ClientKey:`frontend`
}

func envOr(name, def string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return def
}

var flags = Flags{
	URL:       envOr("UNLEASH_FRONTEND_API_URL", "https://edge.frontend.example/api/frontend"),
	ClientKey: envOr("UNLEASH_FRONTEND_API_TOKEN", "board:production.bdf0aa68e1e635516572c66fe3954caa5206fc04fb4c08256cc2ac94"),
}

func handle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(flags)
}
