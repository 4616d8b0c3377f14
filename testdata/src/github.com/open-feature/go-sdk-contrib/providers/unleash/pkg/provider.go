// Package unleash has the names of the OpenFeature provider that the analyzer's tests need.
package unleash

import unleashclient "github.com/Unleash/unleash-client-go/v4"

type ProviderConfig struct {
	Options []unleashclient.ConfigOption
}

type Provider struct{}

func NewProvider(cfg ProviderConfig) (*Provider, error) { return &Provider{}, nil }
