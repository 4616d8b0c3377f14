package rules

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretNeverShows(t *testing.T) {
	for _, template := range []string{
		"default:production.{hex56}", "*:*.{v2}", "user:{hex56}", "user:{v2}", "{hex64}", "{hex48}",
		"default:production.{text24}", "{text24}",
		"default.production:{hex56}", "*: production.{hex55}", "*:production:{text20}", "{text12}@production",
		"a/b:c.{text20}", "default:production.{HEX56}",
		"default:production.{text8}.{text8}",
	} {
		text := Expand(template, 7)
		s := NewSecret(text, Custom)
		c := Credential{Secret: s, Format: Custom}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("found", "secret", s, "credential", c, "pointer", &c)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("found", "secret", s, "credential", c, "pointer", &c)
		j, err := json.Marshal(map[Secret]any{s: []any{s, &s, c, &c}})
		if err != nil {
			t.Fatal(err)
		}
		x, err := xml.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		shown := log.String() + string(j) + string(x) + errors.Join(fmt.Errorf("at %v", s)).Error()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%U", "%c", "%10s",
			"%-300v", "%08b", "%e"} {
			for _, value := range []any{s, &s, c, &c, []Secret{s}, map[Secret]int{s: 1}, []any{c},
				struct{ S Secret }{s}, struct{ S *Secret }{&s}} {
				shown += fmt.Sprintf(verb, value) + "\n"
			}
		}
		assertHidden(t, template, text, shown)
	}
}

// assertHidden fails where shown holds eight characters in a row of the random part of text, plain or in hexadecimal.
func assertHidden(t *testing.T, template, text, shown string) {
	t.Helper()
	random := text[strings.LastIndexAny(text, ":")+1:]
	if i := strings.IndexByte(random, '.'); i >= 0 {
		random = random[i+1:]
	}
	if isV2([]byte(random)) {
		random = random[len(v2Prefix)+selectorLen+1:]
	}
	for i := 0; i+8 <= len(random); i++ {
		for _, piece := range []string{random[i : i+8], fmt.Sprintf("%x", random[i:i+8]),
			fmt.Sprintf("%X", random[i:i+8])} {
			if strings.Contains(shown, piece) {
				t.Fatalf("%s: eight characters of the secret show", template)
			}
		}
	}
}

func TestRedactedForm(t *testing.T) {
	hex, v2 := Expand("{hex56}", 1), Expand("{v2}", 1)
	for _, row := range []struct{ text, want string }{
		{"default:production." + hex, "default:production." + hex[:4] + "…" + hex[52:]},
		{"user:" + hex, "user:" + hex[:4] + "…" + hex[52:]},
		{hex, hex[:4] + "…" + hex[52:]},
		{"[]:eu.prod." + v2, "[]:eu.prod." + v2[:26] + v2[26:30] + "…" + v2[65:]},
		{"user:" + v2, "user:" + v2[:26] + v2[26:30] + "…" + v2[65:]},
		{"*:development:" + hex, "*:development:" + hex[:4] + "…" + hex[52:]},
		{"default:development.{insecure}api-token", "default:development.{insecure}…"},
		{"default:production.chosen", "default:production.…"},
		{"default:production.with.dots", "default:production.…"},
		{"*.development:chosen.text", "…"},
		{"*:development:chosen.text", "…"},
		{"some-client-key", "…"},
		{"key@production", "…"},
		{"", ""},
	} {
		if got := NewSecret(Expand(row.text, 0), Custom).String(); got != Expand(row.want, 0) {
			t.Errorf("got %q, want %q", got, row.want)
		}
	}
}

func TestSecretIsComparable(t *testing.T) {
	a, b := NewSecret("x"+Expand("{text8}", 1), Custom), NewSecret("x"+Expand("{text8}", 1), ClientKeyFormat)
	if a != b || a == NewSecret("x", Custom) || !(Secret{}).IsZero() || a.IsZero() {
		t.Error("equality of secrets is not that of their texts")
	}
}
