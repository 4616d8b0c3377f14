package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// A client is an editor in a test.
type client struct {
	t      *testing.T
	in     io.WriteCloser
	out    *bufio.Reader
	status chan int
	id     int
	kept   []message // notifications that came while an answer was waited for
}

type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

func start(t *testing.T, o Options) *client {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := &client{t: t, in: inW, out: bufio.NewReader(outR), status: make(chan int, 1)}
	go func() { c.status <- Serve(context.Background(), inR, outW, o); outW.Close() }()
	t.Cleanup(func() { inW.Close(); go io.Copy(io.Discard, c.out) })
	return c
}

func (c *client) raw(body string) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) notify(method string, params any) {
	body, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	c.raw(string(body))
}

func (c *client) read() message {
	c.t.Helper()
	length := 0
	for {
		line, err := c.out.ReadString('\n')
		if err != nil {
			c.t.Fatal(err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(v)
		}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(c.out, body); err != nil {
		c.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *client) call(method string, params any) message {
	c.t.Helper()
	c.id++
	body, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.id, "method": method, "params": params})
	c.raw(string(body))
	for {
		m := c.read()
		if m.Method == "" && string(m.ID) == strconv.Itoa(c.id) {
			return m
		}
		c.kept = append(c.kept, m)
	}
}

// published waits for the diagnostics of a version of a document.
func (c *client) published(uri string, version int) []diagnostic {
	c.t.Helper()
	for {
		var m message
		if len(c.kept) > 0 {
			m, c.kept = c.kept[0], c.kept[1:]
		} else {
			m = c.read()
		}
		var p struct {
			URI         string
			Version     int
			Diagnostics []diagnostic
		}
		if m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &p) == nil && p.URI == uri && p.Version == version {
			return p.Diagnostics
		}
	}
}

func (c *client) initialize(dir string, capabilities string) message {
	c.t.Helper()
	m := c.call("initialize", map[string]any{"rootUri": uriOf(dir), "capabilities": json.RawMessage(capabilities)})
	c.notify("initialized", map[string]any{})
	return m
}

func (c *client) open(uri, language, text string) {
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": language,
		"version": 1, "text": text}})
}

// change replaces the text of a document and gives what is said of it then.
func (c *client) change(uri string, version int, text string) []diagnostic {
	c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uri, "version": version},
		"contentChanges": []any{map[string]any{"text": text}}})
	return c.published(uri, version)
}

func (c *client) end() int {
	c.call("shutdown", nil)
	c.notify("exit", nil)
	return <-c.status
}

func testToken(seed uint64) string { return "default:production." + rules.Expand("{hex56}", seed) }

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return uriOf(file)
}

// One session: what is typed is judged with what stands in the tree.
func TestSession(t *testing.T) {
	dir, tok := t.TempDir(), testToken(1)
	compose := write(t, dir, "compose.yaml", "services:\n  unleash:\n    image: unleashorg/unleash-server\n    environment:\n      INIT_BACKEND_API_TOKENS: "+tok+"\n")
	text := "import { UnleashClient } from 'unleash-proxy-client';\nconst c = new UnleashClient({ url: 'https://u.example.com/api/frontend', clientKey: '' });\n"
	page := write(t, dir, "web/flags.ts", text)
	c := start(t, Options{})
	c.initialize(dir, `{}`)
	c.open(page, "typescript", text)
	if got := c.published(page, 1); len(got) != 0 {
		t.Fatalf("%+v", got)
	}
	// The key comes, behind an emoji: positions are in UTF-16.
	at := strings.Index(strings.Split(text, "\n")[1], "''") + 1
	c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": page, "version": 2},
		"contentChanges": []any{
			map[string]any{"range": span{position{1, at}, position{1, at}}, "text": tok},
			map[string]any{"range": span{position{1, 0}, position{1, 0}}, "text": "/*😀*/ "}}})
	got := c.published(page, 2)
	if len(got) != 1 || got[0].Code != "secret-in-frontend" || got[0].Severity != 1 || got[0].Source != "unleaked" ||
		got[0].Range != (span{position{1, at + 7}, position{1, at + 7 + len(tok)}}) || got[0].CodeDescription == nil {
		t.Fatalf("%+v", got)
	}
	if len(got[0].Related) == 0 || got[0].Related[0].Location.URI != compose || got[0].Related[0].Location.Range.Start.Line != 4 {
		t.Errorf("related: %+v", got[0].Related)
	}
	hover := c.call("textDocument/hover", map[string]any{"textDocument": documentID{page}, "position": position{1, at + 20}})
	if s := string(hover.Result); !strings.Contains(s, "backend") || !strings.Contains(s, "declared") || strings.Contains(s, tok[30:]) {
		t.Errorf("hover: %s", s)
	}
	pulled := c.call("textDocument/diagnostic", map[string]any{"textDocument": documentID{page}})
	if !strings.Contains(string(pulled.Result), "secret-in-frontend") {
		t.Errorf("pulled: %s", pulled.Result)
	}
	if m := c.call("textDocument/definition", map[string]any{}); m.Error == nil || m.Error.Code != -32601 {
		t.Errorf("an unknown method: %+v", m)
	}
	// What is closed has nothing to show.
	c.notify("textDocument/didClose", map[string]any{"textDocument": documentID{page}})
	if got := c.published(page, 0); len(got) != 0 {
		t.Errorf("closed: %+v", got)
	}
	if status := c.end(); status != 0 {
		t.Errorf("status %d", status)
	}
}

func TestUTF8AndUntitled(t *testing.T) {
	c := start(t, Options{})
	m := c.initialize(t.TempDir(), `{"general":{"positionEncodings":["utf-8","utf-16"]}}`)
	if !strings.Contains(string(m.Result), `"positionEncoding":"utf-8"`) {
		t.Fatalf("%s", m.Result)
	}
	tok := testToken(2)
	c.open("untitled:Untitled-1", "typescript", "// é😀\r\nconst a = 'é', t = '"+tok+"';\r\n")
	got := c.published("untitled:Untitled-1", 1)
	start := len("const a = 'é', t = '")
	if len(got) != 1 || got[0].Range != (span{position{1, start}, position{1, start + len(tok)}}) {
		t.Fatalf("%+v", got)
	}
	c.notify("textDocument/didClose", map[string]any{"textDocument": documentID{"untitled:Untitled-1"}})
	if got := c.published("untitled:Untitled-1", 0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	c.notify("exit", nil)
	if status := <-c.status; status != 1 {
		t.Errorf("exit without shutdown: status %d", status)
	}
}

// What is no JSON is answered, and the session goes on.
func TestNoJSON(t *testing.T) {
	c := start(t, Options{})
	if m := c.call("textDocument/hover", map[string]any{}); m.Error == nil || m.Error.Code != codeNotInitialized {
		t.Errorf("before the beginning: %+v", m)
	}
	c.raw("{nonsense")
	if m := c.read(); m.Error == nil || m.Error.Code != -32700 || string(m.ID) != "null" {
		t.Errorf("no JSON: %+v", m)
	}
	c.raw(`[1, 2]`)
	if m := c.read(); m.Error == nil || m.Error.Code != -32600 {
		t.Errorf("no message: %+v", m)
	}
	_, _ = io.WriteString(c.in, "Something: else\r\n\r\n")
	if m := c.read(); m.Error == nil || m.Error.Code != -32700 {
		t.Errorf("no length: %+v", m)
	}
	if m := c.initialize(t.TempDir(), `{}`); m.Error != nil {
		t.Fatalf("%+v", m.Error)
	}
	if m := c.call("initialize", map[string]any{}); m.Error == nil || m.Error.Code != -32600 {
		t.Errorf("twice: %+v", m)
	}
	if status := c.end(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// Files that change on disk are heard of.
func TestWatchedFiles(t *testing.T) {
	dir, tok := t.TempDir(), testToken(3)
	app := write(t, dir, "app.py", "x = 1\n")
	c := start(t, Options{})
	c.initialize(dir, `{}`)
	text := "TOKEN = '" + tok + "'\n"
	c.open(app, "python", text)
	if got := c.published(app, 1); len(got) != 1 || got[0].Code != "unknown-token" {
		t.Fatalf("%+v", got)
	}
	env := write(t, dir, "deploy.env", "UNLEASH_BACKEND_TOKEN="+tok+"\n")
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": env, "type": 1}}})
	if got := c.published(app, 1); len(got) != 1 || got[0].Code != "backend-token" {
		t.Errorf("after the file came: %+v", got)
	}
	if err := os.Remove(filepath.Join(dir, "deploy.env")); err != nil {
		t.Fatal(err)
	}
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": env, "type": 3}}})
	if got := c.published(app, 1); len(got) != 1 || got[0].Code != "unknown-token" {
		t.Errorf("after it went: %+v", got)
	}
}

// apply makes the edits of an action, which are in UTF-8 here.
func apply(text string, edits []edit) string {
	for i := len(edits) - 1; i >= 0; i-- {
		from, to := utf16Units.offset([]byte(text), edits[i].Range.Start), utf16Units.offset([]byte(text), edits[i].Range.End)
		text = text[:from] + edits[i].NewText + text[to:]
	}
	return text
}

func TestActions(t *testing.T) {
	tok := testToken(4)
	c := start(t, Options{})
	c.initialize(t.TempDir(), `{}`)
	for i, test := range []struct{ name, text, want string }{
		{"a.go", "package a\n\nimport \"fmt\"\n\nvar t = \"TOKEN\"\n", "package a\n\nimport \"os\"\nimport \"fmt\"\n\nvar t = os.Getenv(\"UNLEASH_API_TOKEN\")\n"},
		{"b.go", "package a\n\nconst t = \"Bearer TOKEN\"\n", "package a\n\nimport \"os\"\n\nvar t = \"Bearer \" + os.Getenv(\"UNLEASH_API_TOKEN\")\n"},
		{"c.go", "package a\n\nconst (\n\tt = \"TOKEN\"\n)\n", ""},
		{"a.ts", "const t = 'TOKEN';\n", "const t = process.env.UNLEASH_API_TOKEN;\n"},
		{"b.js", "const t = `Bearer TOKEN`;\n", "const t = `Bearer ${process.env.UNLEASH_API_TOKEN}`;\n"},
		{"c.jsx", "const t = <F token=\"TOKEN\"/>;\n", "const t = <F token={process.env.UNLEASH_API_TOKEN}/>;\n"},
		{"a.py", "import sys\nt = 'TOKEN'\n", "import os\nimport sys\nt = os.environ[\"UNLEASH_API_TOKEN\"]\n"},
		{"b.py", "import os\nt = f\"x {y} TOKEN\"\n", "import os\nt = f\"x {y} {os.environ['UNLEASH_API_TOKEN']}\"\n"},
		{"A.java", "class A { String t = \"TOKEN\"; }\n", "class A { String t = System.getenv(\"UNLEASH_API_TOKEN\"); }\n"},
		{"a.yaml", "token: \"TOKEN\"\n", "token: \"${UNLEASH_API_TOKEN}\"\n"},
		{"k.yaml", "apiVersion: v1\nspec:\n  env:\n  - name: T\n    value: \"TOKEN\"\n",
			"apiVersion: v1\nspec:\n  env:\n  - name: T\n    valueFrom:\n      secretKeyRef:\n        name: unleash\n        key: UNLEASH_API_TOKEN\n"},
		{"a.txt", "t = 'TOKEN'\n", ""},
	} {
		uri := "untitled:/x/" + strconv.Itoa(i) + "/" + test.name
		text := strings.ReplaceAll(test.text, "TOKEN", tok)
		c.open(uri, "", text)
		if got := c.published(uri, 1); len(got) == 0 {
			t.Errorf("%s: no diagnostic", test.name)
			continue
		}
		m := c.call("textDocument/codeAction", map[string]any{"textDocument": documentID{uri}, "range": span{End: position{99, 0}},
			"context": map[string]any{"diagnostics": []any{}}})
		var actions []codeAction
		if err := json.Unmarshal(m.Result, &actions); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, a := range actions {
			switch {
			case strings.HasPrefix(a.Title, "Read "):
				got = apply(text, a.Edit.Changes[uri])
				if strings.HasSuffix(test.name, ".go") {
					if _, err := parser.ParseFile(token.NewFileSet(), "", got, 0); err != nil {
						t.Errorf("%s: %v", test.name, err)
					}
				}
			case strings.HasPrefix(a.Title, "Accept "):
				offered := apply(text, a.Edit.Changes[uri])
				if left := c.change(uri, 2, offered); len(left) == 0 {
					t.Errorf("%s: accepted, and nobody has said why", test.name)
				}
				if left := c.change(uri, 3, strings.Replace(offered, "REASON", "of the demo, deleted", 1)); len(left) != 0 {
					t.Errorf("%s: accepted, and still %+v", test.name, left)
				}
			case a.Command != nil:
				if m := c.call("workspace/executeCommand", a.Command); bytes.Contains(m.Result, []byte(tok[30:])) || m.Error != nil ||
					!bytes.Contains(m.Result, []byte("default:production.")) {
					t.Errorf("%s: copied %s", test.name, m.Result)
				}
			}
		}
		if got != test.want {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

func TestPositions(t *testing.T) {
	text := []byte("é😀a\r\n\rb\n\n")
	for _, e := range []encoding{utf8Units, utf16Units, utf32Units} {
		for at := 0; at <= len(text); at++ {
			if at < len(text) && (text[at]&0xc0 == 0x80 || text[at] == '\n' && at > 0 && text[at-1] == '\r') {
				continue
			}
			if got := e.offset(text, e.position(text, at)); got != at {
				t.Errorf("%s: %d became %+v and %d", e, at, e.position(text, at), got)
			}
		}
	}
	if p := utf16Units.position(text, 6); p != (position{0, 3}) {
		t.Errorf("%+v", p)
	}
}
