package rules

import (
	"strings"
	"testing"
)

func TestParseValue(t *testing.T) {
	for _, row := range []struct {
		text      string // a template
		format    Format // "" where it is no credential
		project   string
		env       string
		kind      Kind
		malformed bool
	}{
		{"default:development.{hex56}", Scoped, "default", "development", Unknown, false},
		{"Bearer *:*.{hex56}", Scoped, "*", "*", Admin, false},
		{"bearer  user:{v2}", AccountV2, "", "", Personal, false},
		{"\"[]:eu.prod.{v2}\"\n", ScopedV2, "[]", "eu.prod", Unknown, false},
		{"cache:layers.{hex56}", Scoped, "cache", "layers", Unknown, false},
		{"kitchen:blue.{hex64}", Scoped, "kitchen", "blue", Unknown, false},
		{"{hex48}", Legacy, "", "", Unknown, false},
		{"{hex56}", Legacy, "", "", Unknown, false},
		{"{hex64}", Legacy, "", "", Unknown, false},
		{"{hex40}", "", "", "", "", false},
		{"{hex32}", "", "", "", "", false},
		{"user:{hex55}", Account, "", "", Personal, true},
		{"user:{hex64}", Custom, "", "", Personal, true},
		{"user:1000", "", "", "", "", false},
		{"*:development.{hex55}", Scoped, "*", "development", Unknown, true},
		{"gate:production.{hex58}", Scoped, "gate", "production", Unknown, true},
		{"*:production:{hex56}", Scoped, "*", "production", Unknown, true},
		{"default.development:{hex56}", Scoped, "default", "development", Unknown, true},
		{"*: development.{hex56}", Scoped, "*", "development", Unknown, true},
		{"web: development.{hex56}", Scoped, "web", "development", Unknown, true},
		{"*:development.{HEX56}", Scoped, "*", "development", Unknown, true},
		{"*:production.v2_{b64u22}_{b64u42}", ScopedV2, "*", "production", Unknown, true},
		{"*.development:hz81-{text17}", Custom, "*", "development", Unknown, true},
		{"*.development:mysecret", Custom, "*", "development", Unknown, true},
		{"*:production:{text20}", Custom, "*", "production", Unknown, true},
		{"*: development.{text20}", Custom, "*", "development", Unknown, true},
		{"default:production.hq3-{text16}", Custom, "default", "production", Unknown, false},
		{"*:*.{text26}", Custom, "*", "*", Admin, false},
		{"default:development.with.dots.{text4}", Custom, "default", "development", Unknown, false},
		{"default:development.secret", Custom, "default", "development", Unknown, false},
		{"*:default.{hex48}", Custom, "*", "default", Unknown, false},
		{"default:development.{insecure}api-token", Custom, "default", "development", Backend, false},
		{"default:development.{insecure}frontend-api-token", Custom, "default", "development", Frontend, false},
		{"*:*.{insecure}frontend-api-token", Custom, "*", "*", Admin, false},
		{"*.development:{insecure}api-token", Custom, "*", "development", Backend, true},
		{"https://unleash.example.com:4242/api", "", "", "", "", false},
		{"unleash.internal:4242", "", "", "", "", false},
		{"unleash.internal:4242/api", "", "", "", "", false},
		{"default:development", "", "", "", "", false},
		{"default:development.", "", "", "", "", false},
		{"some words: in a sentence. And more", "", "", "", "", false},
		{"", "", "", "", "", false},
	} {
		text := Expand(row.text, 5)
		c, ok := ParseValue(text)
		if !ok {
			if row.format != "" {
				t.Errorf("%s: no credential", row.text)
			}
			continue
		}
		if c.Format != row.format || c.Project != row.project || c.Environment != row.env || c.Kind != row.kind ||
			c.Malformed != row.malformed || c.Weak {
			t.Errorf("%s: %+v", row.text, c)
		}
		if text[c.Start:c.End] != c.Secret.Reveal() {
			t.Errorf("%s: range %d to %d is not the secret", row.text, c.Start, c.End)
		}
		if c.Malformed != (c.Problem != "") {
			t.Errorf("%s: problem %q", row.text, c.Problem)
		}
	}
}

func TestParsePretrusted(t *testing.T) {
	c, ok := ParsePretrusted(Expand("shopwindow-{text16}@development", 1))
	if !ok || c.Format != Custom || c.Environment != "development" || c.Project != "" {
		t.Errorf("%+v, %v", c, ok)
	}
	for _, text := range []string{"secret-123@development", "user@example.com/x", "@development", "abc@",
		"<secret>@development"} {
		if c, ok := ParsePretrusted(text); ok {
			t.Errorf("%s: %+v", text, c)
		}
	}
}

func TestParseClientKey(t *testing.T) {
	for _, row := range Formats() {
		if row.Format != ClientKeyFormat {
			continue
		}
		for _, template := range row.Valid {
			if c, ok := ParseClientKey(Expand(template, 2)); !ok || c.Format != ClientKeyFormat && c.Format != Legacy {
				t.Errorf("%s: %+v, %v", template, c, ok)
			}
		}
		for _, text := range row.Invalid {
			if c, ok := ParseClientKey(text); ok {
				t.Errorf("%s: %+v", text, c)
			}
		}
	}
	for _, text := range []string{"https://proxy.example.com/proxy", "two words", "process.env.KEY", "not-used",
		"UNLEASH_CLIENT_KEY", "MY_FLAG_KEY_PROD", "a,b"} {
		if c, ok := ParseClientKey(text); ok {
			t.Errorf("%s: %+v", text, c)
		}
	}
	for _, text := range []string{"depot-web-" + Expand("{text10}", 1), "lobby-screen-4hq8zt27m", "info-stele-77qx2m"} {
		if c, ok := ParseClientKey(text); !ok || c.Format != ClientKeyFormat {
			t.Errorf("%s: %+v, %v", text, c, ok)
		}
	}
}

func TestIsPlaceholder(t *testing.T) {
	for _, text := range []string{
		"<YOUR_API_TOKEN>", "<API_KEY_VALUE>", "INSERT_API_KEY", "YOUR_API_KEY", "<API token>", "YOUR_TOKEN",
		"YOUR_ADMIN_TOKEN",
		"YOUR_PERSONAL_ACCESS_TOKEN", "<your_backend_token>", "your-token", "{{your-personal-access-token}}",
		"CLIENT-SIDE-API-TOKEN",
		"CLIENT—SIDE—API—TOKEN", "FRONTEND_TOKEN", "your_token_secret", "your-proxy-key", "your-client-key", "PROXYKEY",
		"proxy-123", "my-api-key",
		"12312Random", "*:development.${hash}", "kinda-sorta-secret", "project:environment.xyzrandomstring",
		"user:xyzrandomstring", "xyzrandomstring",
		"aproject:development.randomstring", "[]:production.randomstring", "*:*.some-random-string",
		"*:*.some-other-token", "*:*.admin-token",
		"*:development.some-secret", "*:developement.secretstring", "default:development.example-token",
		"project:environment.hash", "project:env.hash",
		"[project]:[environment].<somesecret>", "*:development.<some_token_string>", "randomid-or-some-alias",
		"proxy-client-key", "some-secret",
		"*:development.v2_" + strings.Repeat("aB3", 7) + "A", "user:v2_" + strings.Repeat("aB3", 7) + "A", "not-used", "not-configured", "placeholder-not-configured", "Bearer <token>", "Bearer YOUR_TOKEN", "changeme", "CHANGE_ME", "replace-me", "xxxxxxxx",
		"user:" + "xxxxxxxxxxxxxxxx", "***", "*:production.***",
		"*:development.abcdef****123456", "*:development.[redacted]", "[REDACTED]", "default:development.a1b2c3d4...",
		"web:production.••••••••",
		"op://platform/unleash/backend-token", "vault:kv/data/unleash#pat", "${UNLEASH_PAT}",
		"${sm@unleash-backend-token}", "${ssm:/flags/token}",
		"$UNLEASH_TOKEN", "%UNLEASH_TOKEN%", "${{ secrets.UNLEASH }}", "$(cat token)", "secret/data/unleash#token",
		"arn:aws:secretsmanager:eu:1:secret:x",
		"process.env.TOKEN", "0123456789abcdef", "/run/secrets/unleash", "UNLEASH_BACKEND_TOKEN",
		"ENC[AES256_GCM,data:abc]", "*:development.0000000000", "null", "true",
	} {
		if !IsPlaceholder(text) {
			t.Errorf("%s: no placeholder", text)
		}
	}
	for _, template := range []string{
		"default:development.{hex56}", "user:{hex56}", "user:{v2}", "*:*.{v2}", "{hex64}",
		"default:production.hq3-{text16}", "{text12}", "web-{text8}",
		"default:development.secret", "*:development.code", "*.development:mysecret",
		"default:development.{insecure}api-token",
		"default:development.{seeded}", "env:development.{text12}", "vault:production.{text12}", "depot-web-{text10}",
		"moss-web-74aahnypiga7",
		"default:development.kx7-gopher-local-93b1f", "shopwindow-{text16}@development",
		"*:development.sprout-{text16}", "a'b:a'b.{hex56}", "..:...{hex56}",
	} {
		for seed := range uint64(20) {
			if text := Expand(template, seed); IsPlaceholder(text) {
				t.Errorf("%s with seed %d: a placeholder", template, seed)
			}
		}
	}
}

func TestIsDummyWord(t *testing.T) {
	for _, word := range []string{"code", "secret", "Secret", "SECRET", "abc123", "x"} {
		if !IsDummyWord(word) {
			t.Errorf("%s: no dummy", word)
		}
	}
	for _, text := range []string{"", "two-words", "k7x2", "hunter2hunter2", "aVghTrEwq", Expand("{text24}", 1),
		"unleash-insecure-api-token", "12345"} {
		if IsDummyWord(text) {
			t.Errorf("%s: a dummy", text)
		}
	}
}
