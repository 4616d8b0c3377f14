package scanner_test

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/scanner"
)

// hostileParts are what a text may say again and again that makes readers nest, look ahead or go back.
var hostileParts = []string{
	"[",
	"{",
	"(",
	"<a>",
	"<",
	"${",
	"$(",
	"`",
	"\"",
	"'",
	"\\",
	"a",
	"a: b\r",
	"a\x00",
	"cat <<EOF\n",
	"cat <<A <<B <<C\n",
	"```sh\n",
	"\"\\ud800\" ",
	"\xff\xfe",
	"/*",
	"<!--",
	"{-",
	"#",
	";",
	"a=",
	"a:",
	",",
	"a.b",
	"\"a\"+",
	"f(",
	"f(x).",
	"x=>",
	"a?b:",
	"if(a)",
	"else if(a){}",
	"unleash ",
	"initialize({url:u,customHeaders:{Authorization:t}});\n",
	"UNLEASH_API_TOKEN=$UNLEASH_API_TOKEN\n",
	"> ",
	"|a",
	"[a](",
	"*",
	"_a",
	"a \\\n",
	"%41",
	"QUFB",
	"\"$(",
	"`a",
	"'a",
	"`${",
	"{{",
	"{%",
	"<%=",
	"<?php ",
	"run: |\n  a \\\n",
	"<![CDATA[",
	"- ",
	"? ",
	"BEGIN ",
	"'(",
	"#|",
	"r#\"",
	"\"\"\"",
	"f\"{",
	"$@\"{",
	"{*}",
	"\n",
	"\r\n",
	"\t",
	" ",
	"INSERT INTO a VALUES (",
	"('a'),",
	"do ",
	"%w(",
	"q{",
	"a: b\n\t",
	"RUN \\\n",
	"a {",
	"+++ b/a\n@@ -1 +1 @@\n+a\n",
	"{\"log\":{\"entries\":[",
	"Content-Type: multipart/mixed; boundary=a\n\n--a\n",
	"a=\\\n",
	"[a.",
	"[[a]]\n",
	"[a\n",
	"query{",
	"|x|",
	"A<",
	"@A(",
	"import a from \"./a\"\n",
	"export * from \"./a\"\n",
	"require('./a').b(",
}

// hostileNames are a name for every reader.
var hostileNames = strings.Fields(`
	a.js a.ts a.tsx a.jsx a.vue a.svelte a.py a.rb a.php a.java a.kt a.swift a.go a.rs a.cs a.dart a.ex a.erl
	a.clj a.scala a.groovy a.lua a.pl a.sh a.ps1 a.bat a.yaml a.json a.toml a.ini a.properties a.xml a.html
	a.md a.rst a.adoc a.sql a.tf Dockerfile Makefile .env a.ipynb a.map a.patch a.eml a.har
	docker-compose.yml nginx.conf a.hcl a.cue a.jsonnet a.tcl a.r a.hs a.fs a.vb a.txt a.log a.csv a.graphql
	a.proto a.css a.scss a.bicep a.nix a.cmake a.gradle Jenkinsfile .gitlab-ci.yml .github/workflows/a.yml
	a.plist a.http a.bru a.el a.zig a.jl a.m a.c a.cpp
`)

// A hostileText makes a text of about n parts.
type hostileText struct {
	name string
	make func(n int) string
}

// hostileTexts are texts whose parts are not all the same.
func hostileTexts() []hostileText {
	each := func(row func(i int) string) func(int) string {
		return func(n int) string {
			var b strings.Builder
			for i := range n {
				b.WriteString(row(i))
			}
			return b.String()
		}
	}
	list := []hostileText{
		{"deeper and deeper", each(func(i int) string { return strings.Repeat(" ", i%2000) + "a:\n" })},
		{"fences", each(func(i int) string { return strings.Repeat("`", 3+i%1000) + "sh\n" })},
		{"aliases", each(func(i int) string { return fmt.Sprintf("b%d: &b%[1]d [*b%[2]d, *b%[2]d]\n", i, max(0, i-1)) })},
		{"merges", each(func(i int) string { return fmt.Sprintf("k%d: &k%[1]d\n  <<: *k%d\n", i, max(0, i-1)) })},
		{"entities", func(n int) string {
			entity := func(i int) string { return fmt.Sprintf("<!ENTITY e%d \"&e%[2]d;&e%[2]d;\">", i, i-1) }
			return "<!DOCTYPE a [" + each(entity)(n) + "]><a>&e9;</a>"
		}},
		{"names of names", each(func(i int) string { return fmt.Sprintf("const t%d = t%d\n", i+1, i) })},
		{"settings of settings", each(func(i int) string { return fmt.Sprintf("UNLEASH_TOKEN%d=$UNLEASH_TOKEN%d\n", i+1, i) })},
		{"tags", each(func(i int) string { return fmt.Sprintf("<a%d>", i) })},
		{"blocks", each(func(i int) string { return strings.Repeat(" ", i%300) + "- - - a\n" })},
		{"sinks", each(func(i int) string { return "initialize({url: u, customHeaders: {Authorization: t}});\n" })},
		{"exports", each(func(i int) string { return fmt.Sprintf("export * from './m%d'\n", i) })},
		{"tokens", each(func(i int) string { return "clientKey: '" + numbered(i) + "',\n" })},
		{"tokens on one line", each(func(i int) string { return numbered(i) + "," })},
	}
	for _, part := range hostileParts {
		list = append(list, hostileText{strconv.Quote(part), func(n int) string { return strings.Repeat(part, n) }})
	}
	return list
}

// TestHostileTexts reads hostile texts as files of every kind: each ends, is read to its end, and makes nothing panic.
// Every run takes a part of the pairs of a text and a name, so that each text and each name is among them. With
// UNLEAKED_HOSTILE=N it takes all, a text has N parts, and the slowest are listed.
func TestHostileTexts(t *testing.T) {
	n, every := 150, 5
	if testing.Short() {
		every = 16
	}
	var costs []hostileCost
	if s := os.Getenv("UNLEAKED_HOSTILE"); s != "" {
		n, _ = strconv.Atoi(s)
		every = 1
		defer func() { listSlowest(t, costs) }()
	}
	for k, h := range hostileTexts() {
		for i, name := range hostileNames {
			if (k+i)%every > 0 {
				continue
			}
			text := "unleash token\n" + h.make(n)
			if (k+i)/every%2 == 1 {
				text = "UNLEASH_TOKEN=" + h.make(n)
			}
			started := time.Now()
			what := h.name + " as " + name
			for _, s := range scanOrDie(t, what, name, text).Coverage.Skipped {
				t.Errorf("%s: %s", what, s.Why)
			}
			costs = append(costs, hostileCost{what, time.Since(started)})
		}
	}
}

// A hostileCost is how long it took to read one text.
type hostileCost struct {
	what string
	took time.Duration
}

func listSlowest(t *testing.T, costs []hostileCost) {
	sort.Slice(costs, func(i, j int) bool { return costs[i].took > costs[j].took })
	for _, c := range costs[:min(40, len(costs))] {
		t.Logf("%8d ms  %s", c.took.Milliseconds(), c.what)
	}
}

// scanOrDie scans one text. Where that does not end, which no clock of a loaded machine comes near to, it says which
// text it was.
func scanOrDie(t *testing.T, what, name, text string) *scanner.Result {
	t.Helper()
	done := make(chan *scanner.Result, 1)
	go func() {
		res, err := scanner.Scan(context.Background(), oneBlob{scanner.Blob{Path: name, Text: []byte(text)}},
			scanner.Options{Public: true, Jobs: 1})
		if err != nil {
			t.Error(err)
		}
		done <- res
	}()
	select {
	case res := <-done:
		return res
	case <-time.After(5 * time.Minute):
		t.Fatalf("%s does not end", what)
	}
	return nil
}

// TestHeaderNamedByItself: whether a name is a header's may depend on that very name.
func TestHeaderNamedByItself(t *testing.T) {
	for name, text := range map[string]string{
		"a.ts": "unleash token\nconst h = {}\nh[h] = h\nexports.h = { [h]: h, [exports.h]: exports.h }\n" +
			"export const AUTH = { [AUTH]: AUTH }\nmodule.exports.a = { [module.exports.a]: module.exports.a }\n" +
			"fetch(\"https://x/api/client/features\", { headers: { [AUTH]: AUTH, [h]: h } })\n",
		"b.py": "unleash token\nclass A:\n  K = {K: K, A.K: A.K}\ns = S()\ns.headers[s.headers] = s.headers\n" +
			"s.headers[A.K] = A.K\ns.get(\"/api/client/features\", headers={A.K: s.headers})\n",
		"c.ex": "unleash token\n@k {@k, @k}\ndef k, do: {k(), k()}\nReq.get(\"/api/client/features\", headers: [{@k, @k}])\n",
	} {
		scanOrDie(t, name, name, text)
	}
}
