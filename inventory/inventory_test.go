package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// Tokens of the tests: their random parts are put together, so that no scanner takes this file for a leak.
var (
	v1       = "web:production." + strings.Repeat("1a", 28)
	several  = "[]:production." + strings.Repeat("2b", 28)
	admin    = "*:*." + strings.Repeat("3c", 28)
	legacy   = strings.Repeat("4d", 32)
	seeded   = "web:production.chosen-by-hand"
	selector = "Sel" + strings.Repeat("x", 18) + "A"
	v2       = "web:production.v2_" + selector + "_" + strings.Repeat("z", 42) + "8"
	altered  = "web:production.v2_" + selector + "_" + strings.Repeat("y", 42) + "8"
	moved    = "web:development.v2_" + selector + "_" + strings.Repeat("z", 42) + "8"
	manyOf   = "[]:production.v2_" + selector + "_" + strings.Repeat("z", 42) + "8"
	person   = "user:" + strings.Repeat("5e", 28)
	other    = "user:" + strings.Repeat("6f", 28)
	unlisted = "web:production." + strings.Repeat("70", 28)
)

var (
	taken = time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	now   = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
)

func file(text string) File { return File{Name: "inventory", Text: []byte(text), Time: taken} }

func answerOf(t *testing.T, tokens ...map[string]any) string {
	t.Helper()
	if tokens == nil {
		tokens = []map[string]any{}
	}
	text, err := json.Marshal(map[string]any{"tokens": tokens})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func apiAnswer(t *testing.T) string {
	return answerOf(t,
		map[string]any{"secret": v1, "tokenName": "old", "type": "client", "project": "web", "projects": []string{"web"},
			"environment": "production", "expiresAt": nil, "createdAt": "2026-01-02T03:04:05.678Z", "alias": "key-of-before",
			"seenAt": "2026-11-29T00:00:00.000Z", "secure": false},
		map[string]any{"secret": several, "tokenName": "late", "type": "frontend", "projects": []string{"a", "b"},
			"environment": "production", "expiresAt": "2026-11-30T23:00:00Z"},
		map[string]any{"secret": admin, "tokenName": "root", "type": "admin", "projects": []string{"*"}, "environment": "*"},
		map[string]any{"secret": legacy, "username": "before names", "type": "ADMIN", "project": "*", "environment": "*"},
		map[string]any{"secret": seeded, "tokenName": "seed", "type": "backend", "projects": []string{"web"}, "environment": "production"},
		map[string]any{"secret": selector, "tokenName": "new", "type": "backend", "projects": []string{"web"},
			"environment": "production", "secure": true})
}

func open(t *testing.T, text string) *Inventory {
	t.Helper()
	v, err := Open(file(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func look(t *testing.T, v *Inventory, text string) rules.Knowledge {
	t.Helper()
	c, ok := rules.ParseClientKey(text)
	if !ok {
		t.Fatalf("%q is no credential", text)
	}
	return v.Look(c, now)
}

// state is what an inventory says of a text in short: its state and its type.
func state(t *testing.T, v *Inventory, text string) string {
	t.Helper()
	k := look(t, v, text)
	if k.Listing == nil {
		return ""
	}
	return string(k.Listing.State) + " " + string(k.Listing.Type)
}

func check(t *testing.T, v *Inventory, want map[string]string) {
	t.Helper()
	for text, w := range want {
		if got := state(t, v, text); got != w {
			t.Errorf("%s: got %q, want %q", rules.NewSecret(text, ""), got, w)
		}
	}
}

func TestAnswerOfTheAdminAPI(t *testing.T) {
	v := open(t, apiAnswer(t))
	check(t, v, map[string]string{v1: "active backend", several: "expired frontend", admin: "active admin",
		legacy: "active admin", seeded: "active backend", "key-of-before": "active backend", v2: "active backend",
		manyOf: "active backend", moved: "altered backend", unlisted: "absent ", person: "",
		"kx-7f3m9q": ""})
	k := look(t, v, v1)
	if k.Listing.Name != "old" || k.Listing.SeenAt.Format(time.DateOnly) != "2026-11-29" || !slices.Equal(k.Kinds,
		[]rules.Kind{rules.Backend}) {
		t.Errorf("got %+v", k)
	}
	if len(k.Says) != 1 || !strings.Contains(k.Says[0], "2026-11-30") || !strings.Contains(k.Says[0], `"old"`) {
		t.Errorf("says %q", k.Says)
	}
	if len(look(t, v, moved).Kinds) != 0 {
		t.Error("an altered token has a type")
	}
	if !v.Secrets {
		t.Error("it holds secrets")
	}
	// The list itself, an empty list, and a list without v2 tokens.
	var whole struct{ Tokens json.RawMessage }
	_ = json.Unmarshal([]byte(apiAnswer(t)), &whole)
	check(t, open(t, string(whole.Tokens)), map[string]string{v1: "active backend", unlisted: "absent "})
	check(t, open(t, answerOf(t)), map[string]string{v1: "absent ", v2: "absent ", seeded: "absent ", person: ""})
}

const dumpOfTables = `--
-- PostgreSQL database dump
--
SET statement_timeout = 0;

COPY public.api_tokens (secret, username, type, created_at, expires_at, seen_at, environment, alias, token_name, created_by_user_id) FROM stdin;
%[1]s	old	client	2026-01-02 03:04:05.678+00	\N	2026-11-29 01:02:03+02	production	\N	old\tname	7
%[2]s	late	frontend	2026-01-02 03:04:05	2026-11-01 00:00:00+00	\N	production	\N	late	-1337
\.

COPY public.api_token_project (secret, project) FROM stdin;
%[1]s	web
%[2]s	b
%[2]s	a
\.

COPY public.flags (name) FROM stdin;
COPY public.api_tokens (secret) FROM stdin;
\.

COPY public.users (id, name, username, email, is_service) FROM stdin;
7	\N	ann	ann@example.com	f
8	Deployer	deployer	\N	t
\.

COPY public.personal_access_tokens (secret, description, user_id, expires_at, seen_at, created_at, id, selector, verifier) FROM stdin;
%[3]s	laptop	7	2030-01-01 00:00:00+00	\N	2026-11-30 06:43:29.143623+00	1	\N	\N
\N	pipeline	8	2030-01-01 00:00:00+00	\N	2026-11-30 06:43:29.143623+00	2	%[4]s	%[5]s
\.
`

func TestDump(t *testing.T) {
	account := "user:v2_" + selector + "_" + strings.Repeat("z", 42) + "8"
	v := open(t, fmt.Sprintf(dumpOfTables, v1, several, person, selector, verifierOf(account)))
	check(t, v, map[string]string{v1: "active backend", several: "expired frontend", person: "active personal",
		account: "active service-account", strings.Replace(account, "zzz8", "zzy8", 1): "altered service-account",
		other: "absent ", unlisted: "absent ", "*:production.v2_" + strings.Repeat("q", 22) + "_" + strings.Repeat("q", 43): ""})
	if l := look(t, v, v1).Listing; l.Owner != "ann" || l.Name != "old\tname" || l.SeenAt.Format(time.RFC3339) != "2026-11-28T23:02:03Z" {
		t.Errorf("got %+v", l)
	}
	if l := look(t, v, account).Listing; l.Owner != "Deployer" || l.Name != "pipeline" {
		t.Errorf("got %+v", l)
	}
	if says := look(t, v, several).Says[0]; !strings.Contains(says, "projects a, b") {
		t.Errorf("says %q", says)
	}
}

func TestCSV(t *testing.T) {
	v, err := Read([]File{
		file("\xef\xbb\xbfselector,verifier,token_name,type,environment,expires_at,created_at,seen_at,user_created\n" +
			selector + "," + verifierOf(v2) + ",\"new, quoted\",backend,production,,2026-11-30 06:43:28.851714+00,,t\n"),
		file("selector,project\n" + selector + ",web\n"),
		{Name: "older", Time: taken.AddDate(0, 0, -3), Text: []byte("secret,description,user_id,expires_at,seen_at,created_at\n" +
			person + ",laptop,7,2030-01-01 00:00:00+00,,2026-11-30 06:43:29+00\n")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, v, map[string]string{v2: "active backend", altered: "altered backend", moved: "altered backend",
		person: "active personal", other: "absent ", v1: ""})
	if l := look(t, v, v2).Listing; l.Name != "new, quoted" {
		t.Errorf("got %+v", l)
	}
	if l := look(t, v, person).Listing; l.Owner != "7" {
		t.Errorf("got %+v", l)
	}
	if !v.TakenAt.Equal(taken.AddDate(0, 0, -3)) {
		t.Errorf("taken at %s: the oldest file says when", v.TakenAt)
	}
	// A table without rows lists that there is nothing.
	check(t, open(t, "secret,description,user_id,expires_at,seen_at,created_at\n"), map[string]string{person: "absent ", v1: ""})
}

// TestTablesAsPeopleSaveThem holds the ways in which a table comes out of a database: other separators, other orders,
// columns left out, the secrets before all.
func TestTablesAsPeopleSaveThem(t *testing.T) {
	account := "user:v2_" + selector + "_" + strings.Repeat("z", 42) + "8"
	for name, text := range map[string]string{
		"semicolons":  "type;secret;created_at;environment;token_name\nclient;" + v1 + ";;production;\"x;y\"\n",
		"tabs":        "secret\ttype\tenvironment\n" + v1 + "\tclient\tproduction\n",
		"tabs quoted": "\"secret\"\t\"type\"\t\"token_name\"\n\"" + v1 + "\"\t\"client\"\t\"x\ty\"\n",
		"COPY header": "secret\ttype\ttoken_name\texpires_at\n" + v1 + "\tclient\ta \\t\"b\"\t\\N\n\n",
		"upper case":  "SECRET,TYPE,ENVIRONMENT\r\n" + v1 + ",client,production\r\n",
		"few columns": "type,secret\nclient," + v1 + "\n",
	} {
		v, err := Open(file(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := state(t, v, v1); got != "active backend" {
			t.Errorf("%s: got %q", name, got)
		}
		if got := v.Tokens[0]; name == "few columns" && got.Environment != "production" || name == "COPY header" && got.Name != "a \t\"b\"" {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	for name, text := range map[string]string{
		"no column of secrets": "id,selector,verifier,user_id\n1," + selector + "," + verifierOf(account) + ",7\n",
		"v1 and v2":            "secret,user_id,selector,verifier\n,7," + selector + "," + verifierOf(account) + "\n" + person + ",8,,\n",
	} {
		check(t, open(t, text), map[string]string{account: "active personal", other: "absent "})
		if open(t, text).Secrets != (name == "v1 and v2") {
			t.Errorf("%s: whether it holds secrets is told wrongly", name)
		}
	}
	check(t, open(t, "selector,verifier,type\n"+selector+","+verifierOf(v2)+",backend\n"), map[string]string{v2: "active backend",
		altered: "altered backend"})
}

// TestOneOfSeveral holds that what several files say of one token is one token, whatever their order.
func TestOneOfSeveral(t *testing.T) {
	api := file(apiAnswer(t))
	table := file("secret,type,token_name,environment,created_by_user_id,seen_at\n" + v1 + ",client,old,production,7,2026-11-30 00:00:00+00\n" +
		seeded + ",client,seed,production,7,\n")
	secure := file("selector,verifier,type,token_name,environment,created_by_user_id\n" + selector + "," + verifierOf(v2) +
		",backend,new,production,8\n")
	users := file("id,name,email\n7,Ann,a@example.com\n")
	for _, files := range [][]File{{api, table, secure, users}, {users, secure, table, api}} {
		v, err := Read(files, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Tokens) != 5 || v.LeftOut != 2 { // of the API's six one is seeded, and an alias is too
			t.Errorf("%d tokens, %d left out", len(v.Tokens), v.LeftOut)
		}
		l := look(t, v, v1).Listing
		if l.Owner != "Ann" || l.Name != "old" || l.SeenAt.Day() != 30 {
			t.Errorf("got %+v", l)
		}
		check(t, v, map[string]string{v2: "active backend", altered: "altered backend"})
		if l := look(t, v, v2).Listing; l.Owner != "8" {
			t.Errorf("got %+v", l)
		}
	}
}

// TestAltered holds that a verifier outweighs a list which knows the selector only.
func TestAltered(t *testing.T) {
	byAPI := open(t, apiAnswer(t))
	byTable := open(t, "selector,verifier,token_name,type,environment\n"+selector+","+verifierOf(v2)+",new,backend,production\n")
	for _, list := range [][]*Inventory{{byAPI, byTable}, {byTable, byAPI}} {
		k := look(t, list[0], altered).With(look(t, list[1], altered))
		if k.Listing.State != rules.Altered || len(k.Kinds) != 0 || len(k.Says) != 1 {
			t.Errorf("got %+v", k)
		}
		if k := look(t, list[0], v2).With(look(t, list[1], v2)); k.Listing.State != rules.Active {
			t.Errorf("got %+v", k)
		}
	}
}

func write(t *testing.T, v *Inventory) string {
	t.Helper()
	var b bytes.Buffer
	if err := v.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHashed(t *testing.T) {
	key := bytes.Repeat([]byte{7}, keyBytes)
	for _, keyed := range []bool{false, true} {
		var k []byte
		if keyed {
			k = key
		}
		v, err := Read([]File{file(apiAnswer(t))}, k)
		if err != nil {
			t.Fatal(err)
		}
		text := write(t, v)
		for _, secret := range []string{v1, several, admin, legacy, seeded, "key-of-before"} {
			_, random, _ := strings.Cut(secret, ".")
			if strings.Contains(text, secret) || random != "" && strings.Contains(text, random) {
				t.Errorf("the hashed inventory holds a secret (%s)", rules.NewSecret(secret, ""))
			}
		}
		if strings.Contains(text, verifierOf(seeded)) || strings.Contains(text, verifierOf("key-of-before")) {
			t.Error("the digest of a text that can be guessed is written without a key")
		}
		again := open(t, text)
		if again.Secrets {
			t.Error("a hashed inventory holds secrets")
		}
		want := map[string]string{v1: "active backend", several: "expired frontend", v2: "active backend",
			moved: "altered backend", unlisted: "absent ", seeded: "", "web:production.kx-7f3m9q2p": ""}
		check(t, again, want)
		if !again.TakenAt.Equal(taken) {
			t.Errorf("taken at %s", again.TakenAt)
		}
		if keyed {
			if !again.Keyed() {
				t.Error("it needs a key, and does not say so")
			}
			if err := again.UseKey(bytes.Repeat([]byte{8}, keyBytes)); !errors.Is(err, ErrKey) {
				t.Errorf("another key: %v", err)
			}
			if err := again.UseKey(key); err != nil {
				t.Fatal(err)
			}
			want[seeded], want["key-of-before"], want["web:production.kx-7f3m9q2p"] = "active backend", "active backend", "absent "
			check(t, again, want)
		}
		if rewritten := write(t, open(t, text)); rewritten != text {
			t.Error("to read and write it again changes it")
		}
	}
}

// TestNames holds that a token which stands in a name is not shown, and neither is what drives a terminal.
func TestNames(t *testing.T) {
	v := open(t, answerOf(t, map[string]any{"secret": v1, "tokenName": "for " + unlisted + " \x1b[31m\u202e", "type": "client"}))
	text := write(t, v)
	if strings.Contains(text, unlisted) || strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("got %q", text)
	}
	if says := look(t, v, v1).Says[0]; strings.Contains(says, unlisted) {
		t.Errorf("says %q", says)
	}
}

func TestNoInventory(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"prose":         "Tokens of ours: " + v1,
		"another JSON":  `{"version":1,"tool":{"name":"unleaked"},"findings":[]}`,
		"a list":        `[1,2,3]`,
		"cut off":       apiAnswer(t)[:60],
		"personal":      `{"pats":[{"id":1,"description":"x"}]}`,
		"an error":      `{"id":"x","name":"UnauthorizedError","message":"You must log in to use Unleash."}`,
		"another table": "id,name\n1,x\n",
		"users only":    "id,username,email\n1,x,y\n",
		"a short row":   "secret,type,created_at\n" + v1 + "\n",
		"a short COPY":  "COPY public.api_tokens (secret, type, created_at) FROM stdin;\n" + v1 + "\n\\.\n",
		"no end":        "COPY public.api_tokens (secret, type, created_at) FROM stdin;\n" + v1 + "\tclient\t2026-01-01 00:00:00+00\n",
		"no kind":       "secret,type\nalpha,beta\n",
		"no header":     v1 + "\tclient\t2026-01-01 00:00:00+00\n",
		"no time":       "secret,type,created_at\n" + v1 + ",client,yesterday\n",
		"no secret":     "secret,type,created_at\n,client,2026-01-01 00:00:00+00\n",
		"own, newer":    `{"inventory":"unleaked","version":99,"tokens":[]}`,
		"own, broken":   `{"inventory":"unleaked","version":1,"tokens":[{"name":"x"}]}`,
		"someone's own": `{"inventory":"warehouse","version":1,"tokens":[]}`,
		"no types":      `{"tokens":[{"secret":"` + v1 + `"}]}`,
		"wrong type":    `{"tokens":[{"secret":{"` + v1 + `":1},"type":"client"}]}`,
	} {
		_, err := Open(file(text))
		if err == nil {
			t.Errorf("%s: it is taken for an inventory", name)
		} else if strings.Contains(err.Error(), v1[5:]) || strings.Contains(err.Error(), "1a1a") {
			t.Errorf("%s: the error quotes a token: %v", name, err)
		}
	}
}

func TestComplete(t *testing.T) {
	v := open(t, apiAnswer(t))
	if k := look(t, v, unlisted); k.Dead || k.Severity(rules.High, rules.Unknown) != rules.High {
		t.Errorf("an incomplete inventory lowers: %+v", k)
	}
	v.Complete = true
	k := look(t, v, unlisted)
	if !k.Dead || k.Severity(rules.Critical, rules.Admin) != rules.Low || k.Severity(rules.Info, rules.Frontend) != rules.Info {
		t.Errorf("a complete inventory does not lower: %+v", k)
	}
	if k := k.With(rules.Knowledge{Verification: rules.Live}); k.Severity(rules.Medium, rules.Unknown) != rules.High {
		t.Error("what a server says to be live is lowered")
	}
	if k := k.With(look(t, open(t, answerOf(t)), unlisted)); k.Dead {
		t.Error("absent from one complete and one incomplete inventory is dead")
	}
	if look(t, v, person).Dead {
		t.Error("personal tokens are not in the list, and dead")
	}
}

func TestParseKey(t *testing.T) {
	if _, err := ParseKey([]byte(strings.Repeat("a0", 32) + "\n")); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", "abc", strings.Repeat("a0", 31), strings.Repeat("a0", 33), strings.Repeat("zz", 32)} {
		if _, err := ParseKey([]byte(text)); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}
