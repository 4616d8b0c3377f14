// Package forms hands tokens to the SDK in every form that is in use.
package forms

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/Unleash/unleash-go-sdk/v6"
)

const tokenConst = "forms:development.bd4a1f6b1e82b372c15d193dad695a7398548c7700ba5dc60e90e2e3" // want `^backend-token: hard-coded backend token forms:development\.[0-9a-f]{4}…[0-9a-f]{4}$`

var tokenVar = "forms:development.e2758db59f8cd0fccca7d17600eece5b5d76514a9d448734f0367acd" // want `^backend-token: `

const half = "forms:development." + "2ddfaf830950e1e75d74d6615845"

const folded = half + // want `^backend-token: `
	"7da176e950be86361f9a49c9df86"

const authKey = "authorization"

func implicit() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:development.20e402c2401c9ec903fbecda67f65771cfa2244fa8e7afaea304a185"}})) // want `^backend-token: `
}

func explicit() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": []string{tokenConst}}))
}

func lines() {
	unleash.Initialize(
		unleash.WithAppName("forms"),
		unleash.WithCustomHeaders(
			http.Header{
				"X-Forms": []string{"a"},
				"Authorization": []string{
					"forms:development.a7e8693d6e5bd935e3adefc01f0231261d9b9b22e7f62f1f977bb3fa", // want `^backend-token: `
				},
			},
		),
	)
}

func set() {
	h := http.Header{}
	h.Set("Authorization", tokenVar)
	h.Add("authorization", folded)
	h.Set("X-Other", "forms:development.676605532973af6940a983160f12d813c4a374156335dec596591ccd") // want `^unknown-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func index() {
	h := make(http.Header)
	h["Authorization"] = []string{"forms:development.9e3d4b48af4e720661559d68e02dc4849c87f3fd95bce978a17104bf"} // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func plainMap() {
	m := map[string][]string{"Authorization": {"forms:development.0b0089dda34a9d1afe76faa6c3ca5602e0248f879d6afa8726da3113"}} // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(m))
	n := map[string][]string{"Authorization": {"forms:development.d0693f80c55ac25faf49423c0eb7b2c449a04b2097565b70ef651861"}} // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header(n)))
}

func bearer() {
	t := "forms:development.908ffed33169017fb99a3e51ba5be16b0ecb3dcbb2564cf483ebf2ff" // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {fmt.Sprintf("Bearer %s", t)}}))
	u := "forms:development.ee85f1b0d13b0cbcc16d32a399baacc88d14e33be6c2660f35ba0ef2" // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer " + u}}))
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer forms:development.582b957b14a59d80c8deeb5189235c099462e0634dfc9b132c5e3afc"}})) // want `^backend-token: `
}

func canonicalKey() {
	h := http.Header{}
	h[http.CanonicalHeaderKey("authorization")] = []string{"forms:development.3e90c755f56c30f694f2287e4751aa2bb943a83a598312a5faf9a31d"} // want `^backend-token: `
	h.Set(authKey, "forms:development.8a4ca55041f8b55ee8704c64334a3942360c233cd0dbe85b0be13a67")                                         // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func options(debug bool) {
	opts := []unleash.ConfigOption{unleash.WithAppName("forms")}
	opts = append(opts, unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:development.dc2fc08184181c1ab64c9a63c1befe2514dcbd2e888068ed6c01bcaa"}})) // want `^backend-token: `
	unleash.NewClient(opts...)
}

type settings struct {
	token string
	name  string
}

var live = settings{token: "forms:development.5aad92b6418cd3b3cf23c43d3c81f2fe7fc5cbbc8ce203aed9c74b2d"} // want `^backend-token: `

func field() {
	unleash.Initialize(unleash.WithAppName(live.name), unleash.WithCustomHeaders(http.Header{"Authorization": {live.token}}))
}

func ranged() {
	m := map[string]string{"X-A": "b", "Authorization": "forms:development.e779c9ed193933c4384ff0fa629dc6bd9f63c304dfcdc2b92135da9b"} // want `^backend-token: `
	h := http.Header{}
	for k, v := range m {
		h.Set(k, v)
	}
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func copied() {
	h := http.Header{}
	maps.Copy(h, http.Header{"Authorization": {"forms:development.d7d5c5f89aff3313abd79a72c51bef721f6a96a91186ba80b7b23771"}}) // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h.Clone()))
}

func header(token string) http.Header {
	return http.Header{"Authorization": {strings.TrimSpace(token)}}
}

func viaFunction() {
	unleash.Initialize(unleash.WithCustomHeaders(header("forms:development.eb973a65ed8dac1c42afb446ae1519921a916f7dd3e9ca89a961c405"))) // want `^backend-token: `
	other := header("forms:development.119fad2887763d0b0f2a49fdf2bcdcdfe269ccd9a035f6519afdb516")                                       // want `^unknown-token: `
	_ = other
}

func built() {
	env := "development"
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:" + env + "." + "bd614ec9e79f4a61868948c5498b460b01100a03bc52623f08acce2e"}}))                 // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {fmt.Sprintf("%s:%s.%s", "forms", env, "2b0686e0afd9f8964ff66d573ed685c78b79ce31e5ff224a1694b916")}})) // want `^backend-token: `
}

func bare() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"2c67475ad19ca8a90e90620e863061381c780516d130f52d1a55fe0b86bcc893"}})) // want `^legacy-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:development.chosen-by-hand-41b7"}}))                            // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"<YOUR_API_TOKEN>"}}))
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"project:environment.xyzrandomstring"}}))
}

type transport struct {
	token string
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", t.token)
	return http.DefaultTransport.RoundTrip(r)
}

func injected() {
	hc := &http.Client{Transport: &transport{token: "forms:development.e532b06118161fc1404ca0bfb7a39603ec0c2a753e97fbeffd16f926"}} // want `^backend-token: `
	unleash.Initialize(unleash.WithHttpClient(hc))
}

func closure() {
	start := func(token string) error {
		return unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {token}}))
	}
	_ = start("forms:development.c89ceb44ea997b71bd856fa1f78fb6e26a8ab223bdb811ff5d44771f") // want `^backend-token: `
}

// withToken is an option of this package's own.
type option func(*settings)

func withToken(t string) option { return func(s *settings) { s.token = t } }

func start(opts ...option) {
	var s settings
	for _, o := range opts {
		o(&s)
	}
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {s.token}}))
}

func main() {
	start(withToken("forms:development.5b864f8da7b4b7f502283ee70ff5038752e1b85274e41e8966e0934f")) // want `^backend-token: `
}
