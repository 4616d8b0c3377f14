// Package names holds tokens that only their names tell, and reads settings with defaults.
package names

import (
	"cmp"
	"flag"
	"os"
)

const (
	unleashBackendToken  = "names:production.d38b7a8f8c7a411c351e629a5c26ad958dc47e540c84cc611793c687" // want `^backend-token: hard-coded backend token`
	unleashFrontendToken = "names:production.ee7484e38b13f406344fc68849bfee542086728ad3919bec5206bb79"
	unleashAPIToken      = "names:production.31e67e85f2e37dcc43049d253baa9470fb7c919288b63b4e0abe4552"              // want `^backend-token: `
	unleashPAT           = "user:6eb13b3210b6eecc9dcddbd5718ded1cbfe9255daa4868af843c3868"                          // want `^personal-token: `
	someToken            = "names:production.098885e0cd62b6d248b290893d053cc4eec5acaf5a352fcf629da0b5"              // want `^unknown-token: hard-coded API token of undecided type`
	newer                = "names:production.v2_3N-QWnb04FRImKbaGJuPyg_A3647nsEuD8u6zimq41enEDapeF8FmhfnC0xEnbC39U" // want `^unknown-token: `
)

func getEnv(key, def string) string {
	if v, ok := os.LookupEnv(key); ok && v != "" {
		return v
	}
	return def
}

type Config struct {
	URL          string
	UnleashToken string // want UnleashToken:`backend`
	Digest       string
}

func Load() Config {
	return Config{
		URL:          getEnv("UNLEASH_URL", "http://localhost:4242/api"),
		UnleashToken: getEnv("UNLEASH_API_TOKEN", "default:development.kx7-gopher-local-93b1f"), // want `^backend-token: `
		Digest:       "sha256:f2f4e0a4da11e7cca9d74c91470345aa6d78b11968a271f2573140a8724432ca",
	}
}

var (
	tokenFlag  = flag.String("unleash-api-token", "names:development.by-hand-22", "token of Unleash")                                 // want `^backend-token: `
	orDefault  = cmp.Or(os.Getenv("UNLEASH_API_TOKEN"), "names:development.3d0d41e9fe912ba9609bd5fdd8c8e72833100db14543ccf04f904269") // want `^backend-token: `
	otherFlag  = flag.String("colour", "red:green.blue-and-yellow", "a colour")
	fromLookup = getEnv("COLOUR", "red:green.blue-and-yellow")
)

// Flag is like the flags of command-line libraries.
type Flag struct {
	Name    string
	Value   string // want Value:`backend`
	EnvVars []string
}

var cli = Flag{
	Name:    "token",
	EnvVars: []string{"APP_UNLEASH_BACKEND_TOKEN"},
	Value:   "names:development.d2763086ab80ddb9054c2f1e7ff02c97b0455877d563aa1f0ded7409", // want `^backend-token: `
}

// Tagged has its default in a tag.
type Tagged struct {
	Token  string `env:"UNLEASH_BACKEND_TOKEN" envDefault:"names:development.34ff8dc0818924cb3c07c4042cca41dfcc77df22a5eeff285e197958"`  // want `^backend-token: ` Token:`backend`
	Hand   string `env:"UNLEASH_BACKEND_TOKEN" envDefault:"names:development.by-hand-11"`                                                // want `^backend-token: ` Hand:`backend`
	Public string `env:"UNLEASH_FRONTEND_TOKEN" envDefault:"names:development.35048ee7294a9c046afe93fdf76901486df87e890f1e4338114e5bbb"` // want Public:`frontend`
	Name   string `env:"APP_NAME" envDefault:"names"`
}

// Not credentials.
var (
	cacheKey = "user:915eddbb61667f738a86690bc07a0ad05e4bfe3348e71618867d00c4-cache"
	commit   = "62d91adca18e72e7fd99f01055050bb55d3ffe510019b739d37d0a19"
	dsn      = "postgres://user:1341a056148e108b13c66d7980ee2b42bd427bfc081bff35090a61e8@db/names"
)
