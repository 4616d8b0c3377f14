package rules

// RuleID names a rule in reports, documentation and suppressions.
type RuleID string

// The rules, as VOCABULARY names them. Their rows stand in rules.go.
const (
	AdminToken           RuleID = "admin-token"
	PersonalToken        RuleID = "personal-token"
	BackendToken         RuleID = "backend-token"
	UnknownToken         RuleID = "unknown-token"
	LegacyToken          RuleID = "legacy-token"
	InsecureDefaultToken RuleID = "insecure-default-token"
	FrontendToken        RuleID = "frontend-token"
	ClientKeyRule        RuleID = "client-key"

	SecretInFrontend       RuleID = "secret-in-frontend"
	FrontendTokenInBackend RuleID = "frontend-token-in-backend"
	PersonalTokenInSDK     RuleID = "personal-token-in-sdk"
	AdminTokenInSDK        RuleID = "admin-token-in-sdk"
	SDKTokenInAdminAPI     RuleID = "sdk-token-in-admin-api"
	ClientKeyToAPI         RuleID = "client-key-to-api"
	APITokenAsClientKey    RuleID = "api-token-as-client-key"
	ConflictingUse         RuleID = "conflicting-use"
	EdgeScopeMismatch      RuleID = "edge-scope-mismatch"
	EnvironmentMismatch    RuleID = "environment-mismatch"
	InvalidTokenScope      RuleID = "invalid-token-scope"
	MalformedToken         RuleID = "malformed-token"
	TokenInURL             RuleID = "token-in-url"
	SecretEnvInFrontend    RuleID = "secret-env-in-frontend"

	TokenInLog         RuleID = "token-in-log"
	TokenInIdentity    RuleID = "token-in-identity"
	WrongEndpoint      RuleID = "wrong-endpoint"
	PlainHTTP          RuleID = "plain-http"
	NonCanonicalHeader RuleID = "non-canonical-header"
)
