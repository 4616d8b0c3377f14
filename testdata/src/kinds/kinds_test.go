package kinds

import "testing"

const token = "kinds:production.fec7002c75b643a11254aa6165b8e1289409b4e355121c46288bf57a" // want `^unknown-token: `

func TestToken(t *testing.T) {
	t.Setenv("UNLEASH_BACKEND_TOKEN", "kinds:production.703750a77938bfcc2692b0d1d013fe329b10c51d62849cd5e93697e9") // want `^backend-token: `
}
