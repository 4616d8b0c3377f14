package mask

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// token is a made-up token of a scope.
func token(scope string, seed uint64) string { return scope + rules.Expand("{hex56}", seed) }

func tokenV2(scope string, seed uint64) string { return scope + rules.Expand("{v2}", seed) }

// digest is what the pseudonym of a random text ends in, made in another way than the package's.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:8]
}

func masked(o Options, pieces ...string) string {
	var out bytes.Buffer
	m := NewWriter(&out, o)
	for _, p := range pieces {
		_, _ = m.Write([]byte(p))
	}
	_ = m.Close()
	return out.String()
}

func TestPseudonyms(t *testing.T) {
	scoped, admin, all := token("default:production.", 1), token("*:*.", 2), token("[]:eu.prod.", 3)
	account, v2, accountV2 := token("user:", 4), tokenV2("web:staging.", 5), tokenV2("user:", 6)
	long, near := "web:qa."+rules.Expand("{hex64}", 7), "default:development."+rules.Expand("{hex58}", 8)
	swapped, blank := token("default.development:", 9), token("*: development.", 10)
	for text, want := range map[string]string{
		scoped:    "«default:production.scoped#" + digest(scoped) + "»",
		admin:     "«*:*.scoped#" + digest(admin) + "»",
		all:       "«[]:eu.prod.scoped#" + digest(all) + "»",
		account:   "«user:account#" + digest(account) + "»",
		v2:        "«web:staging.scoped-v2#" + digest(v2) + "»",
		accountV2: "«user:account-v2#" + digest(accountV2) + "»",
		long:      "«web:qa.scoped#" + digest(long) + "»",
		near:      "«default:development.scoped#" + digest(near) + "»",
		swapped:   "«default:development.scoped#" + digest(swapped) + "»",
		blank:     "«*:development.scoped#" + digest(blank) + "»",
	} {
		for _, frame := range []string{"%s", "token=%s\n", `{"Authorization": "%s"}`, "a\r\nb\t%s\x00\xff\r\n", "\x1b[31m%s\x1b[0m",
			"é%s»", "curl -H 'Authorization: %s' https://unleash.example.com/api/client/features", "cache hit: token %s"} {
			if got, want := masked(Options{}, fmt.Sprintf(frame, text)), fmt.Sprintf(frame, want); got != want {
				t.Errorf("%q\n got %q\nwant %q", fmt.Sprintf(frame, text), got, want)
			}
		}
	}
}

// What is no token stays as it is.
func TestOtherText(t *testing.T) {
	hex56, hex64 := rules.Expand("{hex56}", 1), rules.Expand("{hex64}", 2)
	for _, text := range []string{
		"", "\n", hex56, "sha256:" + hex64, "image: registry.example.com/team/app:prod." + hex64, "FROM app:prod." + hex56,
		"postgres://user:" + hex56 + "@db.example.com/x", strings.Repeat("a", 100_000), strings.Repeat("\x00", 5000),
		"default:production." + strings.Repeat("0", 56), "a: b\nuser: c\nPassword: ", "default:production.«scoped#0011aabb»",
	} {
		if got := masked(Options{}, text); got != text {
			t.Errorf("%.100q became %.100q", text, got)
		}
	}
}

// sampleText has tokens at its beginning and end, beside each other, in emphasis, and what only looks like the beginning
// of one.
func sampleText() string {
	return token("default:production.", 1) + " and " + token("user:", 2) + "\n" +
		"**" + token("*:*.", 3) + "**, '" + token("a'b:c.", 4) + "' \"" + token("*: development.", 5) + "\"\r\n" +
		"*: x default:production. user: Password: " + tokenV2("[]:dev.", 6) + "," + tokenV2("user:", 7) + "\x1b[0m\n" +
		"_" + tokenV2("web:qa.", 8) + "_ image: app:prod." + rules.Expand("{hex64}", 9) + "\n\n" +
		"key proxy-key-one, proxy key two and proxy-key-on " + rules.Expand("{hex64}", 10) + "\n" +
		"default:development.unleash-insecure-api-token *:*.unleash-insecure-admin-api-token " + token("default:production.", 11)
}

// Every split in two and many in odd pieces give what the whole gives.
func TestEverySplit(t *testing.T) {
	text := sampleText()
	for name, o := range map[string]Options{
		"tokens": {Key: []byte("k")},
		"known": {Key: []byte("k"), Known: []string{"proxy-key-one", "proxy-key-on", "proxy key two", rules.Expand("{hex64}", 10),
			"two and proxy"}},
	} {
		whole := masked(o, text)
		if name == "known" && strings.Contains(whole, "proxy") {
			t.Fatalf("a known text is left in %q", whole)
		}
		for i := range len(text) + 1 {
			if got := masked(o, text[:i], text[i:]); got != whole {
				t.Fatalf("%s, split at %d:\n got %q\nwant %q", name, i, got, whole)
			}
		}
		r := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			var pieces []string
			size := 1 + r.IntN(200)
			for rest := text; rest != ""; {
				n := min(len(rest), 1+r.IntN(size))
				pieces, rest = append(pieces, rest[:n]), rest[n:]
			}
			if got := masked(o, pieces...); got != whole {
				t.Fatalf("%s, in %d pieces:\n got %q\nwant %q", name, len(pieces), got, whole)
			}
		}
	}
}

// Long texts without a line's end are handed on in pieces, with the same outcome.
func TestLongLines(t *testing.T) {
	var text, want strings.Builder
	for i := range 3000 {
		tok := token("default:production.", uint64(i))
		filler := strings.Repeat("x.y", i%700)
		fmt.Fprintf(&text, "%s|%s|", filler, tok)
		fmt.Fprintf(&want, "%s|«default:production.scoped#%s»|", filler, digest(tok))
	}
	if got := masked(Options{}, text.String()); got != want.String() {
		t.Error("the whole differs")
	}
	for _, size := range []int{7, 997, 65536} {
		var out bytes.Buffer
		m := NewWriter(&out, Options{})
		for rest := text.String(); rest != ""; {
			n := min(size, len(rest))
			_, _ = m.Write([]byte(rest[:n]))
			rest = rest[n:]
			if m.Held() > 2*plainReach {
				t.Fatalf("%d bytes are held back", m.Held())
			}
		}
		if _ = m.Close(); out.String() != want.String() {
			t.Errorf("in pieces of %d bytes it differs", size)
		}
	}
}

// Whatever pauses the input makes, nothing of a secret comes out that is worth anything.
func TestPauses(t *testing.T) {
	tok := tokenV2("default:production.", 3)
	_, secret, _ := strings.Cut(tok, ".")
	text := "token: " + tok + "\n"
	for i := range len(text) {
		var out bytes.Buffer
		m := NewWriter(&out, Options{})
		_, _ = m.Write([]byte(text[:i]))
		_ = m.Pause()
		_, _ = m.Write([]byte(text[i:]))
		_ = m.Close()
		for at := 0; at+minSecret <= len(secret); at++ {
			if strings.Contains(out.String(), secret[at:at+minSecret]) {
				t.Fatalf("a pause at %d gives %q", i, out.String())
			}
		}
		if !strings.HasPrefix(out.String(), "token: ") || !strings.HasSuffix(out.String(), "»\n") {
			t.Fatalf("a pause at %d gives %q", i, out.String())
		}
	}
}

// A token that comes in drops, with a pause after each, does not come out in drops.
func TestManyPauses(t *testing.T) {
	for _, tok := range []string{token("[]:dev.", 1), token("user:", 2), tokenV2("user:", 3), tokenV2("default:production.", 4)} {
		secret := tok[strings.LastIndexAny(tok, ":.")+1:]
		if len(secret) > 60 {
			secret = secret[26:] // the selector is public
		}
		for size := 1; size < minSecret; size++ {
			var out bytes.Buffer
			m := NewWriter(&out, Options{})
			for rest := tok + " "; rest != ""; {
				n := min(size, len(rest))
				_, _ = m.Write([]byte(rest[:n]))
				_ = m.Pause()
				rest = rest[n:]
			}
			_ = m.Close()
			for at := 0; at+minSecret <= len(secret); at++ {
				if strings.Contains(out.String(), secret[at:at+minSecret]) {
					t.Fatalf("drops of %d bytes give %q", size, out.String())
				}
			}
		}
	}
}

// What was sent decides too: the quote before a name whose colon a blank follows.
func TestNearMissInPieces(t *testing.T) {
	text := `x = "default: ` + token("production.", 5) + `"`
	whole := masked(Options{}, text)
	if strings.Contains(whole, "default: ") {
		t.Fatalf("a near miss is left in %q", whole)
	}
	if got := masked(Options{}, strings.Split(text, "")...); got != whole {
		t.Errorf("byte by byte: got %q, want %q", got, whole)
	}
}

// What can be handed on is, at once, and the question of a program after a pause.
func TestNothingWaitsInVain(t *testing.T) {
	var out bytes.Buffer
	m := NewWriter(&out, Options{})
	for _, step := range []struct{ write, want string }{
		{"one line\n", "one line\n"},
		{"a half ", "a half "},
		{"line", ""},
		{"\r\n", "line\r\n"},
		{"50%\r", "50%\r"},
		{"Password: ", "Password: "},
		{"Continue? [y/N] ", "Continue? [y/N] "},
	} {
		out.Reset()
		if _, _ = m.Write([]byte(step.write)); out.String() != step.want {
			t.Errorf("after %q: %q", step.write, out.String())
		}
	}
	for _, question := range []string{"Password:", "name", "ok..."} {
		out.Reset()
		_, _ = m.Write([]byte(question))
		if _ = m.Pause(); out.String() != question {
			t.Errorf("%q is held back", question)
		}
	}
}

// Guessable texts have the pseudonyms of a key, or of the run.
func TestKey(t *testing.T) {
	text := "default:development.unleash-insecure-api-token"
	a, b := masked(Options{Key: []byte("one")}, text), masked(Options{Key: []byte("two")}, text)
	if a == b || a != masked(Options{Key: []byte("one")}, text) || !strings.HasPrefix(a, "«default:development.custom#") {
		t.Errorf("%s, %s", a, b)
	}
	if one, two := masked(Options{}, text), masked(Options{}, text); one == two {
		t.Error("two runs without a key give a guessable text one pseudonym")
	}
	if strings.Contains(a, digest(text)) {
		t.Error("a guessable text is digested without a key")
	}
	tok := token("default:production.", 1)
	if masked(Options{Key: []byte("one")}, tok) != masked(Options{}, tok) {
		t.Error("the pseudonym of a random text depends on the key")
	}
}

func TestKnown(t *testing.T) {
	hex48 := rules.Expand("{hex48}", 1)
	chosen := "default:development.my-own-words"
	o := Options{Known: []string{"web-key-1", hex48, "abc", chosen, "web-key-1"}, Key: []byte("k")}
	got := masked(o, "k=web-key-1;"+hex48+" abc "+chosen+"\n")
	want := "k=«client-key#"
	if !strings.HasPrefix(got, want) || !strings.Contains(got, "»;«legacy#"+digest(hex48)+"» abc «default:development.custom#") {
		t.Errorf("%s", got)
	}
	for _, secret := range []string{"web-key-1", hex48, "my-own-words"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is left", secret)
		}
	}
}

// Many known texts are found in one pass, each.
func TestManyKnown(t *testing.T) {
	var known []string
	var text strings.Builder
	for i := range 500 {
		known = append(known, rules.Expand(fmt.Sprintf("{text%d}", 8+i%40), uint64(i)))
		fmt.Fprintf(&text, "%d %s\n", i, known[i])
	}
	got := masked(Options{Known: known, Key: []byte("k")}, text.String())
	for _, k := range known {
		if strings.Contains(got, k) {
			t.Errorf("%s is left", k)
		}
	}
	if n := strings.Count(got, "«"); n != 500 {
		t.Errorf("%d pseudonyms", n)
	}
}

// The writer's error ends the writing.
func TestWriteError(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(io.ErrUnexpectedEOF)
	m := NewWriter(w, Options{})
	if _, err := m.Write([]byte("text\n")); err != io.ErrUnexpectedEOF {
		t.Errorf("%v", err)
	}
}

// Copy hands on what came before the reader's error, and hears of pauses.
func TestCopy(t *testing.T) {
	tok := token("default:production.", 1)
	in, feed := io.Pipe()
	got := make(chan string, 10)
	go func() {
		_, _ = feed.Write([]byte("x " + tok[:40]))
		_, _ = feed.Write([]byte(tok[40:] + "\nPassword:"))
		time.Sleep(2 * patience)
		feed.CloseWithError(io.ErrUnexpectedEOF)
	}()
	err := Copy(NewWriter(writerFunc(func(b []byte) { got <- string(b) }), Options{}), in, nil)
	close(got)
	var all []string
	for s := range got {
		all = append(all, s)
	}
	if err == nil || strings.Join(all, "") != "x «default:production.scoped#"+digest(tok)+"»\nPassword:" {
		t.Errorf("%v, %q", err, all)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) { f(b); return len(b), nil }

func BenchmarkLog(b *testing.B) {
	line := []byte("2026-01-02T03:04:05.678Z INFO  [http-nio-8080-exec-7] c.e.shop.OrderController - GET /api/orders/4711 200 in 12 ms\n")
	text := bytes.Repeat(line, 1<<20/len(line))
	b.SetBytes(int64(len(text)))
	m := NewWriter(io.Discard, Options{})
	for b.Loop() {
		_, _ = m.Write(text)
	}
}
