package rules

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pieces make texts that look like tokens nearly everywhere.
var pieces = []string{
	"default", "web-2", "eu.prod", "*", "[]", "a~b", "_x", "user", "dev", ":", ":", ".", ".", " ", "\n", "\"", "=", ",",
	"/", "{", "-", "_", "v2_", "\\", "%",
	"{hex56}", "{hex56}", "{hex56}", "{hex55}", "{hex57}", "{hex64}", "{hex40}", "{v2}", "{v2}", "{v2}x", "{HEX56}",
	"{same56}", "{b64u30}",
	"default:dev.{hex56}", "*:*.{hex56}", "user:{hex56}", "user:{v2}", "[]:x.y.{v2}", "default:dev.{insecure}api-token",
	"nleash", "API_TOKENS",
	"UNLEASH", "é", "\x00", "cache ", "https://", "image: ", "token",
}

// oddPieces are those of which only the exact rules of projectStart know what they mean.
var oddPieces = []string{"'", "(", ")", "!", "**", "\\n", "\x1b[0m", "${X:-", "~~", "b'", "%22", "f('", "redis://"}

func assemble(choices []byte, from []string) []byte {
	var text strings.Builder
	for i, c := range choices {
		text.WriteString(Expand(from[int(c)%len(from)], uint64(i)))
	}
	return []byte(text.String())
}

// The oracle is the grammar as one expression, tried at every offset.
var oracle = regexp.MustCompile(`^(?:user:|(\*|\[\]|[A-Za-z0-9_.~*-]{1,100}):([A-Za-z0-9_.~*-]{1,100}?)\.)` +
	`([0-9a-f]{56}|[0-9a-f]{64}|v2_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{43})(?:[^A-Za-z0-9_-]|$)`)

var emphasised = regexp.MustCompile(`[A-Za-z0-9_-]{56}[*~]`)

func naiveFind(text []byte) (found []string) {
	for i := range text {
		if i > 0 && bytes.IndexByte([]byte("-_.~*"), text[i-1]) >= 0 || i > 0 && isAlnum[text[i-1]] {
			continue
		}
		m := oracle.FindSubmatch(text[i:])
		if m == nil || isUniform(m[3]) || string(m[1]) == "user" || len(m[1]) == 0 && len(m[3]) == 64 ||
			randomEnd(m[1]) > 0 || randomEnd(m[2]) > 0 {
			continue
		}
		scope := bytes.Index(m[0], m[3])
		found = append(found, string(m[0][:scope])+string(m[3]))
	}
	return found
}

func FuzzAgainstOracle(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		choices := make([]byte, r.IntN(40))
		for i := range choices {
			choices[i] = byte(r.IntN(256))
		}
		f.Add(choices)
	}
	// What comes before a token decides about these; the oracle knows nothing of it.
	skip := []string{"\\", "%", "_", "/"}
	plain := slices.DeleteFunc(slices.Clone(pieces), func(p string) bool {
		return slices.Contains(skip, p) ||
			p == "https://"
	})
	f.Fuzz(func(t *testing.T, choices []byte) {
		if len(choices) > 300 {
			return
		}
		text := assemble(choices, plain)
		if emphasised.Match(text) {
			return // the exact rules' own
		}
		var got []string
		for _, c := range AppendCredentials(nil, text) {
			if !c.Malformed && !c.Default {
				got = append(got, c.Secret.Reveal())
			}
		}
		want := naiveFind(text)
		if !slices.Equal(got, want) {
			t.Errorf("in %q:\nfound  %q\noracle %q", text, got, want)
		}
	})
}

func FuzzAnyText(f *testing.F) {
	f.Add([]byte("default:dev."), true)
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		choices := make([]byte, 30)
		for i := range choices {
			choices[i] = byte(r.IntN(256))
		}
		f.Add(assemble(choices, append(slices.Clone(pieces), oddPieces...)), true)
		f.Add(choices, false)
	}
	f.Fuzz(func(t *testing.T, text []byte, whole bool) {
		if !whole { // then it is a recipe
			if len(text) > 500 {
				return
			}
			text = assemble(text, append(slices.Clone(pieces), oddPieces...))
		}
		last := 0
		found := AppendCredentials(nil, text)
		for _, c := range found {
			if c.Start < last || c.End > len(text) || c.Start >= c.End || c.End-c.Start > MaxLen {
				t.Fatalf("range %d to %d after %d in %d bytes", c.Start, c.End, last, len(text))
			}
			if string(text[c.Start:c.End]) != c.Secret.Reveal() || c.Malformed != (c.Problem != "") {
				t.Fatal("the secret is not what stands in its range, or a near miss has no problem")
			}
			last = c.Start
			_, _ = Fingerprint(c, "x"), c.Secret.String()
		}
		for _, c := range AppendBareHex(nil, text) {
			if string(text[c.Start:c.End]) != c.Secret.Reveal() {
				t.Fatal("a bare token is not what stands in its range")
			}
		}
		for _, parse := range []func(string) (Credential, bool){ParseValue, ParsePretrusted, ParseClientKey} {
			if c, ok := parse(string(text)); ok && string(text[c.Start:c.End]) != c.Secret.Reveal() {
				t.Fatal("a value is not what stands in its range")
			}
		}
		if len(text) > 20000 {
			return
		}
		if got := inPieces(text, 2*Overlap+60+len(text)%777); !slices.Equal(got, found) {
			t.Fatalf("%d found in pieces, %d in one", len(got), len(found))
		}
	})
}

// inPieces finds as AppendCredentials says that a stream should be read.
func inPieces(text []byte, size int) (found []Credential) {
	for from := 0; ; from += size - 2*Overlap {
		end := min(from+size, len(text))
		for _, c := range AppendCredentials(nil, text[from:end]) {
			if (from == 0 || c.Start >= Overlap) && (end == len(text) || c.Start < end-from-Overlap) {
				c.Start, c.End = c.Start+from, c.End+from
				found = append(found, c)
			}
		}
		if end == len(text) {
			return found
		}
	}
}

func TestPiecesOfAStream(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	from := append(slices.Clone(pieces), oddPieces...)
	for range 10 {
		choices := make([]byte, 1200)
		for i := range choices {
			choices[i] = byte(r.IntN(256))
		}
		text := assemble(choices, from)
		want := AppendCredentials(nil, text)
		for _, size := range []int{2*Overlap + 61, 2*Overlap + 777, 3 * Overlap, 10000} {
			if len(text) > 20000 {
				return
			}
			if got := inPieces(text, size); !slices.Equal(got, want) {
				t.Fatalf("pieces of %d bytes: %d found, %d in one", size, len(got), len(want))
			}
		}
	}
}
