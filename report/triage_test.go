package report

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// scanned is when the results below were made.
var scanned = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

// digits are n made-up hexadecimal digits, the same for the same seed.
func digits(seed string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		h := fnv.New64a()
		fmt.Fprint(h, i, seed)
		fmt.Fprintf(&b, "%016x", h.Sum64())
	}
	return b.String()[:n]
}

// A made is a token of a made-up sweep.
type made struct {
	scope    string
	kind     rules.Kind
	format   rules.Format
	rule     rules.RuleID
	also     []rules.RuleID
	message  string
	evidence []finding.Place
	listing  *rules.Listing
	at       []madeAt
}

// A madeAt is where a token stands, since when, and whether it still does.
type madeAt struct {
	repository, file string
	line             int
	since            string // a date, "" outside history
	gone             bool
	rule             rules.RuleID // "" for the token's own
	code             string       // the line, with %s for the token
}

func (m *made) findings() []finding.Finding {
	project, environment := "", ""
	text := m.scope + digits(m.scope+m.at[0].file, 56)
	if p, rest, ok := strings.Cut(strings.TrimSuffix(m.scope, "."), ":"); ok {
		project, environment = p, rest
	}
	if project == "user" {
		project, environment = "", ""
	}
	var out []finding.Finding
	for i, at := range m.at {
		rule := m.rule
		if at.rule != "" {
			rule = at.rule
		}
		f := aFinding(rule, at.file, at.line, text)
		f.Format, f.Secret = m.format, token(text, m.format)
		f.Kind, f.Project, f.Environment, f.Repository = m.kind, project, environment, at.repository
		f.Message, f.Evidence, f.Listing, f.Certainty = m.message, m.evidence, m.listing, rules.Declared
		f.Fingerprint = "1r" + digits(text, 32)
		row, _ := rules.Lookup(rule)
		f.Fix = row.FixFor(m.kind)
		if at.rule == "" {
			f.Also = m.also
		}
		f.Excerpt = nil
		if at.code != "" {
			before, after, _ := strings.Cut(at.code, "%s")
			shown := before + f.Secret.String() + after
			f.Excerpt = []finding.ExcerptLine{{Number: at.line, Text: shown, Start: len(before),
				End: len(before) + len(f.Secret.String())}}
		}
		for j, other := range m.at {
			if j != i {
				f.Related = append(
					f.Related,
					finding.Place{Repository: other.repository, File: other.file, Line: other.line,
						Text: "the same credential stands here"},
				)
			}
		}
		if at.since != "" {
			f.Git = &finding.GitPlace{Where: "blob", Blob: digits(at.file, 40), Commit: digits(at.since+at.file, 40),
				Date: at.since + "T10:20:00+01:00", InHead: !at.gone}
			if !at.gone {
				f.Git.Refs = []string{"heads/main"}
			}
		}
		out = append(out, f)
	}
	return out
}

// triage is a made-up sweep of three repositories with tokens of every kind.
func triage() (*finding.Result, Options) {
	r := &finding.Result{
		Mode:         "sweep",
		PublicHidden: 4,
		Coverage: finding.Coverage{Files: 3120, Objects: 48_211, Commits: 6_402,
			Bytes: 812_000_000, Skipped: []finding.Skip{{Repository: "legacy", What: "vendor/drawings.7z",
				Why: "an archive of a format that is not opened"}}},
	}
	for i := range madeTokens {
		r.Findings = append(r.Findings, madeTokens[i].findings()...)
	}
	setting := finding.Finding{Rule: rules.SecretEnvInFrontend, Severity: rules.High, Kind: rules.Backend,
		Certainty: rules.ByName, Repository: "shop", File: "web/src/main.ts", Line: 3, Column: 5, EndLine: 3, EndColumn: 20,
		Fingerprint: "1p" + digits(
			"setting",
			32,
		), Message: "Frontend code reads UNLEASH_BACKEND_TOKEN, the setting of a backend token.",
		Fix: "Read the frontend token's setting."}
	r.Findings = append(r.Findings, setting)
	accepted := madeTokens[len(madeTokens)-1].findings()
	accepted[0].File = "test/fixtures/tokens.json"
	accepted[0].Suppressed = &finding.Suppression{
		By:     "inline",
		Where:  "test/fixtures/tokens.json:4",
		Reason: "made up for the tests",
	}
	r.Suppressed = accepted[:1]
	r.Repositories = []finding.Repository{
		{Name: "infra", Web: "https://gitlab.example.com/platform/infra"},
		{Name: "legacy"},
		{Name: "shop", Web: "https://github.com/example/shop"},
	}
	r.Notices = []finding.Place{
		{Repository: "shop", File: ".unleaked.yaml", Line: 9, Text: "suppression is not used: no finding matches it"},
	}
	return r, Options{Version: "v0.2.0", End: scanned, Start: scanned.Add(-time.Minute), Suppressed: true}
}

// madeTokens are the tokens of triage.
var madeTokens = []made{
	{scope: "default:production.", kind: rules.Backend, format: rules.Scoped, rule: rules.SecretInFrontend,
		also:    []rules.RuleID{rules.BackendToken},
		message: `Backend token of project "default", environment "production", in frontend code.`,
		evidence: []finding.Place{
			{Repository: "infra", File: "charts/unleash/values.yaml", Line: 31,
				Text: "the same token is bound to INIT_BACKEND_API_TOKENS, which declares its type: it is a backend token"},
			{Repository: "shop", File: "web/src/flags.ts", Line: 14,
				Text: "here it is handed to clientKey of UnleashClient of unleash-proxy-client, a frontend SDK"},
			{
				Repository: "shop",
				File:       "web/package.json",
				Line:       22,
				Text:       "the package ships to browsers: it depends on react-dom",
			},
		},
		listing: &rules.Listing{Name: "shop backend", Type: rules.Backend, Owner: "platform", State: rules.Active,
			SeenAt: scanned.AddDate(0, 0, -1)},
		at: []madeAt{
			{"shop", "web/src/flags.ts", 14, "2025-02-11", false, "", "  clientKey: '%s',"},
			{"shop", "web/public/config.js", 2, "2024-05-03", true, "", `window.flags = {"key": "%s"};`},
			{
				"infra",
				"charts/unleash/values.yaml",
				31,
				"2023-09-18",
				false,
				rules.BackendToken,
				`    INIT_BACKEND_API_TOKENS: "%s"`,
			},
			{
				"legacy",
				"deploy/docker-compose.yml",
				9,
				"2023-11-02",
				true,
				rules.BackendToken,
				"      UNLEASH_TOKEN: %s",
			},
		}},
	{
		scope:   "*:*.",
		kind:    rules.Admin,
		format:  rules.Scoped,
		rule:    rules.AdminToken,
		message: "Admin token of all projects, all environments.",
		evidence: []finding.Place{{Repository: "infra", File: "terraform/unleash/provider.tf", Line: 6,
			Text: "it begins with *:*. only admin tokens do"}},
		listing: &rules.Listing{
			Name:   "terraform",
			Type:   rules.Admin,
			State:  rules.Active,
			SeenAt: scanned.AddDate(0, -1, 0),
		},
		at: []madeAt{
			{"infra", "terraform/unleash/provider.tf", 6, "2024-08-20", false, "", `  authorization = "%s"`},
			{"infra", "terraform/unleash/README.md", 40, "2024-08-21", false, "", `export UNLEASH_TOKEN="%s"`},
		},
	},
	{
		scope:   "user:",
		kind:    rules.Personal,
		format:  rules.Account,
		rule:    rules.PersonalToken,
		message: "Personal access token (or a service account's).",
		evidence: []finding.Place{{Repository: "shop", File: "scripts/toggle.sh", Line: 4,
			Text: "it begins with user: only personal and service-account tokens do"}},
		listing: &rules.Listing{State: rules.Absent},
		at: []madeAt{
			{
				"shop",
				"scripts/toggle.sh",
				4,
				"2022-01-14",
				true,
				"",
				`curl -H "Authorization: %s" "$URL/api/admin/projects"`,
			},
		},
	},
	{scope: "payments:development.", kind: rules.Backend, format: rules.Scoped, rule: rules.BackendToken,
		message: `Backend token of project "payments", environment "development".`,
		evidence: []finding.Place{{Repository: "shop", File: "services/payments/.env", Line: 3,
			Text: "bound to UNLEASH_BACKEND_TOKEN: it is a backend token"}},
		listing: &rules.Listing{
			Name:      "payments dev",
			Type:      rules.Backend,
			Owner:     "ada",
			State:     rules.Expired,
			ExpiresAt: scanned.AddDate(0, -3, 0),
		},
		at: []madeAt{{"shop", "services/payments/.env", 3, "2026-03-30", false, "", "UNLEASH_BACKEND_TOKEN=%s"}}},
	{
		scope:   "[]:production.",
		kind:    rules.Unknown,
		format:  rules.Scoped,
		rule:    rules.UnknownToken,
		message: `API token of several projects, environment "production", of undecided type.`,
		evidence: []finding.Place{
			{
				Repository: "legacy",
				File:       "src/main/resources/application.properties",
				Line:       12,
				Text:       "bound to unleash.token, which states no type",
			},
		},
		at: []madeAt{
			{"legacy", "src/main/resources/application.properties", 12, "2021-06-07", false, "", "unleash.token=%s"},
		},
	},
	{
		scope:   "web:development.",
		kind:    rules.Frontend,
		format:  rules.Scoped,
		rule:    rules.FrontendTokenInBackend,
		message: `Frontend token of project "web", environment "development", in a backend SDK.`,
		evidence: []finding.Place{
			{
				Repository: "shop",
				File:       "services/cart/main.go",
				Line:       51,
				Text:       "handed to WithCustomHeaders of the Go SDK, a backend SDK",
			},
		},
		at: []madeAt{
			{
				"shop",
				"services/cart/main.go",
				51,
				"2025-10-01",
				false,
				"",
				`	unleash.WithCustomHeaders(http.Header{"Authorization": {"%s"}}),`,
			},
		},
	},
	{
		scope:   "default:production.",
		kind:    rules.Backend,
		format:  rules.Scoped,
		rule:    rules.EnvironmentMismatch,
		message: `Backend token of environment "production" in a file of "staging".`,
		evidence: []finding.Place{
			{Repository: "infra", File: "overlays/staging/flags.yaml", Line: 8, Text: "the folder names staging"},
		},
		at: []madeAt{{"infra", "overlays/staging/flags.yaml", 8, "2026-11-12", false, "", "  token: %s"}},
	},
}

// thousands are n findings of n/places credentials, in the style of a large sweep.
func thousands(n, places int) (*finding.Result, Options) {
	r := &finding.Result{
		Mode:     "sweep",
		Coverage: finding.Coverage{Files: 100_000, Commits: 20_000, Objects: 900_000, Bytes: 7_000_000_000},
	}
	for i := range 20 {
		for j := range 300 {
			name := fmt.Sprintf("team-%d/service-%03d", i, j)
			r.Repositories = append(r.Repositories, finding.Repository{Name: name, Web: "https://github.com/example/" +
				strings.ReplaceAll(name, "/", "-")})
		}
	}
	for i := range n / places {
		m := madeTokens[i%len(madeTokens)]
		m.at, m.evidence = nil, slices.Clone(m.evidence)
		if m.listing == nil && i%3 == 0 {
			m.listing = &rules.Listing{Name: fmt.Sprintf("token %d", i), Type: m.kind, State: rules.Active}
		}
		for j := range places {
			repository := fmt.Sprintf("team-%d/service-%03d", i%20, (i*7+j)%300)
			m.at = append(m.at, madeAt{repository, fmt.Sprintf("src/%s/module-%d/config-%d.ts", m.kind, i%97, i), 3 + j,
				scanned.AddDate(0, 0, -(i*37+j*91)%1900).Format(time.DateOnly), (i+j)%3 == 0, "", "  token: '%s',"})
		}
		for k := range m.evidence { // most of what is known of a token its own file says
			if k%2 == 0 {
				m.evidence[k].Repository, m.evidence[k].File = m.at[0].repository, m.at[0].file
			}
		}
		r.Findings = append(r.Findings, m.findings()...)
	}
	return r, Options{Version: "v0.2.0", End: scanned}
}
