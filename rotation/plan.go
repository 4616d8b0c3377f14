// Package rotation plans how a token is replaced: what to create, where to change it, what to deploy, what to delete, and how to
// see that nobody uses the old one. It changes nothing and shows no secret.
package rotation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/rules"
)

// A Plan is the steps to replace one token, in their order.
type Plan struct {
	Token    string         `json:"token"` // redacted
	Kind     rules.Kind     `json:"kind"`
	Listing  string         `json:"name,omitempty"` // what the inventory calls it, "" where none lists it
	Severity rules.Severity `json:"severity"`       // of its worst finding
	Steps    []Step         `json:"steps"`
}

// A Step is one thing to do.
type Step struct {
	Do     string  `json:"do"` // create, change, deploy, watch, delete or check
	Text   string  `json:"text"`
	Call   *Call   `json:"call,omitempty"` // the request of the Admin API that does it, nil where none does, or none should
	UI     string  `json:"ui,omitempty"`   // where in Unleash it is done
	Places []Place `json:"places,omitempty"`
}

// A Call is a request of the Admin API. Its path and body hold no secret; words in capitals are to be filled in.
type Call struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// A Place is where the token stands.
type Place struct {
	Repository string     `json:"repository,omitempty"`
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Needs      rules.Kind `json:"needs"` // the kind of the token that belongs there
	History    bool       `json:"history,omitempty"`
	Rule       string     `json:"rule"`
}

// New returns the plan for the token that findings are of, which are all of one token and one at least.
func New(findings []finding.Finding) Plan {
	f := worst(findings)
	p := Plan{Token: f.Shown(), Kind: f.Kind, Severity: f.Severity}
	if f.Listing != nil {
		p.Listing = f.Listing.Name
	}
	places := placesOf(findings)
	if f.Kind == rules.Unknown {
		p.Steps = append(p.Steps, Step{Do: "check", Text: "Find out which type the token has: the new one needs the same. " +
			"unleaked explain --server URL, with the token on standard input, asks the server and leaves no trace.",
			UI: "Admin settings > API access"})
	}
	for _, kind := range needs(f, places) {
		p.Steps = append(p.Steps, create(f, kind))
	}
	now := slices.DeleteFunc(slices.Clone(places), func(x Place) bool { return x.History })
	if len(now) > 0 {
		p.Steps = append(p.Steps,
			Step{Do: "change", Text: "Put the new token into a secret store or the environment of what needs it, and take the old one out " +
				"of these places, in this order:", Places: now},
			Step{Do: "deploy", Text: deployText(now), Places: nil})
	}
	p.Steps = append(p.Steps, watch(f), remove(f))
	p.Steps = append(p.Steps, checks(f, places)...)
	return p
}

// worst is the finding of the highest severity, the first of several.
func worst(findings []finding.Finding) *finding.Finding {
	return &findings[slices.IndexFunc(findings, func(f finding.Finding) bool {
		return f.Severity == slices.MaxFunc(findings, func(a, b finding.Finding) int {
			return cmp.Compare(a.Severity, b.Severity)
		}).Severity
	})]
}

func placesOf(findings []finding.Finding) []Place {
	var out []Place
	for i := range findings {
		f := &findings[i]
		x := Place{Repository: f.Repository, File: f.File, Line: f.Line, Needs: needed(f), Rule: string(f.Rule),
			History: f.Git != nil && f.Git.Where != "index" && !f.Git.InHead}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.order(), b.order()), cmp.Compare(a.Repository, b.Repository), cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line))
	})
	return out
}

// needed is the kind of the token that belongs where a finding stands: misuse means that it is another one than this.
func needed(f *finding.Finding) rules.Kind {
	for _, id := range f.Rules() {
		switch id {
		case rules.SecretInFrontend:
			return rules.Frontend
		case rules.FrontendTokenInBackend, rules.PersonalTokenInSDK, rules.AdminTokenInSDK:
			return rules.Backend
		case rules.SDKTokenInAdminAPI:
			return rules.Personal
		case rules.APITokenAsClientKey:
			return rules.ClientKey
		}
	}
	return f.Kind
}

// order puts what deployments read before code, and both before tests and documentation.
func (x Place) order() int {
	switch ext := strings.ToLower(path.Ext(x.File)); {
	case x.History:
		return 4
	case rules.InTestCode(x.File), ext == ".md", ext == ".rst", ext == ".adoc", ext == ".txt":
		return 3
	case slices.Contains([]string{".env", ".yml", ".yaml", ".json", ".toml", ".ini", ".properties", ".tf", ".tfvars", ".conf"}, ext),
		strings.HasPrefix(path.Base(x.File), ".env"):
		return 1
	}
	return 2
}

// needs are the kinds of new tokens, in the order of the places that need them.
func needs(f *finding.Finding, places []Place) []rules.Kind {
	var out []rules.Kind
	for _, x := range places {
		if !x.History && !slices.Contains(out, x.Needs) {
			out = append(out, x.Needs)
		}
	}
	if len(out) == 0 {
		out = []rules.Kind{f.Kind}
	}
	return out
}

const projectUI = "Admin settings > API access > New API token, or the project's Settings > API access"

// create is the step that makes a token of a kind in the place of f's.
func create(f *finding.Finding, kind rules.Kind) Step {
	name := "REPLACES-" + f.Fingerprint[:min(len(f.Fingerprint), 8)]
	switch kind {
	case rules.Backend, rules.Frontend:
		projects := []string{f.Project}
		more := ""
		listed := f.Listing != nil && len(f.Listing.Projects) > 0
		switch {
		case (f.Project == "[]" || f.Project == "") && listed && !slices.Contains(f.Listing.Projects, "*"):
			projects = f.Listing.Projects
		case f.Project == "[]" || f.Project == "":
			projects = []string{"PROJECT"}
			more = " Its projects are those of the old one, which Unleash shows beside it."
		case f.Project == "*" && f.Environment == "*":
			projects = []string{"PROJECT"}
			more = " Give it the projects that it is needed for, and no others."
		}
		environment := f.Environment
		if environment == "" && f.Listing != nil {
			environment = f.Listing.Environment
		}
		if environment == "" || environment == "*" {
			environment = "ENVIRONMENT"
		}
		body, _ := json.Marshal(struct { // of strings: it cannot fail
			TokenName   string   `json:"tokenName"`
			Type        string   `json:"type"`
			Projects    []string `json:"projects"`
			Environment string   `json:"environment"`
		}{name, string(kind), projects, environment})
		return Step{Do: "create", Text: fmt.Sprintf("Create a %s token for %s, environment %s.%s%s", kind,
			strings.Join(projects, ", "), environment, more, olderType(kind)),
			Call: &Call{"POST", "/api/admin/api-tokens", body}, UI: projectUI}
	case rules.ClientKey:
		return Step{Do: "create", Text: "Choose a new client key for the Proxy: any text that no token is (openssl rand -hex 16 makes one)."}
	case rules.Unknown:
		return Step{Do: "create", Text: "Create a token of the same type, projects and environment as the old one.", UI: projectUI}
	}
	body, _ := json.Marshal(map[string]string{"description": name, "expiresAt": "YYYY-MM-DDT00:00:00Z"})
	return Step{Do: "create", Text: "Create a service account with only the permissions that are needed, and a token of it; where Unleash " +
		"has no service accounts, a personal access token with an expiry date. The request is that of the latter.",
		Call: &Call{"POST", "/api/admin/user/tokens", body},
		UI:   "Admin settings > Service accounts, or Profile > Personal API tokens"}
}

func olderType(kind rules.Kind) string {
	if kind == rules.Backend {
		return " (Servers before 7.1 call this type client.)"
	}
	return ""
}

func deployText(places []Place) string {
	var files []string
	for _, x := range places {
		file := x.File
		if x.Repository != "" {
			file = x.Repository + ": " + file
		}
		if x.order() < 3 && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return "Nothing that is deployed holds the token: only tests and documentation do."
	}
	const shown = 8
	text := "Deploy what is built from or reads " + strings.Join(files[:min(len(files), shown)], ", ")
	if more := len(files) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + ", everywhere, before the old token goes."
}

// watch is the step that sees whether anybody uses the old token.
func watch(f *finding.Finding) Step {
	s := Step{Do: "watch", Text: "See that nobody uses the old token: its last use (seenAt) must be before the deployment. Unleash " +
		"writes it down within three minutes.", UI: "Admin settings > API access, column Last seen",
		Call: &Call{Method: "GET", Path: "/api/admin/api-tokens"}}
	switch f.Kind {
	case rules.Personal, rules.ServiceAccount:
		s.UI, s.Call = "its owner's Profile > Personal API tokens, or Admin settings > Service accounts: Last seen",
			&Call{Method: "GET", Path: "/api/admin/user/tokens"}
	case rules.ClientKey:
		return Step{Do: "watch", Text: "See in the Proxy's access log that nobody sends the old key any more."}
	}
	if f.Listing != nil && !f.Listing.SeenAt.IsZero() {
		s.Text += " The inventory has " + f.Listing.SeenAt.UTC().Format(time.DateTime) + " UTC."
	}
	return s
}

// remove is the step that deletes the old token.
func remove(f *finding.Finding) Step {
	switch {
	case f.Kind == rules.ClientKey:
		return Step{Do: "delete", Text: "Take the old key out of the Proxy's client keys and restart the Proxy."}
	case f.Kind == rules.Personal || f.Kind == rules.ServiceAccount:
		return Step{Do: "delete", Text: "Delete the old token.",
			UI: "its owner's Profile > Personal API tokens, or Admin settings > Service accounts"}
	case f.Format == rules.ScopedV2 && f.Selector != "":
		return Step{Do: "delete", Text: "Delete the old token. The request names it by its selector, which is public.",
			Call: &Call{Method: "DELETE", Path: "/api/admin/api-tokens/" + f.Selector}, UI: "Admin settings > API access"}
	case f.Format == rules.Custom:
		return Step{Do: "delete", Text: "Take the old token out of the server's INIT_..._API_TOKENS, restart the server, and delete the " +
			"token in the user interface: the server keeps what it was once given. The API would put the secret into a URL, and so into logs.",
			UI: "Admin settings > API access"}
	}
	return Step{Do: "delete", Text: "Delete the old token in the user interface: the API would put the secret into a URL, and so into logs.",
		UI: "Admin settings > API access, or the project's Settings > API access"}
}

// checks are the steps that see that all of it worked.
func checks(f *finding.Finding, places []Place) []Step {
	var out []Step
	if f.Kind != rules.ClientKey {
		verify := "--verify"
		if f.Kind == rules.Personal || f.Kind == rules.ServiceAccount {
			verify = "--verify=traces"
		}
		out = append(out, Step{Do: "check", Text: "unleaked explain " + verify + " --server URL, with the old token on standard input, " +
			"says that it is not live; unleaked scan finds it no more. Servers answer from memory for up to a minute."})
	}
	old := slices.DeleteFunc(slices.Clone(places), func(x Place) bool { return !x.History })
	if len(old) > 0 {
		out = append(out, Step{Do: "check", Text: "The history keeps the old token at these places. Once it is deleted it opens nothing there; " +
			"accept it with unleaked baseline, or rewrite the history.", Places: old})
	}
	return out
}
