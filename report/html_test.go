package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// The page loads nothing, runs its own script alone, and every tag in it is the template's.
func TestHTMLIsInert(t *testing.T) {
	page := render(t, "html", hostile(), Options{Suppressed: true, Repository: "https://github.com/a/b"})
	out := strings.Replace(page, "<style>"+htmlStyle+"</style>", "", 1)
	for _, script := range []string{htmlWaiting, htmlScript} {
		out = strings.Replace(out, "<script>"+script+"</script>", "", 1)
	}
	if strings.Contains(out, "<script") {
		t.Fatal("a script that is not the program's")
	}
	names := strings.Fields(
		"!doctype html head meta title body a header h1 h2 h3 p main section ul ol li b i div label input " +
			"fieldset legend span button table caption thead tbody tr th td code small pre mark dl dt dd svg path rect line text " +
			"article footer",
	)
	for _, tag := range regexp.MustCompile(`<[a-zA-Z/!][^>]*>`).FindAllString(out, -1) {
		name := strings.ToLower(strings.Trim(strings.Fields(strings.Trim(tag, "<>/"))[0], "/"))
		if !slices.Contains(names, name) {
			t.Errorf("tag %s", tag)
		}
		if regexp.MustCompile(`(?i)\s(src|srcset|on\w+|style|action|data|ping)\s*=`).MatchString(tag) ||
			strings.Contains(tag, `="javascript:`) {
			t.Errorf("tag %s", tag)
		}
		if href := regexp.MustCompile(`^<a .*href="?([^" >]*)`).FindStringSubmatch(tag); href != nil {
			ours := strings.HasPrefix(href[1], "#") || strings.HasPrefix(href[1], toolHome) ||
				strings.HasPrefix(href[1], "https://github.com/a/b/")
			if !ours {
				t.Errorf("a link out: %s", tag)
			}
		}
	}
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("no content security policy")
	}
	for _, want := range []string{"default-src 'none'", "script-src 'sha256-" + sumOf(htmlWaiting) + "' 'sha256-" + sumOf(htmlScript) + "';", "style-src 'sha256-" +
		sumOf(htmlStyle) + "'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(policy[1], want) {
			t.Errorf("the policy lacks %s: %s", want, policy[1])
		}
	}
	if strings.Contains(policy[1], "unsafe") {
		t.Errorf("policy %s", policy[1])
	}
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// A page is by credential: a row each, with what is known of it, and below it what explains it.
func TestHTMLIsByCredential(t *testing.T) {
	r, o := triage()
	page := render(t, "html", r, o)
	rows := rowsOf(page)
	if len(rows) != 8 {
		t.Fatalf("%d rows, want 7 tokens and a setting", len(rows))
	}
	for _, want := range []string{
		`<td>critical<th scope=row><code>default:production.`, `</code> <small><i>shop</i> web/src/flags.ts:14</small>`,
		`<td>backend<td>default / production<td>`, `<td>3<td>4<td>2023-09-18<svg`, `<td>2 of 4<td>active<tr>`,
		`<i>infra</i> <a href="https://gitlab.example.com/platform/infra/-/blob/`, `/charts/unleash/values.yaml#L31">`,
		`<a href="https://github.com/example/shop/blob/`, `<code>deploy/docker-compose.yml:9:15</code> <span class=rule>backend-token`,
		`aria-label="Exposed since 18 September 2023, in the last of 4 places since 11 February 2025; still in 2 of 4 places"`,
		`active, &#34;shop backend&#34;, of platform, last used 2026-11-29`, `which declares its type: it is a backend token`,
	} {
		if !strings.Contains(rows[0], want) {
			t.Errorf("the first row lacks %s\n%s", want, rows[0])
		}
	}
	fix, _ := rules.Lookup(rules.SecretInFrontend)
	if n := strings.Count(rows[0], html.EscapeString(fix.Fix)); n != 1 {
		t.Errorf("the fix stands %d times below its token", n)
	}
	if !strings.Contains(page, `<td class="gone">history only<td>not listed`) {
		t.Error("a token that only history has is not told")
	}
	if strings.Index(rows[0], "*:*.") > 0 || !strings.Contains(rows[1], "<code>*:*.") {
		t.Error("of two live critical tokens that still stand the one in more repositories is not first")
	}
	// Columns of which nothing is known are left out.
	plain := render(t, "html", many(3), Options{})
	for _, key := range []string{"repositories", "since", "stands", "server"} {
		if strings.Contains(plain, `data-key="`+key+`"`) || !strings.Contains(page, `data-key="`+key+`"`) {
			t.Errorf("column %s", key)
		}
	}
	if strings.Contains(rowsOf(plain)[0], "<svg") {
		t.Error("a picture of no dates")
	}
}

// rowsOf are the tokens of a page, each with what is below it.
func rowsOf(page string) []string {
	_, table, _ := strings.Cut(page, "</thead>")
	table, _, _ = strings.Cut(table, "</table>")
	return strings.Split(table, "<tbody ")[1:]
}

// Ten thousand findings stay below 5 MB, and every token and place is there all the same.
func TestHTMLStaysSmall(t *testing.T) {
	const most = 5_000_000
	few, o := thousands(10_000, 4)
	for name, c := range map[string]struct {
		r *finding.Result
		o Options
	}{"a token each": {many(10_000), Options{}}, "four places a token": {few, o}, "much to say of each": {talkative(10_000), Options{}}} {
		page := render(t, "html", c.r, c.o)
		if len(page) > most {
			t.Errorf("%s: %d bytes", name, len(page))
		}
		if !strings.Contains(page, "are written in brief") {
			t.Errorf("%s: nothing says that something was cut", name)
		}
		rows := rowsOf(page)
		credentials := len(groups(c.r.Findings))
		if len(rows) != credentials {
			t.Errorf("%s: %d rows of %d credentials", name, len(rows), credentials)
		}
		words := map[string]bool{}
		for _, text := range strings.FieldsFunc(page, func(r rune) bool { return r == '<' || r == '>' }) {
			words[strings.TrimSpace(text)] = true
		}
		for i := range c.r.Findings {
			f := &c.r.Findings[i]
			if place := fmt.Sprintf("%s:%d", f.File, f.Line); !words[place] &&
				!words[fmt.Sprintf("%s:%d", place, f.Column)] {
				t.Fatalf("%s: %s is missing", name, place)
			}
		}
		if name != "much to say of each" && !strings.Contains(rows[0], "<pre ") || strings.Contains(rows[len(rows)-1], "<pre ") {
			t.Errorf("%s: the worst is not the one in full", name)
		}
	}
}

// talkative are n findings of a sweep with long paths, a commit each, and four long reasons.
func talkative(n int) *finding.Result {
	r := many(n)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Repository = fmt.Sprintf("github.com/organisation/service-%d", i%40)
		f.File = fmt.Sprintf("packages/service-%d/src/main/flags/client%d.java", i%100, i)
		f.Git = &finding.GitPlace{Blob: strings.Repeat("ab", 20), Commit: fmt.Sprintf("%040x", i), Date: "2026-05-05T05:05:05Z", Where: "blob"}
		f.Evidence = nil
		for k := range 4 {
			f.Evidence = append(f.Evidence, finding.Place{Repository: "github.com/organisation/infrastructure", Line: k + 1,
				File: fmt.Sprintf("charts/service-%d/templates/deployment-%d.yaml", i%100, k),
				Text: "handed to clientKey of UnleashClient from unleash-proxy-client, a frontend SDK, through flagToken, imported from here: it is a backend token"})
		}
	}
	return r
}

// The marks of an axis are few, in order and inside it, whatever dates commits have.
func TestMarks(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ from, to, want string }{
		{"2026-11-01", "2026-11-04", "11-02 11-03"},
		{"2026-11-20", "2026-11-30", "11-23 11-26 11-29"},
		{"2026-09-01", "2026-11-20", "09-15 09-29 10-13 10-27 11-10"},
		{"2025-11-30", "2026-02-28", "2025-12 2026-01 2026-02"},
		{"2025-03-04", "2026-11-30", "2025-07 2026-01 2026-07"},
		{"2021-06-07", "2026-11-30", "2022 2023 2024 2025 2026"},
		{"1970-01-01", "2026-11-30", "1980 1990 2000 2010 2020"},
		{"2026-11-30", "2026-11-30", ""},
		{"0001-01-01", "9999-12-31", ""},
	} {
		a := axis{day(c.from), day(c.to)}
		marks, layout := a.marks()
		var got []string
		for _, at := range marks {
			if x := a.share(at); x <= 0 || x >= 1 {
				t.Errorf("%s to %s: %v lies at %v", c.from, c.to, at, x)
			}
			got = append(got, at.Format(layout))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, strings.Join(got, " "), c.want)
		}
	}
}

// Words and what they stand on differ enough in both schemes: 4.5 to 1 (WCAG 2.1, AA).
func TestContrast(t *testing.T) {
	schemes := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(htmlStyle, -1)
	if len(schemes) != 3 {
		t.Fatalf("%d schemes, want light, dark and paper", len(schemes))
	}
	for i, scheme := range schemes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+): #([0-9a-f]{3,6});`).FindAllStringSubmatch(scheme[1], -1) {
			colours[m[1]] = m[2]
		}
		for _, front := range []string{"text", "dim", "link", "critical", "high", "medium", "low", "info"} {
			for _, back := range []string{"back", "panel"} {
				if r := contrast(t, colours[front], colours[back]); r < 4.5 {
					t.Errorf("scheme %d: %s on %s is %.2f", i, front, back, r)
				}
			}
		}
		if r := contrast(t, colours["text"], colours["mark"]); r < 4.5 {
			t.Errorf("scheme %d: text on mark is %.2f", i, r)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	light := func(hex string) float64 {
		if len(hex) == 3 {
			hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
		}
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
