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
	ClientKey: envOr("UNLEASH_FRONTEND_API_TOKEN", "board:production.25f2601f17ed154e30fa592660f525b13d43044665edbdd297fa62a8"),
}

func handle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(flags)
}
