// Package client has the names of the Admin API's client that the analyzer's tests need.
package client

import (
	"context"
	"net/http"
)

type contextKey string

var (
	ContextAPIKeys     = contextKey("apiKeys")
	ContextAccessToken = contextKey("accesstoken")
)

type APIKey struct {
	Key    string
	Prefix string
}

type ServerConfiguration struct {
	URL         string
	Description string
}

type ServerConfigurations []ServerConfiguration

type Configuration struct {
	Host          string
	DefaultHeader map[string]string
	Servers       ServerConfigurations
}

type APIClient struct{ ProjectsAPI projectsAPI }

func NewConfiguration() *Configuration                             { return &Configuration{} }
func NewAPIClient(cfg *Configuration) *APIClient                   { return &APIClient{} }
func (c *Configuration) AddDefaultHeader(key string, value string) { c.DefaultHeader[key] = value }

type Project struct{ Id, Name string }

type Projects struct{ Projects []Project }

type projectsAPI struct{}

type projectsRequest struct{}

func (projectsAPI) GetProjects(ctx context.Context) projectsRequest { return projectsRequest{} }
func (projectsRequest) Execute() (*Projects, *http.Response, error) { return nil, nil, nil }
