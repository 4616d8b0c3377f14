package excerpt

import "testing"

// TestValues holds what is shown of lines beside a finding: names, keywords, keys and punctuation, and no value.
func TestValues(t *testing.T) {
	for _, c := range []struct{ path, line, want string }{
		{"a.ts", `  password: 'correct horse', user: "eve",`, `  password: '…', user: "…",`},
		{"a.ts", `const client = new UnleashClient({ url: base, refreshInterval: 5000 })`,
			`const client = new UnleashClient({ url: base, refreshInterval: … })`},
		{"a.ts", "// the password is: hunter", "// the password is: …"},
		{"a.ts", `fetch('https://u.example.com/hook/T0AB12CD', opts)`, `fetch('https://u.example.com…', opts)`},
		{".env", "DB_PASSWORD=hunter", "DB_PASSWORD=…"},
		{".env", "DB_PASSWORD=hunter two", "DB_PASSWORD=…"},
		{"a.yml", "    password: hunter", "    password: …"},
		{"a.yml", "  unleash:", "  unleash:"},
		{"a.sh", `curl -u "eve:hunter" -H "X-Key: k" host`, `curl -u "eve:…" -H "X-Key: …" …`},
		{"a.sh", `run --values values.prod.yml --password hunter --mode x -p 3063:3063`,
			`run --values values.prod.yml --password … --mode x -p …`},
		{"a.sh", `docker run -e TOKENS=$TOKENS img && curl -u eve:hunter h`, `docker run -e TOKENS=$TOKENS … && curl -u eve:…`},
		{"a.yml", `    command: ["edge", "--upstream-url", "--token=hunter", "values.yml"]`,
			`    command: ["…", "--upstream-url", "--token=…", "values.yml"]`},
		{"a.yml", `    enabled: true # see docs/setup.md`, `    enabled: true # see docs/setup.md`},
		{"a.yml", `    password: a&b|c`, `    password: …`},
		{"a.yml", `  - name: UNLEASH_URL`, `  - name: UNLEASH_URL`},
		{".env", "PASSWORD=x2Kd9;Lm3#q", "PASSWORD=…"},
		{"a.ts", "import { UnleashClient } from 'unleash-proxy-client';", "import { UnleashClient } from 'unleash-proxy-client';"},
		{"a.java", `.apiKey(key).synchronousFetchOnInitialisation(true)`, `.apiKey(key).synchronousFetchOnInitialisation(true)`},
		{"a.java", `.apiKey(QmFzZVNpeHR5Rm91clRleHRPZkxldHRlcnM)`, `.apiKey(…)`},
		{"a.xml", `<password>correct horse</password> <b>`, `<password>…</password> <b>`},
		{"a.log", "2024-01-02T03:04:05Z INFO GET /api/client from 10.0.0.1", "…:04:… INFO GET /api/client from …"},
		{"a.json", `"type": "frontend", "name": "eve"`, `"type": "frontend", "name": "…"`},
		{"a.txt", "see a1b2c3d4e5f6 there", "see … there"},
		{"a.txt", "it is a 1 f 9 0 c 7 b too", "… too"},
		{"a.json", `  "password": "hunter", "b": [1, 2]`, `  "password": "…", "b": […, …]`},
		{"a.txt", "https://eve:hunter@host.example/x", "https://…"},
	} {
		var out string
		at := 0
		for _, s := range valuesOn(c.path, []byte(c.line), 0, len(c.line), nil, span{}) {
			out += c.line[at:s.start] + hidden
			at = s.end
		}
		if out += c.line[at:]; out != c.want {
			t.Errorf("%s: %q is shown as %q, want %q", c.path, c.line, out, c.want)
		}
	}
}
