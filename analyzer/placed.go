package analyzer

import (
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// placed reads a text that stands where a token belongs: one that operators choose has no shape by which it could be found
// elsewhere. It is ok only for PROJECT:ENVIRONMENT.TEXT that is no placeholder, and for bare hexadecimal tokens.
func placed(text, path string) (rules.Credential, bool) {
	trimmed := strings.TrimSpace(text)
	if rest, ok := cutBearer(trimmed); ok {
		trimmed = rest
	}
	start := strings.Index(text, trimmed)
	if found := rules.AppendCredentials(nil, []byte(text)); len(found) > 0 {
		if found[0].Malformed {
			return rules.Credential{}, false
		}
		return found[0], true
	}
	if found := rules.AppendBareHex(nil, []byte(text)); len(found) == 1 && found[0].Secret.Len() == len(trimmed) {
		return found[0], true
	}
	project, rest, ok := strings.Cut(trimmed, ":")
	if !ok || !isName(project) && project != "[]" {
		return rules.Credential{}, false
	}
	env, hash, ok := strings.Cut(rest, ".")
	if !ok || !isName(env) || len(hash) < 4 || strings.ContainsAny(hash, " \t\n\"'`<>{}$/:=,;\\%\x00") || isPlaceholder(hash, path) {
		return rules.Credential{}, false
	}
	cred := rules.Credential{
		Format: rules.Custom, Secret: rules.NewSecret(trimmed, rules.Custom), Project: project, Environment: env, Kind: rules.Unknown,
		Start: start, End: start + len(trimmed), Canonical: true,
	}
	if project == "*" && env == "*" {
		cred.Kind = rules.Admin
	}
	return cred, true
}

func cutBearer(text string) (string, bool) {
	if len(text) > 7 && strings.EqualFold(text[:6], "bearer") && (text[6] == ' ' || text[6] == '\t') {
		return strings.TrimSpace(text[7:]), true
	}
	return text, false
}

func isName(s string) bool {
	return s != "" && len(s) <= 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()") == ""
}

// isPlaceholder reports whether a text stands for a token that the reader is to put there.
func isPlaceholder(hash, path string) bool {
	low := strings.ToLower(hash)
	for _, w := range []string{"xyzrandomstring", "randomstring", "your", "example", "placeholder", "changeme", "change-me", "xxx", "...", "…", "***",
		"redacted", "dummy", "some_token", "some-token", "some-secret", "somerandom", "<", "todo", "insert", "replace", "fake"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	if strings.Trim(low, string(low[0])) == "" {
		return true
	}
	word := strings.Trim(low, "abcdefghijklmnopqrstuvwxyz") == ""
	return word && rules.InTestCode(path)
}
