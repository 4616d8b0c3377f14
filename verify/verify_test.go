package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// A stub is a server that writes down all that reaches it.
type stub struct {
	*httptest.Server
	mu       sync.Mutex
	requests []recorded
}

type recorded struct {
	method, url, body string
	header            http.Header
}

func newStub(t *testing.T, handle http.HandlerFunc) *stub {
	t.Helper()
	s := &stub{}
	s.Server = httptest.NewServer(s.recording(handle))
	t.Cleanup(s.Close)
	return s
}

func (s *stub) recording(handle http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.requests = append(s.requests, recorded{r.Method, r.URL.String(), string(body), r.Header.Clone()})
		s.mu.Unlock()
		handle(w, r)
	})
}

func (s *stub) bodies() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all strings.Builder
	for _, r := range s.requests {
		all.WriteString(r.body)
	}
	return all.String()
}

func (s *stub) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

func asked(r *http.Request) []string {
	var q struct{ Tokens []string }
	_ = json.NewDecoder(r.Body).Decode(&q)
	return q.Tokens
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// unleash is a server as it should be, that knows some tokens by their type.
func unleash(types map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/edge/validate") && r.Method == http.MethodPost && r.Header.Get("Authorization") == "":
			list := []map[string]any{}
			for _, token := range asked(r) {
				if typ := types[token]; typ != "" && !strings.HasPrefix(token, "user:") {
					list = append(list, map[string]any{"token": token, "type": typ, "projects": []string{"default"},
						"environment": "development"})
				}
			}
			answerJSON(w, 200, map[string]any{"tokens": list})
		case strings.HasSuffix(r.URL.Path, "/api/admin/user"):
			token := r.Header.Get("Authorization")
			switch {
			case token == "":
				answerJSON(w, 401, map[string]any{"name": "AuthenticationRequired",
					"message": "You must log in to use Unleash. Your request had no authorization header", "type": "password"})
			case types[token] != "":
				answerJSON(w, 200, map[string]any{"user": map[string]any{"accountType": types[token], "id": 1}})
			default:
				answerJSON(w, 401, map[string]any{"name": "UnauthorizedError", "message": "You must log in to use Unleash."})
			}
		default:
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<title>Unleash</title>")
		}
	}
}

func credential(t *testing.T, text string) rules.Credential {
	t.Helper()
	c, ok := rules.ParseValue(text)
	if !ok {
		t.Fatalf("%s is no credential", text)
	}
	return c
}

func apiToken(t *testing.T, n int) rules.Credential {
	return credential(t, "default:development."+fmt.Sprintf("%056x", 1<<40+n))
}

func client(t *testing.T, o Options) *Client {
	t.Helper()
	if o.answerTimeout == 0 {
		o.answerTimeout = 5 * time.Second
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// know asks about one credential.
func know(c *Client, cred rules.Credential) rules.Knowledge {
	return c.Know(context.Background(), []rules.Credential{cred})[0]
}

func TestVerdicts(t *testing.T) {
	live, dead := apiToken(t, 1), apiToken(t, 2)
	person := credential(t, "user:"+strings.Repeat("0a", 28))
	robot := credential(t, "user:"+strings.Repeat("0b", 28))
	gone := credential(t, "user:"+strings.Repeat("0c", 28))
	s := newStub(t, unleash(map[string]string{live.Secret.Reveal(): "client", person.Secret.Reveal(): "User",
		robot.Secret.Reveal(): "Service Account"}))
	for _, base := range []string{"", "/", "/api", "/api/", "/demo", "/demo/api/admin"} {
		c := client(t, Options{Servers: []string{s.URL + base}})
		got := c.Know(context.Background(), []rules.Credential{live, dead, person, live})
		if got[0].Verification != rules.Live || !slices.Equal(got[0].Kinds, []rules.Kind{rules.Backend}) ||
			got[3].Verification != rules.Live {
			t.Errorf("%q: the live token: %+v", base, got[0])
		}
		if got[1].Verification != rules.NotLive || len(got[1].Kinds) != 0 {
			t.Errorf("%q: the dead token: %+v", base, got[1])
		}
		if got[2].Verification != rules.Unchecked {
			t.Errorf("%q: a personal token without traces: %+v", base, got[2])
		}
	}
	if strings.Contains(s.bodies(), person.Secret.Reveal()) {
		t.Error("a personal token was sent without traces")
	}
	c := client(t, Options{Servers: []string{s.URL}, Traces: true})
	for cred, want := range map[rules.Credential]struct {
		v rules.Verification
		k []rules.Kind
	}{person: {rules.Live, []rules.Kind{rules.Personal}}, robot: {rules.Live, []rules.Kind{rules.ServiceAccount}},
		gone: {rules.NotLive, nil}} {
		if got := know(c, cred); got.Verification != want.v || !slices.Equal(got.Kinds, want.k) {
			t.Errorf("%s: got %+v, want %+v", cred.Secret, got, want)
		}
	}
}

// TestHostile holds that no server with a bad temper gets more than no verdict.
func TestHostile(t *testing.T) {
	cred := apiToken(t, 7)
	secret := cred.Secret.Reveal()
	elsewhere := newStub(t, unleash(map[string]string{secret: "client"}))
	listed := map[string]any{"tokens": []any{map[string]any{"token": secret, "type": "client"}}}
	drip := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			select {
			case <-r.Context().Done():
				return
			case <-time.After(10 * time.Millisecond):
				_, _ = io.WriteString(w, " ")
				w.(http.Flusher).Flush()
			}
		}
	}
	for name, handle := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/edge/validate", http.StatusTemporaryRedirect)
		},
		"html": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<title>Unleash</title>") },
		"json that is called html": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_ = json.NewEncoder(w).Encode(listed)
		},
		"not found": func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 404, map[string]any{"tokens": []any{}}) },
		"rate":      func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 429, listed) },
		"broken":    func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 500, listed) },
		"gateway":   func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 503, map[string]any{"tokens": []any{}}) },
		"401":       func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 401, map[string]any{"tokens": []any{}}) },
		"slow":      func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"dripping":  drip,
		"huge": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"tokens":[`+strings.Repeat(" ", maxAnswer)+`]}`)
		},
		"echo": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.Copy(w, r.Body)
		},
		"yes to all": func(w http.ResponseWriter, r *http.Request) {
			var list []any
			for _, token := range asked(r) {
				list = append(list, map[string]any{"token": token, "type": "client"})
			}
			answerJSON(w, 200, map[string]any{"tokens": list})
		},
		"others": func(w http.ResponseWriter, _ *http.Request) {
			answerJSON(w, 200, map[string]any{"tokens": []any{map[string]any{"token": "default:development." + strings.Repeat("ab", 28)}}})
		},
		"null":     func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, map[string]any{"tokens": nil}) },
		"no key":   func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, map[string]any{}) },
		"list":     func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, []any{}) },
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"quotes us": func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = conn.Write(append(body, '\r', '\n', '\r', '\n'))
				_ = conn.Close()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStub(t, handle)
			s.Config.ErrorLog = nil
			c := client(t, Options{Servers: []string{s.URL}, answerTimeout: 300 * time.Millisecond})
			got := know(c, cred)
			if got.Verification != rules.Unchecked || len(got.Kinds) != 0 {
				t.Errorf("got %+v", got)
			}
			if len(got.Says) != 1 || strings.Contains(got.Says[0], secret) || strings.Contains(got.Says[0], secret[20:40]) {
				t.Errorf("says %q", got.Says)
			}
			if n := s.count(); n != 1 {
				t.Errorf("asked %d times", n)
			}
			if know(c, cred); s.count() != 1 {
				t.Error("the token was sent again")
			}
		})
	}
	if elsewhere.count() != 0 {
		t.Error("a redirect was followed")
	}
}

// TestServersNames holds that of a server's names none is shown that repeats the secret.
func TestServersNames(t *testing.T) {
	for _, secret := range []string{strings.Repeat("0c1d", 14), "chosen-by-hand"} {
		cred := credential(t, "default:development."+secret)
		s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
			answerJSON(w, 200, map[string]any{"tokens": []any{map[string]any{"token": cred.Secret.Reveal(), "type": "client",
				"projects": []string{secret}, "environment": "of-" + secret[2:12]}}})
		})
		k := know(client(t, Options{Servers: []string{s.URL}}), cred)
		if k.Verification != rules.Live || strings.Contains(k.Says[0], secret[2:12]) {
			t.Errorf("got %+v", k)
		}
	}
}

// TestLiarLater holds that a server which is caught is not believed in what it said before.
func TestLiarLater(t *testing.T) {
	var creds []rules.Credential
	for i := range 2*batchSize + 1 {
		creds = append(creds, apiToken(t, i))
	}
	n := 0
	s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		list := []any{}
		for _, token := range asked(r) {
			if n == 2 || token == creds[0].Secret.Reveal() {
				list = append(list, map[string]any{"token": token, "type": "client"})
			}
		}
		answerJSON(w, 200, map[string]any{"tokens": list})
	})
	for i, k := range client(t, Options{Servers: []string{s.URL}}).Know(context.Background(), creds) {
		if k.Verification != rules.Unchecked {
			t.Fatalf("token %d: %+v", i, k)
		}
	}
}

func TestBatches(t *testing.T) {
	var creds []rules.Credential
	live := map[string]string{}
	for i := range 2*batchSize + 5 {
		creds = append(creds, apiToken(t, i))
		live[creds[i].Secret.Reveal()] = "frontend"
	}
	s := newStub(t, unleash(live))
	for i, k := range client(t, Options{Servers: []string{s.URL}}).Know(context.Background(), append(creds, creds...)) {
		if k.Verification != rules.Live {
			t.Fatalf("token %d: %+v", i, k)
		}
	}
	seen, controls := map[string]int{}, 0
	for _, r := range s.requests {
		var q struct{ Tokens []string }
		if err := json.Unmarshal([]byte(r.body), &q); err != nil {
			t.Fatal(err)
		}
		if len(q.Tokens) > batchSize+1 {
			t.Errorf("%d tokens in one request", len(q.Tokens))
		}
		before := controls
		for _, token := range q.Tokens {
			seen[token]++
			if live[token] == "" {
				controls++
			}
		}
		if controls != before+1 {
			t.Errorf("%d control tokens in a request", controls-before)
		}
	}
	for token, n := range seen {
		if n != 1 {
			t.Errorf("%s was sent %d times", rules.NewSecret(token, rules.Scoped), n)
		}
	}
	if len(s.requests) != 3 {
		t.Errorf("%d requests", len(s.requests))
	}
}

// TestSeveralServers holds that one server which lists a token is enough, and that one without an answer leaves it open.
func TestSeveralServers(t *testing.T) {
	live, dead := apiToken(t, 1), apiToken(t, 2)
	knows := newStub(t, unleash(map[string]string{live.Secret.Reveal(): "admin"}))
	other := newStub(t, unleash(nil))
	broken := newStub(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) })
	for _, row := range []struct {
		servers    []string
		live, dead rules.Verification
	}{
		{[]string{other.URL, knows.URL}, rules.Live, rules.NotLive},
		{[]string{knows.URL, other.URL, knows.URL + "/api"}, rules.Live, rules.NotLive},
		{[]string{broken.URL, knows.URL}, rules.Live, rules.Unchecked},
		{[]string{knows.URL, broken.URL}, rules.Live, rules.Unchecked},
	} {
		c := client(t, Options{Servers: row.servers})
		if got := know(c, live); got.Verification != row.live {
			t.Errorf("%v, live: %+v", row.servers, got)
		}
		if got := know(c, dead); got.Verification != row.dead {
			t.Errorf("%v, dead: %+v", row.servers, got)
		}
	}
}

// TestTraces holds what makes the answers about personal tokens worth nothing.
func TestTraces(t *testing.T) {
	cred := credential(t, "user:"+strings.Repeat("0d", 28))
	user := map[string]any{"user": map[string]any{"id": 1}}
	stranger := map[string]any{"name": "AuthenticationRequired", "message": "You must log in to use Unleash."}
	for name, row := range map[string]struct {
		without, with func(http.ResponseWriter)
		want          rules.Verification
		requests      int
	}{
		"open to all": {func(w http.ResponseWriter) { answerJSON(w, 200, user) },
			func(w http.ResponseWriter) { answerJSON(w, 200, user) }, rules.Unchecked, 1},
		"someone else's 401": {func(w http.ResponseWriter) { answerJSON(w, 401, stranger) },
			func(w http.ResponseWriter) { answerJSON(w, 401, map[string]any{"error": "unauthorized"}) }, rules.Unchecked, 2},
		"403": {func(w http.ResponseWriter) { answerJSON(w, 401, stranger) },
			func(w http.ResponseWriter) { answerJSON(w, 403, stranger) }, rules.Unchecked, 2},
		"200 without a user": {func(w http.ResponseWriter) { answerJSON(w, 401, stranger) },
			func(w http.ResponseWriter) { answerJSON(w, 200, map[string]any{}) }, rules.Unchecked, 2},
		"404 for all": {func(w http.ResponseWriter) { answerJSON(w, 404, stranger) }, nil, rules.Unchecked, 1},
		"unleash": {func(w http.ResponseWriter) { answerJSON(w, 401, stranger) },
			func(w http.ResponseWriter) { answerJSON(w, 200, user) }, rules.Live, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") == "" {
					row.without(w)
				} else {
					row.with(w)
				}
			})
			c := client(t, Options{Servers: []string{s.URL}, Traces: true})
			if got := know(c, cred); got.Verification != row.want {
				t.Errorf("got %+v", got)
			}
			if s.count() != row.requests {
				t.Errorf("%d requests", s.count())
			}
		})
	}
}

// TestWhereTokensGo holds that a token stands in the body of a request, or in one header, and nowhere else.
func TestWhereTokensGo(t *testing.T) {
	cred, person := apiToken(t, 3), credential(t, "user:"+strings.Repeat("0e", 28))
	s := newStub(t, unleash(map[string]string{cred.Secret.Reveal(): "client"}))
	c := client(t, Options{Servers: []string{s.URL}, Traces: true})
	c.Know(context.Background(), []rules.Credential{cred, person})
	for _, r := range s.requests {
		header := r.header.Clone()
		header.Del("Authorization")
		rest := r.url + fmt.Sprint(header)
		for _, secret := range []string{cred.Secret.Reveal(), person.Secret.Reveal()} {
			if strings.Contains(rest, secret) {
				t.Errorf("%s %s: the token is in the URL or a header", r.method, r.url)
			}
		}
		if strings.HasSuffix(r.url, "/edge/validate") && r.header.Get("Authorization") != "" {
			t.Error("/edge/validate was asked with a token in the header: that leaves a trace")
		}
		if r.header.Get("Cookie") != "" {
			t.Error("a cookie was sent")
		}
	}
	plan := fmt.Sprint(c.Plan([]rules.Credential{cred, person}))
	if strings.Contains(plan, cred.Secret.Reveal()) || !strings.Contains(plan, s.URL+"/edge/validate") {
		t.Errorf("plan: %s", plan)
	}
}

func TestPlanSendsNothing(t *testing.T) {
	s := newStub(t, unleash(nil))
	client(t, Options{Servers: []string{s.URL}}).Plan([]rules.Credential{apiToken(t, 4)})
	if s.count() != 0 {
		t.Error("something was sent")
	}
}

func TestTLS(t *testing.T) {
	cred := apiToken(t, 5)
	s := &stub{}
	s.Server = httptest.NewTLSServer(s.recording(unleash(map[string]string{cred.Secret.Reveal(): "client"})))
	t.Cleanup(s.Close)
	s.Config.ErrorLog = nil
	if got := know(client(t, Options{Servers: []string{s.URL}}), cred); got.Verification != rules.Unchecked ||
		!strings.Contains(got.Says[0], "certificate") {
		t.Errorf("an authority that nobody trusts: %+v", got)
	}
	if s.count() != 0 {
		t.Error("the token was sent to a server without a valid certificate")
	}
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if got := know(client(t, Options{Servers: []string{s.URL}, CAs: authority}), cred); got.Verification != rules.Live {
		t.Errorf("with the authority's certificate: %+v", got)
	}
	if _, err := New(Options{Servers: []string{s.URL}, CAs: []byte("none")}); err == nil {
		t.Error("a file without certificates is taken")
	}
	plain := newStub(t, unleash(nil))
	if got := know(client(t, Options{Servers: []string{strings.Replace(plain.URL, "http:", "https:", 1)}}), cred); got.Verification !=
		rules.Unchecked {
		t.Errorf("a server without TLS: %+v", got)
	}
}

// TestServerTimeout holds that a server is given up once all of its answers together took too long.
func TestServerTimeout(t *testing.T) {
	s := newStub(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(30 * time.Millisecond)
		answerJSON(w, 200, map[string]any{"tokens": []any{}})
	})
	var creds []rules.Credential
	for i := range 20 * batchSize {
		creds = append(creds, apiToken(t, i))
	}
	got := client(t, Options{Servers: []string{s.URL}, serverTimeout: 100 * time.Millisecond}).Know(context.Background(), creds)
	if last := got[len(got)-1]; last.Verification != rules.Unchecked {
		t.Errorf("the last token: %+v", last)
	}
	if n := s.count(); n > 5 {
		t.Errorf("it was asked %d times", n)
	}
}

func TestNobodyThere(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	url := s.URL
	s.Close()
	if got := know(client(t, Options{Servers: []string{url}}), apiToken(t, 6)); got.Verification != rules.Unchecked {
		t.Errorf("got %+v", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	up := newStub(t, unleash(nil))
	got := client(t, Options{Servers: []string{up.URL}}).Know(ctx, []rules.Credential{apiToken(t, 6)})
	if got[0].Verification != rules.Unchecked || up.count() != 0 {
		t.Errorf("after an interrupt: %+v, %d requests", got[0], up.count())
	}
}

func TestParseServer(t *testing.T) {
	for text, want := range map[string]string{
		"https://unleash.example.com":                "https://unleash.example.com",
		" https://Unleash.example.com/ ":             "https://unleash.example.com",
		"https://unleash.example.com/api":            "https://unleash.example.com",
		"https://unleash.example.com/api/":           "https://unleash.example.com",
		"https://unleash.example.com/api/frontend":   "https://unleash.example.com",
		"https://eu.app.example.com/demo/api":        "https://eu.app.example.com/demo",
		"https://eu.app.example.com/demo/api/client": "https://eu.app.example.com/demo",
		"https://eu.app.example.com/apis":            "https://eu.app.example.com/apis",
		"http://127.0.0.1:4242/":                     "http://127.0.0.1:4242",
		"https://[::1]:4242/api":                     "https://[::1]:4242",
		"unleash.example.com":                        "",
		"ftp://unleash.example.com":                  "",
		"https://":                                   "",
		"https:///api":                               "",
		"https://name:hunter7@unleash.example.com":   "",
		"https://unleash.example.com/?token=x":       "",
		"https://unleash.example.com/#/projects":     "",
		"https://unleash.example.com/%zz":            "",
		"":                                           "",
		"https://unleash.example.com/default:development." + strings.Repeat("a1", 28): "",
	} {
		got, err := ParseServer(text)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter7") {
			t.Errorf("%q: the error quotes it: %v", text, err)
		}
	}
}
