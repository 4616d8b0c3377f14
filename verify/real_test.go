package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/inventory"
	"github.com/unleaked/unleaked/rules"
)

// A real is a server that testdata/server/run has started, and its database.
type real struct {
	t       *testing.T
	base    string
	admin   string
	db      string
	session *http.Client // of the admin user
}

func realServer(t *testing.T) *real {
	t.Helper()
	base := os.Getenv("UNLEAKED_REAL_SERVER")
	if base == "" {
		t.Skip("no real server: testdata/server/run starts one")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &real{t: t, base: base, admin: os.Getenv("UNLEAKED_REAL_ADMIN"), db: os.Getenv("UNLEAKED_REAL_DATABASE"),
		session: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	r.call(http.MethodPost, "/auth/simple/login", "", map[string]any{"username": "admin", "password": "unleash4all"}, nil)
	return r
}

// call makes a request as the admin user, or with a token, and returns the status.
func (r *real) call(method, path, token string, body, into any) int {
	r.t.Helper()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			r.t.Fatal(err)
		}
	}
	req, err := http.NewRequest(method, r.base+path, bytes.NewReader(text))
	if err != nil {
		r.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	client := r.session
	if token != "" {
		req.Header.Set("Authorization", token)
		client = &http.Client{Timeout: 20 * time.Second}
	}
	res, err := client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			r.t.Fatalf("%s %s: status %d, and no JSON", method, path, res.StatusCode)
		}
	}
	return res.StatusCode
}

// mint makes an API token.
func (r *real) mint(typ, name string, projects []string, expires time.Time) string {
	r.t.Helper()
	ask := map[string]any{"tokenName": name, "username": name, "type": typ, "environment": "development", "projects": projects}
	version := os.Getenv("UNLEAKED_REAL_VERSION")
	delete(ask, map[bool]string{true: "tokenName", false: "username"}[before(version, 5, 0)])
	if before(version, 4, 10) {
		delete(ask, "projects")
		ask["project"], ask["environment"] = projects[0], "default"
	}
	if !expires.IsZero() {
		ask["expiresAt"] = expires.UTC().Format(time.RFC3339)
	}
	var made struct{ Secret, Message string }
	if status := r.call(http.MethodPost, "/api/admin/api-tokens", "", ask, &made); made.Secret == "" {
		r.t.Fatalf("minting a %s token: status %d, %s", typ, status, made.Message)
	}
	return made.Secret
}

// mintPersonal makes a personal access token, "" where the server has none.
func (r *real) mintPersonal(name string) string {
	if before(os.Getenv("UNLEAKED_REAL_VERSION"), 4, 17) {
		return ""
	}
	var made struct{ Secret string }
	r.call(http.MethodPost, "/api/admin/user/tokens", "", map[string]any{"description": name,
		"expiresAt": time.Now().AddDate(1, 0, 0).UTC().Format(time.RFC3339)}, &made)
	return made.Secret
}

func (r *real) query(sql string) string {
	r.t.Helper()
	out, err := exec.Command("psql", r.db, "-XAtc", sql).CombinedOutput()
	if err != nil {
		r.t.Fatalf("psql: %v", err)
	}
	return string(out)
}

// traces is all in the database that a request could leave behind.
func (r *real) traces() string {
	var all strings.Builder
	for _, table := range []string{"api_tokens", "api_tokens_v2", "personal_access_tokens"} {
		if r.query("SELECT to_regclass('public."+table+"') IS NOT NULL") == "t\n" {
			all.WriteString(table + "\n" + r.query("SELECT * FROM "+table+" ORDER BY created_at, 1"))
		}
	}
	for _, table := range []string{"client_instances", "client_applications", "events"} {
		all.WriteString(table + " " + r.query("SELECT count(*) FROM "+table))
	}
	return all.String()
}

// TestReal mints every kind of token, and holds what the servers' lists and the servers themselves say of each, in each of its
// states, against what is so. To ask without traces must leave the database as it was.
func TestReal(t *testing.T) {
	r := realServer(t)
	version := os.Getenv("UNLEAKED_REAL_VERSION")
	old := strings.HasPrefix(version, "4.") // types and the question are newer
	client := "client"
	if !before(version, 7, 2) {
		client = "backend"
	}
	type row struct {
		text string
		kind rules.Kind
		live bool
	}
	rows := map[string]row{
		"admin":   {r.admin, rules.Admin, true},
		"seeded":  {os.Getenv("UNLEAKED_REAL_SEED"), rules.Backend, true},
		"backend": {r.mint(client, "backend", []string{"default"}, time.Time{}), rules.Backend, true},
		"all":     {r.mint(client, "all projects", []string{"*"}, time.Time{}), rules.Backend, true},
	}
	if before(version, 4, 5) { // INIT_... is newer
		delete(rows, "admin")
		delete(rows, "seeded")
	}
	if !old {
		rows["frontend"] = row{r.mint("frontend", "frontend", []string{"default"}, time.Now().AddDate(1, 0, 0)), rules.Frontend, true}
	}
	gone := r.mint(client, "gone", []string{"default"}, time.Time{})
	expired := r.mint(client, "expired", []string{"default"}, time.Now().Add(2*time.Second))
	name := gone
	if c, _ := rules.ParseValue(gone); c.Selector != "" {
		name = c.Selector
	}
	if status := r.call(http.MethodDelete, "/api/admin/api-tokens/"+name, "", nil, nil); status != 200 {
		t.Fatalf("deleting a token: status %d", status)
	}
	rows["deleted"] = row{gone, rules.Backend, false}
	rows["expired"] = row{expired, rules.Backend, false}
	rows["never made"] = row{controlToken(), "", false}
	good := rows["backend"].text
	last := "0"
	if strings.HasSuffix(good, last) {
		last = "4"
	}
	rows["altered"] = row{good[:len(good)-1] + last, "", false}
	time.Sleep(3 * time.Second)

	t.Run("inventory", func(t *testing.T) {
		var answer json.RawMessage
		r.call(http.MethodGet, "/api/admin/api-tokens", "", nil, &answer)
		key := bytes.Repeat([]byte{1}, 32)
		v, err := inventory.Read([]inventory.File{{Name: "answer", Text: answer, Time: time.Now()}}, key)
		if err != nil {
			t.Fatal(err)
		}
		var written bytes.Buffer
		if err := v.Write(&written); err != nil {
			t.Fatal(err)
		}
		for name, row := range rows {
			if strings.Contains(written.String(), row.text) {
				t.Errorf("%s: the hashed inventory holds the token", name)
			}
		}
		hashed, err := inventory.Open(inventory.File{Name: "hashed", Text: written.Bytes()})
		if err != nil {
			t.Fatal(err)
		}
		if err := hashed.UseKey(key); err != nil {
			t.Fatal(err)
		}
		for name, row := range rows {
			k := hashed.Look(parse(t, row.text), time.Now())
			want := rules.Active
			switch name {
			case "expired":
				want = rules.Expired
			case "deleted", "never made":
				want = rules.Absent
			case "altered":
				if parse(t, row.text).Selector != "" {
					continue // the list has no verifier
				}
				want = rules.Absent
			}
			if k.Listing == nil || k.Listing.State != want || want == rules.Active && k.Listing.Type != row.kind {
				t.Errorf("%s (%s): got %+v, want %s %s", name, parse(t, row.text).Secret, k.Listing, want, row.kind)
			}
		}
	})

	t.Run("dump", func(t *testing.T) {
		var files []inventory.File
		for _, table := range []string{"api_tokens", "api_tokens_v2", "api_token_project", "api_tokens_v2_project",
			"personal_access_tokens", "users"} {
			if r.query("SELECT to_regclass('public."+table+"') IS NOT NULL") != "t\n" {
				continue
			}
			out, err := exec.Command("psql", r.db, "-Xqc", `\copy `+table+` to stdout csv header`).Output()
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, inventory.File{Name: table, Text: out, Time: time.Now()})
		}
		v, err := inventory.Read(files, bytes.Repeat([]byte{1}, 32))
		if err != nil {
			t.Fatal(err)
		}
		for name, row := range rows {
			k := v.Look(parse(t, row.text), time.Now())
			want := map[string]rules.ListingState{"expired": rules.Expired, "deleted": rules.Absent, "never made": rules.Absent,
				"altered": rules.Absent}[name]
			if want == "" {
				want = rules.Active
			} else if name == "altered" && parse(t, row.text).Selector != "" {
				want = rules.Altered
			}
			if k.Listing == nil || k.Listing.State != want || want == rules.Active && k.Listing.Type != row.kind {
				t.Errorf("%s: got %+v, want %s %s", name, k.Listing, want, row.kind)
			}
		}
		if person := r.mintPersonal("listed"); person != "" {
			out, err := exec.Command("psql", r.db, "-Xqc", `\copy personal_access_tokens to stdout csv header`).Output()
			if err != nil {
				t.Fatal(err)
			}
			v, err := inventory.Read([]inventory.File{{Name: "pats", Text: out, Time: time.Now()}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if k := v.Look(parse(t, person), time.Now()); k.Listing == nil || k.Listing.Type != rules.Personal {
				t.Errorf("personal: got %+v", k)
			}
		}
	})

	t.Run("verify", func(t *testing.T) {
		c, err := New(Options{Servers: []string{r.base + "/api"}})
		if err != nil {
			t.Fatal(err)
		}
		var list []rules.Credential
		var names []string
		for name, row := range rows {
			list, names = append(list, parse(t, row.text)), append(names, name)
		}
		untouched := r.traces()
		got := c.Know(context.Background(), list)
		time.Sleep(settleTime())
		if after := r.traces(); after != untouched {
			t.Error("to ask has left a trace in the database")
		}
		for i, k := range got {
			row := rows[names[i]]
			want := rules.NotLive
			if row.live {
				want = rules.Live
			}
			if before(version, 4, 15) {
				want = rules.Unchecked // the question is of 4.15
			}
			// Servers answer from memory about tokens that they have seen.
			for wait := 0; want == rules.NotLive && k.Verification == rules.Live && wait < 45; wait++ {
				time.Sleep(2 * time.Second)
				again, err := New(Options{Servers: []string{r.base}})
				if err != nil {
					t.Fatal(err)
				}
				k = know(again, list[i])
			}
			if k.Verification != want || want == rules.Live && fmt.Sprint(k.Kinds) != fmt.Sprint([]rules.Kind{row.kind}) {
				t.Errorf("%s: got %+v, want %s %s", names[i], k, want, row.kind)
			}
		}
	})

	t.Run("traces", func(t *testing.T) {
		person := r.mintPersonal("asked about")
		if person == "" {
			t.Skip("this server makes no personal access tokens")
		}
		c, err := New(Options{Servers: []string{r.base}, Traces: true})
		if err != nil {
			t.Fatal(err)
		}
		if k := know(c, parse(t, person)); k.Verification != rules.Live {
			t.Errorf("a personal token: got %+v", k)
		}
		if k := know(c, parse(t, "user:"+strings.Repeat("0f", 28))); k.Verification != rules.NotLive {
			t.Errorf("a personal token that was never made: got %+v", k)
		}
	})

	t.Run("matrix", func(t *testing.T) {
		if person := r.mintPersonal("matrix"); person != "" {
			rows["personal"] = row{person, rules.Personal, true}
			rows["personal, never made"] = row{"user:" + strings.Repeat("0f", 28), rules.Personal, false}
		}
		for name, row := range rows {
			if row.kind == "" {
				row.kind = rules.Backend // a made-up token has the shape of one
			}
			for _, ask := range requests {
				got := r.call(http.MethodGet, ask.path, row.text, nil, nil)
				// Servers answer from memory about tokens that they have seen.
				for wait := 0; !row.live && got == 200 && ask.api != rules.NoAPI && wait < 45; wait++ {
					time.Sleep(2 * time.Second)
					got = r.call(http.MethodGet, ask.path, row.text, nil, nil)
				}
				if want := ask.status(version, row.kind, row.live); got != want {
					t.Errorf("%s at %s: status %d, want %d", name, ask.path, got, want)
				}
				if !row.live || ask.api == rules.NoAPI {
					continue
				}
				// What the rules call misuse is what the server refuses, and what gives more than is needed: an admin or a
				// personal token for reading flags.
				use := rules.Use{Takes: ask.takes, API: ask.api}
				misused := len(rules.Misuse(parse(t, row.text), row.kind, use)) > 0
				excess := ask.api != rules.AdminAPI && (row.kind == rules.Admin || row.kind == rules.Personal)
				// A backend token in a frontend SDK is refused too, but is told by where it ships, not by the request.
				silent := ask.api == rules.FrontendAPI && row.kind == rules.Backend
				if refused := got == 401 || got == 403; misused != (refused && !silent || excess) {
					t.Errorf("%s at %s: status %d, and called misused: %v", name, ask.path, got, misused)
				}
			}
		}
	})

	t.Run("misuse", func(t *testing.T) {
		if old {
			t.Skip("the words are those of 4.15 and later")
		}
		// What the texts of the rules quote.
		var said struct{ Message string }
		status := r.call(http.MethodGet, "/api/client/features", rows["frontend"].text, nil, &said)
		if status != 403 || said.Message != "invalid token: expected a different token type for this endpoint" {
			t.Errorf("status %d, %q", status, said.Message)
		}
		rule, _ := rules.Lookup(rules.FrontendTokenInBackend)
		if !strings.Contains(rule.Why, said.Message) {
			t.Error("the rule does not quote what the server answers")
		}
	})
}

// A request is an endpoint, what belongs there, and what servers answer to a token.
type request struct {
	path  string
	api   rules.API
	takes rules.Kind
	// status is what the server of a version answers to a token of a kind, live or not.
	status func(version string, kind rules.Kind, live bool) int
}

// requests are asked with every token. What is expected was seen on servers 4.2 to 8.2.
var requests = []request{
	{"/api/client/features", rules.ClientAPI, rules.Backend, func(version string, kind rules.Kind, live bool) int {
		switch wide := kind == rules.Admin || kind == rules.Personal; {
		case wide && !before(version, 8, 0):
			return 403 // by its shape, known or not
		case !live:
			return 401
		case kind == rules.Frontend:
			return 403
		}
		return 200
	}},
	{"/api/frontend", rules.FrontendAPI, rules.Frontend, func(version string, kind rules.Kind, live bool) int {
		switch wide := kind == rules.Admin || kind == rules.Personal; {
		case wide && !before(version, 8, 0):
			return 403
		case !live, kind == rules.Personal:
			return 401
		case kind == rules.Backend:
			return 403
		}
		return 200
	}},
	{"/api/admin/user", rules.AdminAPI, rules.Personal, func(_ string, kind rules.Kind, live bool) int {
		switch {
		case !live:
			return 401
		case kind == rules.Backend, kind == rules.Frontend:
			return 403
		}
		return 200
	}},
	{"/health", rules.NoAPI, "", func(_ string, kind rules.Kind, live bool) int {
		if live && (kind == rules.Backend || kind == rules.Frontend) {
			return 403
		}
		return 200
	}},
}

// settleTime is how long servers may take to write a trace down. They do so every three minutes; UNLEAKED_REAL_PATIENCE, as in
// 200s, waits for it.
func settleTime() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("UNLEAKED_REAL_PATIENCE")); err == nil {
		return d
	}
	return 2 * time.Second
}

// before reports whether a version is older than another.
func before(version string, major, minor int) bool {
	var a, b int
	_, _ = fmt.Sscanf(version, "%d.%d", &a, &b)
	return a < major || a == major && b < minor
}

func parse(t *testing.T, text string) rules.Credential {
	t.Helper()
	c, ok := rules.ParseValue(text)
	if !ok {
		t.Fatal("what a server minted is no credential to us")
	}
	return c
}
