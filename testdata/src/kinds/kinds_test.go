package kinds

import "testing"

const token = "kinds:production.baf889895d16c1f5845bffde470f48158fe0f959a6d5075c5ebfcb4e" // want `^unknown-token: `

func TestToken(t *testing.T) {
	t.Setenv("UNLEASH_BACKEND_TOKEN", "kinds:production.b7690f8b6fca274c188488df9f04f00d00bed4300c1b16ca7b833dda") // want `^backend-token: `
}
