package verify

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// A server is one that is asked, as long as it gives answers in time.
type server struct {
	base   string // without a slash at its end
	client *http.Client
	answer time.Duration // that one answer may take
	left   time.Duration // that all of its answers together may still take
	failed string        // why it is not asked any more, "" while it is
}

// validate asks about API tokens, which leaves no trace. The answers are in the order of the list.
func (s *server) validate(ctx context.Context, list []rules.Credential) []answer {
	var out []answer
	for batch := range slices.Chunk(list, batchSize) {
		var answers []answer
		if s.failed == "" {
			answers = s.validateBatch(ctx, batch)
		}
		if s.failed != "" {
			answers = all(len(batch), answer{why: s.failed})
		}
		out = append(out, answers...)
	}
	if liar := slices.IndexFunc(out, func(a answer) bool { return a.why == liesAboutControl }); liar >= 0 {
		out = all(len(out), out[liar]) // what it said of the batches before is worth no more
	}
	for i := range out {
		out[i].server = s.base
	}
	return out
}

const liesAboutControl = "it says yes to a token that nobody ever made"

// A validated is a token as /edge/validate lists it.
type validated struct {
	Token       string   `json:"token"`
	Type        string   `json:"type"`
	Projects    []string `json:"projects"`
	Environment string   `json:"environment"`
}

func (s *server) validateBatch(ctx context.Context, batch []rules.Credential) []answer {
	control := controlToken()
	texts := make([]string, 0, len(batch)+1)
	for _, c := range batch {
		texts = append(texts, c.Secret.Reveal())
	}
	// Nobody who looks at the order can tell the control from the others.
	texts = append(texts, control)
	slices.Sort(texts)
	body, err := json.Marshal(map[string][]string{"tokens": texts})
	if err != nil {
		s.failed = "the question cannot be written"
		return nil
	}
	status, answered := s.ask(ctx, http.MethodPost, "/edge/validate", "", body)
	if s.failed != "" {
		return nil
	}
	if status != http.StatusOK {
		s.failed = fmt.Sprintf("it answers with status %d", status)
		if status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
			s.failed += " (servers before 4.15 do not know the question)"
		}
		return nil
	}
	var said struct {
		Tokens *[]validated `json:"tokens"`
	}
	if json.Unmarshal(answered, &said) != nil || said.Tokens == nil {
		s.failed = "its answer is not that of Unleash"
		return nil
	}
	listed := map[string]validated{}
	for _, v := range *said.Tokens {
		switch {
		case v.Token == control:
			s.failed = liesAboutControl
			return nil
		case !slices.Contains(texts, v.Token):
			s.failed = "it lists tokens that were not asked about"
			return nil
		}
		listed[v.Token] = v
	}
	out := make([]answer, len(batch))
	for i, c := range batch {
		out[i] = answer{verdict: rules.NotLive}
		if v, ok := listed[c.Secret.Reveal()]; ok {
			out[i] = answer{verdict: rules.Live, kind: rules.KindOfType(strings.ToLower(v.Type)), detail: detail(v.without(c.Secret.Reveal()))}
		}
	}
	return out
}

// controlToken is a well-formed token that no server has.
func controlToken() string {
	random := make([]byte, 28)
	_, _ = rand.Read(random) // it never fails: the program ends before
	return "default:development." + hex.EncodeToString(random)
}

// without is v without the names that repeat the secret part of the token, whole or in part: they are a server's text.
func (v validated) without(token string) validated {
	secret := token[strings.LastIndexByte(token, '.')+1:]
	repeats := func(name string) bool {
		for i := 0; i+mostRepeated <= len(name); i++ {
			if strings.Contains(secret, name[i:i+mostRepeated]) {
				return true
			}
		}
		return name == secret
	}
	v.Projects = slices.Clone(v.Projects)
	for i, name := range v.Projects {
		if repeats(name) {
			v.Projects[i] = ""
		}
	}
	if repeats(v.Environment) {
		v.Environment = ""
	}
	return v
}

// mostRepeated is the length, in bytes, of the shortest part of a secret that counts as one.
const mostRepeated = 6

// detail is what a server says of a live token, in words. A server's text is shown only where it is what it should be.
func detail(v validated) string {
	k := rules.KindOfType(strings.ToLower(v.Type))
	text := ""
	switch {
	case k == rules.Admin:
		return ": an admin token"
	case k != "":
		text = ": a " + string(k) + " token"
	default:
		return ""
	}
	if len(v.Projects) == 1 && isName(v.Projects[0]) {
		if text += " of project " + v.Projects[0]; v.Projects[0] == "*" {
			text = ": a " + string(k) + " token of all projects"
		}
	} else if len(v.Projects) > 1 && !slices.ContainsFunc(v.Projects, func(p string) bool { return !isName(p) }) {
		text += " of projects " + strings.Join(v.Projects[:min(len(v.Projects), 5)], ", ")
		if more := len(v.Projects) - 5; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
	}
	if isName(v.Environment) && v.Environment != "*" {
		text += ", environment " + v.Environment
	}
	return text
}

// isName reports whether a server's text is the name of a project or an environment.
func isName(text string) bool {
	return text != "" && len(text) <= 100 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()") == ""
}

// identify asks who the users of account tokens are. Each question leaves a trace at the server.
func (s *server) identify(ctx context.Context, list []rules.Credential) []answer {
	out := make([]answer, len(list))
	if len(list) == 0 {
		return out
	}
	why := s.knowsStrangers(ctx)
	for i, c := range list {
		if why == "" && s.failed != "" {
			why = s.failed
		}
		if why != "" {
			out[i] = answer{why: why}
		} else {
			out[i] = s.identifyOne(ctx, c)
		}
	}
	for i := range out {
		out[i].server = s.base
	}
	return out
}

const userPath = "/api/admin/user"

// knowsStrangers says why the server's answers about account tokens are worth nothing, "" where they are: it has to refuse
// who brings no token.
func (s *server) knowsStrangers(ctx context.Context) string {
	if s.failed != "" {
		return s.failed
	}
	switch status, _ := s.ask(ctx, http.MethodGet, userPath, "", nil); {
	case s.failed != "":
		return s.failed
	case status == http.StatusOK:
		return "it lets in everybody (GET /api/admin/user without a token)"
	case status != http.StatusUnauthorized:
		return fmt.Sprintf("it answers a request without a token with status %d", status)
	}
	return ""
}

func (s *server) identifyOne(ctx context.Context, c rules.Credential) answer {
	status, body := s.ask(ctx, http.MethodGet, userPath, c.Secret.Reveal(), nil)
	if s.failed != "" {
		return answer{why: s.failed}
	}
	var said struct {
		Name    string `json:"name"`
		Message string `json:"message"`
		User    *struct {
			AccountType string `json:"accountType"`
		} `json:"user"`
	}
	if json.Unmarshal(body, &said) != nil {
		return answer{why: "its answer is not that of Unleash"}
	}
	switch {
	case status == http.StatusOK && said.User != nil:
		kind, detail := rules.Personal, ": a personal access token"
		if strings.EqualFold(said.User.AccountType, "service account") {
			kind, detail = rules.ServiceAccount, ": a service account's token"
		}
		return answer{verdict: rules.Live, kind: kind, detail: detail}
	case status == http.StatusUnauthorized && (said.Name == "UnauthorizedError" || said.Name == "AuthenticationRequired") &&
		strings.Contains(said.Message, "Unleash"):
		return answer{verdict: rules.NotLive}
	}
	return answer{why: fmt.Sprintf("its answer with status %d is not that of Unleash", status)}
}

// ask sends one request and returns the status and the JSON of the answer. Where there is none that can be used, it notes why
// in failed: the server is not asked again.
func (s *server) ask(ctx context.Context, method, path, token string, body []byte) (status int, answered []byte) {
	wait := min(s.answer, s.left)
	if wait <= 0 {
		s.failed = "it took too long in all"
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	started := time.Now()
	defer func() { s.left -= time.Since(started) }()
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(body))
	if err != nil {
		s.failed = "its URL cannot be asked"
		return 0, nil
	}
	req.Header.Set("User-Agent", "unleaked")
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.failed = reason(ctx, err)
		return 0, nil
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		s.failed = "it sends us elsewhere, where no token goes"
		return 0, nil
	}
	if kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		s.failed = fmt.Sprintf("its answer, with status %d, is no JSON", res.StatusCode)
		return 0, nil
	}
	answered, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		s.failed = reason(ctx, err)
	case len(answered) > maxAnswer:
		s.failed = "its answer is longer than 1 MB"
	}
	return res.StatusCode, answered
}

// reason is why a request failed, in words of our own: the errors of the library quote what servers send.
func reason(ctx context.Context, err error) string {
	var unknown x509.UnknownAuthorityError
	var wrongHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var alert tls.AlertError
	var dns *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "interrupted"
	case ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time"
	case errors.As(err, &unknown):
		return "its certificate is signed by an authority that is not trusted here (--ca-file)"
	case errors.As(err, &wrongHost):
		return "its certificate is for another host"
	case errors.As(err, &invalid), errors.As(err, &verification):
		return "its certificate is not valid"
	case errors.As(err, &header), errors.As(err, &alert):
		return "it speaks no TLS that we understand"
	case errors.As(err, &dns):
		return "its name is not known"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "it refuses the connection"
	}
	return "the connection failed"
}
