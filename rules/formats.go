package rules

import "slices"

// A FormatRow describes one way in which credentials are written. Its examples are its tests and its documentation.
type FormatRow struct {
	Format Format
	Shape  string // how it looks, in words
	Since  string // which software writes it
	Says   string // what the text alone gives away
	// Pattern is an expression of RE2 for the whole of such a text, for programs that know no other way; "" where only the
	// place tells. Nothing here uses it: it takes for tokens what Find does not.
	Pattern string
	// Valid and Invalid are templates of texts that are and are not of this format; Expand makes a text of one. They
	// are templates so that no line of this repository holds anything that looks like a credential.
	Valid, Invalid []string
}

const (
	scopePattern = `(?:\[\]|\*|[A-Za-z0-9_~.-]{1,100}):(?:\*|[A-Za-z0-9_~.-]{1,100})\.`
	v2Pattern    = `v2_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{43}`
)

// formatRows stand in the order in which VOCABULARY names the formats.
var formatRows = []FormatRow{
	{
		Format:  Scoped,
		Shape:   "PROJECT:ENVIRONMENT. and 56 lower-case hexadecimal digits; PROJECT is an id, * or []; also with the 64 digits that Unleash's documentation promises",
		Since:   "server 4.2 (2021)",
		Pattern: scopePattern + `(?:[0-9a-f]{56}|[0-9a-f]{64})`,
		Says:    "project and environment; *:* is an admin token; whether any other is a backend or a frontend token, it does not say",
		Valid: []string{
			"default:development.{hex56}", "*:production.{hex56}", "[]:staging.{hex56}", "*:*.{hex56}",
			"web:production.{hex64}",
			"Acme.Web~beta:eu.prod.{hex56}", "a'b:a'b.{hex56}", "a(b):a(b).{hex56}", "a*b:a!b.{hex56}",
			"-lead:a_b.{hex56}", "..:...{hex56}",
		},
		Invalid: []string{
			"default:development.{hex57}", "default:development.{hex56}0", "default:development.{hex56}_x",
			"default:development.{hex40}",
			"default:development.{HEX56}", "default.development:{hex56}", "default:development:{hex56}",
			"*: development.{hex56}",
			":development.{hex56}", "default:.{hex56}", "a/b:c/d.{hex56}", "x[]:production.{hex56}", "{hex56}",
			"default:development.{same56}",
		},
	},
	{
		Format:  ScopedV2,
		Shape:   "PROJECT:ENVIRONMENT.v2_, 22 base64url digits that select the token, _ and 43 base64url digits",
		Since:   "server 8.1 (2026)",
		Pattern: scopePattern + v2Pattern,
		Says:    "as scoped; the selector is public",
		Valid: []string{"default:production.{v2}", "*:production.{v2}", "[]:eu.prod.{v2}", "*:*.{v2}",
			"web:production.v2_{b64u22}_{b64u43}"},
		Invalid: []string{
			"default:production.v2_{b64u22}", "default:production.{v2}x", "default:production.v2_{b64u43}_{b64u22}",
			"default:production.v1_{b64u22}_{b64u43}",
		},
	},
	{
		Format:  Account,
		Shape:   "user: and 56 lower-case hexadecimal digits",
		Since:   "server 4.16 (2022)",
		Pattern: `user:[0-9a-f]{56}`,
		Says:    "a personal access token or a service account's token",
		Valid:   []string{"user:{hex56}"},
		Invalid: []string{"user:{hex64}", "user:{hex40}", "user: {hex56}", "superuser:{hex56}", "user:{hex56}a",
			"user:{same56}", "user.{hex56}"},
	},
	{
		Format:  AccountV2,
		Shape:   "user:v2_, 22 base64url digits, _ and 43 base64url digits",
		Since:   "server 8.2 (2026)",
		Pattern: `user:` + v2Pattern,
		Says:    "as account; the selector is public",
		Valid:   []string{"user:{v2}", "user:v2_{b64u22}_{b64u43}"},
		Invalid: []string{"user:v2_{b64u22}", "user:{v2}-", "superuser:{v2}"},
	},
	{
		Format: Legacy,
		Shape:  "64, 48 or 56 lower-case hexadecimal digits and nothing else, only where the context says Unleash",
		Since:  "hosted servers of version 3 (48 digits), server 4.0 and 4.1 (64 digits), and an example of the documentation (56)",
		Says:   "nothing; servers of those versions let any of them act as an admin",
		Valid:  []string{"{hex64}", "{hex48}", "{hex56}"},
		Invalid: []string{"{hex40}", "{hex63}", "{hex65}", "{HEX64}", "sha256:{hex64}", "{hex64}-x", "x_{hex48}",
			"{same64}"},
	},
	{
		Format: Custom,
		Shape:  "text that an operator chose, in a place that holds a token, usually PROJECT:ENVIRONMENT.TEXT; published defaults (unleash-insecure-...) everywhere",
		Since:  "server 4.5 (INIT_..._API_TOKENS), Edge (SECRET@ENVIRONMENT)",
		Says:   "project and environment; of a published default, its kind",
		Valid: []string{
			"default:development.{text12}", "*:*.{text24}", "*:production.kx-{text8}",
			"default:development.{insecure}api-token",
			"*:*.{insecure}admin-api-token", "default:development.{seeded}", "[]:dev.{text10}",
		},
		Invalid: []string{
			"{text12}", "default:development", "default:development.", "https://unleash.example.com/api",
			"project:environment.xyzrandomstring",
			"*:development.<some_token_string>", "*:development.${hash}", "op://vault/item/field",
			"default:development.abcdef****123456", "default:development.%056x",
		},
	},
	{
		Format: ClientKeyFormat,
		Shape:  "any text, in a place that holds a proxy client key",
		Since:  "Unleash Proxy",
		Says:   "nothing; only its place tells",
		Valid:  []string{"web-{text12}", "{text24}", "{hex32}"},
		Invalid: []string{"", "<client_key>", "proxy-123", "some-secret", "your-proxy-key", "${PROXY_KEY}",
			"CLIENT-SIDE-API-TOKEN"},
	},
}

// Formats is the catalogue: every format, in the order of the vocabulary.
func Formats() []FormatRow { return slices.Clone(formatRows) }

const (
	maxName       = 100 // longest project id or environment name, in bytes: both are ASCII
	accountPrefix = "user:"
	v2Prefix      = "v2_"
	selectorLen   = 22 // 16 bytes in base64url
	verifierLen   = 43 // 32 bytes in base64url
	v2Len         = len(v2Prefix) + selectorLen + 1 + verifierLen
	hashLen       = 56 // 28 bytes in hexadecimal
	docsHashLen   = 64 // what the documentation promises, and what servers 4.0 and 4.1 wrote
	v3HashLen     = 48
	minHash       = 54 // shortest and longest near miss of a hash
	maxHash       = 60
)

type class [256]bool

func classOf(chars string) (c class) {
	for i := 0; i < len(chars); i++ {
		c[chars[i]] = true
	}
	return c
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var (
	isHex   = classOf(digits + "abcdef")
	isUpHex = classOf(digits + "abcdef" + "ABCDEF")
	isB64   = classOf(digits + letters + "-_")
	isAlnum = classOf(digits + letters)
	// isName holds what encodeURIComponent leaves alone: the server's test of a name.
	isName = classOf(digits + letters + "-_.!~*'()")
	// The last digit of 16 bytes in base64url has four spare bits, that of 32 bytes two, all zero.
	endsSelector = classOf("AQgw")
	endsVerifier = classOf("AEIMQUYcgkosw048")
)

func all[T string | []byte](text T, c *class) bool {
	for i := 0; i < len(text); i++ {
		if !c[text[i]] {
			return false
		}
	}
	return true
}

// isV2 reports whether text is "v2_", a selector, "_" and a verifier. Both parts may hold underscores, so only the
// lengths part them.
func isV2(text []byte) bool {
	return len(text) == v2Len && string(text[:len(v2Prefix)]) == v2Prefix &&
		text[len(v2Prefix)+selectorLen] == '_' && all(text[len(v2Prefix):], &isB64)
}

// isCanonicalV2 reports whether a v2 text could have been encoded from 16 and 32 bytes. The server does not ask for it,
// so it is evidence only.
func isCanonicalV2(text []byte) bool {
	return endsSelector[text[len(v2Prefix)+selectorLen-1]] && endsVerifier[text[v2Len-1]]
}

// mostlyHex reports whether at least four fifths of text are hexadecimal digits and the rest letters and digits: a hash
// that somebody edited, or that went through a keyboard.
func mostlyHex(text []byte) bool {
	hex := 0
	for _, c := range text {
		if !isAlnum[c] {
			return false
		}
		if isUpHex[c] {
			hex++
		}
	}
	return hex*5 >= len(text)*4
}

// isUniform reports whether text is one character over and over: nobody's random bytes, a stand-in.
func isUniform[T string | []byte](text T) bool {
	for i := 1; i < len(text); i++ {
		if text[i] != text[0] {
			return false
		}
	}
	return true
}
