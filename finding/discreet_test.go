package finding

import (
	"strings"
	"testing"
)

// TestDiscreet says what names may look like in evidence, and what is hidden there.
func TestDiscreet(t *testing.T) {
	digits := strings.Repeat("0badf00", 8)
	v2 := "v2" + "_aB3dE5gH7jK9mN1pQ3sT5v_" + strings.Repeat("aB3-_dE5gH7", 4)[:43]
	for _, row := range []struct{ text, want string }{
		{"bound to NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN_FOR_PRODUCTION_EU_WEST_1, which declares its type", ""},
		{"handed to WithCustomHeaders of the Go SDK, through getUnleashBackendTokenForProduction() in pkg/flags/provider.go:12", ""},
		{"flows to X, through web" + ":production." + digits + " in a.yaml:3",
			"flows to X, through web:production.0bad…df00 in a.yaml:3"},
		{"flows to X, through " + digits + " in a.yaml:3", "flows to X, through 0bad…df00 in a.yaml:3"},
		{"flows to X, through token" + digits + " in a.yaml:3", "flows to X, through … in a.yaml:3"},
		{"flows to X, through " + v2 + " in a.yaml:3", "flows to X, through … in a.yaml:3"},
	} {
		if row.want == "" {
			row.want = row.text
		}
		if got := Discreet(row.text); got != row.want {
			t.Errorf("%d bytes of wrong text for %q", len(got), row.want)
		}
	}
}
