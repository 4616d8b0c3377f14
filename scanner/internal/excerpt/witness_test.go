package excerpt

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/rules"
)

// TestWitness wants a part of a secret to be told in every spelling, and nothing else.
func TestWitness(t *testing.T) {
	for _, secret := range []string{
		rules.Expand("web"+":production.{hex56}", 1), rules.Expand("user"+":{v2}", 2), rules.Expand("{hex64}", 3),
		"web" + ":production.my-own-Text-of-an-operator",
	} {
		hidden := rules.HiddenPart(secret)
		part := hidden[4:24]
		back := []byte(part)
		slices.Reverse(back)
		each := func(sign string) string {
			var b strings.Builder
			for _, c := range []byte(part) {
				b.WriteString(strings.ReplaceAll(sign, "X", hex.EncodeToString([]byte{c})))
			}
			return b.String()
		}
		w := witness{secret: secret}
		for name, text := range map[string]string{
			"itself": part, "backwards": string(back), "spaced": strings.Join(strings.Split(part, ""), " "),
			"commas": strings.Join(strings.Split(part, ""), `", "`), "upper case": strings.ToUpper(part),
			"hexadecimal": hex.EncodeToString([]byte(part)), "percent": each("%X"), "escapes": each(`\xX`),
			"long escapes": each(`\u00X`), "entities": each("&#xX;"),
			"base64 0": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 1": base64.StdEncoding.EncodeToString([]byte("k" + secret + "k")),
			"base64 2": base64.RawURLEncoding.EncodeToString([]byte("ke" + secret)),
		} {
			if !w.tells("const a = '" + text + "' // b") {
				t.Errorf("%s: not told %s", rules.NewSecret(secret, rules.Custom), name)
			}
		}
		for _, text := range []string{rules.NewSecret(secret, rules.Custom).String(), "const client = new UnleashClient({ url, clientKey })",
			rules.Expand("web"+":production.{hex56}", 9), strings.Repeat("a", 100), ""} {
			if w.tells(text) {
				t.Errorf("%s: %q tells nothing", rules.NewSecret(secret, rules.Custom), text)
			}
		}
	}
}
