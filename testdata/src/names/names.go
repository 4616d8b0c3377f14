// Package names holds tokens that only their names tell, and reads settings with defaults.
package names

import (
	"cmp"
	"flag"
	"os"
)

const (
	unleashBackendToken  = "names:production.0e26f184b683b045f8811e1781b0d3fdfa79c6ac52f773c905f3e1d1" // want `^backend-token: hard-coded backend token`
	unleashFrontendToken = "names:production.8af282dad059363b857c384bc93b36bad08fc2b30ae47a31876711bc"
	unleashAPIToken      = "names:production.dc4e82eea97d4061020e01fba6aea315346382e8f547272630ceca04"              // want `^backend-token: `
	unleashPAT           = "user:06bedb0aac48a7234b36a6197766b1e31c402587aa8a77b7de898db8"                          // want `^personal-token: `
	someToken            = "names:production.c65a89dacaf9f2103415330eeb49b8c7d6c51ca1af87b2bbca76a72e"              // want `^unknown-token: hard-coded token of undecided type`
	newer                = "names:production.v2_3N-QWnb04FRImKbaGJuPyg_DwneFldkAltuxxyr6C6rmuqqgo2C9Fkbcp1fFEq38gU" // want `^unknown-token: `
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
		Digest:       "sha256:0d69e30f69a78ed38e251271349af8c730d738ceec9fdef573025f1b1d08be11",
	}
}

var (
	tokenFlag  = flag.String("unleash-api-token", "names:development.by-hand-22", "token of Unleash")                                 // want `^backend-token: `
	orDefault  = cmp.Or(os.Getenv("UNLEASH_API_TOKEN"), "names:development.0229f16916d101595959fd2a4f2d0686ddd72184cad7d41ce04f4dd9") // want `^backend-token: `
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
	Value:   "names:development.0169481b4418b1942b28cef6d71ed01b771154a86624942636c64fae", // want `^backend-token: `
}

// Tagged has its default in a tag.
type Tagged struct {
	Token  string `env:"UNLEASH_BACKEND_TOKEN" envDefault:"names:development.4218c7775a7c0839095c22823be8865134b5491362d8d888a50e95a8"`  // want `^backend-token: ` Token:`backend`
	Hand   string `env:"UNLEASH_BACKEND_TOKEN" envDefault:"names:development.by-hand-11"`                                                // want `^backend-token: ` Hand:`backend`
	Public string `env:"UNLEASH_FRONTEND_TOKEN" envDefault:"names:development.fd8a99b73b3de9cbfa424a80f2376006334f3066e086304c26667240"` // want Public:`frontend`
	Name   string `env:"APP_NAME" envDefault:"names"`
}

// Not credentials.
var (
	cacheKey = "user:e81b96467f193ade40e6efd5737bb8ef0fad872e8dc7173e144456fc-cache"
	commit   = "1f7af6cfc349dc40535911f6fb025100da1c90221add515d2179d2ac"
	dsn      = "postgres://user:9f87e65f771470e92f7df0a1a56a6b021d72ec172942565f843ec6a6@db/names"
)
