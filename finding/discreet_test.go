package finding

import (
	"encoding/base64"
	"encoding/hex"
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

// TestDiscreetName says which names of files stay, for somebody has to find them.
func TestDiscreetName(t *testing.T) {
	digits := strings.Repeat("0badf00", 8)
	token := "web" + ":production." + digits
	for _, row := range []struct{ name, want string }{
		{"web/src/a-very-long-name-of-a-component/with-many-words-2026-01-02-and-numbers.test.tsx", ""},
		{"image.tar!blobs/sha256/" + digits + "0badf00f!app/.env", ""},
		{"image.tar!" + digits + "0badf00f/layer.tar!app/.env", ""},
		{"assets/index-4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e.js", ""},
		{"unleash-insecure-api-token/unleash-insecure-frontend-api-token.txt", ""},
		{"backup/" + token + ".txt", "backup/web:production.0bad…df00.txt"},
		{"backup/" + digits + ".txt", "backup/0bad…df00.txt"},
		{"backup/" + base64.StdEncoding.EncodeToString([]byte(token[2:])) + ".txt", "backup/….txt"},
		{"backup/" + base64.RawURLEncoding.EncodeToString([]byte(token)), "backup/…"},
		{"backup/" + hex.EncodeToString([]byte(token)), "backup/…"},
	} {
		if row.want == "" {
			row.want = row.name
		}
		if got := DiscreetName(row.name); got != row.want {
			t.Errorf("%d bytes of wrong text for %q", len(got), row.want)
		}
	}
}

// TestDiscreetWriter writes a token in every two pieces.
func TestDiscreetWriter(t *testing.T) {
	text := "cannot open web" + ":production." + strings.Repeat("0badf00", 8) + ": no such file\nand more"
	for cut := range text {
		var b strings.Builder
		w := &DiscreetWriter{To: &b}
		for _, piece := range []string{text[:cut], text[cut:]} {
			if n, err := w.Write([]byte(piece)); n != len(piece) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if want := "cannot open web:production.0bad…df00: no such file\nand more"; b.String() != want {
			t.Fatalf("cut at %d: %d bytes of wrong text", cut, b.Len())
		}
	}
}
