package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/rules"
)

func (a *app) explainCommand() *cobra.Command {
	var k knowing
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain",
		Short: "Say what a token is",
		Long: `Read one token from standard input and say what it is: its format and scope, what its text alone says of it and what not, which
servers write it so, where in Unleash to look it up, and what to do when it has leaked. With --inventory, and with --server, also
what those know. The token is no argument, for arguments stand in the shell's history and in the list of processes.`,
		Example: `  unleaked explain < token.txt
  pbpaste | unleaked explain
  unleaked explain --server https://unleash.example.com < token.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("a token is no argument: explain reads it from standard input")
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return a.explain(c.Context(), &k, asJSON) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&asJSON, "json", false, "write JSON")
	k.addInventory(f, "inventory")
	k.addComplete(f, "inventory-complete")
	k.addKeyFile(f, "key-file")
	k.addServer(f, "server")
	k.addVerify(f, "verify")
	k.addCAFile(f, "ca-file")
	return c
}

// mostToken is how much of standard input is read for a token, in bytes.
const mostToken = 4096

func (a *app) explain(ctx context.Context, k *knowing, asJSON bool) error {
	if len(k.servers) > 0 && k.verify.value == "" {
		k.verify.value = "api" // there is nothing else that a server could be for
	}
	text, err := io.ReadAll(io.LimitReader(interruptible(ctx, a.in), mostToken+1))
	if err != nil {
		return fmt.Errorf("reading the token: %w", err)
	}
	if len(text) > mostToken {
		return usagef("that is more than one token")
	}
	c, err := onlyToken(string(text))
	if err != nil {
		return err
	}
	oracle, err := a.oracle(ctx, k)
	if err != nil {
		return err
	}
	known := rules.Knowledge{}
	if oracle != nil {
		known = oracle.Know(ctx, []rules.Credential{c})[0]
		a.tellPlan(oracle)
	}
	e := explain(c, known)
	if asJSON {
		enc := json.NewEncoder(a.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(e)
	}
	return e.write(a.out, report.Columns(a.out, a.env))
}

// onlyToken is the one credential that a text is.
func onlyToken(text string) (rules.Credential, error) {
	secrets := map[rules.Secret]bool{}
	for _, c := range rules.AppendCredentials(nil, []byte(text)) {
		secrets[c.Secret] = true
	}
	if len(secrets) > 1 {
		return rules.Credential{}, usagef("that is more than one token: explain reads one")
	}
	if c, ok := rules.ParsePretrusted(text); ok {
		return c, nil
	}
	// Any text may be a client key. What looks like a word of a sentence was hardly meant.
	if c, ok := rules.ParseClientKey(text); ok && (c.End-c.Start >= 16 || strings.ContainsAny(text, "0123456789")) &&
		!strings.Contains(text, ":") {
		return c, nil
	}
	return rules.Credential{}, usagef("that is no token of Unleash: none has this form, or it is a placeholder")
}

// An explanation is what can be said of one token, without its secret.
type explanation struct {
	Redacted     string             `json:"redacted"`
	Kind         rules.Kind         `json:"kind"`
	Certainty    rules.Certainty    `json:"certainty"`
	Visibility   string             `json:"visibility"`
	Format       rules.Format       `json:"format"`
	Project      string             `json:"project"`
	Environment  string             `json:"environment"`
	Selector     string             `json:"selector"`
	Since        string             `json:"since"`
	Problem      string             `json:"problem,omitempty"`
	Says         []string           `json:"says"`
	Verification rules.Verification `json:"verification,omitempty"`
	LookUp       string             `json:"lookUp"`
	Fix          string             `json:"fix"`
}

func explain(c rules.Credential, known rules.Knowledge) explanation {
	v := rules.Settle([]rules.Site{{Credential: c, Evidence: known.Evidence("", 0)}})
	e := explanation{
		Redacted: c.Secret.String(), Kind: v.Kind, Certainty: v.Certainty, Visibility: v.Kind.Visibility(), Format: c.Format,
		Project: c.Project, Environment: c.Environment, Selector: c.Selector, Since: since(c), Problem: c.Problem,
		Verification: known.Verification, LookUp: lookUp(c, v.Kind),
	}
	e.Says = append(textSays(c), known.Says...)
	id := rules.Exposed(c, v.Kind)
	switch {
	case c.Malformed:
		id = rules.MalformedToken
	case c.Format == rules.ClientKeyFormat && v.Kind == rules.Unknown:
		id = rules.ClientKeyRule
	}
	if row, ok := rules.Lookup(id); ok {
		e.Fix = row.FixFor(v.Kind)
	}
	return e
}

// textSays is what the text of a token alone says, and what it does not.
func textSays(c rules.Credential) []string {
	var out []string
	switch {
	case c.Malformed:
		out = append(out, "it is a near miss of a token, "+c.Problem+": no server takes it")
	case c.Kind == rules.Admin:
		out = append(out, "it begins with *:*: only admin tokens do, and they may do everything")
	case c.Format == rules.Account, c.Format == rules.AccountV2:
		out = append(out, "it begins with user: it acts as a person or as a service account; which of the two, the text does not say")
	case c.Default:
		out = append(out, "its ending is one that Unleash publishes in samples: everybody can know it")
	case c.Format == rules.ClientKeyFormat:
		out = append(out, "it has the form of no token: where a Proxy lists it among its client keys it is "+
			"one, and public; whether any does, the text does not say")
	case c.Format == rules.Custom && c.Project == "" && c.Environment != "":
		out = append(out, "somebody chose its text: Edge takes SECRET@ENVIRONMENT where it is told to trust it "+
			"(PRETRUSTED_TOKENS)")
	case c.Format == rules.Custom:
		out = append(out, "somebody chose its text: the server was given it at its start (INIT_..._API_TOKENS)")
	case c.Format == rules.Legacy:
		out = append(out, "it has no project and no environment, and nothing in it says Unleash: any digest is "+
			"written so; whether it is a backend or an admin token, the text does not say")
	default:
		out = append(out, "backend and frontend tokens are written alike: which of the two it is, the text does not say")
	}
	if c.Project == "[]" {
		out = append(out, "it is for several projects: which ones, only the server knows")
	}
	if c.Example {
		out = append(out, "Unleash's documentation prints it as an example")
	}
	if !c.Canonical {
		out = append(out, "its last digits are ones that no server draws: somebody made it up, or altered it")
	}
	if hash := hashOf(c); c.Format == rules.Scoped && len(hash) == 64 && !c.Malformed {
		out = append(out, "its 64 digits are what the documentation promises; servers draw 56")
	}
	if c.Malformed {
		return out
	}
	return append(out, "whether it is live, the text does not say")
}

// hashOf is the part of a credential that is drawn or chosen.
func hashOf(c rules.Credential) string {
	text := c.Secret.Reveal()
	return text[strings.LastIndexByte(text, '.')+1:]
}

// since is which software writes a credential so, "" where none does.
func since(c rules.Credential) string {
	switch {
	case c.Malformed:
		return ""
	case c.Format == rules.Custom && c.Project == "" && c.Environment != "":
		return "Edge (SECRET@ENVIRONMENT)"
	case c.Format == rules.Custom:
		return "server 4.5 (INIT_..._API_TOKENS)"
	case c.Format == rules.Legacy:
		return map[int]string{48: "hosted servers of version 3", 56: "an example of the documentation",
			64: "server 4.0 and 4.1 (2021)"}[len(hashOf(c))]
	}
	for _, row := range rules.Formats() {
		if row.Format == c.Format {
			return row.Since
		}
	}
	return ""
}

// lookUp is where in Unleash a token is found.
func lookUp(c rules.Credential, k rules.Kind) string {
	switch {
	case c.Malformed:
		return ""
	case c.Format == rules.ClientKeyFormat:
		return "the configuration of the Proxy: UNLEASH_PROXY_CLIENT_KEYS, or clientKeys"
	case c.Format == rules.Custom && c.Project == "":
		return "the configuration of Edge: PRETRUSTED_TOKENS"
	case c.Format == rules.AccountV2 || c.Format == rules.Account:
		return "its owner's Profile > Personal API tokens, or Admin settings > Service accounts; Unleash lists such tokens by their " +
			"description only"
	case c.Selector != "":
		return "Admin settings > API access, or the project's Settings > API access; the Admin API lists it by its selector, " + c.Selector
	case c.Format == rules.Legacy:
		return "Admin settings > API access"
	}
	return "Admin settings > API access, or the project's Settings > API access, by the first and last characters of its secret"
}

func (e explanation) write(w io.Writer, width int) error {
	b := bufio.NewWriter(w)
	if width <= 0 {
		width = 100
	}
	line := func(label, text string) {
		if text != "" {
			lead := fmt.Sprintf("%-10s ", label)
			b.WriteString(hang(lead, printable(text), len(lead), width))
		}
	}
	line("token", e.Redacted)
	line("kind", fmt.Sprintf("%s (%s), certainty %s", e.Kind, e.Visibility, e.Certainty))
	line("format", string(e.Format))
	line("scope", e.scope())
	line("selector", e.Selector)
	line("written by", e.Since)
	for i, text := range e.Says {
		label := ""
		if i == 0 {
			label = "says"
		}
		line(label, text)
	}
	line("look it up", e.LookUp)
	line("leaked?", e.Fix)
	return b.Flush()
}

func (e explanation) scope() string {
	switch {
	case e.Project == "" && e.Environment != "":
		return "environment " + e.Environment
	case e.Project == "":
		return ""
	case e.Project == "*" && e.Environment == "*":
		return "all projects, all environments"
	case e.Project == "*":
		return "all projects, environment " + e.Environment
	case e.Project == "[]":
		return "several projects, environment " + e.Environment
	}
	return "project " + e.Project + ", environment " + e.Environment
}
