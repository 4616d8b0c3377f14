package rules

import "testing"

func TestClassifyName(t *testing.T) {
	for _, c := range []struct {
		name      string
		kind      Kind
		certainty Certainty
	}{
		{"UNLEASH_BACKEND_TOKEN", Backend, ByName},
		{"UNLEASH_SERVER_API_TOKEN", Backend, ByName},
		{"SCRUMLR_UNLEASH_BACKEND_TOKEN", Backend, ByName},
		{"unleashBackendToken", Backend, ByName},
		{"UnleashBackendAPIToken", Backend, ByName},
		{"UNLEASH_FRONTEND_API_TOKEN", Frontend, ByName},
		{"NEXT_PUBLIC_UNLEASH_FRONTEND_API_TOKEN", Frontend, ByName},
		{"NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN", Backend, ByName},
		{"VITE_UNLEASH_PAT", Personal, ByName},
		{"UNLEASH_MCP_PAT_TOKEN", Personal, ByName},
		{"UNLEASH_PERSONAL_ACCESS_TOKEN", Personal, ByName},
		{"UNLEASH_SERVICE_ACCOUNT_TOKEN", ServiceAccount, ByName},
		{"UNLEASH_ADMIN_API_KEY", Admin, ByName},
		{"INIT_CLIENT_API_TOKENS", Backend, Declared},
		{"INIT_FRONTEND_API_TOKENS", Frontend, Declared},
		{"UNLEASH_API_TOKEN", Backend, ByHint},
		{"UNLEASH_API_TOKEN_PRODUCTION", Backend, ByHint},
		{"OMNI_UNLEASH_API_KEY", Backend, ByHint},
		{"UNLEASH_CLIENT_KEY", Frontend, ByHint},
		{"VITE_UNLEASH_API_TOKEN", Frontend, ByHint},
		{"REACT_APP_FLAGS_TOKEN", Frontend, ByHint},
		{"UNLEASH_TOKEN", Unknown, None},
		{"UNLEASH_KEY", Unknown, None},
		{"UNLEASH_SECRET", Unknown, None},
		{"UNLEASH_SERVER_URL", Unknown, None},
		{"UNLEASH_API_TOKENS_LIMIT", Unknown, None},
		{"UNLEASH_PAT_KILL_SWITCH", Unknown, None},
		{"UNLEASH_BACKEND_FRONTEND_TOKEN", Unknown, None},
		{"validation_server_with_valid_tokens", Unknown, None},
		{"UNLEASH_TOKEN_BACKEND", Backend, ByName},
		{"unleashServerSideSdkKey", Backend, ByName},
		{"PATH", Unknown, None},
		{"", Unknown, None},
	} {
		if got := ClassifyName(c.name); got.Kind != c.kind || got.Certainty != c.certainty {
			t.Errorf("ClassifyName(%q) = %s by %s, want %s by %s", c.name, got.Kind, got.Certainty, c.kind, c.certainty)
		}
	}
	for _, name := range []string{"UNLEASH_PROXY_CLIENT_KEYS", "UNLEASH_PROXY_SECRETS", "unleashProxyClientKeys",
		"UNLEASH_CLIENT_KEYS"} {
		if !ClassifyName(name).Designate {
			t.Errorf("ClassifyName(%q) does not designate", name)
		}
	}
	if ClassifyName("ruckus_unleashed_password").Unleash {
		t.Error("Ruckus Unleashed is not Unleash")
	}
	if c := ClassifyName("personal_access_token", "unleash"); !c.Unleash || c.Kind != Personal {
		t.Errorf("a key of [unleash] is %+v", c)
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"UNLEASH_API_TOKEN": "UNLEASH_API_TOKEN", "unleash.api-token": "UNLEASH_API_TOKEN",
		"unleashApiToken": "UNLEASH_API_TOKEN", "UnleashAPIToken": "UNLEASH_API_TOKEN",
		"FeatureFlags:ApiKey": "FEATURE_FLAGS_API_KEY", "kFlagKey": "K_FLAG_KEY", "API_V2Key": "API_V2_KEY", "": "",
		"--tokens": "TOKENS",
	} {
		if got := NormalName(name); got != want {
			t.Errorf("NormalName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestClassifyURL(t *testing.T) {
	for text, want := range map[string]API{
		"https://unleash.example.com/api": BaseAPI, "http://localhost:4242/api/": BaseAPI,
		"https://u.example/api/client/features": ClientAPI, "/api/client": ClientAPI,
		"https://e.example/api/frontend?x=1": FrontendAPI, "https://u.example/api/proxy": FrontendAPI,
		"https://app.example/demo/api/development/proxy": FrontendAPI, "https://p.example/proxy": ProxyAPI,
		"http://localhost:3000/proxy": ProxyAPI, "/api/admin/projects": AdminAPI, "https://u.example": NoAPI,
		"https://gitlab.com/api/v4/feature_flags/unleash/42": GitLabAPI,
		"https://proxy.example/api/frontend":                 FrontendAPI, "api/frontend": FrontendAPI, "x": NoAPI,
		"https://u.example/reverse-proxy/": NoAPI, "http://localhost:3000/proxy/client/features": NoAPI,
		"/proxy/client/metrics": ProxyAPI,
	} {
		if got := ClassifyURL(text); got != want {
			t.Errorf("ClassifyURL(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestDeploymentOfPath(t *testing.T) {
	for path, want := range map[string]string{
		".env.development": "development", ".env.test": "test", ".env.local": "", ".env": "", "values-qa.yaml": "qa",
		"overlays/uat/flags.yaml": "uat", "application-prod.yml": "production",
		"config/environments/staging.rb": "staging", "test/flags.env": "", "tests/prod.env": "production",
		"envs/stg/service.env": "staging", "src/flags_test.go": "", "ci/x.env": "",
		"overlays/staging/values-prod.yaml": "", "clusters/eu-prod/x.yaml": "production", "clusters/main/x.yaml": "",
		"environment.prod.ts": "production", "src/test.ts": "", ".env.production.local": "production",
	} {
		if got := DeploymentOfPath(path); got != want {
			t.Errorf("DeploymentOfPath(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	c := func(project, env string) Credential { return Credential{Project: project, Environment: env} }
	for _, row := range []struct {
		backend, frontend Credential
		want              int
	}{
		{c("*", "e"), c("p", "e"), 1}, {c("*", "e"), c("[]", "e"), 1}, {c("p", "e"), c("p", "e"), 1},
		{c("p", "e"), c("q", "e"), -1}, {c("p", "e"), c("*", "e"), -1},
		{c("p", "e"), c("[]", "e"), -1}, {c("[]", "e"), c("p", "e"), 0}, {c("[]", "e"), c("[]", "e"), 0},
		{c("[]", "e"), c("*", "e"), -1}, {c("*", "e"), c("*", "f"), -1},
	} {
		if got := Covers(row.backend, row.frontend); got != row.want {
			t.Errorf("Covers(%s:%s, %s:%s) = %d, want %d", row.backend.Project, row.backend.Environment,
				row.frontend.Project, row.frontend.Environment, got, row.want)
		}
	}
}

func TestSettle(t *testing.T) {
	ev := func(c Certainty, k Kind) Evidence { return Evidence{Certainty: c, Kind: k} }
	scoped := Credential{Format: Scoped, Kind: Unknown, Project: "p", Environment: "e"}
	account := Credential{Format: Account, Kind: Personal}
	for _, row := range []struct {
		note     string
		cred     Credential
		evidence []Evidence
		kind     Kind
		conflict bool
	}{
		{"nothing", scoped, nil, Unknown, false},
		{"a name before a sink", scoped, []Evidence{ev(BySink, Frontend), ev(ByName, Backend)}, Backend, false},
		{"a declaration before a name", scoped, []Evidence{ev(ByName, Backend), ev(Declared, Frontend)}, Frontend,
			false},
		{"two sinks", scoped, []Evidence{ev(BySink, Frontend), ev(BySink, Backend)}, Unknown, true},
		{"two sinks and a name", scoped, []Evidence{ev(BySink, Frontend), ev(BySink, Backend), ev(ByName, Backend)},
			Backend, false},
		{"two weak names", scoped, []Evidence{ev(ByHint, Frontend), ev(ByHint, Backend)}, Unknown, false},
		{"a prefix among weak names", scoped, []Evidence{{Certainty: ByHint, Kind: Frontend, Prefix: true},
			ev(ByHint, Backend)}, Frontend, false},
		{"a name that the string excludes", scoped, []Evidence{ev(ByName, Personal)}, Unknown, false},
		{"INIT_ADMIN_API_TOKENS", scoped, []Evidence{ev(Declared, Admin)}, Admin, false},
		{"user: is personal", account, []Evidence{ev(ByName, Backend)}, Personal, false},
		{"a service account by hint", account, []Evidence{ev(ByName, ServiceAccount)}, ServiceAccount, false},
	} {
		v := Settle([]Site{{Credential: row.cred, Evidence: row.evidence}})
		if v.Kind != row.kind || v.Conflict != row.conflict {
			t.Errorf("%s: %s, conflict %v; want %s, %v", row.note, v.Kind, v.Conflict, row.kind, row.conflict)
		}
	}
}

func TestSinksFitTheirMask(t *testing.T) {
	if n := len(Sinks()); n > 64 {
		t.Errorf("%d rows, and candidates has 64 bits", n)
	}
}
