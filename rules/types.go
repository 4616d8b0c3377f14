// Package rules knows what a credential of Unleash is and what may be done with it.
//
// Its nouns: a Format is a way tokens are written; a Credential is one token found in a text; a Site is the place
// where one stands and what that place says of it; a Kind is what the token is; a Rule is what a finding says.
// It is pure: it opens no file, makes no connection and starts no goroutine.
package rules

// Kind is what a credential is. The names are those of reports and of the documentation.
type Kind string

// The kinds, as VOCABULARY names them.
const (
	Backend        Kind = "backend"
	Frontend       Kind = "frontend"
	Admin          Kind = "admin"
	Personal       Kind = "personal"
	ServiceAccount Kind = "service-account"
	ClientKey      Kind = "client-key"
	Unknown        Kind = "unknown"
)

// Public reports whether a credential of this kind may be seen by anyone: frontend tokens and proxy client keys.
// A token of unknown kind is assumed to be secret.
func (k Kind) Public() bool { return k == Frontend || k == ClientKey }

// Visibility is "public" or "secret".
func (k Kind) Visibility() string {
	if k.Public() {
		return "public"
	}
	return "secret"
}

// Words is a kind in words, without an article: "backend token"; "" for no kind.
func (k Kind) Words() string {
	switch k {
	case "":
		return ""
	case Personal: // what is written user:… says no more
		return "personal access token (or a service account's)"
	case ClientKey:
		return "proxy client key"
	case Unknown:
		return "API token of undecided type"
	}
	return string(k) + " token"
}

// Article is a kind in few words, with its article: "a backend token".
func (k Kind) Article() string {
	switch k {
	case Admin:
		return "an admin token"
	case ClientKey:
		return "a proxy client key"
	case ServiceAccount:
		return "a service account's token"
	}
	return "a " + string(k) + " token"
}

// Format is how a credential is written.
type Format string

// The formats, as VOCABULARY names them.
const (
	Scoped          Format = "scoped"     // PROJECT:ENVIRONMENT.<56 hex>, or the 64 hex of Unleash's documentation
	ScopedV2        Format = "scoped-v2"  // PROJECT:ENVIRONMENT.v2_<22 base64url>_<43 base64url>
	Account         Format = "account"    // user:<56 hex>
	AccountV2       Format = "account-v2" // user:v2_<22 base64url>_<43 base64url>
	Legacy          Format = "legacy"     // bare 64, 48 or 56 hex, only where the context says Unleash
	Custom          Format = "custom"     // operator-chosen text in a place that holds a token
	ClientKeyFormat Format = "client-key" // arbitrary text in a place that holds a proxy client key
)

// Certainty is what a kind rests on. The order of strength is that of Stronger.
type Certainty string

// The certainties, strongest first.
const (
	Verified Certainty = "verified"
	ByFormat Certainty = "format"
	Declared Certainty = "declared"
	ByName   Certainty = "name"
	BySink   Certainty = "sink"
	ByHint   Certainty = "hint"
	None     Certainty = "none"
)

// Severity is how bad a finding is.
type Severity int

// The severities, mildest first. NoSeverity is below all of them: no finding reaches it.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"none", "info", "low", "medium", "high", "critical"}

// String is the severity's name in reports: "info" to "critical"; "none" for the zero value.
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return "none"
	}
	return severityNames[s]
}

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity is the severity of a name, and whether there is one ("none" gives 0, true).
func ParseSeverity(name string) (Severity, bool) {
	for i, n := range severityNames {
		if n == name {
			return Severity(i), true
		}
	}
	return 0, false
}

// A Credential is one Unleash credential as its text alone describes it.
type Credential struct {
	Format      Format
	Secret      Secret // the credential's own text, decoded; never with "Bearer " or quotes
	Project     string // an id, "*" or "[]"; "" where the format has none
	Environment string // "" where the format has none
	Selector    string // the public half of a v2 token, "" of others
	Kind        Kind   // what the text alone says: Admin, Personal, a published default's kind; else Unknown
	Start, End  int    // byte range in the text that was searched, from 0

	Example   bool // Unleash's public documentation prints it
	Default   bool // a published default (…unleash-insecure-…): not random
	Malformed bool // a near miss of a token; Problem says in words what is wrong
	// well-formed, but what stands around says cache, digest or image: a credential only where a token belongs
	Weak      bool
	Canonical bool // v2: the last digits are ones that a real server emits; true for all other formats
	Problem   string
}

// KindOfType returns the kind that the server's word for a type of API token means, in lower case; "" where it is none.
// client is the older word for backend.
func KindOfType(word string) Kind {
	switch word {
	case "client", "backend":
		return Backend
	case "frontend":
		return Frontend
	case "admin":
		return Admin
	}
	return ""
}
