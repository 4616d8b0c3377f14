// Package shapes has the ways in which services choose, keep and serve their tokens.
package shapes

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/Unleash/unleash-go-sdk/v6"
)

var byEnvironment = map[string]string{
	"development": "shapes:development.a31cd74661704dc4f5f8954537a781bf226a1e369aa523c50d35a86f", // want `^backend-token: `
	"production":  "shapes:production.eada12f6b26102d00e69e4451317f030850baf06bf2e5e97916b5b60",  // want `^backend-token: `
}

func fromTable(env string) {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {byEnvironment[env]}}))
}

func choose(env string) (string, error) {
	switch env {
	case "production":
		return "shapes:production.9838c2b514caede4cf4ec0348942dace2629c18184b2b4447e6b4668", nil // want `^backend-token: `
	case "development":
		return "shapes:development.3f34f2c3129a5010f7faba8f443d67178c2bb99a830212d459ba1609", nil // want `^backend-token: `
	}
	return "", errors.New("no such environment")
}

func fromSwitch(env string) error {
	token, err := choose(env)
	if err != nil {
		return err
	}
	return unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {token}}))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func ptr[T any](v T) *T { return &v }

type nested struct {
	unleash struct {
		token *string
	}
}

func generic() {
	var n nested
	n.unleash.token = ptr("shapes:production.ab8d3cd79003801ffce88b811975bda539d1fc3131d59951aa03dc40") // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {*n.unleash.token}}))
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {must(choose("production"))}}))
}

type flags struct {
	once  sync.Once
	token string
}

func newFlags() *flags {
	f := &flags{}
	f.token = "shapes:production.0721b796325fe5cab97170f4d72e2bb6cbf7452fa4a3cea991150b81" // want `^backend-token: `
	return f
}

func (f *flags) connect() (err error) {
	f.once.Do(func() {
		err = unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer " + f.token}}))
	})
	return err
}

// Parts that a backend token and another setting go through alike do not mix.
func setting(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func apart() {
	unleash.Initialize(
		unleash.WithAppName(setting("APP", "shapes")),
		unleash.WithUrl(setting("UNLEASH_URL", "https://unleash.shapes.example/api")),
		unleash.WithInstanceId(setting("HOSTNAME", "local")),
		unleash.WithEnvironment(setting("ENVIRONMENT", "production")),
		unleash.WithCustomHeaders(http.Header{"Authorization": {setting("UNLEASH_TOKEN", "shapes:production.91388c7821296583101d5009273ad62a67fa26757dafa5ff470f5530")}}), // want `^backend-token: `
	)
	fmt.Println(setting("GREETING", "hello"))
}

func misread() {
	unleash.Initialize(
		unleash.WithUrl(os.Getenv("UNLEASH_FRONTEND_API_URL")),                                               // want `^wrong-endpoint: by its name UNLEASH_FRONTEND_API_URL is the URL of the frontend API`
		unleash.WithCustomHeaders(http.Header{"Authorization": {setting("UNLEASH_FRONTEND_API_TOKEN", "")}}), // want `^frontend-token-in-backend: `
	)
}

type webConfig struct {
	URL       string `json:"url"`
	ClientKey string `json:"clientKey"` // want ClientKey:`frontend`
}

type frontendSettings struct {
	Token string // want Token:`frontend`
}

func serve(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(webConfig{URL: "https://unleash.shapes.example/api/frontend", ClientKey: "shapes:production.7769398e812377b63a13a255b14454c6912d371e720b8a869eba67f6"})
	_ = json.NewEncoder(w).Encode(map[string]string{"url": "https://unleash.shapes.example/api/frontend", "clientKey": "shapes:production.d818b5aa507567b0894f295d7c2bfcdba8a540b9c231df45b9878ede"})
	_ = json.NewEncoder(w).Encode(frontendSettings{Token: "shapes:production.0c2c36dfeacb9bc07702b6dd93989e4cc97c5d82c65f7d7ccce3500c"})
}

var bytes = []byte("shapes:production.fdb132d106a5ceb8b92cd729f795185c12b7ec635b66a84b7abff08e") // want `^backend-token: `

func fromBytes() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {string(bytes)}}))
}
