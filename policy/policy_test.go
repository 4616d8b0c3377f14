package policy

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// textOf is a text whose positions are counted from its bytes.
func textOf(file, text string) Text {
	return Text{File: file, Text: []byte(text), Line: func(offset int) int {
		return 1 + strings.Count(text[:offset], "\n")
	}}
}

func TestInlineDirectives(t *testing.T) {
	for _, c := range []struct {
		name, text string
		covers     int
		rules      string
		reason     string
		problem    string
	}{
		{"behind the token", "t = \"x\" # unleaked:ignore backend-token demo server", 1, "backend-token", "demo server",
			""},
		{"on the line above", "// unleaked:ignore backend-token demo server\nt = x", 2, "backend-token", "demo server",
			""},
		{"windows lines", "a\r\n  // unleaked:ignore backend-token demo server\r\nt = x\r\n", 3, "backend-token",
			"demo server", ""},
		{"block comment", "/* unleaked:ignore backend-token demo */\nt", 2, "backend-token", "demo", ""},
		{"html", "<!-- unleaked:ignore backend-token demo -->\nt", 2, "backend-token", "demo", ""},
		{"jsx", "{/* unleaked:ignore backend-token demo */}\nt", 2, "backend-token", "demo", ""},
		{"sql and lua", "-- unleaked:ignore backend-token demo\nt", 2, "backend-token", "demo", ""},
		{"batch", "REM unleaked:ignore backend-token demo\nt", 2, "backend-token", "demo", ""},
		{"ini", "; unleaked:ignore backend-token demo\nt", 2, "backend-token", "demo", ""},
		{"erb", "<%# unleaked:ignore backend-token demo %>\nt", 2, "backend-token", "demo", ""},
		{"json key", "{\"//\": \"unleaked:ignore backend-token demo\",\n\"t\": 1}", 2, "backend-token", "demo", ""},
		{"several rules", "# unleaked:ignore secret-in-frontend,backend-token old key\nt", 2,
			"secret-in-frontend,backend-token", "old key", ""},
		{"several rules, blanks", "# unleaked:ignore secret-in-frontend, backend-token -- old key\nt", 2,
			"secret-in-frontend,backend-token", "old key", ""},
		{"a reason that begins with a known word", "# unleaked:ignore backend-token admin-token is another\nt", 2,
			"backend-token", "admin-token is another", ""},
		{"no reason", "# unleaked:ignore backend-token\nt", 2, "backend-token", "", "has no reason behind the rule"},
		{"no reason but signs", "/* unleaked:ignore backend-token -- */\nt", 2, "backend-token", "",
			"has no reason behind the rule"},
		{"no rule", "# unleaked:ignore because I say so\nt", 2, "", "", "names no known rule"},
		{"nothing", "# unleaked:ignore\nt", 2, "", "", "names no rule"},
		{"a rule that is none", "# unleaked:ignore backend-tokne demo\nt", 2, "", "",
			"names \"backend-tokne\", which is no rule"},
		{"the second rule is none", "# unleaked:ignore backend-token, secret-in-fronted demo\nt", 2, "backend-token",
			"", "names \"secret-in-fronted\", which is no rule"},
		{"at the end of the text", "t\n# unleaked:ignore backend-token demo", 2, "backend-token", "demo", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Directives(textOf("a", c.text))
			if len(got) != 1 {
				t.Fatalf("%d directives", len(got))
			}
			d := got[0]
			if d.covers != c.covers || strings.ReplaceAll(ruleList(d.rules), ", ", ",") != c.rules ||
				d.problem != c.problem ||
				d.problem == "" && d.reason != c.reason {
				t.Errorf("got covers %d, rules %v, reason %q, problem %q", d.covers, d.rules, d.reason, d.problem)
			}
		})
	}
	for _, text := range []string{"", "x", "unleaked:ignored backend-token x", "xunleaked:ignore backend-token x"} {
		if got := Directives(textOf("a", text)); len(got) != 0 {
			t.Errorf("%q: %d directives", text, len(got))
		}
	}
}

// A single line full of markers must cost what it weighs, not its square.
func TestInlineDirectivesOfOneLongLine(t *testing.T) {
	text := strings.Repeat("unleaked:ignore backend-token because ", 1<<16)
	v := Text{Text: []byte(text), Line: func(int) int { return 1 }}
	if got := Directives(v); len(got) != maxDirectives {
		t.Errorf("%d directives", len(got))
	}
}

func aFinding(file string, line int, rule rules.RuleID, fingerprint string) finding.Finding {
	r, _ := rules.Lookup(rule)
	return finding.Finding{File: file, Line: line, Rule: rule, Severity: r.Severity, Fingerprint: fingerprint}
}

func lines(findings []finding.Finding) string {
	var out []string
	for _, f := range findings {
		s := where(f.File, f.Line) + " " + string(f.Rule)
		if f.Suppressed != nil {
			s += " by " + f.Suppressed.By + " " + f.Suppressed.Where + " " + f.Suppressed.Reason
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func texts(places []finding.Place) string {
	var out []string
	for _, p := range places {
		out = append(out, where(p.File, p.Line)+" "+p.Text)
	}
	return strings.Join(out, "\n")
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimSpace(want); got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func TestApplyInline(t *testing.T) {
	directives := append(Directives(textOf("a.js", `x // unleaked:ignore backend-token the demo server
// unleaked:ignore backend-token,secret-in-frontend kept until June
y
// unleaked:ignore backend-token
z
// unleaked:ignore backend-token was here once
w
// unleaked:ignore backend-token fine
v
// unleaked:ignore because
`)), Directives(textOf("b.js", "// unleaked:ignore frontend-token public\nx\n"))...)
	findings := []finding.Finding{
		aFinding("a.js", 1, rules.BackendToken, "f1"),
		aFinding("a.js", 1, rules.BackendToken, "f2"), // two on one line: the comment speaks of the line
		aFinding("a.js", 3, rules.SecretInFrontend, "f3"),
		aFinding("a.js", 5, rules.BackendToken, "f4"),
		aFinding("a.js", 9, rules.SecretInFrontend, "f5"),
		aFinding("c.js", 1, rules.BackendToken, "f1"), // the same token elsewhere
	}
	kept, suppressed, notices := (&Policy{}).Apply(findings, directives)
	equal(t, "kept", lines(kept), `
a.js:5 backend-token
a.js:9 secret-in-frontend
c.js:1 backend-token`)
	equal(t, "suppressed", lines(suppressed), `
a.js:1 backend-token by inline a.js:1 the demo server
a.js:1 backend-token by inline a.js:1 the demo server
a.js:3 secret-in-frontend by inline a.js:2 kept until June`)
	equal(t, "notices", texts(notices), `
a.js:4 unleaked:ignore is not honoured: it has no reason behind the rule; write unleaked:ignore RULE REASON
a.js:6 unleaked:ignore of backend-token is not used: there is no such finding on line 7
a.js:8 unleaked:ignore names backend-token, but the finding there is secret-in-frontend
b.js:1 unleaked:ignore of frontend-token is not used: there is no such finding on line 2`)

	if _, s, _ := (&Policy{NoInline: true}).Apply(findings, directives); len(s) != 0 {
		t.Error("NoInline suppressed something")
	}
	// A part of the files may not tell all, but that nothing stands on a line it can tell.
	for i := range directives {
		if directives[i].covers != 7 {
			directives[i].standing = []rules.RuleID{rules.BackendToken}
		}
	}
	_, _, notices = (&Policy{Partial: true}).Apply(findings[:3], directives)
	equal(t, "notices of a part", texts(notices), `
a.js:6 unleaked:ignore of backend-token is not used: there is no such finding on line 7`)
	var none *Policy
	if k, s, _ := none.Apply(findings, directives); len(k) != 3 || len(s) != 3 {
		t.Error("the nil policy does not hear comments")
	}
}

// In history the same path has many texts: a directive of one version says nothing of another.
func TestApplyInlineInHistory(t *testing.T) {
	v := textOf("a.js", "x // unleaked:ignore backend-token demo\n")
	v.Blob = "1111"
	old, with := aFinding("a.js", 1, rules.BackendToken, "f"), aFinding("a.js", 1, rules.BackendToken, "f")
	old.Git, with.Git = &finding.GitPlace{Blob: "0000"}, &finding.GitPlace{Blob: "1111"}
	kept, suppressed, _ := (&Policy{}).Apply([]finding.Finding{old, with}, Directives(v))
	if len(kept) != 1 || kept[0].Git.Blob != "0000" || len(suppressed) != 1 {
		t.Errorf("kept %v, suppressed %v", lines(kept), lines(suppressed))
	}
}

func TestApplyConfig(t *testing.T) {
	config, err := LoadConfig(".unleaked.yaml", []byte(`version: 1
suppress:
  - fingerprint: 1r00000001
    rule: backend-token
    reason: the demo server
    expires: 2027-01-31
  - path: testdata/**
    reason: made up
  - rule: [personal-token, admin-token]
    path: "*.tfstate"
    reason: another team's
    owner: platform
  - fingerprint: 1r0000dead
    reason: fixed long ago
    owner: web
`))
	if err != nil {
		t.Fatal(err)
	}
	findings := []finding.Finding{
		aFinding("a.js", 1, rules.BackendToken, "1r000000011111"),
		aFinding("a.js", 2, rules.SecretInFrontend, "1r000000011111"), // it got worse
		aFinding("a.js", 2, rules.BackendToken, "f2"),                 // another token
		aFinding("infra/x.tfstate", 7, rules.AdminToken, "f3"),
		aFinding("testdata/x/y.js", 1, rules.BackendToken, "f4"),
		aFinding("web/testdata/y.js", 1, rules.BackendToken, "f4"),
	}
	last := time.Date(2027, 1, 31, 23, 59, 0, 0, time.UTC)
	kept, suppressed, notices := (&Policy{Config: config, Now: last}).Apply(findings, nil)
	equal(t, "kept", lines(kept), `
a.js:2 secret-in-frontend
a.js:2 backend-token
web/testdata/y.js:1 backend-token`)
	equal(t, "suppressed", lines(suppressed), `
a.js:1 backend-token by config .unleaked.yaml:3 the demo server
infra/x.tfstate:7 admin-token by config .unleaked.yaml:9 another team's
testdata/x/y.js:1 backend-token by config .unleaked.yaml:7 made up`)
	equal(t, "notices", texts(notices), ".unleaked.yaml:13 suppression is not used: no finding matches it (owner: web)")

	kept, _, notices = (&Policy{Config: config, Partial: true, Now: last.Add(time.Minute)}).Apply(findings, nil)
	if len(kept) != 4 || kept[0].Line != 1 {
		t.Errorf("an expired entry still holds: %s", lines(kept))
	}
	equal(t, "notices", texts(notices), ".unleaked.yaml:3 suppression expired on 2027-01-31: its findings are reported again")
}

func TestMatchPath(t *testing.T) {
	for _, c := range []struct {
		pattern string
		yes, no []string
	}{
		{"a.js", []string{"a.js", "x/a.js", "a.js/b"}, []string{"b.js", "xa.js"}},
		{"/a.js", []string{"a.js"}, []string{"x/a.js"}},
		{"web/", []string{"web/a", "x/web/a", "web/a/b"}, []string{"web", "webs/a"}},
		{"web/src", []string{"web/src", "web/src/a"}, []string{"x/web/src/a", "web/srcs"}},
		{"**/src", []string{"src/a", "x/src", "x/y/src/a"}, []string{"srcs/a"}},
		{"web/**", []string{"web/a", "web/a/b"}, []string{"web", "x/web/a"}},
		{"a/**/b", []string{"a/b", "a/x/b", "a/x/y/b", "a/b/c"}, []string{"a/xb", "b"}},
		{"*.env", []string{".env", "x/prod.env"}, []string{"x.env.js"}},
		{"[ab].js", []string{"a.js", "x/b.js"}, []string{"c.js"}},
		{"out.zip", []string{"out.zip!inner/a", "out.zip"}, nil},
		{"inner/*.js", nil, []string{"out.zip!inner/a.js"}},
		{"**", []string{"a", "a/b"}, nil},
	} {
		for _, f := range c.yes {
			if !MatchPath(c.pattern, f) {
				t.Errorf("%q does not match %q", c.pattern, f)
			}
		}
		for _, f := range c.no {
			if MatchPath(c.pattern, f) {
				t.Errorf("%q matches %q", c.pattern, f)
			}
		}
	}
}

func TestBaseline(t *testing.T) {
	before := []finding.Finding{
		aFinding("b.js", 1, rules.BackendToken, "f2"),
		aFinding("a.js", 9, rules.BackendToken, "f1"),
		aFinding("a.js", 4, rules.BackendToken, "f1"),
		aFinding("a.js", 5, rules.AdminToken, "f0"),
	}
	written := NewBaseline(before).Bytes()
	equal(t, "file", strings.TrimSpace(string(written)), baselineHeader+`f0 admin-token 1
f1 backend-token 2
f2 backend-token 1`)
	base, err := LoadBaseline(".unleaked-baseline", written)
	if err != nil {
		t.Fatal(err)
	}

	// After a rename, a reformat and a fix: two tokens moved, one is gone, one got worse, one is new beside an old one,
	// one was copied.
	after := []finding.Finding{
		aFinding("src/a.ts", 40, rules.BackendToken, "f1"),
		aFinding("src/a.ts", 40, rules.BackendToken, "f9"),
		aFinding("src/a.ts", 41, rules.BackendToken, "f1"),
		aFinding("src/b.ts", 2, rules.SecretInFrontend, "f2"),
		aFinding("src/c.ts", 2, rules.BackendToken, "f1"),
	}
	kept, suppressed, notices := (&Policy{Baseline: base}).Apply(after, nil)
	equal(t, "kept", lines(kept), `
src/a.ts:40 backend-token
src/b.ts:2 secret-in-frontend
src/c.ts:2 backend-token`)
	equal(t, "suppressed", lines(suppressed), `
src/a.ts:40 backend-token by baseline .unleaked-baseline:3 accepted in the baseline
src/a.ts:41 backend-token by baseline .unleaked-baseline:3 accepted in the baseline`)
	equal(t, "notices", texts(notices), ".unleaked-baseline:2 2 entries are not used any more: unleaked baseline prune removes what is gone")

	pruned, err := PruneBaseline(base, &finding.Result{Suppressed: suppressed})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "pruned", strings.TrimSpace(string(pruned.Bytes())), baselineHeader+"f1 backend-token 2")
	if _, err := PruneBaseline(base, &finding.Result{Coverage: finding.Coverage{Skipped: []finding.Skip{{What: "x", Why: "y"}}}}); err == nil {
		t.Error("an incomplete scan pruned the baseline")
	}

	// In history one token stands in many versions of a file.
	for i := range after {
		after[i].Git = &finding.GitPlace{Blob: "b"}
	}
	if kept, _, _ := (&Policy{Baseline: base}).Apply(after, nil); len(kept) != 2 {
		t.Errorf("history: kept %s", lines(kept))
	}
}

func TestLoadBaseline(t *testing.T) {
	b, err := LoadBaseline("b", []byte("\ufeff# note\r\n\r\nf1 backend-token 1\r\nf1 backend-token 3\r\nf1 no-longer-a-rule 1\r\n"))
	if err != nil || b.Len() != 2 || b.counts[baselineKey{"f1", rules.BackendToken}] != 3 {
		t.Errorf("%v %v", b, err)
	}
	secret := "default:production." + strings.Repeat("ab", 28)
	for text, want := range map[string]string{
		"f1 backend-token":                        "b:1: not an entry",
		"# x\nf1 backend-token 0":                 "b:2: the count",
		"f1 backend-token -1":                     "the count",
		"<<<<<<< HEAD\n":                          "merge conflict",
		secret + " '" + secret + "' " + secret:    "not an entry",
		"f1 backend-token 99999999999999999999":   "the count",
		"\x1b[2K backend-token 1":                 "not an entry",
		secret + " backend-token " + secret + "x": "the count",
	} {
		_, err := LoadBaseline("b", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d bytes: %v, want %q", len(text), err, want)
		}
		if err != nil && strings.Contains(err.Error(), "abababab") {
			t.Error("the error repeats the file")
		}
	}
}

func FuzzDirectives(f *testing.F) {
	f.Add([]byte("# unleaked:ignore backend-token demo\nx"))
	f.Fuzz(func(t *testing.T, text []byte) {
		v := Text{File: "a", Text: text, Line: func(offset int) int {
			return 1 + bytes.Count(text[:offset], []byte("\n"))
		}}
		for _, d := range Directives(v) {
			if d.problem == "" && (len(d.rules) == 0 || d.reason == "") {
				t.Errorf("honoured without a rule or a reason: %v", d)
			}
		}
	})
}

// A fingerprint has a shape; its first eight characters are enough.
func TestFingerprintsOfAConfiguration(t *testing.T) {
	f := aFinding("a.js", 1, rules.BackendToken, "1r6ad9a8ff454894532030c7f026b4ac2b")
	for text, ok := range map[string]bool{
		f.Fingerprint: true, "1r6ad9a8": true, "1r6ad9a9": true, "1r6ad9a": false, "3f1f0d6f2a9c": false,
		"1x6ad9a8": false, "1r6AD9A8": false, f.Fingerprint + "0": false, "r16ad9a8ff": false,
	} {
		c, err := LoadConfig("c.yaml", []byte("version: 1\nsuppress:\n  - fingerprint: "+text+"\n    reason: x\n"))
		if (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
		if err != nil {
			continue
		}
		_, suppressed, _ := (&Policy{Config: c}).Apply([]finding.Finding{f}, nil)
		if want := strings.HasPrefix(f.Fingerprint, text); (len(suppressed) == 1) != want {
			t.Errorf("%s suppresses %d findings", text, len(suppressed))
		}
	}
}
