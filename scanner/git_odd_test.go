package scanner_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/unleaked/unleaked/scanner"
)

// What no run of digits tells is found in a history as it is in files: in texts that are new, and in those that were
// unfolded from others.
func TestHistoryFindsWhatNoRunOfDigitsTells(t *testing.T) {
	wide := func(s string) string {
		var b strings.Builder
		for _, c := range utf16.Encode([]rune(s)) {
			b.WriteString(string([]byte{byte(c), byte(c >> 8)}))
		}
		return b.String()
	}
	broken := func(s string) string { return "The token for unleash is " + s[:44] + "=\n" + s[44:] + "\n" }
	var filler strings.Builder
	for i := range 400 {
		fmt.Fprintf(&filler, "%d is number %x\n", i*i*7919, i)
	}
	binary := "MZ\x90\x00\x03" + filler.String()
	mail := "Hello\nContent-Transfer-Encoding: quoted-printable\n\n" + filler.String()

	r := newGitRepo(t)
	r.write("old.dll", binary)
	r.write("old.eml", mail)
	r.commit("nothing yet")
	want := map[string]string{}
	for _, name := range []string{"old.dll", "new.dll", "old.eml", "new.eml"} {
		token := madeUp(name)
		want[name] = token
		if strings.HasSuffix(name, ".dll") {
			r.write(name, binary+wide(token)+"\x00\x00"+filler.String())
		} else {
			r.write(name, mail+broken(token))
		}
	}
	r.commit("tokens")
	r.git("repack", "-adfq")
	res, err := scanner.Scan(context.Background(), scanner.NewHistory(r.dir), scanner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range res.Findings {
		got[f.File] = f.Secret.Reveal()
	}
	for name, token := range want {
		if got[name] != token {
			t.Errorf("%s: the token was not found", name)
		}
	}
}
