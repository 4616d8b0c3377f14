// Package ignored has findings that comments accept.
package ignored

import (
	"net/http"

	"github.com/Unleash/unleash-go-sdk/v6"
)

var behind = "ignored:production.23364075d7b6a7d94cab1f06bfc2112312116d9403e0e211f13f1861" // unleaked:ignore unknown-token a test server's

// unleaked:ignore unknown-token the server is gone
var above = "ignored:production.e65ad021e90973711070234e8373f39459bf633d95e6f5155add0c2b"

var noReason = "ignored:production.5a74920adbd232973769d6a55e8176bd26cf85753d33ac4e031f6910" /* want `^unknown-token: ` */ // unleaked:ignore unknown-token

var otherRule = "ignored:production.22f710db6cf913f8148f6db75c9454680b7fcbefcfbcf349844e595a" /* want `^unknown-token: ` */ // unleaked:ignore backend-token wrong rule

var next = "ignored:production.35e2fc43f682f90f427d90bb900b52e2517e694f96325f02fd97d8c0" // want `^unknown-token: `

func some() {
	// unleaked:ignore admin-token known, being replaced
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"*:*.177f60d8af763d76d216407e162d4481c8fb4aad6dcca3c8dd6d8aea"}})) // want `^admin-token-in-sdk: an admin token is handed to`
}

func nearMiss() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"*.development:by-hand-77-gopher"}}))                                               // want `malformed-token: .*this is no token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"ignored:production.4a6787d24dd61f7d0364546608f32b6cb6f9a8cc30c56e07fdac3a8dab"}})) // want `malformed-token`
	notAToken := "ignored:production.bf853dad8665d16dae52f5ffdaec9828c1ff375a8e3d8061f3c736c9ab"
	_ = notAToken
}
