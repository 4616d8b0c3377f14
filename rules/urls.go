package rules

import "strings"

// An API is what a URL's path asks of: it decides which kind of token is right beside it.
type API string

// The APIs of an Unleash server, Edge and the Proxy.
const (
	NoAPI       API = ""
	ClientAPI   API = "client"   // /api/client: backend tokens
	FrontendAPI API = "frontend" // /api/frontend and its old names /api/proxy and /api/ENV/proxy: frontend tokens
	AdminAPI    API = "admin"    // /api/admin: personal and service-account tokens
	ProxyAPI    API = "proxy"    // /proxy: proxy client keys
	BaseAPI     API = "base"     // …/api: what a backend SDK is given
	GitLabAPI   API = "gitlab"   // GitLab's Unleash-compatible API: no token of Unleash's
)

// Takes is the kind of token that is right at this API, Unknown where the URL says none.
func (a API) Takes() Kind {
	switch a {
	case ClientAPI, BaseAPI:
		return Backend
	case FrontendAPI:
		return Frontend
	case AdminAPI:
		return Personal
	case ProxyAPI:
		return ClientKey
	}
	return Unknown
}

// ClassifyURL reads which API a URL, a path or a template of one names. text may be a whole URL, a path, or a text with
// parts left out (`${base}/api/frontend`).
func ClassifyURL(text string) API {
	if len(text) > 2000 || len(text) < 4 {
		return NoAPI
	}
	lower := strings.ToLower(text)
	if i := strings.IndexAny(lower, "?# \t\n\"'"); i >= 0 {
		lower = lower[:i]
	}
	if strings.Contains(lower, "/feature_flags/unleash") {
		return GitLabAPI
	}
	if i := strings.Index(lower, "://"); i >= 0 {
		lower = lower[i+3:]
		if j := strings.IndexByte(lower, '/'); j >= 0 {
			lower = lower[j:]
		} else {
			return NoAPI
		}
	}
	segs := strings.FieldsFunc(lower, func(r rune) bool { return r == '/' || r == '{' || r == '}' || r == '$' })
	for i, s := range segs {
		next := ""
		if i+1 < len(segs) {
			next = segs[i+1]
		}
		switch {
		case s == "api" && next == "client":
			return ClientAPI
		case s == "api" && next == "admin":
			return AdminAPI
		case s == "api" && (next == "frontend" || next == "proxy"):
			return FrontendAPI
		case s == "api" && i+2 < len(segs) && segs[i+2] == "proxy":
			return FrontendAPI // /api/ENV/proxy
		case s == "client" && next == "features":
			return ClientAPI
		case s == "frontend" && i == 0 && len(segs) == 1 && strings.HasPrefix(lower, "/"):
			return FrontendAPI
		case s == "proxy" && next == "client" && i+2 < len(segs) && segs[i+2] == "features":
			return NoAPI // the Proxy's own server-side tokens, which are none of the kinds here
		case s == "proxy" && i == len(segs)-1, s == "proxy" && (next == "client" || next == "all"):
			return ProxyAPI
		}
	}
	if n := len(segs); n > 0 && segs[n-1] == "api" {
		return BaseAPI
	}
	return NoAPI
}

// LooksLikeURL reports whether a text is a URL, a path, or a template of one: no credential.
func LooksLikeURL(text string) bool {
	return strings.Contains(text, "://") || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "http:") ||
		strings.HasPrefix(text, "./")
}
