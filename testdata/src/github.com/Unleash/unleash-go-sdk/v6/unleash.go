// Package unleash has the names of the SDK that the analyzer's tests need.
package unleash

import (
	"net/http"
	"time"
)

type configOption struct{}

// ConfigOption is made only by the functions of this package.
type ConfigOption func(*configOption)

type Client struct{}

type DebugListener struct{}

func (*Client) WaitForReady() {}

func Initialize(options ...ConfigOption) (err error)          { return nil }
func NewClient(options ...ConfigOption) (*Client, error)      { return nil, nil }
func WithCustomHeaders(headers http.Header) ConfigOption      { return nil }
func WithUrl(url string) ConfigOption                         { return nil }
func WithAppName(appName string) ConfigOption                 { return nil }
func WithInstanceId(instanceId string) ConfigOption           { return nil }
func WithEnvironment(env string) ConfigOption                 { return nil }
func WithHttpClient(client *http.Client) ConfigOption         { return nil }
func WithListener(listener interface{}) ConfigOption          { return nil }
func WithRefreshInterval(interval time.Duration) ConfigOption { return nil }
func IsEnabled(feature string) bool                           { return false }
func WaitForReady()                                           {}
func Close() error                                            { return nil }
