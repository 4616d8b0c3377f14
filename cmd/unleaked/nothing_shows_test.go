package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
)

// A secretText is one way in which a token may stand where people and programs write things, and the part of it that
// must not show.
type secretText struct{ name, text, secret string }

// secretTexts are tokens of every format, near misses, and tokens in encodings.
func secretTexts() []secretText {
	var list []secretText
	add := func(name, text, secret string) { list = append(list, secretText{name, text, secret}) }
	hex56, hex64, v2 := rules.Expand("{hex56}", 1), rules.Expand("{hex64}", 2), rules.Expand("{v2}", 3)
	verifier := v2[len("v2_")+23:]
	add("scoped", "default"+":production."+hex56, hex56)
	add("64 digits", "default"+":production."+hex64, hex64)
	add("v2", "[]"+":production."+v2, verifier)
	add("account", "user"+":"+hex56, hex56)
	add("account v2", "user"+":"+v2, verifier)
	add("legacy 64", hex64, hex64)
	add("legacy 56", hex56, hex56)
	add("legacy 48", hex56[:48], hex56[:48])
	add("swapped", "default"+".production:"+hex56, hex56)
	add("colons", "default"+":production:"+hex56, hex56)
	add("near miss", "default"+":production."+hex56+"ab", hex56)
	add("upper case", "default"+":production."+strings.ToUpper(hex56), strings.ToUpper(hex56))
	add("image", "registry.example.com/team/app"+":v1."+hex56, hex56)
	add("percent", "default%3Aproduction%2E"+hex56, hex56)
	add("base64", base64.StdEncoding.EncodeToString([]byte("default"+":production."+hex56)),
		base64.StdEncoding.EncodeToString([]byte("default" + ":production." + hex56))[36:60])
	add("hexadecimal", hex.EncodeToString([]byte("default"+":production."+hex56)), hex.EncodeToString([]byte(hex56)))
	back := []byte(hex56)
	slices.Reverse(back)
	add("reversed", string(back)+".noitcudorp:tluafed", string(back))
	add("bearer", "Bearer user"+":"+hex56, hex56)
	return list
}

// shown reports what of a secret stands in a text: twelve of its characters in a row.
func (s secretText) shown(text string) (piece string, is bool) {
	for i := 0; i+12 <= len(s.secret); i++ {
		if strings.Contains(text, s.secret[i:i+12]) {
			return s.secret[i : i+12], true
		}
	}
	return "", false
}

// leakyArguments are command lines with a token (T) where something else belongs.
var leakyArguments = []string{
	"T", "--T", "-T", "--T=x", "--format T", "scan T", "scan ./T/a", "scan --format T .", "scan --format json=T/ .",
	"scan --format json --format sarif --format text=T/x/y .", "scan --output T/x/y .", "scan --fail-on T .",
	"scan --config T .", "scan --baseline T .", "scan --policy-from T .", "scan --jobs T .", "scan --color T .",
	"scan --inventory T .", "scan --key-file T .", "scan --verify T .", "scan --server T .",
	"scan --verify api --server https://T .", "scan --verify plan --server https://example.com/T .", "scan --ca-file T --verify api --server https://a.example .",
	"scan --T .", "scan --T=T .", "scan -T", "scan --public=T .", "scan -- -T", "scan @T", "scan T!a",
	"help T", "help scan T", "rules T", "rules --format T", "rules --T", "explain T", "explain --inventory T",
	"explain --server T --verify api", "rotate T", "rotate T:1", "rotate --in T a:1", "rotate --report T a:1", "rotate --format T a:1",
	"baseline T", "baseline write --T", "baseline write T", "baseline write --baseline T/x/y", "baseline prune --baseline T",
	"hook T", "hook install T", "hook run T", "hook run pre-push T T", "hook install --T", "ci T", "ci range T T", "ci range T..T", "ci github T", "ci gitlab --T",
	"git T", "git --range T..HEAD", "git --range T", "git . --range HEAD..T", "git --T", "git --since T", "staged T", "staged --T", "staged --policy-from T",
	"vet T", "vet ./T/...", "vet --T", "mask T", "mask --known T", "mask --key-file T", "mask --run -- ./T", "mask --T",
	"lsp T", "lsp --T", "sweep T", "sweep --list T", "sweep --state T/x .", "sweep --shard T .", "sweep --settle T", "sweep --name-from T .",
	"sweep --key-file T .", "inventory T", "inventory hash T", "inventory hash --T", "completion T", "man T/x/y", "version T", "version --T",
}

// TestNoArgumentShows gives every command tokens where it takes something else: whatever is said of them, none shows.
func TestNoArgumentShows(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.txt", []byte("unleash\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	initRepository(t)
	for _, line := range leakyArguments {
		for _, s := range secretTexts() {
			args := strings.Fields(line)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "T", s.text)
			}
			out, errs := runHere(t, "", nil, args...)
			for stream, text := range map[string]string{"standard output": out, "standard error": errs} {
				if piece, is := s.shown(text); is {
					t.Errorf("%s (%s): %s shows %s:\n%s", line, s.name, stream, piece, text)
				}
			}
		}
	}
}

// runHere runs a command line in the current folder.
func runHere(t *testing.T, in string, env map[string]string, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	a := newApp(strings.NewReader(in), &o, &e, func(name string) string { return env[name] })
	a.run(context.Background(), args)
	return o.String(), e.String()
}

func initRepository(t *testing.T) {
	t.Helper()
	for name, text := range map[string]string{"HEAD": "ref: refs/heads/main\n", "config": "[core]\n\tbare = false\n"} {
		writeHere(t, filepath.Join(".git", name), text)
	}
	for _, dir := range []string{"objects", "refs/heads"} {
		if err := os.MkdirAll(filepath.Join(".git", dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

func writeHere(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// leakyFiles are files that are read with a token (T) where something else belongs, and a command that reads them.
var leakyFiles = []struct{ name, text, command string }{
	{".unleaked.yaml", "T: 1\n", "scan"},
	{".unleaked.yaml", "fail-on: T\n", "scan"},
	{".unleaked.yaml", "suppress:\n  - fingerprint: T\n    reason: x\n", "scan"},
	{".unleaked.yaml", "suppress:\n  - path: T\n    reason: T\n", "scan"},
	{".unleaked.yaml", "suppress:\n  - rule: T\n    reason: T\n", "scan"},
	{".unleaked.yaml", "ignore:\n  - 'T['\n", "scan"},
	{".unleaked.yaml", "unread:\n  - path: T\n    reason: T\n", "scan"},
	{".unleaked.yaml", "a: *T\n", "scan"},
	{".unleaked.yaml", "\"T\n", "scan"},
	{".unleakedignore", "T\n[T\n", "scan"},
	{"baseline.json", `{"version": "T"}`, "scan --baseline baseline.json"},
	{"baseline.json", `{"T"`, "scan --baseline baseline.json"},
	{"baseline.json", `T`, "scan --baseline baseline.json"},
	{"inventory.json", `{"tokens": [{"secret": "T", "type": "T"}]}`, "scan --inventory inventory.json"},
	{"inventory.json", `T`, "scan --inventory inventory.json"},
	{"inventory.json", `{"tokens": [{"secret": "T", "type": "client", "environment": "T", "project": "T", "expiresAt": "T"}]}`, "scan --inventory inventory.json"},
	{"key", "T", "scan --key-file key --inventory a.txt"},
	{"key", "T", "mask --key-file key"},
	{"list", "T\n./T/x\n", "sweep --list list"},
	{"report.json", `{"findings": [{"file": "T"}]}`, "rotate --report report.json a:1"},
	{"T/a.zip", "PK\x03\x04 T", "scan"},
	{"T.zip", "PK\x03\x04 T", "scan"},
	{"a.tar.gz", "\x1f\x8b T", "scan"},
	{"T.7z", "7z\xbc\xaf\x27\x1c", "scan"},
	{"T", "UNLEASH_TOKEN=T\n", "scan --public"},
	{"T/T", "UNLEASH_TOKEN=T\n", "scan --public"},
	{"a.env", "UNLEASH_TOKEN=T # T\nT=T\n", "scan --public"},
	{"a.yaml", "unleash:\n  T: T\n  token: T\nT: [T, T]\n", "scan --public"},
	{"a.js", "import 'T'\nconst T = 'T'; new UnleashClient({url: 'https://T/T', clientKey: 'T'}) // T\n", "scan --public"},
	{"a.js", "process.env.NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN // T\n'T'\n", "scan --public"},
	{".git/HEAD", "T\n", "git"},
	{".git/HEAD", "ref: refs/heads/T\n", "git"},
	{".git/HEAD", "ref: refs/heads/T\n", "staged"},
	{".git/refs/heads/T", "T\n", "git"},
	{".git/refs/heads/main", "T\n", "git"},
	{".git/packed-refs", "T refs/heads/T\n", "git"},
	{".git/packed-refs", "0123456789012345678901234567890123456789 refs/heads/T\n", "git"},
	{".git/config", "[T\n", "git"},
	{".git/config", "[extensions]\n\tobjectFormat = T\n", "git"},
	{".git/config", "[core]\n\trepositoryformatversion = T\n", "git"},
	{".git/objects/info/alternates", "/nowhere/T\n", "git"},
	{".git/objects/info/alternates", "T\n", "staged"},
	{".git/objects/pack/pack-T.pack", "PACK T", "git"},
	{".git/objects/pack/pack-T.idx", "T", "git"},
	{".git/objects/ab/T", "T", "git"},
	{".git/index", "T", "staged"},
	{".git/commondir", "T\n", "git"},
	{".git/shallow", "T\n", "git"},
	{".git/logs/HEAD", "T T T\n", "git"},
	{".git/info/grafts", "T T\n", "git"},
	{"sub/.git", "gitdir: T\n", "scan sub"},
	{"sub/.git", "T\n", "git sub"},
}

// TestNoFileShows reads files with tokens where something else belongs, and writes what is to be said in every format.
func TestNoFileShows(t *testing.T) {
	for k, row := range leakyFiles {
		for i, s := range secretTexts() {
			put := func(text string) string { return strings.ReplaceAll(text, "T", s.text) }
			if strings.ContainsAny(row.name, "T") && strings.ContainsAny(s.text, "/ ") {
				continue
			}
			t.Chdir(t.TempDir())
			initRepository(t)
			writeHere(t, put(row.name), put(row.text))
			formats := []string{""}
			if words := strings.Fields(row.command)[0]; words == "scan" || words == "git" || words == "staged" {
				formats = report.Formats()
			}
			if testing.Short() { // each format sees each row, and each text
				formats = []string{formats[(k+i)%len(formats)]}
			}
			for _, format := range formats {
				args := strings.Fields(row.command)
				if format != "" {
					args = append(args, "--format", format)
				}
				out, errs := runHere(t, put("T\n"), nil, args...)
				for stream, text := range map[string]string{"standard output": out, "standard error": errs} {
					if piece, is := s.shown(text); is && !(args[0] == "mask") {
						t.Errorf("%s, %q (%s, %s): %s shows %s:\n%s", row.command, row.name+": "+row.text, s.name, format,
							stream, piece, around(text, piece))
					}
				}
			}
		}
	}
}

// around is what of a text stands around a piece of it.
func around(text, piece string) string {
	at := strings.Index(text, piece)
	return text[max(0, at-300):min(len(text), at+200)]
}

// TestNoSettingShows has CI services say things that are tokens.
func TestNoSettingShows(t *testing.T) {
	t.Chdir(t.TempDir())
	initRepository(t)
	for _, row := range []struct {
		command string
		env     []string
	}{
		{"ci github", []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=T", "GITHUB_EVENT_PATH=T"}},
		{"ci github", []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_EVENT_PATH=T"}},
		{"ci github", []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_EVENT_PATH=event.json"}},
		{"ci github", []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=T", "GITHUB_SHA=T", "GITHUB_REF=T"}},
		{"ci gitlab", []string{"GITLAB_CI=true", "CI_PIPELINE_SOURCE=T", "CI_COMMIT_SHA=T", "CI_COMMIT_BEFORE_SHA=T"}},
		{"ci gitlab", []string{"GITLAB_CI=true", "CI_MERGE_REQUEST_DIFF_BASE_SHA=T", "CI_COMMIT_SHA=T"}},
		{"scan", []string{"UNLEAKED_SERVERS=T", "COLUMNS=T", "TERM=T"}},
		{"scan --verify api", []string{"UNLEAKED_SERVERS=T"}},
		{"scan --format sarif", []string{"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=T/T", "GITHUB_SERVER_URL=https://T",
			"GITHUB_SHA=T", "GITHUB_REF_NAME=T"}},
		{"scan --format html", []string{"GITLAB_CI=true", "CI_PROJECT_URL=https://T", "CI_COMMIT_SHA=T", "CI_COMMIT_REF_NAME=T"}},
		{"scan --format markdown", []string{"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=T/T", "GITHUB_SERVER_URL=https://T", "GITHUB_SHA=T"}},
		{"hook run pre-push", []string{"PRE_COMMIT_FROM_REF=T", "PRE_COMMIT_TO_REF=T"}},
	} {
		for _, s := range secretTexts() {
			if s.name == "legacy 64" && strings.Contains(strings.Join(row.env, " "), "_SHA=T") {
				continue // it reads as a commit's id where one belongs
			}
			env := map[string]string{}
			for _, e := range row.env {
				name, value, _ := strings.Cut(e, "=")
				env[name] = strings.ReplaceAll(value, "T", s.text)
			}
			writeHere(t, "event.json", fmt.Sprintf(`{"before": %q, "after": %q, "ref": %q}`, s.text, s.text, s.text))
			writeHere(t, "a.env", "UNLEASH_TOKEN="+s.text+"\n")
			out, errs := runHere(t, s.text+" "+s.text, env, strings.Fields(row.command)...)
			for stream, text := range map[string]string{"standard output": out, "standard error": errs} {
				if piece, is := s.shown(text); is {
					t.Errorf("%s %v (%s): %s shows %s:\n%s", row.command, row.env, s.name, stream, piece, around(text, piece))
				}
			}
		}
	}
}
