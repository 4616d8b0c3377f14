package rules

import (
	"strings"
	"sync"
)

// A GoRole is the part that an argument plays in the set-up of an Unleash client.
type GoRole string

// The roles that rows of GoSinks give.
const (
	GoHeaders     GoRole = "headers"     // an http.Header whose Authorization is the token
	GoToken       GoRole = "token"       // the token itself
	GoURL         GoRole = "url"         // the server's URL
	GoEnvironment GoRole = "environment" // an environment's name
	GoAppName     GoRole = "app-name"    // shown to everyone who may see applications
	GoInstanceID  GoRole = "instance-id" // sent with every metric
	GoHTTPClient  GoRole = "http-client" // an *http.Client whose transport may add the token
	GoOptions     GoRole = "options"     // a list of the SDK's own options
)

// A GoForm says what of a Go package a row is about.
type GoForm string

// The forms of a row.
const (
	GoFunc       GoForm = "func"        // a function or method
	GoField      GoForm = "field"       // a field of a struct
	GoMapField   GoForm = "map-field"   // a field that is a map from header names to values
	GoContextKey GoForm = "context-key" // a variable that is the key of a context value
)

// A GoSink is a row: one place of a Go API that takes a token or what belongs beside one.
type GoSink struct {
	Module  string // import path in lower case, without the major version
	Package string // below the module, "" for the module's own package
	Name    string // Func, Type.Method, Type.Field or Variable
	Form    GoForm
	Param   int // the argument that plays the role, from 0; the first of a variadic list
	Key     int // the argument that names the header, -1 where there is none
	Role    GoRole
	Takes   Kind   // the kind that a token must have here, "" for other roles
	What    string // for people
}

const (
	goModClient   = "github.com/unleash/unleash-client-go"
	goModSDK      = "github.com/unleash/unleash-go-sdk"
	goModAdmin    = "github.com/unleash/unleash-server-api-go"
	goModProvider = "github.com/open-feature/go-sdk-contrib/providers/unleash"
)

// goOptions are the functions of the Go SDK, the same in every major version that has them.
var goOptions = []GoSink{
	{Name: "WithCustomHeaders", Key: -1, Role: GoHeaders, Takes: Backend, What: "headers of the Go SDK"},
	{Name: "WithUrl", Key: -1, Role: GoURL, What: "URL of the Go SDK"},
	{Name: "WithEnvironment", Key: -1, Role: GoEnvironment, What: "environment of the Go SDK"},
	{Name: "WithAppName", Key: -1, Role: GoAppName, What: "application name of the Go SDK"},
	{Name: "WithInstanceId", Key: -1, Role: GoInstanceID, What: "instance id of the Go SDK"},
	{Name: "WithHttpClient", Key: -1, Role: GoHTTPClient, Takes: Backend, What: "HTTP client of the Go SDK"},
	{Name: "Initialize", Key: -1, Role: GoOptions, What: "the Go SDK"},
	{Name: "NewClient", Key: -1, Role: GoOptions, What: "the Go SDK"},
}

var goSinks = sync.OnceValue(func() []GoSink {
	var rows []GoSink
	for _, module := range []string{goModClient, goModSDK} {
		for _, row := range goOptions {
			row.Module, row.Form = module, GoFunc
			rows = append(rows, row)
		}
	}
	return append(rows,
		GoSink{Module: goModProvider, Package: "pkg", Name: "ProviderConfig.Options", Form: GoField, Key: -1,
			Role: GoOptions,
			What: "the OpenFeature provider"},
		GoSink{Module: goModAdmin, Package: "client", Name: "Configuration.AddDefaultHeader", Form: GoFunc, Param: 1,
			Key: 0, Role: GoToken,
			Takes: Personal, What: "default header of the Admin API client"},
		GoSink{Module: goModAdmin, Package: "client", Name: "Configuration.DefaultHeader", Form: GoMapField, Key: -1,
			Role:  GoToken,
			Takes: Personal, What: "default header of the Admin API client"},
		GoSink{Module: goModAdmin, Package: "client", Name: "APIKey.Key", Form: GoField, Key: -1, Role: GoToken,
			Takes: Personal, What: "API key of the Admin API client"},
		GoSink{Module: goModAdmin, Package: "client", Name: "ContextAccessToken", Form: GoContextKey, Key: -1,
			Role:  GoToken,
			Takes: Personal, What: "access token of the Admin API client"},
		GoSink{Module: goModAdmin, Package: "client", Name: "ServerConfiguration.URL", Form: GoField, Key: -1,
			Role: GoURL,
			What: "URL of the Admin API client"},
	)
})

// GoSinks are the rows about Go, the SDK's first. The caller must not change them.
func GoSinks() []GoSink { return goSinks() }

// GoSinkOf is the row of a name in the package with this import path, and whether there is one. Paths are compared as
// the module proxy does not: without case, since both spellings of the organisation's name are in use. A vendor prefix
// and any major version are accepted, those of forks are not (a replaced module keeps its path).
func GoSinkOf(importPath, name string) (GoSink, bool) {
	module, pkg, ok := goModule(importPath)
	if !ok {
		return GoSink{}, false
	}
	for _, row := range goSinks() {
		if row.Module == module && row.Package == pkg && row.Name == name {
			return row, true
		}
	}
	return GoSink{}, false
}

// IsGoSinkPackage reports whether rows exist for the package with this import path.
func IsGoSinkPackage(importPath string) bool {
	module, pkg, ok := goModule(importPath)
	if !ok {
		return false
	}
	for _, row := range goSinks() {
		if row.Module == module && row.Package == pkg {
			return true
		}
	}
	return false
}

// goModule splits an import path into a module that has rows and the package below it.
func goModule(importPath string) (module, pkg string, ok bool) {
	path := strings.ToLower(importPath)
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		path = path[i+len("/vendor/"):]
	}
	path = strings.TrimPrefix(path, "vendor/")
	for _, module := range []string{goModClient, goModSDK, goModAdmin, goModProvider} {
		rest, found := strings.CutPrefix(path, module)
		if !found || rest != "" && rest[0] != '/' {
			continue
		}
		rest = strings.TrimPrefix(rest, "/")
		first, below, _ := strings.Cut(rest, "/")
		if isMajor(first) {
			rest = below
		}
		return module, rest, true
	}
	return "", "", false
}

// isMajor reports whether a path element is a major version: v2, v10.
func isMajor(elem string) bool {
	if len(elem) < 2 || elem[0] != 'v' {
		return false
	}
	return strings.Trim(elem[1:], "0123456789") == ""
}
