package glimpse

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/unleaked/unleaked/internal/gitdb"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner/internal/open"
)

func newLooker() Looker {
	return Looker{open.NewSession(context.Background(), open.Limits{}), &open.Buffers{}, &Spans{}}
}

// TestChanges puts what holds a token, or a part of it, into texts without any, and wants the same of the changes as
// of the whole text.
func TestChanges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	l := newLooker()
	token := func() string {
		return "default:development." + fmt.Sprintf("%016x%016x%016x%08x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint32())
	}
	encodings := []func(string) string{
		func(s string) string { return s },
		url.QueryEscape,
		func(s string) string { return base64.StdEncoding.EncodeToString([]byte("UNLEASH_TOKEN=" + s)) },
		func(s string) string {
			coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("lorem ipsum ", 9) + s + strings.Repeat(" dolor", 9)))
			var b strings.Builder
			for ; len(coded) > 76; coded = coded[76:] {
				b.WriteString(coded[:76] + "\n")
			}
			return b.String() + coded
		},
	}
	found := 0
	for n := range 400 {
		var base strings.Builder
		for range 100 + r.IntN(200) {
			fmt.Fprintf(&base, "line %x of %x\n", r.Uint32(), r.Uint64())
		}
		at := r.IntN(base.Len())
		secret := token()
		added := " " + encodings[n%len(encodings)](secret) + " "
		text := base.String()[:at] + added + base.String()[at:]
		// A part of what holds it may have been there before.
		low, high := at, at+len(added)
		if n%3 == 0 {
			low += r.IntN(len(added) / 2)
			high -= r.IntN(len(added) / 2)
		}
		if old := text[:low] + text[high:]; len(l.Text("a", []byte(old)).Secrets) > 0 {
			continue // the whole is read where the older text has one
		}
		got := l.Changes("a", []byte(text), []gitdb.Span{{Start: low, End: high}}, false)
		want := l.Text("a", []byte(text))
		if !slices.Equal(got.Secrets, want.Secrets) || got.Mentioned != want.Mentioned {
			t.Errorf("%d: %d of %d", n, len(got.Secrets), len(want.Secrets))
		}
		if slices.ContainsFunc(want.Secrets, func(s rules.Secret) bool { return s.Reveal() == secret }) {
			found++
		}
	}
	if found < 300 {
		t.Errorf("only %d of the texts hold their token", found)
	}
}

// TestPlaced tells the values apart that only their place makes credentials: in texts that mention Unleash, and by
// their values, not by where they stand.
func TestPlaced(t *testing.T) {
	l := newLooker()
	one := l.Text("a", []byte("unleash:\n  clientKey: my-own-words\n"))
	other := l.Text("a", []byte("# unleash\n\n  clientKey: \"my-own-words\"\n"))
	third := l.Text("a", []byte("unleash:\n  clientKey: my-other-words\n"))
	if len(one.Placed) == 0 || !one.Mentioned {
		t.Fatal("nothing is told of a client key")
	}
	if !slices.Contains(other.Placed, one.Placed[0]) {
		t.Error("the same value is another one in another place")
	}
	if slices.Contains(third.Placed, one.Placed[0]) {
		t.Error("another value is the same")
	}
	if g := l.Text("a", []byte("clientKey: my-own-words\n")); len(g.Placed) > 0 || g.Mentioned {
		t.Error("a text that has nothing to do with Unleash tells of a client key")
	}
}

// TestContent looks into archives, says what was not read, and keeps its name for itself.
func TestContent(t *testing.T) {
	l := newLooker()
	if g := l.Content("a", []byte("7z\xbc\xaf\x27\x1c and more of it")); !g.Trouble {
		t.Error("an archive that is not opened is no trouble")
	}
	wide := "\xff\xfe"
	for _, c := range "user" + ":" + strings.Repeat("0badf00", 8) {
		wide += string(c) + "\x00"
	}
	if g := l.Content("a", []byte(wide)); len(g.Secrets) != 1 || g.Trouble {
		t.Errorf("UTF-16: %d secrets, trouble %v", len(g.Secrets), g.Trouble)
	}
	if g := l.Text("a", []byte("MZ\x00\x01"+strings.Repeat("x", 99))); !g.Odd {
		t.Error("a program is not odd")
	}
}
