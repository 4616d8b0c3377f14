// Package forms hands tokens to the SDK in every form that is in use.
package forms

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/Unleash/unleash-go-sdk/v6"
)

const tokenConst = "forms:development.6cf8db63053ab64dad1aa4f3cd4feb07265649d8b736168ddec102ea" // want `^backend-token: hard-coded backend token forms:development\.[0-9a-f]{4}…[0-9a-f]{4}$`

var tokenVar = "forms:development.6b9b88246d156e90e168d25460066c52af30dcf59060e347bd37110f" // want `^backend-token: `

const half = "forms:development." + "225fd6ff275af854dac19d6a65a3"

const folded = half + // want `^backend-token: `
	"41fd13689939487909cffc2a5c66"

const authKey = "authorization"

func implicit() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:development.19c6fe313c85e723fc79127fff4a6a2e8f089bdf2d1564a052bfaa47"}})) // want `^backend-token: `
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
					"forms:development.7ee3e09215da08afaf18cd44ee66447ed1b3cf7b776810f8151834d5", // want `^backend-token: `
				},
			},
		),
	)
}

func set() {
	h := http.Header{}
	h.Set("Authorization", tokenVar)
	h.Add("authorization", folded)
	h.Set("X-Other", "forms:development.e50f4c3871327144cfdecb012d4495a60637a3fddef64c1fbcbc3ad7") // want `^unknown-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func index() {
	h := make(http.Header)
	h["Authorization"] = []string{"forms:development.438d21425c4a2fbaacc63c935e99c03f9f7ee755175b2146f0a30a97"} // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func plainMap() {
	m := map[string][]string{"Authorization": {"forms:development.949255425238f575ee60ee5e8ae19efea6f3dd752fbc42488b3aa22a"}} // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(m))
	n := map[string][]string{"Authorization": {"forms:development.e3136a086da9366f39b268e317af640854ac2dad07c52239b4036daa"}} // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header(n)))
}

func bearer() {
	t := "forms:development.93ad5fadf1d3448b3f208b6645706ceb20b0bbbf230636ad0b48dc62" // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {fmt.Sprintf("Bearer %s", t)}}))
	u := "forms:development.d96567a6bbb703aae8f599904e2ab19360cb212db20961b4637d3fc9" // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer " + u}}))
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer forms:development.4e6ff8065b32c74148fc8c260b4a31286c821bdcb230cfb0f51627d6"}})) // want `^backend-token: `
}

func canonicalKey() {
	h := http.Header{}
	h[http.CanonicalHeaderKey("authorization")] = []string{"forms:development.1e46619055624d48d444c4f0e0b10f4ba894cd21fe9bf24f547e867a"} // want `^backend-token: `
	h.Set(authKey, "forms:development.dfb42b0c48510e4a7cb01178a4d29cb54d4c42947d7c328ae66e131b")                                         // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func options(debug bool) {
	opts := []unleash.ConfigOption{unleash.WithAppName("forms")}
	opts = append(opts, unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:development.4aaf484ad42eb070235e88cd9e5280d9887ba13c5813c7a6aece5b53"}})) // want `^backend-token: `
	unleash.NewClient(opts...)
}

type settings struct {
	token string
	name  string
}

var live = settings{token: "forms:development.27bbd2d15d02a57ce37d741d05e1a195e828652418694df9659085bc"} // want `^backend-token: `

func field() {
	unleash.Initialize(unleash.WithAppName(live.name), unleash.WithCustomHeaders(http.Header{"Authorization": {live.token}}))
}

func ranged() {
	m := map[string]string{"X-A": "b", "Authorization": "forms:development.5113615c849422fdac3a811603523cb7fa6e182ab1318d8edd3dc8e7"} // want `^backend-token: `
	h := http.Header{}
	for k, v := range m {
		h.Set(k, v)
	}
	unleash.Initialize(unleash.WithCustomHeaders(h))
}

func copied() {
	h := http.Header{}
	maps.Copy(h, http.Header{"Authorization": {"forms:development.928accc750081465193af36e50e4f4599f15ae41771bb9afa2bad7d5"}}) // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(h.Clone()))
}

func header(token string) http.Header {
	return http.Header{"Authorization": {strings.TrimSpace(token)}}
}

func viaFunction() {
	unleash.Initialize(unleash.WithCustomHeaders(header("forms:development.d0d09ef775d4f9dc1c078b120cdaa1704dae2e823aa06c6623f8fcf5"))) // want `^backend-token: `
	other := header("forms:development.80858663edd7e46d0cfce8b03f39a87b989957f886ec62ed800b25ef")                                       // want `^unknown-token: `
	_ = other
}

func built() {
	env := "development"
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"forms:" + env + "." + "a8a08623883bbeee72cca5e344d820cc42748a33cc73e04a7d66e346"}}))                 // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {fmt.Sprintf("%s:%s.%s", "forms", env, "8d367196a5b1241828776c0bbc100f7e731141b9d279867592346e4d")}})) // want `^backend-token: `
}

func bare() {
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"8c1eb1c67791316fa6d0448c1b1c461777d759fccbc9dfb9ff3b45079a2ebd49"}})) // want `^legacy-token: `
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
	hc := &http.Client{Transport: &transport{token: "forms:development.488fde3dc2eaf17daf080d33b6378a37b78c522f8013bdf7e580e447"}} // want `^backend-token: `
	unleash.Initialize(unleash.WithHttpClient(hc))
}

func closure() {
	start := func(token string) error {
		return unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {token}}))
	}
	_ = start("forms:development.0f729e6dffbff4aaea06946823b50ad347d9def96395a4312cb53fdd") // want `^backend-token: `
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
	start(withToken("forms:development.b64497c8b2c7bb6cce114bf994a46fe029f18578b31b9146ed75eef1")) // want `^backend-token: `
}
