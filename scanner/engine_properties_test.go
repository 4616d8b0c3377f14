package scanner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/unleaked/unleaked/finding"
	"github.com/unleaked/unleaked/scanner"
)

// blobs is a source of texts in memory, each handed over as a task of its own.
type blobs []scanner.Blob

func (b blobs) Scan(_ context.Context, in *scanner.Intake) error {
	done := make(chan struct{})
	next := make(chan scanner.Blob)
	for range in.Jobs() {
		go func() {
			for x := range next {
				in.Blob(x)
			}
			done <- struct{}{}
		}()
	}
	for _, x := range b {
		next <- x
	}
	close(next)
	for range in.Jobs() {
		<-done
	}
	return nil
}

// corpusBlobs are the files of all cases, each case in a folder of its own.
func corpusBlobs(t testing.TB) blobs {
	var out blobs
	for _, pattern := range []string{"../testdata/corpus/*.txtar", "../testdata/cases/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: no cases (%v)", pattern, err)
		}
		for _, p := range paths {
			ar, err := txtar.ParseFile(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range ar.Files {
				out = append(out, scanner.Blob{Path: strings.TrimSuffix(filepath.Base(p), ".txtar") + "/" + f.Name,
					Text: f.Data})
			}
		}
	}
	return out
}

// TestSameInputSameOutput scans all cases at once, as one tree: neither the number of workers nor the order of the
// files shows.
func TestSameInputSameOutput(t *testing.T) {
	list := corpusBlobs(t)
	report := func(jobs int) string {
		res, err := scanner.Scan(context.Background(), list, scanner.Options{Public: true, Examples: true, Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range res.Findings {
			line, err := json.Marshal(struct {
				finding.Finding
				Secret string
			}{f, f.Secret.String()})
			if err != nil {
				t.Fatal(err)
			}
			b.Write(line)
			b.WriteByte('\n')
		}
		return b.String()
	}
	want := report(1)
	if n := strings.Count(want, "\n"); n < 1000 {
		t.Fatalf("only %d findings", n)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for round, jobs := range []int{8, 3} {
		if round > 0 {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		if got := report(jobs); got != want {
			a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
			for i := range a {
				if i >= len(b) || a[i] != b[i] {
					t.Fatalf("%d workers, round %d: line %d\n%s\n%s", jobs, round, i, a[i], b[min(i, len(b)-1)])
				}
			}
		}
	}
}

// growths are inputs that grow with n. Twice the input may not cost much more than twice the work.
var growths = []struct {
	name string
	make func(n int) blobs
}{
	{"settings", oneFile(".env", "", "UNLEASH_API_TOKEN_%[1]d=%[2]s\n")},
	{"one setting again and again", oneFile(".env", "", "UNLEASH_API_TOKEN=%[2]s\n")},
	{"prose", oneFile("notes.txt", "", "the unleash token %[2]s is here\n")},
	{"one line", oneFile("a.js", "var unleash = [", "'%[2]s',")},
	{"a list of tables", oneFile("a.yaml", "unleash:\n",
		"  - name: UNLEASH_TOKEN_%[1]d\n    type: client\n    environment: production\n    value: %[2]s\n")},
	{"records", oneFile("a.json", `{"tokens":[`,
		`{"secret":"%[2]s","type":"client","url":"https://a.example.com/api/client"},`)},
	{"clients", oneFile("a.js", "import { UnleashClient } from 'unleash-proxy-client'\n", "const t%[1]d = '%[2]s'\nnew UnleashClient({ url: 'https://a.example.com/api/frontend', clientKey: t%[1]d })\n")},
	{"one variable", oneFile("a.js", "import { UnleashClient } from 'unleash-proxy-client'\n", "token = '%[2]s'\nnew UnleashClient({ url: 'https://a.example.com/api/frontend', clientKey: token })\n")},
	{"a wrapper", oneFile("a.js", "import { UnleashClient } from 'unleash-proxy-client'\nfunction make(token) { return new UnleashClient({ url: u, clientKey: token }) }\n", "make('%[2]s')\n")},
	{"imports", oneFile("a.js", "", "import { UNLEASH_TOKEN_%[1]d } from './m%[1]d'\nnew UnleashClient({ url: u, clientKey: UNLEASH_TOKEN_%[1]d })\n")},
	{"Edges", oneFile("docker-compose.yml", "services:\n",
		"  edge%[1]d:\n    image: unleashorg/unleash-edge\n    environment:\n      UPSTREAM_URL: http://a\n      TOKENS: %[2]s\n")},
	{"files", func(n int) blobs {
		var out blobs
		for i := range n {
			out = append(out, scanner.Blob{Path: fmt.Sprintf("p/f%d.js", i), Text: fmt.Appendf(nil,
				"import { UnleashClient } from 'unleash-proxy-client'\nimport { TOKEN } from './f%d'\nexport const TOKEN_%d = '%s'\nnew UnleashClient({ url: u, clientKey: TOKEN })\n", i+1, i, numbered(i))})
		}
		return out
	}},
}

func numbered(i int) string { return fmt.Sprintf("web"+":production.%056x", i*7919+1234567) }

// oneFile is a file of n parts behind a head; a part is given its number and a token.
func oneFile(path, head, part string) func(n int) blobs {
	return func(n int) blobs {
		b := []byte(head)
		for i := range n {
			if strings.Contains(part, "[1]") {
				b = fmt.Appendf(b, part, i, numbered(i))
			} else {
				b = append(b, strings.ReplaceAll(part, "%[2]s", numbered(i))...)
			}
		}
		return blobs{{Path: path, Text: b}}
	}
}

// TestWorkGrowsWithInput compares what n and 4n parts make the scanner allocate: a clock would measure the machine.
func TestWorkGrowsWithInput(t *testing.T) {
	cost := func(b blobs) (bytes, objects uint64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := scanner.Scan(context.Background(), b, scanner.Options{Public: true, Jobs: 1}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
	}
	for _, g := range growths {
		t.Run(g.name, func(t *testing.T) {
			const n = 300
			small, large := g.make(n), g.make(4*n)
			cost(small) // buffers that stay
			bytes, objects := cost(small)
			bytes4, objects4 := cost(large)
			if bytes4 > 7*bytes || objects4 > 7*objects {
				t.Errorf("four times the input: %.1f times the bytes, %.1f times the objects",
					float64(bytes4)/float64(bytes), float64(objects4)/float64(objects))
			}
		})
	}
}

// TestNamesThatAreTokens puts tokens where names stand: no word of a finding may show one.
func TestNamesThatAreTokens(t *testing.T) {
	random := strings.Repeat("0badf00", 8)
	token, other := "token"+":production."+random, "web"+":production."+strings.Repeat("1cafe22", 8)
	for path, text := range map[string]string{
		"a.yaml": "unleash:\n  backend-token:\n    " + token + ":\n      value: " + other + "\n",
		"a.json": `{"unleash_tokens": {"` + token + `": {"api_token": "` + other + `"}}}`,
		"a.js": "import { initialize } from 'unleash-client'\nconst x = {'" + token + "': '" + other +
			"'}\ninitialize({ customHeaders: { Authorization: x['" + token + "'] } })\n",
		"b.props": "unleash.server-token." + token + "=" + other + "\n",
	} {
		res, err := scanner.Scan(context.Background(), blobs{{Path: path, Text: []byte(text)}},
			scanner.Options{Public: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.Findings {
			words := f.Message + f.Fix + f.Fingerprint
			for _, p := range append(f.Evidence, f.Related...) {
				words += "\n" + p.Text
			}
			for _, l := range f.Excerpt {
				words += "\n" + l.Text
			}
			if strings.Contains(words, random) || strings.Contains(words, other[len(other)-56:]) {
				t.Errorf("%s:%d %s shows a token", path, f.Line, f.Rule)
			}
		}
	}
}

// FuzzReadFile changes bytes of the corpus: nothing may panic, and findings stay within their files.
func FuzzReadFile(f *testing.F) {
	for i, b := range corpusBlobs(f) {
		if i%7 == 0 && len(b.Text) < 4<<10 {
			f.Add(b.Path[strings.LastIndexByte(b.Path, '/')+1:], b.Text)
		}
	}
	f.Fuzz(func(t *testing.T, path string, text []byte) {
		if path == "" || len(path) > 100 || len(text) > 16<<10 {
			return
		}
		lines := 1 + strings.Count(string(text), "\n")
		res, err := scanner.Scan(context.Background(), blobs{{Path: path, Text: text}}, scanner.Options{Public: true,
			Examples: true, Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range res.Coverage.Skipped {
			if strings.HasPrefix(s.Why, "internal error") {
				t.Fatalf("%q: %s", path, s.Why)
			}
		}
		for _, x := range res.Findings {
			if len(x.Layers) == 0 && (x.Line < 1 || x.Line > lines || x.Column < 1 || x.EndLine < x.Line) {
				t.Errorf("%q: a finding on %d:%d of %d lines", path, x.Line, x.Column, lines)
			}
		}
	})
}
