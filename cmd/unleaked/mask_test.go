package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unleaked/unleaked/mask"
	"github.com/unleaked/unleaked/rules"
)

func maskPieces(o mask.Options, pieces ...string) string {
	var out bytes.Buffer
	m := mask.NewWriter(&out, o)
	for _, p := range pieces {
		_, _ = m.Write([]byte(p)) // a buffer takes everything
	}
	_ = m.Close()
	return out.String()
}

// encodedText has tokens in every form in which streams carry them, and the tokens themselves.
func encodedText() (text string, tokens []string) {
	token := func(seed uint64) string {
		tokens = append(tokens, "default:production."+rules.Expand("{hex56}", seed))
		return tokens[len(tokens)-1]
	}
	encode := base64.StdEncoding.EncodeToString
	wrapped := encode([]byte("INIT_BACKEND_API_TOKENS=" + token(1) + "\nUNLEASH_URL=https://unleash.example.com/api\nOTHER=value of it\n"))
	var lines strings.Builder
	for ; len(wrapped) > 76; wrapped = wrapped[76:] {
		lines.WriteString(wrapped[:76] + "\n")
	}
	wide := strings.Join(strings.Split("x "+token(2)+" y\r\n", ""), "\x00") + "\x00"
	quoted, _ := json.Marshal("Authorization: " + token(3))
	return "data: " + encode([]byte(`{"token":"`+token(4)+`"}`)) + "\n" +
		"GET /x?token=" + strings.NewReplacer(":", "%3A").Replace(token(5)) + " 200\n" +
		lines.String() + wrapped + "\n" + wide + string(quoted) + "\n" +
		"inner \"{\\\"t\\\":\\\"" + strings.ReplaceAll(token(6), ":", `\u003a`) + "\\\"}\"\n" +
		"plain " + token(7) + "\nlast " + encode([]byte(token(8))), tokens
}

func TestMaskEncoded(t *testing.T) {
	o, err := (&masking{decode: true}).options()
	if err != nil {
		t.Fatal(err)
	}
	text, tokens := encodedText()
	whole := maskPieces(o, text)
	if n := strings.Count(strings.ReplaceAll(whole, "\x00", ""), "default:production.scoped#"); n != len(tokens) {
		t.Errorf("%d pseudonyms for %d tokens in %q", n, len(tokens), whole)
	}
	for i := range len(text) + 1 {
		if got := maskPieces(o, text[:i], text[i:]); got != whole {
			t.Fatalf("split at %d:\n got %q\nwant %q", i, got, whole)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var pieces []string
		for rest := text; rest != ""; {
			n := min(len(rest), 1+r.IntN(100))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		if got := maskPieces(o, pieces...); got != whole {
			t.Fatalf("in %d pieces:\n got %q\nwant %q", len(pieces), got, whole)
		}
	}
}

// TestMaskLine holds that a line comes out while the input waits.
func TestMaskLine(t *testing.T) {
	cmd := exec.Command("unleaked", "mask")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	token := "default:production." + rules.Expand("{hex56}", 1)
	if _, err := in.Write([]byte("a " + token + " b\nc")); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 200)
	n, err := out.Read(line) // hangs where the line does not come
	if got := string(line[:n]); err != nil || !strings.HasPrefix(got, "a «default:production.scoped#") {
		t.Errorf("%v: %q", err, got)
	}
	// What ends us hands on what was held back.
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Skip(err)
	}
	rest := new(bytes.Buffer)
	_, _ = rest.ReadFrom(out)
	_ = cmd.Wait() // its status is looked at below
	if !strings.HasSuffix(string(line[:n])+rest.String(), "c") || cmd.ProcessState.ExitCode() != 143 {
		t.Errorf("status %d, %q", cmd.ProcessState.ExitCode(), rest.String())
	}
}

// TestMaskRunSignal holds that a signal reaches the program, and that the status is the one of a shell.
func TestMaskRunSignal(t *testing.T) {
	for script, want := range map[string]int{
		"echo ready; exec sleep 30": 143,
		"trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.1; done": 5,
	} {
		if _, err := exec.LookPath("sh"); err != nil {
			t.Skip("no shell here")
		}
		cmd := exec.Command("unleaked", "mask", "--run", "--", "sh", "-c", "exec 2>&1; "+script)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		started := time.Now()
		_ = cmd.Process.Signal(syscall.SIGTERM)
		rest := new(bytes.Buffer)
		_, _ = rest.ReadFrom(out)
		_ = cmd.Wait()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("%s: status %d, want %d, after %v", script, got, want, time.Since(started))
		}
		if want == 5 && !strings.Contains(rest.String(), "bye") {
			t.Errorf("the last words are lost: %q", rest.String())
		}
	}
}
