// Package openfeature has the names of the OpenFeature SDK that the analyzer's tests need.
package openfeature

type Client struct{}

func NewClient(domain string) *Client       { return &Client{} }
func SetProviderAndWait(provider any) error { return nil }
