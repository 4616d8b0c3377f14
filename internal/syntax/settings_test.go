package syntax

import (
	"strings"
	"testing"
)

// trail is where the literals that hold TOK stand: the names around each, outermost first.
func trail(doc *Document) []string {
	var found []string
	walk(doc.Root, func(n *Node) {
		if n.Kind != Literal || !strings.Contains(n.Text, "TOK") {
			return
		}
		var parts []string
		for p := n.Parent; p != nil; p = p.Parent {
			s := ""
			switch p.Kind {
			case Bind:
				s = p.Name
				if p.Flags&Env != 0 {
					s = "$" + s
				}
			case Call:
				s = p.Name + "()"
			case Block:
				s = "{" + p.Name + "}"
			default:
				continue
			}
			if p.Flags&InComment != 0 {
				s = "#" + s
			}
			parts = append([]string{s}, parts...)
		}
		mark := ""
		if n.Flags&Default != 0 {
			mark = " default"
		}
		if n.Flags&InComment != 0 {
			mark += " comment"
		}
		found = append(found, strings.Join(parts, " ")+mark)
	})
	return found
}

var trails = []struct{ name, path, text, want string }{
	{"dotenv", ".env", "A=1\nexport X=\"TOK\" # why", "$X"},
	{"dotenv comment", ".env.example", "# X=TOK", "#$X comment"},
	{"dotenv comment with words", "a.env", "# or: X=TOK", "#or #$X comment"},
	{"dotenv over lines", ".env", "X=\"a\nTOK\"\nY=2", "$X"},
	{"dotenv default", ".env", "X=${Y:-TOK}", "$X default"},
	{"dotenv json", ".env", `X={"a":"TOK"}`, "$X a"},
	{"dotenv never closed", ".env", "X='TOK\nY=1", "$X"},
	{"properties", "a.properties", `unleash.api-key=a\:b.TOK`, "unleash.api-key"},
	{"properties continued", "a.properties", "k = a,\\\n  TOK", "k"},
	{"properties default of Spring", "a.properties", "k=${NAME:default:development.TOK}", "k default"},
	{"ini", "a.ini", "[unleash]\ntoken = TOK ; why", "{unleash} token"},
	{"ini comment", "a.ini", "[unleash]\n;token = TOK", "{unleash} #token comment"},
	{"systemd", "a.service", "[Service]\nEnvironment=\"A=1\" \"X=TOK\"", "{Service} Environment $X"},
	{"systemd command", "a.service", "[Service]\nExecStart=/usr/bin/edge edge --tokens TOK",
		"{Service} ExecStart /usr/bin/edge() --tokens"},
	{"supervisor", "a.ini", "[program:web]\nenvironment=A=\"1\",X=\"TOK\"", "{program:web} environment $X"},
	{"git", ".gitconfig", "[http \"https://x\"]\n\textraheader = Authorization: TOK",
		"{http.https://x} extraheader Authorization"},
	{"nginx", "nginx.conf", "http {\n location / {\n  proxy_set_header Authorization \"TOK\";\n }\n}",
		"{http} {location /} proxy_set_header Authorization"},
	{"hocon", "application.conf", "unleash {\n  apiToken = \"TOK\"\n}", "{unleash} apiToken"},
	{"apache", ".htaccess", "SetEnv UNLEASH TOK", "SetEnv $UNLEASH"},
	{"toml", "a.toml", "[a.b]\nc = { d = [\"x\", \"TOK\"] }", "{a.b} c d"},
	{"toml env", "fly.toml", "[env]\nX = \"TOK\"", "{env} $X"},
	{"toml array", "a.toml", "[[x]]\nk = '''\nTOK'''", "{x} k"},

	{"yaml", "a.yaml", "a:\n  b: TOK # why", "a b"},
	{"yaml sequence at the key's column", "a.yaml", "a:\n- b: 1\n  c: TOK\nd: 2", "a c"},
	{"yaml flow", "a.yaml", "a: {b: [x, 'TOK']}", "a b"},
	{"yaml flow over lines", "a.yaml", "a: [\n  x,\n  TOK\n]\nb: 1", "a"},
	{"yaml anchor", "a.yaml", "a: &t \"TOK\"\nb: *t", "a t"},
	{"yaml anchored table", "a.yaml", "x: &e\n  k: TOK\ny:\n  <<: *e", "x e k"},
	{"yaml block scalar", "a.yaml", "a: |\n  some\n  TOK\nb: 1", "a"},
	{"yaml quoted over lines", "a.yaml", "a: \"some\n  TOK\"\nb: 1", "a"},
	{"yaml documents", "a.yaml", "a: 1\n---\nb: TOK", "b"},
	{"yaml name and value", "a.yaml", "env:\n  - name: X\n    value: TOK", "env value $X"},
	{"yaml value before name", "a.yaml", "env:\n  - value: TOK\n    name: X", "env value $X"},
	{"yaml list of settings", "a.yaml", "environment:\n  - X=TOK", "environment $X"},
	{"yaml build arguments", "a.yaml", "build:\n  args:\n    - X=TOK", "build args $X"},
	{"yaml environment", "a.yaml", "environment:\n  X: \"TOK\"", "environment $X"},
	{"compose default", "compose.yaml", "environment:\n  X: ${X:-TOK}", "environment $X default"},
	{"yaml comment", "a.yaml", "env:\n  # - name: X\n  #   value: TOK\n  - name: Y", "env #value #$X comment"},
	{"yaml comment at the line's start", "a.yaml", "a:\n  b: 1\n#  c: TOK\n  d: 2", "a #c comment"},
	{"yaml template", "a.yaml", "{{- if .Values.x }}\na: {{ .Values.t | default \"TOK\" | quote }}\n{{- end }}",
		"a default"},
	{"yaml broken", "a.yaml", "a: \"open\nb: {c: [1\nd: TOK", "d"},
	{"yaml script", "ci.yml", "script:\n  - X=1 curl -H 'Authorization: TOK' http://x",
		"script curl() -H Authorization"},
	{"yaml run", "ci.yml", "run: |\n  export X=TOK\n  make", "run $X"},
	{"yaml command words", "a.yaml", "command: [\"edge\", \"--tokens\", \"TOK\"]", "command edge() --tokens"},
	{"yaml args", "a.yaml", "args:\n  - --tokens=TOK", "args () --tokens"},
	{"yaml file in a config map", "a.yaml", "data:\n  app.properties: |\n    a=1\n    b=TOK", "data app.properties b"},
	{"yaml json in a string", "a.yaml", `a: '{"b": "TOK"}'`, "a b"},
	{"cloudformation", "a.yaml", "Environment:\n  Variables:\n    X: TOK", "Environment $Variables $X"},

	{"json", "a.json", `{"a": [{"b": "x\u003aTOK"}]}`, "a b"},
	{"json comments", "a.jsonc", "{\n // \"c\": \"TOK\",\n \"a\": 1}", "#c comment"},
	{"json5", "a.json5", "{a: 'TOK',}", "a"},
	{"ndjson", "a.ndjson", "{\"a\":1}\n{\"b\":\"TOK\"}", "b"},
	{"json name and value", "task.json", `{"environment":[{"name":"X","value":"TOK"}]}`, "environment value $X"},
	{"har", "a.har", `{"headers":[{"name":"authorization","value":"TOK"}]}`, "headers value authorization"},
	{"json in json", "a.json", `{"body":"{\"a\":\"TOK\"}"}`, "body a"},
	{"json cut off", "a.json", `{"a": {"b": "TOK`, "a b"},
	{"package scripts", "package.json", `{"scripts":{"start":"X=TOK node a.js"}}`, "scripts start node() $X"},

	{"hcl block", "a.tf", "provider \"unleash\" {\n  authorization = \"TOK\"\n}", "{provider.unleash} authorization"},
	{"hcl variable", "a.tf", "variable \"t\" {\n  default = \"TOK\"\n}", "{variable.t} default t"},
	{"hcl call", "a.tf", "x = jsonencode([{ name = \"X\", value = \"TOK\" }])", "x jsonencode() value X"},
	{"hcl heredoc", "a.tf", "x = <<-EOT\n  A=1\n  X=TOK\nEOT", "x $X"},
	{"hcl conditional", "a.tf", "x = var.p ? \"TOK\" : \"other\"", "x"},
	{"hcl comment", "a.tf", "a {\n  # token = \"TOK\"\n}", "{a} #token comment"},
	{"nomad", "a.hcl", "env {\n X = \"TOK\"\n}", "{env} $X"},

	{"xml text", "a.xml", "<a><b.c>TOK</b.c></a>", "a b.c"},
	{"android strings", "strings.xml", "<resources><string name=\"k\">TOK</string></resources>", "resources string k"},
	{"plist", "a.plist", "<plist><dict><key>K</key><string>TOK</string></dict></plist>", "plist dict K"},
	{"web.config", "web.config", "<appSettings><add key=\"K\" value=\"TOK\"/></appSettings>",
		"appSettings add value K"},
	{"android manifest", "AndroidManifest.xml", "<meta-data android:name=\"K\" android:value=\"TOK\"/>",
		"meta-data android:value K"},
	{"xml comment", "a.xml", "<a><!-- <b>TOK</b> --></a>", "a #b comment"},
	{"html attribute", "a.html", "<div data-key=\"TOK\">", "div() data-key"},
	{"html meta", "a.html", "<meta name=\"k\" content=\"TOK\">", "meta() content k"},
	{"html shown code", "a.html", "<pre><code><span>K</span><span>=</span><span>TOK</span></code></pre>",
		"pre() {} $K"},
	{"html script", "a.html", "<script>var c = {clientKey: 'TOK'}</script>", "script() c clientKey"},
	{"html script of data", "a.html", "<script type=\"application/json\">{\"a\":\"TOK\"}</script>", "script() a"},
	{"html json attribute", "a.html", `<x-app data-config='{"a":"TOK"}'>`, "x-app() data-config a"},
	{"vue template", "a.vue", "<template><FlagProvider :config=\"{ clientKey: 'TOK' }\"/></template>",
		"template() FlagProvider() config clientKey"},
	{"svelte template", "a.svelte", "<FlagProvider config={{ clientKey: 'TOK' }}>", "FlagProvider() config clientKey"},
	{"astro script", "a.astro", "---\nconst k = 'TOK'\n---\n<p>x</p>", "k"},

	{"docker arguments", "Dockerfile", "FROM a AS build\nARG X=TOK", "{build} $X"},
	{"docker environment over lines", "Dockerfile", "FROM a\nENV A=1 \\\n    X=\"TOK\"", "{} $X"},
	{"docker old environment", "Dockerfile", "FROM a\nENV X TOK", "{} $X"},
	{"docker run", "Dockerfile", "FROM a\nRUN X=TOK make", "{} make() $X"},
	{"docker exec form", "Dockerfile", "FROM a\nCMD [\"edge\", \"-t\", \"TOK\"]", "{} edge() -t"},
	{"docker comment", "Dockerfile", "FROM a\n# ENV X=TOK", "{} #$X comment"},
	{"make", "Makefile", "X ?= TOK", "$X"},
	{"make recipe", "Makefile", "run:\n\t@X=TOK go run .", "{run} go() $X"},
	{"cmake", "CMakeLists.txt", "add_definitions(-DK=\"TOK\")", "add_definitions() K"},

	{"shell", "a.sh", "X='TOK'", "$X"},
	{"shell prefix", "a.sh", "X=TOK npm start", "npm() $X"},
	{"shell default", "a.sh", `T="${X:-TOK}"`, "$T default"},
	{"shell header", "a.sh", `curl -sS -H "Authorization: TOK" https://x`, "curl() -H Authorization"},
	{"shell header in a variable", "a.sh", `A="Authorization: TOK"`, "$A Authorization"},
	{"shell array of options", "a.sh", `A=(-H "Authorization: TOK")`, "$A () -H Authorization"},
	{"shell docker", "a.sh", "docker run -d -e X=TOK img", "docker() $X"},
	{"shell option", "a.sh", "edge --tokens TOK", "edge() --tokens"},
	{"shell option attached", "a.sh", "edge --tokens=TOK", "edge() --tokens"},
	{"shell java option", "a.sh", "java -Dunleash.key=TOK -jar a.jar", "java() unleash.key"},
	{"shell options in an option", "a.sh", `mvn -Drun.jvmArguments="-Da.key='TOK' -Db=1"`,
		"mvn() run.jvmArguments () a.key"},
	{"shell helm", "a.sh", "helm install x --set a.b=1,c.key=TOK", "helm() c.key"},
	{"shell kubectl", "a.sh", "kubectl create secret generic s \\\n --from-literal=X='TOK'", "kubectl() $X"},
	{"shell secret of GitHub", "a.sh", "gh secret set MY_KEY --body TOK", "gh() --body $MY_KEY"},
	{"shell secret through a pipe", "a.sh", "echo TOK | gh secret set MY_KEY", "echo() $MY_KEY"},
	{"shell user secrets", "a.sh", `dotnet user-secrets set "Unleash:ApiKey" "a.TOK"`, "dotnet() $Unleash:ApiKey"},
	{"shell here-document", "a.sh", "cat > .env <<EOF\nX=TOK\nEOF\nls", "cat() {.env} $X"},
	{"shell here-document for kubectl", "a.sh", "kubectl apply -f - <<EOF\nstringData:\n  X: TOK\nEOF",
		"kubectl() {} stringData X"},
	{"shell json body", "a.sh", `curl -d '{"a": "TOK"}' x`, "curl() -d a"},
	{"shell function", "a.sh", "f() {\n  X=TOK\n}\n", "{f} $X"},
	{"shell comment", "a.sh", "# export X=TOK", "#$X comment"},
	{"fish", "a.fish", "set -gx X TOK", "$X"},
	{"httpie", "a.sh", "http GET https://x Authorization:TOK", "http() Authorization"},
	{"shell in shell", "a.sh", `bash -c "X=TOK make"`, "bash() -c make() $X"},
	{"powershell", "a.ps1", "$env:X = 'TOK'", "$X"},
	{"powershell table", "a.ps1", "$h = @{ Authorization = \"TOK\" }", "h Authorization"},
	{"powershell parameter", "a.ps1", "Invoke-RestMethod -Uri http://x -Headers @{ 'Authorization' = 'TOK' }",
		"Invoke-RestMethod() -Headers Authorization"},
	{"powershell method", "a.ps1", `[Environment]::SetEnvironmentVariable("X", "TOK", "User")`,
		"Environment.SetEnvironmentVariable() $X"},
	{"batch", "a.bat", "@set \"X=TOK\"", "$X"},
	{"batch comment", "a.cmd", "rem set X=TOK", "#$X comment"},

	{"markdown fence", "a.md", "Text\n\n```bash\nexport X=TOK\n```\n", "{} $X"},
	{"markdown fence in a list", "a.md", "1. Do\n\n   ```yaml\n   a:\n     b: TOK\n   ```\n", "{} a b"},
	{"markdown file before a fence", "a.md", "In `.env`:\n\n```\nX=TOK\n```\n", "{.env} $X"},
	{"markdown code", "a.md", "The backend token: `TOK-and-so-on`.", "The backend token"},
	{"markdown table", "a.md", "| name | value |\n|---|---|\n| MY_KEY | `TOK-and-so-on` |\n", "value MY_KEY"},
	{"markdown matter in front", "a.md", "---\ntoken: TOK\n---\nText", "token"},
	{"rst", "a.rst", "Text\n\n.. code-block:: python\n\n   x = 'TOK'\n", "{} x"},
	{"asciidoc", "a.adoc", "[source,yaml]\n----\na: TOK\n----\n", "{} a"},
	{"notebook", "a.ipynb", `{"cells":[{"cell_type":"code","source":["%env X=TOK\n","x = 1"]}]}`, "$X"},
	{"notebook code", "a.ipynb", `{"cells":[{"cell_type":"code","source":["x = \"TOK\"\n"]}]}`, "x"},
	{"notebook command", "a.ipynb", `{"cells":[{"cell_type":"code","source":["!edge --tokens TOK"]}]}`,
		"edge() --tokens"},
	{"http", "a.http", "GET https://x/api/client/features\nAuthorization: TOK\n", "GET() Authorization"},
	{"http body", "a.http", "POST /x HTTP/1.1\nA: b\n\n{\"secret\": \"TOK\"}\n", "POST() {} secret"},
	{"curl -v", "a.log", "> GET /api/client/features HTTP/1.1\n> Authorization: TOK\n", "GET() Authorization"},
	{"access log", "a.log", `1.2.3.4 - - "GET /x?token=TOK HTTP/1.1" 200`, "GET()"},
	{"log settings", "a.log", "2025 INFO token=TOK done", "token"},
	{"log json", "a.log", `2025 INFO {"a":"TOK"}`, "a"},
	{"sql insert", "a.sql", "INSERT INTO t (a, secret) VALUES ('x', 'TOK');", "t secret"},
	{"sql columns of the table", "a.sql", "CREATE TABLE t (id int, secret text);\nINSERT INTO t VALUES (1, 'TOK');",
		"t secret"},
	{"sql copy", "a.sql", "COPY public.t (a, secret) FROM stdin;\n1\tTOK\n\\.\n", "t secret"},
	{"sql update", "a.sql", "UPDATE t SET secret = 'TOK' WHERE a = 1", "secret"},
	{"csv", "a.csv", "name,secret\nx,TOK\n", "secret"},
	{"csv pairs", "a.csv", "key,value\nX,TOK\n", "value X"},
	{"netrc", ".netrc", "machine x login a password TOK", "{x} password"},
	{"procfile", "Procfile", "web: X=TOK node a.js", "web node() $X"},
	{"crontab", "crontab", "* * * * * X=TOK /bin/a", "/bin/a() $X"},
	{"patch", "a.patch", "--- a/.env\n+++ b/.env\n@@ -1 +1 @@\n A=1\n+X=TOK\n", "{.env} $X"},
	{"patch removes", "a.diff", "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1 @@\n a:\n-  b: TOK\n", "{a.yaml} a b"},
	{"prose", "a.txt", "backend token: TOK-and-so-on", "backend token"},
	{"prose without a name", "a.txt", "they sent TOK:so.and-so-on yesterday", ""},
	{"nothing known", "whatever", "X=TOK\n", "$X"},
	{"nothing known but a shebang", "run", "#!/bin/sh\nedge --tokens TOK\n", "edge() --tokens"},
}

func TestTrails(t *testing.T) {
	for _, c := range trails {
		doc := parsed(t, c.path, []byte(c.text))
		got := trail(doc)
		if len(got) != 1 || got[0] != c.want {
			var b strings.Builder
			Dump(&b, doc)
			t.Errorf("%s: %q, want %q\n%s", c.name, got, c.want, b.String())
		}
		walk(doc.Root, func(n *Node) {
			if n.Kind == Literal && strings.Contains(n.Text, "TOK") && !strings.Contains(c.text[n.Start:n.End], "TOK") {
				t.Errorf("%s: the literal stands at %d..%d, %q", c.name, n.Start, n.End, c.text[n.Start:n.End])
			}
		})
	}
}

// What a setting reads: its references and what stands in for them.
func TestReferences(t *testing.T) {
	rows := []struct{ path, text, want string }{
		{"a.yaml", "a: ${X}", "X"},
		{"a.yaml", "a: ${X:-d}", "X|d"},
		{"a.yaml", "a: ${X:-${Y:-d}}", "X|Y|d"},
		{"a.yaml", "a: ${{ secrets.X || 'd' }}", "secrets.X|d"},
		{"a.yaml", "a: '{{ .Values.x.y | default \"d\" }}'", ".Values.x.y|d"},
		{"a.yaml", "a: \"{{ lookup('env', 'X') }}\"", "X"},
		{"a.yaml", "a: <%= ENV['X'] %>", "X"},
		{"a.yaml", "a: '%env(X)%'", "X"},
		{"a.yaml", "a: '%env(resolve:X)%'", "X"},
		{"a.yaml", "a: !Ref X", "X"},
		{"a.yaml", "a: $(X)", "X"},
		{"a.yaml", "a: ${ssm:/a/b}", "ssm:/a/b"},
		{"a.yaml", "a: ${env:X, 'd'}", "X|d"},
		{"a.yaml", "environment:\n  - X", "X"},
		{"a.yaml", "a: 100%", "100%"},
		{"a.yaml", "a: '%2A%3Adev'", "%2A%3Adev"},
		{"a.properties", "a=${x.y:d:e}", "x.y|d:e"},
		{"a.properties", "a=@x.y.z@", "x.y.z"},
		{"a.sh", "a=$X", "X"},
		{"a.sh", "curl -e \"$X\"", "X"},
		{"a.bat", "echo %NAME%", "NAME"},
		{"a.bat", "set A=%NAME%", "NAME"},
		{"a.ps1", "$a = $env:X", "X"},
		{"a.tf", "a = var.x", "var.x"},
		{"a.tf", "a = \"b-${var.x}\"", "b-|var.x"},
		{"Dockerfile", "ENV A=$X", "X"},
		{"Makefile", "A = $(X)", "X"},
	}
	for _, c := range rows {
		var got []string
		walk(parsed(t, c.path, []byte(c.text)).Root, func(n *Node) {
			switch n.Kind {
			case Ref:
				got = append(got, n.Name)
			case Literal:
				got = append(got, n.Text)
			}
		})
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s %q: %q, want %q", c.path, c.text, s, c.want)
		}
	}
}

func TestEmbedded(t *testing.T) {
	rows := []struct{ path, text, want string }{
		{"a.json", `{"x": "{\"a\": \"TOK\"}"}`, "a"},
		{"a.py", `x = "Authorization: TOK"`, "Authorization"},
		{"a.py", `x = "UNLEASH=TOK"`, "$UNLEASH"},
		{"a.py", `x = "-Dunleash.key=TOK"`, "() unleash.key"},
		{"a.py", `x = "https://h/p?a=1&clientKey=TOK"`, "clientKey"},
		{"a.py", `x = "--tokens TOK"`, "() --tokens"},
		{"a.py", `x = "one,TOK"`, ""},
		{"a.py", `x = "curl -H 'Authorization: TOK' http://x"`, "curl() -H Authorization"},
		{"a.yaml", "x: |\n  hello\n  TOKEN_A: x TOK-so:on\n", "TOKEN_A"},
		{"a.py", `x = "TOK"`, "nil"},
	}
	for _, c := range rows {
		doc := parsed(t, c.path, []byte(c.text))
		var lit *Node
		walk(doc.Root, func(n *Node) {
			if n.Kind == Literal && strings.Contains(n.Text, "TOK") && lit == nil {
				lit = n
			}
		})
		if lit == nil {
			t.Errorf("%s: no literal", c.text)
			continue
		}
		if lit.Parent.Name == c.want { // read already
			continue
		}
		got := "nil"
		if in := Embedded(lit, doc); in != nil {
			got = strings.Join(trail(in), " and ")
			walk(in.Root, func(n *Node) {
				if n.Kind == Literal && strings.Contains(n.Text, "TOK") && !strings.Contains(c.text[n.Start:n.End],
					"TOK") {
					t.Errorf("%s: it stands at %q", c.text, c.text[n.Start:n.End])
				}
			})
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestAlign(t *testing.T) {
	rows := []struct {
		raw, text string
		at        int // of a byte of text
		want      int // where it stands in raw
	}{
		{"abc", "abc", 2, 2},
		{`a\u003ab`, "a:b", 2, 7},
		{`a\u003ab`, "a:b", 1, 1},
		{`a\"b`, `a"b`, 2, 3},
		{"it''s", "it's", 3, 4},
		{"a&amp;b", "a&b", 2, 6},
		{"a\n    b", "a b", 2, 6},
		{"  a\n  b\n", "a\nb\n", 2, 6},
		{`a\\b`, `a\b`, 2, 3},
		{`a\b`, `a\b`, 2, 2},
	}
	for _, c := range rows {
		if got := align(c.raw, c.text, 0).at(c.at); got != c.want {
			t.Errorf("%q: byte %d of %q stands at %d, want %d", c.raw, c.at, c.text, got, c.want)
		}
	}
	if align("abc", "xyz", 0) != nil {
		t.Error("different texts are aligned")
	}
}

func TestLanguageOf(t *testing.T) {
	rows := []struct{ path, text, want string }{
		{".env.production", "", "dotenv"}, {"unleash.env.j2", "", "dotenv"}, {"service.env.redacted", "", "dotenv"},
		{"public/env.js", "", "javascript"}, {"web.Dockerfile", "", "dockerfile"}, {"Dockerfile.prod", "",
			"dockerfile"},
		{"docker-compose.override.yml", "", "yaml"}, {"values.yaml.tpl", "", "yaml"}, {"config.json.example", "",
			"json"},
		{"terraform.tfvars", "", "hcl"}, {"terraform.tfstate", "", "json"}, {"Jenkinsfile", "", "groovy"},
		{"Gemfile", "", "ruby"},
		{"x", "#!/usr/bin/env -S bash -e\n", "shell"}, {"x", "#!/usr/bin/python3\n", "python"},
		{"x", "{\"a\": 1}", "json"},
		{"x", "<?xml version='1.0'?>", "xml"}, {"x", "A=1\nB=2\n", "dotenv"}, {"x.txt", "GET /a HTTP/1.1\n", "http"},
		{"x", "apiVersion: v1\n", "yaml"}, {"x", "hello world\n", ""}, {"x.txt", "diff --git a/x b/x\n", "diff"},
		{"", "", ""}, {"x", "[", ""}, {"a/App.vue", "", "vue"}, {"nginx.conf.template", "", "conf"},
	}
	for _, c := range rows {
		if got := langOf(c.path, c.text); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.path, c.text, got, c.want)
		}
	}
}
