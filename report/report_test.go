package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// Tokens of the tests: not real, and written so that no scanner of this repository takes them for tokens.
var (
	hash1  = strings.Repeat("be44", 6) + strings.Repeat("0a9f3c71", 4)
	hash2  = strings.Repeat("17cd55", 9) + "e9"
	secret = "default:production." + hash1
	person = "user:" + hash2
	chosen = "default:development.correct-horse-battery"
)

func token(text string, format rules.Format) rules.Secret { return rules.NewSecret(text, format) }

func fingerprintOf(text string) string {
	h := fnv.New64()
	h.Write([]byte(text))
	return fmt.Sprintf("%016x", h.Sum64())
}

// finding is a finding of a rule as the engine makes it.
func aFinding(rule rules.RuleID, file string, line int, text string) finding.Finding {
	r, _ := rules.Lookup(rule)
	f := finding.Finding{
		Rule: rule, Severity: r.Severity, Kind: rules.Backend, Format: rules.Scoped, Certainty: rules.ByName,
		Project: "default", Environment: "production",
		File: file, Line: line, Column: 15, EndLine: line, EndColumn: 15 + len(text), UTF16Column: 15,
		UTF16EndColumn: 15 + len(text),
		Secret:         token(text, rules.Scoped), Fingerprint: "1r" + fingerprintOf(text),
		Message: `Backend token of project "default", environment "production".`, Fix: r.FixFor(rules.Backend),
	}
	shown := "  clientKey: '" + f.Secret.String() + "',"
	f.Excerpt = []finding.ExcerptLine{
		{Number: line - 1, Text: "  url: 'https://unleash.example.com/api/frontend',"},
		{Number: line, Text: shown, Start: 14, End: 14 + len(f.Secret.String())},
	}
	return f
}

// ordinary is a result as people see it every day.
func ordinary() *finding.Result {
	front := aFinding(rules.SecretInFrontend, "web/src/flags.ts", 14, secret)
	front.Also = []rules.RuleID{rules.BackendToken}
	front.Message = `Backend token of project "default", environment "production", in frontend code.`
	front.Evidence = []finding.Place{
		{File: "deploy/docker-compose.yml", Line: 14,
			Text: "the same token is INIT_BACKEND_API_TOKENS: it is a backend token"},
		{File: "web/src/flags.ts", Line: 1,
			Text: "here it is clientKey of UnleashClient from unleash-proxy-client, a frontend SDK"},
	}
	front.Related = []finding.Place{
		{File: "deploy/docker-compose.yml", Line: 14, Text: "the same token"}, {File: "ci/smoke.sh", Line: 7,
			Text: "the same token"},
	}
	front.LineHash = "a23a3dc5e078b07b:1"
	compose := aFinding(rules.BackendToken, "deploy/docker-compose.yml", 14, secret)
	pat := aFinding(rules.PersonalToken, "k8s/secret.yaml", 9, person)
	pat.Kind, pat.Format, pat.Certainty, pat.Project, pat.Environment = rules.Personal, rules.Account, rules.ByFormat,
		"", ""
	pat.Message = "Personal access token."
	pat.Layers = []string{"base64"}
	pat.Git = &finding.GitPlace{
		Blob: strings.Repeat("0b", 20), Commit: strings.Repeat("c0", 20), Date: "2025-03-04T10:00:00Z", Where: "blob",
		Refs: []string{"main", "v1.2"},
	}
	setting := finding.Finding{
		Rule: rules.SecretEnvInFrontend, Severity: rules.High, Kind: rules.Backend, Certainty: rules.ByName,
		File: "web/src/main.ts", Line: 3,
		Column: 5, EndLine: 3, EndColumn: 20, UTF16Column: 6, UTF16EndColumn: 21, Fingerprint: "1p0102030405060708",
		Message: "Frontend code reads the setting of a backend token.", Fix: "Read the frontend token's setting.",
	}
	off := aFinding(rules.BackendToken, "testdata/x.js", 2, secret)
	off.Suppressed = &finding.Suppression{By: "config", Where: ".unleaked.yaml:4", Reason: "made up"}
	return &finding.Result{
		Findings: []finding.Finding{compose, pat, front, setting}, Suppressed: []finding.Finding{off},
		Notices: []finding.Place{{File: ".unleaked.yaml", Line: 9,
			Text: "suppression is not used: no finding matches it"}},
		PublicHidden: 3, PublicByUse: 2, ExamplesHidden: 1, Credentials: 2, Mode: "tree",
		Coverage: finding.Coverage{Files: 812, Bytes: 5_120_331},
	}
}

// hostileNames are what names of files and all other texts may be.
var hostileNames = []string{
	"a\n::error file=x,line=1::pwned", "::error::pwned", "x\r::warning::pwned", "   ::set-output name=x::y",
	"##[error]pwned", "a ##vso[task.setvariable]b",
	"\x1b[2K\x1b[1A\x1b]8;;http://evil\x07link", "\u202egnp.exe\u2066", "100%25 % %0A::error::x",
	"#hash ? & <b>x</b> \"q\" 'a' `c` | a | b",
	"sp ace/mïn#1.js", "bad\xff\xfebytes/\xc3(", "=cmd|' /C calc'!A0", "+1,-1,@x", "\u0085next\u2028line\u200bzero",
	"c:/x.js", "../../etc/passwd", "/abs",
	"{{.}} {0} ]]> --> </script> [x](javascript:alert(1)) @someone", "emoji\U0001F600\U000E0041", "",
}

// hostile is a result whose every text is hostile and holds a secret.
func hostile() *finding.Result {
	r := ordinary()
	r.Findings, r.Suppressed, r.Notices = nil, nil, nil
	secrets := []string{secret, person, chosen}
	for i, name := range hostileNames {
		bad := name + " " + secrets[i%3] + " " + name
		f := aFinding(rules.BackendToken, bad, i+1, secrets[i%3])
		if i%3 == 2 {
			f.Secret = token(chosen, rules.Custom)
		}
		f.Project, f.Environment, f.Message, f.Fix = bad, bad, "Message "+bad, "Fix "+bad
		f.Evidence = []finding.Place{{File: bad, Line: 3, Text: bad}}
		f.Related = []finding.Place{{File: url.PathEscape(bad), Line: 4, Text: bad}}
		f.Git = &finding.GitPlace{Where: "blob", Refs: []string{bad}, Commit: "c0", Blob: "b0"}
		f.Excerpt = []finding.ExcerptLine{{Number: 1, Text: name + " '…' " + name, Start: len(name) + 2,
			End: len(name) + 5}, {Number: 2, Text: bad}}
		r.Findings = append(r.Findings, f)
		f.Suppressed = &finding.Suppression{By: "inline", Where: bad, Reason: bad}
		r.Suppressed = append(r.Suppressed, f)
		r.Notices = append(r.Notices, finding.Place{File: bad, Line: 1, Text: bad})
		r.Coverage.Skipped = append(r.Coverage.Skipped, finding.Skip{What: bad, Why: bad})
	}
	return r
}

func render(t *testing.T, format string, r *finding.Result, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// pieces are every text of nine bytes that would give a secret's random part away, as it is and encoded.
func pieces(random string) []string {
	const n = 9
	var out []string
	for i := 0; i+n <= len(random); i++ {
		out = append(out, random[i:i+n])
	}
	for shift := range 3 { // the three ways that base64 can cut it
		s := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + random))
		s = strings.TrimRight(s, "=")
		for i := 4; i+12 < len(s)-4; i++ {
			out = append(out, s[i:i+12])
		}
	}
	return out
}

func TestNoFormatShowsASecret(t *testing.T) {
	want := slices.Concat(pieces(hash1), pieces(hash2), pieces("correct-horse-battery"))
	for _, name := range Formats() {
		for _, o := range []Options{{}, {Color: true, Suppressed: true, Repository: "https://x:" + hash1 +
			"@example.com/r", Branch: "main"}} {
			out := render(t, name, hostile(), o)
			if decoded, err := url.PathUnescape(out); err == nil {
				out += decoded
			}
			for _, p := range want {
				if strings.Contains(out, p) {
					t.Errorf("%s shows a piece of a secret", name)
					break
				}
			}
		}
	}
}

func TestRevealIsForTextAndJSONOnly(t *testing.T) {
	for _, name := range Formats() {
		out := render(t, name, ordinary(), Options{Reveal: true})
		if got, want := strings.Contains(out, hash1), slices.Contains([]string{"text", "json", "jsonl"},
			name); got != want {
			t.Errorf("%s: revealed %t, want %t", name, got, want)
		}
	}
}

// What people look at on a terminal or in a log holds nothing that acts.
func TestHostileTextIsText(t *testing.T) {
	for _, name := range Formats() {
		out := render(t, name, hostile(), Options{Suppressed: true})
		if !utf8.ValidString(out) {
			t.Errorf("%s is not UTF-8", name)
		}
		for _, r := range out {
			if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) || r == '\u2028' ||
				r == '\u200b' || r == '\U000E0041') {
				t.Errorf("%s holds %U", name, r)
				break
			}
		}
		for line := range strings.Lines(out) {
			line = strings.TrimSpace(line)
			ours := name == "github" && (strings.HasPrefix(line, "::error file=") || strings.HasPrefix(line,
				"::warning title=Not read::"))
			if strings.HasPrefix(line, "::") && !ours || strings.Contains(line, "##[") || strings.Contains(line,
				"##vso[") {
				t.Errorf("%s has a line that is a command: %q", name, line)
			}
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(&bytes.Buffer{}, "yaml", ordinary(), Options{}); err == nil || !strings.Contains(err.Error(),
		"text, json, jsonl, line, sarif") {
		t.Errorf("%v", err)
	}
}

// The same result gives the same bytes, and is not changed by writing it.
func TestWriteIsPure(t *testing.T) {
	r := hostile()
	before := fmt.Sprintf("%+v", r)
	for _, name := range Formats() {
		if once, again := render(t, name, r, Options{}), render(t, name, r, Options{}); once != again {
			t.Errorf("%s differs from itself", name)
		}
	}
	if fmt.Sprintf("%+v", r) != before {
		t.Error("writing changed the result")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

func TestWriteErrorsAreTold(t *testing.T) {
	for _, name := range Formats() {
		if err := Write(brokenWriter{}, name, ordinary(), Options{}); err == nil {
			t.Errorf("%s: a failed write is not told", name)
		}
	}
}
