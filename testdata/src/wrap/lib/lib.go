// Package lib wraps the SDK.
package lib

import (
	"net/http"

	"github.com/Unleash/unleash-go-sdk/v6"
)

// New is a wrapper.
func New(name, url, token, env string) error { // want New:`params \[appName urlSDK tokenSDK environment\]`
	return unleash.Initialize(
		unleash.WithAppName(name), unleash.WithUrl(url), unleash.WithEnvironment(env),
		unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer " + token}}),
	)
}

// Config is what Start wants.
type Config struct {
	URL   string // want URL:`urlSDK`
	Token string // want Token:`tokenSDK`
	Env   string // want Env:`environment`
}

func Start(c Config) error {
	return New("lib", c.URL, c.Token, c.Env)
}

// Option is an option of the wrapper's own.
type Option func(*Config)

func WithToken(t string) Option { // want WithToken:`params \[tokenSDK\]`
	return func(c *Config) { c.Token = t }
}

// Get asks by hand.
func Get(path, token string) (*http.Request, error) { // want Get:`params \[rawURL\|inURL rawAuth\]`
	req, err := http.NewRequest("GET", "https://unleash.lib.example"+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", token)
	return req, nil
}
