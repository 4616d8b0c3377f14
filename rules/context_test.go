package rules

import (
	"strings"
	"testing"
)

// In these texts H stands for 56 hexadecimal digits and V for the secret part of a v2 token.
func fill(text string) string {
	text = strings.ReplaceAll(text, "H", Expand("{hex56}", 11))
	return strings.ReplaceAll(text, "V", Expand("{v2}", 12))
}

func TestWhereATokenBegins(t *testing.T) {
	for _, row := range []struct {
		text    string
		project string // "user" for account tokens, "" where there is no token
	}{
		// plain
		{"default:dev.H", "default"}, {"x=default:dev.H", "default"}, {"TOKEN: default:dev.H", "default"},
		{"\"default:dev.H\"", "default"},
		{"Bearer default:dev.H", "default"}, {"a,default:dev.H,b", "default"}, {">default:dev.H<", "default"},
		{"token:default:dev.H", "default"},
		{"x;a1:test1.H;a1:t.V", "a1"}, {"{default:dev.H}", "default"}, {"|default:dev.H|", "default"},
		{"`[]:production.H`", "[]"},
		{"apiKey:*:dev.H", "*"}, {"https://u.example/x?token=*:dev.H&y=1", "*"}, {"//default:dev.H", "default"},
		{"# default:dev.H", "default"},
		{"\"k\":\"default:dev.V\"", "default"}, {"[code]default:dev.H[/code]", "default"},
		{"(default:dev.H)", "default"},
		// calls and single quotes
		{"f('default:dev.H')", "default"}, {"f(\"default:dev.H\")", "default"}, {"f(g('default:dev.H'))", "default"},
		{"f('[]:dev.H')", "[]"},
		{"x='default:dev.H'", "default"}, {"x=''default:dev.H''", "default"}, {"a?'x':'default:dev.H'", "default"},
		{"return'default:dev.H'", "default"},
		{"b'default:dev.H'", "default"}, {"rb'default:dev.H'", "default"}, {"N'[]:dev.H'", "[]"},
		{"b'default:dev.H\\n'", "default"}, {"foo(bar)('default:dev.H')", "default"},
		{"f('user:H')", "user"}, {"b'user:H'", "user"}, {"x)default:dev.H", "default"},
		// names that hold quotes, parentheses and stars
		{"x=\"a'b:dev.H\"", "a'b"}, {"x='a'b:dev.H'", "a'b"}, {"a'b:a'b.H", "a'b"}, {"b'a'b:dev.H'", "a'b"},
		{"f('a'b:dev.H')", "a'b"},
		{"a(b):a(b).H", "a(b)"}, {"(a(b):a(b).H)", "a(b)"}, {"f(a(b):dev.H)", "a(b)"}, {"f('a(b):dev.H')", "a(b)"},
		{"a*b:a!b.H", "a*b"}, {"a!b~c:x.H", "a!b~c"},
		{"-lead:x.H", "-lead"}, {".:..H", "."}, {"..:...H", ".."}, {"~:dev.H", "~"},
		// emphasis and comments
		{"**default:dev.H**", "default"}, {"*default:dev.H*", "default"}, {"***:dev.H**", "*"},
		{"/*default:dev.H*/", "default"}, {"/**:dev.H*/", "*"},
		{"_default:dev.H_", "default"}, {"__user:H__", "user"}, {"~~default:dev.H~~", "default"},
		{"_default:dev.V_", "default"}, {"**[]:dev.H**", "[]"},
		{"**user:H**", "user"}, {"*:dev.H*", "*"}, {"default:dev.H_", ""}, {"_default:dev.H__", ""},
		// escapes
		{`\ndefault:dev.H\n`, "default"}, {`\nuser:H\n`, "user"}, {`\"default:dev.H\"`, "default"},
		{`\u003ddefault:dev.H`, "default"}, {`\x27default:dev.H\x27`, "default"},
		{`\t*:dev.H`, "*"}, {`\n[]:dev.H`, "[]"}, {"%22default:dev.H%22", "default"}, {"%2A:dev.H", ""},
		{"%5B%5D:dev.H", ""}, {`x\:dev.H`, ""}, {"x%3Adev.H", ""},
		{"\x1b[32mdefault:dev.H\x1b[0m", "default"}, {"\x1b[1;32muser:H\x1b[0m", "user"}, {`\x1b[0m*:dev.H`, "*"},
		{"a[0mdefault:dev.H", "0mdefault"},
		{"${X:-*:*.H}", "*"}, {"${X:-default:dev.H}", "default"}, {"${X-default:dev.H}", "default"},
		{"${X_Y:-user:H}", "user"}, {"x:-lead:dev.H", "-lead"},
		// no tokens
		{"superuser:H", ""}, {"a_user:H", ""}, {"x[]:dev.H", ""}, {"[x]:dev.H", ""}, {"${p}:dev.H", ""}, {":dev.H", ""},
		{"default:.H", ""}, {"default.H", ""},
		{"default:dev.Ha", ""}, {"default:dev.H0", ""}, {"default:dev.H-x", ""}, {"default:dev.xH", ""},
		{"default:dev.-H", ""}, {"default:d/v.H", ""}, {"default:dév.H", ""},
		{"default:dev.Vx", ""}, {"default:dev.xV", ""}, {"user:VA", ""}, {"é:dev.H", ""}, {"default:dev.HA", ""},
		// databases
		{"postgres://user:H@db/x", ""}, {"redis://:x@h/0?p=default:dev.H", ""}, {"postgres://h/x default:dev.H",
			"default"}, {"https://user:H@u.example/", "user"},
		{"https://default:dev.H@u.example/", "default"}, {"jdbc:postgresql://h/x?user=a&password=default:dev.H", ""},
		{"x=redis://h:1,default:dev.H", "default"}, {"git+https://h/?x=default:dev.H", "default"},
		{"athttps://h/?x&=default:dev.H", "default"}, {"https+redis://h/?x=default:dev.H", ""},
	} {
		text := fill(row.text)
		var got []string
		for _, c := range AppendCredentials(nil, []byte(text)) {
			if c.Malformed {
				continue
			}
			project := c.Project
			if c.Format == Account || c.Format == AccountV2 {
				project = "user"
			}
			got = append(got, project)
			if text[c.Start:c.End] != c.Secret.Reveal() {
				t.Errorf("%q: the range is not the secret", row.text)
			}
			if !strings.HasPrefix(c.Secret.Reveal(), project+":") {
				t.Errorf("%q: the secret does not begin with its project", row.text)
			}
		}
		if row.project == "" && len(got) > 0 || row.project != "" && (len(got) == 0 || got[0] != row.project) {
			t.Errorf("%q: got projects %q, want %q", row.text, got, row.project)
		}
	}
}

func TestLongNames(t *testing.T) {
	for _, row := range []struct {
		project, env int
		want         bool
	}{{100, 100, true}, {1, 1, true}, {101, 1, false}, {1, 101, false}, {300, 1, false}} {
		text := " " + strings.Repeat("p", row.project) + ":" + strings.Repeat("e", row.env) + fill(".V")
		found := AppendCredentials(nil, []byte(text))
		if got := len(found) == 1; got != row.want {
			t.Errorf("%+v: found %v", row, got)
		}
		if row.want && found[0].End-found[0].Start > MaxLen {
			t.Errorf("%+v: longer than MaxLen", row)
		}
	}
}

func TestWeak(t *testing.T) {
	sixtyFour := Expand("{hex64}", 3)
	for _, row := range []struct {
		text string
		weak bool
	}{
		{"cache:layers.H", true}, {"cache:deps.64", true}, {"image: registry.example/team/builder:main.H", true},
		{"image: ghcr.io/acme/web:build.64", true},
		{"/x/default:production.H", false}, {"$BASE/default:production.H", false}, {"./x/default:build.H", false},
		{"${BASE}/default:build.H", false}, {"https://unleash.example.com/x/default:build.H", false},
		{"curl https://u.example.com/default:build.H", false}, {"dist/app/default:build.H", false},
		{"registry.example/team/app:build.H", true}, {"localhost:5000/app:build.H", true},
		{"docker pull team/app:build.H", true},
		{"podman run --rm -it app:build.H", true}, {"docker run -e TOKEN=app:build.H x", false},
		{"docker login -p app:build.H", false}, {"FROM --platform=linux/amd64 team/app:build.H", true},
		{`"image": "team/app:build.H"`, true}, {"image=$REGISTRY/team/app:build.H", true},
		{"from: app:build.H", false},
		{"image: web:build.H", true}, {"image: ghcr.io/unleash-users/web:build.64", true}, {"FROM web:build.H", true},
		{"cache key user:H", true}, {"redis> GET user:H", true},
		{"web:blue.64", true}, {"kitchen:production.64", false}, {"default:blue.64", false}, {"*:blue.64", false},
		{"TOKEN=web:blue.64", false}, {"web:eu-prod.64", false},
		{"cache:production.H", false}, {"web:blue.H", false}, {"DELETE /api/admin/api-tokens/web:production.H", false},
		{"DELETE /api/admin/api-tokens/*:production.H", false},
		{"UNLEASH_PAT=user:H", false}, {"{\"key\":\"Authorization\",\"value\":\"user:H\"}", false},
		{"cache token user:H", false}, {"//web:blue.H", false},
		{"cache:\nuser:H", true},
	} {
		text := fill(strings.ReplaceAll(row.text, "64", sixtyFour))
		found := AppendCredentials(nil, []byte(text))
		if len(found) != 1 || found[0].Malformed || found[0].Weak != row.weak {
			t.Errorf("%q: %+v, want weak %v", row.text, found, row.weak)
		}
	}
}

func TestNearMisses(t *testing.T) {
	for _, row := range []struct {
		text, project, env, problem string // no problem: nothing is found
	}{
		{"*:development.{hex55}", "*", "development", "55 hex"},
		{"gate:production.{hex58}", "gate", "production", "58 hex"},
		{"gate:production.{hex54}", "gate", "production", "54 hex"},
		{"gate:production.{hex60}", "gate", "production", "60 hex"},
		{"gate:production.{hex53}", "", "", ""},
		{"gate:production.{hex61}", "", "", ""},
		{"*:production:{hex56}", "*", "production", "colon instead"},
		{"default.development:{hex56}", "default", "development", "changed places"},
		{"*.development:{hex56}", "*", "development", "changed places"},
		{"'*: development.{hex56}'", "*", "development", "blank"},
		{"'web: development.{hex56}'", "web", "development", "blank"},
		{"key: deps.{hex56}", "", "", ""},
		{"*:development.{HEX56}", "*", "development", "upper-case"},
		{"*:development.{hex43}cdsdsdefgsfgdf", "*", "development", "not only"},
		{"user:{hex55}", "", "", "55 hex"},
		{"user:development.{hex56}", "user", "development", "called user"},
		{"*:production.v2_{b64u22}_{b64u42}", "*", "production", "v2"},
		{"*: development.{insecure}api-token", "*", "development", "blank"},
		{"sha256:{hex56}", "", "", ""},
		{"{hex55}", "", "", ""},
	} {
		for seed := range uint64(5) {
			found := AppendCredentials(nil, []byte(Expand(row.text, seed)))
			if row.problem == "" {
				if len(found) != 0 {
					t.Errorf("%s: %+v", row.text, found)
				}
				continue
			}
			if len(found) != 1 || !found[0].Malformed || found[0].Project != row.project ||
				found[0].Environment != row.env || !strings.Contains(found[0].Problem, row.problem) {
				t.Errorf("%s: %+v", row.text, found)
			}
		}
	}
}

func TestDefaults(t *testing.T) {
	for _, row := range []struct {
		text string
		kind Kind // "" where there is none
	}{
		{"default:development.{insecure}api-token", Backend}, {"'*:development.{insecure}client-api-token'", Backend},
		{"${X:-*:*.{insecure}admin-api-token}", Admin}, {"*:*.{insecure}frontend-api-token", Admin},
		{"default:default.{insecure}server-api-token", Backend},
		{"f('default:development.{insecure}frontend-api-token')", Frontend},
		{"**default:development.{insecure}api-token**", Backend},
		{"default:development.{seeded}", Backend}, {"x_default:development.{insecure}api-token.", Backend},
		{"default:development.{insecure}admin-token", Admin}, {`"\ndefault:development.{insecure}api-token\n"`,
			Backend},
		{"development.{insecure}api-token", ""}, {"unleash-insecure-api-token", ""}, {"default:development.{insecure}",
			""},
		{"default:development.{insecure}*", ""}, {"default:development.{insecure}frontend-", ""},
		{"default:development.unleash-default-project", ""},
		{"default:development.UNLEASH-INSECURE-API-TOKEN", ""}, {"default:development.{insecure}a", ""},
		{"postgres://default:development.{insecure}api-token@h", ""},
	} {
		for pad := range 24 { // every place relative to the stride
			text := strings.Repeat(" ", pad) + Expand(row.text, 0) + strings.Repeat(" ", 30-pad)
			found := AppendCredentials(nil, []byte(text))
			if row.kind == "" {
				if len(found) != 0 {
					t.Errorf("%s after %d blanks: %+v", row.text, pad, found)
				}
				continue
			}
			if len(found) != 1 || !found[0].Default || found[0].Kind != row.kind || found[0].Malformed ||
				found[0].Format != Custom {
				t.Errorf("%s after %d blanks: %+v", row.text, pad, found)
			}
		}
	}
}

func TestMentions(t *testing.T) {
	for _, row := range []struct {
		text string
		want bool
	}{
		{"import 'unleash-client'", true}, {"UNLEASH_URL", true}, {"Unleash", true}, {"uNlEaSh", true},
		{"x.getunleash.io", true},
		{"INIT_ADMIN_API_TOKENS", true}, {"INIT_FRONTEND_API_TOKENS", true}, {"PRETRUSTED_TOKENS=", true},
		{"UPSTREAM_URL: x", true},
		{"unleas", false}, {"un leash", false}, {"API_TOKENS", false}, {"TRUSTED_TOKENS", false}, {"leash", false},
		{"", false}, {"u", false}, {"UPSTREAM", false},
	} {
		for pad := range 30 {
			text := []byte(strings.Repeat("é", pad) + row.text + strings.Repeat(".", 30-pad))
			if got := Mentions(text); got != row.want {
				t.Errorf("%s at %d: %v", row.text, pad, got)
			}
			if _, got := Search(nil, text); got != row.want {
				t.Errorf("Search of %s at %d: %v", row.text, pad, got)
			}
		}
	}
}
