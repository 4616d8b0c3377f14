package scanner_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
)

// liveVariable holds "URL,TOKEN": a server that may be written to, and an admin or personal access token of it.
const liveVariable = "UNLEAKED_LIVE"

// TestLive mints tokens on a running Unleash server, wraps each in what tokens are found in, and wants it once, whole,
// with its parts and at its place. It deletes what it minted. Tokens never show in its output.
func TestLive(t *testing.T) {
	base, admin, ok := strings.Cut(os.Getenv(liveVariable), ",")
	if !ok {
		t.Skipf("%s is not set: URL,TOKEN of an Unleash server to mint tokens on, as http://127.0.0.1:4242,*:*.<hash>",
			liveVariable)
	}
	server := liveServer{base: strings.TrimSuffix(base, "/"), admin: admin}
	minted := server.mint(t)
	if len(minted) == 0 {
		t.Fatal("the server minted no token")
	}
	identity := func(s string) string { return s }
	replace := func(old, with string) func(string) string {
		return func(s string) string { return strings.ReplaceAll(s, old, with) }
	}
	std := base64.StdEncoding.EncodeToString
	wrappings := []struct {
		file, before string
		encode       func(string) string
		after        string
	}{
		{".env", "A=1\nUNLEASH_API_TOKEN=", identity, "\nB=2\n"},
		{".env", "UNLEASH_API_TOKEN=\"", identity, "\"\r\n"},
		{"run.sh", "export UNLEASH_API_TOKEN='", identity, "'\n"},
		{"run.sh", "curl -H 'Authorization: Bearer ", identity, "' https://unleash.example.org/api/client/features\n"},
		{"a.json", `{"é": 1, "unleash": {"apiToken": "`, identity, `"}}`},
		{"a.json", `{"unleash":{"apiToken":"`, replace(":", `\u003a`), `"}}`},
		{"a.json", `{"unleash":"{\"apiToken\":\"`, identity, `\"}"}`},
		{"a.yaml", "unleash:\n  apiToken: ", identity, " # c\n"},
		{"compose.yaml", "services:\n  a:\n    environment:\n      - UNLEASH_API_TOKEN=", identity, "\n"},
		{"secret.yaml", "kind: Secret\ndata:\n  UNLEASH_API_TOKEN: ", func(s string) string { return std([]byte(s)) },
			"\n"},
		{"a.xml", "<unleash><token>", identity, "</token></unleash>"},
		{"a.html", "<!-- unleash ", replace(":", "&#58;"), " -->"},
		{"a.md", "| unleash | `", identity, "` |\n"},
		{"a.md", "The Unleash token is ", replace("_", `\_`), ".\n"},
		{"a.csv", "unleash,", identity, ",1\n"},
		{"a.log", "2026-01-02 unleash: 401 for token (", identity, "), retrying\n"},
		{"a.txt", "https://unleash.example.org/api/client/features?token=", url.QueryEscape, "&x=1\n"},
		{"a.properties", "unleash.token=", replace(":", `\:`), "\n"},
		{"a.toml", "[unleash]\ntoken = \"", identity, "\"\n"},
		{"a.go", "package a\n\nconst unleashToken = `", identity, "`\n"},
		{"a.js", "const unleashToken = `Bearer ", identity, "`;\n"},
		{"a.js", "const unleashToken = '", func(s string) string { return s[:len(s)-40] + "' + '" + s[len(s)-40:] },
			"';\n"},
		{"a.min.js", `!function(e){var n={appName:"unleash",clientKey:"`, identity, `"},r=[1]}(0);`},
		{"a.js.map", `{"version":3,"sources":["a.js"],"sourcesContent":["const unleash = \"`, identity, `\";\n"]}`},
		{"a.py", "TOKEN = (\"", func(s string) string { return s[:len(s)-36] + "\"\n    \"" + s[len(s)-36:] },
			"\")  # unleash\n"},
		{"A.java", "class A { // unleash\n  static final String TOKEN = \"", identity, "\";\n}\n"},
		{"a.rs", "let unleash_token = b\"", identity, "\";\n"},
		{"a.patch", "+++ b/.env\n@@ -1 +1 @@\n+UNLEASH_API_TOKEN=", identity, "\n"},
		{"token", "", identity, ""},
	}
	for i, m := range minted {
		for _, w := range wrappings {
			before, text := w.before, w.before+w.encode(m.token)+w.after
			checkLive(t, fmt.Sprintf("token %d (%s) in %s behind %.30q", i, m, w.file, before), w.file, text, before, m)
		}
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			before := "A=1\nUNLEASH_API_TOKEN="
			checkLive(t, fmt.Sprintf("token %d (%s) in UTF-16", i, m), ".env", utf16Text(order, true,
				before+m.token+"\n"), before, m)
		}
		checkLive(t, fmt.Sprintf("token %d (%s) in gzip", i, m), "a.log.gz", gzipped("unleash "+m.token+"\n"),
			"unleash ", m)
	}
	t.Logf("%d tokens, each in %d wrappings", len(minted), len(wrappings)+3)
}

// checkLive wants one finding in text: the token, right behind before.
func checkLive(t *testing.T, what, file, text, before string, m mintedToken) {
	t.Helper()
	found := slices.DeleteFunc(finds(t, file, text), func(f finding.Finding) bool { return f.Secret.IsZero() })
	if len(found) != 1 {
		t.Errorf("%s: %d findings, want 1", what, len(found))
		return
	}
	f := found[0]
	if f.Secret.Reveal() != m.token {
		t.Errorf("%s: another text: %s", what, f.Secret)
	}
	if f.Project != m.project || f.Environment != m.environment || (f.Selector != "") != strings.Contains(m.token,
		"v2_") {
		t.Errorf("%s: project %q, environment %q, selector %q", what, f.Project, f.Environment, f.Selector)
	}
	if account := strings.HasPrefix(m.token, "user"+":"); account && f.Kind != "personal" ||
		(m.project == "*" && m.environment == "*") != (f.Kind == "admin") {
		t.Errorf("%s: kind %s", what, f.Kind)
	}
	line, column := 1+strings.Count(before, "\n"), 1+len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
	if f.Line != line || f.Column != column {
		t.Errorf("%s: at %d:%d, want %d:%d", what, f.Line, f.Column, line, column)
	}
}

// A mintedToken is what the server made, and what it was asked for.
type mintedToken struct{ token, project, environment string }

func (m mintedToken) String() string { return fmt.Sprintf("%q %q", m.project, m.environment) }

// A liveServer is an Unleash server, spoken to with an admin or personal access token.
type liveServer struct{ base, admin string }

// mint makes a token of every kind and scope that the server lets the caller make.
func (s liveServer) mint(t *testing.T) []mintedToken {
	minted := []mintedToken{{token: s.admin, project: "*", environment: "*"}}
	if strings.HasPrefix(s.admin, "user"+":") {
		minted[0].project, minted[0].environment = "", ""
	}
	for _, environment := range []string{"development", "production", "default"} {
		for _, project := range []string{"default", "*"} {
			for _, kind := range []string{"backend", "client", "frontend"} {
				var made struct{ Secret string }
				created := false
				for _, name := range []string{"tokenName", "username"} { // servers before 5 know only the second
					created = created || s.call(t, http.MethodPost, "/api/admin/api-tokens", map[string]any{
						name: "unleaked test", "type": kind, "environment": environment, "projects": []string{project},
					}, &made) == http.StatusCreated
				}
				if !created {
					continue // the environment is not there, or this version does not know the type
				}
				minted = append(minted, mintedToken{token: made.Secret, project: project, environment: environment})
				t.Cleanup(func() {
					s.call(t, http.MethodDelete, "/api/admin/api-tokens/"+url.PathEscape(deletable(made.Secret)), nil,
						nil)
				})
			}
		}
	}
	return minted
}

// deletable is how the server names a token that is to be deleted: a token of the second generation by its selector.
func deletable(token string) string {
	if _, v2, ok := strings.Cut(token, ".v2_"); ok {
		return v2[:22]
	}
	return token
}

// call sends one request. What the server answers may hold tokens: it is never shown.
func (s liveServer) call(t *testing.T, method, path string, body, into any) int {
	t.Helper()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s is no URL", liveVariable) // err shows the path, which may be a token
	}
	req.Header.Set("Authorization", s.admin)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(errors.Unwrap(err)) // without the URL, which may hold a token
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		t.Fatal("the answer was cut off")
	}
	if into != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(answer, into); err != nil {
			t.Fatal("the answer is not JSON")
		}
	}
	return res.StatusCode
}
