package rules

import (
	"strings"
	"testing"
)

func one(t *testing.T, text string) Credential {
	t.Helper()
	c, ok := ParseValue(text)
	if !ok {
		t.Fatal("no credential")
	}
	return c
}

func TestFingerprintOfRandom(t *testing.T) {
	token := Expand("default:development.{hex56}", 1)
	a := one(t, token)
	b := AppendCredentials(nil, []byte("moved\n\n  to = \""+token+"\""))[0]
	if Fingerprint(a, "TOKEN") != Fingerprint(b, "other") {
		t.Error("the fingerprint of one token depends on its place")
	}
	if other := one(t, Expand("default:development.{hex56}", 2)); Fingerprint(a, "") == Fingerprint(other, "") {
		t.Error("two tokens have one fingerprint")
	}
}

// The fingerprint of a chosen text must not tell a right guess from a wrong one: many guesses have to give the same.
func TestFingerprintConfirmsNoGuess(t *testing.T) {
	const guesses = 1 << 14
	target := one(t, "default:development.hunter2-is-it")
	want := Fingerprint(target, "TOKENS")
	same := 0
	for i := range guesses {
		c, ok := ParseValue(Expand("default:development.{text12}", uint64(i)))
		if ok && Fingerprint(c, "TOKENS") == want {
			same++
		}
	}
	if same < guesses/1024/2 {
		t.Errorf("%d of %d guesses share the fingerprint, want about %d", same, guesses, guesses/1024)
	}
	if same > guesses/1024*3 {
		t.Errorf("%d of %d texts share the fingerprint: it tells too few apart", same, guesses)
	}
	if Fingerprint(target, "OTHER") == want {
		t.Error("the bound name is no part of it")
	}
}

func TestFingerprintShape(t *testing.T) {
	for _, template := range []string{"default:development.{hex56}", "user:{v2}", "{hex48}",
		"default:development.{text12}", "*:production:{hex56}"} {
		text := Expand(template, 3)
		f := Fingerprint(one(t, text), "NAME")
		if len(f) != 34 || !strings.HasPrefix(f, "1") || !all(f[2:], &isHex) {
			t.Errorf("%s: fingerprint %q", template, f)
		}
		if again := Fingerprint(one(t, text), "NAME"); again != f {
			t.Errorf("%s: %q, then %q", template, f, again)
		}
	}
}
