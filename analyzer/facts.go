package analyzer

import (
	"fmt"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// role is what becomes of a value: a set of bits, so that a parameter can have several.
type role uint32

const (
	tokenSDK      role = 1 << iota // the Authorization header of the Go SDK
	tokenAdmin                     // the Admin API client's token
	tokenClient                    // Authorization of a raw request to /api/client
	tokenFrontend                  // … to /api/frontend
	tokenAdminRaw                  // … to /api/admin
	tokenProxy                     // … to /proxy
	rawAuth                        // Authorization of a raw request whose URL a caller decides
	rawURL                         // that URL
	urlSDK
	urlAdmin
	environment
	appName
	instanceID
	logged
	inURL
)

const (
	tokenRoles  = tokenSDK | tokenAdmin | tokenClient | tokenFrontend | tokenAdminRaw | tokenProxy | rawAuth
	secretRoles = tokenSDK | tokenAdmin | tokenClient | tokenAdminRaw // what stands there must be secret
	urlRoles    = urlSDK | urlAdmin | rawURL
)

// A funcFact says what a function does with its parameters and what its results hold.
type funcFact struct {
	Params  []role   // what becomes of each parameter
	Through []uint64 // for each result, the parameters that it may be, one bit each
	Reads   []uint64 // for each result, the parameters that name the environment variable it is read from
	Results []holdFact
	// Beside is, for each parameter, the environment that the function sets beside the token that it is.
	Beside []string
}

// A varFact says what becomes of a package variable or field, and what it holds.
type varFact struct {
	Role role
	Hold holdFact
}

// A holdFact is what is known of the tokens that a variable or result may hold. It has no token's text: facts are
// written to the build cache.
type holdFact struct {
	Creds []credFact
	Envs  []string // names of environment variables that are read
}

// A credFact describes a token.
type credFact struct {
	Kind        rules.Kind
	Certainty   rules.Certainty
	Format      rules.Format
	Environment string
	Shown       string // redacted
	Where       string // file:line, without the folder
}

func (*funcFact) AFact() {}
func (*varFact) AFact()  {}

func (f *funcFact) String() string {
	return fmt.Sprintf("params %v through %v reads %v results %v beside %q", f.Params, f.Through, f.Reads, f.Results,
		f.Beside)
}

func (f *varFact) String() string { return fmt.Sprintf("%v %v", f.Role, f.Hold) }

func (h holdFact) String() string {
	var parts []string
	for _, c := range h.Creds {
		parts = append(parts, string(c.Kind)+" "+c.Shown)
	}
	for _, e := range h.Envs {
		parts = append(parts, "$"+e)
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func (h holdFact) empty() bool { return len(h.Creds) == 0 && len(h.Envs) == 0 }

// String names the bits.
func (r role) String() string {
	if r == 0 {
		return "none"
	}
	names := [...]string{"tokenSDK", "tokenAdmin", "tokenClient", "tokenFrontend", "tokenAdminRaw", "tokenProxy",
		"rawAuth", "rawURL",
		"urlSDK", "urlAdmin", "environment", "appName", "instanceID", "logged", "inURL"}
	var parts []string
	for i, n := range names {
		if r&(1<<i) != 0 {
			parts = append(parts, n)
		}
	}
	return strings.Join(parts, "|")
}
