// Package leaks shows tokens where they do not belong.
package leaks

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"

	"github.com/Unleash/unleash-go-sdk/v6"
)

const token = "leaks:production.9291af1a74dac607fcbfc8c34adc9a0e39ce3d26c33868d0e9713500" // want `^backend-token: `

func logs(w io.Writer) error {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {token}}))
	log.Printf("token %s", token)                      // want `^token-in-log: a backend token reaches a log$`
	log.Println("token " + token)                      // want `^token-in-log: `
	fmt.Println(token)                                 // want `^token-in-log: a backend token reaches standard output$`
	fmt.Fprintf(os.Stderr, "%s", token)                // want `^token-in-log: `
	slog.Info("starting", "token", token)              // want `^token-in-log: `
	slog.Info("starting", slog.String("token", token)) // want `^token-in-log: `
	fmt.Fprintf(w, "unleash.token=%s", token)
	log.Printf("token %x", sha256.Sum256([]byte(token)))
	log.Printf("token %.8s", token)
	log.Printf("token set: %t, %d bytes", token != "", len(token))
	log.Printf("token %s", token[:8])
	log.Printf("token %s", mask(token))
	if len(token) < 10 {
		return fmt.Errorf("token %q is too short", token) // want `^token-in-log: a backend token reaches an error$`
	}
	return errors.New("bad token " + token) // want `^token-in-log: `
}

func mask(t string) string {
	if len(t) < 8 {
		return "…"
	}
	return t[:4] + "…"
}

func fromEnvironment() {
	t := os.Getenv("UNLEASH_SERVER_API_TOKEN")
	log.Printf("UNLEASH_SERVER_API_TOKEN=%s", t) // want `^token-in-log: the token in UNLEASH_SERVER_API_TOKEN reaches a log$`
	log.Printf("frontend %s", os.Getenv("UNLEASH_FRONTEND_API_TOKEN"))
	log.Printf("url %s", os.Getenv("UNLEASH_URL"))
	log.Printf("secret %s", os.Getenv("DATABASE_TOKEN"))
}

// connect logs what it hands to the SDK, whoever brings it.
func connect(secret string) {
	log.Printf("connecting with %s", secret) // want `^token-in-log: secret, the token of unleash.WithCustomHeaders, reaches a log$`
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {secret}}))
}

func identity(name string) {
	unleash.Initialize(
		unleash.WithAppName(name),
		unleash.WithInstanceId("leaks:production.c82b51e1108ab5251313049e8d8e0de93255c6557355eca3d783c14f"), // want `^unknown-token, token-in-identity: `
	)
	unleash.Initialize(unleash.WithAppName("leaks-" + os.Getenv("UNLEASH_API_TOKEN"))) // want `^token-in-identity: the token in UNLEASH_API_TOKEN reaches unleash.WithAppName`
	unleash.Initialize(unleash.WithInstanceId(token))                                  // want `^token-in-identity: `
}

func urls(base string) {
	_, _ = http.Get("https://unleash.leaks.example/api/client/features?token=leaks:production.419a62cb14fade519307e6023ec1f9448a17038f84a3a2db2059f459") // want `^unknown-token, token-in-url: `
	_, _ = http.Get("https://unleash.leaks.example/api/admin/api-tokens/" + token)                                                                       // want `^token-in-url: a backend token reaches a URL$`
	_, _ = http.Get(fmt.Sprintf("%s/api/client/features?token=%s", base, token))                                                                         // want `^token-in-url: `
	u, _ := url.Parse(base)
	q := u.Query()
	q.Set("token", token) // want `^token-in-url: `
	u.RawQuery = q.Encode()
	u.User = url.UserPassword("unleash", os.Getenv("UNLEASH_API_TOKEN")) // want `^token-in-url: the token in UNLEASH_API_TOKEN reaches a URL's user-info$`
	form := url.Values{}
	form.Set("token", token)
	log.Print("see https://docs.leaks.example for tokens")
}

// Config is printed whole.
type Config struct {
	URL   string
	Token string // want Token:`none \[\$UNLEASH_API_TOKEN\]`
}

func whole() {
	cfg := Config{URL: "https://unleash.leaks.example/api", Token: os.Getenv("UNLEASH_API_TOKEN")}
	log.Printf("%+v", cfg) // want `^token-in-log: the token in UNLEASH_API_TOKEN reaches a log \(field Token\)$`
	log.Printf("%s", cfg.URL)
}

// Quiet knows how to show itself.
type Quiet struct {
	Token string // want Token:`UNLEASH_API_TOKEN`
}

func (Quiet) String() string { return "quiet" }

func quiet() {
	log.Printf("%v", Quiet{Token: os.Getenv("UNLEASH_API_TOKEN")})
}

type Logger struct{ l *log.Logger }

func (l *Logger) Infof(format string, args ...any) { // want Infof:`logged`
	l.l.Printf(format, args...)
}

func wrapped(l *Logger) {
	l.Infof("token %s", token) // want `^token-in-log: `
}
