// Package verify asks live Unleash servers whether tokens are valid. It is the only package that may import net/http.
//
// Its nouns: a Server is asked, an Answer is what it said. It sends a token nowhere but into the body of a request, or, where
// traces were asked for, into a header; never into a URL, a log or an error. It connects to the servers that it is given and to
// nothing else, follows no redirect, and keeps nothing.
//
// A verdict rests on an answer in Unleash's own form. Everything else (redirects, HTML, errors, a time-out, a server that says
// yes to a token which nobody ever made) is no verdict.
package verify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// Bounds of what a server may cost, and of what it is asked.
const (
	batchSize     = 100     // tokens a request, without the control
	maxAnswer     = 1 << 20 // bytes, unpacked
	answerTimeout = 10 * time.Second
	serverTimeout = 30 * time.Second // of all requests together
)

// Options say whom to ask, and how.
type Options struct {
	Servers []string // URLs as people write them, with or without /api
	// Traces also asks about account tokens: a server notes when such a token was used last.
	Traces bool
	CAs    []byte // certificates in PEM that are trusted besides the system's, nil for none

	answerTimeout, serverTimeout time.Duration // of tests; 0 is the default
}

// A Client asks servers, about each credential once. It may be used from several goroutines.
type Client struct {
	servers []*server
	traces  bool

	mu    sync.Mutex
	known map[rules.Secret]rules.Knowledge
}

// New returns a client for the servers of the options. The errors are of URLs that name no server, and of certificates that
// are none.
func New(o Options) (*Client, error) {
	c := &Client{traces: o.Traces, known: map[rules.Secret]rules.Knowledge{}}
	transport, err := newTransport(o.CAs)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, text := range o.Servers {
		base, err := ParseServer(text)
		if err != nil {
			return nil, err
		}
		if seen[base] {
			continue
		}
		seen[base] = true
		s := &server{base: base, answer: o.answerTimeout, left: o.serverTimeout}
		if s.answer == 0 {
			s.answer = answerTimeout
		}
		if s.left == 0 {
			s.left = serverTimeout
		}
		s.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}}
		c.servers = append(c.servers, s)
	}
	return c, nil
}

func newTransport(cas []byte) (*http.Transport, error) {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 64 << 10,
		TLSHandshakeTimeout: answerTimeout, MaxConnsPerHost: 1, IdleConnTimeout: answerTimeout,
	}
	if cas == nil {
		return t, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(cas) {
		return nil, errors.New("there is no certificate in PEM in the file of authorities")
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}

// ParseServer returns the base of a server's URL: what stands before /api, without a slash at its end. SDKs are given
// https://unleash.example.com/base/api, people write the page that they look at.
func ParseServer(text string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil: // the error quotes the text, which may hold a password
		return "", errors.New("a server's URL cannot be read")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.Opaque != "":
		return "", errors.New("a server is a URL such as https://unleash.example.com")
	case u.User != nil:
		return "", errors.New("a server's URL holds no user and no password")
	case u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("a server's URL has no query and no fragment")
	}
	path := u.Path
	if before, _, ok := strings.Cut(path+"/", "/api/"); ok {
		path = before
	}
	if len(rules.AppendCredentials(nil, []byte(path))) > 0 {
		return "", errors.New("a server's URL holds no token")
	}
	base := url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: strings.TrimRight(path, "/")}
	return base.String(), nil
}

// Warnings are what a person should know before tokens are sent, one sentence each.
func (c *Client) Warnings() []string {
	var out []string
	for _, s := range c.servers {
		if strings.HasPrefix(s.base, "http://") {
			out = append(out, s.base+" is asked over plain http: whoever is on the way can read the tokens")
		}
	}
	if c.traces {
		out = append(out, "--verify=traces sends personal and service-account tokens to GET /api/admin/user: the server notes "+
			"the time as their last use")
	}
	return out
}

// Know returns what the servers say of each credential.
func (c *Client) Know(ctx context.Context, list []rules.Credential) []rules.Knowledge {
	c.mu.Lock()
	defer c.mu.Unlock()
	var batch, accounts []rules.Credential
	asked := map[rules.Secret]bool{}
	for _, cred := range list {
		if _, ok := c.known[cred.Secret]; ok || asked[cred.Secret] {
			continue
		}
		asked[cred.Secret] = true
		switch {
		case isAccount(cred):
			accounts = append(accounts, cred)
		case IsAPIToken(cred):
			batch = append(batch, cred)
		}
	}
	for _, s := range c.servers {
		c.hear(batch, s.validate(ctx, batch))
		switch {
		case c.traces:
			c.hear(accounts, s.identify(ctx, accounts))
		default:
			c.hear(accounts, all(len(accounts), answer{why: "personal tokens are only asked about with --verify=traces"}))
		}
	}
	out := make([]rules.Knowledge, len(list))
	for i, cred := range list {
		out[i] = c.known[cred.Secret]
	}
	return out
}

// hear keeps the answers of one server beside those of the servers before it.
func (c *Client) hear(list []rules.Credential, answers []answer) {
	for i, cred := range list {
		k := answers[i].knowledge()
		if before, ok := c.known[cred.Secret]; ok {
			k = before.With(k)
		}
		c.known[cred.Secret] = k
	}
}

func isAccount(c rules.Credential) bool {
	return c.Format == rules.Account || c.Format == rules.AccountV2
}

// IsAPIToken reports whether a credential could be an API token of a server, and is asked about without a trace.
func IsAPIToken(c rules.Credential) bool {
	switch c.Format {
	case rules.Scoped, rules.ScopedV2, rules.Legacy, rules.Custom:
		return !c.Malformed
	}
	return false
}

// An answer is what one server says of one credential.
type answer struct {
	server  string
	verdict rules.Verification
	kind    rules.Kind // "" where it says none
	detail  string     // of a live one: what it is, in words
	why     string     // of an unknown one
}

func all(n int, a answer) []answer {
	out := make([]answer, n)
	for i := range out {
		out[i] = a
	}
	return out
}

func (a answer) knowledge() rules.Knowledge {
	k := rules.Knowledge{Verification: a.verdict}
	switch a.verdict {
	case rules.Live:
		if a.kind != "" {
			k.Kinds = []rules.Kind{a.kind}
		}
		k.Says = []string{a.server + " says that it is live" + a.detail}
	case rules.NotLive:
		k.Says = []string{a.server + " says that it is not live"}
	default:
		k.Verification = rules.Unchecked
		text := "not verified: " + a.why
		if a.server != "" {
			text = "not verified: " + a.server + ": " + a.why
		}
		k.Says = []string{text}
	}
	return k
}

// Plan returns in words what would be asked of whom about credentials, a line each, and sends nothing.
func (c *Client) Plan(list []rules.Credential) []string {
	seen := map[rules.Secret]bool{}
	var batch, accounts []string
	for _, cred := range list {
		switch {
		case seen[cred.Secret]:
		case isAccount(cred):
			accounts = append(accounts, cred.Secret.String())
		case IsAPIToken(cred):
			batch = append(batch, cred.Secret.String())
		}
		seen[cred.Secret] = true
	}
	var out []string
	for _, s := range c.servers {
		if n := len(batch); n > 0 {
			out = append(out, fmt.Sprintf("POST %s/edge/validate: %d of %d API tokens a request, which leaves no trace", s.base,
				min(n, batchSize), n))
		}
		if n := len(accounts); n > 0 && c.traces {
			out = append(out, fmt.Sprintf("GET %s/api/admin/user: once without a token, and once for each of %d personal tokens: "+
				"the server notes the time as their last use", s.base, n))
		}
	}
	for _, text := range batch {
		out = append(out, "  "+text)
	}
	for _, text := range accounts {
		if c.traces {
			out = append(out, "  "+text)
		} else {
			out = append(out, "  "+text+": not asked about, for that would leave a trace (--verify=traces)")
		}
	}
	return out
}
