// Package unleash has the signatures of the SDK that the analyzer's tests need.
package unleash

import "net/http"

type configOption struct{}

// ConfigOption is made only by the functions of this package.
type ConfigOption func(*configOption)

// Client is a client.
type Client struct{}

func Initialize(options ...ConfigOption) (err error)     { return nil }
func NewClient(options ...ConfigOption) (*Client, error) { return nil, nil }
func WithCustomHeaders(headers http.Header) ConfigOption { return nil }
func WithUrl(url string) ConfigOption                    { return nil }
func WithAppName(appName string) ConfigOption            { return nil }
func WithInstanceId(instanceId string) ConfigOption      { return nil }
func WithEnvironment(env string) ConfigOption            { return nil }
func WithHttpClient(client *http.Client) ConfigOption    { return nil }
func WithListener(listener interface{}) ConfigOption     { return nil }
