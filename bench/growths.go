package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// growths are inputs of which somebody, somewhere, has a large one, and those that only somebody hostile writes.
var growths = []growth{
	// One file.
	{name: "settings in .env", n: 500, make: file(".env", "", "UNLEASH_API_TOKEN_%[1]d=%[2]s\n", "")},
	{name: "settings in .env without tokens", n: 300, make: file(".env", "UNLEASH_URL=https://u.example.com/api\n",
		"SETTING_%[1]d=value-%[1]d\n", "")},
	{name: "one setting again and again", n: 500, make: file(".env", "", "UNLEASH_API_TOKEN=%[2]s\n", "")},
	{name: "settings that read each other", n: 300, make: file(".env", "", "UNLEASH_TOKEN_%[1]d=$UNLEASH_TOKEN_%[3]d\n", "")},
	{name: "a setting that reads itself", n: 500, make: file(".env", "", "UNLEASH_API_TOKEN=$UNLEASH_API_TOKEN\n", "")},
	{name: "entries of YAML", n: 500, make: file("values.yaml", "unleash:\n", "  key%[1]d:\n    token: %[2]s\n", "")},
	{name: "entries of YAML without tokens", n: 300, make: file("values.yaml", "unleash:\n", "  key%[1]d: value-%[1]d\n", "")},
	{name: "entries of JSON", n: 500, make: file("settings.json", `{"unleash": "", `, "\"key%[1]d\": {\"token\": \"%[2]s\"},\n", `"z": 1}`)},
	{name: "entries of JSON without tokens", n: 300, make: file("settings.json", `{"unleash": "token", `,
		"\"key%[1]d\": \"value-%[1]d\",\n", `"z": 1}`)},
	{name: "entries of properties", n: 500, make: file("app.properties", "", "unleash.token.%[1]d=%[2]s\n", "")},
	{name: "entries of TOML", n: 500, make: file("a.toml", "[unleash]\n", "token%[1]d = \"%[2]s\"\n", "")},
	{name: "tables of TOML", n: 300, make: file("a.toml", "", "[[unleash]]\ntoken = \"%[2]s\"\n", "")},
	{name: "sections of INI", n: 300, make: file("a.ini", "", "[unleash%[1]d]\ntoken = %[2]s\n", "")},
	{name: "entries of HCL", n: 500, make: file("a.tfvars", "", "unleash_token_%[1]d = \"%[2]s\"\n", "")},
	{name: "resources of Terraform", n: 500, make: file("main.tf", "", "variable \"t%[1]d\" {\n  default = \"%[2]s\"\n}\n"+
		"resource \"unleash_api_token\" \"r%[1]d\" {\n  secret = var.t%[1]d\n}\n", "")},
	{name: "entries of XML", n: 300, make: file("a.xml", "<unleash>", "<entry name=\"k%[1]d\"><token>%[2]s</token></entry>\n", "</unleash>")},
	{name: "rows of CSV", n: 500, make: file("a.csv", "name,type,secret\n", "unleash%[1]d,client,%[2]s\n", "")},
	{name: "rows of SQL on one line", n: 300, make: file("dump.sql", "INSERT INTO api_tokens (username, secret, type) VALUES ",
		"('u%[1]d','%[2]s','client'),", "('u','v','client');\n")},
	{name: "one-line dump beyond 4 MiB", n: 1500, make: file("dump.json", `[`, strings.Repeat(`{"filler":"nothing to see"},`, 12)+
		`{"unleash_token":"%[2]s"},`, `{}]`)},
	{name: "tokens in prose", n: 600, make: file("notes.txt", "", "the unleash token %[2]s is here\n", "")},
	{name: "tokens on one line", n: 300, make: file("a.js", "var unleash = [", "'%[2]s',", "]")},
	{name: "one token again and again", n: 500, make: file("notes.txt", "", "UNLEASH_API_TOKEN="+numbered(1)+"\n", "")},
	{name: "old line ends", n: 300, make: file("a.yaml", "unleash:\r", "  - token: %[2]s\r", "")},
	{name: "old line ends of code", n: 300, make: file("a.py", "", "client = UnleashClient(url=u, custom_headers={'Authorization': '%[2]s'})\r", "")},
	{name: "aliases in a row", n: 400, make: file("a.yaml", "token: &t0 unleash\n", "b%[4]d: &t%[4]d [*t%[1]d, *t%[1]d]\n", "")},
	{name: "merges in a row", n: 400, make: file("a.yaml", "unleash: &t0\n  token: x\n", "b%[4]d: &t%[4]d\n  <<: *t%[1]d\n", "")},
	{name: "aliases of one", n: 500, make: file("a.yaml", "token: &t\n  unleash_token: "+numbered(1)+"\n", "b%[1]d: *t\n", "")},
	{name: "calls of sinks", n: 300, make: file("a.js", "", "initialize({url: u, customHeaders: {Authorization: t}});\n", "")},
	{name: "calls of sinks with tokens", n: 300, make: file("a.js", "",
		"initialize({url: u, customHeaders: {Authorization: '%[2]s'}});\n", "")},
	{name: "sinks of their own names", n: 300, make: file("a.ts", "import { UnleashClient } from 'unleash-proxy-client'\n",
		"const t%[1]d = '%[2]s'\nnew UnleashClient({ url: 'https://u.example.com/api/frontend', clientKey: t%[1]d })\n", "")},
	{name: "one variable again and again", n: 500, make: file("a.js", "import { UnleashClient } from 'unleash-proxy-client'\n",
		"token = '%[2]s'\nnew UnleashClient({ url: 'https://u.example.com/api/frontend', clientKey: token })\n", "")},
	{name: "constants of constants", n: 300, make: file("a.ts", "const t0 = '"+numbered(1)+"'\n", "export const t%[4]d = t%[1]d\n",
		"initialize({customHeaders: {Authorization: t1}})\n")},
	{name: "functions that call each other", n: 500, make: file("a.ts", "function f0(token) { return initialize({customHeaders: {Authorization: token}}) }\n",
		"function f%[4]d(token) { return f%[1]d(token) }\n", "f3('"+numbered(1)+"')\n")},
	{name: "callers of a wrapper", n: 300, make: file("a.js", "function make(token) { return new UnleashClient({ url: u, clientKey: token }) }\n",
		"make('%[2]s')\n", "")},
	{name: "methods of a class", n: 500, make: file("A.java", "class A {\n  private String token = \"x\";\n",
		"  Unleash m%[1]d() { return new DefaultUnleash(UnleashConfig.builder().apiKey(this.token).build()); }\n", "}\n")},
	{name: "classes that derive from each other", n: 300, make: file("a.py", "class A0:\n    token = '"+numbered(1)+"'\n",
		"class A%[4]d(A%[1]d):\n    def c(self):\n        return UnleashClient(url=u, custom_headers={'Authorization': self.token})\n", "")},
	{name: "classes of Go with methods", n: 300, make: file("a.go", "package a\n",
		"type T%[1]d struct { token string }\nfunc (t T%[1]d) c() { unleash.Initialize(unleash.WithCustomHeaders(http.Header{\"Authorization\": {t.token}})) }\n", "")},
	{name: "imports of TypeScript", n: 300, make: file("a.ts", "",
		"import { UNLEASH_TOKEN_%[1]d } from './m%[1]d'\nnew UnleashClient({ url: u, clientKey: UNLEASH_TOKEN_%[1]d })\n", "")},
	{name: "imports of Python", n: 300, make: file("a.py", "",
		"from m%[1]d import token%[1]d\nUnleashClient(url=u, custom_headers={'Authorization': token%[1]d})\n", "")},
	{name: "imports of Java", n: 300, make: file("A.java", "import io.getunleash.DefaultUnleash;\n", "import com.example.m%[1]d.Token%[1]d;\n",
		"class A { Unleash u = new DefaultUnleash(UnleashConfig.builder().apiKey(Token1.VALUE).build()); }\n")},
	{name: "nested tags", n: 2000, make: nested("a.html", "<div>", "unleash "+numbered(1), "</div>")},
	{name: "nested tags of JSX", n: 500, make: nested("a.tsx", "<A b={", "unleash", "}></A>")},
	{name: "nested lists of JSON", n: 2000, make: nested("a.json", "[", `"unleash `+numbered(1)+`"`, "]")},
	{name: "nested tables of JSON", n: 2000, make: nested("a.json", `{"unleash":`, `"`+numbered(1)+`"`, "}")},
	{name: "nested lists of YAML", n: 2000, make: nested("a.yaml", "[", "unleash", "]")},
	{name: "nested tables of TOML", n: 1000, make: nested("a.toml", "[[unleash", ".a", "]]\n")},
	{name: "nested tags of XML", n: 2000, make: nested("a.xml", "<unleash>", numbered(1), "</unleash>")},
	{name: "nested calls", n: 1000, make: nested("a.js", "unleash(", "'"+numbered(1)+"'", ")")},
	{name: "nested functions", n: 500, make: nested("a.js", "function unleash(token) {", "initialize({customHeaders: {Authorization: token}})", "}")},
	{name: "nested blocks of HCL", n: 1000, make: nested("a.hcl", "unleash {", "token = 1", "}")},
	{name: "nested blocks of nginx", n: 1000, make: nested("nginx.conf", "location / {", "proxy_set_header Authorization x;", "}")},
	{name: "nested quotations", n: 1000, make: nested("a.md", "> ", "unleash "+numbered(1), "\n")},
	{name: "compose services", n: 300, make: file("docker-compose.yml", "services:\n", "  edge%[1]d:\n    image: unleashorg/unleash-edge\n"+
		"    environment:\n      UPSTREAM_URL: http://unleash\n      TOKENS: %[2]s\n", "")},
	{name: "documents of Kubernetes", n: 300, make: file("k.yaml", "", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s%[1]d\nstringData:\n  token: %[2]s\n---\n"+
		"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d%[1]d\nspec:\n  template:\n    spec:\n      containers:\n        - name: c\n          env:\n"+
		"            - name: UNLEASH_API_TOKEN\n              valueFrom:\n                secretKeyRef:\n                  name: s%[1]d\n                  key: token\n---\n", "")},
	{name: "jobs of a workflow", n: 300, make: file(".github/workflows/a.yml", "on: push\njobs:\n", "  j%[1]d:\n    runs-on: x\n    env:\n"+
		"      UNLEASH_API_TOKEN: %[2]s\n    steps:\n      - run: |\n          curl -H \"Authorization: $UNLEASH_API_TOKEN\" https://u.example.com/api/client/features\n", "")},
	{name: "requests of a script", n: 500, make: file("a.sh", "", "curl -H 'Authorization: %[2]s' https://u.example.com/api/client/features\n", "")},
	{name: "instructions of a Dockerfile", n: 300, make: file("Dockerfile", "FROM scratch\n", "ENV UNLEASH_API_TOKEN_%[1]d=%[2]s\n", "")},
	{name: "fences of Markdown", n: 500, make: file("a.md", "", "```sh\nexport UNLEASH_API_TOKEN=%[2]s\n```\n", "")},
	{name: "cells of a notebook", n: 500, make: file("a.ipynb", `{"cells":[`, `{"cell_type":"code","source":["UnleashClient(url=u, custom_headers={'Authorization': '%[2]s'})\n"]},`+"\n", `{}]}`)},
	{name: "requests of Postman", n: 300, make: file("a.postman_collection.json", `{"info":{"schema":"https://schema.getpostman.com/json/collection/v2.1.0/"},"item":[`,
		`{"request":{"url":"https://u.example.com/api/client/features","header":[{"key":"Authorization","value":"%[2]s"}]}},`, `{}]}`)},
	{name: "entries of HAR", n: 300, make: file("a.har", `{"log":{"entries":[`,
		`{"request":{"url":"https://u.example.com/api/client/features","headers":[{"name":"Authorization","value":"%[2]s"}]}},`, `{}]}}`)},
	{name: "requests of .http", n: 500, make: file("a.http", "", "GET https://u.example.com/api/client/features\nAuthorization: %[2]s\n\n###\n", "")},
	{name: "comments that accept", n: 300, make: file("a.env", "", "# unleaked:allow -- only here\nUNLEASH_API_TOKEN=%[2]s\n", "")},
	{name: "layers of Base64", n: 500, make: file("a.txt", "unleash\n", "eyJ0b2tlbiI6IndlYjpwcm9kdWN0aW9uLiJ9%[1]d\n", "")},

	// Many files.
	{name: "files of code", n: 200, make: files("p/f%[1]d.js", "import { UnleashClient } from 'unleash-proxy-client'\nimport { TOKEN } from './f%[4]d'\n"+
		"export const TOKEN = '%[2]s'\nnew UnleashClient({ url: u, clientKey: TOKEN })\n")},
	{name: "files without Unleash", n: 500, make: files("p%[1]d/f.js", "import a from './a'\nexport const b = a(1)\n")},
	{name: "one name in many files", n: 200, make: files("p%[1]d/.env", "UNLEASH_API_TOKEN=%[2]s\n")},
	{name: "packages with settings and code", n: 100, make: joined(
		files("p%[1]d/package.json", `{"name": "p%[1]d", "dependencies": {"unleash-client": "6.0.0"}}`),
		files("p%[1]d/.env", "UNLEASH_API_TOKEN=%[2]s\n"),
		files("p%[1]d/a.js", "import { initialize } from 'unleash-client'\ninitialize({url: u, customHeaders: {Authorization: process.env.UNLEASH_API_TOKEN}})\n"))},
	{name: "packages that depend on each other", n: 100, make: joined(
		files("p%[1]d/package.json", `{"name": "p%[1]d", "dependencies": {"p%[4]d": "*"}}`),
		files("p%[1]d/index.js", "import { token } from 'p%[4]d'\nexport { token }\ninitialize({url: u, customHeaders: {Authorization: token}})\n"))},
	{name: "files of one Go package", n: 200, make: joined(file("go.mod", "module example.com/a\n", "", ""), files("a/f%[1]d.go",
		"package a\n\nconst token%[1]d = \"%[2]s\"\n\nfunc f%[1]d() { unleash.Initialize(unleash.WithCustomHeaders(http.Header{\"Authorization\": {token%[4]d}})) }\n"))},
	{name: "classes of one Java package", n: 200, make: files("src/main/java/a/C%[1]d.java",
		"package a;\nclass C%[1]d extends C%[4]d {\n  static final String TOKEN = \"%[2]s\";\n  Unleash u = new DefaultUnleash(UnleashConfig.builder().apiKey(C%[4]d.TOKEN).build());\n}\n")},
	{name: "callers of a wrapper in many files", n: 200, make: joined(
		file("lib/make.ts", "export function make(token: string) { return new UnleashClient({ url: u, clientKey: token }) }\n", "", ""),
		files("p/f%[1]d.ts", "import { make } from '../lib/make'\nmake('%[2]s')\n"))},
	{name: "services with folders of their own", n: 100, make: joined(
		file("docker-compose.yml", "services:\n", "  s%[1]d:\n    build: ./s%[1]d\n    environment:\n      FLAG_TOKEN: %[2]s\n", ""),
		files("s%[1]d/Dockerfile", "FROM node\nCOPY . .\nCMD node a.js\n"),
		files("s%[1]d/a.js", "initialize({url: u, customHeaders: {Authorization: process.env.FLAG_TOKEN}})\n"))},
	{name: "workloads and their secrets in files", n: 100, make: joined(
		files("k/s%[1]d.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s%[1]d\nstringData:\n  token: %[2]s\n"),
		files("k/d%[1]d.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d%[1]d\nspec:\n  template:\n    spec:\n      containers:\n"+
			"        - name: c\n          envFrom:\n            - secretRef:\n                name: s%[1]d\n"))},
	{name: "Edges in many files", n: 100, make: files("e%[1]d/docker-compose.yml",
		"services:\n  edge:\n    image: unleashorg/unleash-edge\n    environment:\n      UPSTREAM_URL: http://unleash\n      TOKENS: %[2]s\n")},
	{name: "one token in many files", n: 300, make: files("p%[1]d/.env", "UNLEASH_API_TOKEN="+numbered(1)+"\n")},
	{name: "folders in folders", n: 20, make: deep},
	{name: "patterns that ignore", n: 500, make: joined(file(".unleakedignore", "", "folder%[1]d/*.txt\n", ""),
		files("p%[1]d/.env", "UNLEASH_API_TOKEN=%[2]s\n"))},
	{name: "entries of a baseline", n: 1000, make: withBaseline, args: []string{"scan", "--no-config", "--baseline", "DIR/baseline",
		"--format", "json", "DIR/tree"}},

	// Reports of many findings.
	{name: "findings as text", n: 1000, make: tokens, args: []string{"scan", "--no-config", "--format", "text", "DIR"}},
	{name: "findings as SARIF", n: 1000, make: tokens, args: []string{"scan", "--no-config", "--format", "sarif", "DIR"}},
	{name: "findings as HTML", n: 1000, make: tokens, args: []string{"scan", "--no-config", "--format", "html", "DIR"}},
	{name: "findings as Markdown", n: 1000, make: tokens, args: []string{"scan", "--no-config", "--format", "markdown", "DIR"}},

	// Repositories.
	{name: "commits", n: 1000, make: commits(""), args: historyArgs},
	{name: "commits that each change a token", n: 300, make: commits("t"), args: historyArgs},
	{name: "refs", n: 2000, make: refs, args: historyArgs},
	{name: "entries of a tree", n: 5000, make: wideTree, args: historyArgs},
	{name: "staged files", n: 1000, make: stagedFiles, args: []string{"staged", "--no-config", "--format", "json"}},
}

var (
	tokens      = files("p%[1]d/.env", "UNLEASH_API_TOKEN=%[2]s\n")
	historyArgs = []string{"git", "--no-config", "--public", "--format", "json", "DIR"}
)

// numbered is the i-th of as many tokens as anybody wants.
func numbered(i int) string { return fmt.Sprintf("web"+":production.%056x", i*7919+1234567) }

// filled is a part with its number i (1), a token (2), the numbers below and above i (3, 4), where it asks for them.
func filled(part string, i int) string {
	return strings.NewReplacer("%[1]d", fmt.Sprint(i), "%[2]s", numbered(i), "%[3]d", fmt.Sprint(i-1), "%[4]d",
		fmt.Sprint(i+1)).Replace(part)
}

// A maker fills a folder with n parts of something.
type maker = func(ctx context.Context, dir string, n int) error

func write(dir, path, text string) error {
	path = filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// file makes one file of n parts.
func file(path, head, part, foot string) maker {
	return func(_ context.Context, dir string, n int) error {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(filled(part, i))
		}
		b.WriteString(foot)
		return write(dir, path, b.String())
	}
}

// files makes n files.
func files(path, text string) maker {
	return func(_ context.Context, dir string, n int) error {
		for i := range n {
			if err := write(dir, filled(path, i), filled(text, i)); err != nil {
				return err
			}
		}
		return nil
	}
}

// nested makes a file of one text within n others.
func nested(path, open, text, end string) maker {
	return func(_ context.Context, dir string, n int) error {
		return write(dir, path, strings.Repeat(open, n)+text+strings.Repeat(end, n))
	}
}

// joined makes what all of them make.
func joined(makers ...maker) maker {
	return func(ctx context.Context, dir string, n int) error {
		for _, m := range makers {
			if err := m(ctx, dir, n); err != nil {
				return err
			}
		}
		return nil
	}
}

// deep makes folders in folders, each with a package, code and settings.
func deep(_ context.Context, dir string, n int) error {
	at := ""
	for i := range n {
		at = filepath.Join(at, "f")
		for path, text := range map[string]string{
			"package.json": `{"name": "p%[1]d"}`, ".env": "UNLEASH_API_TOKEN=%[2]s\n",
			"a.js": "initialize({url: u, customHeaders: {Authorization: process.env.UNLEASH_API_TOKEN}})\n",
		} {
			if err := write(dir, filepath.Join(at, path), filled(text, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// withBaseline makes n findings, of which a baseline accepts as many others.
func withBaseline(ctx context.Context, dir string, n int) error {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%016x backend-token 1\n", i)
	}
	if err := write(dir, "baseline", b.String()); err != nil {
		return err
	}
	return tokens(ctx, filepath.Join(dir, "tree"), n)
}

func git(ctx context.Context, dir, stdin string, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "-c", "user.name=n", "-c", "user.email=e", "-c",
		"gc.auto=0"}, args...)...)
	cmd.Env = environment()
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(errs.String()))
	}
	return nil
}

// imported makes a repository from what git fast-import reads.
func imported(ctx context.Context, dir, stream string) error {
	if err := git(ctx, dir, "", "init", "--quiet", "--bare"); err != nil {
		return err
	}
	return git(ctx, dir, stream, "fast-import", "--quiet")
}

const someone = "committer n <e> 1700000000 +0000\n"

func data(text string) string { return fmt.Sprintf("data %d\n%s\n", len(text), text) }

// commits makes n commits that change one file, to a token each where what is "t".
func commits(what string) maker {
	return func(ctx context.Context, dir string, n int) error {
		var b strings.Builder
		for i := range n {
			text := fmt.Sprintf("number %d\n", i)
			if what == "t" {
				text = "UNLEASH_API_TOKEN=" + numbered(i) + "\n"
			}
			b.WriteString("commit refs/heads/main\n" + someone + data(fmt.Sprintf("change %d", i)) + "M 644 inline .env\n" + data(text))
		}
		return imported(ctx, dir, b.String())
	}
}

// refs makes n branches of as many commits.
func refs(ctx context.Context, dir string, n int) error {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "commit refs/heads/b%d\n%s%s", i, someone, data(fmt.Sprintf("change %d", i)))
	}
	if err := imported(ctx, dir, b.String()); err != nil {
		return err
	}
	return git(ctx, dir, "", "pack-refs", "--all")
}

// wideTree makes a commit of n files with a token each in one folder.
func wideTree(ctx context.Context, dir string, n int) error {
	var b strings.Builder
	b.WriteString("commit refs/heads/main\n" + someone + data("all"))
	for i := range n {
		fmt.Fprintf(&b, "M 644 inline f%d.env\n%s", i, data("UNLEASH_API_TOKEN="+numbered(i/50)+"\n"))
	}
	return imported(ctx, dir, b.String())
}

// stagedFiles makes a repository whose index has n files that no commit has.
func stagedFiles(ctx context.Context, dir string, n int) error {
	if err := git(ctx, dir, "", "init", "--quiet"); err != nil {
		return err
	}
	if err := tokens(ctx, dir, n); err != nil {
		return err
	}
	return git(ctx, dir, "", "add", "--all")
}
